//! Rules walked from known arguments: only what can be reached from there is looked at.

use super::argument_value;
use super::shape::{State, Tail};
use crate::index::IndexError;
use crate::query::eval::Evaluator;
use crate::query::eval::solve::{Frame, Mode, bound, frame_for};
use crate::query::eval::table::Table;
use crate::time::Truth;
use std::ops::ControlFlow;

impl Evaluator<'_> {
    /// Returns what is derived for one choice of the known arguments.
    pub(super) fn walk_from(
        &self,
        tail: &Tail,
        known: &[Option<u32>],
    ) -> Result<Table, IndexError> {
        let mut reached: Vec<Table> =
            tail.states.iter().map(|state| Table::new(state.bound.len())).collect();
        let Some((first, table)) = tail.states.first().zip(reached.first_mut()) else {
            return Ok(Table::default());
        };
        let start: Vec<u32> =
            first.bound.iter().filter_map(|place| known.get(*place).copied().flatten()).collect();
        table.add(&start, Truth::Certain);
        // A place that is reached more surely than before is gone on from once more.
        loop {
            let mut has_gone_on = false;
            for (number, state) in tail.states.iter().enumerate() {
                let Some(fresh) = reached.get_mut(number).map(Table::take_fresh) else { continue };
                has_gone_on |= !fresh.is_empty();
                for (place, truth) in fresh.iter() {
                    self.go_on(state, place, truth, &mut reached)?;
                }
            }
            if !has_gone_on {
                break;
            }
        }
        let mut derived = Table::new(known.len());
        for (state, table) in tail.states.iter().zip(&reached) {
            for (place, truth) in table.all().iter() {
                self.arrive_at(state, place, &mut |found, certainty| {
                    let tuple = whole(first, &start, found);
                    derived.add(&tuple, certainty.min(truth));
                })?;
            }
        }
        Ok(derived)
    }

    fn go_on(
        &self,
        state: &State,
        place: &[u32],
        truth: Truth,
        reached: &mut [Table],
    ) -> Result<(), IndexError> {
        for hop in &state.hops {
            let mut frame = frame_of(state, hop.scope.slots, place);
            let Some(table) = reached.get_mut(hop.to) else { continue };
            let _ = self.solve(&hop.scope, &mut frame, Mode::Whole, &mut |frame, certainty| {
                let next = hop.arguments.iter().map(|each| argument_value(*each, frame));
                if let Some(next) = next.collect::<Option<Vec<u32>>>() {
                    table.add(&next, certainty.min(truth));
                    self.bounded(table.len())?;
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(())
    }

    /// Hands what ends at a place to `see`.
    fn arrive_at(
        &self,
        state: &State,
        place: &[u32],
        see: &mut dyn FnMut(&[u32], Truth),
    ) -> Result<(), IndexError> {
        let Some(rule) = self.program.rule(state.rule) else { return Ok(()) };
        for way in state.exits.iter().filter_map(|number| rule.ways.get(*number)) {
            let mut frame = frame_of(state, way.slots, place);
            let _ = self.solve(way, &mut frame, Mode::Whole, &mut |frame, truth| {
                if let Some(found) = sought(state, frame) {
                    see(&found, truth);
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(())
    }
}

/// Returns a frame in which the known parameters of a state are bound.
fn frame_of(state: &State, slots: u32, place: &[u32]) -> Vec<Option<u32>> {
    let mut frame = frame_for(slots, &[]);
    for (parameter, value) in state.bound.iter().zip(place) {
        if let Some(slot) = frame.get_mut(*parameter) {
            *slot = Some(*value);
        }
    }
    frame
}

/// Returns what a solution has for the parameters that are sought.
pub(super) fn sought(state: &State, frame: &Frame) -> Option<Vec<u32>> {
    state.free.iter().map(|place| frame.get(*place).copied().flatten()).collect()
}

/// Puts known and found values in the order of the parameters.
pub(super) fn whole(state: &State, known: &[u32], found: &[u32]) -> Vec<u32> {
    let mut tuple = vec![0; state.bound.len() + state.free.len()];
    fill(&mut tuple, &state.bound, known);
    fill(&mut tuple, &state.free, found);
    tuple
}

/// Puts values in their places.
pub(super) fn fill(tuple: &mut [u32], places: &[usize], values: &[u32]) {
    for (place, value) in places.iter().zip(values) {
        if let Some(slot) = tuple.get_mut(*place) {
            *slot = *value;
        }
    }
}

/// Returns the values of the known parameters of a state.
pub(super) fn place_in(state: &State, frame: &Frame) -> Option<Vec<u32>> {
    let slots = state.bound.iter().map(|place| u32::try_from(*place).ok());
    slots.map(|slot| bound(frame, crate::query::terms::Slot(slot?))).collect()
}
