//! Answers whose rows are statements, judged one by one: what they say of themselves is in no posting.

mod columns;
mod compare;
mod reasons;
mod truth;

use super::Evaluator;
use super::found::FoundValue;
use super::lens::Column;
use super::order::cut_between;
use crate::index::IndexError;
use crate::model::{
    CitationId, EntityId, FieldId, FieldRole, Qualifier, QualifierId, Status, TimeRank, ValueCode,
};
use crate::query::expression::{Groups, Output, Query};
use crate::query::statement_rows::{StatementRows, ToldPath};
use crate::query::truth_set::{Collected, TruthSet};
use crate::query::{Answers, Cell, Match, Row, RowsOf};
use crate::time::Truth;
use columns::ToldRows;

/// One statement with what stands in its parentheses, or in those of its record.
pub(super) struct Told {
    entity: EntityId,
    field: FieldId,
    position: u32,
    value: ValueCode,
    own: QualifierId,
}

/// What was read of a statement's parentheses and of its record's.
struct Evidence {
    own: Qualifier,
    record: Qualifier,
    citation: CitationId,
}

impl Evidence {
    fn status(&self) -> Status {
        if self.own.status == Status::Accepted { self.record.status } else { self.own.status }
    }

    fn period(&self) -> Option<TimeRank> {
        self.own.period.or(self.record.period)
    }
}

impl Evaluator<'_> {
    /// Answers a question for statements.
    pub(super) fn statements(
        &self,
        query: &Query,
        rows: &StatementRows,
    ) -> Result<Answers, IndexError> {
        let (certain, possible) = self.all_told(rows)?;
        let mut answers = self.counted(query, (certain.len() as u64, possible.len() as u64));
        if query.output == Output::Count {
            return Ok(answers);
        }
        if let Some(groups) = &rows.groups {
            return self.told_groups(query, groups, (certain, possible), answers);
        }
        answers.rows_of = RowsOf::Records;
        answers.columns = rows.columns.iter().map(|column| column.written.clone()).collect();
        let wanted = self.rows_wanted(query, certain.len(), possible.len())?;
        answers.rows_left = wanted.left;
        let certain = (certain, Match::Certain, wanted.certain);
        let possible = (possible, Match::Possible, wanted.possible);
        for (told, matched, wanted) in [certain, possible] {
            let told = self.told_in_order(told, rows)?;
            let uncertain = match self.is_order_shown(query) {
                true => self.told_uncertain(&told, rows)?,
                false => Vec::new(),
            };
            let is_uncertain = |place: usize| uncertain.get(place).copied().unwrap_or(false);
            answers.notes.extend(cut_between(query, &uncertain, matched));
            for (place, told) in told.into_iter().take(wanted).enumerate() {
                self.step()?;
                let evidence = self.evidence(&told)?;
                let cells: Result<Vec<Cell>, IndexError> = rows
                    .columns
                    .iter()
                    .map(|column| self.told_cell(&told, &evidence, column))
                    .collect();
                answers.rows.push(Row {
                    id: self.index.id_of(told.entity)?.into_owned(),
                    matched,
                    reason: match matched {
                        Match::Certain => String::new(),
                        Match::Possible => self.told_reason(&told, &evidence, &rows.condition)?,
                    },
                    order_is_uncertain: is_uncertain(place),
                    cells: cells?,
                });
            }
        }
        Ok(answers)
    }

    /// Returns the statements that surely fulfil a question, and those that may.
    fn all_told(&self, rows: &StatementRows) -> Result<(Vec<Told>, Vec<Told>), IndexError> {
        let (mut certain, mut possible) = (Vec::new(), Vec::new());
        let fields = self.index.schema().fields.iter().zip(0u32..);
        let telling = fields.filter(|(field, _)| field.role != FieldRole::Source);
        for (_, number) in telling {
            let column = self.lens.column(FieldId(number))?;
            for position in 0..column.reader.len() {
                self.step()?;
                let told = self.told(&column, position)?;
                match self.told_truth(&told, &rows.condition)? {
                    Truth::Certain => certain.push(told),
                    Truth::Possible => possible.push(told),
                    Truth::No => {}
                }
            }
        }
        Ok((certain, possible))
    }

    /// Returns the records in the one column of statements inside another question.
    pub(super) fn records_told(&self, rows: &StatementRows) -> Result<TruthSet, IndexError> {
        let [column] = rows.columns.as_slice() else { return Ok(TruthSet::default()) };
        let (certain, possible) = self.all_told(rows)?;
        let mut found = Collected::default();
        for (told, truth) in [(certain, Truth::Certain), (possible, Truth::Possible)] {
            for told in told {
                for value in self.told_values(&told, column)? {
                    if let FoundValue::Entity(record) = value.value {
                        found.add(record.0, truth);
                    }
                }
            }
        }
        Ok(found.into_truth())
    }

    fn told_groups(
        &self,
        query: &Query,
        groups: &Groups<ToldPath>,
        (certain, possible): (Vec<Told>, Vec<Told>),
        mut answers: Answers,
    ) -> Result<Answers, IndexError> {
        let sure = certain.len();
        let told: Vec<Told> = certain.into_iter().chain(possible).collect();
        let rows = ToldRows { evaluator: self, told: &told };
        let numbered = (0u32..).zip(&told).map(|(row, _)| match (row as usize) < sure {
            true => (row, Truth::Certain),
            false => (row, Truth::Possible),
        });
        let headings = self.group_headings(&rows, groups);
        let rows = self.group_rows(&rows, groups, numbered)?;
        self.answer_groups(query, &mut answers, headings, rows)?;
        Ok(answers)
    }

    fn evidence(&self, told: &Told) -> Result<Evidence, IndexError> {
        let own = self.index.qualifier(told.own)?;
        let record = self.index.qualifier(self.index.qualifier_of(told.entity)?)?;
        let citation = match own.citation {
            Some(citation) => citation,
            None => self.index.citation_of(told.entity)?,
        };
        Ok(Evidence { own, record, citation })
    }

    /// Reads one statement of a field.
    pub(super) fn told(&self, column: &Column<'_>, position: u32) -> Result<Told, IndexError> {
        Ok(Told {
            entity: column.reader.entity_of(position)?,
            field: column.field,
            position,
            value: column.reader.value(position)?,
            own: column.reader.qualifier(position)?,
        })
    }
}
