//! Which variable is bound next, and by what: the choice that leaves the fewest records to try.

use super::{Frame, Search, bound};
use crate::query::formula::{Argument, Call, Formula, Link};
use crate::query::operators::{PathOperator, Quantifier};
use crate::query::terms::Slot;

/// What a rule costs of which an argument is known, in records to try.
const COST_OF_BOUND_CALL: usize = 8;
/// What a rule costs of which no argument is known.
const COST_OF_FREE_CALL: usize = 1000;
/// What a link from a known record costs.
const COST_OF_LINK: usize = 4;

/// How the next variable is bound.
pub(super) enum Step<'s> {
    Scan(Slot),
    Link(usize, &'s Link, Slot),
    Call(usize, &'s Call),
}

/// Returns how to bind the next variable; nothing where all are bound.
pub(super) fn next_step<'s>(search: &Search<'s>, done: &[bool], frame: &Frame) -> Option<Step<'s>> {
    let is_open =
        |slot: Slot| bound(frame, slot).is_none() && search.scope.variable(slot).is_some();
    let mut best: Option<(usize, Step<'s>)> = None;
    let mut offer = |cost: usize, step: Step<'s>| {
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, step));
        }
    };
    for (variable, domain) in search.scope.variables.iter().zip(search.domains.iter()) {
        if is_open(variable.slot) {
            offer(domain.possible.len(), Step::Scan(variable.slot));
        }
    }
    for (number, conjunct) in search.scope.conjuncts.iter().enumerate() {
        if done.get(number) != Some(&false) {
            continue;
        }
        match &conjunct.formula {
            Formula::Two(link)
                if link.operator == PathOperator::Same && link.quantifier == Quantifier::Some =>
            {
                match (bound(frame, link.left), bound(frame, link.right)) {
                    (Some(_), None) if is_open(link.right) => {
                        offer(COST_OF_LINK, Step::Link(number, link, link.right));
                    }
                    (None, Some(_)) if is_open(link.left) => {
                        offer(COST_OF_LINK, Step::Link(number, link, link.left));
                    }
                    _ => {}
                }
            }
            Formula::Call(call) => {
                let is_some_known = call.arguments.iter().any(|argument| match argument {
                    Argument::Variable(slot) => bound(frame, *slot).is_some(),
                    Argument::Record(_) => true,
                });
                let binds_here =
                    call.variables().all(|slot| bound(frame, slot).is_some() || is_open(slot));
                if binds_here {
                    let cost = if is_some_known { COST_OF_BOUND_CALL } else { COST_OF_FREE_CALL };
                    offer(cost, Step::Call(number, call));
                }
            }
            _ => {}
        }
    }
    best.map(|(_, step)| step)
}
