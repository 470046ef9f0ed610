//! Derived tuples of records with their truth: each kept once, in one flat list, found whole or by a column.

use super::Hasher;
use crate::time::Truth;
use hashbrown::{HashMap, HashTable};
use std::hash::BuildHasher;

/// Marks the end of a chain.
const END: u32 = u32::MAX;

/// Tuples one behind the other, each with its truth.
#[derive(Clone, Debug, Default)]
pub(super) struct Tuples {
    width: usize,
    flat: Vec<u32>,
    truths: Vec<Truth>,
}

impl Tuples {
    pub(super) fn new(width: usize) -> Tuples {
        Tuples { width, ..Tuples::default() }
    }

    pub(super) fn push(&mut self, tuple: &[u32], truth: Truth) {
        self.flat.extend_from_slice(tuple);
        self.truths.push(truth);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.truths.is_empty()
    }

    pub(super) fn get(&self, place: usize) -> &[u32] {
        self.flat.get(place * self.width..(place + 1) * self.width).unwrap_or_default()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u32], Truth)> + '_ {
        self.truths.iter().enumerate().map(|(place, truth)| (self.get(place), *truth))
    }
}

/// The tuples with one value in one column, linked from the last one to the first.
#[derive(Default)]
struct Chains {
    last: HashMap<u32, u32, Hasher>,
    before: Vec<u32>,
}

/// Tuples, each once, with the best truth found for it.
#[derive(Default)]
pub(super) struct Table {
    tuples: Tuples,
    places: HashTable<u32>,
    chains: Vec<Chains>,
    /// What was added, or became truer, since the last look.
    fresh: Vec<u32>,
}

impl Table {
    pub(super) fn new(width: usize) -> Table {
        Table {
            tuples: Tuples::new(width),
            chains: (0..width).map(|_| Chains::default()).collect(),
            ..Table::default()
        }
    }

    /// Adds a tuple, or makes a known one truer.
    pub(super) fn add(&mut self, tuple: &[u32], truth: Truth) {
        if truth == Truth::No {
            return;
        }
        let place = self.tuples.truths.len() as u32;
        let Table { tuples, places, fresh, .. } = self;
        let hash = |tuple: &[u32]| Hasher::default().hash_one(tuple);
        let entry = places.entry(
            hash(tuple),
            |known| tuples.get(*known as usize) == tuple,
            |known| hash(tuples.get(*known as usize)),
        );
        match entry {
            hashbrown::hash_table::Entry::Occupied(known) => {
                let known = *known.get();
                if let Some(before) = tuples.truths.get_mut(known as usize)
                    && *before < truth
                {
                    *before = truth;
                    fresh.push(known);
                }
            }
            hashbrown::hash_table::Entry::Vacant(vacant) => {
                vacant.insert(place);
                tuples.push(tuple, truth);
                fresh.push(place);
            }
        }
    }

    /// Returns how many records a tuple has.
    pub(super) fn width(&self) -> usize {
        self.tuples.width
    }

    /// Returns how far a tuple is derived.
    pub(super) fn truth_of(&self, tuple: &[u32]) -> Truth {
        let found = self.places.find(Hasher::default().hash_one(tuple), |known| {
            self.tuples.get(*known as usize) == tuple
        });
        found
            .and_then(|place| self.tuples.truths.get(*place as usize))
            .copied()
            .unwrap_or(Truth::No)
    }

    /// Returns the tuples that have these values where one is given.
    pub(super) fn matching(&mut self, bound: &[Option<u32>]) -> Tuples {
        let mut found = Tuples::new(self.tuples.width);
        let given = bound.iter().position(Option::is_some);
        let (Some(column), Some(Some(value))) = (given, given.and_then(|at| bound.get(at))) else {
            return self.tuples.clone();
        };
        let Table { tuples, chains, .. } = self;
        let Some(chains) = chains.get_mut(column) else { return found };
        for place in chains.before.len()..tuples.truths.len() {
            let key = tuples.get(place).get(column).copied().unwrap_or(END);
            let before = chains.last.insert(key, place as u32).unwrap_or(END);
            chains.before.push(before);
        }
        let mut next = chains.last.get(value).copied().unwrap_or(END);
        while next != END {
            let tuple = tuples.get(next as usize);
            let fits = tuple
                .iter()
                .zip(bound)
                .all(|(value, wanted)| wanted.is_none_or(|wanted| wanted == *value));
            if let (true, Some(truth)) = (fits, tuples.truths.get(next as usize)) {
                found.push(tuple, *truth);
            }
            next = chains.before.get(next as usize).copied().unwrap_or(END);
        }
        found
    }

    /// Takes what was added, or became truer, since the last time.
    pub(super) fn take_fresh(&mut self) -> Tuples {
        let mut taken = Tuples::new(self.tuples.width);
        self.fresh.sort_unstable();
        self.fresh.dedup();
        for place in std::mem::take(&mut self.fresh) {
            if let Some(truth) = self.tuples.truths.get(place as usize) {
                taken.push(self.tuples.get(place as usize), *truth);
            }
        }
        taken
    }

    /// Returns all tuples.
    pub(super) fn into_tuples(self) -> Tuples {
        self.tuples
    }
}
