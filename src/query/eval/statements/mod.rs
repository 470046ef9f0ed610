//! Answers whose rows are statements, judged one by one: what they say of themselves is in no posting.

mod columns;
mod compare;
mod reasons;

use super::found::FoundValue;
use super::lens::Column;
use super::order::cut_between;
use super::values::fits;
use super::{Evaluator, Polarity, times};
use crate::index::IndexError;
use crate::model::{
    CitationId, EntityId, FieldId, FieldRole, Qualifier, QualifierId, RelationId, Status, TimeRank,
    ValueCode,
};
use crate::query::expression::{Condition, Groups, Output, Query, TextTest};
use crate::query::ids::Ids;
use crate::query::statement_rows::{StatementCondition, StatementRows, ToldPath};
use crate::query::truth_set::{Collected, TruthSet};
use crate::query::{Answers, Cell, CellValue, Match, Row, RowsOf};
use crate::time::{Role, Truth, Verdict};
use columns::{ToldRows, words_of};
use std::rc::Rc;

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

    /// Judges a statement, whatever its status, by the question's clauses and a condition.
    pub(super) fn told_truth(
        &self,
        told: &Told,
        condition: &StatementCondition,
    ) -> Result<Truth, IndexError> {
        let claims = self.lens.claims();
        let evidence = self.evidence(told)?;
        let mut truth = Truth::Certain;
        if let Some(sources) = &claims.according_to {
            truth = truth.min(Truth::certain_if(self.lens.cites(evidence.citation, sources)?));
        }
        if let Some(as_of) = &claims.as_of {
            truth = truth.min(match evidence.period() {
                Some(rank) => self.lens.overlaps(as_of.values(), rank)?,
                None if self.lens.column(told.field)?.is_dated => Truth::Possible,
                None => Truth::Certain,
            });
        }
        if truth == Truth::No {
            return Ok(Truth::No);
        }
        Ok(truth.min(self.told_part(told, &evidence, condition, Polarity::Plain)?))
    }

    /// Judges what is asked of a statement.
    pub(super) fn told_fulfils(
        &self,
        told: &Told,
        condition: &StatementCondition,
    ) -> Result<Truth, IndexError> {
        self.told_part(told, &self.evidence(told)?, condition, Polarity::Plain)
    }

    fn told_part(
        &self,
        told: &Told,
        evidence: &Evidence,
        condition: &StatementCondition,
        polarity: Polarity,
    ) -> Result<Truth, IndexError> {
        let judge =
            |part: &StatementCondition, polarity| self.told_part(told, evidence, part, polarity);
        let plainly = |holds: bool| polarity.of_truth(Truth::certain_if(holds));
        match (condition, polarity) {
            (StatementCondition::Always, _) => Ok(plainly(true)),
            (StatementCondition::And(parts), Polarity::Plain)
            | (StatementCondition::Or(parts), Polarity::Negated) => parts
                .iter()
                .try_fold(Truth::Certain, |truth, part| Ok(truth.min(judge(part, polarity)?))),
            (StatementCondition::Or(parts), Polarity::Plain)
            | (StatementCondition::And(parts), Polarity::Negated) => parts
                .iter()
                .try_fold(Truth::No, |truth, part| Ok(truth.max(judge(part, polarity)?))),
            (StatementCondition::Not(inner), _) => judge(inner, polarity.turned()),
            (StatementCondition::Certainly(inner), _) => {
                Ok(plainly(judge(inner, Polarity::Plain)? == Truth::Certain))
            }
            (StatementCondition::Possibly(inner), _) => {
                Ok(plainly(judge(inner, Polarity::Plain)? > Truth::No))
            }
            (StatementCondition::Has(column), _) => {
                let cell = self.told_cell(told, evidence, &ToldPath::of(*column))?;
                Ok(plainly(!cell.values.is_empty()))
            }
            (StatementCondition::HasValues(path), _) => {
                Ok(plainly(!self.told_values(told, path)?.is_empty()))
            }
            (StatementCondition::Of { relations, condition }, _) => {
                if !self.is_of(told.entity, relations) {
                    return Ok(Truth::No);
                }
                Ok(self.told_of(relations, condition, polarity)?.truth_of(told.entity.0))
            }
            (StatementCondition::Source(condition), _) => {
                let sources = [crate::model::SOURCE_RELATION];
                let cited = self.index.citation(evidence.citation)?;
                if cited.is_empty() {
                    return Ok(Truth::No);
                }
                let held = self.told_of(&sources, condition, Polarity::Plain)?;
                let best = cited.iter().map(|cited| held.truth_of(cited.source.0)).max();
                Ok(polarity.of_truth(best.unwrap_or(Truth::No)))
            }
            (StatementCondition::Status(statuses), _) => {
                Ok(plainly(statuses.contains(&evidence.status())))
            }
            (StatementCondition::Period(test), _) => {
                let Some(rank) = evidence.period() else { return Ok(Truth::No) };
                let others = self.literals(test)?;
                let values = times::stored(self.index, Role::Period, rank)?;
                let verdict = Verdict::some(
                    values.iter().map(|value| times::against(value, test.operator, &others)),
                );
                Ok(polarity.of(verdict))
            }
            (StatementCondition::ValueIn(rows), _) => {
                let found = self.found(told);
                let FoundValue::Entity(entity) = found.value else { return Ok(plainly(false)) };
                let rows = self.rows(rows)?;
                Ok(plainly(rows.possible.contains(entity.0)))
            }
            (StatementCondition::Value { relations, condition }, _) => {
                match self.found(told).value {
                    // It may be anyone, where it is a record at all.
                    FoundValue::Unknown if self.refers(told.field) => Ok(Truth::Possible),
                    FoundValue::Entity(entity) if self.is_of(entity, relations) => {
                        Ok(self.told_of(relations, condition, polarity)?.truth_of(entity.0))
                    }
                    _ => Ok(Truth::No),
                }
            }
            (StatementCondition::Compare(comparison), _) => {
                Ok(polarity.of(self.told_compared(told, comparison)?))
            }
            (StatementCondition::Words(column, test), _) => {
                let cell = self.told_cell(told, evidence, &ToldPath::of(*column))?;
                if cell.values.is_empty() {
                    return Ok(Truth::No);
                }
                let holds = cell.values.iter().any(|value| value_fits(value, test));
                Ok(plainly(holds))
            }
        }
    }

    fn is_of(&self, entity: EntityId, relations: &[RelationId]) -> bool {
        self.index.relation_of(entity).is_some_and(|each| relations.contains(&each))
    }

    /// Judges a condition on the records that statements lead to. Each of them is one, whatever clauses say of rows.
    fn told_of(
        &self,
        relations: &[RelationId],
        condition: &Condition,
        polarity: Polarity,
    ) -> Result<Rc<TruthSet>, IndexError> {
        self.judged_within(condition, polarity, || {
            let all = relations.iter().map(|relation| Ids::Range(self.index.records_of(*relation)));
            Ok(all.reduce(|one, other| one.or(&other)).unwrap_or_default())
        })
    }
}

fn value_fits(value: &CellValue, test: &TextTest) -> bool {
    let by_id = match value {
        CellValue::Entity { id, .. } => fits(id, test),
        _ => false,
    };
    by_id || words_of(value).is_some_and(|words| fits(words, test))
}
