//! Names in texts: one that was not in use at the time of which the text speaks.

use super::columns::{KeptColumns, fields_with, period_of, text_of};
use crate::diagnostic::{Diagnostic, code, shown};
use crate::index::{DatedName, NamesInUse};
use crate::model::{Facts, FieldRole, Statement, Type, ValueCode};
use crate::source::{FileId, Sources, Span};
use crate::time::Stretch;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::HashMap;

/// Finds names in texts that were certainly not in use at the time of the record.
///
/// Only names are looked for that stand nowhere without a period, and only in `text` fields of records with a date;
/// the period of a text counts before that of its record. Reads every text once.
pub fn names_out_of_time(sources: &Sources, facts: &Facts, names: &NamesInUse) -> Vec<Diagnostic> {
    if names.dated.is_empty() {
        return Vec::new();
    }
    let dated = names.dated.iter().map(|name| name.text.as_str());
    // The dated names first, then longer ones in which one of them stands.
    let all: Vec<&str> = dated.chain(names.longer.iter().map(String::as_str)).collect();
    let Some(searched) = automaton(&all) else { return Vec::new() };
    let columns = KeptColumns::new(facts);
    let files = sources.files().map(|(id, file)| (file.path.as_str(), id)).collect();
    let search = Search { sources, facts, columns: &columns, files, names: &names.dated, searched };
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

/// Makes what finds some words in a text; nothing where they are too many.
pub(super) fn automaton(words: &[&str]) -> Option<AhoCorasick> {
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok()
}

struct Search<'f> {
    sources: &'f Sources,
    facts: &'f Facts,
    columns: &'f KeptColumns<'f>,
    /// By path.
    files: HashMap<&'f str, FileId>,
    names: &'f [DatedName],
    searched: AhoCorasick,
}

impl Search<'_> {
    fn read(&self, statement: &Statement, findings: &mut Vec<Diagnostic>) {
        let text = text_of(self.facts, statement);
        let mut told: Vec<usize> = Vec::new();
        let mut when = None;
        for found in self.searched.find_iter(text) {
            let number = found.pattern().as_usize();
            let Some(name) = self.names.get(number) else { continue };
            if told.contains(&number) || !is_whole_word(text, found.start()..found.end()) {
                continue;
            }
            // Most texts name nothing: what their time is need not be known before.
            let when = when.get_or_insert_with(|| self.time_of(statement));
            let Some(when) = *when else { return };
            if name.in_use.iter().all(|in_use| in_use.is_apart(when)) {
                told.push(number);
                findings.extend(self.finding(statement, name, when));
            }
        }
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
        for date in self.columns.of_record(own, statement.entity) {
            let days = match date.value {
                ValueCode::UNKNOWN => return None,
                ValueCode::NONE => continue,
                known => times.get(known.0 as usize)?.bounds.bounds().reach(),
            };
            reach = Some(reach.map_or(days, |before| before.hull(days)));
        }
        reach
    }

    fn finding(
        &self,
        statement: &Statement,
        name: &DatedName,
        when: Stretch,
    ) -> Option<Diagnostic> {
        let record = self.facts.records.get(statement.entity.index())?;
        let path = self.facts.files.get(record.file as usize)?.path.as_str();
        let at = self.place(path, self.facts.line_of(statement), &name.text)?;
        let (period, name_shown) = (&name.period, shown(&name.text));
        let mut found = Diagnostic::new(
            code::NAME_OUT_OF_TIME,
            format!("`{name_shown}` was not in use at the time of this text"),
            at,
            format!("in use {period}"),
        );
        let (path, line) = &name.place;
        if let Some(given) = self.place(path, *line, &name.text) {
            found = found.and_at(given, "the name is given here");
        }
        // A dated name comes before the plain one.
        let others = name.others.iter().find(|other| !other.in_use.is_apart(when));
        let help = match others.map(|other| &other.text).or(name.plain.as_ref()) {
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

    /// Returns where a statement at a line has some words: in its lines if they stand there as they are, or else its
    /// line.
    fn place(&self, path: &str, line: u32, words: &str) -> Option<Span> {
        let file = *self.files.get(path)?;
        let source = self.sources.file(file);
        let starts = source.line_starts();
        let first = line.checked_sub(1)? as usize;
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

fn is_whole_word(text: &str, range: std::ops::Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|text| text.chars().next_back());
    let after = text.get(range.end..).and_then(|text| text.chars().next());
    ![before, after].into_iter().flatten().any(char::is_alphanumeric)
}
