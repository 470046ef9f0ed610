//! Parentheses behind values, before them, and behind headers: what qualifies a statement.

use super::builder::Builder;
use super::faults::SyntaxFault;
use super::value::Context;
use crate::syntax::ast::{Part, PartKind, TextRange, ValueKind};
use crate::syntax::terminals::{Input, blanks, is_blank};

/// Most parts of one parenthesis.
const MOST_PARTS: usize = 1_000;

/// Longest key of a part, in bytes: `12 months before`.
const LONGEST_KEY: usize = 64;

impl<'t> Builder<'t> {
    /// Parses `parenthesis = "(", part, { ";", part }, ")"`; returns what is behind it, and whether it is closed.
    pub(super) fn parenthesis(&mut self, input: Input<'t>, context: Context) -> (Input<'t>, bool) {
        let context = Context { is_source: false, ..context }.in_part();
        let first_part = self.piece.parts.len();
        self.hold_faults();
        let ended = self.parts(input, context);
        let held = self.held_faults();
        match ended {
            Ok(behind) => {
                held.into_iter().for_each(|(fault, at)| self.report(fault, at));
                if self.piece.parts.len() == first_part {
                    let at = self.range(input, behind);
                    self.report(SyntaxFault::EmptyParenthesis, at);
                    self.push_bare_part(PartKind::Error, at);
                }
                (behind, true)
            }
            Err(reached) => {
                // It says nothing; and the one fault is a mark inside that is never closed, if there is one.
                let at = self.range(input, input.get(1..).unwrap_or_default());
                let is_cause = |fault: SyntaxFault| {
                    matches!(fault, SyntaxFault::UnclosedString | SyntaxFault::UnclosedBracket)
                };
                let cause = held.into_iter().find(|(fault, _)| is_cause(*fault));
                let (fault, place) = cause.unwrap_or((SyntaxFault::UnclosedParenthesis, at));
                self.report(fault, place);
                self.piece.parts.truncate(first_part);
                self.push_bare_part(PartKind::Error, at);
                (reached, false)
            }
        }
    }

    /// Passes over a parenthesis of which nothing is told, unless it is never closed.
    pub(super) fn quiet_parenthesis(
        &mut self,
        input: Input<'t>,
        context: Context,
    ) -> (Input<'t>, bool) {
        let context = Context { is_source: false, ..context }.in_part();
        self.hold_faults();
        let ended = self.parts(input, context);
        self.held_faults();
        match ended {
            Ok(behind) => (behind, true),
            Err(reached) => {
                let at = self.range(input, input.get(1..).unwrap_or_default());
                self.report(SyntaxFault::UnclosedParenthesis, at);
                (reached, false)
            }
        }
    }

    /// Parses the parts up to the closing mark; where there is none, gives the place that was reached.
    fn parts(&mut self, open: Input<'t>, context: Context) -> Result<Input<'t>, Input<'t>> {
        let mut rest = open.get(1..).unwrap_or_default();
        let mut told_of_comma = false;
        let first = self.piece.parts.len();
        loop {
            let content = self.gap(open, rest, context)?;
            if self.piece.parts.len() - first > MOST_PARTS {
                let at = self.position(content);
                self.report(SyntaxFault::TooManyParts, TextRange::new(at, at));
                self.piece.parts.truncate(first);
                self.push_bare_part(PartKind::Error, TextRange::new(at, at));
                return Ok(behind_unfitting_parts(content));
            }
            let next = match content.first() {
                Some(b')' | b';' | b',' | b'(') => content,
                Some(b'|') if context.is_cell => return Err(content),
                _ => {
                    let behind = self.part(content, context);
                    self.gap(open, behind, context)?
                }
            };
            let behind = next.get(1..).unwrap_or_default();
            match next.first() {
                Some(b')') => return Ok(behind),
                Some(b';') => rest = behind,
                Some(b',') => {
                    if !std::mem::replace(&mut told_of_comma, true) {
                        let at = self.trimmed(content, behind);
                        self.report(SyntaxFault::CommaInParenthesis, at);
                    }
                    rest = behind;
                }
                Some(b'|') if context.is_cell => return Err(next),
                _ => {
                    rest = behind_unfitting(next);
                    let at = self.trimmed(next, rest);
                    self.report(SyntaxFault::UnexpectedText, at);
                    self.push_bare_part(PartKind::Error, at);
                }
            }
        }
    }

    /// Passes over blanks, comments and line breaks inside a parenthesis; where it is left without closing, gives
    /// the end of its last line.
    ///
    /// A line that begins like a field goes on with the parenthesis only where a part must follow and it is one.
    fn gap(
        &mut self,
        open: Input<'t>,
        input: Input<'t>,
        context: Context,
    ) -> Result<Input<'t>, Input<'t>> {
        let content = blanks(input);
        match content.first() {
            None => Err(content),
            Some(b'\n' | b'#') if context.is_cell => Err(content),
            Some(b'\n' | b'#') => {
                let taken = open.get(..open.len() - input.len()).unwrap_or_default();
                let part_is_due = matches!(taken.trim_ascii_end().last(), Some(b'(' | b';' | b','));
                let (line, is_indented) = self.next_line(content);
                let goes_on = is_indented
                    && match self.field_key(line) {
                        None => true,
                        Some((key, _)) => part_is_due && self.is_part_key(key),
                    };
                if goes_on { Ok(line) } else { Err(content) }
            }
            Some(_) => Ok(content),
        }
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
                Ok(content) if !matches!(content.first(), Some(b';' | b')' | b',')) => content,
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
            byte.is_ascii_alphanumeric()
                || is_blank(*byte)
                || matches!(byte, b'-' | b'_')
                || *byte >= 0x80
        };
        let colon = window.iter().position(|byte| !is_word(byte))?;
        if window.get(colon) != Some(&b':') {
            return None;
        }
        let words = window.get(..colon)?.trim_ascii_end();
        let is_clock = words.first()?.is_ascii_digit() && !words.iter().any(|byte| is_blank(*byte));
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

/// Passes over all that is left of a parenthesis, or of its line.
fn behind_unfitting_parts(input: Input<'_>) -> Input<'_> {
    let end = memchr::memchr2(b')', b'\n', input).unwrap_or(input.len());
    let rest = input.get(end..).unwrap_or_default();
    rest.strip_prefix(b")").unwrap_or(rest)
}

/// Passes over text that is no part: a parenthesis inside the parenthesis as a whole, else up to `;`, `)` or the
/// line's end.
fn behind_unfitting(input: Input<'_>) -> Input<'_> {
    let mut depth = 0_usize;
    for (at, byte) in input.iter().enumerate() {
        match byte {
            b'\n' => return input.get(at..).unwrap_or_default(),
            b'(' => depth += 1,
            b')' if depth == 0 => return input.get(at..).unwrap_or_default(),
            b')' => depth -= 1,
            b';' if depth == 0 => return input.get(at..).unwrap_or_default(),
            _ => {}
        }
    }
    &[]
}
