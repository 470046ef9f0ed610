//! The distinct dates of a piece, or its periods.
//!
//! While the piece is read, each has its bounds. Afterwards only the text is held, which is short and can be read again:
//! most dates stand in many pieces, and are needed once.

use super::packed::{PieceStrings, Together};
use crate::model::StringId;
use crate::time::{PackedDate, Role, Settings, Value};
use std::collections::BTreeMap;

/// A date or a period as it is written.
#[derive(Clone, Copy, Debug)]
pub struct WrittenTime {
    /// The text, among the texts of the piece.
    pub text: StringId,
    /// What it means.
    pub bounds: PackedDate,
}

/// Distinct dates or periods, numbered as they come.
#[derive(Debug, Default)]
pub struct TimeTable {
    texts: Together<StringId>,
    /// Those that other records place: they mean what these make of them.
    placed: BTreeMap<u32, PackedDate>,
}

impl TimeTable {
    /// The table of those that were read, in the order of their numbers; of those in `placed` the bounds are kept.
    pub fn new(read: &[WrittenTime], placed: impl Iterator<Item = u32>) -> TimeTable {
        let kept = placed.filter_map(|number| Some((number, read.get(number as usize)?.bounds)));
        let texts: Vec<StringId> = read.iter().map(|time| time.text).collect();
        TimeTable { texts: texts.into(), placed: kept.collect() }
    }

    /// Says what a placed one means now.
    pub fn narrow(&mut self, number: u32, bounds: PackedDate) {
        self.placed.insert(number, bounds);
    }

    /// Returns the texts by number.
    pub fn texts(&self) -> &[StringId] {
        &self.texts
    }

    /// Returns what one means that other records place.
    pub fn placed(&self, number: u32) -> Option<PackedDate> {
        self.placed.get(&number).copied()
    }

    /// Returns what one means; `texts` are those of the piece.
    pub fn value(&self, number: u32, texts: &PieceStrings, role: Role) -> Option<Value> {
        let placed = self.placed(number).and_then(|packed| Value::from_packed(&packed));
        let text = *self.texts.get(number as usize)?;
        placed.or_else(|| Value::read(texts.get(text), role, &Settings::DEFAULT).ok())
    }

    /// Returns the texts, to be held together with others.
    pub fn texts_mut(&mut self) -> &mut Together<StringId> {
        &mut self.texts
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }
}
