//! `find`, and rules as sources: rows of several records each.

use super::groups::{Columns, RowClauses};
use super::paths::Kind;
use super::variables::Names;
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code};
use crate::query::Query;
use crate::query::expression::{Claims, End, Path, Rows};
use crate::query::formula::{Bindings, Variable};
use crate::query::terms::{BoundPath, Term, Values};
use crate::syntax::query::ast::{self, ClauseKind, Operand};

impl Resolver<'_> {
    /// Settles `find a, b where …`.
    pub(super) fn find(
        &self,
        variables: &[ast::Word],
        condition: &ast::Condition,
        tree: &ast::Query,
    ) -> Settled<Query> {
        for (number, word) in variables.iter().enumerate() {
            let before = variables.iter().take(number).find(|other| other.text == word.text);
            if let Some(before) = before {
                return self.say(
                    Diagnostic::new(
                        code::REPEATED_CLAUSE,
                        format!("`find` names `{}` twice", word.text),
                        word.span,
                        "the second one",
                    )
                    .and_at(before.span, "the first one")
                    .help("name each variable once"),
                );
            }
        }
        let parts = match condition {
            ast::Condition::Or(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut heads = Names::default();
        for word in variables {
            heads.declare(word, Vec::new());
        }
        let mut ways = Vec::with_capacity(parts.len());
        let mut is_whole = true;
        for part in parts {
            let mut names = Names::default();
            let own = variables.iter().map(|word| names.declare(word, Vec::new())).collect();
            match self.scope(&mut names, own, part)? {
                Some(mut way) => {
                    way.slots = names.all.len() as u32;
                    for (head, found) in heads.all.iter_mut().zip(&names.all) {
                        head.relations.extend(&found.relations);
                        head.relations.sort_unstable();
                        head.relations.dedup();
                    }
                    ways.push(way);
                }
                None => is_whole = false,
            }
        }
        if !is_whole {
            return Ok(None);
        }
        let around = self.around.replace(heads.written());
        let clauses = self.row_clauses(&VariableColumns(&heads), tree)?;
        self.around.replace(around);
        let RowClauses { mut columns, order, groups, output, limit, claims } =
            settled!(Ok(clauses));
        if columns.is_empty() {
            columns = heads.all.iter().map(itself).collect();
        }
        let bindings = Bindings { ways, width: variables.len(), columns, order, groups };
        let rows = Rows::Bindings(Box::new(bindings));
        Ok(Some(Query { claims, limit, output, ..Query::of(rows) }))
    }

    /// Settles which statements are taken.
    pub(super) fn claims(&self, tree: &ast::Query) -> Settled<Claims> {
        let mut claims = Claims::default();
        for clause in &tree.clauses {
            match &clause.kind {
                ClauseKind::AsOf(value) => claims.as_of = Some(settled!(self.as_of(value))),
                ClauseKind::AccordingTo(value) => {
                    claims.according_to = Some(settled!(self.according_to(value)));
                }
                ClauseKind::AllClaims => claims.all = true,
                _ => {}
            }
        }
        Ok(Some(claims))
    }

    /// Settles a rule that is named as a source: rows of its parameters.
    pub(super) fn rule_source(
        &self,
        word: &ast::Word,
        condition: Option<&ast::Condition>,
        tree: &ast::Query,
    ) -> Settled<Query> {
        let Some(signature) = self.rule_known(word)? else { return Ok(None) };
        let variables: Vec<ast::Word> = signature
            .names
            .iter()
            .map(|name| ast::Word { text: name.clone(), span: word.span })
            .collect();
        let arguments = variables.iter().map(|variable| {
            let phrase = ast::Phrase { text: variable.text.clone(), span: word.span, longer: None };
            Operand::Phrase(phrase)
        });
        let call = ast::Condition::Call {
            rule: word.clone(),
            arguments: arguments.collect(),
            span: word.span,
        };
        let mut parts = vec![call];
        parts.extend(condition.cloned());
        self.find(&variables, &ast::Condition::And(parts), tree)
    }

    /// Settles a rule of one parameter as a source of records.
    pub(super) fn rule_records(
        &self,
        word: &ast::Word,
    ) -> Settled<(Query, Vec<crate::model::RelationId>)> {
        let Some(signature) = self.rule_known(word)? else { return Ok(None) };
        let [relations] = signature.parameters.as_slice() else {
            return self.rows_of_several(word, &signature.names);
        };
        let row =
            ast::Path { head: ast::Head::This(word.span), steps: Vec::new(), span: word.span };
        let condition = settled!(self.row_call(relations, word, &[Operand::Path(row)], word.span));
        let query = Query { condition, ..Query::of(Rows::Relations(relations.clone())) };
        Ok(Some((query, relations.clone())))
    }
}

/// Returns the column that shows a variable.
fn itself(variable: &Variable) -> Term<BoundPath> {
    let end = End::Records(variable.relations.clone());
    let path = Path { steps: Vec::new(), end, written: variable.name.clone() };
    Term::Values(Values::OfRow(BoundPath { slot: variable.slot, path }))
}

/// The paths of variables.
pub(super) struct VariableColumns<'n>(pub &'n Names);

impl Columns for VariableColumns<'_> {
    type Column = BoundPath;
    type Shown = Term<BoundPath>;

    fn settle(&self, resolver: &Resolver<'_>, path: &ast::Path) -> Settled<(BoundPath, Kind)> {
        resolver.variable_column(self.0, path)
    }

    fn written(&self, column: &BoundPath) -> String {
        column.path.written.clone()
    }

    fn shown(&self, resolver: &Resolver<'_>, operand: &Operand) -> Settled<Term<BoundPath>> {
        Ok(resolver.term_of(self, operand)?.map(|typed| typed.term))
    }
}
