//! What concerns several records: values that must be unique, fields that must not come back to their start.

use super::assemble::Assembled;
use super::placed::{Placed, fact_of};
use crate::diagnostic::{Diagnostic, MOST_OF_A_KIND, code, shown};
use crate::model::{
    DatedText, EntityId, Facts, Field, FieldId, Statement, Status, StringId, Type, ValueCode,
};
use crate::source::{Sources, Span};
use crate::syntax::decode_string;
use std::collections::HashMap;

/// Longest way round that a finding prints in full.
const SHOWN_LINKS: usize = 8;

struct Checking<'a> {
    sources: &'a Sources,
    pieces: &'a [Placed<'a>],
    assembled: &'a Assembled,
    facts: &'a Facts,
}

/// Checks `unique` and `acyclic` over all facts.
pub(super) fn check(
    sources: &Sources,
    pieces: &[Placed<'_>],
    assembled: &Assembled,
) -> Vec<Diagnostic> {
    let checking = Checking { sources, pieces, assembled, facts: &assembled.facts };
    let mut diagnostics = Vec::new();
    for (place, field) in assembled.facts.schema.fields.iter().enumerate() {
        let id = FieldId(place as u32);
        if field.unique {
            checking.unique(id, field, &mut diagnostics);
        }
        if field.acyclic {
            checking.acyclic(id, field, &mut diagnostics);
        }
    }
    diagnostics
}

impl<'a> Checking<'a> {
    fn status(&self, statement: &Statement) -> Status {
        let qualifier = self.facts.qualifiers.get(statement.qualifier.index());
        qualifier.map_or(Status::Accepted, |qualifier| qualifier.status)
    }

    fn holding(&self, field: FieldId) -> Vec<Statement> {
        let column = self.facts.column(field);
        let holds = |each: &Statement| each.value.is_known() && self.status(each).counts();
        column.iter().filter(holds).collect()
    }

    /// Returns where the first line of a statement's record stands.
    fn header(&self, statement: &Statement) -> Option<Span> {
        let number = self.assembled.written(statement.entity)?;
        let (placed, fact) = fact_of(self.pieces, self.sources, number)?;
        Some(fact.header().in_file(placed.file))
    }

    /// Returns where the value of a statement stands, else where its record's header does.
    fn place(&self, field: &Field, statement: &Statement) -> Option<Span> {
        let number = self.assembled.written(statement.entity)?;
        let (placed, fact) = fact_of(self.pieces, self.sources, number)?;
        let file = placed.file;
        let source = self.sources.file(file);
        let text = source.text();
        let lines = fact.lines().filter(|line| {
            let key = line.key();
            text.get(key.start as usize..key.end as usize) == Some(&field.name)
        });
        let starts = source.line_starts();
        let start_of = |line: u32| starts.get(line as usize).copied().unwrap_or(u32::MAX);
        let line = self.facts.line_of(statement);
        let (start, end) = (start_of(line.saturating_sub(1)), start_of(line));
        let values = lines.flat_map(|line| line.values());
        let mut on_line = values
            .skip_while(|value| value.at().start < start)
            .take_while(|value| value.at().start < end);
        let wanted = self.value_text(field, statement.value);
        let on_line = on_line.find(|value| {
            let at = value.at();
            let written = text.get(at.start as usize..at.end as usize).unwrap_or("");
            match written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                Some(between) => decode_string(between).0 == wanted,
                None => written == wanted,
            }
        });
        let at = on_line.map_or_else(|| fact.header(), |value| value.at());
        Some(at.in_file(file))
    }

    /// Returns the text of a value as it was written; a string's without its marks.
    fn value_text(&self, field: &Field, value: ValueCode) -> String {
        let code = value.0 as usize;
        let strings = &self.facts.strings;
        let text_of = |time: Option<&DatedText>| time.map(|time| strings.get(time.text));
        let text = match &field.value_type {
            Type::Reference { .. } => return self.name(EntityId(value.0)),
            Type::Text | Type::Url => Some(strings.get(StringId(value.0))),
            Type::Date => text_of(self.facts.dates.get(code)),
            Type::Period => text_of(self.facts.periods.get(code)),
            Type::Words(words) => words.get(code).map(String::as_str),
            Type::Integer | Type::Decimal | Type::Quantity(_) => {
                self.facts.numbers.get(code).map(|number| strings.get(number.text))
            }
        };
        text.unwrap_or_default().to_string()
    }

    fn name(&self, entity: EntityId) -> String {
        let Some(record) = self.facts.records.get(entity.index()) else { return String::new() };
        match record.id {
            Some(id) => self.facts.strings.get(id).to_string(),
            None => {
                let relation = &self.facts.schema.relation(record.relation).name;
                let path = self.facts.files.get(record.file as usize).map_or("", |file| &file.path);
                format!("{relation}@{path}:{}", record.line)
            }
        }
    }

    fn unique(&self, id: FieldId, field: &Field, diagnostics: &mut Vec<Diagnostic>) {
        let is_text = matches!(field.value_type, Type::Text | Type::Url);
        let holding = self.holding(id);
        let mut by_text: HashMap<&str, &Statement> = HashMap::new();
        let mut by_code: HashMap<u32, &Statement> = HashMap::new();
        for statement in &holding {
            let earlier = match is_text {
                true => {
                    let text = self.facts.strings.get(StringId(statement.value.0));
                    *by_text.entry(text).or_insert(statement)
                }
                false => *by_code.entry(statement.value.0).or_insert(statement),
            };
            if earlier.entity == statement.entity {
                continue;
            }
            // Those that are only counted need no exact place.
            let place = |statement| match diagnostics.len() < MOST_OF_A_KIND {
                true => self.place(field, statement),
                false => self.header(statement),
            };
            let (Some(at), Some(first)) = (place(statement), place(earlier)) else { continue };
            // The later one in the files is at fault, whatever the order of answers.
            let (at, first) = if at < first { (first, at) } else { (at, first) };
            let value = shown(&self.value_text(field, statement.value));
            let relation = &self.facts.schema.relation(field.relation).name;
            let message = format!(
                "`{}` must be unique, and another {relation} has `{value}` too",
                field.name
            );
            let found = Diagnostic::new(code::NOT_UNIQUE, message, at, "used again")
                .and_at(first, "used here first");
            diagnostics.push(
                found.help("correct one of them, or join the two records if they are the same"),
            );
        }
    }

    /// Reports each way round once, from the record whose identifier comes first.
    fn acyclic(&self, id: FieldId, field: &Field, diagnostics: &mut Vec<Diagnostic>) {
        let statements = self.holding(id);
        let targets = |entity: EntityId| {
            let start = statements.partition_point(|each| each.entity < entity);
            let end = statements.partition_point(|each| each.entity <= entity);
            statements.get(start..end).unwrap_or_default()
        };
        // Absent: unseen. Else its place on the way, or none once all behind it is done.
        let mut state: HashMap<EntityId, Option<usize>> = HashMap::new();
        for statement in &statements {
            if state.contains_key(&statement.entity) {
                continue;
            }
            let mut way: Vec<(EntityId, usize)> = vec![(statement.entity, 0)];
            state.insert(statement.entity, Some(0));
            while let Some((entity, next)) = way.last_mut() {
                let Some(link) = targets(*entity).get(*next) else {
                    state.insert(*entity, None);
                    way.pop();
                    continue;
                };
                *next += 1;
                let target = EntityId(link.value.0);
                match state.get(&target) {
                    None => {
                        state.insert(target, Some(way.len()));
                        way.push((target, 0));
                    }
                    Some(Some(start)) => {
                        let round = way.get(*start..).unwrap_or_default();
                        diagnostics.extend(self.cycle(field, link, round, &targets));
                    }
                    Some(None) => {}
                }
            }
        }
    }

    /// Reports a way round: its records, each with the place of the next link among its own.
    fn cycle<'s>(
        &self,
        field: &Field,
        link: &Statement,
        round: &[(EntityId, usize)],
        targets: &impl Fn(EntityId) -> &'s [Statement],
    ) -> Option<Diagnostic> {
        let at = self.place(field, link)?;
        let first = self.name(round.first()?.0);
        let shown = round.iter().take(SHOWN_LINKS);
        let mut names: Vec<String> = shown.clone().map(|(entity, _)| self.name(*entity)).collect();
        if round.len() > SHOWN_LINKS {
            names.push(format!("… ({} more)", round.len() - SHOWN_LINKS));
        }
        names.push(first.clone());
        let message = format!("following `{}` comes back to `{first}`", field.name);
        let mut found = Diagnostic::new(code::CYCLE, message, at, "comes back here");
        for (entity, next) in shown {
            let taken = next.checked_sub(1).and_then(|place| targets(*entity).get(place));
            let place = taken.and_then(|statement| self.place(field, statement));
            if let Some(place) = place.filter(|place| *place != at) {
                found = found.and_at(place, "a link of the way round");
            }
        }
        Some(
            found
                .help("take one of these values out, or correct it")
                .note(format!("the way round: {}", names.join(" → "))),
        )
    }
}
