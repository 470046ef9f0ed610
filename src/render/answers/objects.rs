//! Answers as JSON, written row by row: nothing is built in memory first.

use super::super::json;
use super::cells::cell;
use crate::query::{Answers, CellValue, Reasons, Row, RowsOf};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::collections::HashSet;
use std::io::{self, Write};

/// Writes one object: `query`, `columns`, `rows` (a line each), `certain`, `possible`.
pub(super) fn write_json(out: &mut dyn Write, query: &str, answers: &Answers) -> io::Result<()> {
    let keys = keys(answers);
    write!(out, "{{\"query\":")?;
    json::write(out, query)?;
    write!(out, ",\"columns\":")?;
    json::write(out, &keys)?;
    write!(out, ",\"rows\":[")?;
    for (number, row) in answers.rows.iter().enumerate() {
        write!(out, "{}", if number == 0 { "\n" } else { ",\n" })?;
        json::write(out, &RowObject { row, keys: &keys, reasons: answers.reasons })?;
    }
    let end = if answers.rows.is_empty() { "" } else { "\n" };
    writeln!(out, "{end}],\"certain\":{},\"possible\":{}}}", answers.certain, answers.possible)
}

/// Writes one object a row; a query that only counts gives one object with both counts.
pub(super) fn write_jsonl(out: &mut dyn Write, answers: &Answers) -> io::Result<()> {
    if answers.rows_of == RowsOf::Nothing {
        let count = CellValue::Count { certain: answers.certain, possible: answers.possible };
        return json::write_line(out, &ValueObject(&count));
    }
    let keys = keys(answers);
    for row in &answers.rows {
        json::write_line(out, &RowObject { row, keys: &keys, reasons: answers.reasons })?;
    }
    Ok(())
}

/// Returns a key for each column: its name, or `name_2` where `name` is taken.
///
/// `match` is the row's own, and `reason` where it is asked for; `id` is, too, and a column `id` says the same.
fn keys(answers: &Answers) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::from(["match".to_owned()]);
    if answers.reasons == Reasons::Plain {
        taken.insert("reason".to_owned());
    }
    let mut keys = Vec::new();
    for column in &answers.columns {
        let mut key = column.clone();
        let mut number = 1;
        while !taken.insert(key.clone()) {
            number += 1;
            key = format!("{column}_{number}");
        }
        keys.push(key);
    }
    keys
}

struct RowObject<'a> {
    row: &'a Row,
    keys: &'a [String],
    reasons: Reasons,
}

impl Serialize for RowObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        let has_id = !self.row.id.is_empty();
        if has_id {
            object.serialize_entry("id", &self.row.id)?;
        }
        object.serialize_entry("match", self.row.matched.word())?;
        if self.reasons == Reasons::Plain {
            let reason = Some(&self.row.reason).filter(|reason| !reason.is_empty());
            object.serialize_entry("reason", &reason)?;
        }
        for (column, key) in self.keys.iter().enumerate() {
            if key == "id" && has_id {
                continue;
            }
            let cell = cell(self.row, column);
            match cell.values.as_slice() {
                [] if !cell.is_list => object.serialize_entry(key, &())?,
                [only] if !cell.is_list => object.serialize_entry(key, &ValueObject(only))?,
                values => object.serialize_entry(key, &ValueList(values))?,
            }
        }
        object.end()
    }
}

struct ValueList<'a>(&'a [CellValue]);

impl Serialize for ValueList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for value in self.0 {
            list.serialize_element(&ValueObject(value))?;
        }
        list.end()
    }
}

/// One value: a string, a number, or an object for what is neither.
pub(in super::super) struct ValueObject<'a>(pub &'a CellValue);

impl Serialize for ValueObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            CellValue::Text(text) | CellValue::Word(text) => serializer.serialize_str(text),
            CellValue::Number { text, value } => match value.filter(|value| value.is_finite()) {
                // 2^53 and less: what a 64-bit float holds exactly as a whole number.
                Some(value) if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0 => {
                    serializer.serialize_i64(value as i64)
                }
                Some(value) => serializer.serialize_f64(value),
                None => serializer.serialize_str(text),
            },
            CellValue::Time { edtf, .. } => serializer.serialize_str(edtf),
            CellValue::Entity { id, .. } => serializer.serialize_str(id),
            CellValue::Count { certain, possible } => {
                let mut object = serializer.serialize_map(Some(2))?;
                object.serialize_entry("certain", certain)?;
                object.serialize_entry("possible", possible)?;
                object.end()
            }
            CellValue::Unknown => flag(serializer, "unknown"),
            CellValue::None => flag(serializer, "none"),
        }
    }
}

/// Writes `{"unknown": true}`: an object, since any string might be somebody's value.
fn flag<S: Serializer>(serializer: S, name: &str) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(Some(1))?;
    object.serialize_entry(name, &true)?;
    object.end()
}
