//! Runs the checks and expectations of a base on its index.
//!
//! In: settled definitions. Out: one finding for each record that a check finds, at the record's own line, and one
//! for each expectation that is answered otherwise.

use crate::diagnostic::{Diagnostic, Severity, code};
use crate::index::{Index, IndexError};
use crate::lint;
use crate::query::{self, Answers, Cell, CellValue, Match, Row, RowsOf};
use crate::resolve::{self, Check, Definitions, Expectation};
use crate::source::{FileId, Sources, Span};
use crate::syntax::definition::{ExpectedKind, MessagePiece};
use crate::syntax::query::ast;
use rayon::prelude::*;
use std::collections::HashMap;

/// Most rows that a finding about an expectation lists on each side.
const MOST_LISTED: usize = 20;

/// Runs everything; the findings come in the order of the definitions.
pub fn verify(
    index: &Index,
    sources: &Sources,
    definitions: &Definitions,
) -> Result<Vec<Diagnostic>, IndexError> {
    let files = sources.files().map(|(id, file)| (file.path.as_str(), id)).collect();
    let verifying = Verifying { index, sources, files };
    let checked: Vec<_> =
        definitions.checks.par_iter().map(|check| verifying.check(check)).collect();
    let expected: Vec<_> =
        definitions.expectations.par_iter().map(|each| verifying.expectation(each)).collect();
    let mut findings = Vec::new();
    for found in checked.into_iter().chain(expected) {
        findings.extend(found?);
    }
    Ok(findings)
}

struct Verifying<'a> {
    index: &'a Index,
    sources: &'a Sources,
    /// By path.
    files: HashMap<&'a str, FileId>,
}

impl Verifying<'_> {
    fn check(&self, check: &Check) -> Result<Vec<Diagnostic>, IndexError> {
        let answers = query::answer(self.index, &check.query)?;
        let mut findings = Vec::new();
        for row in &answers.rows {
            let message = self.message(check, row)?;
            let severity = match row.matched {
                Match::Certain => check.severity,
                Match::Possible => milder(check.severity),
            };
            let at = self.place(row)?.unwrap_or(check.name.1);
            let mut found = Diagnostic::new(code::CHECK_FAILED, message, at, "found by this check");
            found.severity = severity;
            found.primary.text = match row.matched {
                Match::Certain => format!("found by `{}`", check.name.0),
                Match::Possible => format!("possibly found by `{}`: {}", check.name.0, row.reason),
            };
            if at != check.name.1 {
                found = found.and_at(check.name.1, "the check");
            }
            findings.push(found.help("correct the record, or the check if the record is right"));
        }
        if answers.rows.is_empty() {
            findings.extend(lint::idle_check(
                self.index,
                &check.name,
                &check.query,
                &answers.warnings,
            )?);
        }
        Ok(findings)
    }

    /// Puts the author's message together with the values that made the condition hold.
    fn message(&self, check: &Check, row: &Row) -> Result<String, IndexError> {
        let mut cells = row.cells.iter();
        let mut text = String::new();
        for piece in &check.message.pieces {
            match piece {
                MessagePiece::Text(words) => text.push_str(words),
                MessagePiece::Path(operand) => {
                    let Some(cell) = cells.next() else { continue };
                    let values = self.responsible(check, row, operand, cell)?;
                    text.push_str(&values);
                }
            }
        }
        Ok(text)
    }

    /// Of several records in one place of a message, names those for which the check finds the row when it looks at
    /// them alone.
    fn responsible(
        &self,
        check: &Check,
        row: &Row,
        operand: &ast::Operand,
        cell: &Cell,
    ) -> Result<String, IndexError> {
        let Some(field) = single_step(operand).filter(|_| cell.values.len() > 1) else {
            return Ok(words(&cell.values));
        };
        let mut found = Vec::new();
        for value in &cell.values {
            let CellValue::Entity { id, .. } = value else { return Ok(words(&cell.values)) };
            if self.holds_for(check, row, field, id)? {
                found.push(value.clone());
            }
        }
        match found.is_empty() {
            true => Ok(words(&cell.values)),
            false => Ok(words(&found)),
        }
    }

    fn holds_for(
        &self,
        check: &Check,
        row: &Row,
        field: &str,
        id: &str,
    ) -> Result<bool, IndexError> {
        let narrowed = narrowed(&check.tree, &row.id, field, id);
        let text = self.sources.file(check.file).text();
        let (query, _) = resolve::settle(self.index, text, &narrowed)?;
        let Some(query) = query else { return Ok(false) };
        let answers = query::answer(self.index, &query)?;
        Ok(answers.certain + answers.possible > 0)
    }

    /// Returns the line of the row's record, or of the first record in it.
    fn place(&self, row: &Row) -> Result<Option<Span>, IndexError> {
        let first = row.cells.iter().flat_map(|cell| &cell.values).find_map(|value| match value {
            CellValue::Entity { id, .. } => Some(id.as_str()),
            _ => None,
        });
        let id = if row.id.is_empty() { first } else { Some(row.id.as_str()) };
        let Some(id) = id else { return Ok(None) };
        // An identifier that is a place says where the record stands; to look for it would read all its kind.
        if let Some((file, line)) = id.split_once('@').and_then(|(_, place)| place.rsplit_once(':'))
        {
            return Ok(line.parse().ok().and_then(|line| self.line(file, line)));
        }
        let Some(entity) = self.index.find_id(id)? else { return Ok(None) };
        let origin = self.index.origin_of(entity)?;
        Ok(self.line(origin.file, origin.line))
    }

    fn line(&self, path: &str, line: u32) -> Option<Span> {
        let id = *self.files.get(path)?;
        let file = self.sources.file(id);
        line_span(id, file.text(), file.line_starts(), line)
    }

    fn expectation(&self, expectation: &Expectation) -> Result<Vec<Diagnostic>, IndexError> {
        let answers = query::answer(self.index, &expectation.query)?;
        let (missing, surplus) = compare(&expectation.answer.kind, &answers, expectation.shows);
        if missing.is_empty() && surplus.is_empty() {
            return Ok(Vec::new());
        }
        let (name, at) = &expectation.name;
        let message = match expectation.description.is_empty() {
            true => format!("`{name}` is answered otherwise than expected"),
            false => {
                format!("`{name}` is answered otherwise than expected: {}", expectation.description)
            }
        };
        let mut found = Diagnostic::new(
            code::EXPECTATION_FAILED,
            message,
            expectation.answer.span,
            "the expected answer",
        )
        .and_at(*at, "the question")
        .help("correct the facts, or the expected answer if the facts are right");
        if !missing.is_empty() {
            found = found.note(format!("missing: {}", listed(&missing)));
        }
        if !surplus.is_empty() {
            found = found.note(format!("not expected: {}", listed(&surplus)));
        }
        Ok(vec![found])
    }
}

fn milder(severity: Severity) -> Severity {
    match severity {
        Severity::Error => Severity::Warning,
        Severity::Warning | Severity::Note => Severity::Note,
    }
}

fn line_span(file: FileId, text: &str, starts: &[u32], line: u32) -> Option<Span> {
    let start = *starts.get(line.checked_sub(1)? as usize)?;
    let rest = text.get(start as usize..)?;
    let content = rest.lines().next()?;
    let indent = (content.len() - content.trim_start().len()) as u32;
    Some(Span::new(file, start + indent, start + indent + content.trim().len() as u32))
}

fn single_step(operand: &ast::Operand) -> Option<&str> {
    let ast::Operand::Path(path) = operand else { return None };
    match (path.steps.as_slice(), &path.head) {
        ([ast::Step { way: ast::Way::Name(word), closure: None, filters }], ast::Head::Row)
            if filters.is_empty() =>
        {
            Some(&word.text)
        }
        _ => None,
    }
}

/// The query about one row only, with every step along `field` narrowed to one record.
fn narrowed(tree: &ast::Query, row: &str, field: &str, value: &str) -> ast::Query {
    let mut tree = tree.clone();
    tree.clauses.retain(|clause| !matches!(clause.kind, ast::ClauseKind::Show(_)));
    let span = tree.span;
    if let ast::Body::From { condition: Some(condition), .. } = &mut tree.body {
        narrow_condition(condition, field, value);
        let inner = std::mem::replace(condition, id_is(row, span));
        *condition = ast::Condition::And(vec![id_is(row, span), inner]);
    }
    tree
}

fn id_is(id: &str, span: Span) -> ast::Condition {
    let word = |text: &str| ast::Word { text: text.to_string(), span };
    let step = ast::Step { way: ast::Way::Name(word("id")), closure: None, filters: Vec::new() };
    let path = ast::Path { head: ast::Head::Row, steps: vec![step], span };
    ast::Condition::Compare {
        quantifier: ast::Quantifier::Some,
        left: ast::Operand::Path(path),
        predicate: ast::Predicate::Against {
            comparator: ast::Comparator::Equal,
            at: span,
            right: ast::Operand::Quoted(word(id)),
        },
        span,
    }
}

fn narrow_condition(condition: &mut ast::Condition, field: &str, value: &str) {
    match condition {
        ast::Condition::And(parts) | ast::Condition::Or(parts) => {
            parts.iter_mut().for_each(|part| narrow_condition(part, field, value));
        }
        ast::Condition::Prefixed { inner, .. } => narrow_condition(inner, field, value),
        ast::Condition::Exists { path, .. } => narrow_path(path, field, value),
        ast::Condition::Compare { left, predicate, .. } => {
            narrow_operand(left, field, value);
            match predicate {
                ast::Predicate::Against { right, .. } => narrow_operand(right, field, value),
                ast::Predicate::Among { members, .. } => {
                    members.iter_mut().for_each(|member| narrow_operand(member, field, value));
                }
                ast::Predicate::Between { from, to, .. } => {
                    narrow_operand(from, field, value);
                    narrow_operand(to, field, value);
                }
                ast::Predicate::Is { .. } => {}
            }
        }
        ast::Condition::Call { .. } | ast::Condition::Mentions { .. } => {}
    }
}

fn narrow_operand(operand: &mut ast::Operand, field: &str, value: &str) {
    match operand {
        ast::Operand::Path(path) => narrow_path(path, field, value),
        ast::Operand::Difference(left, right) => {
            narrow_operand(left, field, value);
            narrow_operand(right, field, value);
        }
        _ => {}
    }
}

fn narrow_path(path: &mut ast::Path, field: &str, value: &str) {
    let span = path.span;
    let first = path.steps.first_mut().filter(|_| matches!(path.head, ast::Head::Row));
    if let Some(ast::Step { way: ast::Way::Name(word), filters, .. }) = first
        && word.text == field
    {
        filters.push(id_is(value, span));
    }
}

/// Compares what is expected with what is answered; returns what is missing and what is too many.
fn compare(expected: &ExpectedKind, answers: &Answers, shows: bool) -> (Vec<String>, Vec<String>) {
    let wanted: Vec<String> = match expected {
        ExpectedKind::Nothing => Vec::new(),
        ExpectedKind::Count { certain, possible } => {
            let actual = (answers.certain, answers.possible);
            return match actual == (*certain, *possible) {
                true => (Vec::new(), Vec::new()),
                false => (vec![counts(*certain, *possible)], vec![counts(actual.0, actual.1)]),
            };
        }
        ExpectedKind::Records(members) => {
            members.iter().map(|(id, possible)| marked(id, *possible)).collect()
        }
        ExpectedKind::Rows(rows) => {
            rows.iter().map(|(cells, possible)| marked(&cells.join(" | "), *possible)).collect()
        }
    };
    let by_cells =
        shows || answers.rows_of == RowsOf::Groups || matches!(expected, ExpectedKind::Rows(_));
    let actual: Vec<String> = answers
        .rows
        .iter()
        .map(|row| {
            let is_possible = row.matched == Match::Possible;
            match by_cells || row.id.is_empty() {
                true => marked(&cells(row), is_possible),
                false => marked(&row.id, is_possible),
            }
        })
        .collect();
    (without(&wanted, &actual), without(&actual, &wanted))
}

fn marked(text: &str, is_possible: bool) -> String {
    match is_possible {
        true => format!("{text} (possible)"),
        false => text.to_string(),
    }
}

fn counts(certain: u64, possible: u64) -> String {
    match possible {
        0 => certain.to_string(),
        _ => format!("{certain} (+{possible} possible)"),
    }
}

/// Returns what stands in `all` and not in `others`, each as often as it is missing there.
fn without(all: &[String], others: &[String]) -> Vec<String> {
    let mut others: Vec<&String> = others.iter().collect();
    others.sort();
    let mut left = Vec::new();
    let mut used = vec![false; others.len()];
    for each in all {
        let start = others.partition_point(|other| *other < each);
        let end = others.partition_point(|other| *other <= each);
        let free = (start..end).find(|place| used.get(*place) == Some(&false));
        match free.and_then(|place| used.get_mut(place)) {
            Some(slot) => *slot = true,
            None => left.push(each.clone()),
        }
    }
    left
}

fn listed(all: &[String]) -> String {
    let shown = all.iter().take(MOST_LISTED).cloned().collect::<Vec<_>>().join(", ");
    match all.len() > MOST_LISTED {
        true => format!("{shown}, … ({} in all)", all.len()),
        false => shown,
    }
}

fn cells(row: &Row) -> String {
    let each = row.cells.iter().map(|cell| identifiers(&cell.values));
    each.collect::<Vec<_>>().join(" | ")
}

/// Shows values with records by identifier, as an expected answer has them.
fn identifiers(values: &[CellValue]) -> String {
    let each = values.iter().map(|value| match value {
        CellValue::Entity { id, .. } => id.clone(),
        other => other.words(),
    });
    each.collect::<Vec<_>>().join(", ")
}

/// Shows values with records by name, as a message has them.
fn words(values: &[CellValue]) -> String {
    values.iter().map(CellValue::words).collect::<Vec<_>>().join(", ")
}
