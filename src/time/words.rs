//! The sentences about faults. Each is written once, here.

use super::calendar::Calendar;
use super::error::{Fault, Offer};

/// The months' English names, January first.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Returns the English name of a month from 1 to 12.
pub(super) fn month_name(month: u8) -> &'static str {
    MONTHS.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or("no month")
}

/// Returns a year as English has it: `1922`, `323 BCE`.
pub(super) fn year_name(year: i64) -> String {
    if year > 0 { year.to_string() } else { format!("{} BCE", 1 - year) }
}

pub(super) fn message(fault: Fault, found: &str) -> String {
    match fault {
        Fault::Empty => "a date is missing".to_owned(),
        Fault::NotADate => format!("`{found}` is not a date"),
        Fault::NoSuchMonth { month } => format!("there is no month {month}"),
        Fault::NoMonthFits => format!("no month fits `{found}`"),
        Fault::NoSuchDay { year, month, day, calendar } => no_such_day(year, month, day, calendar),
        Fault::BadTime => format!("`{found}` is not a time of day"),
        Fault::ShortYear => format!("the year `{found}` has fewer than four digits"),
        Fault::LongYear => format!("the year `{found}` has more than four digits and no `Y`"),
        Fault::LongYearTooShort => format!("`{found}` has a `Y` but only four digits"),
        Fault::YearMinusZero => "there is no year `-0000`".to_owned(),
        Fault::YearTooFar => format!("the year `{found}` is too far off to count its days"),
        Fault::BadSignificantDigits => {
            format!("the number of certain digits in `{found}` does not fit its year")
        }
        Fault::SeasonOfManyYears => format!("`{found}` is a season of no one year"),
        Fault::UnclosedSet => format!("the set `{found}` is not closed"),
        Fault::EmptySet => format!("the set `{found}` names no date"),
        Fault::TooManyMembers => "a set has more than 1000 dates".to_owned(),
        Fault::AllOfAsBound => format!("several dates at once, `{found}`, cannot bound a stretch"),
        Fault::NoBound => format!("`{found}` names no date"),
        Fault::TimeInInterval => format!("a stretch is bounded by days, not by `{found}`"),
        Fault::EndsBeforeStart => format!("`{found}` ends before it begins"),
        Fault::RangeEndsBeforeStart => format!("the range `{found}` ends before it begins"),
        Fault::SlashInMoment => {
            format!("`{found}` is a stretch of time, but a single moment is recorded here")
        }
        Fault::JulianPrecision => {
            format!("`{found}`: only a year, month or day can be `julian`")
        }
        Fault::JulianOfOneBound => {
            "`julian` holds for the second date of this stretch only".to_owned()
        }
        Fault::DayFirst => format!("`{found}` does not begin with the year"),
        Fault::WrongSeparator => format!("year, month and day in `{found}` have no hyphens"),
        Fault::MissingZero => format!("a month or day in `{found}` has only one digit"),
        Fault::MonthInWords => format!("the month in `{found}` is a word"),
        Fault::Circa => format!("`{found}` says \"about\" in words"),
        Fault::DoubtInWords => format!("`{found}` says \"perhaps\" in words"),
        Fault::ShortenedYear => format!("the second year in `{found}` is cut short"),
        Fault::Dash => format!("`{found}` joins two dates with a dash"),
        Fault::Conjunction => format!("`{found}` joins dates with words"),
        Fault::Limit => format!("`{found}` sets a limit in words"),
        Fault::DecadeInWords => format!("`{found}` is a decade in words"),
        Fault::CenturyInWords => format!("`{found}` is a century in words"),
        Fault::Era => format!("`{found}` names its era in words"),
        Fault::WrongUnspecified => format!("unknown digits in `{found}` are not written as `X`"),
        Fault::SeasonInWords => format!("`{found}` names its season in words"),
        Fault::CalendarInWords => format!("`{found}` names its calendar in another way"),
        Fault::Spaces => format!("there are spaces within `{found}`"),
        Fault::Lowercase => format!("`{found}` has small letters"),
        Fault::NoDateInWords => format!("`{found}` is not a date"),
        Fault::DotsOutsideSet => format!("the range `{found}` stands outside brackets"),
        Fault::NotExact => format!("`{found}` does not name one exact stretch of time"),
    }
}

fn no_such_day(
    year: Option<i64>,
    month: Option<u8>,
    day: Option<u8>,
    calendar: Calendar,
) -> String {
    let (Some(month), Some(day)) = (month, day) else {
        return "no day fits these digits".to_owned();
    };
    if day == 0 || day > 31 {
        return format!("there is no day {day} in a month");
    }
    let name = month_name(month);
    if day > Calendar::Gregorian.days_in_month(2000, month) {
        return format!("{name} never has {day} days");
    }
    let Some(year) = year else { return format!("{name} has not {day} days in those years") };
    let days = calendar.days_in_month(year, month);
    let julian = if calendar == Calendar::Julian { " in the Julian calendar" } else { "" };
    format!("{name} {} has only {days} days{julian}", year_name(year))
}

pub(super) fn help(fault: Fault, offers: &[Offer]) -> String {
    let reason = reason(fault);
    let choice = match offers {
        [] => return fallback(fault).to_owned(),
        [only] => format!("write `{}`", only.text),
        several => {
            let choices: Vec<String> = several
                .iter()
                .map(|offer| match offer.meaning {
                    "" => format!("`{}`", offer.text),
                    meaning => format!("`{}` for {meaning}", offer.text),
                })
                .collect();
            format!("write {}", choices.join(", or "))
        }
    };
    if reason.is_empty() { choice } else { format!("{reason}: {choice}") }
}

/// The rule behind an offer, where the offer alone does not show it.
fn reason(fault: Fault) -> &'static str {
    match fault {
        Fault::DayFirst | Fault::NoSuchMonth { .. } | Fault::MonthInWords => {
            "a date is year-month-day"
        }
        Fault::MissingZero => "a month and a day have two digits",
        Fault::Circa => "`~` after a date means about",
        Fault::DoubtInWords => "`?` after a date means doubtful",
        Fault::ShortYear => "a year has four digits",
        Fault::LongYear => "a longer year begins with `Y`",
        Fault::DecadeInWords | Fault::CenturyInWords | Fault::WrongUnspecified => {
            "`X` stands for an unknown digit"
        }
        Fault::Era => "years before 1 CE count from 0000, which is 1 BCE",
        Fault::CalendarInWords => "an Old Style date is followed by `julian`",
        Fault::SeasonInWords => "21 to 24 are spring, summer, autumn and winter",
        Fault::SlashInMoment => "a slash runs from one date to the other",
        Fault::TimeInInterval => "the time of day is left out",
        Fault::NotExact => "a question is asked about whole, exact dates",
        _ => "",
    }
}

/// What to do where nothing can be offered.
fn fallback(fault: Fault) -> &'static str {
    match fault {
        Fault::NoSuchMonth { .. } => {
            "months are 01 to 12, and 21 to 41 are seasons and other parts of a year"
        }
        Fault::NoSuchDay { .. } => "write the month alone if the day is not known",
        Fault::BadTime => "write the time as in `1985-04-12T23:20:30Z`, or leave it out",
        Fault::ShortYear => "write the year with four digits, such as `1922` or `0044`",
        Fault::YearTooFar => "write a year of at most 14 digits",
        Fault::BadSignificantDigits => "write `1950S2` for 1900 to 1999, about 1950",
        Fault::SeasonOfManyYears => "give the year in full, such as `1932-21`",
        Fault::UnclosedSet | Fault::EmptySet => {
            "write `[1919,1920]` for one or the other, `{1919,1920}` for both"
        }
        Fault::TooManyMembers => "write ranges, such as `[1667..1672]`",
        Fault::AllOfAsBound => "write `[1920,1921]` for one or the other, or give two periods",
        Fault::NoBound | Fault::NoDateInWords => {
            "write `unknown` for a date that nobody knows, or leave the field out"
        }
        Fault::SlashInMoment => {
            "write `[1919,1920]` for one or the other, or make the field a `period`"
        }
        Fault::JulianPrecision => "write the month or the day, such as `1917-10-25 julian`",
        Fault::RangeEndsBeforeStart | Fault::EndsBeforeStart => "write the earlier date first",
        Fault::NotExact => "name whole dates, such as `1922`, `1922-04` or `1918/1921`",
        _ => "write year-month-day as far as known, such as `1922-04-16`, `1922-04` or `1922`",
    }
}
