//! Rules derived: on demand where they do not recur, else to a fixpoint, each round from what the last one added.

use super::Evaluator;
use super::solve::{Delta, Frame, bound, first_of};
use super::table::{Table, Tuples};
use crate::index::IndexError;
use crate::query::formula::{Argument, Call, Formula, Rule, RuleId, Scope, Sign};
use crate::time::Truth;
use hashbrown::HashMap;
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;

/// So many fixpoints for one known argument are worth less than the whole.
const MOST_NARROW_TABLES: usize = 64;

/// Which tuples a table holds: all of a rule, or those with one value in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TableKey {
    rule: RuleId,
    fixed: Option<(usize, u32)>,
}

/// The tables of recurring rules.
pub(super) type Tables = RefCell<HashMap<TableKey, Rc<RefCell<Table>>, super::Hasher>>;

impl Evaluator<'_> {
    /// Returns how surely a rule derives the arguments, all of which are bound.
    pub(super) fn call_truth(&self, call: &Call, frame: &Frame) -> Result<Truth, IndexError> {
        let arguments = known(call, frame);
        let Some(rule) = self.program.rule(call.rule) else { return Ok(Truth::No) };
        if !rule.component.is_empty() {
            let Some(tuple) = first_of(&arguments, arguments.len()) else { return Ok(Truth::No) };
            return Ok(self.table(call.rule, rule, &arguments)?.borrow().truth_of(&tuple));
        }
        let mut best = Truth::No;
        for way in &rule.ways {
            if best == Truth::Certain {
                break;
            }
            let mut frame = frame_for(way, &arguments);
            let _ = self.solve(way, &mut frame, None, &mut |_, truth| {
                best = best.max(truth);
                Ok(match best {
                    Truth::Certain => ControlFlow::Break(()),
                    _ => ControlFlow::Continue(()),
                })
            })?;
        }
        Ok(best)
    }

    /// Returns what a rule derives that fits the arguments that are bound.
    pub(super) fn call_rows(&self, call: &Call, frame: &Frame) -> Result<Tuples, IndexError> {
        let arguments = known(call, frame);
        let width = arguments.len();
        let Some(rule) = self.program.rule(call.rule) else { return Ok(Tuples::new(width)) };
        if !rule.component.is_empty() {
            let table = self.table(call.rule, rule, &arguments)?;
            let found = table.borrow_mut().matching(&arguments);
            return Ok(found);
        }
        let mut found = Table::new(width);
        for way in &rule.ways {
            let mut frame = frame_for(way, &arguments);
            let _ = self.solve(way, &mut frame, None, &mut |frame, truth| {
                if let Some(tuple) = first_of(frame, width) {
                    found.add(&tuple, truth);
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(found.into_tuples())
    }

    /// Returns the table of a recurring rule: only what fits a known argument where every step hands it on.
    fn table(
        &self,
        id: RuleId,
        rule: &Rule,
        arguments: &[Option<u32>],
    ) -> Result<Rc<RefCell<Table>>, IndexError> {
        let whole = TableKey { rule: id, fixed: None };
        if let Some(known) = self.tables.borrow().get(&whole) {
            return Ok(Rc::clone(known));
        }
        let fixed = rule.handed_on.iter().find_map(|slot| {
            let value = bound(arguments, *slot)?;
            Some(TableKey { rule: id, fixed: Some((slot.index(), value)) })
        });
        let key = match fixed {
            None => whole,
            Some(narrow) => {
                let tables = self.tables.borrow();
                match tables.get(&narrow) {
                    Some(known) => return Ok(Rc::clone(known)),
                    None if tables.len() >= MOST_NARROW_TABLES => whole,
                    None => narrow,
                }
            }
        };
        self.fixpoint(key, rule)?;
        let tables = self.tables.borrow();
        Ok(tables.get(&key).map_or_else(Rc::default, Rc::clone))
    }

    /// Derives all that follows: first from what does not recur, then from what each round has added.
    fn fixpoint(&self, key: TableKey, rule: &Rule) -> Result<(), IndexError> {
        let members: Vec<(TableKey, &Rule)> = match key.fixed {
            Some(_) => vec![(key, rule)],
            None => {
                let all = rule.component.iter();
                all.filter_map(|id| {
                    Some((TableKey { rule: *id, fixed: None }, self.program.rule(*id)?))
                })
                .collect()
            }
        };
        let mut tables = Vec::with_capacity(members.len());
        for (key, member) in &members {
            let table = Rc::new(RefCell::new(Table::new(member.parameters.len())));
            self.tables.borrow_mut().insert(*key, Rc::clone(&table));
            tables.push(table);
        }
        let recurs = |formula: &Formula| {
            let mut found = false;
            formula.calls(Sign::Positive, &mut |call, _| {
                found |= rule.component.contains(&call.rule);
            });
            found
        };
        for ((key, member), table) in members.iter().zip(&tables) {
            for way in &member.ways {
                // A call that must hold waits for what the others add.
                let waits = way.conjuncts.iter().any(|conjunct| {
                    matches!(conjunct.formula, Formula::Call(_)) && recurs(&conjunct.formula)
                });
                if !waits {
                    self.derive(key, way, None, table)?;
                }
            }
        }
        loop {
            let fresh: Vec<Tuples> =
                tables.iter().map(|table| table.borrow_mut().take_fresh()).collect();
            if fresh.iter().all(Tuples::is_empty) {
                return Ok(());
            }
            for ((key, member), table) in members.iter().zip(&tables) {
                for way in &member.ways {
                    let mut must_repeat = false;
                    for (number, conjunct) in way.conjuncts.iter().enumerate() {
                        match &conjunct.formula {
                            Formula::Call(call) => {
                                let of = members.iter().position(|(key, _)| key.rule == call.rule);
                                if let Some(tuples) = of.and_then(|of| fresh.get(of))
                                    && !tuples.is_empty()
                                {
                                    let delta = Delta { conjunct: number, tuples };
                                    self.derive(key, way, Some(delta), table)?;
                                }
                            }
                            other => must_repeat |= recurs(other),
                        }
                    }
                    if must_repeat {
                        self.derive(key, way, None, table)?;
                    }
                }
            }
        }
    }

    fn derive(
        &self,
        key: &TableKey,
        way: &Scope,
        delta: Option<Delta<'_>>,
        table: &RefCell<Table>,
    ) -> Result<(), IndexError> {
        let width = table.borrow().width();
        let mut arguments = vec![None; width];
        if let Some((place, value)) = key.fixed
            && let Some(argument) = arguments.get_mut(place)
        {
            *argument = Some(value);
        }
        let mut frame = frame_for(way, &arguments);
        let _ = self.solve(way, &mut frame, delta, &mut |frame, truth| {
            if let Some(tuple) = first_of(frame, width) {
                table.borrow_mut().add(&tuple, truth);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(())
    }
}

/// Returns the arguments of a call, as far as they are bound.
fn known(call: &Call, frame: &Frame) -> Vec<Option<u32>> {
    let each = call.arguments.iter().map(|argument| match argument {
        Argument::Variable(slot) => bound(frame, *slot),
        Argument::Record(entity) => Some(entity.0),
    });
    each.collect()
}

fn frame_for(way: &Scope, arguments: &[Option<u32>]) -> Vec<Option<u32>> {
    let mut frame = vec![None; (way.slots as usize).max(arguments.len())];
    for (place, argument) in frame.iter_mut().zip(arguments) {
        *place = *argument;
    }
    frame
}
