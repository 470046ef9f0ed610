//! Rules and saved queries: found in the catalogue, read and settled where they are used.

mod faults;
mod program;

use super::variables::Names;
use super::{Resolver, Settled};
use crate::diagnostic::code;
use crate::index::IndexError;
use crate::model::{DefinitionRecord, RelationId};
use crate::query::expression::Rows;
use crate::query::formula::{RuleId, Scope};
use crate::query::statement_rows::StatementCondition;
use crate::query::terms::Slot;
use crate::source::Sources;
use crate::syntax;
use crate::syntax::definition::{DefinitionKind, Parameter, parse_definition};
use crate::syntax::query::ast;
use std::cell::RefCell;
use std::rc::Rc;

const MOST_NESTED: usize = 60;

/// The rules found so far.
#[derive(Default)]
pub(in crate::resolve::query) struct Draft {
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
pub(in crate::resolve::query) struct Signature {
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
    pub(in crate::resolve::query) fn rule_known(
        &self,
        word: &ast::Word,
    ) -> Result<Option<Signature>, IndexError> {
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
            around: RefCell::default(),
            draft: Rc::clone(&self.draft),
        }
    }

    /// Settles a rule; it can be called from within itself.
    pub(in crate::resolve::query) fn declare_rule(
        &self,
        name: &str,
        parameters: &[Parameter],
        ways: &[ast::Condition],
    ) -> Result<RuleId, IndexError> {
        for (number, parameter) in parameters.iter().enumerate() {
            let mut before = parameters.iter().take(number);
            if let Some(before) = before.find(|other| other.name.text == parameter.name.text) {
                self.repeated_parameter::<()>(name, parameter, before)?;
            }
        }
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

    /// Settles a saved `find` of several variables as a rule with these parameters, and tells whether the name is one
    /// of such: rows of it are several records, as those of a rule.
    pub(in crate::resolve::query) fn are_saved_together(&self, word: &ast::Word) -> Settled<bool> {
        let Some(record) = self.definition_named("query", &word.text) else {
            return Ok(Some(false));
        };
        let Some(DefinitionKind::Saved { query: mut tree, .. }) = read(record) else {
            return Ok(Some(false));
        };
        match &tree.body {
            ast::Body::Find { variables, .. } if variables.len() > 1 => {}
            _ => return Ok(Some(false)),
        }
        if self.signature(&word.text).is_some() {
            return Ok(Some(true));
        }
        let apart = tree.clauses.iter().find(|clause| {
            !matches!(clause.kind, ast::ClauseKind::Show(_) | ast::ClauseKind::Sort(_))
        });
        if let Some(clause) = apart {
            return self.saved_with_clause(word, clause.kind.words());
        }
        tree.clauses.clear();
        let inside = self.inside(record);
        let found = inside.query(&tree)?;
        let Some(Rows::Bindings(bindings)) = found.map(|query| query.rows) else {
            return self.faulty(word, "saved query");
        };
        let first = bindings.ways.first().map(|way| way.variables.as_slice()).unwrap_or_default();
        let heads = first.iter().take(bindings.width);
        let names = heads.map(|variable| variable.name.clone()).collect();
        let ranges = (0..bindings.width).map(|place| {
            let each = bindings.ways.iter().filter_map(|way| way.variables.get(place));
            let mut relations: Vec<RelationId> =
                each.flat_map(|variable| variable.relations.iter().copied()).collect();
            relations.sort_unstable();
            relations.dedup();
            relations
        });
        let parameters = ranges.collect();
        self.draft.borrow_mut().rules.push(DraftRule {
            name: record.name.clone(),
            names,
            parameters,
            ways: bindings.ways,
            is_faulty: false,
        });
        Ok(Some(true))
    }

    /// Settles what a saved query asks of statements; nothing where it asks for anything else.
    pub(in crate::resolve::query) fn saved_statements(
        &self,
        word: &ast::Word,
    ) -> Settled<StatementCondition> {
        let Some(record) = self.definition_named("query", &word.text) else { return Ok(None) };
        let Some(DefinitionKind::Saved { query: tree, .. }) = read(record) else { return Ok(None) };
        let ast::Body::From { source: ast::Source::Statements(_), condition } = &tree.body else {
            return Ok(None);
        };
        let apart = tree.clauses.iter().find(|clause| {
            !matches!(clause.kind, ast::ClauseKind::Show(_) | ast::ClauseKind::Sort(_))
        });
        if let Some(clause) = apart {
            return self.saved_with_clause(word, clause.kind.words());
        }
        let Some(condition) = condition else { return Ok(Some(StatementCondition::Always)) };
        match self.inside(record).statement_condition(condition)? {
            Some(condition) => Ok(Some(condition)),
            None => self.faulty(word, "saved query"),
        }
    }

    /// Settles a saved query that is named as a source; nothing where there is none.
    pub(in crate::resolve::query) fn saved(
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
                // What is sound and no set of records is told where it is named, in its own words.
                let said = inside.said.borrow();
                let sound = said.iter().all(|said| said.code == code::WRONG_ROWS);
                match said.first().filter(|_| sound) {
                    Some(first) => self.no_source(word, first),
                    None => self.faulty(word, "saved query"),
                }
            }
        }
    }

    /// Tells whether a saved query or rule has this name.
    pub(in crate::resolve::query) fn is_defined(&self, kind: &str, name: &str) -> bool {
        self.definition_named(kind, name).is_some()
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
