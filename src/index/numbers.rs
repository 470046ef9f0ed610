//! Columns of 32-bit numbers in the narrowest form that holds them: one of them, or all.

use super::IndexError;
use super::layout::Numbers;
use super::store::Store;

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

    /// Returns all of them from the first on; those of a constant column never end.
    pub(super) fn numbers(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        match self {
            StoredNumbers::Constant(number) => Box::new(std::iter::repeat(*number)),
            StoredNumbers::Bytes(numbers) => Box::new(numbers.iter().copied().map(u32::from)),
            StoredNumbers::Halves(numbers) => Box::new(numbers.iter().copied().map(u32::from)),
            StoredNumbers::Words(numbers) => Box::new(numbers.iter().copied()),
            StoredNumbers::Sparse(positions, values) => {
                let mut kept = positions.iter().zip(*values).peekable();
                Box::new((0u32..).map(move |at| {
                    let here = kept.next_if(|(position, _)| **position <= at);
                    here.map_or(0, |(_, number)| *number)
                }))
            }
        }
    }
}
