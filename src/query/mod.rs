//! Questions: typed expressions over the index, how they are evaluated, and what they answer.

mod answers;
mod record;

pub use answers::{Answers, Cell, CellValue, Match, Row, RowsOf};
pub use record::{
    CitedSource, Qualifiers, RecordField, RecordPage, RecordStatement, References, Referrer,
};
