//! Where the paths of a query lead.

use super::OWN_DATE;
use crate::model::{FieldRole, RelationId, Schema, Status, Type};

/// What stands at the end of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Records of these relations.
    Records(Vec<RelationId>),
    /// Identifiers of records of these relations.
    Identifiers(Vec<RelationId>),
    /// Names of records of these relations.
    Names(Vec<RelationId>),
    /// Words of a list.
    Words(Vec<String>),
    /// Dates or periods.
    Time,
    /// Texts, numbers.
    Other,
    /// A path that was not understood.
    Unknown,
}

/// Returns the relations that a name stands for: one, or the members of a union.
pub fn relations_named(schema: &Schema, name: &str) -> Option<Vec<RelationId>> {
    let name = name.to_lowercase();
    if let Some(relation) = schema.relation_named(&name) {
        return Some(vec![relation]);
    }
    let union = schema.union_named(&name)?;
    schema.unions.get(union.index()).map(|union| union.members.clone())
}

/// Returns where one step from records of `relations` leads.
pub fn step(schema: &Schema, relations: &[RelationId], name: &str) -> End {
    if name == "id" && !relations.is_empty() {
        return End::Identifiers(relations.to_vec());
    }
    let mut end = End::Unknown;
    for relation in relations {
        if let Some(field) = schema.field_named(*relation, name) {
            let field = schema.field(field);
            end = end.and(match (&field.value_type, field.role) {
                (_, FieldRole::Name | FieldRole::Also) => End::Names(relations.to_vec()),
                (Type::Reference { relations, .. }, _) => End::Records(relations.clone()),
                (Type::Words(words), _) => End::Words(words.clone()),
                (Type::Date | Type::Period, _) => End::Time,
                _ => End::Other,
            });
        }
        for field in schema.inverses_named(*relation, name) {
            end = end.and(End::Records(vec![schema.field(field).relation]));
        }
    }
    match (end, name) {
        (End::Unknown, "status") => {
            End::Words(Status::ALL.iter().map(|status| status.word().to_owned()).collect())
        }
        (End::Unknown, _) if OWN_DATE.contains(&name) && !relations.is_empty() => End::Time,
        (End::Unknown, "text") => End::Other,
        (end, _) => end,
    }
}

impl End {
    /// Returns the relations of the records it stands for.
    pub fn relations(&self) -> &[RelationId] {
        match self {
            End::Records(relations) => relations,
            _ => &[],
        }
    }

    /// Joins where a step leads from one relation with where it leads from another.
    fn and(self, other: End) -> End {
        match (self, other) {
            (End::Unknown, other) => other,
            (End::Records(mut relations), End::Records(more)) => {
                relations.extend(more);
                relations.sort_unstable();
                relations.dedup();
                End::Records(relations)
            }
            (End::Words(mut words), End::Words(more)) => {
                words.extend(more);
                words.sort_unstable();
                words.dedup();
                End::Words(words)
            }
            (end, _) => end,
        }
    }
}
