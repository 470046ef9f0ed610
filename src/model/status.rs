//! How far a statement is held to be true.

use serde::{Deserialize, Serialize};

/// A statement's standing among its editors.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[repr(u8)]
pub enum Status {
    /// Holds.
    #[default]
    Accepted,
    /// Holds, and hides disputed ones of a single-valued field.
    Preferred,
    /// Holds; concluded by the editor, in no source.
    Inferred,
    /// Claimed and contested: possible.
    Disputed,
    /// Somebody's error, kept as evidence: never holds and says nothing about the world.
    Rejected,
    /// A source says that it was not so: never holds, and makes the negation certain.
    Denied,
}

impl Status {
    /// Every status that can be written, with its word.
    pub const WORDS: [(&'static str, Status); 5] = [
        ("preferred", Status::Preferred),
        ("inferred", Status::Inferred),
        ("disputed", Status::Disputed),
        ("rejected", Status::Rejected),
        ("denied", Status::Denied),
    ];

    /// Every status in the order of its code.
    pub const ALL: [Status; 6] = [
        Status::Accepted,
        Status::Preferred,
        Status::Inferred,
        Status::Disputed,
        Status::Rejected,
        Status::Denied,
    ];

    /// Finds the status that a word names.
    pub fn named(word: &str) -> Option<Status> {
        Status::WORDS.iter().find(|(known, _)| *known == word).map(|(_, status)| *status)
    }

    /// Returns the word, `accepted` for what bears none.
    pub fn word(self) -> &'static str {
        let written = Status::WORDS.iter().find(|(_, status)| *status == self);
        written.map_or("accepted", |(word, _)| word)
    }

    /// Returns how much the statement weighs beside others; less is better.
    pub fn weight(self) -> u8 {
        match self {
            Status::Preferred => 0,
            Status::Accepted | Status::Inferred => 1,
            Status::Disputed => 2,
            Status::Rejected | Status::Denied => 3,
        }
    }

    /// Tells whether the statement counts for its field's cardinality.
    pub fn counts(self) -> bool {
        !matches!(self, Status::Rejected | Status::Denied)
    }
}
