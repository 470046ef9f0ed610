//! Which values of a piece's tables some statement has: an index holds no others.
//!
//! A line's parenthesis that every value of the line overrides leaves a qualifier that nothing has, and so on. What
//! is left out here makes the facts the same, whichever way they were put together.

use crate::model::{Schema, Type};
use crate::resolve::facts::unit::PieceFacts;
use crate::time::Role;

/// By number in the piece: whether it is used.
#[derive(Debug, Default)]
pub(super) struct Used {
    pub dates: Vec<bool>,
    pub periods: Vec<bool>,
    pub numbers: Vec<bool>,
    /// Number 1 is the first.
    pub qualifiers: Vec<bool>,
    /// Number 1 is the first.
    pub citations: Vec<bool>,
}

impl Used {
    /// Looks through the records and statements of a piece.
    pub(super) fn of(part: &PieceFacts, schema: &Schema) -> Used {
        let mut used = Used {
            dates: vec![false; part.dates.len()],
            periods: vec![false; part.periods.len()],
            numbers: vec![false; part.numbers.len()],
            qualifiers: vec![false; part.qualifiers.len() + 1],
            citations: vec![false; part.citations.len() + 1],
        };
        let mut is_sound = Vec::with_capacity(part.records.len());
        for record in part.records.iter() {
            is_sound.push(record.is_some());
            let Some(record) = record else { continue };
            mark(&mut used.qualifiers, record.qualifier);
            mark(&mut used.citations, record.citation);
        }
        for (field, statements) in schema.fields.iter().zip(&part.columns) {
            let values = match field.value_type {
                Type::Date => Some(&mut used.dates),
                Type::Period => Some(&mut used.periods),
                Type::Integer | Type::Decimal | Type::Quantity(_) => Some(&mut used.numbers),
                _ => None,
            };
            // Most pieces have no parentheses.
            if values.is_none() && part.qualifiers.is_empty() {
                continue;
            }
            let mut none = Vec::new();
            let values = values.unwrap_or(&mut none);
            let is_sound = |record: u32| is_sound.get(record as usize) == Some(&true);
            for statement in statements.iter().filter(|each| is_sound(each.entity.0)) {
                mark(values, statement.value.0);
                mark(&mut used.qualifiers, statement.qualifier.0);
            }
        }
        for (number, qualifier) in (1..).zip(&part.qualifiers) {
            if used.qualifiers.get(number) == Some(&true) {
                qualifier.period.into_iter().for_each(|period| mark(&mut used.periods, period.0));
                let citation = qualifier.citation.into_iter();
                citation.for_each(|citation| mark(&mut used.citations, citation.0));
            }
        }
        used
    }
}

impl Used {
    /// Returns which dates or periods are used.
    pub(super) fn times(&self, role: Role) -> &[bool] {
        match role {
            Role::Moment => &self.dates,
            Role::Period => &self.periods,
        }
    }
}

fn mark(used: &mut [bool], number: u32) {
    if let Some(slot) = used.get_mut(number as usize) {
        *slot = true;
    }
}

/// Returns those of a table that are used, with their numbers; number 0 is the first.
pub(super) fn those<'t, T>(table: &'t [T], used: &'t [bool]) -> impl Iterator<Item = (u32, &'t T)> {
    (0..).zip(table).zip(used).filter(|(_, used)| **used).map(|(numbered, _)| numbered)
}
