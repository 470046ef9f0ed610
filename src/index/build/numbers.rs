//! Columns of 32-bit numbers in the narrowest form that holds them.

use super::super::IndexError;
use super::super::image::{Sink, Writer};
use super::super::layout::Numbers;

/// A column in the form that it will have.
pub(super) enum Narrowed {
    Constant(u32),
    Bytes(Vec<u8>),
    Halves(Vec<u16>),
    Words(Vec<u32>),
    Sparse { positions: Vec<u32>, values: Vec<u32> },
}

/// Chooses the form of a column.
pub(super) fn narrow(numbers: Vec<u32>) -> Narrowed {
    let first = numbers.first().copied().unwrap_or(0);
    let (mut are_alike, mut greatest, mut other_than_zero) = (true, 0, 0);
    for number in &numbers {
        are_alike &= *number == first;
        greatest = greatest.max(*number);
        other_than_zero += usize::from(*number != 0);
    }
    if are_alike {
        return Narrowed::Constant(first);
    }
    let width = match greatest {
        0..=0xff => 1,
        0x100..=0xffff => 2,
        _ => 4,
    };
    // A sparse column costs a binary search, so that it has to be much smaller.
    if other_than_zero * 16 < numbers.len() * width {
        let kept = || (0..).zip(&numbers).filter(|(_, number)| **number != 0);
        let positions = kept().map(|(position, _)| position).collect();
        let values = kept().map(|(_, number)| *number).collect();
        return Narrowed::Sparse { positions, values };
    }
    match width {
        1 => Narrowed::Bytes(numbers.iter().map(|number| *number as u8).collect()),
        2 => Narrowed::Halves(numbers.iter().map(|number| *number as u16).collect()),
        _ => Narrowed::Words(numbers),
    }
}

/// Lays a column down.
pub(super) fn write<S: Sink>(
    out: &mut Writer<S>,
    numbers: &Narrowed,
) -> Result<Numbers, IndexError> {
    Ok(match numbers {
        Narrowed::Constant(number) => Numbers::Constant(*number),
        Narrowed::Bytes(narrow) => Numbers::Bytes(out.section(narrow)?),
        Narrowed::Halves(narrow) => Numbers::Halves(out.section(narrow)?),
        Narrowed::Words(numbers) => Numbers::Words(out.section(numbers)?),
        Narrowed::Sparse { positions, values } => {
            let (positions, values) = (out.section(positions)?, out.section(values)?);
            Numbers::Sparse { positions, values }
        }
    })
}
