//! Groups and the clauses of rows that are no single records: one reading for records, several records and statements.

use super::operators::{direction, fold_of};
use super::paths::{Kind, TypedPath};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::model::RelationId;
use crate::query::expression::{Claims, GroupColumn, Groups, Output, Path};
use crate::query::operators::{Direction, Fold};
use crate::query::terms::Term;
use crate::source::Span;
use crate::syntax::query::ast::{self, ClauseKind, Operand};

/// What may be a column of rows.
pub(super) trait Columns {
    /// What rows are grouped by and what is folded over groups, settled.
    type Column: Clone + PartialEq;
    /// What is shown of single rows and what they are sorted by, settled.
    type Shown;

    /// Settles a path as a column, and says what it holds.
    fn settle(&self, resolver: &Resolver<'_>, path: &ast::Path) -> Settled<(Self::Column, Kind)>;

    /// Returns a column as written.
    fn written(&self, column: &Self::Column) -> String;

    /// Tells whether the values of a column can be folded.
    fn may_fold(&self, _column: &Self::Column, _fold: Fold) -> bool {
        true
    }

    /// Tells whether two columns hold the same, however they are written.
    fn is_same(&self, one: &Self::Column, other: &Self::Column) -> bool {
        one == other
    }

    /// Tells whether rows have a field of this name.
    fn has_field(&self, _resolver: &Resolver<'_>, _name: &str) -> bool {
        false
    }

    /// Settles what is shown of single rows.
    fn shown(&self, resolver: &Resolver<'_>, operand: &Operand) -> Settled<Self::Shown>;
}

/// The clauses of a question whose rows are no single records.
pub(super) struct RowClauses<C: Columns> {
    pub columns: Vec<C::Shown>,
    pub order: Vec<(C::Shown, Direction)>,
    pub groups: Option<Groups<C::Column>>,
    pub output: Output,
    pub limit: Option<u64>,
    pub claims: Claims,
}

impl Resolver<'_> {
    /// Settles the clauses of a question whose rows are no single records.
    pub(super) fn row_clauses<C: Columns>(
        &self,
        columns: &C,
        tree: &ast::Query,
    ) -> Settled<RowClauses<C>> {
        let mut output = Output::Records(Vec::new());
        let mut limit = None;
        let mut shown: Option<(&[Operand], Span)> = None;
        let mut sorted: &[ast::SortKey] = &[];
        let mut by = None;
        let mut counted = None;
        for clause in &tree.clauses {
            match &clause.kind {
                ClauseKind::AsOf(_) | ClauseKind::AccordingTo(_) | ClauseKind::AllClaims => {}
                ClauseKind::Limit(most) => limit = Some(*most),
                ClauseKind::Count(path) => {
                    output = Output::Count;
                    counted = Some(clause.span);
                    by = path.as_ref().or(by);
                }
                ClauseKind::Group(path) => by = Some(path),
                ClauseKind::Show(operands) => shown = Some((operands, clause.span)),
                ClauseKind::Sort(keys) => sorted = keys,
            }
        }
        if counted.is_some()
            && let Some((_, span)) = shown
        {
            return self.shown_count(span);
        }
        let claims = settled!(self.claims(tree));
        let mut clauses = RowClauses {
            columns: Vec::new(),
            order: Vec::new(),
            groups: None,
            output,
            limit,
            claims,
        };
        let operands = shown.map(|(operands, _)| operands);
        if let Some(by) = by {
            clauses.output = Output::Records(Vec::new());
            clauses.groups = Some(settled!(self.grouped(columns, by, operands, sorted)));
            return Ok(Some(clauses));
        }
        for operand in operands.unwrap_or_default() {
            clauses.columns.push(settled!(columns.shown(self, operand)));
        }
        for key in sorted {
            let column = settled!(columns.shown(self, &key.by));
            clauses.order.push((column, direction(key.direction)));
        }
        Ok(Some(clauses))
    }

    /// Settles how rows are grouped, what is shown of groups, and in which order.
    pub(super) fn grouped<C: Columns>(
        &self,
        columns: &C,
        by: &ast::Path,
        shown: Option<&[Operand]>,
        sorted: &[ast::SortKey],
    ) -> Settled<Groups<C::Column>> {
        let (key, _) = settled!(columns.settle(self, by));
        let mut groups = Groups { by: key, columns: Vec::new(), order: Vec::new() };
        match shown {
            Some(operands) => {
                for operand in operands {
                    let column = settled!(self.group_column(columns, &groups.by, operand));
                    groups.columns.push(column);
                }
            }
            None => {
                groups.columns = vec![GroupColumn::Key, counted("count")];
            }
        }
        for each in sorted {
            let column = settled!(self.group_column(columns, &groups.by, &each.by));
            groups.order.push((column, direction(each.direction)));
        }
        Ok(Some(groups))
    }

    fn group_column<C: Columns>(
        &self,
        columns: &C,
        by: &C::Column,
        operand: &Operand,
    ) -> Settled<GroupColumn<C::Column>> {
        if let Operand::Aggregate(aggregate) = operand {
            return self.fold(columns, aggregate);
        }
        // The column that `count by` shows may be named as it is headed.
        if self.slice(operand.span()) == "count" && !columns.has_field(self, "count") {
            return Ok(Some(counted("count")));
        }
        if let Operand::Path(path) = operand
            && columns.is_same(&settled!(columns.settle(self, path)).0, by)
        {
            return Ok(Some(GroupColumn::Key));
        }
        self.say(
            Diagnostic::new(
                code::WRONG_COMPARISON,
                format!(
                    "`{}` is not the same for all records of a group",
                    self.slice(operand.span())
                ),
                operand.span(),
                "neither the group's key nor a fold",
            )
            .help(format!(
                "take `{}`, or a fold: `count()`, `count(…)`, `min(…)`, `max(…)`, `sum(…)`, `avg(…)`",
                columns.written(by)
            )),
        )
    }

    fn fold<C: Columns>(
        &self,
        columns: &C,
        aggregate: &ast::Aggregate,
    ) -> Settled<GroupColumn<C::Column>> {
        let fold = fold_of(aggregate.fold);
        let written = self.slice(aggregate.span).to_owned();
        let Some(path) = &aggregate.path else {
            if fold == Fold::Count {
                return Ok(Some(counted(&written)));
            }
            return self.folds_nothing(fold, &written, aggregate.span);
        };
        let (column, kind) = settled!(columns.settle(self, path));
        if !columns.may_fold(&column, fold) {
            return self.no_one_kind(&columns.written(&column), aggregate.span);
        }
        settled!(self.can_fold(fold, &columns.written(&column), &kind, path.span));
        Ok(Some(GroupColumn::Fold { fold, path: Some(column), written }))
    }

    /// Refuses `show` beside `count`.
    pub(super) fn shown_count<T>(&self, span: Span) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::REPEATED_CLAUSE,
                "`show` stands beside `count`",
                span,
                "a count has no columns",
            )
            .help("keep one of them; `group by … show …` shows columns of groups"),
        )
    }
}

/// The paths of records of these relations.
pub(super) struct RecordColumns<'r>(pub &'r [RelationId]);

impl Columns for RecordColumns<'_> {
    type Column = Path;
    type Shown = Term;

    fn settle(&self, resolver: &Resolver<'_>, path: &ast::Path) -> Settled<(Path, Kind)> {
        let TypedPath { path, kind } = settled!(resolver.path(self.0, path));
        Ok(Some((path, kind)))
    }

    fn written(&self, column: &Path) -> String {
        column.written.clone()
    }

    fn is_same(&self, one: &Path, other: &Path) -> bool {
        one.is_same_way(other)
    }

    fn has_field(&self, resolver: &Resolver<'_>, name: &str) -> bool {
        self.0.iter().any(|id| {
            resolver.schema.field_named(*id, name).is_some()
                || resolver.schema.inverses_named(*id, name).next().is_some()
        })
    }

    fn shown(&self, resolver: &Resolver<'_>, operand: &Operand) -> Settled<Term> {
        Ok(resolver.term_of(self, operand)?.map(|typed| typed.term))
    }
}

/// Counts the rows of a group.
fn counted<C>(written: &str) -> GroupColumn<C> {
    GroupColumn::Fold { fold: Fold::Count, path: None, written: written.to_owned() }
}
