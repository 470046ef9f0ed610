//! Habits from other languages: recognised, named, and answered with what to write here.

use super::ast::{Comparator, Operand, Phrase};
use super::context::{Context, Parsed, missing_here, stop};
use super::lexer::{blank, keyword, keywords, peek_name, sign};
use super::terminals;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Span;

/// Builds the finding that `written` stands for what is `ours` here.
pub fn instead(at: Span, written: &str, ours: &str) -> Diagnostic {
    Diagnostic::new(
        code::FOREIGN_HABIT,
        format!("`{written}` is written `{ours}` here"),
        at,
        "a sign of another language",
    )
    .help(format!("write `{ours}`"))
}

/// Reads an operator of another language as ours, and says so.
pub fn operator<'a>(context: &Context<'a>, start: &'a str) -> Option<Parsed<'a, Comparator>> {
    let signs = [
        ("==", "=", Comparator::Equal),
        ("<>", "!=", Comparator::NotEqual),
        ("=<", "<=", Comparator::AtMost),
        ("=>", ">=", Comparator::AtLeast),
        ("=~", "~", Comparator::Matches),
        ("≠", "!=", Comparator::NotEqual),
        ("≤", "<=", Comparator::AtMost),
        ("≥", ">=", Comparator::AtLeast),
        (":", "=", Comparator::Equal),
    ];
    for (written, ours, comparator) in signs {
        if let Some(rest) = sign(start, written) {
            context.say(instead(context.span(start, rest), written, ours));
            return Some(Ok((rest, comparator)));
        }
    }
    for word in ["like", "ilike", "matches"] {
        if let Some(rest) = keyword(start, word) {
            let at = context.span(start, rest);
            let said = instead(at, context.slice(at), "~")
                .note("`~` finds the words anywhere in the text; `%` and `*` are not needed");
            context.say(said);
            return Some(Ok((rest, Comparator::Matches)));
        }
    }
    if let Some(rest) = keyword(start, "between") {
        let at = context.span(start, rest);
        let said = instead(at, context.slice(at), "in A..B")
            .help("for example `year in 1919..1930`, or `year from 1919 to 1930`");
        return Some(stop(said));
    }
    if let Some(rest) = keywords(start, "equals", "to").or(keyword(start, "equals")) {
        context.say(instead(context.span(start, rest), "equals", "="));
        return Some(Ok((rest, Comparator::Equal)));
    }
    None
}

/// Builds the finding that no operator follows `left`.
pub fn no_operator<'a>(context: &Context<'a>, rest: &'a str, left: &Operand) -> Diagnostic {
    let written = context.slice(left.span());
    let next = peek_name(rest);
    let before = context.before(left.span()).trim_end().to_lowercase();
    let in_a_name =
        before.contains(['=', '~']) && (before.ends_with(" and") || before.ends_with(" or"));
    let at_end = blank(rest).is_empty();
    if at_end && in_a_name {
        return Diagnostic::new(
            code::QUERY_SYNTAX,
            format!("the query breaks off behind `{written}`"),
            left.span(),
            "a field is expected here, with an operator and a value",
        )
        .help(format!("each condition names its field: `FIELD = … and FIELD = {written}`"))
        .help("put a name that has `and` or `or` in it between quotation marks");
    }
    if at_end {
        return Diagnostic::new(
            code::FOREIGN_HABIT,
            format!("the query breaks off behind `{written}`"),
            context.here(rest),
            "an operator and a value are missing",
        )
        .help(format!("to ask whether it is recorded at all, write `has {written}`"))
        .help("if a shell took `<` or `>` for itself, put the whole query in single quotes, or write `before` and `after`");
    }
    let ends_here = super::lexer::is_stop(rest) || blank(rest).starts_with([')', ']']);
    if ends_here {
        return missing_here(context, rest, &format!("an operator behind `{written}`"))
            .help(format!("to ask whether it is recorded at all, write `has {written}`"));
    }
    let diagnostic = missing_here(context, rest, &format!("an operator behind `{written}`"));
    match next {
        "" => diagnostic,
        _ => diagnostic.help(format!("compare it: `{written} = {next}`")),
    }
}

/// Stops where a second comparison begins in the middle of bare words: `party = Germany year < 1930`.
pub fn missing_and<'a>(context: &Context<'a>, rest: &'a str, phrase: &Phrase) -> Parsed<'a, ()> {
    let start = blank(rest);
    let operator_follows = terminals::leading(terminals::SIGNS, start).is_some();
    let last = phrase.text.rsplit(' ').next().filter(|last| last.len() < phrase.text.len());
    match last {
        Some(last) if operator_follows => {
            let end = context.offset(rest).min(context.text().len());
            let covered = context.text().get(..end).unwrap_or("").trim_end().len();
            let at = context.bytes(covered.saturating_sub(last.len()), covered);
            let before = phrase.text.get(..phrase.text.len() - last.len()).unwrap_or("").trim_end();
            stop(
                Diagnostic::new(
                    code::FOREIGN_HABIT,
                    format!("`and` is missing before `{last}`"),
                    at,
                    "a second comparison begins here",
                )
                .help(format!("write `{before} and {last} …`"))
                .note("several bare words are one value, up to an operator or `and`"),
            )
        }
        _ => Ok((rest, ())),
    }
}

/// Stops at a query that begins as in SQL or SPARQL.
pub fn select<'a>(context: &Context<'a>, start: &'a str) -> Parsed<'a, ()> {
    let Some(rest) = keyword(start, "select") else { return Ok((start, ())) };
    let from = rest.to_ascii_lowercase().find(" from ").map(|at| at + " from ".len());
    let source = from.and_then(|at| rest.get(at..)).map(peek_name).unwrap_or("treaties");
    let columns = from.and_then(|at| rest.get(..at - " from ".len())).unwrap_or("").trim();
    let show = if columns.is_empty() || columns.contains('*') {
        String::new()
    } else {
        format!(" show {columns}")
    };
    let condition = match rest.to_ascii_lowercase().contains(" where ") {
        true => " where …",
        false => "",
    };
    stop(
        Diagnostic::new(
            code::FOREIGN_HABIT,
            "a query begins with what is asked for, not with `select`",
            context.span(start, rest),
            "a word of another language",
        )
        .help(format!("write `{source}{condition}{show}`")),
    )
}

/// Builds the finding that what is to be shown stands where the variables of `find` are named.
pub fn column_of_find(context: &Context<'_>, rest: &str) -> Diagnostic {
    let start = blank(rest);
    let behind = start.get(1..).unwrap_or_default();
    Diagnostic::new(
        code::FOREIGN_HABIT,
        "`find` names variables, and what is shown of them stands behind `show`",
        context.span(start, behind),
        "no part of a variable's name",
    )
    .help("write it so: `find p where p is polity show p, p.name, count(p.treaties)`")
}

/// Builds a finding for a clause of another language, where one begins here.
pub fn clause<'a>(context: &Context<'a>, rest: &'a str) -> Option<Diagnostic> {
    let start = blank(rest);
    if let Some(behind) = keywords(start, "order", "by") {
        return Some(instead(context.span(start, behind), "order by", "sort by"));
    }
    let behind = keyword(start, "having")?;
    Some(instead(context.span(start, behind), "having", "where"))
}
