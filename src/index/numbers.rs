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

    /// Gives each element its number, in order. Elements are to be as with the number 0, which is not given where most
    /// have it.
    pub(super) fn give<T>(&self, elements: &mut [T], give: impl Fn(&mut T, u32)) {
        match self {
            StoredNumbers::Constant(0) => {}
            StoredNumbers::Constant(number) => {
                elements.iter_mut().for_each(|element| give(element, *number));
            }
            StoredNumbers::Bytes(numbers) => give_each(numbers, elements, give),
            StoredNumbers::Halves(numbers) => give_each(numbers, elements, give),
            StoredNumbers::Words(numbers) => give_each(numbers, elements, give),
            StoredNumbers::Sparse(positions, values) => {
                for (position, value) in positions.iter().zip(*values) {
                    if let Some(element) = elements.get_mut(*position as usize) {
                        give(element, *value);
                    }
                }
            }
        }
    }
}

fn give_each<T, N: Copy + Into<u32>>(
    numbers: &[N],
    elements: &mut [T],
    give: impl Fn(&mut T, u32),
) {
    elements.iter_mut().zip(numbers).for_each(|(element, number)| give(element, (*number).into()));
}
