//! The names of records in a base of which little has changed.
//!
//! In: what the ledger knows of the identifiers and names of files that are as they were, and those of the others now.
//! Out: whether all of them are right, which is all that has to be known of most files.

use super::Changes;
use crate::index::{Ledger, LedgerFile};
use crate::model::{RelationId, Schema};
use crate::resolve::facts::unit::Wanted;
use foldhash::fast::FixedState;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

/// Identifiers by their hashes, with the relation of each.
type Identifiers = HashMap<u64, u32, FixedState>;

/// Whether all names still mean what they meant, and those of the changed files something.
pub(super) struct Linking<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) schema: &'a Schema,
    pub(super) changes: &'a Changes<'a>,
}

impl Linking<'_> {
    /// Returns nothing where some name may be wrong, or be had by two.
    pub(super) fn holds(
        &self,
        (ids, relations): (Vec<u64>, Vec<u32>),
        (names, wanted): (Vec<u64>, Vec<u32>),
    ) -> Option<()> {
        let count = ids.len();
        let now: Identifiers = ids.into_iter().zip(relations).collect();
        if now.len() != count {
            return None;
        }
        let mut before = Identifiers::default();
        let mut were_right: HashSet<(u64, u32), FixedState> = HashSet::default();
        for gone in &self.changes.gone {
            let (hashes, relations) = self.ledger.part(gone.identifiers)?;
            before.extend(hashes.iter().copied().zip(relations.iter().copied()));
            let (hashes, wanted) = self.ledger.part(gone.references)?;
            were_right.extend(hashes.iter().copied().zip(wanted.iter().copied()));
        }
        let differing = |one: &Identifiers, other: &Identifiers| -> HashSet<u64, FixedState> {
            let differs = |(hash, relation): &(&u64, &u32)| other.get(hash) != Some(relation);
            one.iter().filter(differs).map(|(hash, _)| *hash).collect()
        };
        let (added, removed) = (differing(&now, &before), differing(&before, &now));
        let mut sought: HashMap<u64, Vec<u32>, FixedState> = HashMap::default();
        for (hash, wanted) in names.into_iter().zip(wanted) {
            match now.get(&hash) {
                Some(relation) => self.allows(wanted, *relation)?,
                None if were_right.contains(&(hash, wanted)) && !removed.contains(&hash) => {}
                None => sought.entry(hash).or_default().push(wanted),
            }
        }
        if !removed.is_empty() {
            // Whoever refers to what is gone is wrong now.
            self.scan(|file| {
                let (hashes, _) = self.ledger.part(file.references)?;
                (!hashes.iter().any(|hash| removed.contains(hash))).then(Vec::new)
            })?;
        }
        if added.is_empty() && sought.is_empty() {
            return Some(());
        }
        let found = self.scan(|file| {
            let (hashes, relations) = self.ledger.part(file.identifiers)?;
            let mut found = Vec::new();
            for (hash, relation) in hashes.iter().zip(relations) {
                // What is new must not be there already.
                if added.contains(hash) {
                    return None;
                }
                if let Some(wanted) = sought.get(hash) {
                    wanted.iter().try_for_each(|wanted| self.allows(*wanted, *relation))?;
                    found.push(*hash);
                }
            }
            Some(found)
        })?;
        (found.len() == sought.len()).then_some(())
    }

    fn allows(&self, wanted: u32, relation: u32) -> Option<()> {
        (relation != u32::MAX && Wanted(wanted).allows(self.schema, RelationId(relation)))
            .then_some(())
    }

    /// Looks at every file that is as it was; nothing if one look gives nothing.
    fn scan(&self, look: impl Fn(&LedgerFile) -> Option<Vec<u64>> + Sync) -> Option<Vec<u64>> {
        let found: Option<Vec<Vec<u64>>> =
            self.changes.same.par_iter().map(|(_, file)| look(file)).collect();
        Some(found?.concat())
    }
}
