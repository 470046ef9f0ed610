//! The second pass: the statements of a piece, each value read by its field's type.

use super::Placed;
use super::cardinality::FieldCounts;
use super::declare::Declared;
use super::evidence::Held;
use super::intern::Interner;
use super::literal::ParsedNumber;
use super::schema::Names;
use super::unresolved::Unresolved;
use super::values::Codes;
use super::{cardinality, evidence};
use crate::diagnostic::{Diagnostic, Findings, code, shown};
use crate::model::{
    CitationId, CitationList, EntityId, FieldId, FieldRole, Qualifier, QualifierId, Record,
    RelationId, Relative, SOURCE_RELATION, Schema, Statement, Status, Strings, Type, ValueCode,
};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::{FactView, LineView, RowShape, TextRange, Value, ValueKind, ValueView};
use crate::syntax::decode_string;
use crate::time::{PackedDate, Role};
use rayon::prelude::*;
use std::borrow::Cow;

/// What every piece's reading needs.
pub struct Context<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// The schema.
    pub schema: &'a Schema,
    /// The names of the schema, also the faulty ones.
    pub names: &'a Names,
    /// All records.
    pub declared: &'a Declared<'a>,
    /// All pieces.
    pub pieces: &'a [Placed<'a>],
}

impl<'a> Context<'a> {
    /// Returns the fact that has a number in the order of writing.
    pub fn fact(&self, number: u32) -> Option<FactView<'a>> {
        fact_of(self.pieces, number).map(|(_, fact)| fact)
    }
}

/// Finds the fact that has a number in the order of writing, and its piece.
pub(super) fn fact_of<'a>(
    pieces: &'a [Placed<'a>],
    number: u32,
) -> Option<(&'a Placed<'a>, FactView<'a>)> {
    let behind = pieces.partition_point(|placed| placed.first_record <= number);
    let placed = pieces.get(behind.checked_sub(1)?)?;
    let fact = placed.piece.fact(number - placed.first_record)?;
    Some((placed, fact))
}

/// A number with its text, as distinct ones are told apart.
#[derive(Clone, Debug)]
pub struct NumberText<'t> {
    /// The text as written.
    pub text: &'t str,
    /// What it means.
    pub number: ParsedNumber<'t>,
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

/// The facts of one piece. Times, numbers, strings, qualifiers and citations have numbers of the piece's own;
/// records are numbered as they are written.
#[derive(Debug, Default)]
pub struct PieceFacts<'t> {
    /// The piece's first record among all.
    pub first_record: u32,
    /// One a record; none for a faulty one.
    pub records: Vec<Option<Record>>,
    /// By field.
    pub columns: Vec<Vec<Statement>>,
    /// Strings.
    pub strings: Strings,
    /// Distinct dates.
    pub dates: Vec<(Cow<'t, str>, PackedDate)>,
    /// Distinct periods.
    pub periods: Vec<(Cow<'t, str>, PackedDate)>,
    /// Dates and periods that other records place.
    pub placed: Vec<PlacedTime>,
    /// Distinct numbers.
    pub numbers: Vec<NumberText<'t>>,
    /// Distinct qualifiers but the empty one; number 1 is the first.
    pub qualifiers: Vec<Qualifier>,
    /// Distinct lists of sources but the empty one; number 1 is the first.
    pub citations: Vec<CitationList>,
}

impl PieceFacts<'_> {
    /// Returns the status that a qualifier gives.
    pub fn status(&self, qualifier: QualifierId) -> Status {
        let place = qualifier.index().checked_sub(1);
        let qualifier = place.and_then(|place| self.qualifiers.get(place));
        qualifier.map_or(Status::Accepted, |qualifier| qualifier.status)
    }
}

/// Reads the statements of every piece.
pub fn read<'t>(context: &Context<'t>) -> Vec<(PieceFacts<'t>, Vec<Diagnostic>, Unresolved)> {
    context.pieces.par_iter().map(|placed| PieceReader::new(context, placed).read()).collect()
}

/// The reading of one piece.
pub(super) struct PieceReader<'a, 't> {
    pub(super) context: &'a Context<'t>,
    pub(super) placed: &'a Placed<'t>,
    pub(super) part: PieceFacts<'t>,
    findings: Findings,
    /// The findings about the record that is being read.
    pub(super) diagnostics: Findings,
    pub(super) names: Unresolved,
    text: &'t str,
    pub(super) dates: Interner<Cow<'t, str>>,
    pub(super) periods: Interner<Cow<'t, str>>,
    pub(super) numbers: Interner<&'t str>,
    pub(super) qualifiers: Interner<Qualifier>,
    pub(super) citation_lists: Interner<CitationList>,
    line: (u32, u32),
    pub(super) counts: FieldCounts,
}

/// A record while it is read.
pub(super) struct Reading<'q> {
    pub(super) number: u32,
    pub(super) relation: RelationId,
    /// What stands behind the header.
    pub(super) header: &'q Qualifier,
    /// The sources that hold for its statements.
    pub(super) sources: &'q Held,
    /// It is left out, but its faults are told.
    pub(super) is_faulty: bool,
    /// It is a row of a table.
    pub(super) is_row: bool,
}

impl<'a, 't> PieceReader<'a, 't> {
    fn new(context: &'a Context<'t>, placed: &'a Placed<'t>) -> PieceReader<'a, 't> {
        let text = context.sources.file(placed.file.file).text();
        let columns = vec![Vec::new(); context.schema.fields.len()];
        let part =
            PieceFacts { first_record: placed.first_record, columns, ..PieceFacts::default() };
        PieceReader {
            context,
            placed,
            part,
            findings: Findings::default(),
            diagnostics: Findings::default(),
            names: Unresolved::default(),
            text,
            dates: Interner::default(),
            periods: Interner::default(),
            numbers: Interner::default(),
            qualifiers: Interner::default(),
            citation_lists: Interner::default(),
            line: (placed.piece.at().start, placed.first_line),
            counts: FieldCounts::default(),
        }
    }

    fn read(mut self) -> (PieceFacts<'t>, Vec<Diagnostic>, Unresolved) {
        let piece = self.placed.piece;
        let mut in_force = self.cited_before();
        let mut cites = piece.cites().iter().peekable();
        for fact in piece.facts() {
            while let Some(cite) = cites.next_if(|cite| cite.at.start < fact.relation().start) {
                let values = piece.cite_values(cite).iter().copied();
                in_force = self.cited(values);
            }
            self.fact(fact, &in_force);
            self.end_record();
        }
        for cite in cites {
            self.cited(piece.cite_values(cite).iter().copied());
        }
        self.end_record();
        self.part.qualifiers = self.qualifiers.into_items();
        self.part.citations = self.citation_lists.into_items();
        (self.part, self.findings.into_vec(), self.names)
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
        let file = self.placed.file.file;
        let earlier = self.context.pieces.get(..self.placed.number as usize).unwrap_or_default();
        let same_file = earlier.iter().rev().take_while(|placed| placed.file.file == file);
        let last =
            same_file.filter_map(|placed| placed.piece.cites().last().map(|cite| (placed, cite)));
        let Some((placed, cite)) = last.take(1).next() else { return Held::default() };
        let held = self.cited(placed.piece.cite_values(cite).iter().copied());
        // Its own piece tells what is wrong with it.
        self.diagnostics = Findings::default();
        self.names.drop_new();
        held
    }

    pub(super) fn file(&self) -> FileId {
        self.placed.file.file
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

    /// Returns the line of a byte; asked in ascending order, the whole piece is counted through once.
    fn line_of(&mut self, offset: u32) -> u32 {
        let (at, line) = self.line;
        if offset < at {
            return self.context.sources.file(self.file()).line(offset);
        }
        let between = self.text.as_bytes().get(at as usize..offset as usize).unwrap_or_default();
        let line = line + memchr::memchr_iter(b'\n', between).count() as u32;
        self.line = (offset, line);
        line
    }

    fn fact(&mut self, fact: FactView<'t>, in_force: &Held) {
        let number = self.placed.first_record + fact.number();
        let declared = self.context.declared.records.get(number as usize).copied();
        let Some((relation, declared)) =
            declared.and_then(|record| Some((record.relation?, record)))
        else {
            self.part.records.push(None);
            return;
        };
        let header_at = fact.header().start;
        let line = match fact.is_row() {
            true => self.line_of(header_at.max(self.line.0)),
            false => self.line_of(fact.relation().start),
        };
        self.counts.begin(self.context.schema.relation(relation).fields.clone());
        let own_sources = self.own_sources(fact, in_force);
        let header =
            self.qualifier(fact.parts(), &Qualifier::default(), &own_sources, fact.header());
        let header = self.row_status(fact, header);
        let has_lost = self.counts.take_lost_source();
        let mut sources = match header.citation {
            Some(citation) => {
                Held { citations: self.citation_list(citation).to_vec(), is_faulty: false }
            }
            None => own_sources,
        };
        sources.is_faulty |= has_lost;
        let spread =
            Qualifier { citation: None, note: None, quote: None, language: None, ..header.clone() };
        let reading = Reading {
            number,
            relation,
            header: &spread,
            sources: &sources,
            is_faulty: declared.is_faulty,
            is_row: fact.is_row(),
        };
        let name = self.header_name(fact, &reading, line, &header);
        let qualifier = self.qualifier_id(header.clone());
        for field_line in fact.lines() {
            self.field_line(field_line, &reading);
        }
        cardinality::check_record(self, fact, &reading);
        self.cited_sources(&reading, line);
        self.check_evidence(fact, &reading);
        self.trust_row(fact);
        let id = (!declared.id.is_empty())
            .then(|| self.part.strings.add(self.context.declared.id(number)));
        let citation = self.citation_id(sources.citations);
        let record = Record { relation, id, name, file: self.file().0, line, citation, qualifier };
        self.part.records.push((!declared.is_faulty).then_some(record));
    }

    /// Reads the lines `source: …` of a fact; without any, what is in force holds.
    fn own_sources(&mut self, fact: FactView<'t>, in_force: &Held) -> Held {
        let lines: Vec<_> = fact.lines().filter(|line| self.text(line.key()) == "source").collect();
        if lines.is_empty() {
            return in_force.clone();
        }
        for line in &lines {
            let behind = line.values().filter_map(|value| value.parts().first());
            if let Some(part) = line.parts().first().into_iter().chain(behind).next() {
                let message = "a parenthesis in a line of sources qualifies nothing";
                let at = self.span(part.at);
                let found =
                    Diagnostic::new(code::BAD_PARENTHESIS, message, at, "qualifies nothing");
                self.diagnostics.push(
                    found.help(
                        "put it behind the value that it is about, or behind the fact's name",
                    ),
                );
            }
        }
        let values = lines.iter().flat_map(|line| line.values()).map(ValueView::value);
        self.citations(values.collect::<Vec<_>>().into_iter(), in_force)
    }

    /// Drops findings about a row whose cells may stand under the wrong columns: what was reported of the row as
    /// a whole is the one fault.
    fn trust_row(&mut self, fact: FactView<'t>) {
        match fact.shape() {
            RowShape::Fits => {}
            RowShape::Long => {
                self.diagnostics = Findings::default();
                self.names.drop_new();
            }
            RowShape::Short if self.diagnostics.keep_first(code::TOO_FEW_VALUES) => {
                self.names.drop_new();
                self.diagnostics.note_all(
                    "the row has fewer cells than the table has columns: a `|` may be missing",
                );
            }
            RowShape::Short => {}
        }
    }

    fn header_name(
        &mut self,
        fact: FactView<'t>,
        reading: &Reading<'_>,
        line: u32,
        header: &Qualifier,
    ) -> Option<crate::model::StringId> {
        let value = fact.name().filter(|value| value.kind() != ValueKind::Error)?;
        let text = self.decoded(value);
        let name = self.part.strings.add(&text);
        let field = self.context.schema.field_with_role(reading.relation, FieldRole::Name)?;
        let language = header.language;
        let qualifier = Qualifier { language, ..reading.header.clone() };
        let qualifier = self.qualifier_id(qualifier);
        self.push(reading, field, ValueCode(name.0), line, qualifier);
        Some(name)
    }

    fn push(
        &mut self,
        reading: &Reading<'_>,
        field: FieldId,
        value: ValueCode,
        line: u32,
        qualifier: QualifierId,
    ) {
        if reading.is_faulty {
            return;
        }
        if let Some(column) = self.part.columns.get_mut(field.index()) {
            column.push(Statement { entity: EntityId(reading.number), value, line, qualifier });
        }
    }

    fn field_line(&mut self, line: LineView<'t>, reading: &Reading<'_>) {
        let key = self.text(line.key());
        let is_column = reading.is_row && key == "status";
        if key.is_empty() || key == "source" || is_column {
            return;
        }
        let field = self.context.schema.field_named(reading.relation, key);
        let Some(field) = field else {
            self.unknown_field(line, key, reading);
            return;
        };
        let line_qualifier = match line.parts() {
            [] => reading.header.clone(),
            parts => self.qualifier(parts, reading.header, reading.sources, line.key()),
        };
        let schema = self.context.schema;
        // A text without quotation marks is one fault, whatever its commas and brackets look like.
        let has_error = line.values().any(|value| value.kind() == ValueKind::Error);
        let mut told_of_quotes = has_error;
        // What is lost may have been a source.
        let has_lost = self.counts.take_lost_source() || has_error;
        for value in line.values() {
            let at = value.at();
            let is_text = matches!(schema.field(field).value_type, Type::Text | Type::Url);
            let is_word = matches!(self.text(at), "unknown" | "none");
            let mut qualifier = None;
            let is_loose_text = is_text && value.kind() == ValueKind::Bare && !is_word;
            if !value.parts().is_empty() && !is_loose_text {
                qualifier =
                    Some(self.qualifier(value.parts(), &line_qualifier, reading.sources, at));
            }
            let qualifier = qualifier.as_ref().unwrap_or(&line_qualifier);
            if is_loose_text && std::mem::replace(&mut told_of_quotes, true) {
                self.counts.add_faulty(field, at);
                continue;
            }
            let codes = self.value(field, line, value);
            let field_type = &schema.field(field).value_type;
            let codes = match qualifier.relatives.is_empty() || !field_type.is_time() {
                // What is rejected or denied says nothing about the world.
                true => codes,
                false if !qualifier.status.counts() => codes,
                false => self.placed_time(field_type, value, codes, qualifier),
            };
            self.counts.add(field, at, &codes, qualifier);
            let is_excused = self.counts.take_lost_source() || has_lost;
            if is_excused && qualifier.citation.is_none() && qualifier.status != Status::Inferred {
                self.counts.excuse_statement();
            }
            if let Some(citation) = qualifier.citation {
                let own: Vec<EntityId> =
                    self.citation_list(citation).iter().map(|each| each.source).collect();
                self.counts.note_cited(own.into_iter());
            }
            if matches!(codes, Codes::Nothing | Codes::Counted(_)) {
                continue;
            }
            let number = self.qualifier_id(qualifier.clone());
            let line_number = self.line_of(at.start);
            for code in codes.as_slice() {
                self.push(reading, field, *code, line_number, number);
            }
        }
    }

    fn unknown_field(&mut self, line: LineView<'t>, key: &str, reading: &Reading<'_>) {
        if self.context.names.is_excused_field(reading.relation, key) {
            return;
        }
        self.counts.note_unknown(key);
        if line.values().any(|value| !value.parts().is_empty()) || !line.parts().is_empty() {
            // What is lost may have cited a source.
            self.counts.add_statement(true);
        }
        if line.values().all(|value| value.kind() == ValueKind::Error) {
            // It was reported that nothing of the line can be read.
            return;
        }
        if !reading.is_row || key != "id" {
            self.names.unknown_field(reading.relation, key, self.span(line.key()));
            return;
        }
        let Some(value) = line.values().next() else { return };
        let text = shown(self.text(value.at()));
        let message = format!("`{text}` cannot be an identifier");
        let span = self.span(value.at());
        let found = Diagnostic::new(code::UNEXPECTED_TEXT, message, span, "no identifier");
        self.diagnostics.push(found.help(
            "write one word: a letter, then letters, digits and hyphens, without quotation marks",
        ));
    }

    /// Remembers that a source was named that does not exist, or may be lost with a fault.
    pub(super) fn lose_source(&mut self) {
        self.counts.note_lost_source();
    }

    /// Fills the built-in field `source` with every source that the record or a statement of it cites.
    fn cited_sources(&mut self, reading: &Reading<'_>, line: u32) {
        let Some(field) = self.context.schema.field_with_role(reading.relation, FieldRole::Source)
        else {
            return;
        };
        let mut cited: Vec<EntityId> =
            reading.sources.citations.iter().map(|citation| citation.source).collect();
        cited.extend(self.counts.take_cited());
        cited.sort();
        cited.dedup();
        for source in cited {
            self.push(reading, field, ValueCode(source.0), line, QualifierId(0));
        }
    }

    fn check_evidence(&mut self, fact: FactView<'t>, reading: &Reading<'_>) {
        let (bare, all) = self.counts.without_source();
        let is_source = reading.relation == SOURCE_RELATION;
        if is_source
            || reading.is_faulty
            || reading.sources.is_faulty
            || !reading.sources.citations.is_empty()
            || (all > 0 && bare == 0)
        {
            return;
        }
        let header = fact.header();
        let what = match fact.id().is_empty() && fact.name().is_none() {
            true => format!("this {}", self.context.schema.relation(reading.relation).name),
            false => format!("`{}`", shown(self.text(header))),
        };
        self.diagnostics.push(evidence::no_source(&what, self.span(header), (bare, all)));
    }

    pub(super) fn qualifier_id(&mut self, qualifier: Qualifier) -> QualifierId {
        if qualifier == Qualifier::default() {
            return QualifierId(0);
        }
        QualifierId(self.qualifiers.number(qualifier).0 + 1)
    }

    pub(super) fn citation_id(&mut self, citations: CitationList) -> CitationId {
        if citations.is_empty() {
            return CitationId(0);
        }
        CitationId(self.citation_lists.number(citations).0 + 1)
    }

    pub(super) fn citation_list(&self, id: CitationId) -> &[crate::model::Citation] {
        let place = (id.0 as usize).checked_sub(1);
        place.and_then(|place| self.citation_lists.items().get(place)).map_or(&[], Vec::as_slice)
    }
}
