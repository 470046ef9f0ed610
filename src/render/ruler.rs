//! Lines and columns of many places, measured once.
//!
//! In: byte offsets. Out: [`Place`]s. A line of 100 MB is counted once in steps, not from its start for
//! each finding on it, so that ten thousand findings on one line cost as much as on ten thousand lines.

use crate::source::{FileId, Place, SourceFile, Sources, Span};
use std::collections::HashMap;

/// How many bytes lie between two counted points of a long line.
const STEP: usize = 16 * 1024;

/// Counts columns, and remembers what it counted of long lines.
pub(super) struct Ruler<'a> {
    sources: &'a Sources,
    /// By file and line: how many characters lie before each multiple of [`STEP`].
    counted: HashMap<(FileId, u32), Vec<u32>>,
}

impl<'a> Ruler<'a> {
    /// Returns a ruler that has measured nothing yet.
    pub fn new(sources: &'a Sources) -> Ruler<'a> {
        Ruler { sources, counted: HashMap::new() }
    }

    /// Returns the text `file`.
    pub fn file(&self, file: FileId) -> &'a SourceFile {
        self.sources.file(file)
    }

    /// Returns the line and column of byte `offset`; one behind the end counts as the end.
    pub fn place(&mut self, file: FileId, offset: u32) -> Place {
        let source = self.sources.file(file);
        let text = source.text();
        let offset = text.floor_char_boundary(offset as usize);
        let line = source.line(offset as u32);
        let line_text = text.get(line_start(source, line)..offset).unwrap_or("");
        let bytes = line_text.strip_prefix('\u{feff}').unwrap_or(line_text).as_bytes();
        let step = bytes.len() / STEP;
        if step == 0 {
            return Place { line, column: letters(bytes) + 1 };
        }
        let counted = self.counted.entry((file, line)).or_insert_with(|| vec![0]);
        while counted.len() <= step {
            let from = (counted.len() - 1) * STEP;
            let before = counted.last().copied().unwrap_or(0);
            counted.push(before + letters(bytes.get(from..from + STEP).unwrap_or_default()));
        }
        let before = counted.get(step).copied().unwrap_or(0);
        let rest = letters(bytes.get(step * STEP..).unwrap_or_default());
        Place { line, column: before + rest + 1 }
    }

    /// Returns where `span` starts and where it ends, the end being the place behind its last character.
    pub fn ends(&mut self, span: Span) -> (Place, Place) {
        let (start, end) = fitted(self.file(span.file).text(), span);
        (self.place(span.file, start as u32), self.place(span.file, end as u32))
    }
}

/// Returns the first byte of `line`, counted from 1.
pub(super) fn line_start(source: &SourceFile, line: u32) -> usize {
    let starts = source.line_starts();
    let start = (line as usize).checked_sub(1).and_then(|number| starts.get(number));
    start.map_or(source.text().len(), |start| *start as usize)
}

/// Returns the bytes of `span` clamped to the text and widened to whole characters.
pub(super) fn fitted(text: &str, span: Span) -> (usize, usize) {
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.ceil_char_boundary((span.end as usize).min(text.len()));
    (start, end.max(start))
}

/// Counts the characters that begin in `bytes`: every byte that does not go on with one.
fn letters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting_from_the_start_on_long_lines() {
        let mut sources = Sources::new();
        let text = format!("\u{feff}{}\r\n{}", "é".repeat(40_000), "xы".repeat(30_000));
        let length = text.len() as u32;
        let file = sources.add("a.kb", text);
        let mut ruler = Ruler::new(&sources);
        for offset in (0..length + 9).step_by(997).chain([0, 3, length, u32::MAX]) {
            assert_eq!(ruler.place(file, offset), sources.file(file).place(offset), "{offset}");
        }
    }
}
