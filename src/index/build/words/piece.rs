//! The words of a stretch of statements.
//!
//! In: statements of one text field, by record. Out: the distinct words in order, each with its records in
//! order. Nothing is known here of other stretches.

use super::super::super::IndexError;
use super::super::super::fold::{each_word, fold_into};
use super::super::{count, text_of};
use crate::model::{EntityId, Facts, StatementColumn, WordLists};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::hash::{BuildHasher, Hasher};
use std::ops::Range;

/// Returns the first eight bytes of a word as a number that compares as they do.
///
/// Most words differ in them. A NUL, with which short words are filled up, is in none.
pub(super) fn beginning(word: &[u8]) -> u64 {
    match word.first_chunk() {
        Some(bytes) => u64::from_be_bytes(*bytes),
        None => {
            let bytes = word.iter().fold(0, |bytes, byte| bytes << 8 | u64::from(*byte));
            // A shift by all 64 bits, as of no bytes, is none.
            bytes.checked_shl(u64::BITS - 8 * word.len() as u32).unwrap_or(0)
        }
    }
}

/// Reads one piece after another. What it has allocated for one serves for the next.
#[derive(Default)]
pub(super) struct Reader {
    numbers: HashTable<u32>,
    /// Distinct words, numbered as they come.
    words: Vec<Word>,
    heap: Vec<u8>,
    /// Word and record, each pair once, records in order.
    pairs: Vec<(u32, EntityId)>,
    folded: String,
}

struct Word {
    beginning: u64,
    /// Where it starts in the heap.
    start: u32,
    /// In bytes.
    length: u32,
    /// The last record that had it.
    last: EntityId,
    /// How many records have it.
    count: u32,
}

impl Word {
    fn text<'h>(&self, heap: &'h [u8]) -> &'h [u8] {
        heap.get(self.start as usize..)
            .and_then(|rest| rest.get(..self.length as usize))
            .unwrap_or_default()
    }
}

impl Reader {
    /// Returns the words of the statements at these places.
    pub(super) fn read(
        &mut self,
        facts: &Facts,
        statements: &StatementColumn,
        places: Range<usize>,
    ) -> Result<WordLists, IndexError> {
        self.numbers.clear();
        self.words.clear();
        self.heap.clear();
        self.pairs.clear();
        let mut folded = std::mem::take(&mut self.folded);
        let values = statements.values().get(places.clone()).unwrap_or_default();
        for (place, value) in places.zip(values) {
            let (Some(text), Some(entity)) = (text_of(facts, *value), statements.entity(place))
            else {
                continue;
            };
            fold_into(text, &mut folded);
            each_word(&folded, |word| self.meet(word.as_bytes(), entity));
        }
        self.folded = folded;
        count(self.heap.len(), "bytes of distinct words")?;
        count(self.pairs.len(), "words")?;
        Ok(self.sorted())
    }

    fn meet(&mut self, word: &[u8], entity: EntityId) {
        let Reader { numbers, words, heap, pairs, .. } = self;
        let beginning = beginning(word);
        let is_it = |number: &u32| {
            words.get(*number as usize).is_some_and(|other| {
                other.beginning == beginning
                    && other.length as usize == word.len()
                    && (word.len() <= size_of::<u64>() || other.text(heap) == word)
            })
        };
        let hash_of = |number: &u32| {
            words.get(*number as usize).map_or(0, |word| hash(word.beginning, word.text(heap)))
        };
        match numbers.entry(hash(beginning, word), is_it, hash_of) {
            Entry::Occupied(number) => {
                let number = *number.get();
                if let Some(word) = words.get_mut(number as usize)
                    && word.last != entity
                {
                    word.last = entity;
                    word.count += 1;
                    pairs.push((number, entity));
                }
            }
            Entry::Vacant(vacant) => {
                let number = words.len() as u32;
                vacant.insert(number);
                let (start, length) = (heap.len() as u32, word.len() as u32);
                words.push(Word { beginning, start, length, last: entity, count: 1 });
                heap.extend_from_slice(word);
                pairs.push((number, entity));
            }
        }
    }

    fn sorted(&self) -> WordLists {
        let Reader { words, heap, pairs, .. } = self;
        let text = |number: u32| words.get(number as usize).map(|word| word.text(heap));
        let mut order: Vec<(u64, u32)> =
            (0..).zip(words).map(|(number, word)| (word.beginning, number)).collect();
        order.sort_unstable_by(|one, other| {
            one.0.cmp(&other.0).then_with(|| text(one.1).cmp(&text(other.1)))
        });
        // By number: where the next record goes, of those in the order of words.
        let mut next = vec![0; words.len()];
        let mut total = 0;
        for (_, number) in &order {
            let Some(word) = words.get(*number as usize) else { continue };
            if let Some(next) = next.get_mut(*number as usize) {
                *next = total;
            }
            total += word.count;
        }
        let mut records = vec![EntityId(0); pairs.len()];
        for (number, entity) in pairs {
            let Some(next) = next.get_mut(*number as usize) else { continue };
            if let Some(slot) = records.get_mut(*next as usize) {
                *slot = *entity;
            }
            *next += 1;
        }
        let mut lists = WordLists::with_capacity(words.len(), heap.len(), pairs.len());
        let mut rest = records.as_slice();
        for (_, number) in order {
            let Some(word) = words.get(number as usize) else { continue };
            let (of_word, behind) = rest.split_at_checked(word.count as usize).unwrap_or_default();
            lists.push(word.text(heap), of_word.iter().copied());
            rest = behind;
        }
        lists
    }
}

/// Returns the hash of a word, which decides no order, only how fast the word is found.
fn hash(beginning: u64, word: &[u8]) -> u64 {
    let mut hasher = foldhash::fast::FixedState::with_seed(0).build_hasher();
    if word.len() <= size_of::<u64>() {
        hasher.write_u64(beginning);
    } else {
        hasher.write(word);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn beginnings_compare_as_words_do() {
        let mut words = ["", "0", "1", "10", "a", "aa", "peace", "peaces", "treaties", "йорк", "ё"];
        words.sort_unstable();
        assert!(words.is_sorted_by_key(|word| beginning(word.as_bytes())));
        assert_eq!(beginning(b"treaties"), beginning(b"treatieses"));
    }
}
