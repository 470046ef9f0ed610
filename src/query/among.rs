//! Right sides that differ from record to record: lists and ranges in which paths and folds stand, and values of other
//! records.
//!
//! Made by `resolve::query`, judged row by row in `eval::among`. Lists and ranges of literals alone are no members: a
//! posting finds them.

use super::expression::{PathOperator, Term};
use crate::model::EntityId;
use crate::time::{Grain, Value};

/// What a value may be, of which one is enough.
#[derive(Clone, Debug, PartialEq)]
pub enum Member {
    /// What the question names.
    Named(Named),
    /// What is found of the record, or of other records.
    Found {
        /// How the value is compared with it.
        operator: PathOperator,
        /// The right side.
        right: Term,
    },
    /// What lies from the one to the other, ends included.
    Range {
        /// The unit of the calendar by which moments are compared, `a.year from b.year to c.year`.
        grain: Option<Grain>,
        /// Where the range begins.
        from: Limit,
        /// Where it ends.
        to: Limit,
    },
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    /// What the question names.
    Named(Named),
    /// What is found of the record, or of other records.
    Found(Term),
}

/// Values that the question names, with how they were written.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// The values.
    pub values: NamedValues,
    /// As written.
    pub written: String,
}

/// Values that the question names, of one kind.
#[derive(Clone, Debug, PartialEq)]
pub enum NamedValues {
    /// Stretches, each exact.
    Times(Vec<Value>),
    /// A number with its unit.
    Number(f64, Option<String>),
    /// Records.
    Records(Vec<EntityId>),
    /// Texts, identifiers or words of a list.
    Texts(Vec<String>),
}

impl Member {
    /// Returns the terms that are found record by record.
    pub fn terms(&self) -> Vec<&Term> {
        match self {
            Member::Named(_) => Vec::new(),
            Member::Found { right, .. } => vec![right],
            Member::Range { from, to, .. } => {
                [from, to].into_iter().filter_map(Limit::term).collect()
            }
        }
    }
}

impl Limit {
    /// Returns what is found record by record; nothing where the question names it.
    pub fn term(&self) -> Option<&Term> {
        match self {
            Limit::Named(_) => None,
            Limit::Found(term) => Some(term),
        }
    }

    /// Returns it as written.
    pub fn written(&self) -> &str {
        match self {
            Limit::Named(named) => &named.written,
            Limit::Found(term) => term.written(),
        }
    }
}
