//! Tests of time: what they compare with, and how they are judged where few rows are left: then their own dates are
//! judged, and not all distinct ones of the base.

use super::Evaluator;
use super::found::FoundValue;
use super::memo::PartId;
use super::times::against;
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::expression::{End, Path, TimeAgainst, TimeTest};
use crate::query::ids::Ids;
use crate::query::operators::ValuePart;
use crate::query::truth_set::{Collected, TruthSet};
use crate::time::{Bounds, Role, Stretch, Truth, Value, Verdict};
use std::rc::Rc;

/// Rows are few if the base has so many times more distinct dates: to judge a row costs more than to judge a date, since
/// its date has to be found first.
const TIMES_MORE: usize = 4;

impl Evaluator<'_> {
    /// Returns the times that a test compares with: those that the question names, or those of other records.
    pub(super) fn compared_times(&self, test: &TimeTest) -> Result<Vec<Value>, IndexError> {
        match &test.against {
            TimeAgainst::Literal(values) => Ok(values.clone()),
            TimeAgainst::Values { rows, path } => {
                let rows = self.rows(rows)?;
                let mut values = Vec::new();
                for id in rows.possible.iter() {
                    let row_truth = rows.truth_of(id);
                    for found in self.values(path, EntityId(id))? {
                        if found.value == FoundValue::Unknown {
                            // It may be any time, on either side of whatever it is compared with.
                            values.push(self.any_time(path).doubted());
                            continue;
                        }
                        let part = path.part();
                        for value in self.times(&found, part)? {
                            values.push(match found.truth.min(row_truth) {
                                Truth::Certain => value,
                                _ => value.doubted(),
                            });
                        }
                    }
                }
                Ok(values)
            }
        }
    }

    /// Returns what may be any date or period, as the values of a path are.
    fn any_time(&self, path: &Path) -> Value {
        let is_period = match &path.end {
            End::Values { fields, part: ValuePart::Whole, .. } => {
                fields.iter().any(|field| self.role_of(*field) == Some(Role::Period))
            }
            _ => false,
        };
        match is_period {
            true => Value::period(Bounds::UNKNOWN),
            false => Value::moment(Stretch::ALWAYS),
        }
    }

    /// Returns the same, found once for all rows.
    pub(super) fn times_against(&self, time: &TimeTest) -> Result<Rc<Vec<Value>>, IndexError> {
        self.times_against.get_or(PartId::of(time), || self.compared_times(time))
    }

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
