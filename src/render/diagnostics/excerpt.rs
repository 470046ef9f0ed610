//! Excerpts: the few lines of a file that a finding's labels need.
//!
//! In: the labels of one finding. Out: [`Excerpt`]s with spans counted in their own characters. A large
//! file or a line of 100 MB costs no more than a small one: only what is shown is copied.

use super::super::ruler::{Ruler, fitted, line_start};
use super::super::words::{is_combining, visible, visible_letter};
use crate::diagnostic::{Diagnostic, Label};
use crate::source::FileId;
use std::ops::Range;

/// Labels with more lines than this between them stand in excerpts of their own.
const FAR_APART: u32 = 20;

/// A label over more lines than this is shown on its first line alone.
const MOST_LINES: u32 = 8;

/// A line of more bytes than this is not shown whole.
const LONG_LINE: usize = 1000;

/// How many bytes of a long line are shown before and behind a label.
const AROUND: usize = 60;

/// How many bytes of a label are shown on a long line.
const MOST_OF_LABEL: usize = 80;

/// A part of a file, with nothing in it that a terminal obeys.
#[derive(Debug)]
pub(super) struct Excerpt {
    /// The file.
    pub file: FileId,
    /// The byte of the file that its heading names: the primary label's first, or the first label's.
    pub anchor: u32,
    /// The number of the first line, counted from 1.
    pub first_line: u32,
    /// The text, every line ended with `\n`; lines that bear no label are empty.
    pub text: String,
    /// The labels in the order of the lines on which they end.
    pub labels: Vec<Pointer>,
    /// Lines that are not shown whole, with their length in bytes.
    pub shortened: Vec<(u32, usize)>,
}

/// A label in an excerpt.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pointer {
    /// Which characters of the excerpt; never none.
    pub letters: Range<usize>,
    /// What is to be seen there.
    pub text: String,
    /// Tells whether this is the finding's primary label.
    pub is_primary: bool,
}

/// A label with the lines and bytes that it covers.
struct Located {
    file: FileId,
    first_line: u32,
    last_line: u32,
    /// Its first character.
    start: usize,
    /// Its last character; the first one again where it covers none.
    last: usize,
    text: String,
    is_primary: bool,
}

/// Cuts the excerpts for a finding: the primary one first, the others in the order of their places.
pub(super) fn excerpts(ruler: &Ruler<'_>, finding: &Diagnostic) -> Vec<Excerpt> {
    let mut located = vec![locate(ruler, &finding.primary, true)];
    located.extend(finding.secondary.iter().map(|label| locate(ruler, label, false)));
    located.sort_by_key(|label| (label.file, label.start, label.last));
    let mut groups: Vec<Vec<Located>> = Vec::new();
    for label in located {
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|last| is_near(ruler, last, &label)) => {
                group.push(label);
            }
            _ => groups.push(vec![label]),
        }
    }
    groups.sort_by_key(|group| !group.iter().any(|label| label.is_primary));
    groups.into_iter().map(|group| cut_out(ruler, group)).collect()
}

fn locate(ruler: &Ruler<'_>, label: &Label, is_primary: bool) -> Located {
    let file = label.span.file;
    let source = ruler.file(file);
    let (start, end) = fitted(source.text(), label.span);
    let last = if end > start { source.text().floor_char_boundary(end - 1) } else { start };
    let first_line = source.line(start as u32);
    let last_line = source.line(last as u32);
    let text = visible(&label.text);
    if last_line - first_line > MOST_LINES {
        let until = line_start(source, first_line + 1).saturating_sub(1).max(start);
        let text = format!("{text} (up to line {last_line})").trim_start().to_owned();
        return Located {
            file,
            first_line,
            last_line: first_line,
            start,
            last: until,
            text,
            is_primary,
        };
    }
    Located { file, first_line, last_line, start, last, text, is_primary }
}

/// Tells whether two labels, in the order of their places, fit into one excerpt.
fn is_near(ruler: &Ruler<'_>, one: &Located, other: &Located) -> bool {
    if one.file != other.file || other.first_line.saturating_sub(one.last_line) > FAR_APART {
        return false;
    }
    let source = ruler.file(one.file);
    let line = line_bytes(source.text(), line_start(source, other.first_line));
    let is_apart = other.start.saturating_sub(one.last) > AROUND || one.first_line != one.last_line;
    one.last_line != other.first_line || line.len() <= LONG_LINE || !is_apart
}

/// Returns the bytes of the line that starts at `start`, without a BOM and without its end.
fn line_bytes(text: &str, start: usize) -> Range<usize> {
    let rest = text.get(start..).unwrap_or("");
    let end = start + memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
    let line = text.get(start..end).unwrap_or("");
    let bom = line.len() - line.strip_prefix('\u{feff}').unwrap_or(line).len();
    let length = line.strip_suffix('\r').unwrap_or(line).len();
    start + bom..start + length.max(bom)
}

/// One line of an excerpt: which bytes are shown, and where they stand in the excerpt.
struct ShownLine {
    bytes: Range<usize>,
    /// The place of the first shown byte in the excerpt, in characters.
    letters_before: usize,
    /// The place of the line's `\n` in the excerpt, in characters.
    end: usize,
}

fn cut_out(ruler: &Ruler<'_>, mut group: Vec<Located>) -> Excerpt {
    let anchor = group.iter().find(|label| label.is_primary).or(group.first());
    let (file, anchor) =
        anchor.map_or((FileId(u32::MAX), 0), |label| (label.file, label.start as u32));
    let source = ruler.file(file);
    let text = source.text();
    let first_line = group.iter().map(|label| label.first_line).min().unwrap_or(1);
    let last_line = group.iter().map(|label| label.last_line).max().unwrap_or(first_line);
    let mut excerpt = Excerpt {
        file,
        anchor,
        first_line,
        text: String::new(),
        labels: Vec::new(),
        shortened: Vec::new(),
    };
    let mut shown: Vec<ShownLine> = Vec::new();
    let mut letters = 0;
    for line in first_line..=last_line {
        let whole = line_bytes(text, line_start(source, line));
        let window = window(text, &whole, line, &group);
        if window.start > whole.start && !window.is_empty() {
            excerpt.text.push('…');
            letters += 1;
        }
        let letters_before = letters;
        for letter in text.get(window.clone()).unwrap_or("").chars() {
            // A tab is the one control character whose width is known: ariadne draws it as blanks.
            excerpt.text.push(if letter == '\t' { letter } else { visible_letter(letter) });
            letters += 1;
        }
        if window.end < whole.end && !window.is_empty() {
            excerpt.text.push('…');
            letters += 1;
        }
        if window != whole && !window.is_empty() {
            excerpt.shortened.push((line, whole.len()));
        }
        shown.push(ShownLine { bytes: window, letters_before, end: letters });
        excerpt.text.push('\n');
        letters += 1;
    }
    // Ariadne starts a new excerpt whenever a label ends on an earlier line than the one before.
    group.sort_by_key(|label| (label.last_line, label.start));
    for label in group {
        let place = |line: u32, byte: usize| {
            shown.get((line - first_line) as usize).map_or(0, |line| place_in(text, line, byte))
        };
        let start = place(label.first_line, label.start);
        let start = back_to_base(&excerpt.text, start);
        let last = place(label.last_line, label.last).max(start);
        let pointer =
            Pointer { letters: start..last + 1, text: label.text, is_primary: label.is_primary };
        excerpt.labels.push(pointer);
    }
    excerpt
}

/// Returns which bytes of the line `whole` are shown.
fn window(text: &str, whole: &Range<usize>, line: u32, group: &[Located]) -> Range<usize> {
    let mut touched: Option<Range<usize>> = None;
    for label in group {
        let from = if label.first_line == line { label.start } else { label.last };
        if label.first_line != line && label.last_line != line {
            continue;
        }
        let until = if label.last_line == line { label.last } else { from };
        let until = until.min(from + MOST_OF_LABEL);
        let before = touched.unwrap_or(from..until);
        touched = Some(before.start.min(from)..before.end.max(until));
    }
    let Some(touched) = touched else { return whole.start..whole.start };
    if whole.len() <= LONG_LINE {
        return whole.clone();
    }
    let from = touched.start.clamp(whole.start, whole.end).saturating_sub(AROUND);
    let from = text.floor_char_boundary(from.max(whole.start));
    let until = touched.end.min(from + LONG_LINE) + AROUND;
    from..text.ceil_char_boundary(until.min(whole.end)).max(from)
}

/// Returns the place of `byte` in the excerpt; one outside what is shown counts as its nearest end.
fn place_in(text: &str, line: &ShownLine, byte: usize) -> usize {
    if byte < line.bytes.start {
        return line.letters_before;
    }
    match text.get(line.bytes.start..byte) {
        Some(before) if byte < line.bytes.end => line.letters_before + before.chars().count(),
        _ => line.end,
    }
}

/// Moves from a combining mark to the letter that bears it, since nothing can point at a mark alone.
fn back_to_base(text: &str, start: usize) -> usize {
    let mut base = 0;
    for (number, letter) in text.chars().take(start + 1).enumerate() {
        if !is_combining(letter) || number == 0 {
            base = number;
        }
    }
    base
}
