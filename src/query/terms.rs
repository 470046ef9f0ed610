//! Terms: what is shown of a row, sorted by or compared.
//!
//! A row is one record, of which paths speak without naming it, or it is several, where each path says at which it
//! begins: terms are the same for both, and are computed in the same way.

use super::expression::{Path, Rows};
use super::operators::Fold;

/// A variable of a formula: its place in the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(pub u32);

impl Slot {
    /// Returns its place in a frame.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A path from a variable.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundPath {
    /// The variable.
    pub slot: Slot,
    /// From there to values.
    pub path: Path,
}

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
