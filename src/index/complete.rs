//! What begins so: identifiers and names for completion while somebody types.

use super::IndexError;
use super::fold::{Needle, fold_into};
use super::names::NameKind;
use super::records::Index;
use crate::model::{EntityId, FieldRole, RelationId};
use crate::suggest;

/// An identifier, name or alias that begins as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion<'i> {
    /// Whose.
    pub entity: EntityId,
    /// Nothing for an identifier.
    pub kind: Option<NameKind>,
    /// As it is written in the facts.
    pub text: &'i str,
}

impl Index {
    /// Returns identifiers, names and aliases that begin with `prefix`, ignoring case and diacritics, of records of
    /// `relations` (or of all), at most `most`: relation by relation, names before identifiers, in the order of
    /// records.
    ///
    /// Names are found by their first word; identifiers are read one after another until there are enough.
    pub fn starting_with(
        &self,
        prefix: &str,
        relations: Option<&[RelationId]>,
        most: usize,
    ) -> Result<Vec<Completion<'_>>, IndexError> {
        let everywhere: Vec<RelationId> = self.schema().relations().map(|(id, _)| id).collect();
        let wanted = suggest::fold(prefix);
        let mut found = Vec::new();
        for relation in relations.unwrap_or(&everywhere) {
            if found.len() < most {
                self.add_names(&wanted, *relation, most, &mut found)?;
            }
            if found.len() < most {
                self.add_ids(&wanted, *relation, most, &mut found)?;
            }
        }
        found.truncate(most);
        Ok(found)
    }

    fn add_names<'i>(
        &'i self,
        wanted: &str,
        relation: RelationId,
        most: usize,
        found: &mut Vec<Completion<'i>>,
    ) -> Result<(), IndexError> {
        if self.schema().relations.len() <= relation.index() {
            return Ok(());
        }
        let first_word = Needle::new(wanted);
        let first_word = first_word.words().into_iter().find(|part| wanted.starts_with(part.text));
        let mut folded = String::new();
        for (role, kind) in [(FieldRole::Name, NameKind::Name), (FieldRole::Also, NameKind::Also)] {
            let Some(field) = self.schema().field_with_role(relation, role) else { continue };
            let words = self.catalogue.columns.get(field.index()).and_then(|column| column.words);
            let (Some(words), Some(mut part)) = (words, first_word) else { continue };
            part.begins_word = true;
            for entity in self.with_word(&words, part, self.records_of(relation))? {
                for name in self.names_of(entity)? {
                    fold_into(name.text, &mut folded);
                    if name.kind == kind && folded.starts_with(wanted) {
                        found.push(Completion { entity, kind: Some(kind), text: name.text });
                    }
                }
                if found.len() >= most {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn add_ids<'i>(
        &'i self,
        wanted: &str,
        relation: RelationId,
        most: usize,
        found: &mut Vec<Completion<'i>>,
    ) -> Result<(), IndexError> {
        let mut folded = String::new();
        for entity in self.records_of(relation).map(EntityId) {
            let Some(text) = self.written_id_of(entity)? else { continue };
            fold_into(text, &mut folded);
            if folded.starts_with(wanted) {
                found.push(Completion { entity, kind: None, text });
            }
            if found.len() >= most {
                break;
            }
        }
        Ok(())
    }
}
