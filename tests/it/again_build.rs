//! A build takes from the index what has not changed, and writes what reading everything gives, byte by byte.

use crate::index_facts::Random;
use regesta::index::{INDEX_NAME, Index, STAMP_NAME};
use regesta::pipeline::{Cache, Project, build, check};
use std::fmt::Write;
use std::fs;
use std::path::Path;

const SCHEMA: &str = "relation polity, polities\n  founded: date ?\n  kind: words kingdom | republic ?\n  ended: period *\n\n\
relation treaty, treaties\n  signed: date *\n  party: polity *\n  cost: quantity GBP | mark *\n  rank: integer ?\n  terms: text *\n  web: url ?\n\n\
rule signed-by(t: treaty, p: polity)\n  if t.party = p\n\n\
check early warning \"the treaty `{id}` is too early\"\n  treaties where year < 1500\n\n";

const FILES: usize = 24;
/// Others refer to so many polities of each file.
const NAMED: u32 = 12;

/// Writes the text of a file, another one for each seed, but for what others name.
fn text_of(file: usize, seed: u64) -> String {
    let mut random = Random::new(seed * 1000 + file as u64);
    let mut text = String::new();
    for source in 0..2 {
        let _ = writeln!(text, "source book-{file}-{source} \"Book {}\"\n", random.below(30));
    }
    for number in 0..NAMED {
        let _ = writeln!(text, "polity p-{file}-{number} \"Polity {}\"", random.below(500));
        if random.below(2) == 0 {
            let _ = writeln!(text, "  founded: {}", date(&mut random));
        }
        let _ = writeln!(text, "  source: {}\n", cited(file, &mut random));
    }
    if random.below(2) == 0 {
        let _ = writeln!(text, "cite book-{file}-0 \"p. {}\"\n", random.below(9));
    }
    for number in 0..8 + random.below(16) {
        let id = match random.below(4) {
            0 => String::new(),
            _ => format!(" t-{file}-{number}-{}", random.below(3)),
        };
        let _ = writeln!(text, "treaty{id}{}", parenthesis(file, &mut random));
        for _ in 0..random.below(4) {
            let (other, party) = (random.below(FILES as u32), random.below(NAMED));
            let behind = parenthesis(file, &mut random);
            let _ = writeln!(text, "  party: p-{other}-{party}{behind}");
        }
        for _ in 0..random.below(3) {
            let behind = parenthesis(file, &mut random);
            let _ =
                writeln!(text, "  signed:{behind} {}, {}", date(&mut random), date(&mut random));
        }
        for _ in 0..random.below(3) {
            let unit = random.pick(&["GBP", "mark"]);
            let _ = writeln!(text, "  cost: {}..{} {unit}", random.below(20), 20 + random.below(9));
        }
        if random.below(2) == 0 {
            let _ = writeln!(text, "  rank: ~{}", random.below(40));
        }
        for _ in 0..random.below(3) {
            let behind = parenthesis(file, &mut random);
            let _ = writeln!(text, "  terms: \"Terms number {}\"@en{behind}", random.below(90));
        }
        if random.below(3) == 0 {
            let _ = writeln!(text, "  web: \"https://example.org/{}\"", random.below(90));
        }
        let _ = writeln!(text, "  source: {}\n", cited(file, &mut random));
    }
    // So that a file has some length.
    let _ = writeln!(text, "# {}", "as long as others are ".repeat(480));
    text
}

fn date(random: &mut Random) -> String {
    let year = 1450 + random.below(500);
    match random.below(5) {
        0 => format!("{year}"),
        1 => format!("{year}-{:02}", 1 + random.below(12)),
        2 => format!("{}X", year / 10),
        3 => format!("[{year}-03,{}]", year + 1),
        _ => format!("{year}-{:02}-{:02}", 1 + random.below(12), 1 + random.below(28)),
    }
}

fn cited(file: usize, random: &mut Random) -> String {
    let other = (file + random.below(3) as usize) % FILES;
    let mut cited = format!("book-{other}-{}", random.below(2));
    if random.below(2) == 0 {
        let _ = write!(cited, " \"p. {}\"", random.below(60));
    }
    if random.below(3) == 0 {
        let _ = write!(cited, ", book-{file}-{}", random.below(2));
    }
    cited
}

fn parenthesis(file: usize, random: &mut Random) -> String {
    let mut parts = Vec::new();
    if random.below(6) == 0 {
        parts.push(String::from(random.pick(&["disputed", "preferred", "rejected", "denied"])));
    }
    if random.below(6) == 0 {
        parts.push(format!("{}/{}", 1500 + random.below(50), 1560 + random.below(9)));
    }
    if random.below(8) == 0 {
        parts.push(format!("note: \"a remark of {}\"", random.below(40)));
    }
    if random.below(8) == 0 {
        parts.push(format!("quote: \"so it was in {}\"", random.below(40)));
    }
    if random.below(6) == 0 {
        parts.push(format!("source: {}", cited(file, random)));
    }
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
}

fn path_of(root: &Path, file: usize) -> std::path::PathBuf {
    root.join(format!("kb/part-{file:02}.kb"))
}

/// Builds in a folder and returns what was found, the bytes of the index, and how it went.
fn built(root: &Path) -> (Vec<String>, Vec<u8>, Cache) {
    let project = Project::locate(Some(root), root).unwrap();
    let (checked, _) = build(&project, None).unwrap();
    let told = |found: &regesta::diagnostic::Diagnostic| {
        format!("{} {} {:?}", found.code.number, found.message, found.primary.span)
    };
    let bytes = fs::read(root.join(".regesta").join(INDEX_NAME)).unwrap();
    (checked.findings.iter().map(told).collect(), bytes, checked.cache)
}

#[test]
fn the_index_is_the_same_whichever_way_it_was_built() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for root in [one.path(), other.path()] {
        fs::create_dir(root.join("kb")).unwrap();
        fs::write(root.join("kb/00-schema.kb"), SCHEMA).unwrap();
    }
    let write = |name: &str, text: &str| {
        [one.path(), other.path()]
            .iter()
            .for_each(|root| fs::write(root.join("kb").join(name), text).unwrap());
    };
    for file in 0..FILES {
        write(&format!("part-{file:02}.kb"), &text_of(file, 0));
    }
    let first = built(one.path());
    assert!(first.0.iter().any(|found| found.contains("is too early")), "{:?}", first.0.first());
    let mut random = Random::new(7);
    let mut used = 0;
    for round in 1..=12 {
        match round % 4 {
            1 => write(
                "a-first.kb",
                &format!(
                    "source first-{round}\n\npolity first \"F {round}\"\n  source: first-{round}\n"
                ),
            ),
            2 if round % 8 == 2 => {
                for root in [one.path(), other.path()] {
                    fs::remove_file(root.join("kb/a-first.kb")).unwrap();
                }
            }
            _ => {}
        }
        for _ in 0..random.below(3) {
            let file = random.below(FILES as u32) as usize;
            // Now and then as it was at first.
            let seed = if random.below(4) == 0 { 0 } else { round };
            write(&format!("part-{file:02}.kb"), &text_of(file, seed));
        }
        if random.below(3) == 0 {
            // A check looks at the same ledger and the index of another time.
            check(&Project::locate(Some(one.path()), one.path()).unwrap()).unwrap();
        }
        let again = built(one.path());
        fs::remove_dir_all(other.path().join(".regesta")).ok();
        let fresh = built(other.path());
        assert_eq!((&again.0, fresh.2), (&fresh.0, Cache::Unused), "round {round}");
        assert!(again.1 == fresh.1, "round {round}: the indexes differ");
        used += usize::from(again.2 == Cache::Used);
    }
    assert!(used >= 6, "{used}");
}

#[test]
fn a_damaged_index_is_not_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("kb")).unwrap();
    fs::write(root.join("kb/00-schema.kb"), SCHEMA).unwrap();
    (0..FILES).for_each(|file| fs::write(path_of(root, file), text_of(file, 0)).unwrap());
    let first = built(root);
    let stamp = root.join(".regesta").join(STAMP_NAME);
    let first_stamp = fs::read(&stamp).unwrap();
    fs::write(path_of(root, 3), text_of(3, 1)).unwrap();
    let expected = built(root);
    assert_eq!((first.2, expected.2), (Cache::Unused, Cache::Used));
    let path = root.join(".regesta").join(INDEX_NAME);
    // As it was taken up, but for one bit.
    for place in (0..first.1.len()).step_by(first.1.len() / 5) {
        let mut flipped = first.1.clone();
        flipped[place] ^= 1 << (place % 8);
        fs::write(&path, &flipped).unwrap();
        fs::write(&stamp, &first_stamp).unwrap();
        let again = built(root);
        assert!(again.1 == expected.1, "byte {place}");
        assert_eq!((again.0, again.2), (expected.0.clone(), Cache::Unused), "byte {place}");
        Index::open(&path).unwrap().verify().unwrap();
    }
}
