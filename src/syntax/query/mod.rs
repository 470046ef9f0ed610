//! The query language: from text to a tree with places.
//!
//! In: the text of a query, or of a rule's condition. Out: its tree, where it could be read, and every fault
//! found. Nothing is looked up: names are words, values are text. The grammar is `grammar/regesta.ebnf`.

pub mod ast;
mod condition;
mod context;
mod foreign;
mod lexer;
mod path;
#[allow(clippy::module_inception)]
mod query;
pub mod terminals;

use crate::diagnostic::{Diagnostic, code};
use crate::source::{FileId, Span};
use context::{Context, Fault, Parsed};

/// What became of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<T> {
    /// The tree; none where the text could not be read to its end. It may be there beside errors.
    pub tree: Option<T>,
    /// What was wrong with the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a query whose text begins at byte `base` of `file`.
pub fn parse(text: &str, file: FileId, base: u32) -> Outcome<ast::Query> {
    read(text, file, base, query::query)
}

/// Reads a condition, as a rule's `if` has it.
pub fn parse_condition(text: &str, file: FileId, base: u32) -> Outcome<ast::Condition> {
    read(text, file, base, condition::condition)
}

/// Reads a path or an aggregate alone, as a check's message has it in braces.
pub fn parse_operand(text: &str, file: FileId, base: u32) -> Outcome<ast::Operand> {
    read(text, file, base, path::term)
}

fn read<T>(
    text: &str,
    file: FileId,
    base: u32,
    parser: for<'a> fn(&Context<'a>, &'a str) -> Parsed<'a, T>,
) -> Outcome<T> {
    let context = match Context::new(text, file, base) {
        Ok(context) => context,
        Err(diagnostic) => return Outcome { tree: None, diagnostics: vec![*diagnostic] },
    };
    let mut fault = None;
    let tree = match parser(&context, text) {
        Ok((rest, tree)) => {
            if !lexer::blank(rest).is_empty() {
                fault = Some(condition::left_over(&context, rest));
            }
            Some(tree)
        }
        Err(nom::Err::Error(Fault::Said(said)) | nom::Err::Failure(Fault::Said(said))) => {
            fault = Some(*said);
            None
        }
        Err(nom::Err::Error(Fault::Left(left)) | nom::Err::Failure(Fault::Left(left))) => {
            let at = text.len().saturating_sub(left);
            let span = Span::new(file, base + at as u32, base + text.len() as u32);
            fault = Some(Diagnostic::new(
                code::QUERY_SYNTAX,
                "the query cannot be read",
                span,
                "from here on",
            ));
            None
        }
        Err(nom::Err::Incomplete(_)) => None,
    };
    let mut diagnostics = context.into_said();
    diagnostics.extend(fault);
    crate::diagnostic::sort(&mut diagnostics);
    Outcome { tree, diagnostics }
}

#[cfg(test)]
mod tests;
