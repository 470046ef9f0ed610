//! What is computed of a row: terms, and tests of what they come to.
//!
//! A row is one record, of which paths speak without naming it, or it is several, where each path says at which it
//! begins: terms are the same for both, and are computed in the same way.

use super::among::Member;
use super::expression::{Fold, NumberTest, Path, PathOperator, Rows, TimeTest};
use super::formula::{BoundPath, Slot};

/// A path that begins at a record of a row.
pub trait Rooted {
    /// Returns which record of the row it is; the first one where a row is one record.
    fn slot(&self) -> Slot;

    /// Returns the path from there.
    fn path(&self) -> &Path;
}

impl Rooted for Path {
    fn slot(&self) -> Slot {
        Slot(0)
    }

    fn path(&self) -> &Path {
        self
    }
}

impl Rooted for BoundPath {
    fn slot(&self) -> Slot {
        self.slot
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

/// A test of what is computed of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct ComputedTest<P = Path> {
    /// What is computed.
    pub left: Term<P>,
    /// The test.
    pub against: ComputedAgainst<P>,
}

/// What a computed value is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum ComputedAgainst<P = Path> {
    /// Numbers; one is enough.
    Numbers(Vec<NumberTest>),
    /// Dates.
    Time(TimeTest),
    /// What else is computed of the row, or the values of a path.
    Term {
        /// How they are compared.
        operator: PathOperator,
        /// The right side.
        right: Term<P>,
    },
    /// One of several values or ranges that are found row by row.
    Among(Vec<Member<P>>),
}

/// What is shown of a row, sorted by or compared: the values of a path, or what is computed of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Term<P = Path> {
    /// The values of a path.
    Values(Values<P>),
    /// Many values become one.
    Fold(Folded<P>),
    /// The days from the right side to the left one, `A - B`.
    Difference {
        /// The later one, if the days are positive.
        left: Box<Term<P>>,
        /// From which days are counted.
        right: Box<Term<P>>,
        /// As written.
        written: String,
    },
}

/// The values of a path, by where it begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Values<P = Path> {
    /// It begins at a record of the row.
    OfRow(P),
    /// It begins at other records, the same ones for all rows.
    Elsewhere {
        /// At which.
        rows: Rows,
        /// The path.
        path: Path,
    },
}

/// A fold over the values of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Folded<P = Path> {
    /// Which.
    pub fold: Fold,
    /// The values.
    pub over: Values<P>,
    /// As written.
    pub written: String,
}

impl<P: Rooted> ComputedTest<P> {
    /// Returns the terms that it computes: the left side, and those on the right.
    pub fn terms(&self) -> impl Iterator<Item = &Term<P>> {
        let right = match &self.against {
            ComputedAgainst::Term { right, .. } => vec![right],
            ComputedAgainst::Among(members) => members.iter().flat_map(Member::terms).collect(),
            ComputedAgainst::Numbers(_) | ComputedAgainst::Time(_) => Vec::new(),
        };
        std::iter::once(&self.left).chain(right)
    }

    /// Returns at which records of the row its paths begin; sorted.
    pub fn slots(&self) -> Vec<Slot> {
        let mut slots = Vec::new();
        self.terms().for_each(|term| term.see_paths(&mut |path| slots.push(path.slot())));
        slots.sort_unstable();
        slots.dedup();
        slots
    }
}

impl<P> ComputedTest<P> {
    /// Puts other paths in the place of those that begin at the row; nothing where one cannot be.
    pub fn rooted<Q>(self, change: &impl Fn(P) -> Option<Q>) -> Option<ComputedTest<Q>> {
        let against = match self.against {
            ComputedAgainst::Numbers(numbers) => ComputedAgainst::Numbers(numbers),
            ComputedAgainst::Time(time) => ComputedAgainst::Time(time),
            ComputedAgainst::Term { operator, right } => {
                ComputedAgainst::Term { operator, right: right.rooted(change)? }
            }
            ComputedAgainst::Among(members) => {
                let members = members.into_iter().map(|member| member.rooted(change));
                ComputedAgainst::Among(members.collect::<Option<_>>()?)
            }
        };
        Some(ComputedTest { left: self.left.rooted(change)?, against })
    }
}

impl<P: Rooted> Term<P> {
    /// Returns the term as written.
    pub fn written(&self) -> &str {
        match self {
            Term::Values(values) => &values.path().written,
            Term::Fold(folded) => &folded.written,
            Term::Difference { written, .. } => written,
        }
    }

    /// Hands each path to `see` that begins at the row.
    pub fn see_paths<'t>(&'t self, see: &mut dyn FnMut(&'t P)) {
        match self {
            Term::Values(values) | Term::Fold(Folded { over: values, .. }) => {
                if let Values::OfRow(path) = values {
                    see(path);
                }
            }
            Term::Difference { left, right, .. } => {
                left.see_paths(see);
                right.see_paths(see);
            }
        }
    }
}

impl<P> Term<P> {
    /// Puts other paths in the place of those that begin at the row; nothing where one cannot be.
    pub fn rooted<Q>(self, change: &impl Fn(P) -> Option<Q>) -> Option<Term<Q>> {
        Some(match self {
            Term::Values(values) => Term::Values(values.rooted(change)?),
            Term::Fold(Folded { fold, over, written }) => {
                Term::Fold(Folded { fold, over: over.rooted(change)?, written })
            }
            Term::Difference { left, right, written } => Term::Difference {
                left: Box::new(left.rooted(change)?),
                right: Box::new(right.rooted(change)?),
                written,
            },
        })
    }
}

impl<P: Rooted> Values<P> {
    /// Returns the path, wherever it begins.
    pub fn path(&self) -> &Path {
        match self {
            Values::OfRow(path) => path.path(),
            Values::Elsewhere { path, .. } => path,
        }
    }
}

impl<P> Values<P> {
    fn rooted<Q>(self, change: &impl Fn(P) -> Option<Q>) -> Option<Values<Q>> {
        Some(match self {
            Values::OfRow(path) => Values::OfRow(change(path)?),
            Values::Elsewhere { rows, path } => Values::Elsewhere { rows, path },
        })
    }
}
