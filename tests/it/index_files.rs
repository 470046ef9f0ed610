//! The index on disk: what is damaged, cut, foreign, older or newer is refused.

use crate::fuzz::index::ask_everything;
use crate::index::dump;
use crate::index_facts::{Random, random, sample};
use regesta::index::{
    FORMAT_VERSION, Freshness, Index, IndexError, IndexImage, Stamp, build, build_file,
    content_hash, prepare_folder, reseal, write,
};
use regesta::model::*;
use regesta::source::find_files;
use std::fs;
use std::path::Path;

fn read(bytes: &[u8]) -> Result<Vec<String>, IndexError> {
    dump(&Index::in_memory(IndexImage::from_bytes(bytes))?)
}

#[test]
fn every_flipped_byte_is_noticed() {
    let image = build(&sample()).unwrap();
    let mut bytes = image.bytes().to_vec();
    let sound = read(&bytes).unwrap();
    let mut refused = 0;
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            bytes[at] ^= flip;
            match read(&bytes) {
                Ok(answers) => assert_eq!(answers, sound, "byte {at}"),
                Err(_) => refused += 1,
            }
            bytes[at] ^= flip;
        }
    }
    assert_eq!(refused, bytes.len() * 3);
}

#[test]
fn flipped_bits_of_a_large_index_never_change_an_answer() {
    let image = build(&random(3, 6_000)).unwrap();
    let mut bytes = image.bytes().to_vec();
    let sum = |index: &Index| -> Result<u64, IndexError> {
        let mut sum = 0u64;
        for field in 0..index.schema().fields.len() as u32 {
            let column = index.column(FieldId(field))?;
            let values = column.values()?;
            sum = values
                .iter()
                .fold(sum, |sum, code| sum.wrapping_mul(31).wrapping_add(code.0.into()));
        }
        for entity in 0..index.record_count() {
            sum = sum.wrapping_mul(31) + index.id_of(EntityId(entity))?.len() as u64;
        }
        Ok(sum)
    };
    let open = |bytes: &[u8]| Index::in_memory(IndexImage::from_bytes(bytes));
    let sound = sum(&open(&bytes).unwrap()).unwrap();
    assert!(bytes.len() > 5 * 64 * 1024);
    let mut random = Random::new(1);
    for _ in 0..200 {
        let at = random.below(bytes.len() as u32) as usize;
        let bit = 1 << random.below(8);
        bytes[at] ^= bit;
        let answer = open(&bytes).and_then(|index| sum(&index));
        assert!(answer.is_err() || answer.is_ok_and(|answer| answer == sound), "byte {at}");
        // Whoever asks for all of it is told in any case.
        assert!(open(&bytes).and_then(|index| index.verify()).is_err(), "byte {at}");
        bytes[at] ^= bit;
    }
}

#[test]
fn content_that_does_not_fit_together_is_no_disaster() {
    for (facts, seed) in [(sample(), 1), (random(9, 60), 2)] {
        let image = build(&facts).unwrap();
        let mut random = Random::new(seed);
        let mut opened = 0;
        for _ in 0..400 {
            let mut bytes = image.bytes().to_vec();
            for _ in 0..1 + random.below(3) {
                let at = random.below(bytes.len() as u32) as usize;
                bytes[at] =
                    [0, 0xff, 1, bytes[at] ^ 1, random.below(256) as u8][random.below(5) as usize];
            }
            reseal(&mut bytes);
            if let Ok(index) = Index::in_memory(IndexImage::from_bytes(&bytes)) {
                opened += 1;
                ask_everything(&index);
            }
        }
        assert!(opened > 180, "{opened}");
    }
}

#[test]
fn every_cut_is_noticed() {
    let image = build(&sample()).unwrap();
    for length in 0..image.bytes().len() {
        let error = Index::in_memory(IndexImage::from_bytes(&image.bytes()[..length])).unwrap_err();
        assert!(matches!(error, IndexError::Cut { .. }), "{length}: {error}");
    }
    let mut longer = image.bytes().to_vec();
    longer.push(0);
    assert!(matches!(read(&longer), Err(IndexError::Cut { .. })));
}

#[test]
fn messages_name_the_file_and_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let message = |bytes: Option<&[u8]>| {
        if let Some(bytes) = bytes {
            fs::write(&path, bytes).unwrap();
        }
        let error = Index::open(&path).unwrap_err();
        error.to_string().replace(&path.display().to_string(), "INDEX")
    };
    let image = build(&sample()).unwrap();
    let bytes = image.bytes();
    let changed = |at: usize, to: u8| {
        let mut bytes = bytes.to_vec();
        bytes[at] = to;
        bytes
    };
    insta::assert_snapshot!(message(None), @"there is no index `INDEX`: run `regesta build`");
    insta::assert_snapshot!(
        message(Some(b"SQLite format 3")),
        @"`INDEX` is not an index of Regesta: name another file, or run `regesta build`"
    );
    insta::assert_snapshot!(
        message(Some(b"")),
        @"the index `INDEX` has 0 bytes and should have 64: run `regesta build`"
    );
    insta::assert_snapshot!(
        message(Some(&changed(8, 0))),
        @"the index `INDEX` has the older format 0, and this version reads 2: run `regesta build`"
    );
    insta::assert_snapshot!(
        message(Some(&changed(8, FORMAT_VERSION as u8 + 1))),
        @"the index `INDEX` has the newer format 3, and this version reads 2: use a newer regesta, or run `regesta build`"
    );
    insta::assert_snapshot!(
        message(Some(&changed(30, 1))),
        @"the index `INDEX` is damaged (the header does not fit its checksum): run `regesta build`"
    );
    insta::assert_snapshot!(
        message(Some(&changed(bytes.len() - 1, 1))),
        @"the index `INDEX` is damaged (the catalogue does not fit its checksum): run `regesta build`"
    );
    fs::write(&path, changed(100, 0xff)).unwrap();
    let index = Index::open(&path).unwrap();
    let error = dump(&index).unwrap_err().to_string();
    assert!(error.contains("is damaged (bytes 64 to "), "{error}");
    assert!(Index::open(folder.path()).is_err());
}

#[test]
fn a_written_index_is_the_one_that_was_built() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let facts = random(7, 500);
    let image = build(&facts).unwrap();
    write(&path, &image).unwrap();
    assert!(fs::read(&path).unwrap() == image.bytes());
    let index = Index::open(&path).unwrap();
    let in_memory = Index::in_memory(image.clone()).unwrap();
    assert_eq!(dump(&index).unwrap(), dump(&in_memory).unwrap());
    assert_eq!(index.identity(), in_memory.identity());
    let other = folder.path().join("other");
    let draft = build_file(&other, &facts).unwrap();
    assert_eq!(draft.index().record_count(), 500);
    assert!(!other.exists());
    draft.keep().unwrap();
    assert!(fs::read(&other).unwrap() == image.bytes());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_draft_that_is_not_kept_leaves_the_old_index() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    write(&path, &build(&sample()).unwrap()).unwrap();
    drop(build_file(&path, &random(1, 50)).unwrap());
    assert_eq!(Index::open(&path).unwrap().record_count(), 6);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    // Whoever has it open keeps it.
    let open = Index::open(&path).unwrap();
    build_file(&path, &random(1, 50)).unwrap().keep().unwrap();
    assert_eq!(dump(&open).unwrap(), read(build(&sample()).unwrap().bytes()).unwrap());
    assert_eq!(Index::open(&path).unwrap().record_count(), 50);
}

#[test]
fn builders_and_readers_at_once_see_whole_indexes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let images: Vec<IndexImage> = (10..14).map(|size| build(&random(2, size)).unwrap()).collect();
    write(&path, &images[0]).unwrap();
    std::thread::scope(|scope| {
        for image in &images {
            scope.spawn(|| (0..20).for_each(|_| write(&path, image).unwrap()));
        }
        for _ in 0..100 {
            let index = Index::open(&path).unwrap();
            index.verify().unwrap();
            assert!((10..14).contains(&index.record_count()));
        }
    });
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_written_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing").join("index");
    let error = write(&path, &build(&sample()).unwrap()).unwrap_err().to_string();
    assert!(error.contains(&path.display().to_string()), "{error}");
    assert!(error.ends_with("what stood there before is unchanged"), "{error}");
}

#[test]
fn the_folder_ignores_itself() {
    let root = tempfile::tempdir().unwrap();
    let folder = prepare_folder(root.path()).unwrap();
    assert_eq!(prepare_folder(root.path()).unwrap(), folder);
    assert_eq!(fs::read_to_string(folder.join(".gitignore")).unwrap(), "*\n");
}

fn hash_of(path: &Path) -> u64 {
    content_hash(&fs::read(path).unwrap())
}

#[test]
fn a_stamp_tells_what_has_changed() {
    let root = tempfile::tempdir().unwrap();
    let kb = root.path().join("kb");
    fs::create_dir(&kb).unwrap();
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let put = |name: &str, text: &str| {
        let path = kb.join(name);
        fs::write(&path, text).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
    };
    put("a.kb", "one");
    put("b\\n.kb", "two");
    let place = root.path().join("stamp");
    let stamp = |settings: &str| {
        let mut stamp = Stamp::begin(settings);
        for file in find_files(root.path(), &kb).unwrap() {
            stamp.add(&file, hash_of(&file.location));
        }
        stamp.index = 9;
        stamp
    };
    stamp("strict = true\n").write(&place).unwrap();
    let compare = |settings: &str, index: u64| {
        let mut read = Vec::new();
        let found = find_files(root.path(), &kb).unwrap();
        let freshness =
            Stamp::read(&place).unwrap().compare(Stamp::begin(settings), &found, index, |file| {
                read.push(file.path.clone());
                Some(hash_of(&file.location))
            });
        (freshness, read)
    };
    let stale = |changed: &[&str]| Freshness::Stale {
        changed: changed.iter().map(|path| (*path).to_owned()).collect(),
    };
    let nothing = Vec::<String>::new();
    assert_eq!(compare("strict = true\n", 9), (Freshness::Fresh, nothing.clone()));
    assert_eq!(compare("strict = false\n", 9), (stale(&[]), nothing.clone()));
    assert_eq!(compare("strict = true\n", 8), (stale(&[]), nothing.clone()));
    // Another size: no need to read. The same size: it is read, whatever its time of change says.
    put("a.kb", "longer");
    assert_eq!(compare("strict = true\n", 9), (stale(&["kb/a.kb"]), nothing.clone()));
    fs::write(kb.join("a.kb"), "eno").unwrap();
    assert_eq!(compare("strict = true\n", 9), (stale(&["kb/a.kb"]), vec!["kb/a.kb".to_owned()]));
    fs::write(kb.join("a.kb"), "one").unwrap();
    let (freshness, read) = compare("strict = true\n", 9);
    assert_eq!(read, ["kb/a.kb"]);
    let Freshness::FreshAfterReading(again) = freshness else { panic!("{freshness:?}") };
    again.write(&place).unwrap();
    // It was changed so shortly before the new stamp that it is read again, until a later stamp.
    assert!(matches!(compare("strict = true\n", 9).0, Freshness::FreshAfterReading(_)));
    fs::remove_file(kb.join("b\\n.kb")).unwrap();
    put("c.kb", "three");
    assert_eq!(compare("strict = true\n", 9).0, stale(&["kb/b/n.kb", "kb/c.kb"]));
}

#[test]
fn a_damaged_stamp_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stamp");
    let mut stamp = Stamp::begin("a\nb\\n");
    stamp.files.push(regesta::index::StampedFile {
        path: "kb/with space\n.kb".to_owned(),
        bytes: 3,
        modified: 4,
        hash: 5,
    });
    stamp.write(&path).unwrap();
    assert_eq!(Stamp::read(&path), Some(stamp));
    let mut bytes = fs::read(&path).unwrap();
    for at in 0..bytes.len() {
        bytes[at] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert_eq!(Stamp::read(&path), None, "byte {at}");
        fs::write(&path, &bytes[..at]).unwrap();
        assert_eq!(Stamp::read(&path), None, "cut at {at}");
        bytes[at] ^= 1;
    }
    assert_eq!(Stamp::read(&folder.path().join("missing")), None);
}
