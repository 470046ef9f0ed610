//! What a comparison with an exact stretch asks of the four columns of bounds.
//!
//! In: an operator and a literal. Out: thresholds on sorted columns, so that an index reads only
//! those that decide. Values with alternatives that pass are judged again on their text.

use super::bounds::Bounds;
use super::compare::Operator;
use super::day::DayNumber;
use super::stretch::Stretch;

/// One of the four columns of bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The earliest starts.
    EarliestStart,
    /// The latest starts.
    LatestStart,
    /// The earliest ends.
    EarliestEnd,
    /// The latest ends.
    LatestEnd,
}

/// On which side of a day a bound must lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Before the day.
    Below,
    /// On the day or before it.
    AtMost,
    /// On the day or after it.
    AtLeast,
    /// After the day.
    Above,
}

/// A condition on one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Threshold {
    /// The column that decides.
    pub column: Column,
    /// The side on which its bound must lie.
    pub side: Side,
    /// The day to compare with.
    pub day: DayNumber,
}

/// Conditions on columns, of which all or any must be met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clause {
    /// One condition.
    One(Threshold),
    /// Both of two.
    Both(Threshold, Threshold),
    /// Either of two, or both.
    Either(Threshold, Threshold),
}

/// When there is a world in which a comparison holds, and when one in which it does not.
///
/// What may hold and may not fail is certain; what may do both is possible. For a value without
/// alternatives (and for a moment under `contains`, only where the literal is one day) this is
/// exact; for the hull of alternatives it may let through what [`super::Value::test`] refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sieve {
    /// There is a world in which the comparison holds.
    pub may_hold: Clause,
    /// There is a world in which its negation holds.
    pub may_fail: Clause,
}

impl Operator {
    /// Returns what the comparison with a literal asks of the columns; `None` for `meets`, which
    /// no thresholds decide.
    pub fn sieve(self, literal: Stretch) -> Option<Sieve> {
        use Column::{EarliestEnd, EarliestStart, LatestEnd, LatestStart};
        use Side::{Above, AtLeast, AtMost, Below};
        let (first, last) = (literal.first(), literal.last());
        let at = |column, side, day| Threshold { column, side, day };
        let one = |column, side, day| Clause::One(at(column, side, day));
        let share = Clause::Both(at(EarliestStart, AtMost, last), at(LatestEnd, AtLeast, first));
        let part = Clause::Either(at(EarliestEnd, Below, first), at(LatestStart, Above, last));
        let (may_hold, may_fail) = match self {
            Operator::Equal | Operator::Overlaps => (share, part),
            Operator::NotEqual => (part, share),
            Operator::Less => (one(EarliestStart, Below, first), one(LatestStart, AtLeast, first)),
            Operator::LessOrEqual => {
                (one(EarliestStart, AtMost, last), one(LatestStart, Above, last))
            }
            Operator::Greater => (one(LatestEnd, Above, last), one(EarliestEnd, AtMost, last)),
            Operator::GreaterOrEqual => {
                (one(LatestEnd, AtLeast, first), one(EarliestEnd, Below, first))
            }
            Operator::Before => (one(EarliestEnd, Below, first), one(LatestEnd, AtLeast, first)),
            Operator::After => (one(LatestStart, Above, last), one(EarliestStart, AtMost, last)),
            Operator::During => (
                Clause::Both(at(LatestStart, AtLeast, first), at(EarliestEnd, AtMost, last)),
                Clause::Either(at(EarliestStart, Below, first), at(LatestEnd, Above, last)),
            ),
            Operator::Contains => (
                Clause::Both(at(EarliestStart, AtMost, first), at(LatestEnd, AtLeast, last)),
                Clause::Either(at(LatestStart, Above, first), at(EarliestEnd, Below, last)),
            ),
            Operator::Meets => return None,
        };
        Some(Sieve { may_hold, may_fail })
    }
}

impl Threshold {
    /// Tells whether bounds meet the condition.
    pub fn is_met(&self, bounds: &Bounds) -> bool {
        let day = match self.column {
            Column::EarliestStart => bounds.earliest_start,
            Column::LatestStart => bounds.latest_start,
            Column::EarliestEnd => bounds.earliest_end,
            Column::LatestEnd => bounds.latest_end,
        };
        match self.side {
            Side::Below => day < self.day,
            Side::AtMost => day <= self.day,
            Side::AtLeast => day >= self.day,
            Side::Above => day > self.day,
        }
    }
}

impl Clause {
    /// Tells whether bounds meet the conditions.
    pub fn is_met(&self, bounds: &Bounds) -> bool {
        match self {
            Clause::One(threshold) => threshold.is_met(bounds),
            Clause::Both(one, other) => one.is_met(bounds) && other.is_met(bounds),
            Clause::Either(one, other) => one.is_met(bounds) || other.is_met(bounds),
        }
    }
}
