//! The fragment of the language that SQL can express, translated to it.

pub mod generate;
pub mod questions;
