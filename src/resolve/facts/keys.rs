//! What the keys of a record's lines mean. Records of one relation are mostly written alike: so what a key meant in the
//! last one at the same place is tried before the relation's fields are searched.

use super::statements::PieceReader;
use crate::model::{FieldId, FieldRole, RelationId, Schema};
use crate::syntax::ast::FactView;

/// What stands in a line, by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing: the column was reported.
    Nothing,
    /// Sources of the whole record.
    Sources,
    /// The status of a whole row.
    RowStatus,
    /// Values of a field.
    Field(FieldId),
    /// Values of a field that the relation does not have.
    Unknown,
}

/// A line's key, and what it means.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<'t> {
    pub(super) text: &'t str,
    pub(super) meaning: Meaning,
}

/// The built-in fields of a relation that a record fills without a line of their name.
#[derive(Clone, Copy, Debug)]
pub(super) struct BuiltIn {
    pub(super) name: Option<FieldId>,
    pub(super) source: Option<FieldId>,
}

/// By relation: what all its records are asked.
pub(super) struct Keys<'t> {
    built_in: Vec<BuiltIn>,
    /// The keys of the last fact that is no row.
    of_facts: Vec<Vec<Key<'t>>>,
    /// The keys of the last row, which may have a column `status`.
    of_rows: Vec<Vec<Key<'t>>>,
}

impl<'t> Keys<'t> {
    pub(super) fn new(schema: &Schema) -> Keys<'t> {
        let built_in = schema.relations().map(|(id, _)| BuiltIn {
            name: schema.field_with_role(id, FieldRole::Name),
            source: schema.field_with_role(id, FieldRole::Source),
        });
        let none = vec![Vec::new(); schema.relations.len()];
        Keys { built_in: built_in.collect(), of_facts: none.clone(), of_rows: none }
    }

    /// Returns the built-in fields of a relation.
    pub(super) fn built_in(&self, relation: RelationId) -> BuiltIn {
        let none = BuiltIn { name: None, source: None };
        self.built_in.get(relation.index()).copied().unwrap_or(none)
    }

    fn of(&mut self, fact: FactView<'t>, relation: RelationId) -> Option<&mut Vec<Key<'t>>> {
        let keys = match fact.is_row() {
            true => &mut self.of_rows,
            false => &mut self.of_facts,
        };
        keys.get_mut(relation.index())
    }
}

impl<'t> PieceReader<'_, 't> {
    /// Finds what the lines of a fact mean; there may be more keys than lines. They are to be
    /// [given back](PieceReader::give_back).
    pub(super) fn keys_of(&mut self, fact: FactView<'t>, relation: RelationId) -> Vec<Key<'t>> {
        let mut keys = self.keys.of(fact, relation).map(std::mem::take).unwrap_or_default();
        for (place, line) in fact.lines().enumerate() {
            let text = self.text(line.key());
            let known = keys.get_mut(place);
            if known.as_ref().is_some_and(|known| known.text == text) {
                continue;
            }
            let key = Key { text, meaning: self.meaning(fact, relation, text) };
            match known {
                Some(known) => *known = key,
                None => keys.push(key),
            }
        }
        keys
    }

    /// Keeps keys for the next record of the relation.
    pub(super) fn give_back(
        &mut self,
        keys: Vec<Key<'t>>,
        fact: FactView<'t>,
        relation: RelationId,
    ) {
        if let Some(kept) = self.keys.of(fact, relation) {
            *kept = keys;
        }
    }

    fn meaning(&self, fact: FactView<'t>, relation: RelationId, key: &str) -> Meaning {
        match key {
            "" => Meaning::Nothing,
            "source" => Meaning::Sources,
            "status" if fact.is_row() => Meaning::RowStatus,
            _ => match self.context.schema.field_named(relation, key) {
                Some(field) => Meaning::Field(field),
                None => Meaning::Unknown,
            },
        }
    }
}
