//! Paths that begin at a variable, and what compares them.

use super::Names;
use crate::diagnostic::{Diagnostic, code, one_of};
use crate::query::expression::{Comparison, Condition, Quantifier, Test};
use crate::query::formula::{BoundPath, Formula, Link, Slot};
use crate::resolve::query::paths::{Kind, TypedPath};
use crate::resolve::query::{Resolver, Settled, settled};
use crate::source::Span;
use crate::suggest;
use crate::syntax::query::ast::{self, Comparator, Operand, Predicate};

/// A value of a variable: which, and by which path.
pub(super) struct Rooted {
    pub slot: Slot,
    pub typed: TypedPath,
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
        if let Some(filter) = filters.first() {
            let at = filter.span().unwrap_or(word.span);
            return self.not_yet(at, "a filter on a variable");
        }
        let rest = path.steps.get(1..).unwrap_or_default();
        let typed = settled!(self.steps(&names.relations(slot), rest, self.slice(path.span)));
        Ok(Some(Rooted { slot, typed }))
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
            false => diagnostic.help(format!("did you mean {}?", one_of(&near))),
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

    pub(super) fn compared(
        &self,
        names: &Names,
        quantifier: Quantifier,
        left: Rooted,
        predicate: &Predicate,
    ) -> Settled<Formula> {
        let (right, comparator, at, is_negated) = match predicate {
            Predicate::Against { comparator: Comparator::NotEqual, at, right } => {
                (Some(right), Comparator::Equal, *at, true)
            }
            Predicate::Against { comparator, at, right } => (Some(right), *comparator, *at, false),
            Predicate::Among { members, negated } => match members.as_slice() {
                [only] => (Some(only), Comparator::Equal, only.span(), *negated),
                _ => (None, Comparator::Equal, Span::new(crate::source::FileId(0), 0, 0), false),
            },
            _ => (None, Comparator::Equal, Span::new(crate::source::FileId(0), 0, 0), false),
        };
        if let Some(right) = right
            && let Some(other) = settled!(self.right_rooted(names, right))
        {
            if comparator == Comparator::Mentions {
                return self.not_yet(right.span(), "`mentions` with a variable");
            }
            return self.linked(
                names,
                (quantifier, is_negated),
                left,
                (comparator, at),
                (other, right.span()),
            );
        }
        if let Some(right) = right {
            settled!(self.begins_somewhere(names, right));
        }
        let slot = left.slot;
        let condition = settled!(self.predicate(&[], quantifier, left.typed, predicate));
        Ok(Some(Formula::One { slot, relations: names.relations(slot), condition }))
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

    fn linked(
        &self,
        names: &Names,
        (quantifier, is_negated): (Quantifier, bool),
        left: Rooted,
        (comparator, at): (Comparator, Span),
        (right, span): (Rooted, Span),
    ) -> Settled<Formula> {
        let (slot, other) = (left.slot, right.slot);
        let (path, test) =
            settled!(self.against_path(left.typed, comparator, at, right.typed, span));
        let Test::Path { operator, right: right_path } = test else { return Ok(None) };
        let relations = names.relations(slot);
        let one = |condition| Formula::One { slot, relations: relations.clone(), condition };
        let link = |quantifier| match slot == other {
            true => one(Condition::Compare(Comparison {
                quantifier,
                path: path.clone(),
                test: Test::Path { operator, right: right_path.clone() },
            })),
            false => Formula::Two(Link {
                quantifier,
                left: slot,
                left_path: path.clone(),
                operator,
                right: other,
                right_path: right_path.clone(),
            }),
        };
        Ok(Some(match (is_negated, quantifier) {
            (false, quantifier) => link(quantifier),
            (true, Quantifier::Some) => Formula::Not(Box::new(link(Quantifier::Some))),
            (true, Quantifier::Every) => {
                Formula::And(vec![one(Condition::Has(path.clone())), link(Quantifier::No)])
            }
            (true, Quantifier::No) => {
                Formula::Or(vec![one(Condition::Lacks(path.clone())), link(Quantifier::Every)])
            }
        }))
    }

    /// Settles a path from a variable, for a column or a key.
    pub(in crate::resolve::query) fn variable_column(
        &self,
        names: &Names,
        path: &ast::Path,
    ) -> Settled<(BoundPath, Kind)> {
        let Rooted { slot, typed } = settled!(self.rooted(names, path));
        Ok(Some((BoundPath { slot, path: typed.path }, typed.kind)))
    }
}
