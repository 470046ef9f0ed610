//! Dates that other records place, in a base of which little has changed.
//!
//! In: how the files that are as they were place dates, as the ledger has it, and how the others do now. Out: all dates
//! narrowed at once, which gives those that were read their bounds. Files of which a date has moved have to be read as
//! well, and so has one with a record by which no date was placed before.

use super::Changes;
use crate::index::{Ledger, LedgerAnchor, LedgerDate, LedgerFile, LedgerPlaced};
use crate::model::{Facts, FieldId, Qualifier, Schema, Statement};
use crate::resolve::facts::chronology::{best_own_date, placement, written_date};
use crate::resolve::facts::placings::{placed_dates, value_of};
use crate::resolve::facts::unit::{Unit, own_date};
use crate::source::FileId;
use crate::time::constraint::{NodeId, Order};
use crate::time::{PackedDate, Role};
use foldhash::fast::FixedState;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

type Hashes = HashSet<u64, FixedState>;

/// Narrows the dates of pieces that were read and returns the files that have to be read as well; where there are some,
/// nothing is narrowed yet. Nothing where dates contradict each other, or the ledger is damaged. By `then` is seen what has
/// moved.
pub(super) fn narrow(
    ledger: &Ledger,
    changes: &Changes<'_>,
    schema: &Schema,
    read: &mut [Unit],
    then: &Then<'_>,
) -> Option<Vec<FileId>> {
    let placed_by = |unit: &Unit| {
        let mut placed = placed_dates(unit, schema)?;
        placed.truncate(unit.facts.placed.len());
        Some(placed)
    };
    let of_read: Vec<Vec<LedgerPlaced>> = read.iter().map(placed_by).collect::<Option<_>>()?;
    let of_same = changes.same.iter().flat_map(|(_, known)| &known.placed);
    let placed: Vec<&LedgerPlaced> = of_same.chain(of_read.iter().flatten()).collect();
    if placed.is_empty() {
        return Some(Vec::new());
    }
    let mut ordering = Ordering::new(ledger, &placed)?;
    ordering.take_own_dates(read, schema, &named(&placed));
    let unknown = ordering.link(&placed);
    if !unknown.is_empty() {
        return declaring(ledger, changes, &unknown);
    }
    let dates = ordering.narrow(&placed)?;
    let (dates_of_same, dates_of_read) =
        dates.split_at_checked(placed.len() - of_read.iter().map(Vec::len).sum::<usize>())?;
    let seen = match then {
        Then::Facts(facts) => Some(seen_in_facts(facts)),
        Then::Ledger => Some(seen_by_ledger(ledger)?),
        Then::Whatever => None,
    };
    let moved = seen.map(|seen| moved(changes, seen, dates_of_same)).unwrap_or_default();
    if !moved.is_empty() {
        return Some(moved);
    }
    let mut dates = dates_of_read.iter();
    for unit in read {
        let facts = &mut unit.facts;
        for (time, date) in facts.placed.iter().zip(&mut dates) {
            let table = match time.role {
                Role::Moment => &mut facts.dates,
                Role::Period => &mut facts.periods,
            };
            table.narrow(time.number, *date);
        }
    }
    Some(Vec::new())
}

/// What the dates are compared with that files place which are as they were.
pub(super) enum Then<'f> {
    /// Facts of another time.
    Facts(&'f Facts),
    /// What the ledger makes of them.
    Ledger,
    /// Nobody asks for them.
    Whatever,
}

/// Returns the records by which dates are placed.
fn named(placed: &[&LedgerPlaced]) -> Hashes {
    placed.iter().flat_map(|one| &one.by).map(|(.., anchor)| *anchor).collect()
}

/// All placed dates with those by which they are placed.
struct Ordering<'l> {
    order: Order,
    /// By placed date.
    nodes: Vec<NodeId>,
    /// By hash of a record's identifier: its own date; none where it has none.
    own: HashMap<u64, Option<NodeId>, FixedState>,
    /// What the ledger knows of records by which dates are placed.
    anchors: HashMap<u64, &'l LedgerAnchor, FixedState>,
}

impl<'l> Ordering<'l> {
    fn new(ledger: &'l Ledger, placed: &[&LedgerPlaced]) -> Option<Ordering<'l>> {
        let anchors = ledger.head.anchors.iter().map(|anchor| (anchor.id, anchor)).collect();
        let mut ordering =
            Ordering { order: Order::new(), nodes: Vec::new(), own: HashMap::default(), anchors };
        for placed in placed {
            let node = ordering.add(&placed.date)?;
            ordering.nodes.push(node);
            if placed.own_of != 0 {
                ordering.own.insert(placed.own_of, Some(node));
            }
        }
        Some(ordering)
    }

    fn add(&mut self, date: &LedgerDate) -> Option<NodeId> {
        let value = value_of(date)?;
        Some(match date.is_disputed {
            true => self.order.add(&value.doubted()),
            false => self.order.add(&value),
        })
    }

    /// Takes in the own dates of records of pieces that were read; `named` are those by which dates are placed.
    fn take_own_dates(&mut self, read: &[Unit], schema: &Schema, named: &Hashes) {
        for unit in read {
            let mut columns: HashMap<FieldId, Vec<Statement>> = HashMap::new();
            for (record, declared) in (0u32..).zip(unit.declared.records.iter()) {
                let hash = &declared.hash;
                if !named.contains(hash) || self.own.contains_key(hash) {
                    continue;
                }
                let own = declared.relation().and_then(|id| own_date(schema, schema.relation(id)));
                let date = own.and_then(|(field, role)| {
                    let packed = unit.facts.columns.get(field.index())?;
                    let column = columns.entry(field).or_insert_with(|| packed.iter().collect());
                    let best = best_own_date(&unit.facts, column, role, record)?;
                    Some(written_date(&unit.facts, role, &best))
                });
                let node = date.and_then(|date| self.add(&date));
                self.own.insert(*hash, node);
            }
        }
    }

    /// Links all placed dates to those by which they are placed; returns the records of which these are not known.
    fn link(&mut self, placed: &[&LedgerPlaced]) -> Hashes {
        let mut unknown = Hashes::default();
        for (place, placed) in placed.iter().enumerate() {
            for (kind, distance, anchor) in &placed.by {
                let own = match (self.own.get(anchor), self.anchors.get(anchor)) {
                    (Some(own), _) => *own,
                    (None, Some(known)) => {
                        let own = known.date.as_ref().and_then(|date| self.add(date));
                        self.own.insert(*anchor, own);
                        own
                    }
                    (None, None) => {
                        unknown.insert(*anchor);
                        None
                    }
                };
                if let (Some(node), Some(own)) = (self.nodes.get(place), own) {
                    self.order.place(*node, placement(*kind, *distance), own);
                }
            }
        }
        unknown
    }

    /// Returns what all placed dates come to; nothing where some contradict each other.
    fn narrow(self, placed: &[&LedgerPlaced]) -> Option<Vec<PackedDate>> {
        let narrowed = self.order.narrow();
        let left = |(placed, node): (&&LedgerPlaced, &NodeId)| {
            let value = value_of(&placed.date)?;
            if placed.by.is_empty() {
                return Some(value.packed());
            }
            let left = value.narrowed(&narrowed.bounds(*node));
            Some(left.unwrap_or(value).packed())
        };
        let is_sound = narrowed.contradictions().is_empty();
        is_sound.then(|| placed.iter().zip(&self.nodes).map(left).collect()).flatten()
    }
}

/// Returns the files that are as they were and declare one of some records; nothing if none does.
fn declaring(ledger: &Ledger, changes: &Changes<'_>, sought: &Hashes) -> Option<Vec<FileId>> {
    let declares = |(file, known): &(FileId, &LedgerFile)| {
        let Some((ids, _)) = ledger.part(known.identifiers) else { return Some(None) };
        ids.iter().any(|id| sought.contains(id)).then_some(Some(*file))
    };
    let files: Option<Vec<FileId>> = changes.same.par_iter().filter_map(declares).collect();
    files.filter(|files| !files.is_empty())
}

/// A placed date: its field and line, its text, what it comes to.
type Seen<'s> = (u32, u32, &'s str, PackedDate);

/// By path: the placed dates of files, by field and line.
type SeenByPath<'s> = HashMap<&'s str, Vec<Seen<'s>>>;

/// Returns the files that are as they were and of which some placed date is now another one than it was; `now` are those
/// of all such files in their order.
fn moved(changes: &Changes<'_>, mut then: SeenByPath<'_>, now: &[PackedDate]) -> Vec<FileId> {
    let mut now = now.iter();
    let mut moved = Vec::new();
    for (file, known) in &changes.same {
        if seen_of(known, &mut now) != then.remove(known.path.as_str()).unwrap_or_default() {
            moved.push(*file);
        }
    }
    moved
}

/// Returns the placed dates of a file with what they come to.
fn seen_of<'l, 'd>(
    known: &'l LedgerFile,
    dates: &mut impl Iterator<Item = &'d PackedDate>,
) -> Vec<Seen<'l>> {
    let seen = known
        .placed
        .iter()
        .zip(dates)
        .map(|(placed, date)| (placed.field, placed.line, placed.date.text.as_str(), *date));
    let mut seen: Vec<Seen<'_>> = seen.collect();
    seen.sort_by_key(|(field, line, ..)| (*field, *line));
    seen
}

/// Returns the placed dates of all files as they were when the ledger was written.
fn seen_by_ledger(ledger: &Ledger) -> Option<SeenByPath<'_>> {
    let placed: Vec<&LedgerPlaced> =
        ledger.head.files.iter().flat_map(|file| &file.placed).collect();
    let mut ordering = Ordering::new(ledger, &placed)?;
    if !ordering.link(&placed).is_empty() {
        return None;
    }
    let dates = ordering.narrow(&placed)?;
    let mut dates = dates.iter();
    let mut seen = HashMap::new();
    for file in &ledger.head.files {
        let of_file: Vec<Seen<'_>> = seen_of(file, &mut dates);
        seen.insert(file.path.as_str(), of_file);
    }
    Some(seen)
}

/// Returns the placed dates of some facts.
fn seen_in_facts(facts: &Facts) -> SeenByPath<'_> {
    let mut seen: SeenByPath<'_> = HashMap::new();
    let is_placing: Vec<bool> = facts.qualifiers.iter().map(Qualifier::is_placing).collect();
    if !is_placing.contains(&true) {
        return seen;
    }
    for (number, field) in (0..).zip(&facts.schema.fields) {
        let times = match field.value_type.role() {
            Some(Role::Moment) => &facts.dates,
            Some(Role::Period) => &facts.periods,
            None => continue,
        };
        for statement in facts.column(FieldId(number)).iter() {
            if is_placing.get(statement.qualifier.index()) != Some(&true) {
                continue;
            }
            let record = facts.records.get(statement.entity.index());
            let file = record.and_then(|record| facts.files.get(record.file as usize));
            let time = times.get(statement.value.0 as usize);
            if let (Some(file), Some(time)) = (file, time) {
                let text = facts.strings.get(time.text);
                seen.entry(&file.path).or_default().push((
                    number,
                    facts.line_of(&statement),
                    text,
                    time.bounds,
                ));
            }
        }
    }
    seen.values_mut().for_each(|seen| seen.sort_by_key(|(field, line, ..)| (*field, *line)));
    seen
}
