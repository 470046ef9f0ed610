//! The strings of all pieces, in the order of records.

use super::used::those;
use super::{Places, Renumbering};
use crate::model::{EntityId, StringId, Strings};
use crate::resolve::facts::unit::{DeclaredPiece, PieceFacts};
use crate::resolve::facts::used::Used;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Puts the strings of all records into the order of records, so that whoever goes through records goes through their
/// strings: of each first the identifier, then what it was said to be called, in the order written. Gives back what
/// the pieces held.
///
/// Pieces are gone through as they are written, and each record's strings are put where they belong: to fetch those of
/// one record after the other, from anywhere, would mean to wait for memory at each.
pub(super) fn strings(
    all: &mut Strings,
    declared: Vec<DeclaredPiece>,
    parts: &mut [PieceFacts],
    mut places: Places,
) -> Places {
    let sizes: Vec<Size> = parts.par_iter().zip(&declared).flat_map_iter(sizes).collect();
    let size_of = |number: &u32| sizes.get(*number as usize).copied().unwrap_or_default();
    places.has_id = places.written.iter().map(|number| size_of(number).has_id).collect();
    places.first_string = Vec::with_capacity(places.written.len());
    let mut starts = Vec::with_capacity(places.written.len() + 1);
    let (mut strings, mut bytes) = (all.len(), all.heap.len());
    for size in places.written.iter().map(size_of) {
        places.first_string.push(strings as u32);
        starts.push(bytes as u32);
        strings += size.strings as usize;
        bytes += size.bytes as usize;
    }
    drop(sizes);
    let mut heap = std::mem::take(&mut all.heap).into_bytes();
    let (common, common_bytes) = (all.len(), heap.len());
    heap.resize(bytes, 0);
    all.ends.resize(strings, 0);
    let shares = match u32::try_from(bytes.max(strings)) {
        // More than an index holds, which refuses them: it matters no longer what they are.
        Err(_) => Vec::new(),
        Ok(_) => shares(
            &places.first_string,
            &starts,
            heap.get_mut(common_bytes..).unwrap_or_default(),
            all.ends.get_mut(common..).unwrap_or_default(),
        ),
    };
    shares.into_par_iter().for_each(|mut share| {
        for (part, piece) in parts.iter().zip(&declared) {
            for local in 0..part.records.len() as u32 {
                if let Some(entity) = places.entity(part.first_record + local) {
                    share.put(entity, part, piece, local);
                }
            }
        }
    });
    drop(declared);
    parts.iter_mut().for_each(|part| part.strings = Strings::default());
    // Put together from whole strings; what were no text would be empty.
    all.heap = String::from_utf8(heap).unwrap_or_default();
    places
}

/// How much room the strings of a record take.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    strings: u32,
    bytes: u32,
    has_id: bool,
}

fn sizes<'p>(
    (part, piece): (&'p PieceFacts, &'p DeclaredPiece),
) -> impl Iterator<Item = Size> + 'p {
    (0..part.records.len() as u32).map(|local| {
        let id = piece.id(local);
        let has_id = !id.is_empty();
        let own = part.strings_of(local);
        let bytes = part.strings.stretch(own.clone()).len() + id.len();
        Size { strings: own.len() as u32 + u32::from(has_id), bytes: bytes as u32, has_id }
    })
}

/// The strings of some records that follow one another, which one core puts into their places.
struct Share<'s> {
    /// By record, from `first` on: its first string among all, and where that starts in the heap.
    first_strings: &'s [u32],
    starts: &'s [u32],
    first: usize,
    heap: &'s mut [u8],
    ends: &'s mut [u32],
}

/// Cuts all records into as many shares as there are cores.
fn shares<'s>(
    first_strings: &'s [u32],
    starts: &'s [u32],
    heap: &'s mut [u8],
    ends: &'s mut [u32],
) -> Vec<Share<'s>> {
    let length = first_strings.len().div_ceil(rayon::current_num_threads()).max(1);
    let mut rest = (heap, ends);
    let mut shares = Vec::new();
    let chunks = first_strings.chunks(length).zip(starts.chunks(length));
    let mut chunks = chunks.enumerate().peekable();
    while let Some((number, (first_strings, starts))) = chunks.next() {
        let first_of = |chunk: &[u32]| chunk.first().copied().unwrap_or(0);
        let (heap, ends) = match chunks.peek() {
            None => std::mem::take(&mut rest),
            Some((_, (next_strings, next_starts))) => {
                let bytes = first_of(next_starts) - first_of(starts);
                let strings = first_of(next_strings) - first_of(first_strings);
                let (heap, more_heap) = rest.0.split_at_mut(bytes as usize);
                let (ends, more_ends) = rest.1.split_at_mut(strings as usize);
                rest = (more_heap, more_ends);
                (heap, ends)
            }
        };
        shares.push(Share { first_strings, starts, first: number * length, heap, ends });
    }
    shares
}

impl Share<'_> {
    /// Puts the strings of a record into their places, if it is one of these.
    fn put(&mut self, entity: EntityId, part: &PieceFacts, piece: &DeclaredPiece, local: u32) {
        let Some(place) = entity.index().checked_sub(self.first) else { return };
        let (Some(string), Some(start)) = (self.first_strings.get(place), self.starts.get(place))
        else {
            return;
        };
        let origin = (self.first_strings.first(), self.starts.first());
        let (Some(first_string), Some(first_start)) = origin else { return };
        let id = piece.id(local);
        let own = part.strings_of(local);
        let own_text = part.strings.stretch(own.clone());
        let behind_id = start + id.len() as u32;
        let at = (start - first_start) as usize;
        let room = self.heap.get_mut(at..at + id.len() + own_text.len());
        if let Some((of_id, rest)) = room.map(|room| room.split_at_mut(id.len())) {
            of_id.copy_from_slice(id.as_bytes());
            rest.copy_from_slice(own_text.as_bytes());
        }
        let own_start = part.strings.start(own.start);
        let own_ends = own.filter_map(|string| part.strings.ends.get(string as usize));
        let of_own = own_ends.map(|end| behind_id + (end - own_start));
        let ends = (!id.is_empty()).then_some(behind_id).into_iter().chain(of_own);
        let slots = self.ends.get_mut((string - first_string) as usize..).unwrap_or_default();
        slots.iter_mut().zip(ends).for_each(|(slot, end)| *slot = end);
    }
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
