//! Questions inside others: their rows are records, or what a path from them leads to.

use super::paths::{Kind, TypedPath};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{RelationId, SOURCE_RELATION};
use crate::query::Query;
use crate::query::expression::{Rows, SortKey};
use crate::query::formula::Bindings;
use crate::query::statement_rows::{StatementColumn, ToldPath};
use crate::source::Span;
use crate::syntax::query::ast::{self, ClauseKind, Operand};

impl Resolver<'_> {
    /// Settles a question whose rows another one begins with, and of which relations they are.
    pub(super) fn subquery(&self, tree: &ast::Query) -> Settled<(Query, Vec<RelationId>)> {
        let (rows, typed) = settled!(self.inner(tree, &[], tree.span));
        let Kind::Records(relations) = typed.kind else {
            let message = format!("`{}` is no set of records", self.slice(tree.span));
            let label = "rows are records";
            let found = Diagnostic::new(code::WRONG_ROWS, message, tree.span, label);
            return self
                .say(found.help("leave `show` out; what is shown stands behind the parentheses"));
        };
        match rows {
            Rows::Query(query) if typed.path.steps.is_empty() => Ok(Some((*query, relations))),
            rows => {
                let (rows, path) = (Box::new(rows), Box::new(typed.path));
                Ok(Some((Query::of(Rows::Along { rows, path }), relations)))
            }
        }
    }

    /// Settles a question inside another with the steps behind it: `(tenures where …).period`. What it shows is a
    /// path from its rows.
    pub(super) fn inner(
        &self,
        tree: &ast::Query,
        behind: &[ast::Step],
        span: Span,
    ) -> Settled<(Rows, TypedPath)> {
        let mut tree = tree.clone();
        let mut steps = Vec::new();
        for clause in &tree.clauses {
            match &clause.kind {
                ClauseKind::Count(_) | ClauseKind::Group(_) => {
                    return self.counts_inside(&tree, clause);
                }
                ClauseKind::Show(operands) => match operands.as_slice() {
                    [Operand::Path(ast::Path { head: ast::Head::Row, steps: shown, .. })] => {
                        steps.clone_from(shown);
                    }
                    _ => return self.shows_several(clause.span),
                },
                _ => {}
            }
        }
        tree.clauses.retain(|clause| !matches!(clause.kind, ClauseKind::Show(_)));
        steps.extend_from_slice(behind);
        if is_of_statements(&tree) {
            return self.inner_statements(&tree, &steps, span);
        }
        let mut query = settled!(self.query(&tree));
        let relations = match &mut query.rows {
            Rows::Bindings(bindings) => match one_variable(bindings) {
                Some((relations, order)) => {
                    query.order = order;
                    // The variable is no field: it stands for the row.
                    let variable = bindings.ways.first().and_then(|way| way.variables.first());
                    let first = steps.first().map(|step| &step.way);
                    if let (Some(ast::Way::Name(word)), Some(variable)) = (first, variable)
                        && word.text == variable.name
                        && behind.len() < steps.len()
                    {
                        steps.remove(0);
                    }
                    relations
                }
                None => return self.several_inside(&tree),
            },
            rows => super::relations_of(rows),
        };
        let typed = settled!(self.steps(&relations, &steps, self.slice(span)));
        Ok(Some((Rows::Query(Box::new(query)), typed)))
    }

    /// Settles statements inside a question: the records that they are about, cite, or have as values.
    fn inner_statements(
        &self,
        tree: &ast::Query,
        steps: &[ast::Step],
        span: Span,
    ) -> Settled<(Rows, TypedPath)> {
        let limit = tree.clauses.iter().find(|each| matches!(each.kind, ClauseKind::Limit(_)));
        if let Some(limit) = limit {
            return self.limits_statements(limit.span);
        }
        let Some((first, rest)) = steps.split_first() else {
            return self.no_records(tree.span);
        };
        let ast::Step { way: ast::Way::Name(word), closure: None, filters } = first else {
            return self.no_records(tree.span);
        };
        let column = match word.text.as_str() {
            "of" => StatementColumn::Of,
            "source" => StatementColumn::Source,
            "value" => StatementColumn::Value,
            _ => return self.no_records(word.span),
        };
        if !filters.is_empty() {
            return self.no_records(word.span);
        }
        let relations = match column {
            StatementColumn::Source => vec![SOURCE_RELATION],
            _ => self.schema.relations().map(|(id, _)| id).collect(),
        };
        let mut query = settled!(self.query(tree));
        if let Rows::Statements(rows) = &mut query.rows {
            rows.columns = vec![ToldPath::of(column)];
        }
        let typed = settled!(self.steps(&relations, rest, self.slice(span)));
        Ok(Some((Rows::Query(Box::new(query)), typed)))
    }

    pub(super) fn no_records<T>(&self, at: Span) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::WRONG_ROWS,
                "a statement is no record",
                at,
                "records are expected here",
            )
            .help("`(statements where …).of` are the records that they are about; `.source` are their sources, `.value` the records that they name"),
        )
    }

    fn limits_statements<T>(&self, at: Span) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::WRONG_ROWS,
                "a limit stands among statements in parentheses",
                at,
                "one record may have many of them",
            )
            .help("limit the records: `(polities where this in (statements where …).of limit 3)`"),
        )
    }

    fn several_inside<T>(&self, tree: &ast::Query) -> Settled<T> {
        let at = match &tree.body {
            ast::Body::Find { variables, .. } => {
                variables.iter().map(|word| word.span).reduce(Span::to).unwrap_or(tree.span)
            }
            ast::Body::From { .. } => tree.span,
        };
        self.say(
            Diagnostic::new(
                code::WRONG_ROWS,
                "each row of the question in parentheses is several records",
                at,
                "one record a row is expected here",
            )
            .help("name one variable, `(find a where …)`; the others are bound by `NAME is RELATION` all the same"),
        )
    }

    fn counts_inside<T>(&self, tree: &ast::Query, clause: &ast::Clause) -> Settled<T> {
        let message = format!("`{}` in parentheses gives no records", clause.kind.words());
        let label = "records are expected of a question inside another";
        let found = Diagnostic::new(code::WRONG_ROWS, message, clause.span, label);
        self.say(match &clause.kind {
            ClauseKind::Count(None) => {
                let before = Span { end: clause.span.start, ..tree.span };
                let inner = self.slice(before).trim_start_matches('(').trim();
                found.help(format!("count them outside: `count(({inner}))`"))
            }
            _ => found.help(
                "a fold outside counts or adds: `count((treaties where …).party)`; groups are those of a whole question",
            ),
        })
    }

    fn shows_several<T>(&self, at: Span) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::WRONG_ROWS,
                "a question in parentheses shows more than one path",
                at,
                "one path gives the values",
            )
            .help("show one path of the row, `(treaties where … show party)`"),
        )
    }
}

fn is_of_statements(tree: &ast::Query) -> bool {
    matches!(&tree.body, ast::Body::From { source: ast::Source::Statements(_), .. })
}

/// Returns what the one variable of `find` ranges over, and makes its order one of records; nothing where there are
/// several.
fn one_variable(bindings: &mut Bindings) -> Option<(Vec<RelationId>, Vec<SortKey>)> {
    if bindings.width != 1 {
        return None;
    }
    let ranges = bindings.ways.iter().filter_map(|way| way.variables.first());
    let mut relations: Vec<RelationId> =
        ranges.flat_map(|variable| variable.relations.iter().copied()).collect();
    relations.sort_unstable();
    relations.dedup();
    let order = std::mem::take(&mut bindings.order).into_iter();
    let order = order.map(|(column, direction)| {
        Some(SortKey { term: column.rooted(&|bound| Some(bound.path))?, direction })
    });
    Some((relations, order.collect::<Option<_>>()?))
}
