//! Stored dates as values, and tests of them, judged once a distinct one.

use crate::index::{Index, IndexError};
use crate::model::TimeRank;
use crate::query::operators::ValuePart;
use crate::time::{Date, Operator, PackedDate, Role, Truth, Value, Verdict};
use std::borrow::Cow;
use std::ops::Range;

/// Returns the values that a stored date or period has: one, but for an all-of set.
pub fn stored(index: &Index, role: Role, rank: TimeRank) -> Result<Vec<Value>, IndexError> {
    let packed = match role {
        Role::Moment => index.date(rank)?,
        Role::Period => index.period(rank)?,
    };
    values_of(index, role, rank, &packed)
}

fn values_of(
    index: &Index,
    role: Role,
    rank: TimeRank,
    packed: &PackedDate,
) -> Result<Vec<Value>, IndexError> {
    if let Some(value) = Value::from_packed(packed) {
        return Ok(vec![value]);
    }
    let text = match role {
        Role::Moment => index.date_text(rank)?,
        Role::Period => index.period_text(rank)?,
    };
    // What is stored was parsed once; if a later version cannot read it, its hull still can be judged. Other records
    // may have narrowed it since.
    let bounds = packed.bounds();
    let narrowed = |value: &Value| value.narrowed(&bounds).unwrap_or_else(|| value.clone());
    Ok(Date::parse(text, role).map_or_else(
        |_| vec![Value::period(bounds)],
        |date| date.values().iter().map(narrowed).collect(),
    ))
}

/// Returns a part of a value.
pub fn part_of(value: &Value, part: ValuePart) -> Cow<'_, Value> {
    value.part(part.of_time())
}

/// Judges each of some values against each of others: one pair of them is enough.
pub fn some_pair(
    lefts: &[Value],
    rights: &[Value],
    judge: impl Fn(&Value, &Value) -> Verdict,
) -> Verdict {
    let judge = &judge;
    Verdict::some(
        lefts.iter().map(|left| Verdict::some(rights.iter().map(|right| judge(left, right)))),
    )
}

/// Judges one stored value against the values that a query names: one of them is enough.
pub fn against(value: &Value, operator: Operator, others: &[Value]) -> Verdict {
    let verdicts = others.iter().map(|other| value.compare(operator, other));
    verdicts.reduce(Verdict::or).unwrap_or(Verdict::NO)
}

/// Judges all distinct dates, and returns the ranks that may fulfil the test, as runs of one truth.
pub fn runs(
    index: &Index,
    role: Role,
    judge: &dyn Fn(&Value) -> Verdict,
) -> Result<Vec<(Range<u32>, Verdict)>, IndexError> {
    let all = match role {
        Role::Moment => index.dates()?,
        Role::Period => index.periods()?,
    };
    let mut runs: Vec<(Range<u32>, Verdict)> = Vec::new();
    for (rank, packed) in (0u32..).zip(all) {
        let verdict = match Value::from_packed(packed) {
            Some(value) => judge(&value),
            None => {
                let values = values_of(index, role, TimeRank(rank), packed)?;
                Verdict::some(values.iter().map(judge))
            }
        };
        if verdict.holds == Truth::No {
            continue;
        }
        match runs.last_mut() {
            Some((run, before)) if run.end == rank && *before == verdict => run.end = rank + 1,
            _ => runs.push((rank..rank + 1, verdict)),
        }
    }
    Ok(runs)
}
