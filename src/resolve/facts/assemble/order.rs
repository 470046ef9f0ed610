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
    let common = common_beginnings(facts.schema.relations.len(), declared, parts);
    let alike = (first_alike(&facts.dates), first_alike(&facts.periods));
    let of_pieces = parts.par_iter().zip(declared).zip(renumberings);
    let of_pieces: Vec<Vec<SortKey>> = of_pieces
        .map(|((part, piece), renumbering)| {
            let own_dates = own_dates(facts, part, renumbering, (&alike.0, &alike.1));
            let records = (0u32..).zip(part.records.iter()).zip(own_dates);
            let keyed = records.filter_map(|((local, record), own)| {
                let relation = record?.relation;
                let common = common.get(relation.index()).map_or(0, |common| common.len());
                let beginning = beginning(piece.id(local), common);
                let relation = u64::from(relation.0);
                Some((relation << 32 | u64::from(own.rank), beginning, part.first_record + local))
            });
            keyed.collect()
        })
        .collect();
    let mut sorted = of_pieces.concat();
    drop(of_pieces);
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
    let of_piece = |(part, piece): (&PieceFacts, &'d DeclaredPiece)| {
        let mut common: Vec<Option<&[u8]>> = vec![None; relations];
        for (local, record) in (0u32..).zip(part.records.iter()) {
            let id = piece.id(local).as_bytes();
            let slot = record.and_then(|record| common.get_mut(record.relation.index()));
            let Some(slot) = slot.filter(|_| !id.is_empty()) else { continue };
            *slot = Some(slot.map_or(id, |known| alike(known, id)));
        }
        common
    };
    let both = |mut ones: Vec<Option<&'d [u8]>>, others: Vec<Option<&'d [u8]>>| {
        for (one, other) in ones.iter_mut().zip(others) {
            *one = match (*one, other) {
                (Some(one), Some(other)) => Some(alike(one, other)),
                (one, other) => one.or(other),
            };
        }
        ones
    };
    let common = parts.par_iter().zip(declared).map(of_piece);
    let common = common.reduce(|| vec![None; relations], both);
    common.into_iter().map(Option::unwrap_or_default).collect()
}

/// Returns what both begin with.
fn alike<'b>(one: &'b [u8], other: &[u8]) -> &'b [u8] {
    let alike = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    one.get(..alike).unwrap_or_default()
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

/// Returns the own date of each record of a piece; `alike` has for each date and period the first that is alike.
fn own_dates(
    facts: &Facts,
    part: &PieceFacts,
    renumbering: &Renumbering,
    alike: (&[u32], &[u32]),
) -> Vec<OwnDate> {
    let mut own = vec![OwnDate::NONE; part.records.len()];
    for field in facts.schema.relations.iter().filter_map(|relation| relation.own_date) {
        let declared = facts.schema.field(field);
        let ranks = time_ranks(declared, renumbering);
        let (alike, times) = match declared.value_type {
            Type::Date => (alike.0, &facts.dates),
            _ => (alike.1, &facts.periods),
        };
        for statement in part.columns.get(field.index()).iter().flat_map(|all| all.iter()) {
            let status = part.status(statement.qualifier);
            let rank = ranks.get(statement.value.0 as usize).filter(|_| status.counts());
            let rank = rank.and_then(|rank| alike.get(*rank as usize));
            if let (Some(own), Some(rank)) = (own.get_mut(statement.entity.index()), rank) {
                own.consider(times, status, *rank);
            }
        }
    }
    own
}

pub(super) fn time_ranks<'r>(field: &Field, renumbering: &'r Renumbering) -> &'r [u32] {
    match field.value_type {
        Type::Date => &renumbering.dates,
        Type::Period => &renumbering.periods,
        _ => &[],
    }
}
