//! Relative dates: statements that are placed in time by other records.
//!
//! In: the pieces' facts. Out: the same, with the bounds of every placed date narrowed, through chains of any
//! length; and a finding for each contradiction or circle, with every link of it.

use super::declare::{Declared, id_hash};
use super::unit::{PieceFacts, PlacedTime, own_date};
use crate::diagnostic::{Diagnostic, code};
use crate::index::{LedgerAnchor, LedgerDate};
use crate::model::{
    CalendarUnit, FieldId, RelativeDistance, RelativeKind, Schema, Statement, Status,
};
use crate::source::{Sources, Span};
use crate::time::constraint::{
    Contradiction, ContradictionKind, Distance, LinkId, NodeId, Order, Placement,
};
use crate::time::{PackedDate, Role, Value};
use std::collections::HashMap;

/// A date among all pieces: its piece, what it is taken for, its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct TimeKey {
    part: usize,
    role: Role,
    number: u32,
}

struct Narrowing<'a> {
    schema: &'a Schema,
    declared: &'a Declared<'a>,
    parts: &'a [PieceFacts],
    order: Order,
    placed: HashMap<TimeKey, NodeId>,
    /// By piece and field: the statements that were looked at.
    unpacked: HashMap<(usize, FieldId), Vec<Statement>>,
    /// By record: the node of its own date; none where it has none.
    own: HashMap<u32, Option<NodeId>>,
    links: Vec<Span>,
    anchors: Vec<LedgerAnchor>,
}

/// What narrowing has brought to light.
#[derive(Default)]
pub struct Chronology {
    /// What contradicts each other.
    pub findings: Vec<Diagnostic>,
    /// The records by which dates are placed, but those whose own date is placed itself.
    pub anchors: Vec<LedgerAnchor>,
}

/// Narrows the placed dates of all pieces.
pub fn narrow(
    sources: &Sources,
    schema: &Schema,
    declared: &Declared<'_>,
    parts: &mut [PieceFacts],
) -> Chronology {
    if parts.iter().all(|part| part.placed.is_empty()) {
        return Chronology::default();
    }
    let mut narrowing = Narrowing {
        schema,
        declared,
        parts,
        order: Order::new(),
        placed: HashMap::new(),
        unpacked: HashMap::new(),
        own: HashMap::new(),
        links: Vec::new(),
        anchors: Vec::new(),
    };
    let placed: Vec<(usize, &PlacedTime)> = narrowing
        .parts
        .iter()
        .enumerate()
        .flat_map(|(part, facts)| facts.placed.iter().map(move |time| (part, time)))
        .collect();
    // All placed dates first, so that a chain finds the date of its anchor whatever the order of files.
    for (part, time) in &placed {
        let node = narrowing.node_of(*part, time.role, time.number, time.is_disputed);
        narrowing
            .placed
            .insert(TimeKey { part: *part, role: time.role, number: time.number }, node);
    }
    for (part, time) in &placed {
        narrowing.link(*part, time);
    }
    let Narrowing { order, placed, links, anchors, .. } = narrowing;
    let narrowed = order.narrow();
    let found = narrowed.contradictions().iter().map(|each| finding(sources, each, &links));
    let findings = found.collect();
    let values: Vec<(TimeKey, Option<PackedDate>)> = placed
        .into_iter()
        .map(|(key, node)| (key, narrowed_value(parts, key, &narrowed.bounds(node))))
        .collect();
    for (key, packed) in values {
        let table = parts.get_mut(key.part).map(|part| match key.role {
            Role::Moment => &mut part.dates,
            Role::Period => &mut part.periods,
        });
        if let (Some(table), Some(packed)) = (table, packed) {
            table.narrow(key.number, packed);
        }
    }
    Chronology { findings, anchors }
}

/// Returns what is left of a date within narrower bounds.
fn narrowed_value(
    parts: &[PieceFacts],
    key: TimeKey,
    bounds: &crate::time::Bounds,
) -> Option<PackedDate> {
    let value = value_of(parts, key)?;
    value.narrowed(bounds).map(|value| value.packed())
}

/// Returns the value of a date as it was written.
fn value_of(parts: &[PieceFacts], key: TimeKey) -> Option<Value> {
    let part = parts.get(key.part)?;
    part.times(key.role).value(key.number, &part.texts, key.role)
}

impl Narrowing<'_> {
    fn node_of(&mut self, part: usize, role: Role, number: u32, is_disputed: bool) -> NodeId {
        match value_of(self.parts, TimeKey { part, role, number }) {
            Some(value) if is_disputed => self.order.add(&value.doubted()),
            Some(value) => self.order.add(&value),
            None => self.order.add_unknown(role),
        }
    }

    fn link(&mut self, part: usize, time: &PlacedTime) {
        let key = TimeKey { part, role: time.role, number: time.number };
        let Some(node) = self.placed.get(&key).copied() else { return };
        for (relative, span) in &time.relatives {
            let anchor = self.parts.get(part).and_then(|part| part.link(relative.anchor.0));
            if let Some(anchor) = anchor.and_then(|anchor| self.own_date(anchor)) {
                self.order.place(node, placement(relative.kind, relative.distance), anchor);
                self.links.push(*span);
            }
        }
    }

    /// Returns the node of a record's own date: of its best statement.
    fn own_date(&mut self, record: u32) -> Option<NodeId> {
        if let Some(known) = self.own.get(&record) {
            return *known;
        }
        let node = self.find_own_date(record);
        self.own.insert(record, node);
        node
    }

    fn find_own_date(&mut self, record: u32) -> Option<NodeId> {
        let date = self.own_statement(record);
        let Some((place, role, best)) = date else {
            self.remember(record, None);
            return None;
        };
        let key = TimeKey { part: place, role, number: best.value.0 };
        if let Some(node) = self.placed.get(&key) {
            return Some(*node);
        }
        let date = self.parts.get(place).map(|part| written_date(part, role, &best));
        let is_disputed = date.as_ref().is_some_and(|date| date.is_disputed);
        self.remember(record, date);
        Some(self.node_of(place, role, key.number, is_disputed))
    }

    fn remember(&mut self, record: u32, date: Option<LedgerDate>) {
        let id = id_hash(self.declared.id(record));
        self.anchors.push(LedgerAnchor { id, date });
    }

    /// Returns the best statement of a record's own date, and its piece.
    fn own_statement(&mut self, record: u32) -> Option<(usize, Role, Statement)> {
        let relation = self.declared.relation(record)?;
        let (field, role) = own_date(self.schema, self.schema.relation(relation))?;
        let behind = self.parts.partition_point(|part| part.first_record <= record);
        let place = behind.checked_sub(1)?;
        let part = self.parts.get(place)?;
        let packed = part.columns.get(field.index())?;
        let column = self.unpacked.entry((place, field)).or_insert_with(|| packed.iter().collect());
        Some((place, role, best_own_date(part, column, role, record - part.first_record)?))
    }
}

/// Returns the best statement of a record's own date; `column` are the statements of its field.
pub(super) fn best_own_date(
    part: &PieceFacts,
    column: &[Statement],
    role: Role,
    record: u32,
) -> Option<Statement> {
    let start = column.partition_point(|statement| statement.entity.0 < record);
    let own = column.iter().skip(start).take_while(|statement| statement.entity.0 == record);
    let holding = own.filter(|statement| {
        part.status(statement.qualifier).counts() && statement.value.is_known()
    });
    let weight = |statement: &&Statement| part.status(statement.qualifier).weight();
    let bounds = |statement: &Statement| {
        let value = part.times(role).value(statement.value.0, &part.texts, role);
        value.map(|value| value.packed().bounds())
    };
    // Of two that weigh the same, the finer is the value.
    let best = holding.reduce(|best, other| {
        let is_finer = match (bounds(other), bounds(best)) {
            (Some(other), Some(best)) => other != best && other.is_within(&best),
            _ => false,
        };
        match weight(&other).cmp(&weight(&best)) {
            std::cmp::Ordering::Less => other,
            std::cmp::Ordering::Equal if is_finer => other,
            _ => best,
        }
    });
    best.copied()
}

/// Returns a date of a piece as it is written.
pub(super) fn written_date(part: &PieceFacts, role: Role, statement: &Statement) -> LedgerDate {
    let text = part.times(role).texts().get(statement.value.0 as usize).copied();
    LedgerDate {
        text: text.map_or_else(String::new, |text| part.texts.get(text).to_owned()),
        is_period: role == Role::Period,
        is_disputed: part.status(statement.qualifier) == Status::Disputed,
    }
}

/// Says how the calendar places a date by another.
pub(super) fn placement(kind: RelativeKind, distance: Option<RelativeDistance>) -> Placement {
    let distance = distance.map(|distance| match distance.unit {
        CalendarUnit::Day => Distance::Days(distance.count),
        CalendarUnit::Week => Distance::Days(distance.count.saturating_mul(7)),
        CalendarUnit::Month => Distance::Months(distance.count),
        CalendarUnit::Year => Distance::Months(distance.count.saturating_mul(12)),
    });
    match (kind, distance) {
        (RelativeKind::After, None) => Placement::After,
        (RelativeKind::Before, None) => Placement::Before,
        (RelativeKind::After, Some(distance)) => Placement::LaterBy(distance),
        (RelativeKind::Before, Some(distance)) => Placement::EarlierBy(distance),
    }
}

fn finding(sources: &Sources, contradiction: &Contradiction, links: &[Span]) -> Diagnostic {
    let place = |link: &LinkId| links.get(link.0 as usize).copied();
    let mut places: Vec<Span> = contradiction.links.iter().filter_map(place).collect();
    places.sort();
    places.dedup();
    let first = places.first().copied().unwrap_or(Span::new(crate::source::FileId(0), 0, 0));
    let shown = sources.slice(first);
    let (message, here, there) = match contradiction.kind {
        ContradictionKind::Cycle => (
            format!("`{shown}` leads in a circle: something would have to come before itself"),
            "a link of the circle",
            "another link of the circle",
        ),
        ContradictionKind::NoDayLeft => (
            format!("`{shown}` leaves no day: it contradicts the dates that are given"),
            "leaves no day",
            "another link of the chain",
        ),
    };
    let mut found = Diagnostic::new(code::IMPOSSIBLE_ORDER, message, first, here);
    for other in places.iter().skip(1) {
        found = found.and_at(*other, there);
    }
    found.help("correct one of the dates or one of the links; mark a link that a source has wrong by `(rejected)` on its value")
}
