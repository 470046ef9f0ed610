//! The tree of a `.kb` file: compact arrays, read through small views.
//!
//! A file is parsed in pieces, cut at margins; each [`Piece`] stands alone. Positions are byte offsets in the
//! file. A record of 150 bytes takes some 120 bytes here: values are 8 bytes, field lines 12, and what is rare
//! (parentheses) lies in side tables.

mod view;

pub use view::{FactView, LineView, ValueView};

use crate::source::{FileId, Span};

/// A stretch of the file's text, in bytes: from `start` up to, not including, `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextRange {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl TextRange {
    /// Makes a range.
    pub fn new(start: u32, end: u32) -> TextRange {
        TextRange { start, end: end.max(start) }
    }

    /// Tells whether nothing stands there.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns the range as a span of `file`.
    pub fn in_file(self, file: FileId) -> Span {
        Span::new(file, self.start, self.end)
    }
}

/// A whole `.kb` file.
#[derive(Debug)]
pub struct File {
    /// Its text.
    pub file: FileId,
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
}

/// What a value looks like; what it means is settled by its field's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ValueKind {
    /// Anything without quotation marks.
    Bare,
    /// A string that means what stands between its marks.
    Text,
    /// A string with escapes, line breaks or comment lines in it, which has to be decoded.
    EscapedText,
    /// A string that says where in a source; it belongs to the value before it, if that is [`ValueKind::Bare`].
    Locator,
    /// Something faulty that was reported; it satisfies every later check.
    Error,
}

/// A value: where it stands (a string with its marks), and what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// Where it starts, and above that its length, what it looks like, and whether parts follow. One number, which
    /// passes from function to function as a whole.
    packed: u64,
}

/// Longest value in bytes.
pub const MAX_VALUE_BYTES: u32 = (1 << 28) - 1;

impl Value {
    /// Packs a value; `length` is at most [`MAX_VALUE_BYTES`].
    pub fn new(kind: ValueKind, at: TextRange, has_parts: bool) -> Value {
        let length = (at.end - at.start).min(MAX_VALUE_BYTES);
        let behind = length | (kind as u32) << 28 | u32::from(has_parts) << 31;
        Value { packed: u64::from(at.start) | u64::from(behind) << 32 }
    }

    /// Returns where it stands.
    pub fn at(self) -> TextRange {
        let start = self.packed as u32;
        TextRange::new(start, start + (self.behind() & MAX_VALUE_BYTES))
    }

    /// Returns what it looks like.
    pub fn kind(self) -> ValueKind {
        match (self.behind() >> 28) & 0b111 {
            0 => ValueKind::Bare,
            1 => ValueKind::Text,
            2 => ValueKind::EscapedText,
            3 => ValueKind::Locator,
            _ => ValueKind::Error,
        }
    }

    /// Tells whether a parenthesis or a language tag follows.
    pub fn has_parts(self) -> bool {
        self.behind() >> 31 == 1
    }

    pub(crate) fn with_parts(self) -> Value {
        Value { packed: self.packed | 1 << 63 }
    }

    fn behind(self) -> u32 {
        (self.packed >> 32) as u32
    }
}

/// A field of a fact, or a cell of a table's row: a key and its values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldLine {
    pub key_start: u32,
    pub first_value: u32,
    pub key_length: u16,
    pub has_parts: bool,
}

/// A fact, or a row of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    pub relation: TextRange,
    pub id: TextRange,
    /// The header's name, a place in the piece's names; `u32::MAX` for none.
    pub name: u32,
    pub first_line: u32,
    pub has_parts: bool,
    pub is_row: bool,
    pub shape: RowShape,
    pub state: FactState,
}

/// How a row fits the head of its table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowShape {
    /// It has a cell for each column; a fact that is no row fits too.
    #[default]
    Fits,
    /// It has fewer cells than there are columns.
    Short,
    /// It has more, which was reported; nothing in it can be trusted.
    Long,
}

/// What the parser has found out about a fact as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FactState {
    /// Nothing special.
    #[default]
    Sound,
    /// Something in its first line was reported.
    FaultyHeader,
    /// Fields that were meant for it may have been lost with a faulty line behind it, which was reported.
    MayLackFields,
}

/// What one thing's parenthesis holds: a run of [`Part`]s.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attached {
    pub owner: u32,
    pub first: u32,
    pub count: u32,
}

/// One part of a parenthesis.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The words before the colon; empty for a bare part (a status or a period) and for a language tag.
    pub key: TextRange,
    /// The whole part.
    pub at: TextRange,
    /// What kind of part it is.
    pub kind: PartKind,
    pub(crate) first_value: u32,
    pub(crate) value_count: u32,
}

/// What a part of a parenthesis looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A status or a period.
    Bare,
    /// `KEY: values`.
    Keyed,
    /// `@ru` behind a string.
    Language,
    /// Something faulty that was reported.
    Error,
}

/// An item at the margin.
#[derive(Clone, Copy, Debug)]
pub enum Item {
    /// A fact, by its number.
    Fact(u32),
    /// A table: its number.
    Table(u32),
    /// A `relation` declaration.
    Relation(u32),
    /// A `union` declaration.
    Union(u32),
    /// A `cite` line.
    Cite(u32),
    /// A `rule`, `check`, `expect` or `query`.
    Definition(u32),
}

/// A table: `table RELATION: column | column`, then a row a line.
#[derive(Clone, Debug)]
pub struct Table {
    /// The relation's name.
    pub relation: TextRange,
    /// The columns' names.
    pub columns: Vec<TextRange>,
    pub(crate) first_row: u32,
    pub(crate) row_count: u32,
}

/// `cite ID "locator"`.
#[derive(Clone, Copy, Debug)]
pub struct Cite {
    pub(crate) first_value: u32,
    pub(crate) value_count: u32,
    /// Where it stands; it holds for the facts after it.
    pub at: TextRange,
}

/// `relation NAME, PLURAL "description"` with its fields.
#[derive(Clone, Debug)]
pub struct RelationDeclaration {
    /// The singular.
    pub name: TextRange,
    /// The plural, if one is given.
    pub plural: Option<TextRange>,
    /// The description, a string with its marks.
    pub description: Option<TextRange>,
    /// The fields in order.
    pub fields: Vec<FieldDeclaration>,
}

/// A field of a relation's declaration.
#[derive(Clone, Debug)]
pub struct FieldDeclaration {
    /// Its name.
    pub name: TextRange,
    /// Its type; none where it was faulty.
    pub value_type: Option<TypeExpression>,
    /// Least and greatest number of values, and where that is written; none where nothing is.
    pub cardinality: Option<(TextRange, u32, Option<u32>)>,
    /// The inverse's name.
    pub inverse: Option<TextRange>,
    /// Where `unique` stands.
    pub unique: Option<TextRange>,
    /// Where `acyclic` stands.
    pub acyclic: Option<TextRange>,
    /// Where `dated` stands.
    pub dated: Option<TextRange>,
    /// What the author says of it, a string with its marks.
    pub description: Option<TextRange>,
}

/// A field's type as written.
#[derive(Clone, Debug)]
pub enum TypeExpression {
    /// `words a | b`.
    Words(Vec<TextRange>),
    /// `quantity UNIT | UNIT`.
    Quantity(Vec<TextRange>),
    /// A built-in type, a relation or a union, or several parted by `|`.
    Named(Vec<TextRange>),
}

/// `union NAME, PLURAL = member | member`.
#[derive(Clone, Debug)]
pub struct UnionDeclaration {
    /// The singular.
    pub name: TextRange,
    /// The plural, if one is given.
    pub plural: Option<TextRange>,
    /// The members.
    pub members: Vec<TextRange>,
    /// Something in its line was reported, so that members may be missing.
    pub is_faulty: bool,
}

/// A `rule`, `check`, `expect` or `query`: its head, and its body as text.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The word it begins with.
    pub keyword: TextRange,
    /// Its name.
    pub name: TextRange,
    /// The rest of the head's line after the name.
    pub head: TextRange,
    /// The indented lines.
    pub body: TextRange,
}

/// A part of a file, cut at margins.
#[derive(Debug, Default)]
pub struct Piece {
    pub(crate) at: TextRange,
    pub(crate) items: Vec<Item>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) lines: Vec<FieldLine>,
    pub(crate) names: Vec<Value>,
    pub(crate) values: Vec<Value>,
    pub(crate) parts: Vec<Part>,
    pub(crate) part_values: Vec<Value>,
    pub(crate) fact_parts: Vec<Attached>,
    pub(crate) line_parts: Vec<Attached>,
    pub(crate) value_parts: Vec<Attached>,
    pub(crate) tables: Vec<Table>,
    pub(crate) cites: Vec<Cite>,
    pub(crate) relations: Vec<RelationDeclaration>,
    pub(crate) unions: Vec<UnionDeclaration>,
    pub(crate) definitions: Vec<Definition>,
    pub(crate) comments: Vec<TextRange>,
    pub(crate) unread: Vec<TextRange>,
}

impl Piece {
    /// Takes out all that it holds, and keeps the room that this took.
    pub fn emptied(self) -> Piece {
        fn emptied<T>(mut room: Vec<T>) -> Vec<T> {
            room.clear();
            room
        }
        Piece {
            at: TextRange::default(),
            items: emptied(self.items),
            facts: emptied(self.facts),
            lines: emptied(self.lines),
            names: emptied(self.names),
            values: emptied(self.values),
            parts: emptied(self.parts),
            part_values: emptied(self.part_values),
            fact_parts: emptied(self.fact_parts),
            line_parts: emptied(self.line_parts),
            value_parts: emptied(self.value_parts),
            tables: emptied(self.tables),
            cites: emptied(self.cites),
            relations: emptied(self.relations),
            unions: emptied(self.unions),
            definitions: emptied(self.definitions),
            comments: emptied(self.comments),
            unread: emptied(self.unread),
        }
    }

    /// Returns the stretch of the file that it was made from.
    pub fn at(&self) -> TextRange {
        self.at
    }

    /// Tells whether it declares something by which all facts are read.
    pub fn declares(&self) -> bool {
        !self.relations.is_empty() || !self.unions.is_empty() || !self.definitions.is_empty()
    }

    /// Returns the items in order; rows stand with their table.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Returns every fact and every table's row, in order.
    pub fn facts(&self) -> impl ExactSizeIterator<Item = FactView<'_>> {
        (0..self.facts.len() as u32).map(|number| FactView::new(self, number))
    }

    /// Returns a fact or a row by its number.
    pub fn fact(&self, number: u32) -> Option<FactView<'_>> {
        ((number as usize) < self.facts.len()).then_some(FactView::new(self, number))
    }

    /// Returns the texts of the piece, in no order: names in headers, and values in quotation marks.
    pub fn texts(&self) -> impl Iterator<Item = Value> {
        let is_text =
            |value: &&Value| matches!(value.kind(), ValueKind::Text | ValueKind::EscapedText);
        self.names.iter().chain(&self.values).filter(is_text).copied()
    }

    /// Returns the first lines of items that could not be read at all; whatever is declared there is not missing
    /// elsewhere.
    pub fn unread(&self) -> &[TextRange] {
        &self.unread
    }

    /// Returns the rows of a table.
    pub fn rows(&self, table: &Table) -> impl ExactSizeIterator<Item = FactView<'_>> {
        (table.first_row..table.first_row + table.row_count)
            .map(|number| FactView::new(self, number))
    }

    /// Returns the tables in order.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Returns the `cite` lines in order.
    pub fn cites(&self) -> &[Cite] {
        &self.cites
    }

    /// Returns the values of a `cite` line: an identifier, a locator.
    pub fn cite_values(&self, cite: &Cite) -> &[Value] {
        slice(&self.part_values, cite.first_value, cite.value_count)
    }

    /// Returns the relations declared, in order.
    pub fn relations(&self) -> &[RelationDeclaration] {
        &self.relations
    }

    /// Returns the unions declared, in order.
    pub fn unions(&self) -> &[UnionDeclaration] {
        &self.unions
    }

    /// Returns the rules, checks, expectations and queries, in order.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// Returns where comments stand, in order.
    pub fn comments(&self) -> &[TextRange] {
        &self.comments
    }

    /// Returns the values of a part.
    pub fn part_values(&self, part: &Part) -> &[Value] {
        slice(&self.part_values, part.first_value, part.value_count)
    }

    fn attached(&self, table: &[Attached], owner: u32) -> &[Part] {
        let found = table.binary_search_by_key(&owner, |attached| attached.owner);
        let attached = found.ok().and_then(|place| table.get(place));
        attached.map_or(&[], |attached| slice(&self.parts, attached.first, attached.count))
    }
}

fn slice<T>(all: &[T], first: u32, count: u32) -> &[T] {
    let start = first as usize;
    all.get(start..start + count as usize).unwrap_or_default()
}
