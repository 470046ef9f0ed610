//! Questions: typed expressions over the index, how they are evaluated, and what they answer.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod allowance;
pub mod among;
mod answers;
pub mod calls;
pub mod computed;
pub mod eval;
pub mod expression;
pub mod formula;
mod ids;
mod naming;
pub mod operators;
pub mod passes;
mod plan;
mod record;
mod record_page;
pub mod statement_rows;
pub mod terms;
mod truth_set;
mod why;
mod wording;

pub use answers::{Answers, Cell, CellValue, Match, Reasons, Row, RowsOf};
pub use eval::{Idle, answer, answer_with, idle, plan, why};
pub use expression::Query;
pub use record::{
    CitedSource, Qualifiers, RecordField, RecordPage, RecordStatement, References, Referrer,
};

pub use allowance::{Allowance, Bounds, MOST_ROWS, MOST_TUPLES, Readers};
pub use plan::{Plan, PlanStep};
pub use why::{Asked, Because, Deciding, Derivation, Evidence, Given, Why, Written, WrittenQuery};

pub use naming::{name_in_use, own_date};
pub use record_page::{cell_value, record_page};
