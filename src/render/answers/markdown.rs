//! Answers as Markdown: one table of what is certain, one of what is possible, the counts.

use super::super::words::push_visible;
use super::cells::{Form, cell, numeric_columns, parted, push_cell};
use super::counts_and_limit;
use crate::query::{Answers, Row, RowsOf};
use std::io::{self, Write};

/// Writes the answer.
pub(super) fn write(out: &mut dyn Write, answers: &Answers) -> io::Result<()> {
    if answers.rows_of == RowsOf::Nothing {
        return writeln!(out, "{}", counts_and_limit(answers));
    }
    let (certain, possible) = parted(answers);
    let is_numeric = numeric_columns(answers);
    write_head(out, answers, &is_numeric, &[])?;
    for row in certain {
        write_row(out, row, answers.columns.len(), None)?;
    }
    if !possible.is_empty() {
        writeln!(out, "\n**Possible**\n")?;
        write_head(out, answers, &is_numeric, &["why"])?;
        for row in possible {
            write_row(out, row, answers.columns.len(), Some(&row.reason))?;
        }
    }
    writeln!(out, "\n{}", counts_and_limit(answers))
}

fn write_head(
    out: &mut dyn Write,
    answers: &Answers,
    is_numeric: &[bool],
    more: &[&str],
) -> io::Result<()> {
    let columns = answers.columns.iter().map(String::as_str).chain(more.iter().copied());
    let names: Vec<String> = columns.map(escaped).collect();
    writeln!(out, "| {} |", names.join(" | "))?;
    let rule = |numeric: &bool| if *numeric { "---:" } else { "---" };
    let rules = is_numeric.iter().map(rule).chain(more.iter().map(|_| "---"));
    writeln!(out, "| {} |", rules.collect::<Vec<_>>().join(" | "))
}

fn write_row(
    out: &mut dyn Write,
    row: &Row,
    columns: usize,
    reason: Option<&str>,
) -> io::Result<()> {
    let mut text = String::new();
    write!(out, "|")?;
    for column in 0..columns {
        text.clear();
        push_cell(&mut text, cell(row, column), Form::People, ", ");
        let mark = if column == 0 && row.order_is_uncertain { "≈ " } else { "" };
        write!(out, " {mark}{} |", escaped(&text))?;
    }
    if let Some(reason) = reason {
        write!(out, " {} |", escaped(reason))?;
    }
    writeln!(out)
}

/// Escapes what Markdown or the table would take for its own; a line break becomes `<br>`.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for line in text.lines() {
        if !escaped.is_empty() {
            escaped.push_str("<br>");
        }
        for letter in line.chars() {
            if matches!(letter, '\\' | '|' | '`' | '*' | '_' | '<' | '[' | ']' | '~' | '&') {
                escaped.push('\\');
            }
            push_visible(&mut escaped, letter.encode_utf8(&mut [0; 4]));
        }
    }
    escaped
}
