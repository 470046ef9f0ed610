//! Scopes solved as tables: the first variables of every solution.

use super::{Frame, Mode, first_of, frame_for};
use crate::index::IndexError;
use crate::query::eval::Evaluator;
use crate::query::eval::table::{Table, Tuples};
use crate::query::formula::{Argument, Call, Conjunct, Formula, Scope};
use crate::query::terms::Slot;
use crate::time::Truth;
use std::ops::ControlFlow;
use std::rc::Rc;

impl Evaluator<'_> {
    /// Solves all ways to find tuples; the tuple is the first variables of each.
    pub(in crate::query::eval) fn tuples(
        &self,
        ways: &[Scope],
        width: usize,
    ) -> Result<Rc<Tuples>, IndexError> {
        if let [way] = ways
            && let Some(call) = self.only_call(way, width)
        {
            return self.call_rows(call, &[]);
        }
        self.solutions(ways, &[], width)
    }

    /// Returns the first variables of every solution of one of these ways, of which some may be known.
    pub(in crate::query::eval) fn solutions(
        &self,
        ways: &[Scope],
        known: &Frame,
        width: usize,
    ) -> Result<Rc<Tuples>, IndexError> {
        let mut table = Table::new(width);
        for way in ways {
            let mut frame = frame_for(way.slots, known);
            let _ = self.solve(way, &mut frame, Mode::Whole, &mut |frame, truth| {
                if let Some(tuple) = first_of(frame, width) {
                    table.add(&tuple, truth);
                    self.bounded(table.len())?;
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(table.all())
    }

    /// Counts tuples, certain and possible.
    pub(in crate::query::eval) fn count_tuples(
        &self,
        ways: &[Scope],
        width: usize,
    ) -> Result<(u64, u64), IndexError> {
        if let [way] = ways
            && let Some(call) = self.only_call(way, width)
            && let Some(counts) = self.call_count(call)?
        {
            return Ok(counts);
        }
        let tuples = self.tuples(ways, width)?;
        Ok((tuples.count(Truth::Certain), tuples.count(Truth::Possible)))
    }

    /// Returns the call of a scope that asks a rule for all its variables in order, and nothing else.
    fn only_call<'s>(&self, scope: &'s Scope, width: usize) -> Option<&'s Call> {
        let [Conjunct { formula: Formula::Call(call), .. }] = scope.conjuncts.as_slice() else {
            return None;
        };
        let rule = self.program.rule(call.rule)?;
        let same = call.arguments.iter().zip(0u32..).zip(&rule.parameters).all(
            |((argument, place), relations)| {
                let own = scope.variable(Slot(place)).map(|variable| &variable.relations);
                *argument == Argument::Variable(Slot(place))
                    && own.is_some_and(|own| relations.iter().all(|each| own.contains(each)))
            },
        );
        let all = call.arguments.len() == width && scope.variables.len() == width;
        (same && all).then_some(call)
    }
}
