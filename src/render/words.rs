//! Words on a terminal: what may be sent there, how wide it is, where a line breaks.
//!
//! In: texts that somebody else wrote. Out: texts that cannot move the cursor, of a known width.

use super::Style;
use std::io::{self, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Returns `letter`, or a visible sign for one that steers a terminal or turns the direction of writing.
///
/// One letter stays one letter, so that columns counted in the text hold in what is shown.
pub(super) fn visible_letter(letter: char) -> char {
    match letter {
        // The pictures of the control characters lie in the same order as the characters.
        '\0'..='\x1f' => char::from_u32(0x2400 + letter as u32).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{feff}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => letter,
    }
}

/// Appends `text` with every letter made visible.
pub(super) fn push_visible(target: &mut String, text: &str) {
    target.extend(text.chars().map(visible_letter));
}

/// Returns `text` with every letter made visible: one line, and nothing that a terminal obeys.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(visible_letter).collect()
}

/// Returns `text` with every letter made visible, except that its line breaks stay.
pub(super) fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// Returns how many columns a terminal needs for `text`.
pub(super) fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.width() }
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

/// Tells whether a terminal draws `letter` over the one before it.
pub(super) fn is_combining(letter: char) -> bool {
    letter.width() == Some(0)
}

/// Returns the beginning of `text` that fits into `columns` with an ellipsis behind it.
///
/// A text that fits is returned whole; marks that stand on the last letter stay with it.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(1);
    let mut taken = String::new();
    let mut used = 0;
    for letter in text.chars() {
        let wide = letter.width().unwrap_or(0);
        if used + wide > room {
            break;
        }
        used += wide;
        taken.push(letter);
    }
    while taken.ends_with(' ') {
        taken.pop();
    }
    if columns > 0 {
        taken.push('…');
    }
    taken
}

/// Breaks `text` between words into lines of at most `columns`; without a limit its own lines stay.
///
/// A word that is wider than a line gets a line of its own, uncut: addresses and paths can be copied.
pub(super) fn wrap(text: &str, columns: Option<usize>) -> Vec<String> {
    let Some(columns) = columns else { return text.lines().map(str::to_owned).collect() };
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        // A line that was indented on purpose keeps its indentation on the lines that it becomes.
        let indent: String = paragraph.chars().take_while(|letter| *letter == ' ').collect();
        let mut line = indent.clone();
        let mut used = indent.len();
        let mut is_empty = true;
        for word in paragraph.split_whitespace() {
            let wide = width(word);
            if !is_empty && used + 1 + wide > columns {
                lines.push(std::mem::replace(&mut line, indent.clone()));
                used = indent.len();
                is_empty = true;
            }
            if !is_empty {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += wide;
            is_empty = false;
        }
        lines.push(if is_empty { String::new() } else { line });
    }
    lines
}

/// Writes a text behind `first`, going on under `rest` where a terminal is too narrow.
pub(super) fn write_lines(
    out: &mut dyn Write,
    first: &str,
    rest: &str,
    text: &str,
    style: Style,
) -> io::Result<()> {
    let room = style.width.map(|room| room.saturating_sub(width(rest)).max(20));
    for (number, line) in wrap(text, room).iter().enumerate() {
        let lead = if number == 0 { first } else { rest };
        writeln!(out, "{}", format!("{lead}{line}").trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        assert_eq!(visible("a\x1b[31m\tb\u{9b}c\u{202e}\r\n"), "a␛[31m␉b\u{fffd}c\u{fffd}␍␊");
    }

    #[test]
    fn cutting_counts_columns_and_keeps_marks() {
        assert_eq!(cut("Rapallo", 7), "Rapallo");
        assert_eq!(cut("Rapallo", 4), "Rap…");
        assert_eq!(cut("条約条約", 6), "条約…");
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(cut("abc", 0), "");
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("one two three", Some(8)), ["one two", "three"]);
        assert_eq!(wrap("  one two", Some(5)), ["  one", "  two"]);
        assert_eq!(wrap("incomprehensible a", Some(5)), ["incomprehensible", "a"]);
        assert_eq!(wrap("one two\nthree", None), ["one two", "three"]);
    }
}
