//! An item as a row of tokens: what the tree knows of, and what stands between.
//!
//! The tree says where names, values and strings stand; between them there can only be blanks, line breaks,
//! comments and punctuation. Anything else is not understood, and the item is left as it stands.

use crate::syntax::ast::TextRange;
use crate::syntax::is_blank;

/// A token: where it stands and what the printer has to know of it.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Where it stands.
    pub at: TextRange,
    /// What it is.
    pub kind: Kind,
}

/// What a token is to the printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The name of a field at the start of its line.
    Key,
    /// An identifier, a keyword, a bare value; runs of blanks in it count as one.
    Word,
    /// The word `inverse` of a field's declaration.
    Inverse,
    /// `unique`, `acyclic`, `dated`.
    Property,
    /// A string in one line.
    Text,
    /// A string over several lines.
    TextLines,
    /// One byte of punctuation.
    Punctuation(u8),
    /// A comment.
    Comment {
        /// Whether it stands at the margin, where it also may stand inside an open string.
        at_margin: bool,
    },
    /// The end of a line.
    Break {
        /// Whether empty lines follow.
        blank: bool,
    },
}

impl Kind {
    /// Tells whether it is neither a comment nor a line break.
    pub fn is_content(self) -> bool {
        !matches!(self, Kind::Comment { .. } | Kind::Break { .. })
    }
}

/// Whether words may stand between what the tree knows of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// Punctuation only.
    Punctuation,
    /// Keywords too, which the tree of a declaration does not keep.
    Words,
}

/// The tokens of one item in the making.
pub struct Tokens<'t> {
    text: &'t str,
    between: Between,
    list: Vec<Token>,
    at: u32,
    is_understood: bool,
}

impl<'t> Tokens<'t> {
    /// Makes an empty row over a file's text.
    pub fn new(text: &'t str) -> Tokens<'t> {
        let list = Vec::new();
        Tokens { text, between: Between::Punctuation, list, at: 0, is_understood: true }
    }

    /// Forgets all and begins again at `at`; the memory is kept.
    pub fn restart(&mut self, at: u32, between: Between) {
        self.list.clear();
        self.at = at;
        self.between = between;
        self.is_understood = true;
    }

    /// Returns the tokens, if everything up to here was understood.
    pub fn understood(&self) -> Option<&[Token]> {
        self.is_understood.then_some(&self.list)
    }

    /// Says that the item holds something that cannot be told in tokens.
    pub fn give_up(&mut self) {
        self.is_understood = false;
    }

    /// Adds what the tree knows of, after what stands before it.
    pub fn push(&mut self, at: TextRange, kind: Kind) {
        if at.is_empty() {
            return;
        }
        self.gap(at.start);
        self.list.push(Token { at, kind });
        self.at = at.end;
    }

    /// Adds a string, which may run over several lines.
    pub fn push_string(&mut self, at: TextRange) {
        let taken = self.bytes(at);
        let kind = match memchr::memchr(b'\n', taken) {
            None => Kind::Text,
            Some(_) => {
                // A carriage return that ends no line is part of the text, but at the start of a line it is also
                // indentation; what is meant is anybody's guess.
                let mut returns = memchr::memchr_iter(b'\r', taken);
                if returns.any(|place| taken.get(place + 1) != Some(&b'\n')) {
                    self.give_up();
                }
                Kind::TextLines
            }
        };
        self.push(at, kind);
    }

    fn bytes(&self, at: TextRange) -> &'t [u8] {
        self.text.as_bytes().get(at.start as usize..at.end as usize).unwrap_or_default()
    }

    /// Reads what stands before `end`.
    pub fn gap(&mut self, end: u32) {
        if end < self.at {
            self.give_up();
            return;
        }
        let between = self.bytes(TextRange::new(self.at, end));
        let mut place = 0;
        while let Some(byte) = between.get(place).copied() {
            let start = self.at + place as u32;
            let rest = between.get(place..).unwrap_or_default();
            let (length, kind) = match byte {
                byte if is_blank(byte) => {
                    place += 1;
                    continue;
                }
                b'\n' => (1, Kind::Break { blank: false }),
                b'#' => {
                    let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    let at_margin = self.is_at_margin(start);
                    (line, Kind::Comment { at_margin })
                }
                b',' | b'(' | b')' | b':' | b';' | b'|' | b'=' | b'@' => {
                    (1, Kind::Punctuation(byte))
                }
                b'"' => (0, Kind::Text),
                _ => (word_length(rest), Kind::Word),
            };
            place += length;
            match kind {
                Kind::Text => return self.give_up(),
                Kind::Word if self.between == Between::Punctuation => return self.give_up(),
                Kind::Break { .. } => self.push_break(start),
                Kind::Word if rest.get(..length) == Some(b"inverse") => {
                    self.push_here(start, length, Kind::Inverse);
                }
                Kind::Comment { .. } => {
                    let comment = rest.get(..length).unwrap_or_default();
                    let last = comment.iter().rposition(|byte| !is_blank(*byte));
                    self.push_here(start, last.map_or(0, |last| last + 1), kind);
                }
                _ => self.push_here(start, length, kind),
            }
        }
        self.at = end;
    }

    fn push_here(&mut self, start: u32, length: usize, kind: Kind) {
        self.list.push(Token { at: TextRange::new(start, start + length as u32), kind });
    }

    /// Adds a line's end; a second one makes the first a blank line.
    fn push_break(&mut self, start: u32) {
        match self.list.last_mut() {
            Some(Token { kind: Kind::Break { blank }, .. }) => *blank = true,
            _ => self.push_here(start, 1, Kind::Break { blank: false }),
        }
    }

    fn is_at_margin(&self, start: u32) -> bool {
        let before = (start as usize).checked_sub(1);
        before.is_none_or(|place| self.text.as_bytes().get(place) == Some(&b'\n'))
    }
}

fn word_length(rest: &[u8]) -> usize {
    let ends = |byte: &u8| {
        is_blank(*byte)
            || matches!(
                byte,
                b'\n' | b'#' | b',' | b'(' | b')' | b':' | b';' | b'|' | b'=' | b'@' | b'"'
            )
    };
    rest.iter().position(ends).unwrap_or(rest.len())
}
