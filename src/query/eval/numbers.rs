//! Numbers compared: exact ones, vague ones and those with units.

use super::Evaluator;
use super::found::Measure;
use super::values::Sense;
use crate::index::IndexError;
use crate::query::operators::NumberTest;
use crate::time::{Operator, Truth, Verdict};
use std::ops::Range;

impl Evaluator<'_> {
    /// Judges all distinct numbers, and returns the ranks of those that may fulfil one of the tests, or not.
    pub(super) fn number_runs(
        &self,
        tests: &[NumberTest],
        sense: Sense,
    ) -> Result<Vec<(Range<u32>, Verdict)>, IndexError> {
        let mut runs = Vec::new();
        for (rank, row) in (0u32..).zip(self.index.numbers()?) {
            let unit = row.unit().map(|unit| self.index.string(unit)).transpose()?;
            let Some(verdict) = judge_measure(tests, (row.least, row.greatest, unit)) else {
                continue;
            };
            let truth = sense.of(verdict);
            if truth > Truth::No {
                let verdict = if sense == Sense::Inverse { verdict.negated() } else { verdict };
                runs.push((rank..rank + 1, verdict));
            }
        }
        Ok(runs)
    }
}

/// Judges a number with its unit by several tests, of which one is enough; nothing where none is of its unit.
pub(super) fn judge_measure(
    tests: &[NumberTest],
    (least, greatest, unit): Measure<'_>,
) -> Option<Verdict> {
    let fitting = tests.iter().filter(|test| test.unit.as_deref() == unit);
    let verdicts = fitting
        .map(|test| judge_numbers(test.operator, (least, greatest), (test.least, test.greatest)));
    verdicts.reduce(Verdict::or)
}

/// Judges numbers of which the least and the greatest are known.
pub(super) fn judge_numbers(operator: Operator, left: (f64, f64), right: (f64, f64)) -> Verdict {
    match operator {
        Operator::Less | Operator::Before => {
            Verdict::from_worlds(left.0 < right.1, left.1 >= right.0)
        }
        Operator::LessOrEqual => Verdict::from_worlds(left.0 <= right.1, left.1 > right.0),
        Operator::Greater | Operator::After => {
            Verdict::from_worlds(left.1 > right.0, left.0 <= right.1)
        }
        Operator::GreaterOrEqual => Verdict::from_worlds(left.1 >= right.0, left.0 < right.1),
        Operator::NotEqual => judge_numbers(Operator::Equal, left, right).negated(),
        Operator::Equal
        | Operator::During
        | Operator::Contains
        | Operator::Overlaps
        | Operator::Meets => {
            // The right side is a literal or a range: what lies within it is equal to it.
            Verdict::from_worlds(
                left.0 <= right.1 && left.1 >= right.0,
                left.0 < right.0 || left.1 > right.1,
            )
        }
    }
}

/// Compares two numbers of which each may be vague: surely equal are only two that leave no choice.
pub(super) fn vague_numbers(operator: Operator, left: (f64, f64), right: (f64, f64)) -> Verdict {
    match operator {
        Operator::Equal => Verdict::from_worlds(
            left.0 <= right.1 && left.1 >= right.0,
            !(left.0 == left.1 && left == right),
        ),
        Operator::NotEqual => vague_numbers(Operator::Equal, left, right).negated(),
        operator => judge_numbers(operator, left, right),
    }
}
