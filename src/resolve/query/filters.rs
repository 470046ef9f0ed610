//! What stands in brackets behind a step: conditions on the record, and on the statement that leads to it.

use super::{Resolver, Settled, settle_each};
use crate::diagnostic::{Diagnostic, code, one_of};
use crate::model::{FieldRole, RelationId};
use crate::query::expression::Condition;
use crate::query::statement_rows::{StatementColumn, StatementCondition};
use crate::source::Span;
use crate::syntax::query::ast::{self, Operand};

/// What may be asked of a statement in brackets; its record, field and value stand before them.
const ASKED: [StatementColumn; 6] = [
    StatementColumn::Status,
    StatementColumn::Period,
    StatementColumn::Source,
    StatementColumn::Locator,
    StatementColumn::Note,
    StatementColumn::Quote,
];

/// What a part of a bracket speaks of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// The record that the step leads to.
    Record,
    /// The statement that leads there.
    Statement,
    /// Both, in one alternative or negation.
    Both,
}

impl Resolver<'_> {
    /// Settles what stands in brackets behind a step to records: conditions on the record reached, and on the
    /// statement that leads there.
    pub(super) fn filter(
        &self,
        relations: &[RelationId],
        filter: &ast::Condition,
    ) -> Settled<(Condition, StatementCondition)> {
        let (mut conditions, mut asked, mut is_whole) = (Vec::new(), Vec::new(), true);
        for part in conjuncts(filter) {
            match self.subject(relations, part) {
                Subject::Statement => match self.statement_condition(part)? {
                    Some(condition) => asked.push(condition),
                    None => is_whole = false,
                },
                Subject::Record => match self.condition(relations, part)? {
                    Some(condition) => conditions.push(condition),
                    None => is_whole = false,
                },
                Subject::Both => {
                    is_whole = false;
                    self.mixed_subjects(part);
                }
            }
        }
        let condition = match conditions.len() {
            0 => Condition::Always,
            1 => conditions.pop().unwrap_or(Condition::Always),
            _ => Condition::And(conditions),
        };
        Ok(is_whole.then(|| (condition, StatementCondition::all(asked))))
    }

    /// Settles what stands in brackets behind a step to a value: there is a statement to ask, and no record.
    pub(super) fn value_filters(&self, filters: &[ast::Condition]) -> Settled<StatementCondition> {
        let asked = settle_each(filters.iter().flat_map(conjuncts), |part| {
            match self.subject(&[], part) {
                Subject::Statement => self.statement_condition(part),
                Subject::Record | Subject::Both => self.no_record_here(part),
            }
        })?;
        Ok(asked.map(StatementCondition::all))
    }

    /// Tells what a condition speaks of: a name is the statement's where the record has no such field of its own.
    fn subject(&self, relations: &[RelationId], condition: &ast::Condition) -> Subject {
        let path = match condition {
            ast::Condition::And(parts) | ast::Condition::Or(parts) => {
                let subjects = parts.iter().map(|part| self.subject(relations, part));
                let joined = |one, other| if one == other { one } else { Subject::Both };
                return subjects.reduce(joined).unwrap_or(Subject::Record);
            }
            ast::Condition::Prefixed { inner, .. } => return self.subject(relations, inner),
            ast::Condition::Exists { path, .. }
            | ast::Condition::Compare { left: Operand::Path(path), .. } => path,
            ast::Condition::Compare { .. }
            | ast::Condition::Call { .. }
            | ast::Condition::Mentions { .. } => return Subject::Record,
        };
        let Some(ast::Step { way: ast::Way::Name(word), .. }) = path.steps.first() else {
            return Subject::Record;
        };
        let is_asked = ASKED.iter().any(|column| column.name() == word.text);
        let is_declared = relations
            .iter()
            .filter_map(|id| self.schema.field_named(*id, &word.text))
            .any(|field| self.schema.field(field).role == FieldRole::Declared);
        match path.head == ast::Head::Row && is_asked && !is_declared {
            true => Subject::Statement,
            false => Subject::Record,
        }
    }

    fn mixed_subjects(&self, part: &ast::Condition) {
        let Some(at) = part.span() else { return };
        let diagnostic = Diagnostic::new(
            code::WRONG_COMPARISON,
            "alternatives in brackets speak either of the record or of the statement that leads to it",
            at,
            "this speaks of both",
        );
        let help =
            "write the path twice, `PATH[…] or PATH[…]`, with one of the alternatives in each";
        self.said.borrow_mut().push(diagnostic.help(help));
    }

    fn no_record_here<T>(&self, part: &ast::Condition) -> Settled<T> {
        let at = part.span().unwrap_or(Span::new(crate::source::FileId(0), 0, 0));
        let names = ASKED.map(StatementColumn::name);
        let diagnostic = Diagnostic::new(
            code::UNKNOWN_STEP,
            "brackets behind a value ask about its statement",
            at,
            "no part of a statement",
        );
        self.say(diagnostic.help(format!("there are {}", one_of(&names))))
    }
}

/// Returns the parts that must all hold.
fn conjuncts(filter: &ast::Condition) -> &[ast::Condition] {
    match filter {
        ast::Condition::And(parts) => parts.as_slice(),
        other => std::slice::from_ref(other),
    }
}
