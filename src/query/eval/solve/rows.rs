//! Scopes asked of rows: for which of them one holds, and what is in doubt of it.

use super::{Frame, Mode, bound, frame_for};
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::eval::memo::PartId;
use crate::query::eval::{Evaluator, Polarity};
use crate::query::expression::Test;
use crate::query::formula::{Formula, Scope};
use crate::query::ids::Ids;
use crate::query::truth_set::TruthSet;
use crate::time::Truth;
use std::ops::ControlFlow;
use std::rc::Rc;

/// Records for all variables, and how surely they fulfil a scope.
pub(in crate::query::eval) type Solution = (Vec<Option<u32>>, Truth);

/// So few rows are judged one by one rather than by solving a scope for all.
const FEW_ROWS: usize = 64;

impl Evaluator<'_> {
    /// Returns of which rows a scope holds whose first variable is the row.
    pub(in crate::query::eval) fn joined(
        &self,
        scope: &Scope,
        polarity: Polarity,
        within: &Ids,
    ) -> Result<TruthSet, IndexError> {
        let place = PartId::of(scope);
        let found = match self.scopes.get(&place) {
            Some(known) => known,
            None if within.len() <= FEW_ROWS => {
                let (mut certain, mut possible) = (Vec::new(), Vec::new());
                for id in within.iter() {
                    match self.best(scope, &mut frame_for(scope.slots, &[Some(id)]))? {
                        Truth::Certain => certain.push(id),
                        Truth::Possible => possible.push(id),
                        Truth::No => {}
                    }
                }
                Rc::new(TruthSet::with(Ids::from_sorted(certain), Ids::from_sorted(possible)))
            }
            None => {
                let (mut certain, mut possible) = (Vec::new(), Vec::new());
                let mut frame = frame_for(scope.slots, &[]);
                let _ = self.solve(scope, &mut frame, Mode::Whole, &mut |frame, truth| {
                    if let Some(Some(id)) = frame.first() {
                        let list =
                            if truth == Truth::Certain { &mut certain } else { &mut possible };
                        // Many solutions may stand for one row: without this, their number would be held.
                        if list.len() == list.capacity() {
                            list.sort_unstable();
                            list.dedup();
                        }
                        list.push(*id);
                    }
                    Ok(ControlFlow::Continue(()))
                })?;
                let found =
                    TruthSet::with(Ids::from_unsorted(certain), Ids::from_unsorted(possible));
                self.scopes.keep(place, found)
            }
        };
        Ok(match polarity {
            Polarity::Plain => found.as_ref().clone(),
            Polarity::Negated => TruthSet::certainly(within.clone()).without(&found),
        })
    }

    /// Returns how surely a scope holds for what is bound.
    pub(in crate::query::eval) fn best(
        &self,
        scope: &Scope,
        frame: &mut Frame,
    ) -> Result<Truth, IndexError> {
        let mut best = Truth::No;
        let _ = self.solve(scope, frame, Mode::Whole, &mut |_, truth| {
            best = best.max(truth);
            Ok(match best {
                Truth::Certain => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            })
        })?;
        Ok(best)
    }

    /// Returns the surest solution of a scope in which the first variables are as they are known.
    pub(in crate::query::eval) fn surest(
        &self,
        scope: &Scope,
        known: &Frame,
        mode: Mode<'_>,
    ) -> Result<Option<Solution>, IndexError> {
        let mut frame = frame_for(scope.slots, known);
        let mut surest: Option<Solution> = None;
        let _ = self.solve(scope, &mut frame, mode, &mut |frame, truth| {
            if surest.as_ref().is_none_or(|(_, before)| *before < truth) {
                surest = Some((frame.to_vec(), truth));
            }
            Ok(match truth {
                Truth::Certain => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            })
        })?;
        Ok(surest)
    }

    /// Says what is in doubt of the surest solution in which the first variables are as they are known.
    pub(in crate::query::eval) fn doubts_of(
        &self,
        scope: &Scope,
        known: &Frame,
        reasons: &mut Vec<String>,
    ) -> Result<(), IndexError> {
        let surest = self.surest(scope, known, Mode::Whole)?;
        let Some((mut frame, _)) = surest else { return Ok(()) };
        for conjunct in &scope.conjuncts {
            if self.judge(&conjunct.formula, &mut frame, Polarity::Plain)? != Truth::Possible {
                continue;
            }
            self.doubts_of_formula(&conjunct.formula, &mut frame, Polarity::Plain, reasons)?;
        }
        Ok(())
    }

    /// Says what is in doubt of a formula of which every variable is bound, or of its negation.
    fn doubts_of_formula(
        &self,
        formula: &Formula,
        frame: &mut Frame,
        polarity: Polarity,
        reasons: &mut Vec<String>,
    ) -> Result<(), IndexError> {
        match formula {
            Formula::One { slot, condition, .. } => match bound(frame, *slot) {
                Some(id) => self.collect(condition, polarity, EntityId(id), reasons),
                None => Ok(()),
            },
            Formula::Two(link) => {
                let (left, right) = (&link.left_path, &link.right_path);
                let sides = [
                    (link.left, left, link.operator, right),
                    (link.right, right, link.operator.converse(), left),
                ];
                for (slot, path, operator, other) in sides {
                    let test = Test::Path { operator, right: other.clone() };
                    if let Some(id) = bound(frame, slot) {
                        self.doubts(path, Some(&test), polarity, EntityId(id), reasons)?;
                    }
                }
                Ok(())
            }
            Formula::Computed(test) => {
                reasons.extend(self.computed_doubt(test, frame)?);
                Ok(())
            }
            Formula::Call(call) => {
                let name = self.program.rule(call.rule).map_or("", |rule| rule.name.as_str());
                reasons.push(format!("rule: {name}"));
                Ok(())
            }
            Formula::And(parts) | Formula::Or(parts) => {
                for part in parts {
                    if self.judge(part, frame, polarity)? == Truth::Possible {
                        self.doubts_of_formula(part, frame, polarity, reasons)?;
                    }
                }
                Ok(())
            }
            Formula::Not(inner) => self.doubts_of_formula(inner, frame, polarity.turned(), reasons),
            Formula::Exists(scope) => self.doubts_of(scope, frame, reasons),
            // These are never in doubt.
            Formula::Certainly(_) | Formula::Possibly(_) => Ok(()),
        }
    }
}
