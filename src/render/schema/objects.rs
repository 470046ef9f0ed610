//! The schema as JSON objects. What is not declared has no key.

use super::super::json;
use crate::index::{
    FieldEntry, MemberEntry, Overview, RelationEntry, RelationPage, UnionEntry, UnionPage, WayBack,
};
use crate::model::Type;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes all relations and unions on one line.
pub fn write_overview_json(out: &mut dyn Write, overview: &Overview) -> io::Result<()> {
    let relations = overview.relations.iter().map(|each| Value::Object(relation(each)));
    let unions = overview.unions.iter().map(|each| Value::Object(union(each)));
    let object = json!({
        "relations": relations.collect::<Value>(),
        "unions": unions.collect::<Value>(),
    });
    json::write_line(out, &object)
}

/// Writes a relation on one line.
pub fn write_relation_json(out: &mut dyn Write, page: &RelationPage) -> io::Result<()> {
    let mut object = relation(&page.relation);
    object.insert("unions".into(), json!(page.unions));
    object.insert("fields".into(), page.fields.iter().map(field).collect());
    object.insert("inverses".into(), page.ways_back.iter().map(way_back).collect());
    json::write_line(out, &object)
}

/// Writes a union on one line.
pub fn write_union_json(out: &mut dyn Write, page: &UnionPage) -> io::Result<()> {
    let mut object = union(&page.union);
    let member = |entry: &MemberEntry| json!({ "name": entry.name, "relations": entry.members });
    object.insert("fields".into(), page.fields.iter().map(member).collect());
    json::write_line(out, &object)
}

fn relation(entry: &RelationEntry) -> Map<String, Value> {
    let mut object = named(&entry.name, &entry.plural);
    insert_text(&mut object, "description", &entry.description);
    object.insert("records".into(), json!(entry.records));
    object
}

fn union(entry: &UnionEntry) -> Map<String, Value> {
    let mut object = named(&entry.name, &entry.plural);
    object.insert("members".into(), json!(entry.members));
    object.insert("records".into(), json!(entry.records));
    object
}

fn named(name: &str, plural: &str) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("name".into(), json!(name));
    object.insert("plural".into(), json!(plural));
    object
}

fn insert_text(object: &mut Map<String, Value>, key: &str, text: &str) {
    if !text.is_empty() {
        object.insert(key.to_owned(), json!(text));
    }
}

fn field(entry: &FieldEntry) -> Value {
    let mut object = Map::new();
    object.insert("name".into(), json!(entry.name));
    object.insert("type".into(), json!(type_name(&entry.value_type)));
    match &entry.value_type {
        Type::Words(words) => drop(object.insert("words".into(), json!(words))),
        Type::Quantity(units) => drop(object.insert("units".into(), json!(units))),
        Type::Reference { .. } => drop(object.insert("relations".into(), json!(entry.targets))),
        _ => {}
    }
    object.insert("least".into(), json!(entry.cardinality.least));
    object.insert("greatest".into(), json!(entry.cardinality.greatest));
    insert_text(&mut object, "inverse", entry.inverse.as_deref().unwrap_or_default());
    for (key, holds) in marks(entry) {
        if holds {
            object.insert(key.to_owned(), json!(true));
        }
    }
    insert_text(&mut object, "description", &entry.description);
    object.insert("records".into(), json!(entry.records));
    object.insert("statements".into(), json!(entry.statements));
    Value::Object(object)
}

fn marks(entry: &FieldEntry) -> [(&'static str, bool); 5] {
    [
        ("builtin", entry.is_builtin),
        ("own_date", entry.is_own_date),
        ("unique", entry.unique),
        ("acyclic", entry.acyclic),
        ("dated", entry.dated),
    ]
}

fn type_name(value_type: &Type) -> &'static str {
    match value_type {
        Type::Text => "text",
        Type::Integer => "integer",
        Type::Decimal => "decimal",
        Type::Url => "url",
        Type::Date => "date",
        Type::Period => "period",
        Type::Quantity(_) => "quantity",
        Type::Words(_) => "words",
        Type::Reference { .. } => "reference",
    }
}

fn way_back(way: &WayBack) -> Value {
    json!({
        "name": way.name,
        "relation": way.relation,
        "field": way.field,
        "references": way.references,
    })
}
