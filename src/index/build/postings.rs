//! Value → records of one column.

use super::super::IndexError;
use super::super::image::{Sink, Writer};
use super::super::layout::{KeysEntry, PostingsEntry};
use super::survey::Survey;
use crate::model::{EntityId, StatementColumn, ValueCode};
use rayon::prelude::*;

/// The postings of one column, not yet laid down.
pub(super) struct Postings {
    keys: Keys,
    starts: Vec<u32>,
    records: Vec<EntityId>,
    none: u32,
    unknown: u32,
}

enum Keys {
    Dense { first: u32 },
    Listed(Vec<u32>),
    Unlisted,
}

/// Makes the postings of a column; of free text only those of `none` and `unknown`.
pub(super) fn make(statements: &StatementColumn, survey: &Survey) -> Postings {
    let mut postings = match survey.codes {
        None => Postings {
            keys: if survey.is_free_text { Keys::Unlisted } else { Keys::Listed(Vec::new()) },
            starts: vec![0],
            records: Vec::new(),
            none: 0,
            unknown: 0,
        },
        Some((least, greatest)) => {
            let span = (greatest - least) as usize + 1;
            if span / 4 <= statements.len() + 256 {
                by_counting(statements, least, span)
            } else {
                by_sorting(statements)
            }
        }
    };
    if survey.has_special {
        postings.none = add_special(&mut postings.records, statements, ValueCode::NONE);
        postings.unknown = add_special(&mut postings.records, statements, ValueCode::UNKNOWN);
    }
    postings
}

/// Lays postings down.
pub(super) fn write<S: Sink>(
    out: &mut Writer<S>,
    postings: &Postings,
) -> Result<PostingsEntry, IndexError> {
    let keys = match &postings.keys {
        Keys::Dense { first } => KeysEntry::Dense { first: *first },
        Keys::Listed(keys) => KeysEntry::Listed(out.section(keys)?),
        Keys::Unlisted => KeysEntry::Unlisted,
    };
    Ok(PostingsEntry {
        keys,
        starts: out.section(&postings.starts)?,
        records: out.section(&postings.records)?,
        none: postings.none,
        unknown: postings.unknown,
    })
}

/// Statements are in order of records, so that counting keeps the records of each code in order.
fn by_counting(statements: &StatementColumn, least: u32, span: usize) -> Postings {
    let mut ends = vec![0u32; span + 1];
    for value in statements.values().iter().filter(|value| value.is_known()) {
        if let Some(count) = ends.get_mut((value.0 - least) as usize + 1) {
            *count += 1;
        }
    }
    let distinct = ends.iter().filter(|count| **count > 0).count();
    let mut total = 0;
    for count in &mut ends {
        total += *count;
        *count = total;
    }
    // From here on `ends[k]` is where the next record of code k goes, and at last where its records end.
    let mut records = vec![EntityId(0); total as usize];
    statements.for_each_value(|entity, value| {
        let next = value.is_known().then(|| ends.get_mut((value.0 - least) as usize));
        if let Some(next) = next.flatten()
            && let Some(slot) = records.get_mut(*next as usize)
        {
            *slot = entity;
            *next += 1;
        }
    });
    ends.truncate(span);
    let is_dense = span <= distinct * 2 + 16;
    let mut starts = Vec::with_capacity(if is_dense { span } else { distinct } + 1);
    let mut keys = Vec::with_capacity(if is_dense { 0 } else { distinct });
    let mut kept = 0;
    let mut from = 0;
    for (code, end) in (least..).zip(ends) {
        let start = kept;
        if end > from || is_dense {
            starts.push(start as u32);
        }
        if end > from && !is_dense {
            keys.push(code);
        }
        // A record may state the same value twice, for two periods.
        for place in from as usize..end as usize {
            let entity = records.get(place).copied().unwrap_or(EntityId(0));
            if kept == start || records.get(kept - 1) != Some(&entity) {
                if let Some(slot) = records.get_mut(kept) {
                    *slot = entity;
                }
                kept += 1;
            }
        }
        from = end;
    }
    starts.push(kept as u32);
    records.truncate(kept);
    let keys = if is_dense { Keys::Dense { first: least } } else { Keys::Listed(keys) };
    Postings { keys, starts, records, none: 0, unknown: 0 }
}

fn by_sorting(statements: &StatementColumn) -> Postings {
    let mut pairs: Vec<u64> = Vec::with_capacity(statements.len());
    statements.for_each_value(|entity, value| {
        if value.is_known() {
            pairs.push(u64::from(value.0) << 32 | u64::from(entity.0));
        }
    });
    pairs.par_sort_unstable();
    pairs.dedup();
    let mut keys: Vec<u32> = Vec::new();
    let mut starts = Vec::new();
    for (place, pair) in (0..).zip(&pairs) {
        let code = (pair >> 32) as u32;
        if keys.last() != Some(&code) {
            keys.push(code);
            starts.push(place);
        }
    }
    starts.push(pairs.len() as u32);
    let records = pairs.iter().map(|pair| EntityId(*pair as u32)).collect();
    Postings { keys: Keys::Listed(keys), starts, records, none: 0, unknown: 0 }
}

fn add_special(records: &mut Vec<EntityId>, statements: &StatementColumn, code: ValueCode) -> u32 {
    let before = records.len();
    statements.for_each_value(|entity, value| {
        if value == code && (records.len() == before || records.last() != Some(&entity)) {
            records.push(entity);
        }
    });
    (records.len() - before) as u32
}
