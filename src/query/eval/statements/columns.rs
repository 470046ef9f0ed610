//! What statements say of themselves: as cells, as keys of an order, and as what groups share.

use super::{Evidence, Told};
use crate::index::IndexError;
use crate::model::{EntityId, StringId};
use crate::query::eval::Evaluator;
use crate::query::eval::found::{Found, FoundValue};
use crate::query::eval::groups::Grouped;
use crate::query::eval::order::{Key, by_keys, uncertain_among};
use crate::query::operators::{Direction, ValuePart};
use crate::query::statement_rows::{Beyond, StatementColumn, StatementRows, ToldPath};
use crate::query::{Cell, CellValue};
use crate::suggest;
use crate::time::{Bounds, Truth};

impl Evaluator<'_> {
    /// Returns the statement's value as paths find it.
    pub(super) fn found(&self, told: &Told) -> Found {
        Found { value: self.value_of(told.field, told.value), truth: Truth::Certain }
    }

    pub(super) fn told_cell(
        &self,
        told: &Told,
        evidence: &Evidence,
        path: &ToldPath,
    ) -> Result<Cell, IndexError> {
        if path.beyond != Beyond::Nothing {
            let part = path.part();
            let found = self.told_values(told, path)?;
            let values: Result<Vec<CellValue>, IndexError> =
                found.iter().map(|found| self.cell_value_of(found, part)).collect();
            let values = values?;
            return Ok(Cell { is_list: values.len() > 1, values });
        }
        let column = path.column;
        let text = |id: Option<StringId>| -> Result<Vec<CellValue>, IndexError> {
            match id {
                Some(id) => Ok(vec![CellValue::Text(self.index.string(id)?.to_owned())]),
                None => Ok(Vec::new()),
            }
        };
        let values = match column {
            StatementColumn::Of => vec![self.entity_cell(told.entity)?],
            StatementColumn::Field => {
                let field = self.field(told.field);
                field.map(|field| CellValue::Word(field.name.clone())).into_iter().collect()
            }
            StatementColumn::Value => {
                vec![self.cell_value_of(&self.found(told), ValuePart::Whole)?]
            }
            StatementColumn::Status => vec![CellValue::Word(evidence.status().word().to_owned())],
            StatementColumn::Period => match evidence.period() {
                Some(rank) => {
                    let edtf = self.index.period_text(rank)?.to_owned();
                    vec![CellValue::Time { shown: edtf.clone(), edtf }]
                }
                None => Vec::new(),
            },
            StatementColumn::Source => {
                let cited = self.index.citation(evidence.citation)?;
                cited
                    .iter()
                    .map(|cited| self.entity_cell(cited.source))
                    .collect::<Result<_, _>>()?
            }
            StatementColumn::Locator => {
                let cited = self.index.citation(evidence.citation)?;
                let mut locators = Vec::new();
                for each in cited {
                    locators.extend(text(each.locator)?);
                }
                locators
            }
            StatementColumn::Note => text(evidence.own.note.or(evidence.record.note))?,
            StatementColumn::Quote => text(evidence.own.quote.or(evidence.record.quote))?,
        };
        let is_list = matches!(column, StatementColumn::Source | StatementColumn::Locator);
        Ok(Cell { values, is_list })
    }

    /// Returns the records and values in a column; what else a statement says of itself is words.
    pub(super) fn told_values(
        &self,
        told: &Told,
        path: &ToldPath,
    ) -> Result<Vec<Found>, IndexError> {
        let record = |entity| Found { value: FoundValue::Entity(entity), truth: Truth::Certain };
        let at = match path.column {
            StatementColumn::Of => vec![record(told.entity)],
            StatementColumn::Value => vec![self.found(told)],
            StatementColumn::Source => {
                let cited = self.index.citation(self.evidence(told)?.citation)?;
                cited.iter().map(|cited| record(cited.source)).collect()
            }
            StatementColumn::Period => {
                let period = self.evidence(told)?.period();
                let found = period
                    .map(|rank| Found { value: FoundValue::Period(rank), truth: Truth::Certain });
                found.into_iter().collect()
            }
            _ => Vec::new(),
        };
        match &path.beyond {
            Beyond::Nothing => Ok(at),
            // What is no date has no year.
            Beyond::Part(_) => {
                let mut dates = Vec::new();
                for found in at {
                    let is_special = matches!(found.value, FoundValue::Unknown | FoundValue::None);
                    if is_special || !self.times(&found, ValuePart::Whole)?.is_empty() {
                        dates.push(found);
                    }
                }
                Ok(dates)
            }
            Beyond::Path(path) => {
                let mut all: Vec<Found> = Vec::new();
                for found in at {
                    match found.value {
                        FoundValue::Entity(entity) => all.extend(self.values(path, entity)?),
                        // Of a record that nobody knows it is not known either that it has such values.
                        FoundValue::Unknown if self.refers(told.field) => {
                            all.push(Found { truth: Truth::Possible, ..found });
                        }
                        FoundValue::None if self.refers(told.field) => all.push(found),
                        _ => {}
                    }
                }
                Ok(all)
            }
        }
    }

    fn entity_cell(&self, entity: EntityId) -> Result<CellValue, IndexError> {
        let found = Found { value: FoundValue::Entity(entity), truth: Truth::Certain };
        self.cell_value_of(&found, ValuePart::Whole)
    }

    /// Puts statements in the order of the keys, then of their records, fields and places.
    pub(super) fn told_in_order(
        &self,
        told: Vec<Told>,
        rows: &StatementRows,
    ) -> Result<Vec<Told>, IndexError> {
        let mut keyed = Vec::with_capacity(told.len());
        for each in told {
            let mut keys: Vec<(Key, Direction)> = Vec::with_capacity(rows.order.len() + 1);
            for (path, direction) in &rows.order {
                keys.push((self.told_key(&each, path, *direction)?, *direction));
            }
            let own = self.own_key(each.entity)?;
            keys.push((own, Direction::Ascending));
            keyed.push((keys, each));
        }
        keyed.sort_by(|(one, left), (two, right)| {
            let place = |told: &Told| (told.entity, told.field, told.position);
            by_keys(one, two).then_with(|| place(left).cmp(&place(right)))
        });
        Ok(keyed.into_iter().map(|(_, told)| told).collect())
    }

    /// Tells for each statement whether its place among the others is uncertain. In the usual order those of one record
    /// stand together, and only records can change places.
    pub(super) fn told_uncertain(
        &self,
        told: &[Told],
        rows: &StatementRows,
    ) -> Result<Vec<bool>, IndexError> {
        let mut groups: Vec<usize> = Vec::with_capacity(told.len());
        let mut dated: Vec<(Bounds, usize)> = Vec::new();
        let mut last: Option<EntityId> = None;
        for each in told {
            let key = match rows.order.first() {
                Some((path, direction)) => self.told_key(each, path, *direction)?,
                None if last == Some(each.entity) => {
                    groups.push(groups.last().copied().unwrap_or(0));
                    continue;
                }
                None => self.own_key(each.entity)?,
            };
            last = Some(each.entity);
            let group = groups.last().map_or(0, |before| before + 1);
            groups.push(group);
            if let Key::Time(bounds) = key {
                dated.push((bounds, group));
            }
        }
        let count = groups.last().map_or(0, |last| last + 1);
        let uncertain = uncertain_among(dated, count);
        Ok(groups.iter().map(|group| uncertain.get(*group).copied().unwrap_or(false)).collect())
    }

    /// Returns what a statement is sorted by: of several values the one that comes first.
    fn told_key(
        &self,
        told: &Told,
        path: &ToldPath,
        direction: Direction,
    ) -> Result<Key, IndexError> {
        let is_listed = matches!(path.column, StatementColumn::Of | StatementColumn::Source);
        if path.beyond != Beyond::Nothing || (!is_words(path.column) && !is_listed) {
            let mut best = Key::Missing;
            for found in self.told_values(told, path)? {
                let next = self.key_of(&found, path.part())?;
                if next.compare(&best, direction).is_lt() {
                    best = next;
                }
            }
            return Ok(best);
        }
        let cell = self.told_cell(told, &self.evidence(told)?, path)?;
        let text = cell.values.first().and_then(words_of);
        Ok(text.map_or(Key::Missing, |text| Key::Text(suggest::fold(text))))
    }
}

/// Statements that are grouped.
pub(super) struct ToldRows<'e, 'i> {
    pub evaluator: &'e Evaluator<'i>,
    pub told: &'e [Told],
}

impl Grouped for ToldRows<'_, '_> {
    type Column = ToldPath;

    fn values(&self, column: &ToldPath, row: u32) -> Result<Vec<Found>, IndexError> {
        let Some(told) = self.told.get(row as usize) else { return Ok(Vec::new()) };
        self.evaluator.told_values(told, column)
    }

    fn part(&self, column: &ToldPath) -> ValuePart {
        column.part()
    }

    fn words(&self, column: &ToldPath, row: u32) -> Result<Option<Vec<String>>, IndexError> {
        let Some(told) = self.told.get(row as usize) else { return Ok(None) };
        match is_words(column.column) {
            false => Ok(None),
            true => {
                let evidence = self.evaluator.evidence(told)?;
                let cell = self.evaluator.told_cell(told, &evidence, column)?;
                Ok(Some(cell.values.iter().filter_map(words_of).map(str::to_owned).collect()))
            }
        }
    }

    fn written(&self, column: &ToldPath) -> String {
        column.written.clone()
    }
}

/// Tells whether a part of a statement is words alone.
pub(super) fn is_words(column: StatementColumn) -> bool {
    !matches!(
        column,
        StatementColumn::Of
            | StatementColumn::Value
            | StatementColumn::Source
            | StatementColumn::Period
    )
}

pub(super) fn words_of(value: &CellValue) -> Option<&str> {
    match value {
        CellValue::Text(text) | CellValue::Word(text) | CellValue::Number { text, .. } => {
            Some(text)
        }
        CellValue::Time { edtf, .. } => Some(edtf),
        CellValue::Entity { id, name } => Some(name.as_deref().unwrap_or(id)),
        CellValue::Unknown => Some("unknown"),
        CellValue::None => Some("none"),
        CellValue::Count { .. } => None,
    }
}
