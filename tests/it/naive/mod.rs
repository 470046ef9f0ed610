//! A naive evaluator: one record after another, every path statement by statement, verdicts as language.md 3 has them.
//!
//! It shares the typed question and the comparison of two dates with the planned one, and nothing else.

mod among;
mod beyond;
mod computed;
mod formulas;
pub mod generate;
pub mod generate_told;
mod judge;
mod outputs;
mod paths;
mod told;
mod world;

pub use computed::shown_term;
pub use formulas::tuples;
pub use outputs::{count_distinct, fold, groups, in_order};
pub use told::count as count_statements;
pub use world::{Found, World};
