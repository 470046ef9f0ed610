//! Which sources a fact and a statement rest on: the nearest wins.

use super::statements::{Context, PieceReader};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{Citation, CitationList, EntityId, SOURCE_RELATION};
use crate::source::Span;
use crate::syntax::ast::{TextRange, Value, ValueKind};

impl PieceReader<'_, '_> {
    /// Reads `ID "locator", "locator"` into citations; a bare locator stays in the source that would hold.
    pub(super) fn citations(
        &mut self,
        values: impl Iterator<Item = Value>,
        would_hold: &[Citation],
    ) -> CitationList {
        let mut citations: CitationList = Vec::new();
        for value in values {
            match value.kind() {
                ValueKind::Bare => {
                    if let Some(source) = self.source_named(value.at()) {
                        citations.push(Citation { source, locator: None });
                    }
                }
                ValueKind::Locator => {
                    let text = self.decoded(value);
                    let locator = self.part.strings.add(&text);
                    if let Some(last) = citations.last_mut() {
                        last.locator = Some(locator);
                    }
                }
                ValueKind::Text | ValueKind::EscapedText => match would_hold.first() {
                    Some(held) => {
                        let text = self.decoded(value);
                        let locator = self.part.strings.add(&text);
                        citations.push(Citation { source: held.source, locator: Some(locator) });
                    }
                    None => self.report_lone_locator(value.at()),
                },
                ValueKind::Error => {}
            }
        }
        citations
    }

    fn source_named(&mut self, at: TextRange) -> Option<EntityId> {
        let id = self.text(at);
        match self.context.declared.find(id) {
            Some(number) => {
                let relation = self.context.declared.records.get(number as usize)?.relation;
                match relation {
                    Some(SOURCE_RELATION) => Some(EntityId(number)),
                    Some(other) => {
                        self.report_wrong_relation(at, number, other, "source");
                        None
                    }
                    None => None,
                }
            }
            None => {
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

/// Reports a fact with statements that rest on nothing.
pub fn no_source(context: &Context<'_>, header: Span, bare: usize, all: usize) -> Diagnostic {
    let shown = context.sources.slice(header);
    let message = match all {
        0 => format!("`{shown}` cites no source"),
        _ if bare == all => format!("`{shown}` cites no source"),
        _ => format!("{bare} of the {all} statements on `{shown}` cite no source"),
    };
    Diagnostic::new(code::NO_SOURCE, message, header, "rests on nothing")
        .help("add a line `source: IDENTIFIER \"page\"`, or put `cite IDENTIFIER` at the margin above the facts that share one")
}
