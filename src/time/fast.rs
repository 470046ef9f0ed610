//! The commonest forms, read without a syntax tree: a base has millions of them.
//!
//! `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `YYYX`, and two of these with a slash between them. Whatever
//! is none of them, or has any fault, is left to the parser.

use super::bounds::{Bounds, Flags};
use super::calendar::Calendar;
use super::days::DaySet;
use super::stretch::Stretch;
use super::value::{Role, Value, Worlds};

/// Reads one of the commonest forms; `None` means only that it is none of them.
pub(super) fn read(text: &str, role: Role) -> Option<Value> {
    let bytes = text.as_bytes();
    let worlds = match role {
        Role::Moment => Worlds::Moment(DaySet::Stretch(date(bytes)?)),
        Role::Period => Worlds::Period(match bytes.iter().position(|byte| *byte == b'/') {
            Some(slash) => {
                Bounds::from_to(date(bytes.get(..slash)?)?, date(bytes.get(slash + 1..)?)?)?
            }
            None => Bounds::within(date(bytes)?),
        }),
    };
    Some(Value::new(worlds, Flags::default()))
}

fn date(bytes: &[u8]) -> Option<Stretch> {
    match bytes {
        [a, b, c, b'X'] => years([*a, *b, *c, b'0'], [*a, *b, *c, b'9']),
        [a, b, c, d] => years([*a, *b, *c, *d], [*a, *b, *c, *d]),
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

fn years(first: [u8; 4], last: [u8; 4]) -> Option<Stretch> {
    let first = Calendar::Gregorian.first_of_month(number(first)?, 1);
    let last = Calendar::Gregorian.last_of_month(number(last)?, 12);
    Some(Stretch::between(first, last))
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

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::super::reckon::{Values, reckon};
    use super::super::settings::Settings;
    use super::*;

    /// Reads a date by its tree.
    fn by_tree(text: &str, role: Role) -> Option<Value> {
        match reckon(&parse(text).ok()?, role, &Settings::DEFAULT).ok()? {
            Values::One(value) => Some(value),
            Values::Several(_) => None,
        }
    }

    #[test]
    fn what_is_read_quickly_means_what_its_tree_means() {
        let years = ["1899", "1900", "2000", "0000", "193X", "19XX", "1930X", "19a0", "193"];
        let rests = ["", "-02", "-12", "-13", "-XX", "-02-28", "-02-29", "-04-31", "-1-1", "~"];
        let dates: Vec<String> =
            years.iter().flat_map(|year| rests.map(|rest| format!("{year}{rest}"))).collect();
        let mut quick = 0;
        for date in &dates {
            for role in [Role::Moment, Role::Period] {
                if let Some(value) = read(date, role) {
                    quick += 1;
                    assert_eq!(Some(value), by_tree(date, role), "{date}");
                }
            }
            for end in dates.iter().map(String::as_str).chain(["..", ""]) {
                let period = format!("{date}/{end}");
                assert_eq!(read(&period, Role::Moment), None, "{period}");
                if let Some(value) = read(&period, Role::Period) {
                    quick += 1;
                    assert_eq!(Some(value), by_tree(&period, Role::Period), "{period}");
                }
            }
        }
        // The years that are whole have their months and days, of the decade there is no finer date.
        assert!(quick > 200, "{quick} dates were read quickly");
    }
}
