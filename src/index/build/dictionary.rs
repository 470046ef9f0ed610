//! Identifiers and names, folded, to records.

use super::super::IndexError;
use super::super::fold::{fold_into, label_hash, shape};
use super::super::image::{Sink, Writer};
use super::super::layout::DictionaryEntry;
use super::{WORTH_SHARING, is_naming, text_of};
use crate::model::{EntityId, Facts, FieldId, Record, StringId, ValueCode};
use rayon::prelude::*;

/// Labels in a bucket, on average. Each costs a comparison of one byte, and one in 256 that of a text.
const BUCKET: usize = 8;

/// Labels that are folded by one core at a time.
const STRETCH: usize = WORTH_SHARING / 4;

/// Buckets of a group are two to the power of this, where there are no more groups than two to the power of
/// that: the labels of a group fill some 20 KiB, and there are some dozens of each in a stretch.
const GROUP_BITS: u32 = 9;
const MOST_GROUPS_BITS: u32 = 8;

/// A label's hash, and whose it is.
#[derive(Clone, Copy)]
struct Label {
    hash: u32,
    entity: EntityId,
}

/// Labels in buckets, not yet laid down.
pub(super) struct Dictionary {
    bucket_bits: u32,
    starts: Vec<u32>,
    tags: Vec<u8>,
    entities: Vec<EntityId>,
}

/// The identifiers of a base.
pub(super) struct Identifiers {
    pub dictionary: Dictionary,
    /// By record.
    pub shapes: Vec<u32>,
}

/// The names and aliases of a base.
pub(super) struct Names {
    pub dictionary: Dictionary,
    /// By field and statement; nothing for fields that hold no names.
    pub shapes: Vec<Option<Vec<u32>>>,
}

/// Collects the identifiers.
pub(super) fn identifiers(facts: &Facts) -> Identifiers {
    let mut labels = Vec::new();
    let id_of = |number: usize, record: &Record| {
        record.id.map(|id| (EntityId(number as u32), facts.strings.get(id)))
    };
    let shapes = sketch(&facts.records, id_of, &mut labels);
    Identifiers { dictionary: sort(labels), shapes }
}

/// Collects the names and aliases.
pub(super) fn names(facts: &Facts) -> Names {
    let mut labels = Vec::new();
    let mut shapes = Vec::new();
    // By record: its header's name is a statement of it.
    let mut are_stated = vec![false; facts.records.len()];
    for (number, field) in (0..).zip(&facts.schema.fields) {
        if !is_naming(field.role) {
            shapes.push(None);
            continue;
        }
        let statements = facts.column(FieldId(number));
        statements.for_each_value(|entity, value| {
            let name = facts.records.get(entity.index()).and_then(|record| record.name);
            if let Some(is_stated) = are_stated.get_mut(entity.index()) {
                *is_stated |= name == Some(StringId(value.0));
            }
        });
        let name_of = |place: usize, value: &ValueCode| {
            Some((statements.entity(place)?, text_of(facts, *value)?))
        };
        shapes.push(Some(sketch(statements.values(), name_of, &mut labels)));
    }
    // Names of headers that are no statement of `name`.
    let records = (0..).zip(facts.records.iter().zip(are_stated));
    let unstated: Vec<(EntityId, StringId)> = records
        .filter_map(|(entity, (record, is_stated))| {
            record.name.filter(|_| !is_stated).map(|name| (EntityId(entity), name))
        })
        .collect();
    sketch(&unstated, |_, (entity, name)| Some((*entity, facts.strings.get(*name))), &mut labels);
    Names { dictionary: sort(labels), shapes }
}

/// Adds the labels of some elements, in stretches, and returns the shape of each: 0 where it has none.
fn sketch<'f, T: Sync>(
    elements: &[T],
    label: impl Fn(usize, &T) -> Option<(EntityId, &'f str)> + Sync,
    labels: &mut Vec<Vec<Label>>,
) -> Vec<u32> {
    let mut shapes = vec![0; elements.len()];
    let stretches = elements.par_chunks(STRETCH).zip(shapes.par_chunks_mut(STRETCH));
    let sketched = stretches.enumerate().map_init(String::new, |folded, (number, stretch)| {
        let (elements, shapes) = stretch;
        let mut labels = Vec::with_capacity(elements.len());
        for (place, (element, slot)) in (number * STRETCH..).zip(elements.iter().zip(shapes)) {
            let Some((entity, text)) = label(place, element) else { continue };
            fold_into(text, folded);
            *slot = shape(folded);
            labels.push(Label { hash: label_hash(folded), entity });
        }
        labels
    });
    labels.par_extend(sketched);
    shapes
}

/// Puts labels into buckets, those of one bucket in the order in which they come.
///
/// This is done group by group, so that what is written to at once stays near a core, and on all cores.
fn sort(labels: Vec<Vec<Label>>) -> Dictionary {
    let total: usize = labels.iter().map(Vec::len).sum();
    let bucket_bits = (total / BUCKET).next_power_of_two().ilog2();
    let group_bits = bucket_bits.saturating_sub(GROUP_BITS).min(MOST_GROUPS_BITS);
    let grouped: Vec<Grouped> =
        labels.into_par_iter().map(|labels| Grouped::new(&labels, group_bits)).collect();
    let mut starts = vec![0; (1 << bucket_bits) + 1];
    let mut tags = vec![0; total];
    let mut entities = vec![EntityId(0); total];
    let (buckets, last) = starts.split_at_mut(1 << bucket_bits);
    let (mut free_tags, mut free_entities) = (&mut *tags, &mut *entities);
    let mut first = 0;
    let mut groups = Vec::with_capacity(1 << group_bits);
    for (number, starts) in buckets.chunks_mut(1 << (bucket_bits - group_bits)).enumerate() {
        let length = grouped.iter().map(|labels| labels.group(number).len()).sum();
        let (tags, entities);
        (tags, free_tags) = free_tags.split_at_mut(length);
        (entities, free_entities) = free_entities.split_at_mut(length);
        groups.push(Group { first, starts, tags, entities });
        first += length as u32;
    }
    last.fill(first);
    groups.into_par_iter().enumerate().for_each(|(number, group)| {
        group.fill(grouped.iter().flat_map(|labels| labels.group(number)), bucket_bits);
    });
    Dictionary { bucket_bits, starts, tags, entities }
}

/// A stretch of labels by the group of their buckets, those of one group in the order in which they come.
struct Grouped {
    labels: Vec<Label>,
    /// By group: where its labels start; and a last end.
    starts: Vec<u32>,
}

impl Grouped {
    fn new(labels: &[Label], group_bits: u32) -> Grouped {
        let mut starts = vec![0; (1 << group_bits) + 1];
        set_starts(labels.iter().map(|label| highest(label.hash, group_bits)), &mut starts);
        let mut next = starts.clone();
        let mut grouped = vec![Label { hash: 0, entity: EntityId(0) }; labels.len()];
        for label in labels {
            let Some(next) = next.get_mut(highest(label.hash, group_bits)) else { continue };
            if let Some(slot) = grouped.get_mut(*next as usize) {
                *slot = *label;
            }
            *next += 1;
        }
        Grouped { labels: grouped, starts }
    }

    fn group(&self, number: usize) -> &[Label] {
        match (self.starts.get(number), self.starts.get(number + 1)) {
            (Some(start), Some(end)) => {
                self.labels.get(*start as usize..*end as usize).unwrap_or_default()
            }
            _ => &[],
        }
    }
}

/// The part of a dictionary that holds a group of buckets, as many as a power of two.
struct Group<'d> {
    /// How many labels the groups before it hold.
    first: u32,
    starts: &'d mut [u32],
    tags: &'d mut [u8],
    entities: &'d mut [EntityId],
}

impl Group<'_> {
    fn fill<'l>(self, labels: impl Iterator<Item = &'l Label> + Clone, bucket_bits: u32) {
        let buckets = self.starts.len();
        let bucket_of = |label: &Label| highest(label.hash, bucket_bits) % buckets;
        let mut next = vec![0; buckets];
        set_starts(labels.clone().map(bucket_of), &mut next);
        for (start, next) in self.starts.iter_mut().zip(&next) {
            *start = self.first + next;
        }
        for label in labels {
            let Some(next) = next.get_mut(bucket_of(label)) else { continue };
            if let Some(tag) = self.tags.get_mut(*next as usize) {
                *tag = label.hash as u8;
            }
            if let Some(entity) = self.entities.get_mut(*next as usize) {
                *entity = label.entity;
            }
            *next += 1;
        }
    }
}

/// Returns the highest bits of a hash.
fn highest(hash: u32, bits: u32) -> usize {
    (u64::from(hash) >> (u32::BITS - bits)) as usize
}

/// Counts keys, and sets where the elements of each start once they are sorted by it.
fn set_starts(keys: impl Iterator<Item = usize>, starts: &mut [u32]) {
    for key in keys {
        if let Some(count) = starts.get_mut(key) {
            *count += 1;
        }
    }
    let mut total = 0;
    for start in starts {
        total += std::mem::replace(start, total);
    }
}

/// Lays a dictionary down.
pub(super) fn write<S: Sink>(
    out: &mut Writer<S>,
    dictionary: &Dictionary,
) -> Result<DictionaryEntry, IndexError> {
    Ok(DictionaryEntry {
        bucket_bits: dictionary.bucket_bits,
        starts: out.section(&dictionary.starts)?,
        tags: out.section(&dictionary.tags)?,
        entities: out.section(&dictionary.entities)?,
    })
}
