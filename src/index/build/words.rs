//! Folded words of one text field → records.
//!
//! Statements are cut into pieces, each with a vocabulary of its own; the vocabularies are merged and sorted,
//! and the records of each word placed piece after piece, so that they come out in order.

use super::super::IndexError;
use super::super::fold::{each_word, fold_into};
use super::super::image::{Sink, Writer};
use super::super::layout::WordsEntry;
use super::{WORTH_SHARING, count, text_of};
use crate::model::{EntityId, Facts, Statement};
use hashbrown::HashTable;
use rayon::prelude::*;
use std::hash::BuildHasher;
use std::ops::Range;

/// Distinct words, numbered as they come.
#[derive(Default)]
struct Vocabulary {
    numbers: HashTable<u32>,
    hashes: Vec<u64>,
    heap: Vec<u8>,
    ends: Vec<u32>,
}

impl Vocabulary {
    fn word(&self, number: u32) -> &[u8] {
        word_at(&self.heap, &self.ends, number)
    }

    /// Returns the numbers of the words in the order of their bytes.
    fn sorted(&self) -> Vec<u32> {
        let numbers = 0..self.ends.len() as u32;
        // Most words differ in their first eight bytes; a NUL, with which short ones are filled up, is in none.
        let mut keyed: Vec<(u64, u32)> =
            numbers.map(|number| (self.beginning(number), number)).collect();
        keyed.par_sort_unstable_by(|one, other| {
            one.0.cmp(&other.0).then_with(|| self.word(one.1).cmp(self.word(other.1)))
        });
        keyed.into_iter().map(|(_, number)| number).collect()
    }

    fn beginning(&self, number: u32) -> u64 {
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(self.word(number)).for_each(|(slot, byte)| *slot = *byte);
        u64::from_be_bytes(bytes)
    }

    fn number_of(&mut self, word: &[u8]) -> u32 {
        // The hash decides no order, only how fast a word is found.
        let hash = foldhash::fast::FixedState::with_seed(0).hash_one(word);
        self.number_of_hashed(word, hash)
    }

    fn number_of_hashed(&mut self, word: &[u8], hash: u64) -> u32 {
        let Vocabulary { numbers, hashes, heap, ends } = self;
        let is_it = |number: &u32| word_at(heap, ends, *number) == word;
        if let Some(number) = numbers.find(hash, is_it) {
            return *number;
        }
        let number = ends.len() as u32;
        let hash_of = |number: &u32| hashes.get(*number as usize).copied().unwrap_or(0);
        numbers.insert_unique(hash, number, hash_of);
        hashes.push(hash);
        heap.extend_from_slice(word);
        ends.push(heap.len() as u32);
        number
    }
}

fn word_at<'h>(heap: &'h [u8], ends: &[u32], number: u32) -> &'h [u8] {
    let end = ends.get(number as usize).copied().unwrap_or(0) as usize;
    let before = (number as usize).checked_sub(1).and_then(|before| ends.get(before));
    heap.get(before.copied().unwrap_or(0) as usize..end).unwrap_or_default()
}

/// A stretch of statements.
struct Piece {
    vocabulary: Vocabulary,
    /// Word and record, each pair once, records in order.
    pairs: Vec<(u32, EntityId)>,
}

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

/// Collects the words of a column. `range` is the field's relation.
pub(super) fn make(
    facts: &Facts,
    statements: &[Statement],
    range: &Range<u32>,
) -> Result<Words, IndexError> {
    let cuts = cut(statements);
    let mut pieces: Vec<Piece> =
        cuts.into_par_iter().map(|statements| read(facts, statements)).collect();
    let mut vocabulary = Vocabulary::default();
    let mut counts: Vec<u32> = Vec::new();
    for piece in &mut pieces {
        let own = std::mem::take(&mut piece.vocabulary);
        let mut renumbered = Vec::with_capacity(own.ends.len());
        for (number, hash) in (0..).zip(&own.hashes) {
            renumbered.push(vocabulary.number_of_hashed(own.word(number), *hash));
        }
        counts.resize(vocabulary.ends.len(), 0);
        for (word, _) in &mut piece.pairs {
            *word = renumbered.get(*word as usize).copied().unwrap_or(0);
            if let Some(count) = counts.get_mut(*word as usize) {
                *count += 1;
            }
        }
    }
    count(vocabulary.heap.len() + vocabulary.ends.len(), "bytes of distinct words")?;
    count(pieces.iter().map(|piece| piece.pairs.len()).sum(), "words")?;
    let order = vocabulary.sorted();
    let mut words = Words::default();
    let mut next = words.lay_out(&vocabulary, &order, &counts, range.len().div_ceil(64));
    for piece in pieces {
        words.place(&piece.pairs, &mut next, range);
    }
    Ok(words)
}

/// Cuts between records into pieces worth a core's while. Where they are cut does not show in the result.
fn cut(statements: &[Statement]) -> Vec<&[Statement]> {
    let mut pieces = Vec::new();
    let mut rest = statements;
    while !rest.is_empty() {
        let mut length = WORTH_SHARING.min(rest.len());
        let last = rest.get(length - 1).map(|statement| statement.entity);
        while last.is_some() && rest.get(length).map(|statement| statement.entity) == last {
            length += 1;
        }
        let (piece, after) = rest.split_at(length);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

fn read(facts: &Facts, statements: &[Statement]) -> Piece {
    let mut vocabulary = Vocabulary::default();
    let mut pairs = Vec::new();
    // By word: the last record that had it.
    let mut last: Vec<Option<EntityId>> = Vec::new();
    let mut folded = String::new();
    for statement in statements {
        let Some(text) = text_of(facts, statement.value) else { continue };
        fold_into(text, &mut folded);
        each_word(&folded, |word| {
            let number = vocabulary.number_of(word.as_bytes());
            last.resize(vocabulary.ends.len(), None);
            if let Some(last) = last.get_mut(number as usize)
                && last.replace(statement.entity) != Some(statement.entity)
            {
                pairs.push((number, statement.entity));
            }
        });
    }
    Piece { vocabulary, pairs }
}

/// Where the next record of a word goes.
#[derive(Clone, Copy)]
enum Next {
    Listed(u32),
    Frequent(u32),
}

impl Words {
    /// Puts the words in order and makes room for their records. `row` is the length of a bitmap.
    fn lay_out(
        &mut self,
        vocabulary: &Vocabulary,
        order: &[u32],
        counts: &[u32],
        row: usize,
    ) -> Vec<Next> {
        let mut next = vec![Next::Listed(0); order.len()];
        let mut total = 0;
        for (rank, number) in (0..).zip(order) {
            self.heap.extend_from_slice(vocabulary.word(*number));
            self.heap.push(b'\n');
            self.ends.push(self.heap.len() as u32);
            self.starts.push(total);
            let count = counts.get(*number as usize).copied().unwrap_or(0);
            let place = if count as usize * size_of::<u32>() > row * size_of::<u64>() {
                self.frequent.push(rank);
                Next::Frequent(self.frequent.len() as u32 - 1)
            } else {
                total += count;
                Next::Listed(total - count)
            };
            if let Some(slot) = next.get_mut(*number as usize) {
                *slot = place;
            }
        }
        self.starts.push(total);
        self.records = vec![EntityId(0); total as usize];
        self.bitmaps = vec![0; self.frequent.len() * row];
        next
    }

    fn place(&mut self, pairs: &[(u32, EntityId)], next: &mut [Next], range: &Range<u32>) {
        let row = range.len().div_ceil(64);
        for (word, entity) in pairs {
            match next.get_mut(*word as usize) {
                Some(Next::Listed(place)) => {
                    if let Some(slot) = self.records.get_mut(*place as usize) {
                        *slot = *entity;
                    }
                    *place += 1;
                }
                Some(Next::Frequent(number)) => {
                    let bit = (entity.0 - range.start) as usize;
                    if let Some(bits) = self.bitmaps.get_mut(*number as usize * row + bit / 64) {
                        *bits |= 1 << (bit % 64);
                    }
                }
                None => {}
            }
        }
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
