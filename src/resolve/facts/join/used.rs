//! Which values of a side's tables some statement of a record has that is still there.

use super::Numbers;
use crate::model::{Facts, Field, FieldId};
use crate::resolve::facts::used::Used;
use rayon::prelude::*;

fn none_of(facts: &Facts) -> Used {
    Used {
        dates: vec![false; facts.dates.len()],
        periods: vec![false; facts.periods.len()],
        numbers: vec![false; facts.numbers.len()],
        qualifiers: vec![false; facts.qualifiers.len()],
        citations: vec![false; facts.citations.len()],
    }
}

fn both(mut one: Used, other: Used) -> Used {
    let pairs = [
        (&mut one.dates, other.dates),
        (&mut one.periods, other.periods),
        (&mut one.numbers, other.numbers),
        (&mut one.qualifiers, other.qualifiers),
        (&mut one.citations, other.citations),
    ];
    for (own, others) in pairs {
        own.iter_mut().zip(others).for_each(|(own, other)| *own |= other);
    }
    one
}

/// Looks through all records and statements of a side.
pub(super) fn used(facts: &Facts) -> Used {
    let fields: Vec<(FieldId, &Field)> = (0..).map(FieldId).zip(&facts.schema.fields).collect();
    let is_there =
        |record: usize| facts.records.get(record).is_some_and(|record| record.file != u32::MAX);
    let look = |mut used: Used, (id, field): &(FieldId, &Field)| {
        if used.needs(field, facts.may_be_qualified(*id)) {
            let column = facts.column(*id);
            let statements = column.iter().filter(|each| is_there(each.entity.index()));
            used.statements(field, statements);
        }
        used
    };
    let of_columns = fields.par_iter().fold(|| none_of(facts), look);
    let mut used = of_columns.reduce(|| none_of(facts), both);
    // Number 0 is nothing, and always there.
    used.record(0, 0);
    for record in facts.records.iter().filter(|record| record.file != u32::MAX) {
        used.record(record.qualifier.0, record.citation.0);
    }
    used.of_qualifiers(0, &facts.qualifiers);
    used
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
