//! From text to trees. Pure functions that never fail and never panic: each gives a tree and its findings.
//!
//! In: the text of a `.kb` file or of a query. Out: [`ast`], with the spans of everything. Nothing is looked
//! up here: what a name or a bare value means is settled in `resolve`.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod ast;
pub mod definition;
mod facts;
pub mod query;
mod terminals;

pub use facts::{
    encoding_faults, may_cite, may_declare, parse_file, parse_stretch, parse_stretch_into,
    stretches,
};
pub use terminals::decode_string;
pub(crate) use terminals::is_blank;
