//! The facts of a base of which little has changed: an index holds most of them.

use super::assemble::{self, Pieces};
use super::declare::{Declared, PieceOfAll, id_hash};
use super::join::{ToJoin, join};
use super::schema::Names;
use super::unit::{DeclaredPiece, PieceFacts, References, Unit};
use crate::index::Index;
use crate::model::{DefinitionRecord, EntityId, Facts, FileRecord, Schema, StringId};
use crate::source::FileId;
use std::collections::HashMap;
use std::sync::Arc;

/// What is known of a base that has changed.
pub(super) struct Renewal<'a> {
    pub schema: &'a Schema,
    pub names: &'a Names,
    /// All files as they are now, by number.
    pub files: Vec<FileRecord>,
    /// The files that were read, in their order.
    pub changed: &'a [FileId],
    /// All definitions as they are now.
    pub definitions: Vec<DefinitionRecord>,
    /// The pieces of the files that were read, in the order of files, each with its file.
    pub read: Vec<(FileId, Unit)>,
}

impl Renewal<'_> {
    /// Returns all facts: those that were read, and those that an index holds of other files, which are given with it;
    /// nothing if that is of another schema, or lacks a file that was not read.
    pub(super) fn facts(self, index: &Arc<Index>, before: Facts) -> Option<Facts> {
        let Renewal { schema, names, files, changed, definitions, read } = self;
        if before.schema != *schema {
            return None;
        }
        let is_changed = |number: u32| changed.binary_search(&FileId(number)).is_ok();
        let now: HashMap<&str, (u32, &FileRecord)> = (0..)
            .zip(&files)
            .filter(|(number, _)| !is_changed(*number))
            .map(|(number, file)| (file.path.as_str(), (number, file)))
            .collect();
        let is_same = |file: &FileRecord| {
            now.get(file.path.as_str()).filter(|(_, now)| *now == file).map(|(number, _)| *number)
        };
        let kept: Vec<Option<u32>> = before.files.iter().map(is_same).collect();
        if kept.iter().flatten().count() != now.len() {
            return None;
        }
        let (declared, parts) =
            read.into_iter().map(|(file, unit)| ((file, unit.declared), unit.facts)).unzip();
        let pieces = Linking { schema, names, before: index, kept: &kept }.link(declared, parts)?;
        let fresh = assemble::facts(schema.clone(), Vec::new(), pieces).facts;
        join(ToJoin { before, kept, fresh, files, definitions })
    }
}

/// How names of records are linked, some of which only the index knows.
struct Linking<'a> {
    schema: &'a Schema,
    names: &'a Names,
    before: &'a Index,
    /// By file of the index: its number now, if it is as it was.
    kept: &'a [Option<u32>],
}

impl Linking<'_> {
    /// Links pieces that were read; nothing if a name is not right, or had by two.
    fn link(
        &self,
        declared_pieces: Vec<(FileId, DeclaredPiece)>,
        mut parts: Vec<PieceFacts>,
    ) -> Option<Pieces> {
        let mut first = 0;
        let mut of_all = Vec::with_capacity(parts.len());
        for ((file, declared), part) in declared_pieces.iter().zip(&mut parts) {
            part.first_record = first;
            of_all.push(PieceOfAll { declared, file: *file, first });
            first += declared.records.len() as u32;
        }
        let (declared, found) = Declared::new(of_all, self.schema, self.names);
        if !found.is_empty() {
            return None;
        }
        for part in &mut parts {
            let References { ids, wanted } = std::mem::take(&mut part.references);
            let linked = (0..).zip(wanted.iter()).map(|(number, wanted)| {
                let id = ids.get(StringId(number));
                let allows = |relation| wanted.allows(self.schema, relation);
                let sought = declared.begin_to_find(id, id_hash(id));
                if let Some(own) = declared.find_sound(&sought, allows) {
                    return Some(own);
                }
                let other = self.find(id)?;
                let is_allowed = self.before.relation_of(other).is_some_and(allows);
                // Behind the last record of these come those of the index.
                is_allowed.then_some(declared.len() + other.0)
            });
            part.linked = linked.collect::<Option<Vec<u32>>>()?.into();
        }
        drop(declared);
        let declared = declared_pieces.into_iter().map(|(_, declared)| declared).collect();
        Some(Pieces { declared, parts })
    }

    /// Finds a record of a file that is as it was.
    fn find(&self, id: &str) -> Option<EntityId> {
        let entity = self.before.find_id(id).ok()??;
        let file = self.before.file_of(entity).ok()?;
        self.kept.get(file as usize).copied().flatten().map(|_| entity)
    }
}
