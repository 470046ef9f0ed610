//! Why a record is in an answer or not, ready to be rendered: conditions, and the statements that decided them.

use super::{CellValue, CitedSource, Qualifiers};
use crate::time::Truth;

/// The text of a condition as written, with that of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// All of it.
    pub text: String,
    /// The parts of `and`, `or`, `not`, `certainly`, `possibly`, in the order written.
    pub parts: Vec<Written>,
}

/// The text of a query's conditions, and of those of the query that it takes its rows from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenQuery {
    /// What stands behind `where`.
    pub condition: Option<Written>,
    /// The query in parentheses before it.
    pub source: Option<Box<WrittenQuery>>,
}

/// Why a row is in an answer, or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The records of the row: one, or one a variable.
    pub records: Vec<Asked>,
    /// How far it belongs to the answer.
    pub truth: Truth,
    /// What decides beside the conditions, one sentence each: another relation, a status, a limit.
    pub remarks: Vec<String>,
    /// The conditions, the outermost query's last.
    pub conditions: Vec<Because>,
}

/// A record that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// For which variable it stands, where a row has several records.
    pub variable: Option<String>,
    /// The record's identifier, or `relation@file:line`.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its relation, in the singular.
    pub relation: String,
    /// The file, relative to the project's root.
    pub file: String,
    /// The line of its header, counted from 1.
    pub line: u32,
}

/// A condition and what decided it.
#[derive(Clone, Debug, PartialEq)]
pub struct Because {
    /// The condition as written.
    pub text: String,
    /// How far it holds of the record.
    pub truth: Truth,
    /// The rule that derives it, or came nearest to it; its parts are the conditions of that way.
    pub derivation: Option<Derivation>,
    /// What it is made of.
    pub parts: Vec<Because>,
    /// The ways to values that decided it; those that fulfil it where it holds, else all there are.
    pub evidence: Vec<Evidence>,
    /// How many more ways there are.
    pub more: u64,
    /// What is missing, or how nearly it holds.
    pub remarks: Vec<String>,
}

impl Because {
    /// Makes the reasons of a condition, of which nothing is told yet.
    pub(super) fn new(text: String, truth: Truth) -> Because {
        Because {
            text,
            truth,
            derivation: None,
            parts: Vec::new(),
            evidence: Vec::new(),
            more: 0,
            remarks: Vec::new(),
        }
    }
}

/// A way of a rule, with the records for which it was applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Derivation {
    /// The rule's name.
    pub rule: String,
    /// The file that defines it, relative to the project's root.
    pub file: String,
    /// The line of its head, counted from 1.
    pub line: u32,
    /// Which `if` of it, counted from 1.
    pub way: usize,
    /// How many there are.
    pub ways: usize,
    /// What its variables stand for, the parameters first.
    pub given: Vec<Given>,
}

/// What a variable stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The variable.
    pub variable: String,
    /// The record's identifier.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
}

/// One way from the record to a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The statements on the way, the last one holding the value.
    pub statements: Vec<Deciding>,
    /// How far this value fulfils the comparison.
    pub truth: Truth,
    /// What is uncertain.
    pub doubt: Option<String>,
    /// Conditions in brackets, and those of a query inside, on the records of the way.
    pub inner: Vec<Because>,
}

/// A statement that took part.
#[derive(Clone, Debug, PartialEq)]
pub struct Deciding {
    /// The identifier of the record that states it.
    pub record: String,
    /// The name of that record.
    pub name: Option<String>,
    /// The field.
    pub field: String,
    /// The value.
    pub value: CellValue,
    /// The file, relative to the project's root.
    pub file: String,
    /// The line of the value, counted from 1.
    pub line: u32,
    /// Status, period, note; its own sources are among `sources`.
    pub qualifiers: Qualifiers,
    /// The sources that hold for it.
    pub sources: Vec<CitedSource>,
    /// The dates that its relative dates go by, link by link.
    pub chain: Vec<String>,
    /// Why it does not count, where it does not: `rejected`, `denied`, `hidden by a better one`.
    pub ignored: Option<&'static str>,
}
