//! What the writer of a faulty date probably meant.
//!
//! In: a text that the parser refused, with its fault. Out: the error, with whole dates that may
//! be written instead. Every offer is parsed before it is made; none is ever applied.

mod joined;
mod loose;
mod numbers;
mod tokens;

use std::ops::Range;

use super::bounds::Flags;
use super::calendar::Calendar;
use super::edtf::{Bound, Expression, Form, SetSort};
use super::error::{DateError, Fault, Offer};
use super::parse;
use super::reckon::reckon;
use super::settings::Settings;
use super::value::{Role, Value};

/// Longer texts are no date that somebody mistyped.
const LONGEST: usize = 120;

/// A guess: what is wrong, and what might be written instead.
struct Guess {
    fault: Fault,
    offers: Vec<Offer>,
}

/// Makes the error about a text that the parser refused.
pub(super) fn explain(text: &str, role: Role, fault: Fault, range: Range<usize>) -> DateError {
    let known = offers_for(text, role, fault, &range);
    if !known.is_empty() {
        return DateError::new(text, fault, range, known);
    }
    // What parses is no slip of the pen: its fault is what it says.
    let is_slip = text.len() <= LONGEST && parse::parse(text).is_err();
    if is_slip && let Some(guess) = guess(text, role) {
        return DateError::new(text, guess.fault, 0..text.len(), guess.offers);
    }
    if is_slip && let Some((guess, side)) = one_side(text, role) {
        return DateError::new(text, guess.fault, side, guess.offers);
    }
    DateError::new(text, fault, range, Vec::new())
}

/// Tells whether a date can stand in a question: it has one exact first and last day.
pub(super) fn is_exact(date: &Expression, value: &Value) -> bool {
    let qualified = Flags::DOUBTED.bits() | Flags::APPROXIMATE.bits() | Flags::ALTERNATIVES.bits();
    let plain = value.flags().bits() & qualified == 0;
    let closed = |bound: &Bound| matches!(bound, Bound::Date(_) | Bound::Open);
    let definite = match date {
        Expression::Simple(simple) => match simple.form {
            Form::Long { first, last, .. } => first == last,
            _ => true,
        },
        Expression::Interval(start, end) => closed(start) && closed(end),
        Expression::Set(_) => false,
    };
    plain && definite
}

/// Does the text parse as a date of this role?
fn parses(text: &str, role: Role) -> bool {
    match parse::parse(text) {
        Err(_) => false,
        Ok(Expression::Interval(..)) if role == Role::Moment => false,
        Ok(date) => reckon(&date, role, &Settings::STRICT).is_ok(),
    }
}

/// Keeps the offers that are dates, each once.
fn sound(role: Role, offers: Vec<Offer>) -> Vec<Offer> {
    let mut kept: Vec<Offer> = Vec::with_capacity(offers.len());
    for offer in offers {
        let new = kept.iter().all(|known| known.text != offer.text);
        if new && parses(&offer.text, role) {
            kept.push(offer);
        }
    }
    kept
}

fn offer(text: impl Into<String>, meaning: &'static str) -> Offer {
    Offer { text: text.into(), meaning }
}

/// What follows from the fault itself.
fn offers_for(text: &str, role: Role, fault: Fault, range: &Range<usize>) -> Vec<Offer> {
    let replaced = |new: &str| {
        let before = text.get(..range.start).unwrap_or_default();
        let after = text.get(range.end..).unwrap_or_default();
        format!("{before}{new}{after}")
    };
    let found = text.get(range.clone()).unwrap_or_default();
    let offers = match fault {
        Fault::NoSuchDay { year: Some(year), month: Some(month), day: Some(day), calendar } => {
            let days = calendar.days_in_month(year, month);
            let month_only = text.get(..range.start.saturating_sub(1)).unwrap_or_default();
            let after = text.get(range.end..).unwrap_or_default();
            let mut offers = vec![offer(format!("{month_only}{after}"), "the month alone")];
            if day > days && day <= 31 {
                offers.push(offer(replaced(&days.to_string()), "its last day"));
            }
            let old_style = Calendar::Julian.day(year, month, day).is_some();
            if calendar == Calendar::Gregorian && old_style {
                offers.push(offer(format!("{text} julian"), "an Old Style date"));
            }
            offers
        }
        Fault::YearMinusZero => vec![offer(replaced("0000"), "")],
        Fault::LongYear => vec![offer(replaced(&format!("Y{found}")), "")],
        Fault::LongYearTooShort => {
            let digits = found.trim_start_matches('Y');
            let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
            vec![offer(replaced(&format!("{sign}{digits:0>4}")), "")]
        }
        Fault::TimeInInterval => {
            let day = found.split('T').next().unwrap_or_default();
            let other = replaced(day);
            // Both sides may have a time.
            let both: Vec<&str> =
                text.split('/').map(|side| side.split('T').next().unwrap_or_default()).collect();
            vec![offer(other, ""), offer(both.join("/"), "")]
        }
        Fault::EndsBeforeStart => match text.split_once('/') {
            Some((start, end)) => vec![offer(format!("{end}/{start}"), "")],
            None => Vec::new(),
        },
        Fault::RangeEndsBeforeStart => match found.split_once("..") {
            Some((first, last)) => vec![offer(replaced(&format!("{last}..{first}")), "")],
            None => Vec::new(),
        },
        Fault::JulianOfOneBound => {
            let start = text.split('/').next().unwrap_or_default();
            vec![
                offer(format!("{start} julian/{found}"), "two Old Style dates"),
                offer(replaced(&gregorian(found)), "two dates of the Gregorian calendar"),
            ]
        }
        Fault::AllOfAsBound => {
            vec![offer(replaced(&found.replace('{', "[").replace('}', "]")), "")]
        }
        Fault::UnclosedSet => {
            let close = if found.starts_with('[') { ']' } else { '}' };
            vec![offer(replaced(&format!("{found}{close}")), "")]
        }
        Fault::SlashInMoment => instead_of_slash(text),
        Fault::NotExact => exact(text),
        _ => Vec::new(),
    };
    sound(role, offers)
}

/// An Old Style date in the Gregorian calendar.
fn gregorian(text: &str) -> String {
    match Value::read(text, Role::Moment, &Settings::STRICT) {
        Ok(value) => {
            let reach = value.bounds().reach();
            // As a bound of a stretch only the day matters that ends it.
            reach.last().to_string()
        }
        Err(_) => String::new(),
    }
}

/// The trap of the slash: what a single moment may be that is written so.
fn instead_of_slash(text: &str) -> Vec<Offer> {
    // `16/04/1922` and the like are slips of another kind.
    let Ok(Expression::Interval(start, end)) = parse::parse(text) else { return Vec::new() };
    let Some((before, after)) = text.split_once('/') else { return Vec::new() };
    match (start, end) {
        (Bound::Date(_), Bound::Date(_)) => vec![
            offer(format!("[{before},{after}]"), "one or the other"),
            offer(format!("[{before}..{after}]"), "some day between them"),
        ],
        (Bound::Date(_), Bound::Open | Bound::Unknown) => {
            vec![offer(format!("[{before}..]"), "")]
        }
        (Bound::Open | Bound::Unknown, Bound::Date(_)) => vec![offer(format!("[..{after}]"), "")],
        _ => Vec::new(),
    }
}

/// The date without what makes it inexact.
fn exact(text: &str) -> Vec<Offer> {
    let bare: String = text.chars().filter(|sign| !matches!(sign, '?' | '~' | '%')).collect();
    let mut offers = Vec::new();
    match parse::parse(&bare) {
        Ok(Expression::Interval(_, Bound::Unknown)) => offers.push(offer(format!("{bare}.."), "")),
        Ok(Expression::Interval(Bound::Unknown, _)) => offers.push(offer(format!("..{bare}"), "")),
        Ok(Expression::Set(set)) if set.sort == SetSort::OneOf => {
            if let Ok(value) = Value::read(&bare, Role::Period, &Settings::STRICT) {
                offers.push(offer(value.bounds().reach().to_string(), ""));
            }
        }
        Ok(Expression::Simple(_) | Expression::Interval(..)) => offers.push(offer(bare, "")),
        _ => {}
    }
    let exact = |offer: &Offer| super::stretch::Stretch::parse_quietly(&offer.text);
    offers.retain(exact);
    offers
}

/// What the whole text may mean.
fn guess(text: &str, role: Role) -> Option<Guess> {
    let trimmed = text.trim();
    let bare: String = trimmed.chars().filter(|sign| !sign.is_whitespace()).collect();
    let candidates = [
        (Fault::Spaces, vec![offer(trimmed, ""), offer(bare, "")]),
        (Fault::Lowercase, vec![offer(trimmed.to_uppercase(), "")]),
    ];
    for (fault, offers) in candidates {
        let offers: Vec<Offer> = sound(role, offers).into_iter().take(1).collect();
        if !offers.is_empty() {
            return Some(Guess { fault, offers });
        }
    }
    let lower = trimmed.to_lowercase();
    let is_no_date = matches!(
        lower.as_str(),
        "?" | "??"
            | "-"
            | "n.d."
            | "n.d"
            | "nd"
            | "s.d."
            | "undated"
            | "no date"
            | "not known"
            | "unknown"
            | "none"
            | "n/a"
            | "tbd"
    );
    if is_no_date {
        return Some(Guess { fault: Fault::NoDateInWords, offers: Vec::new() });
    }
    if let Some(guess) = joined::guess(&lower, role) {
        return Some(guess);
    }
    if let Some(loose) = loose::read(&lower) {
        let (fault, offers) = loose.offers();
        let offers = sound(role, offers);
        if !offers.is_empty() || loose.is_impossible() {
            return Some(Guess { fault, offers });
        }
    }
    None
}

/// A slip in one bound of an interval, or in both, and the place of the first.
fn one_side(text: &str, role: Role) -> Option<(Guess, Range<usize>)> {
    let slash = text.find('/')?;
    let mut fault = None;
    let mut mended = Vec::with_capacity(2);
    for range in [0..slash, slash + 1..text.len()] {
        let side = text.get(range.clone())?;
        if side.is_empty() || side == ".." || parses(side, Role::Moment) {
            mended.push(side.to_owned());
            continue;
        }
        let guess = guess(side, Role::Moment)?;
        mended.push(guess.offers.into_iter().next()?.text);
        fault.get_or_insert((guess.fault, range));
    }
    let (fault, range) = fault?;
    let offers = sound(role, vec![offer(mended.join("/"), "")]);
    (!offers.is_empty()).then_some((Guess { fault, offers }, range))
}
