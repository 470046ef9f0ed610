//! The truth of a condition over many records: two sets, certain and possible.

use super::ids::Ids;
use crate::model::EntityId;
use crate::time::Truth;

/// The truth of a condition over many records: those of which it is certain, among those of which it may hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TruthSet {
    /// Holds in every world.
    pub certain: Ids,
    /// Holds in some world; the certain ones are among them.
    pub possible: Ids,
}

impl TruthSet {
    /// Makes the truth of what holds of these records for certain.
    pub fn certainly(ids: Ids) -> TruthSet {
        TruthSet { certain: ids.clone(), possible: ids }
    }

    /// Makes it of certain ones and of further ones.
    pub fn with(certain: Ids, also_possible: Ids) -> TruthSet {
        let possible = certain.or(&also_possible);
        TruthSet { certain, possible }
    }

    /// Returns how surely the condition holds of a record.
    pub fn truth_of(&self, id: u32) -> Truth {
        match () {
            () if self.certain.contains(id) => Truth::Certain,
            () if self.possible.contains(id) => Truth::Possible,
            () => Truth::No,
        }
    }

    /// Kleene's `and`.
    pub fn and(&self, other: &TruthSet) -> TruthSet {
        TruthSet {
            certain: self.certain.and(&other.certain),
            possible: self.possible.and(&other.possible),
        }
    }

    /// Kleene's `or`.
    pub fn or(&self, other: &TruthSet) -> TruthSet {
        TruthSet {
            certain: self.certain.or(&other.certain),
            possible: self.possible.or(&other.possible),
        }
    }

    /// Returns of what is in this one that of which the other does not hold: certain where that cannot hold,
    /// possible where it need not.
    pub fn without(&self, other: &TruthSet) -> TruthSet {
        TruthSet {
            certain: self.certain.without(&other.possible),
            possible: self.possible.without(&other.certain),
        }
    }
}

/// Collects records with the truth that was found for each; the best counts.
#[derive(Default)]
pub struct Collected {
    certain: Vec<u32>,
    possible: Vec<u32>,
}

impl Collected {
    /// Adds a record.
    pub fn add(&mut self, id: u32, truth: Truth) {
        match truth {
            Truth::Certain => self.certain.push(id),
            Truth::Possible => self.possible.push(id),
            Truth::No => {}
        }
    }

    /// Adds records that are all as sure.
    pub fn add_all(&mut self, ids: &[EntityId], truth: Truth) {
        let ids = ids.iter().map(|id| id.0);
        match truth {
            Truth::Certain => self.certain.extend(ids),
            Truth::Possible => self.possible.extend(ids),
            Truth::No => {}
        }
    }

    /// Makes the set of them.
    pub fn into_truth(self) -> TruthSet {
        TruthSet::with(Ids::from_unsorted(self.certain), Ids::from_unsorted(self.possible))
    }
}
