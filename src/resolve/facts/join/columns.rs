//! The statements of both sides, with the numbers that they have now.

use super::{Numbers, Sides};
use crate::model::{
    Columns, EntityId, Facts, Field, FieldId, FieldRole, KnownWords, QualifierId, SOURCE_RELATION,
    Statement, StringId, Type, ValueCode, WordLists,
};
use crate::resolve::facts::assemble::put_cited_in_order;
use std::fmt;

/// The columns of both sides.
pub(super) struct JoinedColumns {
    sides: Sides,
    /// The first source, and where each is written: file and line.
    sources: (u32, Vec<(u32, u32)>),
}

impl fmt::Debug for JoinedColumns {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("JoinedColumns").finish_non_exhaustive()
    }
}

impl JoinedColumns {
    /// Takes the columns of both sides; `joined` has all records.
    pub(super) fn new(joined: &Facts, sides: Sides) -> JoinedColumns {
        let range = joined.records_of(SOURCE_RELATION);
        let sources = joined.records.get(range.start as usize..range.end as usize);
        let written = sources.unwrap_or_default().iter().map(|record| (record.file, record.line));
        JoinedColumns { sides, sources: (range.start, written.collect()) }
    }
}

impl Columns for JoinedColumns {
    fn statements(&self, id: FieldId) -> Vec<Statement> {
        let Some(field) = self.sides.before.0.schema.fields.get(id.index()) else {
            return Vec::new();
        };
        let [before, fresh] = self.sides.both().map(|side| statements_now(side, id, field));
        let mut statements = merge(before, &fresh);
        if field.role == FieldRole::Source {
            let (first, written) = &self.sources;
            put_cited_in_order(&mut statements, |statement| {
                written.get(statement.value.0.wrapping_sub(*first) as usize).copied()
            });
        }
        statements
    }

    /// Those of the files that are as they were are known.
    fn words(&self, id: FieldId) -> Option<KnownWords> {
        let Sides { before: (before, numbers), fresh } = &self.sides;
        let field = before.schema.fields.get(id.index())?;
        let known = before.known_words(id)?.lists;
        let mut lists =
            WordLists::with_capacity(known.word_count() as usize, known.bytes(), known.pairs());
        for rank in 0..known.word_count() {
            let records = known.records(rank).iter();
            let now = records.filter_map(|entity| Numbers::of(&numbers.records, entity.0));
            lists.push(known.word(rank), now.map(EntityId));
        }
        Some(KnownWords { lists, unread: statements_now(fresh, id, field) })
    }
}

/// Returns the statements of a side, with their numbers now.
fn statements_now(side: &(Facts, Numbers), id: FieldId, field: &Field) -> Vec<Statement> {
    let (facts, numbers) = side;
    let mut statements = facts.column(id);
    statements.retain_mut(|statement| {
        let now = statement_now(field, *statement, numbers);
        now.map(|now| *statement = now).is_some()
    });
    statements
}

/// Puts a few statements among many; both are in order, and no record has statements of both.
fn merge(many: Vec<Statement>, few: &[Statement]) -> Vec<Statement> {
    if few.is_empty() {
        return many;
    }
    let mut merged = Vec::with_capacity(many.len() + few.len());
    let mut rest = many.as_slice();
    for of_record in few.chunk_by(|one, other| one.entity == other.entity) {
        let is_before = |each: &Statement| {
            of_record.first().is_some_and(|statement| each.entity < statement.entity)
        };
        let (run, behind) = rest.split_at(rest.partition_point(is_before));
        merged.extend_from_slice(run);
        merged.extend_from_slice(of_record);
        rest = behind;
    }
    merged.extend_from_slice(rest);
    merged
}

/// Returns a statement with its numbers now; nothing if its record is no more.
fn statement_now(field: &Field, statement: Statement, numbers: &Numbers) -> Option<Statement> {
    let entity = Numbers::of(&numbers.records, statement.entity.0)?;
    let value = statement.value;
    let code = match &field.value_type {
        _ if !value.is_known() => value.0,
        Type::Text | Type::Url => {
            numbers.strings.of_record(statement.entity.0, StringId(value.0))?.0
        }
        Type::Integer | Type::Decimal | Type::Quantity(_) => {
            Numbers::of(&numbers.numbers, value.0)?
        }
        Type::Date => Numbers::of(&numbers.dates, value.0)?,
        Type::Period => Numbers::of(&numbers.periods, value.0)?,
        Type::Words(_) => value.0,
        Type::Reference { .. } => numbers.target(EntityId(value.0))?.0,
    };
    let qualifier = Numbers::of(&numbers.qualifiers, statement.qualifier.0)?;
    Some(Statement {
        entity: EntityId(entity),
        value: ValueCode(code),
        line: statement.line,
        qualifier: QualifierId(qualifier),
    })
}
