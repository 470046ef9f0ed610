//! Folded words of one text field → records.
//!
//! Statements are cut into pieces, the words of each sorted by itself; then the pieces are merged, a range of
//! words at a time.

mod piece;

use super::super::IndexError;
use super::super::image::{Sink, Writer};
use super::super::layout::WordsEntry;
use super::{WORTH_SHARING, count};
use crate::model::{EntityId, Facts, FieldId, KnownWords, StatementColumn, WordLists};
use piece::{Reader, beginning};
use rayon::prelude::*;
use std::ops::Range;

/// Each range of words is looked for in each piece: neither must grow with the field.
const MOST_PIECES: usize = 64;
const MOST_RANGES: usize = 64;

/// Words looked at for each range, to find ranges of about the same length.
const SAMPLES: usize = 16;

/// The words of one field with their records, not yet laid down.
#[derive(Default)]
pub(super) struct Words {
    heap: Vec<u8>,
    ends: Vec<u32>,
    starts: Vec<u32>,
    records: Vec<EntityId>,
    frequent: Vec<u32>,
    bitmaps: Vec<u64>,
}

/// Collects the words of a column; texts are only read where their words are not known. `range` is the field's relation.
pub(super) fn make(
    facts: &Facts,
    field: FieldId,
    statements: &StatementColumn,
    range: &Range<u32>,
) -> Result<Words, IndexError> {
    let (known, unread) = match facts.known_words(field) {
        Some(KnownWords { lists, unread }) => (Some(lists), Some(unread)),
        None => (None, None),
    };
    let unread = unread.as_ref().unwrap_or(statements);
    let pieces = cut(unread).into_par_iter();
    let pieces =
        pieces.map_init(Reader::default, |reader, piece| reader.read(facts, unread, piece));
    let mut pieces: Vec<WordLists> = pieces.collect::<Result<_, _>>()?;
    pieces.extend(known);
    count(pieces.iter().map(WordLists::pairs).sum(), "words")?;
    let stretches = divide(&pieces).into_par_iter();
    let parts: Vec<Words> = stretches.map(|stretch| merge(&pieces, &stretch, range)).collect();
    drop(pieces);
    count(parts.iter().map(|part| part.heap.len()).sum(), "bytes of distinct words")?;
    Ok(Words::joined(parts))
}

/// Cuts between records into pieces worth a core's while, each told by its places. Where they are cut does not show in
/// the result.
fn cut(statements: &StatementColumn) -> Vec<Range<usize>> {
    let least = WORTH_SHARING.max(statements.len().div_ceil(MOST_PIECES));
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < statements.len() {
        let mut end = (start + least).min(statements.len());
        let last = statements.entity(end - 1);
        while end < statements.len() && statements.entity(end) == last {
            end += 1;
        }
        pieces.push(start..end);
        start = end;
    }
    pieces
}

/// A range of words, as the ranks that it has in each piece.
type Stretch = Vec<Range<u32>>;

/// Divides all words into ranges worth a core's while. Where they are divided does not show in the result.
fn divide(pieces: &[WordLists]) -> Vec<Stretch> {
    let total: usize = pieces.iter().map(|piece| piece.word_count() as usize).sum();
    let ranges = (total / WORTH_SHARING).clamp(1, MOST_RANGES);
    let step = (total / (ranges * SAMPLES)).max(1);
    let samples_of = |piece: &'_ WordLists| (0..piece.word_count()).step_by(step);
    let samples = pieces.iter().flat_map(|piece| samples_of(piece).map(|rank| piece.word(rank)));
    let mut samples: Vec<&[u8]> = samples.collect();
    samples.sort_unstable();
    let mut begun = vec![0; pieces.len()];
    let mut stretches = Vec::with_capacity(ranges);
    for range in 1..=ranges {
        // The words before this one; for the last range, all.
        let end = samples.get(samples.len() * range / ranges);
        let ranks = pieces.iter().zip(&mut begun).map(|(piece, begun)| {
            let end = end.map_or(piece.word_count(), |end| rank_of(piece, end));
            std::mem::replace(begun, end)..end
        });
        stretches.push(ranks.collect());
    }
    stretches
}

/// Returns how many words of a piece come before this one.
fn rank_of(piece: &WordLists, word: &[u8]) -> u32 {
    let (mut least, mut end) = (0, piece.word_count());
    while least < end {
        let middle = least.midpoint(end);
        if piece.word(middle) < word {
            least = middle + 1;
        } else {
            end = middle;
        }
    }
    least
}

/// A word of one piece.
struct Entry<'p> {
    beginning: u64,
    piece: &'p WordLists,
    rank: u32,
}

impl<'p> Entry<'p> {
    fn word(&self) -> &'p [u8] {
        self.piece.word(self.rank)
    }
}

/// Merges the words of a range.
fn merge(pieces: &[WordLists], stretch: &Stretch, range: &Range<u32>) -> Words {
    let mut entries: Vec<Entry<'_>> = Vec::with_capacity(stretch.iter().map(Range::len).sum());
    for (piece, ranks) in pieces.iter().zip(stretch) {
        let entry = |rank| Entry { beginning: beginning(piece.word(rank)), piece, rank };
        entries.extend(ranks.clone().map(entry));
    }
    // Stable, so that pieces stay in order, and with them most records. It is fast where runs are sorted already.
    entries.sort_by(|one, other| {
        one.beginning.cmp(&other.beginning).then_with(|| one.word().cmp(other.word()))
    });
    let mut words = Words::default();
    let same = entries
        .chunk_by(|one, other| one.beginning == other.beginning && one.word() == other.word());
    for entries in same {
        words.add(entries, range);
    }
    words
}

impl Words {
    /// Adds a word that some pieces have. `range` is the field's relation.
    fn add(&mut self, entries: &[Entry<'_>], range: &Range<u32>) {
        let Some(first) = entries.first() else { return };
        let rank = self.ends.len() as u32;
        self.heap.extend_from_slice(first.word());
        self.heap.push(b'\n');
        self.ends.push(self.heap.len() as u32);
        self.starts.push(self.records.len() as u32);
        let lists = entries.iter().map(|entry| entry.piece.records(entry.rank));
        let count: usize = lists.clone().map(<[EntityId]>::len).sum();
        let row = range.len().div_ceil(64);
        if count * size_of::<u32>() <= row * size_of::<u64>() {
            let start = self.records.len();
            lists.for_each(|records| self.records.extend_from_slice(records));
            let records = self.records.get_mut(start..).unwrap_or_default();
            // Records of which the words were known stand among those that were read.
            if !records.is_sorted() {
                records.sort_unstable();
            }
            return;
        }
        self.frequent.push(rank);
        let start = self.bitmaps.len();
        self.bitmaps.resize(start + row, 0);
        let bitmap = self.bitmaps.get_mut(start..).unwrap_or_default();
        for entity in lists.flatten() {
            let bit = (entity.0 - range.start) as usize;
            if let Some(bits) = bitmap.get_mut(bit / 64) {
                *bits |= 1 << (bit % 64);
            }
        }
    }

    /// Puts the words of ranges together.
    fn joined(mut parts: Vec<Words>) -> Words {
        let total = |length: fn(&Words) -> usize| parts.iter().map(length).sum();
        let mut words = Words {
            heap: Vec::with_capacity(total(|part| part.heap.len())),
            ends: Vec::with_capacity(total(|part| part.ends.len())),
            starts: Vec::with_capacity(total(|part| part.starts.len()) + 1),
            records: Vec::with_capacity(total(|part| part.records.len())),
            frequent: Vec::with_capacity(total(|part| part.frequent.len())),
            bitmaps: Vec::with_capacity(total(|part| part.bitmaps.len())),
        };
        for part in parts.drain(..) {
            let (bytes, ranks) = (words.heap.len() as u32, words.ends.len() as u32);
            let records = words.records.len() as u32;
            words.heap.extend_from_slice(&part.heap);
            words.ends.extend(part.ends.iter().map(|end| bytes + end));
            words.starts.extend(part.starts.iter().map(|start| records + start));
            words.records.extend_from_slice(&part.records);
            words.frequent.extend(part.frequent.iter().map(|rank| ranks + rank));
            words.bitmaps.extend_from_slice(&part.bitmaps);
        }
        words.starts.push(words.records.len() as u32);
        words
    }
}

/// Lays the words of a field down.
pub(super) fn write<S: Sink>(out: &mut Writer<S>, words: &Words) -> Result<WordsEntry, IndexError> {
    Ok(WordsEntry {
        heap: out.section(&words.heap)?,
        ends: out.section(&words.ends)?,
        starts: out.section(&words.starts)?,
        records: out.section(&words.records)?,
        frequent: out.section(&words.frequent)?,
        bitmaps: out.section(&words.bitmaps)?,
    })
}
