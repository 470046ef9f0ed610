//! Identifiers and names, folded, to records.

use super::super::IndexError;
use super::super::fold::{fold_into, label_hash, shape};
use super::super::image::{Sink, Writer};
use super::super::layout::{DictionaryEntry, NO_NUMBER};
use super::{WORTH_SHARING, is_naming, text_of};
use crate::model::{EntityId, Facts, FieldId, Record, Statement, StringId};
use rayon::prelude::*;

/// Labels in a bucket, on average. Each costs a comparison of one byte, and one in 256 that of a text.
const BUCKET: usize = 8;

/// A label's hash, and whose it is.
pub(super) struct Label {
    hash: u32,
    entity: EntityId,
}

/// The identifiers of a base.
pub(super) struct Identifiers {
    pub labels: Vec<Label>,
    /// By record.
    pub shapes: Vec<u32>,
}

/// The names and aliases of a base.
pub(super) struct Names {
    pub labels: Vec<Label>,
    /// By field and statement; nothing for fields that hold no names.
    pub shapes: Vec<Option<Vec<u32>>>,
}

/// Collects the identifiers.
pub(super) fn identifiers(facts: &Facts) -> Identifiers {
    let sketched = sketch_all(&facts.records, |record| record.id.map(|id| facts.strings.get(id)));
    let labels = (0..).zip(&sketched).filter_map(|(entity, sketch)| {
        sketch.map(|(hash, _)| Label { hash, entity: EntityId(entity) })
    });
    let labels = labels.collect();
    let shapes = sketched.iter().map(|sketch| sketch.map_or(0, |(_, shape)| shape)).collect();
    Identifiers { labels, shapes }
}

/// Collects the names and aliases.
pub(super) fn names(facts: &Facts) -> Names {
    let mut labels = Vec::new();
    let mut shapes = Vec::new();
    for (number, field) in (0..).zip(&facts.schema.fields) {
        let statements = facts.column(FieldId(number));
        if !is_naming(field.role) {
            shapes.push(None);
            continue;
        }
        let sketched = sketch_all(statements, |statement| text_of(facts, statement.value));
        labels.extend(statements.iter().zip(&sketched).filter_map(|(statement, sketch)| {
            sketch.map(|(hash, _)| Label { hash, entity: statement.entity })
        }));
        let of_field = sketched.iter().map(|sketch| sketch.map_or(0, |(_, shape)| shape));
        shapes.push(Some(of_field.collect()));
    }
    add_headers(facts, &mut labels);
    Names { labels, shapes }
}

/// Adds the names of headers that are no statement of `name`.
fn add_headers(facts: &Facts, labels: &mut Vec<Label>) {
    let mut stated = vec![NO_NUMBER; facts.records.len()];
    let columns = facts.schema.fields.iter().zip(&facts.columns);
    for (_, column) in columns.filter(|(field, _)| is_naming(field.role)) {
        for Statement { entity, value, .. } in &column.statements {
            if let Some(slot) = stated.get_mut(entity.index())
                && facts.records.get(entity.index()).and_then(|record| record.name)
                    == Some(StringId(value.0))
            {
                *slot = value.0;
            }
        }
    }
    let mut folded = String::new();
    for (entity, (Record { name, .. }, stated)) in (0..).zip(facts.records.iter().zip(stated)) {
        if let Some(name) = name.filter(|name| name.0 != stated) {
            fold_into(facts.strings.get(name), &mut folded);
            labels.push(Label { hash: label_hash(&folded), entity: EntityId(entity) });
        }
    }
}

/// Lays a dictionary down.
pub(super) fn write<S: Sink>(
    out: &mut Writer<S>,
    labels: &[Label],
) -> Result<DictionaryEntry, IndexError> {
    let bucket_bits = (labels.len() / BUCKET).next_power_of_two().ilog2();
    let bucket_of = |label: &Label| (u64::from(label.hash) >> (32 - bucket_bits)) as usize;
    let mut ends = vec![0u32; (1 << bucket_bits) + 1];
    for label in labels {
        if let Some(count) = ends.get_mut(bucket_of(label) + 1) {
            *count += 1;
        }
    }
    let mut total = 0;
    for count in &mut ends {
        total += *count;
        *count = total;
    }
    let starts = out.section(&ends)?;
    let mut tags = vec![0u8; labels.len()];
    let mut entities = vec![EntityId(0); labels.len()];
    for label in labels {
        if let Some(next) = ends.get_mut(bucket_of(label)) {
            if let Some(tag) = tags.get_mut(*next as usize) {
                *tag = label.hash as u8;
            }
            if let Some(entity) = entities.get_mut(*next as usize) {
                *entity = label.entity;
            }
            *next += 1;
        }
    }
    let tags = out.section(&tags)?;
    let entities = out.section(&entities)?;
    Ok(DictionaryEntry { bucket_bits, starts, tags, entities })
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
