//! `A - B`: the days between two dates of a record.

use super::comparisons::order_operator;

use super::paths::{Kind, TypedPath, written};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::model::RelationId;
use crate::query::expression::{Comparison, Condition, PathOperator, Quantifier, Test};
use crate::syntax::query::ast::{Comparator, Operand, Predicate};

impl Resolver<'_> {
    /// Settles `A - B OPERATOR days`; both sides are dates of the row.
    pub(super) fn difference(
        &self,
        relations: &[RelationId],
        quantifier: Quantifier,
        (one, other): (&Operand, &Operand),
        predicate: &Predicate,
    ) -> Settled<Condition> {
        let left = settled!(self.dates_of(relations, one));
        let right = settled!(self.dates_of(relations, other));
        let Predicate::Against { comparator, at, right: number } = predicate else {
            return self.not_yet(one.span().to(other.span()), "a difference with `in` or `is`");
        };
        let (operator, is_negated) = match comparator {
            Comparator::NotEqual => (order_operator(Comparator::Equal), true),
            comparator => (order_operator(*comparator), false),
        };
        let Some(operator) = operator else {
            let message = format!("`{}` does not compare numbers of days", comparator.written());
            let found = Diagnostic::new(code::WRONG_COMPARISON, message, *at, "does not fit");
            return self.say(found.help("write `=`, `!=`, `<`, `<=`, `>` or `>=`"));
        };
        let Some(words) = written(number) else {
            return self.not_yet(number.span(), "a difference against another value");
        };
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

    fn dates_of(&self, relations: &[RelationId], operand: &Operand) -> Settled<TypedPath> {
        let path = settled!(self.left(relations, operand));
        match path.kind {
            Kind::Time => Ok(Some(path)),
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
