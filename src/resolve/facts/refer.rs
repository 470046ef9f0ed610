//! Names of other records: how a piece numbers them, and what they are found to mean.
//!
//! A piece is first read as if each name meant a record that may stand there; so it can be read before the others.
//! Where that turns out wrong, the piece is read again with all records known.

use super::declare::{Declared, id_hash};
use super::intern::Interner;
use super::statements::PieceReader;
use super::unit::{PieceFacts, Wanted};
use crate::model::{Schema, StringId};

/// What a name means.
pub(super) enum Target {
    /// Some record that may stand there; the number is the reference's own.
    Assumed(u32),
    /// The record with this number among all.
    Record(u32),
    /// No record has this identifier.
    Nobody,
}

/// The references of a piece, numbered as they come.
#[derive(Default)]
pub(super) struct Referring<'t> {
    assumed: Interner<(Hashed<'t>, Wanted)>,
    known: Interner<u32>,
}

/// An identifier with its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hashed<'t> {
    hash: u64,
    id: &'t str,
}

impl std::hash::Hash for Hashed<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl Referring<'_> {
    /// Hands the references to the piece's facts.
    pub(super) fn finish(self, part: &mut PieceFacts) {
        part.linked = self.known.into_items();
        for (hashed, wanted) in self.assumed.items() {
            part.references.ids.add(hashed.id);
            part.references.hashes.push(hashed.hash);
            part.references.wanted.push(*wanted);
        }
    }
}

impl<'a, 't> PieceReader<'a, 't> {
    /// Finds what an identifier means.
    pub(super) fn target(&mut self, id: &'t str, wanted: Wanted) -> Target {
        match self.context.declared {
            None => {
                let hashed = Hashed { hash: id_hash(id), id };
                Target::Assumed(self.referring.assumed.number((hashed, wanted)).0)
            }
            Some(declared) => declared.find(id).map_or(Target::Nobody, Target::Record),
        }
    }

    /// Returns the reference to a record of which the number among all is known.
    pub(super) fn refer(&mut self, number: u32) -> u32 {
        self.referring.known.number(number).0
    }
}

/// Links the references of a piece to their records; tells whether each is a record that may stand there.
pub(super) fn link(part: &mut PieceFacts, declared: &Declared<'_>, schema: &Schema) -> bool {
    let references = std::mem::take(&mut part.references);
    let mut linked = Vec::with_capacity(references.wanted.len());
    for (number, (hash, wanted)) in (0u32..).zip(references.hashes.iter().zip(&references.wanted)) {
        let id = references.ids.get(StringId(number));
        let found = declared.find_hashed(id, *hash).filter(|record| {
            let relation = declared.relation(*record);
            relation.is_some_and(|relation| wanted.allows(schema, relation))
                && !declared.is_faulty(*record)
        });
        let Some(record) = found else { return false };
        linked.push(record);
    }
    part.linked = linked;
    true
}
