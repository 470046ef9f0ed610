//! An open index: its schema, records, strings and tables.

use super::IndexError;
use super::build::range_of;
use super::column::ColumnReader;
use super::image::IndexImage;
use super::layout::{
    Catalogue, NO_NUMBER, NumberRow, Numbers, RecordsEntry, StringsEntry, TimesEntry,
};
use super::numbers::number_at;
use super::standing::Standing;
use super::store::{Bytes, Store};
use crate::model::{
    CitationId, DefinitionRecord, EntityId, FaultCounts, FieldId, FieldRole, FileRecord,
    NumberRank, QualifierId, RelationId, Schema, StringId, TimeRank, Type,
};
use crate::time::PackedDate;
use std::borrow::Cow;
use std::ops::Range;

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin<'i> {
    /// The file, by its path relative to the project's root.
    pub file: &'i str,
    /// The line of the header, counted from 1.
    pub line: u32,
}

/// An open index. Opening decodes the catalogue; sections are read in place and checked when they are touched.
#[derive(Debug)]
pub struct Index {
    pub(super) store: Store,
    pub(super) catalogue: Catalogue,
    files: Vec<FileRecord>,
}

impl Index {
    /// Opens an index that was just built.
    pub fn in_memory(image: IndexImage) -> Result<Index, IndexError> {
        Index::from_store(Store::open(Bytes::Owned(image), "in memory".to_owned())?)
    }

    pub(super) fn from_store(
        (store, mut catalogue): (Store, Catalogue),
    ) -> Result<Index, IndexError> {
        check_catalogue(&catalogue).map_err(|what| store.damaged(what))?;
        // So that whatever is as large as the base is no larger than the file.
        if !store.holds(catalogue.records.ids) {
            return Err(store.damaged("the records reach beyond the end"));
        }
        let files = std::mem::take(&mut catalogue.files);
        let files = files.into_iter().map(FileRecord::from).collect();
        Ok(Index { store, catalogue, files })
    }

    /// Returns relations, fields and unions.
    pub fn schema(&self) -> &Schema {
        &self.catalogue.schema
    }

    /// Returns the files that the facts come from.
    pub fn files(&self) -> &[FileRecord] {
        &self.files
    }

    /// Returns rules, checks, expectations and saved queries, as text.
    pub fn definitions(&self) -> &[DefinitionRecord] {
        &self.catalogue.definitions
    }

    /// Returns where the catalogue starts, its bytes with other counts of findings, and the header for these.
    pub(super) fn with_faults(
        &self,
        faults: FaultCounts,
    ) -> Result<(u64, Vec<u8>, Vec<u8>), IndexError> {
        self.store.with_catalogue(|catalogue| catalogue.faults = faults)
    }

    /// Returns how many findings there were in the facts; faulty statements were left out.
    pub fn faults(&self) -> FaultCounts {
        self.catalogue.faults
    }

    /// Returns a number that another index has only by accident.
    pub fn identity(&self) -> u64 {
        self.store.identity()
    }

    /// Returns the size of the whole index in bytes.
    pub fn byte_count(&self) -> u64 {
        self.store.length()
    }

    /// Compares the checksums of all that was not yet touched.
    pub fn verify(&self) -> Result<(), IndexError> {
        self.store.verify_all()
    }

    /// Returns the records of a relation, in the order of answers.
    pub fn records_of(&self, relation: RelationId) -> Range<u32> {
        range_of(&self.catalogue.relation_ends, relation)
    }

    /// Returns how many records there are.
    pub fn record_count(&self) -> u32 {
        self.catalogue.relation_ends.last().copied().unwrap_or(0)
    }

    /// Returns the relation of a record.
    pub fn relation_of(&self, entity: EntityId) -> Option<RelationId> {
        let ends = &self.catalogue.relation_ends;
        let relation = ends.partition_point(|end| *end <= entity.0);
        (relation < ends.len()).then_some(RelationId(relation as u32))
    }

    /// Returns the identifier of a record, or `relation@file:line` where it has none.
    pub fn id_of(&self, entity: EntityId) -> Result<Cow<'_, str>, IndexError> {
        if let Some(id) = self.written_id_of(entity)? {
            return Ok(Cow::Borrowed(id));
        }
        let relation =
            self.relation_of(entity).and_then(|id| self.schema().relations.get(id.index()));
        let Origin { file, line } = self.origin_of(entity)?;
        Ok(Cow::Owned(format!("{}@{file}:{line}", relation.map_or("", |relation| &relation.name))))
    }

    /// Returns the identifier of a record where it has one.
    pub fn written_id_of(&self, entity: EntityId) -> Result<Option<&str>, IndexError> {
        self.optional_string(self.store.lend(self.catalogue.records.ids).get(entity.index())?)
    }

    /// Returns the name of a record: the header's, else its first `name` that may hold.
    pub fn name_of(&self, entity: EntityId) -> Result<Option<&str>, IndexError> {
        let header = self.header_name_of(entity)?;
        if header.is_some() {
            return Ok(header);
        }
        let Some(column) = self.naming_column(entity, FieldRole::Name)? else { return Ok(None) };
        for position in column.statements_of(entity)? {
            let value = column.value(position)?;
            let standing = column.standing(position)?;
            if value.is_known() && matches!(standing, Standing::Certain | Standing::Possible) {
                return self.string(StringId(value.0)).map(Some);
            }
        }
        Ok(None)
    }

    /// Returns the name in the header of a record.
    pub fn header_name_of(&self, entity: EntityId) -> Result<Option<&str>, IndexError> {
        self.optional_string(self.store.lend(self.catalogue.records.names).get(entity.index())?)
    }

    /// Returns the column of the names or aliases of the record's relation.
    pub(super) fn naming_column(
        &self,
        entity: EntityId,
        role: FieldRole,
    ) -> Result<Option<ColumnReader<'_>>, IndexError> {
        let relation = self.relation_of(entity);
        let field = relation.and_then(|relation| self.schema().field_with_role(relation, role));
        field.map(|field| self.column(field)).transpose()
    }

    /// Returns the file of a record, by its place in [`Index::files`].
    pub fn file_of(&self, entity: EntityId) -> Result<u32, IndexError> {
        number_at(&self.store, &self.catalogue.records.files, entity.0)
    }

    /// Returns file and line of a record.
    pub fn origin_of(&self, entity: EntityId) -> Result<Origin<'_>, IndexError> {
        let file = self.files.get(self.file_of(entity)? as usize);
        let file = file.ok_or_else(|| self.store.damaged("a record's file is not there"))?;
        let line = self.store.lend(self.catalogue.records.lines).get(entity.index())?;
        Ok(Origin { file: &file.path, line })
    }

    /// Returns the sources of a record as a whole; number 0 is none.
    pub fn citation_of(&self, entity: EntityId) -> Result<CitationId, IndexError> {
        number_at(&self.store, &self.catalogue.records.citations, entity.0).map(CitationId)
    }

    /// Returns what stands in parentheses behind a record's header; number 0 is nothing.
    pub fn qualifier_of(&self, entity: EntityId) -> Result<QualifierId, IndexError> {
        number_at(&self.store, &self.catalogue.records.qualifiers, entity.0).map(QualifierId)
    }

    /// Tells whether some record's header has a qualifier.
    pub fn has_record_qualifiers(&self) -> bool {
        !matches!(self.catalogue.records.qualifiers, Numbers::Constant(0))
    }

    /// Returns a string of the heap.
    pub fn string(&self, id: StringId) -> Result<&str, IndexError> {
        let StringsEntry { heap, ends } = self.catalogue.strings;
        let ends = self.store.lend(ends);
        let range = match id.index().checked_sub(1) {
            None => 0..ends.get(0)?,
            Some(before) => match ends.slice(before..id.index().saturating_add(1))? {
                [start, end] => *start..*end,
                _ => 0..0,
            },
        };
        let bytes = self.store.lend(heap).slice(range.start as usize..range.end as usize)?;
        std::str::from_utf8(bytes).map_err(|_| self.store.damaged("a string is not UTF-8"))
    }

    fn optional_string(&self, code: u32) -> Result<Option<&str>, IndexError> {
        if code == NO_NUMBER { Ok(None) } else { self.string(StringId(code)).map(Some) }
    }

    /// Returns the bounds of all dates, in order.
    pub fn dates(&self) -> Result<&[PackedDate], IndexError> {
        self.store.lend(self.catalogue.dates.bounds).all()
    }

    /// Returns the bounds of all periods, in order.
    pub fn periods(&self) -> Result<&[PackedDate], IndexError> {
        self.store.lend(self.catalogue.periods.bounds).all()
    }

    /// Returns how many distinct dates and periods there are, and reads none of them.
    pub fn distinct_times(&self) -> usize {
        let count = self.catalogue.dates.bounds.count + self.catalogue.periods.bounds.count;
        usize::try_from(count).unwrap_or(usize::MAX)
    }

    /// Returns the bounds of one date.
    pub fn date(&self, rank: TimeRank) -> Result<PackedDate, IndexError> {
        self.store.lend(self.catalogue.dates.bounds).get(rank.index())
    }

    /// Returns the bounds of one period.
    pub fn period(&self, rank: TimeRank) -> Result<PackedDate, IndexError> {
        self.store.lend(self.catalogue.periods.bounds).get(rank.index())
    }

    /// Returns a date as written.
    pub fn date_text(&self, rank: TimeRank) -> Result<&str, IndexError> {
        self.time_text(&self.catalogue.dates, rank)
    }

    /// Returns a period as written.
    pub fn period_text(&self, rank: TimeRank) -> Result<&str, IndexError> {
        self.time_text(&self.catalogue.periods, rank)
    }

    fn time_text(&self, times: &TimesEntry, rank: TimeRank) -> Result<&str, IndexError> {
        self.string(StringId(self.store.lend(times.texts).get(rank.index())?))
    }

    /// Returns all numbers and quantities, in order.
    pub fn numbers(&self) -> Result<&[NumberRow], IndexError> {
        self.store.lend(self.catalogue.numbers).all()
    }

    /// Returns one number or quantity.
    pub fn number(&self, rank: NumberRank) -> Result<NumberRow, IndexError> {
        self.store.lend(self.catalogue.numbers).get(rank.index())
    }

    /// Returns the statements of a field.
    pub fn column(&self, field: FieldId) -> Result<ColumnReader<'_>, IndexError> {
        let entry = self.catalogue.columns.get(field.index());
        let schema = self.schema().fields.get(field.index());
        let (Some(entry), Some(schema)) = (entry, schema) else {
            let what = format!("field number {} was asked for and does not exist", field.0);
            return Err(IndexError::Inconsistent { what });
        };
        let range = self.records_of(schema.relation);
        let lines = self.store.lend(self.catalogue.records.lines);
        Ok(ColumnReader::new(&self.store, entry, range, lines))
    }
}

impl NumberRow {
    /// Returns the unit; none for a bare number.
    pub fn unit(&self) -> Option<StringId> {
        (self.unit_code != NO_NUMBER).then_some(StringId(self.unit_code))
    }

    /// Returns the text as written.
    pub fn text(&self) -> StringId {
        StringId(self.text_code)
    }
}

/// Checks the numbers of the schema, by which the schema itself looks things up.
fn check_catalogue(catalogue: &Catalogue) -> Result<(), &'static str> {
    let Catalogue { schema, relation_ends, columns, .. } = catalogue;
    let relations = schema.relations.len();
    if relation_ends.len() != relations || !relation_ends.is_sorted() {
        return Err("the relations' records do not fit");
    }
    if columns.len() != schema.fields.len() {
        return Err("there is not one column a field");
    }
    let is_relation = |id: &RelationId| id.index() < relations;
    let records = u64::from(relation_ends.last().copied().unwrap_or(0));
    let RecordsEntry { ids, names, lines, shapes, .. } = catalogue.records;
    if [ids, names, lines, shapes].iter().any(|section| section.count != records) {
        return Err("there is not one row a record");
    }
    for (field, column) in schema.fields.iter().zip(columns) {
        let records = range_of(relation_ends, field.relation).len() as u64;
        let places = column.owners.map_or(records, |owners| owners.count);
        let starts = column.offsets.map_or(places, |offsets| offsets.count.saturating_sub(1));
        let one_each = column.offsets.is_some() || column.values.count == places;
        if places > records || starts != places || !one_each {
            return Err("a column does not fit its records");
        }
    }
    for relation in &schema.relations {
        let Range { start, end } = relation.fields;
        let own_date = relation.own_date.is_none_or(|field| field.index() < columns.len());
        if start > end || end as usize > columns.len() || !own_date {
            return Err("a relation's fields do not fit");
        }
    }
    let targets_fit = schema.fields.iter().all(|field| match &field.value_type {
        Type::Reference { relations, .. } => relations.iter().all(is_relation),
        _ => true,
    });
    let fields_fit = schema.fields.iter().all(|field| is_relation(&field.relation));
    let unions_fit = schema.unions.iter().all(|union| union.members.iter().all(is_relation));
    let widths_fit =
        [&catalogue.identifiers, &catalogue.names].iter().all(|entry| entry.bucket_bits <= 32);
    if targets_fit && fields_fit && unions_fit && widths_fit {
        Ok(())
    } else {
        Err("the schema names a relation that is not there")
    }
}
