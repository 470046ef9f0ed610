//! The grammar in `grammar/` and the parsers say the same.
//!
//! Their names are compared; random sentences of the grammar are parsed; every item of `kb/` is a sentence of
//! it, and the mistakes of the pages in `docs/errors/` are none.

use crate::ebnf::{Grammar, Inventor, Kind, Node, Recogniser};
use crate::markdown;
use regesta::diagnostic::Diagnostic;
use regesta::source::Sources;
use regesta::syntax::parse_file;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// How many sentences are made up.
const SENTENCES: u64 = 600;

/// How many productions deep a sentence may be.
const DEPTH: usize = 9;

/// Where the parsers of each language stand.
const PARSERS: [(&str, &[&str]); 1] = [("facts", &["src/syntax/facts", "src/syntax/terminals.rs"])];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn grammar() -> Grammar {
    let mut grammar = Grammar::default();
    for path in markdown::files(&root().join("grammar"), "ebnf") {
        let text = fs::read_to_string(&path).expect("a grammar is a text");
        let stem = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        grammar.add(&stem, &text);
    }
    grammar
}

/// Tells how many signs at the start of a text belong to a class that the grammar describes in words; gives
/// nothing for a condition.
fn class(words: &str) -> Option<fn(&[char]) -> usize> {
    fn one(text: &[char], class: fn(char) -> bool) -> usize {
        usize::from(text.first().is_some_and(|sign| class(*sign)))
    }
    Some(match words {
        "a letter of any script" => |text| one(text, char::is_alphabetic),
        "a combining mark, or a digit of another script" => |text| {
            one(text, |sign| {
                let is_mark = unicode_normalization::char::is_combining_mark(sign);
                is_mark || (sign.is_numeric() && !sign.is_ascii())
            })
        },
        "a space, a tab, a carriage return" => {
            |text| one(text, |sign| matches!(sign, ' ' | '\t' | '\r'))
        }
        "a line feed" => |text| one(text, |sign| sign == '\n'),
        "any sign but a line feed" => |text| one(text, |sign| sign != '\n'),
        "U+FEFF" => |text| one(text, |sign| sign == '\u{feff}'),
        "one to six hexadecimal digits, the number of a letter" => {
            |text| text.iter().take(6).take_while(|sign| sign.is_ascii_hexdigit()).count()
        }
        _ => return None,
    })
}

/// Returns something of a class that the grammar describes in words; none for a condition.
fn sample(words: &str, seed: u64) -> Option<String> {
    let samples: &[&str] = match words {
        "a letter of any script" => &["a", "b", "k", "Z", "é", "ч", "λ", "条"],
        "a combining mark, or a digit of another script" => &["\u{30c}", "٣"],
        "a space, a tab, a carriage return" => &[" ", "  ", " ", "\t"],
        "a line feed" => &["\n", "\n", "\n", "\r\n"],
        "any sign but a line feed" => &[
            "a", "m", "7", "0", "-", "_", " ", " ", "é", "щ", "条", "~", "?", "/", ".", "%", "X",
            "=", "@", ":", ";", ",", "(", ")", "[", "]", "{", "}", "|", "#", "\"", "\\", "'", "*",
        ],
        "U+FEFF" => &["\u{feff}"],
        "one to six hexadecimal digits, the number of a letter" => &["e9", "41", "1F600", "00e9"],
        _ => return None,
    };
    Some(samples[seed as usize % samples.len()].to_owned())
}

fn parse(text: &str) -> Vec<Diagnostic> {
    let mut sources = Sources::new();
    let file = sources.add("a.kb", text);
    parse_file(&sources, file).1
}

#[test]
fn every_name_in_a_grammar_is_defined_and_used() {
    let grammar = grammar();
    let mut used = Vec::new();
    for production in &grammar.productions {
        let mut open = vec![&production.node];
        while let Some(node) = open.pop() {
            match node {
                Node::Name(name) => {
                    let found = grammar.find(&production.language, name);
                    let found = found.unwrap_or_else(|| panic!("{name} in {}", production.name));
                    used.push((&found.language, &found.name));
                }
                Node::Sequence(nodes) | Node::Choice(nodes) => open.extend(nodes),
                Node::Optional(node) | Node::Repeat(node) => open.push(node),
                Node::Except(node, other) => open.extend([&**node, &**other]),
                Node::Literal(_) | Node::Special(_) => {}
            }
        }
    }
    for production in grammar.productions.iter().filter(|each| each.kind != Kind::Unsaid) {
        let is_used = used.contains(&(&production.language, &production.name));
        assert!(is_used || production.name == "file", "nothing leads to `{}`", production.name);
    }
}

/// Finds the productions that doc comments name, `` `name = … ` ``, with the place of each.
fn documented(paths: &[&str]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let files = paths.iter().flat_map(|path| markdown::files(&root().join(path), "rs"));
    for path in files.collect::<Vec<PathBuf>>() {
        let text = fs::read_to_string(&path).expect("a source is a text");
        let mut comment = String::new();
        for line in text.lines().map(str::trim) {
            if let Some(said) = line.strip_prefix("///") {
                comment += said;
                continue;
            }
            let shown = format!("{}: {line}", path.display());
            for name in
                comment.split('`').skip(1).step_by(2).filter_map(|code| code.split_once(" = "))
            {
                assert!(line.contains("fn "), "`{}` is said of no function in {shown}", name.0);
                let earlier = found.insert(name.0.to_owned(), shown.clone());
                assert_eq!(earlier, None, "`{}` has two parsers", name.0);
            }
            comment.clear();
        }
    }
    found
}

#[test]
fn every_production_has_its_parser_and_back() {
    let grammar = grammar();
    for (language, paths) in PARSERS {
        let found = documented(paths);
        let of_language = || grammar.productions.iter().filter(|each| each.language == language);
        let named: Vec<_> =
            of_language().filter(|each| matches!(each.kind, Kind::Lines | Kind::Signs)).collect();
        assert!(!named.is_empty(), "{language} has productions");
        for production in &named {
            let name = &production.name;
            assert!(found.contains_key(name), "no parser says that it parses `{name} = …`");
        }
        for (name, place) in &found {
            let is_named = named.iter().any(|each| each.name == *name);
            assert!(is_named, "`{name}` is no production with a parser, says {place}");
        }
    }
}

#[test]
fn the_parser_takes_every_sentence() {
    let grammar = grammar();
    for seed in 0..SENTENCES {
        let text = Inventor::new(&grammar, class, sample, seed).sentence("facts", "file", DEPTH);
        let found = parse(&text);
        // No grammar can count cells.
        let faults = found.iter().filter(|each| each.code.name != "row-too-long");
        let told: Vec<_> = faults
            .map(|fault| {
                let behind = &text[fault.primary.span.start as usize..];
                format!("{}: {} at {behind:?}", fault.code.number, fault.message)
            })
            .collect();
        assert!(told.is_empty(), "sentence {seed}, {text:?}\n{}", told.join("\n"));
    }
}

/// Cuts a text at its margins: whatever stands before the first item goes with it.
fn items(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut has_item = false;
    for line in text.lines() {
        let begins = !line.is_empty() && !line.starts_with([' ', '\t', '\r', '#']);
        if items.is_empty() || (begins && has_item) {
            items.push(String::new());
        }
        has_item |= begins;
        if let Some(last) = items.last_mut() {
            last.push_str(line);
            last.push('\n');
        }
    }
    items
}

#[test]
fn every_item_of_kb_is_a_sentence() {
    let grammar = grammar();
    for path in markdown::files(&root().join("kb"), "kb") {
        let text = fs::read_to_string(&path).expect("facts are a text");
        for item in items(&text) {
            let is_sentence = Recogniser::new(&grammar, class, &item).is("facts", "file");
            assert!(is_sentence, "{}\n{item}", path.display());
        }
    }
}

#[test]
fn a_mistake_of_syntax_is_no_sentence() {
    let grammar = grammar();
    for path in markdown::files(&root().join("docs/errors"), "md") {
        let name = path.file_stem().expect("a page has a name").to_string_lossy().into_owned();
        let page = fs::read_to_string(&path).expect("a page is a text");
        for fence in markdown::fences(&page).filter(|fence| fence.language() == "kb") {
            // KB0011 counts cells, which no grammar can.
            let is_wrong =
                fence.text.starts_with("# wrong") && name.starts_with("KB00") && name != "KB0011";
            let is_sentence = Recogniser::new(&grammar, class, &fence.text).is("facts", "file");
            assert_eq!(is_sentence, !is_wrong, "{name}, line {}\n{}", fence.line, fence.text);
        }
    }
}
