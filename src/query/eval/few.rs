//! Tests of dates where few rows are left: their own dates are judged, and not all distinct ones of the base.

use super::Evaluator;
use super::found::FoundValue;
use super::times::against;
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::expression::{End, Path, TimeTest};
use crate::query::ids::Ids;
use crate::query::truth_set::{Collected, TruthSet};
use crate::time::{Truth, Verdict};

/// Rows are few if the base has so many times more distinct dates: to judge a row costs more than to judge a date, since
/// its date has to be found first.
const TIMES_MORE: usize = 4;

impl Evaluator<'_> {
    /// Returns of which of a few rows a test of a date of theirs holds; nothing where they are many, or where
    /// some statement does not plainly hold.
    pub(super) fn times_of_few(
        &self,
        path: &Path,
        test: &TimeTest,
        within: &Ids,
    ) -> Result<Option<TruthSet>, IndexError> {
        let (End::Values { fields, statement, .. }, true) = (&path.end, path.steps.is_empty())
        else {
            return Ok(None);
        };
        if !statement.is_always() || within.len() > self.index.distinct_times() / TIMES_MORE {
            return Ok(None);
        }
        for field in fields {
            if !self.lens.column(*field)?.is_simple {
                return Ok(None);
            }
        }
        let others = self.compared_times(test)?;
        let part = path.part();
        let mut holding = Collected::default();
        let mut absent = Vec::new();
        for id in within.iter() {
            let values = self.values(path, EntityId(id))?;
            if values.is_empty() {
                absent.push(id);
            }
            let mut best = Truth::No;
            for found in &values {
                best = best.max(match found.value {
                    FoundValue::Unknown => Truth::Possible,
                    _ => {
                        let times = self.times(found, part)?;
                        let verdicts =
                            times.iter().map(|value| against(value, test.operator, &others));
                        Verdict::some(verdicts).holds
                    }
                });
            }
            holding.add(id, best);
        }
        if !absent.is_empty() {
            let absent = Ids::from_sorted(absent);
            self.absent.borrow_mut().push((path.written.clone(), absent));
        }
        Ok(Some(holding.into_truth()))
    }
}
