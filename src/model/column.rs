//! The statements of a field, like beside like.

use super::{EntityId, QualifierId, Statement, ValueCode};
use std::ops::Range;

/// The statements of a field, by record, those of one record in the order written.
///
/// Whoever goes through them mostly wants one part of each; and most fields have one statement of each record, and
/// nothing in parentheses, which then need not be held.
#[derive(Clone, Debug, Default)]
pub struct StatementColumn {
    owners: Owners,
    values: Vec<ValueCode>,
    lines: Vec<u32>,
    /// Nothing where all of them are 0.
    qualifiers: Option<Vec<QualifierId>>,
}

/// Whose the statements are.
#[derive(Clone, Debug)]
enum Owners {
    /// Of each record from this one on, one of each.
    Each(EntityId),
    /// By statement.
    Listed(Vec<EntityId>),
}

impl Default for Owners {
    fn default() -> Owners {
        Owners::Listed(Vec::new())
    }
}

impl StatementColumn {
    /// None yet, with room for so many.
    pub fn with_capacity(room: usize) -> StatementColumn {
        let owners = Vec::with_capacity(room);
        StatementColumn::listed(owners, Vec::with_capacity(room), Vec::with_capacity(room), None)
    }

    /// One statement of each record from `first` on.
    pub fn of_each(
        first: EntityId,
        values: Vec<ValueCode>,
        lines: Vec<u32>,
        qualifiers: Option<Vec<QualifierId>>,
    ) -> StatementColumn {
        StatementColumn { owners: Owners::Each(first), values, lines, qualifiers }
    }

    /// Statements of the records that are listed, one for each.
    pub fn listed(
        owners: Vec<EntityId>,
        values: Vec<ValueCode>,
        lines: Vec<u32>,
        qualifiers: Option<Vec<QualifierId>>,
    ) -> StatementColumn {
        StatementColumn { owners: Owners::Listed(owners), values, lines, qualifiers }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Returns what they say.
    pub fn values(&self) -> &[ValueCode] {
        &self.values
    }

    /// Returns what stands in parentheses behind them; nothing where that is nothing for all of them.
    pub fn qualifiers(&self) -> Option<&[QualifierId]> {
        self.qualifiers.as_deref()
    }

    /// Returns whose the statement at a place is.
    pub fn entity(&self, place: usize) -> Option<EntityId> {
        match &self.owners {
            Owners::Each(first) => (place < self.len()).then(|| EntityId(first.0 + place as u32)),
            Owners::Listed(owners) => owners.get(place).copied(),
        }
    }

    /// Returns the statement at a place.
    pub fn get(&self, place: usize) -> Option<Statement> {
        Some(Statement {
            entity: self.entity(place)?,
            value: *self.values.get(place)?,
            line: *self.lines.get(place)?,
            qualifier: match &self.qualifiers {
                None => QualifierId(0),
                Some(qualifiers) => *qualifiers.get(place)?,
            },
        })
    }

    /// Returns them one after another.
    pub fn iter(&self) -> impl Iterator<Item = Statement> {
        (0..self.len()).map_while(|place| self.get(place))
    }

    /// Calls `each` with the record and the value of each.
    pub fn for_each_value(&self, mut each: impl FnMut(EntityId, ValueCode)) {
        match &self.owners {
            Owners::Each(first) => {
                (first.0..).zip(&self.values).for_each(|(entity, value)| {
                    each(EntityId(entity), *value);
                });
            }
            Owners::Listed(owners) => {
                owners.iter().zip(&self.values).for_each(|(entity, value)| each(*entity, *value));
            }
        }
    }

    /// Returns the places of the statements of each record that has some.
    pub fn groups(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        std::iter::from_fn(move || {
            let entity = self.entity(start)?;
            let mut end = start + 1;
            while self.entity(end) == Some(entity) {
                end += 1;
            }
            Some(std::mem::replace(&mut start, end)..end)
        })
    }

    /// Adds a statement behind the last.
    pub fn push(&mut self, Statement { entity, value, line, qualifier }: Statement) {
        if let Owners::Each(first) = self.owners {
            self.owners = Owners::Listed((first.0..).map(EntityId).take(self.len()).collect());
        }
        if let Owners::Listed(owners) = &mut self.owners {
            owners.push(entity);
        }
        if qualifier.0 != 0 && self.qualifiers.is_none() {
            self.qualifiers = Some(vec![QualifierId(0); self.len()]);
        }
        if let Some(qualifiers) = &mut self.qualifiers {
            qualifiers.push(qualifier);
        }
        self.values.push(value);
        self.lines.push(line);
    }

    /// Puts the values of each record in the order of a key; the statements of a record are to differ in nothing else.
    pub fn sort_values_of_each_by_key<K: Ord>(&mut self, key: impl Fn(ValueCode) -> K) {
        if matches!(self.owners, Owners::Each(_)) {
            return;
        }
        let groups: Vec<Range<usize>> = self.groups().filter(|group| group.len() > 1).collect();
        for group in groups {
            let values = self.values.get_mut(group).unwrap_or_default();
            values.sort_by_key(|value| key(*value));
        }
    }

    /// Returns what they say, their lines, and what stands in parentheses behind them.
    pub fn into_parts(self) -> (Vec<ValueCode>, Vec<u32>, Option<Vec<QualifierId>>) {
        (self.values, self.lines, self.qualifiers)
    }
}

impl FromIterator<Statement> for StatementColumn {
    fn from_iter<I: IntoIterator<Item = Statement>>(statements: I) -> StatementColumn {
        let statements = statements.into_iter();
        let mut column = StatementColumn::with_capacity(statements.size_hint().0);
        statements.for_each(|statement| column.push(statement));
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Parts = (u32, u32, u32, u32);

    fn statement((entity, value, line, qualifier): Parts) -> Statement {
        Statement {
            entity: EntityId(entity),
            value: ValueCode(value),
            line,
            qualifier: QualifierId(qualifier),
        }
    }

    fn parts(each: Statement) -> Parts {
        (each.entity.0, each.value.0, each.line, each.qualifier.0)
    }

    fn by_record() -> impl Strategy<Value = Vec<Parts>> {
        let each = (0..9u32, 0..9u32, 0..3u32, prop_oneof![4 => Just(0u32), 1 => 0..3u32]);
        prop::collection::vec(each, 0..20).prop_map(|mut all| {
            all.sort_by_key(|(entity, ..)| *entity);
            all
        })
    }

    proptest! {
        #[test]
        fn what_is_taken_apart_comes_back(all in by_record()) {
            let column: StatementColumn = all.iter().copied().map(statement).collect();
            prop_assert_eq!(column.iter().map(parts).collect::<Vec<_>>(), all.clone());
            prop_assert_eq!(column.qualifiers().is_some(), all.iter().any(|each| each.3 != 0));
            let mut values = Vec::new();
            column.for_each_value(|entity, value| values.push((entity.0, value.0)));
            prop_assert_eq!(values, all.iter().map(|each| (each.0, each.1)).collect::<Vec<_>>());
            let groups: Vec<Vec<Parts>> =
                column.groups().map(|group| all.get(group).unwrap_or_default().to_vec()).collect();
            let expected: Vec<Vec<Parts>> =
                all.chunk_by(|one, other| one.0 == other.0).map(<[Parts]>::to_vec).collect();
            prop_assert_eq!(groups, expected);
        }

        #[test]
        fn one_of_each_record_is_no_other_than_what_is_listed(
            first in 0..5u32,
            values in prop::collection::vec(0..9u32, 0..9),
            behind in prop::option::of(0..9u32),
        ) {
            let lines: Vec<u32> = (0..values.len() as u32).collect();
            let codes = values.iter().map(|value| ValueCode(*value)).collect();
            let mut column = StatementColumn::of_each(EntityId(first), codes, lines, None);
            let mut expected: Vec<Parts> =
                (0..).zip(&values).map(|(place, value)| (first + place, *value, place, 0)).collect();
            if let Some(qualifier) = behind {
                let last = (first + values.len() as u32, 7, 1, qualifier);
                column.push(statement(last));
                expected.push(last);
            }
            prop_assert_eq!(column.iter().map(parts).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn values_of_each_record_are_put_in_order(all in by_record()) {
            let alike = all.iter().map(|each| statement((each.0, each.1, 0, 0)));
            let mut column: StatementColumn = alike.collect();
            column.sort_values_of_each_by_key(|value| std::cmp::Reverse(value.0));
            let mut expected: Vec<(u32, u32)> = all.iter().map(|each| (each.0, each.1)).collect();
            expected.sort_by_key(|(entity, value)| (*entity, std::cmp::Reverse(*value)));
            let found: Vec<(u32, u32)> =
                column.iter().map(|each| (each.entity.0, each.value.0)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
