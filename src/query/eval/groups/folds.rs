//! Folds: how many values of some records become one, with the range that doubt allows.

use super::folded::{FoldedValue, FoldedValues, Numbers, Times};
use super::tally::Count;
use super::{GroupKey, Grouped};
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::eval::Evaluator;
use crate::query::eval::found::{Found, FoundValue};
use crate::query::eval::order::Key;
use crate::query::operators::{Fold, ValuePart};
use crate::query::truth_set::TruthSet;
use crate::query::{Cell, CellValue};
use crate::time::Truth;
use hashbrown::HashMap;

/// The rows whose values are folded, by number.
#[derive(Default)]
pub(in crate::query::eval) struct Members {
    /// Those that belong to them for certain.
    pub certain: Vec<u32>,
    /// Those that may.
    pub possible: Vec<u32>,
}

impl Members {
    /// Takes one record.
    pub(in crate::query::eval) fn one(record: EntityId) -> Members {
        Members { certain: vec![record.0], possible: Vec::new() }
    }

    /// Takes the records of a set.
    pub(in crate::query::eval) fn of(set: &TruthSet) -> Members {
        Members {
            certain: set.certain.iter().collect(),
            possible: set.possible.without(&set.certain).iter().collect(),
        }
    }

    fn all(&self) -> impl Iterator<Item = (u32, Truth)> + '_ {
        let certain = self.certain.iter().map(|row| (*row, Truth::Certain));
        certain.chain(self.possible.iter().map(|row| (*row, Truth::Possible)))
    }
}

impl Evaluator<'_> {
    /// Folds the values of records to one cell; where possible records change it, that is shown as well.
    pub(in crate::query::eval) fn fold<G: Grouped>(
        &self,
        rows: &G,
        fold: Fold,
        path: &G::Column,
        members: &Members,
    ) -> Result<Cell, IndexError> {
        if fold == Fold::Count {
            let (certain, possible) = self.distinct(rows, path, members)?;
            return Ok(Count { certain: certain as u64, possible: possible as u64 }.cell());
        }
        let (sure, all) = gathered(rows, path, members)?;
        let part = rows.part(path);
        let mut values = self.folded(fold, part, &sure)?;
        for other in self.folded(fold, part, &all)? {
            if !values.contains(&other) {
                values.push(other);
            }
        }
        Ok(Cell { is_list: values.len() > 1, values })
    }

    /// Folds the values of records to what can be compared, with the truth that there is such a value at all: one
    /// value, or one for each unit.
    pub(in crate::query::eval) fn fold_values<G: Grouped>(
        &self,
        rows: &G,
        fold: Fold,
        path: &G::Column,
        members: &Members,
    ) -> Result<FoldedValues, IndexError> {
        if fold == Fold::Count {
            let (certain, possible) = self.distinct(rows, path, members)?;
            let (least, greatest) = (certain as f64, (certain + possible) as f64);
            let count = FoldedValue::Number { least, greatest, unit: None };
            return Ok(FoldedValues { known: vec![(count, Truth::Certain)], unknown: Truth::No });
        }
        let part = rows.part(path);
        let mut numbers: Vec<(Option<String>, Numbers)> = Vec::new();
        let mut times = Times::default();
        let mut unknown = Truth::No;
        for (row, truth) in members.all() {
            for found in rows.values(path, row)? {
                let truth = truth.min(found.truth);
                if found.value == FoundValue::Unknown {
                    unknown = unknown.max(truth);
                } else if let Some((least, greatest, unit)) = self.number(&found, part)? {
                    let unit = unit.map(str::to_owned);
                    let place = numbers.iter().position(|(known, _)| *known == unit);
                    let place = place.unwrap_or_else(|| {
                        numbers.push((unit, Numbers::default()));
                        numbers.len() - 1
                    });
                    if let Some((_, numbers)) = numbers.get_mut(place) {
                        numbers.add(least, greatest, truth);
                    }
                } else {
                    for value in self.times(&found, part)? {
                        times.add(&value, truth.min(value.truth()));
                    }
                }
            }
        }
        let mut folded: Vec<(FoldedValue, Truth)> = numbers
            .into_iter()
            .filter_map(|(unit, numbers)| {
                let (least, greatest) = numbers.range(fold)?;
                Some((FoldedValue::Number { least, greatest, unit }, numbers.truth()))
            })
            .collect();
        folded.extend(times.folded(fold));
        Ok(FoldedValues { known: folded, unknown })
    }

    /// Counts distinct values: those that are there for certain, and how many more there may be.
    fn distinct<G: Grouped>(
        &self,
        rows: &G,
        path: &G::Column,
        members: &Members,
    ) -> Result<(usize, usize), IndexError> {
        let mut best: HashMap<GroupKey, Truth, crate::query::eval::Hasher> = HashMap::default();
        for (row, row_truth) in members.all() {
            for (key, truth) in self.group_keys(rows, path, row)? {
                if key == GroupKey::NotRecorded || key == GroupKey::Value(FoundValue::None) {
                    continue;
                }
                let known = best.entry(key).or_insert(Truth::No);
                *known = (*known).max(truth.min(row_truth));
            }
        }
        let certain = best.values().filter(|truth| **truth == Truth::Certain).count();
        Ok((certain, best.len() - certain))
    }

    fn folded(
        &self,
        fold: Fold,
        part: ValuePart,
        found: &[Found],
    ) -> Result<Vec<CellValue>, IndexError> {
        // Each unit has a least of its own, and so have dates beside numbers.
        let mut best: Vec<((Rank, Option<String>), Key, Found)> = Vec::new();
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
            let unit = self.number(each, part)?.and_then(|(_, _, unit)| unit.map(str::to_owned));
            let kind = (Rank::of(&key), unit);
            match best.iter_mut().find(|(known, ..)| *known == kind) {
                Some((_, known, found)) => {
                    let wins = match fold {
                        Fold::Max => key.ascending(known).is_gt(),
                        _ => key.ascending(known).is_lt(),
                    };
                    if wins {
                        (*known, *found) = (key, each.clone());
                    }
                }
                None => best.push((kind, key, each.clone())),
            }
        }
        if matches!(fold, Fold::Min | Fold::Max) {
            return best.iter().map(|(.., found)| self.cell_value_of(found, part)).collect();
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

/// What can be ranked among each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    Times,
    Numbers,
    Words,
}

impl Rank {
    fn of(key: &Key) -> Rank {
        match key {
            Key::Time(_) => Rank::Times,
            Key::Number(..) => Rank::Numbers,
            Key::Text(_) | Key::Missing => Rank::Words,
        }
    }
}

/// Returns the values that are there for certain, and all that may be there.
fn gathered<G: Grouped>(
    rows: &G,
    path: &G::Column,
    members: &Members,
) -> Result<(Vec<Found>, Vec<Found>), IndexError> {
    let (mut sure, mut all) = (Vec::new(), Vec::new());
    for (row, truth) in members.all() {
        for found in rows.values(path, row)? {
            if matches!(found.value, FoundValue::None) {
                continue;
            }
            if truth.min(found.truth) == Truth::Certain {
                sure.push(found.clone());
            }
            all.push(found);
        }
    }
    Ok((sure, all))
}

fn number_cell(least: f64, greatest: f64, unit: Option<&str>) -> CellValue {
    let (first, last) = (rounded(least), rounded(greatest));
    let number = match first == last {
        true => format!("{first}"),
        false => format!("{first}..{last}"),
    };
    let text = unit.map_or_else(|| number.clone(), |unit| format!("{number} {unit}"));
    CellValue::Number { text, value: (least == greatest && unit.is_none()).then_some(least) }
}

/// Rounds to thousandths: more digits of a mean say nothing.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
