//! Why a statement is only possible, as a short list.

use super::{Evidence, Told};
use crate::index::IndexError;
use crate::query::CellValue;
use crate::query::eval::found::FoundValue;
use crate::query::eval::{Evaluator, Polarity};
use crate::query::statement_rows::{StatementCondition, ToldPath};
use crate::time::Truth;

/// Most reasons that are given for one statement.
const MOST_REASONS: usize = 3;

impl Evaluator<'_> {
    /// Returns why a statement is only possible.
    pub(super) fn told_reason(
        &self,
        told: &Told,
        evidence: &Evidence,
        condition: &StatementCondition,
    ) -> Result<String, IndexError> {
        let mut reasons = Vec::new();
        self.told_doubts(told, evidence, condition, Polarity::Plain, &mut reasons)?;
        if reasons.is_empty() {
            // What is left is `as of` a time at which it may or may not hold.
            reasons.push("date".to_owned());
        }
        reasons.dedup();
        reasons.truncate(MOST_REASONS);
        Ok(reasons.join("; "))
    }

    fn told_doubts(
        &self,
        told: &Told,
        evidence: &Evidence,
        condition: &StatementCondition,
        polarity: Polarity,
        reasons: &mut Vec<String>,
    ) -> Result<(), IndexError> {
        match condition {
            StatementCondition::And(parts) | StatementCondition::Or(parts) => {
                return parts.iter().try_for_each(|part| {
                    self.told_doubts(told, evidence, part, polarity, reasons)
                });
            }
            StatementCondition::Not(inner) => {
                return self.told_doubts(told, evidence, inner, polarity.turned(), reasons);
            }
            _ if self.told_part(told, evidence, condition, polarity)? != Truth::Possible => {}
            StatementCondition::Of { condition, .. } => {
                self.collect(condition, polarity, told.entity, reasons)?;
            }
            StatementCondition::Value { condition, .. } => match self.found(told).value {
                FoundValue::Entity(record) => self.collect(condition, polarity, record, reasons)?,
                _ => reasons.push("unknown: value".to_owned()),
            },
            StatementCondition::Source(condition) => {
                for cited in self.index.citation(evidence.citation)? {
                    self.collect(condition, polarity, cited.source, reasons)?;
                }
            }
            StatementCondition::Period(_) => {
                if let Some(rank) = evidence.period() {
                    reasons.push(format!("date: period is {}", self.index.period_text(rank)?));
                }
            }
            StatementCondition::Compare(comparison) => {
                reasons.push(self.told_doubt(told, evidence, &comparison.left)?);
            }
            _ => {}
        }
        Ok(())
    }

    fn told_doubt(
        &self,
        told: &Told,
        evidence: &Evidence,
        left: &ToldPath,
    ) -> Result<String, IndexError> {
        let cell = self.told_cell(told, evidence, left)?;
        let values: Vec<String> = cell.values.iter().map(CellValue::words).collect();
        Ok(match cell.values.as_slice() {
            [] | [CellValue::Unknown] => format!("unknown: {}", left.written),
            _ => format!("date: {} is {}", left.written, values.join(" or ")),
        })
    }
}
