//! The strings of all pieces, in the order of records.

use super::used::those;
use super::{Places, Renumbering};
use crate::model::{StringId, Strings};
use crate::resolve::facts::packed::PieceStrings;
use crate::resolve::facts::unit::{DeclaredPiece, PieceFacts};
use crate::resolve::facts::used::Used;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Puts the strings of all records into the order of records, so that whoever goes through records goes through their
/// strings: of each first the identifier, then what it was said to be called, in the order written. Gives back what
/// the pieces held.
///
/// Pieces are gone through as they are written, and each record's strings are put where they belong: to fetch those of
/// one record after the other, from anywhere, would mean to wait for memory at each.
pub(super) fn strings(
    all: &Strings,
    declared: Vec<DeclaredPiece>,
    parts: &mut [PieceFacts],
    mut places: Places,
) -> (Places, PlacedStrings) {
    let Sizes { mut strings_of, mut bytes_of, has_id } = Sizes::of(parts, &declared, &places);
    let strings = sum_up(&mut strings_of, all.len());
    let bytes = sum_up(&mut bytes_of, all.heap.len());
    let starts = bytes_of;
    // The system gives zeros where memory is touched first, which the shares do on all cores.
    let (mut heap, mut ends) = (vec![0; bytes], vec![0; strings]);
    let (common_heap, own_heap) = heap.split_at_mut(all.heap.len());
    let (common_ends, own_ends) = ends.split_at_mut(all.len());
    common_heap.copy_from_slice(all.heap.as_bytes());
    common_ends.copy_from_slice(&all.ends);
    let shares = match u32::try_from(bytes.max(strings)) {
        // More than an index holds, which refuses them: it matters no longer what they are.
        Err(_) => Vec::new(),
        Ok(_) => shares(&strings_of, &starts, own_heap, own_ends),
    };
    shares.into_par_iter().for_each(|mut share| {
        for (part, piece) in parts.iter().zip(&declared) {
            for (local, place) in places.among(part, share.entities.clone()) {
                share.put(place, part, piece, local);
            }
        }
    });
    for (first, has_id) in strings_of.iter_mut().zip(&has_id) {
        *first += u32::from(*has_id);
    }
    (places.first_string, places.has_id) = (strings_of, has_id);
    drop(declared);
    parts.iter_mut().for_each(|part| part.strings = PieceStrings::default());
    (places, PlacedStrings { heap, ends })
}

/// All strings in their places, not yet looked through.
pub(super) struct PlacedStrings {
    heap: Vec<u8>,
    ends: Vec<u32>,
}

impl PlacedStrings {
    /// Looks through them, which takes a while.
    pub(super) fn finish(self) -> Strings {
        // Put together from whole strings; what were no text would be empty.
        Strings { heap: String::from_utf8(self.heap).unwrap_or_default(), ends: self.ends }
    }
}

/// How much room the strings of each record take.
struct Sizes {
    /// By entity: how many strings it has.
    strings_of: Vec<u32>,
    /// By entity: how many bytes they have.
    bytes_of: Vec<u32>,
    /// By entity: the first of them is its identifier.
    has_id: Vec<bool>,
}

impl Sizes {
    fn of(parts: &[PieceFacts], declared: &[DeclaredPiece], places: &Places) -> Sizes {
        let count = places.written.len();
        let mut sizes = Sizes {
            strings_of: vec![0; count],
            bytes_of: vec![0; count],
            has_id: vec![false; count],
        };
        let Sizes { strings_of, bytes_of, has_id } = &mut sizes;
        let share = count.div_ceil(rayon::current_num_threads()).max(1);
        let shares = strings_of.par_chunks_mut(share).zip(bytes_of.par_chunks_mut(share));
        let shares = shares.zip(has_id.par_chunks_mut(share)).enumerate();
        shares.for_each(|(number, ((strings_of, bytes_of), has_id))| {
            let entities = number * share..number * share + has_id.len();
            for (part, piece) in parts.iter().zip(declared) {
                for (local, place) in places.among(part, entities.clone()) {
                    let of_id = piece.ids.bytes(local..local + 1);
                    let own = part.strings_of(local);
                    let slots = (strings_of.get_mut(place), bytes_of.get_mut(place));
                    if let (Some(strings_slot), Some(bytes_slot)) = slots {
                        *strings_slot = own.len() as u32 + u32::from(of_id > 0);
                        *bytes_slot = part.strings.bytes(own) + of_id;
                    }
                    has_id.get_mut(place).into_iter().for_each(|slot| *slot = of_id > 0);
                }
            }
        });
        sizes
    }
}

/// Makes of how many each has how many there are before it, `first` before the first, and returns how many there are in
/// all.
fn sum_up(counts: &mut [u32], first: usize) -> usize {
    let mut total = first;
    for count in counts {
        let before = total;
        total += *count as usize;
        *count = before as u32;
    }
    total
}

/// The strings of some records that follow one another, which one core puts into their places.
struct Share<'s> {
    /// By record: its first string among all, and where that starts in the heap.
    first_strings: &'s [u32],
    starts: &'s [u32],
    entities: Range<usize>,
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
        let entities = number * length..number * length + starts.len();
        shares.push(Share { first_strings, starts, entities, heap, ends });
    }
    shares
}

impl Share<'_> {
    /// Puts the strings of a record into their places.
    fn put(&mut self, place: usize, part: &PieceFacts, piece: &DeclaredPiece, local: u32) {
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
        let of_own = part.strings.ends(own).map(|end| behind_id + end);
        let ends = (!id.is_empty()).then_some(behind_id).into_iter().chain(of_own);
        let slots = self.ends.get_mut((string - first_string) as usize..).unwrap_or_default();
        slots.iter_mut().zip(ends).for_each(|(slot, end)| *slot = end);
    }
}

/// The places in sources and the tags of languages that the pieces have.
pub(super) struct CommonTexts<'p> {
    /// By piece: the numbers of its own.
    of_parts: Vec<Vec<StringId>>,
    /// Those of all pieces, each once, sorted.
    distinct: BTreeSet<&'p str>,
}

impl<'p> CommonTexts<'p> {
    /// Collects those that are used.
    pub(super) fn of(parts: &'p [PieceFacts], used: &[Used]) -> CommonTexts<'p> {
        let used_by = |(part, used): (&'p PieceFacts, &Used)| -> Vec<StringId> {
            let citations = those(&part.citations, used.citations.get(1..).unwrap_or_default());
            let locators = citations.flat_map(|(_, list)| list).filter_map(|each| each.locator);
            let qualifiers = those(&part.qualifiers, used.qualifiers.get(1..).unwrap_or_default());
            let languages = qualifiers.filter_map(|(_, qualifier)| qualifier.language);
            locators.chain(languages).collect()
        };
        let of_parts: Vec<Vec<StringId>> = parts.iter().zip(used).map(used_by).collect();
        let texts = parts.iter().zip(&of_parts);
        let texts = texts.flat_map(|(part, ids)| ids.iter().map(|id| part.texts.get(*id)));
        let distinct = texts.collect();
        CommonTexts { of_parts, distinct }
    }

    /// Adds them to all strings.
    pub(super) fn add_to(
        self,
        all: &mut Strings,
        parts: &[PieceFacts],
        renumberings: &mut [Renumbering],
    ) {
        let numbers = self.distinct.into_iter().map(|text| (text, all.add(text)));
        let numbers: BTreeMap<&str, StringId> = numbers.collect();
        let own = parts.par_iter().zip(self.of_parts).zip(renumberings);
        own.for_each(|((part, ids), renumbering)| {
            let number_of = |id: StringId| Some((id, *numbers.get(part.texts.get(id))?));
            renumbering.texts = ids.into_iter().filter_map(number_of).collect();
        });
    }
}
