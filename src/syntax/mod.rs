//! From text to trees: what was written, with its places, before anything is known of its meaning.

pub mod query;
