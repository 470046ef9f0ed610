//! Conditions on several records: variables found, paths that begin at them, links and calls of rules.

use super::names::Written;
use super::paths::{Kind, TypedPath, written};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code, one_of};
use crate::model::RelationId;
use crate::query::expression::{Comparison, Condition, End, Path, PathOperator, Quantifier, Test};
use crate::query::formula::{Argument, Call, Conjunct, Formula, Link, Scope, Slot, Variable};
use crate::source::Span;
use crate::suggest;
use crate::syntax::query::ast::{self, Comparator, Operand, Predicate, Prefix};

/// The variables of a formula while it is settled.
#[derive(Default)]
pub(super) struct Names {
    /// By slot.
    pub all: Vec<Variable>,
    /// Where each was written.
    places: Vec<Option<Span>>,
    /// Those that can be named, the innermost last.
    visible: Vec<Slot>,
    /// The first variable is the row of a query for one relation, where paths begin.
    pub is_row: bool,
}

impl Names {
    /// Adds a variable that can be named.
    pub fn declare(&mut self, word: &ast::Word, relations: Vec<RelationId>) -> Slot {
        let slot = self.add(&word.text, relations);
        if let Some(place) = self.places.get_mut(slot.index()) {
            *place = Some(word.span);
        }
        self.visible.push(slot);
        slot
    }

    /// Adds a variable that nothing names.
    pub fn add(&mut self, name: &str, relations: Vec<RelationId>) -> Slot {
        let slot = Slot(self.all.len() as u32);
        self.all.push(Variable { slot, name: name.to_owned(), relations });
        self.places.push(None);
        slot
    }

    pub fn find(&self, name: &str) -> Option<Slot> {
        let is_it = |slot: &&Slot| self.all.get(slot.index()).is_some_and(|each| each.name == name);
        self.visible.iter().rev().find(is_it).copied()
    }

    pub fn relations(&self, slot: Slot) -> Vec<RelationId> {
        self.all.get(slot.index()).map(|each| each.relations.clone()).unwrap_or_default()
    }

    fn is_untyped(&self, slot: Slot) -> bool {
        self.all.get(slot.index()).is_some_and(|each| each.relations.is_empty())
    }

    fn set_type(&mut self, slot: Slot, relations: Vec<RelationId>) {
        if let Some(variable) = self.all.get_mut(slot.index()) {
            variable.relations = relations;
        }
    }
}

/// A value of a variable: which, and by which path.
struct Rooted {
    slot: Slot,
    typed: TypedPath,
}

impl Resolver<'_> {
    /// Settles a scope of which `own` are the first variables.
    pub(super) fn scope(
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
                let Rooted { slot, typed } = settled!(self.rooted(names, path));
                let condition = match negated {
                    true => Condition::Lacks(typed.path),
                    false => Condition::Has(typed.path),
                };
                Ok(Some(Formula::One { slot, relations: names.relations(slot), condition }))
            }
            ast::Condition::Compare { quantifier, left, predicate, .. } => {
                let quantifier = match quantifier {
                    ast::Quantifier::Some => Quantifier::Some,
                    ast::Quantifier::Every => Quantifier::Every,
                    ast::Quantifier::No => Quantifier::No,
                };
                let Operand::Path(path) = left else {
                    let _ = self.left(&[], left)?;
                    return Ok(None);
                };
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
        let mut all = Vec::with_capacity(parts.len());
        let mut is_whole = true;
        for part in parts {
            match self.nested(names, part)? {
                Some(part) => all.push(part),
                None => is_whole = false,
            }
        }
        Ok(is_whole.then_some(all))
    }

    /// Settles a path that begins at a variable.
    fn rooted(&self, names: &Names, path: &ast::Path) -> Settled<Rooted> {
        let first = path.steps.first();
        let Some(ast::Step { way: ast::Way::Name(word), closure: None, filters }) =
            first.filter(|_| path.head == ast::Head::Row)
        else {
            return self.no_variable(names, self.slice(path.span), path.span);
        };
        let Some(slot) = names.find(&word.text) else {
            return self.no_variable(names, &word.text, word.span);
        };
        if let Some(filter) = filters.first() {
            let at = filter.span().unwrap_or(word.span);
            return self.not_yet(at, "a filter on a variable");
        }
        let rest = path.steps.get(1..).unwrap_or_default();
        let typed = settled!(self.steps(&names.relations(slot), rest, self.slice(path.span)));
        Ok(Some(Rooted { slot, typed }))
    }

    fn no_variable<T>(&self, names: &Names, written: &str, at: Span) -> Settled<T> {
        let known: Vec<&str> = names
            .visible
            .iter()
            .filter_map(|slot| names.all.get(slot.index()))
            .map(|each| each.name.as_str())
            .collect();
        let near = suggest::nearest(written, known.iter().copied());
        let diagnostic = Diagnostic::new(
            code::UNBOUND_VARIABLE,
            format!("there is no variable `{written}`"),
            at,
            "a path begins at a variable here",
        );
        self.say(match near.is_empty() {
            false => diagnostic.help(format!("did you mean {}?", one_of(&near))),
            true => diagnostic.help(format!("bind it first: `{written} is treaty and …`")),
        })
    }

    /// Reads a right side that begins at a variable; nothing where it does not.
    fn right_rooted(&self, names: &Names, right: &Operand) -> Settled<Option<Rooted>> {
        let path = match right {
            Operand::Path(path) => match path.steps.first().map(|step| &step.way) {
                Some(ast::Way::Name(word))
                    if path.head == ast::Head::Row && names.find(&word.text).is_some() =>
                {
                    path.clone()
                }
                _ => return Ok(Some(None)),
            },
            Operand::Phrase(phrase) if names.find(&phrase.text).is_some() => {
                let word = ast::Word { text: phrase.text.clone(), span: phrase.span };
                let step =
                    ast::Step { way: ast::Way::Name(word), closure: None, filters: Vec::new() };
                ast::Path { head: ast::Head::Row, steps: vec![step], span: phrase.span }
            }
            _ => return Ok(Some(None)),
        };
        Ok(self.rooted(names, &path)?.map(Some))
    }

    fn compared(
        &self,
        names: &Names,
        quantifier: Quantifier,
        left: Rooted,
        predicate: &Predicate,
    ) -> Settled<Formula> {
        let (right, comparator, at, is_negated) = match predicate {
            Predicate::Against { comparator: Comparator::NotEqual, at, right } => {
                (Some(right), Comparator::Equal, *at, true)
            }
            Predicate::Against { comparator, at, right } => (Some(right), *comparator, *at, false),
            Predicate::Among { members, negated } => match members.as_slice() {
                [only] => (Some(only), Comparator::Equal, only.span(), *negated),
                _ => (None, Comparator::Equal, Span::new(crate::source::FileId(0), 0, 0), false),
            },
            _ => (None, Comparator::Equal, Span::new(crate::source::FileId(0), 0, 0), false),
        };
        if let Some(right) = right
            && let Some(other) = settled!(self.right_rooted(names, right))
        {
            if comparator == Comparator::Mentions {
                return self.not_yet(right.span(), "`mentions` with a variable");
            }
            return self.linked(
                names,
                (quantifier, is_negated),
                left,
                (comparator, at),
                (other, right.span()),
            );
        }
        let slot = left.slot;
        let condition = settled!(self.predicate(&[], quantifier, left.typed, predicate));
        Ok(Some(Formula::One { slot, relations: names.relations(slot), condition }))
    }

    fn linked(
        &self,
        names: &Names,
        (quantifier, is_negated): (Quantifier, bool),
        left: Rooted,
        (comparator, at): (Comparator, Span),
        (right, span): (Rooted, Span),
    ) -> Settled<Formula> {
        let (slot, other) = (left.slot, right.slot);
        let (path, test) =
            settled!(self.against_path(left.typed, comparator, at, right.typed, span));
        let Test::Path { operator, right: right_path } = test else { return Ok(None) };
        let relations = names.relations(slot);
        let one = |condition| Formula::One { slot, relations: relations.clone(), condition };
        let link = |quantifier| match slot == other {
            true => one(Condition::Compare(Comparison {
                quantifier,
                path: path.clone(),
                test: Test::Path { operator, right: right_path.clone() },
            })),
            false => Formula::Two(Link {
                quantifier,
                left: slot,
                left_path: path.clone(),
                operator,
                right: other,
                right_path: right_path.clone(),
            }),
        };
        Ok(Some(match (is_negated, quantifier) {
            (false, quantifier) => link(quantifier),
            (true, Quantifier::Some) => Formula::Not(Box::new(link(Quantifier::Some))),
            (true, Quantifier::Every) => {
                Formula::And(vec![one(Condition::Has(path.clone())), link(Quantifier::No)])
            }
            (true, Quantifier::No) => {
                Formula::Or(vec![one(Condition::Lacks(path.clone())), link(Quantifier::Every)])
            }
        }))
    }

    /// Settles a call of a rule in a query for one relation, as a condition on the row.
    pub(super) fn row_call(
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
    fn call(
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

    /// Settles a path from a variable, for a column or a key.
    pub(super) fn variable_column(
        &self,
        names: &Names,
        operand: &Operand,
    ) -> Settled<(Slot, Path)> {
        let Operand::Path(path) = operand else {
            return self.not_yet(operand.span(), "this column of `find`");
        };
        let Rooted { slot, typed } = settled!(self.rooted(names, path));
        Ok(Some((slot, typed.path)))
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

/// Puts what is judged quickly first.
fn cost(formula: &Formula) -> u32 {
    match formula {
        Formula::One { .. } => 0,
        Formula::Two(_) => 1,
        Formula::Not(inner) | Formula::Certainly(inner) | Formula::Possibly(inner) => {
            1 + cost(inner)
        }
        Formula::And(parts) | Formula::Or(parts) => 2 + parts.iter().map(cost).max().unwrap_or(0),
        Formula::Call(_) => 10,
        Formula::Exists(_) => 20,
    }
}

/// Returns the conditions that must all hold.
pub(super) fn flat(condition: &ast::Condition) -> Vec<&ast::Condition> {
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
