//! Everything known about one record, ready to be rendered: what `regesta show NAME` prints.

use super::CellValue;
use crate::model::Status;

/// A record's page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordPage {
    /// Its identifier, or `relation@file:line`.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its relation, in the singular.
    pub relation: String,
    /// The file, relative to the project's root.
    pub file: String,
    /// The line of its header, counted from 1.
    pub line: u32,
    /// What stands in parentheses behind its header; sources named there are among `sources`.
    pub qualifiers: Qualifiers,
    /// The fields that are recorded, in the order of the schema.
    pub fields: Vec<RecordField>,
    /// The records that refer to it, by relation and field.
    pub references: Vec<References>,
    /// The sources of the record as a whole.
    pub sources: Vec<CitedSource>,
}

/// One field with its statements.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordField {
    /// Its name.
    pub name: String,
    /// In the order written.
    pub statements: Vec<RecordStatement>,
}

/// One value with all that is said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordStatement {
    /// The value.
    pub value: CellValue,
    /// What stands in parentheses behind it.
    pub qualifiers: Qualifiers,
    /// The line of the value, counted from 1, in the record's file.
    pub line: u32,
}

/// What stands in parentheses behind a value or a header, in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Qualifiers {
    /// How far it is held to be true.
    pub status: Status,
    /// When it held, a [`CellValue::Time`].
    pub period: Option<CellValue>,
    /// The language tag of a string.
    pub language: Option<String>,
    /// Relative dates as written: `4 days before: british-election-1924`.
    pub relatives: Vec<String>,
    /// The editor's note.
    pub note: Option<String>,
    /// The source's own words.
    pub quote: Option<String>,
    /// Its own sources, where it does not go by the record's.
    pub sources: Vec<CitedSource>,
}

/// A source with the place in it.
#[derive(Clone, Debug, PartialEq)]
pub struct CitedSource {
    /// The identifier of the source's record.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Page, section, entry.
    pub locator: Option<String>,
}

/// The records of one relation that refer to the record in one field.
#[derive(Clone, Debug, PartialEq)]
pub struct References {
    /// Their relation, in the plural.
    pub relation: String,
    /// The field.
    pub field: String,
    /// The records, in their relation's order; perhaps not all of them.
    pub records: Vec<Referrer>,
    /// How many there are in all.
    pub total: u64,
}

/// A record that refers to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Referrer {
    /// Its identifier, or `relation@file:line`.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its own date, a [`CellValue::Time`].
    pub date: Option<CellValue>,
    /// How far the reference is held to be true.
    pub status: Status,
}
