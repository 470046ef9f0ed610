//! Did-you-mean: identifiers, names and aliases near to what was written, among millions.
//!
//! A shape of four bytes stands beside each label (see `fold::shape`) and bounds its distance from below, so that
//! only the likeliest labels are read. What near means is as in `suggest`.

use super::IndexError;
use super::fold::{WordPart, each_word, fold_into, shape, shape_distance};
use super::names::NameKind;
use super::records::Index;
use crate::model::{EntityId, FieldRole, RelationId, StringId};
use crate::suggest;
use rayon::prelude::*;
use std::ops::Range;

/// At most so many labels are read, the likeliest first, so that a slip of the pen costs no second.
const MOST_READ: usize = 50_000;
/// At most so many names are offered.
const MOST_OFFERED: usize = 8;
/// Words that so many records have tell nothing.
const MOST_WITH_WORD: usize = 5;
/// So many shapes are worth a second core.
const WORTH_SHARING: usize = 1 << 18;

/// How near a name is; the nearest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nearness {
    /// By case, diacritics, or `-`, `_` and blanks alone.
    Folded,
    /// By so many slips of the pen.
    Spelling(u32),
    /// All its words are among those of the name: a surname.
    Part,
}

/// An identifier, name or alias that may have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearName<'i> {
    /// Whose.
    pub entity: EntityId,
    /// Nothing for an identifier.
    pub kind: Option<NameKind>,
    /// As it is written in the facts.
    pub text: &'i str,
    /// How near.
    pub nearness: Nearness,
}

/// Where labels are found.
#[derive(Clone, Copy)]
enum Labels {
    Ids,
    Names(crate::model::FieldId, NameKind),
}

/// The labels of one kind of a relation: where they are found, their places there, their shapes.
struct Shaped<'i> {
    labels: Labels,
    places: Range<u32>,
    shapes: &'i [u32],
}

/// A label as it was read.
struct Label<'i> {
    entity: EntityId,
    kind: Option<NameKind>,
    text: &'i str,
}

/// A label that may be near: where it is found, and its place there.
type Candidate = (usize, u32);

/// Labels by their least distance, at most [`MOST_READ`] of each.
type Levels = Vec<Vec<Candidate>>;

impl Index {
    /// Returns identifiers, names and aliases near `written`, best first, each record once, at most eight.
    ///
    /// They are looked for among the records of `relations`, or among all.
    pub fn near_names(
        &self,
        written: &str,
        relations: Option<&[RelationId]>,
    ) -> Result<Vec<NearName<'_>>, IndexError> {
        let everywhere: Vec<RelationId> = self.schema().relations().map(|(id, _)| id).collect();
        let relations = relations.unwrap_or(&everywhere);
        let wanted = suggest::fold(written);
        let mut places = Vec::new();
        let mut levels = Levels::new();
        for relation in relations {
            for shaped in self.labels_of(*relation)? {
                levels = join(levels, collect(places.len(), &shaped, &wanted));
                places.push(shaped.labels);
            }
        }
        let mut near = self.read_candidates(&levels, &places, &wanted)?;
        self.add_parts(&mut near, relations, &wanted)?;
        near.sort_by(|one, other| {
            let key = |name: &NearName<'_>| (name.nearness, name.kind, name.entity);
            key(one).cmp(&key(other)).then_with(|| one.text.cmp(other.text))
        });
        let mut offered: Vec<NearName<'_>> = Vec::new();
        for name in near {
            if offered.len() < MOST_OFFERED && offered.iter().all(|seen| seen.entity != name.entity)
            {
                offered.push(name);
            }
        }
        Ok(offered)
    }

    fn labels_of(&self, relation: RelationId) -> Result<Vec<Shaped<'_>>, IndexError> {
        let records = self.records_of(relation);
        let shapes = self.store.lend(self.catalogue.records.shapes);
        let shapes = shapes.slice(records.start as usize..records.end as usize)?;
        let mut found = vec![Shaped { labels: Labels::Ids, places: records, shapes }];
        if self.schema().relations.len() <= relation.index() {
            return Ok(found);
        }
        for (role, kind) in [(FieldRole::Name, NameKind::Name), (FieldRole::Also, NameKind::Also)] {
            let Some(field) = self.schema().field_with_role(relation, role) else { continue };
            let column = self.catalogue.columns.get(field.index());
            if let Some(shapes) = column.and_then(|column| column.shapes) {
                let shapes = self.store.lend(shapes).all()?;
                let (labels, places) = (Labels::Names(field, kind), 0..shapes.len() as u32);
                found.push(Shaped { labels, places, shapes });
            }
        }
        Ok(found)
    }

    fn read_candidates<'i>(
        &'i self,
        levels: &Levels,
        places: &[Labels],
        wanted: &str,
    ) -> Result<Vec<NearName<'i>>, IndexError> {
        let mut near: Vec<NearName<'i>> = Vec::new();
        let mut best = u32::MAX - 1;
        let mut folded = String::new();
        let candidates = (0..)
            .zip(levels)
            .flat_map(|(least, level)| level.iter().map(move |(place, at)| (least, place, at)));
        for (least, place, at) in candidates.take(MOST_READ) {
            // A name that is far worse than the best one only distracts.
            if least > best + 1 {
                break;
            }
            let Some(labels) = places.get(*place) else { continue };
            let Some(Label { entity, kind, text }) = self.label(*labels, *at)? else { continue };
            fold_into(text, &mut folded);
            let Some(distance) = distance(wanted, &folded) else { continue };
            best = best.min(distance);
            let nearness = match distance {
                0 => Nearness::Folded,
                distance => Nearness::Spelling(distance),
            };
            near.push(NearName { entity, kind, text, nearness });
        }
        let far = Nearness::Spelling(best + 1);
        near.retain(|name| name.nearness <= far);
        Ok(near)
    }

    fn label(&self, labels: Labels, at: u32) -> Result<Option<Label<'_>>, IndexError> {
        match labels {
            Labels::Ids => {
                let entity = EntityId(at);
                Ok(self.written_id_of(entity)?.map(|text| Label { entity, kind: None, text }))
            }
            Labels::Names(field, kind) => {
                let column = self.column(field)?;
                let value = column.value(at)?;
                if !value.is_known() {
                    return Ok(None);
                }
                let text = self.string(StringId(value.0))?;
                Ok(Some(Label { entity: column.entity_of(at)?, kind: Some(kind), text }))
            }
        }
    }

    /// Adds the records of which a name has all the words, where they are few.
    fn add_parts<'i>(
        &'i self,
        near: &mut Vec<NearName<'i>>,
        relations: &[RelationId],
        wanted: &str,
    ) -> Result<(), IndexError> {
        let mut parts = Vec::new();
        each_word(wanted, |text| parts.push(WordPart { text, begins_word: true, ends_word: true }));
        if parts.iter().all(|part| part.text.len() < 3) {
            return Ok(());
        }
        for relation in relations.iter().filter(|id| id.index() < self.schema().relations.len()) {
            for (role, kind) in
                [(FieldRole::Name, NameKind::Name), (FieldRole::Also, NameKind::Also)]
            {
                let Some(field) = self.schema().field_with_role(*relation, role) else { continue };
                let entry = self.catalogue.columns.get(field.index());
                let Some(words) = entry.and_then(|entry| entry.words) else { continue };
                let mut having: Option<Vec<EntityId>> = None;
                for part in &parts {
                    let found = self.with_word(&words, *part, self.records_of(*relation))?;
                    having = Some(match having {
                        None => found,
                        Some(mut before) => {
                            before.retain(|entity| found.binary_search(entity).is_ok());
                            before
                        }
                    });
                }
                let having = having.unwrap_or_default();
                if having.len() > MOST_WITH_WORD {
                    continue;
                }
                for entity in having {
                    let names = self.names_of(entity)?;
                    let named = names.into_iter().filter(|name| name.kind == kind);
                    near.extend(named.filter(|name| has_words(name.text, &parts)).map(|name| {
                        let (kind, nearness) = (Some(kind), Nearness::Part);
                        NearName { entity, kind, text: name.text, nearness }
                    }));
                }
            }
        }
        Ok(())
    }
}

fn has_words(text: &str, parts: &[WordPart<'_>]) -> bool {
    let folded = suggest::fold(text);
    let mut words = Vec::new();
    each_word(&folded, |word| words.push(word));
    parts.iter().all(|part| words.contains(&part.text))
}

/// Returns the labels that may be within a third of the longer one's length.
fn collect(place: usize, shaped: &Shaped<'_>, wanted: &str) -> Levels {
    let Shaped { places, shapes, .. } = shaped;
    let wanted_shape = shape(wanted);
    // A label longer by half than what was written is farther than a third of its own length.
    let allowed = wanted.chars().count().div_ceil(2);
    let add = |mut levels: Levels, (at, shape): (u32, &u32)| {
        let least = shape_distance(wanted_shape, *shape) as usize;
        if least <= allowed {
            if levels.len() <= least {
                levels.resize_with(least + 1, Vec::new);
            }
            if let Some(level) = levels.get_mut(least)
                && level.len() < MOST_READ
            {
                level.push((place, at));
            }
        }
        levels
    };
    if shapes.len() < WORTH_SHARING {
        return places.clone().zip(*shapes).fold(Levels::new(), add);
    }
    let shared = shapes.par_iter().enumerate().with_min_len(WORTH_SHARING / 4);
    let numbered = shared.map(|(at, shape)| (places.start.saturating_add(at as u32), shape));
    numbered.fold(Levels::new, add).reduce(Levels::new, join)
}

/// Joins labels with those that come after them, so that what is left out does not hang on the number of cores.
fn join(mut levels: Levels, after: Levels) -> Levels {
    if levels.len() < after.len() {
        levels.resize_with(after.len(), Vec::new);
    }
    for (level, more) in levels.iter_mut().zip(after) {
        let room = MOST_READ - level.len().min(MOST_READ);
        level.extend(more.into_iter().take(room));
    }
    levels
}

/// Returns how many edits lie between two folded labels, where they are not too many.
fn distance(wanted: &str, folded: &str) -> Option<u32> {
    let letters = |text: &str| -> String {
        text.chars().filter(|letter| !matches!(letter, '-' | '_' | ' ')).collect()
    };
    if wanted == folded || letters(wanted) == letters(folded) {
        return Some(0);
    }
    let (one, other) = (wanted.chars().count(), folded.chars().count());
    let allowed = one.max(other) / 3;
    if allowed == 0 || one.abs_diff(other) > allowed {
        return None;
    }
    let distance = strsim::osa_distance(wanted, folded);
    (distance <= allowed).then_some(distance as u32)
}
