//! The plain English name of what a date names, without its doubts.

use super::calendar::Calendar;
use super::day::DayNumber;
use super::edtf::{Form, Simple};
use super::mask::{Mask, UNSPECIFIED};
use super::season;
use super::words::{month_name, year_name};

/// Says a day: `7 November 1917`.
pub(super) fn day_words(day: DayNumber) -> String {
    match day.ymd() {
        Some((year, month, day)) => format!("{day} {} {}", month_name(month), year_name(year)),
        None => "an unknown day".to_owned(),
    }
}

/// Joins the last of several with "or".
pub(super) fn or<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

/// What a date names, and whether that is a day and not a stretch in which one lies.
pub(super) fn named(date: &Simple) -> (String, bool) {
    match date.form {
        Form::Season { year, code } => {
            (format!("{} {}", season::name(code), year_name(year)), false)
        }
        Form::Long { first, last, written, .. } if first < last => {
            let (first, last) = (year_name(first), year_name(last));
            (format!("the years {first} to {last}, probably {}", year_name(written)), false)
        }
        Form::Long { written, .. } => (year_name(written), false),
        Form::Calendar(mask) | Form::Time(mask) => masked(&mask),
    }
}

fn masked(mask: &Mask) -> (String, bool) {
    let blank = Some([UNSPECIFIED; 2]);
    let (year, of_years) = years(mask);
    let months = months(mask);
    match (mask.month, mask.day) {
        // A month or day of which no digit is known says no more than what stands before it.
        (None, _) => (year, false),
        (month, None) if month == blank => (year, false),
        (month, day) if month == blank && day == blank => (year, false),
        (_, day) if day.is_none() || day == blank => (format!("{months}{of_years}"), false),
        (month, _) => {
            let days = days(mask);
            if month == blank {
                return (format!("day {days} of some month of {year}"), true);
            }
            (format!("{days} {months}{of_years}"), true)
        }
    }
}

/// The years as they stand alone, and as they follow a month.
fn years(mask: &Mask) -> (String, String) {
    if let Some(year) = mask.full_year() {
        return (year_name(year), format!(" {}", year_name(year)));
    }
    let (first, last) = mask.year_range();
    // The years before 0 begin at -1: that block has one year less than its digits allow.
    let words = if mask.open_years() > last - first {
        format!("the years {} to {}", year_name(first), year_name(last))
    } else {
        let sign = if mask.before_zero { "-" } else { "" };
        let digits: String = mask.year.iter().map(digit).collect();
        return (
            format!("one of the years `{sign}{digits}`"),
            format!(" of one of the years `{sign}{digits}`"),
        );
    };
    let of_years = format!(" of one of {words}");
    (words, of_years)
}

fn digit(digit: &u8) -> char {
    match digit {
        0..=9 => char::from(b'0' + digit),
        _ => 'X',
    }
}

fn months(mask: &Mask) -> String {
    let fitting: Vec<&str> =
        (1..=12).filter(|month| mask.month_fits(*month)).map(month_name).collect();
    or(&fitting)
}

fn days(mask: &Mask) -> String {
    let months = (1..=12).filter(|month| mask.month_fits(*month));
    let year = mask.full_year().unwrap_or(2000);
    let most = months.map(|month| Calendar::Julian.days_in_month(year, month)).max().unwrap_or(31);
    let fitting: Vec<u8> = (1..=most).filter(|day| mask.day_fits(*day)).collect();
    match fitting.as_slice() {
        [first, .., last] if usize::from(last - first) + 1 == fitting.len() => {
            format!("one of the days {first} to {last}")
        }
        _ => or(&fitting.iter().map(u8::to_string).collect::<Vec<_>>()),
    }
}
