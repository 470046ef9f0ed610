//! Identifiers, names and aliases to records.

use super::IndexError;
use super::column::ColumnReader;
use super::fold::{equal_ignoring_case, label_hash};
use super::layout::DictionaryEntry;
use super::records::Index;
use crate::model::{EntityId, FieldId, FieldRole, QualifierId, StringId};
use crate::suggest;

/// Which names a name is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// The header's, or of the field `name`.
    Name,
    /// Of the field `also`.
    Also,
}

/// A name of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameEntry<'i> {
    /// Whose.
    pub entity: EntityId,
    /// Which names it is one of.
    pub kind: NameKind,
    /// Tells whether it is the name in the header.
    pub is_header: bool,
    /// The name as written.
    pub text: &'i str,
    /// The statement; none for a header's name that is no statement.
    pub statement: Option<(FieldId, u32)>,
    /// What stands behind it: its period, its status.
    pub qualifier: QualifierId,
}

impl Index {
    /// Finds a record by its exact identifier.
    pub fn find_id(&self, id: &str) -> Result<Option<EntityId>, IndexError> {
        for entity in self.labelled(&self.catalogue.identifiers, id)? {
            if self.written_id_of(entity)? == Some(id) {
                return Ok(Some(entity));
            }
        }
        Ok(None)
    }

    /// Finds the records whose identifier differs by case at most, sorted.
    pub fn find_ids_ignoring_case(&self, id: &str) -> Result<Vec<EntityId>, IndexError> {
        let mut found = Vec::new();
        for entity in self.labelled(&self.catalogue.identifiers, id)? {
            if self.written_id_of(entity)?.is_some_and(|known| equal_ignoring_case(known, id)) {
                found.push(entity);
            }
        }
        Ok(found)
    }

    /// Finds the names and aliases that differ from `name` by case at most, in the order of records.
    pub fn find_names(&self, name: &str) -> Result<Vec<NameEntry<'_>>, IndexError> {
        let mut found = Vec::new();
        for entity in self.labelled(&self.catalogue.names, name)? {
            let names = self.names_of(entity)?;
            found.extend(names.into_iter().filter(|entry| equal_ignoring_case(entry.text, name)));
        }
        Ok(found)
    }

    /// Returns all names and aliases of a record, the header's first, whatever their standing.
    pub fn names_of(&self, entity: EntityId) -> Result<Vec<NameEntry<'_>>, IndexError> {
        let header = self.header_name_of(entity)?;
        let mut names: Vec<NameEntry<'_>> = Vec::new();
        for (role, kind) in [(FieldRole::Name, NameKind::Name), (FieldRole::Also, NameKind::Also)] {
            let Some(relation) = self.relation_of(entity) else { break };
            let Some(field) = self.schema().field_with_role(relation, role) else { continue };
            let column = self.column(field)?;
            for position in column.statements_of(entity)? {
                let entry = self.name_entry(field, column, entity, position, kind)?;
                names.extend(entry);
            }
        }
        if let Some(text) = header {
            let is_header =
                |entry: &&mut NameEntry<'_>| entry.kind == NameKind::Name && entry.text == text;
            match names.iter_mut().find(is_header) {
                Some(entry) => entry.is_header = true,
                None => names.insert(
                    0,
                    NameEntry {
                        entity,
                        kind: NameKind::Name,
                        is_header: true,
                        text,
                        statement: None,
                        qualifier: QualifierId(0),
                    },
                ),
            }
        }
        Ok(names)
    }

    fn name_entry<'i>(
        &'i self,
        field: FieldId,
        column: ColumnReader<'i>,
        entity: EntityId,
        position: u32,
        kind: NameKind,
    ) -> Result<Option<NameEntry<'i>>, IndexError> {
        let value = column.value(position)?;
        if !value.is_known() {
            return Ok(None);
        }
        let text = self.string(StringId(value.0))?;
        let qualifier = column.qualifier(position)?;
        let statement = Some((field, position));
        Ok(Some(NameEntry { entity, kind, is_header: false, text, statement, qualifier }))
    }

    /// Returns the records that may have a label that folds as `label` does, sorted.
    pub(super) fn labelled(
        &self,
        entry: &DictionaryEntry,
        label: &str,
    ) -> Result<Vec<EntityId>, IndexError> {
        let hash = label_hash(&suggest::fold(label));
        let bucket = (u64::from(hash) >> (32 - entry.bucket_bits.min(32))) as usize;
        let range = match self.store.lend(entry.starts).slice(bucket..bucket.saturating_add(2))? {
            [start, end] => *start as usize..*end as usize,
            _ => 0..0,
        };
        let tags = self.store.lend(entry.tags).slice(range.clone())?;
        let mut found = Vec::new();
        for (place, tag) in range.zip(tags) {
            if *tag == hash as u8 {
                found.push(self.store.lend(entry.entities).get(place)?);
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}
