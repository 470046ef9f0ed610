//! What is wrong with a text that is not a date, as data, and the sentences about it.
//!
//! In: a fault, its place, and what might be written instead. Out: `message` and `help`.
//! Guesses are offered here, never applied.

use std::fmt;
use std::ops::Range;

use super::calendar::Calendar;
use super::words;

/// Why a text is not a date, where, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateError {
    data: Box<Data>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Data {
    fault: Fault,
    range: Range<usize>,
    found: String,
    offers: Vec<Offer>,
}

/// Something that might be written instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The whole date, rewritten.
    pub text: String,
    /// What it would mean, where there is a choice: "one or the other".
    pub meaning: &'static str,
}

/// What is wrong with a text that is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing is written.
    Empty,
    /// Something stands where no date has it.
    NotADate,
    /// A month above 12 that is no season either.
    NoSuchMonth {
        /// The number written.
        month: u8,
    },
    /// Unspecified digits that fit no month.
    NoMonthFits,
    /// A day that the month lacks; what is `None` has unspecified digits.
    NoSuchDay {
        /// The year.
        year: Option<i64>,
        /// The month.
        month: Option<u8>,
        /// The day of the month.
        day: Option<u8>,
        /// The calendar in which there is no such day.
        calendar: Calendar,
    },
    /// A time of day that is not `hh:mm:ss` with `Z` or a shift from it.
    BadTime,
    /// A year of fewer than four digits.
    ShortYear,
    /// A year of more than four digits without `Y`.
    LongYear,
    /// A year of four digits with `Y`.
    LongYearTooShort,
    /// `-0000`.
    YearMinusZero,
    /// A year too far from ours for days to be counted.
    YearTooFar,
    /// `S` with no digits, or with more than the year has.
    BadSignificantDigits,
    /// A season of a year with unspecified digits.
    SeasonOfManyYears,
    /// `[` or `{` without its end.
    UnclosedSet,
    /// `[]` or `{}`.
    EmptySet,
    /// A set of more than a thousand dates.
    TooManyMembers,
    /// `{…}` beside a slash.
    AllOfAsBound,
    /// A slash, or two dots, with no date on either side.
    NoBound,
    /// A time of day beside a slash.
    TimeInInterval,
    /// An interval that ends before it begins.
    EndsBeforeStart,
    /// A range of a set that ends before it begins.
    RangeEndsBeforeStart,
    /// A slash where one day is meant.
    SlashInMoment,
    /// `julian` after a season, a long year or a year with significant digits.
    JulianPrecision,
    /// `julian` after the second date of an interval only.
    JulianOfOneBound,
    /// Day and month stand before the year.
    DayFirst,
    /// Year, month and day are parted by something else than hyphens.
    WrongSeparator,
    /// A number of one digit where two belong.
    MissingZero,
    /// The month is a word.
    MonthInWords,
    /// A word or sign for "about".
    Circa,
    /// A word or sign for "perhaps".
    DoubtInWords,
    /// The later year is cut short: `1919-20`.
    ShortenedYear,
    /// Two years with a hyphen or dash between them.
    Dash,
    /// "or", "between", "to".
    Conjunction,
    /// "before", "after", "until", "since".
    Limit,
    /// `1930s`.
    DecadeInWords,
    /// `19th century`.
    CenturyInWords,
    /// "BC", "AD".
    Era,
    /// `192?`, `192-`, `192x`.
    WrongUnspecified,
    /// The season is a word.
    SeasonInWords,
    /// Another way to say `julian` or to say Gregorian.
    CalendarInWords,
    /// Spaces within the date.
    Spaces,
    /// Small letters for EDTF's capitals.
    Lowercase,
    /// A word for "no date".
    NoDateInWords,
    /// Two dots outside of brackets.
    DotsOutsideSet,
    /// A literal of a query that is not exact.
    NotExact,
}

impl DateError {
    pub(super) fn new(text: &str, fault: Fault, range: Range<usize>, offers: Vec<Offer>) -> Self {
        let found = text.get(range.clone()).unwrap_or(text).to_owned();
        DateError { data: Box::new(Data { fault, range, found, offers }) }
    }

    /// Returns what is wrong.
    pub fn fault(&self) -> Fault {
        self.data.fault
    }

    /// Returns the bytes of the date's text that are wrong.
    pub fn range(&self) -> Range<usize> {
        self.data.range.clone()
    }

    /// Returns the whole dates that might be written instead, the likeliest first.
    pub fn offers(&self) -> &[Offer] {
        &self.data.offers
    }

    /// Says what is wrong, as a sentence without capital and full stop.
    pub fn message(&self) -> String {
        words::message(self.data.fault, &self.data.found)
    }

    /// Says what to write instead.
    pub fn help(&self) -> String {
        words::help(self.data.fault, &self.data.offers)
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for DateError {}
