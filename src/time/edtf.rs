//! What is written, part for part: the syntax tree of EDTF and of what goes beyond it.
//!
//! The parser makes it; reckoning and reading consume it. No day is known here yet.
//! The standard is ISO 8601-2:2019, in the form of the Library of Congress's *Extended Date/Time
//! Format (EDTF) Specification* of 4 February 2019.

use std::ops::Range;

use super::calendar::Calendar;
use super::mask::Mask;

/// The level of conformance that a reader of EDTF needs in order to read a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Level 0: plain dates, date-times and intervals.
    Zero,
    /// Level 1: `~ ? %`, seasons, unspecified last digits, open and unknown ends, years before 0.
    One,
    /// Level 2: sets, qualified parts, unspecified digits anywhere, significant digits.
    Two,
    /// Not in EDTF: `julian`, and sets as the bounds of an interval.
    Extended,
}

impl Level {
    /// Returns the level as it is printed: `0`, `1`, `2` or `extended`.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Zero => "0",
            Level::One => "1",
            Level::Two => "2",
            Level::Extended => "extended",
        }
    }
}

/// A whole date as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    Simple(Simple),
    Interval(Bound, Bound),
    Set(Set),
}

/// One side of an interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// `..`
    Open,
    /// Nothing before or after the slash.
    Unknown,
    Date(Simple),
    OneOf(Set),
}

/// `[…]` or `{…}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Set {
    pub(super) sort: SetSort,
    pub(super) members: Vec<Member>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SetSort {
    OneOf,
    AllOf,
}

/// A member of a set; a range lacks one side where it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    One(Simple),
    From(Simple),
    UpTo(Simple),
    Range(Simple, Simple),
}

/// One date, with its qualifiers and its place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Simple {
    pub(super) form: Form,
    pub(super) calendar: Calendar,
    pub(super) qualifiers: Qualifiers,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Simple {
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Year, perhaps month, perhaps day; any digit may be unspecified.
    Calendar(Mask),
    /// A date-time: the day is reckoned, the time is kept in the text.
    Time(Mask),
    /// A division of the year, 21 to 41.
    Season { year: i64, code: u8 },
    /// A year of more than four digits, or with significant digits: it lies from `first` to `last`.
    Long { first: i64, last: i64, written: i64, level: Level },
}

/// A part of a date, and the unit by which `~` widens it. Ordered from the coarsest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Component {
    Year,
    Month,
    Day,
}

/// Parts of a date, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Components(u8);

impl Components {
    pub(super) fn with(self, part: Component) -> Components {
        Components(self.0 | 1 << part as u8)
    }

    pub(super) fn has(self, part: Component) -> bool {
        self.0 & (1 << part as u8) != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Which parts of a date are qualified by `?`, `~`, `%`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Qualifiers {
    /// Parts with `?` or `%`.
    pub(super) uncertain: Components,
    /// Parts with `~` or `%`.
    pub(super) approximate: Components,
    /// The coarsest part at which a `~` or `%` stands: the unit that it widens by.
    pub(super) widens: Option<Component>,
    /// Whether a sign stands elsewhere than at the end of the date (level 2).
    pub(super) within: bool,
}

impl Qualifiers {
    pub(super) fn is_empty(self) -> bool {
        self.uncertain.is_empty() && self.approximate.is_empty()
    }
}

impl Expression {
    /// The least level of EDTF that has everything this date is made of.
    pub(super) fn level(&self) -> Level {
        match self {
            Expression::Simple(date) => date.level(),
            Expression::Interval(start, end) => start.level().max(end.level()),
            Expression::Set(set) => set.level(),
        }
    }
}

impl Bound {
    fn level(&self) -> Level {
        match self {
            Bound::Open | Bound::Unknown => Level::One,
            // Level 1 knows unspecified digits and intervals, but not the one within the other.
            Bound::Date(date) if date.has_unspecified() => date.level().max(Level::Two),
            Bound::Date(date) => date.level(),
            Bound::OneOf(_) => Level::Extended,
        }
    }
}

impl Set {
    fn level(&self) -> Level {
        let level = |member: &Member| match member {
            Member::One(date) | Member::From(date) | Member::UpTo(date) => date.level(),
            Member::Range(first, last) => first.level().max(last.level()),
        };
        self.members.iter().map(level).fold(Level::Two, Level::max)
    }
}

impl Simple {
    pub(super) fn has_unspecified(&self) -> bool {
        matches!(self.form, Form::Calendar(mask) | Form::Time(mask) if mask.has_unspecified())
    }

    fn level(&self) -> Level {
        let form = match self.form {
            _ if self.calendar == Calendar::Julian => Level::Extended,
            Form::Calendar(mask) | Form::Time(mask) => mask_level(&mask),
            Form::Season { code, .. } if code <= 24 => Level::One,
            Form::Season { .. } => Level::Two,
            Form::Long { level, .. } => level,
        };
        let signs = match self.qualifiers {
            signs if signs.is_empty() => Level::Zero,
            signs if signs.within => Level::Two,
            _ => Level::One,
        };
        form.max(signs)
    }
}

/// Level 1 has the unspecified digits `201X`, `20XX`, `2004-XX`, `1985-04-XX` and `1985-XX-XX`.
fn mask_level(mask: &Mask) -> Level {
    let sign = if mask.before_zero { Level::One } else { Level::Zero };
    if !mask.has_unspecified() {
        return sign;
    }
    let year_alone = mask.month.is_none();
    let last_digits_of_year = mask.year_is_open_by_two_digits_at_most();
    let month_full = mask.full_month().is_some();
    let blank = |pair: Option<[u8; 2]>| pair == Some([super::mask::UNSPECIFIED; 2]);
    let at_the_end = match mask.full_year() {
        None => year_alone && last_digits_of_year,
        Some(_) if mask.day.is_none() => blank(mask.month),
        Some(_) => blank(mask.day) && (month_full || blank(mask.month)),
    };
    if at_the_end { Level::One } else { Level::Two }
}

impl Mask {
    fn year_is_open_by_two_digits_at_most(&self) -> bool {
        use super::mask::UNSPECIFIED as X;
        matches!(self.year, [a, b, _, X] if a != X && b != X)
    }
}
