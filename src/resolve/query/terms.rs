//! Terms: paths, folds and differences, as columns and keys, and compared.

use super::anchors::Anchored;
use super::groups::{Columns, RecordColumns};
use super::operators::{direction, fold_of, order_operator, time_operator};
use super::paths::{Kind, TypedPath};
use super::{Resolver, Settled, negated_if, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::model::RelationId;
use crate::query::computed::{ComputedAgainst, ComputedTest};
use crate::query::expression::{Condition, End, Path, SortKey, Test};
use crate::query::operators::{Fold, PathOperator, Quantifier, ValuePart};
use crate::query::terms::{Folded, Rooted, Term, Values};
use crate::source::Span;
use crate::syntax::query::ast::{self, Comparator, Operand, Predicate};

/// A settled term with the kind of its values.
#[derive(Clone, Debug)]
pub(super) struct TypedTerm<P = Path> {
    /// The term.
    pub term: Term<P>,
    /// What it comes to.
    pub kind: Kind,
}

impl<P: Rooted> TypedTerm<P> {
    /// Returns a path of the same kind and words, for messages about what stands on one side.
    pub(super) fn as_path(&self) -> TypedPath {
        let written = self.term.written().to_owned();
        let path = Path { steps: Vec::new(), end: End::Identifiers, written };
        TypedPath { path, kind: self.kind.clone() }
    }
}

/// Rows of which terms are computed: where paths begin that name no other beginning.
pub(super) trait Beginnings: Columns<Column: Rooted> {
    /// Returns the relations of the rows, where bare words may be their fields.
    fn relations(&self) -> &[RelationId];

    /// Settles a path that begins at other records; nothing where it begins at a row.
    fn anchored(&self, resolver: &Resolver<'_>, path: &ast::Path) -> Settled<Anchored>;

    /// Settles a right side that begins at a variable; nothing where it is read as what the left side holds.
    fn at_variable(
        &self,
        resolver: &Resolver<'_>,
        right: &Operand,
    ) -> Settled<Option<(Self::Column, Kind)>>;

    /// Takes a path that was read as one of the row; nothing where paths name their variable.
    fn of_row(&self, path: Path) -> Option<Self::Column>;
}

impl Beginnings for RecordColumns<'_> {
    fn relations(&self) -> &[RelationId] {
        self.0
    }

    fn anchored(&self, resolver: &Resolver<'_>, path: &ast::Path) -> Settled<Anchored> {
        resolver.anchored(self.0, path)
    }

    fn at_variable(&self, _: &Resolver<'_>, _: &Operand) -> Settled<Option<(Path, Kind)>> {
        Ok(Some(None))
    }

    fn of_row(&self, path: Path) -> Option<Path> {
        Some(path)
    }
}

impl Resolver<'_> {
    /// Settles a term over records of `relations`.
    pub(super) fn term(&self, relations: &[RelationId], operand: &Operand) -> Settled<TypedTerm> {
        self.term_of(&RecordColumns(relations), operand)
    }

    /// Settles a term.
    pub(super) fn term_of<B: Beginnings>(
        &self,
        rows: &B,
        operand: &Operand,
    ) -> Settled<TypedTerm<B::Column>> {
        match operand {
            Operand::Path(path) => {
                let (values, kind) = settled!(self.values_of(rows, path));
                Ok(Some(TypedTerm { term: Term::Values(values), kind }))
            }
            Operand::Aggregate(aggregate) => self.folded(rows, aggregate),
            Operand::Difference(left, right) => {
                let written = self.slice(operand.span()).to_owned();
                let left = settled!(self.date_term(rows, left));
                let right = settled!(self.date_term(rows, right));
                let term =
                    Term::Difference { left: Box::new(left), right: Box::new(right), written };
                Ok(Some(TypedTerm { term, kind: Kind::Length }))
            }
            Operand::Quoted(word) => self.not_a_path(word.span),
            Operand::Phrase(phrase) => self.not_a_path(phrase.span),
        }
    }

    /// Settles a path of the row, or one that begins at other records.
    fn values_of<B: Beginnings>(
        &self,
        rows: &B,
        path: &ast::Path,
    ) -> Settled<(Values<B::Column>, Kind)> {
        let before = self.said.borrow().len();
        match rows.anchored(self, path)? {
            Some(Anchored { rows, typed: TypedPath { path, kind } }) => {
                Ok(Some((Values::Elsewhere { rows, path }, kind)))
            }
            None if self.said.borrow().len() > before => Ok(None),
            None => Ok(rows.settle(self, path)?.map(|(path, kind)| (Values::OfRow(path), kind))),
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
    fn date_term<B: Beginnings>(&self, rows: &B, operand: &Operand) -> Settled<Term<B::Column>> {
        let typed = settled!(self.term_of(rows, operand));
        if typed.kind == Kind::Time && !is_unit(&typed.term) {
            return Ok(Some(typed.term));
        }
        self.no_date_here(typed.term.written(), operand.span())
    }

    /// Settles a fold over the values of one record, or over those of another question's rows.
    fn folded<B: Beginnings>(
        &self,
        rows: &B,
        aggregate: &ast::Aggregate,
    ) -> Settled<TypedTerm<B::Column>> {
        let fold = fold_of(aggregate.fold);
        let written = self.slice(aggregate.span).to_owned();
        let Some(path) = &aggregate.path else {
            return self.folds_nothing(fold, &written, aggregate.span);
        };
        let (over, kind) = settled!(self.values_of(rows, path));
        settled!(self.can_fold(fold, &over.path().written, &kind, path.span));
        let kind = match fold {
            Fold::Count => Kind::Number(Vec::new()),
            _ => kind,
        };
        Ok(Some(TypedTerm { term: Term::Fold(Folded { fold, over, written }), kind }))
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
        let rows = RecordColumns(relations);
        let (test, is_negated) = settled!(self.computed_of(&rows, quantifier, left, predicate));
        let test = Condition::Computed(Box::new(test));
        Ok(Some(negated_if(test, is_negated)))
    }

    /// Settles a test of a term, and whether it must fail.
    pub(super) fn computed_of<B: Beginnings>(
        &self,
        rows: &B,
        quantifier: Quantifier,
        left: &Operand,
        predicate: &Predicate,
    ) -> Settled<(ComputedTest<B::Column>, bool)> {
        let left = settled!(self.term_of(rows, left));
        let (against, is_negated) = settled!(self.computed_against(rows, &left, predicate));
        let test = ComputedTest { left: left.term, against };
        Ok(Some((test, is_negated != (quantifier == Quantifier::No))))
    }

    fn computed_against<B: Beginnings>(
        &self,
        rows: &B,
        left: &TypedTerm<B::Column>,
        predicate: &Predicate,
    ) -> Settled<(ComputedAgainst<B::Column>, bool)> {
        let relations = rows.relations();
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
                let right_term = match is_computed(right) {
                    true => Some(settled!(self.term_of(rows, right))),
                    false => settled!(rows.at_variable(self, right)).map(|(path, kind)| {
                        TypedTerm { term: Term::Values(Values::OfRow(path)), kind }
                    }),
                };
                if let Some(right_term) = right_term {
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
                let Some(right) = rows.of_row(right) else { return Ok(None) };
                let right = Term::Values(Values::OfRow(right));
                ComputedAgainst::Term { operator, right }
            }
            Test::Among(members) => {
                let members =
                    members.into_iter().map(|member| member.rooted(&|path| rows.of_row(path)));
                let Some(members) = members.collect() else { return Ok(None) };
                ComputedAgainst::Among(members)
            }
            // What was made comparable above is a number or a date.
            _ => return Ok(None),
        };
        Ok(Some((against, is_negated)))
    }

    /// Refuses to compare what is neither a number nor a date.
    fn is_comparable<P: Rooted>(&self, left: &TypedTerm<P>, at: Span) -> Settled<()> {
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

    /// Refuses to compare a unit of the calendar with what is computed, which is a day.
    fn unit_computed<T, P: Rooted>(
        &self,
        left: &TypedTerm<P>,
        right: &TypedTerm<P>,
        at: Span,
    ) -> Settled<T> {
        let (one, other) = (left.term.written(), right.term.written());
        let unit = if is_unit(&left.term) { one } else { other };
        let message = format!("`{one}` and `{other}` are not of one unit");
        let date = unit.rsplit_once('.').map_or(unit, |(date, _)| date);
        let found = Diagnostic::new(code::WRONG_COMPARISON, message, at, "cannot be compared");
        self.say(found.help(format!("compare the dates themselves: write `{date}`")))
    }

    /// Returns how two terms are compared.
    fn term_operator<P: Rooted>(
        &self,
        left: &TypedTerm<P>,
        comparator: Comparator,
        at: Span,
        right: &TypedTerm<P>,
        span: Span,
    ) -> Settled<PathOperator> {
        settled!(self.is_comparable(left, at));
        settled!(self.is_comparable(right, span));
        let is_time = left.kind == Kind::Time;
        if is_time != (right.kind == Kind::Time) {
            return self.unlike(&left.as_path(), &right.kind, span);
        }
        if is_unit(&left.term) || is_unit(&right.term) {
            return self.unit_computed(left, right, span);
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

fn is_unit<P: Rooted>(term: &Term<P>) -> bool {
    matches!(term, Term::Values(values) if matches!(values.path().part(), ValuePart::Unit(..)))
}

fn nowhere() -> Span {
    Span::new(crate::source::FileId(0), 0, 0)
}
