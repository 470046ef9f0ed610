//! The index: whatever its bytes are, it is refused with a reason or read, and never a panic.
//!
//! Bytes of a corpus are edits of the index of the base, so that they come behind its checksums: the first says
//! whether the checksums are made to fit, then each four are a place and what is put there.

use super::base::IMAGE;
use regesta::index::{ColumnReader, Index, IndexImage, reseal};
use regesta::model::{
    CitationId, EntityId, FieldId, NumberRank, QualifierId, StringId, TimeRank, ValueCode,
};
use regesta::query;
use regesta::resolve;
use regesta::source::Sources;

/// Questions that touch every kind of section.
pub const QUESTIONS: [&str; 9] = [
    "treaties where party = germany and year < 1930 show name, party, kind, terms, source",
    "polities where area > 1 km2 or people > 3 sort by founded desc",
    "everything where text ~ \"ra\"",
    "persons where member-of = russia as of 1925",
    "statements where status in (disputed, rejected)",
    "treaties group by decade show decade, count(), min(signed)",
    "find a, b where ally(a, b)",
    "treaties where extends+ = rapallo",
    "persons where member-of = germany according to carr",
];

/// Edits the index of the base and asks it for everything.
pub fn holds(bytes: &[u8]) {
    let Some((first, edits)) = bytes.split_first() else { return };
    let mut image = IMAGE.bytes().to_vec();
    for edit in edits.chunks_exact(4) {
        let [high, middle, low, value] = [edit[0], edit[1], edit[2], edit[3]];
        let place = u32::from_be_bytes([0, high, middle, low]) as usize % image.len();
        image[place] = value;
    }
    if first % 2 == 0 {
        reseal(&mut image);
    }
    match Index::in_memory(IndexImage::from_bytes(&image)) {
        Ok(index) => ask_everything(&index),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Asks for everything and believes nothing.
pub fn ask_everything(index: &Index) {
    let few = 40;
    let entities = || (0..index.record_count().min(few)).chain([u32::MAX]).map(EntityId);
    for entity in entities() {
        let _ = index.relation_of(entity);
        let _ = index.id_of(entity);
        let _ = index.name_of(entity);
        let _ = index.names_of(entity);
        let _ = index.origin_of(entity);
        let _ = index.standing_of(entity);
        let _ = index.citation_of(entity).and_then(|citation| index.citation(citation));
        let _ = query::record_page(index, entity, None);
    }
    for id in (0..few).chain([u32::MAX]) {
        let _ = index.string(StringId(id));
        let _ = index.date_text(TimeRank(id));
        let _ = index.period_text(TimeRank(id));
        let _ = index.number(NumberRank(id));
        let _ = index.qualifier(QualifierId(id));
        let _ = index.citation(CitationId(id));
    }
    let _ = (index.dates(), index.periods(), index.numbers());
    for field in (0..index.schema().fields.len() as u32 + 1).map(FieldId) {
        if let Ok(column) = index.column(field) {
            ask_column(&column, entities(), few);
        }
        for needle in ["rap", "of ra", "e", "", "é"] {
            let _ = index.containing(field, needle);
        }
    }
    for name in ["germany", "Rusia", "Reich", ""] {
        let _ = index.find_id(name);
        let _ = index.find_ids_ignoring_case(name);
        let _ = index.find_names(name);
        let _ = index.near_names(name, None);
        let _ = index.starting_with(name, None, 5);
    }
    for question in QUESTIONS {
        let mut sources = Sources::new();
        let file = sources.add("query", question);
        if let Ok((Some(query), _)) = resolve::query(index, &sources, file) {
            let _ = query::answer(index, &query);
        }
    }
    let _ = index.verify();
}

fn ask_column(column: &ColumnReader<'_>, entities: impl Iterator<Item = EntityId>, few: u32) {
    for entity in entities {
        let _ = column.statements_of(entity);
        let _ = column.values_of(entity);
    }
    for position in (0..column.len().min(few)).chain([u32::MAX]) {
        let _ = column.value(position);
        let _ = column.entity_of(position);
        let _ = column.line(position);
        let _ = column.qualifier(position);
        let _ = column.standing(position);
    }
    if let Ok(loaded) = column.load() {
        loaded.groups().flat_map(|(_, range)| range).for_each(|at| _ = loaded.value(at));
    }
    let _ = column.recorded();
    let _ = column.keys();
    for code in (0..few).chain(u32::MAX - 3..=u32::MAX).map(ValueCode) {
        let _ = column.postings(code);
        let _ = column.posting_count(code);
    }
    for range in [0..u32::MAX, 1..3] {
        if let Ok(between) = column.postings_between(range) {
            let _ = (between.total(), between.run(), between.counts().count());
            let _ = between.lists().map(Iterator::count);
        }
    }
}
