//! What folds come to over all worlds: the range that vague values leave, and those that need not be there.

use crate::query::operators::Fold;
use crate::time::{Stretch, Truth, Value};

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

/// Numbers of one unit: those that are there, and those that may be.
#[derive(Default)]
pub(super) struct Numbers {
    sure: Vec<(f64, f64)>,
    doubtful: Vec<(f64, f64)>,
}

impl Numbers {
    pub(super) fn add(&mut self, least: f64, greatest: f64, truth: Truth) {
        match truth {
            Truth::Certain => self.sure.push((least, greatest)),
            Truth::Possible => self.doubtful.push((least, greatest)),
            Truth::No => {}
        }
    }

    /// Returns how surely there is a number.
    pub(super) fn truth(&self) -> Truth {
        if self.sure.is_empty() { Truth::Possible } else { Truth::Certain }
    }

    /// Returns the least and the greatest that a fold may come to, over all worlds; nothing where there is no
    /// number.
    pub(super) fn range(&self, fold: Fold) -> Option<(f64, f64)> {
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
pub(super) struct Times {
    /// Over all of them: earliest and latest start, earliest and latest end.
    starts: Option<Stretch>,
    ends: Option<Stretch>,
    /// Over those that are there for certain.
    first_sure: Option<Stretch>,
    last_sure: Option<Stretch>,
}

impl Times {
    pub(super) fn add(&mut self, value: &Value, truth: Truth) {
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

    /// Returns the first or the last day; nothing where there is no date, or what is asked for is no day.
    pub(super) fn folded(&self, fold: Fold) -> Option<(FoldedValue, Truth)> {
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
