//! Formulas judged of which every variable is bound.

use super::{Frame, bound};
use crate::index::IndexError;
use crate::model::{EntityId, RelationId};
use crate::query::eval::memo::PartId;
use crate::query::eval::{Evaluator, Polarity};
use crate::query::expression::Condition;
use crate::query::formula::{Formula, Link};
use crate::query::ids::Ids;
use crate::query::truth_set::TruthSet;
use crate::time::Truth;
use std::rc::Rc;

impl Evaluator<'_> {
    /// Judges a formula of which every variable is bound, or its negation.
    pub(in crate::query::eval) fn judge(
        &self,
        formula: &Formula,
        frame: &mut Frame,
        polarity: Polarity,
    ) -> Result<Truth, IndexError> {
        match (formula, polarity) {
            (Formula::And(parts), Polarity::Plain) | (Formula::Or(parts), Polarity::Negated) => {
                let mut truth = Truth::Certain;
                for part in parts {
                    if truth > Truth::No {
                        truth = truth.min(self.judge(part, frame, polarity)?);
                    }
                }
                Ok(truth)
            }
            (Formula::Or(parts), Polarity::Plain) | (Formula::And(parts), Polarity::Negated) => {
                let mut truth = Truth::No;
                for part in parts {
                    if truth < Truth::Certain {
                        truth = truth.max(self.judge(part, frame, polarity)?);
                    }
                }
                Ok(truth)
            }
            (Formula::Not(inner), _) => self.judge(inner, frame, polarity.turned()),
            (Formula::Certainly(inner), _) => {
                let holds = self.judge(inner, frame, Polarity::Plain)? == Truth::Certain;
                Ok(polarity.of_truth(Truth::certain_if(holds)))
            }
            (Formula::Possibly(inner), _) => {
                let holds = self.judge(inner, frame, Polarity::Plain)? > Truth::No;
                Ok(polarity.of_truth(Truth::certain_if(holds)))
            }
            (Formula::One { slot, relations, condition }, _) => {
                let Some(id) = bound(frame, *slot) else { return Ok(Truth::No) };
                Ok(self.judged(relations, condition, polarity)?.truth_of(id))
            }
            (Formula::Two(link), _) => self.link_truth(link, frame, polarity),
            (Formula::Computed(test), _) => Ok(polarity.of(self.computed_verdict(test, frame)?)),
            (Formula::Call(call), _) => Ok(polarity.of_truth(self.call_truth(call, frame)?)),
            (Formula::Exists(scope), _) => Ok(polarity.of_truth(self.best(scope, frame)?)),
        }
    }

    /// Returns of which records of some relations a condition, or its negation, holds.
    pub(in crate::query::eval) fn judged(
        &self,
        relations: &[RelationId],
        condition: &Condition,
        polarity: Polarity,
    ) -> Result<Rc<TruthSet>, IndexError> {
        self.judged_within(condition, polarity, || Ok(self.records_of(relations)?.possible))
    }

    /// Returns of which of some records a condition, or its negation, holds; which records they are is asked once.
    pub(in crate::query::eval) fn judged_within(
        &self,
        condition: &Condition,
        polarity: Polarity,
        within: impl FnOnce() -> Result<Ids, IndexError>,
    ) -> Result<Rc<TruthSet>, IndexError> {
        self.judged.get_or((PartId::of(condition), polarity), || {
            let noted = self.absent.borrow().len();
            let found = self.truth(condition, polarity, &within()?)?;
            self.absent.borrow_mut().truncate(noted);
            Ok(found)
        })
    }

    fn link_truth(
        &self,
        link: &Link,
        frame: &Frame,
        polarity: Polarity,
    ) -> Result<Truth, IndexError> {
        let (Some(left), Some(right)) = (bound(frame, link.left), bound(frame, link.right)) else {
            return Ok(Truth::No);
        };
        let verdict = self.pair_of_rows(
            link.quantifier,
            (&link.left_path, EntityId(left)),
            link.operator,
            (&link.right_path, EntityId(right)),
        )?;
        Ok(polarity.of(verdict))
    }
}
