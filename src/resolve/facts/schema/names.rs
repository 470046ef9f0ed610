//! The names that a schema takes, and those that are excused.

use crate::model::{FieldId, RelationId};
use crate::source::Span;
use std::collections::{HashMap, HashSet};

/// What a name of the common namespace stands for, and where it was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A relation.
    Relation(RelationId),
    /// A union, by its place in the schema.
    Union(u32),
    /// A rule, check, expectation or saved query.
    Definition,
}

/// The names that relations, unions and definitions have taken.
#[derive(Debug, Default)]
pub struct Names {
    // It is asked for every identifier.
    pub(super) taken: HashMap<String, (Meaning, Option<Span>), foldhash::fast::FixedState>,
    /// Names whose declarations are faulty, and the words of lines that could not be read.
    pub(super) excused: HashSet<String>,
    /// Fields whose declarations are faulty.
    pub(super) excused_fields: HashSet<(RelationId, String)>,
    /// Fields whose type is not wholly known.
    pub(super) loose_fields: HashSet<FieldId>,
}

impl Names {
    /// Tells whether a name may have been meant by a declaration that is faulty, which was reported there; whoever
    /// uses it is not blamed.
    pub fn is_excused(&self, name: &str) -> bool {
        self.excused.contains(name)
    }

    /// The same for a field of a relation.
    pub fn is_excused_field(&self, relation: RelationId, name: &str) -> bool {
        // Nothing is looked up in the usual case, in which the schema is sound.
        !self.excused_fields.is_empty()
            && self.excused_fields.contains(&(relation, name.to_string()))
    }

    /// Tells whether a relation has a field whose declaration is faulty.
    pub fn has_excused_field(&self, relation: RelationId) -> bool {
        self.excused_fields.iter().any(|(owner, _)| *owner == relation)
    }

    /// Tells whether a field may lead to records of relations that its type does not name, because a union in it is
    /// faulty.
    pub fn is_loose(&self, field: FieldId) -> bool {
        self.loose_fields.contains(&field)
    }

    /// Returns what all names stand for, in their order; nothing where some declaration is faulty.
    pub fn outline(&self) -> Option<Vec<(&str, Meaning)>> {
        let is_sound = self.excused.is_empty()
            && self.excused_fields.is_empty()
            && self.loose_fields.is_empty();
        let mut names: Vec<_> =
            self.taken.iter().map(|(name, (meaning, _))| (name.as_str(), *meaning)).collect();
        names.sort_by_key(|(name, _)| *name);
        is_sound.then_some(names)
    }

    /// Returns the relation whose singular or plural a name is.
    pub fn relation(&self, name: &str) -> Option<RelationId> {
        match self.taken.get(name) {
            Some((Meaning::Relation(id), _)) => Some(*id),
            _ => None,
        }
    }

    /// Returns what a name stands for, and where it was declared; built-in ones are declared nowhere.
    pub fn get(&self, name: &str) -> Option<(Meaning, Option<Span>)> {
        self.taken.get(name).copied()
    }
}
