//! The statements of a piece, each value read by its field's type.
//!
//! In: the tree of a piece, and the schema. Out: a [`Unit`]. What other records are is assumed to be right, or
//! looked up where they are known, see `refer.rs`.

use super::cardinality::FieldCounts;
use super::declare::Declared;
use super::evidence::Held;
use super::intern::Interner;
use super::keys::Keys;
use super::packed::{RecordPacking, StatementPacking};
use super::refer::Referring;
use super::schema::Names;
use super::time_table::{TimeTable, WrittenTime};
use super::unit::{DeclaredRecord, PieceFacts, Unit};
use super::unresolved::Unresolved;
use crate::diagnostic::Findings;
use crate::model::{
    Citation, CitationId, CitationList, Qualifier, QualifierId, RelationId, Schema, StringId,
    Strings,
};
use crate::source::{FileId, Span};
use crate::syntax::ast::{Piece, TextRange, Value, ValueKind};
use crate::syntax::decode_string;
use crate::time::Role;
use std::borrow::Cow;

/// What every piece's reading needs.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The schema.
    pub schema: &'a Schema,
    /// The names of the schema, also the faulty ones.
    pub names: &'a Names,
    /// All records, once they are known; until then every name is taken to be right.
    pub declared: Option<&'a Declared<'a>>,
}

/// A piece to be read.
#[derive(Clone, Copy)]
pub struct ToRead<'t> {
    /// Its file.
    pub file: FileId,
    /// The text of the whole file.
    pub text: &'t str,
    /// Its tree.
    pub piece: &'t Piece,
    /// The line at which it starts, counted from 1.
    pub first_line: u32,
    /// The number of its first record among all, where that is known.
    pub first_record: u32,
    /// The last piece before it in its file that has a `cite`.
    pub cited_in: Option<&'t Piece>,
}

/// Reads the statements of a piece.
pub fn read(context: Context<'_>, piece: ToRead<'_>) -> Unit {
    PieceReader::new(context, piece).read()
}

/// How far the lines of a piece are counted.
pub(super) struct CountedLine {
    /// The byte that was asked for last.
    pub(super) asked: u32,
    /// Its line, counted from 1.
    number: u32,
    /// Where that line breaks.
    end: usize,
}

/// Returns where the first line break at or behind a byte stands; without one, where the text ends.
fn break_behind(text: &[u8], from: usize) -> usize {
    let found = text.get(from..).and_then(|rest| memchr::memchr(b'\n', rest));
    found.map_or(text.len().max(from), |at| from + at)
}

/// The reading of one piece.
pub(super) struct PieceReader<'a, 't> {
    pub(super) context: Context<'a>,
    pub(super) placed: ToRead<'t>,
    pub(super) unit: Unit,
    pub(super) part: PieceFacts,
    /// The records that the piece declares, and their identifiers.
    pub(super) declared: Vec<DeclaredRecord>,
    pub(super) ids: Strings,
    pub(super) records: RecordPacking,
    /// By field.
    pub(super) columns: Vec<StatementPacking>,
    /// By record: how many strings there are with those that it has added.
    string_ends: Vec<u32>,
    /// Strings that its facts hold.
    pub(super) strings: Strings,
    /// Texts that are likely to come again.
    pub(super) texts: Strings,
    findings: Findings,
    /// The findings about the record that is being read.
    pub(super) diagnostics: Findings,
    pub(super) names: Unresolved,
    text: &'t str,
    pub(super) dates: Interner<Cow<'t, str>>,
    pub(super) periods: Interner<Cow<'t, str>>,
    /// By number of a date, or a period.
    pub(super) read_dates: Vec<WrittenTime>,
    pub(super) read_periods: Vec<WrittenTime>,
    pub(super) numbers: Interner<&'t str>,
    pub(super) qualifiers: Interner<Qualifier>,
    pub(super) citation_lists: Interner<CitationList>,
    /// An empty list, with the room of one that is not needed any more.
    pub(super) spare_citations: CitationList,
    /// The list that was numbered last.
    last_citation: CitationId,
    pub(super) common_texts: Interner<Cow<'t, str>>,
    /// By common text: its number among the texts of the piece.
    pub(super) common_numbers: Vec<StringId>,
    pub(super) referring: Referring<'t>,
    pub(super) line: CountedLine,
    /// The last relation's name, where it stands, and what it stands for.
    pub(super) relation: Option<(&'t str, TextRange, Option<RelationId>)>,
    pub(super) keys: Keys<'t>,
    pub(super) counts: FieldCounts,
}

impl<'a, 't> PieceReader<'a, 't> {
    fn new(context: Context<'a>, placed: ToRead<'t>) -> PieceReader<'a, 't> {
        let part = PieceFacts {
            file: placed.file.0,
            first_record: placed.first_record,
            ..PieceFacts::default()
        };
        let (declared, ids) = match context.declared {
            None => room_for_records(placed.piece),
            Some(_) => Default::default(),
        };
        PieceReader {
            context,
            placed,
            unit: Unit::default(),
            part,
            declared,
            ids,
            records: RecordPacking::default(),
            columns: vec![StatementPacking::default(); context.schema.fields.len()],
            string_ends: Vec::with_capacity(placed.piece.facts().len()),
            strings: room_for_texts(placed.piece),
            texts: Strings::default(),
            findings: Findings::default(),
            diagnostics: Findings::default(),
            names: Unresolved::default(),
            text: placed.text,
            dates: Interner::default(),
            periods: Interner::default(),
            read_dates: Vec::new(),
            read_periods: Vec::new(),
            numbers: Interner::default(),
            qualifiers: Interner::default(),
            citation_lists: Interner::default(),
            spare_citations: CitationList::new(),
            last_citation: CitationId(0),
            common_texts: Interner::default(),
            common_numbers: Vec::new(),
            // Most records refer to another one at least, and many to the same.
            referring: Referring::with_capacity(placed.piece.facts().len()),
            line: CountedLine {
                asked: placed.piece.at().start,
                number: placed.first_line,
                end: break_behind(placed.text.as_bytes(), placed.piece.at().start as usize),
            },
            relation: None,
            keys: Keys::new(context.schema),
            counts: FieldCounts::default(),
        }
    }

    fn read(mut self) -> Unit {
        let piece = self.placed.piece;
        let mut in_force = self.cited_before();
        let mut cites = piece.cites().iter().peekable();
        for fact in piece.facts() {
            while let Some(cite) = cites.next_if(|cite| cite.at.start < fact.relation().start) {
                let values = piece.cite_values(cite).iter().copied();
                in_force = self.cited(values);
            }
            self.fact(fact, &in_force);
            self.string_ends.push(self.strings.len() as u32);
            self.end_record();
        }
        for cite in cites {
            self.cited(piece.cite_values(cite).iter().copied());
        }
        self.end_record();
        self.part.qualifiers = self.qualifiers.into_items();
        self.part.citations = self.citation_lists.into_items();
        self.referring.finish(&mut self.part);
        self.part.records = self.records.finish();
        self.part.columns = self.columns.into_iter().map(StatementPacking::finish).collect();
        self.part.strings = self.strings.into();
        self.part.string_ends = self.string_ends.into();
        self.part.texts = self.texts.into();
        self.unit.declared.records = self.declared.into();
        self.unit.declared.ids = self.ids.into();
        let placed = |role: Role| {
            let placed = self.part.placed.iter().filter(move |placed| placed.role == role);
            placed.map(|placed| placed.number)
        };
        self.part.dates = TimeTable::new(&self.read_dates, placed(Role::Moment));
        self.part.periods = TimeTable::new(&self.read_periods, placed(Role::Period));
        Unit {
            facts: self.part,
            findings: self.findings.into_vec(),
            unresolved: self.names,
            ..self.unit
        }
    }

    /// Reads what a `cite` puts in force; one that names nothing is faulty, and was reported.
    fn cited(&mut self, values: impl Iterator<Item = Value>) -> Held {
        let held = self.citations(values, &Held::default());
        let is_faulty = held.is_faulty || held.citations.is_empty();
        Held { is_faulty, ..held }
    }

    /// Lets the findings about a record stand.
    fn end_record(&mut self) {
        self.diagnostics.move_to(&mut self.findings);
        self.names.keep();
    }

    /// Returns the sources that a `cite` in an earlier piece of the file has put in force.
    fn cited_before(&mut self) -> Held {
        let Some(earlier) = self.placed.cited_in else { return Held::default() };
        let Some(cite) = earlier.cites().last() else { return Held::default() };
        let held = self.cited(earlier.cite_values(cite).iter().copied());
        // Its own piece tells what is wrong with it.
        self.diagnostics = Findings::default();
        self.names.drop_new();
        held
    }

    pub(super) fn file(&self) -> FileId {
        self.placed.file
    }

    pub(super) fn span(&self, at: TextRange) -> Span {
        at.in_file(self.file())
    }

    pub(super) fn text(&self, at: TextRange) -> &'t str {
        self.text.get(at.start as usize..at.end as usize).unwrap_or("")
    }

    /// Returns what a string means; a faulty one is empty.
    pub(super) fn decoded(&self, value: Value) -> Cow<'t, str> {
        let at = value.at();
        let between = self.text(TextRange::new(at.start + 1, at.end.saturating_sub(1)));
        match value.kind() {
            ValueKind::EscapedText => decode_string(between).0,
            ValueKind::Locator if between.contains(['\\', '\n']) => decode_string(between).0,
            ValueKind::Error => Cow::Borrowed(""),
            _ => Cow::Borrowed(between),
        }
    }

    /// Returns the line of a byte; asked in ascending order, the whole piece is looked through once.
    pub(super) fn line_of(&mut self, offset: u32) -> u32 {
        let text = self.text.as_bytes();
        if offset < self.line.asked {
            let start = self.placed.piece.at().start.min(offset);
            let before = text.get(start as usize..offset as usize).unwrap_or_default();
            let breaks = memchr::memchr_iter(b'\n', before).count() as u32;
            return self.placed.first_line + breaks;
        }
        self.line.asked = offset;
        while self.line.end < offset as usize {
            self.line.number += 1;
            let next = self.line.end + 1;
            self.line.end = break_behind(text, next);
        }
        self.line.number
    }

    /// Remembers that a source was named that does not exist, or may be lost with a fault.
    pub(super) fn lose_source(&mut self) {
        self.counts.note_lost_source();
    }

    pub(super) fn qualifier_id(&mut self, qualifier: &Qualifier) -> QualifierId {
        if *qualifier == Qualifier::default() {
            return QualifierId(0);
        }
        let number = match self.qualifiers.find(qualifier) {
            Ok(number) => number,
            Err(unseen) => self.qualifiers.add(qualifier.clone(), unseen),
        };
        QualifierId(number + 1)
    }

    pub(super) fn citation_id(&mut self, citations: &[Citation]) -> CitationId {
        // Most records rest on what the one before rests on.
        if self.citation_list(self.last_citation) == citations {
            return self.last_citation;
        }
        self.last_citation = match self.citation_lists.find(citations) {
            _ if citations.is_empty() => CitationId(0),
            Ok(number) => CitationId(number + 1),
            Err(unseen) => CitationId(self.citation_lists.add(citations.to_vec(), unseen) + 1),
        };
        self.last_citation
    }

    pub(super) fn citation_list(&self, id: CitationId) -> &[Citation] {
        list_of(&self.citation_lists, id)
    }
}

/// Returns a place for all texts of a piece, so that they need not move as they become more.
fn room_for_texts(piece: &Piece) -> Strings {
    let (count, bytes) = piece.texts().fold((0, 0), |(count, bytes), value| {
        let at = value.at();
        (count + 1, bytes + (at.end - at.start) as usize)
    });
    Strings { heap: String::with_capacity(bytes), ends: Vec::with_capacity(count) }
}

/// The same for what a piece declares, and its identifiers.
fn room_for_records(piece: &Piece) -> (Vec<DeclaredRecord>, Strings) {
    let count = piece.facts().len();
    let bytes = piece.facts().map(|fact| (fact.id().end - fact.id().start) as usize).sum();
    let ids = Strings { heap: String::with_capacity(bytes), ends: Vec::with_capacity(count) };
    (Vec::with_capacity(count), ids)
}

/// Returns a list by its number.
pub(super) fn list_of(lists: &Interner<CitationList>, id: CitationId) -> &[Citation] {
    let place = (id.0 as usize).checked_sub(1);
    place.and_then(|place| lists.items().get(place)).map_or(&[], Vec::as_slice)
}
