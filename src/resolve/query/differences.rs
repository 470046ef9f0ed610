//! `A - B`: the days between two dates of a record.

use super::groups::RecordColumns;
use super::names::Written;
use super::operators::order_operator;
use super::paths::{Kind, written};
use super::terms::Beginnings;
use super::{Resolver, Settled, negated_if, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::model::RelationId;
use crate::query::expression::{Comparison, Condition, Test};
use crate::query::operators::{PathOperator, Quantifier, ValuePart};
use crate::query::terms::Rooted;
use crate::source::Span;
use crate::syntax::query::ast::{Comparator, Operand, Predicate};

impl Resolver<'_> {
    /// Settles `A - B OPERATOR days`; both sides are dates of the row.
    pub(super) fn difference(
        &self,
        relations: &[RelationId],
        quantifier: Quantifier,
        (one, other): (&Operand, &Operand),
        against: (Comparator, Span, Written<'_>),
    ) -> Settled<Condition> {
        let (operator, is_negated) = settled!(self.apart(against));
        let rows = RecordColumns(relations);
        let path = settled!(self.date_of(&rows, one));
        let right = settled!(self.date_of(&rows, other));
        let test = Test::Path { operator, right };
        let comparison = Condition::Compare(Comparison { quantifier, path, test });
        Ok(Some(negated_if(comparison, is_negated)))
    }

    /// Settles what a number of days between two dates is compared with, and whether the comparison must fail.
    pub(super) fn apart(
        &self,
        (comparator, at, words): (Comparator, Span, Written<'_>),
    ) -> Settled<(PathOperator, bool)> {
        let (comparator, is_negated) = match comparator {
            Comparator::NotEqual => (Comparator::Equal, true),
            comparator => (comparator, false),
        };
        let Some(operator) = order_operator(comparator) else {
            let message = format!("`{}` does not compare numbers of days", comparator.written());
            let found = Diagnostic::new(code::WRONG_COMPARISON, message, at, "does not fit");
            return self.say(found.help("write `=`, `!=`, `<`, `<=`, `>` or `>=`"));
        };
        let days = settled!(self.quantity(words, Some(&["day".to_owned()])));
        Ok(Some((PathOperator::Apart(operator, days.least as i64), is_negated)))
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

    /// Settles one side of a difference as a path from a row.
    pub(super) fn date_of<B: Beginnings>(&self, rows: &B, operand: &Operand) -> Settled<B::Column> {
        let Operand::Path(path) = operand else { return self.not_a_path(operand.span()) };
        let (column, kind) = settled!(rows.settle(self, path));
        match kind {
            Kind::Time if !matches!(column.path().part(), ValuePart::Unit(..)) => Ok(Some(column)),
            _ => self.no_date_here(&column.path().written, operand.span()),
        }
    }

    /// Refuses to count days from or to what is no date.
    pub(super) fn no_date_here<T>(&self, written: &str, at: Span) -> Settled<T> {
        let message = format!("`{written}` is no date");
        let found = Diagnostic::new(code::WRONG_COMPARISON, message, at, "a date belongs here");
        self.say(found.help("`-` counts the days between two dates, as in `ratified - signed`"))
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
