//! The canonical form of `.kb` files: a tree and its comments back to text.
//!
//! In: the text of a file, its tree, its faults. Out: the same text with other white space. Nothing is put in
//! another order, added or left out: only blanks and line breaks differ, and never those inside a string's line.
//! An item with a fault of syntax is copied as it stands. `docs/format.md` shows the form.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod collect;
mod definition;
mod flow;
mod layout;
mod page;
mod piece;
mod stretch;
mod tail;
mod tokens;

use crate::diagnostic::Diagnostic;
use crate::source::Sources;
use crate::syntax::ast::File;
use rayon::prelude::*;

/// A file in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    /// Its text.
    pub text: String,
    /// How many items were left as they stand, because of a fault of syntax.
    pub left_alone: usize,
}

/// Puts a file into canonical form. `faults` are those that parsing found in it.
pub fn format_file(sources: &Sources, tree: &File, faults: &[Diagnostic]) -> Formatted {
    let text = sources.file(tree.file).text();
    let mut faulty: Vec<u32> = faults.iter().map(|fault| fault.primary.span.start).collect();
    faulty.sort_unstable();
    let pieces = tree.pieces.par_iter();
    let formatted: Vec<_> = pieces.map(|piece| piece::format(text, piece, &faulty)).collect();
    let left_alone = formatted.iter().map(|piece| piece.left_alone).sum();
    let mut texts = formatted.into_iter().map(|piece| piece.text);
    let mut text = texts.next().unwrap_or_default();
    texts.for_each(|more| text.push_str(&more));
    Formatted { text, left_alone }
}
