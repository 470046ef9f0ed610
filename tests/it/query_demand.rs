//! Rules derived on demand against a naive fixpoint: random bases and random programs, certain and possible.
//!
//! The naive evaluator knows nothing of calls, demands or walks: stratum by stratum it tries every choice of records
//! for all variables, and does so again until nothing changes.

use super::query::index_of;
use super::query_rules::{Pairs, base_of, pairs};
use proptest::prelude::*;

/// What must hold of the variables of a way; 0 and 1 are the parameters.
#[derive(Clone, Debug)]
enum Atom {
    /// `x.leads = y`
    Leads(usize, usize),
    /// `rule(x, y)`, by the rule's number.
    Asks(usize, usize, usize),
    /// `certainly rule(x, y)`: only what is derived for certain.
    Ascertains(usize, usize, usize),
    /// `possibly rule(x, y)`: what may be derived, as certain.
    Admits(usize, usize, usize),
    /// `not rule(x, y)`, of a rule in a lower stratum.
    Denies(usize, usize, usize),
    /// `x.leads[rule(this, y)]`: asked in brackets, where no search puts it off; `y` is a record by name.
    Within(usize, usize, usize),
}

/// Rules of two parameters: each its stratum and its ways.
#[derive(Clone, Debug)]
struct Program {
    rules: Vec<(usize, Vec<Vec<Atom>>)>,
}

const VARIABLES: [&str; 4] = ["a", "b", "c", "d"];

impl Program {
    fn text(&self) -> String {
        let mut text = String::new();
        for (number, (_, ways)) in self.rules.iter().enumerate() {
            text += &format!("rule r{number}(a: node, b: node)\n");
            for way in ways {
                let used =
                    |variable: &usize| way.iter().any(|atom| atom.variables().contains(variable));
                let mut parts: Vec<String> =
                    (2..4).filter(used).map(|v| format!("{} is node", VARIABLES[v])).collect();
                parts.extend(way.iter().map(Atom::text));
                text += &format!("  if {}\n", parts.join(" and "));
            }
        }
        text
    }

    /// Every rule derived in full.
    fn fixpoint(&self, nodes: usize, edges: &Pairs) -> Vec<Pairs> {
        let mut derived = vec![Pairs::new(); self.rules.len()];
        for stratum in 0..2 {
            loop {
                let before = derived.clone();
                for (number, (_, ways)) in
                    self.rules.iter().enumerate().filter(|(_, rule)| rule.0 == stratum)
                {
                    for choice in 0..nodes.pow(4) {
                        let value = |v: usize| choice / nodes.pow(v as u32) % nodes;
                        let best = ways.iter().map(|way| {
                            let truths = way.iter().map(|atom| match atom {
                                Atom::Leads(x, y) => truth(edges, value(*x), value(*y)),
                                Atom::Asks(r, x, y) => truth(&before[*r], value(*x), value(*y)),
                                Atom::Ascertains(r, x, y) => {
                                    truth(&before[*r], value(*x), value(*y)) / 2 * 2
                                }
                                Atom::Admits(r, x, y) => {
                                    truth(&before[*r], value(*x), value(*y)).min(1) * 2
                                }
                                Atom::Denies(r, x, y) => {
                                    2 - truth(&before[*r], value(*x), value(*y))
                                }
                                Atom::Within(x, r, y) => (0..nodes)
                                    .map(|next| {
                                        truth(edges, value(*x), next).min(truth(
                                            &before[*r],
                                            next,
                                            *y,
                                        ))
                                    })
                                    .max()
                                    .unwrap_or(0),
                            });
                            truths.min().unwrap_or(0)
                        });
                        let best = best.max().unwrap_or(0);
                        let pair = (value(0), value(1));
                        if best > truth(&derived[number], pair.0, pair.1) {
                            derived[number].insert(pair, best);
                        }
                    }
                }
                if derived == before {
                    break;
                }
            }
        }
        derived
    }
}

impl Atom {
    fn variables(&self) -> Vec<usize> {
        match self {
            Atom::Leads(x, y)
            | Atom::Asks(_, x, y)
            | Atom::Ascertains(_, x, y)
            | Atom::Admits(_, x, y)
            | Atom::Denies(_, x, y) => vec![*x, *y],
            Atom::Within(x, ..) => vec![*x],
        }
    }

    fn text(&self) -> String {
        let name = |v: &usize| VARIABLES[*v];
        match self {
            Atom::Leads(x, y) => format!("{}.leads = {}", name(x), name(y)),
            Atom::Asks(r, x, y) => format!("r{r}({}, {})", name(x), name(y)),
            Atom::Ascertains(r, x, y) => format!("certainly r{r}({}, {})", name(x), name(y)),
            Atom::Admits(r, x, y) => format!("possibly r{r}({}, {})", name(x), name(y)),
            Atom::Denies(r, x, y) => format!("not r{r}({}, {})", name(x), name(y)),
            Atom::Within(x, r, y) => format!("has {}.leads[r{r}(this, n{y})]", name(x)),
        }
    }
}

fn truth(pairs: &Pairs, from: usize, to: usize) -> u8 {
    pairs.get(&(from, to)).copied().unwrap_or(0)
}

/// A way of a rule in a stratum: it asks rules of its own stratum, and denies those of the lower one.
fn way(stratum: usize) -> impl Strategy<Value = Vec<Atom>> {
    let variable = || 0..4usize;
    let own = if stratum == 0 { 0..2usize } else { 0..4usize };
    let atom = prop_oneof![
        5 => (variable(), variable()).prop_map(|(x, y)| Atom::Leads(x, y)),
        5 => (own.clone(), variable(), variable()).prop_map(|(r, x, y)| Atom::Asks(r, x, y)),
        stratum as u32 * 2 + 1 => (0..2usize, variable(), variable())
            .prop_map(move |(r, x, y)| match stratum {
                0 => Atom::Leads(x, y),
                _ => Atom::Denies(r, x, y),
            }),
        1 => (own.clone(), variable(), variable()).prop_map(|(r, x, y)| Atom::Ascertains(r, x, y)),
        1 => (own.clone(), variable(), variable()).prop_map(|(r, x, y)| Atom::Admits(r, x, y)),
        1 => (variable(), own, 0..2usize).prop_map(|(x, r, y)| Atom::Within(x, r, y)),
    ];
    // Each way speaks of both parameters.
    (prop::collection::vec(atom, 1..4), variable(), variable()).prop_map(|(mut atoms, x, y)| {
        atoms.push(Atom::Leads(0, x));
        atoms.push(Atom::Leads(y, 1));
        atoms
    })
}

/// Chains: the shapes in which people write recursion, straight and crossed.
fn recursion() -> impl Strategy<Value = Vec<Atom>> {
    (0..2usize, 0..7usize).prop_map(|(r, shape)| match shape {
        0 => vec![Atom::Leads(0, 2), Atom::Asks(r, 2, 1)],
        1 => vec![Atom::Asks(r, 0, 2), Atom::Leads(2, 1)],
        2 => vec![Atom::Asks(r, 0, 2), Atom::Asks(r, 2, 1)],
        3 => vec![Atom::Leads(2, 0), Atom::Asks(r, 2, 3), Atom::Leads(3, 1)],
        4 => vec![Atom::Leads(0, 2), Atom::Asks(r, 1, 2)],
        5 => vec![Atom::Asks(r, 1, 0)],
        _ => vec![Atom::Leads(0, 2), Atom::Leads(1, 2), Atom::Asks(r, 2, 1)],
    })
}

fn program() -> impl Strategy<Value = Program> {
    let base = || Just(vec![Atom::Leads(0, 1)]);
    let low = || prop::collection::vec(prop_oneof![3 => recursion(), 1 => way(0)], 0..3);
    let high = || prop::collection::vec(way(1), 1..3);
    ((base(), low()), (base(), low()), high(), high()).prop_map(
        |((first, mut one), (second, mut two), three, four)| {
            one.push(first);
            two.push(second);
            Program { rules: vec![(0, one), (0, two), (1, three), (1, four)] }
        },
    )
}

fn graph() -> impl Strategy<Value = (usize, Pairs)> {
    (2..5usize).prop_flat_map(|nodes| {
        let edges = prop::collection::btree_map((0..nodes, 0..nodes), 1..3u8, 0..9);
        (Just(nodes), edges)
    })
}

/// The pairs of which one side, or both, are this.
fn with(all: &Pairs, from: Option<usize>, to: Option<usize>) -> Pairs {
    let fits = |wanted: Option<usize>, is: usize| wanted.is_none_or(|wanted| wanted == is);
    let kept = all.iter().filter(|((a, b), _)| fits(from, *a) && fits(to, *b));
    kept.map(|(pair, truth)| (*pair, *truth)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_is_derived_on_demand_is_what_a_full_fixpoint_has(
        (nodes, edges) in graph(),
        program in program(),
    ) {
        let base = base_of(nodes, &edges, &program.text());
        let index = index_of(&base);
        let expected = program.fixpoint(nodes, &edges);
        for (number, all) in expected.iter().enumerate() {
            let name = format!("r{number}");
            let asked = |query: String| pairs(&index, &query);
            prop_assert_eq!(&asked(format!("find a, b where {name}(a, b)")), all, "{}", base);
            for node in 0..nodes {
                // Each of these is derived from what is known: either side, both, or a named record.
                for (query, wanted) in [
                    (format!("find a, b where {name}(a, b) and a = n{node}"), with(all, Some(node), None)),
                    (format!("find a, b where {name}(a, b) and b = n{node}"), with(all, None, Some(node))),
                    (
                        format!("find a, b where a is node and {name}(n{node}, b) and a = n{node}"),
                        with(all, Some(node), None),
                    ),
                    (
                        format!("find a, b where b is node and {name}(a, n{node}) and b = n{node}"),
                        with(all, None, Some(node)),
                    ),
                    (
                        format!("find a, b where a is node and b is node and a = n{node} and b = n0 and {name}(a, b)"),
                        with(all, Some(node), Some(0)),
                    ),
                ] {
                    prop_assert_eq!(asked(query.clone()), wanted, "{}\n{}", query, base);
                }
            }
            let linked: Pairs = edges
                .iter()
                .map(|(pair, edge)| (*pair, (*edge).min(all.get(pair).copied().unwrap_or(0))))
                .filter(|(_, truth)| *truth > 0)
                .collect();
            let query = format!("find a, b where a is node and b is node and a.leads = b and {name}(a, b)");
            prop_assert_eq!(asked(query), linked, "{}", base);
        }
    }
}

/// A long chain, of which each question must look only at its own end.
fn chain(length: usize, rule: &str) -> String {
    let mut text = base_of(0, &Pairs::new(), "");
    for node in 0..length {
        text += &format!("node n{node} \"N\"\n");
        if node + 1 < length {
            text += &format!("  leads: n{}\n", node + 1);
        }
    }
    text + rule
}

const DIRECTIONS: [&str; 4] = [
    "rule reach(a: node, b: node)\n  if a.leads = b\n  if m is node and a.leads = m and reach(m, b)\n",
    "rule reach(a: node, b: node)\n  if a.leads = b\n  if m is node and reach(a, m) and m.leads = b\n",
    "rule reach(a: node, b: node)\n  if a.leads = b\n  if m is node and a.leads = m and further(m, b)\nrule further(x: node, y: node)\n  if reach(x, y)\n",
    "rule reach(a: node, b: node)\n  if a.leads = b\n  if m is node and further(m, a) and m.leads = b\nrule further(y: node, x: node)\n  if reach(x, y)\n",
];

#[test]
fn a_known_end_of_a_long_chain_is_answered_without_all_its_pairs() {
    // All pairs of the chain are some fifty million: none of these questions could be answered by way of them.
    for rule in DIRECTIONS {
        let index = index_of(&chain(10_000, rule));
        for (query, count) in [
            ("find b where reach(n9000, b) count", 999),
            ("find a where reach(a, n900) count", 900),
            ("nodes where reach(n0, this) count", 9_999),
            ("nodes where reach(this, n9999) count", 9_999),
            ("nodes where id = n7 and reach(this, n9999) count", 1),
        ] {
            let (certain, possible) = super::query_rules::counted(&index, query);
            assert_eq!((certain, possible), (count, 0), "{query}\n{rule}");
        }
    }
}

#[test]
fn what_is_asked_of_many_records_is_what_is_asked_of_each() {
    // More records than are walked one by one: the others are searched in a graph.
    let nodes = 120;
    let mut state = 7usize;
    let mut next = |below: usize| {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        state / 8 % below
    };
    let mut edges = Pairs::new();
    for node in 0..nodes {
        for _ in 0..next(3) {
            edges.insert((node, next(nodes)), if next(4) == 0 { 1 } else { 2 });
        }
    }
    let reached = super::query_rules::searched(nodes, &edges);
    let both = "rule reach(a: node, b: node)\n  if a.leads = b\n  if m is node and reach(a, m) and reach(m, b)\n";
    for rule in DIRECTIONS.iter().chain([&both]) {
        let index = index_of(&base_of(nodes, &edges, rule));
        let asked = "find a, b where m is node and a.leads = m and reach(m, b) and a is node";
        let mut expected = Pairs::new();
        for ((from, middle), first) in &edges {
            for ((_, to), rest) in reached.iter().filter(|((start, _), _)| start == middle) {
                let truth = expected.entry((*from, *to)).or_insert(0);
                *truth = (*truth).max(*first.min(rest));
            }
        }
        assert_eq!(pairs(&index, asked), expected, "{rule}");
        assert_eq!(pairs(&index, "find a, b where reach(a, b)"), reached, "{rule}");
        let count = |wanted: u8| reached.values().filter(|truth| **truth == wanted).count() as u64;
        let counts = super::query_rules::counted(&index, "reach count");
        assert_eq!(counts, (count(2), count(1)), "{rule}");
    }
}
