//! Single statements judged: whether one holds, by the question's clauses, and fulfils what is asked of it.

use super::columns::words_of;
use super::{Evidence, Told};
use crate::index::{IndexError, Standing};
use crate::model::{EntityId, RelationId, SOURCE_RELATION};
use crate::query::CellValue;
use crate::query::eval::found::FoundValue;
use crate::query::eval::lens::Column;
use crate::query::eval::texts::fits;
use crate::query::eval::{Evaluator, Polarity, times};
use crate::query::expression::Condition;
use crate::query::ids::Ids;
use crate::query::operators::TextTest;
use crate::query::statement_rows::{StatementCondition, ToldPath};
use crate::query::truth_set::TruthSet;
use crate::time::{Role, Truth, Verdict};
use std::rc::Rc;

impl Evaluator<'_> {
    /// Judges whether a statement holds and fulfils what is asked of its parentheses.
    pub(in crate::query::eval) fn statement_truth(
        &self,
        column: &Column<'_>,
        position: u32,
        condition: &StatementCondition,
    ) -> Result<Truth, IndexError> {
        if condition.asks_status() {
            return self.told_truth(&self.told(column, position)?, condition);
        }
        let truth = match self.lens.standing(column, position)? {
            Standing::Certain => Truth::Certain,
            Standing::Possible => Truth::Possible,
            Standing::Never | Standing::Denied => return Ok(Truth::No),
        };
        if condition.is_always() {
            return Ok(truth);
        }
        Ok(truth.min(self.told_fulfils(&self.told(column, position)?, condition)?))
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
    pub(in crate::query::eval) fn told_fulfils(
        &self,
        told: &Told,
        condition: &StatementCondition,
    ) -> Result<Truth, IndexError> {
        self.told_part(told, &self.evidence(told)?, condition, Polarity::Plain)
    }

    pub(super) fn told_part(
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
                let sources = [SOURCE_RELATION];
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
                let others = self.compared_times(test)?;
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
