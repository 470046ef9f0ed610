//! The facts that an index was built from, taken out of it again.
//!
//! In: an index of which every block was compared. Out: [`Facts`], of which the same index would be built. The
//! statements of a field are put together when they are asked for.

use super::IndexError;
use super::layout::{NO_NUMBER, Numbers, StringsEntry, TimesEntry};
use super::loaded::LoadedColumn;
use super::numbers::StoredNumbers;
use super::records::Index;
use crate::model::{
    CitationId, Columns, DatedText, EntityId, Facts, FieldId, KnownWords, Number, QualifierId,
    Record, RelationId, StatementColumn, StringId, Strings,
};
use std::sync::Arc;

impl Index {
    /// Takes the facts out of an index.
    ///
    /// # Errors
    /// A block does not fit its checksum, or what it holds does not fit together.
    pub fn facts(self: &Arc<Index>) -> Result<Facts, IndexError> {
        self.verify()?;
        let evidence = self.catalogue.evidence;
        let qualifiers = (0..evidence.qualifiers.count as u32).map(QualifierId);
        let citations = (0..evidence.citation_ends.count as u32).map(CitationId);
        let numbers = self.numbers()?.iter().map(|row| Number {
            least: row.least,
            greatest: row.greatest,
            unit: row.unit(),
            text: row.text(),
        });
        // Every column is looked at once, so that reading it later cannot fail.
        (0..self.schema().fields.len())
            .try_for_each(|field| self.stored_column(FieldId(field as u32)).map(|_| ()))?;
        let (strings, records) = rayon::join(|| self.all_strings(), || self.all_records());
        Ok(Facts {
            schema: self.schema().clone(),
            strings: strings?,
            dates: self.dated_texts(&self.catalogue.dates)?,
            periods: self.dated_texts(&self.catalogue.periods)?,
            numbers: numbers.collect(),
            records: records?,
            columns: Some(self.clone()),
            qualifiers: qualifiers.map(|id| self.qualifier(id)).collect::<Result<_, _>>()?,
            citations: citations.map(|id| self.citation(id)).collect::<Result<_, _>>()?,
            files: self.files().to_vec(),
            definitions: self.definitions().to_vec(),
            faults: self.faults(),
        })
    }

    fn all_strings(&self) -> Result<Strings, IndexError> {
        let StringsEntry { heap, ends } = self.catalogue.strings;
        let heap = std::str::from_utf8(self.store.lend(heap).all()?)
            .map_err(|_| self.store.damaged("the strings are not UTF-8"))?;
        Ok(Strings { heap: heap.to_owned(), ends: self.store.lend(ends).all()?.to_vec() })
    }

    fn dated_texts(&self, times: &TimesEntry) -> Result<Vec<DatedText>, IndexError> {
        let bounds = self.store.lend(times.bounds).all()?;
        let texts = self.store.lend(times.texts).all()?;
        let both = bounds.iter().zip(texts);
        Ok(both
            .map(|(bounds, text)| DatedText { bounds: *bounds, text: StringId(*text) })
            .collect())
    }

    fn all_records(&self) -> Result<Vec<Record>, IndexError> {
        let entry = &self.catalogue.records;
        let ids = self.store.lend(entry.ids).all()?;
        let names = self.store.lend(entry.names).all()?;
        let lines = self.store.lend(entry.lines).all()?;
        let of_evidence = [&entry.files, &entry.citations, &entry.qualifiers];
        let [files, citations, qualifiers] =
            of_evidence.map(|numbers| StoredNumbers::of(&self.store, numbers));
        let (files, citations, qualifiers) = (files?, citations?, qualifiers?);
        let [files, citations, qualifiers] =
            [files, citations, qualifiers].map(|numbers| numbers.stretch(0..ids.len()));
        let mut records = Vec::with_capacity(ids.len());
        let string = |code: u32| (code != NO_NUMBER).then_some(StringId(code));
        let mut relation = RelationId(0);
        let last = self.schema().relations.len().saturating_sub(1);
        let evidence = files.iter().zip(&*citations).zip(&*qualifiers);
        let named = ids.iter().zip(names).zip(lines).zip(evidence);
        for (entity, (((id, name), line), ((file, citation), qualifier))) in (0..).zip(named) {
            while relation.index() < last && self.records_of(relation).end <= entity {
                relation.0 += 1;
            }
            records.push(Record {
                relation,
                id: string(*id),
                name: string(*name),
                file: *file,
                line: *line,
                citation: CitationId(*citation),
                qualifier: QualifierId(*qualifier),
            });
        }
        Ok(records)
    }

    /// Returns what the statements of a field are put together from.
    fn stored_column(&self, field: FieldId) -> Result<StoredColumn<'_>, IndexError> {
        let column = self.column(field)?;
        let entry = self.catalogue.columns.get(field.index());
        let entry = entry.ok_or_else(|| self.store.damaged("a column is missing"))?;
        Ok(StoredColumn {
            statements: column.load()?,
            lines: StoredNumbers::of(&self.store, &entry.lines)?,
            qualifiers: StoredNumbers::of(&self.store, &entry.qualifiers)?,
        })
    }
}

/// The columns of an index that was compared as a whole.
impl Columns for Index {
    fn statements(&self, field: FieldId) -> StatementColumn {
        // Whoever took the facts out has seen that every column can be read.
        self.stored_column(field).map(|column| column.statements()).unwrap_or_default()
    }

    fn words(&self, field: FieldId) -> Option<KnownWords> {
        Some(KnownWords {
            lists: self.word_lists(field).ok()??,
            unread: StatementColumn::default(),
        })
    }

    fn may_be_qualified(&self, field: FieldId) -> bool {
        let entry = self.catalogue.columns.get(field.index());
        !entry.is_some_and(|entry| matches!(entry.qualifiers, Numbers::Constant(0)))
    }
}

struct StoredColumn<'i> {
    statements: LoadedColumn<'i>,
    lines: StoredNumbers<'i>,
    qualifiers: StoredNumbers<'i>,
}

impl StoredColumn<'_> {
    fn statements(&self) -> StatementColumn {
        let values = self.statements.values().to_vec();
        let all = 0..values.len();
        let lines = self.lines.stretch(all.clone()).into_owned();
        let qualifiers = match self.qualifiers {
            StoredNumbers::Constant(0) => None,
            _ => Some(self.qualifiers.stretch(all).iter().copied().map(QualifierId).collect()),
        };
        if let Some(records) = self.statements.of_each_record() {
            return StatementColumn::of_each(EntityId(records.start), values, lines, qualifiers);
        }
        let mut owners = Vec::with_capacity(values.len());
        for (entity, positions) in self.statements.groups() {
            owners.resize(positions.end as usize, entity);
        }
        StatementColumn::listed(owners, values, lines, qualifiers)
    }
}
