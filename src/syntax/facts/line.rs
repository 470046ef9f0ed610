//! Lines below an item: which go on, which begin a field; tables with a row a line.

use super::builder::Builder;
use super::faults::SyntaxFault;
use super::value::Context;
use crate::syntax::ast::{Fact, FieldLine, Item, Table, TextRange, ValueKind};
use crate::syntax::terminals::{Input, blanks, identifier, is_blank, line_end};

impl<'t> Builder<'t> {
    /// Parses `{ field }` from the end of a line on, up to the next margin.
    pub(super) fn fields(&mut self, mut input: Input<'t>) -> Input<'t> {
        loop {
            let (rest, is_indented) = self.next_line(input);
            if !is_indented {
                return rest;
            }
            input = match self.field_key(rest) {
                Some((key, behind)) => self.field(key, behind),
                None => {
                    let at = self.trimmed(rest, line_end(rest));
                    self.report(SyntaxFault::NoField, at);
                    self.skip_field(rest)
                }
            };
        }
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

    /// Passes over the rest of a line and over what goes on with it; returns the end of the last of these lines.
    pub(super) fn skip_field(&mut self, input: Input<'t>) -> Input<'t> {
        let mut end = line_end(input);
        loop {
            let (rest, is_indented) = self.next_line(end);
            if !is_indented || self.field_key(rest).is_some() {
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
            let at = self.trimmed(rest, line_end(rest));
            self.report(SyntaxFault::BadTable, at);
            return self.skip_item(rest);
        };
        let relation = self.range(rest, behind);
        let rest = blanks(behind);
        if rest.first() != Some(&b':') {
            let at = self.trimmed(rest, line_end(rest));
            self.report(SyntaxFault::BadTable, at);
            return self.skip_item(rest);
        }
        let Some((columns, rest)) = self.columns(rest.get(1..).unwrap_or_default()) else {
            return self.skip_item(rest);
        };
        let number = self.piece.tables.len() as u32;
        self.piece.items.push(Item::Table(number));
        let first_row = self.piece.facts.len() as u32;
        let mut end = rest;
        let behind = loop {
            let (content, is_indented) = self.next_line(end);
            if !is_indented {
                break content;
            }
            end = self.row(relation, &columns, content);
        };
        let row_count = self.piece.facts.len() as u32 - first_row;
        self.piece.tables.push(Table { relation, columns, first_row, row_count });
        behind
    }

    /// Parses `columns = identifier, { "|", identifier }`.
    fn columns(&mut self, mut input: Input<'t>) -> Option<(Vec<TextRange>, Input<'t>)> {
        let mut columns = Vec::new();
        loop {
            let rest = blanks(input);
            let Ok((behind, _)) = identifier(rest) else {
                let end = memchr::memchr3(b'|', b'\n', b'#', rest).unwrap_or(rest.len());
                let at = self.trimmed(rest, rest.get(end..).unwrap_or_default());
                self.report(SyntaxFault::BadColumn, at);
                return None;
            };
            columns.push(self.range(rest, behind));
            let rest = blanks(behind);
            match rest.first() {
                Some(b'|') => input = rest.get(1..).unwrap_or_default(),
                None | Some(b'\n' | b'#') => return Some((columns, rest)),
                Some(_) => {
                    let at = self.trimmed(rest, line_end(rest));
                    self.report(SyntaxFault::BadColumn, at);
                    return None;
                }
            }
        }
    }

    /// Parses `row = cell, { "|", cell }`; a row is one line.
    fn row(&mut self, relation: TextRange, columns: &[TextRange], input: Input<'t>) -> Input<'t> {
        let at = self.position(input);
        self.piece.facts.push(Fact {
            relation,
            id: TextRange::new(at, at),
            name: u32::MAX,
            first_line: self.piece.lines.len() as u32,
            has_parts: false,
            is_row: true,
        });
        let mut rest = input;
        for column in columns {
            rest = self.cell(*column, rest);
            match rest.first() {
                Some(b'|') => rest = rest.get(1..).unwrap_or_default(),
                _ => return rest,
            }
        }
        let rest = blanks(rest);
        if !matches!(rest.first(), None | Some(b'\n' | b'#')) {
            let at = self.trimmed(rest, line_end(rest));
            self.report(SyntaxFault::RowTooLong, at);
        }
        line_end(rest)
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
