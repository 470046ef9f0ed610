//! Distinct words with the records that have them.

use super::{EntityId, StatementColumn};

/// The folded words of the statements of a text field, as far as they are known without reading the texts.
#[derive(Clone, Debug)]
pub struct KnownWords {
    /// The words that are known.
    pub lists: WordLists,
    /// The statements of which they are not, sorted by record; none of their records has words that are.
    pub unread: StatementColumn,
}

/// Distinct words in the order of their bytes, each with its records, sorted.
#[derive(Clone, Debug)]
pub struct WordLists {
    heap: Vec<u8>,
    /// By word: where it starts in the heap; and a last end.
    bounds: Vec<u32>,
    /// By word: where its records start; and a last end.
    starts: Vec<u32>,
    records: Vec<EntityId>,
}

impl WordLists {
    /// No words, with room for so many, of so many bytes and records in all.
    pub fn with_capacity(words: usize, bytes: usize, records: usize) -> WordLists {
        let mut lists = WordLists {
            heap: Vec::with_capacity(bytes),
            bounds: Vec::with_capacity(words + 1),
            starts: Vec::with_capacity(words + 1),
            records: Vec::with_capacity(records),
        };
        lists.bounds.push(0);
        lists.starts.push(0);
        lists
    }

    /// Adds a word that comes behind all others; without records it is none.
    pub fn push(&mut self, word: &[u8], records: impl IntoIterator<Item = EntityId>) {
        let before = self.records.len();
        self.records.extend(records);
        if self.records.len() > before {
            self.heap.extend_from_slice(word);
            self.bounds.push(self.heap.len() as u32);
            self.starts.push(self.records.len() as u32);
        }
    }

    /// Returns how many words there are.
    pub fn word_count(&self) -> u32 {
        (self.bounds.len() - 1) as u32
    }

    /// Returns how many pairs of a word and a record there are.
    pub fn pairs(&self) -> usize {
        self.records.len()
    }

    /// Returns the bytes of all words.
    pub fn bytes(&self) -> usize {
        self.heap.len()
    }

    /// Returns a word by its rank.
    pub fn word(&self, rank: u32) -> &[u8] {
        between(&self.heap, &self.bounds, rank)
    }

    /// Returns the records that have a word.
    pub fn records(&self, rank: u32) -> &[EntityId] {
        between(&self.records, &self.starts, rank)
    }
}

fn between<'a, T>(all: &'a [T], bounds: &[u32], number: u32) -> &'a [T] {
    let number = number as usize;
    match (bounds.get(number), bounds.get(number + 1)) {
        (Some(start), Some(end)) => all.get(*start as usize..*end as usize).unwrap_or_default(),
        _ => &[],
    }
}
