//! The rooms of `src/` import only rooms below them, as the table in `docs/architecture.md` says.

use crate::markdown::files;
use crate::pages::root;
use std::collections::BTreeMap;
use std::fs;

/// The floor of each room, as the table says.
fn floors() -> BTreeMap<String, u32> {
    let page = fs::read_to_string(root().join("docs/architecture.md")).expect("the page is there");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| "));
    let rooms = rows.filter_map(|row| {
        let (floor, rest) = row.split_once(" | ")?;
        let name = rest.strip_prefix('`')?.split('`').next()?;
        Some((name.trim_end_matches(".rs").trim_end_matches('/').to_owned(), floor.parse().ok()?))
    });
    rooms.collect()
}

/// The rooms that a file of source names: `crate::NAME`.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let behind = text.split("crate::").skip(1);
    behind.map(|rest| {
        let end = rest.find(|letter: char| !letter.is_ascii_lowercase() && letter != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}

#[test]
fn rooms_import_only_what_lies_below() {
    let floors = floors();
    let source = root().join("src");
    for path in files(&source, "rs") {
        let shown =
            path.strip_prefix(&source).expect("it lies there").to_string_lossy().into_owned();
        let room = shown.split(['/', '\\']).next().unwrap_or("").trim_end_matches(".rs");
        if room == "lib" {
            continue;
        }
        let floor = floors.get(room).unwrap_or_else(|| panic!("`{room}` is not in the table"));
        let text = fs::read_to_string(&path).expect("a source is a text");
        for other in named(&text).filter(|other| *other != room) {
            // Macros and items of the crate itself are no rooms.
            let Some(below) = floors.get(other) else { continue };
            assert!(
                below < floor,
                "src/{shown}: `{room}` is on floor {floor}, `{other}` on {below}"
            );
        }
    }
}

#[test]
fn every_room_of_the_table_is_there() {
    for room in floors().keys() {
        let place = root().join("src").join(room);
        assert!(place.is_dir() || place.with_extension("rs").is_file(), "{room}");
    }
}
