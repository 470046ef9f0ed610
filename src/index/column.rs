//! One field as queries read it.

use super::IndexError;
use super::layout::{ColumnEntry, KeysEntry};
use super::loaded::LoadedColumn;
use super::numbers::number_at;
use super::postings::PostingsBetween;
use super::standing::{Recorded, Standing};
use super::store::{Store, Stored};
use crate::model::{EntityId, QualifierId, ValueCode};
use std::borrow::Cow;
use std::ops::Range;

/// The column of one field. A position is the place of a statement in it; those of a record are contiguous.
///
/// What is asked for is checked, and nothing more: a look-up in a column of millions touches a few blocks.
/// Whoever reads much of it takes whole slices ([`ColumnReader::values`]) or [`ColumnReader::load`]s it.
#[derive(Clone, Copy, Debug)]
pub struct ColumnReader<'i> {
    store: &'i Store,
    entry: &'i ColumnEntry,
    /// The first record of the relation, and the one after the last.
    first: u32,
    end: u32,
    record_lines: Stored<'i, u32>,
}

impl<'i> ColumnReader<'i> {
    pub(super) fn new(
        store: &'i Store,
        entry: &'i ColumnEntry,
        range: Range<u32>,
        record_lines: Stored<'i, u32>,
    ) -> ColumnReader<'i> {
        ColumnReader { store, entry, first: range.start, end: range.end, record_lines }
    }

    /// Returns how many statements there are.
    pub fn len(self) -> u32 {
        self.entry.values.count as u32
    }

    /// Tells whether there is no statement.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Returns the records of the relation that the field belongs to.
    pub fn records(self) -> Range<u32> {
        self.first..self.end
    }

    /// Returns the positions of a record's statements, in the order written.
    #[inline]
    pub fn statements_of(self, entity: EntityId) -> Result<Range<u32>, IndexError> {
        if entity.0 < self.first || entity.0 >= self.end {
            return Ok(0..0);
        }
        let mut place = entity.0 - self.first;
        if let Some(owners) = self.entry.owners {
            let owners = self.store.lend(owners);
            let found = owners.partition_point(|owner| *owner < entity)?;
            if found == owners.len() || owners.get(found)? != entity {
                return Ok(0..0);
            }
            place = found as u32;
        }
        let Some(offsets) = self.entry.offsets else {
            return Ok(place..place + 1);
        };
        let place = place as usize;
        match self.store.lend(offsets).slice(place..place.saturating_add(2))? {
            [start, end] if start <= end && *end <= self.len() => Ok(*start..*end),
            _ => Err(self.store.damaged("a column's offsets do not rise")),
        }
    }

    /// Returns a record's values, whatever their standing, in the order written.
    #[inline]
    pub fn values_of(self, entity: EntityId) -> Result<&'i [ValueCode], IndexError> {
        let positions = self.statements_of(entity)?;
        self.lend_values().slice(positions.start as usize..positions.end as usize)
    }

    /// Returns the value of a statement.
    #[inline]
    pub fn value(self, position: u32) -> Result<ValueCode, IndexError> {
        self.lend_values().get(position as usize)
    }

    /// Returns whose a statement is.
    pub fn entity_of(self, position: u32) -> Result<EntityId, IndexError> {
        if position >= self.len() {
            return Err(self.store.damaged("a position lies beyond its column"));
        }
        let place = match self.entry.offsets {
            None => position as usize,
            // The last one that starts at or before the position; those before it that start there are empty.
            Some(offsets) => {
                let after = self.store.lend(offsets).partition_point(|start| *start <= position)?;
                after.saturating_sub(1)
            }
        };
        match self.entry.owners {
            None => Ok(EntityId(self.first.saturating_add(place as u32))),
            Some(owners) => self.store.lend(owners).get(place),
        }
    }

    /// Returns the line of a statement, counted from 1.
    pub fn line(self, position: u32) -> Result<u32, IndexError> {
        let header = self.record_lines.get(self.entity_of(position)?.index())?;
        Ok(header.wrapping_add(number_at(self.store, &self.entry.lines, position)?))
    }

    /// Returns what stands in parentheses behind a statement.
    pub fn qualifier(self, position: u32) -> Result<QualifierId, IndexError> {
        number_at(self.store, &self.entry.qualifiers, position).map(QualifierId)
    }

    /// Tells whether some statement has a qualifier.
    pub fn has_qualifiers(self) -> bool {
        !matches!(self.entry.qualifiers, super::layout::Numbers::Constant(0))
    }

    /// Returns how far a statement holds.
    #[inline]
    pub fn standing(self, position: u32) -> Result<Standing, IndexError> {
        let Some(standings) = self.entry.standings else { return Ok(Standing::Certain) };
        let code = self.store.lend(standings).get(position as usize)?;
        Standing::of_code(code).ok_or_else(|| self.store.damaged("a standing is unknown"))
    }

    /// Tells whether some statement does not plainly hold.
    #[inline]
    pub fn has_standings(self) -> bool {
        self.entry.standings.is_some()
    }

    /// Tells whether every record of the relation has a statement that counts.
    pub fn is_total(self) -> bool {
        self.entry.is_total
    }

    /// Returns the records that have a statement that counts, neither rejected nor denied.
    pub fn recorded(self) -> Result<Recorded<'i>, IndexError> {
        if self.entry.is_total {
            return Ok(Recorded::All(self.first..self.end));
        }
        if let (Some(owners), None) = (self.entry.owners, self.entry.standings) {
            return Ok(Recorded::Some(Cow::Borrowed(self.store.lend(owners).all()?)));
        }
        let loaded = self.load()?;
        let mut entities = Vec::new();
        for entity in loaded.owners() {
            // A hidden statement stands as `Never`, too, but beside one that holds.
            let mut standings = loaded.statements_of(entity).map(|place| loaded.standing(place));
            if standings.any(|standing| matches!(standing, Standing::Certain | Standing::Possible))
            {
                entities.push(entity);
            }
        }
        Ok(Recorded::Some(Cow::Owned(entities)))
    }

    /// Returns the values of all statements, whatever their standing.
    pub fn values(self) -> Result<&'i [ValueCode], IndexError> {
        self.lend_values().all()
    }

    /// Returns where the statements of each record start, and a last end; nothing where every record has exactly
    /// one, or where so few have any that they are listed instead.
    pub fn offsets(self) -> Result<Option<&'i [u32]>, IndexError> {
        match (self.entry.owners, self.entry.offsets) {
            (None, Some(offsets)) => self.store.lend(offsets).all().map(Some),
            _ => Ok(None),
        }
    }

    /// Returns the records that state `code`, sorted, whatever the standing of the statement.
    ///
    /// Free text (`text`, `url`) has postings of `unknown` and `none` only; asking for another is an error.
    pub fn postings(self, code: ValueCode) -> Result<&'i [EntityId], IndexError> {
        super::postings::of(self.store, &self.entry.postings, code)
    }

    /// Returns how many records state `code`, without reading them.
    pub fn posting_count(self, code: ValueCode) -> Result<u32, IndexError> {
        super::postings::range_of(self.store, &self.entry.postings, code)
            .map(|range| range.len() as u32)
    }

    /// Returns the postings of the known codes from `codes.start` up to, not including, `codes.end`.
    pub fn postings_between(self, codes: Range<u32>) -> Result<PostingsBetween<'i>, IndexError> {
        super::postings::between(self.store, &self.entry.postings, codes)
    }

    /// Returns the distinct codes, sorted, with `none` and `unknown` where they occur.
    pub fn keys(self) -> Result<Vec<ValueCode>, IndexError> {
        let known = self.postings_between(0..ValueCode::LAST.0.saturating_add(1))?;
        let mut keys: Vec<ValueCode> = known.counts().map(|(code, _)| code).collect();
        let entry = &self.entry.postings;
        let special = [(entry.none, ValueCode::NONE), (entry.unknown, ValueCode::UNKNOWN)];
        keys.extend(special.iter().filter(|(count, _)| *count > 0).map(|(_, code)| *code));
        Ok(keys)
    }

    /// Tells whether values have postings: all but free text.
    pub fn has_postings(self) -> bool {
        !matches!(self.entry.postings.keys, KeysEntry::Unlisted)
    }

    /// Checks all that scans and joins touch, so that they need not ask again.
    pub fn load(self) -> Result<LoadedColumn<'i>, IndexError> {
        let owners = self.entry.owners.map(|owners| self.store.lend(owners).all()).transpose()?;
        let offsets =
            self.entry.offsets.map(|offsets| self.store.lend(offsets).all()).transpose()?;
        let standings = self.entry.standings.map(|all| self.store.lend(all).all()).transpose()?;
        let values = self.values()?;
        Ok(LoadedColumn { first: self.first, end: self.end, owners, offsets, standings, values })
    }

    fn lend_values(self) -> Stored<'i, ValueCode> {
        self.store.lend(self.entry.values)
    }
}
