//! `statements`: rows that are statements, asked by what they say of themselves.

use super::groups::{Columns, RowClauses};
use super::paths::{Kind, written};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code, one_of};
use crate::model::{RelationId, SOURCE_RELATION, Status};
use crate::query::Query;
use crate::query::expression::{Condition, Fold, Quantifier, Rows, Test, TextTest};
use crate::query::statement_rows::{StatementColumn, StatementCondition, StatementRows};
use crate::source::Span;
use crate::suggest;
use crate::syntax::query::ast::{self, Comparator, Operand, Predicate, Prefix};

/// What is shown where nothing is named.
const SHOWN: [StatementColumn; 6] = [
    StatementColumn::Of,
    StatementColumn::Field,
    StatementColumn::Value,
    StatementColumn::Status,
    StatementColumn::Period,
    StatementColumn::Source,
];

impl Resolver<'_> {
    /// Settles `statements where …`, of which a saved query may ask something before.
    pub(super) fn statement_rows(
        &self,
        saved: StatementCondition,
        condition: Option<&ast::Condition>,
        tree: &ast::Query,
    ) -> Settled<Query> {
        let condition = match condition {
            Some(condition) => settled!(self.statement_condition(condition)),
            None => StatementCondition::Always,
        };
        let condition = StatementCondition::all(vec![saved, condition]);
        let RowClauses { mut columns, order, groups, output, limit, claims } =
            settled!(self.row_clauses(&StatementColumns, tree));
        if columns.is_empty() {
            columns = SHOWN.to_vec();
        }
        let rows = StatementRows { condition, columns, order, groups };
        Ok(Some(Query {
            rows: Rows::Statements(Box::new(rows)),
            condition: Condition::Always,
            claims,
            order: Vec::new(),
            limit,
            output,
            notes: Vec::new(),
            program: Default::default(),
        }))
    }

    /// Reads the first step of a path of a statement.
    fn of_statement<'p>(&self, path: &'p ast::Path) -> Settled<(StatementColumn, &'p [ast::Step])> {
        let first = path.steps.first().filter(|_| !matches!(path.head, ast::Head::Query(_)));
        let Some(ast::Step { way: ast::Way::Name(word), closure: None, filters }) = first else {
            return self.not_yet(path.span, "this path of a statement");
        };
        if let Some(filter) = filters.first() {
            return self.not_yet(
                filter.span().unwrap_or(path.span),
                "brackets behind a part of a statement",
            );
        }
        let known = StatementColumn::ALL.into_iter().find(|each| each.name() == word.text);
        let Some(column) = known else {
            let names = StatementColumn::ALL.map(StatementColumn::name);
            let near = suggest::nearest(&word.text, names.iter().copied());
            let diagnostic = Diagnostic::new(
                code::UNKNOWN_STEP,
                format!("statements have no field `{}`", word.text),
                word.span,
                "no part of a statement",
            );
            return self.say(match near.is_empty() {
                false => diagnostic.help(format!("did you mean {}?", one_of(&near))),
                true => diagnostic.help(format!("there are {}", one_of(&names))),
            });
        };
        Ok(Some((column, path.steps.get(1..).unwrap_or_default())))
    }

    /// Settles a condition on a statement.
    pub(super) fn statement_condition(
        &self,
        condition: &ast::Condition,
    ) -> Settled<StatementCondition> {
        match condition {
            ast::Condition::And(parts) => {
                Ok(self.statement_parts(parts)?.map(StatementCondition::And))
            }
            ast::Condition::Or(parts) => {
                Ok(self.statement_parts(parts)?.map(StatementCondition::Or))
            }
            ast::Condition::Prefixed { prefix, inner, .. } => {
                let inner = Box::new(settled!(self.statement_condition(inner)));
                Ok(Some(match prefix {
                    Prefix::Not => StatementCondition::Not(inner),
                    Prefix::Certainly => StatementCondition::Certainly(inner),
                    Prefix::Possibly => StatementCondition::Possibly(inner),
                }))
            }
            ast::Condition::Exists { negated, path, .. } => {
                let (column, rest) = settled!(self.of_statement(path));
                if !rest.is_empty() {
                    return self.beyond(column, rest, path.span, |typed| match negated {
                        true => Ok(Some(Condition::Lacks(typed.path))),
                        false => Ok(Some(Condition::Has(typed.path))),
                    });
                }
                let has = StatementCondition::Has(column);
                Ok(Some(if *negated { StatementCondition::Not(Box::new(has)) } else { has }))
            }
            ast::Condition::Compare { quantifier, left, predicate, span } => {
                let Operand::Path(path) = left else {
                    let _ = self.left(&[], left)?;
                    return Ok(None);
                };
                let is_negated = *quantifier == ast::Quantifier::No;
                let found = settled!(self.statement_comparison(path, predicate, *span));
                Ok(Some(match is_negated {
                    true => StatementCondition::Not(Box::new(found)),
                    false => found,
                }))
            }
            ast::Condition::Call { span, .. } => self.not_yet(*span, "a rule asked of a statement"),
            ast::Condition::Mentions { value, .. } => match written(value) {
                Some(words) => {
                    let record = settled!(self.record(words, &self.everything()));
                    Ok(Some(StatementCondition::ValueIn(Rows::Records(vec![record]))))
                }
                None => self.not_yet(value.span(), "`mentions` with a path"),
            },
        }
    }

    fn statement_parts(&self, parts: &[ast::Condition]) -> Settled<Vec<StatementCondition>> {
        let mut all = Vec::with_capacity(parts.len());
        let mut is_whole = true;
        for part in parts {
            match self.statement_condition(part)? {
                Some(part) => all.push(part),
                None => is_whole = false,
            }
        }
        Ok(is_whole.then_some(all))
    }

    fn everything(&self) -> Vec<RelationId> {
        self.schema.relations().map(|(id, _)| id).collect()
    }

    /// Settles a condition on the record that a statement is about, or on its source.
    fn beyond(
        &self,
        column: StatementColumn,
        rest: &[ast::Step],
        at: Span,
        make: impl FnOnce(super::paths::TypedPath) -> Settled<Condition>,
    ) -> Settled<StatementCondition> {
        let relations = match column {
            StatementColumn::Of => self.everything(),
            StatementColumn::Source => vec![SOURCE_RELATION],
            _ => return self.not_yet(at, "a path beyond this part of a statement"),
        };
        let typed = settled!(self.steps(&relations, rest, self.slice(at)));
        let condition = settled!(make(typed));
        Ok(Some(match column {
            StatementColumn::Source => StatementCondition::Source(condition),
            _ => StatementCondition::Of { relations, condition },
        }))
    }

    fn statement_comparison(
        &self,
        path: &ast::Path,
        predicate: &Predicate,
        span: Span,
    ) -> Settled<StatementCondition> {
        let (column, rest) = settled!(self.of_statement(path));
        if matches!(column, StatementColumn::Of | StatementColumn::Source) || !rest.is_empty() {
            return self.beyond(column, rest, path.span, |typed| {
                self.predicate(&[], Quantifier::Some, typed, predicate)
            });
        }
        let (values, comparator, is_negated) = match predicate {
            Predicate::Against { comparator: Comparator::NotEqual, right, .. } => {
                (vec![right], Comparator::Equal, true)
            }
            Predicate::Against { comparator, right, .. } => (vec![right], *comparator, false),
            Predicate::Among { members, negated } => {
                (members.iter().collect(), Comparator::Equal, *negated)
            }
            Predicate::Is { kind, negated } if column == StatementColumn::Value => {
                let is = StatementCondition::Words(
                    StatementColumn::Value,
                    TextTest::Is(vec![kind.text.to_lowercase()]),
                );
                let found = match kind.text.to_lowercase().as_str() {
                    "unknown" | "none" => is,
                    _ => {
                        let relations = settled!(self.relations(kind));
                        StatementCondition::ValueIn(Rows::Relations(relations))
                    }
                };
                return Ok(Some(negated_if(found, *negated)));
            }
            _ if column == StatementColumn::Period => (Vec::new(), Comparator::Equal, false),
            _ => return self.not_yet(span, "this comparison of a part of a statement"),
        };
        if column == StatementColumn::Period {
            return self.period_of_statement(path, predicate, is_negated);
        }
        let mut any = Vec::with_capacity(values.len());
        let mut statuses = Vec::new();
        for value in values {
            let Some(words) = written(value) else {
                return self.not_yet(value.span(), "a part of a statement beside a path");
            };
            match (column, comparator) {
                (StatementColumn::Status, Comparator::Equal) => {
                    let named = Status::ALL
                        .into_iter()
                        .find(|each| each.word().eq_ignore_ascii_case(words.text));
                    match named {
                        Some(status) => statuses.push(status),
                        None => return self.unknown_status(words.text, words.span),
                    }
                }
                (_, Comparator::Equal) => {
                    if column == StatementColumn::Field {
                        settled!(self.known_field(words.text, words.span));
                    }
                    if column == StatementColumn::Value {
                        let records = self.records_named(words.text, None)?;
                        if !records.is_empty() {
                            any.push(StatementCondition::ValueIn(Rows::Records(records)));
                        }
                    }
                    any.push(StatementCondition::Words(
                        column,
                        TextTest::Is(vec![words.text.to_owned()]),
                    ));
                }
                (StatementColumn::Status, _) => {
                    return self.status_is_equal(path.span);
                }
                (_, Comparator::Matches) => any.push(StatementCondition::Words(
                    column,
                    TextTest::Contains(words.text.to_owned()),
                )),
                _ => {
                    return self.not_yet(span, "this comparison of a part of a statement");
                }
            }
        }
        let found = match column {
            StatementColumn::Status => StatementCondition::Status(statuses),
            _ => StatementCondition::Or(any),
        };
        Ok(Some(negated_if(found, is_negated)))
    }

    /// Refuses the name of a field that no relation has: the answer would be empty in silence.
    fn known_field(&self, name: &str, at: Span) -> Settled<()> {
        let names: Vec<&str> = self.schema.fields.iter().map(|field| field.name.as_str()).collect();
        if names.iter().any(|each| each.eq_ignore_ascii_case(name)) {
            return Ok(Some(()));
        }
        let near = suggest::nearest(name, names.iter().copied());
        let diagnostic = Diagnostic::new(
            code::UNKNOWN_NAME,
            format!("no relation has a field `{name}`"),
            at,
            "not the name of a field",
        );
        self.say(match near.is_empty() {
            false => diagnostic.help(format!("did you mean {}?", one_of(&near))),
            true => diagnostic.help("`regesta schema` prints the fields of every relation"),
        })
    }

    fn unknown_status<T>(&self, text: &str, span: Span) -> Settled<T> {
        let known: Vec<&str> = Status::ALL.into_iter().map(Status::word).collect();
        self.say(
            Diagnostic::new(
                code::UNKNOWN_NAME,
                format!("`{text}` is no status"),
                span,
                "not one of the statuses",
            )
            .help(format!("a status is {}", one_of(&known))),
        )
    }

    fn status_is_equal<T>(&self, at: Span) -> Settled<T> {
        let known: Vec<&str> = Status::ALL.into_iter().map(Status::word).collect();
        self.say(
            Diagnostic::new(
                code::WRONG_COMPARISON,
                "a status is one of a few words",
                at,
                "compared by `=`, `!=` or `in (…)` only",
            )
            .help(format!("a status is {}", one_of(&known))),
        )
    }

    fn period_of_statement(
        &self,
        path: &ast::Path,
        predicate: &Predicate,
        is_negated: bool,
    ) -> Settled<StatementCondition> {
        let left = super::paths::TypedPath {
            path: crate::query::expression::Path {
                steps: Vec::new(),
                end: crate::query::expression::End::Identifiers,
                written: self.slice(path.span).to_owned(),
            },
            kind: Kind::Time,
        };
        let test = match predicate {
            Predicate::Against { comparator, at, right } => {
                let comparator = match comparator {
                    Comparator::NotEqual => Comparator::Equal,
                    other => *other,
                };
                settled!(self.against(&[], left, comparator, *at, right)).1
            }
            Predicate::Among { members, .. } => settled!(self.among(&[], left, members)).1,
            Predicate::Between { from, to, .. } => settled!(self.between(&[], left, from, to)).1,
            Predicate::Is { .. } => {
                return self.not_yet(path.span, "this comparison of a statement's period");
            }
        };
        let is_negated =
            is_negated || matches!(predicate, Predicate::Between { negated: true, .. });
        match test {
            Test::Time(test) => Ok(Some(negated_if(StatementCondition::Period(test), is_negated))),
            _ => self.not_yet(path.span, "this comparison of a statement's period"),
        }
    }
}

fn negated_if(condition: StatementCondition, is_negated: bool) -> StatementCondition {
    match is_negated {
        true => StatementCondition::Not(Box::new(condition)),
        false => condition,
    }
}

/// The parts of a statement.
struct StatementColumns;

impl Columns for StatementColumns {
    type Column = StatementColumn;
    type Shown = StatementColumn;

    fn settle(
        &self,
        resolver: &Resolver<'_>,
        path: &ast::Path,
    ) -> Settled<(StatementColumn, Kind)> {
        let (column, rest) = settled!(resolver.of_statement(path));
        let kind = match column {
            StatementColumn::Of | StatementColumn::Source => Kind::Records(Vec::new()),
            StatementColumn::Period => Kind::Time,
            _ => Kind::Text,
        };
        match rest {
            [] => Ok(Some((column, kind))),
            _ => resolver.not_yet(path.span, "a column beyond the statement itself"),
        }
    }

    fn written(&self, column: &StatementColumn) -> String {
        column.name().to_owned()
    }

    /// Values of different fields have no least and no sum; what is no value can only be a group's key.
    fn may_fold(&self, column: &StatementColumn, fold: Fold) -> bool {
        let is_value =
            [StatementColumn::Of, StatementColumn::Value, StatementColumn::Source].contains(column);
        is_value && fold == Fold::Count
    }

    fn shown(&self, resolver: &Resolver<'_>, operand: &Operand) -> Settled<StatementColumn> {
        let Operand::Path(path) = operand else {
            return resolver.not_yet(operand.span(), "this column of `statements`");
        };
        Ok(self.settle(resolver, path)?.map(|(column, _)| column))
    }
}
