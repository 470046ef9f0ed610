//! The statements of one field in one piece, some five bytes each instead of sixteen.
//!
//! A base has millions of statements, and those of all pieces are held until their records have their place.
//! Statements come by record and line, so that each is written as what differs from the one before it: numbers of
//! seven bits a byte, the lowest first (LEB128), signed ones as in the zigzag of Protocol Buffers.

use crate::model::{EntityId, QualifierId, Statement, ValueCode};

/// Statements in the order in which they were added.
#[derive(Clone, Debug)]
pub struct PackedStatements {
    bytes: Vec<u8>,
    count: usize,
    last: Statement,
}

/// What the first statement is told apart from.
const FIRST: Statement =
    Statement { entity: EntityId(0), value: ValueCode(0), line: 0, qualifier: QualifierId(0) };

impl Default for PackedStatements {
    fn default() -> PackedStatements {
        PackedStatements { bytes: Vec::new(), count: 0, last: FIRST }
    }
}

impl PackedStatements {
    /// Adds a statement; its record is none before that of the statement added last.
    pub fn push(&mut self, statement: Statement) {
        let entities = statement.entity.0.wrapping_sub(self.last.entity.0);
        let is_qualified = statement.qualifier.0 != 0;
        // The lowest bit says whether a qualifier follows; most statements have none.
        self.number(u64::from(entities) << 1 | u64::from(is_qualified));
        self.difference(self.last.value.0, statement.value.0);
        self.difference(self.last.line, statement.line);
        if is_qualified {
            self.number(u64::from(statement.qualifier.0));
        }
        self.last = statement;
        self.count += 1;
    }

    fn difference(&mut self, before: u32, number: u32) {
        let by = number.wrapping_sub(before) as i32;
        self.number(u64::from((by << 1 ^ by >> 31) as u32));
    }

    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

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

    /// Gives back what growing has reserved too much.
    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
    }
}

/// Bytes that are not read yet.
struct Rest<'p>(&'p [u8]);

impl Rest<'_> {
    fn number(&mut self) -> u64 {
        let mut number = 0;
        let mut shift = 0;
        while let Some((byte, rest)) = self.0.split_first() {
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if *byte < 0x80 {
                break;
            }
        }
        number
    }

    fn difference(&mut self, before: u32) -> u32 {
        let zigzag = self.number() as u32;
        before.wrapping_add(zigzag >> 1 ^ (zigzag & 1).wrapping_neg())
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
            let mut packed = PackedStatements::default();
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
                packed.push(statement);
                plain.push(statement);
            }
            let parts = |all: &[Statement]| -> Vec<(u32, u32, u32, u32)> {
                let each = |one: &Statement| (one.entity.0, one.value.0, one.line, one.qualifier.0);
                all.iter().map(each).collect()
            };
            prop_assert_eq!(parts(&packed.iter().collect::<Vec<_>>()), parts(&plain));
        }
    }
}
