//! Cuts a piece at its margins: what belongs to one item, and is left alone with it.

use crate::syntax::ast::Piece;
use crate::syntax::is_blank;

/// The mark that some editors put before a text in UTF-8; it is dropped.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// What lies between two margins: an item with what is indented below it, and comments up to the next.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Its first byte.
    pub start: u32,
    /// The byte behind it.
    pub end: u32,
    /// Whether it begins with an item; else it is what stands before the first one.
    pub is_item: bool,
}

/// The stretches of a piece, in order and without gaps.
pub struct Stretches<'t> {
    text: &'t str,
    at: u32,
    end: u32,
}

impl<'t> Stretches<'t> {
    /// Cuts the text of a piece.
    pub fn of(text: &'t str, piece: &Piece) -> Stretches<'t> {
        let at = piece.at();
        let unmarked = text.strip_prefix(BYTE_ORDER_MARK).filter(|_| at.start == 0);
        // A second mark is a fault, and becomes none by taking the first one away.
        let unmarked = unmarked.filter(|text| !text.starts_with(BYTE_ORDER_MARK));
        let start = unmarked.map_or(at.start, |rest| (text.len() - rest.len()) as u32);
        Stretches { text, at: start, end: at.end }
    }
}

impl Iterator for Stretches<'_> {
    type Item = Stretch;

    fn next(&mut self) -> Option<Stretch> {
        let start = self.at;
        if start >= self.end {
            return None;
        }
        let first = self.text.as_bytes().get(start as usize).copied();
        let end = next_margin(self.text, start).min(self.end);
        self.at = end;
        Some(Stretch { start, end, is_item: first.is_some_and(is_at_margin) })
    }
}

/// Returns where the next line behind `start` begins an item, or the end of the text.
pub fn next_margin(text: &str, start: u32) -> u32 {
    let bytes = text.as_bytes();
    let mut at = start as usize;
    while let Some(line) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)) {
        at += line + 1;
        if bytes.get(at).is_some_and(|first| is_at_margin(*first)) {
            return at as u32;
        }
    }
    text.len() as u32
}

/// Tells whether a line that begins with this byte stands at the margin and is no comment.
fn is_at_margin(first: u8) -> bool {
    !is_blank(first) && !matches!(first, b'\n' | b'#')
}
