//! Names in texts: one that was not in use at the time of which the text speaks.

use crate::diagnostic::{Diagnostic, code, shown};
use crate::model::{
    EntityId, Facts, FieldId, FieldRole, Statement, StringId, TimeRank, Type, ValueCode,
};
use crate::source::{FileId, Sources, Span};
use crate::time::Stretch;
use aho_corasick::{AhoCorasick, MatchKind};
use std::cell::OnceCell;
use std::collections::HashMap;

/// Where a name is given, and when it was in use.
struct Usage {
    statement: Statement,
    period: TimeRank,
}

/// A name that is only ever given with the time of its use.
struct DatedName<'f> {
    text: &'f str,
    usages: Vec<Usage>,
}

/// Finds names in texts that were certainly not in use at the time of the record.
///
/// Only names are looked for that stand nowhere without a period, and only in `text` fields of records with a date;
/// the period of a text counts before that of its record. Reads every text once.
pub fn names_out_of_time(sources: &Sources, facts: &Facts) -> Vec<Diagnostic> {
    if facts.qualifiers.iter().all(|qualifier| qualifier.period.is_none()) {
        return Vec::new();
    }
    let columns = KeptColumns::new(facts);
    let names = dated_names(facts, &columns);
    if names.is_empty() {
        return Vec::new();
    }
    let Some(searched) = Searched::new(facts, &columns, &names) else { return Vec::new() };
    let files = sources.files().map(|(id, file)| (file.path.as_str(), id)).collect();
    let search = Search { sources, facts, columns: &columns, files, names, searched };
    let mut found = Vec::new();
    for (field, _) in fields_with(facts, |field| {
        field.role == FieldRole::Declared && matches!(field.value_type, Type::Text)
    }) {
        for statement in columns.of(field).iter().filter(|each| each.value.is_known()) {
            search.read(statement, &mut found);
        }
    }
    found
}

/// Columns that were asked for once and are asked for again.
struct KeptColumns<'f> {
    facts: &'f Facts,
    /// By field.
    columns: Vec<OnceCell<Vec<Statement>>>,
}

impl<'f> KeptColumns<'f> {
    fn new(facts: &'f Facts) -> KeptColumns<'f> {
        KeptColumns { facts, columns: vec![OnceCell::new(); facts.schema.fields.len()] }
    }

    fn of(&self, field: FieldId) -> &[Statement] {
        let kept = self.columns.get(field.index());
        kept.map_or(&[], |kept| kept.get_or_init(|| self.facts.column(field)))
    }
}

/// Returns the names that are given with a period wherever they are given.
fn dated_names<'f>(facts: &'f Facts, columns: &KeptColumns<'_>) -> Vec<DatedName<'f>> {
    let mut by_text: HashMap<&str, Vec<Usage>> = HashMap::new();
    for statement in name_statements(facts, columns) {
        if let Some(period) = period_of(facts, statement) {
            let usages = by_text.entry(text_of(facts, statement)).or_default();
            usages.push(Usage { statement: *statement, period });
        }
    }
    if by_text.is_empty() {
        return Vec::new();
    }
    let undated = name_statements(facts, columns).filter(|each| period_of(facts, each).is_none());
    for text in undated.map(|each| text_of(facts, each)) {
        by_text.remove(text);
    }
    for name in facts.records.iter().filter_map(|record| record.name) {
        by_text.remove(facts.strings.get(name));
    }
    let mut names: Vec<DatedName<'_>> =
        by_text.into_iter().map(|(text, usages)| DatedName { text, usages }).collect();
    names.sort_by_key(|name| name.text);
    names
}

/// What texts are searched for: the dated names first, then longer names in which one of them stands.
struct Searched {
    automaton: AhoCorasick,
}

impl Searched {
    /// Returns nothing where there are too many names to search for.
    fn new(facts: &Facts, columns: &KeptColumns<'_>, names: &[DatedName<'_>]) -> Option<Searched> {
        let dated: Vec<&str> = names.iter().map(|name| name.text).collect();
        let only_dated = automaton(&dated)?;
        let others = name_statements(facts, columns).map(|each| text_of(facts, each));
        let headers = facts.records.iter().filter_map(|record| record.name);
        let mut longer: Vec<&str> = others
            .chain(headers.map(|name| facts.strings.get(name)))
            .filter(|text| dated.binary_search(text).is_err() && only_dated.is_match(*text))
            .collect();
        longer.sort_unstable();
        longer.dedup();
        let all: Vec<&str> = dated.into_iter().chain(longer).collect();
        Some(Searched { automaton: automaton(&all)? })
    }
}

fn automaton(words: &[&str]) -> Option<AhoCorasick> {
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok()
}

struct Search<'f> {
    sources: &'f Sources,
    facts: &'f Facts,
    columns: &'f KeptColumns<'f>,
    /// By path.
    files: HashMap<&'f str, FileId>,
    names: Vec<DatedName<'f>>,
    searched: Searched,
}

impl Search<'_> {
    fn read(&self, statement: &Statement, findings: &mut Vec<Diagnostic>) {
        let text = text_of(self.facts, statement);
        let mut told: Vec<usize> = Vec::new();
        let mut when = None;
        for found in self.searched.automaton.find_iter(text) {
            let number = found.pattern().as_usize();
            let Some(name) = self.names.get(number) else { continue };
            if told.contains(&number) || !is_whole_word(text, found.start()..found.end()) {
                continue;
            }
            // Most texts name nothing: what their time is need not be known before.
            let when = when.get_or_insert_with(|| self.time_of(statement));
            let Some(when) = *when else { return };
            if name.usages.iter().all(|usage| self.is_apart(usage.period, when)) {
                told.push(number);
                findings.extend(self.finding(statement, name, when));
            }
        }
    }

    fn is_apart(&self, period: TimeRank, when: Stretch) -> bool {
        let period = self.facts.periods.get(period.index());
        period.is_some_and(|period| period.bounds.bounds().reach().intersection(when).is_none())
    }

    /// Returns the days of which a text may speak: its own period, or the date of its record.
    fn time_of(&self, statement: &Statement) -> Option<Stretch> {
        if let Some(period) = period_of(self.facts, statement) {
            return Some(self.facts.periods.get(period.index())?.bounds.bounds().reach());
        }
        let record = self.facts.records.get(statement.entity.index())?;
        let own = self.facts.schema.relation(record.relation).own_date?;
        let times = match self.facts.schema.field(own).value_type {
            Type::Period => &self.facts.periods,
            _ => &self.facts.dates,
        };
        let mut reach: Option<Stretch> = None;
        for date in self.statements_of(own, statement.entity) {
            let days = match date.value {
                ValueCode::UNKNOWN => return None,
                ValueCode::NONE => continue,
                known => times.get(known.0 as usize)?.bounds.bounds().reach(),
            };
            reach = Some(reach.map_or(days, |before| before.hull(days)));
        }
        reach
    }

    fn statements_of(&self, field: FieldId, entity: EntityId) -> &[Statement] {
        let all = self.columns.of(field);
        let start = all.partition_point(|each| each.entity < entity);
        let end = all.partition_point(|each| each.entity <= entity);
        all.get(start..end).unwrap_or(&[])
    }

    fn finding(
        &self,
        statement: &Statement,
        name: &DatedName<'_>,
        when: Stretch,
    ) -> Option<Diagnostic> {
        let usage = name.usages.first()?;
        let at = self.place(statement, name.text)?;
        let period = self.facts.periods.get(usage.period.index())?;
        let period = self.facts.strings.get(period.text);
        let name_shown = shown(name.text);
        let mut found = Diagnostic::new(
            code::NAME_OUT_OF_TIME,
            format!("`{name_shown}` was not in use at the time of this text"),
            at,
            format!("in use {period}"),
        );
        if let Some(given) = self.place(&usage.statement, name.text) {
            found = found.and_at(given, "the name is given here");
        }
        let help = match self.name_at(usage.statement.entity, when) {
            Some(other) => format!(
                "write `{}`, or leave it where the text looks on another time",
                shown(other)
            ),
            None => String::from(
                "write the name of that time, or leave it where the text looks on another time",
            ),
        };
        Some(found.help(help))
    }

    /// Returns a name of a record that was in use at a time, a dated one before its plain name.
    fn name_at(&self, entity: EntityId, when: Stretch) -> Option<&str> {
        let roles = [FieldRole::Name, FieldRole::Also];
        let relation = self.facts.records.get(entity.index())?.relation;
        let fields = roles.map(|role| self.facts.schema.field_with_role(relation, role));
        let dated =
            fields.into_iter().flatten().flat_map(|field| self.statements_of(field, entity));
        let in_use = dated
            .filter(|each| each.value.is_known())
            .find(|each| {
                period_of(self.facts, each).is_some_and(|period| !self.is_apart(period, when))
            })
            .map(|each| text_of(self.facts, each));
        let plain = || Some(self.facts.strings.get(self.facts.records.get(entity.index())?.name?));
        in_use.or_else(plain)
    }

    /// Returns where a statement has some words: in its lines if they stand there as they are, or else its line.
    fn place(&self, statement: &Statement, words: &str) -> Option<Span> {
        let record = self.facts.records.get(statement.entity.index())?;
        let path = self.facts.files.get(record.file as usize)?.path.as_str();
        let file = *self.files.get(path)?;
        let source = self.sources.file(file);
        let starts = source.line_starts();
        let first = statement.line.checked_sub(1)? as usize;
        let start = *starts.get(first)?;
        let text = source.text();
        // A text may go on over further lines, which are indented.
        let mut end = start as usize;
        for (number, line) in text.get(end..)?.split_inclusive('\n').enumerate() {
            let goes_on = line.starts_with([' ', '\t']);
            if number > 0 && !goes_on {
                break;
            }
            end += line.len();
            let within = text.get(start as usize..end)?;
            if let Some(at) = within.find(words) {
                let at = start + at as u32;
                return Some(Span::new(file, at, at + words.len() as u32));
            }
        }
        let line = text.get(start as usize..)?.lines().next()?;
        let indent = (line.len() - line.trim_start().len()) as u32;
        Some(Span::new(file, start + indent, start + indent + line.trim().len() as u32))
    }
}

fn name_statements<'c>(
    facts: &'c Facts,
    columns: &'c KeptColumns<'_>,
) -> impl Iterator<Item = &'c Statement> {
    fields_with(facts, |field| matches!(field.role, FieldRole::Name | FieldRole::Also))
        .flat_map(|(field, _)| columns.of(field))
        .filter(|statement| statement.value.is_known())
}

fn fields_with(
    facts: &Facts,
    is_wanted: impl Fn(&crate::model::Field) -> bool,
) -> impl Iterator<Item = (FieldId, &crate::model::Field)> {
    let fields = (0u32..).map(FieldId).zip(&facts.schema.fields);
    fields.filter(move |(_, field)| is_wanted(field))
}

fn text_of<'f>(facts: &'f Facts, statement: &Statement) -> &'f str {
    facts.strings.get(StringId(statement.value.0))
}

fn period_of(facts: &Facts, statement: &Statement) -> Option<TimeRank> {
    facts.qualifiers.get(statement.qualifier.index())?.period
}

fn is_whole_word(text: &str, range: std::ops::Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|text| text.chars().next_back());
    let after = text.get(range.end..).and_then(|text| text.chars().next());
    ![before, after].into_iter().flatten().any(char::is_alphanumeric)
}
