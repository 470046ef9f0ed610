//! `statements`: rows that are statements, asked by what they say of themselves.

use super::groups::{Columns, RowClauses};
use super::names::Written;
use super::paths::{Kind, written};
use super::{Resolver, Settled, negated_if, settle_each, settled};
use crate::diagnostic::{Diagnostic, code, meant, one_of};
use crate::model::{RelationId, SOURCE_RELATION, Status};
use crate::query::Query;
use crate::query::expression::{Condition, Rows, Test};
use crate::query::operators::{Fold, Quantifier, TextTest};
use crate::query::statement_rows::{
    Beyond, StatementColumn, StatementCondition, StatementRows, ToldPath,
};
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
        let RowClauses { mut columns, order, groups, output, limit, claims } = settled!(
            self.row_clauses(&StatementColumns { value: self.value_kind(&condition, tree) }, tree)
        );
        if columns.is_empty() {
            columns = SHOWN.map(ToldPath::of).to_vec();
        }
        let rows = StatementRows { condition, columns, order, groups };
        let rows = Rows::Statements(Box::new(rows));
        Ok(Some(Query { claims, limit, output, ..Query::of(rows) }))
    }

    /// Reads the first step of a path of a statement.
    pub(super) fn of_statement<'p>(
        &self,
        path: &'p ast::Path,
    ) -> Settled<(StatementColumn, &'p [ast::Step])> {
        let first = path.steps.first().filter(|_| !matches!(path.head, ast::Head::Query(_)));
        let Some(ast::Step { way: ast::Way::Name(word), closure: None, filters }) = first else {
            let names = StatementColumn::ALL.map(StatementColumn::name);
            let message = "a path of a statement begins with one of its parts";
            let label = "no part of a statement";
            let found = Diagnostic::new(code::UNKNOWN_STEP, message, path.span, label);
            return self.say(found.help(format!("there are {}", one_of(&names))));
        };
        if let Some(filter) = filters.first() {
            let at = filter.span().unwrap_or(path.span);
            let message = "brackets stand behind a step to records or values";
            let label = format!("`{}` is a part of the statement", word.text);
            let found = Diagnostic::new(code::UNKNOWN_STEP, message, at, label);
            return self.say(found.help(format!(
                "ask it beside the others: `{0} = … and …`, or of the record: `{0}.FIELD = …`",
                word.text
            )));
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
                false => diagnostic.help(meant(&near)),
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
                    if self.are_parts(column, rest) {
                        return self.has_part(path, *negated);
                    }
                    return self.beyond(column, rest, path.span, |typed| match negated {
                        true => Ok(Some(Condition::Lacks(typed.path))),
                        false => Ok(Some(Condition::Has(typed.path))),
                    });
                }
                let has = StatementCondition::Has(column);
                Ok(Some(negated_if(has, *negated)))
            }
            ast::Condition::Compare { quantifier, left, predicate, .. } => {
                let Operand::Path(path) = left else {
                    let _ = self.left(&[], left)?;
                    return Ok(None);
                };
                match quantifier {
                    ast::Quantifier::Some => self.statement_comparison(path, predicate),
                    ast::Quantifier::No => {
                        let found = settled!(self.statement_comparison(path, predicate));
                        Ok(Some(!found))
                    }
                    ast::Quantifier::Every => self.every_told(path, predicate),
                }
            }
            ast::Condition::Call { rule, arguments, span } => {
                self.told_call(rule, arguments, *span)
            }
            ast::Condition::Mentions { value, .. } => match written(value) {
                Some(words) => {
                    let record = settled!(self.record(words, &self.everything()));
                    Ok(Some(StatementCondition::ValueIn(Rows::Records(vec![record]))))
                }
                None => self.told_mentions(value),
            },
        }
    }

    fn statement_parts(&self, parts: &[ast::Condition]) -> Settled<Vec<StatementCondition>> {
        settle_each(parts, |part| self.statement_condition(part))
    }

    pub(super) fn everything(&self) -> Vec<RelationId> {
        self.schema.relations().map(|(id, _)| id).collect()
    }

    /// Settles a condition on the record that a statement is about, on its source, or on the record that it names.
    pub(super) fn beyond(
        &self,
        column: StatementColumn,
        rest: &[ast::Step],
        at: Span,
        make: impl FnOnce(super::paths::TypedPath) -> Settled<Condition>,
    ) -> Settled<StatementCondition> {
        let relations = match column {
            StatementColumn::Of | StatementColumn::Value => self.everything(),
            StatementColumn::Source => vec![SOURCE_RELATION],
            _ => return self.no_fields(column, rest, at),
        };
        let typed = settled!(self.steps(&relations, rest, self.slice(at)));
        let condition = settled!(make(typed));
        Ok(Some(match column {
            StatementColumn::Source => StatementCondition::Source(condition),
            StatementColumn::Value => StatementCondition::Value { relations, condition },
            _ => StatementCondition::Of { relations, condition },
        }))
    }

    pub(super) fn statement_comparison(
        &self,
        path: &ast::Path,
        predicate: &Predicate,
    ) -> Settled<StatementCondition> {
        let (column, rest) = settled!(self.of_statement(path));
        let operands = operands_of(predicate);
        let is_told = operands.iter().any(|operand| self.is_told(column, operand));
        if is_told || self.are_parts(column, rest) {
            return self.told_comparison(Quantifier::Some, path, predicate);
        }
        let is_mention =
            matches!(predicate, Predicate::Against { comparator: Comparator::Mentions, .. });
        if matches!(column, StatementColumn::Of | StatementColumn::Source)
            || !rest.is_empty()
            || (column == StatementColumn::Value && is_mention)
        {
            return self.beyond(column, rest, path.span, |typed| {
                self.predicate(&[], Quantifier::Some, typed, predicate)
            });
        }
        if let Predicate::Is { kind, negated } = predicate {
            return match column {
                StatementColumn::Value => {
                    Ok(self.value_is(kind)?.map(|is| negated_if(is, *negated)))
                }
                _ => self.is_no_kind(column, kind),
            };
        }
        if operands.iter().any(|operand| written(operand).is_none()) {
            return self.told_comparison(Quantifier::Some, path, predicate);
        }
        if column == StatementColumn::Period {
            return self.period_of_statement(path, predicate);
        }
        let (values, comparator, is_negated) = match predicate {
            Predicate::Against { comparator: Comparator::NotEqual, right, .. } => {
                (vec![right], Comparator::Equal, true)
            }
            Predicate::Against { comparator, right, .. } => (vec![right], *comparator, false),
            Predicate::Among { members, negated } => {
                (members.iter().collect(), Comparator::Equal, *negated)
            }
            Predicate::Between { .. } | Predicate::Is { .. } => {
                return self.told_comparison(Quantifier::Some, path, predicate);
            }
        };
        let words: Vec<Written<'_>> = values.into_iter().filter_map(written).collect();
        let found = match (column, comparator) {
            (StatementColumn::Status, Comparator::Equal) => settled!(self.statuses(&words)),
            (StatementColumn::Status, _) => return self.status_is_equal(path.span),
            (_, Comparator::Equal) => settled!(self.words_told(column, &words)),
            (_, Comparator::Matches) => {
                let contains = |words: &Written<'_>| {
                    StatementCondition::Words(column, TextTest::Contains(words.text.to_owned()))
                };
                StatementCondition::Or(words.iter().map(contains).collect())
            }
            _ => return self.told_comparison(Quantifier::Some, path, predicate),
        };
        Ok(Some(negated_if(found, is_negated)))
    }

    /// Settles `value is …`: unknown, none, or a record of some relations.
    fn value_is(&self, kind: &ast::Word) -> Settled<StatementCondition> {
        let word = kind.text.to_lowercase();
        if matches!(word.as_str(), "unknown" | "none") {
            let test = TextTest::Is(vec![word]);
            return Ok(Some(StatementCondition::Words(StatementColumn::Value, test)));
        }
        let relations = settled!(self.relations(kind));
        Ok(Some(StatementCondition::ValueIn(Rows::Relations(relations))))
    }

    /// Settles which statuses are asked for.
    fn statuses(&self, words: &[Written<'_>]) -> Settled<StatementCondition> {
        let mut statuses = Vec::with_capacity(words.len());
        for words in words {
            let is_named = |each: &Status| each.word().eq_ignore_ascii_case(words.text);
            match Status::ALL.into_iter().find(is_named) {
                Some(status) => statuses.push(status),
                None => return self.unknown_status(words.text, words.span),
            }
        }
        Ok(Some(StatementCondition::Status(statuses)))
    }

    /// Settles what a part of a statement may be: one of these words, and a value one of the records or dates that they
    /// name as well.
    fn words_told(
        &self,
        column: StatementColumn,
        words: &[Written<'_>],
    ) -> Settled<StatementCondition> {
        let mut any = Vec::with_capacity(words.len());
        for words in words.iter().copied() {
            if column == StatementColumn::Field {
                settled!(self.known_field(words.text, words.span));
            }
            if column == StatementColumn::Value {
                let records = self.records_named(words.text, None)?;
                if !records.is_empty() {
                    any.push(StatementCondition::ValueIn(Rows::Records(records)));
                }
            }
            let is = TextTest::Is(vec![words.text.to_owned()]);
            any.push(StatementCondition::Words(column, is));
            if column == StatementColumn::Value && self.is_date(words.text) {
                any.push(settled!(self.value_is_date(words)));
            }
        }
        Ok(Some(StatementCondition::Or(any)))
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
            false => diagnostic.help(meant(&near)),
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
            Predicate::Is { kind, .. } => return self.is_no_kind(StatementColumn::Period, kind),
        };
        let is_negated = match predicate {
            Predicate::Against { comparator, .. } => *comparator == Comparator::NotEqual,
            Predicate::Among { negated, .. }
            | Predicate::Between { negated, .. }
            | Predicate::Is { negated, .. } => *negated,
        };
        match test {
            Test::Time(test) => Ok(Some(negated_if(StatementCondition::Period(test), is_negated))),
            _ => self.told_comparison(Quantifier::Some, path, predicate),
        }
    }
}

/// Returns what stands on the right side.
pub(super) fn operands_of(predicate: &Predicate) -> Vec<&Operand> {
    match predicate {
        Predicate::Against { right, .. } => vec![right],
        Predicate::Among { members, .. } => members.iter().collect(),
        Predicate::Between { from, to, .. } => vec![from, to],
        Predicate::Is { .. } => Vec::new(),
    }
}

/// The parts of a statement, and what lies beyond them.
struct StatementColumns {
    /// What the values of statements are, where all are of one field; nothing where they may be of any.
    value: Option<Kind>,
}

impl Columns for StatementColumns {
    type Column = ToldPath;
    type Shown = ToldPath;

    fn settle(&self, resolver: &Resolver<'_>, path: &ast::Path) -> Settled<(ToldPath, Kind)> {
        let (path, kind) = settled!(resolver.told_path(path));
        // Of any field, values are counted only.
        let kind = kind.or_else(|| self.value.clone()).unwrap_or(Kind::Number(Vec::new()));
        Ok(Some((path, kind)))
    }

    fn written(&self, column: &ToldPath) -> String {
        column.written.clone()
    }

    fn is_same(&self, one: &ToldPath, other: &ToldPath) -> bool {
        one.is_same_way(other)
    }

    /// Values of different fields have no least and no sum, nor have words.
    fn may_fold(&self, column: &ToldPath, fold: Fold) -> bool {
        match (fold, &column.beyond, column.column) {
            (Fold::Count, _, _) => true,
            (_, Beyond::Nothing, StatementColumn::Value) => self.value.is_some(),
            (_, Beyond::Nothing, StatementColumn::Of | StatementColumn::Source) => false,
            (_, Beyond::Nothing, StatementColumn::Period) => true,
            (_, Beyond::Nothing, _) => false,
            _ => true,
        }
    }

    fn shown(&self, resolver: &Resolver<'_>, operand: &Operand) -> Settled<ToldPath> {
        if let Operand::Path(path) = operand {
            return Ok(self.settle(resolver, path)?.map(|(column, _)| column));
        }
        let written = resolver.slice(operand.span());
        let message = format!("`{written}` is no part of a statement");
        let label = "a part of the statement, or a path from one, belongs here";
        let found = Diagnostic::new(code::WRONG_COMPARISON, message, operand.span(), label);
        resolver.say(found.help("fold over groups: `group by field show field, count()`"))
    }
}
