//! The index: facts as columns and postings, written once and read in place.
//!
//! In: [`Facts`](crate::model::Facts). Out: a file, and an [`Index`] over it that decodes its catalogue and
//! nothing else. No language is known here, and no query. `docs/index-format.md` describes the bytes.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod build;
mod catalogue;
mod column;
mod complete;
mod error;
mod evidence;
mod facts;
mod file;
mod fold;
mod image;
mod layout;
mod ledger;
mod loaded;
mod names;
mod near;
mod numbers;
mod overview;
mod postings;
mod records;
mod stamp;
mod standing;
mod store;
mod words;

pub use crate::source::content_hash;
pub use build::build;
pub use column::ColumnReader;
pub use complete::Completion;
pub use error::IndexError;
pub use file::{
    Draft, INDEX_NAME, NothingBegun, STAMP_NAME, build_file, folder_under, prepare_folder,
    remove_unfinished, write,
};
pub use fold::Needle;
pub use image::IndexImage;
#[doc(hidden)]
pub use image::reseal;
pub use layout::{FORMAT_VERSION, NumberRow};
pub use ledger::{
    DatedName, LEDGER_NAME, Ledger, LedgerAnchor, LedgerDate, LedgerFile, LedgerFinding,
    LedgerHead, LedgerLabel, LedgerName, LedgerPart, LedgerPlaced, LedgerWriter, NameOfTime,
    NamesInUse, OpenedLedger,
};
pub use loaded::LoadedColumn;
pub use names::{NameEntry, NameKind};
pub use near::{NearName, Nearness};
pub use overview::{
    FieldEntry, MemberEntry, Overview, RelationEntry, RelationPage, UnionEntry, UnionPage, WayBack,
    overview, relation_page, union_page,
};
pub use postings::PostingsBetween;
pub use records::{Index, Origin};
pub use stamp::{Freshness, Stamp, StampedFile};
pub use standing::{Recorded, Standing};
