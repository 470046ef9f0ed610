//! A record's page as aligned text.

use super::super::answers::{Form, push_value};
use super::super::words::{visible, width, write_lines};
use super::super::{Style, painted};
use crate::model::Status;
use crate::query::{
    CellValue, CitedSource, Qualifiers, RecordField, RecordPage, RecordStatement, References,
    Referrer,
};
use std::io::{self, Write};

/// The widest column of field names; a longer name pushes its own values to the right.
const WIDEST_NAME: usize = 20;

/// Writes the page.
pub fn write_record(out: &mut dyn Write, page: &RecordPage, style: Style) -> io::Result<()> {
    write_header(out, page, style)?;
    let widths = page.fields.iter().map(|field| width(&field.name));
    let column = widths.max().unwrap_or(0).min(WIDEST_NAME);
    if !page.fields.is_empty() {
        writeln!(out)?;
    }
    for field in &page.fields {
        write_field(out, field, column, style)?;
    }
    for references in &page.references {
        write_references(out, references, style)?;
    }
    if !page.sources.is_empty() {
        writeln!(out, "\n{}", heading("sources", style))?;
        for source in &page.sources {
            write_item(out, "  ", &cited(source), style)?;
        }
    }
    Ok(())
}

fn heading(text: &str, style: Style) -> String {
    painted(text, anstyle::Style::new().bold(), style)
}

fn write_header(out: &mut dyn Write, page: &RecordPage, style: Style) -> io::Result<()> {
    let id = visible(&page.id);
    match &page.name {
        Some(name) => writeln!(out, "{} [{id}]", heading(&visible(name), style))?,
        None => writeln!(out, "{}", heading(&id, style))?,
    }
    let place = format!("{}:{}", visible(&page.file), page.line);
    writeln!(out, "{}, {place}", visible(&page.relation))?;
    for remark in remarks(&page.qualifiers) {
        write_item(out, "  ", &remark, style)?;
    }
    Ok(())
}

fn write_field(
    out: &mut dyn Write,
    field: &RecordField,
    column: usize,
    style: Style,
) -> io::Result<()> {
    let name = visible(&field.name);
    let indent = " ".repeat(column + 2);
    let mut first = name.clone();
    first.extend(std::iter::repeat_n(' ', column.saturating_sub(width(&name)) + 2));
    for (number, statement) in field.statements.iter().enumerate() {
        let lead = if number == 0 { &first } else { &indent };
        write_lines(out, lead, &indent, &statement_line(statement), style)?;
        for remark in remarks(&statement.qualifiers) {
            write_item(out, &format!("{indent}  "), &remark, style)?;
        }
    }
    Ok(())
}

/// Returns the value, with what is short enough to stand behind it in parentheses.
fn statement_line(statement: &RecordStatement) -> String {
    let mut line = value_text(&statement.value);
    if let CellValue::Entity { id, name: Some(_) } = &statement.value {
        line.push_str(&format!(" [{}]", visible(id)));
    }
    let short = short_remarks(&statement.qualifiers);
    if !short.is_empty() {
        line.push_str(&format!(" ({})", short.join("; ")));
    }
    line
}

fn value_text(value: &CellValue) -> String {
    let mut text = String::new();
    push_value(&mut text, value, Form::People);
    visible(&text)
}

/// Returns status, period, language and relative dates.
fn short_remarks(qualifiers: &Qualifiers) -> Vec<String> {
    let mut remarks = Vec::new();
    if qualifiers.status != Status::Accepted {
        remarks.push(qualifiers.status.word().to_owned());
    }
    remarks.extend(qualifiers.period.as_ref().map(value_text));
    remarks.extend(qualifiers.language.as_ref().map(|language| visible(language)));
    remarks.extend(qualifiers.relatives.iter().map(|relative| visible(relative)));
    remarks
}

/// Returns the sentences that stand on lines of their own: note, quotation, sources.
fn remarks(qualifiers: &Qualifiers) -> Vec<String> {
    let note = qualifiers.note.iter().map(|note| format!("note: {}", visible(note)));
    let quote = qualifiers.quote.iter().map(|quote| format!("quote: “{}”", visible(quote)));
    let sources = qualifiers.sources.iter().map(|source| format!("source: {}", cited(source)));
    note.chain(quote).chain(sources).collect()
}

/// Returns `The Bolshevik Revolution, pp. 12-14 [carr-1950]`.
pub(in crate::render) fn cited(source: &CitedSource) -> String {
    let id = visible(&source.id);
    let locator = source.locator.as_ref().map_or(String::new(), |at| format!(", {}", visible(at)));
    match &source.name {
        Some(name) => format!("{}{locator} [{id}]", visible(name)),
        None => format!("{id}{locator}"),
    }
}

fn write_references(out: &mut dyn Write, references: &References, style: Style) -> io::Result<()> {
    let relation = visible(&references.relation);
    let title = format!("{relation} by {} ({})", visible(&references.field), references.total);
    writeln!(out, "\n{}", heading(&title, style))?;
    for record in &references.records {
        write_item(out, "  ", &referrer_line(record), style)?;
    }
    let more = references.total.saturating_sub(references.records.len() as u64);
    if more > 0 {
        writeln!(out, "  and {more} more")?;
    }
    Ok(())
}

/// Returns the name, the identifier, the date and, where it is not simply accepted, the status.
fn referrer_line(record: &Referrer) -> String {
    let id = visible(&record.id);
    let mut text = match &record.name {
        Some(name) => format!("{} [{id}]", visible(name)),
        None => id,
    };
    if let Some(date) = &record.date {
        text.push_str(&format!(", {}", value_text(date)));
    }
    if record.status != Status::Accepted {
        text.push_str(&format!(" ({})", record.status.word()));
    }
    text
}

fn write_item(out: &mut dyn Write, indent: &str, text: &str, style: Style) -> io::Result<()> {
    write_lines(out, indent, &format!("{indent}  "), text, style)
}
