//! What is found out once for each part of a question, and kept while the question is evaluated.

use super::Hasher;
use crate::index::IndexError;
use hashbrown::HashMap;
use std::cell::RefCell;
use std::hash::Hash;
use std::rc::Rc;

/// A part of a question, by its place in memory: nothing of a question moves while it is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct PartId(usize);

impl PartId {
    /// Returns what a part is known by.
    pub(super) fn of<P>(part: &P) -> PartId {
        PartId(std::ptr::from_ref(part) as usize)
    }
}

/// What is kept of parts of one kind.
pub(super) struct Memo<K, T> {
    kept: RefCell<HashMap<K, Rc<T>, Hasher>>,
}

impl<K, T> Default for Memo<K, T> {
    fn default() -> Memo<K, T> {
        Memo { kept: RefCell::default() }
    }
}

impl<K: Eq + Hash, T> Memo<K, T> {
    /// Returns what is kept, or finds it out and keeps it; finding out may ask for other parts.
    pub(super) fn get_or(
        &self,
        key: K,
        find: impl FnOnce() -> Result<T, IndexError>,
    ) -> Result<Rc<T>, IndexError> {
        match self.get(&key) {
            Some(known) => Ok(known),
            None => Ok(self.keep(key, find()?)),
        }
    }

    /// Returns what is kept; nothing where it was not found out yet.
    pub(super) fn get(&self, key: &K) -> Option<Rc<T>> {
        self.kept.borrow().get(key).map(Rc::clone)
    }

    /// Keeps what was found out.
    pub(super) fn keep(&self, key: K, found: T) -> Rc<T> {
        let found = Rc::new(found);
        self.kept.borrow_mut().insert(key, Rc::clone(&found));
        found
    }

    /// Forgets all.
    pub(super) fn clear(&self) {
        self.kept.borrow_mut().clear();
    }
}
