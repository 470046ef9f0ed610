//! What every parser of the query language shares: the text with its place, its brackets, what was said.
//!
//! Brackets and quotes are matched once, before parsing, so that a parser can look behind a bracket without
//! trying, and so that no parser can go deeper than the limit.

use super::lexer;
use crate::diagnostic::{Diagnostic, code};
use crate::source::{FileId, Span};
use nom::IResult;
use nom::error::{ErrorKind, ParseError};
use std::cell::RefCell;

/// How deeply brackets may be nested.
pub const DEEPEST: usize = 64;

/// How long a query, or the condition of a rule, may be, in bytes.
pub const LONGEST: usize = 1 << 20;

/// Why a parser cannot go on.
#[derive(Debug)]
pub enum Fault {
    /// Something unexpected, with this many bytes left.
    Left(usize),
    /// A finding of its own.
    Said(Box<Diagnostic>),
}

impl ParseError<&str> for Fault {
    fn from_error_kind(input: &str, _: ErrorKind) -> Fault {
        Fault::Left(input.len())
    }

    fn append(_: &str, _: ErrorKind, other: Fault) -> Fault {
        other
    }
}

/// What a parser returns: the rest of the text and what it made.
pub type Parsed<'a, T> = IResult<&'a str, T, Fault>;

/// The text of one query and what is known of it.
pub struct Context<'a> {
    text: &'a str,
    file: FileId,
    base: u32,
    /// Opening and closing places, sorted by the opening one.
    brackets: Vec<(usize, usize)>,
    said: RefCell<Vec<Diagnostic>>,
}

impl<'a> Context<'a> {
    /// Matches the brackets of a text that begins at byte `base` of `file`.
    pub fn new(text: &'a str, file: FileId, base: u32) -> Result<Context<'a>, Box<Diagnostic>> {
        let mut context =
            Context { text, file, base, brackets: Vec::new(), said: RefCell::new(Vec::new()) };
        if text.len() > LONGEST {
            return Err(too_long(&context));
        }
        context.brackets = match_brackets(&context)?;
        Ok(context)
    }

    /// Returns the whole text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Returns where `rest`, an end of the text, begins.
    pub fn offset(&self, rest: &str) -> usize {
        self.text.len().saturating_sub(rest.len())
    }

    /// Returns the span from where `start` begins to where `rest` begins, without blanks at its end.
    pub fn span(&self, start: &str, rest: &str) -> Span {
        let from = self.offset(start);
        let covered = self.text.get(from..self.offset(rest)).unwrap_or("").trim_end();
        self.bytes(from, from + covered.len())
    }

    /// Returns the span of the text's bytes `from` to `to`.
    pub fn bytes(&self, from: usize, to: usize) -> Span {
        Span::new(self.file, self.base + from as u32, self.base + to as u32)
    }

    /// Returns the span of the next word or sign of `rest`, or of the text's end.
    pub fn here(&self, rest: &'a str) -> Span {
        let rest = lexer::blank(rest);
        let from = self.offset(rest);
        match lexer::any_token(rest) {
            "" => {
                let end = self.text.trim_end().len();
                self.bytes(end, end)
            }
            token => self.bytes(from, from + token.len()),
        }
    }

    /// Returns the text of a span of this query.
    pub fn slice(&self, span: Span) -> &'a str {
        let from = span.start.saturating_sub(self.base) as usize;
        let to = span.end.saturating_sub(self.base) as usize;
        self.text.get(from..to).unwrap_or("")
    }

    /// Returns what stands before a span of this query.
    pub fn before(&self, span: Span) -> &'a str {
        self.text.get(..span.start.saturating_sub(self.base) as usize).unwrap_or("")
    }

    /// Returns what follows the bracket that closes the one `input` begins with.
    pub fn behind_bracket(&self, input: &str) -> Option<&'a str> {
        let at = self.offset(input);
        let found = self.brackets.binary_search_by_key(&at, |(open, _)| *open).ok()?;
        self.text.get(self.brackets.get(found)?.1 + 1..)
    }

    /// Notes a finding that does not stop the parser.
    pub fn say(&self, diagnostic: Diagnostic) {
        self.said.borrow_mut().push(diagnostic);
    }

    /// Returns what was noted.
    pub fn into_said(self) -> Vec<Diagnostic> {
        self.said.into_inner()
    }
}

/// Stops with a finding.
pub fn stop<T>(diagnostic: Diagnostic) -> Parsed<'static, T> {
    Err(nom::Err::Failure(Fault::Said(Box::new(diagnostic))))
}

/// Stops because `wanted` is not what `rest` begins with.
pub fn missing<'a, T>(context: &Context<'a>, rest: &'a str, wanted: &str) -> Parsed<'a, T> {
    stop(missing_here(context, rest, wanted))
}

/// Builds the finding that `wanted` is missing.
pub fn missing_here<'a>(context: &Context<'a>, rest: &'a str, wanted: &str) -> Diagnostic {
    let at = context.here(rest);
    match at.is_empty() {
        true => Diagnostic::new(
            code::QUERY_SYNTAX,
            format!("the query breaks off where {wanted} is missing"),
            at,
            format!("{wanted} is missing"),
        )
        .help(
            "if a shell took `<` or `>` for itself, put the whole query in single quotes, or write `before` and `after`",
        ),
        false => Diagnostic::new(
            code::QUERY_SYNTAX,
            format!("{wanted} is missing before `{}`", context.slice(at)),
            at,
            format!("{wanted} is missing here"),
        ),
    }
}

fn too_long(context: &Context) -> Box<Diagnostic> {
    let first = context.text.chars().next().map_or(0, char::len_utf8);
    let message = format!("the query has {} bytes, and {LONGEST} are the most", context.text.len());
    let said = Diagnostic::new(code::TOO_DEEP, message, context.bytes(0, first), "it begins here");
    Box::new(said.help("put what it names into the facts, as a rule or as values of a field"))
}

/// Matches brackets outside quotes, and finds quotes that are never closed.
fn match_brackets(context: &Context) -> Result<Vec<(usize, usize)>, Box<Diagnostic>> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut matched = Vec::new();
    let mut rest = context.text;
    let mut before = ' ';
    while let Some(letter) = rest.chars().next() {
        let at = context.offset(rest);
        let mut width = letter.len_utf8();
        match letter {
            '"' | '\'' if lexer::opens_string(before, letter) => {
                width = lexer::string_length(rest).ok_or_else(|| unclosed_quote(context, at))?;
            }
            '#' if before.is_whitespace() => width = lexer::comment_length(rest),
            '(' | '[' | '{' => {
                open.push((at, letter));
                if open.len() > DEEPEST {
                    return Err(too_deep(context, at));
                }
            }
            ')' | ']' | '}' => match open.pop() {
                Some((opened, bracket)) if closing(bracket) == letter => matched.push((opened, at)),
                other => return Err(stray_bracket(context, at, letter, other)),
            },
            _ => {}
        }
        before = letter;
        rest = rest.get(width..).unwrap_or("");
    }
    if let Some((at, bracket)) = open.pop() {
        return Err(unclosed_bracket(context, at, bracket));
    }
    matched.sort_unstable();
    Ok(matched)
}

fn closing(bracket: char) -> char {
    match bracket {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

fn unclosed_quote(context: &Context, at: usize) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(
            code::QUERY_SYNTAX,
            "a quotation mark is never closed",
            context.bytes(at, at + 1),
            "the quotation opens here",
        )
        .help("close it with the same mark, or leave the marks out: several bare words may stand as a value"),
    )
}

fn unclosed_bracket(context: &Context, at: usize, bracket: char) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(
            code::QUERY_SYNTAX,
            format!("`{bracket}` is never closed"),
            context.bytes(at, at + 1),
            "it opens here",
        )
        .help(format!("add `{}` where it should end", closing(bracket))),
    )
}

fn stray_bracket(
    context: &Context,
    at: usize,
    letter: char,
    opened: Option<(usize, char)>,
) -> Box<Diagnostic> {
    let span = context.bytes(at, at + 1);
    Box::new(match opened {
        None => Diagnostic::new(
            code::QUERY_SYNTAX,
            format!("`{letter}` closes nothing"),
            span,
            "no bracket is open here",
        )
        .help(format!("take `{letter}` out, or open the bracket where it should begin")),
        Some((from, bracket)) => Diagnostic::new(
            code::QUERY_SYNTAX,
            format!("`{bracket}` is closed by `{letter}`"),
            span,
            format!("`{}` belongs here", closing(bracket)),
        )
        .and_at(context.bytes(from, from + 1), "this one is open"),
    })
}

fn too_deep(context: &Context, at: usize) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(
            code::TOO_DEEP,
            format!("brackets are nested more than {DEEPEST} deep"),
            context.bytes(at, at + 1),
            "one too many",
        )
        .help("take out brackets that change nothing"),
    )
}
