//! The terminals of the language: blanks, identifiers, strings, comments.
//!
//! Bytes in, bytes out; a table of 256 classes decides most questions. The query parser and the formatter use
//! the same terminals as the fact parser.

use nom::bytes::complete::take_while;
use nom::error::{ErrorKind, ParseError};
use nom::{IResult, Parser};
use std::borrow::Cow;

/// Remaining input.
pub type Input<'t> = &'t [u8];

/// What is wrong, and how many bytes were left where it begins and where it ends.
///
/// A position counted from the end costs nothing to keep; who knows the end of the text turns it into a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Bytes left where it begins.
    pub left: usize,
    /// Bytes left behind it.
    pub left_behind: usize,
}

/// What a terminal or a line can be wrong about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// No terminal fits; the caller knows what was expected.
    NoMatch,
    /// A string's opening quotation mark is never closed.
    UnclosedString,
    /// `[` or `{` is never closed.
    UnclosedBracket,
}

impl Fault {
    /// Makes a fault of the bytes from `from` up to `behind`, which is a rest of it.
    pub fn between(kind: FaultKind, from: Input<'_>, behind: Input<'_>) -> Fault {
        Fault { kind, left: from.len(), left_behind: behind.len().min(from.len()) }
    }
}

impl<'t> ParseError<Input<'t>> for Fault {
    fn from_error_kind(input: Input<'t>, _: ErrorKind) -> Fault {
        Fault::between(FaultKind::NoMatch, input, input)
    }

    fn append(_: Input<'t>, _: ErrorKind, other: Fault) -> Fault {
        other
    }
}

/// What a terminal's parser gives.
pub type Parsed<'t, T> = IResult<Input<'t>, T, Fault>;

const BLANK: u8 = 1;
const NAME_START: u8 = 2;
const NAME: u8 = 4;
/// Ends a bare value outside brackets.
const ENDS_BARE: u8 = 8;
const DIGIT: u8 = 16;

static CLASSES: [u8; 256] = classes();

// The index runs below 256, the table's length; in a constant it would be found while compiling.
#[allow(clippy::indexing_slicing)]
const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t' | b'\r' => BLANK,
            b'a'..=b'z' | b'A'..=b'Z' => NAME_START | NAME,
            b'0'..=b'9' => NAME | DIGIT,
            b'-' | b'_' => NAME,
            b',' | b'(' | b')' | b'#' | b'\n' | b'|' | b';' | b'[' | b'{' | b'"' => ENDS_BARE,
            _ => 0,
        };
        byte += 1;
    }
    classes
}

// A byte is below 256, the table's length.
#[allow(clippy::indexing_slicing)]
fn is(byte: u8, class: u8) -> bool {
    CLASSES[byte as usize] & class != 0
}

/// Tells whether a byte is a blank: a space, a tab, or the carriage return before a line's end.
pub fn is_blank(byte: u8) -> bool {
    is(byte, BLANK)
}

/// Tells whether a byte may end a bare value, if the place where it stands allows.
pub fn may_end_bare(byte: u8) -> bool {
    is(byte, ENDS_BARE)
}

/// Parses any number of blanks, not line breaks.
pub fn blanks(input: Input<'_>) -> Input<'_> {
    let length = input.iter().position(|byte| !is_blank(*byte)).unwrap_or(input.len());
    input.get(length..).unwrap_or_default()
}

/// Parses `identifier = letter, { letter | digit | "-" | "_" }`; Unicode letters, digits and marks count.
pub fn identifier(input: Input<'_>) -> Parsed<'_, &[u8]> {
    let rest = match input.first() {
        Some(byte) if is(*byte, NAME_START) => {
            take_while(|byte| is(byte, NAME)).parse(input).map(|(rest, _)| rest)?
        }
        Some(byte) if *byte >= 0x80 => input,
        _ => return Err(no_match(input)),
    };
    let rest = match rest.first() {
        Some(byte) if *byte >= 0x80 => unicode_identifier_end(input),
        _ => rest,
    };
    match input.len() - rest.len() {
        0 => Err(no_match(input)),
        length => Ok((rest, input.get(..length).unwrap_or_default())),
    }
}

fn no_match(input: Input<'_>) -> nom::Err<Fault> {
    nom::Err::Error(Fault::between(FaultKind::NoMatch, input, input))
}

/// The slow way, for identifiers with letters beyond ASCII.
fn unicode_identifier_end(input: Input<'_>) -> Input<'_> {
    // An identifier is short, so that a long line is not decoded for each of its words; and most of what
    // begins with another byte than ASCII begins none.
    const LONGEST: usize = 1024;
    const ONE_LETTER: usize = 4;
    let first = decoded(input, ONE_LETTER).chars().next();
    if !first.is_some_and(char::is_alphabetic) {
        return input;
    }
    let text = decoded(input, LONGEST);
    let mut letters = text.char_indices();
    letters.next();
    let is_part = |letter: char| {
        letter.is_alphanumeric()
            || matches!(letter, '-' | '_')
            || unicode_normalization::char::is_combining_mark(letter)
    };
    let end = letters.find(|(_, letter)| !is_part(*letter)).map_or(text.len(), |(end, _)| end);
    input.get(end..).unwrap_or_default()
}

/// Returns what the first bytes mean, a letter that is cut left out.
fn decoded(input: Input<'_>, most: usize) -> &str {
    let window = input.get(..input.len().min(most)).unwrap_or_default();
    match std::str::from_utf8(window) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(window.get(..error.valid_up_to()).unwrap_or_default())
            .unwrap_or_default(),
    }
}

/// A string as it stands: how it has to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StringForm {
    /// It means what stands between the marks.
    Plain,
    /// It has escapes, line breaks or comment lines in it.
    Escaped,
}

/// Parses `string = '"', …, '"'`; it may run on over indented lines and comment lines, not over a margin.
pub fn string(input: Input<'_>) -> Parsed<'_, StringForm> {
    if input.first() != Some(&b'"') {
        return Err(no_match(input));
    }
    let mut form = StringForm::Plain;
    let mut rest = input.get(1..).unwrap_or_default();
    loop {
        let Some(at) = memchr::memchr3(b'"', b'\\', b'\n', rest) else {
            return Err(unclosed_string(input));
        };
        let found = rest.get(at).copied();
        rest = rest.get(at + 1..).unwrap_or_default();
        match found {
            Some(b'"') => return Ok((rest, form)),
            Some(b'\\') => {
                form = StringForm::Escaped;
                // A backslash does not save a line break.
                if rest.first().is_some_and(|byte| *byte != b'\n') {
                    rest = rest.get(1..).unwrap_or_default();
                }
            }
            _ => {
                form = StringForm::Escaped;
                rest = comment_lines(rest);
                let goes_on = rest.first().is_some_and(|byte| is_blank(*byte) || *byte == b'\n');
                if !goes_on {
                    return Err(unclosed_string(input));
                }
            }
        }
    }
}

fn unclosed_string(input: Input<'_>) -> nom::Err<Fault> {
    let behind = input.get(1..).unwrap_or_default();
    nom::Err::Error(Fault::between(FaultKind::UnclosedString, input, behind))
}

/// Passes over lines that start with `#`.
fn comment_lines(mut rest: Input<'_>) -> Input<'_> {
    while rest.first() == Some(&b'#') {
        rest = behind_line(rest);
    }
    rest
}

/// Returns what stands behind the next line break.
pub fn behind_line(input: Input<'_>) -> Input<'_> {
    match memchr::memchr(b'\n', input) {
        Some(at) => input.get(at + 1..).unwrap_or_default(),
        None => &[],
    }
}

/// Returns the rest of the input from the next line break on, the break included.
pub fn line_end(input: Input<'_>) -> Input<'_> {
    match memchr::memchr(b'\n', input) {
        Some(at) => input.get(at..).unwrap_or_default(),
        None => &[],
    }
}

/// An escape that means nothing, as an offset from the string's opening mark, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadEscape {
    /// Where the backslash stands.
    pub at: usize,
    /// How many bytes belong to it.
    pub length: usize,
}

/// Returns what a string between its marks means: escapes replaced, each line break with the white space around
/// it one space, comment lines left out. A bad escape is kept as written and reported.
pub fn decode_string(between: &str) -> (Cow<'_, str>, Vec<BadEscape>) {
    if memchr::memchr2(b'\\', b'\n', between.as_bytes()).is_none() {
        return (Cow::Borrowed(between), Vec::new());
    }
    let mut decoded = String::with_capacity(between.len());
    let mut bad = Vec::new();
    let mut rest = between;
    // What was written as an escape is meant, and is no white space before a break.
    let mut meant = 0;
    while let Some(at) = memchr::memchr2(b'\\', b'\n', rest.as_bytes()) {
        decoded.push_str(rest.get(..at).unwrap_or_default());
        let special = rest.get(at..).unwrap_or_default();
        if special.starts_with('\n') {
            let kept = decoded.trim_end_matches([' ', '\t', '\r']).len();
            decoded.truncate(kept.max(meant));
            rest = behind_break(special);
            if !decoded.is_empty() && !rest.is_empty() {
                decoded.push(' ');
            }
            continue;
        }
        let (meaning, length) = escape(special);
        match meaning {
            Some(letter) => decoded.push(letter),
            None => {
                let at = between.len() - special.len();
                bad.push(BadEscape { at: at + 1, length });
                decoded.push_str(special.get(..length).unwrap_or_default());
            }
        }
        meant = decoded.len();
        rest = special.get(length..).unwrap_or_default();
    }
    decoded.push_str(rest);
    (Cow::Owned(decoded), bad)
}

fn behind_break(text: &str) -> &str {
    let mut rest = text.trim_start_matches(['\n', '\r']);
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, behind)| behind);
    }
    let trimmed = rest.trim_start_matches([' ', '\t', '\r']);
    if trimmed.starts_with('\n') { behind_break(trimmed) } else { trimmed }
}

/// Reads the escape at the start of `text`: its letter, if it means one, and its length in bytes.
fn escape(text: &str) -> (Option<char>, usize) {
    let mut letters = text.char_indices().skip(1);
    let Some((_, letter)) = letters.next() else { return (None, 1) };
    let length = 1 + letter.len_utf8();
    match letter {
        '"' | '\\' => (Some(letter), length),
        'n' => (Some('\n'), length),
        't' => (Some('\t'), length),
        'u' => {
            let digits = text.get(length..).and_then(|rest| rest.strip_prefix('{'));
            let digits = digits.and_then(|rest| rest.split_once('}')).map(|(digits, _)| digits);
            let Some(digits) = digits.filter(|digits| digits.len() <= 6) else {
                return (None, length);
            };
            let letter = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
            (letter, length + digits.len() + 2)
        }
        '\n' => (None, 1),
        _ => (None, length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identifier_of(text: &str) -> Option<&str> {
        let (_, found) = identifier(text.as_bytes()).ok()?;
        std::str::from_utf8(found).ok()
    }

    #[test]
    fn identifiers_begin_with_a_letter() {
        assert_eq!(identifier_of("rapallo-1922 x"), Some("rapallo-1922"));
        assert_eq!(identifier_of("čičerin: x"), Some("čičerin"));
        assert_eq!(identifier_of("zlín, x"), Some("zlín"));
        assert_eq!(identifier_of("1922"), None);
        assert_eq!(identifier_of("–"), None);
        assert_eq!(identifier_of(""), None);
    }

    #[test]
    fn strings_stop_at_the_margin() {
        assert_eq!(string(b"\"a\" b").map(|(rest, _)| rest), Ok(&b" b"[..]));
        assert_eq!(string(b"\"a\n  b\" c").map(|(rest, _)| rest), Ok(&b" c"[..]));
        assert_eq!(string(b"\"a\n# \"no\"\n  b\" c").map(|(rest, _)| rest), Ok(&b" c"[..]));
        assert!(string(b"\"a\nb\" c").is_err());
    }

    #[test]
    fn line_breaks_become_one_space() {
        assert_eq!(decode_string("one \n   two\n\n  three").0, "one two three");
        assert_eq!(decode_string("one\n# not this\n  two").0, "one two");
        assert_eq!(decode_string("one\\t \n  two").0, "one\t two");
    }

    #[test]
    fn escapes_are_read_and_bad_ones_told() {
        assert_eq!(decode_string(r#"a\"b\\c\n\t\u{e9}"#).0, "a\"b\\c\n\té");
        let (text, bad) = decode_string(r"a\qb\u{zz}");
        assert_eq!(text, r"a\qb\u{zz}");
        assert_eq!(bad, [BadEscape { at: 2, length: 2 }, BadEscape { at: 5, length: 6 }]);
    }
}
