//! Right sides that differ from record to record: lists and ranges in which paths and folds stand, and values of other
//! records.
//!
//! Made by `resolve::query`, judged row by row in `eval::among`. Lists and ranges of literals alone are no members: a
//! posting finds them.

use super::expression::Path;
use super::operators::PathOperator;
use super::terms::{Rooted, Term};
use crate::model::EntityId;
use crate::time::{Grain, Value};

/// What a value may be, of which one is enough.
#[derive(Clone, Debug, PartialEq)]
pub enum Member<P = Path> {
    /// What the question names.
    Named(Named),
    /// What is found of the record, or of other records.
    Found {
        /// How the value is compared with it.
        operator: PathOperator,
        /// The right side.
        right: Term<P>,
    },
    /// What lies from the one to the other, ends included.
    Range {
        /// The unit of the calendar by which moments are compared, `a.year from b.year to c.year`.
        grain: Option<Grain>,
        /// Where the range begins.
        from: Limit<P>,
        /// Where it ends.
        to: Limit<P>,
    },
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit<P = Path> {
    /// What the question names.
    Named(Named),
    /// What is found of the record, or of other records.
    Found(Term<P>),
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

impl<P> Member<P> {
    /// Returns the terms that are found record by record.
    pub fn terms(&self) -> Vec<&Term<P>> {
        match self {
            Member::Named(_) => Vec::new(),
            Member::Found { right, .. } => vec![right],
            Member::Range { from, to, .. } => {
                [from, to].into_iter().filter_map(Limit::term).collect()
            }
        }
    }

    /// Puts other paths in the place of those that begin at the row; nothing where one cannot be.
    pub fn rooted<Q>(self, change: &impl Fn(P) -> Option<Q>) -> Option<Member<Q>> {
        Some(match self {
            Member::Named(named) => Member::Named(named),
            Member::Found { operator, right } => {
                Member::Found { operator, right: right.rooted(change)? }
            }
            Member::Range { grain, from, to } => {
                Member::Range { grain, from: from.rooted(change)?, to: to.rooted(change)? }
            }
        })
    }
}

impl<P> Limit<P> {
    /// Returns what is found record by record; nothing where the question names it.
    pub fn term(&self) -> Option<&Term<P>> {
        match self {
            Limit::Named(_) => None,
            Limit::Found(term) => Some(term),
        }
    }

    fn rooted<Q>(self, change: &impl Fn(P) -> Option<Q>) -> Option<Limit<Q>> {
        Some(match self {
            Limit::Named(named) => Limit::Named(named),
            Limit::Found(term) => Limit::Found(term.rooted(change)?),
        })
    }
}

impl<P: Rooted> Limit<P> {
    /// Returns it as written.
    pub fn written(&self) -> &str {
        match self {
            Limit::Named(named) => &named.written,
            Limit::Found(term) => term.written(),
        }
    }
}
