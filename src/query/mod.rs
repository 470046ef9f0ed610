//! Questions: typed expressions over the index, how they are evaluated, and what they answer.

mod answers;

pub use answers::{Answers, Cell, CellValue, Match, Row, RowsOf};
