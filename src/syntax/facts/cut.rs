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

/// The words of the items that are no facts and no tables of them, `cite` left out.
const DECLARING: [&[u8]; 6] = [b"relation", b"union", b"rule", b"check", b"expect", b"query"];

/// Tells whether a line at the margin may declare something that all facts are read by: far quicker than parsing,
/// and never wrong about a sound declaration.
pub fn may_declare(text: &[u8]) -> bool {
    let begins = |line: &[u8]| {
        DECLARING.iter().any(|word| line.strip_prefix(*word).is_some_and(|rest| !goes_on(rest)))
    };
    begins(text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text))
        || memchr::memchr_iter(b'\n', text).any(|at| {
            let line = text.get(at + 1..).unwrap_or_default();
            matches!(line.first(), Some(b'r' | b'u' | b'c' | b'e' | b'q')) && begins(line)
        })
}

/// Tells whether a line at the margin may be a `cite`; never wrong where there is one.
pub fn may_cite(text: &[u8]) -> bool {
    text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text).starts_with(b"cite")
        || memchr::memmem::find(text, b"\ncite").is_some()
}

/// Tells whether a word goes on, so that it is another one.
fn goes_on(rest: &[u8]) -> bool {
    rest.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_declares_is_found_at_the_margin_alone() {
        for text in
            ["relation a", "\u{feff}union b = c", "a b\n\nrule x", "a\nquery", "a\nexpect\t"]
        {
            assert!(may_declare(text.as_bytes()), "{text}");
        }
        for text in ["", "polity a\n  rule: b\n", "a\nrelations b", "query-book x", "cite a"] {
            assert!(!may_declare(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_cites_is_found_at_the_margin_alone() {
        for text in ["cite a", "\u{feff}cite a", "polity a\ncite b"] {
            assert!(may_cite(text.as_bytes()), "{text}");
        }
        for text in ["", "polity cite\n  cite: a\n", "a \"cite\""] {
            assert!(!may_cite(text.as_bytes()), "{text}");
        }
    }

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
