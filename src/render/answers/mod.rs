//! Answers in eight formats: tables for people, the rest for programs.
//!
//! In: [`Answers`] and the query they answer. Out: bytes. What each format promises to a script is
//! written down in `docs/query-output.md`.

mod cells;
mod delimited;
mod markdown;
mod objects;
mod table;

pub(super) use cells::{Form, push_value};
pub(super) use objects::ValueObject;

use super::Style;
use super::words::visible;
use crate::query::{Answers, Match, Readers, RowsOf};
use std::io::{self, Write};

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnswerFormat {
    /// Aligned columns for people, fitted to a terminal's width.
    #[default]
    Table,
    /// Comma-separated values with a header.
    Csv,
    /// Tab-separated values with a header.
    Tsv,
    /// One JSON object with the query, the rows and the counts.
    Json,
    /// One JSON object a row.
    Jsonl,
    /// A table in Markdown.
    Markdown,
    /// One identifier a line.
    Ids,
    /// The counts alone.
    Count,
}

impl AnswerFormat {
    /// Returns who reads this format.
    pub fn readers(self) -> Readers {
        match self {
            AnswerFormat::Table | AnswerFormat::Markdown => Readers::People,
            _ => Readers::Programs,
        }
    }

    /// Returns why an answer with such rows cannot be written in this format, if it cannot.
    ///
    /// Identifiers of an answer that has none would be an empty page that looks like an empty answer.
    pub fn refusal(self, rows_of: RowsOf) -> Option<&'static str> {
        match (self, rows_of) {
            (AnswerFormat::Ids, RowsOf::Groups) => {
                Some("the format `ids` needs one row a record, and this query makes groups")
            }
            (AnswerFormat::Ids, RowsOf::Nothing) => {
                Some("the format `ids` needs one row a record, and this query only counts")
            }
            _ => None,
        }
    }
}

/// Writes `answers`, which answer `query`, in a format.
pub fn write_answers(
    out: &mut dyn Write,
    query: &str,
    answers: &Answers,
    format: AnswerFormat,
    style: Style,
) -> io::Result<()> {
    match format {
        AnswerFormat::Table => table::write(out, answers, style),
        AnswerFormat::Csv => delimited::write(out, answers, b',', style),
        AnswerFormat::Tsv => delimited::write(out, answers, b'\t', style),
        AnswerFormat::Json => objects::write_json(out, query, answers),
        AnswerFormat::Jsonl => objects::write_jsonl(out, answers),
        AnswerFormat::Markdown => markdown::write(out, answers),
        AnswerFormat::Ids => write_ids(out, answers),
        AnswerFormat::Count => writeln!(out, "{}", counts(answers.certain, answers.possible)),
    }
}

/// Returns `12` or `12 (+2 possible)`.
fn counts(certain: u64, possible: u64) -> String {
    match possible {
        0 => certain.to_string(),
        _ => format!("{certain} (+{possible} possible)"),
    }
}

/// Returns the counts, and how many of the rows are shown where a `limit` has cut them.
fn counts_and_limit(answers: &Answers) -> String {
    let all = counts(answers.certain, answers.possible);
    if answers.rows_of != RowsOf::Records {
        return all;
    }
    let certain = answers.rows.iter().filter(|row| row.matched == Match::Certain).count() as u64;
    let possible = answers.rows.len() as u64 - certain;
    if certain < answers.certain || possible < answers.possible {
        format!("{all}, of which {} shown", counts(certain, possible))
    } else {
        all
    }
}

fn write_ids(out: &mut dyn Write, answers: &Answers) -> io::Result<()> {
    for row in answers.rows.iter().filter(|row| !row.id.is_empty()) {
        match row.matched {
            Match::Certain => writeln!(out, "{}", visible(&row.id))?,
            Match::Possible => writeln!(out, "{}\t{}", visible(&row.id), row.matched.word())?,
        }
    }
    Ok(())
}
