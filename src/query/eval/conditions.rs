//! Conditions as sets of records.

use super::{Evaluator, Polarity};
use crate::index::IndexError;
use crate::query::expression::{
    Comparison, Condition, End, Path, PathOperator, Quantifier, Test, ValuePart, Way,
};
use crate::query::ids::Ids;
use crate::query::truth_set::TruthSet;
use crate::time::Verdict;

use super::found::{Found, FoundValue};
use super::numbers::vague_numbers;
use super::times::some_pair;
use super::values::Sense;

impl Evaluator<'_> {
    /// Returns of which records a condition, or its negation, holds. The sets may have records beyond `within`,
    /// which is what rows are looked for in: whoever asks takes what both have.
    pub(super) fn truth(
        &self,
        condition: &Condition,
        polarity: Polarity,
        within: &Ids,
    ) -> Result<TruthSet, IndexError> {
        let everywhere = || TruthSet::certainly(within.clone());
        match (condition, polarity) {
            (Condition::Always, Polarity::Plain) | (Condition::Never, Polarity::Negated) => {
                Ok(everywhere())
            }
            (Condition::Never, Polarity::Plain) | (Condition::Always, Polarity::Negated) => {
                Ok(TruthSet::default())
            }
            (Condition::And(parts), Polarity::Plain)
            | (Condition::Or(parts), Polarity::Negated) => self.all(parts, polarity, within),
            (Condition::Or(parts), Polarity::Plain)
            | (Condition::And(parts), Polarity::Negated) => {
                let mut any = TruthSet::default();
                for part in parts {
                    any = any.or(&self.truth(part, polarity, within)?);
                }
                Ok(any)
            }
            (Condition::Not(inner), polarity) => self.truth(inner, polarity.turned(), within),
            (Condition::Certainly(inner), polarity) => {
                let found = self.truth(inner, Polarity::Plain, within)?;
                Ok(settled(found.certain, polarity, within))
            }
            (Condition::Possibly(inner), polarity) => {
                let found = self.truth(inner, Polarity::Plain, within)?;
                Ok(settled(found.possible, polarity, within))
            }
            (Condition::Has(path), Polarity::Plain)
            | (Condition::Lacks(path), Polarity::Negated) => self.has(path),
            (Condition::Lacks(path), Polarity::Plain)
            | (Condition::Has(path), Polarity::Negated) => {
                Ok(everywhere().without(&self.has(path)?))
            }
            (Condition::Compare(comparison), polarity) => {
                self.compare(comparison, polarity, within)
            }
            (Condition::Computed(test), polarity) => self.computed(test, polarity, within),
            (Condition::Joined(scope), polarity) => self.joined(scope, polarity, within),
        }
    }

    fn all(
        &self,
        parts: &[Condition],
        polarity: Polarity,
        within: &Ids,
    ) -> Result<TruthSet, IndexError> {
        let mut all = TruthSet::certainly(within.clone());
        let from = self.absent.borrow().len();
        for part in parts {
            if all.possible.is_empty() {
                break;
            }
            let before = self.absent.borrow().len();
            let truth = self.truth(part, polarity, &all.possible)?;
            // What an earlier part left out is not missed if this one would not take it either.
            for (_, ids) in self.absent.borrow_mut().iter_mut().take(before).skip(from) {
                *ids = ids.and(&truth.possible);
            }
            all = all.and(&truth);
        }
        Ok(all)
    }

    fn compare(
        &self,
        comparison: &Comparison,
        polarity: Polarity,
        within: &Ids,
    ) -> Result<TruthSet, IndexError> {
        let Comparison { quantifier, path, test } = comparison;
        if let Test::Path { operator, right } = test {
            return self.row_by_row(comparison, *operator, right, polarity, within);
        }
        if let Test::Among(members) = test {
            return self.among(comparison, members, polarity, within);
        }
        match (quantifier, polarity) {
            (Quantifier::Some, Polarity::Plain) => {
                if let Test::Time(time) = test
                    && let Some(truth) = self.times_of_few(path, time, within)?
                {
                    return Ok(truth);
                }
                if self.is_of_row(path) && !matches!(test, Test::IsUnknown | Test::IsNone) {
                    self.note_absent(path, within, &self.recorded_in_row(path, test)?);
                }
                self.holds(path, test, Sense::Plain)
            }
            (Quantifier::Some, Polarity::Negated) => {
                let negation = self.negation(path, test)?;
                self.note_absent(path, within, &negation.recorded.possible);
                Ok(negation.negated)
            }
            (Quantifier::Every, Polarity::Plain) => {
                let fails = self.holds(path, test, Sense::Inverse)?;
                Ok(self.has(path)?.without(&fails))
            }
            (Quantifier::Every, Polarity::Negated) => self.holds(path, test, Sense::Inverse),
            (Quantifier::No, Polarity::Plain) => {
                let holds = self.holds(path, test, Sense::Plain)?;
                Ok(TruthSet::certainly(within.clone()).without(&holds))
            }
            (Quantifier::No, Polarity::Negated) => self.holds(path, test, Sense::Plain),
        }
    }

    /// Tells whether a path reads one field of the row, so that it is worth saying where that is not recorded.
    fn is_of_row(&self, path: &Path) -> bool {
        match (path.steps.as_slice(), &path.end) {
            ([], End::Values { statement, .. }) => statement.is_always(),
            ([only], End::Records(_)) => match &only.way {
                Way::Fields { forward, backward } => {
                    let mut names = forward
                        .iter()
                        .filter_map(|field| self.field(*field).map(|field| &field.name));
                    let first = names.next();
                    backward.is_empty()
                        && names.all(|name| Some(name) == first)
                        && only.filter == Condition::Always
                        && only.statement.is_always()
                }
                Way::Group(_) => false,
            },
            _ => false,
        }
    }

    /// Remembers the records of which neither a comparison nor its negation holds.
    fn note_absent(&self, path: &Path, within: &Ids, recorded: &Ids) {
        let absent = within.without(recorded);
        if !absent.is_empty() {
            self.absent.borrow_mut().push((path.written.clone(), absent));
        }
    }

    /// Judges what compares two paths of one record.
    fn row_by_row(
        &self,
        comparison: &Comparison,
        operator: PathOperator,
        right: &Path,
        polarity: Polarity,
        within: &Ids,
    ) -> Result<TruthSet, IndexError> {
        self.one_by_one(
            within,
            polarity,
            |row| self.row_verdict(comparison, operator, right, row),
            |row| {
                let lacks_left = self.values(&comparison.path, row)?.is_empty();
                Ok(Some(if lacks_left { &comparison.path } else { right }.written.as_str()))
            },
        )
    }

    /// Compares values that two paths have led to.
    pub(super) fn compare_found(
        &self,
        quantifier: Quantifier,
        (left_path, lefts): (&Path, &[Found]),
        operator: PathOperator,
        (right_path, rights): (&Path, &[Found]),
    ) -> Result<Verdict, IndexError> {
        if lefts.is_empty() || rights.is_empty() {
            return Ok(Verdict::NOT_RECORDED);
        }
        let mut verdicts = Vec::with_capacity(lefts.len());
        for left in lefts {
            let pairs: Result<Vec<Verdict>, IndexError> = rights
                .iter()
                .map(|other| {
                    let parts = (left_path.part(), right_path.part());
                    let verdict = self.pair_verdict(operator, left, parts.0, other, parts.1)?;
                    Ok(verdict.resting_on(other.truth))
                })
                .collect();
            // What hangs on the left statement hangs together, whatever it is compared with.
            verdicts.push(Verdict::some(pairs?).resting_on(left.truth));
        }
        Ok(quantifier.judge(verdicts))
    }

    fn pair_verdict(
        &self,
        operator: PathOperator,
        left: &Found,
        left_part: ValuePart,
        right: &Found,
        right_part: ValuePart,
    ) -> Result<Verdict, IndexError> {
        match (&left.value, &right.value) {
            (FoundValue::None, _) | (_, FoundValue::None) => return Ok(Verdict::NO),
            (FoundValue::Unknown, _) | (_, FoundValue::Unknown) => return Ok(Verdict::UNKNOWN),
            _ => {}
        }
        match operator {
            PathOperator::Time(operator) => {
                let lefts = self.times(left, left_part)?;
                let rights = self.times(right, right_part)?;
                Ok(some_pair(&lefts, &rights, |left, right| left.compare(operator, right)))
            }
            PathOperator::Unit(grain, operator) => {
                let lefts = self.times(left, left_part)?;
                let rights = self.times(right, right_part)?;
                Ok(some_pair(&lefts, &rights, |left, right| {
                    left.compare_units(grain, operator, right)
                }))
            }
            PathOperator::Apart(operator, days) => {
                let lefts = self.times(left, left_part)?;
                let rights = self.times(right, right_part)?;
                Ok(some_pair(&lefts, &rights, |left, right| left.days_after(operator, right, days)))
            }
            PathOperator::Number(operator) => {
                let (one, two) = (self.number(left, left_part)?, self.number(right, right_part)?);
                match (one, two) {
                    (Some(one), Some(two)) if one.2 == two.2 => {
                        Ok(vague_numbers(operator, (one.0, one.1), (two.0, two.1)))
                    }
                    _ => Ok(Verdict::NO),
                }
            }
            PathOperator::Same => {
                let same = left.value == right.value
                    || self.text_of(left)?.is_some_and(|text| {
                        self.text_of(right).is_ok_and(|other| {
                            other.is_some_and(|other| other.to_lowercase() == text.to_lowercase())
                        })
                    });
                Ok(Verdict::from_worlds(same, !same))
            }
        }
    }
}

/// `certainly` and `possibly` leave no doubt.
fn settled(ids: Ids, polarity: Polarity, within: &Ids) -> TruthSet {
    TruthSet::certainly(match polarity {
        Polarity::Plain => ids,
        Polarity::Negated => within.without(&ids),
    })
}
