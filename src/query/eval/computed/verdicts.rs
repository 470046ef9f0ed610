//! Tests of terms, judged row by row.

use super::{Computed, ComputedValues};
use crate::index::IndexError;
use crate::query::computed::{ComputedAgainst, ComputedTest};
use crate::query::eval::numbers::{judge_measure, vague_numbers};
use crate::query::eval::solve::Frame;
use crate::query::eval::times;
use crate::query::eval::{Evaluator, Polarity};
use crate::query::expression::{Path, TimeTest};
use crate::query::ids::Ids;
use crate::query::operators::{NumberTest, PathOperator};
use crate::query::terms::{Rooted, Term, Values};
use crate::query::truth_set::TruthSet;
use crate::time::{Value, Verdict};

impl Evaluator<'_> {
    /// Returns of which records a test of a term, or its negation, holds: judged one by one.
    pub(in crate::query::eval) fn computed(
        &self,
        test: &ComputedTest,
        polarity: Polarity,
        within: &Ids,
    ) -> Result<TruthSet, IndexError> {
        self.one_by_one(
            within,
            polarity,
            |row| self.computed_verdict(test, &[Some(row.0)]),
            |row| self.lacking(test, &[Some(row.0)]),
        )
    }

    /// Judges a test of a term for one row.
    pub(in crate::query::eval) fn computed_verdict<P: Rooted>(
        &self,
        test: &ComputedTest<P>,
        row: &Frame,
    ) -> Result<Verdict, IndexError> {
        let lefts = self.computed_values(&test.left, row)?;
        if lefts.is_empty() {
            return Ok(Verdict::NOT_RECORDED);
        }
        Ok(match &test.against {
            ComputedAgainst::Numbers(tests) => against_numbers(tests, &lefts),
            ComputedAgainst::Time(time) => against_times(time, &self.times_against(time)?, &lefts),
            ComputedAgainst::Among(members) => return self.computed_among(lefts, members, row),
            ComputedAgainst::Term { operator, right } => {
                let rights = self.computed_values(right, row)?;
                let verdicts = lefts.iter().filter_map(|(left, truth)| {
                    let pairs = rights.iter().filter_map(|(right, other)| {
                        pair_verdict(*operator, left, right)
                            .map(|verdict| verdict.resting_on(*other))
                    });
                    let pairs: Vec<Verdict> = pairs.collect();
                    // What hangs on the left value hangs together, whatever it is compared with.
                    (!pairs.is_empty()).then(|| Verdict::some(pairs).resting_on(*truth))
                });
                Verdict::some(verdicts)
            }
        })
    }

    /// Returns the path, as written, for want of which a test cannot be judged.
    fn lacking<'t, P: Rooted>(
        &self,
        test: &'t ComputedTest<P>,
        row: &Frame,
    ) -> Result<Option<&'t str>, IndexError> {
        let mut terms = test.terms();
        let left = terms.next();
        let lacks_left = self.computed_values(&test.left, row)?.is_empty();
        let term = if lacks_left { left } else { terms.next().or(left) };
        let path = term.map(|term| self.missing_path(term, row)).transpose()?.flatten();
        Ok(path.map(|path| path.written.as_str()))
    }

    /// Returns the path of a term that is not recorded in a row, for a note; nothing where it begins elsewhere.
    fn missing_path<'t, P: Rooted>(
        &self,
        term: &'t Term<P>,
        row: &Frame,
    ) -> Result<Option<&'t Path>, IndexError> {
        match term {
            Term::Values(Values::Elsewhere { .. }) => Ok(None),
            Term::Values(Values::OfRow(path)) => Ok(Some(path.path())),
            Term::Fold(folded) => match &folded.over {
                Values::Elsewhere { .. } => Ok(None),
                Values::OfRow(path) => Ok(Some(path.path())),
            },
            Term::Difference { left, right, .. } => {
                match self.computed_values(left, row)?.is_empty() {
                    true => self.missing_path(left, row),
                    false => self.missing_path(right, row),
                }
            }
        }
    }
}

fn against_numbers(tests: &[NumberTest], lefts: &ComputedValues) -> Verdict {
    Verdict::some(lefts.iter().filter_map(|(left, truth)| {
        let verdict = match left {
            Computed::Number { least, greatest, unit } => {
                judge_measure(tests, (*least, *greatest, unit.as_deref()))
            }
            Computed::Unknown => Some(Verdict::UNKNOWN),
            _ => Some(Verdict::NO),
        };
        verdict.map(|verdict| verdict.resting_on(*truth))
    }))
}

fn against_times(time: &TimeTest, others: &[Value], lefts: &ComputedValues) -> Verdict {
    Verdict::some(lefts.iter().map(|(left, truth)| {
        let verdict = match left {
            Computed::Time(value) => times::against(value, time.operator, others),
            Computed::Unknown => Verdict::UNKNOWN,
            _ => Verdict::NO,
        };
        verdict.resting_on(*truth)
    }))
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
            (unit == their_unit).then(|| vague_numbers(operator, one, two))
        }
        (Computed::Time(left), Computed::Time(right)) => match operator {
            PathOperator::Time(operator) => Some(left.compare(operator, right)),
            _ => Some(Verdict::NO),
        },
        _ => Some(Verdict::NO),
    }
}
