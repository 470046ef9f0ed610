//! What a text says, whatever its white space: the tree without places, decoded.

use regesta::source::Sources;
use regesta::syntax::ast::{
    FactView, Item, Part, Piece, TextRange, TypeExpression, Value, ValueKind,
};
use regesta::syntax::{decode_string, parse_file};
use std::fmt::Write;

/// Returns everything that a text says: items, values, comments and faults, in order.
pub fn outline(text: &str) -> String {
    let mut sources = Sources::new();
    let file = sources.add("a.kb", text);
    let (tree, faults) = parse_file(&sources, file);
    let mut told = String::new();
    let mut comments = Vec::new();
    for piece in &tree.pieces {
        let outline = Outline { text, piece };
        for item in piece.items() {
            told += &outline.item(*item);
            told.push('\n');
        }
        comments.extend(piece.comments().iter().map(|comment| outline.of(*comment).to_string()));
    }
    // Where a large file is cut is no matter of what it says.
    comments.iter().for_each(|comment| writeln!(told, "{comment}").unwrap());
    for fault in &faults {
        writeln!(told, "{}: {}", fault.code.name, fault.message).unwrap();
    }
    told
}

struct Outline<'t> {
    text: &'t str,
    piece: &'t Piece,
}

impl Outline<'_> {
    fn of(&self, at: TextRange) -> &str {
        &self.text[at.start as usize..at.end as usize]
    }

    fn string(&self, at: TextRange) -> String {
        let written = self.of(at);
        match written.len() >= 2 && written.starts_with('"') && written.ends_with('"') {
            true => decode_string(&written[1..written.len() - 1]).0.into_owned(),
            false => written.to_string(),
        }
    }

    fn value(&self, value: Value) -> String {
        match value.kind() {
            ValueKind::Bare => {
                let words = self.of(value.at()).split([' ', '\t', '\r']);
                words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
            }
            ValueKind::Error => format!("error {:?}", self.of(value.at())),
            // Whether a string has to be decoded depends on its breaks, not on what it says.
            ValueKind::Locator => format!("locator {:?}", self.string(value.at())),
            _ => format!("{:?}", self.string(value.at())),
        }
    }

    fn parts(&self, parts: &[Part]) -> String {
        let each = parts.iter().map(|part| {
            let values = self.piece.part_values(part).iter().map(|value| self.value(*value));
            let values: Vec<_> = values.collect();
            let at = if values.is_empty() { self.words(part.at) } else { String::new() };
            format!("<{:?} {} {values:?} {at}>", part.kind, self.words(part.key))
        });
        each.collect()
    }

    fn words(&self, at: TextRange) -> String {
        self.of(at).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn lines(&self, at: TextRange) -> Vec<String> {
        let lines = self.of(at).lines().map(|line| line.trim_matches([' ', '\t', '\r']));
        lines.filter(|line| !line.is_empty()).map(str::to_string).collect()
    }

    fn fact(&self, fact: FactView<'_>) -> String {
        let name = fact.name().map(|name| self.value(name));
        let mut told = format!(
            "{} {} {name:?} {} {}",
            self.of(fact.relation()),
            self.of(fact.id()),
            fact.is_row(),
            self.parts(fact.parts())
        );
        for line in fact.lines() {
            write!(told, "\n  {} {}", self.of(line.key()), self.parts(line.parts())).unwrap();
            for value in line.values() {
                let parts = self.parts(value.parts());
                write!(told, "\n    {} {parts}", self.value(value.value())).unwrap();
            }
        }
        told
    }

    fn item(&self, item: Item) -> String {
        let of_some = |at: Option<TextRange>| at.map(|at| self.string(at));
        match item {
            Item::Fact(number) => self.fact(self.piece.fact(number).unwrap()),
            Item::Table(number) => {
                let table = &self.piece.tables()[number as usize];
                let columns: Vec<_> = table.columns.iter().map(|at| self.of(*at)).collect();
                let rows: Vec<_> = self.piece.rows(table).map(|row| self.fact(row)).collect();
                format!("table {} {columns:?}\n{}", self.of(table.relation), rows.join("\n"))
            }
            Item::Relation(number) => {
                let relation = &self.piece.relations()[number as usize];
                let mut told = format!(
                    "relation {} {:?} {:?}",
                    self.of(relation.name),
                    of_some(relation.plural),
                    of_some(relation.description)
                );
                for field in &relation.fields {
                    let (kind, names) = match &field.value_type {
                        Some(TypeExpression::Words(names)) => ("words", names.as_slice()),
                        Some(TypeExpression::Quantity(names)) => ("quantity", names.as_slice()),
                        Some(TypeExpression::Named(names)) => ("named", names.as_slice()),
                        None => ("none", &[][..]),
                    };
                    let names: Vec<_> = names.iter().map(|name| self.of(*name)).collect();
                    let counts = field.cardinality.map(|(_, least, greatest)| (least, greatest));
                    let others = [
                        field.inverse,
                        field.unique,
                        field.acyclic,
                        field.dated,
                        field.description,
                    ]
                    .map(of_some);
                    let name = self.of(field.name);
                    write!(told, "\n  {name} {kind} {names:?} {counts:?} {others:?}").unwrap();
                }
                told
            }
            Item::Union(number) => {
                let union = &self.piece.unions()[number as usize];
                let members: Vec<_> = union.members.iter().map(|at| self.of(*at)).collect();
                format!("union {} {:?} {members:?}", self.of(union.name), of_some(union.plural))
            }
            Item::Cite(number) => {
                let values = self.piece.cite_values(&self.piece.cites()[number as usize]);
                let values: Vec<_> = values.iter().map(|value| self.value(*value)).collect();
                format!("cite {values:?}")
            }
            Item::Definition(number) => {
                let definition = &self.piece.definitions()[number as usize];
                format!(
                    "{} {} {:?} {:?}",
                    self.of(definition.keyword),
                    self.of(definition.name),
                    self.lines(definition.head),
                    self.lines(definition.body)
                )
            }
        }
    }
}
