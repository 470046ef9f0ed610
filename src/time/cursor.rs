//! Reading a piece of a date byte by byte.

use std::ops::Range;

use super::mask::UNSPECIFIED;

/// A place in a piece of the text.
pub(super) struct Cursor<'t> {
    pub(super) bytes: &'t [u8],
    /// Where the piece starts in the date's text.
    pub(super) offset: usize,
    pub(super) at: usize,
}

impl Cursor<'_> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// Two decimal digits.
    pub(super) fn two_digits(&mut self) -> Option<u8> {
        let digit = |byte: &u8| byte.is_ascii_digit().then(|| byte - b'0');
        let tens = self.bytes.get(self.at).and_then(digit)?;
        let units = self.bytes.get(self.at + 1).and_then(digit)?;
        self.at += 2;
        Some(tens * 10 + units)
    }

    /// Digits, some perhaps unspecified, as many as the array takes.
    pub(super) fn masked<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut digits = [0; N];
        for (place, digit) in digits.iter_mut().enumerate() {
            *digit = match self.bytes.get(self.at + place) {
                Some(byte @ b'0'..=b'9') => byte - b'0',
                Some(b'X') => UNSPECIFIED,
                _ => return None,
            };
        }
        self.at += N;
        Some(digits)
    }

    /// A decimal number of any length; `None` if there is none or it is far too great.
    pub(super) fn number(&mut self) -> Option<i64> {
        let start = self.at;
        let mut number = 0_i64;
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            number = number.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
            self.at += 1;
        }
        (self.at > start).then_some(number)
    }

    pub(super) fn qualifier(&mut self) -> Option<u8> {
        let sign = self.peek().filter(|byte| matches!(byte, b'?' | b'~' | b'%'))?;
        self.at += 1;
        Some(sign)
    }

    /// The rest of the piece, as a place for a fault; at least one byte wide where there is one.
    pub(super) fn rest(&self) -> Range<usize> {
        let start = self.at.min(self.bytes.len().saturating_sub(1));
        self.offset + start..self.offset + self.bytes.len()
    }

    pub(super) fn since(&self, start: usize) -> Range<usize> {
        self.offset + start..self.offset + self.at
    }
}
