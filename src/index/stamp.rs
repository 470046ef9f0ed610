//! The freshness stamp beside the index: what the sources were like when it was built.
//!
//! In: the files found now. Out: whether the index still says what they say. A file is read only where its size
//! is the same and its time of change cannot be trusted. A stamp that cannot be read is no stamp.

use super::IndexError;
use super::file::write_whole;
use super::layout::FORMAT_VERSION;
use crate::source::{FoundFile, content_hash};
use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// The first line; behind the name the version of the stamp's own form.
const TITLE: &str = "regesta stamp 1";

/// File systems round times of change, by two seconds at worst: what was changed so shortly before the sources
/// were looked at may have been changed once more since, under the same time.
const ROUNDING: u128 = 2_000_000_000;

/// What a source file was like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampedFile {
    /// The path relative to the project's root.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub modified: u128,
    /// Its [`content_hash`].
    pub hash: u64,
}

/// What the sources of an index were like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When the sources were looked for, in nanoseconds since 1970: before any was read.
    pub begun: u128,
    /// The version of the program: another may find other facts in the same text.
    pub program: String,
    /// The [identity](super::Index::identity) of the index.
    pub index: u64,
    /// The settings, as text.
    pub settings: String,
    /// The sources in the order of their paths.
    pub files: Vec<StampedFile>,
}

/// Whether an index still says what its sources say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It does.
    Fresh,
    /// It does, but files had to be read to know; with this stamp they need not be the next time.
    FreshAfterReading(Stamp),
    /// It does not.
    Stale {
        /// The files that were changed, added or removed; none where settings, program or index differ.
        changed: Vec<String>,
    },
}

impl Stamp {
    /// Starts a stamp; to be called before the sources are looked for.
    pub fn begin(settings: impl Into<String>) -> Stamp {
        Stamp {
            begun: now(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            index: 0,
            settings: settings.into(),
            files: Vec::new(),
        }
    }

    /// Adds a source as it was found and the hash of what was read of it.
    pub fn add(&mut self, found: &FoundFile, hash: u64) {
        let FoundFile { path, bytes, modified, .. } = found;
        self.files.push(StampedFile {
            path: path.clone(),
            bytes: *bytes,
            modified: *modified,
            hash,
        });
    }

    /// Reads a stamp; none where there is none, or a damaged one.
    pub fn read(path: &Path) -> Option<Stamp> {
        Stamp::parse(&fs::read_to_string(path).ok()?)
    }

    /// Writes a stamp in place of what stood there.
    pub fn write(&self, path: &Path) -> Result<(), IndexError> {
        write_whole(path, self.text().as_bytes())
    }

    /// Compares with the files that are found now.
    ///
    /// `now` is a stamp [begun](Stamp::begin) before they were looked for, with the settings of now; `index` is the
    /// identity of the index; `hash_of` reads a file and returns its [`content_hash`], nothing where it cannot.
    pub fn compare(
        &self,
        mut now: Stamp,
        found: &[FoundFile],
        index: u64,
        mut hash_of: impl FnMut(&FoundFile) -> Option<u64>,
    ) -> Freshness {
        if self.program != now.program || self.settings != now.settings || self.index != index {
            return Freshness::Stale { changed: Vec::new() };
        }
        let mut known: HashMap<&str, &StampedFile> =
            self.files.iter().map(|file| (file.path.as_str(), file)).collect();
        let mut changed = Vec::new();
        let mut has_read = false;
        for file in found {
            let before = known.remove(file.path.as_str()).filter(|old| old.bytes == file.bytes);
            let is_old = file.modified.saturating_add(ROUNDING) < self.begun;
            let hash = match before {
                Some(old) if old.modified == file.modified && is_old => Some(old.hash),
                Some(old) => {
                    has_read = true;
                    hash_of(file).filter(|hash| *hash == old.hash)
                }
                None => None,
            };
            match hash {
                Some(hash) => now.add(file, hash),
                None => changed.push(file.path.clone()),
            }
        }
        changed.extend(known.into_keys().map(str::to_owned));
        changed.sort();
        now.index = index;
        match (changed.is_empty(), has_read) {
            (false, _) => Freshness::Stale { changed },
            (true, true) => Freshness::FreshAfterReading(now),
            (true, false) => Freshness::Fresh,
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{TITLE}\nformat {FORMAT_VERSION}\n");
        let Stamp { begun, program, index, settings, files } = self;
        // Writing to a string does not fail.
        let _ = write!(text, "program {program}\nbegun {begun}\nindex {index:016x}\n");
        let _ = writeln!(text, "settings {}", escape(settings));
        for StampedFile { path, bytes, modified, hash } in files {
            let _ = writeln!(text, "file {bytes} {modified} {hash:016x} {}", escape(path));
        }
        let sum = content_hash(text.as_bytes());
        let _ = writeln!(text, "sum {sum:016x}");
        text
    }

    fn parse(text: &str) -> Option<Stamp> {
        let (content, sum) = text.strip_suffix('\n')?.rsplit_once("\nsum ")?;
        let content = text.get(..content.len() + 1)?;
        if u64::from_str_radix(sum, 16).ok()? != content_hash(content.as_bytes()) {
            return None;
        }
        let mut lines = content.lines();
        if lines.next()? != TITLE || field(lines.next()?, "format")? != FORMAT_VERSION.to_string() {
            return None;
        }
        let program = field(lines.next()?, "program")?.to_owned();
        let begun = field(lines.next()?, "begun")?.parse().ok()?;
        let index = u64::from_str_radix(field(lines.next()?, "index")?, 16).ok()?;
        let settings = unescape(field(lines.next()?, "settings")?);
        let files = lines.map(parse_file).collect::<Option<_>>()?;
        Some(Stamp { begun, program, index, settings, files })
    }
}

fn parse_file(line: &str) -> Option<StampedFile> {
    let mut parts = field(line, "file")?.splitn(4, ' ');
    Some(StampedFile {
        bytes: parts.next()?.parse().ok()?,
        modified: parts.next()?.parse().ok()?,
        hash: u64::from_str_radix(parts.next()?, 16).ok()?,
        path: unescape(parts.next()?),
    })
}

fn field<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    line.strip_prefix(name)?.strip_prefix(' ')
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => plain.push('\n'),
                Some('r') => plain.push('\r'),
                other => plain.extend(other),
            },
            other => plain.push(other),
        }
    }
    plain
}

fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos())
}
