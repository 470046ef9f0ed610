//! Groups: how many records share a value, and folds over them.

use super::Evaluator;
use super::conditions::part_of;
use super::folds::{FoldedValue, Members};
use super::forward::{Found, FoundValue};
use super::order::Key;
use super::tally::Count;
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::expression::{Direction, GroupColumn, Path, ValuePart};
use crate::query::ids::TruthSet;
use crate::query::{Cell, CellValue, Match, Row};
use crate::time::{Grain, Stretch, Truth};
use hashbrown::HashMap;
use std::cmp::Ordering;

/// A date that may fall in more groups than this counts as unknown.
pub(super) const MOST_GROUPS: usize = 200;

/// What the records of a group share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum GroupKey {
    /// A record, an identifier, a word, a number.
    Value(FoundValue),
    /// A unit of the calendar, by its first day.
    Unit(Grain, i64),
    /// A text.
    Text(String),
    /// Nothing: the field is not recorded.
    NotRecorded,
}

/// A group before its row is made.
struct Group {
    key: GroupKey,
    /// Its place among the groups where nothing else is asked for.
    place: (u8, i64, Key),
    count: Count,
    /// Its records, where more than their number is asked for.
    members: Members,
}

impl Evaluator<'_> {
    /// Returns one row a group, in the order asked for, or of what the groups share.
    pub(super) fn group_rows(
        &self,
        by: &Path,
        columns: &[GroupColumn],
        order: &[(GroupColumn, Direction)],
        matched: &TruthSet,
    ) -> Result<Vec<Row>, IndexError> {
        let groups = self.groups(by, columns, order, matched)?;
        let mut keyed = Vec::with_capacity(groups.len());
        for group in groups {
            let keys: Result<Vec<Key>, IndexError> =
                order.iter().map(|(column, _)| self.group_sort_key(column, &group)).collect();
            keyed.push((keys?, group));
        }
        keyed.sort_by(|(one, left), (two, right)| {
            let pairs = one.iter().zip(two).zip(order);
            let mut by_key = pairs.map(|((one, two), (_, direction))| one.compare(two, *direction));
            // Certain rows come first, as in every answer.
            let by_match = left.matched().cmp(&right.matched());
            by_match
                .then_with(|| by_key.find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal))
                .then_with(|| compare_places(&left.place, &right.place))
        });
        let rows = keyed.into_iter().map(|(_, group)| {
            let cells: Result<Vec<Cell>, IndexError> =
                columns.iter().map(|column| self.group_cell(column, &group)).collect();
            Ok(Row {
                id: String::new(),
                matched: group.matched(),
                reason: String::new(),
                order_is_uncertain: false,
                cells: cells?,
            })
        });
        rows.collect()
    }

    /// Makes the groups, in no order; where records are only counted, their lists are not made.
    fn groups(
        &self,
        by: &Path,
        columns: &[GroupColumn],
        order: &[(GroupColumn, Direction)],
        matched: &TruthSet,
    ) -> Result<Vec<Group>, IndexError> {
        let shown = columns.iter().chain(order.iter().map(|(column, _)| column));
        let is_counted = |column: &GroupColumn| {
            matches!(column, GroupColumn::Key | GroupColumn::Fold { path: None, .. })
        };
        let tallied = match shown.into_iter().all(is_counted) {
            true => self.tally(by, matched)?,
            false => None,
        };
        let mut groups = Vec::new();
        match tallied {
            Some(counts) => {
                for (key, count) in counts {
                    let place = self.place_of(&key)?;
                    groups.push(Group { place, key, count, members: Members::default() });
                }
            }
            None => {
                for (key, members) in self.group_members(by, matched)? {
                    let count = Count {
                        certain: members.certain.len() as u64,
                        possible: members.possible.len() as u64,
                    };
                    groups.push(Group { place: self.place_of(&key)?, key, count, members });
                }
            }
        }
        Ok(groups)
    }

    /// Puts every record into the groups that it may belong to.
    fn group_members(
        &self,
        by: &Path,
        matched: &TruthSet,
    ) -> Result<HashMap<GroupKey, Members, super::Hasher>, IndexError> {
        let mut groups: HashMap<GroupKey, Members, super::Hasher> = HashMap::default();
        for id in matched.possible.iter() {
            self.step()?;
            let row_truth =
                if matched.certain.contains(id) { Truth::Certain } else { Truth::Possible };
            let mut keys: HashMap<GroupKey, Truth, super::Hasher> = HashMap::default();
            for (key, truth) in self.group_keys(by, EntityId(id))? {
                let best = keys.entry(key).or_insert(Truth::No);
                *best = (*best).max(truth);
            }
            for (key, truth) in keys {
                let members = groups.entry(key).or_default();
                match truth.min(row_truth) {
                    Truth::Certain => members.certain.push(id),
                    _ => members.possible.push(id),
                }
            }
        }
        Ok(groups)
    }

    fn group_cell(&self, column: &GroupColumn, group: &Group) -> Result<Cell, IndexError> {
        match column {
            GroupColumn::Key => self.key_cell(&group.key),
            GroupColumn::Fold { path: None, .. } => Ok(group.count.cell()),
            GroupColumn::Fold { fold, path: Some(path), .. } => {
                self.fold(*fold, path, &group.members)
            }
        }
    }

    /// Returns what a group is sorted by: counts by how many are certain, then by how many more there may be.
    fn group_sort_key(&self, column: &GroupColumn, group: &Group) -> Result<Key, IndexError> {
        let GroupColumn::Fold { fold, path, .. } = column else {
            let (class, number, key) = &group.place;
            return Ok(match (class, key) {
                (0, Key::Missing) => Key::Number(*number as f64, *number as f64),
                (0, key) => key.clone(),
                _ => Key::Missing,
            });
        };
        let Some(path) = path else {
            let (certain, possible) = (group.count.certain as f64, group.count.possible as f64);
            return Ok(Key::Number(certain, certain + possible));
        };
        let values = self.fold_values(*fold, path, &group.members)?;
        Ok(match values.into_iter().next() {
            Some((FoldedValue::Number { least, greatest, .. }, _)) => Key::Number(least, greatest),
            Some((FoldedValue::Time(value), _)) => Key::Time(value.bounds()),
            None => match self.fold(*fold, path, &group.members)?.values.first() {
                Some(CellValue::Text(text) | CellValue::Word(text)) => {
                    Key::Text(crate::suggest::fold(text))
                }
                Some(CellValue::Entity { id, name }) => {
                    Key::Text(crate::suggest::fold(name.as_deref().unwrap_or(id)))
                }
                _ => Key::Missing,
            },
        })
    }

    /// Returns the groups in which a record stands, with how surely.
    pub(super) fn group_keys(
        &self,
        by: &Path,
        row: EntityId,
    ) -> Result<Vec<(GroupKey, Truth)>, IndexError> {
        let found = self.values(by, row)?;
        let mut keys = Vec::new();
        for each in &found {
            match part_of(by) {
                ValuePart::Unit(_, grain) if matches!(each.value, FoundValue::Code(..)) => {
                    for value in self.times(each, part_of(by))? {
                        let units: Vec<_> =
                            value.groups(grain, Stretch::ALWAYS).take(MOST_GROUPS + 1).collect();
                        if units.is_empty() || units.len() > MOST_GROUPS {
                            keys.push((GroupKey::Value(FoundValue::Unknown), Truth::Possible));
                            continue;
                        }
                        keys.extend(units.into_iter().map(|(unit, truth)| {
                            (GroupKey::Unit(grain, unit.first().rata_die()), truth.min(each.truth))
                        }));
                    }
                }
                _ => {
                    let key = match self.text_of(each)? {
                        Some(text) if !matches!(each.value, FoundValue::Code(field, _) if self.is_word(field)) => {
                            GroupKey::Text(text)
                        }
                        _ => GroupKey::Value(each.value),
                    };
                    keys.push((key, each.truth));
                }
            }
        }
        if keys.is_empty() {
            keys.push((GroupKey::NotRecorded, Truth::Certain));
        }
        Ok(keys)
    }

    fn is_word(&self, field: crate::model::FieldId) -> bool {
        let field = self.index.schema().fields.get(field.index());
        field.is_some_and(|field| matches!(field.value_type, crate::model::Type::Words(_)))
    }

    fn place_of(&self, key: &GroupKey) -> Result<(u8, i64, Key), IndexError> {
        Ok(match key {
            GroupKey::Unit(_, day) => (0, *day, Key::Missing),
            GroupKey::Text(text) => (0, 0, Key::Text(crate::suggest::fold(text))),
            GroupKey::Value(FoundValue::Unknown) => (1, 0, Key::Missing),
            GroupKey::Value(FoundValue::None) => (2, 0, Key::Missing),
            GroupKey::NotRecorded => (3, 0, Key::Missing),
            GroupKey::Value(value) => match value {
                // Words stand in the order of the schema.
                FoundValue::Code(field, code) if self.is_word(*field) => {
                    (0, i64::from(code.0), Key::Missing)
                }
                value => {
                    let found = Found { value: *value, truth: Truth::Certain };
                    (0, 0, self.key_of(&found, ValuePart::Whole)?)
                }
            },
        })
    }

    fn key_cell(&self, key: &GroupKey) -> Result<Cell, IndexError> {
        let value = match key {
            GroupKey::NotRecorded => return Ok(Cell::default()),
            GroupKey::Text(text) => CellValue::Text(text.clone()),
            GroupKey::Unit(grain, day) => {
                let label = grain.label(crate::time::DayNumber::from_rata_die(*day));
                CellValue::Time { edtf: label.clone(), shown: label }
            }
            GroupKey::Value(value) => self
                .cell_value_of(&Found { value: *value, truth: Truth::Certain }, ValuePart::Whole)?,
        };
        Ok(Cell { values: vec![value], is_list: false })
    }
}

impl Group {
    fn matched(&self) -> Match {
        if self.count.certain == 0 { Match::Possible } else { Match::Certain }
    }
}

fn compare_places(one: &(u8, i64, Key), two: &(u8, i64, Key)) -> Ordering {
    (one.0, one.1).cmp(&(two.0, two.1)).then_with(|| one.2.ascending(&two.2))
}
