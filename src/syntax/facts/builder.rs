//! The arena that a piece grows in, and where its faults are gathered.

use super::faults::{SyntaxFault, diagnose};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::source::FileId;
use crate::syntax::ast::{
    Attached, FactState, MAX_VALUE_BYTES, Part, PartKind, Piece, TextRange, Value, ValueKind,
};
use crate::syntax::terminals::{Fault, FaultKind, Input, StringForm, blanks, line_end, string};
use std::collections::HashMap;
use std::ops::Range;

/// Most lines that could not be read whose words are remembered.
const MOST_UNREAD: usize = 1000;

/// Longest line in which comments and words are looked for once it is faulty, in bytes.
const LONGEST_LINE: usize = 10_000;

/// Most faults of one parenthesis that are told.
const MOST_HELD: usize = 100;

/// How far fields are indented at most, where nobody indents oddly.
const USUAL_INDENTATION: usize = 4;

/// A piece in the making. Positions are taken from how much input is left before the piece's end.
pub struct Builder<'t> {
    pub(super) piece: Piece,
    file: FileId,
    pub(super) text: &'t str,
    end: usize,
    diagnostics: Findings,
    /// The line above neither began a field nor went on with one, and neither does this.
    pub(super) is_paragraph: bool,
    /// The codes of the faults that were told.
    codes: HashMap<SyntaxFault, &'static Code>,
    /// The faults of the parenthesis that is open: if it is never closed, they are all one.
    held_back: Option<Vec<(SyntaxFault, TextRange)>>,
    /// Where the last look for a line began, where it ended, and whether that line is indented (bytes left).
    pub(super) looked_ahead: Option<(usize, usize, bool)>,
    /// Where the last look for a key was (bytes left), and the key with what is behind its colon, if there is one.
    pub(super) key_ahead: Option<(usize, Option<(TextRange, Input<'t>)>)>,
}

impl<'t> Builder<'t> {
    /// Parses one stretch of a file's text; the tree grows in the room of one that is no longer needed.
    pub fn parse(
        file: FileId,
        text: &'t str,
        stretch: Range<usize>,
        room: Piece,
    ) -> (Piece, Vec<Diagnostic>) {
        let input = text.as_bytes().get(stretch.clone()).unwrap_or_default();
        let mut builder = Builder {
            piece: Piece {
                at: TextRange::new(stretch.start as u32, (stretch.start + input.len()) as u32),
                ..room.emptied()
            },
            file,
            text,
            end: stretch.start + input.len(),
            diagnostics: Findings::default(),
            is_paragraph: false,
            codes: HashMap::new(),
            held_back: None,
            looked_ahead: None,
            key_ahead: None,
        };
        let input = match stretch.start {
            0 => input.strip_prefix("\u{feff}".as_bytes()).unwrap_or(input),
            _ => input,
        };
        builder.items(input);
        (builder.piece, builder.diagnostics.into_vec())
    }

    /// Returns the position of what is left to read, in bytes of the file.
    pub fn position(&self, input: Input<'_>) -> u32 {
        (self.end - input.len()) as u32
    }

    /// Returns the range from `from` up to its rest `behind`, white space at its end left out.
    pub fn trimmed(&self, from: Input<'_>, behind: Input<'_>) -> TextRange {
        let taken = from.get(..from.len() - behind.len()).unwrap_or_default();
        let length = taken.trim_ascii_end().len() as u32;
        let start = self.position(from);
        TextRange::new(start, start + length)
    }

    /// Tells whether a line is indented deeper than the field above, and so rather goes on with it.
    pub fn is_deeper(&self, line: Input<'_>, above: Input<'_>) -> bool {
        self.indentation(line) > self.field_indentation(above)
    }

    /// Returns how far a field is indented; one that stands at the margin by mistake was meant to be as usual.
    pub fn field_indentation(&self, field: Input<'_>) -> usize {
        match self.indentation(field) {
            0 => USUAL_INDENTATION,
            indentation => indentation,
        }
    }

    /// Returns how many bytes of white space begin the line in which `input` stands.
    pub fn indentation(&self, input: Input<'_>) -> usize {
        let before = self.text.as_bytes().get(..self.position(input) as usize).unwrap_or_default();
        let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let line = self.text.as_bytes().get(start..).unwrap_or_default();
        line.len() - blanks(line).len()
    }

    /// Returns the range from `from` up to the end of its line, a comment there left out.
    pub fn to_line_end(&self, from: Input<'_>) -> TextRange {
        let end = line_end(from);
        if from.len() - end.len() > LONGEST_LINE {
            return self.trimmed(from, end);
        }
        let mut rest = from;
        loop {
            let Some(at) = memchr::memchr3(b'"', b'#', b'\n', rest) else {
                return self.trimmed(from, &[]);
            };
            let found = rest.get(at..).unwrap_or_default();
            match (found.first(), string(found)) {
                (Some(b'"'), Ok((behind, StringForm::Plain))) => rest = behind,
                (Some(b'"'), _) => return self.trimmed(from, line_end(found)),
                _ => return self.trimmed(from, found),
            }
        }
    }

    /// Returns the range from `from` up to its rest `behind`.
    pub fn range(&self, from: Input<'_>, behind: Input<'_>) -> TextRange {
        TextRange::new(self.position(from), self.position(behind))
    }

    /// Returns the text of a range.
    pub fn text_of(&self, range: TextRange) -> &'t str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or("")
    }

    /// Returns the range of a terminal's fault.
    pub fn range_of(&self, fault: Fault) -> TextRange {
        TextRange::new((self.end - fault.left) as u32, (self.end - fault.left_behind) as u32)
    }

    /// Reports a terminal's fault.
    pub fn report_terminal(&mut self, fault: Fault) {
        let at = self.range_of(fault);
        let fault = match fault.kind {
            FaultKind::UnclosedString => SyntaxFault::UnclosedString,
            FaultKind::UnclosedBracket => SyntaxFault::UnclosedBracket,
            FaultKind::NoMatch => SyntaxFault::UnexpectedText,
        };
        self.report(fault, at);
    }

    /// Reports a fault.
    pub fn report(&mut self, fault: SyntaxFault, at: TextRange) {
        match &mut self.held_back {
            Some(held) if held.len() < MOST_HELD => held.push((fault, at)),
            Some(_) => {}
            None => {
                // A fault that was told often enough is not put into words any more.
                let known = self.codes.get(&fault).copied();
                if let Some(code) = known.filter(|code| self.diagnostics.is_full_of(code)) {
                    self.diagnostics.count_more(code);
                    return;
                }
                let found = diagnose(fault, self.text_of(at), at.in_file(self.file));
                self.codes.insert(fault, found.code);
                self.diagnostics.push(found);
            }
        }
    }

    /// Returns how many faults were reported so far.
    pub fn fault_count(&self) -> usize {
        self.diagnostics.count()
    }

    /// Holds faults back until [`Builder::held_faults`] asks for them.
    pub fn hold_faults(&mut self) {
        self.held_back = Some(Vec::new());
    }

    /// Returns the faults that were held back; from here on they are reported at once again.
    pub fn held_faults(&mut self) -> Vec<(SyntaxFault, TextRange)> {
        self.held_back.take().unwrap_or_default()
    }

    /// Remembers the line of an item that could not be read.
    pub fn leave_unread(&mut self, line: TextRange) {
        if self.piece.unread.len() < MOST_UNREAD && line.end - line.start < LONGEST_LINE as u32 {
            self.piece.unread.push(line);
        }
    }

    /// Remembers that the first line of the open fact is faulty.
    pub fn mark_header(&mut self) {
        if let Some(fact) = self.piece.facts.last_mut() {
            fact.state = FactState::FaultyHeader;
        }
    }

    /// Adds a value to the field line that is open.
    pub fn push_value(&mut self, kind: ValueKind, at: TextRange) {
        let value = self.checked_value(kind, at);
        self.piece.values.push(value);
    }

    /// Makes a value; one that is too long for the tree is reported and becomes an error value.
    pub fn checked_value(&mut self, kind: ValueKind, at: TextRange) -> Value {
        if at.end - at.start > MAX_VALUE_BYTES {
            let head = TextRange::new(at.start, at.start);
            self.report(SyntaxFault::TooLong, head);
            return Value::new(ValueKind::Error, head, false);
        }
        Value::new(kind, at, false)
    }

    /// Records the comment at `input`, up to its line's end, and returns what is left there.
    pub fn comment<'i>(&mut self, input: Input<'i>) -> Input<'i> {
        let rest = line_end(input);
        let at = self.trimmed(input, rest);
        self.piece.comments.push(at);
        rest
    }

    /// Makes the parts from `first` on those of the value that was pushed last.
    pub fn attach_to_last_value(&mut self, first: usize) {
        let owner = self.piece.values.len() as u32 - 1;
        if let (Some(value), true) = (self.piece.values.last_mut(), self.piece.parts.len() > first)
        {
            *value = value.with_parts();
        }
        attach(&mut self.piece.value_parts, owner, first, self.piece.parts.len());
    }

    /// Makes the parts from `first` on those of the field line that is open.
    pub fn attach_to_last_line(&mut self, first: usize) {
        let owner = self.piece.lines.len() as u32 - 1;
        if let (Some(line), true) = (self.piece.lines.last_mut(), self.piece.parts.len() > first) {
            line.has_parts = true;
        }
        attach(&mut self.piece.line_parts, owner, first, self.piece.parts.len());
    }

    /// Makes the parts from `first` on those of the fact that is open.
    pub fn attach_to_last_fact(&mut self, first: usize) {
        let owner = self.piece.facts.len() as u32 - 1;
        if let (Some(fact), true) = (self.piece.facts.last_mut(), self.piece.parts.len() > first) {
            fact.has_parts = true;
        }
        attach(&mut self.piece.fact_parts, owner, first, self.piece.parts.len());
    }

    /// Adds a part without values.
    pub fn push_bare_part(&mut self, kind: PartKind, at: TextRange) {
        let first_value = self.piece.part_values.len() as u32;
        let key = TextRange::new(at.start, at.start);
        self.piece.parts.push(Part { key, at, kind, first_value, value_count: 0 });
    }
}

/// Adds parts to an owner; what comes later for the same owner joins what came before.
fn attach(table: &mut Vec<Attached>, owner: u32, first: usize, end: usize) {
    if end <= first {
        return;
    }
    match table.last_mut() {
        Some(last) if last.owner == owner => last.count = end as u32 - last.first,
        _ => table.push(Attached { owner, first: first as u32, count: (end - first) as u32 }),
    }
}
