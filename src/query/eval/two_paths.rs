//! Comparisons of the values of two paths, from one record or from two.

use super::found::{Found, FoundValue};
use super::numbers::vague_numbers;
use super::times::some_pair;
use super::{Evaluator, Polarity};
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::expression::{Comparison, Path};
use crate::query::ids::Ids;
use crate::query::operators::{PathOperator, Quantifier, ValuePart};
use crate::query::truth_set::TruthSet;
use crate::time::{Value, Verdict};

impl Evaluator<'_> {
    /// Returns of which records a comparison of two of their paths, or its negation, holds: judged one by one.
    pub(super) fn row_by_row(
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

    /// Judges it for one record.
    fn row_verdict(
        &self,
        comparison: &Comparison,
        operator: PathOperator,
        right: &Path,
        row: EntityId,
    ) -> Result<Verdict, IndexError> {
        self.pair_of_rows(comparison.quantifier, (&comparison.path, row), operator, (right, row))
    }

    /// Compares values of two records.
    pub(super) fn pair_of_rows(
        &self,
        quantifier: Quantifier,
        (left_path, left): (&Path, EntityId),
        operator: PathOperator,
        (right_path, right): (&Path, EntityId),
    ) -> Result<Verdict, IndexError> {
        let lefts = self.values(left_path, left)?;
        let rights = if lefts.is_empty() { Vec::new() } else { self.values(right_path, right)? };
        self.compare_found(quantifier, (left_path, &lefts), operator, (right_path, &rights))
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
        let times = |judge: &dyn Fn(&Value, &Value) -> Verdict| {
            let (lefts, rights) = (self.times(left, left_part)?, self.times(right, right_part)?);
            Ok(some_pair(&lefts, &rights, judge))
        };
        match operator {
            PathOperator::Time(operator) => times(&|left, right| left.compare(operator, right)),
            PathOperator::Unit(grain, operator) => {
                times(&|left, right| left.compare_units(grain, operator, right))
            }
            PathOperator::Apart(operator, days) => {
                times(&|left, right| left.days_after(operator, right, days))
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
