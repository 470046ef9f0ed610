//! Queries: names, types and arities settled against the schema and the records of an index.
//!
//! In: the text of a query. Out: a typed [`Query`], where every name was found, and every fault. What has no
//! meaning is refused, so that no answer is wrong in silence.

mod anchors;
mod clauses;
mod comparisons;
mod conditions;
mod differences;
mod filters;
mod find;
mod groups;
mod inner;
mod literals;
mod members;
mod names;
mod operators;
mod paths;
mod ranges;
mod refusals;
mod rules;
mod statements;
mod taken;
mod terms;
mod told;
mod variables;
mod written;

use crate::diagnostic::{Diagnostic, code, meant, one_of, sort};
use crate::index::{Index, IndexError};
use crate::model::{RelationId, Schema};
use crate::query::Query;
use crate::query::expression::{Condition, End, Rows};
use crate::query::statement_rows::StatementCondition;
use crate::source::{FileId, Sources, Span};
use crate::suggest;
use crate::syntax::definition::Parameter;
use crate::syntax::query::ast;
use crate::syntax::query::parse;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

pub use written::written;

/// What could be settled; nothing where a finding says why not.
type Settled<T> = Result<Option<T>, IndexError>;

/// Takes what was settled, or leaves the function where a finding was made.
macro_rules! settled {
    ($settled:expr) => {
        match $settled? {
            Some(settled) => settled,
            None => return Ok(None),
        }
    };
}
use settled;

/// Settles each of several parts, so that every fault among them is found; nothing where one has a fault.
fn settle_each<P, T>(
    parts: impl IntoIterator<Item = P>,
    mut settle: impl FnMut(P) -> Settled<T>,
) -> Settled<Vec<T>> {
    let mut all = Vec::new();
    let mut is_whole = true;
    for part in parts {
        match settle(part)? {
            Some(part) => all.push(part),
            None => is_whole = false,
        }
    }
    Ok(is_whole.then_some(all))
}

/// Takes a condition as it is, or its negation.
fn negated_if<C: std::ops::Not<Output = C>>(condition: C, is_negated: bool) -> C {
    if is_negated { !condition } else { condition }
}

/// Settles a query whose text is `file`.
pub fn query(
    index: &Index,
    sources: &Sources,
    file: FileId,
) -> Result<(Option<Query>, Vec<Diagnostic>), IndexError> {
    let text = sources.file(file).text();
    let outcome = parse(text, file, 0);
    match &outcome.tree {
        Some(tree) if outcome.diagnostics.is_empty() => settle(index, text, tree),
        Some(tree) => {
            let (_, mut said) = settle(index, text, tree)?;
            said.extend(outcome.diagnostics);
            sort(&mut said);
            Ok((None, said))
        }
        None => Ok((None, outcome.diagnostics)),
    }
}

/// Settles a query that was read from the text of a file.
pub fn settle(
    index: &Index,
    text: &str,
    tree: &ast::Query,
) -> Result<(Option<Query>, Vec<Diagnostic>), IndexError> {
    let resolver = Resolver::new(index, text);
    let query = resolver.query(tree)?;
    let program = match query {
        Some(_) => resolver.program(tree.span)?,
        None => None,
    };
    let mut said = resolver.said.into_inner();
    sort(&mut said);
    let query = query.filter(|_| said.is_empty()).map(|mut query| {
        query.notes = resolver.notes.into_inner();
        query.program = Arc::new(program.unwrap_or_default());
        query
    });
    Ok((query, said))
}

/// Settles a rule that was read from the text of a file, and says what is wrong with it.
pub fn settle_rule(
    index: &Index,
    text: &str,
    name: &ast::Word,
    parameters: &[Parameter],
    ways: &[ast::Condition],
) -> Result<Vec<Diagnostic>, IndexError> {
    let resolver = Resolver::new(index, text);
    let id = resolver.declare_rule(&name.text, parameters, ways)?;
    if resolver.said.borrow().is_empty() {
        resolver.check_rule(id, name.span)?;
    }
    let mut said = resolver.said.into_inner();
    sort(&mut said);
    Ok(said)
}

struct Resolver<'i> {
    index: &'i Index,
    schema: &'i Schema,
    text: &'i str,
    said: RefCell<Vec<Diagnostic>>,
    notes: RefCell<Vec<String>>,
    /// The variables around what is settled, for messages: questions and brackets inside do not know them.
    around: RefCell<Vec<String>>,
    /// The rules that are used, shared with the resolvers of other definitions.
    draft: Rc<RefCell<rules::Draft>>,
}

impl<'i> Resolver<'i> {
    fn new(index: &'i Index, text: &'i str) -> Resolver<'i> {
        Resolver {
            index,
            schema: index.schema(),
            text,
            said: RefCell::default(),
            notes: RefCell::default(),
            around: RefCell::default(),
            draft: Rc::default(),
        }
    }
}

impl Resolver<'_> {
    fn say<T>(&self, diagnostic: Diagnostic) -> Settled<T> {
        self.said.borrow_mut().push(diagnostic);
        Ok(None)
    }

    fn note(&self, note: String) {
        let mut notes = self.notes.borrow_mut();
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    fn query(&self, tree: &ast::Query) -> Settled<Query> {
        let (source, condition) = match &tree.body {
            ast::Body::From { source, condition } => (source, condition),
            ast::Body::Find { variables, condition } => {
                return self.find(variables, condition, tree);
            }
        };
        match source {
            ast::Source::Statements(_) => {
                return self.statement_rows(StatementCondition::Always, condition.as_ref(), tree);
            }
            ast::Source::Named(word)
                if self.relations_named(&word.text).is_none()
                    && self.is_defined("rule", &word.text) =>
            {
                let Some(signature) = self.rule_known(word)? else { return Ok(None) };
                if signature.is_faulty {
                    return Ok(None);
                }
                if signature.parameters.len() != 1 {
                    return self.rule_source(word, condition.as_ref(), tree);
                }
            }
            ast::Source::Named(word)
                if self.relations_named(&word.text).is_none()
                    && self.is_defined("query", &word.text) =>
            {
                let before = self.said.borrow().len();
                if settled!(self.are_saved_together(word)) {
                    return self.rule_source(word, condition.as_ref(), tree);
                }
                if let Some(saved) = self.saved_statements(word)? {
                    return self.statement_rows(saved, condition.as_ref(), tree);
                }
                if self.said.borrow().len() > before {
                    return Ok(None);
                }
            }
            _ => {}
        }
        let (rows, relations) = settled!(self.source(source));
        let condition = match condition {
            Some(condition) => self.condition(&relations, condition)?,
            None => Some(Condition::Always),
        };
        self.clauses(rows, &relations, condition, tree)
    }

    /// Settles where rows come from, and of which relations they are.
    fn source(&self, source: &ast::Source) -> Settled<(Rows, Vec<RelationId>)> {
        match source {
            ast::Source::Named(word) => {
                let is_relation = self.relations_named(&word.text).is_some();
                if !is_relation && self.is_defined("rule", &word.text) {
                    let (query, relations) = settled!(self.rule_records(word));
                    return Ok(Some((Rows::Query(Box::new(query)), relations)));
                }
                if !is_relation && self.is_defined("query", &word.text) {
                    let (query, relations) = settled!(self.saved(word));
                    return Ok(Some((Rows::Query(Box::new(query)), relations)));
                }
                let relations = settled!(self.relations(word));
                Ok(Some((Rows::Relations(relations.clone()), relations)))
            }
            ast::Source::Everything(_) => {
                let all: Vec<RelationId> = self.schema.relations().map(|(id, _)| id).collect();
                Ok(Some((Rows::Relations(all.clone()), all)))
            }
            // A whole question of statements is settled by itself.
            ast::Source::Statements(_) => Ok(None),
            ast::Source::Query(inner) => {
                let (query, relations) = settled!(self.subquery(inner));
                Ok(Some((Rows::Query(Box::new(query)), relations)))
            }
        }
    }

    /// Finds the relations that a name stands for: one, or the members of a union.
    fn relations(&self, word: &ast::Word) -> Settled<Vec<RelationId>> {
        match self.relations_named(&word.text) {
            Some(relations) => Ok(Some(relations)),
            None => self.unknown_source(word),
        }
    }

    fn relations_named(&self, name: &str) -> Option<Vec<RelationId>> {
        let lower = name.to_lowercase();
        if let Some(relation) =
            self.schema.relation_named(name).or(self.schema.relation_named(&lower))
        {
            return Some(vec![relation]);
        }
        let union = self.schema.union_named(name).or(self.schema.union_named(&lower))?;
        self.schema.unions.get(union.index()).map(|union| union.members.clone())
    }

    fn unknown_source<T>(&self, word: &ast::Word) -> Settled<T> {
        let relations = self.schema.relations().flat_map(|(_, each)| [&each.plural, &each.name]);
        let unions = self.schema.unions.iter().flat_map(|each| [&each.plural, &each.name]);
        let known: Vec<&str> = relations.chain(unions).map(String::as_str).collect();
        let near = suggest::nearest(&word.text, known.iter().copied());
        let diagnostic = Diagnostic::new(
            code::UNKNOWN_SOURCE,
            format!("there is no relation `{}`", word.text),
            word.span,
            "neither a relation nor a union",
        );
        let found = self.records_named(&word.text, None)?;
        let diagnostic = match (near.is_empty(), found.first()) {
            (false, _) => diagnostic.help(meant(&near)),
            (true, Some(entity)) => {
                let plural = self
                    .index
                    .relation_of(*entity)
                    .map(|relation| &self.schema.relation(relation).plural);
                let plural = plural.map_or("everything", String::as_str);
                let id = self.index.id_of(*entity)?;
                diagnostic.help(format!("`{id}` is a record: `{plural} where id = {id}` finds it, `regesta show {id}` prints it"))
            }
            (true, None) => {
                let mut plurals: Vec<&str> =
                    self.schema.relations().map(|(_, each)| each.plural.as_str()).collect();
                plurals.sort_unstable();
                diagnostic.help(format!("the relations are {}, and `everything`", one_of(&plurals)))
            }
        };
        self.say(diagnostic)
    }

    /// Names relations for a message: `treaties or events`.
    fn named(&self, relations: &[RelationId]) -> String {
        let plurals: Vec<&str> =
            relations.iter().take(4).map(|id| self.schema.relation(*id).plural.as_str()).collect();
        match relations.len() {
            0..=4 => one_of(&plurals),
            _ => "these records".to_owned(),
        }
    }
}

/// Returns the relations that rows are of.
fn relations_of(rows: &Rows) -> Vec<RelationId> {
    match rows {
        Rows::Relations(relations) => relations.clone(),
        Rows::Bindings(bindings) => {
            let ranges = bindings.ways.iter().filter_map(|way| way.variables.first());
            ranges.flat_map(|variable| variable.relations.iter().copied()).collect()
        }
        Rows::Along { path, .. } => match &path.end {
            End::Records(relations) => relations.clone(),
            _ => Vec::new(),
        },
        Rows::Records(_) | Rows::Statements(_) => Vec::new(),
        Rows::Query(inner) => relations_of(&inner.rows),
    }
}
