//! One date: `1922-04-16`, `2004-06-~11`, `1932-21`, `Y17E7`, `1950S2`, a date-time.
//!
//! In: a piece of the text. Out: its form and qualifiers. Every form is checked against its
//! calendar here, so that reckoning cannot fail.

use std::ops::Range;

use super::calendar::Calendar;
use super::cursor::Cursor;
use super::day::DayNumber;
use super::edtf::{Component, Form, Level, Qualifiers, Simple};
use super::error::Fault;
use super::mask::{Mask, MaskedDays};
use super::parse::At;

/// What follows a date of the Julian calendar.
pub(super) const JULIAN: &str = " julian";

/// Parses one date that fills the whole range.
pub(super) fn parse_simple(text: &str, range: Range<usize>) -> At<Simple> {
    let piece = text.get(range.clone()).unwrap_or_default();
    let (body, calendar) = match piece.strip_suffix(JULIAN) {
        Some(body) => (body, Calendar::Julian),
        None => (piece, Calendar::Gregorian),
    };
    if body.is_empty() {
        return Err((Fault::Empty, range));
    }
    let mut cursor = Cursor { bytes: body.as_bytes(), offset: range.start, at: 0 };
    let mut signs = Signs::default();
    let form = if cursor.peek() == Some(b'Y') {
        long_year(&mut cursor)?
    } else {
        date(&mut cursor, &mut signs, calendar)?
    };
    if let Some(sign) = cursor.qualifier() {
        signs.at_the_end(sign);
    }
    if !cursor.at_end() {
        return Err((Fault::NotADate, cursor.rest()));
    }
    let julian_fits = matches!(form, Form::Calendar(_) | Form::Time(_));
    if calendar == Calendar::Julian && !julian_fits {
        return Err((Fault::JulianPrecision, range));
    }
    let qualifiers = signs.qualifiers;
    Ok(Simple { form, calendar, qualifiers, start: range.start, end: range.end })
}

/// The qualifiers met so far, and the finest part read.
#[derive(Default)]
struct Signs {
    qualifiers: Qualifiers,
    finest: Option<Component>,
}

impl Signs {
    fn qualify(&mut self, sign: u8, part: Component) {
        if matches!(sign, b'?' | b'%') {
            self.qualifiers.uncertain = self.qualifiers.uncertain.with(part);
        }
        if matches!(sign, b'~' | b'%') {
            self.qualifiers.approximate = self.qualifiers.approximate.with(part);
        }
    }

    fn widen(&mut self, sign: u8, part: Component) {
        if matches!(sign, b'~' | b'%') {
            let coarsest = self.qualifiers.widens.map_or(part, |known| known.min(part));
            self.qualifiers.widens = Some(coarsest);
        }
    }

    /// A sign to the left of a part qualifies that part alone.
    fn left(&mut self, cursor: &mut Cursor, part: Component) {
        if let Some(sign) = cursor.qualifier() {
            self.qualify(sign, part);
            self.widen(sign, part);
            self.qualifiers.within = true;
        }
        self.finest = Some(part);
    }

    /// A sign to the right of a part qualifies it and all that stand left of it.
    fn right(&mut self, cursor: &mut Cursor, part: Component) {
        // At the end of the date it qualifies the whole, which is level 1 and read elsewhere.
        if cursor.bytes.get(cursor.at + 1) == Some(&b'-')
            && let Some(sign) = cursor.qualifier()
        {
            self.all_up_to(sign, part);
            self.qualifiers.within = true;
        }
    }

    fn at_the_end(&mut self, sign: u8) {
        self.all_up_to(sign, self.finest.unwrap_or(Component::Year));
    }

    fn all_up_to(&mut self, sign: u8, part: Component) {
        for left in [Component::Year, Component::Month, Component::Day] {
            if left <= part {
                self.qualify(sign, left);
            }
        }
        self.widen(sign, part);
    }
}

fn date(cursor: &mut Cursor, signs: &mut Signs, calendar: Calendar) -> At<Form> {
    signs.left(cursor, Component::Year);
    let start = cursor.at;
    let before_zero = cursor.take(b'-');
    let Some(year) = cursor.masked::<4>() else { return Err(bad_year(cursor, start)) };
    if matches!(cursor.peek(), Some(b'0'..=b'9' | b'X')) {
        return Err(bad_year(cursor, start));
    }
    let mut mask = Mask { before_zero, year, month: None, day: None };
    if before_zero && mask.full_year() == Some(0) {
        return Err((Fault::YearMinusZero, cursor.since(start)));
    }
    if cursor.take(b'S') {
        return significant(cursor, &mask, start);
    }
    signs.right(cursor, Component::Year);
    if !cursor.take(b'-') {
        return Ok(Form::Calendar(mask));
    }
    signs.left(cursor, Component::Month);
    let month_start = cursor.at;
    let Some(month) = cursor.masked::<2>() else { return Err((Fault::NotADate, cursor.rest())) };
    mask.month = Some(month);
    let month_range = cursor.since(month_start);
    if let Some(code @ 21..=41) = mask.full_month()
        && cursor.peek() != Some(b'-')
    {
        let Some(year) = mask.full_year() else {
            return Err((Fault::SeasonOfManyYears, cursor.since(start)));
        };
        return Ok(Form::Season { year, code });
    }
    check_month(&mask).map_err(|fault| (fault, month_range))?;
    signs.right(cursor, Component::Month);
    if !cursor.take(b'-') {
        return Ok(Form::Calendar(mask));
    }
    signs.left(cursor, Component::Day);
    let day_start = cursor.at;
    let Some(day) = cursor.masked::<2>() else { return Err((Fault::NotADate, cursor.rest())) };
    mask.day = Some(day);
    if MaskedDays::new(mask, calendar).first().is_none() {
        let fault = Fault::NoSuchDay {
            year: mask.full_year(),
            month: mask.full_month(),
            day: mask.full_day(),
            calendar,
        };
        return Err((fault, cursor.since(day_start)));
    }
    if cursor.take(b'T') {
        return time(cursor, mask);
    }
    Ok(Form::Calendar(mask))
}

fn check_month(mask: &Mask) -> Result<(), Fault> {
    match mask.full_month() {
        Some(1..=12) => Ok(()),
        Some(month) => Err(Fault::NoSuchMonth { month }),
        None => {
            let masked = MaskedDays::new(Mask { day: None, ..*mask }, Calendar::Gregorian);
            masked.first().map(|_| ()).ok_or(Fault::NoMonthFits)
        }
    }
}

fn bad_year(cursor: &mut Cursor, start: usize) -> (Fault, Range<usize>) {
    cursor.at = start + usize::from(cursor.bytes.get(start) == Some(&b'-'));
    let digits = cursor.at;
    while matches!(cursor.peek(), Some(b'0'..=b'9' | b'X')) {
        cursor.at += 1;
    }
    match cursor.at - digits {
        0 => (Fault::NotADate, cursor.offset..cursor.offset + cursor.bytes.len()),
        1..=3 => (Fault::ShortYear, cursor.since(start)),
        _ => (Fault::LongYear, cursor.since(start)),
    }
}

/// `hh:mm:ss`, then nothing, `Z`, `+hh`, `+hh:mm` or the same with `-`.
fn time(cursor: &mut Cursor, mask: Mask) -> At<Form> {
    let start = cursor.at;
    let read = |cursor: &mut Cursor| -> Option<()> {
        let hour = cursor.two_digits()?;
        let minute = cursor.take(b':').then(|| cursor.two_digits())??;
        let second = cursor.take(b':').then(|| cursor.two_digits())??;
        if cursor.take(b'+') || cursor.take(b'-') {
            let shift = cursor.two_digits()?;
            let minutes = if cursor.take(b':') { cursor.two_digits()? } else { 0 };
            // No clock has ever been further from Greenwich than a day.
            (shift < 24 && minutes < 60).then_some(())?;
        } else {
            cursor.take(b'Z');
        }
        (hour < 24 && minute < 60 && second < 60 && cursor.at_end()).then_some(())
    };
    if mask.has_unspecified() || read(cursor).is_none() {
        cursor.at = start;
        return Err((Fault::BadTime, cursor.rest()));
    }
    Ok(Form::Time(mask))
}

/// `1950S2`: a year of which so many digits are certain.
fn significant(cursor: &mut Cursor, mask: &Mask, start: usize) -> At<Form> {
    let digits = cursor.number();
    match (mask.full_year(), digits) {
        (Some(year), Some(digits)) => long(year, Some((digits, 4)), Level::Two)
            .ok_or_else(|| (Fault::BadSignificantDigits, cursor.since(start))),
        _ => Err((Fault::BadSignificantDigits, cursor.since(start))),
    }
}

/// `Y170000002`, `Y-17E7`, `Y3388E2S3`.
fn long_year(cursor: &mut Cursor) -> At<Form> {
    let start = cursor.at;
    cursor.take(b'Y');
    let before_zero = cursor.take(b'-');
    let digits_start = cursor.at;
    let Some(number) = cursor.number() else { return Err((Fault::YearTooFar, cursor.rest())) };
    let digits = (cursor.at - digits_start) as i64;
    let mut level = Level::One;
    let mut exponent = 0;
    if cursor.take(b'E') {
        level = Level::Two;
        exponent = cursor.number().unwrap_or(i64::MAX);
    } else if digits <= 4 && cursor.peek() != Some(b'S') {
        return Err((Fault::LongYearTooShort, cursor.since(start)));
    }
    let year = u32::try_from(exponent)
        .ok()
        .and_then(|exponent| number.checked_mul(10_i64.checked_pow(exponent)?))
        .filter(|year| *year <= DayNumber::GREATEST_YEAR);
    let Some(year) = year else { return Err((Fault::YearTooFar, cursor.since(start))) };
    let mut digits_certain = None;
    if cursor.take(b'S') {
        level = Level::Two;
        let written = cursor.number().unwrap_or(0);
        digits_certain = Some((written, digits + exponent));
    }
    let year = if before_zero { -year } else { year };
    long(year, digits_certain, level)
        .ok_or_else(|| (Fault::BadSignificantDigits, cursor.since(start)))
}

/// A year, with its span if only so many of so many digits are certain.
fn long(year: i64, significant: Option<(i64, i64)>, level: Level) -> Option<Form> {
    let unit = match significant {
        None => 1,
        Some((certain, all)) if (1..=all).contains(&certain) => {
            10_i64.checked_pow(u32::try_from(all - certain).ok()?)?
        }
        Some(_) => return None,
    };
    let lead = year / unit * unit;
    let (first, last) = if year < 0 { (lead - unit + 1, lead) } else { (lead, lead + unit - 1) };
    Some(Form::Long { first, last, written: year, level })
}
