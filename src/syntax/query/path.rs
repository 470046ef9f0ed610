//! Paths and operands: what stands left and right of a comparison, in columns and keys.

use super::ast::{Aggregate, Head, Operand, Path, Phrase, Step, Way};
use super::condition::condition;
use super::context::{Context, Parsed, missing, missing_here, stop};
use super::lexer::{
    any_token, bare_word, blank, expect, is_stop, keyword, literal, name, peek_name, sign, string,
};
use super::{query, terminals};

/// Reads what stands left of a comparison, in a column or as a key.
///
/// EBNF: `term = operand, [ "-", operand ] ;`
pub fn term<'a>(context: &Context<'a>, input: &'a str) -> Parsed<'a, Operand> {
    let (rest, left) = operand(context, input)?;
    difference(context, rest, left)
}

/// EBNF: `operand = aggregate | path | string | literal ;`
fn operand<'a>(context: &Context<'a>, input: &'a str) -> Parsed<'a, Operand> {
    let start = blank(input);
    if start.starts_with(['"', '\'']) {
        let (rest, word) = string(context, start)?;
        return Ok((rest, Operand::Quoted(word)));
    }
    if let Some(rest) = literal(context, start) {
        let span = context.span(start, rest);
        let text = context.slice(span).to_owned();
        return Ok((rest, Operand::Phrase(Phrase { text, span, longer: None })));
    }
    if begins_aggregate(start) {
        return aggregate(context, start);
    }
    let (rest, path) = path(context, start)?;
    Ok((rest, Operand::Path(path)))
}

/// Goes on with `- B` behind an operand; a `-` inside a name has no blank behind it.
fn difference<'a>(context: &Context<'a>, input: &'a str, left: Operand) -> Parsed<'a, Operand> {
    let start = blank(input);
    let Some(behind) =
        start.strip_prefix('-').filter(|behind| behind.starts_with(char::is_whitespace))
    else {
        return Ok((input, left));
    };
    let (rest, right) = operand(context, behind)?;
    Ok((rest, Operand::Difference(Box::new(left), Box::new(right))))
}

fn begins_aggregate(start: &str) -> bool {
    let word = peek_name(start);
    terminals::named(terminals::FOLDS, word).is_some()
        && start.get(word.len()..).is_some_and(|rest| rest.starts_with('('))
}

/// EBNF: `aggregate = ( "count" | "min" | "max" | "sum" | "avg" ), "(", [ path ], ")" ;`
fn aggregate<'a>(context: &Context<'a>, start: &'a str) -> Parsed<'a, Operand> {
    let (rest, word) = name(context, start, "`count`")?;
    let Some(fold) = terminals::named(terminals::FOLDS, &word.text) else {
        return missing(context, start, "`count`, `min`, `max`, `sum` or `avg`");
    };
    let (rest, ()) = expect(context, rest, "(")?;
    let (rest, over) = match sign(rest, ")") {
        Some(_) => (rest, None),
        None => path(context, rest).map(|(rest, over)| (rest, Some(over)))?,
    };
    let (rest, ()) = expect(context, rest, ")")?;
    Ok((rest, Operand::Aggregate(Aggregate { fold, path: over, span: context.span(start, rest) })))
}

/// Reads a path.
///
/// EBNF: `path = head, { ".", step } ;`
pub fn path<'a>(context: &Context<'a>, input: &'a str) -> Parsed<'a, Path> {
    let start = blank(input);
    let (mut rest, head, mut steps) = head(context, start)?;
    while let Some(behind) = rest.strip_prefix('.').filter(|behind| !behind.starts_with('.')) {
        let (after, next) = step(context, behind)?;
        steps.push(next);
        rest = after;
    }
    Ok((rest, Path { head, steps, span: context.span(start, rest) }))
}

/// EBNF: `head = "this" | "(", query, ")" | step ;`
fn head<'a>(
    context: &Context<'a>,
    start: &'a str,
) -> Result<(&'a str, Head, Vec<Step>), nom::Err<super::context::Fault>> {
    if let Some(rest) = keyword(start, "this") {
        return Ok((rest, Head::This(context.span(start, rest)), Vec::new()));
    }
    let behind = context.behind_bracket(start).filter(|_| start.starts_with('('));
    if behind.is_some_and(|behind| !behind.starts_with('+')) {
        let (rest, ()) = expect(context, start, "(")?;
        let (rest, inner) = query::query(context, rest)?;
        let (rest, ()) = expect(context, rest, ")")?;
        return Ok((rest, Head::Query(Box::new(inner)), Vec::new()));
    }
    let (rest, first) = step(context, start)?;
    Ok((rest, Head::Row, vec![first]))
}

/// EBNF: `step = ( name | "(", path, ")" ), [ "+" ], { "[", condition, "]" } ;`
fn step<'a>(context: &Context<'a>, start: &'a str) -> Parsed<'a, Step> {
    let (mut rest, way) = if let Some(inner) = start.strip_prefix('(') {
        let (rest, inner) = path(context, inner)?;
        let (rest, ()) = expect(context, rest, ")")?;
        (rest, Way::Group(Box::new(inner)))
    } else {
        let word = peek_name(start);
        if terminals::STRUCTURE.iter().any(|keyword| keyword.eq_ignore_ascii_case(word)) {
            return missing(context, start, "a field");
        }
        name(context, start, "a field").map(|(rest, word)| (rest, Way::Name(word)))?
    };
    let mut closure = None;
    if let Some(behind) = rest.strip_prefix('+') {
        closure = Some(context.span(rest, behind));
        rest = behind;
    }
    let mut filters = Vec::new();
    while rest.starts_with('[') {
        let (behind, ()) = expect(context, rest, "[")?;
        let (behind, filter) = condition(context, behind)?;
        let (behind, ()) = expect(context, behind, "]")?;
        filters.push(filter);
        rest = behind;
    }
    Ok((rest, Step { way, closure, filters }))
}

/// What else ends a value of bare words, besides the usual.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Nothing else.
    Stop,
    /// `to`, behind `from`.
    To,
}

/// Reads what stands right of an operator.
///
/// EBNF: `value = ( string | aggregate | path | phrase ), [ "-", operand ] ;`
pub fn value<'a>(context: &Context<'a>, input: &'a str, until: Until) -> Parsed<'a, Operand> {
    let start = blank(input);
    if start.is_empty() {
        return missing(context, input, "a value");
    }
    if let Some(inner) =
        context.behind_bracket(start).filter(|_| start.starts_with('(')).and(start.get(1..))
    {
        return bracketed(context, start, inner, until);
    }
    let (rest, left) = if start.starts_with(['"', '\'']) || begins_aggregate(start) {
        operand(context, start)?
    } else if begins_path(start) {
        path(context, start).map(|(rest, path)| (rest, Operand::Path(path)))?
    } else {
        phrase(context, start, until).map(|(rest, phrase)| (rest, Operand::Phrase(phrase)))?
    };
    difference(context, rest, left)
}

/// A query in parentheses, or one value that somebody put into parentheses.
fn bracketed<'a>(
    context: &Context<'a>,
    start: &'a str,
    inner: &'a str,
    until: Until,
) -> Parsed<'a, Operand> {
    let holds_one_value = || {
        let (rest, value) = value(context, inner, until).ok()?;
        sign(rest, ")")
            .filter(|behind| !behind.starts_with(['.', '+', '[']))
            .map(|rest| (rest, value))
    };
    let first = peek_name(inner);
    let behind_first = blank(inner).get(first.len()..).map(blank).unwrap_or("");
    let is_value = first.is_empty() || (behind_first.starts_with(')') && !begins_path(start));
    if is_value && let Some((rest, value)) = holds_one_value() {
        return Ok((rest, value));
    }
    let (rest, path) = path(context, start)?;
    difference(context, rest, Operand::Path(path))
}

/// Tells whether a path stands here and not a bare word: `.`, `[` or `+` comes directly behind a name.
fn begins_path(start: &str) -> bool {
    let word = peek_name(start);
    let behind = start.get(word.len()..).unwrap_or("");
    let step_follows = behind.strip_prefix('.').is_some_and(|next| {
        next.starts_with(|letter: char| letter.is_alphabetic() || letter == '(')
    });
    !word.is_empty()
        && (step_follows || behind.starts_with(['[', '+']) || word.eq_ignore_ascii_case("this"))
}

/// Reads bare words; the first always belongs to them, whatever it is.
///
/// EBNF: `phrase = bare-word, { bare-word - stop } ;`
fn phrase<'a>(context: &Context<'a>, start: &'a str, until: Until) -> Parsed<'a, Phrase> {
    let Some(mut rest) = bare_word(context, start) else {
        let token = any_token(start);
        if token == "-" || token == ")" || token == "]" || token == "," {
            return missing(context, start, "a value");
        }
        return stop(
            missing_here(context, start, "a value")
                .help("put a value with such signs in it between quotation marks"),
        );
    };
    let mut words = vec![start.get(..start.len() - rest.len()).unwrap_or("")];
    let mut stopped_by_word = false;
    loop {
        let next = blank(rest);
        let stops = is_stop(next) || (until == Until::To && keyword(next, "to").is_some());
        if stops {
            stopped_by_word = true;
            break;
        }
        if next.starts_with("..") {
            break;
        }
        let Some(after) = bare_word(context, next) else { break };
        words.push(next.get(..next.len() - after.len()).unwrap_or(""));
        rest = after;
    }
    let span = context.span(start, rest);
    let longer = if stopped_by_word {
        Some(context.span(start, without_stops(context, rest)))
    } else {
        None
    };
    Ok((
        rest,
        Phrase { text: words.join(" "), span, longer: longer.filter(|longer| *longer != span) },
    ))
}

/// Goes on over bare words and keywords alike, up to a sign.
fn without_stops<'a>(context: &Context<'a>, mut rest: &'a str) -> &'a str {
    while let Some(after) = bare_word(context, blank(rest)) {
        rest = after;
    }
    rest
}
