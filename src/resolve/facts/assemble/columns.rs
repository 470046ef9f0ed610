//! The statements of each field, in the order of records.

use super::order::time_ranks;
use super::{Places, Renumbering, at, entity_of};
use crate::model::{
    Column, EntityId, Facts, Field, FieldRole, NumberRank, QualifierId, Statement, StringId, Type,
    ValueCode,
};
use crate::resolve::facts::unit::PieceFacts;
use rayon::prelude::*;
use std::ops::Range;

/// Puts the statements of each field into the order of records, and gives back what the pieces held.
pub(super) fn columns(
    facts: &Facts,
    parts: &mut [PieceFacts],
    renumberings: &[Renumbering],
    places: &Places,
) -> Vec<Column> {
    let fields = facts.schema.fields.iter().enumerate().map(|(field, declared)| {
        let of_part = |part: &mut PieceFacts| {
            part.columns.get_mut(field).map(std::mem::take).unwrap_or_default()
        };
        (declared, parts.iter_mut().map(of_part).collect())
    });
    let fields: Vec<(&Field, Vec<Vec<Statement>>)> = fields.collect();
    let (parts, renumberings) = (&*parts, renumberings);
    let each = fields.into_par_iter().map(|(field, written)| {
        let renumbering =
            ColumnRenumbering { field, places, range: facts.records_of(field.relation) };
        renumbering.column(written, parts, renumberings)
    });
    each.collect()
}

/// How the statements of a field get their places.
struct ColumnRenumbering<'a> {
    field: &'a Field,
    places: &'a Places,
    /// The records of the field's relation.
    range: Range<u32>,
}

impl ColumnRenumbering<'_> {
    fn column(
        &self,
        mut written: Vec<Vec<Statement>>,
        parts: &[PieceFacts],
        renumberings: &[Renumbering],
    ) -> Column {
        // By record: how many statements come before its own.
        let mut next = vec![0u32; self.range.len() + 1];
        for ((statements, part), renumbering) in written.iter_mut().zip(parts).zip(renumberings) {
            statements.retain_mut(|statement| {
                let Some(renumbered) = self.statement(statement, part, renumbering) else {
                    return false;
                };
                *statement = renumbered;
                let place = (renumbered.entity.0 - self.range.start) as usize + 1;
                next.get_mut(place).map(|count| *count += 1).is_some()
            });
        }
        let mut total = 0;
        for count in &mut next {
            total += *count;
            *count = total;
        }
        let nothing = Statement {
            entity: EntityId(0),
            value: ValueCode::UNKNOWN,
            line: 0,
            qualifier: QualifierId(0),
        };
        let mut statements = vec![nothing; total as usize];
        // Piece after piece, so that the values of a record stay in the order written.
        for statement in written.into_iter().flatten() {
            let next = next.get_mut((statement.entity.0 - self.range.start) as usize);
            if let Some(next) = next
                && let Some(slot) = statements.get_mut(*next as usize)
            {
                *slot = statement;
                *next += 1;
            }
        }
        if self.field.role == FieldRole::Source {
            // The sources that a record cites come in the order in which they are declared.
            let written = |statement: &Statement| {
                self.places.written.get(statement.value.0 as usize).copied()
            };
            statements
                .chunk_by_mut(|one, other| one.entity == other.entity)
                .filter(|group| group.len() > 1)
                .for_each(|group| group.sort_by_key(written));
        }
        Column { statements }
    }

    fn statement(
        &self,
        statement: &Statement,
        part: &PieceFacts,
        renumbering: &Renumbering,
    ) -> Option<Statement> {
        let entity = entity_of(&self.places.new, part.first_record + statement.entity.0)?;
        let value = self.value(statement, part, renumbering)?;
        let qualifier = QualifierId(at(&renumbering.qualifiers, statement.qualifier.0));
        Some(Statement { entity, value, line: statement.line, qualifier })
    }

    fn value(
        &self,
        statement: &Statement,
        part: &PieceFacts,
        renumbering: &Renumbering,
    ) -> Option<ValueCode> {
        let value = statement.value;
        if !value.is_known() {
            return Some(value);
        }
        let code = match &self.field.value_type {
            Type::Text | Type::Url => {
                self.places.string(part, statement.entity.0, StringId(value.0))?.0
            }
            Type::Integer | Type::Decimal | Type::Quantity(_) => {
                NumberRank(*renumbering.numbers.get(value.0 as usize)?).0
            }
            Type::Date | Type::Period => {
                *time_ranks(self.field, renumbering).get(value.0 as usize)?
            }
            Type::Words(_) => value.0,
            Type::Reference { .. } => entity_of(&self.places.new, part.link(value.0)?)?.0,
        };
        Some(ValueCode(code))
    }
}
