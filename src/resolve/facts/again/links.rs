//! Links that must not lead back to where they begin, in a base of which little has changed.
//!
//! In: the ledger's links of the files that are as they were, which led back nowhere, and those of the others now. Out:
//! whether some way now may. It would have to go over a link that is new.

use super::Changes;
use crate::index::{Ledger, LedgerPart};
use crate::model::FieldId;
use crate::resolve::facts::ties::Link;
use foldhash::fast::FixedState;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

/// Returns nothing where some link may lead back; `now` are those of the changed files.
pub(super) fn lead_on(ledger: &Ledger, changes: &Changes<'_>, now: &[Link]) -> Option<()> {
    let mut before: HashSet<Link, FixedState> = HashSet::default();
    for gone in &changes.gone {
        before.extend(kept(ledger, gone.links)?);
    }
    let added: Vec<Link> = now.iter().filter(|link| !before.contains(link)).copied().collect();
    if added.is_empty() {
        return Some(());
    }
    let fields: HashSet<FieldId> = added.iter().map(|link| link.field).collect();
    let same: Option<Vec<Vec<Link>>> = changes
        .same
        .par_iter()
        .map(|(_, file)| Some(kept(ledger, file.links)?.collect()))
        .collect();
    let mut all: Vec<Link> = same?.concat();
    all.extend(now);
    all.retain(|link| fields.contains(&link.field));
    all.par_sort_unstable();
    Ways { all, walked: HashMap::default() }.lead_on(&added)
}

/// Returns the links of a part, of which the ends stand one behind the other.
fn kept(ledger: &Ledger, part: LedgerPart) -> Option<impl Iterator<Item = Link>> {
    let (hashes, fields) = ledger.part(part)?;
    let (ends, _) = hashes.as_chunks::<2>();
    let (fields, _) = fields.as_chunks::<2>();
    let links = ends.iter().zip(fields);
    Some(links.map(|([from, to], [field, _])| Link {
        field: FieldId(*field),
        from: *from,
        to: *to,
    }))
}

/// All links of some fields, and what was walked of them.
struct Ways {
    /// By field and beginning.
    all: Vec<Link>,
    /// By field and record: whether all ways from there were walked to their end.
    walked: HashMap<(FieldId, u64), bool, FixedState>,
}

impl Ways {
    /// Walks all that some links lead to; nothing where a way comes back.
    fn lead_on(mut self, from: &[Link]) -> Option<()> {
        for link in from {
            self.walk((link.field, link.from))?;
        }
        Some(())
    }

    fn walk(&mut self, start: (FieldId, u64)) -> Option<()> {
        if self.walked.contains_key(&start) {
            return Some(());
        }
        self.walked.insert(start, false);
        // Each record of the way with the place of its next link.
        let mut way = vec![(start, self.first_from(start))];
        while let Some((at, next)) = way.last_mut() {
            let link = self.all.get(*next).filter(|link| (link.field, link.from) == *at);
            let Some(link) = link else {
                self.walked.insert(*at, true);
                way.pop();
                continue;
            };
            *next += 1;
            let to = (link.field, link.to);
            match self.walked.get(&to) {
                Some(true) => {}
                Some(false) => return None,
                None => {
                    self.walked.insert(to, false);
                    way.push((to, self.first_from(to)));
                }
            }
        }
        Some(())
    }

    fn first_from(&self, start: (FieldId, u64)) -> usize {
        self.all.partition_point(|link| (link.field, link.from) < start)
    }
}
