//! Formatting says the same, loses nothing, and changes nothing the second time: for any text.

use crate::format::formatted;
use crate::fuzz::outline::outline;
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;

/// What tends to change what a line is.
const SNIPPETS: [&str; 40] = [
    "\"",
    "\\",
    "(",
    ")",
    ",",
    ";",
    ":",
    "|",
    "#",
    "\n",
    "\n  ",
    "\n\n",
    "\n#",
    "\n  # c\n",
    "\r\n",
    "\r",
    " ",
    "   ",
    "\t",
    "[",
    "]",
    "{",
    "@en",
    "=",
    "# c\n",
    "\n  note: ",
    "\n  source: notes \"1\"",
    "\npolity x",
    "\ntable tenure: id | person | name\n  a | b | \"c\"\n",
    "\nrule r(a: b)\n  if a\n",
    "é",
    "日本",
    "\u{a0}",
    "\u{c}",
    "inverse",
    "\"a\n  b\"",
    "(disputed; note: \"x\")",
    "note:",
    "..",
    "\u{feff}",
];

/// Items with all that the language has, beside those of the project.
const ITEMS: &str = include_str!("../format/items.kb");

static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kb");
    let found = regesta::source::find_files(&folder, &folder).unwrap();
    let read = |file| String::from_utf8(regesta::source::read_bytes(file).unwrap()).unwrap();
    std::iter::once(ITEMS.to_string()).chain(found.iter().map(read)).collect()
});

/// A change of a text: at a place, so many letters go, and a snippet comes.
#[derive(Clone, Debug)]
struct Edit {
    place: prop::sample::Index,
    removed: usize,
    snippet: usize,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = (any::<prop::sample::Index>(), 0_usize..6, 0..SNIPPETS.len());
    let edit = edit.prop_map(|(place, removed, snippet)| Edit { place, removed, snippet });
    prop::collection::vec(edit, 0..12)
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for edit in edits {
        let place = edit.place.index(letters.len() + 1);
        let end = (place + edit.removed).min(letters.len());
        letters.splice(place..end, SNIPPETS[edit.snippet].chars());
    }
    letters.into_iter().collect()
}

fn visible(text: &str) -> String {
    text.trim_start_matches('\u{feff}')
        .chars()
        .filter(|letter| !letter.is_ascii_whitespace())
        .collect()
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    let once = formatted(text);
    prop_assert_eq!(outline(&once), outline(text), "says something else");
    prop_assert_eq!(visible(&once), visible(text), "lost something");
    prop_assert_eq!(formatted(&once), once, "is not stable");
    Ok(())
}

#[test]
fn the_project_says_the_same() {
    TEXTS.iter().for_each(|text| holds(text).unwrap());
}

#[test]
fn the_pieces_of_a_large_file_fit_together() {
    let items = format!("{ITEMS}# about the next\n");
    let text = items.repeat(2_500_000 / items.len());
    holds(&text).unwrap();
    // A cut between two pieces leaves no trace.
    let once = formatted(&text);
    let half = formatted(&items.repeat(2));
    let (first, _) = half.split_once("\nrelation treaty").unwrap();
    assert!(once.starts_with(first));
    let lines = |text: &str| text.lines().count();
    let each = lines(&half) - lines(&formatted(&items));
    assert_eq!(lines(&once), lines(&half) + (text.len() / items.len() - 2) * each);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn edited_facts_say_the_same(
        which in any::<prop::sample::Index>(),
        from in any::<prop::sample::Index>(),
        edits in edits(),
    ) {
        let text = which.get(&TEXTS);
        let start = text.floor_char_boundary(from.index(text.len()));
        let end = text.floor_char_boundary((start + 1200).min(text.len()));
        holds(&edited(&text[start..end], &edits))?;
    }

    #[test]
    fn snippets_say_the_same(chosen in prop::collection::vec(0..SNIPPETS.len(), 0..40)) {
        let text: String = chosen.into_iter().map(|place| SNIPPETS[place]).collect();
        holds(&text)?;
        holds(&format!("polity a\n  b: {text}"))?;
        holds(&format!("relation a\n  b: {text}"))?;
        holds(&format!("table a: b | c\n  {text}"))?;
    }

    #[test]
    fn other_white_space_says_the_same(
        from in any::<prop::sample::Index>(),
        blanks in prop::collection::vec(prop::sample::select(vec![" ", "  ", "\t", "\n   ", " \n\n\t", "\r\n  ", " # c\n  ", "\n# c\n "]), 1..60),
        every in 1_usize..5,
    ) {
        let text = &TEXTS[from.index(TEXTS.len())];
        let start = text.floor_char_boundary(from.index(text.len()));
        let item = text[start..].find("\n\n").map_or(0, |at| start + at + 2);
        let end = text[item..].find("\n\n").map_or(text.len(), |at| item + at + 1);
        let mut blanks = blanks.iter().cycle();
        let mut count = 0;
        let spread: String = text[item..end]
            .split(' ')
            .flat_map(|word| {
                count += 1;
                let blank = if count % every == 0 { blanks.next().unwrap() } else { " " };
                [word, blank]
            })
            .collect();
        holds(&spread)?;
    }
}
