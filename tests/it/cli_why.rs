//! `regesta why`, `query --explain-dates` and `query --explain` from end to end.

use std::path::Path;
use std::process::Command;

const FACTS: &str = r#"
relation treaty, treaties "An agreement"
  signed: date
  kind:   words peace | trade ?

source notes "Lecture notes"
cite notes "1"

treaty rapallo "Treaty of Rapallo"
  signed: 1922-04-16
  kind:   trade
treaty vague "Vague Agreement"
  signed: [1917..1918]
"#;

/// Runs the program in a project and returns what it printed and how it ended.
fn run(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("there is a place for a project");
    let facts = folder.path().join("kb");
    std::fs::create_dir(&facts).expect("a folder can be made");
    std::fs::write(facts.join("base.kb"), FACTS).expect("facts can be written");
    run_in(folder.path(), arguments)
}

fn run_in(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_regesta"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program can be run");
    format!(
        "{}--- {}\n{}",
        String::from_utf8_lossy(&output.stdout),
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn why_prints_a_tree() {
    insta::assert_snapshot!(run(&["why", "treaties where kind = peace", "Treaty of Rapallo"]), @r"
    Treaty of Rapallo [rapallo] is not in the answer
    treaty, kb/base.kb:9

    fails: kind = peace
       rapallo: kind = trade, kb/base.kb:11, Lecture notes, 1 [notes]
    --- 0
    ");
}

#[test]
fn why_prints_an_object() {
    insta::assert_snapshot!(run(&["why", "treaties where signed = 1918", "vague", "--format", "json"]), @r#"
    {"query":"treaties where signed = 1918","id":"vague","name":"Vague Agreement","relation":"treaty","file":"kb/base.kb","line":12,"match":"possible","remarks":[],"conditions":[{"condition":"signed = 1918","match":"possible","evidence":[{"match":"possible","statements":[{"id":"vague","name":"Vague Agreement","field":"signed","value":"[1917..1918]","file":"kb/base.kb","line":13,"sources":[{"id":"notes","name":"Lecture notes","locator":"1"}]}],"uncertain":"signed is [1917..1918]: may fall in 1918"}]}]}
    --- 0
    "#);
}

#[test]
fn why_refuses_a_query_or_a_name_that_it_does_not_understand() {
    insta::assert_snapshot!(run(&["why", "treaties where signed = 1918", "nobody-at-all"]), @r#"
    --- 2
    error: there is no record `nobody-at-all`; `regesta query 'everything where text ~ "…"'` searches all words
    "#);
    insta::assert_snapshot!(run(&["why", "treaties where sined = 1918", "rapallo"]), @"
    --- 2
    error[KB1004 unknown-step]: `treaties` have no field `sined`
       ╭─[ query:1:16 ]
       │
     1 │ treaties where sined = 1918
       │                ──┬──
       │                  ╰──── neither a field nor a way back
       │
       │ Help: did somebody mean `signed`?
    ───╯
    ");
}

#[test]
fn possible_rows_are_explained_on_demand() {
    insta::assert_snapshot!(run(&["query", "treaties where signed = 1918 show id", "--explain-dates"]), @r"
    id
    ─────

    possible
    vague
        signed is [1917..1918]: may fall in 1918

    0 (+1 possible)
    --- 0
    ");
    insta::assert_snapshot!(run(&["query", "treaties where signed = 1918 show id"]), @r"
    id
    ─────

    possible  why
    vague  date: signed is [1917..1918]

    0 (+1 possible)
    --- 0
    ");
}

#[test]
fn explain_prints_the_plan() {
    insta::assert_snapshot!(run(&["query", "--explain", "treaties where not (not signed < 1920) and kind = trade"]), @r"
    rewrites: push_negation, cheapest_first

    step           access                                    estimated  rows
    treaties       all rows                                  2          2
    kind = trade   posting list of treaty.kind               1          1
    signed < 1920  range of the sorted column treaty.signed  1          0
    --- 0
    ");
}

/// Of several records a plan says what each may be, what is judged of them together, and how many rows there are.
#[test]
fn the_plan_of_several_records_counts_what_is_found() {
    insta::assert_snapshot!(run(&["query", "--explain", "find a, b where a is treaty and b is treaty and a.signed < 1920 and b.signed - a.signed >= 0 and count(a.source) <= count(b.source)"]), @r#"
    rewrites: none

    step                                access                                                 estimated  rows
    a of treaties                       all rows                                               2          2
      a.signed < 1920                   range of the sorted column treaty.signed               1          1
    b of treaties                       all rows                                               2          2
    b.signed - a.signed >= 0 day        compared for each choice of records
    count(a.source) <= count(b.source)  computed for each choice of records
    rows of a, b                        each variable bound by what leaves the fewest records  ?          1 (+1 possible)
    --- 0
    "#);
}
