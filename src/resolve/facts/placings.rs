//! Dates that other records place, as a ledger keeps them: apart from the pieces that say them.

use super::chronology::{best_own_date, written_date};
use super::declare::id_hash;
use super::times::unknown_time;
use super::unit::Unit;
use crate::index::{LedgerDate, LedgerPlaced};
use crate::model::{FieldId, Qualifier, Schema, Statement, StringId};
use crate::time::{Role, Settings, Value};
use std::collections::HashMap;

/// Returns the placed dates of a piece in their order, and behind them those of which it is said how they are placed
/// and which are not, such as one of several in braces; nothing where one is of no statement.
pub(super) fn placed_dates(unit: &Unit, schema: &Schema) -> Option<Vec<LedgerPlaced>> {
    let facts = &unit.facts;
    if facts.qualifiers.iter().all(|qualifier| qualifier.relatives.is_empty()) {
        return Some(Vec::new());
    }
    let mut said: HashMap<(Role, u32), LedgerPlaced> = HashMap::new();
    let mut others = Vec::new();
    let mut header_lines: Option<Vec<u32>> = None;
    for (id, field) in (0..).map(FieldId).zip(&schema.fields) {
        let Some(role) = field.value_type.role() else { continue };
        let is_own = schema.relation(field.relation).own_date == Some(id);
        let column: Vec<Statement> = facts.columns.get(id.index())?.iter().collect();
        let header_lines = header_lines.get_or_insert_with(|| facts.header_lines());
        for statement in &column {
            let qualifier = facts.qualifier(statement.qualifier);
            if !qualifier.is_some_and(Qualifier::is_placing) || !statement.value.is_known() {
                continue;
            }
            let date = written_date(facts, role, statement);
            let header = header_lines.get(statement.entity.index()).copied().unwrap_or(0);
            let line = header.wrapping_add(statement.line);
            let mut one = LedgerPlaced { field: id.0, line, date, own_of: 0, by: Vec::new() };
            if facts.times(role).placed(statement.value.0).is_none() {
                others.push(one);
                continue;
            }
            let best = is_own.then(|| best_own_date(facts, &column, role, statement.entity.0));
            if best.flatten().is_some_and(|best| best.value == statement.value) {
                one.own_of = unit.declared.hash(statement.entity.0);
            }
            said.insert((role, statement.value.0), one);
        }
    }
    let placed = facts.placed.iter().map(|time| {
        let relatives = time.relatives.iter().map(|(relative, _)| {
            let anchor = id_hash(facts.references.ids.get(StringId(relative.anchor.0)));
            (relative.kind, relative.distance, anchor)
        });
        let one = said.remove(&(time.role, time.number))?;
        Some(LedgerPlaced { by: relatives.collect(), ..one })
    });
    let mut all: Vec<LedgerPlaced> = placed.collect::<Option<_>>()?;
    all.extend(others);
    Some(all)
}

/// Returns what a date says as it is written, taken as it is when it is narrowed.
pub(super) fn value_of(date: &LedgerDate) -> Option<Value> {
    let role = if date.is_period { Role::Period } else { Role::Moment };
    if date.text == "unknown" {
        return Value::from_packed(&unknown_time(role));
    }
    let value = Value::read(&date.text, role, &Settings::DEFAULT).ok()?;
    Some(Value::from_packed(&value.packed()).unwrap_or(value))
}
