//! An all-of set taken apart: `{1960..1962,1970}` is four values.

use super::calendar::Calendar;
use super::day::DayNumber;
use super::edtf::{Form, Member, Qualifiers, Set, Simple};
use super::mask::Mask;
use super::parse::MOST_MEMBERS;

/// The members of a set, closed ranges listed at the precision in which they are written.
///
/// An open range has no list of members, and a range of more than a thousand is not listed:
/// they stay one member, of which only the stretch is known in which it lies.
pub(super) fn members(set: &Set) -> Vec<Member> {
    let mut listed = Vec::with_capacity(set.members.len());
    for member in &set.members {
        match member {
            Member::Range(first, last) => match list(first, last) {
                Some(dates) if listed.len() + dates.len() <= 2 * MOST_MEMBERS => {
                    listed.extend(dates.into_iter().map(Member::One));
                }
                _ => listed.push(*member),
            },
            _ => listed.push(*member),
        }
    }
    listed
}

/// The text of a member that may have been listed out of a range.
pub(super) fn member_text(member: &Member, text: &str) -> String {
    let written = |date: &Simple| text.get(date.range()).unwrap_or_default().to_owned();
    match member {
        Member::One(date) if date.start < date.end => written(date),
        Member::One(date) => print(date),
        Member::From(date) => format!("[{}..]", written(date)),
        Member::UpTo(date) => format!("[..{}]", written(date)),
        Member::Range(first, last) => format!("[{}..{}]", written(first), written(last)),
    }
}

/// A plain date as year, month and day, what it lacks being `None`.
fn plain(date: &Simple) -> Option<(i64, Option<u8>, Option<u8>)> {
    match date.form {
        Form::Calendar(mask) if date.qualifiers.is_empty() && !mask.has_unspecified() => {
            Some((mask.full_year()?, mask.full_month(), mask.full_day()))
        }
        _ => None,
    }
}

fn list(first: &Simple, last: &Simple) -> Option<Vec<Simple>> {
    if first.calendar != last.calendar {
        return None;
    }
    let calendar = first.calendar;
    let (from, to) = match (plain(first)?, plain(last)?) {
        ((from, None, None), (to, None, None)) => (from, to),
        ((year, Some(month), None), (to_year, Some(to_month), None)) => {
            (month_count(year, month), month_count(to_year, to_month))
        }
        ((year, Some(month), Some(day)), (to_year, Some(to_month), Some(to_day))) => (
            calendar.day(year, month, day)?.rata_die(),
            calendar.day(to_year, to_month, to_day)?.rata_die(),
        ),
        _ => return None,
    };
    let (_, month, day) = plain(first)?;
    if to < from || to - from >= MOST_MEMBERS as i64 {
        return None;
    }
    (from..=to)
        .map(|count| match (month, day) {
            (None, _) => simple(count, None, None, calendar),
            (Some(_), None) => {
                simple(count.div_euclid(12), Some(count.rem_euclid(12) as u8 + 1), None, calendar)
            }
            (Some(_), Some(_)) => {
                let day = DayNumber::from_rata_die(count);
                let (year, month, day) = calendar.year_month_day(day);
                simple(year, Some(month), Some(day), calendar)
            }
        })
        .collect()
}

fn month_count(year: i64, month: u8) -> i64 {
    year * 12 + i64::from(month) - 1
}

/// A plain date that stands nowhere in the text.
fn simple(year: i64, month: Option<u8>, day: Option<u8>, calendar: Calendar) -> Option<Simple> {
    let size = u16::try_from(year.unsigned_abs()).ok().filter(|size| *size <= 9999)?;
    let digits = [size / 1000, size / 100 % 10, size / 10 % 10, size % 10].map(|digit| digit as u8);
    let pair = |number: u8| [number / 10, number % 10];
    let mask =
        Mask { before_zero: year < 0, year: digits, month: month.map(pair), day: day.map(pair) };
    let form = Form::Calendar(mask);
    Some(Simple { form, calendar, qualifiers: Qualifiers::default(), start: 0, end: 0 })
}

fn print(date: &Simple) -> String {
    let Some((year, month, day)) = plain(date) else { return String::new() };
    let mut text = format!("{}{:04}", if year < 0 { "-" } else { "" }, year.unsigned_abs());
    for part in [month, day].into_iter().flatten() {
        text.push_str(&format!("-{part:02}"));
    }
    if date.calendar == Calendar::Julian {
        text.push_str(super::simple::JULIAN);
    }
    text
}
