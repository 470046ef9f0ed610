//! How far statements hold, and the records in which a field is recorded.

use crate::model::{EntityId, Status};
use std::borrow::Cow;
use std::ops::Range;

/// How far a statement holds, from its status and those beside it.
///
/// A disputed statement of a single-valued field stands as `Never` where an accepted or preferred one stands
/// beside it; its status, `disputed`, tells it from a rejected one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Standing {
    /// It holds.
    Certain,
    /// It may hold.
    Possible,
    /// It does not hold, and says nothing.
    Never,
    /// It does not hold, and that is said of it.
    Denied,
}

impl Standing {
    /// Returns how a statement stands by itself.
    pub fn of(status: Status) -> Standing {
        match status {
            Status::Accepted | Status::Preferred | Status::Inferred => Standing::Certain,
            Status::Disputed => Standing::Possible,
            Status::Rejected => Standing::Never,
            Status::Denied => Standing::Denied,
        }
    }

    /// Returns the byte that stands for it in the index.
    pub(super) fn code(self) -> u8 {
        self as u8
    }

    #[inline]
    pub(super) fn of_code(code: u8) -> Option<Standing> {
        Some(match code {
            0 => Standing::Certain,
            1 => Standing::Possible,
            2 => Standing::Never,
            3 => Standing::Denied,
            _ => return None,
        })
    }
}

/// The records in which a field is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded<'i> {
    /// All of the relation.
    All(Range<u32>),
    /// These, sorted.
    Some(Cow<'i, [EntityId]>),
}

impl Recorded<'_> {
    /// Returns how many there are.
    pub fn len(&self) -> usize {
        match self {
            Recorded::All(range) => range.len(),
            Recorded::Some(entities) => entities.len(),
        }
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Tells whether the field is recorded for `entity`.
    pub fn contains(&self, entity: EntityId) -> bool {
        match self {
            Recorded::All(range) => range.contains(&entity.0),
            Recorded::Some(entities) => entities.binary_search(&entity).is_ok(),
        }
    }
}
