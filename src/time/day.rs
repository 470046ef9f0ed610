//! The day: the one unit in which everything of this room is reckoned.
//!
//! In: year, month and day of a calendar. Out: a number that orders and subtracts.
//! Nothing is known here of dates as they are written.

use std::fmt;

use bytemuck::{Pod, Zeroable};

use super::calendar::Calendar;

/// A day, counted in the proleptic Gregorian calendar from 1 January of the year 1, which is day 1.
///
/// This is the *Rata Die* of Reingold and Dershowitz, *Calendrical Calculations* (2018). The
/// outermost numbers are no days: they stand for "no beginning" and "no end".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct DayNumber(i64);

impl DayNumber {
    /// Stands before every day: a stretch that starts here has no known beginning.
    pub const OPEN_PAST: DayNumber = DayNumber(i64::MIN);
    /// Stands after every day: a stretch that ends here has no known end.
    pub const OPEN_FUTURE: DayNumber = DayNumber(i64::MAX);
    /// The first number that is a day.
    pub(super) const EARLIEST: DayNumber = DayNumber(i64::MIN + 1);
    /// The greatest year, before or after the year 0, in which days are reckoned.
    ///
    /// It keeps every sum of a few day numbers inside 64 bits.
    pub const GREATEST_YEAR: i64 = 100_000_000_000_000;

    /// Makes a day from its Rata Die number.
    pub const fn from_rata_die(number: i64) -> DayNumber {
        DayNumber(number)
    }

    /// Returns the Rata Die number.
    pub const fn rata_die(self) -> i64 {
        self.0
    }

    /// Reckons a Gregorian day; `None` if the calendar has no such day.
    ///
    /// Years are astronomical: 0 is 1 BCE, -322 is 323 BCE.
    pub fn from_ymd(year: i64, month: u8, day: u8) -> Option<DayNumber> {
        Calendar::Gregorian.day(year, month, day)
    }

    /// Returns the Gregorian year, month and day; `None` for the open ends.
    pub fn ymd(self) -> Option<(i64, u8, u8)> {
        self.is_a_day().then(|| Calendar::Gregorian.year_month_day(self))
    }

    /// Tells whether this is a day and not one of the two open ends.
    pub const fn is_a_day(self) -> bool {
        self.0 != i64::MIN && self.0 != i64::MAX
    }

    /// Returns the day, or `None` for the open ends.
    pub fn closed(self) -> Option<DayNumber> {
        self.is_a_day().then_some(self)
    }

    /// Moves by a number of days; the open ends stay where they are, and no sum becomes one.
    pub const fn plus_days(self, days: i64) -> DayNumber {
        if !self.is_a_day() {
            return self;
        }
        let moved = self.0.saturating_add(days);
        // A sum that runs over is kept one short of the ends, which mean something else.
        if moved == i64::MAX {
            DayNumber(i64::MAX - 1)
        } else if moved == i64::MIN {
            DayNumber(i64::MIN + 1)
        } else {
            DayNumber(moved)
        }
    }

    /// Returns the next day.
    pub const fn next(self) -> DayNumber {
        self.plus_days(1)
    }

    /// Returns the day before.
    pub const fn previous(self) -> DayNumber {
        self.plus_days(-1)
    }

    /// Moves by calendar months of the Gregorian calendar; a day that the month lacks becomes its last.
    ///
    /// One month after 31 January is 28 or 29 February. The open ends stay where they are.
    pub fn plus_months(self, months: i64) -> DayNumber {
        if self.is_a_day() { Calendar::Gregorian.plus_months(self, months) } else { self }
    }
}

/// Prints the ISO day with at least four digits of year, `..` for an open end.
impl fmt::Display for DayNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ymd() {
            None => f.write_str(".."),
            Some((year, month, day)) => {
                let sign = if year < 0 { "-" } else { "" };
                write!(f, "{sign}{:04}-{month:02}-{day:02}", year.unsigned_abs())
            }
        }
    }
}
