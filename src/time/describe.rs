//! A date laid open: what `regesta date` prints.
//!
//! In: the text of a date. Out: plain data for JSON or for a table. Nothing is printed here.

use serde::{Serialize, Serializer};

use super::bounds::{Bounds, Flags};
use super::calendar::Calendar;
use super::date::Date;
use super::day::DayNumber;
use super::edtf::{Bound, Expression, Level, SetSort};
use super::error::DateError;
use super::parse;
use super::settings::Settings;
use super::value::Role;

/// Everything that is to be said of a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Description {
    /// The text as written.
    pub text: String,
    /// The level of EDTF: 0, 1, 2 or `"extended"`.
    pub level: Level,
    /// What it is.
    pub kind: Kind,
    /// The first day on which it may begin; none where that is open or unknown. This and the
    /// other bounds are strict: `~` does not widen them.
    #[serde(serialize_with = "iso")]
    pub earliest_start: Option<DayNumber>,
    /// The last day on which it may begin.
    #[serde(serialize_with = "iso")]
    pub latest_start: Option<DayNumber>,
    /// The first day on which it may end.
    #[serde(serialize_with = "iso")]
    pub earliest_end: Option<DayNumber>,
    /// The last day on which it may end.
    #[serde(serialize_with = "iso")]
    pub latest_end: Option<DayNumber>,
    /// The calendar; Julian if any part is written so.
    #[serde(serialize_with = "calendar_name")]
    pub calendar: Calendar,
    /// What it means, in words.
    pub reading: String,
}

/// A text that is not a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The text as written.
    pub text: String,
    /// What is wrong and what to write instead.
    pub error: String,
}

/// The four kinds of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One day, however vaguely known.
    Date,
    /// Every day from a first to a last.
    Period,
    /// One of several.
    OneOf,
    /// All of several.
    AllOf,
}

impl Kind {
    /// Returns the name of the kind.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Date => "date",
            Kind::Period => "period",
            Kind::OneOf => "one-of",
            Kind::AllOf => "all-of",
        }
    }
}

/// Describes a date; an interval as a period, anything else as a moment.
pub fn describe(text: &str) -> Result<Description, DateError> {
    let expression = parse::parse(text).ok();
    let role = match expression {
        None | Some(Expression::Interval(..)) => Role::Period,
        Some(_) => Role::Moment,
    };
    let strict = Date::parse_with(text, role, &Settings::STRICT)?;
    // What `~` means is told with the usual widening.
    let reading = Date::parse(text, role)?.reading();
    let bounds = strict.bounds();
    let calendar =
        if strict.flags().has(Flags::JULIAN) { Calendar::Julian } else { Calendar::Gregorian };
    let [earliest_start, latest_start, earliest_end, latest_end] =
        closed_bounds(&bounds, expression.as_ref());
    Ok(Description {
        text: text.to_owned(),
        level: strict.level(),
        kind: expression.as_ref().map_or(Kind::Date, kind),
        earliest_start,
        latest_start,
        earliest_end,
        latest_end,
        calendar,
        reading,
    })
}

impl From<(&str, &DateError)> for Refusal {
    fn from((text, error): (&str, &DateError)) -> Refusal {
        let error = format!("{} ({})", error.message(), error.help());
        Refusal { text: text.to_owned(), error }
    }
}

fn kind(date: &Expression) -> Kind {
    match date {
        Expression::Simple(_) => Kind::Date,
        Expression::Interval(..) => Kind::Period,
        Expression::Set(set) if set.sort == SetSort::OneOf => Kind::OneOf,
        Expression::Set(_) => Kind::AllOf,
    }
}

/// The bounds, without those that only the other side of an interval gives to an unknown one.
fn closed_bounds(bounds: &Bounds, date: Option<&Expression>) -> [Option<DayNumber>; 4] {
    let known = |bound: &Bound| !matches!(bound, Bound::Open | Bound::Unknown);
    let (start, end) = match date {
        Some(Expression::Interval(start, end)) => (known(start), known(end)),
        _ => (true, true),
    };
    [
        bounds.earliest_start.closed().filter(|_| start),
        bounds.latest_start.closed().filter(|_| start),
        bounds.earliest_end.closed().filter(|_| end),
        bounds.latest_end.closed().filter(|_| end),
    ]
}

fn iso<S: Serializer>(day: &Option<DayNumber>, serializer: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => serializer.collect_str(day),
        None => serializer.serialize_none(),
    }
}

fn calendar_name<S: Serializer>(calendar: &Calendar, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(calendar.name())
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Level::Zero => serializer.serialize_u8(0),
            Level::One => serializer.serialize_u8(1),
            Level::Two => serializer.serialize_u8(2),
            Level::Extended => serializer.serialize_str("extended"),
        }
    }
}
