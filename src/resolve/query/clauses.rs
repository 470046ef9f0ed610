//! Clauses: which statements are taken, order, limit, and what is shown.

use super::paths::{Kind, TypedPath, written};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{FieldId, FieldRole, RelationId};
use crate::query::Query;
use crate::query::expression::{
    Claims, Condition, Direction, End, Fold, GroupColumn, Output, Path, Rows, SortKey,
};
use crate::query::statement_rows::StatementCondition;
use crate::source::Span;
use crate::syntax::query::ast::{self, ClauseKind, Operand};

impl Resolver<'_> {
    /// Settles the clauses, and with them the whole query; a condition that was refused does not keep their
    /// faults from being found.
    pub(super) fn clauses(
        &self,
        rows: Rows,
        relations: &[RelationId],
        condition: Option<Condition>,
        tree: &ast::Query,
    ) -> Settled<Query> {
        let mut claims = Claims::default();
        let mut order = Vec::new();
        let mut limit = None;
        let mut shown: Option<(&[Operand], Span)> = None;
        let mut counted: Option<Option<&ast::Path>> = None;
        let mut grouped: Option<&ast::Path> = None;
        let mut sorted = None;
        let mut is_whole = condition.is_some();
        for clause in &tree.clauses {
            match &clause.kind {
                ClauseKind::AsOf(value) => match written(value) {
                    Some(words) => match self.date(words)? {
                        Some(date) => claims.as_of = Some(date),
                        None => is_whole = false,
                    },
                    None => return self.not_yet(value.span(), "`as of` with a path"),
                },
                ClauseKind::AccordingTo(value) => match written(value) {
                    Some(words) => match self.source_named(words)? {
                        Some(source) => claims.according_to = Some(vec![source]),
                        None => is_whole = false,
                    },
                    None => return self.not_yet(value.span(), "`according to` with a path"),
                },
                ClauseKind::AllClaims => claims.all = true,
                ClauseKind::Limit(most) => limit = Some(*most),
                ClauseKind::Show(columns) => shown = Some((columns, clause.span)),
                ClauseKind::Count(by) => counted = Some(by.as_ref()),
                ClauseKind::Group(by) => grouped = Some(by),
                ClauseKind::Sort(keys) => {
                    sorted = Some(clause.span);
                    for key in keys {
                        match self.sort_key(relations, key)? {
                            Some(key) => order.push(key),
                            None => is_whole = false,
                        }
                    }
                }
            }
        }
        let by = grouped.or(counted.flatten());
        let output = match (by, counted) {
            (Some(by), _) => {
                if let Some(span) = sorted {
                    return self.not_yet(span, "`sort by` for groups");
                }
                self.groups(relations, by, shown.filter(|_| grouped.is_some()))?
            }
            (None, Some(_)) => Some(Output::Count),
            (None, None) => match shown {
                Some((columns, _)) => self.columns(relations, columns)?,
                None => Some(Output::Records(self.default_columns(relations))),
            },
        };
        if counted.is_some()
            && let Some((_, span)) = shown
        {
            return self.say(
                Diagnostic::new(
                    code::REPEATED_CLAUSE,
                    "`show` stands beside `count`",
                    span,
                    "a count has no columns",
                )
                .help("keep one of them; `group by … show …` shows columns of groups"),
            );
        }
        let (Some(condition), Some(output), true) = (condition, output, is_whole) else {
            return Ok(None);
        };
        let (notes, program) = (Vec::new(), Default::default());
        Ok(Some(Query { rows, condition, claims, order, limit, output, notes, program }))
    }

    fn sort_key(&self, relations: &[RelationId], key: &ast::SortKey) -> Settled<SortKey> {
        let direction = match key.direction {
            ast::Direction::Ascending => Direction::Ascending,
            ast::Direction::Descending => Direction::Descending,
        };
        let TypedPath { path, .. } = settled!(self.column(relations, &key.by));
        Ok(Some(SortKey { path, direction }))
    }

    /// Settles one column or key of rows.
    fn column(&self, relations: &[RelationId], operand: &Operand) -> Settled<TypedPath> {
        match operand {
            Operand::Path(path) => self.path(relations, path),
            Operand::Aggregate(aggregate) => {
                self.not_yet(aggregate.span, "a fold outside `group by`")
            }
            Operand::Difference(..) => self.not_yet(operand.span(), "a difference"),
            Operand::Quoted(word) => self.not_a_path(word.span),
            Operand::Phrase(phrase) => self.not_a_path(phrase.span),
        }
    }

    fn not_a_path<T>(&self, span: Span) -> Settled<T> {
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

    fn columns(&self, relations: &[RelationId], operands: &[Operand]) -> Settled<Output> {
        let mut columns = Vec::with_capacity(operands.len());
        let mut is_whole = true;
        for operand in operands {
            match self.column(relations, operand)? {
                Some(typed) => columns.push(typed.path),
                None => is_whole = false,
            }
        }
        Ok(is_whole.then_some(Output::Records(columns)))
    }

    fn groups(
        &self,
        relations: &[RelationId],
        by: &ast::Path,
        shown: Option<(&[Operand], Span)>,
    ) -> Settled<Output> {
        let key = settled!(self.path(relations, by));
        let count =
            || GroupColumn::Fold { fold: Fold::Count, path: None, written: "count".to_owned() };
        let Some((operands, _)) = shown else {
            return Ok(Some(Output::Groups {
                by: key.path,
                columns: vec![GroupColumn::Key, count()],
            }));
        };
        let mut columns = Vec::with_capacity(operands.len());
        for operand in operands {
            columns.push(match operand {
                Operand::Aggregate(aggregate) => settled!(self.fold(relations, aggregate)),
                Operand::Path(path) if settled!(self.path(relations, path)).path == key.path => GroupColumn::Key,
                other => {
                    return self.say(
                        Diagnostic::new(
                            code::WRONG_COMPARISON,
                            format!("`{}` is not the same for all records of a group", self.slice(other.span())),
                            other.span(),
                            "neither the group's key nor a fold",
                        )
                        .help(format!("show `{}`, or fold it: `count(…)`, `min(…)`, `max(…)`, `sum(…)`, `avg(…)`", key.path.written)),
                    );
                }
            });
        }
        Ok(Some(Output::Groups { by: key.path, columns }))
    }

    fn fold(&self, relations: &[RelationId], aggregate: &ast::Aggregate) -> Settled<GroupColumn> {
        let fold = match aggregate.fold {
            ast::Fold::Count => Fold::Count,
            ast::Fold::Min => Fold::Min,
            ast::Fold::Max => Fold::Max,
            ast::Fold::Sum => Fold::Sum,
            ast::Fold::Avg => Fold::Avg,
        };
        let written = self.slice(aggregate.span).to_owned();
        let Some(path) = &aggregate.path else {
            if fold == Fold::Count {
                return Ok(Some(GroupColumn::Fold { fold, path: None, written }));
            }
            return self.say(
                Diagnostic::new(
                    code::WRONG_COMPARISON,
                    format!("`{written}` folds nothing"),
                    aggregate.span,
                    "a field is missing",
                )
                .help("name what is folded: `min(signed)`"),
            );
        };
        let typed = settled!(self.path(relations, path));
        let is_number = matches!(typed.kind, Kind::Number(_) | Kind::Length);
        if matches!(fold, Fold::Sum | Fold::Avg) && !is_number {
            return self.say(
                Diagnostic::new(
                    code::WRONG_COMPARISON,
                    format!(
                        "`{}` holds {}, which cannot be added",
                        typed.path.written,
                        typed.kind.described()
                    ),
                    path.span,
                    "numbers are expected",
                )
                .help(
                    "count them, or take the least or the greatest: `count(…)`, `min(…)`, `max(…)`",
                ),
            );
        }
        Ok(Some(GroupColumn::Fold { fold, path: Some(typed.path), written }))
    }

    /// Returns the columns that are shown where none are named: identifier, name, own date, required fields.
    fn default_columns(&self, relations: &[RelationId]) -> Vec<Path> {
        let identifier =
            Path { steps: Vec::new(), end: End::Identifiers, written: "id".to_owned() };
        let mut columns = vec![identifier];
        let names =
            relations.iter().filter_map(|id| self.schema.field_with_role(*id, FieldRole::Name));
        let names: Vec<FieldId> = names.collect();
        if !names.is_empty() {
            columns.push(values("name", names));
        }
        let own: Vec<FieldId> =
            relations.iter().filter_map(|id| self.schema.relation(*id).own_date).collect();
        if let [relation] = relations {
            if let [own] = own.as_slice() {
                columns.push(values(&self.schema.field(*own).name, vec![*own]));
            }
            for (id, field) in self.schema.fields_of(*relation) {
                let is_shown = field.role == FieldRole::Declared
                    && field.cardinality.is_required()
                    && !own.contains(&id);
                if !is_shown {
                    continue;
                }
                columns.push(self.field_path(id));
            }
        } else if !own.is_empty() {
            columns.push(values("date", own));
        }
        columns
    }

    fn field_path(&self, id: FieldId) -> Path {
        use crate::query::expression::{Repeats, Step, Way};
        let field = self.schema.field(id);
        let targets = field.value_type.targets();
        if targets.is_empty() {
            return values(&field.name, vec![id]);
        }
        let way = Way::Fields { forward: vec![id], backward: Vec::new() };
        let step = Step {
            way,
            repeats: Repeats::Once,
            filter: Condition::Always,
            statement: StatementCondition::Always,
        };
        Path { steps: vec![step], end: End::Records(targets.to_vec()), written: field.name.clone() }
    }
}

fn values(written: &str, fields: Vec<FieldId>) -> Path {
    let end = End::whole(fields);
    Path { steps: Vec::new(), end, written: written.to_owned() }
}
