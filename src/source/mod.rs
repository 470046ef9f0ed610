//! The texts that Regesta reads: files, spans in them, lines and columns.
//!
//! In: a folder or a text. Out: [`Sources`], whose bytes every later stage refers to by [`Span`].
//! This is the only room that reads and writes files of facts; it knows nothing of their language.

mod disk;
mod hash;
mod progress;
mod replace;

pub use disk::{
    FoundFile, MAX_FILE_BYTES, SourceError, facts_folder, find_files, find_root, read_bytes,
    read_settings,
};
use disk::{any_lines, read_bytes_into};
pub use hash::content_hash;
pub use progress::{Progress, Stage};
pub use replace::replace;

use std::borrow::Cow;
use std::sync::OnceLock;

/// Names one text among the [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A stretch of one text, in bytes: from `start` up to, not including, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// Makes a span of `file` from byte `start` up to byte `end`.
    pub fn new(file: FileId, start: u32, end: u32) -> Span {
        Span { file, start, end: end.max(start) }
    }

    /// Returns the smallest span that covers both, which must be of one text.
    pub fn to(self, other: Span) -> Span {
        Span::new(self.file, self.start.min(other.start), self.end.max(other.end))
    }

    /// Returns how many bytes the span covers.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Tells whether the span covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A place as a person counts: both numbers begin at 1, columns are characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The character in the line.
    pub column: u32,
}

/// What was wrong with a file's bytes, before any language is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Valid UTF-8.
    Sound,
    /// Not UTF-8 from this byte on; each bad byte was replaced by `?`, so that offsets still fit.
    NotUtf8 {
        /// The first bad byte.
        at: u32,
        /// How many bytes are bad.
        bad_bytes: u32,
    },
    /// Begins with the mark of UTF-16; its letters are read all the same.
    Utf16,
    /// Holds a few NUL bytes, as a disk or an editor that failed leaves them; each was replaced by a blank.
    StrayNul {
        /// The first of them.
        at: u32,
        /// How many there are.
        count: u32,
    },
    /// Holds many NUL bytes and is no text; it is treated as empty.
    Binary {
        /// The first NUL byte.
        at: u32,
    },
}

/// One text with its name. A file that was found is read when its text is first asked for, and may be
/// [read](SourceFile::read) without being kept.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as it is shown: relative to the project's root, parted by `/`.
    pub path: String,
    found: Option<FoundFile>,
    /// The hash of the bytes when they were first read.
    hash: OnceLock<u64>,
    content: OnceLock<(String, Encoding)>,
    line_starts: OnceLock<Vec<u32>>,
}

/// A text as it was just read.
pub struct Text<'s> {
    /// The whole text.
    pub text: Cow<'s, str>,
    /// How sound the bytes were.
    pub encoding: Encoding,
    /// The [`content_hash`] of the bytes, sound or not.
    pub hash: u64,
}

impl Text<'_> {
    /// Gives the room back that the text took, for the next one.
    pub fn into_room(self) -> Vec<u8> {
        match self.text {
            Cow::Owned(text) => text.into_bytes(),
            Cow::Borrowed(_) => Vec::new(),
        }
    }
}

impl SourceFile {
    fn new(path: String, bytes: Vec<u8>) -> SourceFile {
        SourceFile {
            path,
            found: None,
            hash: OnceLock::from(content_hash(&bytes)),
            content: OnceLock::from(decode(bytes)),
            line_starts: OnceLock::new(),
        }
    }

    fn to_be_read(found: FoundFile) -> SourceFile {
        SourceFile {
            path: found.path.clone(),
            found: Some(found),
            hash: OnceLock::new(),
            content: OnceLock::new(),
            line_starts: OnceLock::new(),
        }
    }

    /// Reads the text without keeping it, unless it is kept already.
    ///
    /// # Errors
    /// The file cannot be read, or is too large.
    pub fn read(&self) -> Result<Text<'_>, SourceError> {
        self.read_into(Vec::new())
    }

    /// The same, in the [room](Text::into_room) that another text had.
    ///
    /// # Errors
    /// The file cannot be read, or is too large.
    pub fn read_into(&self, room: Vec<u8>) -> Result<Text<'_>, SourceError> {
        match (self.content.get(), &self.found) {
            (None, Some(found)) => {
                let bytes = read_bytes_into(room, found)?;
                let hash = content_hash(&bytes);
                // What was read first is what findings are about.
                self.hash.get_or_init(|| hash);
                let (text, encoding) = decode(bytes);
                Ok(Text { text: Cow::Owned(text), encoding, hash })
            }
            (Some((text, encoding)), _) => Ok(Text {
                text: Cow::Borrowed(text),
                encoding: *encoding,
                hash: self.hash.get().copied().unwrap_or(0),
            }),
            (None, None) => {
                Ok(Text { text: Cow::Borrowed(""), encoding: Encoding::Sound, hash: 0 })
            }
        }
    }

    /// Tells whether something is seen in the bytes as they are now. They are looked at a stretch of whole lines at a
    /// time and not kept; nothing is seen where they cannot be read.
    pub fn peek(&self, sees: impl Fn(&[u8]) -> bool) -> bool {
        match (self.content.get(), &self.found) {
            (Some((text, _)), _) => sees(text.as_bytes()),
            (None, Some(found)) => any_lines(found, sees).unwrap_or(false),
            (None, None) => false,
        }
    }

    /// Returns the file as it was found, if it was.
    pub fn found(&self) -> Option<&FoundFile> {
        self.found.as_ref()
    }

    /// Returns how many bytes it has as far as is known without reading it.
    pub fn expected_bytes(&self) -> u64 {
        match (&self.found, self.content.get()) {
            (_, Some((text, _))) => text.len() as u64,
            (Some(found), None) => found.bytes,
            (None, None) => 0,
        }
    }

    /// Returns the [`content_hash`] of the bytes when they were first read; 0 if they were not yet.
    pub fn hash(&self) -> u64 {
        self.hash.get().copied().unwrap_or(0)
    }

    /// Says what the bytes were like when they were read for what is known of them; tells whether they were not read as
    /// others since.
    pub fn is_known_by(&self, hash: u64) -> bool {
        *self.hash.get_or_init(|| hash) == hash
    }

    fn content(&self) -> &(String, Encoding) {
        self.content.get_or_init(|| match self.read() {
            Ok(read) if self.hash.get() == Some(&read.hash) => {
                (read.text.into_owned(), read.encoding)
            }
            // It was changed or taken away meanwhile: no place in it means anything any more.
            _ => (String::new(), Encoding::Sound),
        })
    }

    /// Returns the whole text, and keeps it; empty if the file has changed since it was first read.
    pub fn text(&self) -> &str {
        &self.content().0
    }

    /// Returns how sound the bytes were.
    pub fn encoding(&self) -> Encoding {
        self.content().1
    }

    /// Returns the byte at which each line starts.
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = memchr::memchr_iter(b'\n', self.text().as_bytes());
            std::iter::once(0).chain(breaks.map(|at| at as u32 + 1)).collect()
        })
    }

    /// Returns the line of byte `offset`, counted from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.line_starts().partition_point(|start| *start <= offset) as u32
    }

    /// Returns the line and column of byte `offset`.
    pub fn place(&self, offset: u32) -> Place {
        let line = self.line(offset);
        let start = self.line_starts().get(line as usize - 1).copied().unwrap_or(0) as usize;
        let end = self.text().floor_char_boundary(offset as usize);
        let before = self.text().get(start..end).unwrap_or("");
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        Place { line, column: before.chars().count() as u32 + 1 }
    }
}

/// Every how many bytes of a text there may be a NUL.
const NUL_IN_TEXT: usize = 16;

/// Replaces what is not UTF-8 by as many `?`, so that byte offsets hold.
fn decode(bytes: Vec<u8>) -> (String, Encoding) {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => return (from_utf16(rest, u16::from_le_bytes), Encoding::Utf16),
        [0xfe, 0xff, rest @ ..] => return (from_utf16(rest, u16::from_be_bytes), Encoding::Utf16),
        _ => {}
    }
    let mut bytes = bytes;
    if let Some(at) = memchr::memchr(0, &bytes) {
        let at = at as u32;
        let count = memchr::memchr_iter(0, &bytes).count();
        let text = match count * NUL_IN_TEXT <= bytes.len() {
            true => {
                bytes.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = b' ');
                String::from_utf8(bytes).ok()
            }
            false => None,
        };
        return match text {
            Some(text) => (text, Encoding::StrayNul { at, count: count as u32 }),
            None => (String::new(), Encoding::Binary { at }),
        };
    }
    let mut bytes = match String::from_utf8(bytes) {
        Ok(text) => return (text, Encoding::Sound),
        Err(error) => error.into_bytes(),
    };
    let mut first_bad = None;
    let mut bad_bytes = 0;
    let mut from = 0;
    while let Err(error) = std::str::from_utf8(bytes.get(from..).unwrap_or_default()) {
        let bad = from + error.valid_up_to();
        let length = error.error_len().unwrap_or(bytes.len() - bad);
        if let Some(stretch) = bytes.get_mut(bad..bad + length) {
            stretch.fill(b'?');
        }
        first_bad.get_or_insert(bad);
        bad_bytes += length as u32;
        from = bad + length;
    }
    let at = first_bad.unwrap_or(0) as u32;
    (String::from_utf8_lossy(&bytes).into_owned(), Encoding::NotUtf8 { at, bad_bytes })
}

fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (units, _) = bytes.as_chunks::<2>();
    let units = units.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).map(|letter| letter.unwrap_or('?')).collect()
}

/// All texts of one run, named by [`FileId`] in the order in which they were added.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Returns an empty collection.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Adds a text under a name.
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> FileId {
        self.files.push(SourceFile::new(path.into(), bytes.into()));
        FileId(self.files.len() as u32 - 1)
    }

    /// Adds a file that was found; it is read when its text is needed.
    pub fn add_found(&mut self, found: FoundFile) -> FileId {
        self.files.push(SourceFile::to_be_read(found));
        FileId(self.files.len() as u32 - 1)
    }

    /// Returns the text `file`, or an empty one where there is none of that number.
    pub fn file(&self, file: FileId) -> &SourceFile {
        static NO_FILE: SourceFile = SourceFile {
            path: String::new(),
            found: None,
            hash: OnceLock::new(),
            content: OnceLock::new(),
            line_starts: OnceLock::new(),
        };
        self.files.get(file.0 as usize).unwrap_or(&NO_FILE)
    }

    /// Returns all texts with their numbers.
    pub fn files(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(number, file)| (FileId(number as u32), file))
    }

    /// Returns the text that `span` covers; a span that does not fit gives the part that does.
    pub fn slice(&self, span: Span) -> Cow<'_, str> {
        let bytes = self.file(span.file).text().as_bytes();
        let end = (span.end as usize).min(bytes.len());
        String::from_utf8_lossy(bytes.get(span.start as usize..end).unwrap_or_default())
    }

    /// Returns the line and column at which `span` starts.
    pub fn start(&self, span: Span) -> Place {
        self.file(span.file).place(span.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        let mut sources = Sources::new();
        let file = sources.add("a.kb", "né\nxÿz\n");
        assert_eq!(sources.file(file).place(0), Place { line: 1, column: 1 });
        assert_eq!(sources.file(file).place(3), Place { line: 1, column: 3 });
        assert_eq!(sources.file(file).place(7), Place { line: 2, column: 3 });
    }

    #[test]
    fn bad_bytes_are_replaced_one_by_one() {
        let (text, encoding) = decode(b"ab\xff\xc3(d".to_vec());
        assert_eq!(text, "ab??(d");
        assert_eq!(encoding, Encoding::NotUtf8 { at: 2, bad_bytes: 2 });
    }

    #[test]
    fn many_nul_bytes_make_a_file_binary() {
        assert_eq!(decode(b"ab\0c".to_vec()), (String::new(), Encoding::Binary { at: 2 }));
        let bad = [b"\xff\0".as_slice(), &b"x".repeat(40)].concat();
        assert_eq!(decode(bad), (String::new(), Encoding::Binary { at: 1 }));
    }

    #[test]
    fn a_stray_nul_byte_is_a_blank() {
        let (text, encoding) = decode(b"polity russia \"Rus\0sia\"\n".to_vec());
        assert_eq!(text, "polity russia \"Rus sia\"\n");
        assert_eq!(encoding, Encoding::StrayNul { at: 18, count: 1 });
    }

    #[test]
    fn utf_16_is_read() {
        let (text, encoding) = decode(b"\xff\xfea\0\x3a\x04\x00\xd8!".to_vec());
        assert_eq!((text.as_str(), encoding), ("aк?", Encoding::Utf16));
        assert_eq!(decode(b"\xfe\xff\0a".to_vec()).0, "a");
    }
}
