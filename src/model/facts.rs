//! All facts of a base, resolved: what the index is built from.

use super::{
    CitationId, EntityId, FieldId, KnownWords, Number, QualifierId, RelationId, Schema,
    StatementColumn, Status, StringId, TimeRank, ValueCode,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Strings one after another, each with its number.
#[derive(Clone, Debug, Default)]
pub struct Strings {
    /// All of them.
    pub heap: String,
    /// Where each string ends in `heap`; it starts where the one before ends.
    pub ends: Vec<u32>,
}

impl Strings {
    /// Adds a string, however often it was added before.
    pub fn add(&mut self, text: &str) -> StringId {
        self.heap.push_str(text);
        self.ends.push(self.heap.len() as u32);
        StringId(self.ends.len() as u32 - 1)
    }

    /// Returns a string; an unknown number gives an empty one.
    pub fn get(&self, id: StringId) -> &str {
        self.stretch(id.0..id.0.saturating_add(1))
    }

    /// Returns where a string starts in the heap.
    pub fn start(&self, string: u32) -> u32 {
        match string.checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before as usize).copied().unwrap_or(0),
        }
    }

    /// Returns several strings that follow one another; unknown numbers give an empty text.
    pub fn stretch(&self, strings: Range<u32>) -> &str {
        let Some(last) = strings.end.checked_sub(1).filter(|last| *last >= strings.start) else {
            return "";
        };
        let end = self.ends.get(last as usize).copied().unwrap_or(0) as usize;
        self.heap.get(self.start(strings.start) as usize..end).unwrap_or("")
    }

    /// Gives back what growing has reserved too much.
    pub fn shrink(&mut self) {
        self.heap.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Returns how many strings there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// A date or a period with its text as written.
#[derive(Clone, Debug)]
pub struct DatedText {
    /// The bounds of all alternatives together.
    pub bounds: crate::time::PackedDate,
    /// The text as written.
    pub text: StringId,
}

/// One record. Its number is its place in [`Facts::records`].
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// The relation.
    pub relation: RelationId,
    /// The identifier; none for a record that nothing can refer to.
    pub id: Option<StringId>,
    /// The name in the header.
    pub name: Option<StringId>,
    /// The file, by its place in [`Facts::files`].
    pub file: u32,
    /// The line of the header, counted from 1.
    pub line: u32,
    /// The sources of the record as a whole.
    pub citation: CitationId,
    /// What stands in parentheses behind the header.
    pub qualifier: QualifierId,
}

/// One value of a field of a record.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct Statement {
    /// Whose.
    pub entity: EntityId,
    /// What.
    pub value: ValueCode,
    /// How many lines the value stands below its record's header.
    pub line: u32,
    /// What stands in parentheses behind it.
    pub qualifier: QualifierId,
}

/// Gives the statements of each field.
///
/// They are put in order when they are asked for, and not kept: all at once would take more memory than anything
/// else of a base.
pub trait Columns: fmt::Debug + Send + Sync {
    /// Returns all statements of a field, by record, those of one record in the order written.
    fn statements(&self, field: FieldId) -> StatementColumn;

    /// Tells whether some statement of a field may have a qualifier, where that is known without looking at them all.
    fn may_be_qualified(&self, _field: FieldId) -> bool {
        true
    }

    /// Returns the folded words of the statements of a text field, as an index has them; nothing where none are known.
    fn words(&self, _field: FieldId) -> Option<KnownWords> {
        None
    }
}

/// By [`FieldId`], all of them held.
impl Columns for Vec<Vec<Statement>> {
    fn statements(&self, field: FieldId) -> StatementColumn {
        self.get(field.index()).into_iter().flatten().copied().collect()
    }
}

/// How another record places a statement in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RelativeKind {
    /// Later than the other's own date.
    After,
    /// Earlier than the other's own date.
    Before,
}

/// A relative date: `4 days before: british-election-1924`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Relative {
    /// On which side.
    pub kind: RelativeKind,
    /// By how much; none for plain `before` and `after`.
    pub distance: Option<RelativeDistance>,
    /// The record whose own date counts.
    pub anchor: EntityId,
}

/// A unit in which the calendar counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CalendarUnit {
    /// A day.
    Day,
    /// Seven days.
    Week,
    /// A month of the calendar.
    Month,
    /// Twelve months.
    Year,
}

/// A distance in calendar units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RelativeDistance {
    /// How many.
    pub count: u32,
    /// Of which unit.
    pub unit: CalendarUnit,
}

/// What may stand in parentheses behind a value, a line or a header.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Qualifier {
    /// How far it is held to be true.
    pub status: Status,
    /// When it held, a rank among the periods.
    pub period: Option<TimeRank>,
    /// Its own sources, in place of the record's.
    pub citation: Option<CitationId>,
    /// The editor's note.
    pub note: Option<StringId>,
    /// The source's own words.
    pub quote: Option<StringId>,
    /// The language tag of a string.
    pub language: Option<StringId>,
    /// Relative dates.
    pub relatives: Vec<Relative>,
}

impl Qualifier {
    /// Tells whether it says how others place a date, and is that of a statement that counts.
    pub fn is_placing(&self) -> bool {
        !self.relatives.is_empty() && self.status.counts()
    }
}

/// One source with the place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Citation {
    /// A record of the relation `source`.
    pub source: EntityId,
    /// Page, section, entry.
    pub locator: Option<StringId>,
}

/// The sources of a statement or a record.
pub type CitationList = Vec<Citation>;

/// A file that facts come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRecord {
    /// The path relative to the project's root.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// A hash of its content.
    pub hash: u64,
}

/// A rule, check, expectation or saved query, kept as text: what it means is settled where it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefinitionRecord {
    /// The word it begins with: `rule`, `check`, `expect` or `query`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// All of it as written.
    pub text: String,
    /// The file, by its place in [`Facts::files`].
    pub file: u32,
    /// The line of its head, counted from 1.
    pub line: u32,
}

/// How many findings there were in a base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultCounts {
    /// Errors.
    pub errors: u32,
    /// Warnings.
    pub warnings: u32,
}

/// All facts of a base.
///
/// Invariants: records are sorted by relation, then own date (earliest start, latest start, earliest end,
/// latest end; unknown last), then identifier; dates, periods and numbers are distinct and sorted, so that a
/// rank compares as its value does, qualifiers and citations by their content; columns are sorted by record. Of
/// strings come first the texts of dates, periods and numbers with their units, then places in sources and tags of
/// languages, distinct and sorted, then those of each record, its identifier before what else it has.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Relations, fields, unions.
    pub schema: Schema,
    /// All strings.
    pub strings: Strings,
    /// The distinct dates (values of `date` fields), in order.
    pub dates: Vec<DatedText>,
    /// The distinct periods, in order.
    pub periods: Vec<DatedText>,
    /// The distinct numbers, by unit, least, greatest.
    pub numbers: Vec<Number>,
    /// By [`EntityId`].
    pub records: Vec<Record>,
    /// The statements of each field; none where there are no statements.
    pub columns: Option<Arc<dyn Columns>>,
    /// By [`QualifierId`]; number 0 is nothing.
    pub qualifiers: Vec<Qualifier>,
    /// By [`CitationId`]; number 0 is none.
    pub citations: Vec<CitationList>,
    /// Where facts come from.
    pub files: Vec<FileRecord>,
    /// Rules, checks, expectations and saved queries, in the order of files.
    pub definitions: Vec<DefinitionRecord>,
    /// What was found wrong with them; faulty statements are left out.
    pub faults: FaultCounts,
}

impl Facts {
    /// Returns the records of a relation.
    pub fn records_of(&self, relation: RelationId) -> Range<u32> {
        let start = self.records.partition_point(|record| record.relation < relation);
        let end = self.records.partition_point(|record| record.relation <= relation);
        start as u32..end as u32
    }

    /// Returns the line of a statement's value, counted from 1, in the record's file.
    pub fn line_of(&self, statement: &Statement) -> u32 {
        let header = self.records.get(statement.entity.index()).map_or(0, |record| record.line);
        header.wrapping_add(statement.line)
    }

    /// Makes the column of a field: whoever needs it more than once keeps it.
    pub fn column(&self, field: FieldId) -> StatementColumn {
        let columns = self.columns.as_ref();
        columns.map_or_else(StatementColumn::default, |columns| columns.statements(field))
    }

    /// Returns the folded words of the statements of a text field, where some are known.
    pub fn known_words(&self, field: FieldId) -> Option<KnownWords> {
        self.columns.as_ref()?.words(field)
    }

    /// Tells whether some statement of a field may have a qualifier; that costs next to nothing.
    pub fn may_be_qualified(&self, field: FieldId) -> bool {
        self.columns.as_ref().is_some_and(|columns| columns.may_be_qualified(field))
    }
}
