//! Dates that other records place, as a ledger keeps them: apart from the pieces that say them.

use super::chronology::{best_own_date, written_date};
use super::declare::id_hash;
use super::times::unknown_time;
use super::unit::{Unit, own_date};
use crate::index::{LedgerDate, LedgerPlaced};
use crate::model::{FieldId, Schema, Statement, StringId};
use crate::time::{Role, Settings, Value};
use std::collections::HashMap;

/// Returns the placed dates of a piece in their order; nothing where one is of no statement.
pub(super) fn placed_dates(unit: &Unit, schema: &Schema) -> Option<Vec<LedgerPlaced>> {
    let facts = &unit.facts;
    if facts.placed.is_empty() {
        return Some(Vec::new());
    }
    let mut said: HashMap<(Role, u32), (FieldId, Statement, u64)> = HashMap::new();
    for (id, field) in (0..).map(FieldId).zip(&schema.fields) {
        let relation = schema.relation(field.relation);
        let Some(role) = field.value_type.role() else { continue };
        let column: Vec<Statement> = facts.columns.get(id.index())?.iter().collect();
        for statement in &column {
            if facts.times(role).placed(statement.value.0).is_none() {
                continue;
            }
            let is_own = own_date(schema, relation).is_some_and(|(own, _)| own == id);
            let best = is_own.then(|| best_own_date(facts, &column, role, statement.entity.0));
            let is_best = best.flatten().is_some_and(|best| best.value == statement.value);
            let own_of = if is_best { unit.declared.hash(statement.entity.0) } else { 0 };
            said.insert((role, statement.value.0), (id, *statement, own_of));
        }
    }
    let placed = facts.placed.iter().map(|time| {
        let (field, statement, own_of) = said.get(&(time.role, time.number))?;
        let relatives = time.relatives.iter().map(|(relative, _)| {
            let anchor = id_hash(facts.references.ids.get(StringId(relative.anchor.0)));
            (relative.kind, relative.distance, anchor)
        });
        Some(LedgerPlaced {
            field: field.0,
            line: statement.line,
            date: written_date(facts, time.role, statement),
            own_of: *own_of,
            by: relatives.collect(),
        })
    });
    placed.collect()
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
