//! Reading a ledger: the head at once, the parts of a file when they are asked for.

use super::super::catalogue;
use super::{LEDGER_NAME, LEDGER_VERSION, LedgerHead, LedgerPart, MAGIC, Start};
use crate::mapping::Mapping;
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// What was found where a ledger should be.
pub enum OpenedLedger {
    /// None, or one of another version.
    Missing,
    /// Something whose checksums do not fit.
    Damaged,
    /// A ledger of which the head is sound.
    Sound(Ledger),
}

/// An open ledger.
pub struct Ledger {
    mapping: Mapping,
    is_damaged: AtomicBool,
    /// What is known of the whole, and of each file.
    pub head: LedgerHead,
}

impl Ledger {
    /// Opens the ledger in a folder.
    pub fn open(folder: &Path) -> OpenedLedger {
        let Ok(file) = File::open(folder.join(LEDGER_NAME)) else { return OpenedLedger::Missing };
        let Ok(mapping) = Mapping::of(&file) else { return OpenedLedger::Damaged };
        let start = mapping.bytes().get(..size_of::<Start>());
        let Some(start) = start.map(bytemuck::pod_read_unaligned::<Start>) else {
            return OpenedLedger::Damaged;
        };
        if start.magic == MAGIC && start.version != LEDGER_VERSION && start.sum == start.sum() {
            return OpenedLedger::Missing;
        }
        if start.magic != MAGIC || start.sum != start.sum() || cfg!(target_endian = "big") {
            return OpenedLedger::Damaged;
        }
        let end = start.head_offset.checked_add(start.head_bytes);
        let encoded = end
            .filter(|end| *end == mapping.bytes().len() as u64)
            .and_then(|end| mapping.bytes().get(start.head_offset as usize..end as usize));
        let Some(encoded) = encoded.filter(|bytes| crc32fast::hash(bytes) == start.head_sum) else {
            return OpenedLedger::Damaged;
        };
        match catalogue::decode_any::<LedgerHead>(encoded) {
            Ok(head) => {
                let is_damaged = AtomicBool::new(false);
                OpenedLedger::Sound(Ledger { mapping, is_damaged, head })
            }
            Err(_) => OpenedLedger::Damaged,
        }
    }

    /// Tells whether a part was asked for that does not fit its checksum.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged.load(Ordering::Relaxed)
    }

    /// Takes the ledger of a folder away. Whatever goes wrong here is no harm.
    pub fn discard(folder: &Path) {
        let _ = std::fs::remove_file(folder.join(LEDGER_NAME));
    }

    /// Returns the hashes of a part and the number of each; nothing where they do not fit their checksum.
    pub fn part(&self, part: LedgerPart) -> Option<(&[u64], &[u32])> {
        let hashes = part.count.checked_mul(8)?;
        let end = part.offset.checked_add(hashes)?.checked_add(part.count.checked_mul(4)?)?;
        let bytes = self.mapping.bytes().get(part.offset as usize..end as usize)?;
        if crc32fast::hash(bytes) != part.sum {
            self.is_damaged.store(true, Ordering::Relaxed);
            return None;
        }
        let (hashes, numbers) = bytes.split_at_checked(hashes as usize)?;
        Some((bytemuck::try_cast_slice(hashes).ok()?, bytemuck::try_cast_slice(numbers).ok()?))
    }
}
