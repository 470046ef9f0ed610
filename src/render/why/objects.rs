//! Reasons as one JSON object.
//!
//! Values are written as in answers (`docs/query-output.md`). `match` is `certain`, `possible` or `no`.

use super::super::answers::ValueObject;
use super::super::json;
use crate::model::Status;
use crate::query::{Asked, Because, CellValue, CitedSource, Deciding, Derivation, Evidence, Why};
use crate::time::Truth;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes the reasons on one line.
pub fn write_why_json(out: &mut dyn Write, query: &str, why: &Why) -> io::Result<()> {
    let mut object = Map::new();
    object.insert("query".into(), json!(query));
    match why.records.as_slice() {
        [only] if only.variable.is_none() => object.extend(asked(only)),
        several => {
            let records = several.iter().map(|record| Value::Object(asked(record))).collect();
            object.insert("records".into(), Value::Array(records));
        }
    }
    object.insert("match".into(), json!(word(why.truth)));
    object.insert("remarks".into(), json!(why.remarks));
    object.insert("conditions".into(), Value::Array(all(&why.conditions, because)?));
    json::write_line(out, &object)
}

fn asked(record: &Asked) -> Map<String, Value> {
    let mut object = Map::new();
    if let Some(variable) = &record.variable {
        object.insert("variable".into(), json!(variable));
    }
    object.insert("id".into(), json!(record.id));
    object.insert("name".into(), json!(record.name));
    object.insert("relation".into(), json!(record.relation));
    object.insert("file".into(), json!(record.file));
    object.insert("line".into(), json!(record.line));
    object
}

fn derivation(derivation: &Derivation) -> Value {
    let given = derivation
        .given
        .iter()
        .map(|given| json!({"variable": given.variable, "id": given.id, "name": given.name}));
    json!({
        "rule": derivation.rule,
        "file": derivation.file,
        "line": derivation.line,
        "way": derivation.way,
        "ways": derivation.ways,
        "given": given.collect::<Vec<Value>>(),
    })
}

fn word(truth: Truth) -> &'static str {
    match truth {
        Truth::Certain => "certain",
        Truth::Possible => "possible",
        Truth::No => "no",
    }
}

fn all<T>(items: &[T], object: fn(&T) -> io::Result<Value>) -> io::Result<Vec<Value>> {
    items.iter().map(object).collect()
}

fn because(because: &Because) -> io::Result<Value> {
    let mut object = Map::new();
    object.insert("condition".into(), json!(because.text));
    object.insert("match".into(), json!(word(because.truth)));
    if let Some(derived) = &because.derivation {
        object.insert("derivation".into(), derivation(derived));
    }
    let lists = [
        ("parts", all(&because.parts, self::because)?),
        ("evidence", all(&because.evidence, evidence)?),
    ];
    for (key, list) in lists {
        if !list.is_empty() {
            object.insert(key.into(), Value::Array(list));
        }
    }
    if because.more > 0 {
        object.insert("more".into(), json!(because.more));
    }
    if !because.remarks.is_empty() {
        object.insert("remarks".into(), json!(because.remarks));
    }
    Ok(Value::Object(object))
}

fn evidence(evidence: &Evidence) -> io::Result<Value> {
    let mut object = Map::new();
    object.insert("match".into(), json!(word(evidence.truth)));
    object.insert("statements".into(), Value::Array(all(&evidence.statements, deciding)?));
    if let Some(doubt) = &evidence.doubt {
        object.insert("uncertain".into(), json!(doubt));
    }
    if !evidence.inner.is_empty() {
        object.insert("conditions".into(), Value::Array(all(&evidence.inner, because)?));
    }
    Ok(Value::Object(object))
}

fn deciding(statement: &Deciding) -> io::Result<Value> {
    let mut object = Map::new();
    let value = serde_json::to_value(ValueObject(&statement.value)).map_err(io::Error::from)?;
    object.insert("id".into(), json!(statement.record));
    object.insert("name".into(), json!(statement.name));
    object.insert("field".into(), json!(statement.field));
    object.insert("value".into(), value);
    object.insert("file".into(), json!(statement.file));
    object.insert("line".into(), json!(statement.line));
    let qualifiers = &statement.qualifiers;
    if qualifiers.status != Status::Accepted {
        object.insert("status".into(), json!(qualifiers.status.word()));
    }
    if let Some(CellValue::Time { edtf, .. }) = &qualifiers.period {
        object.insert("period".into(), json!(edtf));
    }
    for (key, text) in [("note", &qualifiers.note), ("quote", &qualifiers.quote)] {
        if let Some(text) = text {
            object.insert(key.into(), json!(text));
        }
    }
    for (key, list) in [("relative", &qualifiers.relatives), ("chain", &statement.chain)] {
        if !list.is_empty() {
            object.insert(key.into(), json!(list));
        }
    }
    if let Some(ignored) = statement.ignored {
        object.insert("ignored".into(), json!(ignored));
    }
    object.insert("sources".into(), statement.sources.iter().map(source).collect());
    Ok(Value::Object(object))
}

fn source(source: &CitedSource) -> Value {
    let mut object = Map::new();
    object.insert("id".into(), json!(source.id));
    for (key, text) in [("name", &source.name), ("locator", &source.locator)] {
        if let Some(text) = text {
            object.insert(key.into(), json!(text));
        }
    }
    Value::Object(object)
}
