//! Calls of rules: as conditions on variables, and on the row of a question for one relation.

use super::Names;
use super::paths::Rooted;
use crate::diagnostic::{Diagnostic, code};
use crate::model::RelationId;
use crate::query::expression::{Condition, End, Path, PathOperator, Quantifier};
use crate::query::formula::{Argument, Call, Conjunct, Formula, Link, Scope, Slot};
use crate::resolve::query::names::Written;
use crate::resolve::query::paths::{Kind, TypedPath, written};
use crate::resolve::query::{Resolver, Settled, settled};
use crate::source::Span;
use crate::syntax::query::ast::{self, Operand};

impl Resolver<'_> {
    /// Settles a call of a rule in a query for one relation, as a condition on the row.
    pub(in crate::resolve::query) fn row_call(
        &self,
        relations: &[RelationId],
        rule: &ast::Word,
        arguments: &[Operand],
        span: Span,
    ) -> Settled<Condition> {
        let mut names = Names { is_row: true, ..Names::default() };
        let row = names.add("this", relations.to_vec());
        let formula = settled!(self.call(&mut names, rule, arguments, span));
        let mut own = vec![row];
        let formulas = match formula {
            Formula::Exists(inner) => {
                own.extend(inner.variables.iter().map(|variable| variable.slot));
                inner.conjuncts
            }
            formula => vec![Conjunct { free: formula.free(), formula }],
        };
        let variables = own.into_iter().filter_map(|slot| names.all.get(slot.index()).cloned());
        let variables = variables.collect();
        let slots = names.all.len() as u32;
        Ok(Some(Condition::Joined(Box::new(Scope { variables, conjuncts: formulas, slots }))))
    }

    /// Settles a call of a rule: paths among its arguments become variables of their own.
    pub(super) fn call(
        &self,
        names: &mut Names,
        rule: &ast::Word,
        arguments: &[Operand],
        span: Span,
    ) -> Settled<Formula> {
        let Some(signature) = self.rule_known(rule)? else { return self.unknown_rule(rule) };
        if signature.is_faulty {
            return Ok(None);
        }
        if signature.parameters.len() != arguments.len() {
            return self.wrong_arity(rule, &signature, arguments.len(), span);
        }
        let mut settled_arguments = Vec::with_capacity(arguments.len());
        let mut fresh = Vec::new();
        let mut links = Vec::new();
        for (argument, wanted) in arguments.iter().zip(&signature.parameters) {
            let rooted = match names.is_row {
                true => settled!(self.row_argument(names, argument, wanted)),
                false => settled!(self.right_rooted(names, argument)),
            };
            let Some(Rooted { slot, typed }) = rooted else {
                let Some(words) = written(argument) else {
                    return self.not_yet(argument.span(), "this argument of a rule");
                };
                let record = settled!(self.record(words, wanted));
                settled_arguments.push(Argument::Record(record));
                continue;
            };
            let Kind::Records(found) = &typed.kind else {
                return self.wrong_argument(&typed, wanted, argument.span());
            };
            if !found.iter().any(|each| wanted.contains(each)) {
                return self.wrong_argument(&typed, wanted, argument.span());
            }
            if typed.path.steps.is_empty() {
                settled_arguments.push(Argument::Variable(slot));
                continue;
            }
            let relations = found.clone();
            let other = names.add(&typed.path.written, relations.clone());
            let right_path = Path {
                steps: Vec::new(),
                end: End::Records(relations),
                written: typed.path.written.clone(),
            };
            links.push(Formula::Two(Link {
                quantifier: Quantifier::Some,
                left: slot,
                left_path: typed.path,
                operator: PathOperator::Same,
                right: other,
                right_path,
            }));
            fresh.push(other);
            settled_arguments.push(Argument::Variable(other));
        }
        let call = Formula::Call(Call { rule: signature.id, arguments: settled_arguments });
        if fresh.is_empty() {
            return Ok(Some(call));
        }
        links.push(call);
        let conjuncts = links.into_iter().map(|formula| Conjunct { free: formula.free(), formula });
        let conjuncts = conjuncts.collect();
        let variables = fresh.into_iter().filter_map(|slot| names.all.get(slot.index()).cloned());
        let variables = variables.collect();
        let slots = names.all.len() as u32;
        Ok(Some(Formula::Exists(Scope { variables, conjuncts, slots })))
    }

    /// Reads an argument as a path of the row; nothing where it names a record.
    fn row_argument(
        &self,
        names: &Names,
        argument: &Operand,
        wanted: &[RelationId],
    ) -> Settled<Option<Rooted>> {
        let relations = names.relations(Slot(0));
        match argument {
            Operand::Path(path) => {
                let typed = settled!(self.path(&relations, path));
                Ok(Some(Some(Rooted { slot: Slot(0), typed })))
            }
            Operand::Phrase(phrase) => {
                let kind = Kind::Records(wanted.to_vec());
                let Some(typed) = self.as_path(&relations, &kind, argument)? else {
                    return Ok(Some(None));
                };
                if !self.records_named(&phrase.text, Some(wanted))?.is_empty() {
                    let words = Written { text: &phrase.text, span: phrase.span, longer: None };
                    return self.both_fit(words);
                }
                Ok(Some(Some(Rooted { slot: Slot(0), typed })))
            }
            _ => Ok(Some(None)),
        }
    }

    fn wrong_argument<T>(&self, typed: &TypedPath, wanted: &[RelationId], at: Span) -> Settled<T> {
        let found = match &typed.kind {
            Kind::Records(relations) => self.named(relations),
            kind => kind.described().to_owned(),
        };
        self.say(
            Diagnostic::new(
                code::WRONG_ARGUMENTS,
                format!(
                    "the rule takes {}, and `{}` holds {found}",
                    self.named(wanted),
                    typed.path.written
                ),
                at,
                "of another relation than the parameter",
            )
            .help(format!("name a variable, a path or a record of {}", self.named(wanted))),
        )
    }
}
