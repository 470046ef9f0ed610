//! Facts, their lines and values, as they are looked at.

use super::{Fact, FactState, FieldLine, Part, Piece, RowShape, TextRange, Value, ValueKind};

/// What a view of nothing shows: views are made with numbers of their own piece alone.
static NO_FACT: Fact = Fact {
    relation: NOWHERE,
    id: NOWHERE,
    name: u32::MAX,
    first_line: u32::MAX,
    has_parts: false,
    is_row: false,
    shape: RowShape::Fits,
    state: FactState::Sound,
};

static NO_LINE: FieldLine =
    FieldLine { key_start: 0, first_value: u32::MAX, key_length: 0, has_parts: false };

const NOWHERE: TextRange = TextRange { start: 0, end: 0 };

/// A fact of a piece.
#[derive(Clone, Copy)]
pub struct FactView<'p> {
    piece: &'p Piece,
    number: u32,
}

impl<'p> FactView<'p> {
    pub(super) fn new(piece: &'p Piece, number: u32) -> FactView<'p> {
        FactView { piece, number }
    }

    fn fact(self) -> &'p Fact {
        self.piece.facts.get(self.number as usize).unwrap_or(&NO_FACT)
    }

    /// Returns its number in the piece.
    pub fn number(self) -> u32 {
        self.number
    }

    /// Returns the relation's name: in a row, that of the table's head.
    pub fn relation(self) -> TextRange {
        self.fact().relation
    }

    /// Returns the identifier; an empty range at the place where it would stand if there is none.
    pub fn id(self) -> TextRange {
        self.fact().id
    }

    /// Tells whether it is a row of a table.
    pub fn is_row(self) -> bool {
        self.fact().is_row
    }

    /// Returns how a row fits the head of its table.
    pub fn shape(self) -> RowShape {
        self.fact().shape
    }

    /// Returns what the parser has found out about it as a whole.
    pub fn state(self) -> FactState {
        self.fact().state
    }

    /// Returns the name in the header.
    pub fn name(self) -> Option<Value> {
        self.piece.names.get(self.fact().name as usize).copied()
    }

    /// Returns what stands in parentheses behind the header.
    pub fn parts(self) -> &'p [Part] {
        match self.fact().has_parts {
            true => self.piece.attached(&self.piece.fact_parts, self.number),
            false => &[],
        }
    }

    /// Returns the fields in order.
    pub fn lines(self) -> impl ExactSizeIterator<Item = LineView<'p>> + Clone {
        let piece = self.piece;
        let next = piece.facts.get(self.number as usize + 1);
        let end = next.map_or(piece.lines.len() as u32, |fact| fact.first_line);
        (self.fact().first_line..end).map(move |number| LineView { piece, number })
    }

    /// Returns where a finding about the record as a whole is shown: its identifier, else its relation or row.
    pub fn header(self) -> TextRange {
        let fact = self.fact();
        match (fact.id.is_empty(), self.name(), fact.is_row) {
            (false, _, _) => fact.id,
            (true, Some(name), _) => name.at(),
            (true, None, false) => fact.relation,
            (true, None, true) => self.row_start(),
        }
    }

    fn row_start(self) -> TextRange {
        let first = self.lines().flat_map(|line| line.values()).next();
        first.map_or(self.fact().id, |value| value.at())
    }
}

/// A field line of a fact, or a cell of a row.
#[derive(Clone, Copy)]
pub struct LineView<'p> {
    piece: &'p Piece,
    number: u32,
}

impl<'p> LineView<'p> {
    fn line(self) -> &'p FieldLine {
        self.piece.lines.get(self.number as usize).unwrap_or(&NO_LINE)
    }

    /// Returns the field's name: in a row, that of the table's head; empty under a column that was reported.
    pub fn key(self) -> TextRange {
        let line = self.line();
        TextRange::new(line.key_start, line.key_start + u32::from(line.key_length))
    }

    /// Returns what stands in parentheses before the first value and qualifies all of them.
    pub fn parts(self) -> &'p [Part] {
        match self.line().has_parts {
            true => self.piece.attached(&self.piece.line_parts, self.number),
            false => &[],
        }
    }

    /// Returns the values in order.
    pub fn values(self) -> impl ExactSizeIterator<Item = ValueView<'p>> {
        let piece = self.piece;
        let next = piece.lines.get(self.number as usize + 1);
        let end = next.map_or(piece.values.len() as u32, |line| line.first_value);
        let start = self.line().first_value;
        let values = piece.values.get(start as usize..end as usize).unwrap_or_default();
        let numbered = values.iter().enumerate();
        numbered.map(move |(place, value)| ValueView {
            piece,
            value: *value,
            number: start + place as u32,
        })
    }
}

/// A value of a fact.
#[derive(Clone, Copy)]
pub struct ValueView<'p> {
    piece: &'p Piece,
    value: Value,
    number: u32,
}

impl<'p> ValueView<'p> {
    /// Returns where it stands; a string with its marks.
    pub fn at(self) -> TextRange {
        self.value.at()
    }

    /// Returns what it looks like.
    pub fn kind(self) -> ValueKind {
        self.value.kind()
    }

    /// Returns the value itself.
    pub fn value(self) -> Value {
        self.value
    }

    /// Returns what stands in parentheses behind it, and its language tag.
    pub fn parts(self) -> &'p [Part] {
        match self.value.has_parts() {
            true => self.piece.attached(&self.piece.value_parts, self.number),
            false => &[],
        }
    }
}
