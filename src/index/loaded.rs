//! A column for scans and joins: checked once, read without asking again.

use super::standing::Standing;
use crate::model::{EntityId, ValueCode};
use std::ops::Range;

/// A column of which values, offsets and standings are checked: reading them cannot fail any more.
#[derive(Clone, Copy, Debug)]
pub struct LoadedColumn<'i> {
    pub(super) first: u32,
    pub(super) end: u32,
    pub(super) owners: Option<&'i [EntityId]>,
    pub(super) offsets: Option<&'i [u32]>,
    pub(super) standings: Option<&'i [u8]>,
    pub(super) values: &'i [ValueCode],
}

impl<'i> LoadedColumn<'i> {
    /// Returns the positions of a record's statements, in the order written.
    #[inline]
    pub fn statements_of(&self, entity: EntityId) -> Range<u32> {
        if entity.0 < self.first || entity.0 >= self.end {
            return 0..0;
        }
        let place = match self.owners {
            None => (entity.0 - self.first) as usize,
            Some(owners) => match owners.binary_search(&entity) {
                Ok(place) => place,
                Err(_) => return 0..0,
            },
        };
        self.at(place)
    }

    /// Returns a record's values, whatever their standing, in the order written.
    #[inline]
    pub fn values_of(&self, entity: EntityId) -> &'i [ValueCode] {
        let positions = self.statements_of(entity);
        self.values.get(positions.start as usize..positions.end as usize).unwrap_or_default()
    }

    /// Returns the value of a statement; a position beyond the column gives `unknown`.
    #[inline]
    pub fn value(&self, position: u32) -> ValueCode {
        self.values.get(position as usize).copied().unwrap_or(ValueCode::UNKNOWN)
    }

    /// Returns the values of all statements.
    pub fn values(&self) -> &'i [ValueCode] {
        self.values
    }

    /// Returns how far a statement holds.
    #[inline]
    pub fn standing(&self, position: u32) -> Standing {
        let Some(standings) = self.standings else { return Standing::Certain };
        let code = standings.get(position as usize).copied();
        code.and_then(Standing::of_code).unwrap_or(Standing::Never)
    }

    /// Tells whether some statement does not plainly hold.
    pub fn has_standings(&self) -> bool {
        self.standings.is_some()
    }

    /// Returns the records that have statements, sorted.
    pub fn owners(&self) -> impl Iterator<Item = EntityId> + use<'i> {
        self.groups().map(|(entity, _)| entity)
    }

    /// Returns the records that have statements with the positions of these, sorted.
    pub fn groups(&self) -> impl Iterator<Item = (EntityId, Range<u32>)> + use<'i> {
        let column = *self;
        let groups = self.places().map(move |place| column.group(place));
        groups.filter(|(_, positions)| !positions.is_empty())
    }

    /// Returns the records of the column, if each of them has exactly one statement.
    pub(super) fn of_each_record(&self) -> Option<Range<u32>> {
        let is_plain = self.owners.is_none() && self.offsets.is_none();
        let records = self.first..self.end;
        (is_plain && records.len() == self.values.len()).then_some(records)
    }

    /// Returns the places at which records stand, with statements or without.
    pub(super) fn places(&self) -> Range<usize> {
        match self.owners {
            None => 0..(self.end - self.first) as usize,
            Some(owners) => 0..owners.len(),
        }
    }

    /// Returns the record at a place with the positions of its statements.
    #[inline]
    pub(super) fn group(&self, place: usize) -> (EntityId, Range<u32>) {
        let entity = match self.owners {
            None => EntityId(self.first + place as u32),
            Some(owners) => owners.get(place).copied().unwrap_or(EntityId(self.first)),
        };
        (entity, self.at(place))
    }

    #[inline]
    fn at(&self, place: usize) -> Range<u32> {
        let Some(offsets) = self.offsets else {
            return if place < self.values.len() { place as u32..place as u32 + 1 } else { 0..0 };
        };
        match offsets.get(place..place.saturating_add(2)) {
            Some([start, end]) if start <= end && *end as usize <= self.values.len() => {
                *start..*end
            }
            _ => 0..0,
        }
    }
}
