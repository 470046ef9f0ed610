//! Identifiers and names, folded, to records.

use super::super::IndexError;
use super::super::fold::{fold_into, label_hash, shape};
use super::super::image::{Sink, Writer};
use super::super::layout::{DictionaryEntry, NO_NUMBER};
use super::{WORTH_SHARING, is_naming, text_of};
use crate::model::{EntityId, Facts, FieldId, Record, StringId};
use rayon::prelude::*;

/// Labels in a bucket, on average. Each costs a comparison of one byte, and one in 256 that of a text.
const BUCKET: usize = 8;

/// A label's hash, and whose it is.
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
    let sketched = sketch_all(&facts.records, |record| record.id.map(|id| facts.strings.get(id)));
    let labels = (0..).zip(&sketched).filter_map(|(entity, sketch)| {
        sketch.map(|(hash, _)| Label { hash, entity: EntityId(entity) })
    });
    let dictionary = sort(&labels.collect::<Vec<_>>());
    let shapes = sketched.iter().map(|sketch| sketch.map_or(0, |(_, shape)| shape)).collect();
    Identifiers { dictionary, shapes }
}

/// Collects the names and aliases.
pub(super) fn names(facts: &Facts) -> Names {
    let mut labels = Vec::new();
    let mut shapes = Vec::new();
    // By record: its header's name, if that is a statement of it.
    let mut stated = vec![NO_NUMBER; facts.records.len()];
    for (number, field) in (0..).zip(&facts.schema.fields) {
        if !is_naming(field.role) {
            shapes.push(None);
            continue;
        }
        let statements = facts.column(FieldId(number));
        for statement in &statements {
            if let Some(slot) = stated.get_mut(statement.entity.index())
                && facts.records.get(statement.entity.index()).and_then(|record| record.name)
                    == Some(StringId(statement.value.0))
            {
                *slot = statement.value.0;
            }
        }
        let sketched = sketch_all(&statements, |statement| text_of(facts, statement.value));
        labels.extend(statements.iter().zip(&sketched).filter_map(|(statement, sketch)| {
            sketch.map(|(hash, _)| Label { hash, entity: statement.entity })
        }));
        let of_field = sketched.iter().map(|sketch| sketch.map_or(0, |(_, shape)| shape));
        shapes.push(Some(of_field.collect()));
    }
    add_headers(facts, &stated, &mut labels);
    Names { dictionary: sort(&labels), shapes }
}

/// Adds the names of headers that are no statement of `name`.
fn add_headers(facts: &Facts, stated: &[u32], labels: &mut Vec<Label>) {
    let mut folded = String::new();
    for (entity, (Record { name, .. }, stated)) in (0..).zip(facts.records.iter().zip(stated)) {
        if let Some(name) = name.filter(|name| name.0 != *stated) {
            fold_into(facts.strings.get(name), &mut folded);
            labels.push(Label { hash: label_hash(&folded), entity: EntityId(entity) });
        }
    }
}

/// Puts labels into buckets, those of one bucket in the order in which they come.
fn sort(labels: &[Label]) -> Dictionary {
    let bucket_bits = (labels.len() / BUCKET).next_power_of_two().ilog2();
    let bucket_of = |label: &Label| (u64::from(label.hash) >> (32 - bucket_bits)) as usize;
    let mut starts = vec![0u32; (1 << bucket_bits) + 1];
    for label in labels {
        if let Some(count) = starts.get_mut(bucket_of(label) + 1) {
            *count += 1;
        }
    }
    let mut total = 0;
    for count in &mut starts {
        total += *count;
        *count = total;
    }
    let mut next = starts.clone();
    let mut tags = vec![0u8; labels.len()];
    let mut entities = vec![EntityId(0); labels.len()];
    for label in labels {
        let Some(next) = next.get_mut(bucket_of(label)) else { continue };
        if let Some(tag) = tags.get_mut(*next as usize) {
            *tag = label.hash as u8;
        }
        if let Some(entity) = entities.get_mut(*next as usize) {
            *entity = label.entity;
        }
        *next += 1;
    }
    Dictionary { bucket_bits, starts, tags, entities }
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

/// Returns the hash and the shape of each label.
fn sketch_all<'f, T: Sync>(
    elements: &'f [T],
    text: impl Fn(&'f T) -> Option<&'f str> + Sync,
) -> Vec<Option<(u32, u32)>> {
    let sketch = |folded: &mut String, element: &'f T| {
        text(element).map(|text| {
            fold_into(text, folded);
            (label_hash(folded), shape(folded))
        })
    };
    if elements.len() < WORTH_SHARING {
        let mut folded = String::new();
        return elements.iter().map(|element| sketch(&mut folded, element)).collect();
    }
    let shared = elements.par_iter().with_min_len(WORTH_SHARING / 4);
    shared.map_init(String::new, sketch).collect()
}
