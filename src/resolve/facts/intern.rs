//! Gives equal things one number, in the order of their first coming.

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::{BuildHasher, Hash};

/// Distinct things, numbered from 0.
#[derive(Debug)]
pub struct Interner<T> {
    items: Vec<T>,
    table: HashTable<u32>,
    // Fixed, so that the same input is treated alike in every run.
    hasher: FixedState,
}

impl<T> Default for Interner<T> {
    fn default() -> Interner<T> {
        Interner { items: Vec::new(), table: HashTable::new(), hasher: FixedState::default() }
    }
}

impl<T: Hash + Eq> Interner<T> {
    /// Returns the number of `item`, and whether it is new.
    pub fn number(&mut self, item: T) -> (u32, bool) {
        let hash = self.hasher.hash_one(&item);
        let Interner { items, table, hasher } = self;
        let known = table.find(hash, |number| items.get(*number as usize) == Some(&item));
        if let Some(number) = known {
            return (*number, false);
        }
        let number = items.len() as u32;
        items.push(item);
        table.insert_unique(hash, number, |number| {
            items.get(*number as usize).map_or(0, |item| hasher.hash_one(item))
        });
        (number, true)
    }

    /// Returns the number of `item` if it came before.
    pub fn find(&self, item: &T) -> Option<u32> {
        let hash = self.hasher.hash_one(item);
        self.table.find(hash, |number| self.items.get(*number as usize) == Some(item)).copied()
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
