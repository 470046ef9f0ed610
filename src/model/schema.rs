//! The schema: relations with their fields, and unions.

use super::{FieldId, RelationId, UnionId};
use crate::time::Role;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// How many values a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cardinality {
    /// The least number.
    pub least: u32,
    /// The greatest number; nothing where there is no bound.
    pub greatest: Option<u32>,
}

impl Cardinality {
    /// Exactly one: what stands where nothing is written.
    pub const ONE: Cardinality = Cardinality { least: 1, greatest: Some(1) };
    /// Any number, `*`.
    pub const ANY: Cardinality = Cardinality { least: 0, greatest: None };
    /// At most one, `?`.
    pub const OPTIONAL: Cardinality = Cardinality { least: 0, greatest: Some(1) };

    /// Tells whether the field holds at most one value.
    pub fn is_single(self) -> bool {
        self.greatest == Some(1)
    }

    /// Tells whether every record must have a value.
    pub fn is_required(self) -> bool {
        self.least > 0
    }
}

/// What a field's values are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Type {
    /// Words in quotation marks.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// An address of the web.
    Url,
    /// One moment, however vaguely known.
    Date,
    /// A stretch of time.
    Period,
    /// A number with one of these units.
    Quantity(Vec<String>),
    /// One of these words.
    Words(Vec<String>),
    /// A record of one of these relations (sorted); `written` is the type as the schema names it.
    Reference {
        /// The relations whose records may stand here.
        relations: Vec<RelationId>,
        /// The type as written: `happening`, `person | polity`.
        written: String,
    },
}

impl Type {
    /// Tells whether values lie in time.
    pub fn is_time(&self) -> bool {
        matches!(self, Type::Date | Type::Period)
    }

    /// Returns what a value in time is taken for; none for others.
    pub fn role(&self) -> Option<Role> {
        match self {
            Type::Date => Some(Role::Moment),
            Type::Period => Some(Role::Period),
            _ => None,
        }
    }

    /// Tells whether values are numbers.
    pub fn is_number(&self) -> bool {
        matches!(self, Type::Integer | Type::Decimal | Type::Quantity(_))
    }

    /// Returns the relations that a reference may lead to; none for other types.
    pub fn targets(&self) -> &[RelationId] {
        match self {
            Type::Reference { relations, .. } => relations,
            _ => &[],
        }
    }
}

/// What a field is for, beyond its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldRole {
    /// Declared by the schema's author.
    Declared,
    /// The built-in `name`: the header's name first, then dated ones.
    Name,
    /// The built-in `also`: other names.
    Also,
    /// The built-in `note`.
    Note,
    /// The built-in `source`: every source that the record or one of its statements cites.
    Source,
}

/// A field of a relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The relation it belongs to.
    pub relation: RelationId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: FieldRole,
    /// What its values are.
    pub value_type: Type,
    /// How many it has.
    pub cardinality: Cardinality,
    /// The name of the way back, on the relations it leads to.
    pub inverse: Option<String>,
    /// No two records share a value.
    pub unique: bool,
    /// Following it never comes back.
    pub acyclic: bool,
    /// Its statements are expected to carry a period.
    pub dated: bool,
    /// What the author says of it.
    pub description: String,
}

/// A relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The name in the singular.
    pub name: String,
    /// The name in the plural; the singular where none is declared.
    pub plural: String,
    /// What the author says of it.
    pub description: String,
    /// The fields, declared ones first.
    pub fields: Range<u32>,
    /// The first `date` or `period` field.
    pub own_date: Option<FieldId>,
}

/// Several relations under one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Union {
    /// The name in the singular.
    pub name: String,
    /// The name in the plural; the singular where none is declared.
    pub plural: String,
    /// The relations, unions among the members replaced by theirs, sorted.
    pub members: Vec<RelationId>,
}

/// All relations, fields and unions of a base.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// By [`RelationId`].
    pub relations: Vec<Relation>,
    /// By [`FieldId`]; those of one relation are contiguous.
    pub fields: Vec<Field>,
    /// By [`UnionId`].
    pub unions: Vec<Union>,
}

impl Schema {
    /// Returns a relation. Identifiers come from this schema alone.
    pub fn relation(&self, id: RelationId) -> &Relation {
        &self.relations[id.index()]
    }

    /// Returns a field. Identifiers come from this schema alone.
    pub fn field(&self, id: FieldId) -> &Field {
        &self.fields[id.index()]
    }

    /// Returns all relations with their identifiers.
    pub fn relations(&self) -> impl Iterator<Item = (RelationId, &Relation)> {
        self.relations.iter().enumerate().map(|(id, relation)| (RelationId(id as u32), relation))
    }

    /// Returns the fields of a relation with their identifiers, declared ones first.
    pub fn fields_of(&self, id: RelationId) -> impl Iterator<Item = (FieldId, &Field)> {
        let range = self.relation(id).fields.clone();
        range.map(|field| (FieldId(field), &self.fields[field as usize]))
    }

    /// Finds a field of a relation by its name.
    pub fn field_named(&self, relation: RelationId, name: &str) -> Option<FieldId> {
        self.fields_of(relation).find(|(_, field)| field.name == name).map(|(id, _)| id)
    }

    /// Finds the built-in field of a relation that has this role.
    pub fn field_with_role(&self, relation: RelationId, role: FieldRole) -> Option<FieldId> {
        self.fields_of(relation).find(|(_, field)| field.role == role).map(|(id, _)| id)
    }

    /// Finds a relation by its singular or plural.
    pub fn relation_named(&self, name: &str) -> Option<RelationId> {
        let found = self.relations().find(|(_, each)| each.name == name || each.plural == name);
        found.map(|(id, _)| id)
    }

    /// Finds a union by its singular or plural.
    pub fn union_named(&self, name: &str) -> Option<UnionId> {
        let found = self.unions.iter().position(|each| each.name == name || each.plural == name);
        found.map(|id| UnionId(id as u32))
    }

    /// Returns the fields that lead to records of `target` and whose way back is called `inverse`.
    pub fn inverses_named<'a>(
        &'a self,
        target: RelationId,
        inverse: &'a str,
    ) -> impl Iterator<Item = FieldId> + 'a {
        self.inverses_of(target)
            .filter(move |(_, field)| field.inverse.as_deref() == Some(inverse))
            .map(|(id, _)| id)
    }

    /// Returns the fields with an inverse that lead to records of `target`.
    pub fn inverses_of(&self, target: RelationId) -> impl Iterator<Item = (FieldId, &Field)> {
        self.fields.iter().enumerate().filter_map(move |(id, field)| {
            let leads_here = field.value_type.targets().contains(&target);
            (leads_here && field.inverse.is_some()).then_some((FieldId(id as u32), field))
        })
    }
}

/// The type as the schema writes it: `words peace | trade`.
impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Text => formatter.write_str("text"),
            Type::Integer => formatter.write_str("integer"),
            Type::Decimal => formatter.write_str("decimal"),
            Type::Url => formatter.write_str("url"),
            Type::Date => formatter.write_str("date"),
            Type::Period => formatter.write_str("period"),
            Type::Quantity(units) => write!(formatter, "quantity {}", units.join(" | ")),
            Type::Words(words) => write!(formatter, "words {}", words.join(" | ")),
            Type::Reference { written, .. } => formatter.write_str(written),
        }
    }
}

/// The cardinality as the schema writes it; exactly one is written by nothing.
impl fmt::Display for Cardinality {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.greatest) {
            (1, Some(1)) => Ok(()),
            (0, Some(1)) => formatter.write_str("?"),
            (0, None) => formatter.write_str("*"),
            (1, None) => formatter.write_str("+"),
            (least, None) => write!(formatter, "{least}.."),
            (least, Some(greatest)) if least == greatest => write!(formatter, "{least}"),
            (least, Some(greatest)) => write!(formatter, "{least}..{greatest}"),
        }
    }
}
