//! How fast rules are derived: from what is known, and whole. `REGESTA_BENCH_EDGES` sets the size of the large graphs,
//! 100,000 unless told.
//!
//! Three graphs: a chain of a thousand records (499,500 pairs in all), one chain of all edges, and chains of twenty
//! edges side by side, of which a question for one record meets one.

#![allow(missing_docs, clippy::unwrap_used)]

use divan::Bencher;
use regesta::index::{Index, build};
use regesta::query::{Query, answer};
use regesta::source::Sources;
use regesta::{resolve, syntax};
use std::fmt::Write;
use std::sync::LazyLock;

/// The length of one of the chains that stand side by side.
const SHORT: usize = 20;

const RULES: &str = "
relation node, nodes \"A place\"
  leads: node * inverse led-by
source archive \"Archive\"
  kind: archival
cite archive \"1\"
rule edge(a: node, b: node)
  if a.leads = b
rule right(a: node, b: node)
  if a.leads = b
  if m is node and a.leads = m and right(m, b)
rule left(a: node, b: node)
  if a.leads = b
  if m is node and left(a, m) and m.leads = b
rule both(a: node, b: node)
  if a.leads = b
  if m is node and both(a, m) and both(m, b)
";

static THOUSAND: LazyLock<Index> = LazyLock::new(|| chains(999, 999));
static CHAIN: LazyLock<Index> = LazyLock::new(|| chains(edges(), edges()));
static FOREST: LazyLock<Index> = LazyLock::new(|| chains(edges(), SHORT));

fn main() {
    divan::main();
}

fn edges() -> usize {
    std::env::var("REGESTA_BENCH_EDGES")
        .ok()
        .and_then(|edges| edges.parse().ok())
        .unwrap_or(100_000)
}

/// Makes chains of so many edges each.
fn chains(edges: usize, length: usize) -> Index {
    let mut text = RULES.to_owned();
    for node in 0..edges / length * (length + 1) {
        match (node + 1) % (length + 1) {
            0 => writeln!(text, "node n{node}").unwrap(),
            _ => writeln!(text, "node n{node}\n  leads: n{}", node + 1).unwrap(),
        }
    }
    let mut sources = Sources::new();
    let file = sources.add("base.kb", text);
    let (tree, found) = syntax::parse_file(&sources, file);
    assert!(found.is_empty());
    let (resolved, found) = resolve::facts(&sources, &[tree]);
    assert!(found.is_empty());
    Index::in_memory(build(&resolved.facts).unwrap()).unwrap()
}

fn query(index: &Index, text: &str) -> Query {
    let mut sources = Sources::new();
    let file = sources.add("query", text);
    let (query, found) = resolve::query(index, &sources, file).unwrap();
    assert!(found.is_empty(), "{found:?}");
    query.unwrap()
}

fn counts(bencher: Bencher, index: &Index, text: &str, expected: usize) {
    let query = query(index, text);
    bencher.bench(|| {
        let answers = answer(index, &query).unwrap();
        assert_eq!(answers.certain, expected as u64);
    });
}

const RECURSIONS: [&str; 2] = ["right", "left"];

#[divan::bench(args = RECURSIONS)]
fn whole_closure_of_a_thousand(bencher: Bencher, rule: &str) {
    counts(bencher, &THOUSAND, &format!("{rule} count"), 499_500);
}

#[divan::bench(args = RECURSIONS)]
fn from_one_record_of_a_thousand(bencher: Bencher, rule: &str) {
    counts(bencher, &THOUSAND, &format!("find b where {rule}(n0, b) count"), 999);
}

#[divan::bench(args = RECURSIONS)]
fn to_one_record_of_a_thousand(bencher: Bencher, rule: &str) {
    counts(bencher, &THOUSAND, &format!("find a where {rule}(a, n999) count"), 999);
}

#[divan::bench(args = RECURSIONS, sample_count = 5)]
fn through_all_of_one_chain(bencher: Bencher, rule: &str) {
    counts(bencher, &CHAIN, &format!("find b where {rule}(n0, b) count"), edges());
}

#[divan::bench(args = RECURSIONS)]
fn bound_in_many_chains(bencher: Bencher, rule: &str) {
    counts(bencher, &FOREST, &format!("find b where {rule}(n0, b) count"), SHORT);
}

#[divan::bench(args = RECURSIONS)]
fn bound_at_the_end_in_many_chains(bencher: Bencher, rule: &str) {
    counts(bencher, &FOREST, &format!("find a where {rule}(a, n{SHORT}) count"), SHORT);
}

#[divan::bench]
fn bound_in_many_chains_by_itself_twice(bencher: Bencher) {
    counts(bencher, &FOREST, "find b where both(n0, b) count", SHORT);
}

#[divan::bench(args = RECURSIONS, sample_count = 5)]
fn unbound_in_many_chains(bencher: Bencher, rule: &str) {
    let pairs = edges() / SHORT * (SHORT * (SHORT + 1) / 2);
    counts(bencher, &FOREST, &format!("{rule} count"), pairs);
}

#[divan::bench(sample_count = 5)]
fn all_edges(bencher: Bencher) {
    counts(bencher, &FOREST, "edge count", edges());
}
