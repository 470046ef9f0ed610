//! What is said about a user's text: messages with a code, a place and a way out.
//!
//! A [`Diagnostic`] is about the text (there may be many); what is wrong with the world (a missing file,
//! a damaged index) is an `Error` of the stage instead. This room knows no stage: each builds its own.

mod codes;
mod findings;
mod words;

pub use codes::{CODES, Code, code_named};
pub use findings::{Findings, MOST_OF_A_KIND, drop_covered, fold, sort};
pub use words::{all_of, counted, meant, meant_by, one, one_of, shown};

/// The codes by name, as stages use them: `code::UNKNOWN_ENTITY`.
pub mod code {
    pub use super::codes::registry::*;
}

use crate::source::Span;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The facts are wrong; the run ends with exit code 1.
    Error,
    /// The facts may be wrong; the run ends with 0 unless warnings are denied.
    Warning,
    /// Worth knowing; never changes the exit code.
    Note,
}

impl Severity {
    /// Returns the word that stands in every format.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A place and what is to be seen there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The exact place.
    pub span: Span,
    /// What is wrong *here*, or what the other place has to do with it.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its row of the registry.
    pub code: &'static Code,
    /// How grave it is.
    pub severity: Severity,
    /// One sentence that stands alone in the short format.
    pub message: String,
    /// Where it is.
    pub primary: Label,
    /// Other places that are involved.
    pub secondary: Vec<Label>,
    /// What to do, one action each.
    pub help: Vec<String>,
    /// The rule behind it, or counts.
    pub notes: Vec<String>,
    /// How many more findings of its code in its file it stands for, see [`MOST_OF_A_KIND`].
    pub more: usize,
}

impl Diagnostic {
    /// Makes a finding of the code's own severity at `span`, with the label `here`.
    pub fn new(
        code: &'static Code,
        message: impl Into<String>,
        span: Span,
        here: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity,
            message: message.into(),
            primary: Label { span, text: here.into() },
            secondary: Vec::new(),
            help: Vec::new(),
            notes: Vec::new(),
            more: 0,
        }
    }

    /// Returns how many findings it stands for, itself included.
    pub fn weight(&self) -> usize {
        1 + self.more
    }

    /// Adds another place.
    pub fn and_at(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// Adds an action.
    pub fn help(mut self, action: impl Into<String>) -> Diagnostic {
        self.help.push(action.into());
        self
    }

    /// Adds a rule or a count.
    pub fn note(mut self, rule: impl Into<String>) -> Diagnostic {
        self.notes.push(rule.into());
        self
    }
}
