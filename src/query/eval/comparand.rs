//! Values of whatever kind as they are compared, each with how surely it is there.

use super::numbers::{judge_numbers, vague_numbers};
use super::times::{against, some_pair};
use crate::model::EntityId;
use crate::query::among::{Named, NamedValues};
use crate::query::operators::PathOperator;
use crate::time::{Grain, Operator, Stretch, Truth, Value, Verdict};

/// A value as it is compared.
#[derive(Clone, Debug)]
pub(super) enum Comparand {
    /// The days that one statement names: several values only in a set of dates that all hold.
    Times(Vec<Value>),
    Number(f64, f64, Option<String>),
    Record(EntityId),
    /// Upper and lower case are one.
    Text(String),
    /// There is one, and nobody knows it.
    Unknown,
    /// There is none.
    None,
}

/// A value with how surely it is there.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub value: Comparand,
    pub truth: Truth,
}

impl Comparand {
    /// Compares two values of one kind that have an order, moments perhaps by the units of the calendar in which they
    /// fall; nothing where they are of two kinds or two units, or have none.
    pub(super) fn ordered(
        &self,
        operator: Operator,
        grain: Option<Grain>,
        other: &Comparand,
    ) -> Option<Verdict> {
        match (self, other) {
            (Comparand::None, _) | (_, Comparand::None) => Some(Verdict::NO),
            (Comparand::Unknown, _) | (_, Comparand::Unknown) => Some(Verdict::UNKNOWN),
            (Comparand::Times(lefts), Comparand::Times(rights)) => {
                Some(some_pair(lefts, rights, |left, right| match grain {
                    Some(grain) => left.compare_units(grain, operator, right),
                    None => left.compare(operator, right),
                }))
            }
            (Comparand::Number(least, greatest, unit), Comparand::Number(other, most, of))
                if unit == of =>
            {
                Some(vague_numbers(operator, (*least, *greatest), (*other, *most)))
            }
            _ => None,
        }
    }

    /// Compares two values as resolution has found them to be comparable.
    pub(super) fn compare(&self, operator: PathOperator, other: &Comparand) -> Verdict {
        let ordered = match operator {
            PathOperator::Time(operator) | PathOperator::Number(operator) => {
                self.ordered(operator, None, other)
            }
            PathOperator::Unit(grain, operator) => self.ordered(operator, Some(grain), other),
            // What is the same is looked up among the others, and the days between two values are none of them.
            PathOperator::Same | PathOperator::Apart(..) => None,
        };
        ordered.unwrap_or(Verdict::NO)
    }

    /// Judges whether it is what a question names.
    pub(super) fn is_named(&self, named: &Named) -> Verdict {
        let exact = |holds: bool| Verdict::from_worlds(holds, !holds);
        match (self, &named.values) {
            (Comparand::Unknown, _) => Verdict::UNKNOWN,
            (Comparand::Times(lefts), NamedValues::Times(values)) => {
                Verdict::some(lefts.iter().map(|left| against(left, Operator::Equal, values)))
            }
            (Comparand::Number(least, greatest, unit), NamedValues::Number(number, of))
                if unit == of =>
            {
                judge_numbers(Operator::Equal, (*least, *greatest), (*number, *number))
            }
            (Comparand::Record(record), NamedValues::Records(records)) => {
                exact(records.contains(record))
            }
            (Comparand::Text(text), NamedValues::Texts(texts)) => {
                exact(texts.iter().any(|each| each.to_lowercase() == *text))
            }
            _ => Verdict::NO,
        }
    }

    /// Judges whether it lies between one of the first values and one of the last, moments perhaps by the units of the
    /// calendar in which they fall.
    pub(super) fn lies_between(
        &self,
        grain: Option<Grain>,
        starts: &[Given],
        ends: &[Given],
    ) -> Verdict {
        let pairs = starts.iter().flat_map(|from| ends.iter().map(move |to| (from, to)));
        Verdict::some(pairs.map(|(from, to)| {
            let verdict = self.lies_from_to(grain, &from.value, &to.value);
            verdict.resting_on(from.truth.min(to.truth))
        }))
    }

    fn lies_from_to(&self, grain: Option<Grain>, from: &Comparand, to: &Comparand) -> Verdict {
        // An end that nobody knows may lie anywhere: the other one may still leave the value out.
        let anywhere = match self {
            Comparand::Times(_) => Comparand::Times(vec![Value::moment(Stretch::ALWAYS)]),
            Comparand::Number(_, _, unit) => {
                Comparand::Number(f64::NEG_INFINITY, f64::INFINITY, unit.clone())
            }
            _ => Comparand::Unknown,
        };
        let known = |end| if matches!(end, &Comparand::Unknown) { &anywhere } else { end };
        match (self, known(from), known(to)) {
            (Comparand::None, _, _) | (_, Comparand::None, _) | (_, _, Comparand::None) => {
                Verdict::NO
            }
            (Comparand::Unknown, _, _)
            | (_, Comparand::Unknown, _)
            | (_, _, Comparand::Unknown) => Verdict::UNKNOWN,
            (Comparand::Times(lefts), Comparand::Times(starts), Comparand::Times(ends)) => {
                let judge = |left: &Value, from: &Value, to: &Value| match grain {
                    Some(grain) => left.lies_between_units(grain, from, to),
                    None => left.lies_between(from, to),
                };
                Verdict::some(lefts.iter().map(|left| {
                    Verdict::some(starts.iter().flat_map(|from| {
                        ends.iter().map(move |to| judge(left, from, to)).collect::<Vec<_>>()
                    }))
                }))
            }
            (
                Comparand::Number(least, greatest, unit),
                Comparand::Number(from_least, from_greatest, from_unit),
                Comparand::Number(to_least, to_greatest, to_unit),
            ) if unit == from_unit && unit == to_unit => Verdict::from_worlds(
                least.max(*from_least) <= greatest.min(*to_greatest),
                least < from_greatest || greatest > to_least,
            ),
            _ => Verdict::NO,
        }
    }
}
