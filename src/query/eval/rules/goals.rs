//! Goals of rules that depend on each other: what is derived for each, who waits for it, and what is to be done.

use crate::query::eval::Hasher;
use crate::query::eval::solve::Suspended;
use crate::query::eval::table::{Table, Tuples};
use crate::query::formula::RuleId;
use crate::time::Truth;
use hashbrown::{HashMap, HashSet};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// A goal, by its place in the run.
pub(super) type GoalId = usize;

/// A rule asked with these arguments known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Goal {
    pub rule: RuleId,
    pub arguments: Vec<Option<u32>>,
}

/// What is derived for a goal, and who waits for it.
pub(super) struct Progress {
    pub goal: Goal,
    pub table: Table,
    /// The answers as they came, by their places; one that became truer comes twice.
    pub log: Vec<u32>,
    pub waiting: Vec<Waiter>,
    /// Goals that were judged by what was derived so far.
    pub dependents: HashSet<GoalId, Hasher>,
    /// How much of the log these were judged anew for.
    pub announced: usize,
    /// How often it was derived anew: searches that were put off before that are of no use any more.
    pub round: u32,
    pub is_to_derive: bool,
    pub is_to_feed: bool,
}

/// A search that was put off.
pub(super) struct Waiter {
    /// For which goal it searches, and by which way.
    pub head: GoalId,
    pub round: u32,
    pub way: usize,
    pub search: Suspended,
    /// How much of the log it has seen.
    pub read: usize,
}

pub(super) enum Task {
    Derive(GoalId),
    Feed(GoalId),
}

/// The goals of rules that depend on each other.
#[derive(Default)]
pub(super) struct Run {
    pub component: Vec<RuleId>,
    pub goals: RefCell<Vec<Progress>>,
    pub by_goal: RefCell<HashMap<Goal, GoalId, Hasher>>,
    pub tasks: RefCell<VecDeque<Task>>,
    /// The goal that is being derived.
    pub current: Cell<Option<GoalId>>,
    pub is_running: Cell<bool>,
    /// Some way asks its own rules within a condition on one variable, whose judgement is remembered elsewhere.
    pub has_hidden_calls: bool,
    pub has_more: Cell<bool>,
    /// How many tuples were derived for all goals.
    pub derived: Cell<usize>,
}

impl Run {
    /// Tells whether its goals are being derived.
    pub(super) fn is_running(&self) -> bool {
        self.is_running.get()
    }

    pub(super) fn goal(&self, rule: RuleId, arguments: Vec<Option<u32>>) -> GoalId {
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

    pub(super) fn add(&self, id: GoalId, tuple: &[u32], truth: Truth) {
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
    pub(super) fn again(&self, ids: impl IntoIterator<Item = GoalId>) {
        let mut goals = self.goals.borrow_mut();
        for id in ids {
            let Some(progress) = goals.get_mut(id) else { continue };
            if !std::mem::replace(&mut progress.is_to_derive, true) {
                self.tasks.borrow_mut().push_back(Task::Derive(id));
            }
        }
    }

    pub(super) fn matching(&self, id: GoalId, arguments: &[Option<u32>]) -> Rc<Tuples> {
        let mut goals = self.goals.borrow_mut();
        goals.get_mut(id).map(|progress| progress.table.matching(arguments)).unwrap_or_default()
    }

    /// Returns the goals that were judged by less than there is now.
    pub(super) fn unannounced(&self, id: GoalId) -> Vec<GoalId> {
        let mut goals = self.goals.borrow_mut();
        let Some(progress) = goals.get_mut(id) else { return Vec::new() };
        if progress.announced == progress.log.len() {
            return Vec::new();
        }
        progress.announced = progress.log.len();
        progress.dependents.iter().copied().collect()
    }

    /// Drops what waits in vain, and tells how many wait.
    pub(super) fn awaited(&self, id: GoalId) -> usize {
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
    pub(super) fn unread(
        &self,
        id: GoalId,
        number: usize,
    ) -> Option<(GoalId, usize, Suspended, Tuples)> {
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
