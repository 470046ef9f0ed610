//! From the tree of an item to its tokens, in the order of the text.

use super::tokens::{Between, Kind, Tokens};
use crate::syntax::ast::{
    FactView, Item, LineView, Part, PartKind, Piece, RelationDeclaration, Table, TextRange,
    TypeExpression, UnionDeclaration, Value, ValueKind,
};

/// Returns where an item's first name stands, which is in the item's first line.
pub fn position(piece: &Piece, item: Item) -> u32 {
    let at = match item {
        Item::Fact(number) => piece.fact(number).map(FactView::relation),
        Item::Table(number) => piece.tables().get(number as usize).map(|table| table.relation),
        Item::Relation(number) => piece.relations().get(number as usize).map(|found| found.name),
        Item::Union(number) => piece.unions().get(number as usize).map(|found| found.name),
        Item::Cite(number) => piece.cites().get(number as usize).map(|cite| cite.at),
        Item::Definition(number) => {
            piece.definitions().get(number as usize).map(|found| found.keyword)
        }
    };
    at.unwrap_or_default().start
}

/// Adds the tokens of an item that begins at `start`, up to `end`, where the next one begins.
///
/// Nothing comes of a definition, which is kept as text.
pub fn item(
    tokens: &mut Tokens<'_>,
    piece: &Piece,
    item: Item,
    start: u32,
    end: u32,
) -> Option<()> {
    let keyword = |length| TextRange::new(start, start + length);
    let between = match item {
        Item::Relation(_) => Between::Words,
        _ => Between::Punctuation,
    };
    tokens.restart(start, between);
    match item {
        Item::Fact(number) => fact(tokens, piece, piece.fact(number)?, end),
        Item::Table(number) => {
            tokens.push(keyword(5), Kind::Word);
            table(tokens, piece, piece.tables().get(number as usize)?);
        }
        Item::Relation(number) => relation(tokens, piece.relations().get(number as usize)?),
        Item::Union(number) => {
            tokens.push(keyword(5), Kind::Word);
            union(tokens, piece.unions().get(number as usize)?);
        }
        Item::Cite(number) => {
            let cite = piece.cites().get(number as usize)?;
            tokens.push(cite.at, Kind::Word);
            piece.cite_values(cite).iter().for_each(|each| value(tokens, *each));
        }
        Item::Definition(_) => return None,
    }
    tokens.gap(end);
    Some(())
}

fn fact(tokens: &mut Tokens<'_>, piece: &Piece, fact: FactView<'_>, end: u32) {
    tokens.push(fact.relation(), Kind::Word);
    tokens.push(fact.id(), Kind::Word);
    if let Some(name) = fact.name() {
        value(tokens, name);
    }
    parts(tokens, piece, fact.parts());
    for line in fact.lines() {
        // A field that stands at the margin by mistake is taken for one of this fact, and left alone.
        if line.key().start >= end {
            break;
        }
        tokens.push(line.key(), Kind::Key);
        values(tokens, piece, line);
    }
}

fn values(tokens: &mut Tokens<'_>, piece: &Piece, line: LineView<'_>) {
    parts(tokens, piece, line.parts());
    for each in line.values() {
        value(tokens, each.value());
        parts(tokens, piece, each.parts());
    }
}

fn value(tokens: &mut Tokens<'_>, value: Value) {
    match value.kind() {
        ValueKind::Bare => tokens.push(value.at(), Kind::Word),
        ValueKind::Text | ValueKind::EscapedText | ValueKind::Locator => {
            tokens.push_string(value.at());
        }
        ValueKind::Error => tokens.give_up(),
    }
}

fn parts(tokens: &mut Tokens<'_>, piece: &Piece, parts: &[Part]) {
    for part in parts {
        match part.kind {
            PartKind::Bare | PartKind::Language => tokens.push(part.at, Kind::Word),
            PartKind::Keyed => {
                tokens.push(part.key, Kind::Word);
                piece.part_values(part).iter().for_each(|each| value(tokens, *each));
            }
            PartKind::Error => tokens.give_up(),
        }
    }
}

fn table(tokens: &mut Tokens<'_>, piece: &Piece, table: &Table) {
    tokens.push(table.relation, Kind::Word);
    table.columns.iter().for_each(|column| tokens.push(*column, Kind::Word));
    for row in piece.rows(table) {
        // The cells of identifier and name stand apart in the tree, wherever their columns are.
        let mut header = [Some(row.id()), row.name().map(Value::at)];
        header.sort_unstable();
        let mut header = header.into_iter().flatten().filter(|at| !at.is_empty()).peekable();
        for line in row.lines() {
            let first = line.parts().first().map(|part| part.at.start);
            let first = first.or_else(|| line.values().next().map(|each| each.at().start));
            while let Some(at) = header.next_if(|at| first.is_some_and(|first| at.start < first)) {
                header_cell(tokens, row, at);
            }
            values(tokens, piece, line);
        }
        header.for_each(|at| header_cell(tokens, row, at));
    }
}

fn header_cell(tokens: &mut Tokens<'_>, row: FactView<'_>, at: TextRange) {
    match row.name() {
        Some(name) if name.at() == at => value(tokens, name),
        _ => tokens.push(at, Kind::Word),
    }
}

fn union(tokens: &mut Tokens<'_>, union: &UnionDeclaration) {
    tokens.push(union.name, Kind::Word);
    union.plural.iter().for_each(|plural| tokens.push(*plural, Kind::Word));
    union.members.iter().for_each(|member| tokens.push(*member, Kind::Word));
}

fn relation(tokens: &mut Tokens<'_>, relation: &RelationDeclaration) {
    tokens.push(relation.name, Kind::Word);
    relation.plural.iter().for_each(|plural| tokens.push(*plural, Kind::Word));
    relation.description.iter().for_each(|text| tokens.push_string(*text));
    for field in &relation.fields {
        tokens.push(field.name, Kind::Key);
        let names = match &field.value_type {
            Some(
                TypeExpression::Words(names)
                | TypeExpression::Quantity(names)
                | TypeExpression::Named(names),
            ) => names.as_slice(),
            None => &[],
        };
        names.iter().for_each(|name| tokens.push(*name, Kind::Word));
        // What is behind the type may stand in any order.
        let mut behind = [
            (field.cardinality.map(|(at, _, _)| at), Kind::Word),
            (field.inverse, Kind::Word),
            (field.unique, Kind::Property),
            (field.acyclic, Kind::Property),
            (field.dated, Kind::Property),
            (field.description, Kind::Text),
        ];
        behind.sort_unstable_by_key(|(at, _)| *at);
        for (at, kind) in behind {
            match (at, kind) {
                (Some(at), Kind::Text) => tokens.push_string(at),
                (Some(at), kind) => tokens.push(at, kind),
                (None, _) => {}
            }
        }
    }
}
