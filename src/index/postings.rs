//! Value → records as queries read it.

use super::IndexError;
use super::layout::{KeysEntry, PostingsEntry};
use super::store::Store;
use crate::model::{EntityId, ValueCode};
use std::ops::Range;

/// The postings of a range of codes: for dates, periods and numbers those of a range of values.
#[derive(Clone, Copy, Debug)]
pub struct PostingsBetween<'i> {
    keys: Keys<'i>,
    starts: &'i [u32],
    store: &'i Store,
    entry: &'i PostingsEntry,
}

#[derive(Clone, Copy, Debug)]
enum Keys<'i> {
    From(u32),
    Listed(&'i [u32]),
}

impl<'i> PostingsBetween<'i> {
    /// Returns each code that has records, with how many, and reads none of them.
    pub fn counts(self) -> impl Iterator<Item = (ValueCode, u32)> + use<'i> {
        self.spans().map(|(code, range)| (code, range.end - range.start))
    }

    /// Returns how many records there are in all, one that states several of the codes several times.
    pub fn total(self) -> u32 {
        let last = self.starts.last().copied().unwrap_or(0);
        last.saturating_sub(self.starts.first().copied().unwrap_or(0))
    }

    /// Returns the records of all codes: those of one code sorted, one code after another.
    pub fn run(self) -> Result<&'i [EntityId], IndexError> {
        let start = self.starts.first().copied().unwrap_or(0);
        let end = self.starts.last().copied().unwrap_or(start);
        self.store.lend(self.entry.records).slice(start as usize..end as usize)
    }

    /// Returns each code that has records, with them, sorted.
    pub fn lists(
        self,
    ) -> Result<impl Iterator<Item = (ValueCode, &'i [EntityId])> + use<'i>, IndexError> {
        let run = self.run()?;
        let first = self.starts.first().copied().unwrap_or(0);
        Ok(self.spans().map(move |(code, range)| {
            let start = range.start.saturating_sub(first) as usize;
            let end = range.end.saturating_sub(first) as usize;
            (code, run.get(start..end).unwrap_or_default())
        }))
    }

    fn spans(self) -> impl Iterator<Item = (ValueCode, Range<u32>)> + use<'i> {
        let spans = self.starts.windows(2).zip(0u32..).filter_map(move |(span, place)| {
            let [start, end] = span else { return None };
            let code = match self.keys {
                Keys::From(first) => first.checked_add(place),
                Keys::Listed(keys) => keys.get(place as usize).copied(),
            };
            code.map(|code| (ValueCode(code), *start..*end))
        });
        spans.filter(|(_, range)| range.start < range.end)
    }
}

/// Returns the records of one code.
pub(super) fn of<'i>(
    store: &'i Store,
    entry: &'i PostingsEntry,
    code: ValueCode,
) -> Result<&'i [EntityId], IndexError> {
    store.lend(entry.records).slice(range_of(store, entry, code)?)
}

/// Returns where the records of one code lie among all.
pub(super) fn range_of(
    store: &Store,
    entry: &PostingsEntry,
    code: ValueCode,
) -> Result<Range<usize>, IndexError> {
    let all = entry.records.count as usize;
    let unknown = all.saturating_sub(entry.unknown as usize);
    if code == ValueCode::UNKNOWN {
        return Ok(unknown..all);
    }
    if code == ValueCode::NONE {
        return Ok(unknown.saturating_sub(entry.none as usize)..unknown);
    }
    let starts = store.lend(entry.starts);
    let place = match entry.keys {
        KeysEntry::Dense { first } => match code.0.checked_sub(first) {
            Some(place) if (place as usize) < starts.len().saturating_sub(1) => place as usize,
            _ => return Ok(0..0),
        },
        KeysEntry::Listed(keys) => {
            let keys = store.lend(keys);
            let place = keys.partition_point(|key| *key < code.0)?;
            if place == keys.len() || keys.get(place)? != code.0 {
                return Ok(0..0);
            }
            place
        }
        KeysEntry::Unlisted => return Err(no_postings()),
    };
    match starts.slice(place..place.saturating_add(2))? {
        [start, end] if start <= end => Ok(*start as usize..*end as usize),
        _ => Err(store.damaged("the places of records do not rise")),
    }
}

/// Returns the postings of a range of known codes.
pub(super) fn between<'i>(
    store: &'i Store,
    entry: &'i PostingsEntry,
    codes: Range<u32>,
) -> Result<PostingsBetween<'i>, IndexError> {
    let starts = store.lend(entry.starts);
    let places = starts.len().saturating_sub(1);
    let (keys, range) = match entry.keys {
        KeysEntry::Dense { first } => {
            let place = |code: u32| (code.saturating_sub(first) as usize).min(places);
            let from = place(codes.start);
            (Keys::From(first.saturating_add(from as u32)), from..place(codes.end).max(from))
        }
        KeysEntry::Listed(keys) => {
            let keys = store.lend(keys);
            let from = keys.partition_point(|key| *key < codes.start)?;
            let to = keys.partition_point(|key| *key < codes.end)?.max(from);
            (Keys::Listed(keys.slice(from..to)?), from..to)
        }
        KeysEntry::Unlisted => return Err(no_postings()),
    };
    let starts = match range.is_empty() {
        true => &[],
        false => starts.slice(range.start..range.end.saturating_add(1))?,
    };
    Ok(PostingsBetween { keys, starts, store, entry })
}

fn no_postings() -> IndexError {
    IndexError::Inconsistent { what: "a text was looked for among postings".to_owned() }
}
