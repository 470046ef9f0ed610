//! The grammar of queries and its parsers list the same productions.

use std::collections::BTreeSet;
use std::path::Path;

const HEADING: &str = "(* == queries: words == *)";
const CLASSES: &str = "(* What is no parser of its own: classes of signs. *)";

fn grammar() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/regesta.ebnf");
    let whole = std::fs::read_to_string(path).expect("the grammar is there");
    let (_, queries) = whole.split_once(HEADING).expect("queries have their part of it");
    queries.to_owned()
}

fn productions(text: &str) -> BTreeSet<String> {
    let lines = text.lines().filter(|line| line.contains(" = ") && line.ends_with(';'));
    lines.map(str::to_owned).collect()
}

#[test]
fn every_production_has_its_parser_and_back() {
    let mut in_parsers = BTreeSet::new();
    for file in ["query", "condition", "path", "lexer", "../definition"] {
        let path = format!("{}/src/syntax/query/{file}.rs", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(path).expect("the parser is there");
        let docs = source.lines().filter_map(|line| line.trim().strip_prefix("/// EBNF: `"));
        in_parsers.extend(docs.filter_map(|doc| doc.strip_suffix('`')).map(str::to_owned));
    }
    let grammar = grammar();
    let (parsed, _) = grammar.split_once(CLASSES).expect("the classes come last");
    assert_eq!(productions(parsed), in_parsers);
}

#[test]
fn every_name_in_the_grammar_is_defined() {
    let grammar = grammar();
    let productions = productions(&grammar);
    let defined: BTreeSet<&str> =
        productions.iter().filter_map(|line| line.split(" = ").next()).collect();
    for production in &productions {
        let (_, right) = production.split_once(" = ").expect("a production has two sides");
        let mut quote = None;
        let mut word = String::new();
        let mut is_special = false;
        for letter in right.chars() {
            match (quote, letter) {
                (Some(mark), _) if letter == mark => quote = None,
                (Some(_), _) => {}
                (None, '?') => is_special = !is_special,
                (None, _) if is_special => {}
                (None, '"' | '\'') => quote = Some(letter),
                (None, _) if letter.is_alphabetic() || (letter == '-' && !word.is_empty()) => {
                    word.push(letter);
                }
                (None, _) => {
                    assert!(
                        word.is_empty() || defined.contains(word.as_str()),
                        "{word} in {production}"
                    );
                    word.clear();
                }
            }
        }
    }
}
