//! The two calendars, both run backwards and forwards without end (proleptic).
//!
//! In: year, month, day. Out: day numbers, and back. The reckoning is that of the crate
//! `calendrical_calculations`; what is added here are years beyond its 32 bits.

use calendrical_calculations::rata_die::RataDie;
use calendrical_calculations::{gregorian, julian};

use super::day::DayNumber;

/// The calendar in which a date is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// The calendar of ISO 8601 and of EDTF.
    #[default]
    Gregorian,
    /// The calendar of Old Style dates.
    Julian,
}

/// Both calendars repeat themselves after so many years.
const CYCLE_YEARS: i64 = 400;

impl Calendar {
    /// Returns the calendar's English name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Calendar::Gregorian => "gregorian",
            Calendar::Julian => "julian",
        }
    }

    const fn days_in_cycle(self) -> i64 {
        match self {
            Calendar::Gregorian => gregorian::DAYS_IN_400_YEAR_CYCLE,
            Calendar::Julian => 146_100,
        }
    }

    /// Tells whether the year has a 29 February.
    pub const fn is_leap_year(self, year: i64) -> bool {
        let within = year.rem_euclid(CYCLE_YEARS) as i32;
        match self {
            Calendar::Gregorian => gregorian::is_leap_year(within),
            Calendar::Julian => julian::is_leap_year(within),
        }
    }

    /// Returns how many days the month has; 0 if there is no such month.
    pub const fn days_in_month(self, year: i64, month: u8) -> u8 {
        match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if self.is_leap_year(year) => 29,
            2 => 28,
            _ => 0,
        }
    }

    /// Reckons a day; `None` if this calendar has no such day, or if the year is too far off.
    pub fn day(self, year: i64, month: u8, day: u8) -> Option<DayNumber> {
        let near = (-DayNumber::GREATEST_YEAR..=DayNumber::GREATEST_YEAR).contains(&year);
        let exists = near && day >= 1 && day <= self.days_in_month(year, month);
        exists.then(|| self.reckon(year, month, day))
    }

    /// Reckons a day that is known to exist.
    pub(super) fn reckon(self, year: i64, month: u8, day: u8) -> DayNumber {
        // The crate reckons within one cycle, whole cycles are added: years need 64 bits here.
        let cycles = year.div_euclid(CYCLE_YEARS);
        let within = year.rem_euclid(CYCLE_YEARS) as i32;
        let fixed = match self {
            Calendar::Gregorian => gregorian::fixed_from_gregorian(within, month, day),
            Calendar::Julian => julian::fixed_from_julian(within, month, day),
        };
        DayNumber::from_rata_die(fixed.to_i64_date() + cycles * self.days_in_cycle())
    }

    /// Returns the first day of the month of a day number's year and month in this calendar.
    pub(super) fn first_of_month(self, year: i64, month: u8) -> DayNumber {
        self.reckon(year, month, 1)
    }

    /// Returns the last day of a month.
    pub(super) fn last_of_month(self, year: i64, month: u8) -> DayNumber {
        self.reckon(year, month, self.days_in_month(year, month))
    }

    /// Returns year, month and day of a day in this calendar. The open ends give far-off nonsense.
    pub(super) fn year_month_day(self, day: DayNumber) -> (i64, u8, u8) {
        let number = day.rata_die();
        let cycles = number.div_euclid(self.days_in_cycle());
        let within = RataDie::new(number.rem_euclid(self.days_in_cycle()));
        let found = match self {
            Calendar::Gregorian => gregorian::gregorian_from_fixed(within),
            Calendar::Julian => julian::julian_from_fixed(within),
        };
        // One cycle is 400 years: its years always fit the crate's 32 bits.
        let (year, month, day) = found.unwrap_or((1, 1, 1));
        (i64::from(year) + cycles * CYCLE_YEARS, month, day)
    }

    /// Moves by whole months; a day that the month lacks becomes its last.
    pub(super) fn plus_months(self, day: DayNumber, months: i64) -> DayNumber {
        let (year, month, day_of_month) = self.year_month_day(day);
        let months_since_zero = year.saturating_mul(12).saturating_add(i64::from(month) - 1);
        let moved = months_since_zero.saturating_add(months);
        let far = DayNumber::GREATEST_YEAR;
        let year = moved.div_euclid(12).clamp(-far, far);
        let month = moved.rem_euclid(12) as u8 + 1;
        self.reckon(year, month, day_of_month.min(self.days_in_month(year, month)))
    }
}
