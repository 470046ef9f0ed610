//! Why a record is in an answer or not: a tree for people, one object for programs.

mod objects;
mod tree;

pub use objects::write_why_json;
pub use tree::write_why;
