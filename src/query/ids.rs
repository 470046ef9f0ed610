//! Sets of records: a range, a sorted list, or a bitmap where a list would be dense.

use crate::index::Recorded;
use std::ops::Range;

/// One list is this many times longer than the other: gallop instead of merging.
const GALLOP: usize = 16;
/// A list with more than one in this many of its span is kept as a bitmap.
const DENSE: usize = 32;
/// Shorter lists are never made bitmaps.
const SHORT: usize = 4096;

/// A set of record numbers.
#[derive(Clone, Debug)]
pub enum Ids {
    /// All from one to another.
    Range(Range<u32>),
    /// Sorted, each once.
    List(Vec<u32>),
    /// One bit for each number from `first` on.
    Bits(Bits),
}

/// One bit a number.
#[derive(Clone, Debug)]
pub struct Bits {
    first: u32,
    words: Vec<u64>,
    count: usize,
}

impl Bits {
    fn new(span: Range<u32>) -> Bits {
        let words = (span.end.saturating_sub(span.start) as usize).div_ceil(64);
        Bits { first: span.start, words: vec![0; words], count: 0 }
    }

    fn set(&mut self, id: u32) {
        let Some(place) = id.checked_sub(self.first) else { return };
        if let Some(word) = self.words.get_mut(place as usize / 64) {
            let bit = 1u64 << (place % 64);
            self.count += usize::from(*word & bit == 0);
            *word |= bit;
        }
    }

    fn has(&self, id: u32) -> bool {
        let Some(place) = id.checked_sub(self.first) else { return false };
        self.words.get(place as usize / 64).is_some_and(|word| word & (1 << (place % 64)) != 0)
    }

    fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().zip(0u32..).flat_map(move |(word, number)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(self.first + number * 64 + bit)
            })
        })
    }
}

impl Default for Ids {
    fn default() -> Ids {
        Ids::List(Vec::new())
    }
}

impl PartialEq for Ids {
    fn eq(&self, other: &Ids) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl From<Recorded<'_>> for Ids {
    fn from(recorded: Recorded<'_>) -> Ids {
        match recorded {
            Recorded::All(range) => Ids::Range(range),
            Recorded::Some(entities) => {
                Ids::from_sorted(entities.iter().map(|entity| entity.0).collect())
            }
        }
    }
}

impl Ids {
    /// Makes a set of numbers in any order, with repetitions.
    pub fn from_unsorted(mut ids: Vec<u32>) -> Ids {
        if !ids.is_sorted() {
            ids.sort_unstable();
        }
        ids.dedup();
        Ids::from_sorted(ids)
    }

    /// Makes a set of sorted numbers, each once.
    pub fn from_sorted(ids: Vec<u32>) -> Ids {
        let (Some(first), Some(last)) = (ids.first().copied(), ids.last().copied()) else {
            return Ids::default();
        };
        let span = (last - first) as usize + 1;
        if span == ids.len() {
            return Ids::Range(first..last + 1);
        }
        if ids.len() < SHORT || ids.len() < span / DENSE {
            return Ids::List(ids);
        }
        let mut bits = Bits::new(first..last + 1);
        ids.into_iter().for_each(|id| bits.set(id));
        Ids::Bits(bits)
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        match self {
            Ids::Range(range) => range.len(),
            Ids::List(ids) => ids.len(),
            Ids::Bits(bits) => bits.count,
        }
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Tells whether `id` is one of them.
    pub fn contains(&self, id: u32) -> bool {
        match self {
            Ids::Range(range) => range.contains(&id),
            Ids::List(ids) => ids.binary_search(&id).is_ok(),
            Ids::Bits(bits) => bits.has(id),
        }
    }

    /// Returns them in order.
    pub fn iter(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        match self {
            Ids::Range(range) => Box::new(range.clone()),
            Ids::List(ids) => Box::new(ids.iter().copied()),
            Ids::Bits(bits) => Box::new(bits.iter()),
        }
    }

    /// Returns what is in both.
    pub fn and(&self, other: &Ids) -> Ids {
        match (self, other) {
            (Ids::Range(one), Ids::Range(two)) => {
                let start = one.start.max(two.start);
                Ids::Range(start..one.end.min(two.end).max(start))
            }
            (Ids::Range(range), Ids::List(ids)) | (Ids::List(ids), Ids::Range(range)) => {
                let start = ids.partition_point(|id| *id < range.start);
                let end = ids.partition_point(|id| *id < range.end).max(start);
                Ids::List(ids.get(start..end).unwrap_or_default().to_vec())
            }
            (Ids::List(one), Ids::List(two)) if one.len() <= two.len() => Ids::List(meet(one, two)),
            (Ids::List(one), Ids::List(two)) => Ids::List(meet(two, one)),
            (Ids::Bits(one), Ids::Bits(two)) if one.first == two.first => {
                let words: Vec<u64> =
                    one.words.iter().zip(&two.words).map(|(one, two)| one & two).collect();
                let count = words.iter().map(|word| word.count_ones() as usize).sum();
                Ids::Bits(Bits { first: one.first, words, count })
            }
            (one, two) if one.len() <= two.len() => {
                Ids::from_sorted(one.iter().filter(|id| two.contains(*id)).collect())
            }
            (one, two) => two.and(one),
        }
    }

    /// Returns what is in either.
    pub fn or(&self, other: &Ids) -> Ids {
        if self.is_empty() {
            return other.clone();
        }
        if other.is_empty() {
            return self.clone();
        }
        if let (Ids::Range(one), Ids::Range(two)) = (self, other)
            && one.start <= two.end
            && two.start <= one.end
        {
            return Ids::Range(one.start.min(two.start)..one.end.max(two.end));
        }
        let mut all = Vec::with_capacity(self.len() + other.len());
        let mut rest = other.iter().peekable();
        for id in self.iter() {
            while let Some(next) = rest.next_if(|next| *next < id) {
                all.push(next);
            }
            rest.next_if_eq(&id);
            all.push(id);
        }
        all.extend(rest);
        Ids::from_sorted(all)
    }

    /// Returns what is in this one and not in the other.
    pub fn without(&self, other: &Ids) -> Ids {
        if other.is_empty() {
            return self.clone();
        }
        if let (Ids::Range(one), Ids::Range(two)) = (self, other) {
            if two.start <= one.start {
                return Ids::Range(two.end.clamp(one.start, one.end)..one.end);
            }
            if two.end >= one.end {
                return Ids::Range(one.start..two.start.clamp(one.start, one.end));
            }
        }
        Ids::from_sorted(self.iter().filter(|id| !other.contains(*id)).collect())
    }
}

/// Returns what is in both lists, the first being the shorter.
fn meet(short: &[u32], long: &[u32]) -> Vec<u32> {
    let mut met = Vec::with_capacity(short.len());
    let mut rest = long;
    if long.len() / GALLOP.max(1) < short.len() {
        let mut others = long.iter().peekable();
        for id in short {
            while others.next_if(|other| *other < id).is_some() {}
            if others.next_if_eq(&id).is_some() {
                met.push(*id);
            }
        }
        return met;
    }
    for id in short {
        let mut step = 1;
        while rest.get(step).is_some_and(|other| other < id) {
            step *= 2;
        }
        let window = rest.get(..rest.len().min(step + 1)).unwrap_or_default();
        let place = window.partition_point(|other| other < id);
        rest = rest.get(place..).unwrap_or_default();
        if rest.first() == Some(id) {
            met.push(*id);
        }
    }
    met
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn ids() -> impl Strategy<Value = Ids> {
        prop_oneof![
            prop::collection::vec(0u32..60, 0..40).prop_map(Ids::from_unsorted),
            (0u32..40, 0u32..40).prop_map(|(start, length)| Ids::Range(start..start + length)),
            prop::collection::vec(0u32..60, 1..40).prop_map(|list| {
                let mut bits = Bits::new(0..64);
                list.into_iter().for_each(|id| bits.set(id));
                Ids::Bits(bits)
            }),
        ]
    }

    proptest! {
        #[test]
        fn sets_of_all_forms_combine_as_sets(one in ids(), two in ids()) {
            let (left, right): (BTreeSet<u32>, BTreeSet<u32>) = (one.iter().collect(), two.iter().collect());
            let list = |set: BTreeSet<&u32>| set.into_iter().copied().collect::<Vec<_>>();
            prop_assert_eq!(one.len(), left.len());
            prop_assert_eq!(one.and(&two).iter().collect::<Vec<_>>(), list(left.intersection(&right).collect()));
            prop_assert_eq!(one.or(&two).iter().collect::<Vec<_>>(), list(left.union(&right).collect()));
            prop_assert_eq!(one.without(&two).iter().collect::<Vec<_>>(), list(left.difference(&right).collect()));
        }

        #[test]
        fn galloping_finds_what_merging_finds(
            short in prop::collection::btree_set(0u32..5000, 0..20),
            long in prop::collection::btree_set(0u32..5000, 600..1200),
        ) {
            let (one, two): (Vec<u32>, Vec<u32>) = (short.iter().copied().collect(), long.iter().copied().collect());
            prop_assert_eq!(meet(&one, &two), short.intersection(&long).copied().collect::<Vec<_>>());
        }
    }
}
