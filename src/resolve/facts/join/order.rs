//! The order of the records of both sides: by relation, own date, identifier, as ever.

use super::{Numbers, Side, Sides};
use crate::model::{DatedText, Facts, FieldId, Record, Relation, RelationId, Type};
use crate::resolve::facts::own_date::{OwnDate, first_alike};
use rayon::prelude::*;
use std::cmp::Ordering;
use std::ops::Range;

/// Merges the records of both sides that are still there. `joined` has the tables of dates.
pub(super) fn order(joined: &Facts, sides: &Sides) -> Vec<(Side, u32)> {
    let alike = (first_alike(&joined.dates), first_alike(&joined.periods));
    let [before, fresh] = sides
        .both()
        .map(|(facts, numbers)| Keyed::new(joined, (&alike.0, &alike.1), facts, numbers));
    let kept: Vec<u32> = before.numbers().collect();
    let others: Vec<u32> = fresh.numbers().collect();
    let mut order = Vec::with_capacity(kept.len() + others.len());
    // The others are few: each is looked for among those that are kept, which are moved in runs.
    let mut rest = kept.as_slice();
    for other in others {
        let is_before = |number: &u32| compare((&before, *number), (&fresh, other)).is_le();
        let (run, behind) = rest.split_at(rest.partition_point(is_before));
        order.extend(run.iter().map(|number| (Side::Before, *number)));
        order.push((Side::Fresh, other));
        rest = behind;
    }
    order.extend(rest.iter().map(|number| (Side::Before, *number)));
    order
}

/// The records of a side with what they are sorted by.
struct Keyed<'f> {
    facts: &'f Facts,
    /// By record.
    own_dates: Vec<OwnDate>,
}

impl<'f> Keyed<'f> {
    /// `alike` has for each date and period the first that is alike.
    fn new(
        joined: &Facts,
        alike: (&[u32], &[u32]),
        facts: &'f Facts,
        numbers: &Numbers,
    ) -> Keyed<'f> {
        let relations: Vec<_> = facts.schema.relations().collect();
        let of_relation = |(id, relation): &(RelationId, &Relation)| {
            let records = facts.records_of(*id);
            let Some(field) = relation.own_date else { return vec![OwnDate::NONE; records.len()] };
            let (times, map, alike) = match facts.schema.field(field).value_type {
                Type::Date => (&joined.dates, &numbers.dates, alike.0),
                _ => (&joined.periods, &numbers.periods, alike.1),
            };
            own_dates_of(facts, field, times, records, |value| {
                alike.get(Numbers::of(map, value)? as usize).copied()
            })
        };
        // Records stand by relation.
        let own_dates = relations.par_iter().map(of_relation).collect::<Vec<_>>().concat();
        Keyed { facts, own_dates }
    }

    /// Returns the records that are still there.
    fn numbers(&self) -> impl Iterator<Item = u32> {
        let records = (0..).zip(&self.facts.records);
        records.filter(|(_, record)| record.file != u32::MAX).map(|(number, _)| number)
    }

    fn get(&self, number: u32) -> Option<(u32, &Record)> {
        let own = self.own_dates.get(number as usize)?.rank;
        Some((own, self.facts.records.get(number as usize)?))
    }
}

fn own_dates_of(
    facts: &Facts,
    field: FieldId,
    times: &[DatedText],
    records: Range<u32>,
    rank_of: impl Fn(u32) -> Option<u32>,
) -> Vec<OwnDate> {
    let mut own_dates = vec![OwnDate::NONE; records.len()];
    for statement in facts.column(field).iter() {
        let qualifier = facts.qualifiers.get(statement.qualifier.index());
        let status = qualifier.map_or_else(Default::default, |qualifier| qualifier.status);
        let rank = rank_of(statement.value.0).filter(|_| status.counts());
        let place = statement.entity.0.checked_sub(records.start);
        let own = place.and_then(|place| own_dates.get_mut(place as usize));
        if let (Some(own), Some(rank)) = (own, rank) {
            own.consider(times, status, rank);
        }
    }
    own_dates
}

fn compare(one: (&Keyed<'_>, u32), other: (&Keyed<'_>, u32)) -> Ordering {
    let (Some((own, first)), Some((others_own, second))) = (one.0.get(one.1), other.0.get(other.1))
    else {
        return Ordering::Equal;
    };
    let keys = (first.relation, own).cmp(&(second.relation, others_own));
    keys.then_with(|| match (first.id, second.id) {
        (Some(id), Some(others)) => {
            one.0.facts.strings.get(id).cmp(other.0.facts.strings.get(others))
        }
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => (first.file, first.line).cmp(&(second.file, second.line)),
    })
}
