//! Formatting generated facts on one core, beside parsing them.

#[path = "generator/mod.rs"]
mod generator;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use regesta::format::format_file;
use regesta::source::Sources;
use regesta::syntax::parse_file;

fn main() {
    // One core: the figure is of the formatter, not of the machine.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("the pool is built once");
    divan::main();
}

/// Some 30 MB of all relations.
fn facts() -> String {
    generator::base(generator::Shape::of(200_000), 1, 1).concat()
}

/// One table with as many rows, so that whatever is not linear shows.
fn table() -> String {
    let mut text = String::from("table tenure: id | person | office | period\n");
    for row in 0..200_000 {
        text += &format!("  t{row} | person-{} | office (denied) | 1917/1918\n", row % 1000);
    }
    text
}

#[divan::bench(sample_count = 20)]
fn parse(bencher: Bencher) {
    let text = facts();
    let mut sources = Sources::new();
    let file = sources.add("facts.kb", text.as_str());
    bencher.counter(BytesCount::of_str(&text)).bench(|| parse_file(black_box(&sources), file).0);
}

#[divan::bench(sample_count = 20)]
fn format_facts(bencher: Bencher) {
    format(bencher, &facts());
}

#[divan::bench(sample_count = 20)]
fn format_table(bencher: Bencher) {
    format(bencher, &table());
}

fn format(bencher: Bencher, text: &str) {
    let mut sources = Sources::new();
    let file = sources.add("a.kb", text);
    let (tree, faults) = parse_file(&sources, file);
    assert!(faults.is_empty());
    bencher
        .counter(BytesCount::of_str(text))
        .bench(|| format_file(black_box(&sources), &tree, &faults));
}
