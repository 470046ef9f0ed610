//! From trees to meaning: names, types, cardinality, for facts and for queries alike.
//!
//! In: trees. Out: a product in which every name is resolved, and every finding. What is faulty is left out of
//! the product, once reported; everything sound around it stays.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod definitions;
mod facts;
mod query;
mod record;
mod relation;

pub use definitions::{Check, Definitions, Expectation, definition_count, definitions};
pub use facts::{Base, Changes, Extent, Remembering, Resolved, again, base, facts};
pub use query::{query, settle, written};
pub use record::record_named;
pub use relation::{SchemaName, schema_named};
