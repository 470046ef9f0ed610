//! Which values of its own tables a piece uses.

use crate::model::Schema;
use crate::resolve::facts::unit::PieceFacts;
use crate::resolve::facts::used::Used;

/// Looks through the records and statements of a piece; number 1 of its qualifiers and citations is the first.
pub(super) fn used_by(part: &PieceFacts, schema: &Schema) -> Used {
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
        record.into_iter().for_each(|record| used.record(record.qualifier, record.citation));
    }
    let is_sound = |record: u32| is_sound.get(record as usize) == Some(&true);
    for (field, statements) in schema.fields.iter().zip(&part.columns) {
        if used.needs(field, true) {
            used.statements(field, statements.iter().filter(|each| is_sound(each.entity.0)));
        }
    }
    used.of_qualifiers(1, &part.qualifiers);
    used
}

/// Returns those of a table that are used, with their numbers; number 0 is the first.
pub(super) fn those<'t, T>(table: &'t [T], used: &'t [bool]) -> impl Iterator<Item = (u32, &'t T)> {
    (0..).zip(table).zip(used).filter(|(_, used)| **used).map(|(numbered, _)| numbered)
}
