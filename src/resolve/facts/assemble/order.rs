//! The order of records: by relation, own date, identifier.

use super::{Places, Renumbering};
use crate::model::{Facts, Field, Type};
use crate::resolve::facts::own_date::{OwnDate, first_alike};
use crate::resolve::facts::unit::{DeclaredPiece, PieceFacts};
use rayon::prelude::*;

/// What records are sorted by: relation and own date, then the identifier's first bytes behind what all of its
/// relation have in common, then what the number in the order of writing leads to.
type SortKey = (u64, u64, u32);

/// Sorts the records by relation, own date, identifier; those without identifier by file and line behind.
pub(super) fn order(
    facts: &Facts,
    declared: &[DeclaredPiece],
    parts: &[PieceFacts],
    renumberings: &[Renumbering],
) -> Places {
    let count: usize = parts.iter().map(|part| part.records.len()).sum();
    let own_dates = own_dates(facts, parts, renumberings);
    let common = common_beginnings(facts.schema.relations.len(), declared, parts);
    let mut sorted: Vec<SortKey> = Vec::with_capacity(count);
    for (part, piece) in parts.iter().zip(declared) {
        for (local, record) in (0u32..).zip(part.records.iter()) {
            let Some(record) = record else { continue };
            let number = part.first_record + local;
            let own = own_dates.get(number as usize).copied().unwrap_or(u32::MAX);
            let common = common.get(record.relation.index()).map_or(0, |common| common.len());
            let beginning = beginning(piece.id(local), common);
            sorted.push((u64::from(record.relation.0) << 32 | u64::from(own), beginning, number));
        }
    }
    drop(own_dates);
    let id_of = |number: u32| {
        let behind = parts.partition_point(|part| part.first_record <= number);
        let place = behind.checked_sub(1)?;
        Some(declared.get(place)?.id(number - parts.get(place)?.first_record))
    };
    sorted.par_sort_unstable_by(|one, other| {
        (one.0, one.1).cmp(&(other.0, other.1)).then_with(|| {
            // Numbers grow in the order of files and lines.
            id_of(one.2).cmp(&id_of(other.2)).then(one.2.cmp(&other.2))
        })
    });
    let written: Vec<u32> = sorted.into_iter().map(|(_, _, number)| number).collect();
    let mut new = vec![u32::MAX; count];
    for (entity, number) in (0u32..).zip(&written) {
        if let Some(slot) = new.get_mut(*number as usize) {
            *slot = entity;
        }
    }
    Places { new, written, first_string: Vec::new(), has_id: Vec::new() }
}

/// Returns what the identifiers of each relation begin with, all of them.
fn common_beginnings<'d>(
    relations: usize,
    declared: &'d [DeclaredPiece],
    parts: &[PieceFacts],
) -> Vec<&'d [u8]> {
    let mut common: Vec<Option<&[u8]>> = vec![None; relations];
    for (part, piece) in parts.iter().zip(declared) {
        for (local, record) in (0u32..).zip(part.records.iter()) {
            let id = piece.id(local).as_bytes();
            let slot = record.and_then(|record| common.get_mut(record.relation.index()));
            let Some(slot) = slot.filter(|_| !id.is_empty()) else { continue };
            let known = slot.unwrap_or(id);
            let alike = known.iter().zip(id).take_while(|(one, other)| one == other).count();
            *slot = known.get(..alike);
        }
    }
    common.into_iter().map(Option::unwrap_or_default).collect()
}

/// Returns the eight bytes of an identifier behind its first `from` as a number that compares as they do; the
/// highest one for no identifier, as which no text can be read.
fn beginning(id: &str, from: usize) -> u64 {
    if id.is_empty() {
        return u64::MAX;
    }
    let mut bytes = [0; 8];
    let behind = id.as_bytes().get(from..).unwrap_or_default();
    bytes.iter_mut().zip(behind).for_each(|(slot, byte)| *slot = *byte);
    u64::from_be_bytes(bytes)
}

/// Returns the rank of each record's own date: of its best statement, among equals the earliest.
fn own_dates(facts: &Facts, parts: &[PieceFacts], renumberings: &[Renumbering]) -> Vec<u32> {
    let mut own = vec![OwnDate::NONE; parts.iter().map(|part| part.records.len()).sum()];
    let (alike_dates, alike_periods) = (first_alike(&facts.dates), first_alike(&facts.periods));
    for (part, renumbering) in parts.iter().zip(renumberings) {
        for relation in &facts.schema.relations {
            let Some(field) = relation.own_date else { continue };
            let declared_field = facts.schema.field(field);
            let ranks = time_ranks(declared_field, renumbering);
            let (first_alike, times) = match declared_field.value_type {
                Type::Date => (&alike_dates, &facts.dates),
                _ => (&alike_periods, &facts.periods),
            };
            for statement in part.columns.get(field.index()).iter().flat_map(|all| all.iter()) {
                let status = part.status(statement.qualifier);
                let rank = ranks.get(statement.value.0 as usize).filter(|_| status.counts());
                let rank = rank.and_then(|rank| first_alike.get(*rank as usize));
                let Some(rank) = rank else { continue };
                let number = part.first_record + statement.entity.0;
                let Some(best) = own.get_mut(number as usize) else { continue };
                best.consider(times, status, *rank);
            }
        }
    }
    own.into_iter().map(|own| own.rank).collect()
}

pub(super) fn time_ranks<'r>(field: &Field, renumbering: &'r Renumbering) -> &'r [u32] {
    match field.value_type {
        Type::Date => &renumbering.dates,
        Type::Period => &renumbering.periods,
        _ => &[],
    }
}
