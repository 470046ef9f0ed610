//! Rules and saved queries: found in the catalogue, read and settled where they are used.

use super::variables::Names;
use super::{Resolver, Settled};
use crate::diagnostic::{Diagnostic, code, counted, one_of};
use crate::index::IndexError;
use crate::model::{DefinitionRecord, RelationId};
use crate::query::formula::{Argument, Formula, Program, Rule, RuleId, Scope, Sign, Slot};
use crate::source::{Sources, Span};
use crate::suggest;
use crate::syntax;
use crate::syntax::definition::{DefinitionKind, Parameter, parse_definition};
use crate::syntax::query::ast;
use std::cell::RefCell;
use std::rc::Rc;

/// How deep definitions may use one another.
const MOST_NESTED: usize = 60;

/// The rules found so far.
#[derive(Default)]
pub(super) struct Draft {
    rules: Vec<DraftRule>,
    depth: usize,
}

struct DraftRule {
    name: String,
    names: Vec<String>,
    parameters: Vec<Vec<RelationId>>,
    ways: Vec<Scope>,
    is_faulty: bool,
}

/// What a rule takes.
pub(super) struct Signature {
    pub id: RuleId,
    /// What each parameter is called.
    pub names: Vec<String>,
    /// What each parameter ranges over.
    pub parameters: Vec<Vec<RelationId>>,
    /// It has faults of its own, which were told.
    pub is_faulty: bool,
}

impl Resolver<'_> {
    /// Finds a rule and settles it; nothing where there is none.
    pub(super) fn rule_known(&self, word: &ast::Word) -> Result<Option<Signature>, IndexError> {
        if let Some(known) = self.signature(&word.text) {
            return Ok(Some(known));
        }
        let Some(record) = self.definition_named("rule", &word.text) else { return Ok(None) };
        if self.draft.borrow().depth >= MOST_NESTED {
            return self.too_deep(word);
        }
        let tree = read(record);
        if let Some(DefinitionKind::Rule { parameters, ways, .. }) = tree {
            self.draft.borrow_mut().depth += 1;
            let inside = self.inside(record);
            inside.declare_rule(&record.name, &parameters, &ways)?;
            self.draft.borrow_mut().depth -= 1;
        } else {
            self.draft.borrow_mut().rules.push(DraftRule::faulty(&record.name));
        }
        let is_faulty =
            self.draft.borrow().rules.iter().any(|rule| rule.name == record.name && rule.is_faulty);
        if is_faulty {
            self.faulty::<()>(word, "rule")?;
        }
        Ok(self.signature(&record.name))
    }

    fn signature(&self, name: &str) -> Option<Signature> {
        let draft = self.draft.borrow();
        let place = draft.rules.iter().position(|rule| rule.name == name)?;
        let rule = draft.rules.get(place)?;
        Some(Signature {
            id: RuleId(place as u32),
            names: rule.names.clone(),
            parameters: rule.parameters.clone(),
            is_faulty: rule.is_faulty,
        })
    }

    fn definition_named(&self, kind: &str, name: &str) -> Option<&DefinitionRecord> {
        let lower = name.to_lowercase();
        let mut all = self.index.definitions().iter();
        all.find(|each| each.kind == kind && (each.name == name || each.name == lower))
    }

    /// Makes a resolver for the text of a definition, which adds to the same rules.
    fn inside<'d>(&'d self, record: &'d DefinitionRecord) -> Resolver<'d> {
        Resolver {
            index: self.index,
            schema: self.schema,
            text: &record.text,
            said: RefCell::default(),
            notes: RefCell::default(),
            draft: Rc::clone(&self.draft),
        }
    }

    /// Settles a rule; it can be called from within itself.
    pub(super) fn declare_rule(
        &self,
        name: &str,
        parameters: &[Parameter],
        ways: &[ast::Condition],
    ) -> Result<RuleId, IndexError> {
        let mut types = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            let mut relations = Vec::new();
            for each in &parameter.types {
                relations.extend(self.relations(each)?.unwrap_or_default());
            }
            relations.sort_unstable();
            relations.dedup();
            types.push(relations);
        }
        let id = RuleId(self.draft.borrow().rules.len() as u32);
        self.draft.borrow_mut().rules.push(DraftRule {
            name: name.to_owned(),
            names: parameters.iter().map(|each| each.name.text.clone()).collect(),
            parameters: types.clone(),
            ways: Vec::new(),
            is_faulty: false,
        });
        let mut scopes = Vec::with_capacity(ways.len());
        if self.said.borrow().is_empty() {
            let parts = ways.iter().flat_map(|way| match way {
                ast::Condition::Or(parts) => parts.as_slice(),
                other => std::slice::from_ref(other),
            });
            for way in parts {
                let mut names = Names::default();
                let declared = parameters.iter().zip(&types);
                let own =
                    declared.map(|(each, relations)| names.declare(&each.name, relations.clone()));
                let own = own.collect();
                if let Some(mut scope) = self.scope(&mut names, own, way)? {
                    scope.slots = names.all.len() as u32;
                    scopes.push(scope);
                }
            }
        }
        if self.said.borrow().is_empty() {
            for (number, parameter) in (0u32..).zip(parameters) {
                let uses = |scope: &Scope| {
                    scope.conjuncts.iter().any(|each| each.free.contains(&Slot(number)))
                };
                if !scopes.iter().any(uses) {
                    self.unused_parameter::<()>(name, parameter)?;
                }
            }
        }
        let is_faulty = !self.said.borrow().is_empty();
        if let Some(rule) = self.draft.borrow_mut().rules.get_mut(id.index()) {
            rule.ways = if is_faulty { Vec::new() } else { scopes };
            rule.is_faulty = is_faulty;
        }
        Ok(id)
    }

    fn unused_parameter<T>(&self, rule: &str, parameter: &Parameter) -> Settled<T> {
        let name = &parameter.name.text;
        self.say(
            Diagnostic::new(
                code::UNUSED_PARAMETER,
                format!("no way to derive `{rule}` speaks of `{name}`"),
                parameter.name.span,
                "never used",
            )
            .help(format!("say in an `if` what must hold of `{name}`, or leave it out"))
            .note("as it is, the rule would hold for every record there"),
        )
    }

    fn faulty<T>(&self, word: &ast::Word, what: &str) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::FAULTY_DEFINITION,
                format!("the {what} `{}` has faults of its own", word.text),
                word.span,
                "cannot be used as it is",
            )
            .help("`regesta check` tells what is wrong with it"),
        )
    }

    fn too_deep<T>(&self, word: &ast::Word) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::TOO_DEEP,
                format!("`{}` is used more than {MOST_NESTED} definitions deep", word.text),
                word.span,
                "one too many",
            )
            .help("let definitions use one another less deeply"),
        )
    }

    pub(super) fn unknown_rule<T>(&self, word: &ast::Word) -> Settled<T> {
        let all = self.index.definitions().iter();
        let known: Vec<&str> =
            all.filter(|each| each.kind == "rule").map(|each| each.name.as_str()).collect();
        let near = suggest::nearest(&word.text, known.iter().copied());
        let diagnostic = Diagnostic::new(
            code::UNKNOWN_RULE,
            format!("there is no rule `{}`", word.text),
            word.span,
            "not defined",
        );
        self.say(match (near.is_empty(), known.is_empty()) {
            (false, _) => diagnostic.help(format!("did you mean {}?", one_of(&near))),
            (true, false) => diagnostic.help(format!("the rules are {}", one_of(&known))),
            (true, true) => diagnostic.help(format!(
                "define it: `rule {}(a: relation)`, and an `if` in the line below",
                word.text
            )),
        })
    }

    pub(super) fn wrong_arity<T>(
        &self,
        word: &ast::Word,
        signature: &Signature,
        given: usize,
        span: Span,
    ) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::WRONG_ARGUMENTS,
                format!(
                    "`{}` takes {}, not {given}",
                    word.text,
                    counted(signature.parameters.len(), "argument")
                ),
                span,
                "another number of arguments than the rule has parameters",
            )
            .help(format!("write `{}({})`", word.text, signature.names.join(", "))),
        )
    }

    /// Settles a saved query that is named as a source; nothing where there is none.
    pub(super) fn saved(
        &self,
        word: &ast::Word,
    ) -> Settled<(crate::query::Query, Vec<RelationId>)> {
        let Some(record) = self.definition_named("query", &word.text) else { return Ok(None) };
        if self.draft.borrow().depth >= MOST_NESTED {
            return self.too_deep(word);
        }
        let Some(DefinitionKind::Saved { query: mut tree, .. }) = read(record) else {
            return self.faulty(word, "saved query");
        };
        // What it shows and in which order is for whoever asks it by itself.
        let has_limit =
            tree.clauses.iter().any(|clause| matches!(clause.kind, ast::ClauseKind::Limit(_)));
        tree.clauses.retain(|clause| match clause.kind {
            ast::ClauseKind::Show(_) => false,
            ast::ClauseKind::Sort(_) => has_limit,
            _ => true,
        });
        self.draft.borrow_mut().depth += 1;
        let inside = self.inside(record);
        let found = inside.subquery(&tree)?;
        self.draft.borrow_mut().depth -= 1;
        match found.filter(|_| inside.said.borrow().is_empty()) {
            Some((query, relations)) => Ok(Some((query, relations))),
            None => {
                let refused =
                    inside.said.borrow().iter().all(|said| said.code == code::NOT_SUPPORTED);
                match refused {
                    true => self.not_yet(word.span, "this saved query as a source"),
                    false => self.faulty(word, "saved query"),
                }
            }
        }
    }

    /// Tells whether a saved query or rule has this name.
    pub(super) fn is_defined(&self, kind: &str, name: &str) -> bool {
        self.definition_named(kind, name).is_some()
    }

    /// Makes the program of all rules that were used; nothing where one depends on its own negation.
    pub(super) fn program(&self, at: Span) -> Settled<Program> {
        let program = finish(&self.draft.borrow());
        if let Some(cycle) = negative_cycle(&program, None) {
            return self.say(through_negation(&cycle, at));
        }
        Ok(Some(program))
    }

    /// Tells what is wrong with one rule among the others: a cycle through negation, or nothing to begin with.
    pub(super) fn check_rule(&self, id: RuleId, at: Span) -> Settled<()> {
        let program = finish(&self.draft.borrow());
        if let Some(cycle) = negative_cycle(&program, Some(id)) {
            // The cycle is told once, at the first of its rules.
            let Some(rule) = program.rule(id) else { return Ok(None) };
            if cycle.iter().all(|(name, _)| *name >= rule.name) {
                return self.say(through_negation(&cycle, at));
            }
            return Ok(None);
        }
        if !productive(&program).get(id.index()).copied().unwrap_or(true) {
            let name = program.rule(id).map_or("", |rule| rule.name.as_str());
            return self.say(
                Diagnostic::new(
                    code::EMPTY_RULE,
                    format!("`{name}` can never be derived"),
                    at,
                    "every way to derive it begins with itself",
                )
                .help("add an `if` that does not call it, where the derivation begins"),
            );
        }
        Ok(Some(()))
    }
}

impl DraftRule {
    fn faulty(name: &str) -> DraftRule {
        DraftRule {
            name: name.to_owned(),
            names: Vec::new(),
            parameters: Vec::new(),
            ways: Vec::new(),
            is_faulty: true,
        }
    }
}

/// Reads a definition from its text.
fn read(record: &DefinitionRecord) -> Option<DefinitionKind> {
    let mut sources = Sources::new();
    let file = sources.add("definition", record.text.as_str());
    let (tree, findings) = syntax::parse_file(&sources, file);
    let definition = tree.pieces.iter().flat_map(|piece| piece.definitions()).next()?;
    let outcome = parse_definition(sources.file(file).text(), file, definition);
    let is_sound = findings.is_empty() && outcome.diagnostics.is_empty();
    outcome.tree.filter(|_| is_sound).map(|tree| tree.kind)
}

fn finish(draft: &Draft) -> Program {
    let rules = draft.rules.iter().map(|rule| Rule {
        name: rule.name.clone(),
        parameters: rule.parameters.clone(),
        ways: rule.ways.clone(),
        component: Vec::new(),
        handed_on: Vec::new(),
    });
    let mut program = Program { rules: rules.collect() };
    let reached: Vec<Vec<RuleId>> =
        (0..program.rules.len() as u32).map(|id| reachable(&program, RuleId(id))).collect();
    let reaches =
        |from: RuleId, to: RuleId| reached.get(from.index()).is_some_and(|all| all.contains(&to));
    let all: Vec<RuleId> = (0..program.rules.len() as u32).map(RuleId).collect();
    for id in &all {
        let members: Vec<RuleId> = all
            .iter()
            .copied()
            .filter(|other| reaches(*id, *other) && reaches(*other, *id))
            .collect();
        let Some(rule) = program.rules.get_mut(id.index()) else { continue };
        if members.len() == 1 {
            rule.handed_on = handed_on(rule, *id);
        }
        rule.component = members;
    }
    program
}

/// Returns the rules that are called from a rule, at once or by others.
fn reachable(program: &Program, from: RuleId) -> Vec<RuleId> {
    let mut found: Vec<RuleId> = Vec::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        for (called, _) in calls_of(program, id) {
            if !found.contains(&called) {
                found.push(called);
                open.push(called);
            }
        }
    }
    found
}

fn calls_of(program: &Program, id: RuleId) -> Vec<(RuleId, Sign)> {
    let mut found = Vec::new();
    for way in program.rule(id).map(|rule| rule.ways.as_slice()).unwrap_or_default() {
        for conjunct in &way.conjuncts {
            conjunct.formula.calls(Sign::Positive, &mut |call, sign| found.push((call.rule, sign)));
        }
    }
    found
}

/// Returns the parameters that every call of the rule itself hands on unchanged.
fn handed_on(rule: &Rule, id: RuleId) -> Vec<Slot> {
    let mut kept: Vec<Slot> = (0..rule.parameters.len() as u32).map(Slot).collect();
    for conjunct in rule.ways.iter().flat_map(|way| &way.conjuncts) {
        conjunct.formula.calls(Sign::Positive, &mut |call, _| {
            if call.rule == id {
                kept.retain(|slot| {
                    call.arguments.get(slot.index()) == Some(&Argument::Variable(*slot))
                });
            }
        });
    }
    kept
}

/// The rules of a cycle, and how each calls the next.
type Cycle = Vec<(String, Sign)>;

/// Finds a cycle of rules with a negation in it, through one rule or any.
fn negative_cycle(program: &Program, through: Option<RuleId>) -> Option<Cycle> {
    let all = (0..program.rules.len() as u32).map(RuleId);
    for from in all {
        for (to, sign) in calls_of(program, from) {
            if sign == Sign::Positive {
                continue;
            }
            let Some(back) = way_between(program, to, from) else { continue };
            let mut ids = vec![(from, Sign::Negative)];
            ids.extend(back);
            if through.is_some_and(|wanted| !ids.iter().any(|(id, _)| *id == wanted)) {
                continue;
            }
            let named = ids
                .into_iter()
                .filter_map(|(id, sign)| program.rule(id).map(|rule| (rule.name.clone(), sign)));
            return Some(named.collect());
        }
    }
    None
}

/// Returns the rules on a shortest way from one to another, without the last; each with how it calls the next.
fn way_between(program: &Program, from: RuleId, to: RuleId) -> Option<Vec<(RuleId, Sign)>> {
    if from == to {
        return Some(Vec::new());
    }
    let mut before: Vec<(RuleId, RuleId, Sign)> = Vec::new();
    let mut open = std::collections::VecDeque::from([from]);
    while let Some(id) = open.pop_front() {
        for (called, sign) in calls_of(program, id) {
            if called == from || before.iter().any(|(known, _, _)| *known == called) {
                continue;
            }
            before.push((called, id, sign));
            if called == to {
                let mut way = Vec::new();
                let mut at = to;
                while at != from {
                    let (_, caller, sign) = before.iter().find(|(known, _, _)| *known == at)?;
                    way.push((*caller, *sign));
                    at = *caller;
                }
                way.reverse();
                return Some(way);
            }
            open.push_back(called);
        }
    }
    None
}

fn through_negation(cycle: &Cycle, at: Span) -> Diagnostic {
    let mut shown = String::new();
    for (name, sign) in cycle {
        let arrow = if *sign == Sign::Negative { " → not " } else { " → " };
        shown.push_str(&format!("`{name}`{arrow}"));
    }
    let first = cycle.first().map_or("", |(name, _)| name.as_str());
    Diagnostic::new(
        code::NEGATION_CYCLE,
        format!("`{first}` depends on its own negation"),
        at,
        "holds only if it does not hold",
    )
    .note(format!("the cycle is {shown}`{first}`"))
    .help("break the cycle: let the negated condition rest on facts, or on a rule that does not lead back")
}

/// Tells of each rule whether anything can follow from it, whatever the facts are.
fn productive(program: &Program) -> Vec<bool> {
    let mut productive = vec![false; program.rules.len()];
    loop {
        let mut has_changed = false;
        for (number, rule) in program.rules.iter().enumerate() {
            let is_known = |id: RuleId| productive.get(id.index()).copied().unwrap_or(false);
            let begins = rule.ways.iter().any(|way| {
                way.conjuncts.iter().all(|conjunct| may_hold(&conjunct.formula, &is_known))
            });
            if begins && productive.get(number) == Some(&false) {
                if let Some(place) = productive.get_mut(number) {
                    *place = true;
                }
                has_changed = true;
            }
        }
        if !has_changed {
            return productive;
        }
    }
}

fn may_hold(formula: &Formula, is_known: &dyn Fn(RuleId) -> bool) -> bool {
    match formula {
        Formula::And(parts) => parts.iter().all(|part| may_hold(part, is_known)),
        Formula::Or(parts) => parts.iter().any(|part| may_hold(part, is_known)),
        Formula::Certainly(inner) | Formula::Possibly(inner) => may_hold(inner, is_known),
        Formula::Call(call) => is_known(call.rule),
        Formula::Exists(scope) => {
            scope.conjuncts.iter().all(|conjunct| may_hold(&conjunct.formula, is_known))
        }
        Formula::Not(_) | Formula::One { .. } | Formula::Two(_) => true,
    }
}
