//! Cells as text: names and both calendars for people, identifiers and EDTF for programs.

use crate::query::{Answers, Cell, CellValue, Match, Row};

/// For whom a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Form {
    /// Names of records, dates as people read them, counts with what is possible on top.
    People,
    /// Identifiers, dates as EDTF, certain counts.
    Programs,
}

/// Appends the text of one value.
pub(in super::super) fn push_value(text: &mut String, value: &CellValue, form: Form) {
    match (value, form) {
        (CellValue::Text(words), _) => text.push_str(words),
        (CellValue::Word(word), _) => text.push_str(word),
        (CellValue::Number { text: number, .. }, _) => text.push_str(number),
        (CellValue::Time { shown, .. }, Form::People) => text.push_str(shown),
        (CellValue::Time { edtf, .. }, Form::Programs) => text.push_str(edtf),
        (CellValue::Entity { name: Some(name), .. }, Form::People) => text.push_str(name),
        (CellValue::Entity { id, .. }, _) => text.push_str(id),
        (CellValue::Count { certain, possible }, Form::People) => {
            text.push_str(&super::counts(*certain, *possible));
        }
        (CellValue::Count { certain, .. }, Form::Programs) => text.push_str(&certain.to_string()),
        (CellValue::Unknown, _) => text.push_str("unknown"),
        (CellValue::None, _) => text.push_str("none"),
    }
}

/// Appends the text of a cell, its values parted by `between`; nothing where nothing is recorded.
pub(super) fn push_cell(text: &mut String, cell: &Cell, form: Form, between: &str) {
    for (number, value) in cell.values.iter().enumerate() {
        if number > 0 {
            text.push_str(between);
        }
        push_value(text, value, form);
    }
}

/// Returns the cell of a row in a column, an empty one where the row is too short.
pub(super) fn cell(row: &Row, column: usize) -> &Cell {
    static NOTHING: Cell = Cell { values: Vec::new(), is_list: false };
    row.cells.get(column).unwrap_or(&NOTHING)
}

/// Returns the certain rows and the possible ones.
pub(super) fn parted(answers: &Answers) -> (Vec<&Row>, Vec<&Row>) {
    answers.rows.iter().partition(|row| row.matched == Match::Certain)
}

/// Tells for each column whether all that stands in it are numbers, so that they are aligned as such.
pub(super) fn numeric_columns(answers: &Answers) -> Vec<bool> {
    columns_of_only(answers, |value| {
        matches!(value, CellValue::Number { .. } | CellValue::Count { .. })
    })
}

/// Tells for each column whether a part of what stands in it would be false: half a date is another date.
pub(super) fn uncuttable_columns(answers: &Answers) -> Vec<bool> {
    columns_of_only(answers, |value| {
        !matches!(value, CellValue::Text(_) | CellValue::Word(_) | CellValue::Entity { .. })
    })
}

fn columns_of_only(answers: &Answers, fits: impl Fn(&CellValue) -> bool) -> Vec<bool> {
    let mut found = vec![None; answers.columns.len()];
    for row in &answers.rows {
        for (column, cell) in found.iter_mut().zip(&row.cells) {
            for value in &cell.values {
                *column = Some(column.unwrap_or(true) && fits(value));
            }
        }
    }
    found.into_iter().map(|column| column.unwrap_or(false)).collect()
}

/// Tells for each column whether it holds counts, which may have a certain and a possible part.
pub(super) fn count_columns(answers: &Answers) -> Vec<bool> {
    let is_count = |value: &CellValue| matches!(value, CellValue::Count { .. });
    (0..answers.columns.len())
        .map(|column| answers.rows.iter().any(|row| cell(row, column).values.iter().any(is_count)))
        .collect()
}
