//! What is said where two sides do not fit: the rule, the place, and what would fit.

use super::names::Written;
use super::operators::time_operator;
use super::paths::{Kind, TypedPath};
use super::{Resolver, Settled};
use crate::diagnostic::{Diagnostic, code, meant, one_of};
use crate::model::{RelationId, Type};
use crate::query::expression::{End, Path};
use crate::source::Span;
use crate::suggest;
use crate::syntax::query::ast::Comparator;

impl Resolver<'_> {
    pub(super) fn unknown_word<T>(&self, path: &Path, words: Written<'_>) -> Settled<T> {
        let mut known: Vec<&str> = Vec::new();
        if let End::Values { fields, .. } = &path.end {
            for field in fields {
                if let Type::Words(all) = &self.schema.field(*field).value_type {
                    known.extend(all.iter().map(String::as_str));
                }
            }
        }
        let near = suggest::nearest(words.text, known.iter().copied());
        let diagnostic = Diagnostic::new(
            code::UNKNOWN_NAME,
            format!("`{}` is not a word of `{}`", words.text, path.written),
            words.span,
            "not one of the field's words",
        );
        self.say(match near.is_empty() {
            false => diagnostic.help(meant(&near)),
            true => diagnostic.help(format!("its words are {}", one_of(&known))),
        })
    }

    pub(super) fn no_date<T>(&self, relations: &[RelationId], words: Written<'_>) -> Settled<T> {
        let diagnostic = Diagnostic::new(
            code::BAD_LITERAL,
            format!("`{}` is neither a date nor a field with dates", words.text),
            words.span,
            "a date is expected here",
        );
        let found = self.records_named(words.text, None)?;
        if let Some(entity) = found.first() {
            let id = self.index.id_of(*entity)?;
            return self.say(diagnostic.help(format!(
                "`{id}` is a record: write which of its dates, such as `{id}.date`"
            )));
        }
        let mut known: Vec<&str> = Vec::new();
        for relation in relations {
            let dates =
                self.schema.fields_of(*relation).filter(|(_, field)| field.value_type.is_time());
            known.extend(dates.map(|(_, field)| field.name.as_str()));
        }
        let near = suggest::nearest(words.text, known);
        self.say(match near.is_empty() {
            false => diagnostic.help(meant(&near)),
            true => {
                diagnostic.help("a date is written year-month-day: `1922`, `1922-04`, `1922-04-16`")
            }
        })
    }

    pub(super) fn both_fit<T>(&self, words: Written<'_>) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::AMBIGUOUS_NAME,
                format!("`{}` is a value and a field as well", words.text),
                words.span,
                "either may be meant",
            )
            .help(format!("for the field write `this.{}`", words.text))
            .help(format!("for the value write \"{}\"", words.text)),
        )
    }

    pub(super) fn only_equality(
        &self,
        left: &TypedPath,
        comparator: Comparator,
        at: Span,
    ) -> Settled<()> {
        match comparator {
            Comparator::Equal => Ok(Some(())),
            _ => self.wrong_comparator(left, comparator, at, &["=", "!=", "in (…)"]),
        }
    }

    pub(super) fn wrong_comparator<T>(
        &self,
        left: &TypedPath,
        comparator: Comparator,
        at: Span,
        fitting: &[&str],
    ) -> Settled<T> {
        let path = &left.path.written;
        let mut diagnostic = Diagnostic::new(
            code::WRONG_COMPARISON,
            format!(
                "`{path}` holds {}, which `{}` cannot compare",
                left.kind.described(),
                comparator.written()
            ),
            at,
            "does not fit what stands left of it",
        )
        .help(format!("fitting are {}", one_of(fitting)));
        if let Kind::Records(relations) = &left.kind
            && time_operator(comparator).is_some()
            && relations.iter().any(|id| self.schema.relation(*id).own_date.is_some())
        {
            diagnostic = diagnostic
                .help(format!("to compare dates write `{path}.date {} …`", comparator.written()));
        }
        self.say(diagnostic)
    }

    pub(super) fn unlike<T>(&self, left: &TypedPath, right: &Kind, span: Span) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::WRONG_COMPARISON,
                format!("`{}` holds {}, and the right side {}", left.path.written, left.kind.described(), right.described()),
                span,
                "of another kind than the left side",
            )
            .help("compare like with like: go on with `.date`, `.name` or another field on the side that has records"),
        )
    }

    pub(super) fn empty_range<T>(&self, span: Span) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::BAD_LITERAL,
                "a range ends before it begins",
                span,
                "nothing lies in it",
            )
            .help("write the earlier or lesser one first"),
        )
    }
}
