//! `tests/errors/`: each file, or folder of files, says on the line itself what is wrong with it.
//!
//! `#~ KB0201 9..15 "germany"` expects that code on this line, from column 9 up to 15, and these words somewhere in
//! what is said; columns and words may be left out, and several expectations are parted by `;`. Nothing else may be
//! found. Every code of the bands of facts has a file that is called after it.

use crate::texts::{check, shown};
use regesta::diagnostic::{CODES, Diagnostic};
use regesta::source::Sources;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug)]
struct Expected {
    file: String,
    line: u32,
    code: String,
    columns: Option<(u32, u32)>,
    words: Option<String>,
}

fn expectations(file: &str, text: &str) -> Vec<Expected> {
    let mut expected = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        let Some((_, wanted)) = content.rsplit_once("#~ ") else { continue };
        for one in wanted.split("; KB").map(|one| one.trim()) {
            let one = if one.starts_with("KB") { one.to_string() } else { format!("KB{one}") };
            let (head, words) = match one.split_once(" \"") {
                Some((head, words)) => (head, words.strip_suffix('"').map(String::from)),
                None => (one.as_str(), None),
            };
            let mut head = head.split_whitespace();
            let code = head.next().expect("a code").to_string();
            let columns = head.next().map(|columns| {
                let (start, end) = columns.split_once("..").expect("columns as 9..15");
                (start.parse().expect("a column"), end.parse().expect("a column"))
            });
            expected.push(Expected { file: file.into(), line, code, columns, words });
        }
    }
    expected
}

fn fits(sources: &Sources, found: &Diagnostic, expected: &Expected) -> bool {
    let span = found.primary.span;
    let file = sources.file(span.file);
    let (start, end) = (sources.start(span), file.place(span.end));
    let columns = (start.column, end.column);
    let said = [&found.message, &found.primary.text].into_iter().chain(&found.help);
    let mut said = said.chain(&found.notes);
    file.path == expected.file
        && start.line == expected.line
        && found.code.number == expected.code
        && expected.columns.is_none_or(|wanted| wanted == columns)
        && expected.words.as_ref().is_none_or(|words| said.any(|text| text.contains(words)))
}

/// Returns what does not agree with the expectations.
fn disagreements(case: &Path) -> Vec<String> {
    let paths: Vec<PathBuf> = match case.is_dir() {
        true => fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path()).collect(),
        false => vec![case.to_path_buf()],
    };
    let mut files: Vec<(String, Vec<u8>)> = paths
        .iter()
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    let (sources, findings) =
        check(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
    let texts = files.iter().map(|(name, bytes)| (name, String::from_utf8_lossy(bytes)));
    let mut expected: Vec<Expected> =
        texts.flat_map(|(name, text)| expectations(name, &text)).collect();
    let mut wrong = Vec::new();
    let case = case.file_name().unwrap().to_string_lossy();
    for found in &findings {
        match expected.iter().position(|expected| fits(&sources, found, expected)) {
            Some(place) => drop(expected.remove(place)),
            None => wrong.push(format!("{case}: not expected: {}", shown(&sources, found))),
        }
    }
    wrong.extend(expected.iter().map(|missing| format!("{case}: missing: {missing:?}")));
    wrong
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let mut cases: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

#[test]
fn every_file_gives_what_it_says_and_nothing_else() {
    let wrong: Vec<String> = cases().iter().flat_map(|case| disagreements(case)).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_code_about_facts_has_a_file() {
    let names: Vec<String> = cases()
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    for code in CODES.iter().filter(|code| code.number < "KB09") {
        assert!(
            names.iter().any(|name| name.starts_with(code.number)),
            "no file for {} {}",
            code.number,
            code.name
        );
    }
}
