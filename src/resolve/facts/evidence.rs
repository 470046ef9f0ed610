//! Which sources a fact and a statement rest on: the nearest wins.

use super::refer::Target;
use super::statements::PieceReader;
use super::unit::Wanted;
use crate::diagnostic::{Diagnostic, code, counted};
use crate::model::{Citation, CitationList, EntityId, SOURCE_RELATION, StringId};
use crate::source::Span;
use crate::syntax::ast::{TextRange, Value, ValueKind};
use std::borrow::Cow;

/// The sources that hold somewhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    /// Those that exist.
    pub citations: CitationList,
    /// Something was named that is no source, which was reported there: nothing rests on nothing here.
    pub is_faulty: bool,
}

impl<'t> PieceReader<'_, 't> {
    /// Reads `ID "locator", "locator"` into citations; a bare locator stays in the source that would hold.
    pub(super) fn citations(
        &mut self,
        values: impl Iterator<Item = Value>,
        would_hold: &Held,
    ) -> Held {
        let citations = std::mem::take(&mut self.spare_citations);
        let mut held = Held { citations, is_faulty: false };
        for value in values {
            match value.kind() {
                ValueKind::Bare => match self.source_named(value.at()) {
                    Some(source) => held.citations.push(Citation { source, locator: None }),
                    None => held.is_faulty = true,
                },
                ValueKind::Locator => {
                    let text = self.decoded(value);
                    let locator = self.common_text(text);
                    if let Some(last) = held.citations.last_mut() {
                        last.locator = Some(locator);
                    }
                }
                ValueKind::Text | ValueKind::EscapedText => match would_hold.citations.first() {
                    Some(source) => {
                        let text = self.decoded(value);
                        let locator = Some(self.common_text(text));
                        held.citations.push(Citation { source: source.source, locator });
                    }
                    None => {
                        held.is_faulty = true;
                        if !would_hold.is_faulty {
                            self.report_lone_locator(value.at());
                        }
                    }
                },
                ValueKind::Error => held.is_faulty = true,
            }
        }
        held
    }

    /// Returns the number of a text that stands among those of the piece once.
    pub(super) fn common_text(&mut self, text: Cow<'t, str>) -> StringId {
        let place = match self.common_texts.find::<str>(&text) {
            Ok(place) => place,
            Err(unseen) => {
                self.common_numbers.push(self.texts.add(&text));
                self.common_texts.add(text, unseen)
            }
        };
        self.common_numbers.get(place as usize).copied().unwrap_or(StringId(0))
    }

    fn source_named(&mut self, at: TextRange) -> Option<EntityId> {
        let id = self.text(at);
        match self.target(id, Wanted::SOURCE) {
            Target::Assumed(reference) => Some(EntityId(reference)),
            Target::Record(number) => {
                let declared = self.context.declared?;
                match declared.relation(number) {
                    Some(SOURCE_RELATION) => Some(EntityId(self.refer(number))),
                    Some(_) if declared.is_shared(number) => None,
                    Some(other) => {
                        self.report_wrong_relation(at, number, other, "source");
                        None
                    }
                    None => None,
                }
            }
            Target::Nobody => {
                self.names.unknown_record(id, self.span(at), &[SOURCE_RELATION]);
                None
            }
        }
    }

    fn report_lone_locator(&mut self, at: TextRange) {
        let message = "this place in a source does not say in which";
        let found =
            Diagnostic::new(code::LONE_LOCATOR, message, self.span(at), "no source holds here");
        self.diagnostics.push(found.help(
            "write the source's identifier before it, or a line `cite IDENTIFIER` at the margin above",
        ));
    }
}

/// Reports a fact of whose statements some, or all, rest on nothing.
pub(super) fn no_source(what: &str, header: Span, (bare, all): (usize, usize)) -> Diagnostic {
    let message = match all {
        0 => format!("{what} cites no source"),
        _ if bare == all => format!("{what} cites no source"),
        _ => format!("{bare} of the {} on {what} cite no source", counted(all, "statement")),
    };
    Diagnostic::new(code::NO_SOURCE, message, header, "rests on nothing")
        .help("add a line `source: IDENTIFIER \"page\"`, or put `cite IDENTIFIER` at the margin above the facts that share one")
}
