//! Comparisons: the right side read as what the left side holds.

use super::literals::exactly;
use super::names::Written;
use super::operators::{order_operator, time_operator};
use super::paths::{Kind, TypedPath, written};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{EntityId, FieldId, FieldRole, RelationId, Type};
use crate::query::among::Member;
use crate::query::expression::{End, Path, Rows, Test, TimeAgainst, TimeTest};
use crate::query::operators::{NumberTest, PathOperator, TextTest, ValuePart};
use crate::source::Span;
use crate::suggest;
use crate::syntax::query::ast::{self, Comparator, Operand};
use crate::time::{Grain, Operator, Part};

impl Resolver<'_> {
    /// Settles `left COMPARATOR right`.
    pub(super) fn against(
        &self,
        relations: &[RelationId],
        left: TypedPath,
        comparator: Comparator,
        at: Span,
        right: &Operand,
    ) -> Settled<(Path, Test)> {
        match right {
            Operand::Aggregate(_) | Operand::Difference(..) => {
                let other = settled!(self.term(relations, right));
                let stand_in = other.as_path();
                let operator =
                    settled!(self.path_operator(&left, comparator, at, &stand_in, right.span()));
                let member = Member::Found { operator, right: other.term };
                return Ok(Some((left.path, Test::Among(vec![member]))));
            }
            Operand::Path(path) => {
                let before = self.said.borrow().len();
                return match self.anchored(relations, path)? {
                    Some(anchored) => {
                        self.against_anchored(left, comparator, at, anchored, path.span)
                    }
                    None if self.said.borrow().len() > before => Ok(None),
                    None => {
                        let other = settled!(self.path(relations, path));
                        self.against_path(left, comparator, at, other, path.span)
                    }
                };
            }
            Operand::Quoted(_) | Operand::Phrase(_) => {}
        }
        let Some(words) = written(right) else { return Ok(None) };
        let as_path = self.as_path(relations, &left.kind, right)?;
        self.against_words(relations, left, (comparator, at), words, as_path)
    }

    /// Settles `left COMPARATOR words`, which may be a path as well.
    fn against_words(
        &self,
        relations: &[RelationId],
        mut left: TypedPath,
        (comparator, at): (Comparator, Span),
        words: Written<'_>,
        as_path: Option<TypedPath>,
    ) -> Settled<(Path, Test)> {
        let test = match &left.kind {
            Kind::Records(targets) => {
                if comparator == Comparator::Matches {
                    return self.name_matches(left, words);
                }
                settled!(self.only_equality(&left, comparator, at));
                let found = self.records_named(words.text, Some(targets))?;
                match as_path {
                    Some(_) if !found.is_empty() => return self.both_fit(words),
                    Some(other) => {
                        return self.against_path(left, comparator, at, other, words.span);
                    }
                    None => {}
                }
                // A relation's name stands for all of its records only in `in (…)`; here it is a slip.
                Test::Records(Rows::Records(vec![settled!(self.record(words, targets))]))
            }
            Kind::Identifiers | Kind::Text => {
                settled!(self.text_test(&mut left, comparator, at, words.text))
            }
            Kind::Words => {
                settled!(self.only_equality(&left, comparator, at));
                match (self.words(&left.path, words.text), as_path) {
                    (Some(_), Some(_)) => return self.both_fit(words),
                    (Some(found), None) => Test::Words(found),
                    (None, Some(other)) => {
                        return self.against_path(left, comparator, at, other, words.span);
                    }
                    (None, None) => return self.unknown_word(&left.path, words),
                }
            }
            Kind::Number(units) => {
                let operator = settled!(self.order_of(&left, comparator, at));
                if let Some(other) = as_path {
                    return self.against_path(left, comparator, at, other, words.span);
                }
                let number = settled!(self.quantity(words, Some(units)));
                Test::Numbers(vec![NumberTest {
                    operator,
                    least: number.least,
                    greatest: number.greatest,
                    unit: number.unit,
                }])
            }
            Kind::Length => {
                let operator = settled!(self.order_of(&left, comparator, at));
                let number = settled!(self.quantity(words, Some(&["day".to_owned()])));
                Test::Days { operator, days: number.least as i64 }
            }
            Kind::Time => {
                let operator = settled!(self.time_relation_of(&left, comparator, at));
                if let Some(other) = as_path {
                    return self.against_path(left, comparator, at, other, words.span);
                }
                settled!(self.time_test(relations, &left, operator, words))
            }
        };
        Ok(Some((left.path, test)))
    }

    /// Settles a test of texts or identifiers; names are tested with their aliases.
    fn text_test(
        &self,
        left: &mut TypedPath,
        comparator: Comparator,
        at: Span,
        words: &str,
    ) -> Settled<Test> {
        let test = match comparator {
            // Of all the words of a record no single one is the whole.
            Comparator::Equal if matches!(left.path.end, End::Text(_)) => {
                return self.wrong_comparator(left, comparator, at, &["~"]);
            }
            Comparator::Equal => TextTest::Is(vec![words.to_owned()]),
            Comparator::Matches => TextTest::Contains(words.to_owned()),
            _ => return self.wrong_comparator(left, comparator, at, &["=", "!=", "~"]),
        };
        if let End::Values { fields, .. } = &mut left.path.end
            && let Some(all) = self.with_aliases(fields)
        {
            *fields = all;
        }
        Ok(Some(Test::Text(test)))
    }

    /// Settles a test of dates with one that the question names.
    fn time_test(
        &self,
        relations: &[RelationId],
        left: &TypedPath,
        operator: Operator,
        words: Written<'_>,
    ) -> Settled<Test> {
        let is_record = || self.records_named(words.text, None).map(|found| !found.is_empty());
        if !self.looks_like_date(words.text) || (!self.is_date(words.text) && is_record()?) {
            return self.no_date(relations, words);
        }
        let stretches = settled!(self.stretches(words, left.path.part()));
        let against = TimeAgainst::Literal(exactly(stretches));
        Ok(Some(Test::Time(TimeTest { operator, against })))
    }

    /// Reads one bare word as a path of the row, where it leads to what the left side holds.
    pub(super) fn as_path(
        &self,
        relations: &[RelationId],
        kind: &Kind,
        right: &Operand,
    ) -> Settled<TypedPath> {
        let Operand::Phrase(phrase) = right else { return Ok(None) };
        let is_name = phrase
            .text
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
            && phrase.text.starts_with(char::is_alphabetic);
        if !is_name || relations.is_empty() {
            return Ok(None);
        }
        let word = ast::Word { text: phrase.text.clone(), span: phrase.span };
        let step = ast::Step { way: ast::Way::Name(word), closure: None, filters: Vec::new() };
        let before = self.said.borrow().len();
        let found = self.steps(relations, &[step], &phrase.text)?;
        self.said.borrow_mut().truncate(before);
        Ok(found.filter(|typed| {
            are_alike(kind, &typed.kind) && !matches!(kind, Kind::Text | Kind::Identifiers)
        }))
    }

    pub(super) fn against_path(
        &self,
        left: TypedPath,
        comparator: Comparator,
        at: Span,
        right: TypedPath,
        span: Span,
    ) -> Settled<(Path, Test)> {
        let operator = settled!(self.path_operator(&left, comparator, at, &right, span));
        Ok(Some((left.path, Test::Path { operator, right: right.path })))
    }

    /// Returns how numbers are compared, or refuses what compares none.
    fn order_of(&self, left: &TypedPath, comparator: Comparator, at: Span) -> Settled<Operator> {
        match order_operator(comparator) {
            Some(operator) => Ok(Some(operator)),
            None => {
                let fitting = &["=", "!=", "<", "<=", ">", ">="];
                self.wrong_comparator(left, comparator, at, fitting)
            }
        }
    }

    /// Returns how dates are compared, or refuses what compares none.
    pub(super) fn time_relation_of(
        &self,
        left: &TypedPath,
        comparator: Comparator,
        at: Span,
    ) -> Settled<Operator> {
        match time_operator(comparator) {
            Some(operator) => Ok(Some(operator)),
            None => {
                let fitting = &["=", "<", "<=", ">", ">=", "during", "overlaps"];
                self.wrong_comparator(left, comparator, at, fitting)
            }
        }
    }

    /// Returns how the values of two paths are compared, of which the right one may begin elsewhere.
    pub(super) fn path_operator(
        &self,
        left: &TypedPath,
        comparator: Comparator,
        at: Span,
        right: &TypedPath,
        span: Span,
    ) -> Settled<PathOperator> {
        if !are_alike(&left.kind, &right.kind) {
            return self.unlike(left, &right.kind, span);
        }
        let operator = match &left.kind {
            Kind::Time => {
                let of_units = settled!(self.same_grain(&left.path, &right.path, span));
                time_operator(comparator).map(|operator| match of_units {
                    Some(grain) => PathOperator::Unit(grain, operator),
                    None => PathOperator::Time(operator),
                })
            }
            Kind::Number(_) | Kind::Length => order_operator(comparator).map(PathOperator::Number),
            Kind::Records(_) | Kind::Identifiers | Kind::Text | Kind::Words => {
                (comparator == Comparator::Equal).then_some(PathOperator::Same)
            }
        };
        match operator {
            Some(operator) => Ok(Some(operator)),
            None => self.wrong_comparator(left, comparator, at, &["=", "!="]),
        }
    }

    /// Returns the unit of the calendar by which two paths are compared, `a.year = b.year`; nothing where they are
    /// compared as dates.
    pub(super) fn same_grain(
        &self,
        left: &Path,
        right: &Path,
        span: Span,
    ) -> Settled<Option<Grain>> {
        let message = match (left.part(), right.part()) {
            (ValuePart::Unit(one, grain), ValuePart::Unit(two, other)) if grain == other => {
                let is_stretch =
                    |path: &Path, part| part == Part::Whole && self.holds_periods(path);
                let stretch = [(left, one), (right, two)]
                    .into_iter()
                    .find(|(path, part)| is_stretch(path, *part));
                let Some((path, _)) = stretch else { return Ok(Some(Some(grain))) };
                format!("`{}` may be several: a period lies in more than one", path.written)
            }
            (ValuePart::Unit(..), _) | (_, ValuePart::Unit(..)) => {
                format!("`{}` and `{}` are not of one unit", left.written, right.written)
            }
            _ => return Ok(Some(None)),
        };
        let label = "cannot be compared with the left side";
        self.say(Diagnostic::new(code::WRONG_COMPARISON, message, span, label).help(
            "name the same unit of one day on both sides, `a.signed.year = b.period.start.year`",
        ))
    }

    fn holds_periods(&self, path: &Path) -> bool {
        let End::Values { fields, .. } = &path.end else { return false };
        fields.iter().any(|field| self.schema.field(*field).value_type == Type::Period)
    }

    /// `party ~ "ger"`: the name of the record contains the words.
    fn name_matches(&self, left: TypedPath, words: Written<'_>) -> Settled<(Path, Test)> {
        let Kind::Records(relations) = &left.kind else { return Ok(None) };
        let fields: Vec<FieldId> = relations
            .iter()
            .flat_map(|id| {
                [FieldRole::Name, FieldRole::Also]
                    .map(|role| self.schema.field_with_role(*id, role))
            })
            .flatten()
            .collect();
        let mut path = left.path;
        path.end = End::whole(fields);
        Ok(Some((path, Test::Text(TextTest::Contains(words.text.to_owned())))))
    }

    /// Finds a word of the path's fields: by its place in the list of each.
    fn words(&self, path: &Path, text: &str) -> Option<Vec<(FieldId, Vec<u32>)>> {
        let End::Values { fields, .. } = &path.end else { return None };
        let wanted = suggest::fold(text).replace([' ', '_'], "-");
        let mut found = Vec::new();
        for field in fields {
            if let Type::Words(words) = &self.schema.field(*field).value_type {
                let places = (0u32..).zip(words).filter(|(_, word)| suggest::fold(word) == wanted);
                let places: Vec<u32> = places.map(|(place, _)| place).collect();
                if !places.is_empty() {
                    found.push((*field, places));
                }
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// Returns the one source that is named.
    pub(super) fn source_named(&self, words: Written<'_>) -> Settled<EntityId> {
        self.record(words, &[crate::model::SOURCE_RELATION])
    }
}

/// Tells whether values of two kinds can be compared.
pub(super) fn are_alike(one: &Kind, other: &Kind) -> bool {
    match (one, other) {
        (Kind::Number(_) | Kind::Length, Kind::Number(_) | Kind::Length) => true,
        (
            Kind::Text | Kind::Identifiers | Kind::Words,
            Kind::Text | Kind::Identifiers | Kind::Words,
        ) => true,
        (Kind::Records(one), Kind::Records(other)) => one.iter().any(|each| other.contains(each)),
        (one, other) => one == other,
    }
}
