//! What must hold for any bytes: one module for each fuzz target.
//!
//! In: bytes that nobody chose with care. Out: nothing, or a panic. The targets in `fuzz_targets/` look for bytes
//! that panic; `tests/it/fuzz_corpus.rs` replays on the stable toolchain what they have found so far.

pub mod base;
pub mod date;
pub mod facts;
pub mod format;
pub mod index;
pub mod outline;
pub mod query;
