//! The text of each condition of a query, in the shape that the settled conditions have.

use crate::query::{Written, WrittenQuery};
use crate::source::Span;
use crate::syntax::query::ast;

/// Returns the text of a query's conditions, part by part.
pub fn written(text: &str, tree: &ast::Query) -> WrittenQuery {
    match &tree.body {
        ast::Body::From { source, condition } => WrittenQuery {
            condition: condition.as_ref().map(|condition| condition_text(text, condition)),
            source: match source {
                ast::Source::Query(inner) => Some(Box::new(written(text, inner))),
                _ => None,
            },
        },
        ast::Body::Find { condition, .. } => {
            WrittenQuery { condition: Some(condition_text(text, condition)), source: None }
        }
    }
}

fn condition_text(text: &str, condition: &ast::Condition) -> Written {
    let parts = match condition {
        ast::Condition::And(parts) | ast::Condition::Or(parts) => {
            parts.iter().map(|part| condition_text(text, part)).collect()
        }
        ast::Condition::Prefixed { inner, .. } => vec![condition_text(text, inner)],
        _ => Vec::new(),
    };
    let whole = condition.span().map(|span| slice(text, span)).unwrap_or("");
    // One line, however the query was broken.
    Written { text: whole.split_whitespace().collect::<Vec<_>>().join(" "), parts }
}

/// Returns the text of a condition with the parentheses that its first and last part stand in.
fn slice(text: &str, span: Span) -> &str {
    let (mut start, mut end) = (span.start as usize, span.end as usize);
    let (mut missing_before, mut open) = (0, 0);
    let mut quoted = None;
    for letter in text.get(start..end).unwrap_or("").chars() {
        match (letter, quoted) {
            ('"' | '\'', None) => quoted = Some(letter),
            (_, Some(quote)) if letter == quote => quoted = None,
            ('(' | '[', None) => open += 1,
            (')' | ']', None) if open == 0 => missing_before += 1,
            (')' | ']', None) => open -= 1,
            _ => {}
        }
    }
    for _ in 0..missing_before {
        let before = text.get(..start).unwrap_or("").trim_end();
        match before.strip_suffix(['(', '[']) {
            Some(shorter) => start = shorter.len(),
            None => break,
        }
    }
    for _ in 0..open {
        let after = text.get(end..).unwrap_or("");
        match after.trim_start().strip_prefix([')', ']']) {
            Some(rest) => end = text.len() - rest.len(),
            None => break,
        }
    }
    text.get(start..end).unwrap_or("")
}
