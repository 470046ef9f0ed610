//! A date in plain English, and a date as shown to a reader.
//!
//! In: the syntax tree and the role. Out: words. Nothing is judged here.

use super::calendar::Calendar;
use super::day::DayNumber;
use super::edtf::{Bound, Component, Components, Expression, Form, Member, Set, SetSort, Simple};
use super::naming::day_words;
use super::reckon::days_of;
use super::settings::Settings;
use super::value::Role;
use super::{naming, split};

/// Returns the text, each Old Style date followed by the same days in the Gregorian calendar.
pub(super) fn display(text: &str, date: Option<&Expression>) -> String {
    let mut julian: Vec<Simple> = Vec::new();
    if let Some(date) = date {
        simples(date, &mut |simple| {
            if simple.calendar == Calendar::Julian {
                julian.push(*simple);
            }
        });
    }
    let mut shown = String::with_capacity(text.len() + 16 * julian.len());
    let mut copied = 0;
    for simple in julian {
        shown.push_str(text.get(copied..simple.end).unwrap_or_default());
        let days = days_of(&simple, &Settings::STRICT).hull();
        shown.push_str(&format!(" ({days})"));
        copied = simple.end;
    }
    shown.push_str(text.get(copied..).unwrap_or_default());
    shown
}

/// Calls a function for each single date, in the order of the text.
pub(super) fn simples(date: &Expression, see: &mut impl FnMut(&Simple)) {
    match date {
        Expression::Simple(simple) => see(simple),
        Expression::Interval(start, end) => {
            for bound in [start, end] {
                match bound {
                    Bound::Open | Bound::Unknown => {}
                    Bound::Date(simple) => see(simple),
                    Bound::OneOf(set) => of_set(set, see),
                }
            }
        }
        Expression::Set(set) => of_set(set, see),
    }
}

fn of_set(set: &Set, see: &mut impl FnMut(&Simple)) {
    for member in &set.members {
        match member {
            Member::One(date) | Member::From(date) | Member::UpTo(date) => see(date),
            Member::Range(first, last) => {
                see(first);
                see(last);
            }
        }
    }
}

/// Says what a date means.
pub(super) fn reading(date: &Expression, role: Role, settings: &Settings) -> String {
    match date {
        Expression::Simple(simple) => whole(simple, role, settings),
        Expression::Interval(start, end) => {
            let start_words = match start {
                Bound::Open => "without a beginning".to_owned(),
                Bound::Unknown => "from an unknown day".to_owned(),
                Bound::Date(date) => format!("from {}", whole(date, Role::Moment, settings)),
                Bound::OneOf(set) => format!("from {}", one_of(set, Role::Moment, settings)),
            };
            let end_words = match end {
                Bound::Open => "without an end".to_owned(),
                Bound::Unknown => "to an unknown day, if it has ended".to_owned(),
                Bound::Date(date) => format!("to {}", whole(date, Role::Moment, settings)),
                Bound::OneOf(set) => format!("to {}", one_of(set, Role::Moment, settings)),
            };
            let open = matches!(start, Bound::Open) || matches!(end, Bound::Open);
            let comma = if open { "," } else { "" };
            format!("{start_words}{comma} {end_words}")
        }
        Expression::Set(set) => match set.sort {
            SetSort::OneOf => one_of(set, role, settings),
            SetSort::AllOf => {
                let members: Vec<String> = split::members(set)
                    .iter()
                    .map(|member| member_words(member, role, settings))
                    .collect();
                match members.as_slice() {
                    [only] => only.clone(),
                    [one, other] => format!("both {one} and {other}"),
                    _ => format!("all of: {}", members.join("; ")),
                }
            }
        },
    }
}

fn one_of(set: &Set, role: Role, settings: &Settings) -> String {
    let words = |member| member_words(member, role, settings);
    let members: Vec<String> = set.members.iter().map(words).collect();
    // `some day in 1919 or in 1920` rather than "some day" twice.
    let common = match role {
        Role::Moment => "some day ",
        Role::Period => "some stretch ",
    };
    let rests: Option<Vec<&str>> =
        members.iter().map(|member| member.strip_prefix(common)).collect();
    match (members.as_slice(), rests) {
        ([only], _) => only.clone(),
        (_, Some(rests)) => format!("{common}{}", naming::or(&rests)),
        _ => format!("either {}", naming::or(&members)),
    }
}

fn member_words(member: &Member, role: Role, settings: &Settings) -> String {
    let some = match role {
        Role::Moment => "some day",
        Role::Period => "some stretch",
    };
    let day = |date: &Simple, pick: fn(&super::days::DaySet) -> DayNumber| {
        day_words(pick(&days_of(date, settings)))
    };
    let first = |date| day(date, super::days::DaySet::first);
    let last = |date| day(date, super::days::DaySet::last);
    match member {
        Member::One(date) => whole(date, role, settings),
        Member::From(date) => format!("{some} from {} on", first(date)),
        Member::UpTo(date) => format!("{some} up to {}", last(date)),
        Member::Range(from, to) => format!("{some} between {} and {}", first(from), last(to)),
    }
}

/// A date with its doubts.
fn whole(date: &Simple, role: Role, settings: &Settings) -> String {
    let (named, is_day) = naming::named(date);
    let about = is_whole(date, date.qualifiers.approximate);
    let named = if about { format!("about {named}") } else { named };
    let days = days_of(date, settings);
    let mut words = match (role, is_day) {
        (_, true) => named,
        (Role::Moment, false) => format!("some day in {named}"),
        (Role::Period, false) => format!("some stretch within {named}"),
    };
    if date.calendar == Calendar::Julian {
        words.push_str(" Old Style");
        let strict = days_of(date, &Settings::STRICT).hull();
        match strict.first() == strict.last() {
            true => words.push_str(&format!(" ({})", day_words(strict.first()))),
            false => words.push_str(&format!(
                " ({} to {})",
                day_words(strict.first()),
                day_words(strict.last())
            )),
        }
    } else if matches!(date.form, Form::Season { .. }) {
        let strict = Settings { approximate_units: 0, ..*settings };
        let stretch = days_of(date, &strict).hull();
        words.push_str(&format!(
            " ({} to {})",
            day_words(stretch.first()),
            day_words(stretch.last())
        ));
    }
    if about && settings.approximate_units > 0 {
        let hull = days.hull();
        words.push_str(&format!(
            " (taken as {} to {})",
            day_words(hull.first()),
            day_words(hull.last())
        ));
    }
    if is_whole(date, date.qualifiers.uncertain) {
        words.push_str(", doubtful");
    }
    let doubtful = parts(date.qualifiers.uncertain, date);
    if !doubtful.is_empty() {
        words.push_str(&format!(", the {doubtful} doubtful"));
    }
    let approximate = parts(date.qualifiers.approximate, date);
    if !approximate.is_empty() {
        words.push_str(&format!(", the {approximate} approximate"));
    }
    words
}

fn components(date: &Simple) -> Vec<(Component, &'static str)> {
    let mut parts = vec![(Component::Year, "year")];
    match date.form {
        Form::Calendar(mask) | Form::Time(mask) => {
            parts.extend(mask.month.map(|_| (Component::Month, "month")));
            parts.extend(mask.day.map(|_| (Component::Day, "day")));
        }
        Form::Season { .. } => parts.push((Component::Month, "season")),
        Form::Long { .. } => {}
    }
    parts
}

fn is_whole(date: &Simple, qualified: Components) -> bool {
    components(date).iter().all(|(part, _)| qualified.has(*part))
}

/// The names of the qualified parts, unless all are.
fn parts(qualified: Components, date: &Simple) -> String {
    if is_whole(date, qualified) {
        return String::new();
    }
    let of_date = components(date);
    let names: Vec<&str> =
        of_date.iter().filter(|(part, _)| qualified.has(*part)).map(|(_, name)| *name).collect();
    names.join(" and ")
}
