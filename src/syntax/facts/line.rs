//! Lines below an item: which go on, which begin a field; tables with a row a line.

use super::builder::Builder;
use super::faults::SyntaxFault;
use super::value::Context;
use crate::syntax::ast::{Fact, FactState, FieldLine, Item, RowShape, Table, TextRange, ValueKind};
use crate::syntax::terminals::{Input, blanks, identifier, is_blank, line_end};

impl<'t> Builder<'t> {
    /// Parses `{ field }` from the end of a line on, up to the next margin.
    pub(super) fn fields(&mut self, mut input: Input<'t>) -> Input<'t> {
        loop {
            let (rest, is_indented) = self.next_line(input);
            if !is_indented {
                return rest;
            }
            input = match self.key_ahead(rest) {
                Some((key, behind)) => self.field(key, behind),
                None => self.line_without_key(rest),
            };
        }
    }

    /// Reports a line that neither begins a field nor goes on with one. Its first word may be a field without its
    /// colon, so that this field is not missing.
    pub(super) fn line_without_key(&mut self, content: Input<'t>) -> Input<'t> {
        let at = self.to_line_end(content);
        // Of a pasted paragraph the first line is told.
        let goes_on = std::mem::take(&mut self.is_paragraph);
        if !goes_on || looks_like_field(self.text_of(at)) {
            self.report(SyntaxFault::NoField, at);
        }
        if let Ok((behind, _)) = identifier(content) {
            let key = self.range(content, behind);
            self.open_line(key);
            self.push_value(ValueKind::Error, TextRange::new(key.end, key.end));
        }
        let end = self.skip_field(content);
        let (next, is_indented) = self.next_line(end);
        self.is_paragraph = is_indented && self.field_key(next).is_none();
        end
    }

    /// Parses `field = identifier, ":", values` behind its colon.
    pub(super) fn field(&mut self, key: TextRange, input: Input<'t>) -> Input<'t> {
        self.open_line(key);
        let context = match self.text_of(key) {
            "source" => Context::FIELD.of_source(),
            _ => Context::FIELD,
        };
        self.values(key, input, context)
    }

    fn open_line(&mut self, key: TextRange) {
        self.piece.lines.push(FieldLine {
            key_start: key.start,
            first_value: self.piece.values.len() as u32,
            key_length: (key.end - key.start).min(u32::from(u16::MAX)) as u16,
            has_parts: false,
        });
    }

    /// Parses `identifier, ":"`; nothing is taken if the line does not begin so.
    pub(super) fn field_key(&self, input: Input<'t>) -> Option<(TextRange, Input<'t>)> {
        let (rest, _) = identifier(input).ok()?;
        let colon = blanks(rest);
        match colon.first() {
            Some(b':') => Some((self.range(input, rest), colon.get(1..).unwrap_or_default())),
            _ => None,
        }
    }

    /// The same; whoever ends a field and whoever begins the next one ask after each other, and the second is answered
    /// from memory.
    pub(super) fn key_ahead(&mut self, input: Input<'t>) -> Option<(TextRange, Input<'t>)> {
        if let Some((at, known)) = self.key_ahead
            && at == input.len()
        {
            return known;
        }
        let found = self.field_key(input);
        self.key_ahead = Some((input.len(), found));
        found
    }

    /// Returns the content of the next line that is neither empty nor a comment, and whether it is indented.
    ///
    /// `input` stands at the end of a line, or at its comment. Comments on the way are recorded; a second call
    /// from the same place is answered from memory, so that they are recorded once.
    pub(super) fn next_line(&mut self, input: Input<'t>) -> (Input<'t>, bool) {
        if let Some((from, answer, is_indented)) = self.looked_ahead
            && from == input.len()
        {
            return (input.get(input.len() - answer..).unwrap_or_default(), is_indented);
        }
        let (rest, is_indented) = self.look_for_line(input);
        self.looked_ahead = Some((input.len(), rest.len(), is_indented));
        (rest, is_indented)
    }

    fn look_for_line(&mut self, mut input: Input<'t>) -> (Input<'t>, bool) {
        loop {
            let content = blanks(input);
            match content.first() {
                None => return (content, false),
                Some(b'#') => input = self.comment(content),
                Some(b'\n') => {
                    input = content.get(1..).unwrap_or_default();
                    let stays = input
                        .first()
                        .is_some_and(|byte| is_blank(*byte) || matches!(byte, b'#' | b'\n'));
                    if !stays {
                        return (input, false);
                    }
                }
                Some(_) => return (content, true),
            }
        }
    }

    /// Passes over the rest of a line and over the lines indented deeper; returns the end of the last of these.
    pub(super) fn skip_field(&mut self, input: Input<'t>) -> Input<'t> {
        let above = self.field_indentation(input);
        self.skip_lines(input, |builder, line| builder.indentation(line) > above)
    }

    /// The same behind a text that is never closed, whose lines may be indented in any way.
    pub(super) fn skip_text(&mut self, input: Input<'t>) -> Input<'t> {
        self.skip_lines(input, |_, _| true)
    }

    fn skip_lines(
        &mut self,
        input: Input<'t>,
        goes_on: impl Fn(&Builder<'t>, Input<'t>) -> bool,
    ) -> Input<'t> {
        let mut end = line_end(input);
        loop {
            let (rest, is_indented) = self.next_line(end);
            if !is_indented || self.field_key(rest).is_some() || !goes_on(self, rest) {
                return end;
            }
            end = line_end(rest);
        }
    }

    /// Passes over the rest of an item; returns the next margin.
    pub(super) fn skip_item(&mut self, input: Input<'t>) -> Input<'t> {
        let mut end = line_end(input);
        loop {
            let (rest, is_indented) = self.next_line(end);
            if !is_indented {
                return rest;
            }
            end = line_end(rest);
        }
    }

    /// Parses `table = "table", relation, ":", column, { "|", column }, { row }`.
    pub(super) fn table(&mut self, input: Input<'t>) -> Input<'t> {
        let rest = blanks(input);
        let Ok((behind, _)) = identifier(rest) else {
            let at = self.to_line_end(rest);
            let at = if at.is_empty() { self.range(input, rest) } else { at };
            self.report(SyntaxFault::BadTable, at);
            self.leave_unread(at);
            return self.skip_item(rest);
        };
        let relation = self.range(rest, behind);
        let rest = blanks(behind);
        let (columns, rest) = match rest.strip_prefix(b":") {
            Some(columns) => self.columns(relation, columns),
            None => {
                let at = self.to_line_end(rest);
                let at = if at.is_empty() { relation } else { at };
                self.report(SyntaxFault::BadTable, at);
                // What the rows declare is not missing elsewhere.
                self.hold_faults();
                let read = self.columns(relation, rest);
                self.held_faults();
                read
            }
        };
        let number = self.piece.tables.len() as u32;
        self.piece.items.push(Item::Table(number));
        let first_row = self.piece.facts.len() as u32;
        self.piece.tables.push(Table { relation, columns, first_row, row_count: 0 });
        self.rows(rest)
    }

    /// Parses `{ row }` from the end of a line on, into the table that is open.
    pub(super) fn rows(&mut self, input: Input<'t>) -> Input<'t> {
        let Some(table) = self.piece.tables.last_mut() else { return line_end(input) };
        let (relation, columns) = (table.relation, std::mem::take(&mut table.columns));
        let first = self.piece.facts.len();
        let mut long = Vec::new();
        let mut end = input;
        let behind = loop {
            let (content, is_indented) = self.next_line(end);
            if !is_indented {
                break content;
            }
            end = self.row(relation, &columns, content, &mut long);
        };
        let count = self.piece.facts.len() - first;
        // Where no row fits, the head is at fault, and that once.
        match (long.first(), count > 1 && long.len() == count) {
            (Some(first), true) => self.report(SyntaxFault::AllRowsTooLong, *first),
            _ => long.iter().for_each(|at| self.report(SyntaxFault::RowTooLong, *at)),
        }
        if let Some(table) = self.piece.tables.last_mut() {
            table.columns = columns;
            table.row_count += count as u32;
        }
        behind
    }

    /// Parses a row that stands at the margin, and those below it.
    pub(super) fn row_at_margin(&mut self, input: Input<'t>) -> Input<'t> {
        let at = self.to_line_end(input);
        self.report(SyntaxFault::RowAtMargin, at);
        let Some(table) = self.piece.tables.last_mut() else { return self.skip_item(input) };
        let (relation, columns) = (table.relation, std::mem::take(&mut table.columns));
        let rest = self.row(relation, &columns, input, &mut Vec::new());
        if let Some(table) = self.piece.tables.last_mut() {
            table.columns = columns;
            table.row_count += 1;
        }
        self.rows(rest)
    }

    /// Parses `columns = identifier, { "|", identifier }`; a faulty column is an empty range, whose cells are passed over.
    fn columns(
        &mut self,
        relation: TextRange,
        mut input: Input<'t>,
    ) -> (Vec<TextRange>, Input<'t>) {
        let mut columns = Vec::new();
        loop {
            let rest = blanks(input);
            let start = self.position(rest);
            let mut column = TextRange::new(start, start);
            let mut behind = rest;
            if let Ok((behind_name, _)) = identifier(rest) {
                column = self.range(rest, behind_name);
                behind = blanks(behind_name);
            }
            let end = memchr::memchr3(b'|', b'\n', b'#', behind).unwrap_or(behind.len());
            let border = behind.get(end..).unwrap_or_default();
            if end > 0 || column.is_empty() {
                let at = self.trimmed(behind, border);
                let at = if at.is_empty() { relation } else { at };
                self.report(SyntaxFault::BadColumn, at);
                column = TextRange::new(start, start);
            }
            columns.push(column);
            match border.first() {
                Some(b'|') => input = border.get(1..).unwrap_or_default(),
                _ => return (columns, border),
            }
        }
    }

    /// Parses `row = cell, { "|", cell }`; a row is one line. One with too many cells is added to `long`.
    fn row(
        &mut self,
        relation: TextRange,
        columns: &[TextRange],
        input: Input<'t>,
        long: &mut Vec<TextRange>,
    ) -> Input<'t> {
        let at = self.position(input);
        self.piece.facts.push(Fact {
            relation,
            id: TextRange::new(at, at),
            name: u32::MAX,
            first_line: self.piece.lines.len() as u32,
            has_parts: false,
            is_row: true,
            shape: RowShape::Fits,
            state: FactState::Sound,
        });
        let mut rest = input;
        for (place, column) in columns.iter().enumerate() {
            rest = self.cell(*column, rest);
            match rest.first() {
                Some(b'|') => rest = rest.get(1..).unwrap_or_default(),
                _ => {
                    if place + 1 < columns.len() {
                        self.mark_shape(RowShape::Short);
                    }
                    return rest;
                }
            }
        }
        let rest = blanks(rest);
        if !matches!(rest.first(), None | Some(b'\n' | b'#')) {
            self.mark_shape(RowShape::Long);
            long.push(self.to_line_end(rest));
        }
        line_end(rest)
    }

    fn mark_shape(&mut self, shape: RowShape) {
        if let Some(fact) = self.piece.facts.last_mut() {
            fact.shape = shape;
        }
    }

    /// Parses `cell = [ values | citations ]`, in one line; an empty one leaves no field line, for it records nothing.
    fn cell(&mut self, column: TextRange, input: Input<'t>) -> Input<'t> {
        let rest = blanks(input);
        if matches!(rest.first(), None | Some(b'|' | b'\n' | b'#')) {
            return rest;
        }
        let first_value = self.piece.values.len();
        self.open_line(column);
        let key = self.text_of(column);
        if column.is_empty() {
            let at = self.position(rest);
            self.push_value(ValueKind::Error, TextRange::new(at, at));
            let end = memchr::memchr2(b'|', b'\n', rest).unwrap_or(rest.len());
            return rest.get(end..).unwrap_or_default();
        }
        let context = match key {
            "source" => Context::CELL.of_source(),
            _ => Context::CELL,
        };
        let rest = self.values(column, rest, context);
        if matches!(key, "id" | "name") {
            self.take_header_cell(key, first_value);
        }
        rest
    }

    /// Moves a single value of a column `id` or `name` into the row's header.
    fn take_header_cell(&mut self, key: &str, first_value: usize) {
        let [value] = self.piece.values.get(first_value..).unwrap_or_default() else { return };
        let value = *value;
        let fits = match key {
            "id" => {
                value.kind() == ValueKind::Bare
                    && identifier(self.text_of(value.at()).as_bytes())
                        .is_ok_and(|(rest, _)| rest.is_empty())
            }
            _ => matches!(value.kind(), ValueKind::Text | ValueKind::EscapedText),
        };
        if !fits || value.has_parts() {
            return;
        }
        let name = self.piece.names.len() as u32;
        let Some(fact) = self.piece.facts.last_mut() else { return };
        match key {
            "id" => fact.id = value.at(),
            _ => {
                fact.name = name;
                self.piece.names.push(value);
            }
        }
        self.piece.values.pop();
        self.piece.lines.pop();
    }
}

/// Most words of a line that may be a field without its colon, where the line above is no field either.
const MOST_WORDS: usize = 4;

/// Tells whether a line below another one without a key is rather a field than a part of a sentence.
fn looks_like_field(line: &str) -> bool {
    line.starts_with(|letter: char| letter.is_ascii_lowercase())
        && line.split_whitespace().nth(MOST_WORDS).is_none()
}
