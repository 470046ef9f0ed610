//! The statements of each field, in the order of records: put in order when somebody asks for them.

use super::order::time_ranks;
use super::{Places, Renumbering, at};
use crate::model::{
    Columns, EntityId, Facts, Field, FieldId, FieldRole, QualifierId, Statement, StatementColumn,
    StringId, Type, ValueCode,
};
use crate::resolve::facts::packed::PackedStatements;
use crate::resolve::facts::unit::PieceFacts;
use std::ops::Range;

/// What stands where there is no statement: no table has so many values.
const NOTHING: ValueCode = ValueCode::LAST;

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
    fn statements(&self, field: FieldId) -> StatementColumn {
        let Some((declared, range)) = self.fields.get(field.index()) else {
            return StatementColumn::default();
        };
        let mut statements = self
            .at_most_one_each(field, declared, range)
            .unwrap_or_else(|| self.several_each(field, declared, range));
        if declared.role == FieldRole::Source {
            statements.sort_values_of_each_by_key(|source| {
                self.places.written.get(source.0 as usize).copied()
            });
        }
        statements
    }
}

/// The statements of a field on the way to their places.
struct Placing {
    /// By place: [`NOTHING`] where no statement was put.
    values: Vec<ValueCode>,
    lines: Vec<u32>,
    /// Nothing where none has one.
    qualifiers: Option<Vec<QualifierId>>,
    placed: usize,
}

impl Placing {
    fn new(room: usize, is_qualified: bool) -> Placing {
        Placing {
            values: vec![NOTHING; room],
            lines: vec![0; room],
            qualifiers: is_qualified.then(|| vec![QualifierId(0); room]),
            placed: 0,
        }
    }

    /// Puts a statement into a place. Whether that was taken already is not asked of each: that would mean to wait for
    /// its memory.
    #[inline]
    fn put(&mut self, place: usize, value: ValueCode, line: u32, qualifier: QualifierId) {
        let slots = (self.values.get_mut(place), self.lines.get_mut(place));
        let (Some(value_slot), Some(line_slot)) = slots else { return };
        (*value_slot, *line_slot) = (value, line);
        if let Some(slot) = self.qualifiers.as_mut().and_then(|all| all.get_mut(place)) {
            *slot = qualifier;
        }
        self.placed += 1;
    }

    /// Closes up the places at which none was put; `owners` has the record of each place. Nothing where some place was
    /// taken twice.
    fn finish(self, mut owners: Vec<EntityId>) -> Option<StatementColumn> {
        let Placing { mut values, mut lines, mut qualifiers, placed } = self;
        let is_there: Vec<bool> = values.iter().map(|value| *value != NOTHING).collect();
        keep(&mut owners, &is_there);
        keep(&mut values, &is_there);
        keep(&mut lines, &is_there);
        qualifiers.iter_mut().for_each(|qualifiers| keep(qualifiers, &is_there));
        let column = StatementColumn::listed(owners, values, lines, qualifiers);
        (column.len() == placed).then_some(column)
    }
}

/// Keeps the elements that are to stay.
fn keep<T>(elements: &mut Vec<T>, stays: &[bool]) {
    let mut stays = stays.iter();
    elements.retain(|_| stays.next() == Some(&true));
}

impl PlacedColumns {
    /// Returns the statements of a field, piece by piece, as they are packed.
    fn packed(&self, field: FieldId) -> impl Iterator<Item = &PackedStatements> {
        self.parts.iter().filter_map(move |part| part.columns.get(field.index()))
    }

    /// Tells whether some statement of a field has something in parentheses.
    fn is_qualified(&self, field: FieldId) -> bool {
        self.packed(field).any(PackedStatements::is_qualified)
    }

    /// Puts the statements of a field where their record stands among those of its relation; nothing where some record
    /// has several, or where most have none, so that room for each would be wasted.
    fn at_most_one_each(
        &self,
        field: FieldId,
        declared: &Field,
        range: &Range<u32>,
    ) -> Option<StatementColumn> {
        let count: usize = self.packed(field).map(PackedStatements::len).sum();
        if count > range.len() || count < range.len() / 2 {
            return None;
        }
        let mut placing = Placing::new(range.len(), self.is_qualified(field));
        self.renumbered(field, declared, |Statement { entity, value, line, qualifier }| {
            placing.put((entity.0 - range.start) as usize, value, line, qualifier);
        });
        if placing.placed == range.len() && !placing.values.contains(&NOTHING) {
            let Placing { values, lines, qualifiers, .. } = placing;
            let first = EntityId(range.start);
            return Some(StatementColumn::of_each(first, values, lines, qualifiers));
        }
        placing.finish(range.clone().map(EntityId).collect())
    }

    /// Puts the statements of a field into their places, piece after piece, so that the values of a record stay in the
    /// order written. They are unpacked twice, since holding them meanwhile would take more time and memory.
    fn several_each(
        &self,
        field: FieldId,
        declared: &Field,
        range: &Range<u32>,
    ) -> StatementColumn {
        let mut next = self.counts_before(field, range);
        let total = next.last().copied().unwrap_or(0) as usize;
        let mut owners = Vec::with_capacity(total);
        for (entity, end) in range.clone().zip(next.iter().skip(1)) {
            owners.resize(*end as usize, EntityId(entity));
        }
        let mut placing = Placing::new(total, self.is_qualified(field));
        self.renumbered(field, declared, |Statement { entity, value, line, qualifier }| {
            let next = next.get_mut((entity.0 - range.start) as usize);
            if let Some(next) = next {
                placing.put(*next as usize, value, line, qualifier);
                *next += 1;
            }
        });
        if placing.placed == total {
            let Placing { values, lines, qualifiers, .. } = placing;
            return StatementColumn::listed(owners, values, lines, qualifiers);
        }
        // Some name a record that is left out.
        placing.finish(owners).unwrap_or_default()
    }

    /// Returns for each record how many statements there are before its own, and at last how many there are.
    fn counts_before(&self, field: FieldId, range: &Range<u32>) -> Vec<u32> {
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

    /// Goes through the statements of a field in the order written, with the numbers that they have among all; without
    /// those of which the record, or the one that they name, is left out.
    fn renumbered(&self, field: FieldId, declared: &Field, mut take: impl FnMut(Statement)) {
        for (part, renumbering) in self.parts.iter().zip(&self.renumberings) {
            let Some(packed) = part.columns.get(field.index()) else { continue };
            let numbers = Numbers::of(declared, part, renumbering);
            for Statement { entity: local, value, line, qualifier } in packed.iter() {
                let Some(entity) = self.places.entity(part.first_record + local.0) else {
                    continue;
                };
                let value = match value.is_known() {
                    false => value,
                    true => match numbers.among_all(&self.places, entity, local.0, value.0) {
                        Some(code) => ValueCode(code),
                        None => continue,
                    },
                };
                let qualifier = QualifierId(at(&renumbering.qualifiers, qualifier.0));
                take(Statement { entity, value, line, qualifier });
            }
        }
    }
}

/// By what the values of a field are numbered among all, where they have numbers of a piece.
enum Numbers<'p> {
    /// By record: where its strings end among those of the piece.
    Strings(&'p [u32]),
    /// By number of the piece.
    Table(&'p [u32]),
    /// By reference: the record's number in the order of writing.
    Records(&'p [u32]),
    /// They are the same in all pieces.
    Same,
}

impl<'p> Numbers<'p> {
    fn of(field: &Field, part: &'p PieceFacts, renumbering: &'p Renumbering) -> Numbers<'p> {
        match &field.value_type {
            Type::Text | Type::Url => Numbers::Strings(&part.string_ends),
            Type::Integer | Type::Decimal | Type::Quantity(_) => {
                Numbers::Table(&renumbering.numbers)
            }
            Type::Date | Type::Period => Numbers::Table(time_ranks(field, renumbering)),
            Type::Words(_) => Numbers::Same,
            Type::Reference { .. } => Numbers::Records(&part.linked),
        }
    }

    /// Returns the number among all of a value of a record, which is the `local`th of the piece; nothing where it names
    /// a record that is left out.
    fn among_all(&self, places: &Places, entity: EntityId, local: u32, value: u32) -> Option<u32> {
        match self {
            Numbers::Strings(ends) => {
                places.string(ends, entity, local, StringId(value)).map(|id| id.0)
            }
            Numbers::Table(numbers) => numbers.get(value as usize).copied(),
            Numbers::Records(linked) => Some(places.entity(*linked.get(value as usize)?)?.0),
            Numbers::Same => Some(value),
        }
    }
}
