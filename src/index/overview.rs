//! What a base holds, counted: its relations and unions, or one of them with all its fields.
//!
//! In: an open index. Out: plain data for `regesta schema`. Nothing is looked up by name here.

use super::IndexError;
use super::records::Index;
use crate::model::{Cardinality, Field, FieldId, FieldRole, RelationId, Type, Union, UnionId};

/// All relations and unions of a base.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// The relations, in the order of declaration, the built-in `source` last.
    pub relations: Vec<RelationEntry>,
    /// The unions.
    pub unions: Vec<UnionEntry>,
}

/// A relation in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationEntry {
    /// The name in the singular.
    pub name: String,
    /// The name in the plural.
    pub plural: String,
    /// What the author says of it.
    pub description: String,
    /// How many records there are.
    pub records: u32,
}

/// A union in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnionEntry {
    /// The name in the singular.
    pub name: String,
    /// The name in the plural.
    pub plural: String,
    /// Its relations, in the singular.
    pub members: Vec<String>,
    /// How many records there are in all of them.
    pub records: u32,
}

/// A relation with all that its schema says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationPage {
    /// The relation itself.
    pub relation: RelationEntry,
    /// The unions that it belongs to, in the singular.
    pub unions: Vec<String>,
    /// The fields, declared ones first.
    pub fields: Vec<FieldEntry>,
    /// The inverses that lead from its records to others.
    pub ways_back: Vec<WayBack>,
}

/// A field, and how often it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldEntry {
    /// Its name.
    pub name: String,
    /// Tells whether every relation has it.
    pub is_builtin: bool,
    /// Tells whether it is the date that `year` and the usual order read.
    pub is_own_date: bool,
    /// What its values are.
    pub value_type: Type,
    /// The relations that a reference may lead to, in the singular.
    pub targets: Vec<String>,
    /// How many values a record has.
    pub cardinality: Cardinality,
    /// The name of the way back.
    pub inverse: Option<String>,
    /// No two records share a value.
    pub unique: bool,
    /// Following it never comes back.
    pub acyclic: bool,
    /// Its statements are expected to carry a period.
    pub dated: bool,
    /// What the author says of it.
    pub description: String,
    /// How many records have a statement that counts, neither rejected nor denied.
    pub records: u32,
    /// How many statements there are, whatever their status.
    pub statements: u32,
}

/// A way from the records of a relation to those that refer to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayBack {
    /// The inverse's name.
    pub name: String,
    /// The relation that refers, in the plural.
    pub relation: String,
    /// The field by which it refers.
    pub field: String,
    /// How many references of that field lead here.
    pub references: u32,
}

/// A union with its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnionPage {
    /// The union itself.
    pub union: UnionEntry,
    /// Its relations.
    pub members: Vec<RelationEntry>,
    /// The declared fields of at least one member, by name.
    pub fields: Vec<MemberEntry>,
}

/// A field of a union's members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberEntry {
    /// The field's name.
    pub name: String,
    /// The members that have it, in the singular.
    pub members: Vec<String>,
}

/// Counts the records of all relations and unions.
pub fn overview(index: &Index) -> Overview {
    let schema = index.schema();
    let mut relations: Vec<RelationEntry> =
        schema.relations().map(|(id, _)| relation_entry(index, id)).collect();
    // What the author declared comes first; the built-in one is number 0.
    if !relations.is_empty() {
        relations.rotate_left(1);
    }
    let unions = schema.unions.iter().map(|union| union_entry(index, union)).collect();
    Overview { relations, unions }
}

/// Gathers what the schema says of a relation, and how much of it is recorded.
pub fn relation_page(index: &Index, id: RelationId) -> Result<RelationPage, IndexError> {
    let schema = index.schema();
    let own_date = schema.relation(id).own_date;
    let mut fields = Vec::new();
    for (field_id, field) in schema.fields_of(id) {
        fields.push(field_entry(index, field_id, field, own_date == Some(field_id))?);
    }
    let mut ways_back = Vec::new();
    for (field_id, field) in schema.inverses_of(id) {
        let column = index.column(field_id)?;
        let references = column.postings_between(index.records_of(id))?.total();
        ways_back.push(WayBack {
            name: field.inverse.clone().unwrap_or_default(),
            relation: schema.relation(field.relation).plural.clone(),
            field: field.name.clone(),
            references,
        });
    }
    let unions = schema.unions.iter().filter(|union| union.members.contains(&id));
    let unions = unions.map(|union| union.name.clone()).collect();
    Ok(RelationPage { relation: relation_entry(index, id), unions, fields, ways_back })
}

/// Gathers the members of a union and their fields; nothing where there is no such union.
pub fn union_page(index: &Index, id: UnionId) -> Option<UnionPage> {
    let schema = index.schema();
    let union = schema.unions.get(id.index())?;
    let mut fields: Vec<MemberEntry> = Vec::new();
    for member in &union.members {
        let name = &schema.relation(*member).name;
        let declared =
            schema.fields_of(*member).filter(|(_, field)| field.role == FieldRole::Declared);
        for (_, field) in declared {
            match fields.iter_mut().find(|entry| entry.name == field.name) {
                Some(entry) => entry.members.push(name.clone()),
                None => fields
                    .push(MemberEntry { name: field.name.clone(), members: vec![name.clone()] }),
            }
        }
    }
    fields.sort_by(|one, other| one.name.cmp(&other.name));
    let members = union.members.iter().map(|member| relation_entry(index, *member)).collect();
    Some(UnionPage { union: union_entry(index, union), members, fields })
}

fn relation_entry(index: &Index, id: RelationId) -> RelationEntry {
    let relation = index.schema().relation(id);
    RelationEntry {
        name: relation.name.clone(),
        plural: relation.plural.clone(),
        description: relation.description.clone(),
        records: index.records_of(id).len() as u32,
    }
}

fn union_entry(index: &Index, union: &Union) -> UnionEntry {
    let names = union.members.iter().map(|member| index.schema().relation(*member).name.clone());
    UnionEntry {
        name: union.name.clone(),
        plural: union.plural.clone(),
        members: names.collect(),
        records: union.members.iter().map(|member| index.records_of(*member).len() as u32).sum(),
    }
}

fn field_entry(
    index: &Index,
    id: FieldId,
    field: &Field,
    is_own_date: bool,
) -> Result<FieldEntry, IndexError> {
    let schema = index.schema();
    let column = index.column(id)?;
    let targets = field.value_type.targets().iter();
    Ok(FieldEntry {
        name: field.name.clone(),
        is_builtin: field.role != FieldRole::Declared,
        is_own_date,
        value_type: field.value_type.clone(),
        targets: targets.map(|target| schema.relation(*target).name.clone()).collect(),
        cardinality: field.cardinality,
        inverse: field.inverse.clone(),
        unique: field.unique,
        acyclic: field.acyclic,
        dated: field.dated,
        description: field.description.clone(),
        records: column.recorded()?.len() as u32,
        statements: column.len(),
    })
}
