//! Lists and ranges in which paths stand, judged value by value: one value must be one of these, or lie between two.

use super::comparand::{Comparand, Given};
use super::computed::{Computed, ComputedValues};
use super::found::{Found, FoundValue};
use super::memo::PartId;
use super::solve::{Frame, bound};
use super::{Evaluator, Hasher, Polarity};
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::among::{Limit, Member, Named, NamedValues};
use crate::query::expression::{Comparison, Path, Rows};
use crate::query::ids::Ids;
use crate::query::operators::{PathOperator, Quantifier, ValuePart};
use crate::query::terms::{Rooted, Term, Values};
use crate::query::truth_set::TruthSet;
use crate::time::{Truth, Verdict};
use hashbrown::HashMap;
use std::rc::Rc;

/// What values are looked up by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Record(EntityId),
    Text(String),
}

impl Comparand {
    fn key(&self) -> Option<Key> {
        match self {
            Comparand::Record(record) => Some(Key::Record(*record)),
            Comparand::Text(text) => Some(Key::Text(text.clone())),
            _ => None,
        }
    }
}

/// The values of one right side.
#[derive(Default)]
pub(super) struct Side {
    pub all: Vec<Given>,
    /// Records and texts, as surely as they are there at best; so that a long list is not gone through for each row.
    keyed: HashMap<Key, Truth, Hasher>,
    /// How many of these are sure.
    certain: usize,
}

impl Side {
    pub(super) fn of(all: Vec<Given>) -> Side {
        let mut keyed: HashMap<Key, Truth, Hasher> = HashMap::default();
        for given in &all {
            if let Some(key) = given.value.key() {
                let best = keyed.entry(key).or_insert(given.truth);
                *best = (*best).max(given.truth);
            }
        }
        let certain = keyed.values().filter(|truth| **truth == Truth::Certain).count();
        Side { all, keyed, certain }
    }

    /// Judges that the same record or text is among the values.
    fn has_same(&self, left: &Comparand) -> Verdict {
        let matched = left.key().and_then(|key| self.keyed.get(&key).copied());
        let others = self.keyed.len() - usize::from(matched.is_some());
        let sure = self.certain - usize::from(matched == Some(Truth::Certain));
        let mut verdicts: Vec<Verdict> =
            matched.map(|truth| Verdict::CERTAIN.resting_on(truth)).into_iter().collect();
        match (others, sure) {
            (0, _) => {}
            (_, 0) => verdicts.push(Verdict::NO.doubted()),
            _ => verdicts.push(Verdict::NO),
        }
        let special = self.all.iter().filter(|given| given.value.key().is_none());
        verdicts.extend(special.map(|given| {
            let verdict = match given.value {
                Comparand::Unknown => Verdict::UNKNOWN,
                _ => Verdict::NO,
            };
            verdict.resting_on(given.truth)
        }));
        Verdict::some(verdicts)
    }
}

impl Evaluator<'_> {
    /// Judges what compares values with what is found of each.
    pub(super) fn among(
        &self,
        comparison: &Comparison,
        members: &[Member],
        polarity: Polarity,
        within: &Ids,
    ) -> Result<TruthSet, IndexError> {
        self.one_by_one(
            within,
            polarity,
            |row| self.among_verdict(comparison, members, row),
            |row| self.lacking_among(&comparison.path, members, row),
        )
    }

    /// Judges one record.
    pub(super) fn among_verdict(
        &self,
        Comparison { quantifier, path, .. }: &Comparison,
        members: &[Member],
        row: EntityId,
    ) -> Result<Verdict, IndexError> {
        let lefts = self.given_by(path, row)?;
        self.judge_among(*quantifier, &lefts, members, &[Some(row.0)])
    }

    /// Judges one of the values of a record.
    pub(super) fn found_among(
        &self,
        (path, found): (&Path, &Found),
        members: &[Member],
        row: EntityId,
    ) -> Result<Verdict, IndexError> {
        let left = self.comparand(found, path.part())?;
        self.judge_among(Quantifier::Some, &[left], members, &[Some(row.0)])
    }

    /// Judges what was computed of one row.
    pub(super) fn computed_among<P: Rooted>(
        &self,
        lefts: ComputedValues,
        members: &[Member<P>],
        row: &Frame,
    ) -> Result<Verdict, IndexError> {
        let lefts: Vec<Given> = lefts.into_iter().filter_map(given_of).collect();
        self.judge_among(Quantifier::Some, &lefts, members, row)
    }

    fn judge_among<P: Rooted>(
        &self,
        quantifier: Quantifier,
        lefts: &[Given],
        members: &[Member<P>],
        row: &Frame,
    ) -> Result<Verdict, IndexError> {
        let mut sides = Vec::with_capacity(members.len());
        if !lefts.is_empty() {
            for member in members {
                let terms = member.terms();
                let found: Result<Vec<Rc<Side>>, IndexError> =
                    terms.into_iter().map(|term| self.side_of(term, row)).collect();
                sides.push((member, found?));
            }
        }
        Ok(judge_all(quantifier, lefts, &sides))
    }

    /// Returns the path, as written, for want of which a record cannot be judged.
    fn lacking_among<'t>(
        &self,
        path: &'t Path,
        members: &'t [Member],
        row: EntityId,
    ) -> Result<Option<&'t str>, IndexError> {
        if self.values(path, row)?.is_empty() {
            return Ok(Some(&path.written));
        }
        for term in members.iter().flat_map(Member::terms) {
            if let Term::Values(Values::OfRow(path)) = term
                && self.values(path, row)?.is_empty()
            {
                return Ok(Some(&path.written));
            }
        }
        Ok(None)
    }

    /// Returns the values of a term; those that are the same for all records are found once.
    pub(super) fn side_of<P: Rooted>(
        &self,
        term: &Term<P>,
        row: &Frame,
    ) -> Result<Rc<Side>, IndexError> {
        match term {
            Term::Values(Values::OfRow(path)) => {
                let given = match bound(row, path.slot()) {
                    Some(record) => self.given_by(path.path(), EntityId(record))?,
                    None => Vec::new(),
                };
                Ok(Rc::new(Side::of(given)))
            }
            Term::Values(Values::Elsewhere { rows, path }) => {
                let find = || Ok(Side::of(self.given_elsewhere(rows, path)?));
                self.sides.get_or(PartId::of(term), find)
            }
            Term::Fold(_) | Term::Difference { .. } => {
                let values = self.computed_values(term, row)?;
                Ok(Rc::new(Side::of(values.into_iter().filter_map(given_of).collect())))
            }
        }
    }

    pub(super) fn given_by(&self, path: &Path, row: EntityId) -> Result<Vec<Given>, IndexError> {
        let found = self.values(path, row)?;
        found.iter().map(|found| self.comparand(found, path.part())).collect()
    }

    fn given_elsewhere(&self, rows: &Rows, path: &Path) -> Result<Vec<Given>, IndexError> {
        let rows = self.rows(rows)?;
        let mut all = Vec::new();
        for id in rows.possible.iter() {
            self.step()?;
            let row_truth = rows.truth_of(id);
            for given in self.given_by(path, EntityId(id))? {
                all.push(Given { truth: given.truth.min(row_truth), ..given });
            }
        }
        Ok(all)
    }

    /// Returns the records that a path leads to from others. One that nobody knows is none of them.
    pub(super) fn records_along(
        &self,
        rows: &Rows,
        path: &Path,
    ) -> Result<Vec<(EntityId, Truth)>, IndexError> {
        let found = self.given_elsewhere(rows, path)?.into_iter();
        let records = found.filter_map(|given| match given.value {
            Comparand::Record(record) => Some((record, given.truth)),
            _ => None,
        });
        Ok(records.collect())
    }

    pub(super) fn comparand(&self, found: &Found, part: ValuePart) -> Result<Given, IndexError> {
        let value = match found.value {
            FoundValue::Unknown => Comparand::Unknown,
            FoundValue::None => Comparand::None,
            FoundValue::Entity(entity) => Comparand::Record(entity),
            FoundValue::Identifier(_) | FoundValue::Code(..) | FoundValue::Period(_) => {
                match self.number(found, part)? {
                    Some((least, greatest, unit)) => {
                        Comparand::Number(least, greatest, unit.map(str::to_owned))
                    }
                    None => match self.text_of(found)? {
                        Some(text) => Comparand::Text(text.to_lowercase()),
                        None => Comparand::Times(self.times(found, part)?),
                    },
                }
            }
        };
        Ok(Given { value, truth: found.truth })
    }
}

fn given_of((value, truth): (Computed, Truth)) -> Option<Given> {
    let value = match value {
        Computed::Number { least, greatest, unit } => Comparand::Number(least, greatest, unit),
        Computed::Time(value) => Comparand::Times(vec![value]),
        Computed::Unknown => Comparand::Unknown,
        Computed::None => Comparand::None,
        Computed::Other => return None,
    };
    Some(Given { value, truth })
}

/// Judges values against members with what was found for each.
pub(super) fn judge_all<P>(
    quantifier: Quantifier,
    lefts: &[Given],
    sides: &[(&Member<P>, Vec<Rc<Side>>)],
) -> Verdict {
    let verdicts = lefts.iter().map(|left| {
        let each = sides.iter().map(|(member, sides)| judge_member(left, member, sides));
        let verdict = each.reduce(Verdict::or).unwrap_or(Verdict::NO);
        // What hangs on the left statement hangs together, whatever it is compared with.
        verdict.resting_on(left.truth)
    });
    quantifier.judge(verdicts)
}

fn judge_member<P>(left: &Given, member: &Member<P>, sides: &[Rc<Side>]) -> Verdict {
    match (member, sides) {
        (Member::Named(named), _) => left.value.is_named(named),
        (Member::Found { .. }, [side]) if side.all.is_empty() => Verdict::NOT_RECORDED,
        (Member::Found { operator: PathOperator::Same, .. }, [side]) => match left.value {
            Comparand::Unknown => Verdict::UNKNOWN,
            Comparand::None => Verdict::NO,
            _ => side.has_same(&left.value),
        },
        (Member::Found { operator, .. }, [side]) => Verdict::some(
            side.all
                .iter()
                .map(|right| left.value.compare(*operator, &right.value).resting_on(right.truth)),
        ),
        (Member::Range { grain, from, to }, sides) => {
            let mut sides = sides.iter();
            let starts = limits(from, &mut sides);
            let ends = limits(to, &mut sides);
            left.value.lies_between(*grain, &starts, &ends)
        }
        _ => Verdict::NOT_RECORDED,
    }
}

/// Returns the values at one end of a range.
fn limits<'s, P>(limit: &Limit<P>, sides: &mut impl Iterator<Item = &'s Rc<Side>>) -> Vec<Given> {
    let named = |value| vec![Given { value, truth: Truth::Certain }];
    match limit {
        Limit::Found(_) => sides.next().map(|side| side.all.clone()).unwrap_or_default(),
        Limit::Named(Named { values: NamedValues::Times(values), .. }) => {
            named(Comparand::Times(values.clone()))
        }
        Limit::Named(Named { values: NamedValues::Number(number, unit), .. }) => {
            named(Comparand::Number(*number, *number, unit.clone()))
        }
        // Resolution makes no range of anything else.
        Limit::Named(_) => Vec::new(),
    }
}
