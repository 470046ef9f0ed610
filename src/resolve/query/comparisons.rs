//! Comparisons: the right side read as what the left side holds.

use super::literals::exactly;
use super::names::Written;
use super::paths::{Kind, TypedPath, written};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code, one_of};
use crate::model::{EntityId, FieldId, FieldRole, RelationId, Type};
use crate::query::expression::{
    End, NumberTest, Path, PathOperator, Rows, Test, TextTest, TimeAgainst, TimeTest, ValuePart,
};
use crate::source::Span;
use crate::suggest;
use crate::syntax::query::ast::{self, Comparator, Operand};
use crate::time::{Operator, Stretch};

/// A right side that begins elsewhere than at the row: `rapallo-1922.signed`, `(tenures where …).period`.
struct Anchored {
    rows: Rows,
    typed: TypedPath,
}

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
            Operand::Aggregate(aggregate) => {
                return self.not_yet(aggregate.span, "a fold in a condition");
            }
            Operand::Difference(..) => return self.not_yet(right.span(), "a difference"),
            Operand::Path(path) => {
                return match self.anchored(relations, path)? {
                    Some(anchored) => {
                        self.against_anchored(left, comparator, at, anchored, path.span)
                    }
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
        let mut left = left;
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
                let text = words.text.to_owned();
                match comparator {
                    Comparator::Equal => {
                        if let End::Values { fields, .. } = &mut left.path.end
                            && let Some(all) = self.with_aliases(fields)
                        {
                            *fields = all;
                        }
                        // Of all the words of a record no single one is the whole.
                        match left.path.end {
                            End::Text(_) => {
                                return self.wrong_comparator(&left, comparator, at, &["~"]);
                            }
                            _ => Test::Text(TextTest::Is(text)),
                        }
                    }
                    Comparator::Matches => {
                        if let End::Values { fields, .. } = &mut left.path.end
                            && let Some(all) = self.with_aliases(fields)
                        {
                            *fields = all;
                        }
                        Test::Text(TextTest::Contains(text))
                    }
                    _ => return self.wrong_comparator(&left, comparator, at, &["=", "!=", "~"]),
                }
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
                let Some(operator) = order_operator(comparator) else {
                    return self.wrong_comparator(
                        &left,
                        comparator,
                        at,
                        &["=", "!=", "<", "<=", ">", ">="],
                    );
                };
                if let Some(other) = as_path {
                    return self.against_path(left, comparator, at, other, words.span);
                }
                let number = settled!(self.quantity(words, Some(units)));
                Test::Number(NumberTest {
                    operator,
                    least: number.least,
                    greatest: number.greatest,
                    unit: number.unit,
                })
            }
            Kind::Length => {
                let Some(operator) = order_operator(comparator) else {
                    return self.wrong_comparator(
                        &left,
                        comparator,
                        at,
                        &["=", "!=", "<", "<=", ">", ">="],
                    );
                };
                let number = settled!(self.quantity(words, Some(&["day".to_owned()])));
                Test::Days { operator, days: number.least as i64 }
            }
            Kind::Time => {
                let Some(operator) = time_operator(comparator) else {
                    return self.wrong_comparator(
                        &left,
                        comparator,
                        at,
                        &["=", "<", "<=", ">", ">=", "during", "overlaps"],
                    );
                };
                if let Some(other) = as_path {
                    return self.against_path(left, comparator, at, other, words.span);
                }
                let is_record =
                    || self.records_named(words.text, None).map(|found| !found.is_empty());
                if !self.looks_like_date(words.text) || (!self.is_date(words.text) && is_record()?)
                {
                    return self.no_date(relations, words);
                }
                let stretches = settled!(self.stretches(words, part_of(&left.path)));
                Test::Time(TimeTest { operator, against: TimeAgainst::Literal(exactly(stretches)) })
            }
        };
        Ok(Some((left.path, test)))
    }

    /// Reads one bare word as a path of the row, where it leads to what the left side holds.
    fn as_path(
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

    /// Settles a right side that begins at a record or a query; nothing where it is a path of the row.
    fn anchored(&self, relations: &[RelationId], path: &ast::Path) -> Settled<Anchored> {
        if let ast::Head::Query(inner) = &path.head {
            let (query, relations) = settled!(self.subquery(inner));
            let typed = settled!(self.steps(&relations, &path.steps, self.slice(path.span)));
            return Ok(Some(Anchored { rows: Rows::Query(Box::new(query)), typed }));
        }
        let first = path.steps.first().map(|step| &step.way);
        let Some(ast::Way::Name(word)) = first else { return Ok(None) };
        let is_field = relations.iter().any(|id| {
            self.schema.field_named(*id, &word.text).is_some()
                || self.schema.inverses_named(*id, &word.text).next().is_some()
        });
        if is_field {
            return Ok(None);
        }
        let Some(entity) = self.record_head(path)? else { return Ok(None) };
        let Some(relation) = self.index.relation_of(entity) else { return Ok(None) };
        let rest = path.steps.get(1..).unwrap_or_default();
        let typed = settled!(self.steps(&[relation], rest, self.slice(path.span)));
        Ok(Some(Anchored { rows: Rows::Records(vec![entity]), typed }))
    }

    fn against_anchored(
        &self,
        left: TypedPath,
        comparator: Comparator,
        at: Span,
        anchored: Anchored,
        span: Span,
    ) -> Settled<(Path, Test)> {
        match (&left.kind, &anchored.typed.kind) {
            (Kind::Time, Kind::Time) => {
                let Some(operator) = time_operator(comparator) else {
                    return self.wrong_comparator(
                        &left,
                        comparator,
                        at,
                        &["=", "<", "<=", ">", ">=", "during", "overlaps"],
                    );
                };
                let path = Box::new(anchored.typed.path);
                let against = TimeAgainst::Values { rows: Box::new(anchored.rows), path };
                Ok(Some((left.path, Test::Time(TimeTest { operator, against }))))
            }
            (Kind::Records(_), Kind::Records(_)) if anchored.typed.path.steps.is_empty() => {
                settled!(self.only_equality(&left, comparator, at));
                Ok(Some((left.path, Test::Records(anchored.rows))))
            }
            (one, other) if !are_alike(one, other) => self.unlike(&left, other, span),
            _ => self.not_yet(span, "a comparison with values of other records that are no dates"),
        }
    }

    fn against_path(
        &self,
        left: TypedPath,
        comparator: Comparator,
        at: Span,
        right: TypedPath,
        span: Span,
    ) -> Settled<(Path, Test)> {
        if !are_alike(&left.kind, &right.kind) {
            return self.unlike(&left, &right.kind, span);
        }
        let operator = match &left.kind {
            Kind::Time => {
                if [&left.path, &right.path]
                    .iter()
                    .any(|path| matches!(part_of(path), ValuePart::Grain(_)))
                {
                    return self.not_yet(span, "a comparison of the years or months of two dates");
                }
                time_operator(comparator).map(PathOperator::Time)
            }
            Kind::Number(_) | Kind::Length => order_operator(comparator).map(PathOperator::Number),
            Kind::Records(_) | Kind::Identifiers | Kind::Text | Kind::Words => {
                (comparator == Comparator::Equal).then_some(PathOperator::Same)
            }
        };
        match operator {
            Some(operator) => Ok(Some((left.path, Test::Path { operator, right: right.path }))),
            None => self.wrong_comparator(&left, comparator, at, &["=", "!="]),
        }
    }

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
                Some(span) => self.not_yet(span, "`in` with several texts, numbers or paths"),
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
                Test::Number(NumberTest {
                    operator: Operator::Equal,
                    least,
                    greatest: end.greatest,
                    unit: end.unit,
                })
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

    fn empty_range<T>(&self, span: Span) -> Settled<T> {
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
        path.end = End::Values { fields, part: ValuePart::Whole };
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

    fn unknown_word<T>(&self, path: &Path, words: Written<'_>) -> Settled<T> {
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
            false => diagnostic.help(format!("did you mean {}?", one_of(&near))),
            true => diagnostic.help(format!("its words are {}", one_of(&known))),
        })
    }

    fn no_date<T>(&self, relations: &[RelationId], words: Written<'_>) -> Settled<T> {
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
            false => diagnostic.help(format!("did you mean {}?", one_of(&near))),
            true => {
                diagnostic.help("a date is written year-month-day: `1922`, `1922-04`, `1922-04-16`")
            }
        })
    }

    fn both_fit<T>(&self, words: Written<'_>) -> Settled<T> {
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

    fn only_equality(&self, left: &TypedPath, comparator: Comparator, at: Span) -> Settled<()> {
        match comparator {
            Comparator::Equal => Ok(Some(())),
            _ => self.wrong_comparator(left, comparator, at, &["=", "!=", "in (…)"]),
        }
    }

    fn wrong_comparator<T>(
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

    fn unlike<T>(&self, left: &TypedPath, right: &Kind, span: Span) -> Settled<T> {
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

    /// Returns the one source that is named.
    pub(super) fn source_named(&self, words: Written<'_>) -> Settled<EntityId> {
        self.record(words, &[crate::model::SOURCE_RELATION])
    }
}

/// Joins tests of equality to one: a value is one of several.
fn joined(tests: &[Test]) -> Option<Test> {
    let mut records = Vec::new();
    let mut words: Vec<(FieldId, Vec<u32>)> = Vec::new();
    let mut times = Vec::new();
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
    match (records.is_empty(), by_field.is_empty(), times.is_empty()) {
        (false, true, true) => {
            records.sort_unstable();
            records.dedup();
            Some(Test::Records(Rows::Records(records)))
        }
        (true, false, true) => Some(Test::Words(by_field)),
        (true, true, false) => Some(Test::Time(TimeTest {
            operator: Operator::Equal,
            against: TimeAgainst::Literal(times),
        })),
        _ => None,
    }
}

fn part_of(path: &Path) -> ValuePart {
    match &path.end {
        End::Values { part, .. } => *part,
        _ => ValuePart::Whole,
    }
}

fn are_alike(one: &Kind, other: &Kind) -> bool {
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

fn order_operator(comparator: Comparator) -> Option<Operator> {
    Some(match comparator {
        Comparator::Equal => Operator::Equal,
        Comparator::Less | Comparator::Before => Operator::Less,
        Comparator::AtMost => Operator::LessOrEqual,
        Comparator::Greater | Comparator::After => Operator::Greater,
        Comparator::AtLeast => Operator::GreaterOrEqual,
        _ => return None,
    })
}

fn time_operator(comparator: Comparator) -> Option<Operator> {
    Some(match comparator {
        Comparator::Equal => Operator::Equal,
        Comparator::Less => Operator::Less,
        Comparator::AtMost => Operator::LessOrEqual,
        Comparator::Greater => Operator::Greater,
        Comparator::AtLeast => Operator::GreaterOrEqual,
        Comparator::Before => Operator::Before,
        Comparator::After => Operator::After,
        Comparator::During => Operator::During,
        Comparator::Contains => Operator::Contains,
        Comparator::Overlaps => Operator::Overlaps,
        Comparator::Meets => Operator::Meets,
        Comparator::NotEqual | Comparator::Matches | Comparator::Mentions => return None,
    })
}
