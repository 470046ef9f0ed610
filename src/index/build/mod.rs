//! Facts to bytes.
//!
//! In: [`Facts`]. Out: sections laid down by a [`Writer`], the same bytes for the same facts on any number of
//! cores. A few fields are made while those before are laid down, so that few columns are held
//! at once.

mod column;
mod columns;
mod dictionary;
mod evidence;
mod numbers;
mod postings;
mod survey;
mod words;

use super::IndexError;
use super::image::{IndexImage, Sink, Writer};
use super::layout::{
    Catalogue, DictionaryEntry, NO_NUMBER, NumberRow, RecordsEntry, Section, StoredFile,
    StringsEntry, TimesEntry,
};
use crate::model::{DatedText, Facts, FieldRole, RelationId, StringId, ValueCode};
use crate::time::PackedDate;
use std::ops::Range;

/// So many elements are worth a second core.
const WORTH_SHARING: usize = 16 * 1024;

/// Builds an index in memory.
pub fn build(facts: &Facts) -> Result<IndexImage, IndexError> {
    build_into(facts, IndexImage::default())
}

pub(super) fn build_into<S: Sink + Send>(facts: &Facts, sink: S) -> Result<S, IndexError> {
    if cfg!(target_endian = "big") {
        return Err(IndexError::BigEndian);
    }
    let relation_ends = relation_ends(facts)?;
    let mut writer = Writer::new(sink)?;
    let out = &mut writer;
    let (tables, (names, identifiers)) = rayon::join(
        || tables(out, facts),
        // The columns of names are made one after another, and what is left of the cores takes the identifiers.
        || rayon::join(|| dictionary::names(facts), || dictionary::identifiers(facts)),
    );
    let (strings, dates, periods, numbers) = tables?;
    let heads = Heads { identifiers, names: names.dictionary };
    let (heads, columns) =
        columns::write(out, facts, &relation_ends, names.shapes, |out| heads.write(out, facts))?;
    let HeadEntries { records, identifiers, names } = heads;
    let evidence = evidence::write(out, facts)?;
    let catalogue = Catalogue {
        schema: facts.schema.clone(),
        files: facts.files.iter().map(StoredFile::from).collect(),
        definitions: facts.definitions.clone(),
        faults: facts.faults,
        relation_ends,
        strings,
        dates,
        periods,
        numbers,
        records,
        columns,
        identifiers,
        names,
        evidence,
        group_sums: Vec::new(),
    };
    writer.finish(catalogue)
}

/// What stands before the columns, not yet laid down.
struct Heads {
    identifiers: dictionary::Identifiers,
    names: dictionary::Dictionary,
}

/// Where it stands.
struct HeadEntries {
    records: RecordsEntry,
    identifiers: DictionaryEntry,
    names: DictionaryEntry,
}

impl Heads {
    fn write<S: Sink>(self, out: &mut Writer<S>, facts: &Facts) -> Result<HeadEntries, IndexError> {
        Ok(HeadEntries {
            records: records(out, facts, &self.identifiers.shapes)?,
            identifiers: dictionary::write(out, &self.identifiers.dictionary)?,
            names: dictionary::write(out, &self.names)?,
        })
    }
}

type Tables = (StringsEntry, TimesEntry, TimesEntry, Section<NumberRow>);

fn tables<S: Sink>(out: &mut Writer<S>, facts: &Facts) -> Result<Tables, IndexError> {
    let strings = StringsEntry {
        heap: out.section(facts.strings.heap.as_bytes())?,
        ends: out.section(&facts.strings.ends)?,
    };
    let dates = times(out, &facts.dates)?;
    let periods = times(out, &facts.periods)?;
    let rows: Vec<NumberRow> = facts.numbers.iter().map(number_row).collect();
    Ok((strings, dates, periods, out.section(&rows)?))
}

/// Returns an error about facts that do not fit together.
fn inconsistent(what: impl Into<String>) -> IndexError {
    IndexError::Inconsistent { what: what.into() }
}

/// Returns a count as the format holds it.
fn count(length: usize, of: &str) -> Result<u32, IndexError> {
    // The highest number stands for "none".
    u32::try_from(length)
        .ok()
        .filter(|count| *count < NO_NUMBER)
        .ok_or_else(|| IndexError::TooLarge { what: format!("{length} {of}") })
}

fn relation_ends(facts: &Facts) -> Result<Vec<u32>, IndexError> {
    count(facts.records.len(), "records")?;
    count(facts.strings.heap.len(), "bytes of text")?;
    let sorted = facts.records.is_sorted_by_key(|record| record.relation);
    let last = facts.records.last().map(|record| record.relation.index());
    if !sorted || last.is_some_and(|last| last >= facts.schema.relations.len()) {
        return Err(inconsistent("the records are not sorted by relation"));
    }
    let ends = facts.schema.relations().map(|(relation, _)| facts.records_of(relation).end);
    Ok(ends.collect())
}

/// Returns the records of a relation.
pub(super) fn range_of(relation_ends: &[u32], relation: RelationId) -> Range<u32> {
    let end = relation_ends.get(relation.index()).copied().unwrap_or(0);
    let before = relation.index().checked_sub(1).and_then(|before| relation_ends.get(before));
    before.copied().unwrap_or(0).min(end)..end
}

fn times<S: Sink>(out: &mut Writer<S>, times: &[DatedText]) -> Result<TimesEntry, IndexError> {
    count(times.len(), "dates")?;
    let bounds: Vec<PackedDate> = times.iter().map(|time| time.bounds).collect();
    let texts: Vec<u32> = times.iter().map(|time| time.text.0).collect();
    Ok(TimesEntry { bounds: out.section(&bounds)?, texts: out.section(&texts)? })
}

fn number_row(number: &crate::model::Number) -> NumberRow {
    NumberRow {
        least: number.least,
        greatest: number.greatest,
        unit_code: number.unit.map_or(NO_NUMBER, |unit| unit.0),
        text_code: number.text.0,
    }
}

fn records<S: Sink>(
    out: &mut Writer<S>,
    facts: &Facts,
    shapes: &[u32],
) -> Result<RecordsEntry, IndexError> {
    let strings = facts.strings.len();
    for record in &facts.records {
        let texts = [record.id, record.name];
        if texts.into_iter().flatten().any(|text| text.index() >= strings) {
            return Err(inconsistent("a record's name is no string"));
        }
        if record.file as usize >= facts.files.len()
            || record.citation.index() >= facts.citations.len().max(1)
            || record.qualifier.index() >= facts.qualifiers.len().max(1)
        {
            return Err(inconsistent("a record's file, citation or qualifier is not there"));
        }
    }
    let all = &facts.records;
    let code = |text: Option<StringId>| text.map_or(NO_NUMBER, |text| text.0);
    let ids: Vec<u32> = all.iter().map(|record| code(record.id)).collect();
    let ids = out.section(&ids)?;
    let names: Vec<u32> = all.iter().map(|record| code(record.name)).collect();
    let names = out.section(&names)?;
    let lines: Vec<u32> = all.iter().map(|record| record.line).collect();
    let lines = out.section(&lines)?;
    let files: Vec<u32> = all.iter().map(|record| record.file).collect();
    let files = numbers::write(out, &numbers::narrow(files))?;
    let citations: Vec<u32> = all.iter().map(|record| record.citation.0).collect();
    let citations = numbers::write(out, &numbers::narrow(citations))?;
    let qualifiers: Vec<u32> = all.iter().map(|record| record.qualifier.0).collect();
    let qualifiers = numbers::write(out, &numbers::narrow(qualifiers))?;
    let shapes = out.section(shapes)?;
    Ok(RecordsEntry { ids, names, files, lines, citations, qualifiers, shapes })
}

/// Tells whether a field's values are names of its records.
fn is_naming(role: FieldRole) -> bool {
    matches!(role, FieldRole::Name | FieldRole::Also)
}

/// Returns the text of a value of a text field.
fn text_of(facts: &Facts, value: ValueCode) -> Option<&str> {
    value.is_known().then(|| facts.strings.get(StringId(value.0)))
}
