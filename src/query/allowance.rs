//! What a question is allowed: how its reasons are told, how much may be made, and when to give up.

use super::answers::Reasons;
use crate::cancel::Cancellation;

/// Most rows that an answer may have.
pub const MOST_ROWS: usize = 5_000_000;
/// Most tuples that are kept of what one rule derives, or of what `find` finds.
pub const MOST_TUPLES: usize = 20_000_000;

/// Who reads an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Readers {
    /// People, who see the names of records, and which rows may stand in another order.
    #[default]
    People,
    /// Programs, which are given identifiers, and no marks.
    Programs,
}

/// What a question is allowed.
#[derive(Clone, Debug)]
pub struct Allowance {
    /// How the reasons of possible rows are told.
    pub reasons: Reasons,
    /// Who reads it; what the others would see is not looked up.
    pub readers: Readers,
    /// So many rows are made at most, certain ones first; the others are counted.
    pub rows_wanted: Option<usize>,
    /// Ends the work early.
    pub cancellation: Cancellation,
    /// What may be made at all.
    pub bounds: Bounds,
}

impl Default for Allowance {
    fn default() -> Allowance {
        Allowance {
            reasons: Reasons::default(),
            readers: Readers::default(),
            rows_wanted: None,
            cancellation: Cancellation::default(),
            bounds: Bounds { rows: MOST_ROWS, tuples: MOST_TUPLES },
        }
    }
}

/// How much may be made before memory runs out; more is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Rows of an answer.
    pub rows: usize,
    /// Tuples of one rule, or of a `find`.
    pub tuples: usize,
}
