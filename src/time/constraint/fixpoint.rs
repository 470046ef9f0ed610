//! The least days that all arcs allow, or the greatest.
//!
//! Part after part in topological order. Within a part the arcs are gone through forwards and
//! backwards in turn, which settles a tree of exact distances in two rounds. What grows without
//! end is a circle, and shows in the arcs that raised each day last.

use super::graph::{Arc, Graph, Shift, Variable, get, set};

/// A circle with months in it may take a day a round for some years until it fits.
const ROUNDS_WITH_MONTHS: usize = 1600;

/// Days that no arc moves further.
#[derive(Clone, Debug)]
pub(super) struct Fixpoint {
    /// The day of each variable.
    pub(super) days: Vec<i64>,
    /// The arc that settled it, if not its own date.
    pub(super) cause: Vec<Option<u32>>,
    /// Circles of arcs that can never be satisfied.
    pub(super) circles: Vec<Vec<u32>>,
    towards: Towards,
    /// The walk in which each variable was last met, walks being counted from 1 over all parts:
    /// a table for each part would make many small parts slow.
    seen: Vec<u64>,
    walks: u64,
    /// The part in which each variable is.
    part_of: Vec<u32>,
}

/// Least days travel along the arcs, greatest days against them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Towards {
    Least,
    Greatest,
}

impl Fixpoint {
    pub(super) fn of_least(graph: &Graph, own: Vec<i64>) -> Fixpoint {
        Fixpoint::new(graph, own, Towards::Least)
    }

    pub(super) fn of_greatest(graph: &Graph, own: Vec<i64>) -> Fixpoint {
        Fixpoint::new(graph, own, Towards::Greatest)
    }

    fn new(graph: &Graph, own: Vec<i64>, towards: Towards) -> Fixpoint {
        let variables = own.len();
        let mut parts = graph.parts(variables);
        if towards == Towards::Greatest {
            parts.reverse();
        }
        let cause = vec![None; variables];
        let seen = vec![0; variables];
        let mut part_of = vec![0; variables];
        for (number, part) in parts.iter().enumerate() {
            for variable in part {
                set(&mut part_of, variable.place(), number as u32);
            }
        }
        let mut fixpoint =
            Fixpoint { days: own, cause, circles: Vec::new(), towards, seen, walks: 0, part_of };
        for part in &parts {
            fixpoint.settle(graph, part);
        }
        fixpoint
    }

    /// The variable whose day an arc takes, in this direction.
    pub(super) fn source(&self, arc: &Arc) -> Variable {
        match self.towards {
            Towards::Least => arc.from,
            Towards::Greatest => arc.to,
        }
    }

    fn settle(&mut self, graph: &Graph, part: &[Variable]) {
        // Parts of one variable, most of all there are, need one look; a larger one is done when
        // a round in each direction changes nothing, and is broken if it goes on for longer than
        // any path through it.
        let most_rounds = (part.len() + 2).max(ROUNDS_WITH_MONTHS);
        for round in 0..most_rounds {
            let mut changed = false;
            if round % 2 == 0 {
                for variable in part {
                    changed |= self.relax(graph, *variable);
                }
            } else {
                for variable in part.iter().rev() {
                    changed |= self.relax(graph, *variable);
                }
            }
            if !changed || (part.len() == 1 && round == 0 && !self.has_loop(graph, part)) {
                return;
            }
            if let Some(circle) = self.circle(graph, part)
                && (round + 1 == most_rounds || self.is_endless(graph, &circle))
            {
                self.circles.push(circle);
                return;
            }
        }
    }

    /// Tells whether a circle gains a day each time around. With months in it, it may only do so
    /// until it has come to a month of the right length.
    fn is_endless(&self, graph: &Graph, circle: &[u32]) -> bool {
        let arcs = circle.iter().filter_map(|number| graph.arc(*number));
        let days = arcs.clone().map(Arc::least_days).fold(0, i64::saturating_add);
        days > 0 || arcs.into_iter().all(|arc| matches!(arc.shift, Shift::Days(_)))
    }

    fn has_loop(&self, graph: &Graph, part: &[Variable]) -> bool {
        part.iter().any(|variable| graph.leaving(*variable).any(|(_, arc)| arc.to == *variable))
    }

    /// Takes all that the arcs into a variable say; tells whether that changed anything.
    fn relax(&mut self, graph: &Graph, variable: Variable) -> bool {
        let mut day = get(&self.days, variable.place());
        let mut cause = None;
        match self.towards {
            Towards::Least => {
                for (number, arc) in graph.entering(variable) {
                    let least = arc.forward(get(&self.days, arc.from.place()));
                    if least > day {
                        (day, cause) = (least, Some(number));
                    }
                }
            }
            Towards::Greatest => {
                for (number, arc) in graph.leaving(variable) {
                    let greatest = arc.backward(get(&self.days, arc.to.place()));
                    if greatest < day {
                        (day, cause) = (greatest, Some(number));
                    }
                }
            }
        }
        if cause.is_some() {
            set(&mut self.days, variable.place(), day);
            set(&mut self.cause, variable.place(), cause);
        }
        cause.is_some()
    }

    /// A circle among the arcs that settled the variables of a part: each day in it would have to
    /// be beyond itself.
    fn circle(&mut self, graph: &Graph, part: &[Variable]) -> Option<Vec<u32>> {
        let before = self.walks;
        for root in part {
            self.walks += 1;
            let walk = self.walks;
            let mut at = *root;
            loop {
                match get(&self.seen, at.place()) {
                    found if found == walk => return Some(self.walk_round(graph, at)),
                    found if found > before => break,
                    _ => set(&mut self.seen, at.place(), walk),
                }
                let Some(number) = get(&self.cause, at.place()) else { break };
                let Some(arc) = graph.arc(number) else { break };
                at = self.source(arc);
                // What lies outside the part leads far away, and never back.
                if get(&self.part_of, at.place()) != get(&self.part_of, root.place()) {
                    break;
                }
            }
        }
        None
    }

    /// The arcs of a circle, from a variable on it, in the order of time.
    fn walk_round(&self, graph: &Graph, on_circle: Variable) -> Vec<u32> {
        let mut arcs = Vec::new();
        let mut at = on_circle;
        while let Some(number) = get(&self.cause, at.place()) {
            arcs.push(number);
            let Some(arc) = graph.arc(number) else { break };
            at = self.source(arc);
            if at == on_circle {
                break;
            }
        }
        if self.towards == Towards::Least {
            arcs.reverse();
        }
        arcs
    }

    /// The arcs that settled a variable, the nearest first, and the variable whose own date they
    /// began from.
    pub(super) fn causes(&self, graph: &Graph, variable: Variable) -> (Vec<u32>, Variable) {
        let mut arcs = Vec::new();
        let mut at = variable;
        while let Some(number) = get(&self.cause, at.place())
            && let Some(arc) = graph.arc(number)
            // A circle that was found elsewhere is not walked for ever.
            && arcs.len() <= self.days.len()
        {
            arcs.push(number);
            at = self.source(arc);
        }
        (arcs, at)
    }
}
