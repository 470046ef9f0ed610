//! Columns of 32-bit numbers in the narrowest form that holds them.

use super::super::IndexError;
use super::super::image::{Sink, Writer};
use super::super::layout::Numbers;

/// Lays a column down.
pub(super) fn write<S: Sink>(out: &mut Writer<S>, numbers: &[u32]) -> Result<Numbers, IndexError> {
    let first = numbers.first().copied().unwrap_or(0);
    if numbers.iter().all(|number| *number == first) {
        return Ok(Numbers::Constant(first));
    }
    let greatest = numbers.iter().copied().max().unwrap_or(0);
    let width = match greatest {
        0..=0xff => 1,
        0x100..=0xffff => 2,
        _ => 4,
    };
    let other_than_zero = numbers.iter().filter(|number| **number != 0).count();
    // A sparse column costs a binary search, so that it has to be much smaller.
    if other_than_zero * 16 < numbers.len() * width {
        let kept = || (0..).zip(numbers).filter(|(_, number)| **number != 0);
        let positions: Vec<u32> = kept().map(|(position, _)| position).collect();
        let values: Vec<u32> = kept().map(|(_, number)| *number).collect();
        let (positions, values) = (out.section(&positions)?, out.section(&values)?);
        return Ok(Numbers::Sparse { positions, values });
    }
    Ok(match width {
        1 => {
            let narrow: Vec<u8> = numbers.iter().map(|number| *number as u8).collect();
            Numbers::Bytes(out.section(&narrow)?)
        }
        2 => {
            let narrow: Vec<u16> = numbers.iter().map(|number| *number as u16).collect();
            Numbers::Halves(out.section(&narrow)?)
        }
        _ => Numbers::Words(out.section(numbers)?),
    })
}
