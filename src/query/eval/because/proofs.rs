//! Derivations of what rules derive, searched from what is asked down to base facts: the shortest first.
//!
//! The search goes level by level and ends as soon as there is a derivation, so that none has fewer rules one inside
//! another. A derivation never rests on what it derives.

use crate::index::IndexError;
use crate::query::eval::rules::argument_values;
use crate::query::eval::solve::{Frame, Mode, first_of, frame_for};
use crate::query::eval::{Evaluator, Hasher};
use crate::query::formula::{Call, Formula, RuleId, Scope};
use crate::time::Truth;
use hashbrown::HashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

/// How many derived tuples are looked at for one derivation.
const MOST_ATOMS: usize = 5_000;
/// How many choices of the other variables are looked at for one of them.
const MOST_STEPS: usize = 256;

/// A rule with a record for each parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Atom {
    pub rule: RuleId,
    pub tuple: Vec<u32>,
}

/// A way of a rule, with records for all its variables.
pub(super) struct Step {
    pub way: usize,
    pub frame: Vec<Option<u32>>,
    /// What it asks of rules, by places among the atoms.
    needs: Vec<usize>,
}

struct Node {
    atom: Atom,
    steps: Vec<Step>,
    /// The step of its derivation, and how many steps that has.
    best: Option<(usize, u64)>,
}

/// Derivations of one atom and of all that it rests on.
#[derive(Default)]
pub(super) struct Proofs {
    nodes: Vec<Node>,
    places: HashMap<Atom, usize, Hasher>,
}

impl Proofs {
    fn place(&mut self, atom: Atom) -> usize {
        if let Some(known) = self.places.get(&atom) {
            return *known;
        }
        let place = self.nodes.len();
        self.places.insert(atom.clone(), place);
        self.nodes.push(Node { atom, steps: Vec::new(), best: None });
        place
    }

    /// Returns the step by which an atom is derived.
    pub(super) fn step(&self, atom: &Atom) -> Option<&Step> {
        let node = self.nodes.get(*self.places.get(atom)?)?;
        node.steps.get(node.best?.0)
    }

    /// Returns how many rules are applied to derive an atom.
    pub(super) fn length(&self, atom: &Atom) -> Option<u64> {
        Some(self.nodes.get(*self.places.get(atom)?)?.best?.1)
    }

    /// Finds the shortest derivation of each atom that has one, from those that rest on facts alone upwards.
    fn settle(&mut self) {
        let mut open: Vec<Vec<(usize, u64)>> = Vec::with_capacity(self.nodes.len());
        let mut users: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.nodes.len()];
        let mut heap = BinaryHeap::new();
        for (number, node) in self.nodes.iter().enumerate() {
            let mut counts = Vec::with_capacity(node.steps.len());
            for (place, step) in node.steps.iter().enumerate() {
                for need in &step.needs {
                    if let Some(users) = users.get_mut(*need) {
                        users.push((number, place));
                    }
                }
                if step.needs.is_empty() {
                    heap.push(Reverse((1u64, number, place)));
                }
                counts.push((step.needs.len(), 1u64));
            }
            open.push(counts);
        }
        while let Some(Reverse((length, number, place))) = heap.pop() {
            let Some(node) = self.nodes.get_mut(number) else { continue };
            if node.best.is_some_and(|(_, known)| known <= length) {
                continue;
            }
            node.best = Some((place, length));
            for (user, step) in users.get(number).into_iter().flatten() {
                let count = open.get_mut(*user).and_then(|counts| counts.get_mut(*step));
                let Some((missing, sum)) = count else { continue };
                *sum = sum.saturating_add(length);
                *missing = missing.saturating_sub(1);
                if *missing == 0 {
                    heap.push(Reverse((*sum, *user, *step)));
                }
            }
        }
    }

    fn forget(&mut self) {
        self.nodes.iter_mut().for_each(|node| node.best = None);
    }
}

impl Evaluator<'_> {
    /// Searches for the shortest derivation of an atom in which everything holds as surely as this.
    pub(super) fn proofs(&self, root: &Atom, least: Truth) -> Result<Proofs, IndexError> {
        let mut proofs = Proofs::default();
        proofs.place(root.clone());
        let mut next = 0;
        while next < proofs.nodes.len().min(MOST_ATOMS) {
            let level = proofs.nodes.len().min(MOST_ATOMS);
            let mut has_end = false;
            while next < level {
                has_end |= self.add_steps(&mut proofs, next, least)?;
                next += 1;
            }
            // Only a level with a step that rests on nothing new can bring a derivation to its end.
            if has_end {
                proofs.forget();
                proofs.settle();
                if proofs.length(root).is_some() {
                    break;
                }
            }
        }
        Ok(proofs)
    }

    /// Adds the steps that derive an atom, and tells whether one asks only what was met before, or nothing.
    fn add_steps(
        &self,
        proofs: &mut Proofs,
        place: usize,
        least: Truth,
    ) -> Result<bool, IndexError> {
        let Some(atom) = proofs.nodes.get(place).map(|node| node.atom.clone()) else {
            return Ok(false);
        };
        let Some(rule) = self.program.rule(atom.rule) else { return Ok(false) };
        let mut has_end = false;
        for (number, way) in rule.ways.iter().enumerate() {
            let head: Vec<Option<u32>> = atom.tuple.iter().copied().map(Some).collect();
            let mut frame = frame_for(way.slots, &head);
            let mut count = 0;
            let _ = self.solve(way, &mut frame, Mode::Whole, &mut |frame, truth| {
                if truth < least {
                    return Ok(ControlFlow::Continue(()));
                }
                let known = proofs.nodes.len();
                let needs: Vec<usize> =
                    asked(way, frame).into_iter().map(|atom| proofs.place(atom)).collect();
                has_end |= needs.iter().all(|need| *need < known);
                let step = Step { way: number, frame: frame.to_vec(), needs };
                if let Some(node) = proofs.nodes.get_mut(place) {
                    node.steps.push(step);
                }
                count += 1;
                Ok(match count < MOST_STEPS {
                    true => ControlFlow::Continue(()),
                    false => ControlFlow::Break(()),
                })
            })?;
        }
        Ok(has_end)
    }
}

/// Returns what a way asks of rules in one solution.
fn asked(way: &Scope, frame: &Frame) -> Vec<Atom> {
    let calls = way.conjuncts.iter().filter_map(|conjunct| match &conjunct.formula {
        Formula::Call(call) => atom(call, frame),
        _ => None,
    });
    calls.collect()
}

/// Returns a call whose arguments are all known.
pub(super) fn atom(call: &Call, frame: &Frame) -> Option<Atom> {
    let values = argument_values(call, frame);
    Some(Atom { rule: call.rule, tuple: first_of(&values, values.len())? })
}
