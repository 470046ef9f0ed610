//! What ties a piece to others beyond the names in it: values that no other record may have, and links that must not
//! lead back.
//!
//! In: a piece that was read by itself. Out: hashes, by which a ledger tells whether all is well without the facts. Where
//! they say that it is not, the facts have to tell.

use super::unit::Unit;
use crate::model::{FieldId, Schema, Statement, StringId, Type};
use crate::source::content_hash;
use crate::time::Role;
use std::collections::HashSet;

/// A value that no other record may have: its field, and a hash of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct UniqueValue {
    pub field: FieldId,
    pub hash: u64,
}

/// A link of a field by which no record may lead back to itself: the hashes of the identifiers at both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Link {
    pub field: FieldId,
    pub from: u64,
    pub to: u64,
}

/// Returns the values of pieces that no other record may have, each once a record; nothing where what a value comes to
/// hangs on other records.
pub(super) fn unique_values(units: &[Unit], schema: &Schema) -> Option<Vec<UniqueValue>> {
    let mut all = Vec::new();
    for (number, field) in (0..).zip(&schema.fields).filter(|(_, field)| field.unique) {
        let field_id = FieldId(number);
        for unit in units {
            if field.value_type.is_time() && !unit.facts.placed.is_empty() {
                return None;
            }
            // A record may have one value twice.
            let mut seen: HashSet<(u32, u64)> = HashSet::new();
            for statement in holding(unit, field_id) {
                let hash = value_hash(unit, field_id, &field.value_type, &statement);
                if seen.insert((statement.entity.0, hash)) {
                    all.push(UniqueValue { field: field_id, hash });
                }
            }
        }
    }
    Some(all)
}

/// Returns the links of pieces that must not lead back. What has no identifier is led to by none.
pub(super) fn links(units: &[Unit], schema: &Schema) -> Vec<Link> {
    let mut all = Vec::new();
    for (number, _) in (0..).zip(&schema.fields).filter(|(_, field)| field.acyclic) {
        let field = FieldId(number);
        for unit in units {
            let ids = &unit.facts.references.ids;
            let links = holding(unit, field).filter_map(|statement| {
                let from = unit.declared.hash(statement.entity.0);
                let to = super::declare::id_hash(ids.get(StringId(statement.value.0)));
                (from != 0).then_some(Link { field, from, to })
            });
            all.extend(links);
        }
    }
    all
}

/// Returns the statements of a field that say something.
fn holding(unit: &Unit, field: FieldId) -> impl Iterator<Item = Statement> {
    let statements = unit.facts.columns.get(field.index()).into_iter();
    let statements = statements.flat_map(|packed| packed.iter());
    statements.filter(|each| each.value.is_known() && unit.facts.status(each.qualifier).counts())
}

/// Hashes a value with its field. Values are alike where they are written alike: a date in other words is another one.
fn value_hash(unit: &Unit, field: FieldId, value_type: &Type, statement: &Statement) -> u64 {
    let facts = &unit.facts;
    let number = statement.value.0;
    let time = |role: Role| {
        let text = facts.times(role).texts().get(number as usize).copied();
        facts.texts.get(text.unwrap_or(StringId(u32::MAX)))
    };
    let word;
    let text = match value_type {
        Type::Text | Type::Url => facts.strings.get(StringId(number)),
        Type::Date => time(Role::Moment),
        Type::Period => time(Role::Period),
        Type::Integer | Type::Decimal | Type::Quantity(_) => {
            let written = facts.numbers.get(number as usize).map(|number| number.text);
            facts.texts.get(written.unwrap_or(StringId(u32::MAX)))
        }
        Type::Words(_) => {
            word = number.to_string();
            &word
        }
        Type::Reference { .. } => facts.references.ids.get(StringId(number)),
    };
    let mut bytes = field.0.to_le_bytes().to_vec();
    bytes.extend(text.as_bytes());
    content_hash(&bytes)
}
