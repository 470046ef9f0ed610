//! Finds the relation or union that somebody names outside a query, as in `regesta schema`.

use crate::diagnostic::{meant, one_of};
use crate::index::{Index, IndexError};
use crate::model::{RelationId, UnionId};
use crate::suggest::nearest;

/// What a name of the schema stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaName {
    /// A relation.
    Relation(RelationId),
    /// A union of several.
    Union(UnionId),
}

/// Finds a relation or union by its singular or plural, ignoring case. Where there is none, the message says what to
/// ask instead.
pub fn schema_named(index: &Index, name: &str) -> Result<Result<SchemaName, String>, IndexError> {
    let schema = index.schema();
    let lower = name.trim().to_lowercase();
    for written in [name.trim(), &lower] {
        if let Some(relation) = schema.relation_named(written) {
            return Ok(Ok(SchemaName::Relation(relation)));
        }
        if let Some(union) = schema.union_named(written) {
            return Ok(Ok(SchemaName::Union(union)));
        }
    }
    unknown(index, name.trim(), &lower).map(Err)
}

fn unknown(index: &Index, name: &str, lower: &str) -> Result<String, IndexError> {
    let schema = index.schema();
    let relations = schema.relations().flat_map(|(_, each)| [&each.plural, &each.name]);
    let unions = schema.unions.iter().flat_map(|each| [&each.plural, &each.name]);
    let near = nearest(name, relations.chain(unions).map(String::as_str));
    let having = schema.relations().filter(|(id, _)| schema.field_named(*id, lower).is_some());
    let having: Vec<&str> = having.map(|(_, relation)| relation.name.as_str()).collect();
    let offer = if !near.is_empty() {
        meant(&near)
    } else if let [one] = having.as_slice() {
        format!("`{lower}` is a field of `{one}`")
    } else if !having.is_empty() && having.len() < schema.relations.len() {
        format!("`{lower}` is a field of several, as of {}", one_of(&having))
    } else if index.find_id(name)?.is_some() {
        format!("`{name}` is a record, and `regesta show {name}` prints it")
    } else {
        String::from("`regesta schema` lists all")
    };
    Ok(format!("there is no relation `{name}`; {offer}"))
}
