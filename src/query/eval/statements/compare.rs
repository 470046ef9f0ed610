//! What a statement says of itself compared, value by value, each kind in its own way.

use super::Told;
use super::columns::{is_words, words_of};
use crate::index::IndexError;
use crate::model::Type;
use crate::query::eval::Evaluator;
use crate::query::eval::comparand::{Comparand, Given};
use crate::query::eval::numbers::vague_numbers;
use crate::query::eval::times;
use crate::query::expression::{End, Path};
use crate::query::operators::ValuePart;
use crate::query::statement_rows::{
    Beyond, StatementColumn, ToldAgainst, ToldComparison, ToldNamed, ToldPath, ToldSide,
};
use crate::query::terms::Term;
use crate::time::{Grain, Operator, Truth, Verdict};

/// What can be compared with each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Time,
    Number,
    Record,
    Text,
}

impl Class {
    fn of(value_type: &Type) -> Class {
        match value_type {
            Type::Date | Type::Period => Class::Time,
            Type::Integer | Type::Decimal | Type::Quantity(_) => Class::Number,
            Type::Reference { .. } => Class::Record,
            Type::Text | Type::Url | Type::Words(_) => Class::Text,
        }
    }
}

impl Evaluator<'_> {
    /// Judges a comparison for one statement.
    pub(super) fn told_compared(
        &self,
        told: &Told,
        comparison: &ToldComparison,
    ) -> Result<Verdict, IndexError> {
        let mut lefts = self.told_given(told, &comparison.left)?;
        if comparison.left.column == StatementColumn::Value
            && comparison.left.beyond == Beyond::Nothing
        {
            // What nobody knows is of its field's kind all the same, and what is of another has no order here.
            let is_equality =
                matches!(comparison.against, ToldAgainst::OneOf { operator: Operator::Equal, .. });
            let is_fitting = self.may_be(told, &comparison.against);
            lefts.retain(|left| {
                is_fitting || (is_equality && !matches!(left.value, Comparand::Unknown))
            });
        }
        let mut verdicts = Vec::with_capacity(lefts.len());
        for left in &lefts {
            let verdict = match &comparison.against {
                ToldAgainst::OneOf { operator, grain, sides } => {
                    let mut any: Option<Verdict> = None;
                    for side in sides {
                        let one = self.one_side(told, (*operator, *grain), left, side)?;
                        any = Some(any.map_or(one, |any| any.or(one)));
                    }
                    any.unwrap_or(Verdict::NOT_RECORDED)
                }
                ToldAgainst::Between { grain, from, to } => {
                    let starts = self.side_given(told, from, left)?;
                    let ends = self.side_given(told, to, left)?;
                    left.value.lies_between(*grain, &starts, &ends)
                }
            };
            // What is of another kind cannot be judged, and stands beside the others as if it were not there.
            if verdict != Verdict::NOT_RECORDED {
                verdicts.push(verdict.resting_on(left.truth));
            }
        }
        Ok(comparison.quantifier.judge(verdicts))
    }

    fn one_side(
        &self,
        told: &Told,
        (operator, grain): (Operator, Option<Grain>),
        left: &Given,
        side: &ToldSide,
    ) -> Result<Verdict, IndexError> {
        if let ToldSide::Named(named) = side {
            return Ok(against_named(operator, &left.value, named));
        }
        let rights = self.side_given(told, side, left)?;
        Ok(Verdict::some(rights.iter().map(|right| {
            compare((operator, grain), &left.value, &right.value).resting_on(right.truth)
        })))
    }

    /// Returns the values of a side, as the kind that the left one is.
    fn side_given(
        &self,
        told: &Told,
        side: &ToldSide,
        left: &Given,
    ) -> Result<Vec<Given>, IndexError> {
        match side {
            ToldSide::Told(path) => self.told_given(told, path),
            ToldSide::Found(term) => Ok(self.side_of(term, &[Some(told.entity.0)])?.all.clone()),
            ToldSide::Named(named) => {
                let value = match &left.value {
                    // Of what kind it is was looked into before.
                    Comparand::Unknown => Some(Comparand::Unknown),
                    Comparand::Number(_, _, unit) => named.number.as_ref().map(|(number, of)| {
                        Comparand::Number(*number, *number, of.clone().or_else(|| unit.clone()))
                    }),
                    _ if named.times.is_empty() => None,
                    _ => Some(Comparand::Times(named.times.clone())),
                };
                Ok(value.map(|value| Given { value, truth: Truth::Certain }).into_iter().collect())
            }
        }
    }

    /// Tells whether a statement's value can be of the kind that it is compared with.
    fn may_be(&self, told: &Told, against: &ToldAgainst) -> bool {
        let schema = self.index.schema();
        let Some(field) = schema.fields.get(told.field.index()) else { return false };
        let class = Class::of(&field.value_type);
        let at_end = |path: &Path| match &path.end {
            End::Records(_) => vec![Class::Record],
            End::Identifiers | End::Text(_) => vec![Class::Text],
            End::Values { part: ValuePart::Length, .. } => vec![Class::Number],
            End::Values { fields, .. } => {
                let fields = fields.iter().filter_map(|field| schema.fields.get(field.index()));
                fields.map(|field| Class::of(&field.value_type)).collect()
            }
        };
        let fits = |side: &ToldSide| match side {
            ToldSide::Named(named) => match class {
                Class::Time => !named.times.is_empty(),
                Class::Number => named.number.is_some(),
                Class::Record => !named.records.is_empty(),
                Class::Text => !named.texts.is_empty(),
            },
            ToldSide::Told(ToldPath { column, beyond, .. }) => match (beyond, column) {
                (Beyond::Nothing, StatementColumn::Value) => true,
                (Beyond::Nothing, StatementColumn::Of | StatementColumn::Source) => {
                    class == Class::Record
                }
                (Beyond::Nothing, StatementColumn::Period) => class == Class::Time,
                (Beyond::Nothing, _) => class == Class::Text,
                (Beyond::Part(ValuePart::Length), _) => class == Class::Number,
                (Beyond::Part(_), _) => class == Class::Time,
                (Beyond::Path(path), _) => at_end(path).contains(&class),
            },
            ToldSide::Found(Term::Values(values)) => {
                let path = values.path();
                at_end(path).contains(&class)
            }
            ToldSide::Found(Term::Fold(_) | Term::Difference { .. }) => {
                matches!(class, Class::Time | Class::Number)
            }
        };
        match against {
            ToldAgainst::OneOf { sides, .. } => sides.iter().any(fits),
            ToldAgainst::Between { from, to, .. } => fits(from) && fits(to),
        }
    }

    /// Returns the values that a path from a statement leads to.
    fn told_given(&self, told: &Told, path: &ToldPath) -> Result<Vec<Given>, IndexError> {
        if path.beyond == Beyond::Nothing && is_words(path.column) {
            let cell = self.told_cell(told, &self.evidence(told)?, path)?;
            let texts = cell.values.iter().filter_map(words_of);
            let given = texts.map(|text| Given {
                value: Comparand::Text(text.to_lowercase()),
                truth: Truth::Certain,
            });
            return Ok(given.collect());
        }
        let found = self.told_values(told, path)?;
        found.iter().map(|found| self.comparand(found, path.part())).collect()
    }
}

/// Values of two kinds are never equal; none comes before the other either, nor does it not.
fn of_two_kinds(operator: Operator) -> Verdict {
    if operator == Operator::Equal { Verdict::NO } else { Verdict::NOT_RECORDED }
}

fn compare(
    (operator, grain): (Operator, Option<Grain>),
    left: &Comparand,
    right: &Comparand,
) -> Verdict {
    let exact = |holds: bool| Verdict::from_worlds(holds, !holds);
    match (left, right) {
        (Comparand::Record(one), Comparand::Record(two)) if operator == Operator::Equal => {
            exact(one == two)
        }
        (Comparand::Text(one), Comparand::Text(two)) if operator == Operator::Equal => {
            exact(one == two)
        }
        _ => left.ordered(operator, grain, right).unwrap_or_else(|| of_two_kinds(operator)),
    }
}

fn against_named(operator: Operator, left: &Comparand, named: &ToldNamed) -> Verdict {
    let exact = |holds: bool| Verdict::from_worlds(holds, !holds);
    match left {
        Comparand::Unknown => Verdict::UNKNOWN,
        Comparand::None => Verdict::NO,
        Comparand::Times(lefts) if !named.times.is_empty() => {
            Verdict::some(lefts.iter().map(|left| times::against(left, operator, &named.times)))
        }
        Comparand::Number(least, greatest, unit) => match &named.number {
            // A bare number is compared with a number of whatever unit.
            Some((number, of)) if of.is_none() || of == unit => {
                vague_numbers(operator, (*least, *greatest), (*number, *number))
            }
            _ => of_two_kinds(operator),
        },
        Comparand::Record(record) if operator == Operator::Equal => {
            exact(named.records.contains(record))
        }
        Comparand::Text(text) if operator == Operator::Equal => {
            exact(named.texts.iter().any(|each| each.to_lowercase() == *text))
        }
        _ => of_two_kinds(operator),
    }
}
