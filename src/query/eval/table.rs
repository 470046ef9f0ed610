//! Derived tuples of records with their truth: each kept once, in one flat list, found whole or by a column.

use super::Hasher;
use crate::time::Truth;
use hashbrown::hash_table::Entry;
use hashbrown::{HashMap, HashTable};
use std::hash::BuildHasher;
use std::rc::Rc;

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

    pub(super) fn len(&self) -> usize {
        self.truths.len()
    }

    /// Returns how many records a tuple has.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Returns how many are as sure as this.
    pub(super) fn count(&self, wanted: Truth) -> u64 {
        self.truths.iter().filter(|truth| **truth == wanted).count() as u64
    }

    /// Gives back what room is not used.
    pub(super) fn shrink(&mut self) {
        self.flat.shrink_to_fit();
        self.truths.shrink_to_fit();
    }

    pub(super) fn truth(&self, place: usize) -> Truth {
        self.truths.get(place).copied().unwrap_or(Truth::No)
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
    tuples: Rc<Tuples>,
    /// By tuple; those that came as distinct ones are entered when first looked for.
    places: HashTable<u32>,
    chains: Vec<Chains>,
    /// What was added, or became truer, since the last look.
    fresh: Vec<u32>,
}

impl Table {
    pub(super) fn new(width: usize) -> Table {
        Table::of_distinct(Tuples::new(width))
    }

    /// Makes a table of tuples of which no two are alike.
    pub(super) fn of_distinct(tuples: Tuples) -> Table {
        Table::of_shared(Rc::new(tuples))
    }

    /// Makes a table of tuples of which no two are alike, without taking them from anyone.
    pub(super) fn of_shared(tuples: Rc<Tuples>) -> Table {
        let chains = (0..tuples.width).map(|_| Chains::default()).collect();
        Table { tuples, chains, ..Table::default() }
    }

    /// Adds a tuple, or makes a known one truer; returns its place.
    pub(super) fn add(&mut self, tuple: &[u32], truth: Truth) -> u32 {
        self.enter();
        let next = self.tuples.len() as u32;
        let Table { tuples, places, fresh, .. } = self;
        let tuples = Rc::make_mut(tuples);
        let entry = places.entry(
            hash(tuple),
            |known| tuples.get(*known as usize) == tuple,
            |known| hash(tuples.get(*known as usize)),
        );
        match entry {
            Entry::Occupied(known) => {
                let known = *known.get();
                if let Some(before) = tuples.truths.get_mut(known as usize)
                    && *before < truth
                {
                    *before = truth;
                    fresh.push(known);
                }
                known
            }
            Entry::Vacant(vacant) => {
                vacant.insert(next);
                tuples.push(tuple, truth);
                fresh.push(next);
                next
            }
        }
    }

    /// Enters what came as distinct tuples among the places.
    fn enter(&mut self) {
        let Table { tuples, places, .. } = self;
        for place in places.len()..tuples.len() {
            let again = |known: &u32| hash(tuples.get(*known as usize));
            places.insert_unique(hash(tuples.get(place)), place as u32, again);
        }
    }

    /// Returns where a tuple stands; nothing where it is not derived.
    pub(super) fn place_of(&mut self, tuple: &[u32]) -> Option<usize> {
        self.enter();
        let found =
            self.places.find(hash(tuple), |known| self.tuples.get(*known as usize) == tuple);
        found.map(|place| *place as usize)
    }

    /// Returns how many tuples there are.
    pub(super) fn len(&self) -> usize {
        self.tuples.len()
    }

    /// Returns how far a tuple is derived.
    pub(super) fn truth_of(&mut self, tuple: &[u32]) -> Truth {
        self.place_of(tuple).map_or(Truth::No, |place| self.tuples.truth(place))
    }

    /// Returns the tuples that have these values where one is given.
    pub(super) fn matching(&mut self, bound: &[Option<u32>]) -> Rc<Tuples> {
        let given = bound.iter().position(Option::is_some);
        let (Some(column), Some(Some(value))) = (given, given.and_then(|at| bound.get(at))) else {
            return self.all();
        };
        let mut found = Tuples::new(self.tuples.width);
        let Table { tuples, chains, .. } = self;
        let Some(chains) = chains.get_mut(column) else { return Rc::new(found) };
        for place in chains.before.len()..tuples.len() {
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
            if fits {
                found.push(tuple, tuples.truth(next as usize));
            }
            next = chains.before.get(next as usize).copied().unwrap_or(END);
        }
        Rc::new(found)
    }

    /// Takes what was added, or became truer, since the last time.
    pub(super) fn take_fresh(&mut self) -> Tuples {
        let mut taken = Tuples::new(self.tuples.width);
        self.fresh.sort_unstable();
        self.fresh.dedup();
        for place in std::mem::take(&mut self.fresh) {
            taken.push(self.tuples.get(place as usize), self.tuples.truth(place as usize));
        }
        taken
    }

    /// Returns all tuples.
    pub(super) fn all(&self) -> Rc<Tuples> {
        Rc::clone(&self.tuples)
    }
}

fn hash(tuple: &[u32]) -> u64 {
    Hasher::default().hash_one(tuple)
}
