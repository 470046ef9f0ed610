//! Values that paths lead to, and what they stand for: dates, numbers, words.

use super::Evaluator;
use crate::index::IndexError;
use crate::model::{EntityId, FieldId, NumberRank, StringId, TimeRank, Type, ValueCode};
use crate::query::operators::ValuePart;
use crate::time::{Role, Truth, Value};

/// A value that a path leads to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// What.
    pub value: FoundValue,
    /// How far the statements that lead there hold.
    pub truth: Truth,
}

/// What a path may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum FoundValue {
    /// A record.
    Entity(EntityId),
    /// The identifier of a record.
    Identifier(EntityId),
    /// A known value of a field.
    Code(FieldId, ValueCode),
    /// The period in which a statement held.
    Period(TimeRank),
    /// `unknown`.
    Unknown,
    /// `none`.
    None,
}

/// The least, the greatest and the unit of a number.
pub(super) type Measure<'i> = (f64, f64, Option<&'i str>);

impl FoundValue {
    /// Returns what a field that refers to no records holds.
    pub(super) fn of(field: FieldId, code: ValueCode) -> FoundValue {
        match code {
            ValueCode::UNKNOWN => FoundValue::Unknown,
            ValueCode::NONE => FoundValue::None,
            code => FoundValue::Code(field, code),
        }
    }
}

impl Evaluator<'_> {
    /// Returns the dates or periods that a found value stands for.
    pub(super) fn times(&self, found: &Found, part: ValuePart) -> Result<Vec<Value>, IndexError> {
        let (role, rank) = match found.value {
            FoundValue::Period(rank) => (Role::Period, rank),
            FoundValue::Code(field, code) => match self.role_of(field) {
                Some(role) => (role, TimeRank(code.0)),
                None => return Ok(Vec::new()),
            },
            _ => return Ok(Vec::new()),
        };
        let values = super::times::stored(self.index, role, rank)?;
        Ok(values.iter().map(|value| super::times::part_of(value, part).into_owned()).collect())
    }

    /// Returns the least, the greatest and the unit of a found number, or of a length in days.
    pub(super) fn number(
        &self,
        found: &Found,
        part: ValuePart,
    ) -> Result<Option<Measure<'_>>, IndexError> {
        if part == ValuePart::Length {
            let values = self.times(found, ValuePart::Whole)?;
            let Some(length) = values.first().map(Value::length) else { return Ok(None) };
            let least = length.least().map_or(f64::NEG_INFINITY, |days| days as f64);
            let greatest = length.greatest().map_or(f64::INFINITY, |days| days as f64);
            return Ok(Some((least, greatest, Some("day"))));
        }
        let FoundValue::Code(field, code) = found.value else { return Ok(None) };
        let is_number = self.field(field).is_some_and(|field| field.value_type.is_number());
        if !is_number {
            return Ok(None);
        }
        let row = self.index.number(NumberRank(code.0))?;
        let unit = row.unit().map(|unit| self.index.string(unit)).transpose()?;
        Ok(Some((row.least, row.greatest, unit)))
    }

    /// Returns the words of a found text, word of an enumeration or identifier.
    pub(super) fn text_of(&self, found: &Found) -> Result<Option<String>, IndexError> {
        match found.value {
            FoundValue::Identifier(entity) => Ok(Some(self.index.id_of(entity)?.into_owned())),
            FoundValue::Code(field, code) => {
                match self.field(field).map(|field| &field.value_type) {
                    Some(Type::Text | Type::Url) => {
                        Ok(Some(self.index.string(StringId(code.0))?.to_owned()))
                    }
                    Some(Type::Words(words)) => Ok(words.get(code.0 as usize).cloned()),
                    _ => Ok(None),
                }
            }
            FoundValue::Entity(_)
            | FoundValue::Period(_)
            | FoundValue::Unknown
            | FoundValue::None => Ok(None),
        }
    }
}
