//! What is said about a user's text: messages with a code, a place and a way out.
//!
//! A [`Diagnostic`] is about the text (there may be many); what is wrong with the world (a missing file,
//! a damaged index) is an `Error` of the stage instead. This room knows no stage: each builds its own.

mod codes;

pub use codes::{CODES, Code, code_named};

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
        }
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

/// Puts findings into the order of their places, each once.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|one, other| {
        (one.primary.span, one.code.number, &one.message).cmp(&(
            other.primary.span,
            other.code.number,
            &other.message,
        ))
    });
    diagnostics.dedup();
}

/// Returns `1 error`, `2 errors`: a count with its noun.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ if noun.ends_with('y') => format!("{count} {}ies", noun.trim_end_matches('y')),
        _ => format!("{count} {noun}s"),
    }
}

/// Joins names as a sentence does: `a`, `b` or `c`, each in backticks.
pub fn one_of<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [firsts @ .., last] => format!("{} or {last}", firsts.join(", ")),
    }
}
