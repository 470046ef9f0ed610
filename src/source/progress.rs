//! How far a long run has come: counted where the work is done, looked at by whoever shows it.

use std::sync::atomic::{AtomicU64, Ordering};

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Files are read.
    Reading,
    /// What they say is put together.
    Joining,
    /// The index is written.
    Writing,
}

/// Counts that only grow, and the stage. Nothing hangs on their order among the cores.
#[derive(Debug, Default)]
pub struct Progress {
    total_bytes: AtomicU64,
    bytes: AtomicU64,
    records: AtomicU64,
    stage: AtomicU64,
}

impl Progress {
    /// Says how many bytes are to be read.
    pub fn expect_bytes(&self, bytes: u64) {
        self.total_bytes.store(bytes, Ordering::Relaxed);
    }

    /// Counts what was read.
    pub fn add(&self, bytes: u64, records: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.records.fetch_add(records, Ordering::Relaxed);
    }

    /// Goes on to a stage.
    pub fn enter(&self, stage: Stage) {
        self.stage.store(stage as u64, Ordering::Relaxed);
    }

    /// Returns how many bytes are to be read.
    pub fn total_bytes(&self) -> u64 {
        self.total_bytes.load(Ordering::Relaxed)
    }

    /// Returns how many bytes were read.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Returns how many records were read.
    pub fn records(&self) -> u64 {
        self.records.load(Ordering::Relaxed)
    }

    /// Returns the stage.
    pub fn stage(&self) -> Stage {
        match self.stage.load(Ordering::Relaxed) {
            0 => Stage::Reading,
            1 => Stage::Joining,
            _ => Stage::Writing,
        }
    }
}
