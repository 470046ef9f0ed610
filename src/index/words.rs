//! `~`: the records whose text contains something.

use super::IndexError;
use super::fold::{Needle, WordPart};
use super::layout::WordsEntry;
use super::records::Index;
use super::store::Stored;
use crate::model::{EntityId, FieldId, StringId, WordLists};
use std::ops::Range;

/// So few records are sooner read than narrowed down further.
const FEW: usize = 256;

impl Index {
    /// Returns the records of which some value of a text field contains `needle`, sorted, whatever the standing of
    /// the statement: ignoring case, and diacritics where the needle has none.
    ///
    /// [`Needle::is_in`] tells which of the record's statements does.
    pub fn containing(&self, field: FieldId, needle: &str) -> Result<Vec<EntityId>, IndexError> {
        let needle = Needle::new(needle);
        let column = self.column(field)?;
        let words = self.catalogue.columns.get(field.index()).and_then(|column| column.words);
        let mut parts = needle.words();
        // Long parts are rare ones; what they leave may be so little that the others need not be asked.
        parts.sort_by_key(|part| std::cmp::Reverse(part.text.len()));
        let mut candidates: Option<Vec<EntityId>> = None;
        if let Some(words) = words {
            for part in parts {
                let found = self.with_word(&words, part, column.records())?;
                candidates = Some(match candidates {
                    None => found,
                    Some(before) => both(&before, &found),
                });
                if candidates.as_ref().is_some_and(|candidates| candidates.len() <= FEW) {
                    break;
                }
            }
            if let Some(found) = candidates.take_if(|_| needle.is_one_word()) {
                return Ok(found);
            }
        }
        let candidates = match candidates {
            Some(candidates) => candidates,
            // Nothing that is a word: every text is read.
            None => column.load()?.owners().collect(),
        };
        let mut found = Vec::new();
        for entity in candidates {
            for value in column.values_of(entity)? {
                if value.is_known() && needle.is_in(self.string(StringId(value.0))?) {
                    found.push(entity);
                    break;
                }
            }
        }
        Ok(found)
    }

    /// Returns the records of a field that have a word with this part in it, sorted.
    pub(super) fn with_word(
        &self,
        words: &WordsEntry,
        part: WordPart<'_>,
        range: Range<u32>,
    ) -> Result<Vec<EntityId>, IndexError> {
        let numbers = self.words_with(words, part)?;
        let starts = self.store.lend(words.starts);
        let records = self.store.lend(words.records);
        let mut lists: Vec<&[EntityId]> = Vec::new();
        let mut total = 0;
        for number in &numbers {
            let number = *number as usize;
            if let [start, end] = starts.slice(number..number.saturating_add(2))? {
                lists.push(records.slice(*start as usize..*end as usize)?);
                total += (end - start) as usize;
            }
        }
        let bitmaps = self.bitmaps(words, &numbers, range.len())?;
        if let ([list], []) = (lists.as_slice(), bitmaps.as_slice()) {
            return Ok(list.to_vec());
        }
        if bitmaps.is_empty() && total < range.len() / 64 + FEW {
            let mut found = lists.concat();
            found.sort_unstable();
            found.dedup();
            return Ok(found);
        }
        let mut bits = vec![0u64; range.len().div_ceil(64)];
        for bitmap in bitmaps {
            bits.iter_mut().zip(bitmap).for_each(|(bits, more)| *bits |= more);
        }
        for entity in lists.into_iter().flatten() {
            let place = entity.0.wrapping_sub(range.start);
            if let Some(word) = bits.get_mut(place as usize / 64) {
                *word |= 1 << (place % 64);
            }
        }
        Ok(entities(&bits, range))
    }

    /// Returns all words of a field with their records; nothing for one that has no words.
    pub(super) fn word_lists(&self, field: FieldId) -> Result<Option<WordLists>, IndexError> {
        let column = self.catalogue.columns.get(field.index());
        let Some(words) = column.and_then(|column| column.words) else { return Ok(None) };
        let range = self.column(field)?.records();
        let heap = self.store.lend(words.heap);
        let ends = self.store.lend(words.ends);
        let starts = self.store.lend(words.starts).all()?;
        let records = self.store.lend(words.records).all()?;
        let frequent = self.store.lend(words.frequent).all()?;
        let mut rows =
            self.store.lend(words.bitmaps).all()?.chunks(range.len().div_ceil(64).max(1));
        let mut lists = WordLists::with_capacity(ends.len(), heap.len(), records.len());
        let mut frequent = frequent.iter().peekable();
        for number in 0..ends.len() {
            let word = word(heap, ends, number)?;
            if frequent.next_if(|rank| **rank as usize == number).is_some() {
                lists.push(word, entities(rows.next().unwrap_or_default(), range.clone()));
            } else if let Some([start, end]) = starts.get(number..number + 2) {
                let of_word = records.get(*start as usize..*end as usize).unwrap_or_default();
                lists.push(word, of_word.iter().copied());
            }
        }
        Ok(Some(lists))
    }

    fn bitmaps(
        &self,
        words: &WordsEntry,
        numbers: &[u32],
        records: usize,
    ) -> Result<Vec<&[u64]>, IndexError> {
        let row = records.div_ceil(64);
        let frequent = self.store.lend(words.frequent).all()?;
        let mut found = Vec::new();
        for (place, _) in
            frequent.iter().enumerate().filter(|(_, number)| numbers.binary_search(number).is_ok())
        {
            let start = place.saturating_mul(row);
            found.push(self.store.lend(words.bitmaps).slice(start..start.saturating_add(row))?);
        }
        Ok(found)
    }

    /// Returns the numbers of the distinct words with this part in them, sorted.
    fn words_with(&self, words: &WordsEntry, part: WordPart<'_>) -> Result<Vec<u32>, IndexError> {
        let heap = self.store.lend(words.heap);
        let ends = self.store.lend(words.ends);
        let text = part.text.as_bytes();
        let mut found = Vec::new();
        if part.begins_word {
            for number in first_at_or_after(heap, ends, text)?..ends.len() {
                let Some(rest) = word(heap, ends, number)?.strip_prefix(text) else { break };
                if rest.is_empty() || !part.ends_word {
                    found.push(number as u32);
                }
            }
            return Ok(found);
        }
        let (heap, ends) = (heap.all()?, ends.all()?);
        let finder = memchr::memmem::Finder::new(text);
        let mut from = 0;
        while let Some(at) = heap.get(from..).and_then(|rest| finder.find(rest)) {
            let at = from + at;
            let number = ends.partition_point(|end| *end as usize <= at);
            let Some(end) = ends.get(number) else { break };
            if !part.ends_word || at + text.len() + 1 == *end as usize {
                found.push(number as u32);
                from = *end as usize;
            } else {
                from = at + 1;
            }
        }
        Ok(found)
    }
}

/// Returns a word without its line break.
fn word<'i>(
    heap: Stored<'i, u8>,
    ends: Stored<'i, u32>,
    number: usize,
) -> Result<&'i [u8], IndexError> {
    let start = match number.checked_sub(1) {
        None => 0,
        Some(before) => ends.get(before)?,
    };
    let word = heap.slice(start as usize..ends.get(number)? as usize)?;
    Ok(word.split_last().map_or(word, |(_, word)| word))
}

fn first_at_or_after(
    heap: Stored<'_, u8>,
    ends: Stored<'_, u32>,
    text: &[u8],
) -> Result<usize, IndexError> {
    let (mut low, mut high) = (0, ends.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if word(heap, ends, middle)? < text {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn entities(bits: &[u64], range: Range<u32>) -> Vec<EntityId> {
    let mut found = Vec::with_capacity(bits.iter().map(|word| word.count_ones() as usize).sum());
    for (place, word) in (0u32..).zip(bits) {
        let start = range.start.saturating_add(place.saturating_mul(u64::BITS));
        let mut rest = *word;
        while rest != 0 {
            found.push(EntityId(start.saturating_add(rest.trailing_zeros())));
            rest &= rest - 1;
        }
    }
    found.retain(|entity| range.contains(&entity.0));
    found
}

/// Returns what two sorted lists have in common.
fn both(one: &[EntityId], other: &[EntityId]) -> Vec<EntityId> {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let mut rest = long;
    let mut found = Vec::new();
    for entity in short {
        let skipped = rest.partition_point(|each| each < entity);
        rest = rest.get(skipped..).unwrap_or_default();
        if rest.first() == Some(entity) {
            found.push(*entity);
        }
    }
    found
}
