//! A stretch: days one after another without a gap, and the units of the calendar as stretches.
//!
//! In: days. Out: exact stretches, which is what a literal of a query means.

use std::fmt;

use super::calendar::Calendar;
use super::day::DayNumber;

/// Days one after another, both ends included; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stretch {
    first: DayNumber,
    last: DayNumber,
}

impl Stretch {
    /// Every day there is.
    pub const ALWAYS: Stretch =
        Stretch { first: DayNumber::OPEN_PAST, last: DayNumber::OPEN_FUTURE };

    /// Makes the stretch from `first` to `last`; `None` if it would hold no day.
    pub fn new(first: DayNumber, last: DayNumber) -> Option<Stretch> {
        (first <= last).then_some(Stretch { first, last })
    }

    /// Makes the stretch of one day.
    pub const fn day(day: DayNumber) -> Stretch {
        Stretch { first: day, last: day }
    }

    /// Makes the stretch between two days, whichever comes first.
    pub fn between(one: DayNumber, other: DayNumber) -> Stretch {
        Stretch { first: one.min(other), last: one.max(other) }
    }

    /// Returns the first day, or the open past.
    pub const fn first(self) -> DayNumber {
        self.first
    }

    /// Returns the last day, or the open future.
    pub const fn last(self) -> DayNumber {
        self.last
    }

    /// Returns the stretch from the first day of this to the last of `other`, as in `1919..1930`.
    ///
    /// `None` if `other` ends before this begins.
    pub fn through(self, other: Stretch) -> Option<Stretch> {
        Stretch::new(self.first, other.last)
    }

    /// Tells whether the day lies within.
    pub fn contains(self, day: DayNumber) -> bool {
        self.first <= day && day <= self.last
    }

    /// Returns the days that both have.
    pub fn intersection(self, other: Stretch) -> Option<Stretch> {
        Stretch::new(self.first.max(other.first), self.last.min(other.last))
    }

    /// Returns the shortest stretch that holds both.
    pub fn hull(self, other: Stretch) -> Stretch {
        Stretch { first: self.first.min(other.first), last: self.last.max(other.last) }
    }
}

/// Prints the one day, or the first and the last day with a slash between them.
impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}/{}", self.first, self.last)
        }
    }
}

/// A unit of the Gregorian calendar by which dates are compared and grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grain {
    /// One day.
    Day,
    /// A month of one year.
    Month,
    /// A year from January to December.
    Year,
    /// Ten years with the same three leading digits, EDTF `193X`.
    Decade,
    /// A hundred years with the same two leading digits, EDTF `19XX` (1900 to 1999).
    Century,
}

impl Grain {
    /// Returns the unit in which a day lies; an open end is a unit of its own.
    pub fn around(self, day: DayNumber) -> Stretch {
        let Some((year, month, _)) = day.ymd() else { return Stretch::day(day) };
        match self {
            Grain::Day => Stretch::day(day),
            Grain::Month => months(year, month, year, month),
            Grain::Year => months(year, 1, year, 12),
            Grain::Decade => block(year, 10),
            Grain::Century => block(year, 100),
        }
    }

    /// Widens a stretch to whole units: `decade = 1925/1931` compares with 1920 to 1939.
    pub fn widen(self, stretch: Stretch) -> Stretch {
        self.around(stretch.first).hull(self.around(stretch.last))
    }

    /// Returns the name of the unit in which a day lies, written as EDTF: `1922-04`, `192X`.
    pub fn label(self, day: DayNumber) -> String {
        let Some((year, month, _)) = day.ymd() else { return day.to_string() };
        let sign = if year < 0 { "-" } else { "" };
        let size = year.unsigned_abs();
        let long = if size > 9999 { "Y" } else { "" };
        match self {
            Grain::Day => day.to_string(),
            Grain::Month => format!("{sign}{size:04}-{month:02}"),
            Grain::Year => format!("{long}{sign}{size:04}"),
            Grain::Decade if size <= 9999 => format!("{sign}{:03}X", size / 10),
            Grain::Century if size <= 9999 => format!("{sign}{:02}XX", size / 100),
            Grain::Decade | Grain::Century => self.around(day).to_string(),
        }
    }
}

/// Years that share their leading digits. They are mirrored before the year 0, as EDTF writes
/// them: `-032X` is -329 to -320.
fn block(year: i64, size: i64) -> Stretch {
    let lead = year / size * size;
    match year {
        _ if lead > 0 || (lead == 0 && year >= 0) => months(lead, 1, lead + size - 1, 12),
        _ if lead == 0 => months(1 - size, 1, -1, 12),
        _ => months(lead - size + 1, 1, lead, 12),
    }
}

/// The stretch from the first day of one month to the last of another.
fn months(from_year: i64, from_month: u8, to_year: i64, to_month: u8) -> Stretch {
    Stretch {
        first: Calendar::Gregorian.first_of_month(from_year, from_month),
        last: Calendar::Gregorian.last_of_month(to_year, to_month),
    }
}
