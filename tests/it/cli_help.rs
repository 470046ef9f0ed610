//! `regesta help`: the pages in `docs/`, and what commands take.

use crate::cli_folder::Folder;
use std::fs;
use std::path::Path;

fn help(arguments: &[&str]) -> String {
    Folder::new().run(&[&["help"], arguments].concat(), "")
}

#[test]
fn a_page_is_printed_as_it_stands() {
    for (topic, file) in [
        ("query", "query.md"),
        ("language", "language.md"),
        ("time", "time.md"),
        ("output", "query-output.md"),
        ("Repl", "repl.md"),
        ("limits", "limits.md"),
        ("tutorial", "tutorial.md"),
        ("encoding", "encoding.md"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(file);
        let page = fs::read_to_string(path).expect("the page is there");
        let printed = help(&[topic]);
        let rest = printed.strip_prefix(page.as_str());
        let rest = rest.unwrap_or_else(|| panic!("`help {topic}` prints another page"));
        let is_command = matches!(topic, "query" | "Repl");
        assert_eq!(rest.contains("--help` lists the options."), is_command, "{topic}");
        assert!(rest.ends_with("--- stderr\n--- status 0\n"), "{rest}");
    }
}

#[test]
fn other_commands_say_what_they_take() {
    assert_eq!(help(&["build"]), Folder::new().run(&["build", "--help"], ""));
}

#[test]
fn topics_are_listed_and_slips_are_seen() {
    let list = help(&[]);
    assert!(list.contains("\n  query     how to ask questions\n"), "{list}");
    assert!(list.contains("\n  check    Report every mistake in the facts\n"), "{list}");
    insta::assert_snapshot!(help(&["qery"]) + &help(&["nonsense"]), @"
    --- stderr
    error: there is no help on `qery`; did somebody mean `query`?
    --- status 2
    --- stderr
    error: there is no help on `nonsense`; `regesta help` lists what there is
    --- status 2
    ");
}
