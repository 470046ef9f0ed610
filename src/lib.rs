//! Regesta compiles historians' facts to an index and answers questions over it.
//!
//! The rooms, from the bottom up, are described in `docs/architecture.md`; a room
//! imports only rooms below it.

pub mod cancel;
pub mod cli;
pub mod diagnostic;
pub mod format;
pub mod index;
pub mod lint;
mod mapping;
pub mod model;
pub mod pipeline;
pub mod query;
pub mod render;
pub mod resolve;
pub mod settings;
pub mod source;
pub mod suggest;
pub mod syntax;
pub mod time;
