//! Terms: what is computed of a row, as columns and keys, and compared.
//!
//! A row is given as a frame, the records of its variables; a row of one record is a frame of one. Here are the
//! values of a term; `verdicts` judges tests of them, `shown` makes cells, keys and words.

mod shown;
mod verdicts;

use super::Evaluator;
use super::found::{Found, FoundValue};
use super::groups::{FoldedValue, FoldedValues, Members, Records};
use super::memo::PartId;
use super::solve::{Frame, bound};
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::expression::{Path, Rows};
use crate::query::operators::ValuePart;
use crate::query::terms::{Folded, Rooted, Term, Values};
use crate::time::{Truth, Value};

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
            FoldedValue::Unknown => Computed::Unknown,
        }
    }
}

impl Evaluator<'_> {
    pub(super) fn computed_values<P: Rooted>(
        &self,
        term: &Term<P>,
        row: &Frame,
    ) -> Result<ComputedValues, IndexError> {
        match term {
            Term::Values(Values::OfRow(path)) => {
                let mut values = Vec::new();
                let Some(record) = bound(row, path.slot()) else { return Ok(values) };
                for found in self.values(path.path(), EntityId(record))? {
                    self.add_computed(&found, path.path().part(), &mut values)?;
                }
                Ok(values)
            }
            Term::Values(Values::Elsewhere { rows, path }) => self.computed_once(term, || {
                let mut values = Vec::new();
                for (found, _) in self.found_elsewhere(rows, path)? {
                    self.add_computed(&found, path.part(), &mut values)?;
                }
                Ok(values)
            }),
            Term::Fold(folded) => {
                let compute = || {
                    let values = self.folded_values(folded, row)?.opened(folded.fold);
                    Ok(values.into_iter().map(|(value, truth)| (value.into(), truth)).collect())
                };
                match &folded.over {
                    // A record stands in many rows of several: it is folded once.
                    Values::OfRow(path) if row.len() > 1 => {
                        let Some(record) = bound(row, path.slot()) else { return compute() };
                        let key = (PartId::of(folded), EntityId(record));
                        Ok(self.folded.get_or(key, compute)?.as_ref().clone())
                    }
                    Values::OfRow(_) => compute(),
                    Values::Elsewhere { .. } => self.computed_once(term, compute),
                }
            }
            Term::Difference { left, right, .. } => {
                let lefts = self.computed_values(left, row)?;
                let rights = self.computed_values(right, row)?;
                Ok(differences(&lefts, &rights))
            }
        }
    }

    fn folded_values<P: Rooted>(
        &self,
        folded: &Folded<P>,
        row: &Frame,
    ) -> Result<FoldedValues, IndexError> {
        let members = self.members(&folded.over, row)?;
        self.fold_values(&Records(self), folded.fold, folded.over.path(), &members)
    }

    /// Returns the records at which the values of a fold begin.
    fn members<P: Rooted>(&self, over: &Values<P>, row: &Frame) -> Result<Members, IndexError> {
        match over {
            Values::OfRow(path) => {
                let record = bound(row, path.slot());
                Ok(record.map_or_else(Members::default, |record| Members::one(EntityId(record))))
            }
            Values::Elsewhere { rows, .. } => Ok(Members::of(&self.rows(rows)?)),
        }
    }

    /// Computes what is the same for all records once.
    fn computed_once<P>(
        &self,
        term: &Term<P>,
        compute: impl FnOnce() -> Result<ComputedValues, IndexError>,
    ) -> Result<ComputedValues, IndexError> {
        Ok(self.computed.get_or(PartId::of(term), compute)?.as_ref().clone())
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
            let row_truth = rows.truth_of(id);
            for found in self.values(path, EntityId(id))? {
                let truth = found.truth.min(row_truth);
                all.push((Found { truth, ..found }, path.part()));
            }
        }
        Ok(all)
    }
}

/// Returns the days from each right date to each left one.
fn differences(lefts: &ComputedValues, rights: &ComputedValues) -> ComputedValues {
    let mut values = Vec::new();
    for ((left, one), (right, other)) in
        lefts.iter().flat_map(|left| rights.iter().map(move |right| (left, right)))
    {
        let truth = (*one).min(*other);
        match (left, right) {
            (Computed::Time(left), Computed::Time(right)) => {
                let days = left.minus(right);
                let truth = truth.min(left.truth()).min(right.truth());
                let side = |days: Option<i64>, open: f64| days.map_or(open, |days| days as f64);
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
    values
}
