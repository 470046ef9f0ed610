//! Answers whose rows are several records each.

use super::Evaluator;
use super::order::Key;
use super::table::Tuples;
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::expression::{Direction, Output, Query};
use crate::query::formula::{Bindings, Slot};
use crate::query::{Answers, Match, Row, RowsOf};
use crate::time::Truth;
use std::cmp::Ordering;

/// Most reasons that are given for one row.
const MOST_REASONS: usize = 3;

impl Evaluator<'_> {
    /// Answers a question for several records a row.
    pub(super) fn bindings(
        &self,
        query: &Query,
        bindings: &Bindings,
    ) -> Result<Answers, IndexError> {
        let tuples = self.tuples(&bindings.ways, bindings.width)?;
        let mut answers = Answers {
            rows_of: RowsOf::Nothing,
            columns: Vec::new(),
            rows: Vec::new(),
            certain: tuples.count(Truth::Certain),
            possible: tuples.count(Truth::Possible),
            rows_left: 0,
            reasons: self.terms.reasons,
            warnings: Vec::new(),
            notes: query.notes.clone(),
        };
        if query.output == Output::Count {
            return Ok(answers);
        }
        answers.rows_of = RowsOf::Records;
        answers.columns =
            bindings.columns.iter().map(|(_, column)| column.written.clone()).collect();
        let wanted =
            self.rows_wanted(query, answers.certain as usize, answers.possible as usize)?;
        answers.rows_left = wanted.left;
        let certain = (Truth::Certain, Match::Certain, wanted.certain);
        let possible = (Truth::Possible, Match::Possible, wanted.possible);
        for (truth, matched, wanted) in [certain, possible] {
            for tuple in self.tuples_in_order(bindings, &tuples, truth)?.into_iter().take(wanted) {
                self.step()?;
                let mut cells = Vec::with_capacity(bindings.columns.len());
                for (slot, path) in &bindings.columns {
                    let id = tuple.get(slot.index()).copied().unwrap_or(0);
                    cells.push(self.cell(path, EntityId(id))?);
                }
                answers.rows.push(Row {
                    id: String::new(),
                    matched,
                    reason: match matched {
                        Match::Certain => String::new(),
                        Match::Possible => self.reason_of_tuple(bindings, tuple)?,
                    },
                    order_is_uncertain: false,
                    cells,
                });
            }
        }
        Ok(answers)
    }

    /// Puts tuples in the order of the keys, then by own date and identifier of each record.
    fn tuples_in_order<'t>(
        &self,
        bindings: &Bindings,
        tuples: &'t Tuples,
        wanted: Truth,
    ) -> Result<Vec<&'t [u32]>, IndexError> {
        let mut keyed = Vec::new();
        for (tuple, _) in tuples.iter().filter(|(_, truth)| *truth == wanted) {
            self.step()?;
            let record = |slot: Slot| EntityId(tuple.get(slot.index()).copied().unwrap_or(0));
            let mut keys: Vec<(Key, Direction)> = Vec::new();
            for (slot, path, direction) in &bindings.order {
                keys.push((self.path_key(path, *direction, record(*slot))?, *direction));
            }
            for id in tuple {
                let own = self.own_date(EntityId(*id))?.map_or(Key::Missing, Key::Time);
                keys.push((own, Direction::Ascending));
                let written = self.index.id_of(EntityId(*id))?.into_owned();
                keys.push((Key::Text(written), Direction::Ascending));
            }
            keyed.push((keys, tuple));
        }
        keyed.sort_by(|(one, _), (two, _)| {
            let pairs = one.iter().zip(two);
            pairs
                .map(|((one, direction), (two, _))| one.compare(two, *direction))
                .find(|ordering| *ordering != Ordering::Equal)
                .unwrap_or(Ordering::Equal)
        });
        Ok(keyed.into_iter().map(|(_, tuple)| tuple).collect())
    }

    fn reason_of_tuple(&self, bindings: &Bindings, tuple: &[u32]) -> Result<String, IndexError> {
        let mut reasons = Vec::new();
        for way in &bindings.ways {
            self.doubts_of(way, tuple, &mut reasons)?;
        }
        if reasons.is_empty() {
            reasons.push("disputed".to_owned());
        }
        reasons.dedup();
        reasons.truncate(MOST_REASONS);
        Ok(reasons.join("; "))
    }
}
