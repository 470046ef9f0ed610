//! Which tokens of an item are put into columns, and into which.
//!
//! A column is as wide as the widest thing in it that something follows; what is wider than a column may be
//! does not count, so that one long list of words does not push everything else to the right, and no text
//! becomes many times as long by its columns.

use super::page::{width, word_width};
use super::tokens::{Kind, Token};
use crate::syntax::ast::TextRange;

/// Widest cell of a table that widens its column.
const WIDEST_CELL: usize = 60;
/// Widest type, or other part of a declaration, that widens its column.
const WIDEST_TYPE: usize = 40;
/// Widest name of a field that moves the values.
const WIDEST_KEY: usize = 40;
/// Rightmost column below which the further members of a union begin.
const RIGHTMOST_MEMBER: usize = 60;
/// The indentation of fields and rows.
pub const INDENTATION: usize = 2;

/// Where a token is put: at a column, or some spaces behind what is before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The column.
    pub column: usize,
    /// How many spaces stand before it at least.
    pub least: usize,
}

/// The columns of an item.
#[derive(Debug)]
pub enum Layout {
    /// Nothing is aligned; a further line is indented by so much.
    Plain {
        /// The indentation of further lines.
        base: usize,
    },
    /// The values of a fact's fields.
    Fields {
        /// Where they begin.
        base: usize,
    },
    /// The bars of a table.
    Table {
        /// Where they stand.
        bars: Vec<usize>,
    },
    /// What a relation says of its fields: inverses, properties, descriptions.
    Relation {
        /// Where the types begin.
        base: usize,
        /// Where the others begin.
        columns: [usize; PARTS],
    },
}

impl Layout {
    /// Returns the column of a field's values, and of what goes on with them.
    pub fn base(&self) -> usize {
        match self {
            Layout::Plain { base } | Layout::Fields { base } | Layout::Relation { base, .. } => {
                *base
            }
            Layout::Table { .. } => INDENTATION,
        }
    }
}

/// How many parts behind its type a field's declaration has.
pub const PARTS: usize = 3;

/// Returns which part of a declaration a token begins, if it begins one.
pub fn part_of(kind: Kind) -> Option<usize> {
    match kind {
        Kind::Inverse => Some(0),
        Kind::Property => Some(1),
        Kind::Text | Kind::TextLines => Some(2),
        _ => None,
    }
}

/// Returns how many spaces stand between two tokens in a line.
pub fn spacing(before: Option<Kind>, kind: Kind) -> usize {
    match (before, kind) {
        (None, _) => 0,
        (_, Kind::Punctuation(b',' | b';' | b')' | b':' | b'@')) => 0,
        (Some(Kind::Punctuation(b'(' | b'@')), _) => 0,
        _ => 1,
    }
}

fn text_of(text: &str, at: TextRange) -> &str {
    text.get(at.start as usize..at.end as usize).unwrap_or_default()
}

/// Measures the tokens of a line one after another.
struct Ruler<'t> {
    text: &'t str,
    before: Option<Kind>,
    width: usize,
}

impl<'t> Ruler<'t> {
    fn new(text: &'t str, width: usize) -> Ruler<'t> {
        Ruler { text, before: None, width }
    }

    fn add(&mut self, token: Token) {
        let text = text_of(self.text, token.at);
        let taken = if token.kind == Kind::Text { width(text) } else { word_width(text) };
        self.width += spacing(self.before, token.kind) + taken;
        self.before = Some(token.kind);
    }

    /// Returns the width of the cell that ends here, and begins the next.
    fn end_cell(&mut self) -> usize {
        self.before = None;
        std::mem::take(&mut self.width)
    }
}

/// Lays out the fields of a fact.
pub fn fields(text: &str, tokens: &[Token]) -> Layout {
    Layout::Fields { base: values_column(text, tokens) }
}

/// Returns where values begin: behind the longest name of a field, its colon and a space.
fn values_column(text: &str, tokens: &[Token]) -> usize {
    let keys = tokens.iter().filter(|token| token.kind == Kind::Key);
    let widths = keys.map(|key| word_width(text_of(text, key.at)));
    let longest = widths.filter(|width| *width <= WIDEST_KEY).max();
    INDENTATION + longest.map_or(0, |longest| longest + 2)
}

/// Lays out the members of a union: further lines begin below the first one.
pub fn union(text: &str, tokens: &[Token]) -> Layout {
    let head = tokens.iter().position(|token| token.kind == Kind::Punctuation(b'='));
    let head = tokens.get(..head.unwrap_or(0)).unwrap_or_default();
    let mut ruler = Ruler::new(text, 0);
    head.iter().filter(|token| token.kind.is_content()).for_each(|token| ruler.add(*token));
    let first = ruler.width + 3;
    Layout::Plain { base: if first > RIGHTMOST_MEMBER { INDENTATION } else { first } }
}

/// Lays out a table.
pub fn table(text: &str, tokens: &[Token]) -> Layout {
    let mut widths: Vec<usize> = Vec::new();
    let mut ruler = Ruler::new(text, 0);
    let mut cell = 0;
    for token in tokens {
        match token.kind {
            Kind::Break { .. } => {
                ruler = Ruler::new(text, INDENTATION);
                cell = 0;
            }
            Kind::Comment { .. } => {}
            Kind::Punctuation(b'|') => {
                let taken = ruler.end_cell();
                if widths.len() <= cell {
                    widths.resize(cell + 1, 0);
                }
                if let Some(widest) = widths.get_mut(cell).filter(|_| taken <= WIDEST_CELL) {
                    *widest = taken.max(*widest);
                }
                cell += 1;
            }
            _ => ruler.add(*token),
        }
    }
    let mut column = 0;
    let bars = widths.iter().enumerate().map(|(place, width)| {
        // Behind the bar before it stands a space, and one before this bar.
        column += width + if place == 0 { 1 } else { 3 };
        column
    });
    Layout::Table { bars: bars.collect() }
}

/// Lays out a relation's declaration.
pub fn relation(text: &str, tokens: &[Token]) -> Layout {
    let base = values_column(text, tokens);
    let mut widths = [0; PARTS];
    let fields = tokens.split(|token| token.kind == Kind::Key).skip(1);
    for field in fields.filter(|field| is_in_one_line(field)).map(behind_colon) {
        let mut ruler = Ruler::new(text, 0);
        let mut last = 0;
        for token in field.iter().filter(|token| token.kind.is_content()) {
            if let Some(part) = part_of(token.kind).map(|part| part + 1).filter(|part| *part > last)
            {
                let taken = ruler.end_cell();
                if let Some(widest) = widths.get_mut(last).filter(|_| taken <= WIDEST_TYPE) {
                    *widest = taken.max(*widest);
                }
                last = part;
            }
            ruler.add(*token);
        }
    }
    let mut column = base;
    let columns = widths.map(|width| {
        column += if width == 0 { 0 } else { width + 2 };
        column
    });
    Layout::Relation { base, columns }
}

fn behind_colon(field: &[Token]) -> &[Token] {
    field.get(1..).unwrap_or_default()
}

/// Tells whether nothing of a field's declaration stands in a further line; only such fields are aligned.
pub fn is_in_one_line(field: &[Token]) -> bool {
    let last = field.iter().rposition(|token| token.kind.is_content()).unwrap_or(0);
    let field = field.get(..=last).unwrap_or_default();
    // A break behind the colon is left out.
    let field = match field {
        [
            Token { kind: Kind::Punctuation(b':'), .. },
            Token { kind: Kind::Break { .. }, .. },
            rest @ ..,
        ] => rest,
        field => field,
    };
    field.iter().all(|token| token.kind.is_content() && token.kind != Kind::TextLines)
}
