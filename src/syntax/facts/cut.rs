//! Cuts a file at margins into pieces of about a megabyte, each of which can be parsed alone.

use crate::syntax::terminals::{blanks, identifier, line_end};
use std::ops::Range;

/// How many bytes a piece has at least, so that many small ones do not cost more than they bring.
const PIECE_BYTES: usize = 1 << 20;

/// Returns stretches of the text, in order and without gaps; each but the first begins with an item.
pub fn at_margins(text: &[u8]) -> Vec<Range<usize>> {
    let mut stretches = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = next_margin(text, start + PIECE_BYTES).unwrap_or(text.len());
        stretches.push(start..end);
        start = end;
    }
    stretches
}

/// Finds the first byte at or behind `from` that begins an item which can be read without what stands before it.
fn next_margin(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr(b'\n', text.get(at..)?)? + 1;
        if begins_item(text.get(at..)?) {
            return Some(at);
        }
    }
}

/// Tells whether a line begins an item. A field or a table's row that somebody forgot to indent, and a line that
/// begins with no word, are understood from the item above.
fn begins_item(line: &[u8]) -> bool {
    let Ok((rest, word)) = identifier(line) else { return false };
    if blanks(rest).first() == Some(&b':') {
        return false;
    }
    let whole = line.get(..line.len() - line_end(line).len()).unwrap_or_default();
    matches!(word, b"table" | b"union" | b"relation") || memchr::memchr(b'|', whole).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_begin_at_items_and_leave_nothing_out() {
        let item = format!(
            "polity a\n  note: \"{}\n# comment\n  {}\"\n\n",
            "x".repeat(400),
            "y".repeat(400)
        );
        let text = item.repeat(3000);
        let stretches = at_margins(text.as_bytes());
        assert_eq!(stretches.len(), 3);
        let mut end = 0;
        for stretch in stretches {
            assert_eq!(stretch.start, end);
            assert!(text[stretch.clone()].starts_with("polity a\n"));
            end = stretch.end;
        }
        assert_eq!(end, text.len());
    }
}
