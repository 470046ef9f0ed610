//! Groups: how many rows share a value, and folds over them, whatever the rows are.

mod folded;
mod folds;
mod tally;

use super::Evaluator;
use super::found::{Found, FoundValue};
use super::order::Key;
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::expression::{GroupColumn, Groups, Path};
use crate::query::operators::{Direction, ValuePart};
use crate::query::truth_set::TruthSet;
use crate::query::{Cell, CellValue, Match, Row};
use crate::time::{Grain, Stretch, Truth, Value};
use hashbrown::HashMap;
use std::cmp::Ordering;
use tally::Count;

pub(super) use folded::{FoldedValue, FoldedValues};
pub(super) use folds::Members;

/// A date that may fall in more groups than this counts as unknown.
pub(super) const MOST_GROUPS: usize = 200;

/// What the records of a group share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum GroupKey {
    /// A record, an identifier, a word, a number.
    Value(FoundValue),
    /// A unit of the calendar, by its first day.
    Unit(Grain, i64),
    /// One end of a period, by its earliest day, as shown.
    End(i64, String),
    /// A number of days, by the least, as shown.
    Length(i64, String),
    /// A text.
    Text(String),
    /// Nothing: the field is not recorded.
    NotRecorded,
}

/// Rows that are grouped.
pub(super) trait Grouped {
    /// What a row is grouped by, or what is folded.
    type Column;

    /// Returns the values of a column in a row.
    fn values(&self, column: &Self::Column, row: u32) -> Result<Vec<Found>, IndexError>;

    /// Returns what is taken of each value.
    fn part(&self, column: &Self::Column) -> ValuePart;

    /// Returns the words of a column that holds no values of a field; nothing where it does.
    fn words(&self, column: &Self::Column, row: u32) -> Result<Option<Vec<String>>, IndexError>;

    /// Returns a column as written.
    fn written(&self, column: &Self::Column) -> String;
}

/// What groups are sorted by: what is unknown stands behind what is known.
type SortedBy = (u8, i64, Key);

/// A group before its row is made.
struct Group {
    key: GroupKey,
    /// Its place among the groups where nothing else is asked for.
    place: SortedBy,
    count: Count,
    /// Its rows, where more than their number is asked for.
    members: Members,
}

impl Group {
    fn matched(&self) -> Match {
        if self.count.certain == 0 { Match::Possible } else { Match::Certain }
    }
}

impl Evaluator<'_> {
    /// Returns what the columns of groups are called.
    pub(super) fn group_headings<G: Grouped>(
        &self,
        rows: &G,
        groups: &Groups<G::Column>,
    ) -> Vec<String> {
        let columns = groups.columns.iter().map(|column| match column {
            GroupColumn::Key => rows.written(&groups.by),
            GroupColumn::Fold { written, .. } => written.clone(),
        });
        columns.collect()
    }

    /// Groups records; where they are only counted, no lists of them are made.
    pub(super) fn record_groups(
        &self,
        groups: &Groups<Path>,
        matched: &TruthSet,
    ) -> Result<Vec<Row>, IndexError> {
        let columns = groups.columns.iter().chain(groups.order.iter().map(|(column, _)| column));
        let is_counted = |column: &GroupColumn<Path>| {
            matches!(column, GroupColumn::Key | GroupColumn::Fold { path: None, .. })
        };
        let tallied = match columns.into_iter().all(is_counted) {
            true => self.tally(&groups.by, matched)?,
            false => None,
        };
        let records = Records(self);
        let Some(counts) = tallied else {
            let rows = matched.possible.iter().map(|id| (id, matched.truth_of(id)));
            return self.group_rows(&records, groups, rows);
        };
        let mut found = Vec::with_capacity(counts.len());
        for (key, count) in counts {
            let place = self.place_of(&key)?;
            found.push(Group { place, key, count, members: Members::default() });
        }
        self.shown_groups(&records, groups, found)
    }

    /// Returns one row a group, in the order asked for, or of what the groups share.
    pub(super) fn group_rows<G: Grouped>(
        &self,
        rows: &G,
        groups: &Groups<G::Column>,
        matched: impl Iterator<Item = (u32, Truth)>,
    ) -> Result<Vec<Row>, IndexError> {
        let mut found: HashMap<GroupKey, Members, crate::query::eval::Hasher> = HashMap::default();
        for (row, row_truth) in matched {
            self.step()?;
            let mut keys: HashMap<GroupKey, Truth, crate::query::eval::Hasher> = HashMap::default();
            for (key, truth) in self.group_keys(rows, &groups.by, row)? {
                let best = keys.entry(key).or_insert(Truth::No);
                *best = (*best).max(truth);
            }
            for (key, truth) in keys {
                let members = found.entry(key).or_default();
                match truth.min(row_truth) {
                    Truth::Certain => members.certain.push(row),
                    _ => members.possible.push(row),
                }
            }
        }
        let mut all = Vec::with_capacity(found.len());
        for (key, members) in found {
            let count = Count {
                certain: members.certain.len() as u64,
                possible: members.possible.len() as u64,
            };
            all.push(Group { place: self.place_of(&key)?, key, count, members });
        }
        self.shown_groups(rows, groups, all)
    }

    /// Puts groups in order and makes their rows.
    fn shown_groups<G: Grouped>(
        &self,
        rows: &G,
        groups: &Groups<G::Column>,
        found: Vec<Group>,
    ) -> Result<Vec<Row>, IndexError> {
        let mut sorted = Vec::with_capacity(found.len());
        for group in found {
            let mut keys = Vec::with_capacity(groups.order.len());
            for (column, direction) in &groups.order {
                keys.push((self.order_key(rows, column, &group)?, *direction));
            }
            sorted.push((keys, group));
        }
        sorted.sort_by(|(one, left), (two, right)| {
            let mut pairs = one.iter().zip(two);
            let unequal = pairs.find_map(|((one, direction), (two, _))| {
                let ordering = compare_keys(one, two, *direction);
                ordering.is_ne().then_some(ordering)
            });
            // Certain rows come first, as in every answer.
            left.matched()
                .cmp(&right.matched())
                .then_with(|| unequal.unwrap_or(Ordering::Equal))
                .then_with(|| compare_keys(&left.place, &right.place, Direction::Ascending))
        });
        let shown = sorted.into_iter().map(|(_, group)| {
            let cells: Result<Vec<Cell>, IndexError> = groups
                .columns
                .iter()
                .map(|column| match column {
                    GroupColumn::Key => self.key_cell(&group.key),
                    GroupColumn::Fold { path: None, .. } => Ok(group.count.cell()),
                    GroupColumn::Fold { fold, path: Some(path), .. } => {
                        self.fold(rows, *fold, path, &group.members)
                    }
                })
                .collect();
            Ok(Row {
                id: String::new(),
                matched: group.matched(),
                reason: String::new(),
                order_is_uncertain: false,
                cells: cells?,
            })
        });
        shown.collect()
    }

    /// Returns what a group is sorted by: counts by how many are certain, then by how many more there may be.
    fn order_key<G: Grouped>(
        &self,
        rows: &G,
        column: &GroupColumn<G::Column>,
        group: &Group,
    ) -> Result<SortedBy, IndexError> {
        let GroupColumn::Fold { fold, path, .. } = column else { return Ok(group.place.clone()) };
        let Some(path) = path else {
            let (certain, possible) = (group.count.certain as f64, group.count.possible as f64);
            return Ok((0, 0, Key::Number(certain, certain + possible)));
        };
        let values = self.fold_values(rows, *fold, path, &group.members)?;
        let key = match values.known.into_iter().next() {
            Some((FoldedValue::Number { least, greatest, .. }, _)) => Key::Number(least, greatest),
            Some((FoldedValue::Time(value), _)) => Key::Time(value.bounds()),
            Some((FoldedValue::Unknown, _)) => Key::Missing,
            None => match self.fold(rows, *fold, path, &group.members)?.values.first() {
                Some(CellValue::Text(text) | CellValue::Word(text)) => {
                    Key::Text(crate::suggest::fold(text))
                }
                Some(CellValue::Entity { id, name }) => {
                    Key::Text(crate::suggest::fold(name.as_deref().unwrap_or(id)))
                }
                _ => Key::Missing,
            },
        };
        Ok((0, 0, key))
    }

    /// Returns the groups in which a row stands, with how surely.
    pub(super) fn group_keys<G: Grouped>(
        &self,
        rows: &G,
        by: &G::Column,
        row: u32,
    ) -> Result<Vec<(GroupKey, Truth)>, IndexError> {
        let mut keys = Vec::new();
        let part = rows.part(by);
        if let Some(words) = rows.words(by, row)? {
            keys.extend(words.into_iter().map(|text| (GroupKey::Text(text), Truth::Certain)));
        }
        for each in &rows.values(by, row)? {
            match part {
                ValuePart::Unit(_, grain)
                    if matches!(each.value, FoundValue::Code(..) | FoundValue::Period(_)) =>
                {
                    for value in self.times(each, part)? {
                        add_units(&value, grain, each.truth, &mut keys);
                    }
                }
                ValuePart::Start | ValuePart::End | ValuePart::Length
                    if matches!(each.value, FoundValue::Code(..) | FoundValue::Period(_)) =>
                {
                    let cell = self.cell_value_of(each, part)?;
                    let key = match (cell, self.key_of(each, part)?) {
                        (CellValue::Time { edtf, .. }, Key::Time(bounds)) => {
                            GroupKey::End(bounds.earliest_start.rata_die(), edtf)
                        }
                        (CellValue::Number { text, .. }, Key::Number(least, _)) => {
                            GroupKey::Length(least as i64, text)
                        }
                        _ => GroupKey::Value(FoundValue::Unknown),
                    };
                    keys.push((key, each.truth));
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

    fn place_of(&self, key: &GroupKey) -> Result<SortedBy, IndexError> {
        Ok(match key {
            GroupKey::Unit(_, day) => (0, *day, Key::Missing),
            GroupKey::End(number, text) | GroupKey::Length(number, text) => {
                (0, *number, Key::Text(text.clone()))
            }
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
            GroupKey::End(_, edtf) => CellValue::Time { shown: edtf.clone(), edtf: edtf.clone() },
            GroupKey::Length(_, text) => CellValue::Number { text: text.clone(), value: None },
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

/// Adds the units of the calendar in which a date may fall, each as surely as it does and the date is `given`.
fn add_units(value: &Value, grain: Grain, given: Truth, keys: &mut Vec<(GroupKey, Truth)>) {
    let units: Vec<_> = value.groups(grain, Stretch::ALWAYS).take(MOST_GROUPS + 1).collect();
    if units.is_empty() || units.len() > MOST_GROUPS {
        keys.push((GroupKey::Value(FoundValue::Unknown), Truth::Possible));
        return;
    }
    let key = |unit: Stretch| GroupKey::Unit(grain, unit.first().rata_die());
    keys.extend(units.into_iter().map(|(unit, truth)| (key(unit), truth.min(given))));
}

fn compare_keys(one: &SortedBy, two: &SortedBy, direction: Direction) -> Ordering {
    one.0.cmp(&two.0).then_with(|| {
        let units = match direction {
            Direction::Ascending => one.1.cmp(&two.1),
            Direction::Descending => two.1.cmp(&one.1),
        };
        units.then_with(|| one.2.compare(&two.2, direction))
    })
}

/// The records of an answer.
pub(super) struct Records<'e, 'i>(pub &'e Evaluator<'i>);

impl Grouped for Records<'_, '_> {
    type Column = Path;

    fn values(&self, column: &Path, row: u32) -> Result<Vec<Found>, IndexError> {
        self.0.values(column, EntityId(row))
    }

    fn part(&self, column: &Path) -> ValuePart {
        column.part()
    }

    fn words(&self, _: &Path, _: u32) -> Result<Option<Vec<String>>, IndexError> {
        Ok(None)
    }

    fn written(&self, column: &Path) -> String {
        column.written.clone()
    }
}
