//! What one piece of a file says, with names and numbers of its own: the same whatever the other files say.
//!
//! Which records its names mean is settled afterwards, in `refer.rs`.

use super::packed::{PackedRecords, PackedStatements, PieceStrings, Together};
use super::time_table::TimeTable;
use super::unresolved::Unresolved;
use crate::diagnostic::Diagnostic;
use crate::model::{
    CitationList, FieldId, FieldRole, Qualifier, QualifierId, Relation, RelationId, Relative,
    SOURCE_RELATION, Schema, Status, StringId,
};
use crate::source::Span;
use crate::syntax::ast::TextRange;
use crate::time::Role;
use std::ops::Range;

/// A piece that was read.
#[derive(Debug, Default)]
pub struct Unit {
    /// The records that it declares.
    pub declared: DeclaredPiece,
    /// What it says of them.
    pub facts: PieceFacts,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
    /// Names of fields and words that do not exist.
    pub unresolved: Unresolved,
}

/// A record that a piece declares; its identifier is told by its number.
#[derive(Clone, Copy, Debug)]
pub struct DeclaredRecord {
    /// The hash of the identifier; 0 for none.
    pub hash: u64,
    /// Where the identifier stands, in bytes.
    pub start: u32,
    /// The number of the relation; the highest one where that is unknown.
    relation: u32,
}

impl DeclaredRecord {
    /// A record whose identifier, which has a hash, begins at `start`.
    pub fn new(relation: Option<RelationId>, start: u32, hash: u64) -> DeclaredRecord {
        let relation = relation.map_or(u32::MAX, |relation| relation.0);
        DeclaredRecord { hash, start, relation }
    }

    /// Returns the relation; none where that is unknown, so that whoever refers to the record is not blamed.
    pub fn relation(&self) -> Option<RelationId> {
        (self.relation != u32::MAX).then_some(RelationId(self.relation))
    }
}

/// The records that a piece declares, in the order written.
#[derive(Debug, Default)]
pub struct DeclaredPiece {
    /// By number.
    pub records: Together<DeclaredRecord>,
    /// By number: the identifier; empty for a record without one.
    pub ids: PieceStrings,
    /// The numbers of those whose identifier is a name of the schema or of the language, ascending.
    pub clashing: Vec<u32>,
    /// Words that begin items and are no relation: the first place of each, and how many there are.
    pub unknown: Vec<(String, TextRange, usize)>,
}

impl DeclaredPiece {
    /// Returns the identifier of a record; empty if it has none.
    pub fn id(&self, number: u32) -> &str {
        self.ids.get(StringId(number))
    }

    /// Returns the hash of the identifier of a record; 0 if it has none.
    pub fn hash(&self, number: u32) -> u64 {
        self.records.get(number as usize).map_or(0, |record| record.hash)
    }

    /// Returns where the identifier of a record stands.
    pub fn place(&self, number: u32) -> TextRange {
        let start = self.records.get(number as usize).map_or(0, |record| record.start);
        TextRange::new(start, start + self.id(number).len() as u32)
    }
}

/// Where a name stands, which says what it may mean: the number of the field of which it is a value, or one of two that
/// no field has. The ledger holds it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Wanted(pub u32);

impl Wanted {
    /// A source.
    pub const SOURCE: Wanted = Wanted(u32::MAX);
    /// A record with a date of its own, by which another is placed.
    pub const ANCHOR: Wanted = Wanted(u32::MAX - 1);

    /// A value of a field.
    pub fn value_of(field: FieldId) -> Wanted {
        Wanted(field.0)
    }

    /// Tells whether a record of a relation may stand there.
    pub fn allows(self, schema: &Schema, relation: RelationId) -> bool {
        match self {
            Wanted::SOURCE => relation == SOURCE_RELATION,
            Wanted::ANCHOR => schema.relation(relation).own_date.is_some(),
            Wanted(field) => {
                let targets = schema.field(FieldId(field)).value_type.targets();
                targets.binary_search(&relation).is_ok()
            }
        }
    }
}

/// The distinct names of other records, each with what it is wanted for.
#[derive(Debug, Default)]
pub struct References {
    /// By number: the identifier.
    pub ids: PieceStrings,
    /// By number: what it is wanted for.
    pub wanted: Together<Wanted>,
}

/// A number or quantity as it is written.
#[derive(Clone, Copy, Debug)]
pub struct WrittenNumber {
    /// The text, among the texts of the piece.
    pub text: StringId,
    /// The unit, among the texts of the piece.
    pub unit: Option<StringId>,
    /// The least value that it may have.
    pub least: f64,
    /// The greatest value that it may have.
    pub greatest: f64,
}

/// A date that other records place: its own place in the piece's table, so that narrowing it changes no other.
#[derive(Clone, Debug)]
pub struct PlacedTime {
    /// What it is taken for, which says in which table it is.
    pub role: Role,
    /// Its number in that table.
    pub number: u32,
    /// It may not be so, and then places no other.
    pub is_disputed: bool,
    /// How it is placed, and where that is written.
    pub relatives: Vec<(Relative, Span)>,
}

/// A record of a piece; its identifier is among the declared ones.
#[derive(Clone, Copy, Debug)]
pub struct WrittenRecord {
    /// The relation.
    pub relation: RelationId,
    /// The name in the header, among the strings of the piece.
    pub name: Option<StringId>,
    /// The line of the header, counted from 1.
    pub line: u32,
    /// The sources of the record as a whole.
    pub citation: u32,
    /// What stands in parentheses behind the header.
    pub qualifier: u32,
}

/// The facts of one piece. Records, references, times, numbers, strings, qualifiers and citations have numbers of
/// the piece's own; where a model type holds an entity, it is a record of the piece for whose statement it is, and
/// a reference for what it names.
#[derive(Debug, Default)]
pub struct PieceFacts {
    /// The piece's file.
    pub file: u32,
    /// The number that the piece's first record has among all.
    pub first_record: u32,
    /// One a record; none for a faulty one.
    pub records: PackedRecords,
    /// By field.
    pub columns: Vec<PackedStatements>,
    /// Strings that facts hold.
    pub strings: PieceStrings,
    /// By record: how many strings there are with those that it has added.
    pub string_ends: Together<u32>,
    /// Texts that are likely to come again: of dates, periods and numbers, places in sources, tags of languages. The
    /// last two stand here once.
    pub texts: PieceStrings,
    /// Distinct dates.
    pub dates: TimeTable,
    /// Distinct periods.
    pub periods: TimeTable,
    /// Dates and periods that other records place.
    pub placed: Vec<PlacedTime>,
    /// Distinct numbers.
    pub numbers: Vec<WrittenNumber>,
    /// Distinct qualifiers but the empty one; number 1 is the first.
    pub qualifiers: Vec<Qualifier>,
    /// Distinct lists of sources but the empty one; number 1 is the first.
    pub citations: Vec<CitationList>,
    /// What references are taken for, until they are linked.
    pub references: References,
    /// By reference: the number that its record has among all, once they are linked.
    pub linked: Together<u32>,
}

impl PieceFacts {
    /// Tells whether some name is given with the time of its use.
    pub fn has_dated_names(&self, schema: &Schema) -> bool {
        // Most pieces have no parentheses at all.
        !self.qualifiers.is_empty()
            && schema.fields.iter().zip(&self.columns).any(|(field, statements)| {
                matches!(field.role, FieldRole::Name | FieldRole::Also)
                    && statements.iter().any(|each| self.is_dated(each.qualifier))
            })
    }

    fn is_dated(&self, qualifier: QualifierId) -> bool {
        self.qualifier(qualifier).is_some_and(|qualifier| qualifier.period.is_some())
    }

    /// Returns a qualifier; none for the empty one.
    pub fn qualifier(&self, id: QualifierId) -> Option<&Qualifier> {
        self.qualifiers.get(id.index().checked_sub(1)?)
    }

    /// Returns the status that a qualifier gives.
    pub fn status(&self, qualifier: QualifierId) -> Status {
        self.qualifier(qualifier).map_or(Status::Accepted, |qualifier| qualifier.status)
    }

    /// Returns the line of each record's header, counted from 1; 0 for a faulty record.
    pub fn header_lines(&self) -> Vec<u32> {
        self.records.iter().map(|record| record.map_or(0, |record| record.line)).collect()
    }

    /// Returns which strings a record has added.
    pub fn strings_of(&self, record: u32) -> Range<u32> {
        let end = |record: u32| self.string_ends.get(record as usize).copied().unwrap_or(0);
        record.checked_sub(1).map_or(0, end)..end(record)
    }

    /// Returns the record that has added a string.
    pub fn record_of_string(&self, id: StringId) -> u32 {
        self.string_ends.partition_point(|end| *end <= id.0) as u32
    }

    /// Returns the number that a reference's record has among all.
    pub fn link(&self, reference: u32) -> Option<u32> {
        self.linked.get(reference as usize).copied()
    }

    /// Returns the dates or the periods.
    pub fn times(&self, role: Role) -> &TimeTable {
        match role {
            Role::Moment => &self.dates,
            Role::Period => &self.periods,
        }
    }

    /// Gives back all but the statements and what their numbers are looked up by.
    pub fn keep_columns(&mut self) {
        self.records = PackedRecords::default();
        self.texts = PieceStrings::default();
        self.dates = TimeTable::default();
        self.periods = TimeTable::default();
        self.numbers = Vec::new();
        self.qualifiers = Vec::new();
        self.citations = Vec::new();
    }
}

/// Has what pieces say held together: what is let go at the same time in one piece of memory.
pub fn hold_together(units: &mut [Unit]) {
    let (mut declared, mut ids) = (Vec::new(), Vec::new());
    let (mut names, mut wanted) = (Vec::new(), Vec::new());
    let (mut strings, mut string_ends, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut dates, mut periods) = (Vec::new(), Vec::new());
    let (mut records, mut statements) = (Vec::new(), Vec::new());
    for unit in units {
        let facts = &mut unit.facts;
        declared.push(&mut unit.declared.records);
        ids.push(&mut unit.declared.ids);
        names.push(&mut facts.references.ids);
        wanted.push(&mut facts.references.wanted);
        strings.push(&mut facts.strings);
        string_ends.push(&mut facts.string_ends);
        texts.push(&mut facts.texts);
        dates.push(facts.dates.texts_mut());
        periods.push(facts.periods.texts_mut());
        records.push(facts.records.bytes_mut());
        statements.extend(facts.columns.iter_mut().map(PackedStatements::bytes_mut));
    }
    rayon::scope(|scope| {
        scope.spawn(|_| Together::hold(statements));
        scope.spawn(|_| PieceStrings::hold(strings));
        scope.spawn(|_| Together::hold(declared));
        scope.spawn(|_| PieceStrings::hold(ids));
        scope.spawn(|_| PieceStrings::hold(names));
        scope.spawn(|_| PieceStrings::hold(texts));
        scope.spawn(|_| Together::hold(records));
        scope.spawn(|_| {
            Together::hold(wanted);
            Together::hold(string_ends);
            Together::hold(dates);
            Together::hold(periods);
        });
    });
}

/// Returns where a record's own date or period stands.
pub fn own_date(schema: &Schema, relation: &Relation) -> Option<(FieldId, Role)> {
    let field = relation.own_date?;
    let role = match schema.field(field).value_type {
        crate::model::Type::Date => Role::Moment,
        _ => Role::Period,
    };
    Some((field, role))
}
