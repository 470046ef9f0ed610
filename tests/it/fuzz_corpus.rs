//! What fuzzing has found worth keeping, replayed: `fuzz/corpus/`, a folder for each target.
//!
//! The targets themselves need a nightly toolchain; what they hold any bytes to does not.

use crate::fuzz;
use crate::pages::root;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Hands each file of a target's corpus to what must hold for it.
fn replay(target: &str, holds: fn(&[u8])) {
    let folder = root().join("fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 10, "{folder:?} has {} files only", paths.len());
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        let outcome = catch_unwind(AssertUnwindSafe(|| holds(&bytes)));
        assert!(outcome.is_ok(), "{}: see the panic above", path.display());
    }
}

#[test]
fn the_corpus_of_facts_holds() {
    replay("facts", fuzz::facts::holds);
}

#[test]
fn the_corpus_of_formatting_holds() {
    replay("format", fuzz::format::holds);
}

#[test]
fn the_corpus_of_questions_holds() {
    replay("query", fuzz::query::holds);
}

#[test]
fn the_corpus_of_dates_holds() {
    replay("date", fuzz::date::holds);
}

#[test]
fn the_corpus_of_indexes_holds() {
    replay("index", fuzz::index::holds);
}
