//! What is not wrong, and was perhaps not meant: names before or after their time, checks that check nothing.
//!
//! In: facts that are resolved, checks that are settled. Out: findings. Nothing here finds a fault in a fact.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod checks;
mod columns;
mod given;
mod names;

pub use checks::idle_check;
pub use given::{names_bearing, names_in_use, names_still_in_use};
pub use names::names_out_of_time;
