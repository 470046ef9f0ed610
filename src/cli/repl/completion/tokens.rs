//! A query that is still being typed, in pieces.
//!
//! In: any text. Out: its words, strings, literals, signs and brackets. Unlike the parser this never stops, and it
//! knows no grammar; where strings and comments begin and end it goes by the parser's rules, and a test compares
//! the two.

use crate::syntax::query::terminals;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name, a keyword, a bare word.
    Word,
    /// A date or a number.
    Literal,
    /// A string with both its marks.
    Text,
    /// A string that is never closed.
    OpenText,
    /// A comparator, a comma, a dot or whatever else stands there.
    Sign,
    /// `(`, `[` or `{`.
    Opening,
    /// `)`, `]` or `}`.
    Closing,
    /// From `#` to the end of the line.
    Comment,
}

/// A piece and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// What it is.
    pub kind: Kind,
    /// The piece as written.
    pub text: &'t str,
    /// The byte where it begins.
    pub start: usize,
}

impl Token<'_> {
    /// Returns the byte behind it.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// Cuts a text into pieces.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut before = ' ';
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or("");
        let (kind, length) = match letter {
            _ if letter.is_whitespace() => {
                at += letter.len_utf8();
                before = letter;
                continue;
            }
            '#' if before.is_whitespace() => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
            '"' | '\'' if letter == '"' || !before.is_alphanumeric() => match string_length(rest) {
                Some(length) => (Kind::Text, length),
                None => (Kind::OpenText, rest.len()),
            },
            '(' | '[' | '{' => (Kind::Opening, 1),
            ')' | ']' | '}' => (Kind::Closing, 1),
            _ if letter.is_alphabetic() => (Kind::Word, run(rest, goes_on)),
            _ if begins_literal(rest) => (Kind::Literal, literal_length(rest)),
            '.' if rest.starts_with("..") => (Kind::Sign, 2),
            _ => match terminals::leading(terminals::SIGNS, rest) {
                Some((length, _)) => (Kind::Sign, length),
                None => (Kind::Sign, letter.len_utf8()),
            },
        };
        let piece = rest.get(..length).unwrap_or(rest);
        found.push(Token { kind, text: piece, start: at });
        before = piece.chars().next_back().unwrap_or(' ');
        at += piece.len();
    }
    found
}

/// Tells whether a string or a bracket is open where the text ends.
///
/// A bracket that is closed by the wrong one is a fault that more text does not mend.
pub fn is_open(text: &str) -> bool {
    let mut open = Vec::new();
    for token in tokens(text) {
        match (token.kind, token.text) {
            (Kind::OpenText, _) => return true,
            (Kind::Opening, "(") => open.push(")"),
            (Kind::Opening, "[") => open.push("]"),
            (Kind::Opening, _) => open.push("}"),
            (Kind::Closing, closing) if open.pop() != Some(closing) => return false,
            _ => {}
        }
    }
    !open.is_empty()
}

fn goes_on(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_' | '\u{300}'..='\u{36f}')
}

fn run(text: &str, belongs: fn(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

fn begins_literal(text: &str) -> bool {
    let mut letters = text.chars();
    let first = letters.next().unwrap_or(' ');
    let digit_follows = letters.next().is_some_and(|letter| letter.is_ascii_digit());
    first.is_ascii_digit() || (matches!(first, '-' | '~' | '?' | '%') && digit_follows)
}

fn literal_length(text: &str) -> usize {
    let whole = run(text, |letter| {
        letter.is_alphanumeric()
            || matches!(letter, '-' | '~' | '?' | '%' | '/' | '+' | '_' | ':' | '.')
    });
    let range = text.find("..").unwrap_or(whole);
    whole.min(range).max(1)
}

/// Returns how long the string is that `text` begins with, marks included.
fn string_length(text: &str) -> Option<usize> {
    let mark = text.chars().next()?;
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' && mark == '"' {
            letters.next();
        } else if letter == mark {
            let is_apostrophe =
                mark == '\'' && letters.peek().is_some_and(|(_, next)| next.is_alphabetic());
            if !is_apostrophe {
                return Some(at + 1);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax::query::parse;

    fn pieces(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn pieces_of_a_query() {
        assert_eq!(
            pieces("treaties where party!=Germany and signed.year in 1919..1930 # so"),
            [
                "treaties", "where", "party", "!=", "Germany", "and", "signed", ".", "year", "in",
                "1919", "..", "1930", "# so"
            ]
        );
        assert_eq!(pieces("a[b = 'x y'](\"z"), ["a", "[", "b", "=", "'x y'", "]", "(", "\"z"]);
        assert_eq!(pieces("länder ~ d'Arc"), ["länder", "~", "d", "'", "Arc"]);
    }

    #[test]
    fn what_is_open_is_what_the_parser_finds_unclosed() {
        let texts = [
            "treaties",
            "treaties where (party = a",
            "treaties where (party = a)",
            "treaties where party = \"Ger",
            "treaties where party = 'Ger",
            "treaties where party = O'Brien",
            "treaties where party = 'O'Brien'",
            "treaties where party = \"a\\\"",
            "treaties where party[founded = 1 # (\n",
            "treaties where party[founded = 1] # (",
            "treaties where party]",
            "treaties where (party]",
            "treaties where party in (a, [1919,1920], {1934",
            "",
        ];
        for text in texts {
            let said = parse(text, FileId(0), 0).diagnostics;
            let unclosed = said.iter().any(|found| found.message.ends_with("is never closed"));
            assert_eq!(is_open(text), unclosed, "{text}: {said:#?}");
        }
    }
}
