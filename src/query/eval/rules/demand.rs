//! Recurring rules derived on demand: what is asked for is a goal, and each goal that it asks for in turn another.
//!
//! A search that comes to a goal is put off and goes on with each of its answers, as they come; so a goal is derived
//! once, and no answer is combined twice with the same search. What a recurring rule is asked within a condition
//! that must be judged at once is judged by what is derived so far, and anew when there is more.

use super::{argument_values, frame_for};
use crate::index::IndexError;
use crate::query::calls::hidden_calls;
use crate::query::eval::solve::{Frame, Mode, Suspended, Waiting, first_of};
use crate::query::eval::table::{Table, Tuples};
use crate::query::eval::{Evaluator, Hasher};
use crate::query::formula::{Formula, RuleId, Scope};
use crate::time::Truth;
use hashbrown::{HashMap, HashSet};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::rc::Rc;

/// A goal, by its place in the run.
type GoalId = usize;

/// A rule asked with these arguments known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Goal {
    rule: RuleId,
    arguments: Vec<Option<u32>>,
}

/// What is derived for a goal, and who waits for it.
struct Progress {
    goal: Goal,
    table: Table,
    /// The answers as they came, by their places; one that became truer comes twice.
    log: Vec<u32>,
    waiting: Vec<Waiter>,
    /// Goals that were judged by what was derived so far.
    dependents: HashSet<GoalId, Hasher>,
    /// How much of the log these were judged anew for.
    announced: usize,
    /// How often it was derived anew: searches that were put off before that are of no use any more.
    round: u32,
    is_to_derive: bool,
    is_to_feed: bool,
}

/// A search that was put off.
struct Waiter {
    /// For which goal it searches, and by which way.
    head: GoalId,
    round: u32,
    way: usize,
    search: Suspended,
    /// How much of the log it has seen.
    read: usize,
}

enum Task {
    Derive(GoalId),
    Feed(GoalId),
}

/// The goals of rules that depend on each other.
#[derive(Default)]
pub(super) struct Run {
    component: Vec<RuleId>,
    goals: RefCell<Vec<Progress>>,
    by_goal: RefCell<HashMap<Goal, GoalId, Hasher>>,
    tasks: RefCell<VecDeque<Task>>,
    /// The goal that is being derived.
    current: Cell<Option<GoalId>>,
    is_running: Cell<bool>,
    /// Some way asks its own rules within a condition on one variable, whose judgement is remembered elsewhere.
    has_hidden_calls: bool,
    has_more: Cell<bool>,
    /// How many tuples were derived for all goals.
    derived: Cell<usize>,
}

impl Run {
    /// Tells whether its goals are being derived.
    pub(super) fn is_running(&self) -> bool {
        self.is_running.get()
    }

    fn goal(&self, rule: RuleId, arguments: Vec<Option<u32>>) -> GoalId {
        let goal = Goal { rule, arguments };
        if let Some(known) = self.by_goal.borrow().get(&goal) {
            return *known;
        }
        let mut goals = self.goals.borrow_mut();
        let id = goals.len();
        goals.push(Progress {
            table: Table::new(goal.arguments.len()),
            goal: goal.clone(),
            log: Vec::new(),
            waiting: Vec::new(),
            dependents: HashSet::default(),
            announced: 0,
            round: 0,
            is_to_derive: true,
            is_to_feed: false,
        });
        self.by_goal.borrow_mut().insert(goal, id);
        self.tasks.borrow_mut().push_back(Task::Derive(id));
        id
    }

    fn add(&self, id: GoalId, tuple: &[u32], truth: Truth) {
        let mut goals = self.goals.borrow_mut();
        let Some(progress) = goals.get_mut(id) else { return };
        let is_new = progress.table.truth_of(tuple) < truth;
        if is_new {
            let place = progress.table.add(tuple, truth);
            progress.log.push(place);
            self.derived.set(self.derived.get() + 1);
            self.has_more.set(true);
            let is_awaited = !progress.waiting.is_empty() || !progress.dependents.is_empty();
            if is_awaited && !std::mem::replace(&mut progress.is_to_feed, true) {
                self.tasks.borrow_mut().push_back(Task::Feed(id));
            }
        }
    }

    /// Has goals derived anew.
    fn again(&self, ids: impl IntoIterator<Item = GoalId>) {
        let mut goals = self.goals.borrow_mut();
        for id in ids {
            let Some(progress) = goals.get_mut(id) else { continue };
            if !std::mem::replace(&mut progress.is_to_derive, true) {
                self.tasks.borrow_mut().push_back(Task::Derive(id));
            }
        }
    }

    fn matching(&self, id: GoalId, arguments: &[Option<u32>]) -> Rc<Tuples> {
        let mut goals = self.goals.borrow_mut();
        goals.get_mut(id).map(|progress| progress.table.matching(arguments)).unwrap_or_default()
    }

    /// Returns the goals that were judged by less than there is now.
    fn unannounced(&self, id: GoalId) -> Vec<GoalId> {
        let mut goals = self.goals.borrow_mut();
        let Some(progress) = goals.get_mut(id) else { return Vec::new() };
        if progress.announced == progress.log.len() {
            return Vec::new();
        }
        progress.announced = progress.log.len();
        progress.dependents.iter().copied().collect()
    }

    /// Drops what waits in vain, and tells how many wait.
    fn awaited(&self, id: GoalId) -> usize {
        let mut goals = self.goals.borrow_mut();
        let Some(progress) = goals.get_mut(id) else { return 0 };
        progress.is_to_feed = false;
        let mut waiting = std::mem::take(&mut progress.waiting);
        waiting
            .retain(|waiter| goals.get(waiter.head).is_some_and(|head| head.round == waiter.round));
        let count = waiting.len();
        if let Some(progress) = goals.get_mut(id) {
            progress.waiting = waiting;
        }
        count
    }

    /// Takes what a waiter has not seen yet; nothing where it has seen all.
    fn unread(&self, id: GoalId, number: usize) -> Option<(GoalId, usize, Suspended, Tuples)> {
        let mut goals = self.goals.borrow_mut();
        let Progress { log, waiting, table, .. } = goals.get_mut(id)?;
        let waiter = waiting.get_mut(number)?;
        let unread = log.get(waiter.read..).filter(|unread| !unread.is_empty())?;
        let known = table.all();
        let mut tuples = Tuples::new(known.width());
        for place in unread {
            tuples.push(known.get(*place as usize), known.truth(*place as usize));
        }
        waiter.read = log.len();
        Some((waiter.head, waiter.way, waiter.search.clone(), tuples))
    }
}

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
