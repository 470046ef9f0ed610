//! What the schema says of the fields that a question reads.

use super::Evaluator;
use super::found::FoundValue;
use super::lens::Column;
use crate::model::{EntityId, Field, FieldId, FieldRole, Type, ValueCode};
use crate::time::Role;

impl<'i> Evaluator<'i> {
    /// Returns how a field is declared.
    pub(super) fn field(&self, field: FieldId) -> Option<&'i Field> {
        self.index.schema().fields.get(field.index())
    }

    /// Returns whether a field holds dates or periods; nothing where it holds neither.
    pub(super) fn role_of(&self, field: FieldId) -> Option<Role> {
        match self.field(field)?.value_type {
            Type::Date => Some(Role::Moment),
            Type::Period => Some(Role::Period),
            _ => None,
        }
    }

    /// Tells whether a field holds words of a list.
    pub(super) fn is_word(&self, field: FieldId) -> bool {
        self.field(field).is_some_and(|field| matches!(field.value_type, Type::Words(_)))
    }

    /// Tells whether a field refers to records.
    pub(super) fn refers(&self, field: FieldId) -> bool {
        self.field(field).is_some_and(|field| !field.value_type.targets().is_empty())
    }

    /// Returns what a field holds, be it a record.
    pub(super) fn value_of(&self, field: FieldId, code: ValueCode) -> FoundValue {
        match code.is_known() && self.refers(field) {
            true => FoundValue::Entity(EntityId(code.0)),
            false => FoundValue::of(field, code),
        }
    }

    /// Tells whether a field is the built-in one of a role.
    pub(super) fn has_role(&self, field: FieldId, role: FieldRole) -> bool {
        self.field(field).is_some_and(|field| field.role == role)
    }

    /// Tells whether the records of a relation stand in the order of a field, each with one plain value.
    pub(super) fn orders_records(&self, column: &Column<'_>) -> bool {
        let relation = self.field(column.field).map(|field| field.relation);
        let relation = relation.and_then(|id| self.index.schema().relations.get(id.index()));
        let records = column.reader.records().len();
        column.is_simple
            && relation.is_some_and(|relation| relation.own_date == Some(column.field))
            && column.reader.is_total()
            && column.reader.len() as usize == records
    }

    /// Returns the field of a record's own date.
    pub(super) fn own_field(&self, row: EntityId) -> Option<FieldId> {
        let relation = self.index.relation_of(row)?;
        self.index.schema().relations.get(relation.index())?.own_date
    }
}
