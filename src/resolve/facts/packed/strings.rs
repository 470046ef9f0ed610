//! The strings of a piece.

use super::Together;
use crate::model::{StringId, Strings};
use std::ops::Range;
use std::sync::Arc;

/// Strings of one piece, numbered from 0, held together with those of others.
#[derive(Clone, Debug, Default)]
pub struct PieceStrings {
    heap: Option<Arc<String>>,
    /// Where the piece's own begins in the heap, in bytes.
    start: usize,
    /// Where each string ends, in bytes from the piece's beginning.
    ends: Together<u32>,
}

impl From<Strings> for PieceStrings {
    fn from(own: Strings) -> PieceStrings {
        let heap = (!own.heap.is_empty()).then(|| Arc::new(own.heap));
        PieceStrings { heap, start: 0, ends: own.ends.into() }
    }
}

impl PieceStrings {
    /// Returns a string; an unknown number gives an empty one.
    #[inline]
    pub fn get(&self, id: StringId) -> &str {
        self.stretch(id.0..id.0.saturating_add(1))
    }

    /// Returns several strings that follow one another; unknown numbers give an empty text.
    #[inline]
    pub fn stretch(&self, strings: Range<u32>) -> &str {
        let Some(end) = self.end(strings.end) else { return "" };
        let start = self.end(strings.start).unwrap_or(end);
        let range = self.start + start as usize..self.start + end as usize;
        self.heap.as_ref().and_then(|heap| heap.get(range)).unwrap_or("")
    }

    /// Returns how many bytes several strings that follow one another have.
    pub fn bytes(&self, strings: Range<u32>) -> u32 {
        let end = self.end(strings.end).unwrap_or(0);
        end - self.end(strings.start).unwrap_or(end).min(end)
    }

    /// Returns where each of several strings that follow one another ends, in bytes from the start of the first.
    pub fn ends(&self, strings: Range<u32>) -> impl Iterator<Item = u32> {
        let start = self.end(strings.start).unwrap_or(0);
        let ends = self.ends.get(strings.start as usize..strings.end as usize);
        ends.unwrap_or_default().iter().map(move |end| end - start)
    }

    /// Returns where so many strings end.
    #[inline]
    fn end(&self, strings: u32) -> Option<u32> {
        match strings.checked_sub(1) {
            None => Some(0),
            Some(last) => self.ends.get(last as usize).copied(),
        }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    fn text(&self) -> &str {
        self.stretch(0..self.len() as u32)
    }

    /// Has the strings of several pieces held together; those of each keep their numbers.
    pub fn hold(mut pieces: Vec<&mut PieceStrings>) {
        let texts: Vec<&str> = pieces.iter().map(|piece| piece.text()).collect();
        let heap = Arc::new(texts.concat());
        let mut start = 0;
        for piece in &mut pieces {
            let bytes = piece.text().len();
            (piece.heap, piece.start) = (Some(Arc::clone(&heap)), start);
            start += bytes;
        }
        Together::hold(pieces.into_iter().map(|piece| &mut piece.ends).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn held_together_each_piece_has_what_it_had(
            pieces in prop::collection::vec(prop::collection::vec("[a-zé]{0,4}", 0..6), 0..6),
        ) {
            let own = |texts: &Vec<String>| {
                let mut strings = Strings::default();
                texts.iter().for_each(|text| { strings.add(text); });
                PieceStrings::from(strings)
            };
            let mut held: Vec<PieceStrings> = pieces.iter().map(own).collect();
            PieceStrings::hold(held.iter_mut().collect());
            for (texts, strings) in pieces.iter().zip(&held) {
                prop_assert_eq!(strings.len(), texts.len());
                for (number, text) in (0..).zip(texts) {
                    prop_assert_eq!(strings.get(StringId(number)), text);
                    let behind = texts.get(number as usize..).unwrap_or_default();
                    let stretch = number..texts.len() as u32;
                    prop_assert_eq!(strings.stretch(stretch.clone()), behind.concat());
                    prop_assert_eq!(strings.bytes(stretch.clone()) as usize, behind.concat().len());
                    let mut end = 0;
                    let ends = behind.iter().map(|text| { end += text.len() as u32; end });
                    let ends: Vec<u32> = ends.collect();
                    prop_assert_eq!(strings.ends(stretch).collect::<Vec<_>>(), ends);
                }
                prop_assert_eq!(strings.get(StringId(texts.len() as u32)), "");
            }
        }
    }
}
