//! Groups: how many records share a value, and folds over them.

use super::Evaluator;
use super::conditions::part_of;
use super::forward::{Found, FoundValue};
use super::order::Key;
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::expression::{Fold, GroupColumn, Path, ValuePart};
use crate::query::ids::TruthSet;
use crate::query::{Cell, CellValue, Match, Row};
use crate::time::{Grain, Stretch, Truth};
use hashbrown::HashMap;

/// A date that may fall in more groups than this counts as unknown.
const MOST_GROUPS: usize = 200;

/// What the records of a group share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum GroupKey {
    Value(FoundValue),
    Unit(Grain, i64),
    Text(String),
    NotRecorded,
}

/// The records of a group.
#[derive(Default)]
struct Members {
    certain: Vec<u32>,
    possible: Vec<u32>,
}

impl Evaluator<'_> {
    /// Returns one row a group, in the order of what the groups share.
    pub(super) fn group_rows(
        &self,
        by: &Path,
        columns: &[GroupColumn],
        matched: &TruthSet,
    ) -> Result<Vec<Row>, IndexError> {
        let mut groups: HashMap<GroupKey, Members, super::Hasher> = HashMap::default();
        for id in matched.possible.iter() {
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
        let mut sorted = Vec::with_capacity(groups.len());
        for (key, members) in groups {
            sorted.push((self.sort_key(&key)?, key, members));
        }
        sorted.sort_by(|(one, _, _), (two, _, _)| compare_keys(one, two));
        let mut rows = Vec::with_capacity(sorted.len());
        for (_, key, members) in sorted {
            let mut cells = Vec::with_capacity(columns.len());
            for column in columns {
                cells.push(match column {
                    GroupColumn::Key => self.key_cell(&key)?,
                    GroupColumn::Fold { fold, path, .. } => {
                        self.fold(*fold, path.as_ref(), &members)?
                    }
                });
            }
            let matched = if members.certain.is_empty() { Match::Possible } else { Match::Certain };
            rows.push(Row {
                id: String::new(),
                matched,
                reason: String::new(),
                order_is_uncertain: false,
                cells,
            });
        }
        // Certain rows come first, as in every answer.
        rows.sort_by_key(|row| row.matched);
        Ok(rows)
    }

    fn group_keys(&self, by: &Path, row: EntityId) -> Result<Vec<(GroupKey, Truth)>, IndexError> {
        let found = self.values(by, row)?;
        let mut keys = Vec::new();
        for each in &found {
            match part_of(by) {
                ValuePart::Grain(grain) if matches!(each.value, FoundValue::Code(..)) => {
                    for value in self.times(each, ValuePart::Whole)? {
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

    fn sort_key(&self, key: &GroupKey) -> Result<(u8, i64, Key), IndexError> {
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

    /// Folds the values of a group's records to one; where possible records change it, that is shown as well.
    fn fold(&self, fold: Fold, path: Option<&Path>, members: &Members) -> Result<Cell, IndexError> {
        let Some(path) = path else {
            let value = CellValue::Count {
                certain: members.certain.len() as u64,
                possible: members.possible.len() as u64,
            };
            return Ok(Cell { values: vec![value], is_list: false });
        };
        let part = part_of(path);
        let (mut sure, mut all) = (Vec::new(), Vec::new());
        for (ids, is_sure) in [(&members.certain, true), (&members.possible, false)] {
            for id in ids {
                for found in self.values(path, EntityId(*id))? {
                    if !matches!(found.value, FoundValue::None) {
                        if is_sure && found.truth == Truth::Certain {
                            sure.push(found.clone());
                        }
                        all.push(found);
                    }
                }
            }
        }
        if fold == Fold::Count {
            let certain = distinct(&sure) as u64;
            let possible = (distinct(&all) as u64).saturating_sub(certain);
            return Ok(Cell {
                values: vec![CellValue::Count { certain, possible }],
                is_list: false,
            });
        }
        let mut values = self.folded(fold, part, &sure)?;
        for other in self.folded(fold, part, &all)? {
            if !values.contains(&other) {
                values.push(other);
            }
        }
        Ok(Cell { is_list: values.len() > 1, values })
    }

    fn folded(
        &self,
        fold: Fold,
        part: ValuePart,
        found: &[Found],
    ) -> Result<Vec<CellValue>, IndexError> {
        let mut best: Option<(Key, Found)> = None;
        let mut sums: Vec<(Option<String>, f64, f64, usize)> = Vec::new();
        for each in found {
            if let (Fold::Sum | Fold::Avg, Some((least, greatest, unit))) =
                (fold, self.number(each, part)?)
            {
                let unit = unit.map(str::to_owned);
                match sums.iter_mut().find(|(known, ..)| *known == unit) {
                    Some(sum) => *sum = (unit, sum.1 + least, sum.2 + greatest, sum.3 + 1),
                    None => sums.push((unit, least, greatest, 1)),
                }
            }
            let key = self.key_of(each, part)?;
            if key == Key::Missing {
                continue;
            }
            let wins = best.as_ref().is_none_or(|(known, _)| {
                let ordering = compare_keys(&(0, 0, key.clone()), &(0, 0, known.clone()));
                if fold == Fold::Max { ordering.is_gt() } else { ordering.is_lt() }
            });
            if wins {
                best = Some((key, each.clone()));
            }
        }
        if matches!(fold, Fold::Min | Fold::Max) {
            return best.map(|(_, found)| self.cell_value_of(&found, part)).into_iter().collect();
        }
        // Each unit has a sum of its own: quantities of different units are never added.
        Ok(sums
            .into_iter()
            .map(|(unit, least, greatest, count)| {
                let by = if fold == Fold::Avg { count as f64 } else { 1.0 };
                number_cell(least / by, greatest / by, unit.as_deref())
            })
            .collect())
    }
}

fn distinct(found: &[Found]) -> usize {
    let values: hashbrown::HashSet<FoundValue, super::Hasher> =
        found.iter().map(|found| found.value).collect();
    values.len()
}

fn number_cell(least: f64, greatest: f64, unit: Option<&str>) -> CellValue {
    let number = match least == greatest {
        true => format!("{least}"),
        false => format!("{least}..{greatest}"),
    };
    let text = unit.map_or_else(|| number.clone(), |unit| format!("{number} {unit}"));
    CellValue::Number { text, value: (least == greatest && unit.is_none()).then_some(least) }
}

fn compare_keys(one: &(u8, i64, Key), two: &(u8, i64, Key)) -> std::cmp::Ordering {
    (one.0, one.1).cmp(&(two.0, two.1)).then_with(|| one.2.ascending(&two.2))
}
