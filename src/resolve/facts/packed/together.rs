//! What a piece holds, held together with what other pieces do.
//!
//! A piece's own is small, and what is small leaves holes where it is let go, which a program keeps. What many pieces
//! hold together is let go as a whole, and the system has its memory again.

use std::ops::{Deref, Range};
use std::sync::Arc;

/// The elements of one piece: a stretch of those of several.
#[derive(Clone, Debug)]
pub struct Together<T> {
    /// Those of all pieces; nothing where there is none, which takes no memory.
    all: Option<Arc<Vec<T>>>,
    range: Range<usize>,
}

impl<T> Default for Together<T> {
    fn default() -> Together<T> {
        Together { all: None, range: 0..0 }
    }
}

impl<T> From<Vec<T>> for Together<T> {
    fn from(own: Vec<T>) -> Together<T> {
        Together { range: 0..own.len(), all: (!own.is_empty()).then(|| Arc::new(own)) }
    }
}

impl<T> Deref for Together<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        let all = self.all.as_ref().and_then(|all| all.get(self.range.clone()));
        all.unwrap_or_default()
    }
}

impl<T> Together<T> {
    /// Cuts the elements of several pieces, which follow one another, into those of each.
    pub fn cut(
        all: Vec<T>,
        lengths: impl Iterator<Item = usize>,
    ) -> impl Iterator<Item = Together<T>> {
        let all = Arc::new(all);
        let mut start = 0;
        lengths.map(move |length| {
            let range = start..start + length;
            start = range.end;
            Together { all: (!range.is_empty()).then(|| Arc::clone(&all)), range }
        })
    }
}

impl<T: Copy> Together<T> {
    /// Has the elements of several pieces held together.
    pub fn hold(pieces: Vec<&mut Together<T>>) {
        let own: Vec<&[T]> = pieces.iter().map(|piece| &***piece).collect();
        let all = own.concat();
        let lengths: Vec<usize> = pieces.iter().map(|piece| piece.len()).collect();
        for (piece, held) in pieces.into_iter().zip(Together::cut(all, lengths.into_iter())) {
            *piece = held;
        }
    }
}
