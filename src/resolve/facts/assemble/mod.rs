//! Puts the pieces' facts together: distinct values get their ranks, records their place in the order of answers.

mod columns;
mod order;
mod strings;
mod tables;
mod times;
mod used;

use super::packed::Together;
use super::unit::{DeclaredPiece, PieceFacts};
use crate::model::{
    CitationId, EntityId, Facts, FileRecord, QualifierId, Record, RelationId, Schema, StringId,
};
use crate::time::Role;
use columns::PlacedColumns;
use order::order;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use strings::{CommonTexts, strings};
use tables::numbers;
use times::RankedTimes;
use used::used_by;

/// The facts, and where their records were written.
pub struct Assembled {
    /// All facts that are sound.
    pub facts: Facts,
    columns: Arc<PlacedColumns>,
}

impl Assembled {
    /// Returns the number that a record has in the order of writing.
    pub fn written(&self, entity: EntityId) -> Option<u32> {
        self.columns.places.written.get(entity.index()).copied()
    }
}

/// The numbers of a piece's values among all.
#[derive(Debug, Default)]
struct Renumbering {
    /// By text that stands in a piece once, of which there are few: its number among all strings.
    texts: BTreeMap<StringId, StringId>,
    dates: Together<u32>,
    periods: Together<u32>,
    numbers: Vec<u32>,
    qualifiers: Vec<u32>,
    citations: Vec<u32>,
}

impl Renumbering {
    fn times_mut(&mut self, role: Role) -> &mut Together<u32> {
        match role {
            Role::Moment => &mut self.dates,
            Role::Period => &mut self.periods,
        }
    }

    /// Gives back all but what values and qualifiers of statements are looked up by.
    fn keep_values(&mut self) {
        self.texts = BTreeMap::new();
        self.citations = Vec::new();
    }

    fn text(&self, id: StringId) -> StringId {
        self.texts.get(&id).copied().unwrap_or(StringId(0))
    }
}

/// The pieces that are put together: what they declare, and what they say.
pub struct Pieces {
    /// By piece.
    pub declared: Vec<DeclaredPiece>,
    /// By piece.
    pub parts: Vec<PieceFacts>,
}

/// Assembles the facts of all pieces.
pub fn facts(schema: Schema, files: Vec<FileRecord>, pieces: Pieces) -> Assembled {
    let Pieces { declared, mut parts } = pieces;
    let mut facts = Facts { schema, files, ..Facts::default() };
    let mut renumberings: Vec<Renumbering> = Vec::new();
    renumberings.resize_with(parts.len(), Renumbering::default);
    let used: Vec<_> = parts.par_iter().map(|part| used_by(part, &facts.schema)).collect();
    let of_role = |role| RankedTimes::of(&parts, &used, role);
    let (dates, periods) = rayon::join(|| of_role(Role::Moment), || of_role(Role::Period));
    dates.add_to(&mut facts, &mut renumberings);
    periods.add_to(&mut facts, &mut renumberings);
    numbers(&mut facts, &parts, &used, &mut renumberings);
    let (places, texts) = rayon::join(
        || order(&facts, &declared, &parts, &renumberings),
        || CommonTexts::of(&parts, &used),
    );
    texts.add_to(&mut facts.strings, &parts, &mut renumberings);
    let (places, placed) = strings(&facts.strings, declared, &mut parts, places);
    let Facts { strings, citations, qualifiers, records, .. } = &mut facts;
    rayon::join(
        || *strings = placed.finish(),
        || {
            *citations = tables::citations(&parts, &used, &mut renumberings, &places);
            *qualifiers = tables::qualifiers(&parts, &used, &mut renumberings, &places);
            drop(used);
            *records = placed_records(&parts, &renumberings, &places);
        },
    );
    parts.par_iter_mut().for_each(PieceFacts::keep_columns);
    renumberings.par_iter_mut().for_each(Renumbering::keep_values);
    let columns = Arc::new(PlacedColumns::new(&facts, parts, renumberings, places));
    facts.columns = Some(columns.clone());
    Assembled { facts, columns }
}

/// Where records go.
#[derive(Debug)]
struct Places {
    /// By number in the order of writing: the entity; the highest number for a record that is left out.
    new: Vec<u32>,
    /// By entity: the number in the order of writing.
    written: Vec<u32>,
    /// By entity: the number among all of the first string that it was said to have; its identifier is the one before.
    first_string: Vec<u32>,
    /// By entity: it has an identifier.
    has_id: Vec<bool>,
}

impl Places {
    /// Returns the entity of a record by its number in the order of writing; nothing if it is left out. Numbers
    /// behind the last are those of records that are known elsewhere, and stay behind the last entity.
    fn entity(&self, number: u32) -> Option<EntityId> {
        match self.new.get(number as usize) {
            Some(entity) => Some(*entity).filter(|entity| *entity != u32::MAX).map(EntityId),
            None => {
                let behind = number - self.new.len() as u32;
                Some(EntityId(self.written.len() as u32 + behind))
            }
        }
    }

    /// Goes through the records of a piece that are among some entities: each by its number in the piece, and by its
    /// place among these.
    fn among(
        &self,
        part: &PieceFacts,
        entities: Range<usize>,
    ) -> impl Iterator<Item = (u32, usize)> {
        (0..part.records.len() as u32).filter_map(move |local| {
            let entity = self.entity(part.first_record + local)?.index();
            entities.contains(&entity).then(|| (local, entity - entities.start))
        })
    }

    /// Returns the number that a string of a record has among all; the record is the `local`th of a piece, whose
    /// strings end at `ends`.
    fn string(&self, ends: &[u32], entity: EntityId, local: u32, id: StringId) -> Option<StringId> {
        let first_of_piece = local.checked_sub(1).map_or(0, |before| at(ends, before));
        let first = self.first_string.get(entity.index())?;
        Some(StringId(first + id.0.checked_sub(first_of_piece)?))
    }
}

fn placed_records(
    parts: &[PieceFacts],
    renumberings: &[Renumbering],
    places: &Places,
) -> Vec<Record> {
    let nothing = Record {
        relation: RelationId(0),
        id: None,
        name: None,
        file: 0,
        line: 0,
        citation: CitationId(0),
        qualifier: QualifierId(0),
    };
    // All cores touch the memory first, which the system gives page by page.
    let mut records: Vec<Record> =
        places.written.par_iter().with_min_len(16 * 1024).map(|_| nothing).collect();
    // Pieces are gone through in the order in which they are packed; each core takes a share of the records.
    let share = records.len().div_ceil(rayon::current_num_threads()).max(1);
    records.par_chunks_mut(share).enumerate().for_each(|(number, records)| {
        let first = number * share;
        for (part, renumbering) in parts.iter().zip(renumberings) {
            let string_ends = &*part.string_ends;
            for (local, record) in (0..).zip(part.records.iter()) {
                let entity = places.entity(part.first_record + local);
                let (Some(record), Some(entity)) = (record, entity) else { continue };
                let slot = entity.index().checked_sub(first).and_then(|at| records.get_mut(at));
                let Some(slot) = slot else { continue };
                let has_id = places.has_id.get(entity.index()) == Some(&true);
                let first_string = places.first_string.get(entity.index()).filter(|_| has_id);
                let name = |id: StringId| places.string(string_ends, entity, local, id);
                *slot = Record {
                    relation: record.relation,
                    id: first_string.and_then(|first| first.checked_sub(1)).map(StringId),
                    name: record.name.and_then(name),
                    file: part.file,
                    line: record.line,
                    citation: CitationId(at(&renumbering.citations, record.citation)),
                    qualifier: QualifierId(at(&renumbering.qualifiers, record.qualifier)),
                };
            }
        }
    });
    records
}

fn at(map: &[u32], place: u32) -> u32 {
    map.get(place as usize).copied().unwrap_or(0)
}
