//! Answers whose rows are several records each.

use super::found::Found;
use super::groups::Grouped;
use super::order::{Key, by_keys, cut_between, uncertain_among};
use super::table::Tuples;
use super::{Evaluator, Hasher};
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::expression::{Output, Query};
use crate::query::formula::Bindings;
use crate::query::ids::Ids;
use crate::query::operators::{Direction, ValuePart};
use crate::query::terms::{BoundPath, Slot};
use crate::query::{Answers, Match, Row, RowsOf};
use crate::time::{Bounds, Truth};
use hashbrown::HashMap;

/// The places of records in an order.
type Ranks = HashMap<u32, u32, Hasher>;

/// Most reasons that are given for one row.
const MOST_REASONS: usize = 3;

impl Evaluator<'_> {
    /// Answers a question for several records a row.
    pub(super) fn bindings(
        &self,
        query: &Query,
        bindings: &Bindings,
    ) -> Result<Answers, IndexError> {
        if query.output == Output::Count {
            let counts = self.count_tuples(&bindings.ways, bindings.width)?;
            return Ok(self.counted(query, counts));
        }
        let tuples = self.tuples(&bindings.ways, bindings.width)?;
        let counts = (tuples.count(Truth::Certain), tuples.count(Truth::Possible));
        let mut answers = self.counted(query, counts);
        if let Some(groups) = &bindings.groups {
            let rows = TupleRows { evaluator: self, tuples: &tuples };
            let numbered = (0u32..).zip(tuples.iter()).map(|(row, (_, truth))| (row, truth));
            let headings = self.group_headings(&rows, groups);
            let rows = self.group_rows(&rows, groups, numbered)?;
            self.answer_groups(query, &mut answers, headings, rows)?;
            return Ok(answers);
        }
        answers.rows_of = RowsOf::Records;
        answers.columns =
            bindings.columns.iter().map(|column| column.written().to_owned()).collect();
        let wanted =
            self.rows_wanted(query, answers.certain as usize, answers.possible as usize)?;
        answers.rows_left = wanted.left;
        let certain = (Truth::Certain, Match::Certain, wanted.certain);
        let possible = (Truth::Possible, Match::Possible, wanted.possible);
        for (truth, matched, wanted) in [certain, possible] {
            let ordered = self.tuples_in_order(bindings, &tuples, truth)?;
            let uncertain = match wanted > 0 && self.is_order_shown(query) {
                true => self.tuples_uncertain(bindings, &ordered)?,
                false => Vec::new(),
            };
            let is_uncertain = |place: usize| uncertain.get(place).copied().unwrap_or(false);
            answers.notes.extend(cut_between(query, &uncertain, matched));
            for (place, tuple) in ordered.into_iter().take(wanted).enumerate() {
                self.step()?;
                let mut cells = Vec::with_capacity(bindings.columns.len());
                let row = frame_of(tuple);
                for column in &bindings.columns {
                    cells.push(self.term_cell(column, &row)?);
                }
                answers.rows.push(Row {
                    id: String::new(),
                    matched,
                    reason: match matched {
                        Match::Certain => String::new(),
                        Match::Possible => self.reason_of_tuple(bindings, tuple)?,
                    },
                    order_is_uncertain: is_uncertain(place),
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
        let found = tuples.iter().filter(|(_, truth)| *truth == wanted).map(|(tuple, _)| tuple);
        let mut found: Vec<&[u32]> = found.collect();
        let ranks = self.ranks(&found)?;
        let rank = |(id, ranks): (&u32, &Ranks)| ranks.get(id).copied().unwrap_or(*id);
        let places = |tuple: &'t [u32]| tuple.iter().zip(&ranks).map(rank);
        // Equal tuples there are none, so that no order of theirs can be lost.
        found.sort_unstable_by(|one, two| places(one).cmp(places(two)));
        if bindings.order.is_empty() {
            return Ok(found);
        }
        let mut keyed = Vec::with_capacity(found.len());
        for tuple in found {
            self.step()?;
            let mut keys: Vec<(Key, Direction)> = Vec::with_capacity(bindings.order.len());
            let row = frame_of(tuple);
            for (term, direction) in &bindings.order {
                keys.push((self.term_key(term, *direction, &row)?, *direction));
            }
            keyed.push((keys, tuple));
        }
        keyed.sort_by(|(one, _), (two, _)| by_keys(one, two));
        Ok(keyed.into_iter().map(|(_, tuple)| tuple).collect())
    }

    /// Tells for each tuple whether its place among the others is uncertain. Those whose date is that of the same records
    /// cannot change places with one another.
    fn tuples_uncertain(
        &self,
        bindings: &Bindings,
        tuples: &[&[u32]],
    ) -> Result<Vec<bool>, IndexError> {
        let key = bindings.order.first();
        let mut slots = Vec::new();
        match key {
            Some((term, _)) => term.see_paths(&mut |path| slots.push(path.slot)),
            None => slots.push(Slot(0)),
        }
        let mut numbers: HashMap<Vec<EntityId>, usize, Hasher> = HashMap::default();
        let mut groups = Vec::with_capacity(tuples.len());
        let mut dated: Vec<(Bounds, usize)> = Vec::new();
        for tuple in tuples {
            let records: Vec<EntityId> = slots.iter().map(|slot| record_in(tuple, *slot)).collect();
            let next = numbers.len();
            if let Some(known) = numbers.get(&records) {
                groups.push(*known);
                continue;
            }
            let found = match key {
                Some((term, direction)) => self.term_key(term, *direction, &frame_of(tuple))?,
                None => self.own_key(record_in(tuple, Slot(0)))?,
            };
            if let Key::Time(bounds) = found {
                dated.push((bounds, next));
            }
            numbers.insert(records, next);
            groups.push(next);
        }
        let uncertain = uncertain_among(dated, numbers.len());
        Ok(groups.iter().map(|group| uncertain.get(*group).copied().unwrap_or(false)).collect())
    }

    /// Returns for each column the places of its records by own date and identifier, where their numbers do not say
    /// it: within one relation they do.
    fn ranks(&self, tuples: &[&[u32]]) -> Result<Vec<Ranks>, IndexError> {
        let mut all = Vec::new();
        for column in 0..tuples.first().map_or(0, |tuple| tuple.len()) {
            let ids = || tuples.iter().filter_map(|tuple| tuple.get(column).copied());
            let relation = |id: Option<u32>| id.and_then(|id| self.index.relation_of(EntityId(id)));
            if relation(ids().min()) == relation(ids().max()) {
                all.push(Ranks::default());
                continue;
            }
            let distinct = Ids::from_unsorted(ids().collect());
            let mut keyed = Vec::with_capacity(distinct.len());
            for id in distinct.iter() {
                let own = self.own_key(EntityId(id))?;
                keyed.push((own, self.index.id_of(EntityId(id))?.into_owned(), id));
            }
            keyed.sort_by(|one, two| one.0.ascending(&two.0).then_with(|| one.1.cmp(&two.1)));
            all.push((0u32..).zip(keyed).map(|(place, (_, _, id))| (id, place)).collect());
        }
        Ok(all)
    }

    pub(super) fn reason_of_tuple(
        &self,
        bindings: &Bindings,
        tuple: &[u32],
    ) -> Result<String, IndexError> {
        let mut reasons = Vec::new();
        for way in &bindings.ways {
            self.doubts_of(way, &frame_of(tuple), &mut reasons)?;
        }
        if reasons.is_empty() {
            reasons.push("disputed".to_owned());
        }
        reasons.dedup();
        reasons.truncate(MOST_REASONS);
        Ok(reasons.join("; "))
    }
}

/// Returns a tuple as the frame of its variables.
fn frame_of(tuple: &[u32]) -> Vec<Option<u32>> {
    tuple.iter().copied().map(Some).collect()
}

fn record_in(tuple: &[u32], slot: Slot) -> EntityId {
    EntityId(tuple.get(slot.index()).copied().unwrap_or(0))
}

/// Rows of several records.
struct TupleRows<'e, 'i> {
    evaluator: &'e Evaluator<'i>,
    tuples: &'e Tuples,
}

impl Grouped for TupleRows<'_, '_> {
    type Column = BoundPath;

    fn values(&self, column: &BoundPath, row: u32) -> Result<Vec<Found>, IndexError> {
        let record = record_in(self.tuples.get(row as usize), column.slot);
        self.evaluator.values(&column.path, record)
    }

    fn part(&self, column: &BoundPath) -> ValuePart {
        column.path.part()
    }

    fn words(&self, _: &BoundPath, _: u32) -> Result<Option<Vec<String>>, IndexError> {
        Ok(None)
    }

    fn written(&self, column: &BoundPath) -> String {
        column.path.written.clone()
    }
}
