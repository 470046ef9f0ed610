//! The strings of records: those of one record stand together, its identifier first, and are moved as they are.

use super::{Side, Sides};
use crate::model::{Facts, FieldId, RelationId, StringId, Strings, Type};

/// Where the strings of each record of a side are, and were.
#[derive(Debug, Default)]
pub(super) struct StringPlaces {
    /// By record: its first string on its side; and a last end.
    first: Vec<u32>,
    /// By record: its first string among all; the highest number for one that is no more.
    now: Vec<u32>,
}

impl StringPlaces {
    /// Returns the number that a string of a record has among all.
    pub(super) fn of_record(&self, record: u32, id: StringId) -> Option<StringId> {
        let now = self.now.get(record as usize).filter(|now| **now != u32::MAX)?;
        Some(StringId(now + id.0.checked_sub(*self.first.get(record as usize)?)?))
    }

    /// The same, whosever it is.
    pub(super) fn of_any_record(&self, id: StringId) -> Option<StringId> {
        let record = self.first.partition_point(|first| *first <= id.0).checked_sub(1)?;
        self.of_record(record as u32, id)
    }
}

/// Returns where the strings of all records go: in the order of records, behind those that there are.
pub(super) fn places(
    all: &Strings,
    sides: &Sides,
    order: &[(Side, u32)],
    first_strings: [Vec<u32>; 2],
) -> [StringPlaces; 2] {
    let [of_before, of_fresh] = first_strings;
    let [(before, _), (fresh, _)] = sides.both();
    let places_of =
        |facts: &Facts, first| StringPlaces { first, now: vec![u32::MAX; facts.records.len()] };
    let mut places = [places_of(before, of_before), places_of(fresh, of_fresh)];
    let mut next = all.len() as u32;
    for (side, record) in order {
        let [before, fresh] = &mut places;
        let StringPlaces { first, now } = if *side == Side::Before { before } else { fresh };
        let record = *record as usize;
        if let (Some([start, end]), Some(now)) =
            (first.get(record..record + 2), now.get_mut(record))
        {
            *now = next;
            next += end - start;
        }
    }
    places
}

/// Adds the strings of all records, in their order.
pub(super) fn add_of_records(all: &mut Strings, sides: &Sides, order: &[(Side, u32)]) {
    let [before, fresh] =
        sides.both().map(|(facts, _)| (facts.strings.heap.len(), facts.strings.len()));
    all.heap.reserve_exact(before.0 + fresh.0);
    all.ends.reserve_exact(before.1 + fresh.1);
    // Most records stand beside those beside which they stood.
    let runs = order.chunk_by(|one, other| one.0 == other.0 && one.1 + 1 == other.1);
    for run in runs {
        let (Some((side, first)), Some((_, last))) = (run.first(), run.last()) else { continue };
        let (facts, numbers) = sides.get(*side);
        let start = |record: usize| numbers.strings.first.get(record).copied().unwrap_or(0);
        let strings = start(*first as usize) as usize..start(*last as usize + 1) as usize;
        add(all, &facts.strings, strings);
    }
}

/// Adds a run of strings.
fn add(all: &mut Strings, of: &Strings, strings: std::ops::Range<usize>) {
    let end_before = |place: usize| {
        place.checked_sub(1).and_then(|before| of.ends.get(before)).copied().unwrap_or(0)
    };
    let (start, end) = (end_before(strings.start), end_before(strings.end));
    let by = (all.heap.len() as u32).wrapping_sub(start);
    all.heap.push_str(of.heap.get(start as usize..end as usize).unwrap_or_default());
    let ends = of.ends.get(strings).unwrap_or_default();
    all.ends.extend(ends.iter().map(|end| end.wrapping_add(by)));
}

/// Returns the first string of each record, and a last end.
pub(super) fn first_strings(facts: &Facts) -> Vec<u32> {
    let mut first: Vec<u32> = facts
        .records
        .iter()
        .map(|record| record.id.or(record.name).map_or(u32::MAX, |id| id.0))
        .collect();
    let mut lower = |record: u32, id: u32| {
        let slot = first.get_mut(record as usize);
        slot.into_iter().for_each(|slot| *slot = id.min(*slot));
    };
    for (number, record) in (0..).zip(&facts.records) {
        own_strings(facts, record.qualifier.0).for_each(|id| lower(number, id));
    }
    // Of what has an identifier this is the first.
    let has_others = |relation: RelationId| {
        let range = facts.records_of(relation);
        let records = facts.records.get(range.start as usize..range.end as usize);
        records.unwrap_or_default().iter().any(|record| record.id.is_none())
    };
    let relations: Vec<bool> =
        facts.schema.relations().map(|(relation, _)| has_others(relation)).collect();
    for (id, field) in (0..).map(FieldId).zip(&facts.schema.fields) {
        if relations.get(field.relation.index()) != Some(&true) {
            continue;
        }
        let is_text = matches!(field.value_type, Type::Text | Type::Url);
        for statement in facts.column(id).iter() {
            if is_text && statement.value.is_known() {
                lower(statement.entity.0, statement.value.0);
            }
            let own = own_strings(facts, statement.qualifier.0);
            own.for_each(|id| lower(statement.entity.0, id));
        }
    }
    first.push(facts.strings.len() as u32);
    // What has no strings begins where the next one does.
    let mut next = facts.strings.len() as u32;
    for slot in first.iter_mut().rev() {
        *slot = next.min(*slot);
        next = *slot;
    }
    first
}

/// Returns the note and the quote of a qualifier.
fn own_strings(facts: &Facts, qualifier: u32) -> impl Iterator<Item = u32> {
    let qualifier = facts.qualifiers.get(qualifier as usize);
    let both = qualifier.map(|qualifier| [qualifier.note, qualifier.quote]);
    both.into_iter().flatten().flatten().map(|id| id.0)
}
