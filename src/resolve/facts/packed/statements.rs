//! The statements of one field in one piece, some five bytes each instead of sixteen.

use super::{Packing, Rest, Together};
use crate::model::{EntityId, QualifierId, Statement, ValueCode};

/// Statements in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct PackedStatements {
    bytes: Together<u8>,
    count: usize,
    is_qualified: bool,
}

/// Statements to which others are added.
#[derive(Clone, Debug)]
pub struct StatementPacking {
    packing: Packing,
    count: usize,
    is_qualified: bool,
    last: Statement,
}

/// What the first statement is told apart from.
const FIRST: Statement =
    Statement { entity: EntityId(0), value: ValueCode(0), line: 0, qualifier: QualifierId(0) };

impl Default for StatementPacking {
    fn default() -> StatementPacking {
        StatementPacking { packing: Packing::default(), count: 0, is_qualified: false, last: FIRST }
    }
}

impl StatementPacking {
    /// Adds a statement; its record is none before that of the statement added last.
    // Part of whoever has the four numbers at hand: handed over in memory, the whole would have to wait for each.
    #[inline(always)]
    pub fn push(&mut self, statement: Statement) {
        let entities = statement.entity.0.wrapping_sub(self.last.entity.0);
        let is_qualified = statement.qualifier.0 != 0;
        // The lowest bit says whether a qualifier follows; most statements have none.
        self.packing.number(u64::from(entities) << 1 | u64::from(is_qualified));
        self.packing.difference(self.last.value.0, statement.value.0);
        self.packing.difference(self.last.line, statement.line);
        if is_qualified {
            self.packing.number(u64::from(statement.qualifier.0));
            self.is_qualified = true;
        }
        self.last = statement;
        self.count += 1;
    }

    /// Returns them all.
    pub fn finish(self) -> PackedStatements {
        let StatementPacking { packing, count, is_qualified, .. } = self;
        PackedStatements { bytes: packing.bytes.into(), count, is_qualified }
    }
}

impl PackedStatements {
    /// Returns the statements again.
    pub fn iter(&self) -> impl Iterator<Item = Statement> {
        let mut rest = Rest(&self.bytes);
        let mut last = FIRST;
        (0..self.count).map(move |_| {
            let head = rest.number();
            let entity = EntityId(last.entity.0.wrapping_add((head >> 1) as u32));
            let value = ValueCode(rest.difference(last.value.0));
            let line = rest.difference(last.line);
            let qualifier = QualifierId(if head & 1 == 1 { rest.number() as u32 } else { 0 });
            last = Statement { entity, value, line, qualifier };
            last
        })
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Tells whether some of them have something in parentheses.
    pub fn is_qualified(&self) -> bool {
        self.is_qualified
    }

    /// Returns the bytes, to be held together with others.
    pub fn bytes_mut(&mut self) -> &mut Together<u8> {
        &mut self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_statement() -> impl Strategy<Value = (u32, u32, u32, u32)> {
        let value = prop_oneof![0..300u32, any::<u32>(), u32::MAX - 2..=u32::MAX];
        let line = prop_oneof![0..9u32, any::<u32>()];
        (prop_oneof![0..3u32, 0..u32::MAX / 64], value, line, prop_oneof![Just(0), any::<u32>()])
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(added in prop::collection::vec(any_statement(), 0..60)) {
            let mut packing = StatementPacking::default();
            let mut plain = Vec::new();
            let mut entity = 0u32;
            for (further, value, line, qualifier) in added {
                entity += further;
                let statement = Statement {
                    entity: EntityId(entity),
                    value: ValueCode(value),
                    line,
                    qualifier: QualifierId(qualifier),
                };
                packing.push(statement);
                plain.push(statement);
            }
            let packed = packing.finish();
            let parts = |all: &[Statement]| -> Vec<(u32, u32, u32, u32)> {
                let each = |one: &Statement| (one.entity.0, one.value.0, one.line, one.qualifier.0);
                all.iter().map(each).collect()
            };
            prop_assert_eq!(parts(&packed.iter().collect::<Vec<_>>()), parts(&plain));
        }
    }
}
