//! Whole queries: source, conditions, clauses.

use super::ast::{Body, Clause, ClauseKind, Direction, Operand, Query, SortKey, Source};
use super::condition::{condition, left_over};
use super::context::{Context, Parsed, missing, missing_here, stop};
use super::foreign;
use super::lexer::{blank, expect, keyword, keywords, name, peek_name, sign};
use super::path::{Until, path, term, value};
use crate::diagnostic::{Diagnostic, code};
use nom::Parser;
use nom::character::complete::digit1;

/// Reads a whole query, up to a bracket or the end.
///
/// EBNF: `query = body, { clause } ;`
pub fn query<'a>(context: &Context<'a>, input: &'a str) -> Parsed<'a, Query> {
    let start = blank(input);
    let (start, ()) = foreign::select(context, start)?;
    let (mut rest, body) = body(context, start)?;
    let mut clauses: Vec<Clause> = Vec::new();
    while let Some(found) = clause(context, rest) {
        let (after, next) = found?;
        let words = next.kind.words();
        if let Some(first) = clauses.iter().find(|clause| clause.kind.words() == words) {
            context.say(
                Diagnostic::new(
                    code::REPEATED_CLAUSE,
                    format!("`{words}` stands twice in one query"),
                    next.span,
                    "the second one",
                )
                .and_at(first.span, "the first one")
                .help("keep one of them; several columns or keys are parted by commas"),
            );
        }
        clauses.push(next);
        rest = after;
    }
    if let Some(said) = foreign::clause(context, rest) {
        return stop(said);
    }
    let behind = blank(rest);
    let has_condition = !matches!(body, Body::From { condition: None, .. });
    if !has_condition && clauses.is_empty() && !peek_name(behind).is_empty() {
        let word = peek_name(behind);
        return stop(
            missing_here(context, rest, "`where`")
                .help(format!("conditions follow `where`: `where {word} …`")),
        );
    }
    if !behind.is_empty() && !behind.starts_with(')') {
        return stop(left_over(context, rest));
    }
    let span = context.span(start, rest);
    Ok((rest, Query { body, clauses, span }))
}

/// EBNF: `body = find | source, [ "where", condition ] ;`
fn body<'a>(context: &Context<'a>, start: &'a str) -> Parsed<'a, Body> {
    if let Some(rest) = keyword(start, "find") {
        return find(context, rest);
    }
    let (rest, source) = source(context, start)?;
    match keyword(rest, "where") {
        Some(rest) => {
            let (rest, condition) = condition(context, rest)?;
            Ok((rest, Body::From { source, condition: Some(condition) }))
        }
        None => Ok((rest, Body::From { source, condition: None })),
    }
}

/// EBNF: `find = "find", name, { ",", name }, "where", condition ;`
fn find<'a>(context: &Context<'a>, input: &'a str) -> Parsed<'a, Body> {
    let (mut rest, first) = name(context, input, "a variable")?;
    let mut variables = vec![first];
    while let Some(behind) = sign(rest, ",") {
        let (after, next) = name(context, behind, "a variable")?;
        variables.push(next);
        rest = after;
    }
    if ["(", ".", "["].into_iter().any(|behind| sign(rest, behind).is_some()) {
        return stop(foreign::column_of_find(context, rest));
    }
    let Some(rest) = keyword(rest, "where") else { return missing(context, rest, "`where`") };
    let (rest, condition) = condition(context, rest)?;
    Ok((rest, Body::Find { variables, condition }))
}

/// EBNF: `source = name | "everything" | "statements" | "(", query, ")" ;`
fn source<'a>(context: &Context<'a>, start: &'a str) -> Parsed<'a, Source> {
    if let Some(rest) = keyword(start, "everything") {
        return Ok((rest, Source::Everything(context.span(start, rest))));
    }
    if let Some(rest) = keyword(start, "statements") {
        return Ok((rest, Source::Statements(context.span(start, rest))));
    }
    if let Some(rest) = sign(start, "(") {
        let (rest, inner) = query(context, rest)?;
        let (rest, ()) = expect(context, rest, ")")?;
        return Ok((rest, Source::Query(Box::new(inner))));
    }
    if keyword(start, "where").is_some() {
        return missing(context, start, "what is asked for, a relation such as `treaties`,");
    }
    let (rest, word) = name(context, start, "what is asked for, a relation such as `treaties`,")?;
    Ok((rest, Source::Named(word)))
}

/// EBNF: `clause = as-of | according-to | all-claims | sort | limit | show | count | group ;`
fn clause<'a>(context: &Context<'a>, input: &'a str) -> Option<Parsed<'a, Clause>> {
    let start = blank(input);
    let kind = if let Some(rest) = keywords(start, "as", "of") {
        as_of(context, rest)
    } else if let Some(rest) = keywords(start, "according", "to") {
        according_to(context, rest)
    } else if let Some(rest) = keywords(start, "all", "claims") {
        all_claims(rest)
    } else if let Some(rest) = keyword(start, "sort") {
        sort(context, rest)
    } else if let Some(rest) = keyword(start, "limit") {
        limit(context, rest)
    } else if let Some(rest) = keyword(start, "show") {
        show(context, rest)
    } else if let Some(rest) = keyword(start, "count") {
        count(context, rest)
    } else if let Some(rest) = keyword(start, "group") {
        group(context, rest)
    } else {
        return None;
    };
    Some(kind.map(|(rest, kind)| (rest, Clause { kind, span: context.span(start, rest) })))
}

/// EBNF: `as-of = "as", "of", value ;`
fn as_of<'a>(context: &Context<'a>, rest: &'a str) -> Parsed<'a, ClauseKind> {
    let (rest, value) = value(context, rest, Until::Stop)?;
    Ok((rest, ClauseKind::AsOf(value)))
}

/// EBNF: `according-to = "according", "to", value ;`
fn according_to<'a>(context: &Context<'a>, rest: &'a str) -> Parsed<'a, ClauseKind> {
    let (rest, value) = value(context, rest, Until::Stop)?;
    Ok((rest, ClauseKind::AccordingTo(value)))
}

/// EBNF: `all-claims = "all", "claims" ;`
fn all_claims(rest: &str) -> Parsed<'_, ClauseKind> {
    Ok((rest, ClauseKind::AllClaims))
}

/// EBNF: `sort = "sort", "by", sort-key, { ",", sort-key } ;`
fn sort<'a>(context: &Context<'a>, rest: &'a str) -> Parsed<'a, ClauseKind> {
    let Some(rest) = keyword(rest, "by") else { return missing(context, rest, "`by`") };
    let (mut rest, first) = sort_key(context, rest)?;
    let mut keys = vec![first];
    while let Some(behind) = sign(rest, ",") {
        let (after, next) = sort_key(context, behind)?;
        keys.push(next);
        rest = after;
    }
    Ok((rest, ClauseKind::Sort(keys)))
}

/// EBNF: `sort-key = term, [ "asc" | "desc" ] ;`
fn sort_key<'a>(context: &Context<'a>, rest: &'a str) -> Parsed<'a, SortKey> {
    let (rest, by) = term(context, rest)?;
    let words = [
        ("asc", Direction::Ascending),
        ("desc", Direction::Descending),
        ("ascending", Direction::Ascending),
        ("descending", Direction::Descending),
    ];
    let found =
        words.into_iter().find_map(|(word, direction)| Some((keyword(rest, word)?, direction)));
    let (rest, direction) = found.unwrap_or((rest, Direction::Ascending));
    Ok((rest, SortKey { by, direction }))
}

/// EBNF: `limit = "limit", digit, { digit } ;`
fn limit<'a>(context: &Context<'a>, rest: &'a str) -> Parsed<'a, ClauseKind> {
    let start = blank(rest);
    let digits: Parsed<&str> = digit1.parse(start);
    match digits.ok().and_then(|(rest, digits)| Some((rest, digits.parse().ok()?))) {
        Some((rest, most)) => Ok((rest, ClauseKind::Limit(most))),
        None => missing(context, rest, "a whole number of rows"),
    }
}

/// EBNF: `show = "show", term, { ",", term } ;`
fn show<'a>(context: &Context<'a>, rest: &'a str) -> Parsed<'a, ClauseKind> {
    let (mut rest, first) = column(context, rest)?;
    let mut columns = vec![first];
    while let Some(behind) = sign(rest, ",") {
        let (after, next) = column(context, behind)?;
        columns.push(next);
        rest = after;
    }
    Ok((rest, ClauseKind::Show(columns)))
}

fn column<'a>(context: &Context<'a>, rest: &'a str) -> Parsed<'a, Operand> {
    if blank(rest).is_empty() || peek_name(rest).is_empty() && !blank(rest).starts_with('(') {
        return missing(context, rest, "a field to show");
    }
    term(context, rest)
}

/// EBNF: `count = "count", [ "by", path ] ;`
fn count<'a>(context: &Context<'a>, rest: &'a str) -> Parsed<'a, ClauseKind> {
    let Some(rest) = keyword(rest, "by") else { return Ok((rest, ClauseKind::Count(None))) };
    let (rest, by) = path(context, rest)?;
    Ok((rest, ClauseKind::Count(Some(by))))
}

/// EBNF: `group = "group", "by", path ;`
fn group<'a>(context: &Context<'a>, rest: &'a str) -> Parsed<'a, ClauseKind> {
    let Some(rest) = keyword(rest, "by") else { return missing(context, rest, "`by`") };
    let (rest, by) = path(context, rest)?;
    Ok((rest, ClauseKind::Group(by)))
}
