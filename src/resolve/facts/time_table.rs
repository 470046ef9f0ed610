//! The distinct dates of a piece, or its periods.
//!
//! While the piece is read, each has its bounds. Afterwards only the text is held, which is short and can be read again:
//! most dates stand in many pieces, and are needed once.

use crate::model::{StringId, Strings};
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
    texts: Vec<StringId>,
    /// By number, while the piece is read.
    bounds: Vec<PackedDate>,
    /// Those that other records place: they mean what these make of them.
    placed: BTreeMap<u32, PackedDate>,
}

impl TimeTable {
    /// Adds one; it gets the next number.
    pub fn push(&mut self, time: WrittenTime) {
        self.texts.push(time.text);
        self.bounds.push(time.bounds);
    }

    /// Returns one, while the piece is read.
    pub fn get(&self, number: usize) -> Option<WrittenTime> {
        Some(WrittenTime { text: *self.texts.get(number)?, bounds: *self.bounds.get(number)? })
    }

    /// Ends the reading: only the bounds of those in `placed` are kept.
    pub fn keep(&mut self, placed: impl Iterator<Item = u32>) {
        let bounds = std::mem::take(&mut self.bounds);
        let kept = placed.filter_map(|number| Some((number, *bounds.get(number as usize)?)));
        self.placed = kept.collect();
        self.texts.shrink_to_fit();
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
    pub fn value(&self, number: u32, texts: &Strings, role: Role) -> Option<Value> {
        let placed = self.placed(number).and_then(|packed| Value::from_packed(&packed));
        let text = *self.texts.get(number as usize)?;
        placed.or_else(|| Value::read(texts.get(text), role, &Settings::DEFAULT).ok())
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }
}
