//! Values that no other record may have, in a base of which little has changed.
//!
//! In: the ledger's hashes of those of the files that are as they were, among which none was twice, and the values of the
//! others now. Out: whether some value may be had twice.

use super::Changes;
use crate::index::Ledger;
use crate::resolve::facts::ties::UniqueValue;
use foldhash::fast::FixedState;
use rayon::prelude::*;
use std::collections::HashSet;

type Hashes = HashSet<u64, FixedState>;

/// Returns nothing where two records may have one value that must be unique; `now` are those of the changed files.
pub(super) fn are_unique(
    ledger: &Ledger,
    changes: &Changes<'_>,
    now: &[UniqueValue],
) -> Option<()> {
    let values: Hashes = now.iter().map(|value| value.hash).collect();
    if values.len() != now.len() {
        return None;
    }
    let mut added = values;
    for gone in &changes.gone {
        // What stood in these files stood in no other.
        let (hashes, _) = ledger.part(gone.unique)?;
        hashes.iter().for_each(|hash| {
            added.remove(hash);
        });
    }
    if added.is_empty() {
        return Some(());
    }
    changes.same.par_iter().try_for_each(|(_, file)| {
        let (hashes, _) = ledger.part(file.unique)?;
        (!hashes.iter().any(|hash| added.contains(hash))).then_some(())
    })
}
