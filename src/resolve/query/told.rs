//! Paths from statements, and what they are compared with.

use super::comparisons::are_alike;
use super::literals::exactly;
use super::names::Written;
use super::operators::{order_operator, time_operator};
use super::paths::{Kind, TypedPath, part_named, written};
use super::{Resolver, Settled, negated_if, settled};
use crate::diagnostic::{Diagnostic, code, one_of};
use crate::model::SOURCE_RELATION;
use crate::query::expression::{End, Path};
use crate::query::operators::{Quantifier, TextTest, ValuePart};
use crate::query::statement_rows::{
    Beyond, StatementColumn, StatementCondition, ToldAgainst, ToldComparison, ToldNamed, ToldPath,
    ToldSide,
};
use crate::query::terms::Term;
use crate::source::Span;
use crate::syntax::query::ast::{self, ClauseKind, Comparator, Operand, Predicate};
use crate::time::{Grain, Operator};

/// A settled path from a statement with the kind of its values, where it is always the same.
struct Left {
    path: ToldPath,
    kind: Option<Kind>,
    part: ValuePart,
}

impl Left {
    /// Returns a path of the same words, for messages.
    fn as_path(&self) -> TypedPath {
        let end = End::Identifiers;
        let path = Path { steps: Vec::new(), end, written: self.path.written.clone() };
        TypedPath { path, kind: self.kind.clone().unwrap_or(Kind::Text) }
    }
}

impl Resolver<'_> {
    /// Settles a path from a statement, with what it holds; nothing of that where it may be anything.
    pub(super) fn told_path(&self, path: &ast::Path) -> Settled<(ToldPath, Option<Kind>)> {
        let (column, rest) = settled!(self.of_statement(path));
        let written = self.slice(path.span).to_owned();
        if rest.is_empty() {
            let kind = match column {
                StatementColumn::Of => Some(Kind::Records(self.everything())),
                StatementColumn::Source => Some(Kind::Records(vec![SOURCE_RELATION])),
                StatementColumn::Period => Some(Kind::Time),
                StatementColumn::Value => None,
                _ => Some(Kind::Text),
            };
            return Ok(Some((ToldPath { written, ..ToldPath::of(column) }, kind)));
        }
        if self.are_parts(column, rest) {
            let mut part = ValuePart::Whole;
            for step in rest {
                if let ast::Way::Name(word) = &step.way
                    && let Some(next) = part_named(&word.text)
                {
                    part = next.behind(part);
                }
            }
            let kind = if part == ValuePart::Length { Kind::Length } else { Kind::Time };
            return Ok(Some((
                ToldPath { column, beyond: Beyond::Part(part), written },
                Some(kind),
            )));
        }
        let relations = match column {
            StatementColumn::Of | StatementColumn::Value => self.everything(),
            StatementColumn::Source => vec![SOURCE_RELATION],
            _ => return self.no_fields(column, rest, path.span),
        };
        let typed = settled!(self.steps(&relations, rest, &written));
        let beyond = Beyond::Path(Box::new(typed.path));
        Ok(Some((ToldPath { column, beyond, written }, Some(typed.kind))))
    }

    /// Tells whether steps behind a part of a statement are parts of a date: `period.start.year`.
    pub(super) fn are_parts(&self, column: StatementColumn, rest: &[ast::Step]) -> bool {
        let is_dated = matches!(column, StatementColumn::Period | StatementColumn::Value);
        let is_part = |step: &ast::Step| {
            matches!(&step.way, ast::Way::Name(word) if part_named(&word.text).is_some())
                && step.closure.is_none()
                && step.filters.is_empty()
        };
        is_dated && !rest.is_empty() && rest.iter().all(is_part)
    }

    /// Refuses a step behind words.
    pub(super) fn no_fields<T>(
        &self,
        column: StatementColumn,
        rest: &[ast::Step],
        at: Span,
    ) -> Settled<T> {
        let message = format!("`{}` of a statement leads no further", column.name());
        let label = match rest.first().map(|step| &step.way) {
            Some(ast::Way::Name(word)) => format!("`{}` is no part of it", word.text),
            _ => "no such step".to_owned(),
        };
        let found = Diagnostic::new(code::UNKNOWN_STEP, message, at, label);
        self.say(match column {
            StatementColumn::Period => found.help(
                "behind a period may stand `start`, `end`, `length`, `year`, `month`, `decade` or `century`",
            ),
            _ => found.help("a path goes on behind `of`, `source` and `value`"),
        })
    }

    /// Refuses `is` of a part that holds no records.
    pub(super) fn is_no_kind<T>(&self, column: StatementColumn, kind: &ast::Word) -> Settled<T> {
        let name = column.name();
        let message = format!("`{name}` of a statement is never `{}`", kind.text);
        let label = "`is` asks it of `of`, `source` and `value`";
        let found = Diagnostic::new(code::WRONG_COMPARISON, message, kind.span, label);
        self.say(found.help(format!("`has {name}` and `no {name}` ask whether there is one")))
    }

    /// Refuses to fold values that are not of one kind.
    pub(super) fn no_one_kind<T>(&self, written: &str, at: Span) -> Settled<T> {
        let message = format!("`{written}` is not of one kind in all statements");
        let label = "neither dates nor numbers alone";
        let found = Diagnostic::new(code::WRONG_COMPARISON, message, at, label);
        self.say(found.help(
            "ask for one field, `where field = signed`, or count: `count(value)`; a date of the record is `min(of.date)`",
        ))
    }

    /// Returns what the values of statements are, where a condition or the groups are of one field.
    pub(super) fn value_kind(
        &self,
        condition: &StatementCondition,
        tree: &ast::Query,
    ) -> Option<Kind> {
        let grouped = tree.clauses.iter().any(|clause| match &clause.kind {
            ClauseKind::Group(path) => matches!(
                path.steps.as_slice(),
                [ast::Step { way: ast::Way::Name(word), .. }]
                    if word.text == StatementColumn::Field.name()
            ),
            _ => false,
        });
        if grouped {
            return Some(Kind::Number(Vec::new()));
        }
        let parts = match condition {
            StatementCondition::And(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let named = parts.iter().find_map(|part| match part {
            StatementCondition::Or(parts) => match parts.as_slice() {
                [StatementCondition::Words(StatementColumn::Field, TextTest::Is(names))] => {
                    names.first()
                }
                _ => None,
            },
            _ => None,
        })?;
        let fields = self.schema.fields.iter();
        let fields = fields.filter(|field| field.name.eq_ignore_ascii_case(named));
        let mut kinds: Vec<Kind> = fields.map(|field| Kind::of(&field.value_type)).collect();
        kinds.dedup_by(|one, other| are_alike(one, other));
        match kinds.as_slice() {
            [only @ (Kind::Time | Kind::Number(_))] => Some(only.clone()),
            _ => None,
        }
    }

    /// Tells whether a right side is what the statement itself says.
    pub(super) fn is_told(&self, left: StatementColumn, operand: &Operand) -> bool {
        let is_part = |name: &str| StatementColumn::ALL.iter().any(|part| part.name() == name);
        match operand {
            Operand::Path(path) => {
                path.head == ast::Head::Row
                    && matches!(
                        path.steps.first().map(|step| &step.way),
                        Some(ast::Way::Name(word)) if is_part(&word.text)
                    )
            }
            // The name of a field may be that of a part, and is meant beside `field`.
            Operand::Phrase(phrase) => left != StatementColumn::Field && is_part(&phrase.text),
            _ => false,
        }
    }

    /// Settles a comparison of what a statement leads to.
    pub(super) fn told_comparison(
        &self,
        quantifier: Quantifier,
        path: &ast::Path,
        predicate: &Predicate,
    ) -> Settled<StatementCondition> {
        let (path, kind) = settled!(self.told_path(path));
        let part = path.part();
        let left = Left { path, kind, part };
        let (against, is_negated) = match predicate {
            Predicate::Against { comparator, at, right } => {
                let (operator, is_negated) = settled!(self.told_operator(&left, *comparator, *at));
                let (side, grain) = settled!(self.told_side(&left, operator, right));
                (ToldAgainst::OneOf { operator, grain, sides: vec![side] }, is_negated)
            }
            Predicate::Among { members, negated } => {
                let operator = Operator::Equal;
                let (mut sides, mut grain) = (Vec::with_capacity(members.len()), None);
                for member in members {
                    let (side, unit) = settled!(self.told_side(&left, operator, member));
                    grain = grain.or(unit);
                    sides.push(side);
                }
                (ToldAgainst::OneOf { operator, grain, sides }, *negated)
            }
            Predicate::Between { from, to, negated } => {
                let operator = Operator::Less;
                let at = from.span().to(to.span());
                if let Some(Kind::Records(_) | Kind::Text | Kind::Identifiers | Kind::Words) =
                    left.kind
                {
                    let kind = left.kind.clone().unwrap_or(Kind::Text);
                    return self.no_range(&left.path.written, &kind, at);
                }
                let (from, one) = settled!(self.told_side(&left, operator, from));
                let (to, other) = settled!(self.told_side(&left, operator, to));
                let (from, to) = (Box::new(from), Box::new(to));
                (ToldAgainst::Between { grain: one.or(other), from, to }, *negated)
            }
            Predicate::Is { kind, .. } => return self.is_no_kind(left.path.column, kind),
        };
        let comparison = ToldComparison { quantifier, left: left.path, against };
        Ok(Some(negated_if(StatementCondition::Compare(Box::new(comparison)), is_negated)))
    }

    fn told_operator(
        &self,
        left: &Left,
        comparator: Comparator,
        at: Span,
    ) -> Settled<(Operator, bool)> {
        let operator = match (comparator, &left.kind) {
            (Comparator::NotEqual, _) => return Ok(Some((Operator::Equal, true))),
            (Comparator::Mentions, None | Some(Kind::Records(_))) => Some(Operator::Equal),
            (_, None | Some(Kind::Time)) => time_operator(comparator),
            (_, Some(Kind::Number(_) | Kind::Length)) => order_operator(comparator),
            (Comparator::Equal, _) => Some(Operator::Equal),
            _ => None,
        };
        match operator {
            Some(operator) => Ok(Some((operator, false))),
            None => self.wrong_comparator(&left.as_path(), comparator, at, &["=", "!=", "in (…)"]),
        }
    }

    /// Settles a right side, with the unit of the calendar by which it is compared.
    fn told_side(
        &self,
        left: &Left,
        operator: Operator,
        operand: &Operand,
    ) -> Settled<(ToldSide, Option<Grain>)> {
        let span = operand.span();
        let (side, kind, part) = if self.is_told(left.path.column, operand) {
            let path = match operand {
                Operand::Path(path) => path.clone(),
                _ => single(self.slice(span), span),
            };
            let (path, kind) = settled!(self.told_path(&path));
            let part = path.part();
            (ToldSide::Told(path), kind, part)
        } else if let Some(words) = written(operand) {
            let named = settled!(self.told_named(left, operator, words));
            return Ok(Some((ToldSide::Named(named), None)));
        } else {
            let typed = settled!(self.term(&[], operand));
            let part = match &typed.term {
                Term::Values(values) => values.path().part(),
                Term::Fold(_) | Term::Difference { .. } => ValuePart::Whole,
            };
            (ToldSide::Found(typed.term), Some(typed.kind), part)
        };
        if let (Some(one), Some(other)) = (&left.kind, &kind)
            && !are_alike(one, other)
        {
            return self.unlike(&left.as_path(), other, span);
        }
        match (left.part, part) {
            (ValuePart::Unit(_, one), ValuePart::Unit(_, other)) if one == other => {
                Ok(Some((side, Some(one))))
            }
            (ValuePart::Unit(..), _) | (_, ValuePart::Unit(..)) => {
                let message = format!(
                    "`{}` and `{}` are not of one unit",
                    left.path.written,
                    self.slice(span)
                );
                let label = "cannot be compared with the left side";
                let found = Diagnostic::new(code::WRONG_COMPARISON, message, span, label);
                self.say(
                    found.help("name the same unit on both sides, `value.year = of.signed.year`"),
                )
            }
            _ => Ok(Some((side, None))),
        }
    }

    /// Reads what a question names as each kind of value that may stand on the left.
    fn told_named(
        &self,
        left: &Left,
        operator: Operator,
        words: Written<'_>,
    ) -> Settled<ToldNamed> {
        let mut named = ToldNamed::default();
        match &left.kind {
            Some(Kind::Time) => {
                named.times = exactly(settled!(self.stretches(words, left.part)));
            }
            Some(Kind::Number(units)) => {
                let number = settled!(self.quantity(words, Some(units)));
                named.number = Some((number.least, number.unit));
            }
            Some(Kind::Length) => {
                let number = settled!(self.quantity(words, Some(&["day".to_owned()])));
                named.number = Some((number.least, number.unit));
            }
            Some(Kind::Records(relations)) => {
                named.records = vec![settled!(self.record(words, relations))];
            }
            Some(Kind::Text | Kind::Identifiers | Kind::Words) => {
                named.texts = vec![words.text.to_owned()];
            }
            None => {
                if self.is_date(words.text) {
                    named.times = exactly(settled!(self.stretches(words, ValuePart::Whole)));
                }
                let (number, unit) = words.text.split_once(' ').unwrap_or((words.text, ""));
                if let Ok(number) = number.replace('_', "").parse::<f64>() {
                    named.number = Some((number, (!unit.is_empty()).then(|| unit.to_owned())));
                }
                if operator == Operator::Equal {
                    named.records = self.records_named(words.text, None)?;
                    named.texts = vec![words.text.to_owned()];
                } else if named.times.is_empty() && named.number.is_none() {
                    let message = format!("`{}` is neither a date nor a number", words.text);
                    let label = "a date or a number is expected here";
                    let found = Diagnostic::new(code::BAD_LITERAL, message, words.span, label);
                    return self.say(found.help("write `value < 1930`, `value > 100 GBP`; records and words are compared by `=`"));
                }
            }
        }
        Ok(Some(named))
    }

    /// Asks whether a value is a date within another: `value = 1925` finds `1925-03`.
    pub(super) fn value_is_date(&self, words: Written<'_>) -> Settled<StatementCondition> {
        let times = exactly(settled!(self.stretches(words, ValuePart::Whole)));
        let named = ToldNamed { times, ..ToldNamed::default() };
        let against = ToldAgainst::OneOf {
            operator: Operator::Equal,
            grain: None,
            sides: vec![ToldSide::Named(named)],
        };
        let left = ToldPath::of(StatementColumn::Value);
        let comparison = ToldComparison { quantifier: Quantifier::Some, left, against };
        Ok(Some(StatementCondition::Compare(Box::new(comparison))))
    }

    /// Settles `mentions` with a path: the value is one of the records there.
    pub(super) fn told_mentions(&self, value: &Operand) -> Settled<StatementCondition> {
        let left = single(StatementColumn::Value.name(), value.span());
        let right = value.clone();
        let predicate =
            Predicate::Against { comparator: Comparator::Mentions, at: value.span(), right };
        self.told_comparison(Quantifier::Some, &left, &predicate)
    }

    /// Settles `has period.start`: there is a date to read it of.
    pub(super) fn has_part(
        &self,
        path: &ast::Path,
        is_negated: bool,
    ) -> Settled<StatementCondition> {
        let (path, _) = settled!(self.told_path(path));
        let has = StatementCondition::HasValues(path);
        Ok(Some(negated_if(has, is_negated)))
    }

    /// Settles `every source … = …`: of all other parts there is one at most, or words.
    pub(super) fn every_told(
        &self,
        path: &ast::Path,
        predicate: &Predicate,
    ) -> Settled<StatementCondition> {
        let (column, rest) = settled!(self.of_statement(path));
        let operands = super::statements::operands_of(predicate);
        let is_told = operands.iter().any(|operand| self.is_told(column, operand));
        if is_told || self.are_parts(column, rest) {
            return self.told_comparison(Quantifier::Every, path, predicate);
        }
        match column {
            StatementColumn::Source => {
                let fails = self.beyond(column, rest, path.span, |typed| {
                    let found = settled!(self.predicate(&[], Quantifier::Every, typed, predicate));
                    Ok(Some(crate::query::expression::Condition::Not(Box::new(found))))
                });
                let fails = settled!(fails);
                Ok(Some(StatementCondition::And(vec![
                    StatementCondition::Has(StatementColumn::Source),
                    StatementCondition::Not(Box::new(fails)),
                ])))
            }
            StatementColumn::Of | StatementColumn::Value if !rest.is_empty() => {
                self.beyond(column, rest, path.span, |typed| {
                    self.predicate(&[], Quantifier::Every, typed, predicate)
                })
            }
            StatementColumn::Locator => {
                let message = "`every` is asked of sources, not of the places in them";
                let label = "a locator belongs to its source";
                let found = Diagnostic::new(code::WRONG_COMPARISON, message, path.span, label);
                self.say(found.help("ask for one, `locator ~ …`, or for none, `no locator ~ …`"))
            }
            _ => self.statement_comparison(path, predicate),
        }
    }

    /// Settles a rule that is asked of what a statement leads to: all its paths begin at one part.
    pub(super) fn told_call(
        &self,
        rule: &ast::Word,
        arguments: &[Operand],
        span: Span,
    ) -> Settled<StatementCondition> {
        let mut begins: Option<StatementColumn> = None;
        let mut asked = Vec::with_capacity(arguments.len());
        for argument in arguments {
            if !self.is_told(StatementColumn::Of, argument) {
                asked.push(argument.clone());
                continue;
            }
            let at = argument.span();
            let path = match argument {
                Operand::Path(path) => path.clone(),
                _ => single(self.slice(at), at),
            };
            let (column, rest) = settled!(self.of_statement(&path));
            let is_record = matches!(
                column,
                StatementColumn::Of | StatementColumn::Source | StatementColumn::Value
            );
            if !is_record {
                return self.no_fields(column, rest, at);
            }
            if begins.is_some_and(|before| before != column) {
                let message = "a rule is asked of two parts of a statement";
                let label = "another part than before";
                let found = Diagnostic::new(code::WRONG_ARGUMENTS, message, at, label);
                return self.say(found.help(
                    "ask it of the records: `find a, b where …`, or of one part and a record that is named",
                ));
            }
            begins = Some(column);
            let head = ast::Head::This(at);
            asked.push(Operand::Path(ast::Path { head, steps: rest.to_vec(), span: at }));
        }
        let Some(column) = begins else {
            let names = ["of", "source", "value"];
            let message = format!("`{}` is asked of nothing in a statement", rule.text);
            let label = "the same for every statement";
            let found = Diagnostic::new(code::WRONG_ARGUMENTS, message, span, label);
            return self.say(found.help(format!("let an argument begin with {}", one_of(&names))));
        };
        let relations = match column {
            StatementColumn::Source => vec![SOURCE_RELATION],
            _ => self.everything(),
        };
        let condition = settled!(self.row_call(&relations, rule, &asked, span));
        Ok(Some(match column {
            StatementColumn::Source => StatementCondition::Source(condition),
            StatementColumn::Value => StatementCondition::Value { relations, condition },
            _ => StatementCondition::Of { relations, condition },
        }))
    }
}

/// Makes the path of one step.
fn single(name: &str, span: Span) -> ast::Path {
    let word = ast::Word { text: name.to_owned(), span };
    let step = ast::Step { way: ast::Way::Name(word), closure: None, filters: Vec::new() };
    ast::Path { head: ast::Head::Row, steps: vec![step], span }
}
