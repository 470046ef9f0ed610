//! One date made of numbers and the names of months, in another order than EDTF's.

use super::super::calendar::Calendar;
use super::super::error::Fault;
use super::loose::Loose;
use super::tokens::{self, Token};

/// `16 April 1922`, `April 16, 1922`, `16.04.1922`, `1922-4-16`, `spring 1932`
pub(super) fn read(text: &str) -> Option<Loose> {
    let cut = tokens::cut(text);
    let number = |digits: &str| digits.parse::<u16>().ok();
    match cut.tokens.as_slice() {
        [Token::Word("q"), Token::Number(quarter), Token::Number(year)]
        | [Token::Number(year), Token::Word("q"), Token::Number(quarter)] => {
            let quarter = number(quarter).filter(|quarter| (1..=4).contains(quarter))?;
            Loose::new(Fault::SeasonInWords, format!("{:04}-{}", number(year)?, 32 + quarter))
        }
        [Token::Number(day), Token::Word(word), Token::Number(year)] if year.len() >= 3 => {
            in_words(number(year)?, tokens::month(word)?, number(day))
        }
        [Token::Word(word), Token::Number(day), Token::Number(year)] if year.len() >= 3 => {
            in_words(number(year)?, tokens::month(word)?, number(day))
        }
        [Token::Number(year), Token::Word(word), Token::Number(day)] if year.len() == 4 => {
            in_words(number(year)?, tokens::month(word)?, number(day))
        }
        [Token::Word(word), Token::Number(year)] | [Token::Number(year), Token::Word(word)]
            if year.len() >= 3 =>
        {
            if let Some(season) = tokens::season(word) {
                let date = format!("{:04}-{season}", number(year)?);
                return Loose::new(Fault::SeasonInWords, date);
            }
            in_words(number(year)?, tokens::month(word)?, None)
        }
        [Token::Number(day), Token::Word(word)] | [Token::Word(word), Token::Number(day)] => {
            // A day without its year: nothing can be offered, but an impossible one is said.
            let (month, day) = (tokens::month(word)?, u8::try_from(number(day)?).ok()?);
            let fault = Fault::NoSuchDay {
                year: None,
                month: Some(month),
                day: Some(day),
                calendar: Calendar::Gregorian,
            };
            let impossible = day == 0 || day > Calendar::Gregorian.days_in_month(2000, month);
            impossible.then_some(Loose { fault, readings: Vec::new() })
        }
        [Token::Number(one), Token::Number(two), Token::Number(three)] => {
            in_numbers(one, two, three, cut.separator)
        }
        [Token::Number(one), Token::Number(two)] => two_numbers(one, two),
        [Token::Number(year)] if year.len() == 3 && *year == text => {
            Loose::new(Fault::ShortYear, format!("{year:0>4}"))
        }
        [Token::Number(year)] if text.strip_prefix('+') == Some(year) => {
            let long = if year.len() > 4 { "Y" } else { "" };
            Loose::new(Fault::NotADate, format!("{long}{year}"))
        }
        _ => None,
    }
}

fn in_words(year: u16, month: u8, day: Option<u16>) -> Option<Loose> {
    let Some(day) = day else {
        return Loose::new(Fault::MonthInWords, format!("{year:04}-{month:02}"));
    };
    let exists = |calendar: Calendar| {
        u8::try_from(day).is_ok_and(|day| calendar.day(i64::from(year), month, day).is_some())
    };
    if exists(Calendar::Gregorian) || exists(Calendar::Julian) {
        let date = format!("{year:04}-{month:02}-{day:02}");
        if !exists(Calendar::Gregorian) {
            // 29 February 1900: the readings without a word for the calendar.
            return impossible(year, month, day);
        }
        return Loose::new(Fault::MonthInWords, date);
    }
    impossible(year, month, day)
}

fn impossible(year: u16, month: u8, day: u16) -> Option<Loose> {
    let calendar = Calendar::Gregorian;
    let fault = Fault::NoSuchDay {
        year: Some(i64::from(year)),
        month: Some(month),
        day: u8::try_from(day).ok(),
        calendar,
    };
    let days = calendar.days_in_month(i64::from(year), month);
    let readings = vec![
        (format!("{year:04}-{month:02}"), "the month alone"),
        (format!("{year:04}-{month:02}-{days:02}"), "its last day"),
        (format!("{year:04}-{month:02}-{day:02} julian"), "an Old Style date"),
    ];
    Some(Loose { fault, readings })
}

/// Three numbers of which the first or the last is the year.
fn in_numbers(one: &str, two: &str, three: &str, separator: char) -> Option<Loose> {
    let short = |digits: &str| digits.parse::<u8>().ok().filter(|_| digits.len() <= 2);
    if one.len() == 4 {
        let (month, day) = (short(two)?, short(three)?);
        if month > 12 && (1..=12).contains(&day) {
            return Loose::new(Fault::NoSuchMonth { month }, format!("{one}-{day:02}-{month:02}"));
        }
        let fault = if separator == '-' { Fault::MissingZero } else { Fault::WrongSeparator };
        return Loose::new(fault, format!("{one}-{month:02}-{day:02}"));
    }
    if three.len() != 4 {
        return None;
    }
    let (day, month) = (short(one)?, short(two)?);
    let mut readings = vec![(format!("{three}-{month:02}-{day:02}"), "day before month")];
    if separator != '.' && day != month {
        readings.push((format!("{three}-{day:02}-{month:02}"), "month before day"));
    }
    Some(Loose { fault: Fault::DayFirst, readings })
}

/// `1922-4`, `04.1922`
fn two_numbers(one: &str, two: &str) -> Option<Loose> {
    let short = |digits: &str| digits.parse::<u8>().ok().filter(|_| digits.len() <= 2);
    match (one.len(), two.len()) {
        (4, 1) => Loose::new(Fault::MissingZero, format!("{one}-{:02}", short(two)?)),
        (4, 2) if short(two)? <= 12 => {
            Loose::new(Fault::WrongSeparator, format!("{one}-{:02}", short(two)?))
        }
        (1 | 2, 4) => Loose::new(Fault::DayFirst, format!("{two}-{:02}", short(one)?)),
        _ => None,
    }
}
