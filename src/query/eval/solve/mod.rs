//! Scopes solved: which records for the variables fulfil all conjuncts, and how surely.
//!
//! One variable after another is bound, each time by what leaves the fewest records to try: a link from a record
//! that is bound, a rule, or the variable's own domain, which has passed the conditions on it alone. A conjunct is
//! judged as soon as all that it speaks of is bound.

mod domains;
mod judge;
mod next;
mod rows;
mod tuples;

use super::table::Tuples;
use super::{Evaluator, Polarity};
use crate::index::IndexError;
use crate::query::formula::{Argument, Call, Formula, RuleId, Scope};
use crate::query::terms::Slot;
use crate::query::truth_set::TruthSet;
use crate::time::Truth;
use next::Step;
use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::rc::Rc;

use domains::Linked;
pub(super) use domains::Texts;
pub(super) use rows::Solution;

/// The records that variables stand for.
pub(super) type Frame = [Option<u32>];
/// Whether to look for more.
pub(super) type Flow = Result<ControlFlow<()>, IndexError>;
/// Takes a solution and how surely it is one.
type Emit<'e> = dyn FnMut(&Frame, Truth) -> Flow + 'e;

/// Calls that are put off until what they ask for is derived.
pub(super) struct Waiting<'w> {
    /// The rules of which nothing is known for sure yet.
    pub component: &'w [RuleId],
    /// Where the search goes on when it is.
    pub suspended: RefCell<Vec<Suspended>>,
}

/// A search that goes on with each tuple of a call.
#[derive(Clone, Debug)]
pub(super) struct Suspended {
    /// The call, by its place in the scope.
    pub conjunct: usize,
    /// Which conjuncts are judged.
    pub done: Vec<bool>,
    /// What is bound.
    pub frame: Vec<Option<u32>>,
    /// How surely the conjuncts judged hold.
    pub truth: Truth,
}

/// How far a search goes.
#[derive(Clone, Copy)]
pub(super) enum Mode<'m> {
    /// To its end.
    Whole,
    /// Only up to these calls.
    PuttingOff(&'m Waiting<'m>),
    /// Until so many records were tried.
    AtMost(&'m Cell<u32>),
}

struct Search<'s> {
    scope: &'s Scope,
    domains: Rc<Vec<TruthSet>>,
    mode: Mode<'s>,
}

impl Search<'_> {
    /// Returns where a conjunct waits that is a call which is put off.
    fn waiting(&self, formula: &Formula) -> Option<&Waiting<'_>> {
        match (self.mode, formula) {
            (Mode::PuttingOff(waiting), Formula::Call(call))
                if waiting.component.contains(&call.rule) =>
            {
                Some(waiting)
            }
            _ => None,
        }
    }

    /// Tells whether another record may be tried, and counts it.
    fn may_try(&self) -> bool {
        let Mode::AtMost(left) = self.mode else { return true };
        let may_try = left.get() > 0;
        left.set(left.get().saturating_sub(1));
        may_try
    }
}

impl Evaluator<'_> {
    /// Hands every solution to `emit`, some perhaps several times; what is bound in the frame stays.
    pub(super) fn solve(
        &self,
        scope: &Scope,
        frame: &mut Frame,
        mode: Mode<'_>,
        emit: &mut Emit<'_>,
    ) -> Flow {
        let domains = self.domains(scope)?;
        let mut truth = Truth::Certain;
        for (variable, domain) in scope.variables.iter().zip(domains.iter()) {
            if let Some(id) = bound(frame, variable.slot) {
                truth = truth.min(domain.truth_of(id));
            }
        }
        if truth == Truth::No {
            return Ok(ControlFlow::Continue(()));
        }
        // What the domains have judged is done.
        let mut done: Vec<bool> = scope
            .conjuncts
            .iter()
            .map(|conjunct| {
                matches!(&conjunct.formula, Formula::One { slot, .. } if scope.variable(*slot).is_some())
            })
            .collect();
        self.search(&Search { scope, domains, mode }, &mut done, frame, truth, emit)
    }

    /// Goes on with a search that was put off, with each of these tuples of its call.
    pub(super) fn resume(
        &self,
        scope: &Scope,
        suspended: Suspended,
        tuples: &Tuples,
        waiting: &Waiting<'_>,
        emit: &mut Emit<'_>,
    ) -> Flow {
        let Suspended { conjunct, mut done, mut frame, truth } = suspended;
        let formula = scope.conjuncts.get(conjunct).map(|conjunct| &conjunct.formula);
        let Some(Formula::Call(call)) = formula else { return Ok(ControlFlow::Continue(())) };
        let domains = self.domains(scope)?;
        let search = Search { scope, domains, mode: Mode::PuttingOff(waiting) };
        self.each_tuple(&search, &mut done, &mut frame, truth, emit, (conjunct, call, tuples))
    }

    fn search(
        &self,
        search: &Search<'_>,
        done: &mut Vec<bool>,
        frame: &mut Frame,
        truth: Truth,
        emit: &mut Emit<'_>,
    ) -> Flow {
        self.step()?;
        let mut truth = truth;
        let mut judged = Vec::new();
        for (number, conjunct) in search.scope.conjuncts.iter().enumerate() {
            let is_ready = conjunct.free.iter().all(|slot| bound(frame, *slot).is_some());
            let is_open = done.get(number) == Some(&false);
            if !is_ready || !is_open || search.waiting(&conjunct.formula).is_some() {
                continue;
            }
            truth = truth.min(self.judge(&conjunct.formula, frame, Polarity::Plain)?);
            set(done, number, true);
            judged.push(number);
            if truth == Truth::No {
                break;
            }
        }
        let flow = match truth {
            Truth::No => Ok(ControlFlow::Continue(())),
            _ => self.extend(search, done, frame, truth, emit),
        };
        judged.into_iter().for_each(|number| set(done, number, false));
        flow
    }

    /// Binds the next variables and goes on with each choice.
    fn extend(
        &self,
        search: &Search<'_>,
        done: &mut Vec<bool>,
        frame: &mut Frame,
        truth: Truth,
        emit: &mut Emit<'_>,
    ) -> Flow {
        match next::next_step(search, done, frame) {
            None => emit(frame, truth),
            Some(Step::Call(number, call)) => {
                let formula = search.scope.conjuncts.get(number).map(|each| &each.formula);
                if let Some(waiting) = formula.and_then(|formula| search.waiting(formula)) {
                    waiting.suspended.borrow_mut().push(Suspended {
                        conjunct: number,
                        done: done.clone(),
                        frame: frame.to_vec(),
                        truth,
                    });
                    return Ok(ControlFlow::Continue(()));
                }
                let tuples = self.call_rows(call, frame)?;
                self.each_tuple(search, done, frame, truth, emit, (number, call, &tuples))
            }
            Some(Step::Link(number, link, slot)) => {
                let Some(domain) = domain_of(search, slot) else {
                    return Ok(ControlFlow::Continue(()));
                };
                let Linked { records, is_judged } = self.linked(link, slot, frame, domain)?;
                set(done, number, is_judged);
                let flow = self.each_choice(search, done, frame, truth, emit, (slot, &records));
                set(done, number, false);
                flow
            }
            Some(Step::Scan(slot)) => {
                let Some(domain) = domain_of(search, slot) else {
                    return Ok(ControlFlow::Continue(()));
                };
                self.each_choice(search, done, frame, truth, emit, (slot, domain))
            }
        }
    }

    fn each_choice(
        &self,
        search: &Search<'_>,
        done: &mut Vec<bool>,
        frame: &mut Frame,
        truth: Truth,
        emit: &mut Emit<'_>,
        (slot, candidates): (Slot, &TruthSet),
    ) -> Flow {
        let Some(domain) = domain_of(search, slot) else { return Ok(ControlFlow::Continue(())) };
        for id in candidates.possible.iter() {
            let truth = truth.min(candidates.truth_of(id)).min(domain.truth_of(id));
            if truth == Truth::No {
                continue;
            }
            if !search.may_try() {
                return Ok(ControlFlow::Break(()));
            }
            bind(frame, slot, Some(id));
            let flow = self.search(search, done, frame, truth, emit);
            bind(frame, slot, None);
            if flow?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn each_tuple(
        &self,
        search: &Search<'_>,
        done: &mut Vec<bool>,
        frame: &mut Frame,
        truth: Truth,
        emit: &mut Emit<'_>,
        (number, call, tuples): (usize, &Call, &Tuples),
    ) -> Flow {
        set(done, number, true);
        let mut flow = Ok(ControlFlow::Continue(()));
        for (tuple, derived) in tuples.iter() {
            let mut truth = truth.min(derived);
            let mut newly = Vec::new();
            for (argument, value) in call.arguments.iter().zip(tuple) {
                let fits = match argument {
                    Argument::Record(entity) => entity.0 == *value,
                    Argument::Variable(slot) => match bound(frame, *slot) {
                        Some(known) => known == *value,
                        None => {
                            let domain = domain_of(search, *slot);
                            truth = truth
                                .min(domain.map_or(Truth::No, |domain| domain.truth_of(*value)));
                            bind(frame, *slot, Some(*value));
                            newly.push(*slot);
                            true
                        }
                    },
                };
                if !fits {
                    truth = Truth::No;
                }
                if truth == Truth::No {
                    break;
                }
            }
            if truth > Truth::No {
                flow = self.search(search, done, frame, truth, emit);
            }
            newly.into_iter().for_each(|slot| bind(frame, slot, None));
            if !matches!(flow, Ok(ControlFlow::Continue(()))) {
                break;
            }
        }
        set(done, number, false);
        flow
    }
}

/// Returns the first records of a frame, where all are bound.
pub(super) fn first_of(frame: &Frame, width: usize) -> Option<Vec<u32>> {
    frame.get(..width)?.iter().copied().collect()
}

/// Returns what a variable stands for.
pub(super) fn bound(frame: &Frame, slot: Slot) -> Option<u32> {
    frame.get(slot.index()).copied().flatten()
}

/// Returns a frame of which the first variables are these.
pub(super) fn frame_for(slots: u32, known: &Frame) -> Vec<Option<u32>> {
    let mut frame = vec![None; (slots as usize).max(known.len())];
    for (place, value) in frame.iter_mut().zip(known) {
        *place = *value;
    }
    frame
}

fn bind(frame: &mut Frame, slot: Slot, id: Option<u32>) {
    if let Some(place) = frame.get_mut(slot.index()) {
        *place = id;
    }
}

fn set(done: &mut [bool], number: usize, is_done: bool) {
    if let Some(place) = done.get_mut(number) {
        *place = is_done;
    }
}

fn domain_of<'s>(search: &'s Search<'_>, slot: Slot) -> Option<&'s TruthSet> {
    let place = search.scope.variables.iter().position(|variable| variable.slot == slot)?;
    search.domains.get(place)
}
