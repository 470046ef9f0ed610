//! Rules whose recursion only goes on: each way to derive them asks at most one recurring rule, for the very values
//! that it is to find.
//!
//! Then what is derived for known arguments is found by walking from them, step by step, and looking at each place
//! what ends there: a search of a graph, not a table of all that lies between. Mutual recursion is walked likewise.

use crate::model::RelationId;
use crate::query::calls::calls_within;
use crate::query::formula::{Argument, Call, Formula, Program, Rule, RuleId, Scope, Sign};
use crate::query::terms::Slot;

/// More kinds of places than this are not worth a plan of their own.
const MOST_STATES: usize = 64;

/// Which parameters are known: one bit each. Those beyond the sixty-fourth are never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pattern(u64);

impl Pattern {
    /// None is known.
    pub(super) const FREE: Pattern = Pattern(0);

    /// Only this one is known.
    pub(super) fn only(place: usize) -> Pattern {
        Pattern(u32::try_from(place).ok().and_then(|place| 1u64.checked_shl(place)).unwrap_or(0))
    }

    /// Those are known that have a value.
    pub(super) fn of(arguments: &[Option<u32>]) -> Pattern {
        let known = arguments.iter().enumerate().filter(|(_, value)| value.is_some());
        Pattern(known.fold(0, |bits, (place, _)| bits | Pattern::only(place).0))
    }

    /// Tells whether a parameter is known.
    pub(super) fn has(self, place: usize) -> bool {
        self.0 & Pattern::only(place).0 != 0
    }

    /// Keeps the values of what is known.
    pub(super) fn keep(self, arguments: &[Option<u32>]) -> Vec<Option<u32>> {
        let each = arguments.iter().enumerate();
        each.map(|(place, value)| value.filter(|_| self.has(place))).collect()
    }
}

/// How a rule is walked of which some arguments are known.
#[derive(Debug)]
pub(super) struct Tail {
    /// The kinds of places; the walk begins in the first.
    pub states: Vec<State>,
}

/// A rule asked for certain of its parameters.
#[derive(Debug)]
pub(super) struct State {
    /// The rule.
    pub rule: RuleId,
    /// The parameters that are known, in order.
    pub bound: Vec<usize>,
    /// The parameters that are sought, each standing for the one of the first state in the same place.
    pub free: Vec<usize>,
    /// The ways that do not recur: what they find is derived.
    pub exits: Vec<usize>,
    /// The ways that go on.
    pub hops: Vec<Hop>,
}

/// A way that goes on to another place.
#[derive(Debug)]
pub(super) struct Hop {
    /// All that must hold beside the call, without the variables that are sought.
    pub scope: Scope,
    /// The kind of the next place.
    pub to: usize,
    /// Its known values.
    pub arguments: Vec<Argument>,
}

/// Returns how to walk a rule; nothing where its recursion does more than go on.
pub(super) fn tail(program: &Program, rule: RuleId, pattern: Pattern) -> Option<Tail> {
    let first = program.rule(rule)?;
    let component = first.component.as_slice();
    let free = (0..first.parameters.len()).filter(|place| !pattern.has(*place)).collect();
    let mut states = vec![state(first, rule, free)];
    let mut doubles = false;
    let mut next = 0;
    while next < states.len() {
        let (id, free) = states.get(next).map(|state| (state.rule, state.free.clone()))?;
        let rule = program.rule(id)?;
        for (number, way) in rule.ways.iter().enumerate() {
            if !way.conjuncts.iter().any(|each| recurs(&each.formula, component)) {
                states.get_mut(next)?.exits.push(number);
                continue;
            }
            if next == 0 && joins_itself(first, id, way) {
                doubles = true;
                continue;
            }
            let (call, scope) = going_on(way, component, &free)?;
            let callee = program.rule(call.rule)?;
            let sought = handed_through(rule, callee, call, &free)?;
            let known = |state: &State| state.rule == call.rule && state.free == sought;
            let to = match states.iter().position(known) {
                Some(to) => to,
                None if states.len() < MOST_STATES => {
                    states.push(state(callee, call.rule, sought));
                    states.len() - 1
                }
                None => return None,
            };
            let bound = &states.get(to)?.bound;
            let arguments = bound.iter().filter_map(|place| call.arguments.get(*place).copied());
            let arguments = arguments.collect();
            states.get_mut(next)?.hops.push(Hop { scope, to, arguments });
        }
        next += 1;
    }
    if doubles {
        let first_state = states.first_mut()?;
        let [sought] = first_state.free.as_slice() else { return None };
        let end = Argument::Variable(Slot(u32::try_from(*sought).ok()?));
        // What ends somewhere may begin there anew.
        let ways = first_state.exits.iter().filter_map(|number| first.ways.get(*number));
        let again = ways.map(|way| Hop { scope: way.clone(), to: 0, arguments: vec![end] });
        let again: Vec<Hop> = again.collect();
        first_state.hops.extend(again);
    }
    Some(Tail { states })
}

/// Tells whether a way joins a rule of two parameters to itself, end to beginning: `r(a, m) and r(m, b)`.
///
/// All that follows is then a chain of what the other ways derive, whichever way it is cut in two.
fn joins_itself(rule: &Rule, id: RuleId, way: &Scope) -> bool {
    let [one, two] = way.conjuncts.as_slice() else { return false };
    let (Formula::Call(one), Formula::Call(two)) = (&one.formula, &two.formula) else {
        return false;
    };
    let ends = [Argument::Variable(Slot(0)), Argument::Variable(Slot(1))];
    let joins = |one: &Call, two: &Call| match (one.arguments.as_slice(), two.arguments.as_slice())
    {
        ([from, Argument::Variable(middle)], [Argument::Variable(same), to]) => {
            let ranges = way.variable(*middle).map(|variable| &variable.relations);
            let takes_all = |relations: &Vec<RelationId>| {
                ranges.is_some_and(|ranges| relations.iter().all(|each| ranges.contains(each)))
            };
            [*from, *to] == ends
                && middle == same
                && middle.index() > 1
                && rule.parameters.iter().all(takes_all)
        }
        _ => false,
    };
    let is_own = one.rule == id && two.rule == id && rule.component == [id];
    is_own && rule.parameters.len() == 2 && (joins(one, two) || joins(two, one))
}

fn state(rule: &Rule, id: RuleId, free: Vec<usize>) -> State {
    let bound = (0..rule.parameters.len()).filter(|place| !free.contains(place)).collect();
    State { rule: id, bound, free, exits: Vec::new(), hops: Vec::new() }
}

/// Tells whether a formula asks a rule of these.
pub(super) fn recurs(formula: &Formula, component: &[RuleId]) -> bool {
    let mut found = false;
    calls_within(formula, Sign::Positive, &mut |call, _| found |= component.contains(&call.rule));
    found
}

/// Returns the one call by which a way goes on, and the rest of the way, which does not speak of what is sought.
fn going_on<'w>(way: &'w Scope, component: &[RuleId], free: &[usize]) -> Option<(&'w Call, Scope)> {
    let mut found = None;
    let mut rest = Vec::with_capacity(way.conjuncts.len());
    for conjunct in &way.conjuncts {
        match &conjunct.formula {
            Formula::Call(call) if component.contains(&call.rule) => {
                if found.replace(call).is_some() {
                    return None;
                }
            }
            formula if recurs(formula, component) => return None,
            _ => rest.push(conjunct.clone()),
        }
    }
    let is_sought = |slot: &Slot| free.contains(&slot.index());
    if rest.iter().any(|conjunct| conjunct.free.iter().any(is_sought)) {
        return None;
    }
    let variables = way.variables.iter().filter(|each| !is_sought(&each.slot)).cloned().collect();
    Some((found?, Scope { variables, conjuncts: rest, slots: way.slots }))
}

/// Returns which parameters of the rule called take what is sought, where they take nothing else and as much.
fn handed_through(rule: &Rule, callee: &Rule, call: &Call, free: &[usize]) -> Option<Vec<usize>> {
    let mut sought = Vec::with_capacity(free.len());
    for place in free {
        let sought_here = Argument::Variable(Slot(u32::try_from(*place).ok()?));
        let mut takers =
            call.arguments.iter().enumerate().filter(|(_, argument)| **argument == sought_here);
        let (taker, _) = takers.next()?;
        let (own, others) = (rule.parameters.get(*place)?, callee.parameters.get(taker)?);
        let is_as_wide = others.iter().all(|relation| own.contains(relation));
        if takers.next().is_some() || !is_as_wide {
            return None;
        }
        sought.push(taker);
    }
    Some(sought)
}
