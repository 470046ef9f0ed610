//! Findings for programs: one a line, all of them.
//!
//! In: findings. Out: `short`, `json` and `github` lines. Lines and columns count from 1, columns are
//! characters, an end is the place behind the last character.

use super::super::json;
use super::super::ruler::{Ruler, fitted};
use super::super::words::{visible, visible_letter};
use super::{Totals, gravest_first};
use crate::diagnostic::{Diagnostic, Label, Severity};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Writes `file:line:col: severity[KB0201]: message`.
pub(super) fn write_short(
    out: &mut dyn Write,
    ruler: &mut Ruler<'_>,
    findings: &[Diagnostic],
) -> io::Result<()> {
    for finding in findings {
        let span = finding.primary.span;
        let place = ruler.place(span.file, span.start);
        writeln!(
            out,
            "{}:{}:{}: {}[{}]: {}",
            visible(&ruler.file(span.file).path),
            place.line,
            place.column,
            finding.severity.word(),
            finding.code.number,
            visible(&finding.message),
        )?;
    }
    Ok(())
}

/// Writes one object a finding, and the totals as the last.
pub(super) fn write_json(
    out: &mut dyn Write,
    ruler: &mut Ruler<'_>,
    findings: &[Diagnostic],
) -> io::Result<()> {
    for finding in findings {
        let labels = std::iter::once(&finding.primary).chain(&finding.secondary);
        let labels: Vec<Value> = labels.map(|label| label_object(ruler, label)).collect();
        let object = json!({
            "code": finding.code.number,
            "name": finding.code.name,
            "severity": finding.severity.word(),
            "message": finding.message,
            "file": ruler.file(finding.primary.span.file).path,
            "span": span_object(ruler, &finding.primary),
            "labels": labels,
            "help": finding.help,
            "notes": finding.notes,
        });
        json::write_line(out, &object)?;
    }
    let totals = Totals::of(findings);
    let summary = json!({ "summary": {
        "errors": totals.errors,
        "warnings": totals.warnings,
        "notes": totals.notes,
        "files": totals.files,
    }});
    json::write_line(out, &summary)
}

fn label_object(ruler: &mut Ruler<'_>, label: &Label) -> Value {
    json!({
        "file": ruler.file(label.span.file).path,
        "span": span_object(ruler, label),
        "text": label.text,
    })
}

fn span_object(ruler: &mut Ruler<'_>, label: &Label) -> Value {
    let (start, end) = ruler.ends(label.span);
    let (byte_start, byte_end) = fitted(ruler.file(label.span.file).text(), label.span);
    json!({
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "byte_start": byte_start,
        "byte_end": byte_end,
    })
}

/// Writes workflow commands, errors first: GitHub shows only the first ten of each step.
pub(super) fn write_github(
    out: &mut dyn Write,
    ruler: &mut Ruler<'_>,
    findings: &[Diagnostic],
) -> io::Result<()> {
    for finding in gravest_first(findings) {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let span = finding.primary.span;
        let (start, end) = ruler.ends(span);
        let file = property(&ruler.file(span.file).path);
        write!(out, "::{command} file={file},line={},endLine={}", start.line, end.line)?;
        // GitHub refuses columns where an annotation covers several lines.
        if start.line == end.line {
            write!(out, ",col={},endColumn={}", start.column, end.column)?;
        }
        let title = property(&format!("{} {}", finding.code.number, finding.code.name));
        writeln!(out, ",title={title}::{}", data(&annotation(finding)))?;
    }
    Ok(())
}

fn annotation(finding: &Diagnostic) -> String {
    let mut lines = vec![finding.message.clone()];
    lines.extend(finding.help.iter().map(|help| format!("help: {help}")));
    lines.extend(finding.notes.iter().map(|note| format!("note: {note}")));
    lines.join("\n")
}

/// Escapes the message of a workflow command.
fn data(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '%' => escaped.push_str("%25"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            _ => escaped.push(visible_letter(letter)),
        }
    }
    escaped
}

/// Escapes a property of a workflow command, which may hold no `:` and no `,` either.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
