//! `A - B`: the days between two dates of a record.

use super::comparisons::{order_operator, part_of};
use super::names::Written;
use super::paths::{Kind, TypedPath, written};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::model::RelationId;
use crate::query::expression::{Comparison, Condition, PathOperator, Quantifier, Test, ValuePart};
use crate::source::Span;
use crate::syntax::query::ast::{Comparator, Operand, Predicate};

impl Resolver<'_> {
    /// Settles `A - B OPERATOR days`; both sides are dates of the row.
    pub(super) fn difference(
        &self,
        relations: &[RelationId],
        quantifier: Quantifier,
        (one, other): (&Operand, &Operand),
        (comparator, at, words): (Comparator, Span, Written<'_>),
    ) -> Settled<Condition> {
        let (comparator, is_negated) = match comparator {
            Comparator::NotEqual => (Comparator::Equal, true),
            comparator => (comparator, false),
        };
        let Some(operator) = order_operator(comparator) else {
            let message = format!("`{}` does not compare numbers of days", comparator.written());
            let found = Diagnostic::new(code::WRONG_COMPARISON, message, at, "does not fit");
            return self.say(found.help("write `=`, `!=`, `<`, `<=`, `>` or `>=`"));
        };

        let left = settled!(self.dates_of(relations, one));
        let right = settled!(self.dates_of(relations, other));
        let days = settled!(self.quantity(words, Some(&["day".to_owned()])));
        let test = Test::Path {
            operator: PathOperator::Apart(operator, days.least as i64),
            right: right.path,
        };
        let comparison = Condition::Compare(Comparison { quantifier, path: left.path, test });
        Ok(Some(match is_negated {
            true => Condition::Not(Box::new(comparison)),
            false => comparison,
        }))
    }

    /// Tells whether both sides of a difference are paths of the row.
    pub(super) fn are_of_row(
        &self,
        relations: &[RelationId],
        one: &Operand,
        other: &Operand,
    ) -> Settled<bool> {
        for side in [one, other] {
            let Operand::Path(path) = side else { return Ok(Some(false)) };
            let before = self.said.borrow().len();
            if self.anchored(relations, path)?.is_some() {
                return Ok(Some(false));
            }
            if self.said.borrow().len() > before {
                return Ok(None);
            }
        }
        Ok(Some(true))
    }

    fn dates_of(&self, relations: &[RelationId], operand: &Operand) -> Settled<TypedPath> {
        let path = settled!(self.left(relations, operand));
        match path.kind {
            Kind::Time if !matches!(part_of(&path.path), ValuePart::Unit(..)) => Ok(Some(path)),
            _ => {
                let message = format!("`{}` is no date", path.path.written);
                let found = Diagnostic::new(
                    code::WRONG_COMPARISON,
                    message,
                    operand.span(),
                    "a date belongs here",
                );
                self.say(
                    found.help("`-` counts the days between two dates, as in `ratified - signed`"),
                )
            }
        }
    }
}

/// Returns what a difference of two paths is compared with where that is one number of days, which is judged pair by
/// pair of their values; anything else is computed first.
pub(super) fn days_of(predicate: &Predicate) -> Option<(Comparator, Span, Written<'_>)> {
    match predicate {
        Predicate::Against { comparator, at, right } => {
            let words = written(right)?;
            let is_number = words.text.starts_with(|letter: char| letter.is_ascii_digit());
            is_number.then_some((*comparator, *at, words))
        }
        _ => None,
    }
}
