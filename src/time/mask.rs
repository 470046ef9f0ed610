//! Unspecified digits: `193X`, `1985-04-XX`, `156X-12-25`.
//!
//! In: a pattern of digits. Out: the days that fit it, found one after another and never listed,
//! since `XXXX-12-XX` has ten thousand runs of days.

use super::calendar::Calendar;
use super::day::DayNumber;
use super::stretch::Stretch;

/// A digit that is not specified, EDTF `X`; the others stand for themselves.
pub(super) const UNSPECIFIED: u8 = 10;

/// A calendar date with digits left open; also the plain dates, which leave none open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mask {
    pub(super) before_zero: bool,
    pub(super) year: [u8; 4],
    pub(super) month: Option<[u8; 2]>,
    pub(super) day: Option<[u8; 2]>,
}

/// The days that fit a mask in a calendar, as far as they lie in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaskedDays {
    mask: Mask,
    calendar: Calendar,
    window: Stretch,
}

fn fits(pattern: u8, digit: u8) -> bool {
    pattern == UNSPECIFIED || pattern == digit
}

fn pair_fits(pattern: Option<[u8; 2]>, number: u8) -> bool {
    match pattern {
        None => true,
        Some([tens, units]) => fits(tens, number / 10) && fits(units, number % 10),
    }
}

fn is_free(pattern: Option<[u8; 2]>) -> bool {
    matches!(pattern, None | Some([UNSPECIFIED, UNSPECIFIED]))
}

fn number(pattern: [u8; 2]) -> Option<u8> {
    match pattern {
        [UNSPECIFIED, _] | [_, UNSPECIFIED] => None,
        [tens, units] => Some(tens * 10 + units),
    }
}

impl Mask {
    /// The year, if all its digits are specified.
    pub(super) fn full_year(&self) -> Option<i64> {
        let specified = !self.year.contains(&UNSPECIFIED);
        specified.then(|| self.signed(self.fill(0)))
    }

    /// The month, if there is one with both digits specified.
    pub(super) fn full_month(&self) -> Option<u8> {
        self.month.and_then(number)
    }

    /// The day of the month, if there is one with both digits specified.
    pub(super) fn full_day(&self) -> Option<u8> {
        self.day.and_then(number)
    }

    /// Tells whether some digit is not specified.
    pub(super) fn has_unspecified(&self) -> bool {
        let open = |pair: Option<[u8; 2]>| pair.is_some_and(|pair| number(pair).is_none());
        self.full_year().is_none() || open(self.month) || open(self.day)
    }

    /// The least and the greatest year that fit.
    pub(super) fn year_range(&self) -> (i64, i64) {
        let (near, far) = (self.signed(self.fill(0)), self.signed(self.fill(9)));
        // There is no year -0: the years before 0 begin at -1.
        if self.before_zero { (far, near.min(-1)) } else { (near, far) }
    }

    /// How many years the unspecified digits at the end of the year leave open: 1, 10, 100 …
    pub(super) fn open_years(&self) -> i64 {
        let open = self.year.iter().rev().take_while(|digit| **digit == UNSPECIFIED).count();
        10_i64.pow(open as u32)
    }

    pub(super) fn month_fits(&self, month: u8) -> bool {
        pair_fits(self.month, month)
    }

    pub(super) fn day_fits(&self, day: u8) -> bool {
        pair_fits(self.day, day)
    }

    fn fill(&self, digit: u8) -> i64 {
        self.year.iter().fold(0, |sum, pattern| {
            sum * 10 + i64::from(if *pattern == UNSPECIFIED { digit } else { *pattern })
        })
    }

    fn signed(&self, size: i64) -> i64 {
        if self.before_zero { -size } else { size }
    }

    fn year_fits(&self, year: i64) -> bool {
        if (year < 0) != self.before_zero {
            return false;
        }
        let mut rest = year.unsigned_abs();
        let digits_fit = self.year.iter().rev().all(|pattern| {
            let digit = (rest % 10) as u8;
            rest /= 10;
            fits(*pattern, digit)
        });
        digits_fit && rest == 0
    }

    fn contains(&self, (year, month, day): (i64, u8, u8)) -> bool {
        self.year_fits(year) && pair_fits(self.month, month) && pair_fits(self.day, day)
    }
}

impl MaskedDays {
    pub(super) fn new(mask: Mask, calendar: Calendar) -> MaskedDays {
        MaskedDays { mask, calendar, window: Stretch::ALWAYS }
    }

    /// Keeps only the days within a stretch.
    pub(super) fn clip(mut self, stretch: Stretch) -> Option<MaskedDays> {
        self.window = self.window.intersection(stretch)?;
        self.first().map(|_| self)
    }

    /// The first day of all; `None` if no day fits, as in `1985-02-3X`.
    pub(super) fn first(&self) -> Option<DayNumber> {
        self.next(DayNumber::OPEN_PAST)
    }

    /// The last day of all.
    pub(super) fn last(&self) -> Option<DayNumber> {
        self.previous(DayNumber::OPEN_FUTURE)
    }

    /// The first day that fits, on or after a day.
    pub(super) fn next(&self, day: DayNumber) -> Option<DayNumber> {
        let (least, greatest) = self.mask.year_range();
        let earliest = self.calendar.first_of_month(least, 1);
        let start = day.max(self.window.first()).max(earliest);
        let latest = self.calendar.last_of_month(greatest, 12);
        if start > latest {
            return None;
        }
        let (from_year, from_month, from_day) = self.calendar.year_month_day(start);
        for year in (from_year..=greatest).filter(|year| self.mask.year_fits(*year)) {
            let first_month = if year == from_year { from_month } else { 1 };
            for month in (first_month..=12).filter(|month| pair_fits(self.mask.month, *month)) {
                let within = (year, month) == (from_year, from_month);
                let first_day = if within { from_day } else { 1 };
                let found = (first_day..=self.calendar.days_in_month(year, month))
                    .find(|day| pair_fits(self.mask.day, *day));
                if let Some(day) = found {
                    let found = self.calendar.reckon(year, month, day);
                    return (found <= self.window.last()).then_some(found);
                }
            }
        }
        None
    }

    /// The last day that fits, on or before a day.
    pub(super) fn previous(&self, day: DayNumber) -> Option<DayNumber> {
        let (least, greatest) = self.mask.year_range();
        let latest = self.calendar.last_of_month(greatest, 12);
        let start = day.min(self.window.last()).min(latest);
        let earliest = self.calendar.first_of_month(least, 1);
        if start < earliest {
            return None;
        }
        let (from_year, from_month, from_day) = self.calendar.year_month_day(start);
        for year in (least..=from_year).rev().filter(|year| self.mask.year_fits(*year)) {
            let last_month = if year == from_year { from_month } else { 12 };
            for month in (1..=last_month).rev().filter(|month| pair_fits(self.mask.month, *month)) {
                let within = (year, month) == (from_year, from_month);
                let in_month = self.calendar.days_in_month(year, month);
                let last_day = if within { from_day } else { in_month };
                let found = (1..=last_day).rev().find(|day| pair_fits(self.mask.day, *day));
                if let Some(day) = found {
                    let found = self.calendar.reckon(year, month, day);
                    return (found >= self.window.first()).then_some(found);
                }
            }
        }
        None
    }

    /// The last day of the run, days without a gap, in which a fitting day lies.
    pub(super) fn run_last(&self, day: DayNumber) -> DayNumber {
        let (year, month, _) = self.calendar.year_month_day(day);
        let last = if !is_free(self.mask.day) {
            let mut last = day;
            while self.mask.contains(self.calendar.year_month_day(last.next())) {
                last = last.next();
            }
            last
        } else if !is_free(self.mask.month) {
            let last = (month..12).find(|month| !pair_fits(self.mask.month, month + 1));
            self.calendar.last_of_month(year, last.unwrap_or(12))
        } else {
            // Years that follow one another differ in their last digits: a run of years is the
            // block that the unspecified digits at the end leave open.
            let size = self.mask.open_years();
            let block = year / size * size;
            let last = if year >= 0 { block + size - 1 } else { block.min(-1) };
            self.calendar.last_of_month(last, 12)
        };
        last.min(self.window.last())
    }

    /// All the days as one stretch, if there is no gap between them.
    pub(super) fn without_gap(&self) -> Option<Stretch> {
        let (first, last) = (self.first()?, self.last()?);
        (self.run_last(first) == last).then(|| Stretch::between(first, last))
    }

    /// The runs, one after another.
    pub(super) fn runs(self) -> impl Iterator<Item = Stretch> {
        let mut from = Some(DayNumber::OPEN_PAST);
        std::iter::from_fn(move || {
            let first = self.next(from?)?;
            let last = self.run_last(first);
            from = Some(last.next());
            Some(Stretch::between(first, last))
        })
    }

    /// Tells whether one run holds a day of `starts` and, not before it, a day of `ends`.
    pub(super) fn has_run_from_to(&self, starts: Stretch, ends: Stretch) -> bool {
        if let Some(both) = starts.intersection(ends)
            && self.next(both.first()).is_some_and(|day| day <= both.last())
        {
            return true;
        }
        // No day serves as both: if any pair is in one run, the last start and the first end are.
        let Some(start) = self.previous(starts.last().min(ends.last())) else { return false };
        let Some(end) = self.next(start.max(ends.first())) else { return false };
        start >= starts.first() && end <= ends.last() && self.run_last(start) >= end
    }
}
