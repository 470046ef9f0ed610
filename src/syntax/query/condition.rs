//! Conditions: `and`, `or`, `not`, comparisons and what else may hold of a row.

use super::ast::{Comparator, Condition, Operand, Path, Predicate, Prefix, Quantifier};
use super::context::{Context, Parsed, missing, missing_here, stop};
use super::foreign;
use super::lexer::{blank, expect, keyword, keywords, name, peek_name, sign};
use super::path::{Until, path, term, value};
use super::terminals;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Span;

/// How many prefixes may stand one before the other.
const MOST_PREFIXES: usize = 50;

/// Which word joins conditions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    And,
    Or,
}

/// Reads conditions joined by `and` or by `or`; both side by side are an error that shows both readings.
///
/// EBNF: `condition = unary, { "and", unary } | unary, { "or", unary } ;`
pub fn condition<'a>(context: &Context<'a>, input: &'a str) -> Parsed<'a, Condition> {
    let (mut rest, first) = placed(context, input)?;
    let mut parts = vec![first];
    let mut joints: Vec<(Joint, Span)> = Vec::new();
    while let Some((behind, joint, at)) = joint(context, rest) {
        let (after, next) = placed(context, behind)?;
        joints.push((joint, at));
        parts.push(next);
        rest = after;
    }
    let Some((first_joint, first_at)) = joints.first().copied() else {
        return match parts.pop() {
            Some((only, _)) => Ok((rest, only)),
            None => missing(context, rest, "a condition"),
        };
    };
    if let Some((_, other_at)) = joints.iter().find(|(joint, _)| *joint != first_joint) {
        context.say(mixed(context, &parts, &joints, first_at, *other_at));
    }
    let conditions = parts.into_iter().map(|(part, _)| part).collect();
    let joined = match first_joint {
        Joint::And => Condition::And(conditions),
        Joint::Or => Condition::Or(conditions),
    };
    Ok((rest, joined))
}

/// A condition with its place, parentheses included.
fn placed<'a>(context: &Context<'a>, input: &'a str) -> Parsed<'a, (Condition, Span)> {
    let start = blank(input);
    let (rest, part) = unary(context, start)?;
    Ok((rest, (part, context.span(start, rest))))
}

fn joint<'a>(context: &Context<'a>, rest: &'a str) -> Option<(&'a str, Joint, Span)> {
    let start = blank(rest);
    let words = [("and", Joint::And), ("or", Joint::Or)];
    for (word, joint) in words {
        if let Some(behind) = keyword(start, word) {
            return Some((behind, joint, context.span(start, behind)));
        }
    }
    for (written, word, joint) in [("&&", "and", Joint::And), ("||", "or", Joint::Or)] {
        if let Some(behind) = sign(start, written) {
            let at = context.span(start, behind);
            context.say(foreign::instead(at, written, word));
            return Some((behind, joint, at));
        }
    }
    None
}

/// Builds the finding for `a and b or c`, with both readings.
fn mixed(
    context: &Context,
    parts: &[(Condition, Span)],
    joints: &[(Joint, Span)],
    first: Span,
    other: Span,
) -> Diagnostic {
    let reading = |inner: Joint| {
        let mut text = String::new();
        let mut group: Vec<&str> = Vec::new();
        for (number, (_, span)) in parts.iter().enumerate() {
            group.push(context.slice(*span));
            let joint = joints.get(number).map(|(joint, _)| *joint);
            if joint == Some(inner) {
                continue;
            }
            let (inside, outside) =
                if inner == Joint::And { (" and ", " or ") } else { (" or ", " and ") };
            let joined = group.join(inside);
            text.push_str(&if group.len() > 1 { format!("({joined})") } else { joined });
            if joint.is_some() {
                text.push_str(outside);
            }
            group.clear();
        }
        text
    };
    Diagnostic::new(
        code::MIXED_AND_OR,
        "`and` and `or` stand side by side without parentheses",
        other,
        format!("`{}` here", context.slice(other).to_lowercase()),
    )
    .and_at(first, format!("and `{}` here", context.slice(first).to_lowercase()))
    .help(format!("write `{}`", reading(Joint::And)))
    .help(format!("or write `{}`", reading(Joint::Or)))
    .note("the two readings give different answers, so neither is taken by itself")
}

/// EBNF: `unary = { prefix }, ( "(", condition, ")" | test ) ;`
fn unary<'a>(context: &Context<'a>, input: &'a str) -> Parsed<'a, Condition> {
    let start = blank(input);
    let mut prefixes = Vec::new();
    let mut rest = start;
    while let Some((behind, found)) = prefix(rest) {
        prefixes.push((found, blank(rest)));
        rest = behind;
        if prefixes.len() > MOST_PREFIXES {
            let at = context.here(rest);
            return stop(Diagnostic::new(
                code::TOO_DEEP,
                format!("more than {MOST_PREFIXES} times `not` stand one before the other"),
                at,
                "one too many",
            ));
        }
    }
    let inner = blank(rest);
    let (rest, mut made) = if is_parenthesised(context, inner) {
        let (rest, ()) = expect(context, inner, "(")?;
        let (rest, within) = condition(context, rest)?;
        let (rest, ()) = expect(context, rest, ")")?;
        (rest, within)
    } else {
        test(context, inner)?
    };
    for (prefix, from) in prefixes.into_iter().rev() {
        let span = context.span(from, rest);
        made = Condition::Prefixed { prefix, inner: Box::new(made), span };
    }
    Ok((rest, made))
}

/// EBNF: `prefix = "not" | "certainly" | "possibly" ;`
fn prefix(input: &str) -> Option<(&str, Prefix)> {
    let words =
        [("not", Prefix::Not), ("certainly", Prefix::Certainly), ("possibly", Prefix::Possibly)];
    words.into_iter().find_map(|(word, prefix)| Some((keyword(input, word)?, prefix)))
}

/// Tells whether `(` opens a condition: behind its end neither a step nor an operator follows.
fn is_parenthesised(context: &Context, start: &str) -> bool {
    if !start.starts_with('(') {
        return false;
    }
    let Some(behind) = context.behind_bracket(start) else { return true };
    !behind.starts_with(['.', '+', '[']) && !begins_predicate(behind)
}

fn begins_predicate(rest: &str) -> bool {
    let start = blank(rest);
    let word = peek_name(start);
    terminals::leading(terminals::SIGNS, start).is_some()
        || terminals::named(terminals::COMPARING_WORDS, word).is_some()
        || ["in", "is", "from"].iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// EBNF: `test = existence | mention | call | comparison ;`
fn test<'a>(context: &Context<'a>, start: &'a str) -> Parsed<'a, Condition> {
    if start.is_empty() || start.starts_with([')', ']']) {
        return missing(context, start, "a condition");
    }
    if let Some(rest) = keyword(start, "has") {
        return existence(context, start, rest, false);
    }
    if let Some(rest) = keyword(start, "mentions") {
        return mention(context, start, rest);
    }
    for (word, quantifier) in
        [("some", Quantifier::Some), ("every", Quantifier::Every), ("no", Quantifier::No)]
    {
        let Some(rest) = keyword(start, word) else { continue };
        let (behind, left) = term(context, rest)?;
        return match left {
            Operand::Path(path) if quantifier == Quantifier::No && !begins_predicate(behind) => {
                let span = context.span(start, behind);
                Ok((behind, Condition::Exists { negated: true, path, span }))
            }
            left => comparison(context, start, behind, quantifier, left),
        };
    }
    let word = peek_name(start);
    let is_call = start.get(word.len()..).is_some_and(|rest| rest.starts_with('('));
    if !word.is_empty() && is_call && terminals::named(terminals::FOLDS, word).is_none() {
        return call(context, start);
    }
    let (rest, left) = term(context, start)?;
    comparison(context, start, rest, Quantifier::Some, left)
}

/// EBNF: `existence = ( "has" | "no" ), path ;`
fn existence<'a>(
    context: &Context<'a>,
    start: &'a str,
    rest: &'a str,
    negated: bool,
) -> Parsed<'a, Condition> {
    let (rest, path) = path(context, rest)?;
    Ok((rest, Condition::Exists { negated, path, span: context.span(start, rest) }))
}

/// EBNF: `mention = "mentions", value ;`
fn mention<'a>(context: &Context<'a>, start: &'a str, rest: &'a str) -> Parsed<'a, Condition> {
    let (rest, value) = value(context, rest, Until::Stop)?;
    Ok((rest, Condition::Mentions { value, span: context.span(start, rest) }))
}

/// EBNF: `call = name, "(", values, ")" ;`
fn call<'a>(context: &Context<'a>, start: &'a str) -> Parsed<'a, Condition> {
    let (rest, rule) = name(context, start, "a rule")?;
    let (rest, ()) = expect(context, rest, "(")?;
    let (rest, arguments) = values(context, rest)?;
    let (rest, ()) = expect(context, rest, ")")?;
    Ok((rest, Condition::Call { rule, arguments, span: context.span(start, rest) }))
}

/// EBNF: `values = value, { ",", value } ;`
fn values<'a>(context: &Context<'a>, input: &'a str) -> Parsed<'a, Vec<Operand>> {
    let (mut rest, first) = value(context, input, Until::Stop)?;
    let mut all = vec![first];
    while let Some(behind) = sign(rest, ",") {
        let (after, next) = value(context, behind, Until::Stop)?;
        all.push(next);
        rest = after;
    }
    Ok((rest, all))
}

/// Reads what is asked of `left`, which was read from `start`.
///
/// EBNF: `comparison = [ "some" | "every" | "no" ], term, predicate ;`
fn comparison<'a>(
    context: &Context<'a>,
    start: &'a str,
    rest: &'a str,
    quantifier: Quantifier,
    left: Operand,
) -> Parsed<'a, Condition> {
    if let Operand::Path(path) = &left
        && quantifier == Quantifier::Some
        && !begins_predicate(rest)
        && ends_in_filter(path)
    {
        let Operand::Path(path) = left else { return missing(context, rest, "a comparison") };
        let span = context.span(start, rest);
        return Ok((rest, Condition::Exists { negated: false, path, span }));
    }
    let (rest, predicate) = predicate(context, rest, &left)?;
    let span = context.span(start, rest);
    Ok((rest, Condition::Compare { quantifier, left, predicate, span }))
}

fn ends_in_filter(path: &Path) -> bool {
    path.steps.last().is_some_and(|step| !step.filters.is_empty())
}

/// EBNF: `predicate = operator, value | [ "not" ], "in", range | "from", value, "to", value | "is", [ "not" ], name ;`
fn predicate<'a>(context: &Context<'a>, input: &'a str, left: &Operand) -> Parsed<'a, Predicate> {
    let start = blank(input);
    let negated = keywords(start, "not", "in").is_some();
    let from_in = if negated { keyword(start, "not").unwrap_or(start) } else { start };
    if let Some(rest) = keyword(from_in, "in") {
        return range(context, rest, negated);
    }
    if let Some(rest) = keyword(start, "from") {
        let (rest, from) = value(context, rest, Until::To)?;
        let Some(rest) = keyword(rest, "to") else {
            return missing(context, rest, "`to` and the last day");
        };
        let (rest, to) = value(context, rest, Until::Stop)?;
        return Ok((rest, Predicate::Between { from, to, negated: false }));
    }
    if let Some(rest) = keyword(start, "is") {
        let negated = keyword(rest, "not");
        let (rest, kind) =
            name(context, negated.unwrap_or(rest), "`unknown`, `none` or a relation")?;
        return Ok((rest, Predicate::Is { kind, negated: negated.is_some() }));
    }
    let (rest, comparator) = operator(context, start, left)?;
    let at = context.span(start, rest);
    let (rest, right) = value(context, rest, Until::Stop)?;
    if let Operand::Phrase(phrase) = &right {
        foreign::missing_and(context, rest, phrase)?;
    }
    Ok((rest, Predicate::Against { comparator, at, right }))
}

/// EBNF: `operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | comparing-word ;`
fn operator<'a>(context: &Context<'a>, start: &'a str, left: &Operand) -> Parsed<'a, Comparator> {
    if let Some(found) = foreign::operator(context, start) {
        return found;
    }
    if let Some((length, comparator)) = terminals::leading(terminals::SIGNS, start) {
        return Ok((start.get(length..).unwrap_or(""), comparator));
    }
    let word = peek_name(start);
    if let Some(comparator) = terminals::named(terminals::COMPARING_WORDS, word) {
        return Ok((start.get(word.len()..).unwrap_or(""), comparator));
    }
    stop(foreign::no_operator(context, start, left))
}

/// EBNF: `range = "(", ( query | values ), ")" | value, [ "..", value ] ;`
fn range<'a>(context: &Context<'a>, input: &'a str, negated: bool) -> Parsed<'a, Predicate> {
    let start = blank(input);
    let behind = context.behind_bracket(start).filter(|_| start.starts_with('('));
    let is_list =
        behind.is_some_and(|behind| !behind.starts_with(['.', '+'])) && !holds_query(start);
    if is_list {
        let (rest, ()) = expect(context, start, "(")?;
        let (rest, members) = values(context, rest)?;
        let (rest, ()) = expect(context, rest, ")")?;
        return Ok((rest, Predicate::Among { members, negated }));
    }
    let (rest, from) = value(context, start, Until::Stop)?;
    match sign(rest, "..") {
        Some(rest) => {
            let (rest, to) = value(context, rest, Until::Stop)?;
            Ok((rest, Predicate::Between { from, to, negated }))
        }
        None if matches!(from, Operand::Path(_)) => {
            Ok((rest, Predicate::Among { members: vec![from], negated }))
        }
        None => {
            let to = from.clone();
            Ok((rest, Predicate::Between { from, to, negated }))
        }
    }
}

/// Tells whether `(` opens a query: its first word is followed by one that only a query has.
fn holds_query(start: &str) -> bool {
    let inner = start.get(1..).unwrap_or("");
    let first = peek_name(inner);
    let behind = blank(inner).get(first.len()..).unwrap_or("");
    let next = peek_name(behind);
    let words = ["where", "sort", "limit", "show", "count", "group", "according", "as", "all"];
    blank(inner).starts_with('(')
        || first.eq_ignore_ascii_case("find")
        || (!first.is_empty() && words.iter().any(|word| word.eq_ignore_ascii_case(next)))
}

/// Builds the finding that something stands where a query should end.
pub fn left_over<'a>(context: &Context<'a>, rest: &'a str) -> Diagnostic {
    let start = blank(rest);
    if sign(start, "..").is_some() {
        return missing_here(context, rest, "`in`")
            .help("a range follows `in`: `year in 1919..1930`");
    }
    let word = peek_name(start);
    let after = start.get(word.len()..).unwrap_or("");
    let at = context.here(rest);
    let found = context.slice(at);
    let diagnostic = Diagnostic::new(
        code::QUERY_SYNTAX,
        format!("`{found}` stands where the query should end"),
        at,
        "not expected here",
    );
    if !word.is_empty() && begins_predicate(after) {
        return diagnostic.help(format!("join two conditions by `and` or `or`: `and {word} …`"));
    }
    if ["and", "or"].iter().any(|joint| joint.eq_ignore_ascii_case(word)) {
        return diagnostic
            .help("conditions come before `sort by`, `limit`, `show` and the other clauses");
    }
    diagnostic.help(
        "behind the conditions come `sort by`, `limit`, `show`, `count`, `group by`, `as of`, `according to` or `all claims`",
    )
}
