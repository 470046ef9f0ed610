//! Relative dates: values placed by other values.
//!
//! In: values, and links such as "after", "before", "4 days before". Out: narrower bounds, or
//! the links that contradict each other. Callers give values and links their own names; here
//! they are numbers in the order in which they were added.
//!
//! Each end of each value is a variable with a least and a greatest day. A link says that one
//! variable is at least another, moved. Least days travel along the links, greatest days back,
//! from strongly connected part to part in topological order: a base without circles is done in
//! one pass, whatever the length of its chains.

mod fixpoint;
mod graph;
mod proof;

use super::bounds::Bounds;
use super::day::DayNumber;
use super::value::{Role, Value};
use fixpoint::Fixpoint;
use graph::{Arc, Graph, Shift, Variable};

/// A value in the order; the first one added is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A link between two values; the first one added is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u32);

/// How far a value lies from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Distance {
    /// So many days; a week is seven.
    Days(u32),
    /// So many months of the Gregorian calendar; a year is twelve. A day that the month lacks
    /// becomes its last; where counting forwards and backwards differ by that, both are right.
    Months(u32),
}

/// How a value is placed by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Placement {
    /// It begins after the other has ended, on a later day.
    After,
    /// It has ended before the other begins, on an earlier day.
    Before,
    /// It begins exactly so long after the end of the other.
    LaterBy(Distance),
    /// It ends exactly so long before the start of the other.
    EarlierBy(Distance),
}

/// Values and the links between them.
#[derive(Clone, Debug, Default)]
pub struct Order {
    nodes: Vec<Node>,
    links: Vec<(NodeId, Placement, NodeId)>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    bounds: Bounds,
    role: Role,
    doubted: bool,
}

/// Links that cannot all be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// What is wrong with them.
    pub kind: ContradictionKind,
    /// The links, one leading to the next; never empty.
    pub links: Vec<LinkId>,
    /// The values whose own dates take part, where dates do; a circle alone has none.
    pub nodes: Vec<NodeId>,
}

/// Why links cannot all be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContradictionKind {
    /// They lead in a circle: something would be before itself.
    Cycle,
    /// They leave no day to a value, given the dates at their ends.
    NoDayLeft,
}

/// The bounds that are left, and what was found wrong.
#[derive(Clone, Debug)]
pub struct Narrowed {
    bounds: Vec<Bounds>,
    nodes: Vec<Node>,
    graph: Graph,
    least: Fixpoint,
    greatest: Fixpoint,
    contradictions: Vec<Contradiction>,
}

impl Order {
    /// Makes an order of nothing.
    pub fn new() -> Order {
        Order::default()
    }

    /// Adds a value. What is known of a doubted one narrows no other: it may not be so.
    pub fn add(&mut self, value: &Value) -> NodeId {
        self.add_bounds(value.bounds(), value.role(), value.is_doubted())
    }

    /// Adds a value of which nothing is known: `unknown`.
    pub fn add_unknown(&mut self, role: Role) -> NodeId {
        self.add_bounds(Bounds::UNKNOWN, role, false)
    }

    fn add_bounds(&mut self, bounds: Bounds, role: Role, doubted: bool) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { bounds, role, doubted });
        id
    }

    /// Places a value by another. A link to a value that was never added says nothing.
    pub fn place(&mut self, placed: NodeId, placement: Placement, by: NodeId) -> LinkId {
        let id = LinkId(u32::try_from(self.links.len()).unwrap_or(u32::MAX));
        self.links.push((placed, placement, by));
        id
    }

    /// Narrows all bounds as far as the links allow.
    ///
    /// Values that hang together by links with a contradiction among them keep the bounds that
    /// they had.
    pub fn narrow(self) -> Narrowed {
        let graph = Graph::new(2 * self.nodes.len(), self.arcs());
        let own = |side: fn(&Node) -> (DayNumber, DayNumber)| -> Vec<i64> {
            let variables = self.nodes.iter().flat_map(|node| {
                let (start, end) = if node.doubted {
                    side(&Node { bounds: Bounds::UNKNOWN, ..*node })
                } else {
                    side(node)
                };
                [start, end].map(graph::to_number)
            });
            variables.collect()
        };
        let least = own(|node| (node.bounds.earliest_start, node.bounds.earliest_end));
        let greatest = own(|node| (node.bounds.latest_start, node.bounds.latest_end));
        let least = Fixpoint::of_least(&graph, least);
        let greatest = Fixpoint::of_greatest(&graph, greatest);
        let bounds = self.nodes.iter().map(|node| node.bounds).collect();
        let mut narrowed =
            Narrowed { bounds, nodes: self.nodes, graph, least, greatest, contradictions: vec![] };
        narrowed.settle();
        narrowed
    }

    fn arcs(&self) -> Vec<Arc> {
        let mut arcs = Vec::with_capacity(self.nodes.len() + 2 * self.links.len());
        for (place, node) in self.nodes.iter().enumerate() {
            if node.role == Role::Period {
                let start = Variable(2 * place as u32);
                arcs.push(Arc::new(start, Variable(start.0 + 1), Shift::Days(0), None));
            }
        }
        for (place, (placed, placement, by)) in self.links.iter().enumerate() {
            let known = |node: &NodeId| self.nodes.get(node.0 as usize);
            let (Some(placed_node), Some(by_node)) = (known(placed), known(by)) else { continue };
            let (placed_start, placed_end) = ends(*placed, placed_node.role);
            let (by_start, by_end) = ends(*by, by_node.role);
            let link = Some(LinkId(place as u32));
            match placement {
                Placement::After => {
                    arcs.push(Arc::new(by_end, placed_start, Shift::Days(1), link));
                }
                Placement::Before => {
                    arcs.push(Arc::new(placed_end, by_start, Shift::Days(1), link));
                }
                Placement::LaterBy(distance) => {
                    exactly(&mut arcs, by_end, placed_start, *distance, 1, link);
                }
                Placement::EarlierBy(distance) => {
                    exactly(&mut arcs, by_start, placed_end, *distance, -1, link);
                }
            }
        }
        arcs
    }
}

/// The variables of a value's ends; a moment has one for both.
fn ends(node: NodeId, role: Role) -> (Variable, Variable) {
    let start = Variable(2 * node.0);
    match role {
        Role::Moment => (start, start),
        Role::Period => (start, Variable(start.0 + 1)),
    }
}

/// `to` is `from` moved by a distance: at least that, and at most.
fn exactly(
    arcs: &mut Vec<Arc>,
    from: Variable,
    to: Variable,
    distance: Distance,
    sign: i64,
    link: Option<LinkId>,
) {
    match distance {
        Distance::Days(days) => {
            let days = sign * i64::from(days);
            arcs.push(Arc::new(from, to, Shift::Days(days), link));
            arcs.push(Arc::new(to, from, Shift::Days(-days), link));
        }
        Distance::Months(months) => {
            let months = sign * i64::from(months);
            // Months forwards and back again may end some days before where they began. Both
            // are taken as right: 31 March is one month after 28 February, and so is 28 March.
            arcs.push(Arc::new(from, to, Shift::Months(months), link));
            arcs.push(Arc::new(to, from, Shift::Months(-months), link));
        }
    }
}
