//! Values as 32-bit codes, and what the codes stand for.

use super::{EntityId, NumberRank, StringId, TimeRank};
use serde::{Deserialize, Serialize};

/// A value as columns hold it; its meaning depends on the field's type.
///
/// | type | code |
/// |---|---|
/// | `text`, `url` | [`StringId`] |
/// | `integer`, `decimal`, `quantity` | [`NumberRank`] |
/// | `date`, `period` | [`TimeRank`], in the table of dates or of periods |
/// | `words` | place of the word in the field's list |
/// | reference | [`EntityId`] |
///
/// The two highest codes stand for `unknown` and `none` in every type.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, bytemuck::Pod, bytemuck::Zeroable,
)]
#[repr(transparent)]
pub struct ValueCode(pub u32);

impl ValueCode {
    /// There is a value, and nobody knows it.
    pub const UNKNOWN: ValueCode = ValueCode(u32::MAX);
    /// There is no value.
    pub const NONE: ValueCode = ValueCode(u32::MAX - 1);
    /// The highest code that stands for a value of the field's type.
    pub const LAST: ValueCode = ValueCode(u32::MAX - 2);

    /// Tells whether the code stands for a value, neither `unknown` nor `none`.
    pub fn is_known(self) -> bool {
        self <= ValueCode::LAST
    }
}

/// A decoded value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// There is a value, and nobody knows it.
    Unknown,
    /// There is no value.
    None,
    /// A string or an address.
    Text(StringId),
    /// A number or quantity.
    Number(NumberRank),
    /// A date or a period, as the field's type says.
    Time(TimeRank),
    /// A word, by its place in the field's list.
    Word(u32),
    /// A record.
    Entity(EntityId),
}

/// A number or quantity, as exactly as it is known.
///
/// `1500` has both bounds alike; `10..14 day` has two; `..14 day` has no least one (negative infinity).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Number {
    /// The least value that it may have.
    pub least: f64,
    /// The greatest value that it may have.
    pub greatest: f64,
    /// The unit, a string of the heap; none for a bare number.
    pub unit: Option<StringId>,
    /// The text as written.
    pub text: StringId,
}
