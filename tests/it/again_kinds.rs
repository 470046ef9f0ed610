//! Each kind of change that may tell on other files, by ledger and index, and by reading everything.

use crate::again_ties::{built, checked};
use regesta::index::LEDGER_NAME;
use regesta::pipeline::Cache;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const SCHEMA: &str = "relation polity, polities\n  founded: date ?\n  code: text ? unique\n  succeeds: polity * acyclic\n\n\
relation event, events\n  date: date *\n  terms: text *\n\nsource archive \"Archive\"\n\n";

const FILES: u32 = 40;

fn path_of(root: &Path, file: u32) -> PathBuf {
    root.join(format!("kb/part-{file:02}.kb"))
}

fn text_of(file: u32) -> String {
    let mut text = String::from("cite archive\n\n");
    let _ = writeln!(text, "polity p-{file} \"Polity {file}\"\n  code: \"c{file}\"");
    if file == 1 {
        text.push_str("  also: \"Old 1\" (1501/1504)\n");
    }
    if file > 0 {
        let _ = writeln!(text, "  succeeds: p-{}", file - 1);
    }
    let date = match file {
        4 | 5 => format!("15XX (after: e-{})", file - 1),
        6 => String::from("15XX (before: e-7)"),
        _ => (1500 + file).to_string(),
    };
    let _ = writeln!(text, "\nevent e-{file} \"Event {file}\"\n  date: {date}");
    let _ = writeln!(text, "\n# {}", "as long as others are ".repeat(340));
    text
}

/// What is replaced by what, in which file.
type Edit = (u32, &'static str, &'static str);

/// Compares a check that has a ledger alone, and a build, with those of a base that is read as a whole; returns how the
/// first two went.
fn compare(root: &Path, edits: &[Edit], what: &str) -> (Cache, Cache) {
    let [by_ledger, by_index, fresh] = ["ledger", "index", "fresh"].map(|name| root.join(name));
    for root in [&by_ledger, &by_index, &fresh] {
        for (file, from, to) in edits {
            let text = fs::read_to_string(path_of(root, *file)).unwrap();
            assert!(text.contains(from), "{what}");
            fs::write(path_of(root, *file), text.replacen(from, to, 1)).unwrap();
        }
    }
    let expected = built(&fresh);
    let (check, build) = (checked(&by_ledger), built(&by_index));
    assert!(check.0 == expected.0, "{what}: {}\nand not {}", check.0.printed, expected.0.printed);
    assert!(build.0 == expected.0, "{what}: {}\nand not {}", build.0.printed, expected.0.printed);
    assert!(build.2 == expected.2, "{what}: the indexes differ");
    (check.1, build.1)
}

fn compare_all(schema: &str, changes: &[(&str, Cache, Cache, Vec<Edit>)]) {
    for (what, check, build, edits) in changes {
        let folder = tempfile::tempdir().unwrap();
        for name in ["ledger", "index", "fresh"] {
            let root = folder.path().join(name);
            fs::create_dir_all(root.join("kb")).unwrap();
            fs::write(root.join("kb/00-schema.kb"), schema).unwrap();
            (0..FILES).for_each(|file| fs::write(path_of(&root, file), text_of(file)).unwrap());
        }
        assert_eq!(checked(&folder.path().join("ledger")).1, Cache::Unused);
        assert_eq!(built(&folder.path().join("index")).1, Cache::Unused);
        let went = compare(folder.path(), edits, what);
        assert_eq!(went, (*check, *build), "{what}");
    }
}

#[test]
fn values_that_must_be_unique_and_links_that_must_not_lead_back() {
    use Cache::{Unused, Used};
    compare_all(
        SCHEMA,
        &[
            ("a value of its own", Used, Used, vec![(3, "\"c3\"", "\"c99\"")]),
            ("a value that another file has", Unused, Unused, vec![(3, "\"c3\"", "\"c5\"")]),
            ("it is rejected", Used, Used, vec![(3, "\"c3\"", "\"c5\" (rejected)")]),
            (
                "values that are exchanged",
                Used,
                Used,
                vec![(3, "\"c3\"", "\"c5\""), (5, "\"c5\"", "\"c3\"")],
            ),
            (
                "a value twice in changed files",
                Unused,
                Unused,
                vec![(3, "\"c3\"", "\"c98\""), (5, "\"c5\"", "\"c98\"")],
            ),
            ("a link more", Used, Used, vec![(9, "p-8", "p-8, p-2")]),
            ("a link that leads back", Unused, Unused, vec![(2, "p-1", "p-1, p-9")]),
            ("a link that leads to itself", Unused, Unused, vec![(2, "p-1", "p-2")]),
            (
                "a link that leads back no more",
                Used,
                Used,
                vec![(2, "p-1", "p-9"), (5, "  succeeds: p-4\n", "")],
            ),
        ],
    );
}

#[test]
fn dates_that_other_records_place() {
    use Cache::{Unused, Used};
    compare_all(
        SCHEMA,
        &[
            (
                "the date of an anchor, so that two others move",
                Used,
                Used,
                vec![(3, "1503", "1543")],
            ),
            ("another name of an anchor", Used, Used, vec![(3, "\"Event 3\"", "\"Event\"")]),
            ("a date placed by another record", Used, Used, vec![(5, "after: e-4", "after: e-9")]),
            ("a date that is placed no more", Used, Used, vec![(4, " (after: e-3)", "")]),
            (
                "an anchor that was none",
                Used,
                Used,
                vec![(15, "date: 1515", "date: 151X (4 days after: e-14)")],
            ),
            (
                "an anchor in another file",
                Used,
                Used,
                vec![
                    (3, "event e-3 \"Event 3\"\n  date: 1503\n", ""),
                    (9, "event e-9", "event e-3\n  date: 1520\n\nevent e-9"),
                ],
            ),
            ("an anchor whose date is not recorded", Used, Used, vec![(3, "  date: 1503\n", "")]),
            (
                "one of several dates in braces is not placed",
                Used,
                Used,
                vec![(5, "15XX", "{1505,1506}"), (6, "before: e-7", "before: e-8")],
            ),
            ("a contradiction", Unused, Unused, vec![(3, "1503", "1623")]),
            ("a circle", Unused, Unused, vec![(3, "1503", "unknown (after: e-5)")]),
        ],
    );
}

#[test]
fn names_with_the_time_of_their_use() {
    use Cache::{Unused, Used};
    let schema = SCHEMA.replace(
        "source archive",
        "polity old\n  also: \"Realm\" (1500/1503)\n  source: archive\n\nsource archive",
    );
    let date = "  date: 1512\n";
    compare_all(
        &schema,
        &[
            ("nothing of names", Used, Used, vec![(3, "\"c3\"", "\"c99\"")]),
            (
                "a name out of its time",
                Used,
                Used,
                vec![(12, date, "  date: 1512\n  terms: \"Peace with Realm\"\n")],
            ),
            (
                "a name that now is always in use",
                Unused,
                Used,
                vec![(3, "\"c3\"", "\"c3\"\n  also: \"Realm\"")],
            ),
        ],
    );
}

#[test]
fn damage_to_what_ties_files_together_is_never_believed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("kb")).unwrap();
    fs::write(root.join("kb/00-schema.kb"), SCHEMA).unwrap();
    (0..FILES).for_each(|file| fs::write(path_of(root, file), text_of(file)).unwrap());
    checked(root);
    let text = text_of(3).replace("p-2", "p-2, p-1").replace("\"c3\"", "\"c99\"");
    fs::write(path_of(root, 3), text.replace("1503", "1513")).unwrap();
    let path = root.join(".regesta").join(LEDGER_NAME);
    let kept = fs::read(&path).unwrap();
    let expected = checked(root);
    assert_eq!(expected.1, Cache::Used);
    let mut told = 0;
    for place in (0..kept.len()).step_by(kept.len() / 50) {
        let mut flipped = kept.clone();
        flipped[place] ^= 1 << (place % 8);
        fs::write(&path, &flipped).unwrap();
        let again = checked(root);
        assert_eq!(again.0, expected.0, "byte {place}");
        told += u32::from(again.1 == Cache::Damaged);
    }
    // Bytes of files that need not be looked at are not compared either.
    assert!(told > 30, "{told}");
}
