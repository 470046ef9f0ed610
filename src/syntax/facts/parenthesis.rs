//! Parentheses behind values, before them, and behind headers: what qualifies a statement.

use super::builder::Builder;
use super::faults::SyntaxFault;
use super::value::Context;
use crate::syntax::ast::{Part, PartKind, TextRange, ValueKind};
use crate::syntax::terminals::{Input, blanks, line_end};

/// Longest key of a part, in bytes: `12 months before`.
const LONGEST_KEY: usize = 64;

impl<'t> Builder<'t> {
    /// Parses `parenthesis = "(", part, { ";", part }, ")"`; returns what is behind it.
    pub(super) fn parenthesis(&mut self, input: Input<'t>, context: Context) -> Input<'t> {
        let context = Context { is_source: false, ..context }.in_part();
        let first_part = self.piece.parts.len();
        let mut rest = input.get(1..).unwrap_or_default();
        loop {
            let Some(content) = self.gap(input, rest, context) else {
                return self.unclosed(input, first_part);
            };
            match content.first() {
                Some(b')') => {
                    let behind = content.get(1..).unwrap_or_default();
                    if self.piece.parts.len() == first_part {
                        let at = self.range(input, behind);
                        self.report(SyntaxFault::EmptyParenthesis, at);
                    }
                    return behind;
                }
                Some(b';') => rest = content.get(1..).unwrap_or_default(),
                _ => {
                    let behind = self.part(content, context);
                    let Some(next) = self.gap(input, behind, context) else {
                        return self.unclosed(input, first_part);
                    };
                    match next.first() {
                        Some(b';' | b')') => rest = next,
                        Some(b',') => {
                            let at = self.trimmed(content, next.get(1..).unwrap_or_default());
                            self.report(SyntaxFault::CommaInParenthesis, at);
                            rest = next.get(1..).unwrap_or_default();
                        }
                        _ => {
                            let end =
                                memchr::memchr3(b';', b')', b'\n', next).unwrap_or(next.len());
                            let behind = next.get(end..).unwrap_or_default();
                            let at = self.trimmed(next, behind);
                            self.report(SyntaxFault::UnexpectedText, at);
                            rest = behind;
                        }
                    }
                }
            }
        }
    }

    /// Passes over blanks, comments and line breaks inside a parenthesis; nothing if it is left without closing.
    ///
    /// A line that begins like a field goes on with the parenthesis only where a part must follow.
    fn gap(&mut self, open: Input<'t>, input: Input<'t>, context: Context) -> Option<Input<'t>> {
        let content = blanks(input);
        match content.first() {
            None => None,
            Some(b'\n' | b'#') if context.is_cell => None,
            Some(b'\n' | b'#') => {
                let taken = open.get(..open.len() - input.len()).unwrap_or_default();
                let part_is_due = matches!(taken.trim_ascii_end().last(), Some(b'(' | b';' | b','));
                let (line, is_indented) = self.next_line(content);
                let goes_on = is_indented && (part_is_due || self.field_key(line).is_none());
                goes_on.then_some(line)
            }
            Some(_) => Some(content),
        }
    }

    /// Reports a parenthesis that is never closed; it ends with its line and says nothing.
    fn unclosed(&mut self, input: Input<'t>, first_part: usize) -> Input<'t> {
        let at = self.range(input, input.get(1..).unwrap_or_default());
        self.report(SyntaxFault::UnclosedParenthesis, at);
        self.piece.parts.truncate(first_part);
        self.push_bare_part(PartKind::Error, at);
        line_end(input)
    }

    /// Parses `part = key, ":", value, { ",", value } | bare`.
    fn part(&mut self, input: Input<'t>, context: Context) -> Input<'t> {
        let Some((key, rest)) = self.part_key(input) else {
            return self.bare_part(input, context);
        };
        let kind = match self.is_part_key(key) {
            true => PartKind::Keyed,
            false => {
                self.report(SyntaxFault::UnknownPart, key);
                PartKind::Error
            }
        };
        let first_value = self.piece.part_values.len() as u32;
        let context = match self.text_of(key) {
            "source" => context.of_source(),
            _ => context,
        };
        let rest = self.part_values_list(key, rest, context);
        let value_count = self.piece.part_values.len() as u32 - first_value;
        let at = TextRange::new(key.start, self.trimmed(input, rest).end);
        self.piece.parts.push(Part { key, at, kind, first_value, value_count });
        rest
    }

    fn part_values_list(
        &mut self,
        key: TextRange,
        input: Input<'t>,
        context: Context,
    ) -> Input<'t> {
        let mut rest = input;
        loop {
            rest = match self.gap(input, rest, context) {
                Some(content) if !matches!(content.first(), Some(b';' | b')' | b',')) => content,
                _ => {
                    self.report(SyntaxFault::NoValue, key);
                    return blanks(rest);
                }
            };
            rest = self.part_value(rest, context);
            let next = self.gap(input, rest, context).unwrap_or(rest);
            match next.first() {
                Some(b',') => rest = next.get(1..).unwrap_or_default(),
                _ => return rest,
            }
        }
    }

    fn bare_part(&mut self, input: Input<'t>, context: Context) -> Input<'t> {
        let rest = self.part_value(input, context);
        let value = self.piece.part_values.pop();
        let at = value.map_or_else(|| self.trimmed(input, rest), |value| value.at());
        match value.map(|value| value.kind()) {
            Some(ValueKind::Bare) => self.push_bare_part(PartKind::Bare, at),
            Some(ValueKind::Error) => self.push_bare_part(PartKind::Error, at),
            _ => {
                self.report(SyntaxFault::UnknownPart, at);
                self.push_bare_part(PartKind::Error, at);
            }
        }
        rest
    }

    /// Parses the words before a part's colon; a date with a time of day has a colon too, but no words.
    fn part_key(&self, input: Input<'t>) -> Option<(TextRange, Input<'t>)> {
        let window = input.get(..input.len().min(LONGEST_KEY)).unwrap_or_default();
        let is_word = |byte: &u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_') || *byte >= 0x80
        };
        let colon = window.iter().position(|byte| !is_word(byte))?;
        if window.get(colon) != Some(&b':') {
            return None;
        }
        let words = window.get(..colon)?.trim_ascii_end();
        let is_clock = words.first()?.is_ascii_digit() && !words.contains(&b' ');
        let behind = input.get(colon + 1..)?;
        let start = self.position(input);
        (!is_clock).then(|| (TextRange::new(start, start + words.len() as u32), behind))
    }

    /// Tells whether a key is `source`, `note`, `quote`, `after`, `before` or `4 days before`.
    fn is_part_key(&self, key: TextRange) -> bool {
        let mut words = self.text_of(key).split_ascii_whitespace();
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("source" | "note" | "quote" | "after" | "before"), None, None, None) => true,
            (Some(count), Some(unit), Some("after" | "before"), None) => {
                let unit = unit.strip_suffix('s').unwrap_or(unit);
                count.parse::<u32>().is_ok() && matches!(unit, "day" | "week" | "month" | "year")
            }
            _ => false,
        }
    }
}
