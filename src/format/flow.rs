//! Writes the tokens of an item: what stands in one line, what in the next, and in which column.

use super::layout::{INDENTATION, Layout, Stop, is_in_one_line, part_of, spacing};
use super::page::Page;
use super::tokens::{Kind, Token};

/// A parenthesis that opens further right does not set the column of the lines in it.
const RIGHTMOST_PARENTHESIS: usize = 60;

/// Writes the tokens of an item up to its last one and the comment behind that.
pub fn write(page: &mut Page, text: &str, tokens: &[Token], layout: &Layout) {
    let mut flow = Flow {
        text,
        tokens,
        layout,
        before: None,
        pending: None,
        is_behind_comment: false,
        parenthesis: None,
        next_content: 0,
        is_value_due: false,
        cell: 0,
        is_aligned: true,
        has_fields: false,
    };
    for (place, token) in tokens.iter().enumerate() {
        flow.token(page, place, *token);
    }
}

struct Flow<'t> {
    text: &'t str,
    tokens: &'t [Token],
    layout: &'t Layout,
    /// What was written last, comments aside.
    before: Option<Kind>,
    /// A line's end that is not yet written, and whether an empty line follows it.
    pending: Option<bool>,
    is_behind_comment: bool,
    /// The column of lines inside the open parenthesis.
    parenthesis: Option<usize>,
    /// Where the next token stands that is no comment, as far as that was looked for.
    next_content: usize,
    /// Whether a field's first value comes next.
    is_value_due: bool,
    /// Of a table's row, how many bars were written; of a field's declaration, how far its parts have come.
    cell: usize,
    /// Whether the field's declaration stands in one line.
    is_aligned: bool,
    has_fields: bool,
}

impl<'t> Flow<'t> {
    fn token(&mut self, page: &mut Page, place: usize, token: Token) {
        match token.kind {
            Kind::Break { blank } => self.pending = Some(blank),
            Kind::Comment { at_margin } => self.comment(page, place, token, at_margin),
            Kind::Key => self.key(page, place, token),
            _ => self.content(page, token),
        }
    }

    fn text_of(&self, token: Token) -> &'t str {
        let at = token.at.start as usize..token.at.end as usize;
        self.text.get(at).unwrap_or_default()
    }

    /// Returns the indentation of a further line at this place.
    fn base(&self) -> usize {
        match (self.parenthesis, self.layout) {
            (Some(column), _) => column,
            (None, Layout::Fields { .. } | Layout::Relation { .. }) if !self.has_fields => {
                INDENTATION
            }
            (None, layout) => layout.base(),
        }
    }

    fn comment(&mut self, page: &mut Page, place: usize, token: Token, at_margin: bool) {
        match self.pending.take() {
            Some(blank) if at_margin => page.next_line(blank, 0),
            Some(blank) => page.next_line(blank, self.indentation_behind(place)),
            None => page.spaces(2),
        }
        page.push(self.text_of(token));
        self.is_behind_comment = true;
    }

    /// Returns the indentation of what comes after a comment, which is the comment's own.
    fn indentation_behind(&mut self, place: usize) -> usize {
        if self.next_content <= place {
            let behind = self.tokens.get(place..).unwrap_or_default();
            let next = behind.iter().position(|token| token.kind.is_content());
            self.next_content = next.map_or(self.tokens.len(), |next| place + next);
        }
        match self.tokens.get(self.next_content).map(|token| token.kind) {
            Some(Kind::Key) | None => INDENTATION,
            Some(_) => self.base(),
        }
    }

    fn key(&mut self, page: &mut Page, place: usize, token: Token) {
        page.next_line(self.pending.take() == Some(true), INDENTATION);
        page.push(self.text_of(token));
        self.has_fields = true;
        self.parenthesis = None;
        self.cell = 0;
        self.is_behind_comment = false;
        self.before = Some(Kind::Key);
        if matches!(self.layout, Layout::Relation { .. }) {
            let behind = self.tokens.get(place + 1..).unwrap_or_default();
            let field = behind.split(|token| token.kind == Kind::Key).next();
            self.is_aligned = is_in_one_line(field.unwrap_or_default());
        }
    }

    fn content(&mut self, page: &mut Page, token: Token) {
        let is_colon = token.kind == Kind::Punctuation(b':');
        let is_table = matches!(self.layout, Layout::Table { .. });
        let joins = !self.is_behind_comment && self.joins(token.kind);
        match self.pending.take().filter(|_| !joins) {
            Some(blank) => {
                page.next_line(blank, self.base());
                if is_table {
                    self.cell = 0;
                }
                if let Some(stop) = self.stop(token.kind).filter(|_| is_table) {
                    page.pad(stop.column, 0);
                }
            }
            None => match self.stop(token.kind) {
                Some(stop) => page.pad(stop.column, stop.least),
                None => page.spaces(spacing(self.before, token.kind)),
            },
        }
        self.is_value_due = is_colon && self.before == Some(Kind::Key);
        self.is_behind_comment = false;
        self.write_content(page, token);
        self.before = Some(token.kind);
    }

    fn write_content(&mut self, page: &mut Page, token: Token) {
        match token.kind {
            Kind::Punctuation(b'(') => {
                let column = page.column() + 1;
                let further = match column > RIGHTMOST_PARENTHESIS {
                    true => self.base() + INDENTATION,
                    false => column,
                };
                self.parenthesis = Some(further);
                page.push_byte(b'(');
            }
            Kind::Punctuation(byte) => {
                if byte == b')' {
                    self.parenthesis = None;
                }
                page.push_byte(byte);
            }
            Kind::TextLines => page.push_string_lines(self.text_of(token), self.base() + 1),
            Kind::Text => page.push(self.text_of(token)),
            _ => page.push_word(self.text_of(token)),
        }
    }

    /// Tells whether a line's end before a token is left out: behind a colon, and inside of a parenthesis's marks.
    /// Elsewhere it stays where the author made it: a line that begins with another token could be another thing.
    fn joins(&self, kind: Kind) -> bool {
        matches!(self.before, Some(Kind::Punctuation(b':' | b'(')))
            || kind == Kind::Punctuation(b')')
    }

    /// Returns the column of a token that is aligned.
    fn stop(&mut self, kind: Kind) -> Option<Stop> {
        if self.is_value_due {
            return Some(Stop { column: self.layout.base(), least: 1 });
        }
        match self.layout {
            Layout::Table { bars } if kind == Kind::Punctuation(b'|') => {
                let column = bars.get(self.cell).copied().unwrap_or(0);
                self.cell += 1;
                Some(Stop { column, least: 1 })
            }
            Layout::Relation { columns, .. } if self.has_fields => {
                let part = part_of(kind).filter(|part| *part >= self.cell)?;
                self.cell = part + 1;
                let column = columns.get(part).copied().filter(|_| self.is_aligned);
                Some(Stop { column: column.unwrap_or(0), least: 2 })
            }
            _ => None,
        }
    }
}
