//! `in (…)`, `in a..b` and `from a to b`.

use super::comparisons::part_of;
use super::literals::exactly;
use super::paths::{Kind, TypedPath, written};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{FieldId, RelationId};
use crate::query::expression::{NumberTest, Path, Rows, Test, TextTest, TimeAgainst, TimeTest};
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
        let span = members.iter().map(Operand::span).reduce(Span::to);
        match joined(&tests) {
            Some(test) => Ok(Some((path, test))),
            None => match span {
                Some(span) => self.not_yet(span, "`in` with several paths or lengths"),
                None => Ok(None),
            },
        }
    }

    /// Settles `left in a..b` and `left from a to b`.
    pub(super) fn between(
        &self,
        left: TypedPath,
        from: &Operand,
        to: &Operand,
    ) -> Settled<(Path, Test)> {
        let (Some(first), Some(last)) = (written(from), written(to)) else {
            return self.not_yet(from.span().to(to.span()), "a range between paths");
        };
        let whole = first.span.to(last.span);
        let test = match &left.kind {
            Kind::Time => {
                let starts = settled!(self.stretches(first, part_of(&left.path)));
                let ends = settled!(self.stretches(last, part_of(&left.path)));
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
            kind => {
                return self.say(
                    Diagnostic::new(
                        code::WRONG_COMPARISON,
                        format!(
                            "`{}` holds {}, which have no range",
                            left.path.written,
                            kind.described()
                        ),
                        whole,
                        "a range is of dates or of numbers",
                    )
                    .help("list the values: `in (a, b, c)`"),
                );
            }
        };
        Ok(Some((left.path, test)))
    }
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
