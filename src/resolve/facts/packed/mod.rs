//! What a piece says, in few bytes: that of all pieces is held until their records have their place.
//!
//! Statements and records come in the order in which they are written, so that each is told by what differs from the
//! one before it: in numbers of seven bits a byte, the lowest first (LEB128), signed ones as in the zigzag of Protocol
//! Buffers.

mod records;
mod statements;
mod strings;
mod together;

pub use records::{PackedRecords, RecordPacking};
pub use statements::{PackedStatements, StatementPacking};
pub use strings::PieceStrings;
pub use together::Together;

/// Numbers to which others are added.
#[derive(Clone, Debug, Default)]
struct Packing {
    bytes: Vec<u8>,
}

impl Packing {
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    fn difference(&mut self, before: u32, number: u32) {
        let by = number.wrapping_sub(before) as i32;
        self.number(u64::from(((by << 1) ^ (by >> 31)) as u32));
    }
}

/// Numbers that are not read yet; behind the last one come zeros.
struct Rest<'p>(&'p [u8]);

impl Rest<'_> {
    #[inline]
    fn number(&mut self) -> u64 {
        let mut number = 0;
        let mut shift = 0;
        while let Some((byte, rest)) = self.0.split_first() {
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if *byte < 0x80 {
                break;
            }
        }
        number
    }

    #[inline]
    fn difference(&mut self, before: u32) -> u32 {
        let zigzag = self.number() as u32;
        before.wrapping_add((zigzag >> 1) ^ (zigzag & 1).wrapping_neg())
    }
}
