//! Rules derived: on demand where they do not recur, else by what their recursion is like.
//!
//! Where a rule only goes on (`shape`), it is walked from what is known (`walk`), or searched as a graph (`graph`)
//! where it is asked often or as a whole. All other recursion is derived goal by goal (`demand`).

mod demand;
mod goals;
mod graph;
mod shape;
mod walk;

use super::memo::Memo;
use super::solve::{Frame, bound, first_of, frame_for};
use super::table::{Table, Tuples};
use super::{Evaluator, Hasher};
use crate::index::IndexError;
use crate::query::formula::{Argument, Call, Rule, RuleId, Scope};
use crate::time::Truth;
use graph::{Graph, Marks};
use hashbrown::{HashMap, HashSet};
use shape::{Pattern, Tail, tail};
use std::cell::RefCell;
use std::rc::Rc;

/// After so many walks, the graph is made of which they are a part.
const MOST_WALKS: usize = 64;
/// So many parameters are tried for one from which a rule is searched as a whole.
const MOST_PARAMETERS: usize = 8;

/// What recurring rules derive, as far as it was asked for.
#[derive(Default)]
pub(super) struct Derived {
    /// By the arguments that are known.
    tables: ByKey<Rc<RefCell<Table>>>,
    tails: ByPattern<Option<Rc<Tail>>>,
    walks: ByPattern<usize>,
    graphs: Memo<(RuleId, Pattern), RefCell<(Graph, Marks)>>,
    runs: RefCell<HashMap<RuleId, Rc<goals::Run>, Hasher>>,
    /// Parts of scopes that were solved: what is remembered of a scope goes by its place in memory.
    pub(super) kept: RefCell<Vec<Rc<Scope>>>,
    /// What was told of derivations.
    pub(super) told: RefCell<HashSet<(RuleId, Vec<u32>), Hasher>>,
}

type ByPattern<T> = RefCell<HashMap<(RuleId, Pattern), T, Hasher>>;
type ByKey<T> = RefCell<HashMap<(RuleId, Vec<Option<u32>>), T, Hasher>>;

impl Evaluator<'_> {
    /// Looks that so many tuples are no more than memory is sure to hold.
    pub(super) fn bounded(&self, tuples: usize) -> Result<(), IndexError> {
        let most = self.allowance.bounds.tuples;
        if tuples <= most {
            return Ok(());
        }
        let what =
            format!("a rule or `find` gives over {most} rows on the way, and that is the most");
        Err(IndexError::TooMany { what })
    }

    /// Returns how surely a rule derives the arguments, all of which are bound.
    pub(super) fn call_truth(&self, call: &Call, frame: &Frame) -> Result<Truth, IndexError> {
        let arguments = argument_values(call, frame);
        let Some(rule) = self.program.rule(call.rule) else { return Ok(Truth::No) };
        if !rule.component.is_empty() {
            let Some(tuple) = first_of(&arguments, arguments.len()) else { return Ok(Truth::No) };
            return match self.table(call, rule, &arguments)? {
                Answers::Table(table) => Ok(table.borrow_mut().truth_of(&tuple)),
                Answers::Tuples(tuples) => {
                    let same = tuples.iter().filter(|(each, _)| *each == tuple.as_slice());
                    Ok(same.map(|(_, truth)| truth).max().unwrap_or(Truth::No))
                }
            };
        }
        let mut best = Truth::No;
        for way in &rule.ways {
            if best == Truth::Certain {
                break;
            }
            best = best.max(self.best(way, &mut frame_for(way.slots, &arguments))?);
        }
        Ok(best)
    }

    /// Returns what a rule derives that fits the arguments that are bound.
    pub(super) fn call_rows(&self, call: &Call, frame: &Frame) -> Result<Rc<Tuples>, IndexError> {
        let arguments = argument_values(call, frame);
        let width = arguments.len();
        let Some(rule) = self.program.rule(call.rule) else { return Ok(Rc::default()) };
        if !rule.component.is_empty() {
            return Ok(match self.table(call, rule, &arguments)? {
                Answers::Table(table) => table.borrow_mut().matching(&arguments),
                Answers::Tuples(tuples) => tuples,
            });
        }
        self.solutions(&rule.ways, &arguments, width)
    }

    /// Counts what a rule derives, certain and possible, where that takes no list of it; nothing where it does.
    pub(super) fn call_count(&self, call: &Call) -> Result<Option<(u64, u64)>, IndexError> {
        let Some(rule) = self.program.rule(call.rule) else { return Ok(None) };
        let whole = (call.rule, vec![None; rule.parameters.len()]);
        if rule.component.is_empty() || self.derived.tables.borrow().contains_key(&whole) {
            return Ok(None);
        }
        let Some((pattern, tail)) = self.best_tail(call.rule, rule) else { return Ok(None) };
        let graph = self.graph_of(call.rule, pattern, &tail)?;
        let counts = graph.borrow().0.count(&|_| self.step())?;
        Ok(Some(counts))
    }

    /// Derives what a recurring rule is asked for, and perhaps more.
    fn table(
        &self,
        call: &Call,
        rule: &Rule,
        arguments: &[Option<u32>],
    ) -> Result<Answers, IndexError> {
        let run = self.run_of(&rule.component);
        if run.is_running() {
            // Part of its own derivation, in a condition that is judged at once.
            let found = self.demanded(&run, call.rule, arguments.to_vec())?;
            return Ok(Answers::Tuples(found));
        }
        let whole = (call.rule, vec![None; arguments.len()]);
        if let Some(known) = self.derived.tables.borrow().get(&whole) {
            return Ok(Answers::Table(Rc::clone(known)));
        }
        let pattern = self.best_pattern(call, rule, arguments);
        let key = (call.rule, pattern.keep(arguments));
        if let Some(known) = self.derived.tables.borrow().get(&key) {
            return Ok(Answers::Table(Rc::clone(known)));
        }
        let table = match self.tail_of(call.rule, pattern) {
            Some(tail) => self.walked(call.rule, pattern, &tail, &key.1)?,
            None if pattern == Pattern::FREE => self.whole(call.rule, rule)?,
            None => {
                let tuples = self.demanded(&run, call.rule, key.1.clone())?;
                return Ok(Answers::Table(Rc::new(RefCell::new(Table::of_shared(tuples)))));
            }
        };
        let table = Rc::new(RefCell::new(table));
        self.derived.tables.borrow_mut().insert(key, Rc::clone(&table));
        Ok(Answers::Table(table))
    }

    /// Returns which of the known arguments to begin with.
    ///
    /// A record that is named stays the same from row to row, so that what is derived for it serves all of them.
    fn best_pattern(&self, call: &Call, rule: &Rule, arguments: &[Option<u32>]) -> Pattern {
        let known = Pattern::of(arguments);
        let is_named = |place: &usize| {
            matches!(call.arguments.get(*place), Some(Argument::Record(_))) && known.has(*place)
        };
        let (named, others): (Vec<usize>, Vec<usize>) = (0..arguments.len())
            .filter(|place| known.has(*place))
            .partition(|place| is_named(place));
        let single = named.into_iter().chain(others).find(|place| {
            let slot = crate::query::terms::Slot(u32::try_from(*place).unwrap_or(u32::MAX));
            rule.handed_on.contains(&slot)
                || self.tail_of(call.rule, Pattern::only(*place)).is_some()
        });
        single.map_or(known, Pattern::only)
    }

    /// Returns how to walk a rule; nothing where nothing is known or its recursion does more than go on.
    fn tail_of(&self, rule: RuleId, pattern: Pattern) -> Option<Rc<Tail>> {
        if pattern == Pattern::FREE {
            return None;
        }
        let mut tails = self.derived.tails.borrow_mut();
        let entry = tails.entry((rule, pattern));
        entry.or_insert_with(|| tail(&self.program, rule, pattern).map(Rc::new)).clone()
    }

    fn walked(
        &self,
        rule: RuleId,
        pattern: Pattern,
        tail: &Tail,
        known: &[Option<u32>],
    ) -> Result<Table, IndexError> {
        let count = {
            let mut walks = self.derived.walks.borrow_mut();
            let count = walks.entry((rule, pattern)).or_insert(0);
            *count += 1;
            *count
        };
        if count <= MOST_WALKS {
            return self.walk_from(tail, known);
        }
        let graph = self.graph_of(rule, pattern, tail)?;
        let (graph, marks) = &mut *graph.borrow_mut();
        Ok(graph.from(tail, known, marks))
    }

    fn graph_of(
        &self,
        rule: RuleId,
        pattern: Pattern,
        tail: &Tail,
    ) -> Result<Rc<RefCell<(Graph, Marks)>>, IndexError> {
        self.derived
            .graphs
            .get_or((rule, pattern), || Ok(RefCell::new((self.graph(tail)?, Marks::default()))))
    }

    /// Returns the parameter from which all of a rule is searched, and how; nothing where there is none.
    fn best_tail(&self, id: RuleId, rule: &Rule) -> Option<(Pattern, Rc<Tail>)> {
        let width = rule.parameters.len();
        let mut patterns = (0..width.min(MOST_PARAMETERS)).map(Pattern::only);
        patterns.find_map(|pattern| Some((pattern, self.tail_of(id, pattern)?)))
    }

    /// Derives all of a rule.
    fn whole(&self, id: RuleId, rule: &Rule) -> Result<Table, IndexError> {
        let width = rule.parameters.len();
        if let Some((pattern, tail)) = self.best_tail(id, rule) {
            let graph = self.graph_of(id, pattern, &tail)?;
            let closure = graph.borrow().0.closure(&tail, &|tuples| self.bounded(tuples))?;
            return Ok(Table::of_distinct(closure));
        }
        let run = self.run_of(&rule.component);
        Ok(Table::of_shared(self.demanded(&run, id, vec![None; width])?))
    }
}

/// What a rule derives for known arguments.
enum Answers {
    /// And perhaps for others.
    Table(Rc<RefCell<Table>>),
    /// Only for them.
    Tuples(Rc<Tuples>),
}

/// Returns the arguments of a call, as far as they are bound.
pub(in crate::query::eval) fn argument_values(call: &Call, frame: &Frame) -> Vec<Option<u32>> {
    call.arguments.iter().map(|argument| argument_value(*argument, frame)).collect()
}

fn argument_value(argument: Argument, frame: &Frame) -> Option<u32> {
    match argument {
        Argument::Variable(slot) => bound(frame, slot),
        Argument::Record(entity) => Some(entity.0),
    }
}
