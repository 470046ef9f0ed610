//! Parsing generated treaties on one core, beside the floors.

#[path = "generator/mod.rs"]
mod generator;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use regesta::source::Sources;
use regesta::syntax::parse_file;

fn main() {
    // One core: the figure is of the parser, not of the machine.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("the pool is built once");
    divan::main();
}

fn treaties() -> String {
    let shape = generator::Shape {
        polities: 2_000,
        treaties: 200_000,
        tenures: 0,
        events: 0,
        ..generator::Shape::of(20)
    };
    generator::base(shape, 1, 1).concat()
}

#[divan::bench(sample_count = 20)]
fn facts(bencher: Bencher) {
    let text = treaties();
    let mut sources = Sources::new();
    let file = sources.add("treaties.kb", text.as_str());
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let (tree, diagnostics) = parse_file(black_box(&sources), file);
        assert!(diagnostics.is_empty());
        tree
    });
}

#[divan::bench(sample_count = 20)]
fn utf8_validation(bencher: Bencher) {
    let text = treaties();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| std::str::from_utf8(black_box(text.as_bytes())).is_ok());
}

#[divan::bench(sample_count = 20)]
fn lines_by_memchr(bencher: Bencher) {
    let text = treaties();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| memchr::memchr_iter(b'\n', black_box(text.as_bytes())).count());
}
