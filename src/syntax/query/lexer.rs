//! The smallest pieces: blanks, names, keywords, signs, strings, bare words. All are nom parsers on `&str`.

use super::ast::Word;
use super::context::{Context, Fault, Parsed, missing};
use super::terminals;
use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while, take_while1};
use nom::character::complete::{char, satisfy};
use nom::combinator::recognize;
use nom::multi::many0_count;
use nom::sequence::pair;

/// Passes over white space and comments.
///
/// EBNF: `blank = { white | "#", { any } - "\n" } ;`
pub fn blank(input: &str) -> &str {
    let space = take_while1::<_, _, Fault>(char::is_whitespace);
    let comment = recognize(pair(char('#'), take_till(|letter| letter == '\n')));
    let mut blanks = recognize(many0_count(alt((space, comment))));
    blanks.parse(input).map_or(input, |(rest, _)| rest)
}

/// Reads a name where `input` begins with one; blanks before it are passed over by the caller.
///
/// EBNF: `name = letter, { letter | digit | "-" | "_" } ;`
fn bare_name(input: &str) -> Parsed<'_, &str> {
    let goes_on = |letter: char| {
        letter.is_alphanumeric() || matches!(letter, '-' | '_' | '\u{300}'..='\u{36f}')
    };
    recognize(pair(satisfy(char::is_alphabetic), take_while(goes_on))).parse(input)
}

/// Reads a name with its place.
pub fn name<'a>(context: &Context<'a>, input: &'a str, wanted: &str) -> Parsed<'a, Word> {
    let start = blank(input);
    match bare_name(start) {
        Ok((rest, text)) => {
            Ok((rest, Word { text: text.to_owned(), span: context.span(start, rest) }))
        }
        Err(_) => missing(context, start, wanted),
    }
}

/// Returns the name that `input` begins with, behind blanks; empty where there is none.
pub fn peek_name(input: &str) -> &str {
    bare_name(blank(input)).map_or("", |(_, text)| text)
}

/// Passes over a keyword, in any case; nothing where another word stands there.
pub fn keyword<'a>(input: &'a str, word: &str) -> Option<&'a str> {
    let start = blank(input);
    let (rest, text) = bare_name(start).ok()?;
    text.eq_ignore_ascii_case(word).then_some(rest)
}

/// Passes over two keywords.
pub fn keywords<'a>(input: &'a str, first: &str, second: &str) -> Option<&'a str> {
    keyword(keyword(input, first)?, second)
}

/// Passes over a sign; nothing where something else stands there.
pub fn sign<'a>(input: &'a str, written: &str) -> Option<&'a str> {
    tag::<_, _, Fault>(written).parse(blank(input)).ok().map(|(rest, _)| rest)
}

/// Passes over a sign that must be there.
pub fn expect<'a>(context: &Context<'a>, input: &'a str, written: &str) -> Parsed<'a, ()> {
    match sign(input, written) {
        Some(rest) => Ok((rest, ())),
        None => missing(context, input, &format!("`{written}`")),
    }
}

/// Tells whether a quotation mark opens a string: an apostrophe inside a word does not.
pub fn opens_string(before: char, mark: char) -> bool {
    mark == '"' || !before.is_alphanumeric()
}

/// Returns how long the string is that `input` begins with, marks included.
pub fn string_length(input: &str) -> Option<usize> {
    let mark = input.chars().next()?;
    let mut letters = input.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if mark == '"' => {
                letters.next();
            }
            _ if letter == mark => {
                let inside_word =
                    mark == '\'' && letters.peek().is_some_and(|(_, next)| next.is_alphabetic());
                if !inside_word {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns how long the comment is that `input` begins with.
pub fn comment_length(input: &str) -> usize {
    input.find('\n').unwrap_or(input.len())
}

/// Reads a string in either kind of marks.
///
/// EBNF: `string = '"', { any | escape }, '"' | "'", { any }, "'" ;`
pub fn string<'a>(context: &Context<'a>, start: &'a str) -> Parsed<'a, Word> {
    let Some((written, rest)) =
        string_length(start).and_then(|length| start.split_at_checked(length))
    else {
        return missing(context, start, "a closing quotation mark");
    };
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or("");
    let text = if written.starts_with('"') { unescape(inner) } else { inner.to_owned() };
    Ok((
        rest,
        Word {
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
            span: context.span(start, rest),
        },
    ))
}

/// Replaces escapes by what they stand for; an unknown one stays as it is.
fn unescape(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        text.push_str(before);
        let (letter, length) = match escape.as_bytes().get(1) {
            Some(b'n') => ('\n', 2),
            Some(b't') => ('\t', 2),
            Some(b'u') => code_point(escape).unwrap_or(('\\', 1)),
            Some(b'"') => ('"', 2),
            Some(b'\\') => ('\\', 2),
            _ => ('\\', 1),
        };
        text.push(letter);
        rest = escape.get(length..).unwrap_or("");
    }
    text.push_str(rest);
    text
}

fn code_point(escape: &str) -> Option<(char, usize)> {
    let digits = escape.strip_prefix("\\u{")?;
    let end = digits.find('}')?;
    let letter = char::from_u32(u32::from_str_radix(digits.get(..end)?, 16).ok()?)?;
    Some((letter, end + 4))
}

/// Reads a date, a number or a range of numbers: what no bare word can be, since signs belong to it.
///
/// EBNF: `literal = ( digit | "-" | "~" | "?" | "[" | "{" | ".." ), { literal-sign | set } ;`
pub fn literal<'a>(context: &Context<'a>, start: &'a str) -> Option<&'a str> {
    if !begins_literal(start) {
        return None;
    }
    let mut rest = start;
    let mut before = ' ';
    while let Some(letter) = rest.chars().next() {
        let behind = rest.get(letter.len_utf8()..).unwrap_or("");
        let next = behind.chars().next().unwrap_or(' ');
        rest = match letter {
            '[' | '{' if before == ' ' || before == '/' => context.behind_bracket(rest)?,
            '.' if next == '.' => {
                // `1918/..` has no end, `..14` no beginning; between two values `..` parts them.
                let number_follows =
                    before == ' ' && behind.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
                if before != '/' && !number_follows {
                    break;
                }
                behind.get(1..).unwrap_or("")
            }
            '.' if before.is_ascii_digit() && next.is_ascii_digit() => behind,
            '/' | '-' | '~' | '?' | '%' | '+' | '_' => behind,
            ':' if next.is_ascii_digit() => behind,
            _ if letter.is_alphanumeric() => behind,
            _ => break,
        };
        before = letter;
    }
    Some(rest)
}

fn begins_literal(start: &str) -> bool {
    let mut letters = start.chars();
    let first = letters.next().unwrap_or(' ');
    let digit_follows = letters.next().is_some_and(|letter| letter.is_ascii_digit());
    match first {
        '0'..='9' | '[' | '{' => true,
        '-' | '~' | '?' | '%' => digit_follows,
        'Y' => digit_follows || start.starts_with("Y-"),
        '.' => start.starts_with("..") && start.as_bytes().get(2).is_some_and(u8::is_ascii_digit),
        _ => false,
    }
}

/// Reads one bare word of a value.
///
/// EBNF: `bare-word = bare-letter, { bare-letter } ;`
pub fn bare_word<'a>(context: &Context<'a>, start: &'a str) -> Option<&'a str> {
    if let Some(rest) = literal(context, start) {
        return Some(rest);
    }
    let mut end = start.len();
    let mut before = ' ';
    for (at, letter) in start.char_indices() {
        let behind = start.get(at..).unwrap_or("");
        let ends = letter.is_whitespace()
            || matches!(
                letter,
                '=' | '<'
                    | '>'
                    | '!'
                    | '~'
                    | '('
                    | ')'
                    | '['
                    | ']'
                    | '{'
                    | '}'
                    | ','
                    | '"'
                    | '|'
                    | '&'
            )
            || (letter == '\'' && opens_string(before, letter))
            || behind.starts_with("..")
            || (behind.starts_with("- ") && at == 0);
        if ends {
            end = at;
            break;
        }
        before = letter;
    }
    if end == 0 { None } else { start.get(end..) }
}

/// Tells whether a value of bare words ends before `rest`, since something else of the query begins there.
pub fn is_stop(rest: &str) -> bool {
    let word = peek_name(rest);
    terminals::STOPS.iter().any(|stop| stop.eq_ignore_ascii_case(word))
        || terminals::STOP_PAIRS
            .iter()
            .any(|(first, second)| keywords(rest, first, second).is_some())
}

/// Returns whatever stands next, for a message: a word, a sign, a string.
pub fn any_token(start: &str) -> &str {
    let first = start.chars().next().unwrap_or(' ');
    let length = match first {
        ' ' => 0,
        '"' | '\'' => string_length(start).unwrap_or(1),
        _ if first.is_alphanumeric() => start
            .find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '-' | '_')))
            .unwrap_or(start.len()),
        _ => terminals::leading(terminals::FOREIGN_SIGNS, start)
            .map(|(length, _)| length)
            .or(terminals::leading(terminals::SIGNS, start).map(|(length, _)| length))
            .unwrap_or(first.len_utf8()),
    };
    start.get(..length).unwrap_or("")
}
