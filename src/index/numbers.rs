//! Columns of 32-bit numbers in the narrowest form that holds them: one of them, or all.

use super::IndexError;
use super::layout::Numbers;
use super::store::Store;
use std::borrow::Cow;

/// Returns one number of a column, whatever its form.
#[inline]
pub(super) fn number_at(store: &Store, numbers: &Numbers, at: u32) -> Result<u32, IndexError> {
    let at = at as usize;
    match *numbers {
        Numbers::Constant(number) => Ok(number),
        Numbers::Bytes(section) => store.lend(section).get(at).map(u32::from),
        Numbers::Halves(section) => store.lend(section).get(at).map(u32::from),
        Numbers::Words(section) => store.lend(section).get(at),
        Numbers::Sparse { positions, values } => {
            let positions = store.lend(positions);
            let place = positions.partition_point(|position| (*position as usize) < at)?;
            if place == positions.len() || positions.get(place)? as usize != at {
                return Ok(0);
            }
            store.lend(values).get(place)
        }
    }
}

/// A column of numbers in any of its forms, all of it at hand.
pub(super) enum StoredNumbers<'i> {
    Constant(u32),
    Bytes(&'i [u8]),
    Halves(&'i [u16]),
    Words(&'i [u32]),
    Sparse(&'i [u32], &'i [u32]),
}

impl<'i> StoredNumbers<'i> {
    /// Reads all of a column.
    pub(super) fn of(store: &'i Store, numbers: &Numbers) -> Result<StoredNumbers<'i>, IndexError> {
        Ok(match *numbers {
            Numbers::Constant(number) => StoredNumbers::Constant(number),
            Numbers::Bytes(section) => StoredNumbers::Bytes(store.lend(section).all()?),
            Numbers::Halves(section) => StoredNumbers::Halves(store.lend(section).all()?),
            Numbers::Words(section) => StoredNumbers::Words(store.lend(section).all()?),
            Numbers::Sparse { positions, values } => {
                let positions = store.lend(positions).all()?;
                StoredNumbers::Sparse(positions, store.lend(values).all()?)
            }
        })
    }

    /// Returns all of them, of which there are `count`; where some are missing, they are 0.
    pub(super) fn all(&self, count: usize) -> Cow<'i, [u32]> {
        match self {
            StoredNumbers::Constant(number) => Cow::Owned(vec![*number; count]),
            StoredNumbers::Bytes(numbers) => widened(numbers, count),
            StoredNumbers::Halves(numbers) => widened(numbers, count),
            StoredNumbers::Words(numbers) if numbers.len() == count => Cow::Borrowed(numbers),
            StoredNumbers::Words(numbers) => widened(numbers, count),
            StoredNumbers::Sparse(positions, values) => {
                let mut all = vec![0; count];
                for (position, value) in positions.iter().zip(*values) {
                    if let Some(slot) = all.get_mut(*position as usize) {
                        *slot = *value;
                    }
                }
                Cow::Owned(all)
            }
        }
    }
}

fn widened<'i, T: Copy + Into<u32>>(numbers: &[T], count: usize) -> Cow<'i, [u32]> {
    let mut all: Vec<u32> = numbers.iter().take(count).map(|number| (*number).into()).collect();
    all.resize(count, 0);
    Cow::Owned(all)
}
