//! Identifiers inside: dense 32-bit numbers, one type for each kind of thing.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            bytemuck::Pod, bytemuck::Zeroable,
        )]
        #[repr(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// Returns the number as a position in a slice.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )* };
}

ids! {
    /// A relation of the schema, in the order of declaration; `source` is number 0.
    RelationId
    /// A field of a relation; those of one relation are contiguous.
    FieldId
    /// A union of the schema.
    UnionId
    /// A record. Those of one relation are contiguous and in the order of answers: own date, identifier.
    EntityId
    /// A string of the heap.
    StringId
    /// A date or period, by its place in the order of all distinct ones.
    TimeRank
    /// A number or quantity, by its place in the order of all distinct ones.
    NumberRank
    /// What stands in parentheses behind statements; number 0 is nothing.
    QualifierId
    /// The sources of a statement; number 0 is none.
    CitationId
}
