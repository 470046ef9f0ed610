//! Parentheses: period, status, relative dates, sources, notes, quotes.
//!
//! What stands nearer wins, part by part: a value's parenthesis over its line's, the line's over the header's.

use super::evidence::Held;
use super::refer::Target;
use super::statements::PieceReader;
use super::unit::Wanted;
use crate::diagnostic::{Diagnostic, code, meant, shown};
use crate::model::CalendarUnit;
use crate::model::{
    EntityId, Qualifier, Relative, RelativeDistance, RelativeKind, Status, StringId, TimeRank,
};
use crate::suggest::nearest;
use crate::syntax::ast::{LineView, Part, PartKind, TextRange, Value, ValueKind};
use crate::time::Role;
use std::borrow::Cow;

impl<'a, 't> PieceReader<'a, 't> {
    /// Reads the parts of a parenthesis over what holds around it; `sources` hold for a bare locator.
    pub(super) fn qualifier(
        &mut self,
        parts: &[Part],
        around: &Qualifier,
        sources: &Held,
        qualified: TextRange,
    ) -> Qualifier {
        if parts.is_empty() {
            return around.clone();
        }
        let mut qualifier = around.clone();
        let mut status_at = None;
        let mut is_faulty = false;
        for part in parts {
            match part.kind {
                PartKind::Error => is_faulty = true,
                PartKind::Language => {
                    let tag = self.text(part.at);
                    qualifier.language = Some(self.common_text(tag.into()));
                }
                PartKind::Bare => {
                    is_faulty |= !self.bare_part(part.at, &mut qualifier, &mut status_at);
                }
                PartKind::Keyed => self.keyed_part(part, &mut qualifier, sources),
            }
        }
        if is_faulty {
            // What is lost may have been a source.
            self.lose_source();
        }
        let is_alone = qualifier.status == Status::Inferred && qualifier.note.is_none();
        if let Some(at) = status_at.filter(|_| is_alone && !is_faulty) {
            let what = shown(self.text(qualified));
            let message = format!("`{what}` is inferred, and nothing says from what");
            let found =
                Diagnostic::new(code::INFERRED_ALONE, message, self.span(at), "needs a note");
            self.diagnostics.push(found.help("write `inferred; note: \"why\"`"));
        }
        qualifier
    }

    /// Reads a status or a period; tells whether it was one.
    fn bare_part(
        &mut self,
        at: TextRange,
        qualifier: &mut Qualifier,
        status_at: &mut Option<TextRange>,
    ) -> bool {
        let text = self.text(at);
        if let Some(status) = Status::named(text) {
            if status_at.is_some() {
                self.report_part(
                    at,
                    format!("`{text}` is a second status of one statement"),
                    "keep one of the two".into(),
                );
                return false;
            }
            qualifier.status = status;
            *status_at = Some(at);
            return true;
        }
        if text == "unknown" {
            return true;
        }
        match self.time_code(text, Role::Period) {
            Ok(code) => {
                qualifier.period = Some(TimeRank(code.0));
                true
            }
            Err(_)
                if text.starts_with(|letter: char| letter.is_alphabetic())
                    && !text.contains(char::is_numeric) =>
            {
                let words = Status::WORDS.map(|(word, _)| word);
                let near = nearest(text, words);
                let help = match near.is_empty() {
                    true => "write a period, a status, `source:`, `note:`, `quote:`, `after:` or `before:`".into(),
                    false => meant(&near),
                };
                let text = shown(text);
                self.report_part(at, format!("`{text}` is neither a period nor a status"), help);
                false
            }
            Err(error) => {
                self.report_date(at, &error);
                false
            }
        }
    }

    fn report_part(&mut self, at: TextRange, message: String, help: String) {
        let found =
            Diagnostic::new(code::BAD_PARENTHESIS, message, self.span(at), "qualifies nothing");
        self.diagnostics.push(found.help(help));
    }

    fn keyed_part(&mut self, part: &Part, qualifier: &mut Qualifier, sources: &Held) {
        let piece = self.placed.piece;
        let values = piece.part_values(part);
        match self.text(part.key) {
            "source" => {
                let held = self.citations(values.iter().copied(), sources);
                if held.is_faulty {
                    self.lose_source();
                }
                if !held.citations.is_empty() {
                    qualifier.citation = Some(self.citation_id(&held.citations));
                }
            }
            "note" => qualifier.note = self.part_text(part.key, values).or(qualifier.note),
            "quote" => qualifier.quote = self.part_text(part.key, values).or(qualifier.quote),
            key => {
                let distance = distance(key);
                let kind = match key.ends_with("after") {
                    true => RelativeKind::After,
                    false => RelativeKind::Before,
                };
                for value in values {
                    if let Some(anchor) = self.anchor(*value) {
                        qualifier.relatives.push(Relative { kind, distance, anchor });
                    }
                }
            }
        }
    }

    /// Reads the texts of `note:` or `quote:`, several joined.
    fn part_text(&mut self, key: TextRange, values: &[Value]) -> Option<StringId> {
        let mut texts = Vec::new();
        for value in values {
            match value.kind() {
                ValueKind::Error => {}
                ValueKind::Bare => {
                    let name = self.text(key);
                    let text = shown(self.text(value.at()));
                    let message = format!("the text of `{name}` stands without quotation marks");
                    let found = Diagnostic::new(
                        code::NEEDS_QUOTES,
                        message,
                        self.span(value.at()),
                        "expected a `\"` before and behind it",
                    );
                    self.diagnostics.push(found.help(format!("write `\"{text}\"`")));
                }
                _ => texts.push(self.decoded(*value)),
            }
        }
        let text = texts.join("; ");
        (!text.is_empty()).then(|| self.strings.add(&text))
    }

    /// Reads the record by which a relative date is placed; it needs a date of its own.
    fn anchor(&mut self, value: Value) -> Option<EntityId> {
        let at = value.at();
        if value.kind() == ValueKind::Error {
            return None;
        }
        let id = self.text(at);
        let target = match value.kind() {
            ValueKind::Bare => self.target(id, Wanted::ANCHOR),
            _ => Target::Nobody,
        };
        let number = match target {
            Target::Assumed(reference) => return Some(EntityId(reference)),
            Target::Record(number) => number,
            Target::Nobody => {
                let dated = self.context.schema.relations();
                let dated = dated.filter(|(_, each)| each.own_date.is_some());
                let relations: Vec<_> = dated.map(|(id, _)| id).collect();
                let name = match value.kind() {
                    ValueKind::Bare => id.to_string(),
                    _ => self.decoded(value).into_owned(),
                };
                self.names.unknown_record(&name, self.span(at), &relations);
                return None;
            }
        };
        let declared = self.context.declared?;
        let relation = declared.relation(number)?;
        if self.context.schema.relation(relation).own_date.is_none() {
            if self.context.names.has_excused_field(relation) {
                return None;
            }
            self.report_wrong_relation(at, number, relation, "record with a date");
            return None;
        }
        (!declared.is_faulty(number)).then(|| EntityId(self.refer(number)))
    }

    /// Reads the cells of the columns `status` of a table's row into what holds for the whole row.
    pub(super) fn row_status(
        &mut self,
        cells: impl Iterator<Item = LineView<'t>>,
        header: &mut Cow<'_, Qualifier>,
    ) {
        for value in cells.flat_map(|cell| cell.values()) {
            if value.kind() == ValueKind::Error {
                continue;
            }
            let text = self.text(value.at());
            let parts = value.parts();
            match Status::named(text) {
                Some(status) => {
                    let mut changed = self.qualifier(parts, header, &Held::default(), value.at());
                    changed.status = status;
                    *header = Cow::Owned(changed);
                }
                None if text == "accepted" => {}
                None => {
                    let near = nearest(text, Status::WORDS.map(|(word, _)| word));
                    let help = match near.is_empty() {
                        true => "write `preferred`, `inferred`, `disputed`, `rejected` or `denied`, or leave the cell empty".into(),
                        false => meant(&near),
                    };
                    let text = shown(text);
                    self.report_part(value.at(), format!("`{text}` is not a status"), help);
                }
            }
        }
    }
}

/// Reads `4 days` out of `4 days before`; the parser has checked the form.
fn distance(key: &str) -> Option<RelativeDistance> {
    let mut words = key.split_ascii_whitespace();
    let count = words.next()?.parse().ok()?;
    let unit = words.next()?;
    let unit = match unit.strip_suffix('s').unwrap_or(unit) {
        "day" => CalendarUnit::Day,
        "week" => CalendarUnit::Week,
        "month" => CalendarUnit::Month,
        "year" => CalendarUnit::Year,
        _ => return None,
    };
    Some(RelativeDistance { count, unit })
}
