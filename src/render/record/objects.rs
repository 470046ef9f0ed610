//! A record's page as one JSON object.
//!
//! Values are written as in answers (`docs/query-output.md`). What is not recorded has no key.

use super::super::answers::ValueObject;
use super::super::json;
use crate::model::Status;
use crate::query::{CellValue, CitedSource, Qualifiers, RecordPage, RecordStatement, References};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes the page on one line.
pub fn write_record_json(out: &mut dyn Write, page: &RecordPage) -> io::Result<()> {
    let mut object = Map::new();
    object.insert("id".into(), json!(page.id));
    insert_some(&mut object, "name", page.name.as_ref());
    object.insert("relation".into(), json!(page.relation));
    object.insert("file".into(), json!(page.file));
    object.insert("line".into(), json!(page.line));
    insert_qualifiers(&mut object, &page.qualifiers);
    let mut fields = Map::new();
    for field in &page.fields {
        let statements = field.statements.iter().map(statement).collect::<io::Result<_>>()?;
        fields.insert(field.name.clone(), Value::Array(statements));
    }
    object.insert("fields".into(), Value::Object(fields));
    let references: Vec<Value> =
        page.references.iter().map(referring).collect::<io::Result<_>>()?;
    object.insert("references".into(), Value::Array(references));
    object.insert("sources".into(), sources(&page.sources));
    json::write_line(out, &object)
}

fn insert_some(object: &mut Map<String, Value>, key: &str, text: Option<&String>) {
    if let Some(text) = text {
        object.insert(key.to_owned(), json!(text));
    }
}

fn statement(statement: &RecordStatement) -> io::Result<Value> {
    let mut object = Map::new();
    object.insert("value".into(), value(&statement.value)?);
    insert_qualifiers(&mut object, &statement.qualifiers);
    if !statement.qualifiers.sources.is_empty() {
        object.insert("sources".into(), sources(&statement.qualifiers.sources));
    }
    object.insert("line".into(), json!(statement.line));
    Ok(Value::Object(object))
}

fn value(value: &CellValue) -> io::Result<Value> {
    serde_json::to_value(ValueObject(value)).map_err(io::Error::from)
}

fn insert_qualifiers(object: &mut Map<String, Value>, qualifiers: &Qualifiers) {
    if qualifiers.status != Status::Accepted {
        object.insert("status".into(), json!(qualifiers.status.word()));
    }
    if let Some(CellValue::Time { edtf, .. }) = &qualifiers.period {
        object.insert("period".into(), json!(edtf));
    }
    insert_some(object, "language", qualifiers.language.as_ref());
    if !qualifiers.relatives.is_empty() {
        object.insert("relative".into(), json!(qualifiers.relatives));
    }
    insert_some(object, "note", qualifiers.note.as_ref());
    insert_some(object, "quote", qualifiers.quote.as_ref());
}

fn sources(cited: &[CitedSource]) -> Value {
    let object = |source: &CitedSource| {
        let mut object = Map::new();
        object.insert("id".into(), json!(source.id));
        insert_some(&mut object, "name", source.name.as_ref());
        insert_some(&mut object, "locator", source.locator.as_ref());
        Value::Object(object)
    };
    Value::Array(cited.iter().map(object).collect())
}

fn referring(references: &References) -> io::Result<Value> {
    let mut records = Vec::new();
    for record in &references.records {
        let mut object = Map::new();
        object.insert("id".into(), json!(record.id));
        insert_some(&mut object, "name", record.name.as_ref());
        if let Some(date) = &record.date {
            object.insert("date".into(), value(date)?);
        }
        if record.status != Status::Accepted {
            object.insert("status".into(), json!(record.status.word()));
        }
        records.push(Value::Object(object));
    }
    Ok(json!({
        "relation": references.relation,
        "field": references.field,
        "total": references.total,
        "records": records,
    }))
}
