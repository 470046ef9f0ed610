//! `in (…)`, `in a..b` and `from a to b`.

use super::comparisons::are_alike;
use super::literals::{Quantity, exactly};
use super::names::Written;
use super::paths::{Kind, TypedPath, written};
use super::terms::TypedTerm;
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{FieldId, RelationId};
use crate::query::among::{Limit, Member, Named, NamedValues};
use crate::query::expression::{End, Path, Rows, Test, TimeAgainst, TimeTest};
use crate::query::operators::{NumberTest, PathOperator, TextTest, ValuePart};
use crate::query::terms::{Term, Values};
use crate::source::Span;
use crate::syntax::query::ast::{self, Comparator, Operand};
use crate::time::{Operator, Stretch};

impl Resolver<'_> {
    /// Settles `left in (…)`.
    pub(super) fn among(
        &self,
        relations: &[RelationId],
        left: TypedPath,
        members: &[Operand],
    ) -> Settled<(Path, Test)> {
        if let [only] = members {
            if let (Kind::Records(_), Operand::Phrase(phrase)) = (&left.kind, only)
                && let Some(found) = self.relations_named(&phrase.text)
            {
                return Ok(Some((left.path, Test::Records(Rows::Relations(found)))));
            }
            if let (Kind::Records(held), Operand::Phrase(phrase)) = (&left.kind, only)
                && phrase.text.eq_ignore_ascii_case("statements")
                && self.records_named(&phrase.text, Some(held))?.is_empty()
            {
                return self.no_records(phrase.span);
            }
            if let (Kind::Records(held), Operand::Phrase(phrase)) = (&left.kind, only)
                && self.records_named(&phrase.text, Some(held))?.is_empty()
                && ["rule", "query"].iter().any(|kind| self.is_defined(kind, &phrase.text))
            {
                let word = ast::Word { text: phrase.text.clone(), span: phrase.span };
                let (rows, _) = settled!(self.source(&ast::Source::Named(word)));
                return Ok(Some((left.path, Test::Records(rows))));
            }
            let at = only.span();
            return self.against(relations, left, Comparator::Equal, at, only);
        }
        let mut tests = Vec::new();
        let mut path = None;
        let mut is_whole = true;
        for member in members {
            match self.against(relations, left.clone(), Comparator::Equal, member.span(), member)? {
                Some((settled_path, test)) => {
                    path = Some(settled_path);
                    tests.push(test);
                }
                None => is_whole = false,
            }
        }
        let (Some(path), true) = (path, is_whole) else { return Ok(None) };
        match joined(&tests) {
            Some(test) => Ok(Some((path, test))),
            None => {
                let each = tests.into_iter().zip(members);
                let members =
                    each.flat_map(|(test, operand)| self.members(test, self.slice(operand.span())));
                Ok(Some((path, Test::Among(members.collect()))))
            }
        }
    }

    /// Settles `left in a..b` and `left from a to b`.
    pub(super) fn between(
        &self,
        relations: &[RelationId],
        left: TypedPath,
        from: &Operand,
        to: &Operand,
    ) -> Settled<(Path, Test)> {
        let before = self.said.borrow().len();
        let (start, end) =
            (self.end_of(relations, &left, from)?, self.end_of(relations, &left, to)?);
        if self.said.borrow().len() > before {
            return Ok(None);
        }
        let (first, last) = match (start, end) {
            (None, None) => match (written(from), written(to)) {
                (Some(first), Some(last)) => (first, last),
                _ => return Ok(None),
            },
            (start, end) => return self.between_found(left, (start, from), (end, to)),
        };
        let whole = first.span.to(last.span);
        let test = match &left.kind {
            Kind::Time => {
                let starts = settled!(self.stretches(first, left.path.part()));
                let ends = settled!(self.stretches(last, left.path.part()));
                let (start, end) = (starts.first(), ends.last());
                let range = start.zip(end).and_then(|(start, end)| start.through(*end));
                let Some(range) = range.filter(|range: &Stretch| range.first() <= range.last())
                else {
                    return self.empty_range(whole);
                };
                Test::Time(TimeTest {
                    operator: Operator::Equal,
                    against: TimeAgainst::Literal(exactly(vec![range])),
                })
            }
            Kind::Number(units) => {
                // In `10..14 day` the unit stands behind the last number only.
                let end = settled!(self.quantity(last, Some(units)));
                let least = match first.text.replace('_', "").parse::<f64>() {
                    Ok(least) => least,
                    Err(_) => settled!(self.quantity(first, Some(units))).least,
                };
                if least > end.greatest {
                    return self.empty_range(whole);
                }
                Test::Numbers(vec![NumberTest {
                    operator: Operator::Equal,
                    least,
                    greatest: end.greatest,
                    unit: end.unit,
                }])
            }
            Kind::Length => {
                let days = ["day".to_owned()];
                let least = settled!(self.quantity(first, Some(&days)));
                let greatest = settled!(self.quantity(last, Some(&days)));
                if least.least > greatest.greatest {
                    return self.empty_range(whole);
                }
                let number = |number: Quantity, words: Written<'_>| {
                    let values = NamedValues::Number(number.least, number.unit);
                    Limit::Named(Named { values, written: words.text.to_owned() })
                };
                let (from, to) = (number(least, first), number(greatest, last));
                Test::Among(vec![Member::Range { grain: None, from, to }])
            }
            kind => return self.no_range(&left.path.written, kind, whole),
        };
        Ok(Some((left.path, test)))
    }

    /// Settles a range of which an end is found record by record.
    fn between_found(
        &self,
        left: TypedPath,
        (start, from): (Option<TypedTerm>, &Operand),
        (end, to): (Option<TypedTerm>, &Operand),
    ) -> Settled<(Path, Test)> {
        let whole = from.span().to(to.span());
        if !matches!(left.kind, Kind::Time | Kind::Number(_) | Kind::Length) {
            return self.no_range(&left.path.written, &left.kind, whole);
        }
        if let (Some(start), Some(end)) = (&start, &end)
            && let Some(whole) = both_ends(&start.term, &end.term)
            && !matches!(left.path.part(), ValuePart::Unit(..))
        {
            let operator = PathOperator::Time(Operator::Equal);
            return Ok(Some((left.path, Test::Path { operator, right: whole })));
        }
        let mut grain = None;
        for (term, operand) in [(&start, from), (&end, to)] {
            let Some(term) = term else { continue };
            if !are_alike(&left.kind, &term.kind) {
                return self.unlike(&left, &term.kind, operand.span());
            }
            if left.kind == Kind::Time
                && let Term::Values(values) = &term.term
            {
                grain = settled!(self.same_grain(&left.path, values.path(), operand.span()));
            }
        }
        let from = settled!(self.limit(&left, start, from, Side::First));
        let to = settled!(self.limit(&left, end, to, Side::Last));
        Ok(Some((left.path, Test::Among(vec![Member::Range { grain, from, to }]))))
    }

    /// Settles one end of a range that is found record by record; nothing where it is a literal or was refused.
    fn end_of(
        &self,
        relations: &[RelationId],
        left: &TypedPath,
        operand: &Operand,
    ) -> Settled<TypedTerm> {
        match operand {
            Operand::Quoted(_) => Ok(None),
            Operand::Phrase(_) => {
                let typed = self.as_path(relations, &left.kind, operand)?;
                Ok(typed.map(|TypedPath { path, kind }| TypedTerm {
                    term: Term::Values(Values::OfRow(path)),
                    kind,
                }))
            }
            _ => self.term(relations, operand),
        }
    }

    fn limit(
        &self,
        left: &TypedPath,
        found: Option<TypedTerm>,
        operand: &Operand,
        side: Side,
    ) -> Settled<Limit> {
        if let Some(found) = found {
            return Ok(Some(Limit::Found(found.term)));
        }
        let Some(words) = written(operand) else { return Ok(None) };
        let values = match &left.kind {
            Kind::Time => {
                let stretches = settled!(self.stretches(words, left.path.part()));
                let one = match side {
                    Side::First => stretches.first(),
                    Side::Last => stretches.last(),
                };
                NamedValues::Times(exactly(one.copied().into_iter().collect()))
            }
            kind => {
                let days = ["day".to_owned()];
                let units = if let Kind::Number(units) = kind { units.as_slice() } else { &days };
                let number = settled!(self.quantity(words, Some(units)));
                NamedValues::Number(number.least, number.unit)
            }
        };
        Ok(Some(Limit::Named(Named { values, written: words.text.to_owned() })))
    }

    pub(super) fn no_range<T>(&self, written: &str, kind: &Kind, at: Span) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::WRONG_COMPARISON,
                format!("`{written}` holds {}, which have no range", kind.described()),
                at,
                "a range is of dates or of numbers",
            )
            .help("list the values: `in (a, b, c)`"),
        )
    }
}

/// Which end of a range.
#[derive(Clone, Copy)]
enum Side {
    First,
    Last,
}

/// Returns the path to a period of which a range names both ends: they are those of one and the same.
fn both_ends(from: &Term, to: &Term) -> Option<Path> {
    let (Term::Values(Values::OfRow(from)), Term::Values(Values::OfRow(to))) = (from, to) else {
        return None;
    };
    let whole = |path: &Path, wanted: ValuePart| {
        let End::Values { fields, part, statement } = &path.end else { return None };
        (*part == wanted).then(|| Path {
            steps: path.steps.clone(),
            end: End::Values {
                fields: fields.clone(),
                part: ValuePart::Whole,
                statement: statement.clone(),
            },
            written: path.written.clone(),
        })
    };
    let (start, end) = (whole(from, ValuePart::Start)?, whole(to, ValuePart::End)?);
    let written = start.written.strip_suffix(".start").unwrap_or("period").to_owned();
    start.is_same_way(&end).then_some(Path { written, ..start })
}

/// Joins tests of equality to one: a value is one of several.
fn joined(tests: &[Test]) -> Option<Test> {
    let mut records = Vec::new();
    let mut words: Vec<(FieldId, Vec<u32>)> = Vec::new();
    let mut times = Vec::new();
    let mut numbers = Vec::new();
    let mut texts = Vec::new();
    for test in tests {
        match test {
            Test::Records(Rows::Records(ids)) => records.extend(ids),
            Test::Words(found) => words.extend(found.iter().cloned()),
            Test::Time(TimeTest {
                operator: Operator::Equal,
                against: TimeAgainst::Literal(values),
            }) => {
                times.extend(values.iter().cloned());
            }
            Test::Numbers(found) => numbers.extend(found.iter().cloned()),
            Test::Text(TextTest::Is(found)) => texts.extend(found.iter().cloned()),
            _ => return None,
        }
    }
    let mut by_field: Vec<(FieldId, Vec<u32>)> = Vec::new();
    for (field, places) in words {
        match by_field.iter_mut().find(|(known, _)| *known == field) {
            Some((_, known)) => known.extend(places),
            None => by_field.push((field, places)),
        }
    }
    // Members of one list are of one kind, as the left side is.
    match tests.first()? {
        Test::Records(_) => {
            records.sort_unstable();
            records.dedup();
            Some(Test::Records(Rows::Records(records)))
        }
        Test::Words(_) => Some(Test::Words(by_field)),
        Test::Numbers(_) => Some(Test::Numbers(numbers)),
        Test::Text(_) => Some(Test::Text(TextTest::Is(texts))),
        _ => {
            let against = TimeAgainst::Literal(times);
            Some(Test::Time(TimeTest { operator: Operator::Equal, against }))
        }
    }
}
