//! Writing a ledger while the files are read.

use super::super::IndexError;
use super::super::catalogue;
use super::super::file::{persist, unfinished, unwritable};
use super::{LEDGER_NAME, LEDGER_VERSION, LedgerHead, LedgerPart, MAGIC, Start};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A ledger in the making. It is dropped without a trace unless it is [finished](LedgerWriter::finish).
pub struct LedgerWriter {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
    position: u64,
}

impl LedgerWriter {
    /// Begins a ledger in a folder.
    pub fn begin(folder: &Path) -> Result<LedgerWriter, IndexError> {
        let path = folder.join(LEDGER_NAME);
        let file = BufWriter::with_capacity(1 << 16, unfinished(&path)?);
        let mut writer = LedgerWriter { file, path, position: 0 };
        writer.bytes(&[0; size_of::<Start>()])?;
        Ok(writer)
    }

    /// Adds hashes with a number for each; both are of the same length.
    pub fn part(&mut self, hashes: &[u64], numbers: &[u32]) -> Result<LedgerPart, IndexError> {
        let missing = self.position.next_multiple_of(8) - self.position;
        self.bytes([0; 8].get(..missing as usize).unwrap_or_default())?;
        let mut sum = crc32fast::Hasher::new();
        let part = (self.position, hashes.len() as u64);
        for bytes in [bytemuck::cast_slice(hashes), bytemuck::cast_slice(numbers)] {
            sum.update(bytes);
            self.bytes(bytes)?;
        }
        Ok(LedgerPart { offset: part.0, count: part.1, sum: sum.finalize() })
    }

    /// Puts the ledger into its place.
    pub fn finish(mut self, head: &LedgerHead) -> Result<(), IndexError> {
        let encoded = catalogue::encode_any(head).map_err(|what| IndexError::TooLarge { what })?;
        let head_offset = self.position;
        self.bytes(&encoded)?;
        let mut start = Start {
            magic: MAGIC,
            version: LEDGER_VERSION,
            head_sum: crc32fast::hash(&encoded),
            head_offset,
            head_bytes: encoded.len() as u64,
            reserved: 0,
            sum: 0,
        };
        start.sum = start.sum();
        let LedgerWriter { mut file, path, .. } = self;
        let put = file.seek(SeekFrom::Start(0));
        put.and_then(|_| file.write_all(bytemuck::bytes_of(&start)))
            .map_err(|cause| unwritable(&path, cause))?;
        let file = file.into_inner().map_err(|error| unwritable(&path, error.into_error()))?;
        // A crash may leave a part of it, which its checksums tell; nothing hangs on it but time.
        persist(file, &path).map(|_| ())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        self.position += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|cause| unwritable(&self.path, cause))
    }
}
