//! An index of each format there has been, in `tests/formats/`: it is read, or refused with the way out.
//!
//! Whoever raises `FORMAT_VERSION` runs `REGESTA_FORMATS=update cargo test --test it index_formats` and commits the
//! file that this writes. No file of an older format is ever written again.

use crate::index::dump;
use crate::index_facts::sample;
use crate::pages::root;
use regesta::index::{FORMAT_VERSION, Index, IndexError, build};
use std::fs;
use std::path::PathBuf;

/// The formats that this version reads.
const READ: &[u32] = &[1, FORMAT_VERSION];

fn path_of(format: u32) -> PathBuf {
    root().join(format!("tests/formats/index-{format}"))
}

#[test]
fn an_index_of_each_format_is_read_or_refused() {
    let image = build(&sample()).unwrap();
    if std::env::var("REGESTA_FORMATS").is_ok_and(|what| what == "update") {
        fs::write(path_of(FORMAT_VERSION), image.bytes()).unwrap();
    }
    let sound = dump(&Index::in_memory(image).unwrap()).unwrap();
    for format in 1..=FORMAT_VERSION {
        let path = path_of(format);
        assert!(
            path.exists(),
            "there is no {}: run `REGESTA_FORMATS=update cargo test --test it index_formats`, and commit it",
            path.display()
        );
        // Cut out of the name, so that a file of another format under this name is found out.
        assert_eq!(fs::read(&path).unwrap()[8..12], format.to_le_bytes(), "{}", path.display());
        match Index::open(&path) {
            Ok(index) if READ.contains(&format) => assert_eq!(dump(&index).unwrap(), sound),
            Err(error @ IndexError::Older { .. }) if !READ.contains(&format) => {
                let said = error.to_string();
                assert!(said.contains(&format!("index-{format}` has the older format {format}")));
                assert!(said.ends_with("run `regesta build`"), "{said}");
            }
            other => panic!("format {format}: {other:?}"),
        }
    }
}

#[test]
fn bytes_change_with_the_number_of_their_format_only() {
    let bytes = fs::read(path_of(FORMAT_VERSION)).unwrap();
    assert!(
        bytes == build(&sample()).unwrap().bytes(),
        "the same facts give other bytes than in the committed index of format {FORMAT_VERSION}: raise \
         `FORMAT_VERSION` in src/index/layout.rs, and see the head of this file"
    );
}
