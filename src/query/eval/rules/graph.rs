//! Rules that only go on, as a graph in memory: each step and each end solved once, then searched from many places.
//!
//! It has as many edges as the steps have solutions, and what is derived takes no more than its tuples.

use super::argument_value;
use super::shape::Tail;
use super::walk::{fill, place_in, sought, whole};
use crate::index::IndexError;
use crate::query::eval::Evaluator;
use crate::query::eval::solve::Mode;
use crate::query::eval::table::{Table, Tuples};
use crate::query::formula::Scope;
use crate::time::Truth;
use std::ops::ControlFlow;

/// Edges by where they begin.
#[derive(Default)]
struct Edges {
    starts: Vec<u32>,
    ends: Vec<(u32, Truth)>,
}

impl Edges {
    /// Sorts edges by where they begin.
    fn new(nodes: usize, edges: &[(u32, u32, Truth)]) -> Edges {
        let mut starts = vec![0u32; nodes + 1];
        for (from, _, _) in edges {
            if let Some(count) = starts.get_mut(*from as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut ends = vec![(0, Truth::No); edges.len()];
        for (from, to, truth) in edges {
            let Some(place) = next.get_mut(*from as usize) else { continue };
            if let Some(end) = ends.get_mut(*place as usize) {
                *end = (*to, *truth);
            }
            *place += 1;
        }
        Edges { starts, ends }
    }

    fn from(&self, node: u32) -> &[(u32, Truth)] {
        let (Some(start), Some(end)) =
            (self.starts.get(node as usize), self.starts.get(node as usize + 1))
        else {
            return &[];
        };
        self.ends.get(*start as usize..*end as usize).unwrap_or_default()
    }
}

/// All places of a walk, with what leads on and what ends there.
pub(super) struct Graph {
    /// A place is its state and its known values.
    nodes: Table,
    /// What is sought.
    found: Table,
    hops: Edges,
    exits: Edges,
    has_doubts: bool,
}

/// Takes each solution of a scope.
type See<'s> = &'s mut dyn FnMut(&[Option<u32>], Truth) -> Result<(), IndexError>;

/// What was met in a search, by marks that need no clearing between searches.
#[derive(Default)]
pub(super) struct Marks {
    round: u32,
    nodes: Vec<u32>,
    found: Vec<u32>,
    queue: Vec<u32>,
}

impl Evaluator<'_> {
    /// Solves every step and every end of a walk, wherever it begins.
    pub(super) fn graph(&self, tail: &Tail) -> Result<Graph, IndexError> {
        let width = tail.states.iter().map(|state| state.bound.len()).max().unwrap_or(0);
        let free = tail.states.first().map_or(0, |state| state.free.len());
        let mut nodes = Table::new(width + 1);
        let mut found = Table::new(free);
        let (mut hops, mut exits) = (Vec::new(), Vec::new());
        for (number, state) in (0u32..).zip(&tail.states) {
            for hop in &state.hops {
                let to = u32::try_from(hop.to).unwrap_or(u32::MAX);
                self.each_solution(&hop.scope, &mut |frame, truth| {
                    let next = hop.arguments.iter().map(|each| argument_value(*each, frame));
                    let next = next.collect::<Option<Vec<u32>>>();
                    if let (Some(from), Some(next)) = (place_in(state, frame), next) {
                        let from = nodes.add(&node(number, &from, width), truth);
                        hops.push((from, nodes.add(&node(to, &next, width), truth), truth));
                    }
                    self.bounded(hops.len())
                })?;
            }
            let Some(rule) = self.program.rule(state.rule) else { continue };
            for way in state.exits.iter().filter_map(|number| rule.ways.get(*number)) {
                self.each_solution(way, &mut |frame, truth| {
                    if let (Some(from), Some(end)) = (place_in(state, frame), sought(state, frame))
                    {
                        let from = nodes.add(&node(number, &from, width), truth);
                        exits.push((from, found.add(&end, truth), truth));
                    }
                    self.bounded(exits.len())
                })?;
            }
        }
        let count = nodes.all().len();
        let mut edges = hops.iter().chain(&exits);
        Ok(Graph {
            has_doubts: edges.any(|(_, _, truth)| *truth != Truth::Certain),
            hops: Edges::new(count, &hops),
            exits: Edges::new(count, &exits),
            nodes,
            found,
        })
    }

    fn each_solution(&self, scope: &Scope, see: See<'_>) -> Result<(), IndexError> {
        let mut frame = vec![None; scope.slots as usize];
        let _ = self.solve(scope, &mut frame, Mode::Whole, &mut |frame, truth| {
            see(frame, truth)?;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(())
    }
}

impl Graph {
    /// Returns all that is derived, whatever is known; `watch` is told again and again how many tuples there are.
    pub(super) fn closure(
        &self,
        tail: &Tail,
        watch: &dyn Fn(usize) -> Result<(), IndexError>,
    ) -> Result<Tuples, IndexError> {
        let Some(first) = tail.states.first() else { return Ok(Tuples::default()) };
        let mut derived = Tuples::new(first.bound.len() + first.free.len());
        let mut tuple = vec![0; first.bound.len() + first.free.len()];
        let found = self.found.all();
        self.each(
            &mut |place, end, truth| {
                fill(&mut tuple, &first.bound, place);
                fill(&mut tuple, &first.free, found.get(end as usize));
                derived.push(&tuple, truth);
            },
            watch,
        )?;
        derived.shrink();
        Ok(derived)
    }

    /// Counts what is derived, certain and possible, and keeps nothing of it.
    pub(super) fn count(
        &self,
        watch: &dyn Fn(usize) -> Result<(), IndexError>,
    ) -> Result<(u64, u64), IndexError> {
        let (mut certain, mut possible) = (0, 0);
        self.each(
            &mut |_, _, truth| match truth {
                Truth::Certain => certain += 1,
                _ => possible += 1,
            },
            watch,
        )?;
        Ok((certain, possible))
    }

    /// Searches from every place where a walk may begin; before each, and at the end, `watch` is told how
    /// many ends were met.
    fn each(
        &self,
        see: &mut dyn FnMut(&[u32], u32, Truth),
        watch: &dyn Fn(usize) -> Result<(), IndexError>,
    ) -> Result<(), IndexError> {
        let mut marks = Marks::default();
        let mut met = 0;
        for (number, (place, _)) in (0u32..).zip(self.nodes.all().iter()) {
            if let Some((0, values)) = place.split_first() {
                watch(met)?;
                self.search(number, &mut marks, &mut |end, truth| {
                    met += 1;
                    see(values, end, truth);
                });
            }
        }
        watch(met)
    }

    /// Returns what is derived for one choice of the known arguments.
    pub(super) fn from(&mut self, tail: &Tail, known: &[Option<u32>], marks: &mut Marks) -> Table {
        let Some(first) = tail.states.first() else { return Table::default() };
        let mut derived = Tuples::new(known.len());
        let start: Vec<u32> =
            first.bound.iter().filter_map(|place| known.get(*place).copied().flatten()).collect();
        let width = self.nodes.all().width().saturating_sub(1);
        let number = self.nodes.place_of(&node(0, &start, width));
        if let Some(number) = number.and_then(|place| u32::try_from(place).ok()) {
            let found = self.found.all();
            self.search(number, marks, &mut |end, truth| {
                derived.push(&whole(first, &start, found.get(end as usize)), truth);
            });
        }
        Table::of_distinct(derived)
    }

    /// Searches from a place: first by what is certain, then by what may be as well.
    fn search(&self, start: u32, marks: &mut Marks, see: &mut dyn FnMut(u32, Truth)) {
        let Marks { round, nodes, found, queue } = marks;
        *round += 1;
        let round = *round;
        nodes.resize(self.nodes.all().len(), 0);
        found.resize(self.found.all().len(), 0);
        queue.clear();
        let is_new = |marks: &mut [u32], place: u32| {
            let mark = marks.get_mut(place as usize);
            mark.is_some_and(|mark| std::mem::replace(mark, round) != round)
        };
        is_new(nodes, start);
        queue.push(start);
        let least = [Truth::Certain, Truth::Possible];
        let passes = if self.has_doubts { 2 } else { 1 };
        for least in least.into_iter().take(passes) {
            let mut next = 0;
            while let Some(node) = queue.get(next).copied() {
                for (to, truth) in self.hops.from(node) {
                    if *truth >= least && is_new(nodes, *to) {
                        queue.push(*to);
                    }
                }
                next += 1;
            }
            for node in queue.iter() {
                for (end, truth) in self.exits.from(*node) {
                    if *truth >= least && is_new(found, *end) {
                        see(*end, least);
                    }
                }
            }
        }
    }
}

/// Returns a place as one row: its state, its values, and nothing behind them.
fn node(state: u32, values: &[u32], width: usize) -> Vec<u32> {
    let mut node = vec![0; width + 1];
    if let Some((first, rest)) = node.split_first_mut() {
        *first = state;
        rest.iter_mut().zip(values).for_each(|(place, value)| *place = *value);
    }
    node
}
