//! The statements of fields, as looking for names needs them.

use crate::model::{EntityId, Facts, Field, FieldId, Statement, StringId, TimeRank};
use std::cell::OnceCell;

/// Columns that were asked for once and are asked for again.
pub(super) struct KeptColumns<'f> {
    facts: &'f Facts,
    /// By field.
    columns: Vec<OnceCell<Vec<Statement>>>,
}

impl<'f> KeptColumns<'f> {
    /// None was asked for yet.
    pub(super) fn new(facts: &'f Facts) -> KeptColumns<'f> {
        KeptColumns { facts, columns: vec![OnceCell::new(); facts.schema.fields.len()] }
    }

    /// Returns the statements of a field.
    pub(super) fn of(&self, field: FieldId) -> &[Statement] {
        let kept = self.columns.get(field.index());
        kept.map_or(&[], |kept| kept.get_or_init(|| self.facts.column(field).iter().collect()))
    }

    /// Returns the statements of a field of a record.
    pub(super) fn of_record(&self, field: FieldId, entity: EntityId) -> &[Statement] {
        let all = self.of(field);
        let start = all.partition_point(|each| each.entity < entity);
        let end = all.partition_point(|each| each.entity <= entity);
        all.get(start..end).unwrap_or(&[])
    }
}

/// Returns the fields that are wanted.
pub(super) fn fields_with(
    facts: &Facts,
    is_wanted: impl Fn(&Field) -> bool,
) -> impl Iterator<Item = (FieldId, &Field)> {
    let fields = (0u32..).map(FieldId).zip(&facts.schema.fields);
    fields.filter(move |(_, field)| is_wanted(field))
}

/// Returns the text of a statement.
pub(super) fn text_of<'f>(facts: &'f Facts, statement: &Statement) -> &'f str {
    facts.strings.get(StringId(statement.value.0))
}

/// Returns the period in which a statement holds.
pub(super) fn period_of(facts: &Facts, statement: &Statement) -> Option<TimeRank> {
    facts.qualifiers.get(statement.qualifier.index())?.period
}
