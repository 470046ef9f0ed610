//! Names of other records: how a piece numbers them, and what they are found to mean.
//!
//! A piece is first read as if each name meant a record that may stand there; so it can be read before the others.
//! Where that turns out wrong, the piece is read again with all records known.

use super::declare::{Declared, id_hash};
use super::intern::Interner;
use super::statements::PieceReader;
use super::unit::{PieceFacts, References, Wanted};
use crate::model::{Schema, StringId, Strings};

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
    /// None yet, with room for so many.
    pub(super) fn with_capacity(count: usize) -> Self {
        Referring { assumed: Interner::with_capacity(count), known: Interner::default() }
    }

    /// Hands the references to the piece's facts.
    pub(super) fn finish(self, part: &mut PieceFacts) {
        part.linked = self.known.into_items().into();
        let assumed = self.assumed.items();
        let bytes = assumed.iter().map(|(hashed, _)| hashed.id.len()).sum();
        let ends = Vec::with_capacity(assumed.len());
        let mut ids = Strings { heap: String::with_capacity(bytes), ends };
        assumed.iter().for_each(|(hashed, _)| {
            ids.add(hashed.id);
        });
        part.references.ids = ids.into();
        let wanted: Vec<Wanted> = assumed.iter().map(|(_, wanted)| *wanted).collect();
        part.references.wanted = wanted.into();
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

/// So many names are looked for together.
const SOUGHT_TOGETHER: usize = 32;

/// Links the references of a piece to their records; tells whether each is a record that may stand there.
pub(super) fn link(part: &mut PieceFacts, declared: &Declared<'_>, schema: &Schema) -> bool {
    let References { ids, wanted } = std::mem::take(&mut part.references);
    let mut linked = Vec::with_capacity(wanted.len());
    let mut hashed = Vec::with_capacity(SOUGHT_TOGETHER);
    let mut sought = Vec::with_capacity(SOUGHT_TOGETHER);
    for (first, wanted) in (0u32..).step_by(SOUGHT_TOGETHER).zip(wanted.chunks(SOUGHT_TOGETHER)) {
        let names = (first..).take(wanted.len()).map(|number| ids.get(StringId(number)));
        hashed.clear();
        hashed.extend(names.map(|name| (name, id_hash(name))));
        sought.clear();
        sought.extend(hashed.iter().map(|(name, hash)| declared.begin_to_find(name, *hash)));
        for (sought, wanted) in sought.iter().zip(wanted) {
            let Some(record) =
                declared.find_sound(sought, |relation| wanted.allows(schema, relation))
            else {
                return false;
            };
            linked.push(record);
        }
    }
    part.linked = linked.into();
    true
}
