//! Time: placeholder until the room is merged.
use serde::{Deserialize, Serialize};
/// x
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PackedDate;
/// x
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CalendarUnit {
    /// x
    Day,
}
