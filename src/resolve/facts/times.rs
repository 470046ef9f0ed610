//! Dates and periods of a piece: equal texts are read once; what other records place has an entry of its own.

use super::statements::PieceReader;
use super::time_table::WrittenTime;
use super::unit::PlacedTime;
use super::values::Codes;
use crate::diagnostic::{Diagnostic, code, shown};
use crate::model::{Field, Qualifier, Status, TimeRank, Type, ValueCode};
use crate::source::Span;
use crate::syntax::ast::{PartKind, TextRange, ValueView};
use crate::time::{Bounds, Date, DateError, Fault, PackedDate, Role, Settings, Stretch, Value};
use std::borrow::Cow;

/// Longest message of the room of time that is repeated, in bytes: it quotes what was written.
const LONGEST_MESSAGE: usize = 400;

impl<'t> PieceReader<'_, 't> {
    /// Reads a date; equal texts are read once.
    pub(super) fn time(&mut self, at: TextRange, role: Role) -> Codes {
        let text = self.text(at);
        if text.starts_with('{') {
            return self.all_of(at, role);
        }
        match self.time_code(text, role) {
            Ok(code) => Codes::one(code),
            Err(error) => {
                self.report_date(at, &error);
                Codes::Nothing
            }
        }
    }

    /// Reads `{1934,1936}`: several values under one pair of braces.
    fn all_of(&mut self, at: TextRange, role: Role) -> Codes {
        let members = match Date::parse(self.text(at), role) {
            Ok(set) => set.split(),
            Err(error) => {
                self.report_date(at, &error);
                return Codes::Nothing;
            }
        };
        let codes = members.into_iter().map(|member| {
            let text = Cow::Owned(member.text().to_string());
            self.known_time(text, role, || Ok(member.packed()))
        });
        Codes::Several(codes.filter_map(Result::ok).collect())
    }

    pub(super) fn time_code(&mut self, text: &'t str, role: Role) -> Result<ValueCode, DateError> {
        let read = || Ok(Value::read(text, role, &Settings::DEFAULT)?.packed());
        self.known_time(Cow::Borrowed(text), role, read)
    }

    /// Gives a date that other records place an entry of its own, which narrowing may change.
    pub(super) fn placed_time(
        &mut self,
        field_type: &Type,
        value: ValueView<'t>,
        codes: Codes,
        qualifier: &Qualifier,
    ) -> Codes {
        let [code] = codes.as_slice() else { return codes };
        let role = match field_type {
            Type::Date => Role::Moment,
            _ => Role::Period,
        };
        let (interner, table) = match role {
            Role::Moment => (&mut self.dates, &mut self.read_dates),
            Role::Period => (&mut self.periods, &mut self.read_periods),
        };
        let entry = match *code {
            ValueCode::NONE => return codes,
            ValueCode::UNKNOWN => {
                WrittenTime { text: self.texts.add("unknown"), bounds: unknown_time(role) }
            }
            known => match table.get(known.0 as usize) {
                Some(entry) => *entry,
                None => return codes,
            },
        };
        // No date has a NUL, so that nothing else gets this number.
        let written = self.texts.get(entry.text);
        let key = Cow::Owned(format!("{written}\0{}", value.at().start));
        let number = interner.number(key).0;
        table.push(entry);
        let at = self.span(value.at());
        let spans = self.relative_spans(value);
        let placed = qualifier.relatives.iter().enumerate();
        let relatives =
            placed.map(|(place, relative)| (*relative, spans.get(place).copied().unwrap_or(at)));
        self.part.placed.push(PlacedTime {
            role,
            number,
            is_disputed: qualifier.status == Status::Disputed,
            relatives: relatives.collect(),
        });
        Codes::one(ValueCode(number))
    }

    /// Returns where the relative dates behind a value are written; those of its line come first.
    fn relative_spans(&self, value: ValueView<'t>) -> Vec<Span> {
        let keyed = value.parts().iter().filter(|part| {
            let key = self.text(part.key);
            part.kind == PartKind::Keyed && (key.ends_with("after") || key.ends_with("before"))
        });
        keyed.map(|part| self.span(part.at)).collect()
    }

    /// Returns the number of a text among the distinct ones; it is read when it first comes.
    fn known_time(
        &mut self,
        text: Cow<'t, str>,
        role: Role,
        read: impl FnOnce() -> Result<PackedDate, DateError>,
    ) -> Result<ValueCode, DateError> {
        let (interner, table) = match role {
            Role::Moment => (&mut self.dates, &mut self.read_dates),
            Role::Period => (&mut self.periods, &mut self.read_periods),
        };
        let unseen = match interner.find::<str>(&text) {
            Ok(number) => return Ok(ValueCode(number)),
            Err(unseen) => unseen,
        };
        let bounds = read()?;
        table.push(WrittenTime { text: self.texts.add(&text), bounds });
        Ok(ValueCode(interner.add(text, unseen)))
    }

    pub(super) fn report_date(&mut self, at: TextRange, error: &DateError) {
        let range = error.range();
        let start = at.start + range.start as u32;
        let inner = TextRange::new(start, (at.start + range.end as u32).min(at.end).max(start));
        let at = if inner.is_empty() { at } else { inner };
        let (code, label) = match error.fault() {
            Fault::SlashInMoment => (code::STRETCH_AS_DATE, "a stretch of time"),
            _ => (code::NOT_A_DATE, "not a date"),
        };
        let mut message = error.message();
        if message.len() > LONGEST_MESSAGE {
            message = format!("`{}` is not a date", shown(self.text(at)));
        }
        let found = Diagnostic::new(code, message, self.span(at), label);
        self.diagnostics.push(found.help(error.help()));
    }

    /// Returns the bounds of a period.
    pub(super) fn period_of(&self, rank: Option<TimeRank>) -> Option<Bounds> {
        Some(self.read_periods.get(rank?.index())?.bounds.bounds())
    }

    /// Returns the bounds of a date or period that stands in a field.
    pub(super) fn time_of(&self, field: &Field, code: Option<ValueCode>) -> Option<Bounds> {
        let code = code.filter(|code| code.is_known())?;
        let table = match field.value_type {
            Type::Date => &self.read_dates,
            Type::Period => &self.read_periods,
            _ => return None,
        };
        Some(table.get(code.0 as usize)?.bounds.bounds())
    }
}

/// Returns the date of which nothing is known but what its place among others tells.
pub(super) fn unknown_time(role: Role) -> PackedDate {
    match role {
        Role::Moment => Value::moment(Stretch::ALWAYS).packed(),
        Role::Period => Value::period(Bounds::UNKNOWN).packed(),
    }
}
