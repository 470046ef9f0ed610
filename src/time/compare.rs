//! The comparisons of time, judged over all worlds.
//!
//! In: an operator and two values; the exact stretch of a query is a value too. Out: a verdict.
//! Each comparison and each negation is asked for one world in which it is so. Most look at one
//! end of either value only, and there the outermost possible days decide.

use super::bounds::Bounds;
use super::days::DaySet;
use super::mask::MaskedDays;
use super::stretch::Stretch;
use super::truth::Verdict;
use super::value::{Value, Worlds};

/// More alternatives than this are not tried one by one.
const MOST_ALTERNATIVES: u32 = 10_000;

/// A relation of time between two values, the left one being asked about.
///
/// With `s` and `e` the first and last day of the left value, `p` and `q` those of the right:
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=`, and `in a..b`: they share a day, `s <= q` and `e >= p`. For a moment: lies within.
    Equal,
    /// `!=`: they share no day.
    NotEqual,
    /// `<`: some day of the left is before the right's first, `s < p`.
    Less,
    /// `<=`: some day of the left is not after the right's last, `s <= q`.
    LessOrEqual,
    /// `>`: some day of the left is after the right's last, `e > q`.
    Greater,
    /// `>=`: some day of the left is not before the right's first, `e >= p`.
    GreaterOrEqual,
    /// The whole left is before the right, `e < p`.
    Before,
    /// The whole left is after the right, `s > q`.
    After,
    /// The left lies within the right, ends included, `s >= p` and `e <= q`.
    During,
    /// The right lies within the left, ends included, `s <= p` and `e >= q`.
    Contains,
    /// They share at least a day.
    Overlaps,
    /// One begins on the day after the other ends: `e + 1 = p` or `q + 1 = s`.
    Meets,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Operator; 12] = [
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::Before,
        Operator::After,
        Operator::During,
        Operator::Contains,
        Operator::Overlaps,
        Operator::Meets,
    ];

    /// Returns what is said of the right side where this is said of the left: `a before b`, `b after a`. It is the same
    /// of days, and of periods in words only: `<` looks at another end of them than `>`.
    #[must_use]
    pub fn converse(self) -> Operator {
        match self {
            Operator::Less => Operator::Greater,
            Operator::LessOrEqual => Operator::GreaterOrEqual,
            Operator::Greater => Operator::Less,
            Operator::GreaterOrEqual => Operator::LessOrEqual,
            Operator::Before => Operator::After,
            Operator::After => Operator::Before,
            Operator::During => Operator::Contains,
            Operator::Contains => Operator::During,
            Operator::Equal | Operator::NotEqual | Operator::Overlaps | Operator::Meets => self,
        }
    }
}

impl Value {
    /// Judges `self OPERATOR other` and its negation, exactly, over all worlds of both.
    ///
    /// What the two have in common, if they come from one record, is not tracked.
    pub fn compare(&self, operator: Operator, other: &Value) -> Verdict {
        let (left, right) = (self.bounds(), other.bounds());
        let verdict = match operator {
            Operator::Less => Verdict::from_worlds(
                left.earliest_start < right.latest_start,
                left.latest_start >= right.earliest_start,
            ),
            Operator::LessOrEqual => Verdict::from_worlds(
                left.earliest_start <= right.latest_end,
                left.latest_start > right.earliest_end,
            ),
            Operator::Greater => Verdict::from_worlds(
                left.latest_end > right.earliest_end,
                left.earliest_end <= right.latest_end,
            ),
            Operator::GreaterOrEqual => Verdict::from_worlds(
                left.latest_end >= right.earliest_start,
                left.earliest_end < right.latest_start,
            ),
            Operator::Before => Verdict::from_worlds(
                left.earliest_end < right.latest_start,
                left.latest_end >= right.earliest_start,
            ),
            Operator::After => Verdict::from_worlds(
                left.latest_start > right.earliest_end,
                left.earliest_start <= right.latest_end,
            ),
            Operator::Equal | Operator::Overlaps => {
                Verdict::from_worlds(share(self, other, &left, &right), part(&left, &right))
            }
            Operator::NotEqual => {
                Verdict::from_worlds(part(&left, &right), share(self, other, &left, &right))
            }
            Operator::During => Verdict::from_worlds(within(self, other), juts(&left, &right)),
            Operator::Contains => Verdict::from_worlds(within(other, self), juts(&right, &left)),
            Operator::Meets => Verdict::from_worlds(
                meet(self, other),
                // Not to meet is to leave a gap on one side, or to share a day.
                gap(&left, &right) || gap(&right, &left) || share(self, other, &left, &right),
            ),
        };
        verdict.resting_on(self.truth().min(other.truth()))
    }

    /// Judges a comparison with the exact stretch of a query.
    pub fn test(&self, operator: Operator, literal: Stretch) -> Verdict {
        self.compare(operator, &Value::exact(literal))
    }
}

/// Is there a world in which they share no day?
fn part(left: &Bounds, right: &Bounds) -> bool {
    left.earliest_end < right.latest_start || right.earliest_end < left.latest_start
}

/// Is there a world in which the inner juts out of the outer?
fn juts(inner: &Bounds, outer: &Bounds) -> bool {
    inner.earliest_start < outer.latest_start || inner.latest_end > outer.earliest_end
}

/// Is there a world in which a day lies between the end of one and the start of the other?
fn gap(one: &Bounds, other: &Bounds) -> bool {
    one.earliest_end.next() < other.latest_start
}

/// Is there a world in which they share a day?
fn share(left: &Value, right: &Value, left_hull: &Bounds, right_hull: &Bounds) -> bool {
    let possible = left_hull.reach().intersection(right_hull.reach()).is_some();
    let plain = |value: &Value| match &value.worlds {
        Worlds::Moment(days) => !days.has_gaps(),
        Worlds::Period(_) | Worlds::Between(_) => true,
        Worlds::Periods(_) | Worlds::WithinRun(_) => false,
    };
    if !possible || (plain(left) && plain(right)) {
        return possible;
    }
    DaySet::share_a_day(&[&reach(left), &reach(right)])
}

/// Every day that lies in some alternative: a world of it can be chosen that holds the day.
fn reach(value: &Value) -> DaySet {
    match &value.worlds {
        Worlds::Moment(days) => days.clone(),
        Worlds::WithinRun(masked) => DaySet::Masked(*masked),
        Worlds::Periods(all) => DaySet::from_stretches(all.iter().map(Bounds::reach).collect())
            .unwrap_or(DaySet::Stretch(Stretch::ALWAYS)),
        Worlds::Period(_) | Worlds::Between(_) => DaySet::Stretch(value.bounds().reach()),
    }
}

/// Is there a world in which the inner lies within the outer, ends included?
fn within(inner: &Value, outer: &Value) -> bool {
    match &outer.worlds {
        Worlds::Period(bounds) => lies_within(inner, bounds.reach()),
        Worlds::Periods(all) => all.iter().any(|bounds| lies_within(inner, bounds.reach())),
        Worlds::Between(sides) => {
            let (starts, ends) = sides.as_ref();
            lies_within(inner, Stretch::between(starts.first(), ends.last()))
        }
        Worlds::Moment(days) => is_one_day_of(inner, days),
        Worlds::WithinRun(masked) => within_a_run(inner, masked),
    }
}

/// Is there a world in which the value lies within a stretch?
fn lies_within(value: &Value, stretch: Stretch) -> bool {
    let fits = |bounds: &Bounds| {
        // The latest start and earliest end are drawn in already: the rest is their order.
        let start = bounds.earliest_start.max(stretch.first());
        let end = bounds.latest_end.min(stretch.last());
        start <= bounds.latest_start && end >= bounds.earliest_end && start <= end
    };
    match &value.worlds {
        Worlds::Moment(days) => days.meets(stretch),
        Worlds::Period(bounds) => fits(bounds),
        Worlds::Periods(all) => all.iter().any(fits),
        // If a pair fits, so does its first day taken twice.
        Worlds::WithinRun(masked) => DaySet::Masked(*masked).meets(stretch),
        Worlds::Between(sides) => {
            let start = sides.0.next(stretch.first());
            let end = sides.1.previous(stretch.last());
            matches!((start, end), (Some(start), Some(end)) if start <= end)
        }
    }
}

/// Is there a world in which the value is one single day out of a set?
fn is_one_day_of(value: &Value, days: &DaySet) -> bool {
    let single = |bounds: &Bounds| {
        bounds.starts().intersection(bounds.ends()).is_some_and(|both| days.meets(both))
    };
    match &value.worlds {
        Worlds::Moment(own) => DaySet::share_a_day(&[own, days]),
        Worlds::Period(bounds) => single(bounds),
        Worlds::Periods(all) => all.iter().any(single),
        Worlds::WithinRun(masked) => DaySet::share_a_day(&[&DaySet::Masked(*masked), days]),
        Worlds::Between(sides) => DaySet::share_a_day(&[&sides.0, &sides.1, days]),
    }
}

/// Is there a world in which the value lies within one run of a mask's days?
fn within_a_run(value: &Value, masked: &MaskedDays) -> bool {
    let fits = |bounds: &Bounds| masked.has_run_from_to(bounds.starts(), bounds.ends());
    match &value.worlds {
        Worlds::Moment(own) => DaySet::share_a_day(&[own, &DaySet::Masked(*masked)]),
        Worlds::Period(bounds) => fits(bounds),
        Worlds::Periods(all) => all.iter().any(fits),
        Worlds::WithinRun(own) => {
            DaySet::share_a_day(&[&DaySet::Masked(*own), &DaySet::Masked(*masked)])
        }
        // Each start with each end, where both are sets: the one case that is not quick. Past the
        // limit a world is taken to exist, which may lose a "no" but never makes a certainty.
        Worlds::Between(_) => {
            let mut left = MOST_ALTERNATIVES;
            value.alternatives().any(|bounds| {
                left -= 1;
                left == 0 || fits(&bounds)
            })
        }
    }
}

/// Is there a world in which one begins on the day after the other ends?
fn meet(left: &Value, right: &Value) -> bool {
    use super::value::Part::{End, Start};
    let days = |value: &Value, part| match &value.part(part).worlds {
        Worlds::Moment(days) => days.clone(),
        _ => DaySet::Stretch(Stretch::ALWAYS),
    };
    days(left, End).is_followed_by(&days(right, Start))
        || days(right, End).is_followed_by(&days(left, Start))
}
