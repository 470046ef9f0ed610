//! Conditions: each part settled against the records that it is asked of.

use super::differences::days_of;
use super::operators::quantifier_of;
use super::paths::{Kind, TypedPath, written};
use super::terms::is_computed;
use super::{Resolver, Settled, settle_each, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{FieldId, FieldRole, RelationId};
use crate::query::expression::{Comparison, Condition, End, Path, Rows, Step, Test, Way};
use crate::query::operators::{Quantifier, Repeats};
use crate::query::statement_rows::StatementCondition;
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
                let quantifier = quantifier_of(*quantifier);
                if let (Operand::Difference(one, other), Some(days)) = (left, days_of(predicate))
                    && settled!(self.are_of_row(relations, one, other))
                {
                    return self.difference(relations, quantifier, (one, other), days);
                }
                let is_right =
                    matches!(predicate, Predicate::Against { right, .. } if is_computed(right));
                if is_computed(left) || is_right {
                    return self.computed(relations, quantifier, left, predicate);
                }
                let left = settled!(self.left(relations, left));
                self.predicate(relations, quantifier, left, predicate)
            }
            ast::Condition::Call { rule, arguments, span } => {
                self.row_call(relations, rule, arguments, *span)
            }
            ast::Condition::Mentions { value, .. } => {
                let row = Path {
                    steps: Vec::new(),
                    end: End::Records(relations.to_vec()),
                    written: "this".into(),
                };
                let row = TypedPath { path: row, kind: Kind::Records(relations.to_vec()) };
                self.mentions(relations, Quantifier::Some, row, value)
            }
        }
    }

    fn parts(&self, relations: &[RelationId], parts: &[ast::Condition]) -> Settled<Vec<Condition>> {
        settle_each(parts, |part| self.condition(relations, part))
    }

    /// Settles what stands left of a comparison.
    pub(super) fn left(&self, relations: &[RelationId], left: &Operand) -> Settled<TypedPath> {
        match left {
            Operand::Path(path) => self.path(relations, path),
            // What is computed was taken before.
            Operand::Aggregate(_)
            | Operand::Difference(..)
            | Operand::Quoted(_)
            | Operand::Phrase(_) => self.say(
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

    pub(super) fn predicate(
        &self,
        relations: &[RelationId],
        quantifier: Quantifier,
        left: TypedPath,
        predicate: &Predicate,
    ) -> Settled<Condition> {
        match predicate {
            Predicate::Against { comparator: Comparator::Mentions, right, .. } => {
                self.mentions(relations, quantifier, left, right)
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
                let between = settled!(self.between(relations, left, from, to));
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
        row: &[RelationId],
        quantifier: Quantifier,
        left: TypedPath,
        value: &Operand,
    ) -> Settled<Condition> {
        let TypedPath { path, kind } = settled!(self.mentioned(left, value.span()));
        let Kind::Records(targets) = &kind else { return Ok(None) };
        let (path, test) = match written(value) {
            Some(words) => {
                let record = settled!(self.record(words, targets));
                (path, Test::Records(Rows::Records(vec![record])))
            }
            None => {
                let left = TypedPath { path, kind };
                settled!(self.against(row, left, Comparator::Equal, value.span(), value))
            }
        };
        Ok(Some(Condition::Compare(Comparison { quantifier, path, test })))
    }

    /// Goes on from records to all that they mention.
    pub(super) fn mentioned(&self, left: TypedPath, at: Span) -> Settled<TypedPath> {
        let Kind::Records(relations) = &left.kind else {
            return self.say(
                Diagnostic::new(
                    code::WRONG_COMPARISON,
                    format!(
                        "`{}` holds {}, which mention nothing",
                        left.path.written,
                        left.kind.described()
                    ),
                    at,
                    "`mentions` is asked of records",
                )
                .help("words in a text are found by `~`"),
            );
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
        let mut path = left.path;
        let way = Way::Fields { forward, backward: Vec::new() };
        path.steps.push(Step {
            way,
            repeats: Repeats::Once,
            filter: Condition::Always,
            statement: StatementCondition::Always,
        });
        path.end = End::Records(targets.clone());
        path.written = match path.written.as_str() {
            "this" => "mentions".to_owned(),
            written => format!("{written} mentions"),
        };
        Ok(Some(TypedPath { path, kind: Kind::Records(targets) }))
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
