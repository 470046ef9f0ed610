//! One field's statements as a column.

use super::super::IndexError;
use super::super::image::{Sink, Writer};
use super::super::layout::ColumnEntry;
use super::super::standing::Standing;
use super::numbers::Narrowed;
use super::postings::Postings;
use super::survey::Survey;
use super::words::Words;
use super::{inconsistent, numbers, postings, words};
use crate::model::{
    EntityId, Facts, Field, FieldId, Statement, StatementColumn, Status, Type, ValueCode,
};
use std::ops::Range;

/// What all columns need.
pub(super) struct Context<'f> {
    pub facts: &'f Facts,
    /// By qualifier.
    pub statuses: Vec<Status>,
}

impl Context<'_> {
    fn status(&self, statement: &Statement) -> Status {
        self.statuses.get(statement.qualifier.index()).copied().unwrap_or_default()
    }
}

/// Fewer than one record in so many has statements: then the records are listed.
const FEW: usize = 8;

/// How statements are found by their record.
#[derive(Default)]
struct Places {
    owners: Option<Vec<EntityId>>,
    offsets: Option<Vec<u32>>,
}

/// One field's column, not yet laid down.
pub(super) struct Made {
    places: Places,
    values: Vec<ValueCode>,
    lines: Narrowed,
    qualifiers: Narrowed,
    standings: Option<Vec<u8>>,
    is_total: bool,
    postings: Postings,
    words: Option<Words>,
    shapes: Option<Vec<u32>>,
}

/// Makes the column of a field. `range` is the field's relation.
pub(super) fn make(
    context: &Context<'_>,
    field: usize,
    range: &Range<u32>,
    shapes: Option<Vec<u32>>,
) -> Result<Made, IndexError> {
    let facts = context.facts;
    let id = FieldId(field as u32);
    let statements = facts.column(id);
    let field = facts.schema.fields.get(field).ok_or_else(|| inconsistent("a field is missing"))?;
    let survey = Survey::of(facts, field, &statements, range)?;
    let has_words = matches!(field.value_type, Type::Text);
    let (postings, words) = rayon::join(
        || postings::make(&statements, &survey),
        || has_words.then(|| words::make(facts, id, &statements, range)).transpose(),
    );
    let places = places(&statements, range, survey.owners);
    let standings = standings(context, field, &statements, &survey);
    let is_total = is_total(context, &statements, range, &survey);
    let (values, lines, qualifiers) = statements.into_parts();
    let qualifiers = qualifiers.map(|all| all.into_iter().map(|qualifier| qualifier.0).collect());
    Ok(Made {
        places,
        values,
        lines: numbers::narrow(lines),
        qualifiers: qualifiers.map_or(Narrowed::Constant(0), numbers::narrow),
        standings,
        is_total,
        postings,
        words: words?,
        shapes,
    })
}

/// Lays a column down.
pub(super) fn write<S: Sink>(out: &mut Writer<S>, made: &Made) -> Result<ColumnEntry, IndexError> {
    Ok(ColumnEntry {
        owners: out.section_if(made.places.owners.as_deref())?,
        offsets: out.section_if(made.places.offsets.as_deref())?,
        values: out.section(&made.values)?,
        lines: numbers::write(out, &made.lines)?,
        qualifiers: numbers::write(out, &made.qualifiers)?,
        standings: out.section_if(made.standings.as_deref())?,
        is_total: made.is_total,
        postings: postings::write(out, &made.postings)?,
        words: made.words.as_ref().map(|words| words::write(out, words)).transpose()?,
        shapes: out.section_if(made.shapes.as_deref())?,
    })
}

fn places(statements: &StatementColumn, range: &Range<u32>, owners: usize) -> Places {
    let records = range.len();
    let one_each = owners == statements.len();
    if owners == records && one_each {
        return Places::default();
    }
    if owners < records.div_ceil(FEW) {
        let groups = || statements.groups();
        let listed = groups().filter_map(|group| statements.entity(group.start)).collect();
        let ends = || groups().map(|group| group.end as u32);
        let offsets = (!one_each).then(|| std::iter::once(0).chain(ends()).collect());
        return Places { owners: Some(listed), offsets };
    }
    let mut offsets = Vec::with_capacity(records + 1);
    let mut done = 0;
    for group in statements.groups() {
        let entity = statements.entity(group.start).map_or(range.start, |entity| entity.0);
        offsets.resize((entity - range.start) as usize + 1, done);
        done = group.end as u32;
    }
    offsets.resize(records + 1, done);
    Places { owners: None, offsets: Some(offsets) }
}

/// Tells whether every record has a statement that counts.
fn is_total(
    context: &Context<'_>,
    statements: &StatementColumn,
    range: &Range<u32>,
    survey: &Survey,
) -> bool {
    if !survey.is_qualified || survey.owners < range.len() {
        return survey.owners == range.len();
    }
    let counts = |statement: Statement| context.status(&statement).counts();
    let has_one =
        |group: &Range<usize>| group.clone().filter_map(|place| statements.get(place)).any(counts);
    statements.groups().filter(has_one).count() == range.len()
}

/// Returns how each statement stands, or nothing where all of them plainly hold.
fn standings(
    context: &Context<'_>,
    field: &Field,
    statements: &StatementColumn,
    survey: &Survey,
) -> Option<Vec<u8>> {
    let is_single = field.cardinality.is_single();
    let is_plain = |statement: &Statement| {
        let status = context.status(statement);
        matches!(status, Status::Accepted | Status::Preferred | Status::Inferred)
    };
    let has_finer = is_single && field.value_type.is_time();
    let one_each = survey.owners == statements.len();
    let all_plain = || !survey.is_qualified || statements.iter().all(|each| is_plain(&each));
    if (!has_finer || one_each) && all_plain() {
        return None;
    }
    let statements: Vec<Statement> = statements.iter().collect();
    let mut standings = Vec::with_capacity(statements.len());
    for group in statements.chunk_by(|one, other| one.entity == other.entity) {
        let hides = |statement: &Statement| {
            matches!(context.status(statement), Status::Accepted | Status::Preferred)
        };
        let hidden = is_single && group.iter().any(hides);
        for statement in group {
            let standing = Standing::of(context.status(statement));
            let is_coarser = || {
                let others = group.iter().filter(|other| is_plain(other));
                has_finer
                    && others
                        .into_iter()
                        .any(|other| is_finer(context.facts, field, other, statement))
            };
            let standing = match standing {
                Standing::Possible if hidden => Standing::Never,
                Standing::Certain if is_coarser() => Standing::Never,
                other => other,
            };
            standings.push(standing.code());
        }
    }
    Some(standings)
}

/// Tells whether a date or period says more precisely what another says too: of two such, the finer is the value.
fn is_finer(facts: &Facts, field: &Field, finer: &Statement, coarser: &Statement) -> bool {
    let table = match field.value_type {
        Type::Date => &facts.dates,
        _ => &facts.periods,
    };
    let bounds = |statement: &Statement| {
        let known = statement.value.is_known();
        table.get(statement.value.0 as usize).filter(|_| known).map(|time| time.bounds.bounds())
    };
    match (bounds(finer), bounds(coarser)) {
        (Some(finer), Some(coarser)) => finer != coarser && finer.is_within(&coarser),
        _ => false,
    }
}
