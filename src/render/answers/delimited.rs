//! Answers for spreadsheets: a header, a line a row, `match` as the last column.

use super::super::Style;
use super::super::words::visible;
use super::cells::{Form, cell, count_columns, push_cell};
use crate::query::{Answers, CellValue, Reasons, RowsOf};
use std::io::{self, Write};

/// Parts several values of one cell.
const BETWEEN: &str = "; ";

/// Writes the answer with `delimiter` between its cells.
///
/// A column of counts is followed by `NAME_possible`, so that each holds plain numbers.
pub(super) fn write(
    out: &mut dyn Write,
    answers: &Answers,
    delimiter: u8,
    style: Style,
) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
    if answers.rows_of == RowsOf::Nothing {
        writer.write_record(["certain", "possible"])?;
        writer.write_record([answers.certain.to_string(), answers.possible.to_string()])?;
        return writer.flush();
    }
    let is_count = count_columns(answers);
    for (column, is_count) in answers.columns.iter().zip(&is_count) {
        write_field(&mut writer, column, style)?;
        if *is_count {
            write_field(&mut writer, &format!("{column}_possible"), style)?;
        }
    }
    writer.write_field("match")?;
    if answers.reasons == Reasons::Plain {
        writer.write_field("reason")?;
    }
    writer.write_record(None::<&[u8]>)?;
    let mut text = String::new();
    for row in &answers.rows {
        for (column, is_count) in is_count.iter().enumerate() {
            text.clear();
            push_cell(&mut text, cell(row, column), Form::Programs, BETWEEN);
            write_field(&mut writer, &text, style)?;
            if *is_count {
                let possible = cell(row, column).values.iter().find_map(|value| match value {
                    CellValue::Count { possible, .. } => Some(possible.to_string()),
                    _ => None,
                });
                writer.write_field(possible.unwrap_or_default())?;
            }
        }
        writer.write_field(row.matched.word())?;
        if answers.reasons == Reasons::Plain {
            write_field(&mut writer, &row.reason, style)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

/// Writes a cell as it is into a pipe; a terminal gets nothing that it would obey.
fn write_field<W: Write>(writer: &mut csv::Writer<W>, text: &str, style: Style) -> io::Result<()> {
    match style.width {
        Some(_) => writer.write_field(visible(text))?,
        None => writer.write_field(text)?,
    }
    Ok(())
}
