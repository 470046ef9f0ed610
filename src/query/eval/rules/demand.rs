//! Recurring rules derived on demand: what is asked for is a goal, and each goal that it asks for in turn another.
//!
//! A search that comes to a goal is put off and goes on with each of its answers, as they come; so a goal is derived
//! once, and no answer is combined twice with the same search. What a recurring rule is asked within a condition
//! that must be judged at once is judged by what is derived so far, and anew when there is more.

use super::argument_values;
use super::goals::{GoalId, Run, Task, Waiter};
use crate::index::IndexError;
use crate::query::calls::hidden_calls;
use crate::query::eval::Evaluator;
use crate::query::eval::solve::{Frame, Mode, Suspended, Waiting, first_of, frame_for};
use crate::query::eval::table::Tuples;
use crate::query::formula::{Formula, RuleId, Scope};
use crate::time::Truth;
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;

impl Evaluator<'_> {
    /// Returns the goals of the rules that depend on each other with one.
    pub(super) fn run_of(&self, component: &[RuleId]) -> Rc<Run> {
        let mut runs = self.derived.runs.borrow_mut();
        let key = component.iter().min().copied().unwrap_or(RuleId(0));
        let run = runs.entry(key).or_insert_with(|| {
            let ways =
                component.iter().filter_map(|id| self.program.rule(*id)).flat_map(|r| &r.ways);
            let mut has_hidden_calls = false;
            for conjunct in ways.flat_map(|way| &way.conjuncts) {
                hidden_calls(&conjunct.formula, &mut |call, _| {
                    has_hidden_calls |= component.contains(&call.rule);
                });
            }
            Rc::new(Run { component: component.to_vec(), has_hidden_calls, ..Run::default() })
        });
        Rc::clone(run)
    }

    /// Returns what a recurring rule derives for known arguments: all, or so far where it is being derived.
    pub(super) fn demanded(
        &self,
        run: &Run,
        rule: RuleId,
        arguments: Vec<Option<u32>>,
    ) -> Result<Rc<Tuples>, IndexError> {
        let id = run.goal(rule, arguments.clone());
        if run.is_running.get() {
            if let (Some(head), Some(progress)) =
                (run.current.get(), run.goals.borrow_mut().get_mut(id))
            {
                progress.dependents.insert(head);
            }
        } else {
            run.is_running.set(true);
            let outcome = self.run(run);
            run.is_running.set(false);
            outcome?;
        }
        Ok(run.matching(id, &arguments))
    }

    fn run(&self, run: &Run) -> Result<(), IndexError> {
        loop {
            let task = run.tasks.borrow_mut().pop_front();
            match task {
                Some(Task::Derive(id)) => self.derive(run, id)?,
                Some(Task::Feed(id)) => self.feed(run, id)?,
                // What was remembered of conditions was judged by less than there is now.
                None if run.has_hidden_calls && run.has_more.replace(false) => {
                    self.forget_conditions();
                    let count = run.goals.borrow().len();
                    run.again(0..count);
                }
                None => return Ok(()),
            }
        }
    }

    /// Searches every way to derive a goal.
    fn derive(&self, run: &Run, id: GoalId) -> Result<(), IndexError> {
        let goal = run.goals.borrow_mut().get_mut(id).map(|progress| {
            progress.is_to_derive = false;
            progress.round += 1;
            progress.goal.clone()
        });
        let Some(goal) = goal else { return Ok(()) };
        let Some(rule) = self.program.rule(goal.rule) else { return Ok(()) };
        for (number, way) in rule.ways.iter().enumerate() {
            self.advance(run, id, number, &mut |waiting, emit| {
                let mut frame = frame_for(way.slots, &goal.arguments);
                self.solve(way, &mut frame, Mode::PuttingOff(waiting), emit)
            })?;
        }
        Ok(())
    }

    /// Lets all that wait for a goal go on with its new answers.
    fn feed(&self, run: &Run, id: GoalId) -> Result<(), IndexError> {
        for number in 0..run.awaited(id) {
            let Some((head, place, search, tuples)) = run.unread(id, number) else { continue };
            let rule = run.goals.borrow().get(head).map(|progress| progress.goal.rule);
            let rule = rule.and_then(|rule| self.program.rule(rule));
            let Some(way) = rule.and_then(|rule| rule.ways.get(place)) else { continue };
            let mut search = Some(search);
            self.advance(run, head, place, &mut |waiting, emit| match search.take() {
                Some(search) => self.resume(way, search, &tuples, waiting, emit),
                None => Ok(ControlFlow::Continue(())),
            })?;
        }
        let dependents = run.unannounced(id);
        run.again(dependents);
        Ok(())
    }

    /// Runs a search for a goal: what it finds is derived, and what it puts off waits for other goals.
    fn advance(
        &self,
        run: &Run,
        id: GoalId,
        way: usize,
        search: &mut Searching<'_>,
    ) -> Result<(), IndexError> {
        let waiting = Waiting { component: &run.component, suspended: RefCell::default() };
        let outer = run.current.replace(Some(id));
        let width = run.goals.borrow().get(id).map_or(0, |progress| progress.goal.arguments.len());
        let flow = search(&waiting, &mut |frame: &Frame, truth: Truth| {
            if let Some(tuple) = first_of(frame, width) {
                run.add(id, &tuple, truth);
                self.bounded(run.derived.get())?;
            }
            Ok(ControlFlow::Continue(()))
        });
        run.current.set(outer);
        let _ = flow?;
        let rule = run.goals.borrow().get(id).map(|progress| progress.goal.rule);
        let rule = rule.and_then(|rule| self.program.rule(rule));
        let Some(scope) = rule.and_then(|rule| rule.ways.get(way)) else { return Ok(()) };
        for search in waiting.suspended.into_inner() {
            self.wait(run, id, (way, scope), search);
        }
        Ok(())
    }

    fn wait(&self, run: &Run, head: GoalId, (way, scope): (usize, &Scope), search: Suspended) {
        let formula = scope.conjuncts.get(search.conjunct).map(|conjunct| &conjunct.formula);
        let Some(Formula::Call(call)) = formula else { return };
        let id = run.goal(call.rule, argument_values(call, &search.frame));
        let mut goals = run.goals.borrow_mut();
        let round = goals.get(head).map_or(0, |progress| progress.round);
        let Some(progress) = goals.get_mut(id) else { return };
        progress.waiting.push(Waiter { head, round, way, search, read: 0 });
        if !progress.log.is_empty() && !std::mem::replace(&mut progress.is_to_feed, true) {
            run.tasks.borrow_mut().push_back(Task::Feed(id));
        }
    }
}

/// A search that puts calls off, and hands what it finds on.
type Searching<'s> = dyn FnMut(
        &Waiting<'_>,
        &mut dyn FnMut(&Frame, Truth) -> Result<ControlFlow<()>, IndexError>,
    ) -> Result<ControlFlow<()>, IndexError>
    + 's;
