//! Items at the margin: which parser each goes to, facts with their headers, `cite`.

use super::builder::Builder;
use super::faults::SyntaxFault;
use super::value::Context;
use crate::syntax::ast::{Cite, Fact, Item, TextRange};
use crate::syntax::terminals::{Input, behind_line, blanks, identifier, is_blank, line_end};

impl<'t> Builder<'t> {
    /// Parses `file = { blank line | comment | item }`.
    pub fn items(&mut self, mut input: Input<'t>) {
        while let Some(byte) = input.first() {
            input = match byte {
                b'\n' => behind_line(input),
                b'#' => self.comment(input),
                byte if is_blank(*byte) => self.orphan_lines(input),
                _ => self.item(input),
            };
        }
    }

    /// Passes over indented lines that have no item above them; the first is reported for all.
    fn orphan_lines(&mut self, input: Input<'t>) -> Input<'t> {
        let content = blanks(input);
        match content.first() {
            None | Some(b'\n') => behind_line(content),
            Some(b'#') => self.comment(content),
            Some(_) => {
                let at = self.trimmed(content, line_end(content));
                self.report(SyntaxFault::OrphanLine, at);
                self.skip_item(content)
            }
        }
    }

    /// Parses `item = relation | union | table | cite | definition | fact`, by its first word.
    fn item(&mut self, input: Input<'t>) -> Input<'t> {
        let Ok((rest, word)) = identifier(input) else {
            let at = self.trimmed(input, line_end(input));
            self.report(SyntaxFault::NoItem, at);
            return self.skip_item(input);
        };
        let keyword = self.range(input, rest);
        if blanks(rest).first() == Some(&b':') {
            return self.field_at_margin(keyword, blanks(rest));
        }
        match word {
            b"relation" => self.relation(rest),
            b"union" => self.union(rest),
            b"table" => self.table(rest),
            b"cite" => self.cite(keyword, rest),
            b"rule" | b"check" | b"expect" | b"query" => self.definition(keyword, rest),
            _ => self.fact(keyword, rest),
        }
    }

    /// Takes a field that somebody forgot to indent for one of the fact above, and says so.
    fn field_at_margin(&mut self, key: TextRange, at_colon: Input<'t>) -> Input<'t> {
        self.report(SyntaxFault::FieldAtMargin, key);
        match self.piece.items.last() {
            Some(Item::Fact(_)) => {
                let rest = self.field(key, at_colon.get(1..).unwrap_or_default());
                self.fields(rest)
            }
            _ => self.skip_item(at_colon),
        }
    }

    /// Parses `fact = relation, [ identifier ], [ string ], [ parenthesis ], { field }`.
    fn fact(&mut self, relation: TextRange, input: Input<'t>) -> Input<'t> {
        let number = self.piece.facts.len() as u32;
        self.piece.items.push(Item::Fact(number));
        let mut rest = blanks(input);
        let id_at = self.position(rest);
        let mut id = TextRange::new(id_at, id_at);
        if let Ok((behind, _)) = identifier(rest) {
            id = self.range(rest, behind);
            rest = blanks(behind);
        }
        self.piece.facts.push(Fact {
            relation,
            id,
            name: u32::MAX,
            first_line: self.piece.lines.len() as u32,
            has_parts: false,
            is_row: false,
        });
        rest = self.header_rest(rest);
        self.fields(rest)
    }

    /// Parses a header behind its identifier: name, language tag, parenthesis, line end.
    fn header_rest(&mut self, input: Input<'t>) -> Input<'t> {
        let mut rest = input;
        let first_part = self.piece.parts.len();
        if rest.first() == Some(&b'"') {
            let (behind, value) = self.string_value(rest, Context::FIELD);
            let name = self.piece.names.len() as u32;
            self.piece.names.push(value);
            if let Some(fact) = self.piece.facts.last_mut() {
                fact.name = name;
            }
            rest = blanks(behind);
        }
        if rest.first() == Some(&b'(') {
            rest = blanks(self.parenthesis(rest, Context::FIELD));
        }
        self.attach_to_last_fact(first_part);
        match rest.first() {
            None | Some(b'\n' | b'#') => rest,
            Some(_) => {
                let end = line_end(rest);
                let at = self.trimmed(rest, end);
                self.report(SyntaxFault::BehindHeader, at);
                end
            }
        }
    }

    /// Parses `cite = "cite", identifier, [ string ]`.
    fn cite(&mut self, keyword: TextRange, input: Input<'t>) -> Input<'t> {
        let first_value = self.piece.part_values.len() as u32;
        let rest = blanks(input);
        if matches!(rest.first(), None | Some(b'\n' | b'#')) {
            self.report(SyntaxFault::BadCite, keyword);
            return self.skip_item(rest);
        }
        let rest = self.part_value(rest, Context::FIELD.of_source());
        let rest = blanks(rest);
        if !matches!(rest.first(), None | Some(b'\n' | b'#')) {
            let at = self.trimmed(rest, line_end(rest));
            self.report(SyntaxFault::UnexpectedText, at);
        }
        let value_count = self.piece.part_values.len() as u32 - first_value;
        self.piece.items.push(Item::Cite(self.piece.cites.len() as u32));
        self.piece.cites.push(Cite { first_value, value_count, at: keyword });
        let end = line_end_with_comment(self, rest);
        self.expect_no_lines(end)
    }

    /// Reports what is indented below an item that has no lines of its own.
    pub(super) fn expect_no_lines(&mut self, input: Input<'t>) -> Input<'t> {
        let (rest, is_indented) = self.next_line(input);
        if !is_indented {
            return rest;
        }
        let at = self.trimmed(rest, line_end(rest));
        self.report(SyntaxFault::UnexpectedText, at);
        self.skip_item(rest)
    }
}

/// Records a comment at `input` if there is one, and returns the line's end.
fn line_end_with_comment<'t>(builder: &mut Builder<'t>, input: Input<'t>) -> Input<'t> {
    match input.first() {
        Some(b'#') => builder.comment(input),
        _ => line_end(input),
    }
}
