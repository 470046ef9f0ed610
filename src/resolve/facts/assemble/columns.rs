//! The statements of each field, in the order of records: put in order when somebody asks for them.

use super::order::time_ranks;
use super::{Places, Renumbering, at};
use crate::model::{
    Columns, EntityId, Facts, Field, FieldId, FieldRole, NumberRank, QualifierId, Statement,
    StringId, Type, ValueCode,
};
use crate::resolve::facts::unit::PieceFacts;
use std::ops::Range;

/// A place without a statement.
const NOTHING: Statement = Statement {
    entity: EntityId(u32::MAX),
    value: ValueCode::UNKNOWN,
    line: 0,
    qualifier: QualifierId(0),
};

/// The statements of all pieces, with the numbers that what they name has among all.
#[derive(Debug)]
pub(super) struct PlacedColumns {
    fields: Vec<(Field, Range<u32>)>,
    parts: Vec<PieceFacts>,
    /// By piece.
    renumberings: Vec<Renumbering>,
    pub(super) places: Places,
}

impl PlacedColumns {
    /// The statements of `parts`, whose records are those of `facts`.
    pub(super) fn new(
        facts: &Facts,
        parts: Vec<PieceFacts>,
        renumberings: Vec<Renumbering>,
        places: Places,
    ) -> PlacedColumns {
        let fields = facts.schema.fields.iter();
        let fields = fields.map(|field| (field.clone(), facts.records_of(field.relation)));
        PlacedColumns { fields: fields.collect(), parts, renumberings, places }
    }
}

impl Columns for PlacedColumns {
    fn statements(&self, field: FieldId) -> Vec<Statement> {
        let Some((declared, range)) = self.fields.get(field.index()) else { return Vec::new() };
        let next = self.places_of(field, range);
        let total = next.last().copied().unwrap_or(0);
        let mut statements = vec![NOTHING; total as usize];
        let placed = self.put(field, declared, range, next, &mut statements);
        if placed < total {
            // Some name a record that is left out.
            statements.retain(|statement| statement.entity != NOTHING.entity);
        }
        if declared.role == FieldRole::Source {
            put_cited_in_order(&mut statements, |statement| {
                self.places.written.get(statement.value.0 as usize).copied()
            });
        }
        statements
    }
}

/// Puts the sources that each record cites in the order in which they are declared.
pub(in crate::resolve::facts) fn put_cited_in_order<K: Ord>(
    statements: &mut [Statement],
    written: impl Fn(&Statement) -> K,
) {
    let of_records = statements.chunk_by_mut(|one, other| one.entity == other.entity);
    let several = of_records.filter(|group| group.len() > 1);
    several.for_each(|group| group.sort_by_key(&written));
}

impl PlacedColumns {
    /// Returns for each record how many statements there are before its own, and at last how many there are. Statements
    /// are unpacked twice, since holding them meanwhile would take more time and memory.
    fn places_of(&self, field: FieldId, range: &Range<u32>) -> Vec<u32> {
        let mut next = vec![0u32; range.len() + 1];
        for part in &self.parts {
            let Some(packed) = part.columns.get(field.index()) else { continue };
            for statement in packed.iter() {
                let number = part.first_record + statement.entity.0;
                let Some(entity) = self.places.entity(number) else { continue };
                if let Some(count) = next.get_mut((entity.0 - range.start) as usize + 1) {
                    *count += 1;
                }
            }
        }
        let mut total = 0;
        for count in &mut next {
            total += *count;
            *count = total;
        }
        next
    }

    /// Puts the statements of a field into their places, piece after piece, so that the values of a record stay in the
    /// order written. Returns how many there are.
    fn put(
        &self,
        field: FieldId,
        declared: &Field,
        range: &Range<u32>,
        mut next: Vec<u32>,
        statements: &mut [Statement],
    ) -> u32 {
        let mut count = 0;
        for (part, renumbering) in self.parts.iter().zip(&self.renumberings) {
            let Some(packed) = part.columns.get(field.index()) else { continue };
            for statement in packed.iter() {
                let Some(now) = self.statement(declared, statement, part, renumbering) else {
                    continue;
                };
                let next = next.get_mut((now.entity.0 - range.start) as usize);
                if let Some(next) = next
                    && let Some(slot) = statements.get_mut(*next as usize)
                {
                    *slot = now;
                    *next += 1;
                    count += 1;
                }
            }
        }
        count
    }

    /// Gives a statement its numbers among all; none where its record, or the one that it names, is left out.
    fn statement(
        &self,
        field: &Field,
        statement: Statement,
        part: &PieceFacts,
        renumbering: &Renumbering,
    ) -> Option<Statement> {
        let entity = self.places.entity(part.first_record + statement.entity.0)?;
        let value = self.value(field, statement, part, renumbering)?;
        let qualifier = QualifierId(at(&renumbering.qualifiers, statement.qualifier.0));
        Some(Statement { entity, value, line: statement.line, qualifier })
    }

    fn value(
        &self,
        field: &Field,
        statement: Statement,
        part: &PieceFacts,
        renumbering: &Renumbering,
    ) -> Option<ValueCode> {
        let value = statement.value;
        if !value.is_known() {
            return Some(value);
        }
        let code = match &field.value_type {
            Type::Text | Type::Url => {
                self.places.string(part, statement.entity.0, StringId(value.0))?.0
            }
            Type::Integer | Type::Decimal | Type::Quantity(_) => {
                NumberRank(*renumbering.numbers.get(value.0 as usize)?).0
            }
            Type::Date | Type::Period => *time_ranks(field, renumbering).get(value.0 as usize)?,
            Type::Words(_) => value.0,
            Type::Reference { .. } => self.places.entity(part.link(value.0)?)?.0,
        };
        Some(ValueCode(code))
    }
}
