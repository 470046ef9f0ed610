//! Items at the margin: which parser each goes to, facts with their headers, `cite`.

use super::builder::Builder;
use super::faults::SyntaxFault;
use super::value::Context;
use crate::syntax::ast::{Cite, Fact, FactState, Item, RowShape, TextRange, ValueKind};
use crate::syntax::terminals::{
    Input, behind_line, blanks, identifier, is_blank, line_end, string,
};

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

    /// Tells whether a line begins here, by which items are looked for in texts that are not parsed.
    fn is_margin(&self, input: Input<'t>) -> bool {
        let before = self.text.get(..self.position(input) as usize).unwrap_or_default();
        before.is_empty() || before.ends_with('\n') || before == "\u{feff}"
    }

    /// Passes over indented lines that have no item above them; the first is reported for all.
    fn orphan_lines(&mut self, input: Input<'t>) -> Input<'t> {
        let content = blanks(input);
        match content.first() {
            None | Some(b'\n') => behind_line(content),
            Some(b'#') => self.comment(content),
            Some(_) => {
                let at = self.to_line_end(content);
                self.report(SyntaxFault::OrphanLine, at);
                self.skip_item(content)
            }
        }
    }

    /// Parses `item = relation | union | table | cite | definition | fact`, by its first word.
    fn item(&mut self, input: Input<'t>) -> Input<'t> {
        debug_assert!(self.is_margin(input), "an item begins within a line");
        let Ok((rest, word)) = identifier(input) else {
            if self.is_row_at_margin(input) {
                return self.row_at_margin(input);
            }
            return match self.field_behind_odd_blanks(input) {
                Some((key, at_colon)) => {
                    let blanks = self.range(
                        input,
                        input
                            .get((key.start - self.position(input)) as usize..)
                            .unwrap_or_default(),
                    );
                    self.field_at_margin(SyntaxFault::OddBlanks, blanks, key, at_colon)
                }
                None => self.no_item(input),
            };
        };
        let keyword = self.range(input, rest);
        if blanks(rest).first() == Some(&b':') {
            return self.field_at_margin(
                SyntaxFault::FieldAtMargin,
                keyword,
                keyword,
                blanks(rest),
            );
        }
        match word {
            b"relation" => self.relation(rest),
            b"union" => self.union(rest),
            b"table" => self.table(rest),
            b"cite" => self.cite(keyword, rest),
            b"rule" | b"check" | b"expect" | b"query" => self.definition(keyword, rest),
            _ if self.is_row_at_margin(input) => self.row_at_margin(input),
            _ => self.fact(keyword, rest),
        }
    }

    /// Reports a line that begins no item. What is indented below it may have been meant for the fact above.
    fn no_item(&mut self, input: Input<'t>) -> Input<'t> {
        let end = line_end(input);
        let at = self.to_line_end(input);
        self.report(SyntaxFault::NoItem, at);
        self.leave_unread(at);
        let (rest, is_indented) = self.next_line(end);
        if !is_indented {
            return rest;
        }
        if let (Some(Item::Fact(_)), Some(fact)) =
            (self.piece.items.last(), self.piece.facts.last_mut())
        {
            fact.state = FactState::MayLackFields;
        }
        self.skip_item(rest)
    }

    /// Finds a field that stands behind white space of another kind than the ordinary, such as no-break spaces.
    fn field_behind_odd_blanks(&self, input: Input<'t>) -> Option<(TextRange, Input<'t>)> {
        let line = self.text_of(self.to_line_end(input));
        let blank_bytes = line.len() - line.trim_start().len();
        let (key, _) = self.field_key(input.get(blank_bytes..)?).filter(|_| blank_bytes > 0)?;
        let behind = input.get((key.end - self.position(input)) as usize..)?;
        Some((key, blanks(behind)))
    }

    /// Tells whether a line at the margin is a row of the table above: no first line of a fact has a `|`.
    fn is_row_at_margin(&self, input: Input<'t>) -> bool {
        if !matches!(self.piece.items.last(), Some(Item::Table(_))) {
            return false;
        }
        let line = input.get(..input.len() - line_end(input).len()).unwrap_or_default();
        let quote = memchr::memchr(b'"', line).unwrap_or(line.len());
        memchr::memchr(b'|', line).is_some_and(|bar| bar < quote)
    }

    /// Takes a field that somebody forgot to indent for one of the item above, and says so.
    fn field_at_margin(
        &mut self,
        fault: SyntaxFault,
        at: TextRange,
        key: TextRange,
        at_colon: Input<'t>,
    ) -> Input<'t> {
        self.report(fault, at);
        match self.piece.items.last() {
            Some(Item::Fact(_)) => {
                let rest = self.field(key, at_colon.get(1..).unwrap_or_default());
                self.fields(rest)
            }
            Some(Item::Relation(_)) => {
                self.field_declaration_at_margin(key, at_colon.get(1..).unwrap_or_default())
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
            shape: RowShape::Fits,
            state: FactState::Sound,
        });
        rest = self.header_rest(rest);
        self.fields(rest)
    }

    /// Parses a header behind its identifier: name, language tag, parenthesis, line end.
    fn header_rest(&mut self, input: Input<'t>) -> Input<'t> {
        let mut rest = input;
        let first_part = self.piece.parts.len();
        if let Some(name) = self.words_before_name(rest) {
            let at = self.trimmed(rest, name);
            self.report(SyntaxFault::BehindHeader, at);
            self.mark_header();
            rest = name;
        }
        if rest.first() == Some(&b'"') {
            let (behind, value) = self.string_value(rest, Context::FIELD);
            let name = self.piece.names.len() as u32;
            self.piece.names.push(value);
            if let Some(fact) = self.piece.facts.last_mut() {
                fact.name = name;
            }
            rest = match value.kind() {
                ValueKind::Error => self.skip_text(behind),
                _ => blanks(behind),
            };
        }
        if rest.first() == Some(&b'(') {
            let (behind, is_closed) = self.parenthesis(rest, Context::FIELD);
            rest = if is_closed { blanks(behind) } else { line_end(behind) };
        }
        self.attach_to_last_fact(first_part);
        match rest.first() {
            None | Some(b'\n' | b'#') => rest,
            Some(_) => {
                let end = line_end(rest);
                let at = self.to_line_end(rest);
                self.report(SyntaxFault::BehindHeader, at);
                self.mark_header();
                end
            }
        }
    }

    /// Returns where the name begins if words stand between it and the identifier.
    fn words_before_name(&self, input: Input<'t>) -> Option<Input<'t>> {
        // The usual case: there is nothing between them, or there is no name.
        if matches!(input.first(), None | Some(b'"' | b'#' | b'\n' | b'(')) {
            return None;
        }
        let at = memchr::memchr3(b'"', b'#', b'\n', input)?;
        let name = input.get(at..)?;
        let words = input.get(..at)?;
        let are_words = words.iter().all(|byte| {
            byte.is_ascii_alphanumeric()
                || is_blank(*byte)
                || b"-_.'".contains(byte)
                || *byte >= 0x80
        });
        (are_words && string(name).is_ok()).then_some(name)
    }

    /// Parses `cite = "cite", identifier, [ string ]`.
    fn cite(&mut self, keyword: TextRange, input: Input<'t>) -> Input<'t> {
        let first_value = self.piece.part_values.len() as u32;
        let rest = blanks(input);
        if matches!(rest.first(), None | Some(b'\n' | b'#')) {
            self.report(SyntaxFault::BadCite, keyword);
            // Whatever was meant to be cited from here on, something was.
            self.piece.items.push(Item::Cite(self.piece.cites.len() as u32));
            self.piece.cites.push(Cite { first_value, value_count: 0, at: keyword });
            return self.skip_item(rest);
        }
        let rest = self.part_value(rest, Context::FIELD.of_source());
        let rest = blanks(rest);
        if !matches!(rest.first(), None | Some(b'\n' | b'#')) {
            let at = self.to_line_end(rest);
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
        let at = self.to_line_end(rest);
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
