//! What the schema says, for `regesta schema`.
//!
//! In: an [`Overview`](crate::index::Overview), a [`RelationPage`](crate::index::RelationPage) or a
//! [`UnionPage`](crate::index::UnionPage). Out: aligned text, or one JSON object.

mod objects;
mod text;

pub use objects::{write_overview_json, write_relation_json, write_union_json};
pub use text::{write_overview, write_relation, write_union};
