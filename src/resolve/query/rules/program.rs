//! The program of all rules that a question uses: which depend on each other, and what is wrong with them together.

use super::Draft;
use super::faults::{Cycle, never_derived, through_negation};
use crate::query::calls::calls_within;
use crate::query::formula::{Argument, Formula, Program, Rule, RuleId, Sign};
use crate::query::terms::Slot;
use crate::resolve::query::{Resolver, Settled};
use crate::source::Span;

impl Resolver<'_> {
    /// Makes the program of all rules that were used; nothing where one depends on its own
    /// negation, or on a fold over itself.
    pub(in crate::resolve::query) fn program(&self, at: Span) -> Settled<Program> {
        let program = finish(&self.draft.borrow());
        if let Some(cycle) = negative_cycle(&program, None) {
            return self.say(through_negation(&cycle, at));
        }
        Ok(Some(program))
    }

    /// Tells what is wrong with one rule among the others: a cycle through negation, or nothing to begin with.
    pub(in crate::resolve::query) fn check_rule(&self, id: RuleId, at: Span) -> Settled<()> {
        let program = finish(&self.draft.borrow());
        if let Some(cycle) = negative_cycle(&program, Some(id)) {
            // The cycle is told once, at the first of its rules.
            let Some(rule) = program.rule(id) else { return Ok(None) };
            if cycle.iter().all(|(name, _)| *name >= rule.name) {
                return self.say(through_negation(&cycle, at));
            }
            return Ok(None);
        }
        if let Some(cycle) = empty_cycle(&program, id)
            && let Some(rule) = program.rule(id)
            && cycle.iter().all(|name| *name >= rule.name)
        {
            return self.say(never_derived(&cycle, at));
        }
        Ok(Some(()))
    }
}

fn finish(draft: &Draft) -> Program {
    let rules = draft.rules.iter().map(|rule| Rule {
        name: rule.name.clone(),
        parameters: rule.parameters.clone(),
        ways: rule.ways.clone(),
        component: Vec::new(),
        handed_on: Vec::new(),
    });
    let mut program = Program { rules: rules.collect() };
    let reached: Vec<Vec<RuleId>> =
        (0..program.rules.len() as u32).map(|id| reachable(&program, RuleId(id))).collect();
    let reaches =
        |from: RuleId, to: RuleId| reached.get(from.index()).is_some_and(|all| all.contains(&to));
    let all: Vec<RuleId> = (0..program.rules.len() as u32).map(RuleId).collect();
    for id in &all {
        let members: Vec<RuleId> = all
            .iter()
            .copied()
            .filter(|other| reaches(*id, *other) && reaches(*other, *id))
            .collect();
        let Some(rule) = program.rules.get_mut(id.index()) else { continue };
        if members.len() == 1 {
            rule.handed_on = handed_on(rule, *id);
        }
        rule.component = members;
    }
    program
}

/// Returns the rules that are called from a rule, at once or by others.
fn reachable(program: &Program, from: RuleId) -> Vec<RuleId> {
    let mut found: Vec<RuleId> = Vec::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        for (called, _) in calls_of(program, id) {
            if !found.contains(&called) {
                found.push(called);
                open.push(called);
            }
        }
    }
    found
}

fn calls_of(program: &Program, id: RuleId) -> Vec<(RuleId, Sign)> {
    let mut found = Vec::new();
    for way in program.rule(id).map(|rule| rule.ways.as_slice()).unwrap_or_default() {
        for conjunct in &way.conjuncts {
            calls_within(&conjunct.formula, Sign::Positive, &mut |call, sign| {
                found.push((call.rule, sign));
            });
        }
    }
    found
}

/// Returns the parameters that every call of the rule itself hands on unchanged.
fn handed_on(rule: &Rule, id: RuleId) -> Vec<Slot> {
    let mut kept: Vec<Slot> = (0..rule.parameters.len() as u32).map(Slot).collect();
    for conjunct in rule.ways.iter().flat_map(|way| &way.conjuncts) {
        calls_within(&conjunct.formula, Sign::Positive, &mut |call, _| {
            if call.rule == id {
                kept.retain(|slot| {
                    call.arguments.get(slot.index()) == Some(&Argument::Variable(*slot))
                });
            }
        });
    }
    kept
}

/// Finds a cycle of rules with a negation or a fold in it, through one rule or any.
fn negative_cycle(program: &Program, through: Option<RuleId>) -> Option<Cycle> {
    let all = (0..program.rules.len() as u32).map(RuleId);
    for from in all {
        for (to, sign) in calls_of(program, from) {
            if sign == Sign::Positive {
                continue;
            }
            let Some(back) = way_between(program, to, from, &|_, _| true) else { continue };
            let mut ids = vec![(from, sign)];
            ids.extend(back);
            if through.is_some_and(|wanted| !ids.iter().any(|(id, _)| *id == wanted)) {
                continue;
            }
            let named = ids
                .into_iter()
                .filter_map(|(id, sign)| program.rule(id).map(|rule| (rule.name.clone(), sign)));
            return Some(named.collect());
        }
    }
    None
}

/// Returns the rules on a shortest way from one to another, without the last; each with how it calls the next.
fn way_between(
    program: &Program,
    from: RuleId,
    to: RuleId,
    may_take: &dyn Fn(RuleId, Sign) -> bool,
) -> Option<Vec<(RuleId, Sign)>> {
    if from == to {
        return Some(Vec::new());
    }
    let mut before: Vec<(RuleId, RuleId, Sign)> = Vec::new();
    let mut open = std::collections::VecDeque::from([from]);
    while let Some(id) = open.pop_front() {
        for (called, sign) in calls_of(program, id) {
            if !may_take(called, sign)
                || called == from
                || before.iter().any(|(known, _, _)| *known == called)
            {
                continue;
            }
            before.push((called, id, sign));
            if called == to {
                let mut way = Vec::new();
                let mut at = to;
                while at != from {
                    let (_, caller, sign) = before.iter().find(|(known, _, _)| *known == at)?;
                    way.push((*caller, *sign));
                    at = *caller;
                }
                way.reverse();
                return Some(way);
            }
            open.push_back(called);
        }
    }
    None
}

/// Returns the rules of a cycle through one from none of which anything can follow; it is first.
fn empty_cycle(program: &Program, id: RuleId) -> Option<Vec<String>> {
    let productive = productive(program);
    let is_empty = |id: RuleId, sign: Sign| {
        sign == Sign::Positive && productive.get(id.index()) == Some(&false)
    };
    if !is_empty(id, Sign::Positive) {
        return None;
    }
    let called =
        calls_of(program, id).into_iter().filter(|(called, sign)| is_empty(*called, *sign));
    let back =
        called.filter_map(|(called, _)| way_between(program, called, id, &is_empty)).next()?;
    let ids = std::iter::once(id).chain(back.into_iter().map(|(id, _)| id));
    Some(ids.filter_map(|id| program.rule(id)).map(|rule| rule.name.clone()).collect())
}

/// Tells of each rule whether anything can follow from it, whatever the facts are.
fn productive(program: &Program) -> Vec<bool> {
    let mut productive = vec![false; program.rules.len()];
    loop {
        let mut has_changed = false;
        for (number, rule) in program.rules.iter().enumerate() {
            let is_known = |id: RuleId| productive.get(id.index()).copied().unwrap_or(false);
            let begins = rule.ways.iter().any(|way| {
                way.conjuncts.iter().all(|conjunct| may_hold(&conjunct.formula, &is_known))
            });
            if begins && productive.get(number) == Some(&false) {
                if let Some(place) = productive.get_mut(number) {
                    *place = true;
                }
                has_changed = true;
            }
        }
        if !has_changed {
            return productive;
        }
    }
}

fn may_hold(formula: &Formula, is_known: &dyn Fn(RuleId) -> bool) -> bool {
    match formula {
        Formula::And(parts) => parts.iter().all(|part| may_hold(part, is_known)),
        Formula::Or(parts) => parts.iter().any(|part| may_hold(part, is_known)),
        Formula::Certainly(inner) | Formula::Possibly(inner) => may_hold(inner, is_known),
        Formula::Call(call) => is_known(call.rule),
        Formula::Exists(scope) => {
            scope.conjuncts.iter().all(|conjunct| may_hold(&conjunct.formula, is_known))
        }
        Formula::Not(_) | Formula::One { .. } | Formula::Two(_) | Formula::Computed(_) => true,
    }
}
