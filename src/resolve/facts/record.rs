//! One record of a piece: its header, its lines, its sources.

use super::declare::id_hash;
use super::evidence::Held;
use super::keys::{Key, Meaning};
use super::statements::{PieceReader, list_of};
use super::unit::{DeclaredRecord, WrittenRecord};
use super::values::Codes;
use super::{cardinality, evidence};
use crate::diagnostic::{Diagnostic, Findings, code, shown};
use crate::model::{
    EntityId, FieldId, Qualifier, QualifierId, RelationId, SOURCE_RELATION, Statement, Status,
    StringId, Type, ValueCode, is_reserved,
};
use crate::syntax::ast::{FactState, FactView, LineView, RowShape, ValueKind, ValueView};
use std::borrow::Cow;

/// What stands behind a header that has no parentheses, as most have none.
static NOTHING: Qualifier = Qualifier {
    status: Status::Accepted,
    period: None,
    citation: None,
    note: None,
    quote: None,
    language: None,
    relatives: Vec::new(),
};

/// A record while it is read.
pub(super) struct Reading<'q> {
    /// Its number in the piece.
    pub(super) number: u32,
    pub(super) relation: RelationId,
    /// What stands behind the header.
    pub(super) header: &'q Qualifier,
    /// The line of the header, counted from 1.
    pub(super) line: u32,
    /// The sources that hold for its statements.
    pub(super) sources: &'q Held,
    /// It is left out, but its faults are told.
    pub(super) is_faulty: bool,
    /// It is a row of a table.
    pub(super) is_row: bool,
}

impl<'t> PieceReader<'_, 't> {
    /// Returns the relation of a fact; none where that is unknown.
    fn relation(&mut self, fact: FactView<'t>) -> Option<RelationId> {
        let at = fact.relation();
        let word = self.text(at);
        match self.relation {
            // Rows of a table share their relation's place.
            Some((_, place, relation)) if place == at => return relation,
            // What is unknown is counted each time.
            Some((known, _, relation @ Some(_))) if known == word => return relation,
            _ => {}
        }
        let relation = self.context.names.relation(word);
        if relation.is_none() && fact.state() != FactState::FaultyHeader {
            let unknown = &mut self.unit.declared.unknown;
            match unknown.iter_mut().find(|(known, ..)| known == word) {
                Some((_, _, count)) => *count += 1,
                None => unknown.push((word.to_string(), at, 1)),
            }
        }
        self.relation = Some((word, at, relation));
        relation
    }

    /// Declares a record, and tells whether it is left out for its identifier's sake.
    fn declare(&mut self, fact: FactView<'t>, relation: Option<RelationId>) -> bool {
        let id = self.text(fact.id());
        if let Some(declared) = self.context.declared {
            return declared.is_faulty(self.placed.first_record + fact.number());
        }
        let clashes = !id.is_empty() && (self.context.names.get(id).is_some() || is_reserved(id));
        let hash = if id.is_empty() { 0 } else { id_hash(id) };
        self.declared.push(DeclaredRecord::new(relation, fact.id().start, hash));
        self.ids.add(id);
        if clashes {
            self.unit.declared.clashing.push(fact.number());
        }
        clashes
    }

    pub(super) fn fact(&mut self, fact: FactView<'t>, in_force: &Held) {
        let relation = self.relation(fact);
        let is_faulty = self.declare(fact, relation);
        let Some(relation) = relation else {
            self.records.push(None);
            return;
        };
        let line = match fact.is_row() {
            true => self.line_of(fact.header().start.max(self.line.asked)),
            false => self.line_of(fact.relation().start),
        };
        self.counts.begin(self.context.schema.relation(relation).fields.clone());
        let keys = self.keys_of(fact, relation);
        let mut sources = self.own_sources(lines_that(Meaning::Sources, fact, &keys), in_force);
        let mut header = match fact.parts() {
            [] => Cow::Borrowed(&NOTHING),
            parts => Cow::Owned(self.qualifier(parts, &NOTHING, &sources, fact.header())),
        };
        if fact.is_row() {
            self.row_status(lines_that(Meaning::RowStatus, fact, &keys), &mut header);
        }
        let has_lost = self.counts.take_lost_source();
        if let Some(citation) = header.citation {
            let citations = self.citation_list(citation).to_vec();
            sources = Cow::Owned(Held { citations, is_faulty: false });
        }
        if has_lost {
            sources.to_mut().is_faulty = true;
        }
        let spread = match &header {
            Cow::Borrowed(nothing) => Cow::Borrowed(*nothing),
            Cow::Owned(header) => Cow::Owned(Qualifier {
                status: header.status,
                period: header.period,
                relatives: header.relatives.clone(),
                ..Qualifier::default()
            }),
        };
        let reading = Reading {
            number: fact.number(),
            relation,
            header: &spread,
            line,
            sources: &sources,
            is_faulty,
            is_row: fact.is_row(),
        };
        let name = self.header_name(fact, &reading, &header);
        let qualifier = self.qualifier_id(&header).0;
        for (field_line, key) in fact.lines().zip(&keys) {
            self.field_line(field_line, *key, &reading);
        }
        self.give_back(keys, fact, relation);
        cardinality::check_record(self, fact, &reading);
        self.cited_sources(&reading);
        self.check_evidence(fact, &reading);
        self.trust_row(fact);
        let citation = self.citation_id(&sources.citations).0;
        let record = WrittenRecord { relation, name, line, citation, qualifier };
        self.records.push((!is_faulty).then_some(record));
        if let Cow::Owned(Held { mut citations, .. }) = sources {
            citations.clear();
            self.spare_citations = citations;
        }
    }

    /// Reads the lines `source: …` of a fact; without any, what is in force holds.
    fn own_sources<'h>(
        &mut self,
        lines: impl Iterator<Item = LineView<'t>> + Clone,
        in_force: &'h Held,
    ) -> Cow<'h, Held> {
        if lines.clone().next().is_none() {
            return Cow::Borrowed(in_force);
        }
        for line in lines.clone() {
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
        let values = lines.flat_map(|line| line.values()).map(ValueView::value);
        Cow::Owned(self.citations(values, in_force))
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
        header: &Qualifier,
    ) -> Option<StringId> {
        let value = fact.name().filter(|value| value.kind() != ValueKind::Error)?;
        let text = self.decoded(value);
        let name = self.strings.add(&text);
        let field = self.keys.built_in(reading.relation).name?;
        let qualifier = match header.language {
            None => self.qualifier_id(reading.header),
            language => self.qualifier_id(&Qualifier { language, ..reading.header.clone() }),
        };
        self.push(reading, field, ValueCode(name.0), reading.line, qualifier);
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
        if let Some(column) = self.columns.get_mut(field.index()) {
            let (entity, line) = (EntityId(reading.number), line.wrapping_sub(reading.line));
            column.push(Statement { entity, value, line, qualifier });
        }
    }

    fn field_line(&mut self, line: LineView<'t>, key: Key<'t>, reading: &Reading<'_>) {
        let field = match key.meaning {
            Meaning::Field(field) => field,
            Meaning::Unknown => return self.unknown_field(line, key.text, reading),
            Meaning::Nothing | Meaning::Sources | Meaning::RowStatus => return,
        };
        let line_qualifier = match line.parts() {
            [] => Cow::Borrowed(reading.header),
            parts => Cow::Owned(self.qualifier(parts, reading.header, reading.sources, line.key())),
        };
        let mut line_number = None;
        let field_type = &self.context.schema.field(field).value_type;
        let is_text = matches!(field_type, Type::Text | Type::Url);
        // A text without quotation marks is one fault, whatever its commas and brackets look like.
        let has_error = line.values().any(|value| value.kind() == ValueKind::Error);
        let mut told_of_quotes = has_error;
        // What is lost may have been a source.
        let has_lost = self.counts.take_lost_source() || has_error;
        for value in line.values() {
            let at = value.at();
            let is_loose_text = is_text
                && value.kind() == ValueKind::Bare
                && !matches!(self.text(at), "unknown" | "none");
            let own = match value.parts() {
                parts if parts.is_empty() || is_loose_text => None,
                parts => Some(self.qualifier(parts, &line_qualifier, reading.sources, at)),
            };
            let qualifier = own.as_ref().unwrap_or(&line_qualifier);
            if is_loose_text && std::mem::replace(&mut told_of_quotes, true) {
                self.counts.add_faulty(field, at);
                continue;
            }
            let mut codes = self.value(field, line, value);
            // What is rejected or denied says nothing about the world.
            let is_placed = !qualifier.relatives.is_empty() && qualifier.status.counts();
            if is_placed && field_type.is_time() {
                codes = self.placed_time(field_type, value, codes, qualifier);
            }
            self.counts.add(field, at, &codes, qualifier);
            let is_excused = self.counts.take_lost_source() || has_lost;
            if is_excused && qualifier.citation.is_none() && qualifier.status != Status::Inferred {
                self.counts.excuse_statement();
            }
            if let Some(citation) = qualifier.citation {
                let cited = list_of(&self.citation_lists, citation);
                self.counts.note_cited(cited.iter().map(|each| each.source));
            }
            if matches!(codes, Codes::Nothing | Codes::Counted(_)) {
                continue;
            }
            let number = match (&own, line_number) {
                (Some(own), _) => self.qualifier_id(own),
                (None, Some(number)) => number,
                (None, None) => *line_number.insert(self.qualifier_id(&line_qualifier)),
            };
            let written_at = self.line_of(at.start);
            for code in codes.as_slice() {
                self.push(reading, field, *code, written_at, number);
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

    /// Fills the built-in field `source` with every source that the record or a statement of it cites.
    fn cited_sources(&mut self, reading: &Reading<'_>) {
        let Some(field) = self.keys.built_in(reading.relation).source else { return };
        let mut cited = self.counts.take_cited();
        cited.extend(reading.sources.citations.iter().map(|citation| citation.source));
        cited.sort_unstable();
        cited.dedup();
        for source in &cited {
            self.push(reading, field, ValueCode(source.0), reading.line, QualifierId(0));
        }
        self.counts.give_back(cited);
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
}

/// Returns the lines of a fact whose key means something.
fn lines_that<'t>(
    meaning: Meaning,
    fact: FactView<'t>,
    keys: &[Key<'t>],
) -> impl Iterator<Item = LineView<'t>> + Clone {
    let lines = fact.lines().zip(keys);
    lines.filter(move |(_, key)| key.meaning == meaning).map(|(line, _)| line)
}
