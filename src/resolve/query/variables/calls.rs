//! Calls of rules: as conditions on variables, and on the row of a question for one relation.

use super::Names;
use super::paths::Rooted;
use crate::diagnostic::{Diagnostic, code};
use crate::model::RelationId;
use crate::query::expression::{Comparison, Condition, End, Path, Rows, Test};
use crate::query::formula::{Argument, Call, Conjunct, Formula, Link, Scope};
use crate::query::operators::{PathOperator, Quantifier};
use crate::query::terms::Slot;
use crate::resolve::query::anchors::Anchored;
use crate::resolve::query::names::Written;
use crate::resolve::query::paths::{Kind, TypedPath, written};
use crate::resolve::query::{Resolver, Settled, relations_of, settled};
use crate::source::Span;
use crate::syntax::query::ast::{self, Operand};

/// Arguments of a call, with the variables that were introduced for them and what links these to others.
#[derive(Default)]
struct Taken {
    arguments: Vec<Argument>,
    fresh: Vec<Slot>,
    links: Vec<Formula>,
}

impl Taken {
    /// Takes what a path from a variable leads to as an argument.
    fn lead(&mut self, names: &mut Names, slot: Slot, path: Path, relations: Vec<RelationId>) {
        let other = names.add(&path.written, relations.clone());
        let right_path = itself(&path.written, relations);
        self.links.push(Formula::Two(Link {
            quantifier: Quantifier::Some,
            left: slot,
            left_path: path,
            operator: PathOperator::Same,
            right: other,
            right_path,
        }));
        self.fresh.push(other);
        self.arguments.push(Argument::Variable(other));
    }

    /// Introduces a variable for some records.
    fn add_rows(
        &mut self,
        names: &mut Names,
        written: &str,
        relations: Vec<RelationId>,
        rows: Rows,
    ) -> Slot {
        let slot = names.add(written, relations.clone());
        let comparison = Comparison {
            quantifier: Quantifier::Some,
            path: itself("this", relations.clone()),
            test: Test::Records(rows),
        };
        self.links.push(Formula::One {
            slot,
            relations,
            condition: Condition::Compare(comparison),
        });
        self.fresh.push(slot);
        slot
    }
}

fn itself(written: &str, relations: Vec<RelationId>) -> Path {
    Path { steps: Vec::new(), end: End::Records(relations), written: written.to_owned() }
}

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
        let mut taken = Taken::default();
        for (argument, wanted) in arguments.iter().zip(&signature.parameters) {
            settled!(self.argument(names, &mut taken, argument, wanted));
        }
        let Taken { arguments, fresh, mut links } = taken;
        let call = Formula::Call(Call { rule: signature.id, arguments });
        if fresh.is_empty() && links.is_empty() {
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

    /// Settles one argument: a record, a variable, or what a path leads to.
    fn argument(
        &self,
        names: &mut Names,
        taken: &mut Taken,
        argument: &Operand,
        wanted: &[RelationId],
    ) -> Settled<()> {
        let rooted = match (names.is_row, argument) {
            (_, Operand::Aggregate(_) | Operand::Difference(..)) => {
                return self.computed_argument(argument, wanted);
            }
            (true, _) => settled!(self.row_argument(names, argument, wanted)),
            (false, _) => settled!(self.right_rooted(names, argument)),
        };
        if let Some(Rooted { slot, typed, filter }) = rooted {
            let relations = settled!(self.fitting(&typed, wanted, argument.span()));
            if let Some(condition) = filter {
                let relations = names.relations(slot);
                taken.links.push(Formula::One { slot, relations, condition });
            }
            match typed.path.steps.is_empty() {
                true => taken.arguments.push(Argument::Variable(slot)),
                false => taken.lead(names, slot, typed.path, relations),
            }
            return Ok(Some(()));
        }
        if let Some(words) = written(argument) {
            taken.arguments.push(Argument::Record(settled!(self.record(words, wanted))));
            return Ok(Some(()));
        }
        let Operand::Path(path) = argument else { return Ok(None) };
        let row = if names.is_row { names.relations(Slot(0)) } else { Vec::new() };
        let before = self.said.borrow().len();
        let Some(Anchored { rows, typed }) = self.anchored(&row, path)? else {
            return match self.said.borrow().len() > before {
                true => Ok(None),
                false => Ok(self.rooted(names, path)?.map(|_| ())),
            };
        };
        let relations = settled!(self.fitting(&typed, wanted, argument.span()));
        let begin = match &rows {
            Rows::Records(records) => {
                records.iter().filter_map(|record| self.index.relation_of(*record)).collect()
            }
            rows => relations_of(rows),
        };
        let slot = taken.add_rows(names, &typed.path.written, begin, rows);
        match typed.path.steps.is_empty() {
            true => taken.arguments.push(Argument::Variable(slot)),
            false => taken.lead(names, slot, typed.path, relations),
        }
        Ok(Some(()))
    }

    /// Reads an argument as a path of the row; nothing where it begins elsewhere or names a record.
    fn row_argument(
        &self,
        names: &Names,
        argument: &Operand,
        wanted: &[RelationId],
    ) -> Settled<Option<Rooted>> {
        let relations = names.relations(Slot(0));
        let of_row = |typed| Rooted { slot: Slot(0), typed, filter: None };
        match argument {
            Operand::Path(path) => {
                let first = path.steps.first().map(|step| &step.way);
                let is_field = |word: &ast::Word| {
                    relations.iter().any(|id| {
                        self.schema.field_named(*id, &word.text).is_some()
                            || self.schema.inverses_named(*id, &word.text).next().is_some()
                    })
                };
                let is_elsewhere = match (&path.head, first) {
                    (ast::Head::Query(_), _) => true,
                    (_, Some(ast::Way::Name(word))) if !is_field(word) => {
                        self.record_head(path)?.is_some()
                    }
                    _ => false,
                };
                if is_elsewhere {
                    return Ok(Some(None));
                }
                Ok(self.path(&relations, path)?.map(|typed| Some(of_row(typed))))
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
                Ok(Some(Some(of_row(typed))))
            }
            _ => Ok(Some(None)),
        }
    }

    /// Returns the relations that an argument holds, some of which the rule takes.
    fn fitting(
        &self,
        typed: &TypedPath,
        wanted: &[RelationId],
        at: Span,
    ) -> Settled<Vec<RelationId>> {
        match &typed.kind {
            Kind::Records(found) if found.iter().any(|each| wanted.contains(each)) => {
                Ok(Some(found.clone()))
            }
            _ => self.wrong_argument(typed, wanted, at),
        }
    }

    fn computed_argument<T>(&self, argument: &Operand, wanted: &[RelationId]) -> Settled<T> {
        let wanted = self.named(wanted);
        let written = self.slice(argument.span());
        let found = Diagnostic::new(
            code::WRONG_ARGUMENTS,
            format!("the rule takes {wanted}, and `{written}` comes to a number or a date"),
            argument.span(),
            "no record",
        );
        self.say(found.help(format!("name a variable, a path or a record of {wanted}")))
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
