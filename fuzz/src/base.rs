//! A small base that has every type of value, every status, rules, unions and ways back.

use regesta::index::{self, Index, IndexImage};
use regesta::pipeline::check_texts;
use regesta::settings::Settings;
use regesta::source::Sources;
use std::sync::LazyLock;

/// Its text. Questions and facts of a corpus may refer to what is declared here.
pub const TEXT: &str = include_str!("base.kb");

/// Its index, in memory.
pub static IMAGE: LazyLock<IndexImage> = LazyLock::new(|| {
    let mut sources = Sources::new();
    sources.add("kb/base.kb", TEXT);
    let (findings, resolved, _) =
        check_texts(&Settings::default(), &sources).expect("an index fits into memory");
    assert!(findings.is_empty(), "{findings:#?}");
    index::build(&resolved.facts).expect("a small base is an index")
});

/// Opens the index.
pub fn open() -> Index {
    Index::in_memory(IMAGE.clone()).expect("what was just built is sound")
}
