//! A second check reads only what has changed, and finds what reading everything finds.

use regesta::diagnostic::Diagnostic;
use regesta::index::{INDEX_NAME, Index, LEDGER_NAME, STAMP_NAME};
use regesta::pipeline::{Cache, Project, build, check};
use regesta::render::{MessageFormat, Style, write_diagnostics};
use std::fmt::Write;
use std::fs;
use std::path::Path;

const SCHEMA: &str = "relation polity, polities\n  founded: date ?\n  kind: words kingdom | republic ?\n\n\
relation person, persons\n  served: polity *\n  born: date ?\n\nsource archive \"Archive\"\n\n";

const FILES: usize = 24;
const RECORDS: usize = 145;

/// Writes a base. Some of its records have faults of their own, if `faults` says so.
fn write_base(root: &Path, faults: Faults) {
    fs::create_dir_all(root.join("kb")).unwrap();
    fs::write(root.join("kb/00-schema.kb"), SCHEMA).unwrap();
    for file in 0..FILES {
        fs::write(path_of(root, file), text_of(file, faults)).unwrap();
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Faults {
    None,
    OfTheirOwn,
}

fn path_of(root: &Path, file: usize) -> std::path::PathBuf {
    root.join(format!("kb/part-{file:02}.kb"))
}

fn text_of(file: usize, faults: Faults) -> String {
    let mut text = String::from("cite archive\n\n");
    for number in 0..RECORDS {
        let id = file * RECORDS + number;
        let other = (id * 7919) % (FILES * RECORDS);
        let fault = match (faults, id % 97) {
            (Faults::None, _) => "",
            (_, 0) => "  founded: 1922-13-01\n",
            (_, 1) => "  kind: empire\n",
            (_, 2) => "  knid: republic\n",
            (_, 3) => "  also: \"open\n",
            _ => "",
        };
        let _ = write!(text, "polity polity-{id} \"Polity {id}\"\n{fault}\n");
        let _ = write!(text, "person person-{id}\n  served: polity-{other}\n  born: 1900\n\n");
    }
    text
}

fn project(root: &Path) -> Project {
    Project::locate(Some(root), root).unwrap()
}

/// What a check says, in full.
fn said(root: &Path) -> (Vec<Diagnostic>, String, usize, Cache) {
    let checked = check(&project(root)).unwrap();
    let mut out = Vec::new();
    let (sources, findings) = (&checked.sources, &checked.findings);
    write_diagnostics(&mut out, sources, findings, MessageFormat::Human, Style::PLAIN).unwrap();
    let printed = String::from_utf8(out).unwrap();
    (checked.findings, printed, checked.written_records, checked.cache)
}

fn ledger(root: &Path) -> std::path::PathBuf {
    root.join(".regesta").join(LEDGER_NAME)
}

fn index(root: &Path) -> std::path::PathBuf {
    root.join(".regesta").join(INDEX_NAME)
}

/// What a build finds, the index that it writes, and how it went.
fn built(root: &Path) -> (Vec<Diagnostic>, Vec<u8>, Cache) {
    let (checked, _) = build(&project(root), None).unwrap();
    (checked.findings, fs::read(index(root)).unwrap(), checked.cache)
}

/// Checks and builds by ledger and index and without them, compares, and returns how that went; both stay as they were.
fn compare(root: &Path, what: &str) -> Cache {
    let stamp = root.join(".regesta").join(STAMP_NAME);
    let kept = [ledger(root), index(root), stamp].map(|path| (fs::read(&path).unwrap(), path));
    let is_sound = Index::open(&index(root)).unwrap().faults().errors == 0;
    let again = said(root);
    let restore = || kept.iter().for_each(|(bytes, path)| fs::write(path, bytes).unwrap());
    restore();
    let built_again = built(root);
    kept.iter().for_each(|(_, path)| fs::remove_file(path).unwrap());
    let fresh = said(root);
    assert_eq!(fresh.3, Cache::Unused, "{what}");
    assert_eq!(again.0, fresh.0, "{what}");
    assert_eq!((again.1, again.2), (fresh.1, fresh.2), "{what}");
    fs::remove_file(ledger(root)).ok();
    let built_fresh = built(root);
    assert_eq!((&built_again.0, &built_fresh.0), (&fresh.0, &fresh.0), "{what}");
    // An index with errors lacks what sound files say of what is faulty.
    let expected = if is_sound { again.3 } else { Cache::Unused };
    assert_eq!((built_again.2, built_fresh.2), (expected, Cache::Unused), "{what}");
    assert!(built_again.1 == built_fresh.1, "{what}: the indexes differ");
    restore();
    again.3
}

fn change(root: &Path, file: usize, change: impl Fn(String) -> String) {
    let path = path_of(root, file);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, change(text)).unwrap();
}

#[test]
fn a_check_by_the_ledger_finds_what_a_fresh_one_finds() {
    for faults in [Faults::None, Faults::OfTheirOwn] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write_base(root, faults);
        let first = built(root);
        assert_eq!(first.0.is_empty(), faults == Faults::None);
        assert_eq!(compare(root, "nothing has changed"), Cache::Used);
        let last = FILES * RECORDS;
        // What is done to a file, and whether it can be judged without reading the others.
        type Change<'c> = (&'c str, Cache, Box<dyn Fn(String) -> String>);
        let changes: Vec<Change<'_>> = vec![
            ("a value", Cache::Used, Box::new(|text| text.replacen("born: 1900", "born: 1901", 3))),
            ("a faulty value", Cache::Used, Box::new(|text| text.replacen("1900", "19o0", 2))),
            ("an unknown field", Cache::Used, Box::new(|text| text.replacen("born", "brn", 2))),
            ("a fault of syntax", Cache::Used, Box::new(|text| text.replacen("1900", "[1900", 1))),
            (
                "a record of its own",
                Cache::Used,
                Box::new(move |text| format!("{text}person person-{last}\n  served: polity-17\n")),
            ),
            (
                "a record that the file itself names",
                Cache::Used,
                Box::new(|text| {
                    format!("{text}polity new \"New\"\n\nperson p\n  served: new, polity-1\n")
                }),
            ),
            (
                "an identifier that another file has",
                Cache::Unused,
                Box::new(|text| format!("{text}polity polity-1 \"Again\"\n")),
            ),
            (
                "an identifier twice in one file",
                Cache::Unused,
                Box::new(|text| format!("{text}polity new\n\npolity new\n")),
            ),
            (
                "a name that nothing bears",
                Cache::Unused,
                Box::new(|text| text.replacen("served: polity-", "served: polty-", 1)),
            ),
            (
                "a name in quotation marks",
                Cache::Unused,
                Box::new(|text| {
                    text.replacen("  born: 1900", "  served: \"Polity 1\"\n  born: 1900", 1)
                }),
            ),
            (
                "a name of the wrong relation",
                Cache::Unused,
                Box::new(|text| text.replacen("served: polity-", "served: person-", 1)),
            ),
            (
                "a record that others name",
                Cache::Unused,
                Box::new(|text| text.replacen("polity polity-", "polity renamed-", 1)),
            ),
            (
                "a record that is of another relation",
                Cache::Unused,
                Box::new(|text| text.replacen("polity polity-", "person polity-", 1)),
            ),
            (
                "a relation that is not there",
                Cache::Unused,
                Box::new(|text| format!("{text}policy new-policy\n")),
            ),
            (
                "a declaration",
                Cache::Unused,
                Box::new(|text| format!("{text}relation office, offices\n")),
            ),
            (
                "a check",
                Cache::Unused,
                Box::new(|text| {
                    format!("{text}check early \"too early\"\n  polities where founded < 1000\n")
                }),
            ),
            ("an identifier kept", Cache::Unused, Box::new(|text| format!("{text}polity rule\n"))),
            ("a line of nothing", Cache::Unused, Box::new(|text| format!("{text}– ?\n"))),
        ];
        for (what, expected, how) in changes {
            change(root, 3, how);
            assert_eq!(compare(root, what), expected, "{what}");
            fs::write(path_of(root, 3), text_of(3, faults)).unwrap();
        }
    }
}

#[test]
fn files_come_and_go() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_base(root, Faults::OfTheirOwn);
    let one = root.join("kb/one.kb");
    fs::write(&one, "polity one\n").unwrap();
    change(root, 5, |text| format!("{text}person other\n  served: one\n"));
    built(root);
    fs::write(root.join("kb/a-first.kb"), "cite archive\n\nperson first\n  served: polity-5\n")
        .unwrap();
    assert_eq!(compare(root, "a file more, before the others"), Cache::Used);
    fs::remove_file(one).unwrap();
    assert_eq!(compare(root, "a file less, whose records others name"), Cache::Unused);
    change(root, 5, |text| text.replace("  served: one\n", ""));
    assert_eq!(compare(root, "files changed, more and less"), Cache::Used);
}

#[test]
fn a_change_of_the_schema_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_base(root, Faults::OfTheirOwn);
    built(root);
    let schema = root.join("kb/00-schema.kb");
    fs::write(&schema, SCHEMA.replace("kind: words kingdom", "kind: words empire | kingdom"))
        .unwrap();
    assert_eq!(compare(root, "a word more"), Cache::Unused);
    fs::write(&schema, format!("# a comment\n{SCHEMA}")).unwrap();
    assert_eq!(compare(root, "a comment"), Cache::Used);
}

#[test]
fn a_damaged_ledger_is_never_believed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_base(root, Faults::OfTheirOwn);
    let fresh = said(root);
    change(root, 3, |text| format!("{text}person new\n  served: polity-5\n"));
    let kept = fs::read(ledger(root)).unwrap();
    let expected = said(root);
    assert_eq!((expected.3, expected.0.len()), (Cache::Used, fresh.0.len()));
    let mut told = 0;
    for place in (0..40).chain((40..kept.len()).step_by(kept.len() / 40)) {
        let mut flipped = kept.clone();
        flipped[place] ^= 1 << (place % 8);
        fs::write(ledger(root), &flipped).unwrap();
        let again = said(root);
        assert_eq!((&again.0, &again.1), (&expected.0, &expected.1), "byte {place}");
        told += usize::from(again.3 == Cache::Damaged);
    }
    // Bytes of files that need not be looked at are not compared either.
    assert!(told > 40, "{told}");
    for length in [0, 1, 39, 40, kept.len() / 2, kept.len() - 1] {
        fs::write(ledger(root), &kept[..length]).unwrap();
        let again = said(root);
        assert_eq!((&again.0, again.3), (&expected.0, Cache::Damaged), "{length} bytes");
    }
}

#[test]
fn the_index_is_the_same_on_any_number_of_cores() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_base(root, Faults::OfTheirOwn);
    // Large enough to be parsed in pieces, with sources in force across them.
    let large: String = (0..30).map(|file| text_of(file + FILES, Faults::OfTheirOwn)).collect();
    fs::write(root.join("kb/large.kb"), large.repeat(2)).unwrap();
    let mut built = Vec::new();
    for cores in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().unwrap();
        let (checked, _) = pool.install(|| build(&project(root), None)).unwrap();
        let index = fs::read(root.join(".regesta/index")).unwrap();
        built.push((checked.findings, index));
    }
    assert!(!built[0].0.is_empty());
    for other in &built[1..] {
        assert_eq!(built[0].0, other.0);
        assert!(built[0].1 == other.1, "the bytes differ");
    }
}

#[test]
fn an_index_that_lacks_something_is_not_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_base(root, Faults::None);
    let sound = built(root);
    // What others say of a record that is gone is left out, though their files are as they were.
    change(root, 3, |text| text.replacen("polity polity-", "polity renamed-", 1));
    assert!(!built(root).0.is_empty());
    fs::write(path_of(root, 3), text_of(3, Faults::None)).unwrap();
    let mended = built(root);
    assert_eq!(mended.0, sound.0);
    assert!(mended.1 == sound.1, "the indexes differ");
}

#[test]
fn strings_that_nothing_has_are_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_base(root, Faults::None);
    let loose = "polity\n  founded: (note: \"overridden\") 1900 (note: \"its own\")\n";
    change(root, 3, |text| format!("{text}{loose}"));
    built(root);
    assert!(!ledger(root).exists());
    change(root, 3, |text| text.replace("(note: \"overridden\") ", ""));
    built(root);
    change(root, 5, |text| format!("{text}polity\n"));
    assert_eq!(compare(root, "records without identifiers"), Cache::Used);
}
