//! The text that is written, and in which column it stands.

use crate::syntax::is_blank;
use unicode_width::UnicodeWidthStr;

/// Returns how many columns a text takes.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// Returns how many columns a word takes, runs of blanks counted as one.
pub fn word_width(word: &str) -> usize {
    match has_runs(word) {
        true => pieces(word).map(|piece| width(piece) + 1).sum::<usize>().saturating_sub(1),
        false => width(word),
    }
}

/// Tells whether blanks other than single spaces stand in a word, and may be made single spaces.
///
/// Where a colon follows, they stay: what is before it could become the key of a parenthesis's part.
fn has_runs(word: &str) -> bool {
    let mut before = 0;
    word.bytes().any(|byte| {
        let found = is_blank(byte) && (byte != b' ' || before == b' ');
        before = byte;
        found
    }) && memchr::memchr(b':', word.as_bytes()).is_none()
}

fn pieces(word: &str) -> impl Iterator<Item = &str> {
    word.split([' ', '\t', '\r']).filter(|piece| !piece.is_empty())
}

/// Takes the blanks off the end.
pub fn trim_end(line: &str) -> &str {
    line.trim_end_matches([' ', '\t', '\r'])
}

/// Takes the blanks off the start.
pub fn trim_start(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '\r'])
}

/// A text in the making, line by line.
pub struct Page {
    out: String,
    /// Up to where the columns of the last line were counted, so that each byte is counted once at most.
    counted: usize,
    column: usize,
}

impl Page {
    /// Makes an empty page with room for some bytes.
    pub fn with_capacity(bytes: usize) -> Page {
        Page { out: String::with_capacity(bytes), counted: 0, column: 0 }
    }

    /// Returns the whole text.
    pub fn into_text(self) -> String {
        self.out
    }

    /// Returns how many bytes were written.
    pub fn length(&self) -> usize {
        self.out.len()
    }

    /// Tells whether a line was ended behind byte `from`.
    pub fn has_break_behind(&self, from: usize) -> bool {
        memchr::memchr(b'\n', self.out.as_bytes().get(from..).unwrap_or_default()).is_some()
    }

    /// Writes a text without line breaks.
    pub fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Writes one letter of ASCII that is no line break.
    pub fn push_byte(&mut self, byte: u8) {
        self.out.push(char::from(byte));
    }

    /// Writes a word with single spaces in it.
    pub fn push_word(&mut self, word: &str) {
        if !has_runs(word) {
            return self.out.push_str(word);
        }
        for (place, piece) in pieces(word).enumerate() {
            if place > 0 {
                self.out.push(' ');
            }
            self.out.push_str(piece);
        }
    }

    /// Writes a text as it stands, with its line breaks.
    pub fn push_verbatim(&mut self, text: &str) {
        self.out.push_str(text);
        self.begin_line();
    }

    /// Ends the line.
    pub fn end_line(&mut self) {
        self.out.push('\n');
        self.begin_line();
    }

    fn begin_line(&mut self) {
        self.counted = self.out.len();
        self.column = 0;
    }

    /// Ends the line, leaves an empty one if asked, and indents the next.
    pub fn next_line(&mut self, blank: bool, indentation: usize) {
        self.end_line();
        if blank {
            self.end_line();
        }
        self.spaces(indentation);
    }

    /// Writes spaces.
    pub fn spaces(&mut self, count: usize) {
        const SPACES: &str = "                                                                ";
        let mut left = count;
        while left > 0 {
            let some = left.min(SPACES.len());
            self.out.push_str(SPACES.get(..some).unwrap_or(" "));
            left -= some;
        }
    }

    /// Returns the column of what is written next.
    pub fn column(&mut self) -> usize {
        self.column += width(self.out.get(self.counted..).unwrap_or_default());
        self.counted = self.out.len();
        self.column
    }

    /// Writes spaces up to a column, or `least` where it is passed already.
    pub fn pad(&mut self, column: usize, least: usize) {
        let here = self.column();
        self.spaces(column.saturating_sub(here).max(least));
    }

    /// Writes a string over several lines: its breaks are kept, each further line is indented. A comment line in
    /// it stays at the margin, for elsewhere it would be part of the string.
    pub fn push_string_lines(&mut self, text: &str, indentation: usize) {
        let mut lines = text.split('\n').peekable();
        let mut is_first = true;
        let mut blank = false;
        while let Some(line) = lines.next() {
            let is_last = lines.peek().is_none();
            let is_comment = !is_first && line.starts_with('#');
            let line = if is_last { line } else { trim_end(line) };
            let line = if is_first { line } else { trim_start(line) };
            if line.is_empty() {
                blank = true;
                continue;
            }
            if !is_first {
                self.next_line(blank, if is_comment { 0 } else { indentation });
            }
            self.push(line);
            blank = false;
            is_first = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_single_spaces() {
        assert_eq!(word_width("47 \t percent"), 10);
        assert_eq!(word_width("日本"), 4);
        let mut page = Page::with_capacity(0);
        page.push_word("47 \t percent");
        page.pad(12, 1);
        page.pad(4, 1);
        assert_eq!(page.into_text(), "47 percent   ");
    }
}
