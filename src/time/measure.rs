//! How long, how far apart, and under which headings.
//!
//! In: values. Out: numbers of days with the least and the greatest, and the units of the
//! calendar that a value may fall in.

use super::bounds::Bounds;
use super::compare::Operator;
use super::day::DayNumber;
use super::stretch::{Grain, Stretch};
use super::truth::{Truth, Verdict};
use super::value::{Value, Worlds};

/// A number of days that is known to lie between two others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Days {
    least: i64,
    greatest: i64,
}

impl Days {
    const WITHOUT_LIMIT: i64 = i64::MAX;

    /// Makes the days from the least to the greatest; `None` for a side without limit.
    pub fn new(least: Option<i64>, greatest: Option<i64>) -> Days {
        Days {
            least: least.unwrap_or(-Days::WITHOUT_LIMIT),
            greatest: greatest.unwrap_or(Days::WITHOUT_LIMIT),
        }
    }

    /// Returns the least number; `None` if there is no least.
    pub fn least(self) -> Option<i64> {
        (self.least.unsigned_abs() < Days::WITHOUT_LIMIT as u64).then_some(self.least)
    }

    /// Returns the greatest number; `None` if there is no greatest.
    pub fn greatest(self) -> Option<i64> {
        (self.greatest.unsigned_abs() < Days::WITHOUT_LIMIT as u64).then_some(self.greatest)
    }

    /// Judges a comparison with an exact number. The relations of time are judged as of points.
    pub fn test(self, operator: Operator, number: i64) -> Verdict {
        let (least, greatest) = (self.least, self.greatest);
        let holds = |may_hold, may_fail| Verdict::from_worlds(may_hold, may_fail);
        match operator {
            Operator::Less | Operator::Before => holds(least < number, greatest >= number),
            Operator::LessOrEqual => holds(least <= number, greatest > number),
            Operator::Greater | Operator::After => holds(greatest > number, least <= number),
            Operator::GreaterOrEqual => holds(greatest >= number, least < number),
            Operator::NotEqual => self.test(Operator::Equal, number).negated(),
            Operator::Equal | Operator::During | Operator::Contains | Operator::Overlaps => {
                let may_be = least <= number && number <= greatest;
                holds(may_be, least < number || greatest > number)
            }
            Operator::Meets => {
                self.test(Operator::Equal, number - 1).or(self.test(Operator::Equal, number + 1))
            }
        }
    }
}

impl Value {
    /// Returns how many days it lasts, first and last day included; a moment lasts one.
    pub fn length(&self) -> Days {
        if matches!(self.worlds, Worlds::Moment(_)) {
            return Days { least: 1, greatest: 1 };
        }
        if let Worlds::Between(_) = self.worlds {
            return length(&self.bounds());
        }
        let lengths = self.alternatives().map(|bounds| length(&bounds));
        let hull = lengths.reduce(|one, other| Days {
            least: one.least.min(other.least),
            greatest: one.greatest.max(other.greatest),
        });
        hull.unwrap_or(Days::new(Some(1), None))
    }

    /// Judges a comparison of the length with a number of days, alternative by alternative.
    pub fn test_length(&self, operator: Operator, number: i64) -> Verdict {
        let verdict = match self.worlds {
            Worlds::Moment(_) | Worlds::Between(_) => self.length().test(operator, number),
            _ => {
                let (mut holds, mut fails) = (false, false);
                for bounds in self.alternatives() {
                    let verdict = length(&bounds).test(operator, number);
                    holds |= verdict.holds > Truth::No;
                    fails |= verdict.fails > Truth::No;
                }
                Verdict::from_worlds(holds, fails)
            }
        };
        verdict.resting_on(self.truth())
    }

    /// Returns `self - other` in days: how many days later this is, below 0 if earlier.
    ///
    /// From the end of the earlier to the start of the later is asked with [`Value::part`]; of
    /// whole periods any day of the one is set against any day of the other.
    pub fn minus(&self, other: &Value) -> Days {
        let (left, right) = (self.bounds(), other.bounds());
        Days {
            least: difference(left.earliest_start, right.latest_end),
            greatest: difference(left.latest_end, right.earliest_start),
        }
    }

    /// Judges a comparison of [`Value::minus`] with a number of days.
    pub fn days_after(&self, operator: Operator, other: &Value, number: i64) -> Verdict {
        let verdict = self.minus(other).test(operator, number);
        verdict.resting_on(self.truth().min(other.truth()))
    }

    /// Compares the units of the calendar in which two moments fall, as `a.year = b.year` does.
    ///
    /// [`Operator::Equal`] and the relations of periods ask for the same unit.
    pub fn compare_units(&self, grain: Grain, operator: Operator, other: &Value) -> Verdict {
        let (one, two) = (self.units(grain), other.units(grain));
        let verdict = match operator {
            Operator::Less | Operator::Before => {
                Verdict::from_worlds(one.0 < two.1, one.1 >= two.0)
            }
            Operator::LessOrEqual => Verdict::from_worlds(one.0 <= two.1, one.1 > two.0),
            Operator::Greater | Operator::After => {
                Verdict::from_worlds(one.1 > two.0, one.0 <= two.1)
            }
            Operator::GreaterOrEqual => Verdict::from_worlds(one.1 >= two.0, one.0 < two.1),
            Operator::NotEqual => {
                return self.compare_units(grain, Operator::Equal, other).negated();
            }
            Operator::Equal
            | Operator::During
            | Operator::Contains
            | Operator::Overlaps
            | Operator::Meets => {
                Verdict::from_worlds(self.shares_unit(grain, other), one.0 != one.1 || one != two)
            }
        };
        verdict.resting_on(self.truth().min(other.truth()))
    }

    /// Returns the first days of the first and the last unit in which the value may fall.
    fn units(&self, grain: Grain) -> (DayNumber, DayNumber) {
        let reach = self.bounds().reach();
        let start = |day: DayNumber| if day.is_a_day() { grain.around(day).first() } else { day };
        (start(reach.first()), start(reach.last()))
    }

    fn shares_unit(&self, grain: Grain, other: &Value) -> bool {
        let theirs = grain.widen(other.bounds().reach());
        let Some(both) = grain.widen(self.bounds().reach()).intersection(theirs) else {
            return false;
        };
        if !both.first().is_a_day() || !both.last().is_a_day() {
            return true;
        }
        // Alternatives leave gaps: only units in which both may fall count.
        let mut ours = self.groups(grain, both).map(|(unit, _)| unit.first()).peekable();
        for (unit, _) in other.groups(grain, both) {
            while ours.next_if(|day| *day < unit.first()).is_some() {}
            if ours.peek() == Some(&unit.first()) {
                return true;
            }
        }
        false
    }

    /// Returns the units of the calendar in which the value may fall, with the truth of each, as
    /// far as they lie in a window: a value without end would stand in units without end.
    ///
    /// They come one after another; units that lie in a gap between alternatives are left out.
    pub fn groups(&self, grain: Grain, window: Stretch) -> Groups<'_> {
        let bounds = self.bounds();
        let next = bounds.reach().intersection(window).and_then(|both| {
            // From an open past the units would have no first.
            both.first().is_a_day().then(|| both.first())
        });
        Groups { value: self, grain, next, last: bounds.latest_end.min(window.last()) }
    }

    /// Returns the first day on or after `day` on which the value may be going on.
    fn next_possible(&self, day: DayNumber) -> Option<DayNumber> {
        match &self.worlds {
            Worlds::Moment(days) => days.next(day),
            Worlds::WithinRun(masked) => masked.next(day),
            Worlds::Periods(all) => {
                let reach = all.iter().map(Bounds::reach).filter(|reach| reach.last() >= day);
                reach.map(|reach| reach.first().max(day)).min()
            }
            Worlds::Period(_) | Worlds::Between(_) => {
                let reach = self.bounds().reach();
                (day <= reach.last()).then(|| day.max(reach.first()))
            }
        }
    }
}

/// The units of the calendar in which a value may fall, in order.
#[derive(Clone, Debug)]
pub struct Groups<'v> {
    value: &'v Value,
    grain: Grain,
    next: Option<DayNumber>,
    last: DayNumber,
}

impl Iterator for Groups<'_> {
    type Item = (Stretch, Truth);

    fn next(&mut self) -> Option<(Stretch, Truth)> {
        let day = self.value.next_possible(self.next?).filter(|day| *day <= self.last)?;
        let unit = self.grain.around(day);
        let past = unit.last().next();
        self.next = (day.is_a_day() && past > unit.last()).then_some(past);
        day.is_a_day().then(|| (unit, self.value.test(Operator::Equal, unit).holds))
    }
}

fn length(bounds: &Bounds) -> Days {
    let shortest = difference(bounds.earliest_end, bounds.latest_start).max(0);
    let longest = difference(bounds.latest_end, bounds.earliest_start);
    Days { least: shortest.saturating_add(1), greatest: longest.saturating_add(1) }
}

/// Later minus earlier, without limit where either is open.
fn difference(later: DayNumber, earlier: DayNumber) -> i64 {
    let limit = Days::WITHOUT_LIMIT;
    match (later, earlier) {
        (DayNumber::OPEN_FUTURE, DayNumber::OPEN_FUTURE)
        | (DayNumber::OPEN_PAST, DayNumber::OPEN_PAST) => 0,
        (DayNumber::OPEN_FUTURE, _) | (_, DayNumber::OPEN_PAST) => limit,
        (DayNumber::OPEN_PAST, _) | (_, DayNumber::OPEN_FUTURE) => -limit,
        _ => later.rata_die().saturating_sub(earlier.rata_die()).clamp(1 - limit, limit - 1),
    }
}
