//! What stands in brackets behind a step: conditions on the record, and tests of the statement that leads to it.

use super::names::Written;
use super::paths::{Kind, TypedPath, written};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code, one_of};
use crate::model::{FieldRole, RelationId, SOURCE_RELATION, Status};
use crate::query::expression::{Condition, End, Path, StatementTest, Test, TextTest};
use crate::source::Span;
use crate::syntax::query::ast::{self, Comparator, Operand, Predicate};

impl Resolver<'_> {
    /// Settles what stands in brackets behind a step: conditions on the record reached, and tests of the
    /// statement that leads there.
    pub(super) fn filter(
        &self,
        relations: &[RelationId],
        filter: &ast::Condition,
    ) -> Settled<(Condition, Vec<StatementTest>)> {
        let parts = match filter {
            ast::Condition::And(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let (mut conditions, mut tests, mut is_whole) = (Vec::new(), Vec::new(), true);
        for part in parts {
            match self.statement_field(relations, part) {
                Some((word, predicate)) => match self.statement_test(word, predicate)? {
                    Some(test) => tests.push(test),
                    None => is_whole = false,
                },
                None => match self.condition(relations, part)? {
                    Some(condition) => conditions.push(condition),
                    None => is_whole = false,
                },
            }
        }
        let condition = match conditions.len() {
            0 => Condition::Always,
            1 => conditions.pop().unwrap_or(Condition::Always),
            _ => Condition::And(conditions),
        };
        Ok(is_whole.then_some((condition, tests)))
    }

    fn statement_field<'c>(
        &self,
        relations: &[RelationId],
        part: &'c ast::Condition,
    ) -> Option<(&'c ast::Word, &'c Predicate)> {
        let ast::Condition::Compare {
            left: Operand::Path(path),
            predicate,
            quantifier: ast::Quantifier::Some,
            ..
        } = part
        else {
            return None;
        };
        let [ast::Step { way: ast::Way::Name(word), closure: None, filters }] =
            path.steps.as_slice()
        else {
            return None;
        };
        let is_statement = ["status", "period", "source", "note"].contains(&word.text.as_str())
            && path.head == ast::Head::Row
            && filters.is_empty();
        let is_declared = relations
            .iter()
            .filter_map(|id| self.schema.field_named(*id, &word.text))
            .any(|field| self.schema.field(field).role == FieldRole::Declared);
        (is_statement && !is_declared).then_some((word, predicate))
    }

    fn statement_test(&self, word: &ast::Word, predicate: &Predicate) -> Settled<StatementTest> {
        let values: Vec<Written<'_>> = match predicate {
            Predicate::Against { right, .. } => written(right).into_iter().collect(),
            Predicate::Among { members, negated: false } => {
                members.iter().filter_map(written).collect()
            }
            _ => Vec::new(),
        };
        let comparator = match predicate {
            Predicate::Against { comparator, .. } => Some(*comparator),
            Predicate::Among { .. } => Some(Comparator::Equal),
            _ => None,
        };
        match (word.text.as_str(), comparator) {
            ("status", Some(Comparator::Equal)) if !values.is_empty() => {
                let mut statuses = Vec::new();
                for value in values {
                    let named = Status::ALL
                        .into_iter()
                        .find(|each| each.word().eq_ignore_ascii_case(value.text));
                    match named {
                        Some(status) => statuses.push(status),
                        None => return self.unknown_status(value.text, value.span),
                    }
                }
                Ok(Some(StatementTest::Status(statuses)))
            }
            ("source", Some(Comparator::Equal)) if !values.is_empty() => {
                let mut sources = Vec::new();
                for value in values {
                    sources.push(settled!(self.record(value, &[SOURCE_RELATION])));
                }
                Ok(Some(StatementTest::Source(sources)))
            }
            ("note", Some(comparator @ (Comparator::Equal | Comparator::Matches))) => match values
                .as_slice()
            {
                [only] if comparator == Comparator::Equal => {
                    Ok(Some(StatementTest::Note(TextTest::Is(only.text.to_owned()))))
                }
                [only] => Ok(Some(StatementTest::Note(TextTest::Contains(only.text.to_owned())))),
                _ => self.not_yet(word.span, "this comparison of a statement's note"),
            },
            ("period", _) => self.statement_period(word, predicate),
            _ => self
                .not_yet(word.span, &format!("this comparison of a statement's `{}`", word.text)),
        }
    }

    fn statement_period(&self, word: &ast::Word, predicate: &Predicate) -> Settled<StatementTest> {
        let path = Path { steps: Vec::new(), end: End::Identifiers, written: word.text.clone() };
        let left = TypedPath { path, kind: Kind::Time };
        let test = match predicate {
            Predicate::Against { comparator, at, right } => {
                settled!(self.against(&[], left, *comparator, *at, right)).1
            }
            Predicate::Between { from, to, negated: false } => {
                settled!(self.between(left, from, to)).1
            }
            _ => return self.not_yet(word.span, "this comparison of a statement's period"),
        };
        match test {
            Test::Time(test) => Ok(Some(StatementTest::Period(test))),
            _ => self.not_yet(word.span, "this comparison of a statement's period"),
        }
    }

    pub(super) fn unknown_status<T>(&self, text: &str, span: Span) -> Settled<T> {
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
}
