//! The statements of both sides, with the numbers that they have now.

use super::{Numbers, Sides};
use crate::model::{
    Columns, EntityId, Facts, Field, FieldId, FieldRole, KnownWords, QualifierId, SOURCE_RELATION,
    Statement, StatementColumn, StringId, Type, ValueCode, WordLists,
};
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
    fn statements(&self, id: FieldId) -> StatementColumn {
        let Some(field) = self.sides.before.0.schema.fields.get(id.index()) else {
            return StatementColumn::default();
        };
        let [before, fresh] = self.sides.both().map(|side| statements_now(side, id, field));
        let mut statements = merge(before, fresh);
        if field.role == FieldRole::Source {
            let (first, written) = &self.sources;
            statements.sort_values_of_each_by_key(|source| {
                written.get(source.0.wrapping_sub(*first) as usize).copied()
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
        Some(KnownWords { lists, unread: statements_now(fresh, id, field).into_iter().collect() })
    }
}

/// Returns the statements of a side, with their numbers now.
fn statements_now(side: &(Facts, Numbers), id: FieldId, field: &Field) -> Vec<Statement> {
    let (facts, numbers) = side;
    let column = facts.column(id);
    let mut now = Vec::with_capacity(column.len());
    now.extend(column.iter().filter_map(|statement| statement_now(field, statement, numbers)));
    now
}

/// Puts a few statements among many; both are in order, and no record has statements of both.
fn merge(many: Vec<Statement>, few: Vec<Statement>) -> StatementColumn {
    let mut merged = StatementColumn::with_capacity(many.len() + few.len());
    let mut few = few.into_iter().peekable();
    for statement in many {
        while let Some(before) = few.next_if(|each| each.entity < statement.entity) {
            merged.push(before);
        }
        merged.push(statement);
    }
    few.for_each(|statement| merged.push(statement));
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
