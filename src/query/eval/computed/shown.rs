//! Terms as cells of an answer, as keys of an order, and in words.

use super::Computed;
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::computed::ComputedTest;
use crate::query::eval::Evaluator;
use crate::query::eval::groups::Records;
use crate::query::eval::order::Key;
use crate::query::eval::solve::{Frame, bound};
use crate::query::operators::Direction;
use crate::query::terms::{Rooted, Term, Values};
use crate::query::{Cell, CellValue};

impl Evaluator<'_> {
    /// Says what each term of a test comes to in one row: `count(party) is 2 (+1 possible)`.
    pub(in crate::query::eval) fn computed_words<P: Rooted>(
        &self,
        test: &ComputedTest<P>,
        row: &Frame,
    ) -> Result<Vec<String>, IndexError> {
        let mut words = Vec::new();
        for term in test.terms() {
            let told = self.term_words(term, row)?;
            words.push(told.unwrap_or_else(|| format!("`{}` is not recorded", term.written())));
        }
        Ok(words)
    }

    /// Says what a term comes to in one row; nothing where it comes to nothing.
    pub(in crate::query::eval) fn term_words<P: Rooted>(
        &self,
        term: &Term<P>,
        row: &Frame,
    ) -> Result<Option<String>, IndexError> {
        let cell = self.term_cell(term, row)?;
        let values: Vec<String> = cell.values.iter().map(CellValue::words).collect();
        let is_told = !values.is_empty();
        let beside = match term {
            Term::Fold(folded) if self.folded_values(folded, row)?.is_open(folded.fold) => {
                ", beside what is unknown"
            }
            _ => "",
        };
        Ok(is_told.then(|| format!("`{}` is {}{beside}", term.written(), values.join(" or "))))
    }

    /// Says why a test of a term is only possible.
    pub(in crate::query::eval) fn computed_doubt<P: Rooted>(
        &self,
        test: &ComputedTest<P>,
        row: &Frame,
    ) -> Result<Option<String>, IndexError> {
        let verdict = self.computed_verdict(test, row)?;
        if !verdict.is_doubtful() {
            return Ok(None);
        }
        Ok(Some(self.computed_words(test, row)?.join(", ").replace('`', "")))
    }

    /// Fills one cell with a term.
    pub(in crate::query::eval) fn term_cell<P: Rooted>(
        &self,
        term: &Term<P>,
        row: &Frame,
    ) -> Result<Cell, IndexError> {
        match term {
            Term::Values(Values::OfRow(path)) => match bound(row, path.slot()) {
                Some(record) => self.cell(path.path(), EntityId(record)),
                None => Ok(Cell::default()),
            },
            Term::Values(Values::Elsewhere { rows, path }) => {
                let mut values = Vec::new();
                for (found, part) in self.found_elsewhere(rows, path)? {
                    values.push(self.cell_value_of(&found, part)?);
                }
                Ok(Cell { is_list: values.len() > 1, values })
            }
            Term::Fold(folded) => {
                let members = self.members(&folded.over, row)?;
                self.fold(&Records(self), folded.fold, folded.over.path(), &members)
            }
            Term::Difference { .. } => {
                let values = self.computed_values(term, row)?;
                let cells: Vec<CellValue> =
                    values.iter().map(|(value, _)| days_cell(value)).collect();
                Ok(Cell { is_list: cells.len() > 1, values: cells })
            }
        }
    }

    /// Returns what a row is sorted by, where a term is the key.
    pub(in crate::query::eval) fn term_key<P: Rooted>(
        &self,
        term: &Term<P>,
        direction: Direction,
        row: &Frame,
    ) -> Result<Key, IndexError> {
        if let Term::Values(Values::OfRow(path)) = term {
            return match bound(row, path.slot()) {
                Some(record) => self.path_key(path.path(), direction, EntityId(record)),
                None => Ok(Key::Missing),
            };
        }
        // What nobody knows does not say where a row stands among those of which more is known.
        let values = match term {
            Term::Fold(folded) => {
                let known = self.folded_values(folded, row)?.known.into_iter();
                known.map(|(value, truth)| (value.into(), truth)).collect()
            }
            term => self.computed_values(term, row)?,
        };
        let mut best = Key::Missing;
        for (value, _) in values {
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
