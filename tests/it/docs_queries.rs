//! The questions in the README and in `docs/` are understood, and answered as the pages say.
//!
//! | fence | what is asked of it |
//! |---|---|
//! | `query` | each question, parted by empty lines, is understood |
//! | `console` with `regesta query` | it prints what stands below it |
//! | `# wrong` in `docs/errors/` | the code of the page is found, and nothing else |
//! | `# right` there | nothing is found |

use crate::markdown::fences;
use crate::pages::{Folder, Page, is_question, pages, told};
use regesta::diagnostic::CODES;
use regesta::pipeline::{ask, open};
use regesta::query::Allowance;
use std::fs;

/// Reports what is wrong with a question, a line a finding.
fn findings(folder: &Folder, question: &str) -> Vec<String> {
    let index = open(&folder.project(), || ()).expect("an index");
    ask(&index, question, &Allowance::default())
        .expect("an answer")
        .findings
        .iter()
        .map(told)
        .collect()
}

/// The questions of an example, without the line that says what it shows.
fn questions(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let text = lines.collect::<Vec<_>>().join("\n");
    text.split("\n\n").map(|each| each.trim().to_owned()).filter(|each| !each.is_empty()).collect()
}

#[test]
fn the_pages_say_what_is_answered() {
    for path in pages() {
        Page::read(&path).run(is_question, |page, fence| {
            if fence.language() != "query" {
                return;
            }
            for question in questions(&fence.text) {
                let found = findings(&page.folder, &question);
                assert_eq!(found, [""; 0], "{}: {question}", page.place(fence));
            }
        });
    }
}

#[test]
fn the_pages_of_the_codes_of_queries_show_them() {
    let kb = Folder::of_kb();
    for code in CODES {
        let base = fences(code.explanation).find(|fence| fence.text.starts_with("# base"));
        let own = base.map(|base| Folder::of(&base.text));
        for fence in fences(code.explanation).filter(|fence| fence.language() == "query") {
            let place = format!("docs/errors/{}.md:{}", code.number, fence.line);
            let found = questions(&fence.text)
                .iter()
                .flat_map(|question| findings(own.as_ref().unwrap_or(&kb), question))
                .collect::<Vec<_>>();
            let codes: Vec<_> = found.iter().filter_map(|line| line.split(' ').next()).collect();
            match fence.text.lines().next() {
                Some("# wrong") => assert_eq!(codes, [code.number], "{place}: {found:?}"),
                Some("# right") => assert_eq!(found, [""; 0], "{place}"),
                other => panic!("{place} begins with {other:?}"),
            }
        }
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    for path in pages() {
        let text = fs::read_to_string(&path).expect("a page is a text");
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.contains("://") && !target.starts_with('#')) {
            let file = target.split('#').next().unwrap_or("");
            let is_there = path.parent().is_some_and(|folder| folder.join(file).exists());
            assert!(is_there, "{}: {target}", path.display());
        }
    }
}
