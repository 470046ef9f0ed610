//! Terms: paths, folds and differences, as columns and keys, and compared.

use super::comparisons::{order_operator, part_of, time_operator};
use super::paths::{Kind, TypedPath};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::model::RelationId;
use crate::query::expression::{
    ComputedAgainst, ComputedTest, Condition, Direction, End, Fold, Folded, Path, PathOperator,
    Quantifier, Rows, SortKey, Term, Test, ValuePart,
};
use crate::source::Span;
use crate::syntax::query::ast::{self, Comparator, Operand, Predicate};

/// A settled term with the kind of its values.
#[derive(Clone, Debug)]
pub(super) struct TypedTerm {
    /// The term.
    pub term: Term,
    /// What it comes to.
    pub kind: Kind,
}

impl TypedTerm {
    /// Returns a path of the same kind and words, for messages about what stands on one side.
    pub(super) fn as_path(&self) -> TypedPath {
        let written = self.term.written().to_owned();
        let path = Path { steps: Vec::new(), end: End::Identifiers, written };
        TypedPath { path, kind: self.kind.clone() }
    }
}

impl Resolver<'_> {
    /// Settles a term over records of `relations`.
    pub(super) fn term(&self, relations: &[RelationId], operand: &Operand) -> Settled<TypedTerm> {
        match operand {
            Operand::Path(path) => match settled!(self.perhaps_anchored(relations, path)) {
                (Some(rows), TypedPath { path, kind }) => {
                    Ok(Some(TypedTerm { term: Term::Elsewhere { rows, path }, kind }))
                }
                (None, TypedPath { path, kind }) => {
                    Ok(Some(TypedTerm { term: Term::Values(path), kind }))
                }
            },
            Operand::Aggregate(aggregate) => self.folded(relations, aggregate),
            Operand::Difference(left, right) => {
                let written = self.slice(operand.span()).to_owned();
                let left = settled!(self.date_term(relations, left));
                let right = settled!(self.date_term(relations, right));
                let term =
                    Term::Difference { left: Box::new(left), right: Box::new(right), written };
                Ok(Some(TypedTerm { term, kind: Kind::Length }))
            }
            Operand::Quoted(word) => self.not_a_path(word.span),
            Operand::Phrase(phrase) => self.not_a_path(phrase.span),
        }
    }

    /// Settles a path of the row, or one that begins at other records.
    fn perhaps_anchored(
        &self,
        relations: &[RelationId],
        path: &ast::Path,
    ) -> Settled<(Option<Rows>, TypedPath)> {
        let before = self.said.borrow().len();
        match self.anchored(relations, path)? {
            Some(anchored) => Ok(Some((Some(anchored.rows), anchored.typed))),
            None if self.said.borrow().len() > before => Ok(None),
            None => Ok(self.path(relations, path)?.map(|typed| (None, typed))),
        }
    }

    /// Refuses a value where a path belongs.
    pub(super) fn not_a_path<T>(&self, span: Span) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::WRONG_COMPARISON,
                "a value stands where a field belongs",
                span,
                "not a field",
            )
            .help("name a field or a path, such as `name` or `party.name`"),
        )
    }

    /// Settles one side of a difference.
    fn date_term(&self, relations: &[RelationId], operand: &Operand) -> Settled<Term> {
        let typed = settled!(self.term(relations, operand));
        if typed.kind == Kind::Time && !is_unit(&typed.term) {
            return Ok(Some(typed.term));
        }
        let message = format!("`{}` is no date", typed.term.written());
        let at = operand.span();
        let found = Diagnostic::new(code::WRONG_COMPARISON, message, at, "a date belongs here");
        self.say(found.help("`-` counts the days between two dates, as in `ratified - signed`"))
    }

    /// Settles a fold over the values of one record, or over those of another question's rows.
    fn folded(&self, relations: &[RelationId], aggregate: &ast::Aggregate) -> Settled<TypedTerm> {
        let fold = fold_of(aggregate.fold);
        let written = self.slice(aggregate.span).to_owned();
        let Some(path) = &aggregate.path else {
            return self.folds_nothing(fold, &written, aggregate.span);
        };
        let (rows, typed) = settled!(self.perhaps_anchored(relations, path));
        settled!(self.can_fold(fold, &typed.path.written, &typed.kind, path.span));
        let kind = match fold {
            Fold::Count => Kind::Number(Vec::new()),
            _ => typed.kind,
        };
        let term = Term::Fold(Folded { fold, rows, path: typed.path, written });
        Ok(Some(TypedTerm { term, kind }))
    }

    /// Refuses a fold that does not say over what.
    pub(super) fn folds_nothing<T>(&self, fold: Fold, written: &str, at: Span) -> Settled<T> {
        let (label, help) = match fold {
            Fold::Count => (
                "of one record there is always one",
                "name what is counted, `count(party)`; `count` alone and `group by … show count()` count records",
            ),
            _ => ("a field is missing", "name what is folded: `min(signed)`"),
        };
        let message = format!("`{written}` folds nothing");
        self.say(Diagnostic::new(code::WRONG_COMPARISON, message, at, label).help(help))
    }

    /// Refuses to add what are no numbers.
    pub(super) fn can_fold(&self, fold: Fold, written: &str, kind: &Kind, at: Span) -> Settled<()> {
        let is_number = matches!(kind, Kind::Number(_) | Kind::Length);
        if !matches!(fold, Fold::Sum | Fold::Avg) || is_number {
            return Ok(Some(()));
        }
        self.say(
            Diagnostic::new(
                code::WRONG_COMPARISON,
                format!("`{}` holds {}, which cannot be added", written, kind.described()),
                at,
                "numbers are expected",
            )
            .help("count them, or take the least or the greatest: `count(…)`, `min(…)`, `max(…)`"),
        )
    }

    /// Settles a key of an order.
    pub(super) fn sort_key(
        &self,
        relations: &[RelationId],
        key: &ast::SortKey,
    ) -> Settled<SortKey> {
        let TypedTerm { term, .. } = settled!(self.term(relations, &key.by));
        Ok(Some(SortKey { term, direction: direction(key.direction) }))
    }

    /// Settles a comparison with a fold or a difference on one of its sides.
    pub(super) fn computed(
        &self,
        relations: &[RelationId],
        quantifier: Quantifier,
        left: &Operand,
        predicate: &Predicate,
    ) -> Settled<Condition> {
        let left = settled!(self.term(relations, left));
        let (against, is_negated) = settled!(self.computed_against(relations, &left, predicate));
        let test = Condition::Computed(Box::new(ComputedTest { left: left.term, against }));
        Ok(Some(match is_negated == (quantifier == Quantifier::No) {
            true => test,
            false => Condition::Not(Box::new(test)),
        }))
    }

    fn computed_against(
        &self,
        relations: &[RelationId],
        left: &TypedTerm,
        predicate: &Predicate,
    ) -> Settled<(ComputedAgainst, bool)> {
        let kind = match &left.kind {
            Kind::Length => Kind::Number(vec!["day".to_owned()]),
            kind => kind.clone(),
        };
        // Literals are read as if a path of this kind stood on the left.
        let written = left.term.written().to_owned();
        let path = Path { steps: Vec::new(), end: End::Identifiers, written };
        let stand_in = TypedPath { path, kind };
        let (test, is_negated) = match predicate {
            Predicate::Against { comparator, at, right } => {
                let (comparator, is_negated) = match comparator {
                    Comparator::NotEqual => (Comparator::Equal, true),
                    other => (*other, false),
                };
                if matches!(right, Operand::Aggregate(_) | Operand::Difference(..)) {
                    let right_term = settled!(self.term(relations, right));
                    let operator = settled!(self.term_operator(
                        left,
                        comparator,
                        *at,
                        &right_term,
                        right.span()
                    ));
                    let right = right_term.term;
                    return Ok(Some((ComputedAgainst::Term { operator, right }, is_negated)));
                }
                settled!(self.is_comparable(left, *at));
                (settled!(self.against(relations, stand_in, comparator, *at, right)).1, is_negated)
            }
            Predicate::Among { members, negated } => {
                let at = members.iter().map(Operand::span).reduce(Span::to);
                settled!(self.is_comparable(left, at.unwrap_or_else(nowhere)));
                (settled!(self.among(relations, stand_in, members)).1, *negated)
            }
            Predicate::Between { from, to, negated } => {
                settled!(self.is_comparable(left, from.span().to(to.span())));
                (settled!(self.between(relations, stand_in, from, to)).1, *negated)
            }
            Predicate::Is { kind, .. } => {
                return self.say(
                    Diagnostic::new(
                        code::WRONG_COMPARISON,
                        format!("`{}` is computed, and never `{}`", left.term.written(), kind.text),
                        kind.span,
                        "`is` asks what a field records",
                    )
                    .help("ask it of the field: `signed is unknown`; a count is compared, `count(party) = 0`"),
                );
            }
        };
        let against = match test {
            Test::Numbers(numbers) => ComputedAgainst::Numbers(numbers),
            Test::Time(time) => ComputedAgainst::Time(time),
            Test::Path { operator, right } => {
                ComputedAgainst::Term { operator, right: Term::Values(right) }
            }
            Test::Among(members) => ComputedAgainst::Among(members),
            // What was made comparable above is a number or a date.
            _ => return Ok(None),
        };
        Ok(Some((against, is_negated)))
    }

    /// Refuses to compare what is neither a number nor a date.
    fn is_comparable(&self, left: &TypedTerm, at: Span) -> Settled<()> {
        match &left.kind {
            Kind::Number(_) | Kind::Length | Kind::Time => Ok(Some(())),
            kind => self.say(
                Diagnostic::new(
                    code::WRONG_COMPARISON,
                    format!("`{}` comes to {}", left.term.written(), kind.described()),
                    at,
                    "only numbers and dates are compared with what is computed",
                )
                .help("compare a count, or fold a date or a number"),
            ),
        }
    }

    /// Returns how two terms are compared.
    fn term_operator(
        &self,
        left: &TypedTerm,
        comparator: Comparator,
        at: Span,
        right: &TypedTerm,
        span: Span,
    ) -> Settled<PathOperator> {
        settled!(self.is_comparable(left, at));
        settled!(self.is_comparable(right, span));
        let is_time = left.kind == Kind::Time;
        if is_time != (right.kind == Kind::Time) {
            return self.unlike(&left.as_path(), &right.kind, span);
        }
        let operator = match is_time {
            true => time_operator(comparator).map(PathOperator::Time),
            false => order_operator(comparator).map(PathOperator::Number),
        };
        match operator {
            Some(operator) => Ok(Some(operator)),
            None => self.wrong_comparator(
                &left.as_path(),
                comparator,
                at,
                &["=", "!=", "<", "<=", ">", ">="],
            ),
        }
    }
}

/// Tells whether a term is computed, so that it is judged record by record.
pub(super) fn is_computed(operand: &Operand) -> bool {
    matches!(operand, Operand::Aggregate(_) | Operand::Difference(..))
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

fn is_unit(term: &Term) -> bool {
    matches!(term, Term::Values(path) if matches!(part_of(path), ValuePart::Unit(..)))
}

fn nowhere() -> Span {
    Span::new(crate::source::FileId(0), 0, 0)
}
