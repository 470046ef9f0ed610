//! The examples of the README and of `docs/` run, and say what happens.
//!
//! | fence | what is asked of it |
//! |---|---|
//! | `kb` | it is sound by itself |
//! | `kb` with `# file: NAME` | it is written for the commands that follow; in the end all is sound |
//! | `kb,fragment` | it is sound beside `kb/`, whose checks and expectations are left out |
//! | `kb,excerpt` | it stands in `kb/` word for word |
//! | `console` | each command prints what stands below it |
//! | `# wrong` in `docs/errors/` | the code of the page is found, and nothing else |
//! | `# right` there | nothing is found |

use crate::markdown::{Fence, fences, files};
use crate::pages::{Folder, Page, is_question, pages, root};
use regesta::diagnostic::CODES;
use regesta::model::{BUILTIN_FIELDS, is_reserved};
use std::collections::BTreeSet;
use std::fs;

#[test]
fn the_pages_say_what_happens() {
    for path in pages() {
        Page::read(&path).run(
            |command| !is_question(command),
            |page, fence| {
                if fence.language() == "kb" {
                    facts(page, fence);
                }
            },
        );
    }
}

fn facts(page: &Page, fence: &Fence) {
    if fence.is("excerpt") {
        return excerpt(page, fence);
    }
    let folder = match fence.is("fragment") {
        true => Folder::beside_kb(),
        false => Folder::empty(),
    };
    folder.write("kb/example.kb", &fence.text);
    assert_eq!(folder.check(), [""; 0], "{}", page.place(fence));
}

/// Every item of an excerpt stands in `kb/`; of a table, every row.
fn excerpt(page: &Page, fence: &Fence) {
    let paths = files(&root().join("kb"), "kb").into_iter();
    let texts: Vec<String> = paths.map(|path| fs::read_to_string(path).expect("facts")).collect();
    let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let known: BTreeSet<String> =
        texts.iter().flat_map(|text| text.lines()).map(squeezed).collect();
    for item in fence.text.split("\n\n") {
        let is_whole = texts.iter().any(|text| text.contains(item.trim_end()));
        let is_table = item.starts_with("table ") || item.starts_with("cite ");
        let is_there =
            is_whole || (is_table && item.lines().all(|line| known.contains(&squeezed(line))));
        assert!(is_there, "{}: not in kb/\n{item}", page.place(fence));
    }
}

#[test]
fn the_pages_of_the_codes_show_them() {
    let mut wrong = Vec::new();
    for code in CODES {
        let page = code.explanation;
        let heading = format!("# {} {}: {}", code.number, code.name, code.title);
        assert_eq!(page.lines().next(), Some(heading.as_str()));
        assert!(fences(page).count() >= 2, "{} shows a mistake and its mending", code.number);
        if code.number == "KB1020" {
            // It is told of a question that uses a faulty rule; among the facts the rule's own fault is told.
            continue;
        }
        for fence in fences(page).filter(|fence| fence.language() == "kb") {
            let found = Folder::of(&fence.text).check();
            let codes: Vec<_> = found.iter().filter_map(|line| line.split(' ').next()).collect();
            let is_so = match fence.text.lines().next() {
                Some("# wrong") => codes == [code.number],
                Some("# right" | "# base") => codes.is_empty(),
                _ => false,
            };
            if !is_so {
                wrong.push(format!("docs/errors/{}.md:{}: {found:?}", code.number, fence.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_words_that_the_page_keeps_are_kept() {
    let page = fs::read_to_string(root().join("docs/language.md")).expect("the page is there");
    let (_, section) = page.split_once("## What the language keeps for itself").expect("a section");
    let (section, _) = section.split_once("A *field* may").expect("its end");
    let lists = section.split('`').skip(1).step_by(2);
    let words: BTreeSet<&str> = lists.flat_map(str::split_whitespace).collect();
    for word in words.iter().chain(BUILTIN_FIELDS) {
        assert!(is_reserved(word) && words.contains(word), "{word}");
    }
}
