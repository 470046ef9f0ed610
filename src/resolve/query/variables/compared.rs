//! Comparisons of which the left side begins at a variable, and perhaps the right one as well.

use super::negated;
use super::paths::Rooted;
use super::{Names, filtered};
use crate::diagnostic::{Diagnostic, code};
use crate::query::expression::{Comparison, Condition, Test};
use crate::query::formula::{Formula, Link};
use crate::query::operators::Quantifier;
use crate::resolve::query::paths::Kind;
use crate::resolve::query::{Resolver, Settled, settled};
use crate::source::Span;
use crate::syntax::query::ast::{self, Comparator, Operand, Predicate};

impl Resolver<'_> {
    /// Settles a comparison of which the left side begins at a variable.
    pub(super) fn compared(
        &self,
        names: &Names,
        quantifier: Quantifier,
        mut left: Rooted,
        predicate: &Predicate,
    ) -> Settled<Formula> {
        let (slot, filter) = (left.slot, left.filter.take());
        let is_negated = match predicate {
            Predicate::Against { comparator, .. } => *comparator == Comparator::NotEqual,
            Predicate::Among { negated, .. }
            | Predicate::Between { negated, .. }
            | Predicate::Is { negated, .. } => *negated,
        };
        let is_negative = match quantifier {
            Quantifier::Some => is_negated,
            Quantifier::Every => false,
            Quantifier::No => true,
        };
        let formula = match predicate {
            Predicate::Against { comparator: Comparator::NotEqual, at, right } => {
                let against = (Comparator::Equal, *at, right);
                settled!(self.compared_with(names, (quantifier, true), left, against, predicate))
            }
            Predicate::Against { comparator, at, right } => {
                let against = (*comparator, *at, right);
                settled!(self.compared_with(names, (quantifier, false), left, against, predicate))
            }
            Predicate::Among { members, negated } => match members.as_slice() {
                [only] => {
                    let against = (Comparator::Equal, only.span(), only);
                    settled!(self.compared_with(
                        names,
                        (quantifier, *negated),
                        left,
                        against,
                        predicate
                    ))
                }
                _ => settled!(self.of_one(names, quantifier, left, predicate)),
            },
            _ => settled!(self.of_one(names, quantifier, left, predicate)),
        };
        Ok(Some(filtered(names, slot, filter, is_negative, formula)))
    }

    /// Settles a comparison of which the right side may begin at a variable.
    fn compared_with(
        &self,
        names: &Names,
        (quantifier, is_negated): (Quantifier, bool),
        left: Rooted,
        (comparator, at, right): (Comparator, Span, &Operand),
        predicate: &Predicate,
    ) -> Settled<Formula> {
        let Some(mut other) = settled!(self.right_rooted(names, right)) else {
            settled!(self.begins_somewhere(names, right));
            return self.of_one(names, quantifier, left, predicate);
        };
        let (slot, filter) = (other.slot, other.filter.take());
        let (left, comparator) = match comparator {
            Comparator::Mentions => {
                (settled!(self.mentioning(left, &other, right.span())), Comparator::Equal)
            }
            comparator => (left, comparator),
        };
        let formula = settled!(self.linked(
            names,
            (quantifier, is_negated),
            left,
            (comparator, at),
            (other, right.span())
        ));
        let is_negative = is_negated != (quantifier == Quantifier::No);
        Ok(Some(filtered(names, slot, filter, is_negative, formula)))
    }

    /// Settles a comparison that speaks of the left variable alone.
    fn of_one(
        &self,
        names: &Names,
        quantifier: Quantifier,
        left: Rooted,
        predicate: &Predicate,
    ) -> Settled<Formula> {
        let slot = left.slot;
        let condition = settled!(self.predicate(&[], quantifier, left.typed, predicate));
        Ok(Some(Formula::One { slot, relations: names.relations(slot), condition }))
    }

    /// Goes on to all that records mention, among which those of a variable may be.
    fn mentioning(&self, left: Rooted, other: &Rooted, at: Span) -> Settled<Rooted> {
        let typed = settled!(self.mentioned(left.typed, at));
        let held = |kind: &Kind| match kind {
            Kind::Records(relations) => relations.clone(),
            _ => Vec::new(),
        };
        let (mentioned, wanted) = (held(&typed.kind), held(&other.typed.kind));
        if !wanted.iter().any(|each| mentioned.contains(each)) {
            let found = Diagnostic::new(
                code::WRONG_COMPARISON,
                format!("`{}` no {}", typed.path.written, self.named(&wanted)),
                at,
                "no field there refers to these",
            );
            return self.say(match mentioned.is_empty() {
                true => found.help("leave it out: these records refer to no others"),
                false => found.help(format!("it may mention {}", self.named(&mentioned))),
            });
        }
        Ok(Some(Rooted { typed, ..left }))
    }

    /// Settles `a.party in (b, c)`: the same as an alternative of comparisons.
    pub(super) fn one_of_several(
        &self,
        names: &mut Names,
        quantifier: Quantifier,
        left: &Operand,
        (members, is_negated): (&[Operand], bool),
    ) -> Settled<Formula> {
        let (Some(first), Some(last)) = (members.first(), members.last()) else { return Ok(None) };
        if quantifier == Quantifier::Every {
            let found = Diagnostic::new(
                code::WRONG_COMPARISON,
                "`every` is asked of a list that differs from row to row",
                first.span().to(last.span()),
                "a variable stands in it",
            );
            return self.say(found.help(format!(
                "say of one more variable that there is none: `not (x is … and {} = x and x != … and …)`",
                self.slice(left.span())
            )));
        }
        let alternatives = members.iter().map(|member| ast::Condition::Compare {
            quantifier: ast::Quantifier::Some,
            left: left.clone(),
            predicate: Predicate::Against {
                comparator: Comparator::Equal,
                at: member.span(),
                right: member.clone(),
            },
            span: left.span().to(member.span()),
        });
        let any = settled!(self.formula(names, &ast::Condition::Or(alternatives.collect())));
        let must_fail = is_negated != (quantifier == Quantifier::No);
        Ok(Some(if must_fail { negated(any) } else { any }))
    }

    /// Refuses a range that ends at a variable, and says what is the same.
    pub(super) fn range_of_variables<T>(
        &self,
        left: &Operand,
        from: &Operand,
        to: &Operand,
    ) -> Settled<T> {
        let (first, last) = (from.span(), to.span());
        let found = Diagnostic::new(
            code::WRONG_COMPARISON,
            "a range ends at a variable",
            first.to(last),
            "a range is between values that the question names",
        );
        let left = self.slice(left.span());
        let (from, to) = (self.slice(first), self.slice(last));
        self.say(
            found.help(format!("write two comparisons: `{left} >= {from} and {left} <= {to}`")),
        )
    }

    fn linked(
        &self,
        names: &Names,
        (quantifier, is_negated): (Quantifier, bool),
        left: Rooted,
        (comparator, at): (Comparator, Span),
        (right, span): (Rooted, Span),
    ) -> Settled<Formula> {
        let (slot, other) = (left.slot, right.slot);
        let (path, test) =
            settled!(self.against_path(left.typed, comparator, at, right.typed, span));
        let Test::Path { operator, right: right_path } = test else { return Ok(None) };
        let relations = names.relations(slot);
        let one = |condition| Formula::One { slot, relations: relations.clone(), condition };
        let link = |quantifier| match slot == other {
            true => one(Condition::Compare(Comparison {
                quantifier,
                path: path.clone(),
                test: Test::Path { operator, right: right_path.clone() },
            })),
            false => Formula::Two(Link {
                quantifier,
                left: slot,
                left_path: path.clone(),
                operator,
                right: other,
                right_path: right_path.clone(),
            }),
        };
        Ok(Some(match (is_negated, quantifier) {
            (false, quantifier) => link(quantifier),
            (true, Quantifier::Some) => Formula::Not(Box::new(link(Quantifier::Some))),
            (true, Quantifier::Every) => {
                Formula::And(vec![one(Condition::Has(path.clone())), link(Quantifier::No)])
            }
            (true, Quantifier::No) => {
                Formula::Or(vec![one(Condition::Lacks(path.clone())), link(Quantifier::Every)])
            }
        }))
    }
}
