//! Right sides that begin elsewhere than at the row: at a record, or at the rows of another query.

use super::paths::{Kind, TypedPath};
use super::{Resolver, Settled, settled};
use crate::model::RelationId;
use crate::query::among::Member;
use crate::query::expression::{Path, Rows, Test, TimeAgainst, TimeTest};
use crate::query::terms::{Term, Values};
use crate::source::Span;
use crate::syntax::query::ast::{self, Comparator};

/// A right side that begins elsewhere than at the row: `rapallo-1922.signed`, `(tenures where …).period`.
pub(super) struct Anchored {
    /// Where it begins.
    pub rows: Rows,
    /// From there to the values.
    pub typed: TypedPath,
}

impl Resolver<'_> {
    /// Settles a right side that begins at a record or a query; nothing where it is a path of the row.
    pub(super) fn anchored(&self, relations: &[RelationId], path: &ast::Path) -> Settled<Anchored> {
        if let ast::Head::Query(inner) = &path.head {
            let (rows, typed) = settled!(self.inner(inner, &path.steps, path.span));
            return Ok(Some(Anchored { rows, typed }));
        }
        let first = path.steps.first().map(|step| &step.way);
        let Some(ast::Way::Name(word)) = first else { return Ok(None) };
        let is_field = relations.iter().any(|id| {
            self.schema.field_named(*id, &word.text).is_some()
                || self.schema.inverses_named(*id, &word.text).next().is_some()
        });
        if is_field {
            return Ok(None);
        }
        let Some(entity) = self.record_head(path)? else { return Ok(None) };
        let Some(relation) = self.index.relation_of(entity) else { return Ok(None) };
        let rest = path.steps.get(1..).unwrap_or_default();
        let typed = settled!(self.steps(&[relation], rest, self.slice(path.span)));
        Ok(Some(Anchored { rows: Rows::Records(vec![entity]), typed }))
    }

    pub(super) fn against_anchored(
        &self,
        left: TypedPath,
        comparator: Comparator,
        at: Span,
        anchored: Anchored,
        span: Span,
    ) -> Settled<(Path, Test)> {
        match (&left.kind, &anchored.typed.kind) {
            (Kind::Time, Kind::Time) => {
                let operator = settled!(self.time_relation_of(&left, comparator, at));
                let path = Box::new(anchored.typed.path);
                let against = TimeAgainst::Values { rows: Box::new(anchored.rows), path };
                Ok(Some((left.path, Test::Time(TimeTest { operator, against }))))
            }
            (Kind::Records(_), Kind::Records(_)) if anchored.typed.path.steps.is_empty() => {
                settled!(self.only_equality(&left, comparator, at));
                Ok(Some((left.path, Test::Records(anchored.rows))))
            }
            _ => {
                let Anchored { rows, typed } = anchored;
                let operator = settled!(self.path_operator(&left, comparator, at, &typed, span));
                let right = Term::Values(Values::Elsewhere { rows, path: typed.path });
                Ok(Some((left.path, Test::Among(vec![Member::Found { operator, right }]))))
            }
        }
    }
}
