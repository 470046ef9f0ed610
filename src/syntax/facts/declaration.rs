//! Declarations of relations with their fields, and of unions.

use super::builder::Builder;
use super::faults::SyntaxFault;
use super::value::{Context, begins_with_words};
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
        let end = self.end_of_line(rest, SyntaxFault::BadRelation);
        self.piece.items.push(Item::Relation(self.piece.relations.len() as u32));
        let fields = Vec::new();
        self.piece.relations.push(RelationDeclaration { name, plural, description, fields });
        self.field_declarations(end)
    }

    /// Parses `{ field declaration }` from the end of a line on, into the relation that is open.
    fn field_declarations(&mut self, input: Input<'t>) -> Input<'t> {
        let mut fields = Vec::new();
        let mut end = input;
        let behind = loop {
            let (content, is_indented) = self.next_line(end);
            if !is_indented {
                break content;
            }
            end = match self.field_key(content) {
                Some((field, rest)) => self.field_declaration(field, rest, &mut fields),
                None => {
                    let at = self.to_line_end(content);
                    self.report(SyntaxFault::BadFieldDeclaration, at);
                    if let Ok((behind, _)) = identifier(content) {
                        // Whoever uses the field is not blamed for its declaration.
                        fields.push(untyped(self.range(content, behind)));
                    }
                    self.skip_field(content)
                }
            };
        };
        if let Some(relation) = self.piece.relations.last_mut() {
            relation.fields.append(&mut fields);
        }
        behind
    }

    /// Parses a field declaration that stands at the margin, and those below it.
    pub(super) fn field_declaration_at_margin(
        &mut self,
        name: TextRange,
        input: Input<'t>,
    ) -> Input<'t> {
        let mut fields = Vec::new();
        let end = self.field_declaration(name, input, &mut fields);
        if let Some(relation) = self.piece.relations.last_mut() {
            relation.fields.append(&mut fields);
        }
        self.field_declarations(end)
    }

    /// Parses `union = "union", identifier, [ ",", identifier ], "=", identifier, { "|", identifier }`.
    pub(super) fn union(&mut self, input: Input<'t>) -> Input<'t> {
        let Some((name, plural, rest)) = self.names(input, SyntaxFault::BadUnion) else {
            return self.skip_item(input);
        };
        let rest = blanks(rest);
        let known = self.fault_count();
        let mut members = Vec::new();
        let mut rest = match rest.strip_prefix(b"=") {
            Some(behind) => self.alternatives(behind, &mut members),
            None => rest,
        };
        if members.is_empty() && self.fault_count() == known {
            let at = self.to_line_end(blanks(rest));
            match at.is_empty() {
                true => self.report(SyntaxFault::NoMembers, name),
                false => self.report(SyntaxFault::BadUnion, at),
            }
            rest = line_end(rest);
        }
        let end = self.end_of_line(rest, SyntaxFault::BadUnion);
        self.piece.items.push(Item::Union(self.piece.unions.len() as u32));
        let is_faulty = self.fault_count() > known;
        self.piece.unions.push(UnionDeclaration { name, plural, members, is_faulty });
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
            let at = self.to_line_end(rest);
            match at.is_empty() {
                true => self.report(SyntaxFault::NoName, self.keyword_before(input)),
                false => self.report(fault, at),
            }
            self.leave_unread(at);
            return None;
        };
        let name = self.range(rest, behind);
        let Some(plural_at) = blanks(behind).strip_prefix(b",").map(blanks) else {
            return Some((name, None, behind));
        };
        match identifier(plural_at) {
            Ok((behind, _)) => Some((name, Some(self.range(plural_at, behind)), behind)),
            Err(_) => {
                let at = self.to_line_end(plural_at);
                match at.is_empty() {
                    true => self.report(SyntaxFault::NoPlural, self.range(behind, plural_at)),
                    false => self.report(fault, at),
                }
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
        let mut field = untyped(name);
        let (mut rest, value_type) = self.type_expression(input, name);
        field.value_type = value_type;
        loop {
            rest = blanks(rest);
            if matches!(rest.first(), None | Some(b'\n' | b'#')) {
                let content = self.over_lines(rest);
                if matches!(content.first(), None | Some(b'\n' | b'#')) {
                    break;
                }
                rest = content;
                continue;
            }
            match self.property(rest, &mut field) {
                Some(behind) => rest = behind,
                None => {
                    let at = self.to_line_end(rest);
                    // Without a type there was a fault before, and one is enough.
                    if field.value_type.is_some() {
                        self.report(SyntaxFault::BadFieldDeclaration, at);
                    }
                    // What is wrong here may have been a part of the type.
                    field.value_type = None;
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
        let start = self.over_break(blanks(input));
        let mut names = Vec::new();
        let word = identifier(start).ok();
        let listed = match word {
            Some((rest, b"words")) => Some((rest, TypeExpression::Words as fn(_) -> _)),
            Some((rest, b"quantity")) => Some((rest, TypeExpression::Quantity as fn(_) -> _)),
            _ => None,
        };
        let known = self.fault_count();
        let (rest, make) = match listed {
            // A relation may be called as it likes, so `words` alone is only a type if words follow.
            Some((rest, make)) => (self.alternatives(rest, &mut names), make),
            None => (self.alternatives(start, &mut names), TypeExpression::Named as fn(_) -> _),
        };
        if names.is_empty() {
            let at = self.to_line_end(blanks(rest));
            match at.is_empty() {
                true => self.report(SyntaxFault::NoType, field),
                false => self.report(SyntaxFault::BadFieldDeclaration, at),
            }
            return (line_end(rest), None);
        }
        let is_whole = self.fault_count() == known;
        (rest, is_whole.then(|| make(names)))
    }

    /// Parses `alternatives = identifier, { "|", identifier }`; lines may break behind a `|` or before it.
    fn alternatives(&mut self, input: Input<'t>, names: &mut Vec<TextRange>) -> Input<'t> {
        let mut rest = input;
        let mut bar = None;
        loop {
            // Something must follow here, so that any line may go on that begins no field.
            let start = self.over_break(blanks(rest));
            let Ok((behind, word)) = identifier(start) else {
                let is_at_end = matches!(start.first(), None | Some(b'\n' | b'#'));
                if let (Some(bar), true) = (bar, is_at_end) {
                    self.report(SyntaxFault::DanglingBar, bar);
                }
                return start;
            };
            if names.is_empty() && PROPERTIES.contains(&word) {
                return start;
            }
            names.push(self.range(start, behind));
            let at_bar = self.over_lines(blanks(behind));
            let Some(next) = at_bar.strip_prefix(b"|") else { return behind };
            bar = Some(self.range(at_bar, next));
            rest = next;
        }
    }

    /// Passes over a line break if the next line begins no field.
    fn over_break(&mut self, input: Input<'t>) -> Input<'t> {
        if !matches!(input.first(), Some(b'\n' | b'#')) {
            return input;
        }
        let (content, is_indented) = self.next_line(input);
        match is_indented && self.field_key(content).is_none() {
            true => content,
            false => input,
        }
    }

    /// Passes over a line break if the next line goes on with the declaration.
    fn over_lines(&mut self, input: Input<'t>) -> Input<'t> {
        let content = self.over_break(input);
        match content.len() < input.len() && self.goes_on(input, content) {
            true => content,
            false => input,
        }
    }

    /// Tells whether a line without a key goes on with the declaration above, and is none that lacks its colon.
    fn goes_on(&self, above: Input<'t>, content: Input<'t>) -> bool {
        let Ok((rest, word)) = identifier(content) else { return true };
        let behind = blanks(rest);
        PROPERTIES.contains(&word)
            || !begins_with_words(content)
            || behind.first() == Some(&b'|')
            || self.is_deeper(content, above)
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
        match value.kind() {
            ValueKind::Error => (self.skip_text(rest), None),
            _ => (rest, Some(value.at())),
        }
    }

    /// Returns the line's end, and reports what still stands before it.
    fn end_of_line(&mut self, input: Input<'t>, fault: SyntaxFault) -> Input<'t> {
        let rest = blanks(input);
        match rest.first() {
            None | Some(b'\n' | b'#') => rest,
            Some(_) => {
                let end = line_end(rest);
                let at = self.to_line_end(rest);
                self.report(fault, at);
                end
            }
        }
    }

    /// Returns the word that stands at the start of the line, directly before `input`.
    fn keyword_before(&self, input: Input<'t>) -> TextRange {
        let end = self.position(input);
        let before = self.text_of(TextRange::new(0, end));
        let length = before.len()
            - before.trim_end_matches(|letter: char| letter.is_ascii_lowercase()).len();
        TextRange::new(end - length as u32, end)
    }
}

fn untyped(name: TextRange) -> FieldDeclaration {
    FieldDeclaration {
        name,
        value_type: None,
        cardinality: None,
        inverse: None,
        unique: None,
        acyclic: None,
        dated: None,
        description: None,
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
