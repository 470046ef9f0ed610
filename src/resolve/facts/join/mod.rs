//! The facts of files that have changed, put among those that an index holds of the others.
//!
//! In: all facts of an earlier time, which of its files are as they were, and the facts of the others as they are now.
//! Out: the facts that reading everything would give. Numbers of both sides only ever grow by the way, so that lists
//! that are in order stay so and are merged.

mod columns;
mod order;
mod strings;
mod tables;
mod used;

use crate::model::{
    CitationId, DefinitionRecord, EntityId, Facts, FileRecord, QualifierId, Record, StringId,
};
use columns::JoinedColumns;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;
use strings::StringPlaces;

/// What is put together.
pub(super) struct ToJoin {
    /// The facts of an earlier time.
    pub before: Facts,
    /// By file of these: its number now; none where it is gone or has changed.
    pub kept: Vec<Option<u32>>,
    /// The facts of the other files as they are now. A reference in them to a number behind their last record is one
    /// to a record of `before`, counted from there.
    pub fresh: Facts,
    /// All files as they are now.
    pub files: Vec<FileRecord>,
    /// All definitions as they are now.
    pub definitions: Vec<DefinitionRecord>,
}

/// Which facts something is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Before,
    Fresh,
}

/// What the numbers of one side become. The highest number stands for what is no more.
#[derive(Debug, Default)]
struct Numbers {
    /// By record: its own number.
    records: Vec<u32>,
    /// By record, also those of the other side where references lead there: the record that a reference means now.
    targets: Vec<u32>,
    dates: Vec<u32>,
    periods: Vec<u32>,
    numbers: Vec<u32>,
    qualifiers: Vec<u32>,
    citations: Vec<u32>,
    /// By place in a source or tag of a language: its number among all strings.
    common_texts: HashMap<u32, u32>,
    strings: StringPlaces,
}

impl Numbers {
    fn of(map: &[u32], number: u32) -> Option<u32> {
        map.get(number as usize).copied().filter(|number| *number != u32::MAX)
    }

    fn target(&self, entity: EntityId) -> Option<EntityId> {
        Numbers::of(&self.targets, entity.0).map(EntityId)
    }

    fn common_text(&self, id: StringId) -> Option<StringId> {
        self.common_texts.get(&id.0).copied().map(StringId)
    }
}

/// Both sides, with what their numbers become.
struct Sides {
    before: (Facts, Numbers),
    fresh: (Facts, Numbers),
}

impl Sides {
    fn get(&self, side: Side) -> &(Facts, Numbers) {
        match side {
            Side::Before => &self.before,
            Side::Fresh => &self.fresh,
        }
    }

    fn both(&self) -> [&(Facts, Numbers); 2] {
        [&self.before, &self.fresh]
    }

    fn both_mut(&mut self) -> [(&Facts, &mut Numbers); 2] {
        let Sides { before, fresh } = self;
        [(&before.0, &mut before.1), (&fresh.0, &mut fresh.1)]
    }

    fn numbers_mut(&mut self) -> [&mut Numbers; 2] {
        [&mut self.before.1, &mut self.fresh.1]
    }
}

/// Puts the facts together; nothing if they do not fit together.
pub(super) fn join(to_join: ToJoin) -> Option<Facts> {
    let ToJoin { mut before, kept, fresh, files, definitions } = to_join;
    let file_now = |file: u32| kept.get(file as usize).copied().flatten();
    for record in &mut before.records {
        // From here on files have the numbers that they have now; a record of none is no more.
        record.file = file_now(record.file).unwrap_or(u32::MAX);
    }
    let mut facts = Facts { schema: before.schema.clone(), files, definitions, ..Facts::default() };
    let mut sides =
        Sides { before: (before, Numbers::default()), fresh: (fresh, Numbers::default()) };
    let (used, first_strings) = rayon::join(
        || sides.both().map(|(side, _)| used::used(side)),
        || sides.both().map(|(side, _)| strings::first_strings(side)),
    );
    for (numbers, used) in sides.numbers_mut().into_iter().zip(used) {
        numbers.take_used(used);
    }
    tables::times_and_numbers(&mut facts, &mut sides);
    tables::common_texts(&mut facts.strings, &mut sides);
    let order = order::order(&facts, &sides);
    let (numbers, strings) = rayon::join(
        || record_numbers(&sides, &order),
        || strings::places(&facts.strings, &sides, &order, first_strings),
    );
    let both = sides.numbers_mut().into_iter().zip(numbers?).zip(strings);
    for ((numbers, RecordNumbers { records, targets }), strings) in both {
        (numbers.records, numbers.targets, numbers.strings) = (records, targets, strings);
    }
    tables::citations(&mut facts.citations, &mut sides);
    tables::qualifiers(&mut facts.qualifiers, &mut sides);
    let records = || {
        let records = order.par_iter().map(|(side, number)| record(&sides, *side, *number));
        records.collect::<Option<_>>()
    };
    let add_strings = || strings::add_of_records(&mut facts.strings, &sides, &order);
    let ((), records) = rayon::join(add_strings, records);
    facts.records = records?;
    for (side, _) in [&mut sides.before, &mut sides.fresh] {
        // Their columns are all that is asked for from here on.
        let (schema, columns) = (std::mem::take(&mut side.schema), side.columns.take());
        *side = Facts { schema, columns, ..Facts::default() };
    }
    facts.columns = Some(Arc::new(JoinedColumns::new(&facts, sides)));
    Some(facts)
}

/// What the numbers of a side's records become.
struct RecordNumbers {
    /// By record: its own number.
    records: Vec<u32>,
    /// By record, also those of the other side where references lead there: the record that a reference means now.
    targets: Vec<u32>,
}

/// Returns the numbers of both sides that follow from the order of all records. What refers to a record that is no more
/// means the one that has its identifier.
fn record_numbers(sides: &Sides, order: &[(Side, u32)]) -> Option<[RecordNumbers; 2]> {
    let [mut of_before, mut of_fresh] =
        sides.both().map(|(facts, _)| vec![u32::MAX; facts.records.len()]);
    for (now, (side, number)) in (0..).zip(order) {
        let numbers = if *side == Side::Before { &mut of_before } else { &mut of_fresh };
        *numbers.get_mut(*number as usize)? = now;
    }
    let [(before, _), (fresh, _)] = sides.both();
    let named = fresh.records.iter().zip(&of_fresh);
    let by_id: HashMap<&str, u32> =
        named.filter_map(|(record, now)| Some((fresh.strings.get(record.id?), *now))).collect();
    let targets = before.records.iter().zip(&of_before).map(|(record, now)| {
        let successor = || by_id.get(before.strings.get(record.id?)).copied();
        if *now == u32::MAX { successor().unwrap_or(u32::MAX) } else { *now }
    });
    let targets: Vec<u32> = targets.collect();
    let targets_of_fresh = of_fresh.iter().chain(&targets).copied().collect();
    Some([
        RecordNumbers { records: of_before, targets },
        RecordNumbers { records: of_fresh, targets: targets_of_fresh },
    ])
}

fn record(sides: &Sides, side: Side, number: u32) -> Option<Record> {
    let (facts, numbers) = sides.get(side);
    let record = facts.records.get(number as usize)?;
    let string = |id: StringId| numbers.strings.of_record(number, id);
    Some(Record {
        relation: record.relation,
        id: record.id.and_then(string),
        name: record.name.and_then(string),
        file: record.file,
        line: record.line,
        citation: CitationId(Numbers::of(&numbers.citations, record.citation.0)?),
        qualifier: QualifierId(Numbers::of(&numbers.qualifiers, record.qualifier.0)?),
    })
}
