//! The records of a piece, some six bytes each instead of twenty-four.

use super::{Packing, Rest, Together};
use crate::model::{RelationId, StringId};
use crate::resolve::facts::unit::WrittenRecord;

/// Records in the order in which they are written, with places for those that are left out.
#[derive(Clone, Debug, Default)]
pub struct PackedRecords {
    bytes: Together<u8>,
    count: u32,
}

/// Records to which others are added.
#[derive(Clone, Debug)]
pub struct RecordPacking {
    packing: Packing,
    count: u32,
    last: WrittenRecord,
}

/// What the first record is told apart from.
const FIRST: WrittenRecord =
    WrittenRecord { relation: RelationId(0), name: None, line: 0, citation: 0, qualifier: 0 };

impl Default for RecordPacking {
    fn default() -> RecordPacking {
        RecordPacking { packing: Packing::default(), count: 0, last: FIRST }
    }
}

impl RecordPacking {
    /// Adds a record, or a place for one that is left out.
    pub fn push(&mut self, record: Option<WrittenRecord>) {
        self.count += 1;
        let Some(record) = record else {
            self.packing.number(0);
            return;
        };
        self.packing.number(u64::from(record.relation.0) + 1);
        let packing = &mut self.packing;
        packing.difference(name_number(&self.last), name_number(&record));
        packing.difference(self.last.line, record.line);
        packing.difference(self.last.citation, record.citation);
        packing.difference(self.last.qualifier, record.qualifier);
        // A name is told from the last one that there was.
        let name = record.name.or(self.last.name);
        self.last = WrittenRecord { name, ..record };
    }

    /// Returns them all.
    pub fn finish(self) -> PackedRecords {
        PackedRecords { bytes: self.packing.bytes.into(), count: self.count }
    }
}

impl PackedRecords {
    /// Returns the records again.
    pub fn iter(&self) -> impl Iterator<Item = Option<WrittenRecord>> {
        let mut rest = Rest(&self.bytes);
        let mut last = FIRST;
        (0..self.count).map(move |_| {
            let relation = RelationId(rest.number().checked_sub(1)? as u32);
            let name = match rest.difference(name_number(&last)) {
                0 => None,
                number => Some(StringId(number - 1)),
            };
            let record = WrittenRecord {
                relation,
                name,
                line: rest.difference(last.line),
                citation: rest.difference(last.citation),
                qualifier: rest.difference(last.qualifier),
            };
            last = WrittenRecord { name: name.or(last.name), ..record };
            Some(record)
        })
    }

    /// Returns how many there are, with those that are left out.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Returns the bytes, to be held together with others.
    pub fn bytes_mut(&mut self) -> &mut Together<u8> {
        &mut self.bytes
    }
}

/// Returns 0 for no name.
fn name_number(record: &WrittenRecord) -> u32 {
    record.name.map_or(0, |name| name.0 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Parts = (u32, Option<u32>, u32, u32, u32);

    fn written((relation, name, line, citation, qualifier): Parts) -> WrittenRecord {
        let (relation, name) = (RelationId(relation), name.map(StringId));
        WrittenRecord { relation, name, line, citation, qualifier }
    }

    fn parts(record: WrittenRecord) -> Parts {
        let WrittenRecord { relation, name, line, citation, qualifier } = record;
        (relation.0, name.map(|name| name.0), line, citation, qualifier)
    }

    fn any_parts() -> impl Strategy<Value = Parts> {
        let number = || prop_oneof![0..9u32, any::<u32>()];
        (number(), prop::option::of(0..u32::MAX), number(), number(), number())
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(
            added in prop::collection::vec(prop::option::of(any_parts()), 0..60),
        ) {
            let mut packing = RecordPacking::default();
            added.iter().for_each(|record| packing.push(record.map(written)));
            let packed = packing.finish();
            let again: Vec<Option<Parts>> = packed.iter().map(|record| record.map(parts)).collect();
            prop_assert_eq!(packed.len(), added.len());
            prop_assert_eq!(again, added);
        }
    }
}
