//! From text to syntax tree: EDTF levels 0 to 2, sets as bounds, and `julian`.
//!
//! In: the text of one date. Out: its tree, or the first fault with its place. What the writer
//! probably meant is not guessed here: that is the work of the slips.
//!
//! ```text
//! date       = simple | interval | set
//! interval   = bound "/" bound
//! bound      = ".." | "" | simple | one-of
//! set        = "[" members "]" | "{" members "}"
//! members    = member *("," member)
//! member     = simple | simple ".." simple | simple ".." | ".." simple
//! simple     = (calendar-date | date-time | season | long-year) [" julian"]
//! ```

use std::ops::Range;

use super::edtf::{Bound, Expression, Member, Set, SetSort, Simple};
use super::error::Fault;
use super::simple::parse_simple;

/// A fault and its place.
pub(super) type At<T> = Result<T, (Fault, Range<usize>)>;

/// More than this nobody writes by hand; comparing two sets must stay quick.
pub(super) const MOST_MEMBERS: usize = 1000;

/// Parses a whole date.
pub(super) fn parse(text: &str) -> At<Expression> {
    if text.is_empty() {
        return Err((Fault::Empty, 0..0));
    }
    let slashes = slashes_outside_brackets(text);
    match slashes.as_slice() {
        [] if text.starts_with(['[', '{']) => parse_set(text, 0..text.len()).map(Expression::Set),
        [] => parse_simple(text, 0..text.len()).map(Expression::Simple),
        [slash] => parse_interval(text, *slash),
        [_, second, ..] => Err((Fault::NotADate, *second..text.len())),
    }
}

fn slashes_outside_brackets(text: &str) -> Vec<usize> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'/' if depth == 0 => found.push(place),
            _ => {}
        }
    }
    found
}

fn parse_interval(text: &str, slash: usize) -> At<Expression> {
    let start = parse_bound(text, 0..slash)?;
    let end = parse_bound(text, slash + 1..text.len())?;
    let is_a_date = |bound: &Bound| matches!(bound, Bound::Date(_) | Bound::OneOf(_));
    if !is_a_date(&start) && !is_a_date(&end) {
        return Err((Fault::NoBound, 0..text.len()));
    }
    if let (Bound::Date(first), Bound::Date(last)) = (&start, &end) {
        use super::calendar::Calendar::{Gregorian, Julian};
        // `1917-02/1917-10 julian` may be meant either way: it is not guessed.
        if first.calendar == Gregorian && last.calendar == Julian {
            return Err((Fault::JulianOfOneBound, last.range()));
        }
    }
    Ok(Expression::Interval(start, end))
}

fn parse_bound(text: &str, range: Range<usize>) -> At<Bound> {
    match text.get(range.clone()).unwrap_or_default() {
        "" => Ok(Bound::Unknown),
        ".." => Ok(Bound::Open),
        bound if bound.starts_with('[') => parse_set(text, range).map(Bound::OneOf),
        bound if bound.starts_with('{') => Err((Fault::AllOfAsBound, range)),
        _ => {
            let date = parse_simple(text, range)?;
            if matches!(date.form, super::edtf::Form::Time(_)) {
                return Err((Fault::TimeInInterval, date.range()));
            }
            Ok(Bound::Date(date))
        }
    }
}

fn parse_set(text: &str, range: Range<usize>) -> At<Set> {
    let inner = text.get(range.clone()).unwrap_or_default();
    let (sort, close) = match inner.as_bytes().first() {
        Some(b'[') => (SetSort::OneOf, ']'),
        _ => (SetSort::AllOf, '}'),
    };
    let Some(inner) = inner.get(1..).and_then(|inner| inner.strip_suffix(close)) else {
        return Err((Fault::UnclosedSet, range));
    };
    if inner.is_empty() {
        return Err((Fault::EmptySet, range));
    }
    let mut members = Vec::new();
    let mut start = range.start + 1;
    for member in inner.split(',') {
        let end = start + member.len();
        members.push(parse_member(text, start..end)?);
        start = end + 1;
        if members.len() > MOST_MEMBERS {
            return Err((Fault::TooManyMembers, range));
        }
    }
    Ok(Set { sort, members })
}

fn parse_member(text: &str, range: Range<usize>) -> At<Member> {
    let member = text.get(range.clone()).unwrap_or_default();
    match member.find("..") {
        None => parse_simple(text, range).map(Member::One),
        Some(_) if member == ".." => Err((Fault::NoBound, range)),
        Some(0) => parse_simple(text, range.start + 2..range.end).map(Member::UpTo),
        Some(place) => {
            let dots = range.start + place;
            let first = parse_simple(text, range.start..dots)?;
            if dots + 2 == range.end {
                return Ok(Member::From(first));
            }
            let last: Simple = parse_simple(text, dots + 2..range.end)?;
            Ok(Member::Range(first, last))
        }
    }
}
