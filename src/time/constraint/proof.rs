//! What follows from the fixpoint: new bounds, contradictions, and why.

use std::collections::VecDeque;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::super::bounds::Bounds;
use super::super::value::Role;
use super::graph::{Arc, Variable, get, is_open, set, to_day};
use super::{Contradiction, ContradictionKind, LinkId, Narrowed, NodeId, ends};

/// A search that needs more steps than this proves nothing: what is not proved is possible.
const MOST_STEPS: usize = 100_000;

impl Narrowed {
    /// Returns the bounds that are left to a value.
    pub fn bounds(&self, node: NodeId) -> Bounds {
        self.bounds.get(node.0 as usize).copied().unwrap_or(Bounds::UNKNOWN)
    }

    /// Returns what contradicts itself, at most one report for values that hang together, but
    /// each circle by itself.
    pub fn contradictions(&self) -> &[Contradiction] {
        &self.contradictions
    }

    /// Returns the links that made the start of a value no earlier, the nearest first.
    pub fn why_not_earlier(&self, node: NodeId) -> Vec<LinkId> {
        let (start, _) = self.ends(node);
        self.links(self.least.causes(&self.graph, start).0)
    }

    /// Returns the links that made the end of a value no later, the nearest first.
    pub fn why_not_later(&self, node: NodeId) -> Vec<LinkId> {
        let (_, end) = self.ends(node);
        self.links(self.greatest.causes(&self.graph, end).0)
    }

    /// Tells whether one value ends before another begins, whatever their days: by what is left
    /// of their bounds, or by a chain of links.
    pub fn is_certainly_before(&self, one: NodeId, other: NodeId) -> bool {
        let by_bounds = self.bounds(one).latest_end < self.bounds(other).earliest_start;
        by_bounds || self.chain_before(one, other).is_some()
    }

    /// Returns a chain of links that puts one value before another, from the first to the last.
    pub fn chain_before(&self, one: NodeId, other: NodeId) -> Option<Vec<LinkId>> {
        let (_, from) = self.ends(one);
        let (to, _) = self.ends(other);
        self.longest_way(from, to)
    }

    fn ends(&self, node: NodeId) -> (Variable, Variable) {
        let role = self.nodes.get(node.0 as usize).map_or(Role::Moment, |node| node.role);
        ends(node, role)
    }

    fn links(&self, arcs: Vec<u32>) -> Vec<LinkId> {
        let mut links: Vec<LinkId> = Vec::with_capacity(arcs.len());
        for arc in arcs {
            let link = self.graph.arc(arc).and_then(|arc| arc.link);
            links.extend(link.filter(|link| links.last() != Some(link)));
        }
        links
    }

    /// A way on which the days add up to one at least.
    fn longest_way(&self, from: Variable, to: Variable) -> Option<Vec<LinkId>> {
        let mut best = HashMap::new();
        let mut queue = VecDeque::from([from]);
        best.insert(from.0, (0_i64, None::<u32>));
        let mut steps = 0;
        while let Some(variable) = queue.pop_front() {
            let days = best.get(&variable.0).map_or(0, |(days, _)| *days);
            for (number, arc) in self.graph.leaving(variable) {
                steps += 1;
                if steps > MOST_STEPS {
                    return None;
                }
                let later = days.saturating_add(arc.least_days());
                if arc.to != from && best.get(&arc.to.0).is_none_or(|(known, _)| *known < later) {
                    best.insert(arc.to.0, (later, Some(number)));
                    queue.push_back(arc.to);
                }
            }
        }
        best.get(&to.0).filter(|(days, _)| *days >= 1 && to != from)?;
        let mut arcs = Vec::new();
        let mut at = to;
        while let Some((_, Some(number))) = best.get(&at.0)
            && arcs.len() <= best.len()
        {
            arcs.push(*number);
            at = self.graph.arc(*number)?.from;
        }
        arcs.reverse();
        Some(self.links(arcs))
    }

    /// Finds the contradictions, and takes the new bounds over where there are none.
    pub(super) fn settle(&mut self) {
        let family = self.families();
        let mut broken = vec![false; self.nodes.len()];
        let family_of = |variable: Variable| get(&family, variable.place() / 2) as usize;
        for circle in self.least.circles.clone() {
            let first = circle.first().and_then(|arc| self.graph.arc(*arc));
            if let Some(arc) = first {
                set(&mut broken, family_of(arc.to), true);
            }
            let links = self.links(circle);
            let kind = ContradictionKind::Cycle;
            self.contradictions.push(Contradiction { kind, links: unique(links), nodes: vec![] });
        }
        for node in (0..self.nodes.len() as u32).map(NodeId) {
            let (start, end) = self.ends(node);
            let here = family_of(start);
            let empty = [start, end].into_iter().find(|variable| {
                get(&self.least.days, variable.place()) > get(&self.greatest.days, variable.place())
            });
            if let Some(variable) = empty
                && !get(&broken, here)
            {
                set(&mut broken, here, true);
                self.contradictions.push(self.no_day_left(variable));
            }
        }
        for place in 0..self.nodes.len() {
            let here = get(&family, place) as usize;
            if !get(&broken, here)
                && let Err(contradiction) = self.take_over(NodeId(place as u32))
            {
                self.contradictions.push(contradiction);
            }
        }
        self.contradictions.sort_by(|one, other| one.links.cmp(&other.links));
    }

    /// The value's own bounds and what the links leave of them.
    fn take_over(&mut self, node: NodeId) -> Result<(), Contradiction> {
        let (start, end) = self.ends(node);
        let day = |days: &[i64], variable: Variable| to_day(get(days, variable.place()));
        let found = Bounds {
            earliest_start: day(&self.least.days, start),
            latest_start: day(&self.greatest.days, start),
            earliest_end: day(&self.least.days, end),
            latest_end: day(&self.greatest.days, end),
        };
        let own = self.bounds(node);
        match own.intersection(&found) {
            Some(bounds) => {
                set(&mut self.bounds, node.0 as usize, bounds);
                Ok(())
            }
            // Only what is known of a doubted value is not in the fixpoint already.
            None => {
                let mut contradiction = self.no_day_left(start);
                contradiction.links.extend(self.no_day_left(end).links);
                contradiction.links = unique(contradiction.links);
                contradiction.nodes.push(node);
                contradiction.nodes = unique(contradiction.nodes);
                Err(contradiction)
            }
        }
    }

    /// The links that moved a variable's least day up and those that moved its greatest down.
    fn no_day_left(&self, variable: Variable) -> Contradiction {
        let (mut up, from) = self.least.causes(&self.graph, variable);
        let (down, to) = self.greatest.causes(&self.graph, variable);
        up.reverse();
        let dated = [(&self.least.days, from), (&self.greatest.days, to)].into_iter();
        let dated = dated.filter(|(days, variable)| !is_open(get(days, variable.place())));
        let nodes = dated.map(|(_, variable)| NodeId(variable.0 / 2)).collect();
        let links = self.links(up.into_iter().chain(down).collect());
        let kind = ContradictionKind::NoDayLeft;
        Contradiction { kind, links: unique(links), nodes: unique(nodes) }
    }

    /// For each value the first of those that hang together with it.
    fn families(&self) -> Vec<u32> {
        let mut parent: Vec<u32> = (0..self.nodes.len() as u32).collect();
        fn root(parent: &mut [u32], mut node: u32) -> u32 {
            loop {
                let above = get(parent, node as usize);
                if above == node {
                    return node;
                }
                let higher = get(parent, above as usize);
                set(parent, node as usize, higher);
                node = higher;
            }
        }
        for Arc { from, to, .. } in self.graph.arcs() {
            let one = root(&mut parent, from.0 / 2);
            let other = root(&mut parent, to.0 / 2);
            // The smaller number stays on top.
            set(&mut parent, one.max(other) as usize, one.min(other));
        }
        (0..self.nodes.len() as u32).map(|node| root(&mut parent, node)).collect()
    }
}

/// Each of a list once, in the order of first appearance.
fn unique<T: Copy + Eq + std::hash::Hash>(list: Vec<T>) -> Vec<T> {
    let mut seen = HashSet::with_capacity(list.len());
    list.into_iter().filter(|entry| seen.insert(*entry)).collect()
}
