//! Which values of a side's tables some statement of a record has that is still there.

use super::Numbers;
use crate::model::{Facts, Field, FieldId, Type};
use rayon::prelude::*;

/// By number: whether it is used.
#[derive(Clone, Debug)]
pub(super) struct Used {
    dates: Vec<bool>,
    periods: Vec<bool>,
    numbers: Vec<bool>,
    qualifiers: Vec<bool>,
    citations: Vec<bool>,
}

impl Used {
    fn none_of(facts: &Facts) -> Used {
        Used {
            dates: vec![false; facts.dates.len()],
            periods: vec![false; facts.periods.len()],
            numbers: vec![false; facts.numbers.len()],
            qualifiers: vec![false; facts.qualifiers.len()],
            citations: vec![false; facts.citations.len()],
        }
    }

    fn values_of(&mut self, field: &Field) -> Option<&mut Vec<bool>> {
        match field.value_type {
            Type::Date => Some(&mut self.dates),
            Type::Period => Some(&mut self.periods),
            Type::Integer | Type::Decimal | Type::Quantity(_) => Some(&mut self.numbers),
            _ => None,
        }
    }

    fn add(mut self, other: Used) -> Used {
        let pairs = [
            (&mut self.dates, other.dates),
            (&mut self.periods, other.periods),
            (&mut self.numbers, other.numbers),
            (&mut self.qualifiers, other.qualifiers),
            (&mut self.citations, other.citations),
        ];
        for (own, others) in pairs {
            own.iter_mut().zip(others).for_each(|(own, other)| *own |= other);
        }
        self
    }
}

/// Looks through all records and statements of a side.
pub(super) fn used(facts: &Facts) -> Used {
    let fields: Vec<(FieldId, &Field)> = (0..).map(FieldId).zip(&facts.schema.fields).collect();
    let has_qualifiers = facts.qualifiers.len() > 1;
    let look = |mut used: Used, (id, field): &(FieldId, &Field)| {
        if used.values_of(field).is_none() && !has_qualifiers {
            return used;
        }
        for statement in facts.column(*id) {
            let record = facts.records.get(statement.entity.index());
            if record.is_some_and(|record| record.file != u32::MAX) {
                if let Some(values) = used.values_of(field) {
                    mark(values, statement.value.0);
                }
                mark(&mut used.qualifiers, statement.qualifier.0);
            }
        }
        used
    };
    let of_columns = fields.par_iter().fold(|| Used::none_of(facts), look);
    let mut used = of_columns.reduce(|| Used::none_of(facts), Used::add);
    // Number 0 is nothing, and always there.
    mark(&mut used.qualifiers, 0);
    mark(&mut used.citations, 0);
    for record in facts.records.iter().filter(|record| record.file != u32::MAX) {
        mark(&mut used.qualifiers, record.qualifier.0);
        mark(&mut used.citations, record.citation.0);
    }
    for (qualifier, is_used) in facts.qualifiers.iter().zip(&used.qualifiers) {
        if *is_used {
            qualifier.period.into_iter().for_each(|period| mark(&mut used.periods, period.0));
            let citation = qualifier.citation.into_iter();
            citation.for_each(|citation| mark(&mut used.citations, citation.0));
        }
    }
    used
}

fn mark(used: &mut [bool], number: u32) {
    if let Some(slot) = used.get_mut(number as usize) {
        *slot = true;
    }
}

impl Numbers {
    /// Takes what is used for what gets a number, which for now is 0.
    pub(super) fn take_used(&mut self, used: Used) {
        let to_numbers = |used: Vec<bool>| -> Vec<u32> {
            used.into_iter().map(|is_used| if is_used { 0 } else { u32::MAX }).collect()
        };
        self.dates = to_numbers(used.dates);
        self.periods = to_numbers(used.periods);
        self.numbers = to_numbers(used.numbers);
        self.qualifiers = to_numbers(used.qualifiers);
        self.citations = to_numbers(used.citations);
    }
}
