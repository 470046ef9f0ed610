//! How an index lies in its file: the header, the catalogue's entries, typed places of sections.
//!
//! `docs/index-format.md` says the same as a grammar; whoever changes a type here changes that page and
//! [`FORMAT_VERSION`].

use crate::model::{DefinitionRecord, EntityId, FaultCounts, FileRecord, Schema, ValueCode};
use crate::time::PackedDate;
use bytemuck::{Pod, Zeroable};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// The first bytes of every index.
pub(super) const MAGIC: [u8; 8] = *b"\x93REGESTA";

/// The format that this version writes.
pub const FORMAT_VERSION: u32 = 2;

/// The oldest format that this version reads: its checksums cover blocks of 64 KiB.
pub const OLDEST_FORMAT: u32 = 1;

/// How many bytes one checksum covers: a page, since what is looked up lies here and there.
pub(super) const BLOCK_BYTES: u64 = 4 * 1024;

/// How many checksums one checksum of checksums covers.
pub(super) const SUMS_IN_GROUP: u64 = 1024;

/// Every section starts at a multiple of this.
pub(super) const ALIGNMENT: u64 = 64;

/// The code that stands for "none" in columns of 32-bit numbers.
pub(super) const NO_NUMBER: u32 = u32::MAX;

/// The first 64 bytes.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Header {
    pub magic: [u8; 8],
    pub version: u32,
    pub block_bytes: u32,
    /// Of the whole file.
    pub length: u64,
    /// Where the checksums of the blocks start, and the blocks end.
    pub sums_start: u64,
    /// Where the catalogue starts, and the checksums end.
    pub catalogue_start: u64,
    /// The catalogue ends the file.
    pub catalogue_bytes: u64,
    pub catalogue_sum: u32,
    pub reserved: [u32; 2],
    /// Of the bytes before.
    pub header_sum: u32,
}

/// How many bytes the header takes.
pub(super) const HEADER_BYTES: usize = size_of::<Header>();

impl Header {
    /// Returns the checksum of all but the last field.
    pub(super) fn sum(&self) -> u32 {
        let bytes = bytemuck::bytes_of(self);
        crc32fast::hash(bytes.get(..HEADER_BYTES - size_of::<u32>()).unwrap_or_default())
    }
}

/// Where the elements of one section lie.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct Section<T> {
    /// The first byte, counted from the start of the file.
    pub offset: u64,
    /// How many elements.
    pub count: u64,
    /// The size of one, so that a reader with another idea of it refuses.
    pub width: u32,
    #[serde(skip)]
    element: PhantomData<fn() -> T>,
}

impl<T> Section<T> {
    pub(super) fn new(offset: u64, count: u64) -> Section<T> {
        Section { offset, count, width: size_of::<T>() as u32, element: PhantomData }
    }
}

impl<T> Clone for Section<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Section<T> {}

impl<T> Default for Section<T> {
    fn default() -> Self {
        Section::new(0, 0)
    }
}

/// A column of 32-bit numbers in the narrowest form that holds them.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Numbers {
    /// All alike.
    Constant(u32),
    Bytes(Section<u8>),
    Halves(Section<u16>),
    Words(Section<u32>),
    /// 0 but at these positions (sorted).
    Sparse {
        positions: Section<u32>,
        values: Section<u32>,
    },
}

/// All that is decoded when an index is opened.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Catalogue {
    pub schema: Schema,
    pub files: Vec<StoredFile>,
    pub definitions: Vec<DefinitionRecord>,
    pub faults: FaultCounts,
    /// By relation: the number of the record after its last.
    pub relation_ends: Vec<u32>,
    pub strings: StringsEntry,
    pub dates: TimesEntry,
    pub periods: TimesEntry,
    pub numbers: Section<NumberRow>,
    pub records: RecordsEntry,
    /// By field.
    pub columns: Vec<ColumnEntry>,
    pub identifiers: DictionaryEntry,
    pub names: DictionaryEntry,
    pub evidence: EvidenceEntry,
    /// By group of [`SUMS_IN_GROUP`] blocks: the checksum of their checksums.
    pub group_sums: Vec<u32>,
}

/// A source file, as the catalogue holds it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredFile {
    pub path: String,
    pub bytes: u64,
    pub hash: u64,
}

impl From<&FileRecord> for StoredFile {
    fn from(file: &FileRecord) -> StoredFile {
        StoredFile { path: file.path.clone(), bytes: file.bytes, hash: file.hash }
    }
}

impl From<StoredFile> for FileRecord {
    fn from(file: StoredFile) -> FileRecord {
        FileRecord { path: file.path, bytes: file.bytes, hash: file.hash }
    }
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct StringsEntry {
    pub heap: Section<u8>,
    pub ends: Section<u32>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct TimesEntry {
    /// By rank.
    pub bounds: Section<PackedDate>,
    /// By rank: the text as written.
    pub texts: Section<u32>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct RecordsEntry {
    pub ids: Section<u32>,
    pub names: Section<u32>,
    pub files: Numbers,
    pub lines: Section<u32>,
    pub citations: Numbers,
    pub qualifiers: Numbers,
    /// What identifiers look like, see `fold::shape`.
    pub shapes: Section<u32>,
}

/// The statements of one field.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ColumnEntry {
    /// The records that have statements, where they are few; else every record of the relation is counted.
    pub owners: Option<Section<EntityId>>,
    /// Where the statements of each owner (or record) start, and a last end; left out where each has exactly one.
    pub offsets: Option<Section<u32>>,
    pub values: Section<ValueCode>,
    /// In lines after the record's header.
    pub lines: Numbers,
    pub qualifiers: Numbers,
    /// Left out where every statement plainly holds.
    pub standings: Option<Section<u8>>,
    /// Every record of the relation has a statement that counts.
    pub is_total: bool,
    pub postings: PostingsEntry,
    pub words: Option<WordsEntry>,
    /// What names look like, by statement.
    pub shapes: Option<Section<u32>>,
}

/// Value → records.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct PostingsEntry {
    pub keys: KeysEntry,
    /// By key: where its records start in `records`, and a last end.
    pub starts: Section<u32>,
    /// Those of all keys, then those with `none`, then those with `unknown`.
    pub records: Section<EntityId>,
    pub none: u32,
    pub unknown: u32,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum KeysEntry {
    /// Every code from this one on has a place in `starts`, be it empty.
    Dense { first: u32 },
    /// The codes that have records, sorted.
    Listed(Section<u32>),
    /// Free text: only `none` and `unknown` have records.
    Unlisted,
}

/// Folded words → records.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct WordsEntry {
    /// The distinct words, sorted, each followed by a line break.
    pub heap: Section<u8>,
    /// By word: the byte after its line break.
    pub ends: Section<u32>,
    /// By word: where its records start in `records`, and a last end. Nothing where it has a bitmap.
    pub starts: Section<u32>,
    pub records: Section<EntityId>,
    /// The words that have a bitmap, sorted.
    pub frequent: Section<u32>,
    /// By frequent word: a bit for each record of the relation.
    pub bitmaps: Section<u64>,
}

/// Folded labels → records, by hash.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct DictionaryEntry {
    /// The highest bits of a hash give the bucket.
    pub bucket_bits: u32,
    /// By bucket: where it starts, and a last end.
    pub starts: Section<u32>,
    /// The lowest eight bits of each hash.
    pub tags: Section<u8>,
    pub entities: Section<EntityId>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct EvidenceEntry {
    pub qualifiers: Section<QualifierRow>,
    pub relatives: Section<RelativeRow>,
    /// By list: where its citations end.
    pub citation_ends: Section<u32>,
    pub citations: Section<CitationRow>,
}

/// A number or quantity.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct NumberRow {
    /// The least value that it may have.
    pub least: f64,
    /// The greatest value that it may have.
    pub greatest: f64,
    pub(super) unit_code: u32,
    pub(super) text_code: u32,
}

/// A qualifier; [`NO_NUMBER`] stands for what is not there.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub(super) struct QualifierRow {
    pub status: u32,
    pub period: u32,
    pub citation: u32,
    pub note: u32,
    pub quote: u32,
    pub language: u32,
    /// Where its relative dates end; they start where those of the row before end.
    pub relatives_end: u32,
}

#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub(super) struct RelativeRow {
    pub kind: u32,
    pub count: u32,
    /// [`NO_NUMBER`] where there is no distance.
    pub unit: u32,
    pub anchor: u32,
}

#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub(super) struct CitationRow {
    pub source: u32,
    pub locator: u32,
}
