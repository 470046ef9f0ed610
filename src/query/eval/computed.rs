//! Terms: what is computed of a record, as columns and keys, and compared.

use super::conditions::part_of;
use super::forward::{Found, FoundValue};
use super::groups::{FoldedValue, Members, Records};
use super::order::Key;
use super::values::{judge_measure, judge_numbers};
use super::{Evaluator, Polarity};
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::among::Member;
use crate::query::expression::{
    ComputedAgainst, ComputedTest, Direction, Folded, Path, PathOperator, Rows, Term, ValuePart,
};
use crate::query::ids::{Ids, TruthSet};
use crate::query::{Cell, CellValue};
use crate::time::{Operator, Truth, Value, Verdict};
use std::rc::Rc;

/// A value of a term, as far as it can be compared.
#[derive(Clone, Debug)]
pub(super) enum Computed {
    Number {
        least: f64,
        greatest: f64,
        unit: Option<String>,
    },
    Time(Value),
    /// There is one, and nobody knows it.
    Unknown,
    /// There is none.
    None,
    /// Neither a number nor a date.
    Other,
}

/// The values of a term in one record, with how surely each is there.
pub(super) type ComputedValues = Vec<(Computed, Truth)>;

impl From<FoldedValue> for Computed {
    fn from(value: FoldedValue) -> Computed {
        match value {
            FoldedValue::Number { least, greatest, unit } => {
                Computed::Number { least, greatest, unit }
            }
            FoldedValue::Time(value) => Computed::Time(value),
        }
    }
}

impl Evaluator<'_> {
    /// Returns of which records a test of a term, or its negation, holds: judged one by one.
    pub(super) fn computed(
        &self,
        test: &ComputedTest,
        polarity: Polarity,
        within: &Ids,
    ) -> Result<TruthSet, IndexError> {
        let (mut certain, mut possible) = (Vec::new(), Vec::new());
        let mut absent: Vec<(&str, Vec<u32>)> = Vec::new();
        let others = self.times_against(test)?;
        for id in within.iter() {
            self.step()?;
            let verdict = self.computed_verdict(test, &others, EntityId(id))?;
            if verdict == Verdict::NOT_RECORDED {
                let Some(path) = self.lacking(test, EntityId(id))? else { continue };
                match absent.iter_mut().find(|(known, _)| *known == path) {
                    Some((_, ids)) => ids.push(id),
                    None => absent.push((path, vec![id])),
                }
            }
            let truth = match polarity {
                Polarity::Plain => verdict.holds,
                Polarity::Negated => verdict.fails,
            };
            match truth {
                Truth::Certain => certain.push(id),
                Truth::Possible => possible.push(id),
                Truth::No => {}
            }
        }
        let absent = absent.into_iter().map(|(path, ids)| (path.to_owned(), Ids::from_sorted(ids)));
        self.absent.borrow_mut().extend(absent);
        Ok(TruthSet::with(Ids::from_sorted(certain), Ids::from_sorted(possible)))
    }

    /// Returns the path, as written, for want of which a test cannot be judged.
    fn lacking<'t>(
        &self,
        test: &'t ComputedTest,
        row: EntityId,
    ) -> Result<Option<&'t str>, IndexError> {
        let path = match &test.against {
            ComputedAgainst::Term { right, .. }
                if !self.computed_values(&test.left, row)?.is_empty() =>
            {
                self.missing_path(right, row)?
            }
            _ => self.missing_path(&test.left, row)?,
        };
        Ok(path.map(|path| path.written.as_str()))
    }

    /// Returns the dates that a test compares with, which are the same for all records.
    fn times_against(&self, test: &ComputedTest) -> Result<Vec<Value>, IndexError> {
        match &test.against {
            ComputedAgainst::Time(time) => self.literals(time),
            ComputedAgainst::Numbers(_)
            | ComputedAgainst::Term { .. }
            | ComputedAgainst::Among(_) => Ok(Vec::new()),
        }
    }

    /// Judges a test of a term for one record.
    fn computed_verdict(
        &self,
        test: &ComputedTest,
        others: &[Value],
        row: EntityId,
    ) -> Result<Verdict, IndexError> {
        let lefts = self.computed_values(&test.left, row)?;
        let doubted = |verdict: Verdict, truths: &[Truth]| match truths.contains(&Truth::Possible) {
            true => verdict.doubted(),
            false => verdict,
        };
        let mut verdicts = Vec::with_capacity(lefts.len());
        match &test.against {
            ComputedAgainst::Numbers(tests) => {
                for (left, truth) in &lefts {
                    let verdict = match left {
                        Computed::Number { least, greatest, unit } => {
                            judge_measure(tests, (*least, *greatest, unit.as_deref()))
                        }
                        Computed::Unknown => Some(Verdict::UNKNOWN),
                        _ => Some(Verdict::NO),
                    };
                    verdicts.extend(verdict.map(|verdict| doubted(verdict, &[*truth])));
                }
            }
            ComputedAgainst::Time(time) => {
                for (left, truth) in &lefts {
                    let verdict = match left {
                        Computed::Time(value) => {
                            super::times::against(value, time.operator, others)
                        }
                        Computed::Unknown => Verdict::UNKNOWN,
                        _ => Verdict::NO,
                    };
                    verdicts.push(doubted(verdict, &[*truth]));
                }
            }
            ComputedAgainst::Among(members) => return self.computed_among(lefts, members, row),
            ComputedAgainst::Term { operator, right } => {
                let rights = self.computed_values(right, row)?;
                for (left, truth) in &lefts {
                    let pairs = rights.iter().filter_map(|(right, other)| {
                        Some(doubted(pair_verdict(*operator, left, right)?, &[*truth, *other]))
                    });
                    let pairs: Vec<Verdict> = pairs.collect();
                    if !pairs.is_empty() {
                        verdicts.push(Verdict::some(pairs));
                    }
                }
            }
        }
        Ok(Verdict::some(verdicts))
    }

    /// Says what a term comes to in one record: `count(party) is 2 (+1 possible)`.
    pub(super) fn computed_words(
        &self,
        test: &ComputedTest,
        row: EntityId,
    ) -> Result<Vec<String>, IndexError> {
        let mut terms = vec![&test.left];
        match &test.against {
            ComputedAgainst::Term { right, .. } => terms.push(right),
            ComputedAgainst::Among(members) => {
                terms.extend(members.iter().flat_map(Member::terms));
            }
            ComputedAgainst::Numbers(_) | ComputedAgainst::Time(_) => {}
        }
        let mut words = Vec::with_capacity(terms.len());
        for term in terms {
            words.push(self.term_words(term, row)?);
        }
        Ok(words)
    }

    /// Says what one term comes to in one record.
    pub(super) fn term_words(&self, term: &Term, row: EntityId) -> Result<String, IndexError> {
        let cell = self.term_cell(term, row)?;
        let values: Vec<String> = cell.values.iter().map(CellValue::words).collect();
        Ok(match values.is_empty() {
            true => format!("`{}` is not recorded", term.written()),
            false => format!("`{}` is {}", term.written(), values.join(" or ")),
        })
    }

    /// Says why a test of a term is only possible.
    pub(super) fn computed_doubt(
        &self,
        test: &ComputedTest,
        row: EntityId,
    ) -> Result<Option<String>, IndexError> {
        let others = self.times_against(test)?;
        let verdict = self.computed_verdict(test, &others, row)?;
        if verdict.holds != Truth::Possible && verdict.fails != Truth::Possible {
            return Ok(None);
        }
        Ok(Some(self.computed_words(test, row)?.join(", ").replace('`', "")))
    }

    pub(super) fn computed_values(
        &self,
        term: &Term,
        row: EntityId,
    ) -> Result<ComputedValues, IndexError> {
        match term {
            Term::Values(path) => {
                let mut values = Vec::new();
                for found in self.values(path, row)? {
                    self.add_computed(&found, part_of(path), &mut values)?;
                }
                Ok(values)
            }
            Term::Elsewhere { rows, path } => self.computed_once(term, || {
                let mut values = Vec::new();
                for (found, _) in self.found_elsewhere(rows, path)? {
                    self.add_computed(&found, part_of(path), &mut values)?;
                }
                Ok(values)
            }),
            Term::Fold(folded @ Folded { rows: Some(rows), .. }) => {
                self.computed_once(term, || {
                    let members = Members::of(&self.rows(rows)?);
                    let values =
                        self.fold_values(&Records(self), folded.fold, &folded.path, &members)?;
                    Ok(values.into_iter().map(|(value, truth)| (value.into(), truth)).collect())
                })
            }
            Term::Fold(folded) => {
                let members = Members::one(row);
                let values =
                    self.fold_values(&Records(self), folded.fold, &folded.path, &members)?;
                Ok(values.into_iter().map(|(value, truth)| (value.into(), truth)).collect())
            }
            Term::Difference { left, right, .. } => {
                let (lefts, rights) =
                    (self.computed_values(left, row)?, self.computed_values(right, row)?);
                let mut values = Vec::new();
                for (left, one) in &lefts {
                    for (right, other) in &rights {
                        let truth = (*one).min(*other);
                        match (left, right) {
                            (Computed::Time(left), Computed::Time(right)) => {
                                let days = left.minus(right);
                                let is_doubted = left.is_doubted() || right.is_doubted();
                                let truth =
                                    if is_doubted { truth.min(Truth::Possible) } else { truth };
                                let side = |days: Option<i64>, open: f64| {
                                    days.map_or(open, |days| days as f64)
                                };
                                values.push((
                                    Computed::Number {
                                        least: side(days.least(), f64::NEG_INFINITY),
                                        greatest: side(days.greatest(), f64::INFINITY),
                                        unit: Some("day".to_owned()),
                                    },
                                    truth,
                                ));
                            }
                            (Computed::Unknown, _) | (_, Computed::Unknown) => {
                                values.push((Computed::Unknown, truth));
                            }
                            _ => {}
                        }
                    }
                }
                Ok(values)
            }
        }
    }

    /// Computes what is the same for all records once; terms do not move while a question is evaluated.
    fn computed_once(
        &self,
        term: &Term,
        compute: impl FnOnce() -> Result<ComputedValues, IndexError>,
    ) -> Result<ComputedValues, IndexError> {
        let place = std::ptr::from_ref(term) as usize;
        if let Some(known) = self.computed.borrow().get(&place) {
            return Ok(known.as_ref().clone());
        }
        let values = compute()?;
        self.computed.borrow_mut().insert(place, Rc::new(values.clone()));
        Ok(values)
    }

    fn add_computed(
        &self,
        found: &Found,
        part: ValuePart,
        values: &mut ComputedValues,
    ) -> Result<(), IndexError> {
        if let Some((least, greatest, unit)) = self.number(found, part)? {
            let unit = unit.map(str::to_owned);
            values.push((Computed::Number { least, greatest, unit }, found.truth));
            return Ok(());
        }
        let times = self.times(found, part)?;
        if times.is_empty() {
            let value = match found.value {
                FoundValue::Unknown => Computed::Unknown,
                FoundValue::None => Computed::None,
                _ => Computed::Other,
            };
            values.push((value, found.truth));
        }
        values.extend(times.into_iter().map(|value| (Computed::Time(value), found.truth)));
        Ok(())
    }

    /// Returns the values of a path that begins at other records.
    fn found_elsewhere(
        &self,
        rows: &Rows,
        path: &Path,
    ) -> Result<Vec<(Found, ValuePart)>, IndexError> {
        let rows = self.rows(rows)?;
        let mut all = Vec::new();
        for id in rows.possible.iter() {
            let row_truth =
                if rows.certain.contains(id) { Truth::Certain } else { Truth::Possible };
            for found in self.values(path, EntityId(id))? {
                let truth = found.truth.min(row_truth);
                all.push((Found { truth, ..found }, part_of(path)));
            }
        }
        Ok(all)
    }

    /// Returns the path of a term that is not recorded in a record, for a note; nothing where it begins elsewhere.
    fn missing_path<'t>(
        &self,
        term: &'t Term,
        row: EntityId,
    ) -> Result<Option<&'t Path>, IndexError> {
        match term {
            Term::Elsewhere { .. } | Term::Fold(Folded { rows: Some(_), .. }) => Ok(None),
            Term::Values(path) | Term::Fold(Folded { path, .. }) => Ok(Some(path)),
            Term::Difference { left, right, .. } => {
                match self.computed_values(left, row)?.is_empty() {
                    true => self.missing_path(left, row),
                    false => self.missing_path(right, row),
                }
            }
        }
    }

    /// Returns the records whose values a fold is over.
    fn members(&self, folded: &Folded, row: EntityId) -> Result<Members, IndexError> {
        match &folded.rows {
            None => Ok(Members::one(row)),
            Some(rows) => Ok(Members::of(&self.rows(rows)?)),
        }
    }

    /// Fills one cell with a term.
    pub(super) fn term_cell(&self, term: &Term, row: EntityId) -> Result<Cell, IndexError> {
        match term {
            Term::Values(path) => self.cell(path, row),
            Term::Elsewhere { rows, path } => {
                let mut values = Vec::new();
                for (found, part) in self.found_elsewhere(rows, path)? {
                    values.push(self.cell_value_of(&found, part)?);
                }
                Ok(Cell { is_list: values.len() > 1, values })
            }
            Term::Fold(folded) => {
                self.fold(&Records(self), folded.fold, &folded.path, &self.members(folded, row)?)
            }
            Term::Difference { .. } => {
                let values = self.computed_values(term, row)?;
                let cells: Vec<CellValue> =
                    values.iter().map(|(value, _)| days_cell(value)).collect();
                Ok(Cell { is_list: cells.len() > 1, values: cells })
            }
        }
    }

    /// Returns what a record is sorted by, where a term is the key.
    pub(super) fn term_key(
        &self,
        term: &Term,
        direction: Direction,
        row: EntityId,
    ) -> Result<Key, IndexError> {
        if let Term::Values(path) = term {
            return self.path_key(path, direction, row);
        }
        let mut best = Key::Missing;
        for (value, _) in self.computed_values(term, row)? {
            let next = match value {
                Computed::Number { least, greatest, .. } => Key::Number(least, greatest),
                Computed::Time(value) => Key::Time(value.bounds()),
                Computed::Unknown | Computed::None | Computed::Other => Key::Missing,
            };
            if next.compare(&best, direction).is_lt() {
                best = next;
            }
        }
        Ok(best)
    }
}

/// Compares two computed values; nothing where they are of different units, which are never mixed.
fn pair_verdict(operator: PathOperator, left: &Computed, right: &Computed) -> Option<Verdict> {
    match (left, right) {
        (Computed::None, _) | (_, Computed::None) => Some(Verdict::NO),
        (Computed::Unknown, _) | (_, Computed::Unknown) => Some(Verdict::UNKNOWN),
        (
            Computed::Number { least, greatest, unit },
            Computed::Number { least: other, greatest: most, unit: their_unit },
        ) => {
            let PathOperator::Number(operator) = operator else { return Some(Verdict::NO) };
            let (one, two) = ((*least, *greatest), (*other, *most));
            (unit == their_unit).then(|| match operator {
                // Two vague numbers are surely equal only if neither leaves a choice.
                Operator::Equal => Verdict::from_worlds(
                    one.0 <= two.1 && one.1 >= two.0,
                    !(one.0 == one.1 && one == two),
                ),
                operator => judge_numbers(operator, one, two),
            })
        }
        (Computed::Time(left), Computed::Time(right)) => match operator {
            PathOperator::Time(operator) => Some(left.compare(operator, right)),
            _ => Some(Verdict::NO),
        },
        _ => Some(Verdict::NO),
    }
}

fn days_cell(value: &Computed) -> CellValue {
    let Computed::Number { least, greatest, .. } = value else { return CellValue::Unknown };
    let side = |days: f64| if days.is_finite() { format!("{days}") } else { String::new() };
    match least == greatest {
        true => CellValue::Number { text: format!("{least} day"), value: Some(*least) },
        false => {
            let text = format!("{}..{} day", side(*least), side(*greatest));
            CellValue::Number { text, value: None }
        }
    }
}
