//! Conditions on several records: their variables found and typed, and each condition settled over them.

mod calls;
mod compared;
mod computed;
mod names;
mod paths;

use super::differences::days_of;
use super::operators::quantifier_of;
use super::terms::is_computed;
use super::{Resolver, Settled, settle_each, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::query::expression::Condition;
use crate::query::formula::{Conjunct, Formula, Scope};
use crate::query::terms::Slot;
use crate::syntax::query::ast::{self, Operand, Predicate, Prefix};
use paths::Rooted;

pub(super) use names::Names;

impl Resolver<'_> {
    /// Settles a scope of which `own` are the first variables.
    pub(in crate::resolve::query) fn scope(
        &self,
        names: &mut Names,
        mut own: Vec<Slot>,
        condition: &ast::Condition,
    ) -> Settled<Scope> {
        let outer = names.visible.len();
        let parts = flat(condition);
        let mut rest = Vec::with_capacity(parts.len());
        let mut locals = Vec::new();
        for part in parts {
            match declaration(part) {
                Some((word, kind)) => match names.find(&word.text) {
                    Some(slot) if names.is_untyped(slot) => {
                        let relations = settled!(self.relations(kind));
                        names.set_type(slot, relations);
                    }
                    Some(_) => rest.push(part),
                    None => {
                        let relations = settled!(self.relations(kind));
                        let slot = names.declare(word, relations);
                        own.push(slot);
                        locals.push(slot);
                    }
                },
                None => rest.push(part),
            }
        }
        for part in &rest {
            if let ast::Condition::Call { rule, arguments, .. } = part {
                settled!(self.type_arguments(names, rule, arguments));
            }
        }
        if let Some(slot) = own.iter().find(|slot| names.is_untyped(**slot)) {
            return self.unbound(names, *slot);
        }
        let around = self.around.replace(names.written());
        let mut formulas = Vec::with_capacity(rest.len());
        let mut is_whole = true;
        for part in rest {
            match self.formula(names, part)? {
                // What was introduced for a path in a call is bound with the others.
                Some(Formula::Exists(inner)) if matches!(part, ast::Condition::Call { .. }) => {
                    own.extend(inner.variables.iter().map(|variable| variable.slot));
                    formulas.extend(inner.conjuncts.into_iter().map(|each| each.formula));
                }
                Some(formula) => formulas.push(formula),
                None => is_whole = false,
            }
        }
        names.visible.truncate(outer);
        self.around.replace(around);
        if !is_whole {
            return Ok(None);
        }
        let mut conjuncts: Vec<Conjunct> = formulas
            .into_iter()
            .map(|formula| Conjunct { free: formula.free(), formula })
            .collect();
        conjuncts.sort_by_key(|conjunct| cost(&conjunct.formula));
        for slot in locals {
            if !conjuncts.iter().any(|conjunct| conjunct.free.contains(&slot)) {
                return self.unused(names, slot);
            }
        }
        let variables = own.into_iter().filter_map(|slot| names.all.get(slot.index()).cloned());
        let variables = variables.collect();
        Ok(Some(Scope { variables, conjuncts, slots: names.all.len() as u32 }))
    }

    /// Gives variables that a `find` names and nothing else binds the type that a rule has for them.
    fn type_arguments(
        &self,
        names: &mut Names,
        rule: &ast::Word,
        arguments: &[Operand],
    ) -> Settled<()> {
        let Some(signature) = self.rule_known(rule)? else { return self.unknown_rule(rule) };
        if signature.is_faulty {
            return Ok(None);
        }
        for (argument, relations) in arguments.iter().zip(signature.parameters) {
            if let Some(slot) = single_word(argument).and_then(|word| names.find(&word))
                && names.is_untyped(slot)
            {
                names.set_type(slot, relations);
            }
        }
        Ok(Some(()))
    }

    fn unbound<T>(&self, names: &Names, slot: Slot) -> Settled<T> {
        let name = names.all.get(slot.index()).map_or("", |each| each.name.as_str());
        let Some(Some(at)) = names.places.get(slot.index()) else { return Ok(None) };
        self.say(
            Diagnostic::new(
                code::UNBOUND_VARIABLE,
                format!("nothing says what `{name}` ranges over"),
                *at,
                "not bound by any condition",
            )
            .help(format!("bind it to a relation: `{name} is treaty and …`"))
            .note("a variable may stand for any record only if a relation or a rule's parameter bounds it"),
        )
    }

    fn unused<T>(&self, names: &Names, slot: Slot) -> Settled<T> {
        let name = names.all.get(slot.index()).map_or("", |each| each.name.as_str());
        let Some(Some(at)) = names.places.get(slot.index()) else { return Ok(None) };
        self.say(
            Diagnostic::new(
                code::UNUSED_VARIABLE,
                format!("the variable `{name}` is bound and never used"),
                *at,
                "no condition speaks of it",
            )
            .help(format!("leave `{name} is …` out, or say what must hold of it")),
        )
    }

    /// Settles a part of a condition; what it introduces is its own.
    fn nested(&self, names: &mut Names, condition: &ast::Condition) -> Settled<Formula> {
        let introduces = flat(condition).into_iter().any(|part| {
            declaration(part).is_some_and(|(word, _)| names.find(&word.text).is_none())
        });
        if introduces {
            return Ok(self.scope(names, Vec::new(), condition)?.map(Formula::Exists));
        }
        self.formula(names, condition)
    }

    fn formula(&self, names: &mut Names, condition: &ast::Condition) -> Settled<Formula> {
        match condition {
            ast::Condition::And(parts) => Ok(self
                .formulas(names, parts)?
                .map(|parts| joined(parts, Formula::And, Condition::And))),
            ast::Condition::Or(parts) => Ok(self
                .formulas(names, parts)?
                .map(|parts| joined(parts, Formula::Or, Condition::Or))),
            ast::Condition::Prefixed { prefix, inner, .. } => {
                let inner = settled!(self.nested(names, inner));
                Ok(Some(match (inner, prefix) {
                    (Formula::One { slot, relations, condition }, prefix) => {
                        let condition = Box::new(condition);
                        let condition = match prefix {
                            Prefix::Not => Condition::Not(condition),
                            Prefix::Certainly => Condition::Certainly(condition),
                            Prefix::Possibly => Condition::Possibly(condition),
                        };
                        Formula::One { slot, relations, condition }
                    }
                    (inner, Prefix::Not) => Formula::Not(Box::new(inner)),
                    (inner, Prefix::Certainly) => Formula::Certainly(Box::new(inner)),
                    (inner, Prefix::Possibly) => Formula::Possibly(Box::new(inner)),
                }))
            }
            ast::Condition::Exists { negated, path, .. } => {
                let Rooted { slot, typed, filter } = settled!(self.rooted(names, path));
                let relations = names.relations(slot);
                let condition = match (negated, typed.path.steps.is_empty(), filter.is_some()) {
                    // Of the variable itself only what stands in brackets is asked.
                    (true, true, true) => Condition::Never,
                    (false, true, true) => Condition::Always,
                    (true, ..) => Condition::Lacks(typed.path),
                    (false, ..) => Condition::Has(typed.path),
                };
                let formula = Formula::One { slot, relations, condition };
                Ok(Some(filtered(names, slot, filter, *negated, formula)))
            }
            ast::Condition::Compare { quantifier, left, predicate, .. } => {
                let quantifier = quantifier_of(*quantifier);
                let differs = |operand: &Operand| names.begins(operand) || is_computed(operand);
                match predicate {
                    Predicate::Among { members, negated } if members.iter().any(differs) => {
                        let members = (members.as_slice(), *negated);
                        return self.one_of_several(names, quantifier, left, members);
                    }
                    Predicate::Between { from, to, .. } if differs(from) || differs(to) => {
                        return self.range_of_variables(left, from, to);
                    }
                    _ => {}
                }
                if let (Operand::Difference(one, other), Some(days)) = (left, days_of(predicate))
                    && self.are_of_variables(names, one, other)
                {
                    return self.difference_formula(names, quantifier, (one, other), days);
                }
                let is_right =
                    matches!(predicate, Predicate::Against { right, .. } if is_computed(right));
                if is_computed(left) || is_right {
                    return self.computed_formula(names, quantifier, left, predicate);
                }
                let Operand::Path(path) = left else {
                    let _ = self.left(&[], left)?;
                    return Ok(None);
                };
                if names.root(path).is_none() && self.record_head(path)?.is_some() {
                    return self.computed_formula(names, quantifier, left, predicate);
                }
                let left = settled!(self.rooted(names, path));
                self.compared(names, quantifier, left, predicate)
            }
            ast::Condition::Call { rule, arguments, span } => {
                self.call(names, rule, arguments, *span)
            }
            ast::Condition::Mentions { span, .. } => self.say(
                Diagnostic::new(
                    code::WRONG_COMPARISON,
                    "`mentions` does not say of which record",
                    *span,
                    "several records are asked for",
                )
                .help("begin with a variable: `a mentions turkey`"),
            ),
        }
    }

    fn formulas(&self, names: &mut Names, parts: &[ast::Condition]) -> Settled<Vec<Formula>> {
        settle_each(parts, |part| self.nested(names, part))
    }
}

/// Joins formulas; conditions on one and the same variable become one condition.
fn joined(
    parts: Vec<Formula>,
    join: fn(Vec<Formula>) -> Formula,
    join_conditions: fn(Vec<Condition>) -> Condition,
) -> Formula {
    let Some(Formula::One { slot: first, relations, .. }) = parts.first() else {
        return join(parts);
    };
    let (first, relations) = (*first, relations.clone());
    if !parts.iter().all(|part| matches!(part, Formula::One { slot, .. } if *slot == first)) {
        return join(parts);
    }
    let conditions = parts.into_iter().filter_map(|part| match part {
        Formula::One { condition, .. } => Some(condition),
        _ => None,
    });
    Formula::One { slot: first, relations, condition: join_conditions(conditions.collect()) }
}

/// Adds what stands in brackets behind a variable to what is said of it: what is not so need not be so of a record
/// that does not fulfil them.
fn filtered(
    names: &Names,
    slot: Slot,
    filter: Option<Condition>,
    is_negated: bool,
    formula: Formula,
) -> Formula {
    let Some(condition) = filter else { return formula };
    let one = |condition| Formula::One { slot, relations: names.relations(slot), condition };
    match is_negated {
        true => {
            let fails = one(Condition::Not(Box::new(condition)));
            joined(vec![fails, formula], Formula::Or, Condition::Or)
        }
        false => joined(vec![one(condition), formula], Formula::And, Condition::And),
    }
}

/// Puts what is judged quickly first.
fn cost(formula: &Formula) -> u32 {
    match formula {
        Formula::One { .. } => 0,
        Formula::Two(_) => 1,
        Formula::Computed(_) => 5,
        Formula::Not(inner) | Formula::Certainly(inner) | Formula::Possibly(inner) => {
            1 + cost(inner)
        }
        Formula::And(parts) | Formula::Or(parts) => 2 + parts.iter().map(cost).max().unwrap_or(0),
        Formula::Call(_) => 10,
        Formula::Exists(_) => 20,
    }
}

/// Returns the conditions that must all hold.
pub(in crate::resolve::query) fn flat(condition: &ast::Condition) -> Vec<&ast::Condition> {
    match condition {
        ast::Condition::And(parts) => parts.iter().flat_map(flat).collect(),
        other => vec![other],
    }
}

/// Reads `NAME is RELATION`.
fn declaration(condition: &ast::Condition) -> Option<(&ast::Word, &ast::Word)> {
    let ast::Condition::Compare {
        quantifier: ast::Quantifier::Some,
        left: Operand::Path(path),
        predicate: Predicate::Is { kind, negated: false },
        ..
    } = condition
    else {
        return None;
    };
    let is_relation = !["unknown", "none"].contains(&kind.text.to_lowercase().as_str());
    match (path.steps.as_slice(), &path.head) {
        ([ast::Step { way: ast::Way::Name(word), closure: None, filters }], ast::Head::Row)
            if filters.is_empty() && is_relation =>
        {
            Some((word, kind))
        }
        _ => None,
    }
}

fn single_word(operand: &Operand) -> Option<String> {
    match operand {
        Operand::Phrase(phrase) => Some(phrase.text.clone()),
        Operand::Path(path) => match (path.steps.as_slice(), &path.head) {
            ([ast::Step { way: ast::Way::Name(word), .. }], ast::Head::Row) => {
                Some(word.text.clone())
            }
            _ => None,
        },
        _ => None,
    }
}

/// Negates a formula; what is asked of one variable alone stays so.
fn negated(formula: Formula) -> Formula {
    match formula {
        Formula::One { slot, relations, condition } => {
            Formula::One { slot, relations, condition: !condition }
        }
        several => !several,
    }
}
