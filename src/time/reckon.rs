//! From syntax tree to days.
//!
//! In: the tree of a date, the role of its field, the project's settings. Out: its values, more
//! than one for an all-of set. The only faults left are stretches that end before they begin.

use super::bounds::{Bounds, Flags};
use super::calendar::Calendar;
use super::day::DayNumber;
use super::days::DaySet;
use super::edtf::{Bound, Component, Expression, Form, Member, Set, SetSort, Simple};
use super::error::Fault;
use super::mask::MaskedDays;
use super::parse::{At, MOST_MEMBERS};
use super::season;
use super::settings::Settings;
use super::stretch::Stretch;
use super::value::{Role, Value, Worlds};

/// Reckons a date.
pub(super) fn reckon(date: &Expression, role: Role, settings: &Settings) -> At<Values> {
    match date {
        Expression::Simple(simple) => Ok(Values::One(single(simple, role, settings))),
        Expression::Interval(start, end) => interval(start, end, settings).map(Values::One),
        Expression::Set(set) => match set.sort {
            SetSort::OneOf => one_of(set, role, settings).map(Values::One),
            SetSort::AllOf => all_of(set, role, settings),
        },
    }
}

/// One value, or those of an all-of set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Values {
    One(Value),
    Several(Vec<Value>),
}

fn single(simple: &Simple, role: Role, settings: &Settings) -> Value {
    let worlds = match (days_of(simple, settings), role) {
        (days, Role::Moment) => Worlds::Moment(days),
        (DaySet::Stretch(stretch), Role::Period) => Worlds::Period(Bounds::within(stretch)),
        (DaySet::Masked(masked), Role::Period) => Worlds::WithinRun(masked),
        (days @ DaySet::Stretches(_), Role::Period) => {
            Worlds::Periods(days.stretches().map(Bounds::within).collect())
        }
    };
    Value::new(worlds, flags_of(simple))
}

fn flags_of(simple: &Simple) -> Flags {
    let mut flags = Flags::default();
    if !simple.qualifiers.uncertain.is_empty() {
        flags = flags.with(Flags::DOUBTED);
    }
    if !simple.qualifiers.approximate.is_empty() {
        flags = flags.with(Flags::APPROXIMATE);
    }
    if simple.calendar == Calendar::Julian {
        flags = flags.with(Flags::JULIAN);
    }
    flags
}

fn flags_of_set(set: &Set) -> Flags {
    set.members.iter().fold(Flags::default(), |flags, member| match member {
        Member::One(date) | Member::From(date) | Member::UpTo(date) => flags.with(flags_of(date)),
        Member::Range(first, last) => flags.with(flags_of(first)).with(flags_of(last)),
    })
}

/// The days that a date names, widened where it is approximate.
pub(super) fn days_of(simple: &Simple, settings: &Settings) -> DaySet {
    let exact = match simple.form {
        Form::Calendar(mask) | Form::Time(mask) => {
            let masked = MaskedDays::new(mask, simple.calendar);
            match masked.without_gap() {
                Some(stretch) => DaySet::Stretch(stretch),
                None => DaySet::Masked(masked),
            }
        }
        Form::Season { year, code } => {
            DaySet::Stretch(season::stretch(year, code, settings.hemisphere))
        }
        Form::Long { first, last, .. } => DaySet::Stretch(years(first, last)),
    };
    let units = i64::from(settings.approximate_units);
    match simple.qualifiers.widens {
        Some(unit) if units > 0 => {
            // A mask with gaps loses them here: what is only about so has no sharp edges.
            DaySet::Stretch(widened(exact.hull(), simple, unit, units))
        }
        _ => exact,
    }
}

fn years(first: i64, last: i64) -> Stretch {
    Stretch::between(
        Calendar::Gregorian.first_of_month(first, 1),
        Calendar::Gregorian.last_of_month(last, 12),
    )
}

/// Widens by units on both sides: years, months or days, decades for `193X~`, seasons for
/// `1932-21~`.
fn widened(stretch: Stretch, simple: &Simple, unit: Component, units: i64) -> Stretch {
    let months = match (unit, simple.form) {
        (Component::Year, Form::Calendar(mask)) => 12 * mask.open_years(),
        (Component::Year, Form::Long { first, last, .. }) => (last - first + 1).saturating_mul(12),
        (Component::Year, _) => 12,
        (Component::Month, Form::Season { code, .. }) => season::months_long(code),
        (Component::Month, _) => 1,
        (Component::Day, _) => {
            return Stretch::between(
                stretch.first().plus_days(-units),
                stretch.last().plus_days(units),
            );
        }
    };
    let shift = months.saturating_mul(units);
    // The last day is widened through the day after it: a month later than 30 April is 31 May.
    Stretch::between(
        stretch.first().plus_months(-shift),
        stretch.last().next().plus_months(shift).previous(),
    )
}

fn interval(start: &Bound, end: &Bound, settings: &Settings) -> At<Value> {
    let mut flags = Flags::default();
    for bound in [start, end] {
        flags = match bound {
            Bound::Open | Bound::Unknown => flags,
            Bound::Date(date) => flags.with(flags_of(date)),
            Bound::OneOf(set) => flags.with(flags_of_set(set)),
        };
    }
    let starts = side(start, Stretch::day(DayNumber::OPEN_PAST), settings)?;
    let ends = side(end, Stretch::day(DayNumber::OPEN_FUTURE), settings)?;
    // Judged without widening: what is written must be able to be so.
    let strict = Settings { approximate_units: 0, ..*settings };
    let first = side(start, Stretch::day(DayNumber::OPEN_PAST), &strict)?.first();
    let last = side(end, Stretch::day(DayNumber::OPEN_FUTURE), &strict)?.last();
    if first > last {
        return Err((Fault::EndsBeforeStart, range_of(start).start..range_of(end).end));
    }
    let worlds = match (starts, ends) {
        (DaySet::Stretch(starts), DaySet::Stretch(ends)) => {
            Bounds::from_to(starts, ends).map(Worlds::Period)
        }
        (starts, ends) => Some(Worlds::Between(Box::new((starts, ends)))),
    };
    let worlds = worlds.unwrap_or(Worlds::Period(Bounds::UNKNOWN));
    Ok(Value::new(worlds, flags))
}

fn range_of(bound: &Bound) -> std::ops::Range<usize> {
    match bound {
        Bound::Open | Bound::Unknown => 0..0,
        Bound::Date(date) => date.range(),
        Bound::OneOf(set) => {
            let ends = |member: &Member| match member {
                Member::One(date) | Member::From(date) | Member::UpTo(date) => date.range(),
                Member::Range(first, last) => first.start..last.end,
            };
            let first = set.members.first().map_or(0..0, ends);
            let last = set.members.last().map_or(0..0, ends);
            // With the brackets.
            first.start.saturating_sub(1)..last.end + 1
        }
    }
}

fn side(bound: &Bound, open: Stretch, settings: &Settings) -> At<DaySet> {
    match bound {
        Bound::Open => Ok(DaySet::Stretch(open)),
        Bound::Unknown => Ok(DaySet::Stretch(Stretch::ALWAYS)),
        Bound::Date(date) => Ok(days_of(date, settings)),
        Bound::OneOf(set) => members(set, settings),
    }
}

/// The days of a one-of set.
fn members(set: &Set, settings: &Settings) -> At<DaySet> {
    let mut stretches = Vec::with_capacity(set.members.len());
    for member in &set.members {
        push_member(member, settings, &mut stretches)?;
    }
    // A set has a member, and each has a day.
    Ok(DaySet::from_stretches(stretches).unwrap_or(DaySet::Stretch(Stretch::ALWAYS)))
}

fn push_member(member: &Member, settings: &Settings, stretches: &mut Vec<Stretch>) -> At<()> {
    match member {
        Member::One(date) => {
            let days = days_of(date, settings);
            let before = stretches.len();
            stretches.extend(days.stretches().take(MOST_MEMBERS + 1));
            // Too many runs to list: the hull says less, but nothing false.
            if stretches.len() - before > MOST_MEMBERS {
                stretches.truncate(before);
                stretches.push(days.hull());
            }
        }
        Member::From(date) => {
            let first = days_of(date, settings).first();
            stretches.push(Stretch::between(first, DayNumber::OPEN_FUTURE));
        }
        Member::UpTo(date) => {
            let last = days_of(date, settings).last();
            stretches.push(Stretch::between(DayNumber::OPEN_PAST, last));
        }
        Member::Range(first, last) => stretches.push(range(first, last, settings)?),
    }
    Ok(())
}

fn range(first: &Simple, last: &Simple, settings: &Settings) -> At<Stretch> {
    let reversed = || (Fault::RangeEndsBeforeStart, first.start..last.end);
    Stretch::new(days_of(first, settings).first(), days_of(last, settings).last())
        .ok_or_else(reversed)
}

fn one_of(set: &Set, role: Role, settings: &Settings) -> At<Value> {
    let flags = flags_of_set(set);
    if role == Role::Moment {
        return Ok(Value::new(Worlds::Moment(members(set, settings)?), flags));
    }
    let mut stretches = Vec::with_capacity(set.members.len());
    for member in &set.members {
        push_member(member, settings, &mut stretches)?;
    }
    let mut alternatives: Vec<Bounds> = stretches.into_iter().map(Bounds::within).collect();
    alternatives.sort_unstable();
    alternatives.dedup();
    let worlds = match alternatives.as_slice() {
        [only] => Worlds::Period(*only),
        _ => Worlds::Periods(alternatives.into()),
    };
    Ok(Value::new(worlds, flags))
}

fn all_of(set: &Set, role: Role, settings: &Settings) -> At<Values> {
    let mut values = Vec::with_capacity(set.members.len());
    for member in super::split::members(set) {
        let value = match member {
            Member::One(date) => single(&date, role, settings),
            other => {
                let one = Set { sort: SetSort::OneOf, members: vec![other] };
                one_of(&one, role, settings)?
            }
        };
        values.push(value);
    }
    Ok(Values::Several(values))
}
