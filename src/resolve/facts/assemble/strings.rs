//! The strings of all pieces, in the order of records.

use super::used::{Used, those};
use super::{Places, Renumbering};
use crate::model::{StringId, Strings};
use crate::resolve::facts::unit::{DeclaredPiece, PieceFacts};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// So many records' strings are put in order by one core at a time.
const RECORDS_AT_ONCE: usize = 8192;

/// Puts the strings of all records into the order of records, so that whoever goes through records goes through their
/// strings: of each first the identifier, then what it was said to be called, in the order written. Gives back what
/// the pieces held.
pub(super) fn strings(
    all: &mut Strings,
    declared: Vec<DeclaredPiece>,
    parts: &mut [PieceFacts],
    mut places: Places,
) -> Places {
    let of_record = |number: u32| {
        let place = parts.partition_point(|part| part.first_record <= number).checked_sub(1)?;
        let (part, piece) = (parts.get(place)?, declared.get(place)?);
        let local = number - part.first_record;
        Some((part, piece.id(local), part.strings_of(local)))
    };
    let copy = |numbers: &[u32]| {
        let mut strings = Strings::default();
        let mut counts = Vec::with_capacity(numbers.len());
        for number in numbers {
            let before = strings.len();
            let mut has_id = false;
            if let Some((part, id, own)) = of_record(*number) {
                has_id = !id.is_empty();
                if has_id {
                    strings.add(id);
                }
                own.for_each(|string| {
                    strings.add(part.strings.get(StringId(string)));
                });
            }
            counts.push(((strings.len() - before) as u32, has_id));
        }
        (strings, counts)
    };
    let bytes: usize = parts.iter().map(|part| part.strings.heap.len()).sum();
    let id_bytes: usize = declared.iter().map(|piece| piece.ids.heap.len()).sum();
    all.heap.reserve_exact(bytes + id_bytes);
    let count: usize = parts.iter().map(|part| part.strings.len() + part.records.len()).sum();
    all.ends.reserve_exact(count);
    places.first_string = Vec::with_capacity(places.written.len());
    places.has_id = Vec::with_capacity(places.written.len());
    // Some at a time, so that little is held twice.
    for numbers in places.written.chunks(RECORDS_AT_ONCE * rayon::current_num_threads() * 2) {
        let copied: Vec<_> = numbers.par_chunks(RECORDS_AT_ONCE).map(copy).collect();
        for (strings, counts) in copied {
            let mut first = all.ends.len() as u32;
            let base = all.heap.len() as u32;
            all.heap.push_str(&strings.heap);
            all.ends.extend(strings.ends.iter().map(|end| base + end));
            for (count, has_id) in counts {
                places.first_string.push(first);
                places.has_id.push(has_id);
                first += count;
            }
        }
    }
    for part in parts {
        part.strings = Strings::default();
    }
    places
}

/// Adds the places in sources and the tags of languages to all strings, each once, sorted.
pub(super) fn common_texts(
    all: &mut Strings,
    parts: &[PieceFacts],
    used: &[Used],
    renumberings: &mut [Renumbering],
) {
    let used_by = |part: &'_ PieceFacts, used: &Used| -> Vec<StringId> {
        let citations = those(&part.citations, used.citations.get(1..).unwrap_or_default());
        let locators = citations.flat_map(|(_, list)| list).filter_map(|each| each.locator);
        let qualifiers = those(&part.qualifiers, used.qualifiers.get(1..).unwrap_or_default());
        let languages = qualifiers.filter_map(|(_, qualifier)| qualifier.language);
        locators.chain(languages).collect()
    };
    let of_parts: Vec<Vec<StringId>> =
        parts.iter().zip(used).map(|(part, used)| used_by(part, used)).collect();
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    for (part, ids) in parts.iter().zip(&of_parts) {
        numbers.extend(ids.iter().map(|id| (part.texts.get(*id), 0)));
    }
    for (text, number) in &mut numbers {
        *number = all.add(text).0;
    }
    for ((part, ids), renumbering) in parts.iter().zip(&of_parts).zip(renumberings) {
        renumbering.texts = vec![u32::MAX; part.texts.len()];
        for id in ids {
            let number = numbers.get(part.texts.get(*id)).copied();
            if let (Some(slot), Some(number)) = (renumbering.texts.get_mut(id.index()), number) {
                *slot = number;
            }
        }
    }
}
