//! Gives equal things one number, in the order of their first coming.

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};

/// Distinct things, numbered from 0.
#[derive(Debug)]
pub struct Interner<T> {
    items: Vec<T>,
    table: HashTable<Slot>,
    // Fixed, so that the same input is treated alike in every run.
    hasher: FixedState,
}

/// A thing in the table, by its number. Its hash stands beside it: so nothing is hashed again when the table grows,
/// and things that differ are hardly ever compared.
#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: ShortHash,
    number: u32,
}

/// Half of a hash: enough to tell apart what comes in one piece, and it halves the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ShortHash(pub(super) u32);

impl ShortHash {
    /// Returns a hash for a table, which looks at the lowest and at the highest bits.
    pub(super) fn spread(self) -> u64 {
        u64::from(self.0) << 32 | u64::from(self.0)
    }
}

/// What was looked for and had not come before: it can be [added](Interner::add) without being hashed again.
#[derive(Debug)]
pub struct Unseen(ShortHash);

impl<T> Default for Interner<T> {
    fn default() -> Interner<T> {
        Interner { items: Vec::new(), table: HashTable::new(), hasher: FixedState::default() }
    }
}

impl<T> Interner<T> {
    /// Nothing yet, with room for so many: whoever can tell about how many there will be saves moving the first ones.
    pub fn with_capacity(count: usize) -> Interner<T> {
        Interner {
            items: Vec::with_capacity(count),
            table: HashTable::with_capacity(count),
            hasher: FixedState::default(),
        }
    }
}

impl<T: Hash + Eq> Interner<T> {
    /// Returns the number of `item`, and whether it is new.
    pub fn number(&mut self, item: T) -> (u32, bool) {
        match self.find(&item) {
            Ok(number) => (number, false),
            Err(unseen) => (self.add(item, unseen), true),
        }
    }

    /// Returns the number of `item` if it came before.
    ///
    /// # Errors
    /// It did not; what is returned lets it be added.
    pub fn find<Q: Hash + Eq + ?Sized>(&self, item: &Q) -> Result<u32, Unseen>
    where
        T: Borrow<Q>,
    {
        let hash = ShortHash((self.hasher.hash_one(item) >> 32) as u32);
        let is_it = |slot: &Slot| {
            slot.hash == hash
                && self.items.get(slot.number as usize).is_some_and(|each| each.borrow() == item)
        };
        match self.table.find(hash.spread(), is_it) {
            Some(slot) => Ok(slot.number),
            None => Err(Unseen(hash)),
        }
    }

    /// Adds what was looked for just now and had not come before, and returns its number.
    pub fn add(&mut self, item: T, Unseen(hash): Unseen) -> u32 {
        let number = self.items.len() as u32;
        self.items.push(item);
        self.table.insert_unique(hash.spread(), Slot { hash, number }, |slot| slot.hash.spread());
        number
    }

    /// Returns the things in the order of their numbers.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Returns the things in the order of their numbers.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }
}
