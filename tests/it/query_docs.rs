//! Every example of `docs/query.md` is answered over `kb/`.

use regesta::index::{Index, build};
use regesta::source::{Sources, find_files, read_bytes};
use regesta::{query, resolve, syntax};
use std::path::Path;

#[test]
fn every_example_is_answered() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Sources::new();
    let mut trees = Vec::new();
    for found in find_files(root, &root.join("kb")).expect("the facts are there") {
        sources.add(found.path.clone(), read_bytes(&found).expect("a file of facts can be read"));
    }
    let files: Vec<_> = sources.files().map(|(file, _)| file).collect();
    for file in files {
        trees.push(syntax::parse_file(&sources, file).0);
    }
    let (resolved, _) = resolve::facts(&sources, &trees);
    let image = build(&resolved.facts).expect("the facts fit together");
    let index = Index::in_memory(image).expect("the index is sound");
    let page = std::fs::read_to_string(root.join("docs/query.md")).expect("the page is there");
    let mut asked = 0;
    for example in page.split("```query\n").skip(1) {
        let text = example.split("\n```").next().unwrap_or_default();
        let file = sources.add("query", text);
        let (settled, said) = resolve::query(&index, &sources, file).expect("the index is sound");
        let messages: Vec<&str> = said.iter().map(|found| found.message.as_str()).collect();
        let settled = settled.unwrap_or_else(|| panic!("{text}: {messages:?}"));
        query::answer(&index, &settled).expect("the index is sound");
        asked += 1;
    }
    assert!(asked > 15, "only {asked} examples were found");
}
