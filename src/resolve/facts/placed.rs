//! Pieces with their places, and their trees: given, or made again where a finding needs one.

use crate::source::{FileId, Sources};
use crate::syntax;
use crate::syntax::ast::{FactView, Piece, TextRange};
use std::sync::OnceLock;

/// A piece with the file it belongs to.
pub struct Placed<'a> {
    /// Its file.
    pub file: FileId,
    /// The stretch of the file.
    pub at: TextRange,
    /// The number that its first fact has among all.
    pub first_record: u32,
    /// The line at which it starts, counted from 1.
    pub first_line: u32,
    /// The line at which the next one starts.
    pub next_line: u32,
    /// The last piece before it in the same file that has a `cite`, by its place among all pieces.
    pub cited_in: Option<u32>,
    /// Its tree, if that is at hand.
    pub tree: Tree<'a>,
}

/// The tree of a piece.
pub enum Tree<'a> {
    /// Somebody holds it.
    Given(&'a Piece),
    /// It was let go, and is made again when it is asked for.
    Again(OnceLock<Box<Piece>>),
}

impl Placed<'_> {
    /// Returns the tree.
    pub fn tree(&self, sources: &Sources) -> &Piece {
        match &self.tree {
            Tree::Given(piece) => piece,
            Tree::Again(piece) => piece.get_or_init(|| Box::new(self.parse(sources))),
        }
    }

    /// Parses the piece without keeping the tree.
    fn parse(&self, sources: &Sources) -> Piece {
        let text = sources.file(self.file).text();
        // What is wrong with it was told when it was parsed first.
        syntax::parse_stretch(self.file, text, self.at).0
    }

    /// Calls `look` with each fact, its number among all, and what its file says; a tree that was let go is not kept.
    pub fn each_fact(&self, sources: &Sources, mut look: impl FnMut(u32, FactView<'_>)) {
        let parsed;
        let piece = match &self.tree {
            Tree::Given(piece) => piece,
            Tree::Again(piece) => match piece.get() {
                Some(piece) => piece,
                None => {
                    parsed = self.parse(sources);
                    &parsed
                }
            },
        };
        piece.facts().for_each(|fact| look(self.first_record + fact.number(), fact));
    }
}

/// Finds the fact that has a number in the order of writing, and its piece.
pub fn fact_of<'p>(
    pieces: &'p [Placed<'_>],
    sources: &Sources,
    number: u32,
) -> Option<(&'p Placed<'p>, FactView<'p>)> {
    let behind = pieces.partition_point(|placed| placed.first_record <= number);
    let placed = pieces.get(behind.checked_sub(1)?)?;
    let fact = placed.tree(sources).fact(number - placed.first_record)?;
    Some((placed, fact))
}
