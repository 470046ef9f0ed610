//! Two dates joined by a dash or a word, and one date with a limit.

use super::super::calendar::Calendar;
use super::super::edtf::{Expression, Form};
use super::super::error::{Fault, Offer};
use super::super::parse;
use super::super::value::Role;
use super::loose;
use super::{Guess, offer, sound};

/// Reads a text in small letters.
pub(super) fn guess(text: &str, role: Role) -> Option<Guess> {
    limit(text, role).or_else(|| pair(text, role))
}

/// The likeliest reading of one side.
fn side(text: &str) -> Option<String> {
    loose::read(text)?.readings.into_iter().next().map(|(date, _)| date)
}

/// `before 1920`, `since 1919`
fn limit(text: &str, role: Role) -> Option<Guess> {
    let (word, rest) = text.split_once(' ')?;
    let rest = rest.strip_prefix("to ").unwrap_or(rest);
    let offers: Vec<Offer> = match (word, role) {
        ("before", _) => {
            let last = neighbour(&side(rest)?, -1)?;
            vec![offer(format!("[..{last}]"), "")]
        }
        ("after", _) => {
            let first = neighbour(&side(rest)?, 1)?;
            vec![offer(format!("[{first}..]"), "")]
        }
        ("until" | "till" | "by" | "to" | "up", Role::Moment) | ("by", Role::Period) => {
            vec![offer(format!("[..{}]", side(rest)?), "")]
        }
        ("until" | "till" | "to" | "up", Role::Period) => {
            let last = side(rest)?;
            vec![
                offer(format!("/{last}"), "an unknown beginning"),
                offer(format!("../{last}"), "no beginning"),
            ]
        }
        ("since", Role::Moment) => vec![offer(format!("[{}..]", side(rest)?), "")],
        ("since", Role::Period) => {
            let first = side(rest)?;
            vec![
                offer(format!("{first}/.."), "no end"),
                offer(format!("{first}/"), "an unknown end"),
            ]
        }
        ("from", Role::Moment) => vec![offer(format!("[{}..]", side(rest)?), "")],
        ("from", Role::Period) => vec![offer(format!("{}/..", side(rest)?), "")],
        _ => return None,
    };
    let offers = sound(role, offers);
    (!offers.is_empty()).then_some(Guess { fault: Fault::Limit, offers })
}

/// The year, month or day before or after a plain date.
fn neighbour(date: &str, step: i64) -> Option<String> {
    let Ok(Expression::Simple(simple)) = parse::parse(date) else { return None };
    let Form::Calendar(mask) = simple.form else { return None };
    if simple.calendar != Calendar::Gregorian || mask.has_unspecified() {
        return None;
    }
    let year = mask.full_year()?;
    let text = match (mask.full_month(), mask.full_day()) {
        (None, _) => format!("{:04}", year.checked_add(step).filter(|year| *year >= 0)?),
        (Some(month), None) => {
            let first = Calendar::Gregorian.day(year, month, 1)?.plus_months(step);
            first.to_string().get(..7)?.to_owned()
        }
        (Some(month), Some(day)) => {
            Calendar::Gregorian.day(year, month, day)?.plus_days(step).to_string()
        }
    };
    Some(text)
}

/// `1919 or 1920`, `1919–1920`, `1919-20`, `between 1919 and 1921`
fn pair(text: &str, role: Role) -> Option<Guess> {
    if let Some(inner) = text.strip_prefix("between ") {
        let (one, other) = inner.split_once(" and ")?;
        let (one, other) = (side(one)?, side(other)?);
        return made(Fault::Conjunction, role, vec![offer(format!("[{one}..{other}]"), "")]);
    }
    if let Some((one, other)) = text.split_once(" or ") {
        let (one, other) = (side(one.trim_start_matches("either "))?, side(other)?);
        return made(Fault::Conjunction, role, vec![offer(format!("[{one},{other}]"), "")]);
    }
    if let Some((one, other)) = text.split_once(" and ").or_else(|| text.split_once(" & ")) {
        let (one, other) = (side(one.trim_start_matches("both "))?, side(other)?);
        return made(Fault::Conjunction, role, vec![offer(format!("{{{one},{other}}}"), "")]);
    }
    let stretch = text.strip_prefix("from ").unwrap_or(text);
    let words = [" to ", " until ", " till ", " through "];
    if let Some((one, other)) = words.iter().find_map(|word| stretch.split_once(word)) {
        return stretch_or_choice(Fault::Conjunction, &side(one)?, &side(other)?, role);
    }
    if let Some((one, other)) = text.split_once("..") {
        let (one, other) = (side(one)?, side(other)?);
        return made(
            Fault::DotsOutsideSet,
            role,
            vec![
                offer(format!("[{one}..{other}]"), "some time between them"),
                offer(format!("{one}/{other}"), "the whole stretch"),
            ],
        );
    }
    let dashes = [" – ", " — ", " - ", "–", "—", "−", "--"];
    if let Some((one, other)) = dashes.iter().find_map(|dash| text.split_once(dash)) {
        let one = side(one)?;
        return match lengthened(&one, other.trim()) {
            Some(other) => stretch_or_choice(Fault::ShortenedYear, &one, &other, role),
            None => stretch_or_choice(Fault::Dash, &one, &side(other)?, role),
        };
    }
    let (one, other) = text.split_once(['-', '/'])?;
    let is_year = one.len() == 4 && one.bytes().all(|byte| byte.is_ascii_digit());
    if !is_year {
        return None;
    }
    match lengthened(one, other) {
        Some(other) => stretch_or_choice(Fault::ShortenedYear, one, &other, role),
        None if other.len() == 4 && text.contains('-') => {
            stretch_or_choice(Fault::Dash, one, &side(other)?, role)
        }
        None => None,
    }
}

/// `20` after `1919` is 1920, if that is later.
fn lengthened(year: &str, digits: &str) -> Option<String> {
    let is_short = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (century, ending) = year.split_at_checked(2)?;
    (is_short && year.len() == 4 && digits > ending).then(|| format!("{century}{digits}"))
}

fn stretch_or_choice(fault: Fault, one: &str, other: &str, role: Role) -> Option<Guess> {
    let offers = vec![
        offer(format!("{one}/{other}"), "the whole stretch"),
        offer(format!("[{one},{other}]"), "one or the other"),
        offer(format!("[{one}..{other}]"), "some time between them"),
    ];
    made(fault, role, offers)
}

fn made(fault: Fault, role: Role, offers: Vec<Offer>) -> Option<Guess> {
    let offers = sound(role, offers);
    (!offers.is_empty()).then_some(Guess { fault, offers })
}
