//! The order of records: by relation, own date, identifier.

use super::{Places, Renumbering};
use crate::model::{Facts, Field, Type};
use crate::resolve::facts::own_date::{OwnDate, first_alike};
use crate::resolve::facts::unit::{DeclaredPiece, PieceFacts, WrittenRecord};
use bytemuck::{Zeroable, zeroed_vec};
use rayon::prelude::*;

/// What the records of a relation are sorted by: the own date, then the identifier's first bytes behind what all of its
/// relation have in common; and the number in the order of writing. One number of all three is compared at once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Zeroable)]
#[repr(transparent)]
struct SortKey(u128);

impl SortKey {
    fn new(own_date: u32, beginning: u64, number: u32) -> SortKey {
        SortKey(u128::from(own_date) << 96 | u128::from(beginning) << 32 | u128::from(number))
    }

    fn number(self) -> u32 {
        self.0 as u32
    }

    /// Tells whether the whole identifiers have to be looked at.
    fn is_like(self, other: SortKey) -> bool {
        self.0 >> 32 == other.0 >> 32
    }
}

/// Sorts the records by relation, own date, identifier; those without identifier by file and line behind.
pub(super) fn order(
    facts: &Facts,
    declared: &[DeclaredPiece],
    parts: &[PieceFacts],
    renumberings: &[Renumbering],
) -> Places {
    let relations = facts.schema.relations.len();
    let survey = |(part, piece)| Survey::of(part, piece, relations);
    let surveys: Vec<Survey<'_>> = parts.par_iter().zip(declared).map(survey).collect();
    let common = common_beginnings(relations, &surveys);
    let mut sorted: Vec<Vec<SortKey>> = (0..relations)
        .map(|relation| zeroed_vec(surveys.iter().map(|each| each.count(relation)).sum()))
        .collect();
    let alike = (first_alike(&facts.dates), first_alike(&facts.periods));
    let keys = keys_of_pieces(&mut sorted, &surveys).into_par_iter();
    keys.zip(parts).zip(declared).zip(renumberings).for_each(
        |(((mut keys, part), piece), renumbering)| {
            let own_dates = own_dates(facts, part, renumbering, (&alike.0, &alike.1));
            let records = (0u32..).zip(part.records.iter()).zip(own_dates);
            for ((local, record), own) in records {
                let Some(WrittenRecord { relation, .. }) = record else { continue };
                let common = common.get(relation.index()).map_or(0, |common| common.len());
                let beginning = beginning(piece.id(local), common);
                let key = SortKey::new(own.rank, beginning, part.first_record + local);
                let keys = keys.get_mut(relation.index());
                if let Some(slot) = keys.and_then(|keys| keys.split_off_first_mut()) {
                    *slot = key;
                }
            }
        },
    );
    let id_of = |number: u32| {
        let behind = parts.partition_point(|part| part.first_record <= number);
        let place = behind.checked_sub(1)?;
        Some(declared.get(place)?.id(number - parts.get(place)?.first_record))
    };
    sorted.par_iter_mut().for_each(|keys| {
        keys.par_sort_unstable();
        let alike = keys.chunk_by_mut(|one, other| one.is_like(*other));
        for keys in alike.filter(|keys| keys.len() > 1) {
            // Numbers grow in the order of files and lines.
            keys.par_sort_unstable_by_key(|key| (id_of(key.number()), key.number()));
        }
    });
    let numbers = || sorted.iter().flatten().map(|key| key.number());
    let (new, written) = rayon::join(
        || {
            let mut new = vec![u32::MAX; parts.iter().map(|part| part.records.len()).sum()];
            for (entity, number) in (0u32..).zip(numbers()) {
                if let Some(slot) = new.get_mut(number as usize) {
                    *slot = entity;
                }
            }
            new
        },
        || {
            let mut written = Vec::with_capacity(sorted.iter().map(Vec::len).sum());
            written.extend(numbers());
            written
        },
    );
    Places { new, written, first_string: Vec::new(), has_id: Vec::new() }
}

/// What the records of a piece have, by relation.
struct Survey<'d> {
    /// How many there are.
    counts: Vec<usize>,
    /// What the identifiers begin with, all of them; nothing where there is none.
    common: Vec<Option<&'d [u8]>>,
}

impl<'d> Survey<'d> {
    fn of(part: &PieceFacts, piece: &'d DeclaredPiece, relations: usize) -> Survey<'d> {
        let mut survey = Survey { counts: vec![0; relations], common: vec![None; relations] };
        for (local, record) in (0u32..).zip(part.records.iter()) {
            let Some(WrittenRecord { relation, .. }) = record else { continue };
            survey.counts.get_mut(relation.index()).into_iter().for_each(|count| *count += 1);
            let id = piece.id(local).as_bytes();
            let slot = survey.common.get_mut(relation.index()).filter(|_| !id.is_empty());
            if let Some(slot) = slot {
                *slot = Some(slot.map_or(id, |known| alike(known, id)));
            }
        }
        survey
    }

    fn count(&self, relation: usize) -> usize {
        self.counts.get(relation).copied().unwrap_or(0)
    }
}

/// Returns what the identifiers of each relation begin with, all of them.
fn common_beginnings<'d>(relations: usize, surveys: &[Survey<'d>]) -> Vec<&'d [u8]> {
    let of_relation = |relation: usize| {
        let of_pieces = surveys.iter().filter_map(|survey| *survey.common.get(relation)?);
        of_pieces.reduce(alike).unwrap_or_default()
    };
    (0..relations).map(of_relation).collect()
}

/// Cuts the keys of each relation into those of each piece: by piece, then by relation.
fn keys_of_pieces<'k>(
    sorted: &'k mut [Vec<SortKey>],
    surveys: &[Survey<'_>],
) -> Vec<Vec<&'k mut [SortKey]>> {
    let mut rest: Vec<&mut [SortKey]> = sorted.iter_mut().map(Vec::as_mut_slice).collect();
    let of_piece = |survey: &Survey<'_>| {
        let cut = |(keys, count): (&mut &'k mut [SortKey], &usize)| {
            keys.split_off_mut(..*count).unwrap_or_default()
        };
        rest.iter_mut().zip(&survey.counts).map(cut).collect()
    };
    surveys.iter().map(of_piece).collect()
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
    let behind = id.as_bytes().get(from..).unwrap_or_default();
    let bytes = behind.first_chunk().copied().unwrap_or_else(|| {
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(behind).for_each(|(slot, byte)| *slot = *byte);
        bytes
    });
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
