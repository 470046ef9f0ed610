//! One date as people write it who do not know EDTF.

use super::super::calendar::Calendar;
use super::super::error::{Fault, Offer};
use super::super::value::Role;
use super::tokens::{self, Token};
use super::{offer, parses};

/// A date read loosely.
pub(super) struct Loose {
    /// What is wrong with how it was written.
    pub(super) fault: Fault,
    /// The date in EDTF, the likeliest reading first.
    pub(super) readings: Vec<(String, &'static str)>,
}

impl Loose {
    fn new(fault: Fault, reading: String) -> Option<Loose> {
        Some(Loose { fault, readings: vec![(reading, "")] })
    }

    /// The fault and what to offer: where no reading is a day that exists, the month alone.
    pub(super) fn offers(&self) -> (Fault, Vec<Offer>) {
        let offers = self.readings.iter().map(|(text, meaning)| offer(text.clone(), meaning));
        (self.fault, offers.collect())
    }

    /// Tells whether the date is understood, and is a day that does not exist.
    pub(super) fn is_impossible(&self) -> bool {
        matches!(self.fault, Fault::NoSuchDay { .. })
    }

    fn after(mut self, fault: Fault, change: impl Fn(&str) -> String) -> Option<Loose> {
        self.fault = fault;
        for (text, _) in &mut self.readings {
            *text = change(text);
        }
        Some(self)
    }
}

/// Reads a date in small letters.
pub(super) fn read(text: &str) -> Option<Loose> {
    read_to_depth(text, 3)
}

fn read_to_depth(text: &str, depth: u8) -> Option<Loose> {
    let text = text.trim();
    let upper = text.to_uppercase();
    if parses(&upper, Role::Moment) {
        return Loose::new(Fault::NotADate, upper);
    }
    let deeper = depth.checked_sub(1)?;
    calendar_word(text, deeper)
        .or_else(|| hedged(text, deeper))
        .or_else(|| era(text, deeper))
        .or_else(|| unspecified(text))
        .or_else(|| decade_or_century(text))
        .or_else(|| in_tokens(text))
}

/// `1917-10-25 O.S.`
fn calendar_word(text: &str, depth: u8) -> Option<Loose> {
    let old = [
        " julian",
        " (julian)",
        ", julian",
        " o.s.",
        " os",
        " (o.s.)",
        " (os)",
        " old style",
        " (old style)",
        " jul.",
        ", o.s.",
        " o. s.",
    ];
    let new = [
        " gregorian",
        " (gregorian)",
        " n.s.",
        " ns",
        " (n.s.)",
        " (ns)",
        " new style",
        " (new style)",
        ", n.s.",
        " n. s.",
    ];
    let strip = |endings: &[&str]| endings.iter().find_map(|ending| text.strip_suffix(ending));
    if let Some(rest) = strip(&old) {
        let read = read_to_depth(rest, depth)?;
        return read.after(Fault::CalendarInWords, |date| format!("{date} julian"));
    }
    read_to_depth(strip(&new)?, depth)?.after(Fault::CalendarInWords, str::to_owned)
}

/// `c. 1919`, `probably 1919`, `1919 (?)`
fn hedged(text: &str, depth: u8) -> Option<Loose> {
    let about = [
        "circa ",
        "ca. ",
        "ca.",
        "ca ",
        "c. ",
        "c.",
        "c ",
        "about ",
        "around ",
        "approximately ",
        "approx. ",
        "approx ",
        "roughly ",
        "ca",
        "c",
        "± ",
        "≈",
        "~ ",
        "~",
    ];
    let perhaps = ["probably ", "possibly ", "perhaps ", "maybe ", "presumably ", "? "];
    let strip = |starts: &[&str]| starts.iter().find_map(|start| text.strip_prefix(start));
    if let Some(rest) = strip(&perhaps).or_else(|| text.strip_suffix("(?)")) {
        return read_to_depth(rest, depth)?.after(Fault::DoubtInWords, |date| format!("{date}?"));
    }
    let rest = strip(&about)?;
    rest.starts_with(|sign: char| sign.is_alphanumeric() || sign == ' ').then_some(())?;
    read_to_depth(rest, depth)?.after(Fault::Circa, |date| format!("{date}~"))
}

/// `323 BC`, `AD 50`, and a year before 0 with a minus sign or too few digits.
fn era(text: &str, depth: u8) -> Option<Loose> {
    let before = [" b.c.e.", " bce", " b.c.", " bc", "bce", "bc", " v. chr.", " av. j.-c."];
    let common = [" a.d.", " ad", " c.e.", " ce"];
    let strip = |endings: &[&str]| endings.iter().find_map(|ending| text.strip_suffix(ending));
    if let Some(rest) = strip(&before) {
        let year: i64 = rest.trim().replace(',', "").parse().ok().filter(|year| *year > 0)?;
        // 1 BCE is the year 0.
        let sign = if year > 1 { "-" } else { "" };
        return Loose::new(Fault::Era, format!("{sign}{:04}", year - 1));
    }
    let starts = ["a.d. ", "ad ", "anno domini "];
    let start = starts.iter().find_map(|start| text.strip_prefix(start));
    if let Some(rest) = strip(&common).or(start) {
        let short: Option<u16> = rest.trim().parse().ok().filter(|year| *year <= 999);
        return match short {
            Some(year) => Loose::new(Fault::Era, format!("{year:04}")),
            None => read_to_depth(rest, depth)?.after(Fault::Era, str::to_owned),
        };
    }
    let digits = text.strip_prefix(['-', '−', '–'])?;
    let is_year = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let year: u16 = digits.parse().ok().filter(|year| is_year && *year > 0)?;
    Loose::new(Fault::ShortYear, format!("-{year:04}"))
}

/// `192?`, `19--`, `1922-??-??`, `192x`
fn unspecified(text: &str) -> Option<Loose> {
    let filler = |byte: &u8| matches!(byte, b'?' | b'-' | b'_' | b'*' | b'x' | b'.' | b'u');
    let (year, rest) = text.split_at_checked(4)?;
    let digits = year.bytes().take_while(u8::is_ascii_digit).count();
    let fills = year.as_bytes().get(digits..)?;
    if digits == 0 || !fills.iter().all(filler) {
        return None;
    }
    let mut date: String = year.chars().take(digits).collect();
    date.push_str(&"X".repeat(fills.len()));
    if !rest.is_empty() {
        for part in rest.strip_prefix('-')?.split('-') {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit() || filler(&byte));
            if part.len() != 2 || !digits {
                return None;
            }
            let digit = |sign: char| if sign.is_ascii_digit() { sign } else { 'X' };
            date.push('-');
            date.extend(part.chars().map(digit));
        }
    }
    date.contains('X').then_some(())?;
    Loose::new(Fault::WrongUnspecified, date)
}

/// `1930s`, `19th century`
fn decade_or_century(text: &str) -> Option<Loose> {
    let mut text = text;
    for word in ["the ", "early ", "late ", "mid-", "mid ", "early-", "late-"] {
        text = text.strip_prefix(word).unwrap_or(text);
    }
    let century = [" century", " cent.", " cent", "th c.", "th c"];
    if let Some(ordinal) = century.iter().find_map(|ending| text.strip_suffix(ending)) {
        let digits = ordinal.trim_end_matches(|sign: char| sign.is_alphabetic());
        let number: u8 = digits.parse().ok().filter(|number| (1..=30).contains(number))?;
        return Loose::new(Fault::CenturyInWords, format!("{:02}XX", number - 1));
    }
    let digits = text.strip_suffix("'s").or_else(|| text.strip_suffix('s'))?;
    let digits = digits.strip_suffix('’').unwrap_or(digits);
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let decade = format!("{}X", digits.get(..3)?);
    if !digits.ends_with('0') {
        return None;
    }
    let mut readings = vec![(decade, "the decade")];
    if digits.ends_with("00") {
        readings.push((format!("{}XX", digits.get(..2)?), "the century"));
    }
    Some(Loose { fault: Fault::DecadeInWords, readings })
}

/// `16 April 1922`, `April 16, 1922`, `16.04.1922`, `1922-4-16`, `spring 1932`
fn in_tokens(text: &str) -> Option<Loose> {
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
