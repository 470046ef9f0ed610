//! How many values each field of a record has, and whether that is right.

use super::record::Reading;
use super::statements::PieceReader;
use super::values::Codes;
use crate::diagnostic::{Diagnostic, code, counted, shown};
use crate::model::{
    Cardinality, EntityId, Field, FieldId, FieldRole, Qualifier, Status, Type, ValueCode,
};
use crate::suggest::nearest;
use crate::syntax::ast::{FactState, FactView, TextRange, ValueKind};
use std::ops::Range;

/// A record with more unknown fields than these belongs to another base: what it lacks is not told.
const MOST_UNKNOWN: usize = 100;

/// The values of one record, field by field, while it is read.
#[derive(Debug, Default)]
pub struct FieldCounts {
    first_field: u32,
    fields: Vec<Vec<Counted>>,
    unknown_fields: Vec<String>,
    bare: usize,
    all: usize,
    cited: Vec<EntityId>,
    lost_source: bool,
}

/// A value as it counts.
#[derive(Clone, Debug)]
struct Counted {
    at: TextRange,
    /// None for a faulty value, which satisfies everything.
    code: Option<ValueCode>,
    status: Status,
    period: Option<crate::model::TimeRank>,
}

impl FieldCounts {
    /// Begins a record of a relation with these fields.
    pub fn begin(&mut self, fields: Range<u32>) {
        self.first_field = fields.start;
        self.fields.resize_with(fields.len(), Vec::new);
        self.fields.iter_mut().for_each(Vec::clear);
        self.unknown_fields.clear();
        self.bare = 0;
        self.all = 0;
        self.cited.clear();
        self.lost_source = false;
    }

    fn of(&mut self, field: FieldId) -> Option<&mut Vec<Counted>> {
        self.fields.get_mut((field.0 - self.first_field) as usize)
    }

    /// Counts what one written value gave.
    pub fn add(&mut self, field: FieldId, at: TextRange, codes: &Codes, qualifier: &Qualifier) {
        let rests_on_something =
            qualifier.citation.is_some() || qualifier.status == Status::Inferred;
        self.add_statement(rests_on_something);
        let status = qualifier.status;
        let period = qualifier.period;
        let Some(counted) = self.of(field) else { return };
        match codes.as_slice() {
            [] => counted.push(Counted { at, code: None, status, period }),
            codes => counted.extend(codes.iter().map(|code| Counted {
                at,
                code: Some(*code),
                status,
                period,
            })),
        }
    }

    /// Counts a statement for the evidence of the record.
    pub fn add_statement(&mut self, rests_on_something: bool) {
        self.all += 1;
        self.bare += usize::from(!rests_on_something);
    }

    /// Takes a statement back that was counted as resting on nothing.
    pub fn excuse_statement(&mut self) {
        self.bare = self.bare.saturating_sub(1);
    }

    /// Counts a faulty value.
    pub fn add_faulty(&mut self, field: FieldId, at: TextRange) {
        if let Some(counted) = self.of(field) {
            counted.push(Counted { at, code: None, status: Status::Accepted, period: None });
        }
    }

    /// Remembers a field that the relation does not have.
    pub fn note_unknown(&mut self, key: &str) {
        self.unknown_fields.push(key.to_string());
    }

    /// Remembers sources that a statement cites itself.
    pub fn note_cited(&mut self, sources: impl Iterator<Item = EntityId>) {
        self.cited.extend(sources);
    }

    /// Lends those sources; they are to be [given back](FieldCounts::give_back).
    pub fn take_cited(&mut self) -> Vec<EntityId> {
        std::mem::take(&mut self.cited)
    }

    /// Takes a list back, for its room.
    pub fn give_back(&mut self, cited: Vec<EntityId>) {
        self.cited = cited;
    }

    /// Remembers that a source was named that does not exist, or may be lost with a fault; that is told elsewhere.
    pub fn note_lost_source(&mut self) {
        self.lost_source = true;
    }

    /// Tells whether a source was lost since the last call.
    pub fn take_lost_source(&mut self) -> bool {
        std::mem::take(&mut self.lost_source)
    }

    /// Returns how many statements have no source of their own, of how many.
    pub fn without_source(&self) -> (usize, usize) {
        (self.bare, self.all)
    }
}

/// Reports the fields of a record that have too few values, too many, or the same one twice.
pub(super) fn check_record<'t>(
    reader: &mut PieceReader<'_, 't>,
    fact: FactView<'t>,
    reading: &Reading<'_>,
) {
    let schema = reader.context.schema;
    let fields = std::mem::take(&mut reader.counts.fields);
    // Fields may be lost behind a fault, or stand at the other record of the same identifier.
    let is_cut = || {
        (fact.is_row() && has_error(fact))
            || fact.state() == FactState::MayLackFields
            || reading.is_faulty
    };
    for (place, counted) in fields.iter().enumerate() {
        let id = FieldId(reader.counts.first_field + place as u32);
        let field = schema.field(id);
        if field.role == FieldRole::Source {
            continue;
        }
        let is_excused = || reader.context.names.is_excused_field(reading.relation, &field.name);
        if too_few(field, counted)
            && !is_cut()
            && !is_excused()
            && !is_misspelt(field, &reader.counts.unknown_fields)
        {
            report_too_few(reader, fact, reading, field, counted);
        }
        // Most fields have one value, or none.
        if counted.len() > 1 {
            check_values(reader, id, counted);
        }
    }
    reader.counts.fields = fields;
}

fn has_error(fact: FactView<'_>) -> bool {
    fact.lines().flat_map(|line| line.values()).any(|value| value.kind() == ValueKind::Error)
}

/// Tells whether the field was written under a name that nobody knows, which is told there.
fn is_misspelt(field: &Field, unknown: &[String]) -> bool {
    unknown.len() > MOST_UNKNOWN
        || unknown.iter().any(|key| !nearest(key, [field.name.as_str()]).is_empty())
}

fn counts(counted: &Counted) -> bool {
    counted.status.counts()
}

fn too_few(field: &Field, counted: &[Counted]) -> bool {
    let least = field.cardinality.least as usize;
    least > 0
        && counted.iter().all(|each| each.code.is_some())
        && counted.iter().filter(|each| counts(each)).count() < least
}

fn report_too_few(
    reader: &mut PieceReader<'_, '_>,
    fact: FactView<'_>,
    reading: &Reading<'_>,
    field: &Field,
    counted: &[Counted],
) {
    let schema = reader.context.schema;
    let relation = &schema.relation(reading.relation).name;
    let name = &field.name;
    let needs = needs(field.cardinality);
    let header = fact.header();
    let shown = match fact.is_row() && fact.id().is_empty() {
        true => format!("this {relation}"),
        false => format!("`{}`", shown(reader.text(header))),
    };
    let count = counted.iter().filter(|each| counts(each)).count();
    let (message, at, label) = match counted.first() {
        None => (
            format!("{shown} has no `{name}`, and every {relation} needs {needs}"),
            header,
            format!("`{name}` is missing"),
        ),
        Some(first) => {
            let has = counted_values(count);
            (
                format!("`{name}` of {shown} has {has}, and every {relation} needs {needs}"),
                first.at,
                String::from("too few"),
            )
        }
    };
    let found = Diagnostic::new(code::TOO_FEW_VALUES, message, reader.span(at), label);
    let action = match (count == 0, fact.is_row()) {
        (true, true) => format!("fill the column `{name}`"),
        (true, false) => format!("add a line `{name}: {}`", example(&field.value_type)),
        (false, _) => String::from("add what is missing behind a comma"),
    };
    let found = found.help(format!("{action}; write `unknown` for a value that nobody knows"));
    reader.diagnostics.push(found);
}

fn counted_values(count: usize) -> String {
    match count {
        0 => String::from("no value that holds"),
        _ => counted(count, "value"),
    }
}

fn needs(cardinality: Cardinality) -> String {
    match (cardinality.least, cardinality.greatest) {
        (1, Some(1)) => String::from("exactly one"),
        (least, Some(greatest)) if least == greatest => format!("exactly {least}"),
        (least, Some(greatest)) => format!("{least} to {greatest}"),
        (least, None) => format!("at least {least}"),
    }
}

fn example(value_type: &Type) -> String {
    match value_type {
        Type::Text => String::from("\"…\""),
        Type::Url => String::from("\"https://…\""),
        Type::Integer | Type::Decimal => String::from("12"),
        Type::Date => String::from("1922-04-16"),
        Type::Period => String::from("1922/1924"),
        Type::Quantity(units) => format!("12 {}", units.first().map_or("", String::as_str)),
        Type::Words(words) => words.join(" | "),
        Type::Reference { .. } => String::from("identifier"),
    }
}

/// Reports values that are too many, repeated, or that `none` stands beside.
fn check_values(reader: &mut PieceReader<'_, '_>, id: FieldId, counted: &[Counted]) {
    let field = reader.context.schema.field(id);
    let holding: Vec<&Counted> = counted.iter().filter(|each| counts(each)).collect();
    if holding.len() < 2 {
        return;
    }
    // What is disputed may contradict what is accepted.
    let mut accepted = holding.iter().filter(|each| each.status != Status::Disputed);
    if let Some(none) = accepted.clone().find(|each| each.code == Some(ValueCode::NONE)) {
        let other = accepted.find(|each| each.code != Some(ValueCode::NONE));
        if let Some(other) = other {
            let message = format!(
                "`none` says that there is no `{}`, and there is a value beside it",
                field.name
            );
            let found =
                Diagnostic::new(code::NONE_BESIDE_VALUE, message, reader.span(none.at), "no value");
            let found = found.and_at(reader.span(other.at), "a value");
            reader.diagnostics.push(found.help("take one of them out"));
            return;
        }
    }
    if report_repeated(reader, field, &holding) {
        return;
    }
    let Some(greatest) = field.cardinality.greatest else { return };
    if field.cardinality.is_single() {
        check_single(reader, field, &holding);
        return;
    }
    let sound: Vec<_> = holding.iter().filter(|each| each.code.is_some()).collect();
    if let Some(last) = sound.get(greatest as usize) {
        let last = last.at;
        let message =
            format!("`{}` has {} values, and may have {greatest} at most", field.name, sound.len());
        let found =
            Diagnostic::new(code::TOO_MANY_VALUES, message, reader.span(last), "one too many");
        reader.diagnostics.push(found.help("take values out, or let the schema allow more"));
    }
}

/// Reports the same value twice with nothing to tell the two apart.
fn report_repeated(reader: &mut PieceReader<'_, '_>, field: &Field, holding: &[&Counted]) -> bool {
    // Texts have a number each, so that equal ones are not seen here.
    if matches!(field.value_type, Type::Text | Type::Url) {
        return false;
    }
    let mut keyed: Vec<_> = holding
        .iter()
        .filter(|each| each.code.is_some_and(ValueCode::is_known))
        .map(|each| (each.code, each.period, each.at.start, each.at))
        .collect();
    keyed.sort_by_key(|(code, period, start, _)| (*code, *period, *start));
    let same = |one: &(_, _, u32, TextRange), other: &(_, _, u32, TextRange)| {
        one.0 == other.0 && one.1 == other.1 && one.3 != other.3
    };
    let mut is_repeated = false;
    for run in keyed.chunk_by(same) {
        let [(.., first), again @ ..] = run else { continue };
        for (.., second) in again {
            is_repeated = true;
            let value = shown(reader.text(*second));
            let message = format!("`{}` gives `{value}` twice", field.name);
            let span = reader.span(*second);
            let found = Diagnostic::new(code::REPEATED_VALUE, message, span, "given again");
            let found = found.and_at(reader.span(*first), "given here first");
            reader.diagnostics.push(
                found.help("take one out, or cite both sources on one value: `(source: A, B)`"),
            );
        }
    }
    is_repeated
}

/// A single-valued field may have several accepted values if their periods part them, or if they are dates or
/// periods of which one is finer than the other; disputed ones are alternatives.
fn check_single(reader: &mut PieceReader<'_, '_>, field: &Field, holding: &[&Counted]) {
    let accepted: Vec<&&Counted> = holding
        .iter()
        .filter(|each| each.status != Status::Disputed && each.code.is_some())
        .collect();
    let [first, rest @ ..] = accepted.as_slice() else { return };
    let mut widest = (first, reader.period_of(first.period), reader.time_of(field, first.code));
    for each in rest {
        let period = reader.period_of(each.period);
        let time = reader.time_of(field, each.code);
        let apart = match (&widest.1, &period) {
            (Some(one), Some(other)) => {
                one.latest_end <= other.earliest_start || other.latest_end <= one.earliest_start
            }
            _ => false,
        };
        let within = match (&widest.2, &time) {
            (Some(one), Some(other)) => one.is_within(other) || other.is_within(one),
            _ => false,
        };
        if apart || within {
            widest = (each, period, time);
            continue;
        }
        let message = format!("`{}` has more than one value, and may have one", field.name);
        let found =
            Diagnostic::new(code::TOO_MANY_VALUES, message, reader.span(each.at), "another value");
        let found = found.and_at(reader.span(widest.0.at), "the first value");
        reader.diagnostics.push(found
            .help("mark the one that is better attested `(preferred)` and the other `(disputed)` or `(rejected)`, give each the period in which it holds, or take one out")
            .note(format!("to let `{}` have several values, write `*` or `+` behind its type", field.name)));
        return;
    }
}
