//! One value, read by its field's type; what is faulty is reported and gives nothing.

use super::literal;
use super::refer::Target;
use super::statements::PieceReader;
use super::unit::{Wanted, WrittenNumber};
use crate::diagnostic::{Diagnostic, code, one, shown};
use crate::model::{FieldId, RelationId, Type, ValueCode};
use crate::syntax::ast::{LineView, TextRange, ValueKind, ValueView};
use crate::time::Role;

impl<'t> PieceReader<'_, 't> {
    /// Reads one value by its field's type; what is faulty is reported and gives nothing, an all-of set several.
    pub(super) fn value(
        &mut self,
        field: FieldId,
        line: LineView<'t>,
        view: ValueView<'t>,
    ) -> Codes {
        let at = view.at();
        let schema = self.context.schema;
        let declared = schema.field(field);
        let text = self.text(at);
        match view.kind() {
            ValueKind::Error => return Codes::Nothing,
            ValueKind::Bare if text == "unknown" => return Codes::one(ValueCode::UNKNOWN),
            ValueKind::Bare if text == "none" => return self.none(field, at),
            _ => {}
        }
        let is_bare = view.kind() == ValueKind::Bare;
        match (&declared.value_type, is_bare) {
            (Type::Text, false) => {
                let text = self.decoded(view.value());
                Codes::one(ValueCode(self.strings.add(&text).0))
            }
            (Type::Url, false) => self.address(view),
            (Type::Text | Type::Url, true) => self.report_needs_quotes(line, at),
            (Type::Reference { relations, written }, _) => {
                self.reference(field, view, relations, written)
            }
            (_, false) => self.report_needs_no_quotes(field, view),
            (Type::Date, true) => self.time(at, Role::Moment),
            (Type::Period, true) => self.time(at, Role::Period),
            (Type::Integer, true) => self.number(at, None, true),
            (Type::Decimal, true) => self.number(at, None, false),
            (Type::Quantity(units), true) => self.number(at, Some(units), false),
            (Type::Words(words), true) => match words.iter().position(|word| word == text) {
                Some(place) => Codes::one(ValueCode(place as u32)),
                None => {
                    self.names.unknown_word(field, text, self.span(at));
                    Codes::Nothing
                }
            },
        }
    }

    fn none(&mut self, field: FieldId, at: TextRange) -> Codes {
        let declared = self.context.schema.field(field);
        if declared.cardinality.is_required() {
            let message = format!(
                "`{}` must have a value, and `none` says that there is none",
                declared.name
            );
            let found =
                Diagnostic::new(code::NONE_NOT_ALLOWED, message, self.span(at), "not allowed here");
            self.diagnostics.push(found.help(
                "write `unknown` if there is a value that nobody knows, or let the schema allow the field to be empty with `?` or `*`",
            ));
            return Codes::Nothing;
        }
        Codes::one(ValueCode::NONE)
    }

    fn reference(
        &mut self,
        field: FieldId,
        view: ValueView<'t>,
        relations: &[RelationId],
        written: &str,
    ) -> Codes {
        let at = view.at();
        if view.kind() != ValueKind::Bare {
            let name = self.decoded(view.value()).into_owned();
            self.names.unknown_record(&name, self.span(at), relations);
            return Codes::Nothing;
        }
        let id = self.text(at);
        let number = match self.target(id, Wanted::value_of(field)) {
            Target::Assumed(reference) => return Codes::one(ValueCode(reference)),
            Target::Record(number) => number,
            Target::Nobody => {
                self.names.unknown_record(id, self.span(at), relations);
                return Codes::Nothing;
            }
        };
        let Some(declared) = self.context.declared else { return Codes::Nothing };
        let code = ValueCode(self.refer(number));
        match declared.relation(number) {
            // The target itself is faulty, and that is told there.
            None => Codes::Counted([code]),
            Some(_) if declared.is_faulty(number) => Codes::Counted([code]),
            Some(relation) if relations.binary_search(&relation).is_ok() => Codes::one(code),
            Some(relation) => {
                if declared.is_shared(number) || self.context.names.is_loose(field) {
                    return Codes::Counted([code]);
                }
                self.report_wrong_relation(at, number, relation, written);
                Codes::Nothing
            }
        }
    }

    pub(super) fn report_wrong_relation(
        &mut self,
        at: TextRange,
        number: u32,
        is: RelationId,
        needs: &str,
    ) {
        let id = shown(self.text(at));
        let is = &self.context.schema.relation(is).name;
        let needs = one(needs);
        let message = format!("`{id}` is {}, and {needs} belongs here", one(is));
        let found = Diagnostic::new(
            code::WRONG_RELATION,
            message,
            self.span(at),
            format!("expected {needs}"),
        );
        let found = match self.context.declared.and_then(|declared| declared.header(number)) {
            Some(header) => found.and_at(header, format!("`{id}` is this {is}")),
            None => found,
        };
        self.diagnostics
            .push(found.help(format!("name {needs}, or let the schema allow {} here", one(is))));
    }

    fn address(&mut self, view: ValueView<'t>) -> Codes {
        let text = self.decoded(view.value());
        if literal::is_address(&text) {
            return Codes::one(ValueCode(self.strings.add(&text).0));
        }
        let message = format!("`{}` is not an address of the web", shown(&text));
        let found = Diagnostic::new(code::NOT_A_URL, message, self.span(view.at()), "no address");
        self.diagnostics
            .push(found.help("write it whole, for example `\"https://example.org/page\"`"));
        Codes::Nothing
    }

    pub(super) fn report_needs_quotes(&mut self, line: LineView<'t>, at: TextRange) -> Codes {
        let bare = line.values().filter(|value| value.kind() == ValueKind::Bare);
        let last = bare.last().map_or(at, |value| value.at());
        let whole = TextRange::new(at.start, last.end);
        let text = self.text(whole);
        let key = self.text(line.key());
        let message = format!("the text of `{key}` stands without quotation marks");
        let found = Diagnostic::new(
            code::NEEDS_QUOTES,
            message,
            self.span(whole),
            "expected a `\"` before and behind it",
        );
        self.diagnostics.push(found.help(format!("write `\"{}\"`", shown(text))));
        Codes::Nothing
    }

    fn report_needs_no_quotes(&mut self, field: FieldId, view: ValueView<'t>) -> Codes {
        let text = self.decoded(view.value());
        let name = &self.context.schema.field(field).name;
        let message = format!("the value of `{name}` stands in quotation marks, and it is no text");
        let found = Diagnostic::new(
            code::NEEDS_NO_QUOTES,
            message,
            self.span(view.at()),
            "quotation marks",
        );
        self.diagnostics.push(found.help(format!("write `{}`", shown(&text))));
        Codes::Nothing
    }

    fn number(&mut self, at: TextRange, units: Option<&[String]>, is_whole: bool) -> Codes {
        let text = self.text(at);
        match literal::number(text, units, is_whole, self.span(at)) {
            Ok(number) => {
                let (number_id, is_new) = self.numbers.number(text);
                if is_new {
                    let texts = &mut self.texts;
                    self.part.numbers.push(WrittenNumber {
                        text: texts.add(text),
                        unit: number.unit.map(|unit| texts.add(unit)),
                        least: number.least,
                        greatest: number.greatest,
                    });
                }
                Codes::one(ValueCode(number_id))
            }
            Err(found) => {
                self.diagnostics.push(*found);
                Codes::Nothing
            }
        }
    }
}

/// What a written value gives: nothing if it is faulty, several if it is an all-of set.
pub(super) enum Codes {
    /// A faulty value.
    Nothing,
    /// A value that is right, and refers to a record that is left out.
    Counted([ValueCode; 1]),
    /// A value.
    One([ValueCode; 1]),
    /// The members of an all-of set.
    Several(Vec<ValueCode>),
}

impl Codes {
    pub(super) fn one(code: ValueCode) -> Codes {
        Codes::One([code])
    }

    /// Returns the values.
    pub(super) fn as_slice(&self) -> &[ValueCode] {
        match self {
            Codes::Nothing => &[],
            Codes::Counted(one) | Codes::One(one) => one,
            Codes::Several(several) => several,
        }
    }
}
