//! Conditions: each part settled against the records that it is asked of.

use super::names::Written;
use super::paths::{Kind, TypedPath, written};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code, one_of};
use crate::model::{FieldId, FieldRole, RelationId, SOURCE_RELATION, Status};
use crate::query::expression::{
    Comparison, Condition, End, Path, Quantifier, Repeats, Rows, StatementTest, Step, Test,
    TextTest, Way,
};
use crate::source::Span;
use crate::syntax::query::ast::{self, Comparator, Operand, Predicate, Prefix};

impl Resolver<'_> {
    /// Settles a condition on records of `relations`.
    pub(super) fn condition(
        &self,
        relations: &[RelationId],
        condition: &ast::Condition,
    ) -> Settled<Condition> {
        match condition {
            ast::Condition::And(parts) => {
                let parts = settled!(self.parts(relations, parts));
                self.note_split_paths(&parts);
                Ok(Some(Condition::And(parts)))
            }
            ast::Condition::Or(parts) => Ok(self.parts(relations, parts)?.map(Condition::Or)),
            ast::Condition::Prefixed { prefix, inner, .. } => {
                let inner = Box::new(settled!(self.condition(relations, inner)));
                Ok(Some(match prefix {
                    Prefix::Not => Condition::Not(inner),
                    Prefix::Certainly => Condition::Certainly(inner),
                    Prefix::Possibly => Condition::Possibly(inner),
                }))
            }
            ast::Condition::Exists { negated, path, .. } => {
                let path = settled!(self.path(relations, path)).path;
                Ok(Some(if *negated { Condition::Lacks(path) } else { Condition::Has(path) }))
            }
            ast::Condition::Compare { quantifier, left, predicate, .. } => {
                let left = settled!(self.left(relations, left));
                let quantifier = match quantifier {
                    ast::Quantifier::Some => Quantifier::Some,
                    ast::Quantifier::Every => Quantifier::Every,
                    ast::Quantifier::No => Quantifier::No,
                };
                self.predicate(relations, quantifier, left, predicate)
            }
            ast::Condition::Call { rule, .. } => {
                self.not_yet(rule.span, &format!("the rule `{}`", rule.text))
            }
            ast::Condition::Mentions { value, .. } => {
                let row = Path {
                    steps: Vec::new(),
                    end: End::Records(relations.to_vec()),
                    written: "this".into(),
                };
                let row = TypedPath { path: row, kind: Kind::Records(relations.to_vec()) };
                self.mentions(Quantifier::Some, row, value)
            }
        }
    }

    /// Settles all parts, so that every fault among them is found.
    fn parts(&self, relations: &[RelationId], parts: &[ast::Condition]) -> Settled<Vec<Condition>> {
        let mut all = Vec::with_capacity(parts.len());
        let mut is_whole = true;
        for part in parts {
            match self.condition(relations, part)? {
                Some(part) => all.push(part),
                None => is_whole = false,
            }
        }
        Ok(is_whole.then_some(all))
    }

    /// Settles what stands left of a comparison.
    fn left(&self, relations: &[RelationId], left: &Operand) -> Settled<TypedPath> {
        match left {
            Operand::Path(path) => self.path(relations, path),
            Operand::Aggregate(aggregate) => self.not_yet(aggregate.span, "a fold in a condition"),
            Operand::Difference(..) => self.not_yet(left.span(), "a difference"),
            Operand::Quoted(_) | Operand::Phrase(_) => self.say(
                Diagnostic::new(
                    code::WRONG_COMPARISON,
                    "a comparison begins with a value",
                    left.span(),
                    "a path belongs here",
                )
                .help("turn it round: the field first, then the operator, then the value"),
            ),
        }
    }

    fn predicate(
        &self,
        relations: &[RelationId],
        quantifier: Quantifier,
        left: TypedPath,
        predicate: &Predicate,
    ) -> Settled<Condition> {
        match predicate {
            Predicate::Against { comparator: Comparator::Mentions, right, .. } => {
                self.mentions(quantifier, left, right)
            }
            Predicate::Against { comparator: Comparator::NotEqual, at, right } => {
                let equal = settled!(self.against(relations, left, Comparator::Equal, *at, right));
                Ok(Some(negated(quantifier, equal)))
            }
            Predicate::Against { comparator, at, right } => {
                let (path, test) = settled!(self.against(relations, left, *comparator, *at, right));
                Ok(Some(Condition::Compare(Comparison { quantifier, path, test })))
            }
            Predicate::Among { members, negated: is_negated } => {
                let among = settled!(self.among(relations, left, members));
                Ok(Some(if *is_negated {
                    negated(quantifier, among)
                } else {
                    Condition::Compare(Comparison { quantifier, path: among.0, test: among.1 })
                }))
            }
            Predicate::Between { from, to, negated: is_negated } => {
                let between = settled!(self.between(left, from, to));
                Ok(Some(if *is_negated {
                    negated(quantifier, between)
                } else {
                    Condition::Compare(Comparison { quantifier, path: between.0, test: between.1 })
                }))
            }
            Predicate::Is { kind, negated: is_negated } => {
                let is = settled!(self.is(left, kind));
                Ok(Some(if *is_negated {
                    negated(quantifier, is)
                } else {
                    Condition::Compare(Comparison { quantifier, path: is.0, test: is.1 })
                }))
            }
        }
    }

    fn is(&self, left: TypedPath, kind: &ast::Word) -> Settled<(Path, Test)> {
        match kind.text.to_lowercase().as_str() {
            "unknown" => Ok(Some((left.path, Test::IsUnknown))),
            "none" => Ok(Some((left.path, Test::IsNone))),
            _ => {
                let Kind::Records(possible) = &left.kind else {
                    return self.say(
                        Diagnostic::new(
                            code::WRONG_COMPARISON,
                            format!("`{}` holds {}, which are never `{}`", left.path.written, left.kind.described(), kind.text),
                            kind.span,
                            "no record stands left of `is`",
                        )
                        .help("`is unknown` and `is none` may be asked of it; a value is compared by `=`"),
                    );
                };
                let wanted = settled!(self.relations(kind));
                if !wanted.iter().any(|each| possible.contains(each)) {
                    return self.say(
                        Diagnostic::new(
                            code::WRONG_COMPARISON,
                            format!(
                                "`{}` never leads to {}",
                                left.path.written,
                                self.named(&wanted)
                            ),
                            kind.span,
                            "this can never hold",
                        )
                        .help(format!("it leads to {}", self.named(possible))),
                    );
                }
                Ok(Some((left.path, Test::Records(Rows::Relations(wanted)))))
            }
        }
    }

    /// What mentions a record: a reference of any field leads to it.
    fn mentions(
        &self,
        quantifier: Quantifier,
        left: TypedPath,
        value: &Operand,
    ) -> Settled<Condition> {
        let Kind::Records(relations) = &left.kind else {
            return self.say(
                Diagnostic::new(
                    code::WRONG_COMPARISON,
                    format!(
                        "`{}` holds {}, which mention nothing",
                        left.path.written,
                        left.kind.described()
                    ),
                    value.span(),
                    "`mentions` is asked of records",
                )
                .help("words in a text are found by `~`"),
            );
        };
        let Some(words) = written(value) else {
            return self.not_yet(value.span(), "`mentions` with a path");
        };
        let fields = relations.iter().flat_map(|id| self.schema.fields_of(*id));
        let references = fields.filter(|(_, field)| {
            field.role != FieldRole::Source && !field.value_type.targets().is_empty()
        });
        let forward: Vec<FieldId> = references.map(|(id, _)| id).collect();
        let mut targets: Vec<RelationId> = forward
            .iter()
            .flat_map(|id| self.schema.field(*id).value_type.targets())
            .copied()
            .collect();
        targets.sort_unstable();
        targets.dedup();
        let record = settled!(self.record(words, &targets));
        let mut path = left.path;
        let way = Way::Fields { forward, backward: Vec::new() };
        path.steps.push(Step {
            way,
            repeats: Repeats::Once,
            filter: Condition::Always,
            statement: Vec::new(),
        });
        path.end = End::Records(targets);
        path.written = "mentions".into();
        let test = Test::Records(Rows::Records(vec![record]));
        Ok(Some(Condition::Compare(Comparison { quantifier, path, test })))
    }

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

    fn unknown_status<T>(&self, text: &str, span: Span) -> Settled<T> {
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

    /// Offers brackets where two conditions go on differently behind one many-valued step.
    fn note_split_paths(&self, parts: &[Condition]) {
        let mut seen: Vec<&Path> = Vec::new();
        for part in parts {
            let Condition::Compare(Comparison { path, .. }) = part else { continue };
            let Some(first) = path.steps.first() else { continue };
            let goes_on = path.steps.len() > 1 || !matches!(path.end, End::Records(_));
            let is_many = match &first.way {
                Way::Group(_) => true,
                Way::Fields { forward, backward } => {
                    !backward.is_empty()
                        || forward
                            .iter()
                            .any(|field| !self.schema.field(*field).cardinality.is_single())
                }
            };
            if !goes_on || !is_many {
                continue;
            }
            if let Some(other) = seen.iter().find(|other| other.steps.first() == Some(first)) {
                let step = path.written.split(['.', '[']).next().unwrap_or("");
                self.note(format!(
                    "`{}` and `{}` may be those of two different records; for one and the same write `{step}[… and …]`",
                    other.written, path.written
                ));
            }
            seen.push(path);
        }
    }
}

/// Negates a comparison: `party != germany` is `not party = germany`; of every value it is none that equals.
fn negated(quantifier: Quantifier, (path, test): (Path, Test)) -> Condition {
    let compare =
        |quantifier, path, test| Condition::Compare(Comparison { quantifier, path, test });
    match quantifier {
        Quantifier::Some => Condition::Not(Box::new(compare(Quantifier::Some, path, test))),
        Quantifier::Every => {
            Condition::And(vec![Condition::Has(path.clone()), compare(Quantifier::No, path, test)])
        }
        Quantifier::No => Condition::Or(vec![
            Condition::Lacks(path.clone()),
            compare(Quantifier::Every, path, test),
        ]),
    }
}
