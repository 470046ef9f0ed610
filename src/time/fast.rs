//! The four commonest forms, read without a syntax tree: a base has millions of them.
//!
//! `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `YYYY/YYYY`. Whatever is not one of them, or has any fault,
//! is left to the parser.

use super::bounds::{Bounds, Flags};
use super::calendar::Calendar;
use super::days::DaySet;
use super::stretch::Stretch;
use super::value::{Role, Value, Worlds};

/// Reads one of the commonest forms; `None` means only that it is none of them.
pub(super) fn read(text: &str, role: Role) -> Option<Value> {
    let worlds = match (text.as_bytes(), role) {
        ([a, b, c, d, b'/', e, f, g, h], Role::Period) => {
            let starts = year([*a, *b, *c, *d])?;
            let ends = year([*e, *f, *g, *h])?;
            Worlds::Period(Bounds::from_to(starts, ends)?)
        }
        (bytes, Role::Moment) => Worlds::Moment(DaySet::Stretch(date(bytes)?)),
        (bytes, Role::Period) => Worlds::Period(Bounds::within(date(bytes)?)),
    };
    Some(Value::new(worlds, Flags::default()))
}

fn date(bytes: &[u8]) -> Option<Stretch> {
    match bytes {
        [a, b, c, d] => year([*a, *b, *c, *d]),
        [a, b, c, d, b'-', e, f] => {
            let (year, month) = (number([*a, *b, *c, *d])?, month([*e, *f])?);
            let first = Calendar::Gregorian.first_of_month(year, month);
            let days = i64::from(Calendar::Gregorian.days_in_month(year, month));
            Some(Stretch::between(first, first.plus_days(days - 1)))
        }
        [a, b, c, d, b'-', e, f, b'-', g, h] => {
            let (year, month) = (number([*a, *b, *c, *d])?, month([*e, *f])?);
            let day = number([b'0', b'0', *g, *h])? as u8;
            Calendar::Gregorian.day(year, month, day).map(Stretch::day)
        }
        _ => None,
    }
}

fn year(digits: [u8; 4]) -> Option<Stretch> {
    let year = number(digits)?;
    let first = Calendar::Gregorian.first_of_month(year, 1);
    let days = if Calendar::Gregorian.is_leap_year(year) { 366 } else { 365 };
    Some(Stretch::between(first, first.plus_days(days - 1)))
}

fn month([tens, units]: [u8; 2]) -> Option<u8> {
    let month = number([b'0', b'0', tens, units])? as u8;
    (1..=12).contains(&month).then_some(month)
}

fn number(digits: [u8; 4]) -> Option<i64> {
    let mut number = 0;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some(number)
}
