//! Groups: what records share, and what is shown of those that share it.

use super::terms::{direction, fold_of};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::model::RelationId;
use crate::query::expression::{Direction, Fold, GroupColumn, Output, Path};
use crate::syntax::query::ast::{self, Operand};

impl Resolver<'_> {
    /// Settles `count by PATH` and `group by PATH`, with what is shown of each group and in which order.
    pub(super) fn groups(
        &self,
        relations: &[RelationId],
        by: &ast::Path,
        shown: Option<&[Operand]>,
        sorted: &[ast::SortKey],
    ) -> Settled<Output> {
        let by = settled!(self.path(relations, by)).path;
        let mut order: Vec<(GroupColumn, Direction)> = Vec::with_capacity(sorted.len());
        for key in sorted {
            let column = settled!(self.group_column(relations, &by, &key.by));
            order.push((column, direction(key.direction)));
        }
        let columns = match shown {
            None => vec![GroupColumn::Key, count("count")],
            Some(operands) => {
                let mut columns = Vec::with_capacity(operands.len());
                for operand in operands {
                    columns.push(settled!(self.group_column(relations, &by, operand)));
                }
                columns
            }
        };
        Ok(Some(Output::Groups { by, columns, order }))
    }

    fn group_column(
        &self,
        relations: &[RelationId],
        by: &Path,
        operand: &Operand,
    ) -> Settled<GroupColumn> {
        match operand {
            Operand::Aggregate(aggregate) => self.group_fold(relations, aggregate),
            // The column that `count by` shows may be named as it is headed.
            Operand::Path(path)
                if self.slice(path.span) == "count" && !self.has_field(relations, "count") =>
            {
                Ok(Some(count("count")))
            }
            Operand::Path(path) if settled!(self.path(relations, path)).path.is_same_way(by) => {
                Ok(Some(GroupColumn::Key))
            }
            other => {
                let message = format!(
                    "`{}` is not the same for all records of a group",
                    self.slice(other.span())
                );
                let said = Diagnostic::new(
                    code::WRONG_COMPARISON,
                    message,
                    other.span(),
                    "neither the group's key nor a fold",
                );
                self.say(said.help(format!(
                    "take `{}`, or a fold: `count()`, `count(…)`, `min(…)`, `max(…)`, `sum(…)`, `avg(…)`",
                    by.written
                )))
            }
        }
    }

    fn group_fold(
        &self,
        relations: &[RelationId],
        aggregate: &ast::Aggregate,
    ) -> Settled<GroupColumn> {
        let fold = fold_of(aggregate.fold);
        let written = self.slice(aggregate.span).to_owned();
        let Some(path) = &aggregate.path else {
            if fold == Fold::Count {
                return Ok(Some(count(&written)));
            }
            return self.folds_nothing(fold, &written, aggregate.span);
        };
        let typed = settled!(self.path(relations, path));
        settled!(self.can_fold(fold, &typed, path.span));
        Ok(Some(GroupColumn::Fold { fold, path: Some(typed.path), written }))
    }

    fn has_field(&self, relations: &[RelationId], name: &str) -> bool {
        relations.iter().any(|id| {
            self.schema.field_named(*id, name).is_some()
                || self.schema.inverses_named(*id, name).next().is_some()
        })
    }
}

/// Counts the records of a group.
fn count(written: &str) -> GroupColumn {
    GroupColumn::Fold { fold: Fold::Count, path: None, written: written.to_owned() }
}
