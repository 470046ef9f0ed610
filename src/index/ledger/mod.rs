//! The ledger: what the last check found file by file, so that the next one need not read what has not changed.
//!
//! In: for each file its findings, the identifiers that it declares and the names that it refers to. Out: the same,
//! each part compared with its checksum before it is lent. What is damaged is told as such and never believed.
//! `docs/index-format.md` describes the bytes.

mod names;
mod read;
mod write;

pub use names::{DatedName, NameOfTime, NamesInUse};
pub use read::{Ledger, OpenedLedger};
pub use write::LedgerWriter;

use crate::model::{RelativeDistance, RelativeKind};
use bytemuck::{Pod, Zeroable};
use serde::{Deserialize, Serialize};

/// The name of the ledger in its folder.
pub const LEDGER_NAME: &str = "checked";

const MAGIC: [u8; 8] = *b"\x93REGCHKD";

/// The form of the ledger that this version writes and reads.
const LEDGER_VERSION: u32 = 3;

/// The first bytes.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Start {
    magic: [u8; 8],
    version: u32,
    head_sum: u32,
    head_offset: u64,
    head_bytes: u64,
    reserved: u32,
    /// Of the bytes before.
    sum: u32,
}

impl Start {
    fn sum(&self) -> u32 {
        let bytes = bytemuck::bytes_of(self);
        crc32fast::hash(bytes.get(..size_of::<Start>() - size_of::<u32>()).unwrap_or_default())
    }
}

/// What is known of the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerHead {
    /// The version of the program: another may find other faults in the same text.
    pub program: String,
    /// What tells the schema from others.
    pub schema: u64,
    /// When the files were looked for, in nanoseconds since 1970: before any was read.
    pub begun: u64,
    /// Some file has a definition: then the facts are asked at each check.
    pub defines: bool,
    /// The names that are given with the time of their use, which are looked for in the texts of all files.
    pub names: NamesInUse,
    /// The records by which dates are placed, but those whose own date is placed itself.
    pub anchors: Vec<LedgerAnchor>,
    /// By file, in the order of paths.
    pub files: Vec<LedgerFile>,
}

/// A date or period as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerDate {
    /// Its text.
    pub text: String,
    /// It is a period.
    pub is_period: bool,
    /// It may not be so, and then places no other.
    pub is_disputed: bool,
}

/// A date that other records place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPlaced {
    /// The number of its field.
    pub field: u32,
    /// Its line.
    pub line: u32,
    /// What is written.
    pub date: LedgerDate,
    /// The hash of the identifier of the record of which it is the own date; 0 if it is of none, or of one without.
    pub own_of: u64,
    /// How it is placed, and by which records: the hashes of their identifiers. Nothing for one that is not placed.
    pub by: Vec<(RelativeKind, Option<RelativeDistance>, u64)>,
}

/// A record by which dates are placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerAnchor {
    /// The hash of its identifier.
    pub id: u64,
    /// Its own date, if it has one.
    pub date: Option<LedgerDate>,
}

/// What is known of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerFile {
    /// The path relative to the project's root.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub modified: u64,
    /// The hash of its content.
    pub hash: u64,
    /// How many records it declares.
    pub records: u32,
    /// It declares something by which all facts are read.
    pub declares: bool,
    /// The hashes of the names in it that are given somewhere with the time of their use, or in which such a one stands;
    /// each with and without a time apart.
    pub names: Vec<u64>,
    /// What was noted about names in its texts.
    pub remarks: Vec<LedgerFinding>,
    /// Its dates that other records place, and those that could be placed and are not, such as one of several in braces.
    pub placed: Vec<LedgerPlaced>,
    /// What is wrong with it.
    pub findings: Vec<LedgerFinding>,
    /// Names of fields and words in it that do not exist.
    pub unknown: Vec<LedgerName>,
    /// The hashes of its identifiers, with the relation of each.
    pub identifiers: LedgerPart,
    /// The hashes of the names that it refers to, with what each is wanted for.
    pub references: LedgerPart,
    /// The hashes of its values that no other record may have, with the field of each.
    pub unique: LedgerPart,
    /// The links in it that must not lead back to where they begin: the hashes of both records, one behind the other, each
    /// with the field.
    pub links: LedgerPart,
}

/// A finding in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerFinding {
    /// The number of its code.
    pub code: String,
    /// 0 error, 1 warning, 2 note.
    pub severity: u8,
    /// What is said.
    pub message: String,
    /// What is said where; the first is where the finding stands.
    pub labels: Vec<LedgerLabel>,
    /// What to do.
    pub help: Vec<String>,
    /// The rules behind it.
    pub notes: Vec<String>,
    /// How many more it stands for.
    pub more: u64,
}

/// What a finding says in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLabel {
    /// The path of the file, if it is not the finding's own.
    pub path: Option<String>,
    /// The first byte.
    pub start: u32,
    /// The one behind the last.
    pub end: u32,
    /// What is said.
    pub text: String,
}

/// A name of a field or a word that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerName {
    /// It is a field, and of the relation `owner`; else a word of the field `owner`.
    pub is_field: bool,
    /// The number of the relation or field.
    pub owner: u32,
    /// What is written.
    pub name: String,
    /// The first places where it stands.
    pub first: Vec<(u32, u32)>,
    /// In how many places it stands.
    pub count: u64,
}

/// Where hashes and a number for each lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPart {
    offset: u64,
    count: u64,
    sum: u32,
}
