//! Declarations of relations with their fields, and of unions.

use super::builder::Builder;
use super::faults::SyntaxFault;
use super::value::Context;
use crate::syntax::ast::{
    FieldDeclaration, Item, RelationDeclaration, TextRange, TypeExpression, UnionDeclaration,
    ValueKind,
};
use crate::syntax::terminals::{Input, blanks, identifier, line_end};
use nom::Parser;
use nom::bytes::complete::{tag, take_while1};
use nom::combinator::opt;
use nom::error::Error;
use nom::sequence::preceded;

/// Words that end a list of words or units, because they say something about the field.
const PROPERTIES: [&[u8]; 4] = [b"inverse", b"unique", b"acyclic", b"dated"];

impl<'t> Builder<'t> {
    /// Parses `relation = "relation", identifier, [ ",", identifier ], [ text ], { field-declaration }`.
    pub(super) fn relation(&mut self, input: Input<'t>) -> Input<'t> {
        let Some((name, plural, rest)) = self.names(input, SyntaxFault::BadRelation) else {
            return self.skip_item(input);
        };
        let (rest, description) = self.description(rest);
        let mut end = self.end_of_line(rest, SyntaxFault::BadRelation);
        let mut fields = Vec::new();
        let behind = loop {
            let (content, is_indented) = self.next_line(end);
            if !is_indented {
                break content;
            }
            end = match self.field_key(content) {
                Some((field, rest)) => self.field_declaration(field, rest, &mut fields),
                None => {
                    let at = self.trimmed(content, line_end(content));
                    self.report(SyntaxFault::BadFieldDeclaration, at);
                    self.skip_field(content)
                }
            };
        };
        self.piece.items.push(Item::Relation(self.piece.relations.len() as u32));
        self.piece.relations.push(RelationDeclaration { name, plural, description, fields });
        behind
    }

    /// Parses `union = "union", identifier, [ ",", identifier ], "=", identifier, { "|", identifier }`.
    pub(super) fn union(&mut self, input: Input<'t>) -> Input<'t> {
        let Some((name, plural, rest)) = self.names(input, SyntaxFault::BadUnion) else {
            return self.skip_item(input);
        };
        let rest = blanks(rest);
        let mut members = Vec::new();
        let mut rest = match rest.strip_prefix(b"=") {
            Some(behind) => self.alternatives(behind, &mut members),
            None => rest,
        };
        if members.is_empty() {
            let at = self.fault_here(rest, name);
            self.report(SyntaxFault::BadUnion, at);
            rest = line_end(rest);
        }
        let end = self.end_of_line(rest, SyntaxFault::BadUnion);
        self.piece.items.push(Item::Union(self.piece.unions.len() as u32));
        self.piece.unions.push(UnionDeclaration { name, plural, members });
        self.expect_no_lines(end)
    }

    /// Parses `names = identifier, [ ",", identifier ]`, a singular and its plural.
    fn names(
        &mut self,
        input: Input<'t>,
        fault: SyntaxFault,
    ) -> Option<(TextRange, Option<TextRange>, Input<'t>)> {
        let rest = blanks(input);
        let Ok((behind, _)) = identifier(rest) else {
            let at = self.fault_here(rest, self.trimmed(input, line_end(input)));
            self.report(fault, at);
            return None;
        };
        let name = self.range(rest, behind);
        let Some(plural_at) = blanks(behind).strip_prefix(b",").map(blanks) else {
            return Some((name, None, behind));
        };
        match identifier(plural_at) {
            Ok((behind, _)) => Some((name, Some(self.range(plural_at, behind)), behind)),
            Err(_) => {
                let at = self.fault_here(plural_at, name);
                self.report(fault, at);
                Some((name, None, line_end(plural_at)))
            }
        }
    }

    /// Parses `field-declaration = identifier, ":", type, { property }`.
    fn field_declaration(
        &mut self,
        name: TextRange,
        input: Input<'t>,
        fields: &mut Vec<FieldDeclaration>,
    ) -> Input<'t> {
        let mut field = FieldDeclaration {
            name,
            value_type: None,
            cardinality: None,
            inverse: None,
            unique: None,
            acyclic: None,
            dated: None,
            description: None,
        };
        let (mut rest, value_type) = self.type_expression(input, name);
        field.value_type = value_type;
        loop {
            rest = blanks(rest);
            if matches!(rest.first(), None | Some(b'\n' | b'#')) {
                let (content, is_indented) = self.next_line(rest);
                if !is_indented || self.field_key(content).is_some() {
                    break;
                }
                rest = content;
                continue;
            }
            match self.property(rest, &mut field) {
                Some(behind) => rest = behind,
                None => {
                    let at = self.trimmed(rest, line_end(rest));
                    self.report(SyntaxFault::BadFieldDeclaration, at);
                    rest = self.skip_field(rest);
                    break;
                }
            }
        }
        fields.push(field);
        rest
    }

    /// Parses `type = "words", alternatives | "quantity", alternatives | alternatives`.
    fn type_expression(
        &mut self,
        input: Input<'t>,
        field: TextRange,
    ) -> (Input<'t>, Option<TypeExpression>) {
        let start = self.over_lines(blanks(input));
        let mut names = Vec::new();
        let word = identifier(start).ok();
        let listed = match word {
            Some((rest, b"words")) => Some((rest, TypeExpression::Words as fn(_) -> _)),
            Some((rest, b"quantity")) => Some((rest, TypeExpression::Quantity as fn(_) -> _)),
            _ => None,
        };
        let (rest, make) = match listed {
            // A relation may be called as it likes, so `words` alone is only a type if words follow.
            Some((rest, make)) => (self.alternatives(rest, &mut names), make),
            None => (self.alternatives(start, &mut names), TypeExpression::Named as fn(_) -> _),
        };
        if names.is_empty() {
            let at = self.fault_here(rest, field);
            self.report(SyntaxFault::BadFieldDeclaration, at);
            return (line_end(rest), None);
        }
        (rest, Some(make(names)))
    }

    /// Parses `alternatives = identifier, { "|", identifier }`; lines may break behind a `|` or before it.
    fn alternatives(&mut self, input: Input<'t>, names: &mut Vec<TextRange>) -> Input<'t> {
        let mut rest = input;
        loop {
            let start = self.over_lines(blanks(rest));
            let Ok((behind, word)) = identifier(start) else { return start };
            if names.is_empty() && PROPERTIES.contains(&word) {
                return start;
            }
            names.push(self.range(start, behind));
            match self.over_lines(blanks(behind)).strip_prefix(b"|") {
                Some(next) => rest = next,
                None => return behind,
            }
        }
    }

    /// Passes over a line break if the next line goes on with the declaration.
    fn over_lines(&mut self, input: Input<'t>) -> Input<'t> {
        if !matches!(input.first(), Some(b'\n' | b'#')) {
            return input;
        }
        let (content, is_indented) = self.next_line(input);
        match is_indented && self.field_key(content).is_none() {
            true => content,
            false => input,
        }
    }

    /// Parses one property: a cardinality, `inverse` and a name, `unique`, `acyclic`, `dated`, or a text.
    fn property(&mut self, input: Input<'t>, field: &mut FieldDeclaration) -> Option<Input<'t>> {
        if input.first() == Some(&b'"') {
            let (rest, description) = self.description(input);
            let is_first = field.description.is_none();
            field.description = field.description.or(description);
            return is_first.then_some(rest);
        }
        if let Some((rest, least, greatest)) = cardinality(input) {
            let is_first = field.cardinality.is_none();
            field.cardinality =
                field.cardinality.or(Some((self.range(input, rest), least, greatest)));
            return is_first.then_some(rest);
        }
        let (rest, word) = identifier(input).ok()?;
        let at = self.range(input, rest);
        let place = match word {
            b"inverse" => {
                let name = blanks(rest);
                let (rest, _) = identifier(name).ok()?;
                let is_first = field.inverse.is_none();
                field.inverse = field.inverse.or(Some(self.range(name, rest)));
                return is_first.then_some(rest);
            }
            b"unique" => &mut field.unique,
            b"acyclic" => &mut field.acyclic,
            b"dated" => &mut field.dated,
            _ => return None,
        };
        let is_first = place.is_none();
        *place = place.or(Some(at));
        is_first.then_some(rest)
    }

    /// Parses an optional string, the description of what stands before it.
    fn description(&mut self, input: Input<'t>) -> (Input<'t>, Option<TextRange>) {
        let rest = blanks(input);
        if rest.first() != Some(&b'"') {
            return (input, None);
        }
        let parts = self.piece.parts.len();
        let (rest, value) = self.string_value(rest, Context::FIELD);
        // A language tag says nothing about a description.
        self.piece.parts.truncate(parts);
        (rest, (value.kind() != ValueKind::Error).then_some(value.at()))
    }

    /// Returns the line's end, and reports what still stands before it.
    fn end_of_line(&mut self, input: Input<'t>, fault: SyntaxFault) -> Input<'t> {
        let rest = blanks(input);
        match rest.first() {
            None | Some(b'\n' | b'#') => rest,
            Some(_) => {
                let end = line_end(rest);
                let at = self.trimmed(rest, end);
                self.report(fault, at);
                end
            }
        }
    }

    /// Returns the rest of the line as the place of a fault; where nothing is left, `otherwise`.
    fn fault_here(&self, input: Input<'t>, otherwise: TextRange) -> TextRange {
        let rest = blanks(input);
        let at = self.trimmed(rest, line_end(rest));
        if at.is_empty() { otherwise } else { at }
    }
}

/// Parses `cardinality = "?" | "*" | "+" | number, "..", [ number ]`.
fn cardinality(input: Input<'_>) -> Option<(Input<'_>, u32, Option<u32>)> {
    let behind = input.get(1..).unwrap_or_default();
    match input.first()? {
        b'?' => Some((behind, 0, Some(1))),
        b'*' => Some((behind, 0, None)),
        b'+' => Some((behind, 1, None)),
        b'0'..=b'9' => {
            let (rest, (least, greatest)) =
                (number, preceded(tag("..".as_bytes()), opt(number))).parse(input).ok()?;
            Some((rest, least, greatest))
        }
        _ => None,
    }
}

/// Parses `number = digit, { digit }`.
fn number(input: Input<'_>) -> nom::IResult<Input<'_>, u32, Error<Input<'_>>> {
    let digits = take_while1(|byte: u8| byte.is_ascii_digit());
    digits.map_opt(|digits: &[u8]| std::str::from_utf8(digits).ok()?.parse().ok()).parse(input)
}
