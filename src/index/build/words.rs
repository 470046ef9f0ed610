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

/// The words of one field with their records.
pub(super) struct Words {
    vocabulary: Vocabulary,
    /// Numbers of the vocabulary in the order of the words.
    order: Vec<u32>,
    /// By number in the vocabulary: how many records.
    counts: Vec<u32>,
    pieces: Vec<Piece>,
}

/// Collects the words of a column.
pub(super) fn make(facts: &Facts, statements: &[Statement]) -> Result<Words, IndexError> {
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
    let mut order: Vec<u32> = (0..vocabulary.ends.len() as u32).collect();
    order.par_sort_unstable_by(|one, other| vocabulary.word(*one).cmp(vocabulary.word(*other)));
    Ok(Words { vocabulary, order, counts, pieces })
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

/// Lays the words of a field down. `range` is the field's relation.
pub(super) fn write<S: Sink>(
    out: &mut Writer<S>,
    words: &Words,
    range: &Range<u32>,
) -> Result<WordsEntry, IndexError> {
    let row = range.len().div_ceil(64);
    let mut heap = Vec::with_capacity(words.vocabulary.heap.len() + words.order.len());
    let mut ends = Vec::with_capacity(words.order.len());
    let mut starts = Vec::with_capacity(words.order.len() + 1);
    let mut frequent = Vec::new();
    let mut next = vec![Next::Listed(0); words.order.len()];
    let mut total = 0;
    for (rank, number) in (0..).zip(&words.order) {
        heap.extend_from_slice(words.vocabulary.word(*number));
        heap.push(b'\n');
        ends.push(heap.len() as u32);
        starts.push(total);
        let count = words.counts.get(*number as usize).copied().unwrap_or(0);
        let place = if count as usize * size_of::<u32>() > row * size_of::<u64>() {
            frequent.push(rank);
            Next::Frequent(frequent.len() as u32 - 1)
        } else {
            total += count;
            Next::Listed(total - count)
        };
        if let Some(slot) = next.get_mut(*number as usize) {
            *slot = place;
        }
    }
    starts.push(total);
    let mut records = vec![EntityId(0); total as usize];
    let mut bitmaps = vec![0u64; frequent.len() * row];
    for (word, entity) in words.pieces.iter().flat_map(|piece| &piece.pairs) {
        match next.get_mut(*word as usize) {
            Some(Next::Listed(place)) => {
                if let Some(slot) = records.get_mut(*place as usize) {
                    *slot = *entity;
                }
                *place += 1;
            }
            Some(Next::Frequent(number)) => {
                let bit = (entity.0 - range.start) as usize;
                if let Some(bits) = bitmaps.get_mut(*number as usize * row + bit / 64) {
                    *bits |= 1 << (bit % 64);
                }
            }
            None => {}
        }
    }
    Ok(WordsEntry {
        heap: out.section(&heap)?,
        ends: out.section(&ends)?,
        starts: out.section(&starts)?,
        records: out.section(&records)?,
        frequent: out.section(&frequent)?,
        bitmaps: out.section(&bitmaps)?,
    })
}
