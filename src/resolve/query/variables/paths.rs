//! Paths that begin at a variable.

use super::Names;
use crate::diagnostic::{Diagnostic, code, meant};
use crate::query::expression::Condition;
use crate::query::statement_rows::StatementCondition;
use crate::query::terms::{BoundPath, Slot};
use crate::resolve::query::paths::{Kind, TypedPath};
use crate::resolve::query::{Resolver, Settled, settled};
use crate::source::Span;
use crate::suggest;
use crate::syntax::query::ast::{self, Operand};

/// A value of a variable: which, and by which path.
pub(super) struct Rooted {
    pub slot: Slot,
    pub typed: TypedPath,
    /// What the variable must fulfil, in brackets behind it.
    pub filter: Option<Condition>,
}

impl Resolver<'_> {
    /// Settles a path that begins at a variable.
    pub(super) fn rooted(&self, names: &Names, path: &ast::Path) -> Settled<Rooted> {
        let first = path.steps.first();
        let Some(ast::Step { way: ast::Way::Name(word), closure: None, filters }) =
            first.filter(|_| path.head == ast::Head::Row)
        else {
            return self.no_variable(names, self.slice(path.span), path.span);
        };
        let Some(slot) = names.find(&word.text) else {
            return self.no_variable(names, &word.text, word.span);
        };
        let mut conditions = Vec::with_capacity(filters.len());
        for filter in filters {
            let (condition, asked) = settled!(self.filter(&names.relations(slot), filter));
            if asked != StatementCondition::Always {
                return self.no_statement(&word.text, filter.span().unwrap_or(word.span));
            }
            conditions.push(condition);
        }
        let filter = match conditions.len() {
            0 | 1 => conditions.pop(),
            _ => Some(Condition::And(conditions)),
        };
        let rest = path.steps.get(1..).unwrap_or_default();
        let typed = settled!(self.steps(&names.relations(slot), rest, self.slice(path.span)));
        Ok(Some(Rooted { slot, typed, filter }))
    }

    /// Settles a path that begins at a variable without brackets behind it.
    fn rooted_plainly(&self, names: &Names, path: &ast::Path) -> Settled<Rooted> {
        let rooted = settled!(self.rooted(names, path));
        if rooted.filter.is_none() {
            return Ok(Some(rooted));
        }
        let name = names.all.get(rooted.slot.index()).map_or("", |each| each.name.as_str());
        self.say(
            Diagnostic::new(
                code::WRONG_COMPARISON,
                format!(
                    "brackets stand behind the variable `{name}` where a value is computed or shown"
                ),
                path.span,
                "which rows there are is said in the conditions",
            )
            .help(format!(
                "write it as a condition of its own, `{name}[…]`, and the path without brackets"
            )),
        )
    }

    fn no_statement<T>(&self, name: &str, at: Span) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::WRONG_COMPARISON,
                format!("no statement leads to the variable `{name}`"),
                at,
                "this asks about a statement",
            )
            .help(
                "put the brackets behind the step that is meant: `t.party[status = disputed] = p`",
            ),
        )
    }

    fn no_variable<T>(&self, names: &Names, written: &str, at: Span) -> Settled<T> {
        let known: Vec<&str> = names
            .visible
            .iter()
            .filter_map(|slot| names.all.get(slot.index()))
            .map(|each| each.name.as_str())
            .collect();
        let near = suggest::nearest(written, known.iter().copied());
        let diagnostic = Diagnostic::new(
            code::UNBOUND_VARIABLE,
            format!("there is no variable `{written}`"),
            at,
            "a path begins at a variable here",
        );
        self.say(match near.is_empty() {
            false => diagnostic.help(meant(&near)),
            true => diagnostic.help(format!("bind it first: `{written} is treaty and …`")),
        })
    }

    /// Reads a right side that begins at a variable; nothing where it does not.
    pub(super) fn right_rooted(&self, names: &Names, right: &Operand) -> Settled<Option<Rooted>> {
        let path = match right {
            Operand::Path(path) if names.root(path).is_some() => path.clone(),
            Operand::Phrase(phrase) if names.find(&phrase.text).is_some() => {
                let word = ast::Word { text: phrase.text.clone(), span: phrase.span };
                let step =
                    ast::Step { way: ast::Way::Name(word), closure: None, filters: Vec::new() };
                ast::Path { head: ast::Head::Row, steps: vec![step], span: phrase.span }
            }
            _ => return Ok(Some(None)),
        };
        Ok(self.rooted(names, &path)?.map(Some))
    }

    /// Reads a right side that begins at a variable and is computed with; nothing where it does not begin there.
    pub(super) fn right_column(
        &self,
        names: &Names,
        right: &Operand,
    ) -> Settled<Option<(BoundPath, Kind)>> {
        match settled!(self.right_rooted(names, right)) {
            Some(Rooted { slot, typed, filter: None }) => {
                Ok(Some(Some((BoundPath { slot, path: typed.path }, typed.kind))))
            }
            Some(_) => match right {
                Operand::Path(path) => Ok(self.rooted_plainly(names, path)?.map(|_| None)),
                _ => Ok(None),
            },
            None => Ok(Some(None)),
        }
    }

    /// Refuses a path that begins neither at a variable nor at a record: there is no row where it could begin.
    pub(super) fn begins_somewhere(&self, names: &Names, right: &Operand) -> Settled<()> {
        let Operand::Path(path) = right else { return Ok(Some(())) };
        match path.steps.as_slice() {
            [ast::Step { way: ast::Way::Name(word), .. }, _, ..]
                if path.head == ast::Head::Row
                    && self.records_named(&word.text, None)?.is_empty() =>
            {
                self.no_variable(names, &word.text, word.span)
            }
            _ => Ok(Some(())),
        }
    }

    /// Settles a path from a variable, for a column or a key.
    pub(in crate::resolve::query) fn variable_column(
        &self,
        names: &Names,
        path: &ast::Path,
    ) -> Settled<(BoundPath, Kind)> {
        let Rooted { slot, typed, .. } = settled!(self.rooted_plainly(names, path));
        Ok(Some((BoundPath { slot, path: typed.path }, typed.kind)))
    }
}
