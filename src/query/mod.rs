//! Questions: typed expressions over the index, how they are evaluated, and what they answer.

mod answers;
mod record;
mod record_page;

pub use answers::{Answers, Cell, CellValue, Match, Row, RowsOf};
pub use record::{
    CitedSource, Qualifiers, RecordField, RecordPage, RecordStatement, References, Referrer,
};

pub use record_page::{cell_value, record_page};

/// stub
pub struct Query;
/// stub
pub fn answer(_: &crate::index::Index, _: &Query) -> Result<Answers, crate::index::IndexError> {
    Ok(Answers {
        rows_of: RowsOf::Nothing,
        columns: vec![],
        rows: vec![],
        certain: 0,
        possible: 0,
        notes: vec![],
    })
}
