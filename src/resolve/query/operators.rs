//! Words of the syntax as operators of a question.

use crate::query::operators::{Direction, Fold, Quantifier};
use crate::syntax::query::ast::{self, Comparator};
use crate::time::Operator;

/// Returns how many values are asked for.
pub(super) fn quantifier_of(quantifier: ast::Quantifier) -> Quantifier {
    match quantifier {
        ast::Quantifier::Some => Quantifier::Some,
        ast::Quantifier::Every => Quantifier::Every,
        ast::Quantifier::No => Quantifier::No,
    }
}

/// Returns how numbers are compared; nothing where they cannot be.
pub(super) fn order_operator(comparator: Comparator) -> Option<Operator> {
    Some(match comparator {
        Comparator::Equal => Operator::Equal,
        Comparator::Less | Comparator::Before => Operator::Less,
        Comparator::AtMost => Operator::LessOrEqual,
        Comparator::Greater | Comparator::After => Operator::Greater,
        Comparator::AtLeast => Operator::GreaterOrEqual,
        _ => return None,
    })
}

/// Returns how dates are compared; nothing where they cannot be.
pub(super) fn time_operator(comparator: Comparator) -> Option<Operator> {
    Some(match comparator {
        Comparator::Equal => Operator::Equal,
        Comparator::Less => Operator::Less,
        Comparator::AtMost => Operator::LessOrEqual,
        Comparator::Greater => Operator::Greater,
        Comparator::AtLeast => Operator::GreaterOrEqual,
        Comparator::Before => Operator::Before,
        Comparator::After => Operator::After,
        Comparator::During => Operator::During,
        Comparator::Contains => Operator::Contains,
        Comparator::Overlaps => Operator::Overlaps,
        Comparator::Meets => Operator::Meets,
        Comparator::NotEqual | Comparator::Matches | Comparator::Mentions => return None,
    })
}

/// Returns the direction of a key.
pub(super) fn direction(direction: ast::Direction) -> Direction {
    match direction {
        ast::Direction::Ascending => Direction::Ascending,
        ast::Direction::Descending => Direction::Descending,
    }
}

/// Returns the fold of a word.
pub(super) fn fold_of(fold: ast::Fold) -> Fold {
    match fold {
        ast::Fold::Count => Fold::Count,
        ast::Fold::Min => Fold::Min,
        ast::Fold::Max => Fold::Max,
        ast::Fold::Sum => Fold::Sum,
        ast::Fold::Avg => Fold::Avg,
    }
}
