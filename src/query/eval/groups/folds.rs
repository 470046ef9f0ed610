//! Folds: how many values of some records become one, with the range that doubt allows.

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
use crate::time::{Stretch, Truth, Value};
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

/// What a fold comes to, as far as it can be compared.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::query::eval) enum FoldedValue {
    /// A number between a least and a greatest.
    Number { least: f64, greatest: f64, unit: Option<String> },
    /// A day somewhere in a stretch.
    Time(Value),
    /// There is a value, and nobody knows it.
    Unknown,
}

/// What a fold comes to, for each unit.
pub(in crate::query::eval) struct FoldedValues {
    /// Over the values that are known, each with the truth that there is one at all.
    pub known: Vec<(FoldedValue, Truth)>,
    /// How surely there is a value that nobody knows beside them.
    pub unknown: Truth,
}

impl FoldedValues {
    /// Tells whether a value that nobody knows may change what it comes to; it is counted as one more.
    pub(in crate::query::eval) fn is_open(&self, fold: Fold) -> bool {
        fold != Fold::Count && self.unknown > Truth::No
    }

    /// Returns what the fold may come to with the values that nobody knows.
    pub(in crate::query::eval) fn opened(self, fold: Fold) -> Vec<(FoldedValue, Truth)> {
        if !self.is_open(fold) {
            return self.known;
        }
        // Of what need not be there nothing is sure beside what may be anything.
        if !self.known.iter().any(|(_, truth)| *truth == Truth::Certain) {
            return vec![(FoldedValue::Unknown, self.unknown)];
        }
        let (is_low, is_high) = (fold != Fold::Max, fold != Fold::Min);
        let opened = self.known.into_iter().map(|(value, truth)| match value {
            FoldedValue::Number { least, greatest, unit } => {
                let least = if is_low { f64::NEG_INFINITY } else { least };
                let greatest = if is_high { f64::INFINITY } else { greatest };
                (FoldedValue::Number { least, greatest, unit }, truth)
            }
            FoldedValue::Time(value) => {
                let (known, always) = (value.bounds().starts(), Stretch::ALWAYS);
                let first = if is_low { always.first() } else { known.first() };
                let last = if is_high { always.last() } else { known.last() };
                (FoldedValue::Time(Value::moment(Stretch::between(first, last))), truth)
            }
            FoldedValue::Unknown => (FoldedValue::Unknown, truth),
        });
        opened.collect()
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

/// Numbers of one unit: those that are there, and those that may be.
#[derive(Default)]
struct Numbers {
    sure: Vec<(f64, f64)>,
    doubtful: Vec<(f64, f64)>,
}

impl Numbers {
    fn add(&mut self, least: f64, greatest: f64, truth: Truth) {
        match truth {
            Truth::Certain => self.sure.push((least, greatest)),
            Truth::Possible => self.doubtful.push((least, greatest)),
            Truth::No => {}
        }
    }

    fn truth(&self) -> Truth {
        if self.sure.is_empty() { Truth::Possible } else { Truth::Certain }
    }

    /// Returns the least and the greatest that a fold may come to, over all worlds; nothing where there is no
    /// number.
    fn range(&self, fold: Fold) -> Option<(f64, f64)> {
        let all = || self.sure.iter().chain(&self.doubtful);
        let least = all().map(|each| each.0).reduce(f64::min)?;
        let greatest = all().map(|each| each.1).reduce(f64::max)?;
        Some(match fold {
            Fold::Count => (self.sure.len() as f64, (self.sure.len() + self.doubtful.len()) as f64),
            // What is there for certain bounds the least from above, and the greatest from below.
            Fold::Min => {
                (least, self.sure.iter().map(|each| each.1).reduce(f64::min).unwrap_or(greatest))
            }
            Fold::Max => {
                (self.sure.iter().map(|each| each.0).reduce(f64::max).unwrap_or(least), greatest)
            }
            // A doubtful number lowers the sum only where it is negative, and raises it only where it is positive.
            Fold::Sum if self.sure.is_empty() => {
                let lowest: f64 = self.doubtful.iter().map(|each| each.0.min(0.0)).sum();
                let highest: f64 = self.doubtful.iter().map(|each| each.1.max(0.0)).sum();
                let lowest = if lowest < 0.0 { lowest } else { least };
                (lowest, if highest > 0.0 { highest } else { greatest })
            }
            Fold::Sum => (
                self.sure.iter().map(|each| each.0).sum::<f64>()
                    + self.doubtful.iter().map(|each| each.0.min(0.0)).sum::<f64>(),
                self.sure.iter().map(|each| each.1).sum::<f64>()
                    + self.doubtful.iter().map(|each| each.1.max(0.0)).sum::<f64>(),
            ),
            Fold::Avg => (
                -highest_mean(
                    self.sure.iter().map(|each| -each.0),
                    self.doubtful.iter().map(|each| -each.0),
                ),
                highest_mean(
                    self.sure.iter().map(|each| each.1),
                    self.doubtful.iter().map(|each| each.1),
                ),
            ),
        })
    }
}

/// Returns the highest mean of some numbers with any choice of doubtful ones: those above the mean, highest first.
fn highest_mean(sure: impl Iterator<Item = f64>, doubtful: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) =
        sure.fold((0.0, 0.0), |(sum, count), each| (sum + each, count + 1.0));
    let mut doubtful: Vec<f64> = doubtful.collect();
    doubtful.sort_by(|one, two| two.total_cmp(one));
    for each in doubtful {
        if count > 0.0 && each <= sum / count {
            break;
        }
        sum += each;
        count += 1.0;
    }
    sum / count
}

/// The first and the last day over dates and periods.
#[derive(Default)]
struct Times {
    /// Over all of them: earliest and latest start, earliest and latest end.
    starts: Option<Stretch>,
    ends: Option<Stretch>,
    /// Over those that are there for certain.
    first_sure: Option<Stretch>,
    last_sure: Option<Stretch>,
}

impl Times {
    fn add(&mut self, value: &Value, truth: Truth) {
        let bounds = value.bounds();
        let hull = |known: &mut Option<Stretch>, more: Stretch| {
            *known = Some(known.map_or(more, |known| known.hull(more)));
        };
        hull(&mut self.starts, bounds.starts());
        hull(&mut self.ends, bounds.ends());
        if truth == Truth::Certain {
            let before = self.first_sure.get_or_insert(bounds.starts());
            if bounds.starts().last() < before.last() {
                *before = bounds.starts();
            }
            let after = self.last_sure.get_or_insert(bounds.ends());
            if bounds.ends().first() > after.first() {
                *after = bounds.ends();
            }
        }
    }

    fn folded(&self, fold: Fold) -> Option<(FoldedValue, Truth)> {
        let truth = if self.first_sure.is_some() { Truth::Certain } else { Truth::Possible };
        let (starts, ends) = (self.starts?, self.ends?);
        let within = match fold {
            Fold::Min => {
                let last = self.first_sure.map_or(starts.last(), Stretch::last);
                Stretch::between(starts.first(), last)
            }
            Fold::Max => {
                let first = self.last_sure.map_or(ends.first(), Stretch::first);
                Stretch::between(first, ends.last())
            }
            Fold::Count | Fold::Sum | Fold::Avg => return None,
        };
        Some((FoldedValue::Time(Value::moment(within)), truth))
    }
}
