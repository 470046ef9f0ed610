//! Columns of 32-bit numbers in the narrowest form that holds them: one of them, or all.

use super::IndexError;
use super::layout::Numbers;
use super::store::Store;
use std::borrow::Cow;
use std::ops::Range;

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

    /// Returns those at some positions; where some are missing, they are 0.
    pub(super) fn stretch(&self, at: Range<usize>) -> Cow<'i, [u32]> {
        match self {
            StoredNumbers::Constant(number) => Cow::Owned(vec![*number; at.len()]),
            StoredNumbers::Bytes(numbers) => widened(numbers, at),
            StoredNumbers::Halves(numbers) => widened(numbers, at),
            StoredNumbers::Words(numbers) => match numbers.get(at.clone()) {
                Some(numbers) => Cow::Borrowed(numbers),
                None => widened(numbers, at),
            },
            StoredNumbers::Sparse(positions, values) => {
                let mut stretch = vec![0; at.len()];
                let first = positions.partition_point(|position| (*position as usize) < at.start);
                let numbers = positions.iter().zip(*values).skip(first);
                for (position, value) in
                    numbers.take_while(|(position, _)| (**position as usize) < at.end)
                {
                    if let Some(slot) = stretch.get_mut(*position as usize - at.start) {
                        *slot = *value;
                    }
                }
                Cow::Owned(stretch)
            }
        }
    }
}

fn widened<'i, T: Copy + Into<u32>>(numbers: &[T], at: Range<usize>) -> Cow<'i, [u32]> {
    let count = at.len();
    let numbers = numbers.iter().skip(at.start).take(count);
    let mut stretch: Vec<u32> = numbers.map(|number| (*number).into()).collect();
    stretch.resize(count, 0);
    Cow::Owned(stretch)
}
