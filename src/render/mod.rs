//! From findings and answers to bytes: text for people, lines for programs.
//!
//! In: [`Diagnostic`](crate::diagnostic::Diagnostic)s, [`Answers`](crate::query::Answers), a record's page.
//! Out: bytes in a writer that somebody else owns. No stream, environment or terminal is looked at here:
//! whoever calls says in a [`Style`] whether there is a terminal, how wide, and whether it has colours.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answers;
mod diagnostics;
mod difference;
mod explain;
mod json;
mod plan;
mod record;
mod ruler;
mod schema;
mod why;
mod words;

pub use answers::{AnswerFormat, write_answers};
pub use diagnostics::{
    MOST_FINDINGS, MessageFormat, Totals, write_diagnostics, write_query_findings,
};
pub use difference::write_difference;
pub use explain::explain;
pub use plan::write_plan;
pub use record::{write_record, write_record_json};
pub use schema::{
    write_overview, write_overview_json, write_relation, write_relation_json, write_union,
    write_union_json,
};
pub use why::{write_why, write_why_json};

use anstyle::AnsiColor;
use std::fmt::Display;

/// What the reader's end can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Colours are wanted.
    pub color: bool,
    /// How many columns a line has; none where the output goes to a pipe or a file, and nothing is cut.
    pub width: Option<usize>,
}

impl Style {
    /// No colour, no width: what a pipe gets.
    pub const PLAIN: Style = Style { color: false, width: None };
}

/// Returns `text` in `color` and bold, where colours are wanted.
fn paint(text: &str, color: AnsiColor, style: Style) -> String {
    painted(text, color.on_default().bold(), style)
}

/// Returns `text` in a look, where colours are wanted.
fn painted(text: impl Display, look: anstyle::Style, style: Style) -> String {
    if style.color {
        format!("{}{text}{}", look.render(), look.render_reset())
    } else {
        text.to_string()
    }
}
