//! Values: bare ones, strings, lists of them.

use super::builder::Builder;
use super::faults::SyntaxFault;
use crate::syntax::ast::{PartKind, TextRange, Value, ValueKind};
use crate::syntax::terminals::{
    Fault, FaultKind, Input, Parsed, StringForm, blanks, decode_string, identifier, is_blank,
    line_end, may_end_bare, string,
};

/// Where values stand, which decides what ends a bare one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// `|` ends a value, and nothing goes on in the next line.
    pub is_cell: bool,
    /// `;` and `)` end a value.
    pub is_part: bool,
    /// A string may follow a bare value: the place in the source.
    pub is_source: bool,
}

impl Context {
    /// In a field line.
    pub const FIELD: Context = Context { is_cell: false, is_part: false, is_source: false };
    /// In a table's cell.
    pub const CELL: Context = Context { is_cell: true, is_part: false, is_source: false };

    /// The same place, where sources are named.
    pub fn of_source(self) -> Context {
        Context { is_source: true, ..self }
    }

    /// Inside a parenthesis of the same place.
    pub fn in_part(self) -> Context {
        Context { is_part: true, ..self }
    }
}

/// Parses `bare = piece, { blank, piece }`, up to what ends it.
fn bare(input: Input<'_>, context: Context) -> Parsed<'_, ()> {
    let mut rest = input;
    loop {
        let Some(at) = rest.iter().position(|byte| may_end_bare(*byte)) else {
            return Ok((&[], ()));
        };
        let from = rest.get(at..).unwrap_or_default();
        let ends = match from.first() {
            Some(b'|') => context.is_cell,
            Some(b';') => context.is_part,
            Some(b'"') => context.is_source,
            Some(b'[' | b'{') => {
                rest = behind_bracket(from)?;
                continue;
            }
            _ => true,
        };
        if ends {
            return Ok((from, ()));
        }
        rest = from.get(1..).unwrap_or_default();
    }
}

/// Passes over `[…]` or `{…}`, which stand in one line.
fn behind_bracket(input: Input<'_>) -> Result<Input<'_>, nom::Err<Fault>> {
    let mut depth = 0_usize;
    for (at, byte) in input.iter().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth -= 1,
            b'\n' => break,
            _ => {}
        }
        if depth == 0 {
            return Ok(input.get(at + 1..).unwrap_or_default());
        }
    }
    let behind = input.get(1..).unwrap_or_default();
    Err(nom::Err::Failure(Fault::between(FaultKind::UnclosedBracket, input, behind)))
}

/// Most values of one field line: each costs memory, and more are no facts but data of another kind.
const MOST_VALUES: usize = 1_000_000;

impl<'t> Builder<'t> {
    /// Parses `values = [ parenthesis ], value, { ",", value }` or `citations = citation, { ",", citation }`; returns
    /// the end of the last line, or a cell's end.
    pub(super) fn values(
        &mut self,
        key: TextRange,
        input: Input<'t>,
        context: Context,
    ) -> Input<'t> {
        let first = self.piece.values.len();
        let mut told_of_second = false;
        let mut is_due = true;
        let mut comma = None;
        // One slip of the kind is told once a field, however often it was made.
        let mut told_of_comma = false;
        let mut rest = input;
        loop {
            rest = blanks(rest);
            match rest.first() {
                None | Some(b'\n' | b'#') => {
                    let Some(content) = self.going_on(rest, context) else {
                        self.report_missing(key, comma, is_due);
                        return rest;
                    };
                    if begins_with_words(content) && !is_due {
                        // A colon is missing here, or, if the line is indented deeper, a comma above.
                        if self.is_deeper(content, input) {
                            self.push_error(content);
                        }
                        return self.line_without_key(content);
                    }
                    rest = content;
                }
                Some(b'|') if context.is_cell => {
                    self.report_missing(key, comma, is_due);
                    return rest;
                }
                Some(b',') => {
                    let behind = rest.get(1..).unwrap_or_default();
                    let at = self.range(rest, behind);
                    if is_due && !told_of_comma {
                        told_of_comma = true;
                        self.report(SyntaxFault::NoValueBeforeComma, at);
                        self.push_value(ValueKind::Error, at);
                    }
                    comma = Some(at);
                    is_due = true;
                    rest = behind;
                }
                Some(_) if self.piece.values.len() - first > MOST_VALUES => {
                    let at = self.range(rest, rest.get(1..).unwrap_or_default());
                    self.report(SyntaxFault::TooManyValues, TextRange::new(at.start, at.start));
                    return self.give_up(rest, context);
                }
                Some(b'(') => {
                    let is_first = self.piece.values.len() == first;
                    let (behind, is_closed) = self.values_parenthesis(
                        rest,
                        context,
                        (is_first, is_due),
                        &mut told_of_second,
                    );
                    if !is_closed {
                        // What else the parenthesis has taken in is not missing.
                        self.push_error(rest);
                        return self.give_up(behind, context);
                    }
                    rest = behind;
                }
                Some(b')') => {
                    let mut at = self.to_line_end(rest);
                    at.end = at.end.min(self.trimmed(rest, self.end_of_place(rest, context)).end);
                    self.report(SyntaxFault::UnexpectedText, at);
                    self.push_error(rest);
                    return self.give_up(rest, context);
                }
                Some(_) => {
                    let behind = self.value(rest, context);
                    let last = self.piece.values.last().copied();
                    if let Some(last) = last.filter(|last| last.kind() == ValueKind::Error) {
                        // With a second mark in the line it was not meant to run on.
                        let text = self.text_of(last.at());
                        let is_text = text.starts_with('"') && text.matches('"').count() == 1;
                        return match is_text && !context.is_cell {
                            true => self.skip_text(behind),
                            false => self.give_up(behind, context),
                        };
                    }
                    if !is_due && !told_of_comma {
                        told_of_comma = true;
                        let at = self.trimmed(rest, behind);
                        self.report(SyntaxFault::MissingComma, at);
                    }
                    is_due = false;
                    rest = behind;
                }
            }
        }
    }

    /// Returns the next line's content if it goes on with the values.
    fn going_on(&mut self, input: Input<'t>, context: Context) -> Option<Input<'t>> {
        if context.is_cell {
            return None;
        }
        let (content, is_indented) = self.next_line(input);
        (is_indented && self.key_ahead(content).is_none()).then_some(content)
    }

    fn report_missing(&mut self, key: TextRange, comma: Option<TextRange>, is_due: bool) {
        if !is_due {
            return;
        }
        match comma {
            Some(at) => self.report(SyntaxFault::NoValueBehindComma, at),
            None => self.report(SyntaxFault::NoValue, key),
        }
        let at = comma.unwrap_or(key).end;
        self.push_value(ValueKind::Error, TextRange::new(at, at));
    }

    /// Adds a value that stands for something lost at `input`, so that nothing is missing on its account.
    fn push_error(&mut self, input: Input<'t>) {
        let at = self.position(input);
        self.push_value(ValueKind::Error, TextRange::new(at, at));
    }

    /// Passes over what is left of a field or a cell behind a fault that makes the rest unreadable.
    fn give_up(&mut self, input: Input<'t>, context: Context) -> Input<'t> {
        match context.is_cell {
            true => self.end_of_place(input, context),
            false => self.skip_field(input),
        }
    }

    /// Returns the end of the line, or of the cell.
    fn end_of_place(&self, input: Input<'t>, context: Context) -> Input<'t> {
        let end = line_end(input);
        let line = input.get(..input.len() - end.len()).unwrap_or_default();
        match memchr::memchr(b'|', line).filter(|_| context.is_cell) {
            Some(at) => input.get(at..).unwrap_or_default(),
            None => end,
        }
    }

    /// Parses a parenthesis among values: of the whole line before the first one, else of the last one.
    fn values_parenthesis(
        &mut self,
        input: Input<'t>,
        context: Context,
        (is_first, is_due): (bool, bool),
        told_of_second: &mut bool,
    ) -> (Input<'t>, bool) {
        let first_part = self.piece.parts.len();
        if *told_of_second {
            // One parenthesis too many is told once a field, whatever the others look like.
            let (rest, is_closed) = self.quiet_parenthesis(input, context);
            self.piece.parts.truncate(first_part);
            return (rest, is_closed);
        }
        let (rest, is_closed) = self.parenthesis(input, context);
        let at = self.trimmed(input, rest);
        if is_first {
            let is_second = self.piece.lines.last().is_some_and(|line| line.has_parts);
            self.attach_to_last_line(first_part);
            if is_second {
                *told_of_second = true;
                self.report(SyntaxFault::SecondParenthesis, at);
            }
        } else if is_due {
            self.report(SyntaxFault::UnexpectedText, at);
        } else {
            let has_one = |builder: &Builder<'_>| {
                let last = builder.piece.value_parts.last().copied();
                let owner = builder.piece.values.len() as u32 - 1;
                last.filter(|attached| attached.owner == owner).is_some_and(|attached| {
                    let parts = builder.piece.parts.get(attached.first as usize..first_part);
                    parts.is_some_and(|parts| {
                        parts.iter().any(|part| part.kind != PartKind::Language)
                    })
                })
            };
            let is_second = has_one(self);
            self.attach_to_last_value(first_part);
            if is_second {
                *told_of_second = true;
                self.report(SyntaxFault::SecondParenthesis, at);
            }
        }
        (rest, is_closed)
    }

    /// Parses `value = text | bare` or `citation = identifier, [ string ] | string` into the open line.
    fn value(&mut self, input: Input<'t>, context: Context) -> Input<'t> {
        if input.first() == Some(&b'"') {
            let first_part = self.piece.parts.len();
            let (rest, value) = self.string_value(input, context);
            self.piece.values.push(value);
            self.attach_to_last_value(first_part);
            return rest;
        }
        let (rest, value) = self.bare_value(input, context);
        self.piece.values.push(value);
        if !context.is_source || rest.first() != Some(&b'"') || value.kind() == ValueKind::Error {
            return rest;
        }
        let (rest, locator) = self.string_value(rest, context);
        self.piece.values.push(as_locator(locator));
        rest
    }

    /// Parses a value of a parenthesis's part, or of `cite`.
    pub(super) fn part_value(&mut self, input: Input<'t>, context: Context) -> Input<'t> {
        let first_part = self.piece.parts.len();
        let (rest, value) = match input.first() {
            Some(b'"') => self.string_value(input, context),
            _ => self.bare_value(input, context),
        };
        self.refuse_language(first_part);
        self.piece.part_values.push(value);
        if !context.is_source || rest.first() != Some(&b'"') || value.kind() != ValueKind::Bare {
            return rest;
        }
        let (rest, locator) = self.string_value(rest, context);
        self.refuse_language(first_part);
        self.piece.part_values.push(as_locator(locator));
        rest
    }

    /// Reports a language tag behind a note or a locator, which have none: left among the parts, it would be taken
    /// for the statement's.
    fn refuse_language(&mut self, first_part: usize) {
        if let Some(tag) = self.piece.parts.get(first_part).map(|part| part.at) {
            self.piece.parts.truncate(first_part);
            self.report(SyntaxFault::UnexpectedText, tag);
        }
    }

    fn bare_value(&mut self, input: Input<'t>, context: Context) -> (Input<'t>, Value) {
        match bare(input, context) {
            Ok((rest, ())) => {
                let at = self.trimmed(input, rest);
                (rest, self.checked_value(ValueKind::Bare, at))
            }
            Err(nom::Err::Error(fault) | nom::Err::Failure(fault)) => {
                self.report_terminal(fault);
                let rest = self.end_of_place(input, context);
                let at = self.trimmed(input, rest);
                (rest, Value::new(ValueKind::Error, at, false))
            }
            Err(nom::Err::Incomplete(_)) => {
                (&[], Value::new(ValueKind::Error, TextRange::default(), false))
            }
        }
    }

    /// Parses `text = string, [ language ]`; the tag becomes a part that the caller attaches.
    pub(super) fn string_value(
        &mut self,
        input: Input<'t>,
        context: Context,
    ) -> (Input<'t>, Value) {
        let parsed = string(input);
        let closed = parsed.ok().filter(|(rest, form)| {
            let taken = input.get(..input.len() - rest.len()).unwrap_or_default();
            !is_another_opening(taken, rest, *form, context)
        });
        let Some((rest, form)) = closed else {
            let behind = input.get(1..).unwrap_or_default();
            let mark = self.range(input, behind);
            self.report(SyntaxFault::UnclosedString, mark);
            let rest = line_end(input);
            let at = self.trimmed(input, rest);
            return (rest, Value::new(ValueKind::Error, at, false));
        };
        let at = self.range(input, rest);
        let kind = match form {
            StringForm::Plain => ValueKind::Text,
            StringForm::Escaped => ValueKind::EscapedText,
        };
        if form == StringForm::Escaped {
            self.report_escapes(at);
        }
        let value = self.checked_value(kind, at);
        (self.language(rest), value)
    }

    fn report_escapes(&mut self, at: TextRange) {
        let text = self.text_of(TextRange::new(at.start + 1, at.end - 1));
        for bad in decode_string(text).1 {
            let start = at.start + bad.at as u32;
            self.report(
                SyntaxFault::UnknownEscape,
                TextRange::new(start, start + bad.length as u32),
            );
        }
    }

    /// Parses `language = "@", identifier` directly behind a string.
    fn language(&mut self, input: Input<'t>) -> Input<'t> {
        let Some(tag) = input.strip_prefix(b"@") else { return input };
        match identifier(tag) {
            Ok((rest, _)) => {
                let at = self.range(tag, rest);
                self.push_bare_part(PartKind::Language, at);
                rest
            }
            Err(_) => {
                let is_end = |byte: &u8| is_blank(*byte) || may_end_bare(*byte);
                let end = tag.iter().position(is_end).unwrap_or(tag.len());
                let behind = tag.get(end..).unwrap_or_default();
                let at = self.range(input, behind);
                self.report(SyntaxFault::UnexpectedText, at);
                behind
            }
        }
    }
}

/// Tells whether the mark that closed a string rather opens the next one, because the string's own closing mark is
/// missing. `taken` is the string with its marks.
///
/// Such a mark stands behind white space or `(`, and what follows it fits nowhere; or the string has taken in a line
/// that begins a field, or a cell's border.
fn is_another_opening(
    taken: Input<'_>,
    rest: Input<'_>,
    form: StringForm,
    context: Context,
) -> bool {
    let has_break = form == StringForm::Escaped && memchr::memchr(b'\n', taken).is_some();
    if has_break && context.is_cell {
        return true;
    }
    let before = taken.get(1..taken.len().saturating_sub(1)).and_then(<[u8]>::last);
    let looks_so = before.is_some_and(|byte| is_blank(*byte) || matches!(byte, b'\n' | b'('));
    let has_border = context.is_cell && memchr::memchr(b'|', taken).is_some();
    if !looks_so && !has_border && !has_break {
        return false;
    }
    let follows = blanks(rest).first();
    let fits =
        matches!(follows, None | Some(b',' | b'(' | b')' | b'#' | b'\n' | b'|' | b';' | b'@'));
    let has_field = has_break && taken.split(|byte| *byte == b'\n').skip(1).any(begins_field);
    match fits {
        true => looks_so && has_field,
        false => looks_so || has_field || has_border,
    }
}

fn begins_field(line: &[u8]) -> bool {
    let behind_key = identifier(blanks(line)).ok().map(|(rest, _)| blanks(rest));
    behind_key.is_some_and(|rest| rest.first() == Some(&b':'))
}

/// Tells whether a line begins with a word and something else behind it, as a field without its colon does.
pub(super) fn begins_with_words(content: Input<'_>) -> bool {
    let Ok((rest, word)) = identifier(content) else { return false };
    if word == b"unknown" {
        // A quantity of which only the unit is known.
        return false;
    }
    let behind = blanks(rest);
    let is_parted = behind.len() < rest.len();
    is_parted && !matches!(behind.first(), None | Some(b'\n' | b'#' | b',' | b'(' | b')'))
}

fn as_locator(value: Value) -> Value {
    match value.kind() {
        ValueKind::Text | ValueKind::EscapedText => {
            Value::new(ValueKind::Locator, value.at(), false)
        }
        _ => value,
    }
}
