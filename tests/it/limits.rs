//! Every limit of `docs/limits.md`: what lies within is taken, what lies beyond is an error that names the limit.

use crate::query::index_of;
use crate::texts::check;
use regesta::query::{Allowance, Bounds, MOST_ROWS, MOST_TUPLES, answer_with};
use regesta::resolve;
use regesta::source::Sources;
use std::fs;

const SCHEMA: &str = "source notes \"Notes\"
cite notes
relation polity, polities \"A state\"
  founded: date ?
  succeeds: polity ? inverse successors
  area: integer *
";

/// Returns what is said of facts below the schema.
fn said(facts: &str) -> Vec<String> {
    let text = format!("{SCHEMA}{facts}");
    let (_, findings) = check([("kb/a.kb", text.as_bytes())]);
    findings.into_iter().map(|found| found.message).collect()
}

/// Returns what is said of a question over a few facts.
fn said_of_query(facts: &str, query: &str) -> Vec<String> {
    let index = index_of(&format!("{SCHEMA}{facts}"));
    let mut sources = Sources::new();
    let file = sources.add("query", query);
    let (_, findings) = resolve::query(&index, &sources, file).expect("the index is sound");
    findings.into_iter().map(|found| found.message).collect()
}

fn repeated(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

#[test]
fn values_of_a_field() {
    let values =
        |count| format!("polity p\n  area: {}0\n", repeated(count, |at| format!("{}, ", at + 1)));
    assert_eq!(said(&values(1_000_001)), ["this field has more than 1_000_000 values"]);
    assert_eq!(said(&values(999_999)), [""; 0]);
}

#[test]
fn parts_of_a_parenthesis() {
    let parts = |count| format!("polity p\n  note: \"x\" ({}1922)\n", "1922; ".repeat(count));
    assert_eq!(said(&parts(1_001)), ["this parenthesis has more than 1_000 parts"]);
    assert!(!said(&parts(999)).iter().any(|message| message.contains("1_000")));
}

#[test]
fn dates_of_a_set() {
    let set = |count| format!("polity p\n  founded: [{}1922]\n", "1921,".repeat(count));
    let beyond = said(&set(1_000));
    assert!(beyond.iter().any(|message| message.contains("more than 1000")), "{beyond:?}");
    assert_eq!(said(&set(999)), [""; 0]);
}

#[test]
fn nesting_of_a_query() {
    let nested = |depth| {
        let (open, close) = ("(".repeat(depth), ")".repeat(depth));
        said_of_query("", &format!("polities where {open}area = 1{close}"))
    };
    assert_eq!(nested(65), ["brackets are nested more than 64 deep"]);
    assert_eq!(nested(64), [""; 0]);
    let negated =
        |count| said_of_query("", &format!("polities where {}area = 1", "not ".repeat(count)));
    assert_eq!(negated(51), ["more than 50 times `not` stand one before the other"]);
    assert_eq!(negated(50), [""; 0]);
}

#[test]
fn bytes_of_a_query() {
    let padded = |bytes: usize| {
        let query = "polities where area = 1";
        said_of_query("", &format!("{query}{}", " ".repeat(bytes - query.len())))
    };
    assert_eq!(padded(1 << 20), [""; 0]);
    assert_eq!(padded((1 << 20) + 1), ["the query has 1048577 bytes, and 1048576 are the most"]);
}

#[test]
fn definitions_one_within_another() {
    let rules = |count| {
        let chain = |at| format!("rule r{at}(p: polity)\n  if r{}(p)\n", at + 1);
        let facts =
            repeated(count, chain) + &format!("rule r{count}(p: polity)\n  if p is polity\n");
        said_of_query(&facts, "polities where r0(this)")
    };
    assert_eq!(rules(59), [""; 0]);
    assert_eq!(rules(60), ["the rule `r0` has faults of its own"]);
}

#[test]
fn findings_of_one_kind() {
    let found = said(&repeated(3_000, |at| format!("polity p{at}\n  area: x\n")));
    assert_eq!(found.len(), 1_000, "{:?}", found.last());
}

#[test]
fn bytes_of_a_file() {
    let folder = crate::cli_folder::Folder::new();
    // A file with a hole takes no room.
    let file = fs::File::create(folder.path().join("kb/large.kb")).expect("a file can be made");
    file.set_len(1 << 32).expect("a hole takes no room");
    let said = folder.run(&["check"], "");
    let wanted =
        "error: `kb/large.kb` has 4294967296 bytes, and a file may have 4294967294 at most";
    assert!(said.contains(wanted), "{said}");
}

/// A state and its hundred successors.
fn successors() -> String {
    let each = |at| format!("polity p{at}\n  succeeds: p{}\n", at - 1_usize);
    String::from("polity p0\n") + &(1..=100).map(each).collect::<String>()
}

/// Answers a question within bounds; the message where it cannot.
fn bounded(facts: &str, query: &str, bounds: Bounds) -> Result<usize, String> {
    let index = index_of(&format!("{SCHEMA}{facts}"));
    let mut sources = Sources::new();
    let file = sources.add("query", query);
    let (query, findings) = resolve::query(&index, &sources, file).expect("the index is sound");
    assert_eq!(findings, []);
    let allowance = Allowance { bounds, ..Allowance::default() };
    let answers = answer_with(&index, &query.expect("a query"), &allowance);
    answers.map(|answers| answers.rows.len()).map_err(|error| error.to_string())
}

#[test]
fn rows_of_an_answer() {
    let ask =
        |query: &str, rows| bounded(&successors(), query, Bounds { rows, tuples: MOST_TUPLES });
    assert_eq!(ask("polities", 101), Ok(101));
    let refused = "the answer has 101 rows, and 100 are the most: ask for less";
    assert_eq!(ask("polities", 100), Err(refused.to_owned()));
    assert_eq!(ask("find p where p is polity", 100), Err(refused.to_owned()));
    assert_eq!(ask("polities limit 100", 100), Ok(100));
    assert_eq!(ask("polities count", 0), Ok(0));
}

#[test]
fn rows_on_the_way() {
    let rule = "rule later(a: polity, b: polity)\n  if b.succeeds = a\n  if c is polity and c.succeeds = a and later(c, b)\n";
    let facts = successors() + rule;
    let ask = |query: &str, tuples| bounded(&facts, query, Bounds { rows: MOST_ROWS, tuples });
    // Each of 101 comes before all that follow it.
    assert_eq!(ask("later limit 1", 5_050), Ok(1));
    let refused =
        "a rule or `find` gives over 5049 rows on the way, and that is the most: ask for less";
    assert_eq!(ask("later limit 1", 5_049), Err(refused.to_owned()));
    // Counting keeps none of them, and so needs no bound.
    assert_eq!(ask("later count", 5_049), Ok(0));
    let pairs = "find a, b where a is polity and b is polity count";
    assert_eq!(ask(pairs, 101 * 101), Ok(0));
    assert!(ask(pairs, 101 * 101 - 1).is_err());
}

#[test]
fn long_chains_are_no_deep_ones() {
    // What is followed is not nested: only the length of the chain counts, and that only once.
    let count = 30_000;
    let facts = repeated(count, |at| match at {
        0 => String::from("polity p0\n"),
        _ => format!("polity p{at}\n  succeeds: p{}\n", at - 1),
    });
    let all = Bounds { rows: MOST_ROWS, tuples: MOST_TUPLES };
    let begun = std::time::Instant::now();
    assert_eq!(bounded(&facts, "polities where succeeds+ = p0 show id", all), Ok(count - 1));
    assert_eq!(bounded(&facts, "polities where successors+ = p29999 show id", all), Ok(count - 1));
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
