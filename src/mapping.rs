//! A file mapped into memory: the one place with unsafe code.
//!
//! In: an open file. Out: its bytes, read by the system page by page as they are touched.
//! Nothing is checked here; `index/store.rs` checks what it lends.

#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::ops::Range;

/// A file's bytes, mapped read-only.
#[derive(Debug)]
pub struct Mapping {
    map: memmap2::Mmap,
}

impl Mapping {
    /// Maps the whole of `file` as it is now.
    pub fn of(file: &File) -> io::Result<Mapping> {
        // SAFETY: the map is read-only and lent as `&[u8]`, for which every bit pattern is valid. What cannot be
        // ruled out is that another program changes the file in place while it is mapped. Regesta itself never
        // does: it writes a new file and renames it over the old one, whose pages stay as they were for whoever
        // has mapped them. If another program overwrites the file, bytes that were already checked may change
        // under a reader, who validates every string and every position again when using them, so that an answer
        // may be wrong but memory stays sound; if it truncates the file, touching the missing pages ends the
        // process with SIGBUS. Both are documented in `docs/index-format.md`.
        let map = unsafe { memmap2::Mmap::map(file)? };
        // Read-ahead would fetch hundreds of pages for a look-up that needs seven. The advice is only advice.
        #[cfg(unix)]
        let _ = map.advise(memmap2::Advice::Random);
        Ok(Mapping { map })
    }

    /// Returns the bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// Tells the system that a range is about to be read, so that it fetches it in one go.
    pub fn will_need(&self, range: Range<usize>) {
        #[cfg(unix)]
        let _ = self.map.advise_range(memmap2::Advice::WillNeed, range.start, range.len());
        #[cfg(not(unix))]
        let _ = range;
    }
}
