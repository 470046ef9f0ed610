//! Checks and expectations of all files, settled against the index, and saved queries and rules read.
//!
//! In: the trees of files, and the index over their facts. Out: queries ready to be run, and every fault of the
//! definitions. Running them is done by the pipeline.

use super::query::{settle, settle_rule};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::index::{Index, IndexError};
use crate::query::Query;
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::File;
use crate::syntax::definition::{
    DefinitionKind, DefinitionTree, ExpectedAnswer, Message, MessagePiece, parse_definition,
};
use crate::syntax::query::ast;
use crate::syntax::query::ast::{Clause, ClauseKind, Operand};

/// A check that can be run.
pub struct Check {
    /// Its name, and where that stands.
    pub name: (String, Span),
    /// How grave a row is that it finds.
    pub severity: Severity,
    /// What is said of a row.
    pub message: Message,
    /// What must find nothing; its columns are the places of the message, in order.
    pub query: Query,
    /// The query as written, for asking which values made it hold.
    pub tree: ast::Query,
    /// Its file.
    pub file: FileId,
}

/// An expectation that can be run.
pub struct Expectation {
    /// Its name, and where that stands.
    pub name: (String, Span),
    /// What the author says of it.
    pub description: String,
    /// What is asked.
    pub query: Query,
    /// Whether the query says itself what it shows.
    pub shows: bool,
    /// The answer that it must have.
    pub answer: ExpectedAnswer,
}

/// All that must be run.
#[derive(Default)]
pub struct Definitions {
    /// The checks, in the order of files.
    pub checks: Vec<Check>,
    /// The expectations, in the order of files.
    pub expectations: Vec<Expectation>,
}

/// Counts the definitions of all files.
pub fn definition_count(files: &[File]) -> usize {
    files.iter().flat_map(|file| &file.pieces).map(|piece| piece.definitions().len()).sum()
}

/// Settles every check, expectation and saved query of all files.
pub fn definitions(
    index: &Index,
    sources: &Sources,
    files: &[File],
) -> Result<(Definitions, Vec<Diagnostic>), IndexError> {
    let mut settled = Definitions::default();
    let mut findings = Vec::new();
    // Only what declares something is read once more.
    let is_defining =
        |file: &&File| file.pieces.iter().any(|piece| !piece.definitions().is_empty());
    for file in files.iter().filter(is_defining) {
        let text = sources.file(file.file).text();
        for definition in file.pieces.iter().flat_map(|piece| piece.definitions()) {
            let outcome = parse_definition(text, file.file, definition);
            findings.extend(outcome.diagnostics);
            if let Some(tree) = outcome.tree {
                findings.extend(settle_one(index, text, file.file, tree, &mut settled)?);
            }
        }
    }
    Ok((settled, findings))
}

fn settle_one(
    index: &Index,
    text: &str,
    file: FileId,
    definition: DefinitionTree,
    settled: &mut Definitions,
) -> Result<Vec<Diagnostic>, IndexError> {
    let name = (definition.name.text, definition.name.span);
    match definition.kind {
        DefinitionKind::Check { severity, message, query: tree } => {
            let shown = with_places(&tree, &message);
            let (query, findings) = settle(index, text, &shown)?;
            let findings = without_borrowed(findings);
            if let Some(query) = query {
                settled.checks.push(Check { name, severity, message, query, tree, file });
            }
            Ok(findings)
        }
        DefinitionKind::Expect { description, query: tree, answer } => {
            let shows =
                tree.clauses.iter().any(|clause| matches!(clause.kind, ClauseKind::Show(_)));
            let (query, findings) = settle(index, text, &tree)?;
            let findings = without_borrowed(findings);
            if let Some(query) = query {
                settled.expectations.push(Expectation { name, description, query, shows, answer });
            }
            Ok(findings)
        }
        DefinitionKind::Saved { query: tree, .. } => {
            Ok(without_borrowed(settle(index, text, &tree)?.1))
        }
        DefinitionKind::Rule { parameters, ways, .. } => {
            let word = ast::Word { text: name.0, span: name.1 };
            Ok(without_borrowed(settle_rule(index, text, &word, &parameters, &ways)?))
        }
    }
}

/// Leaves out that another definition has a fault, which is told there.
fn without_borrowed(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.retain(|found| found.code != code::FAULTY_DEFINITION);
    findings
}

/// Lets a check's query show what its message has places for.
fn with_places(tree: &ast::Query, message: &Message) -> ast::Query {
    let places: Vec<Operand> = message
        .pieces
        .iter()
        .filter_map(|piece| match piece {
            MessagePiece::Path(operand) => Some(operand.clone()),
            MessagePiece::Text(_) => None,
        })
        .collect();
    let mut tree = tree.clone();
    tree.clauses.retain(|clause| !matches!(clause.kind, ClauseKind::Show(_)));
    if !places.is_empty() {
        tree.clauses.push(Clause { kind: ClauseKind::Show(places), span: tree.span });
    }
    tree
}
