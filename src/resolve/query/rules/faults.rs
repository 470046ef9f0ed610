//! What is wrong with a rule, or with a call of one.

use super::{MOST_NESTED, Signature};
use crate::diagnostic::{Diagnostic, code, counted, meant, one_of};
use crate::query::formula::Sign;
use crate::resolve::query::{Resolver, Settled};
use crate::source::Span;
use crate::suggest;
use crate::syntax::definition::Parameter;
use crate::syntax::query::ast;

/// The rules of a cycle, and how each calls the next.
pub(super) type Cycle = Vec<(String, Sign)>;

impl Resolver<'_> {
    pub(super) fn unused_parameter<T>(&self, rule: &str, parameter: &Parameter) -> Settled<T> {
        let name = &parameter.name.text;
        self.say(
            Diagnostic::new(
                code::UNUSED_PARAMETER,
                format!("no way to derive `{rule}` speaks of `{name}`"),
                parameter.name.span,
                "never used",
            )
            .help(format!("say in an `if` what must hold of `{name}`, or leave it out"))
            .note("as it is, the rule would hold for every record there"),
        )
    }

    pub(super) fn repeated_parameter<T>(
        &self,
        rule: &str,
        parameter: &Parameter,
        before: &Parameter,
    ) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::REPEATED_CLAUSE,
                format!("`{rule}` names `{}` twice", parameter.name.text),
                parameter.name.span,
                "the second one",
            )
            .and_at(before.name.span, "the first one")
            .help("name each parameter once"),
        )
    }

    pub(super) fn faulty<T>(&self, word: &ast::Word, what: &str) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::FAULTY_DEFINITION,
                format!("the {what} `{}` has faults of its own", word.text),
                word.span,
                "cannot be used as it is",
            )
            .help("`regesta check` tells what is wrong with it"),
        )
    }

    pub(super) fn too_deep<T>(&self, word: &ast::Word) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::TOO_DEEP,
                format!("`{}` is used more than {MOST_NESTED} definitions deep", word.text),
                word.span,
                "one too many",
            )
            .help("let definitions use one another less deeply"),
        )
    }

    /// Refuses a saved query whose rows are no records, for the reason that was found inside.
    pub(super) fn no_source<T>(&self, word: &ast::Word, reason: &Diagnostic) -> Settled<T> {
        let message = format!("`{}` is no source: {}", word.text, reason.message);
        let label = "records are expected here";
        let found = Diagnostic::new(code::WRONG_ROWS, message, word.span, label);
        self.say(reason.help.iter().fold(found, |found, help| found.help(help.as_str())))
    }

    /// Refuses a saved query whose rows cannot be asked more, since it has a clause of its own.
    pub(super) fn saved_with_clause<T>(&self, word: &ast::Word, clause: &str) -> Settled<T> {
        let message = format!("`{}` has a clause of its own: `{clause}`", word.text);
        let label = "its rows are no records, and cannot be asked more";
        let found = Diagnostic::new(code::WRONG_ROWS, message, word.span, label);
        self.say(found.help(format!("save it without `{clause}`, and write that where it is used")))
    }

    pub(in crate::resolve::query) fn unknown_rule<T>(&self, word: &ast::Word) -> Settled<T> {
        let all = self.index.definitions().iter();
        let known: Vec<&str> =
            all.filter(|each| each.kind == "rule").map(|each| each.name.as_str()).collect();
        let near = suggest::nearest(&word.text, known.iter().copied());
        let diagnostic = Diagnostic::new(
            code::UNKNOWN_RULE,
            format!("there is no rule `{}`", word.text),
            word.span,
            "not defined",
        );
        self.say(match (near.is_empty(), known.is_empty()) {
            (false, _) => diagnostic.help(meant(&near)),
            (true, false) => diagnostic.help(format!("the rules are {}", one_of(&known))),
            (true, true) => diagnostic.help(format!(
                "define it: `rule {}(a: relation)`, and an `if` in the line below",
                word.text
            )),
        })
    }

    /// Refuses a rule with several parameters where single records are meant.
    pub(in crate::resolve::query) fn rows_of_several<T>(
        &self,
        word: &ast::Word,
        names: &[String],
    ) -> Settled<T> {
        let rule = &word.text;
        let others = ", …".repeat(names.len().saturating_sub(1));
        let parameters: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let first = names.first().map_or("a", String::as_str);
        let all = names.join(", ");
        self.say(
            Diagnostic::new(
                code::WRONG_ARGUMENTS,
                format!("each row of `{rule}` is {} records", names.len()),
                word.span,
                "single records belong here",
            )
            .help(format!(
                "ask it as a condition, with `this` for the record that is meant: `{rule}(this{others})`"
            ))
            .help(format!("for all records at its first place, write `(find {first} where {rule}({all}))`"))
            .note(format!("its parameters are {}", parameters.join(", "))),
        )
    }

    /// Refuses a variable where only the records of one question are known.
    pub(in crate::resolve::query) fn variable_inside<T>(&self, name: &str, at: Span) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::UNBOUND_VARIABLE,
                format!("`{name}` is a variable, which is not known here"),
                at,
                "inside brackets or a question in parentheses",
            )
            .help(format!("bind what is asked for here to a variable beside it: `x is treaty and x.party = {name}`"))
            .note("a question in parentheses finds the same for all rows, and brackets speak of one record alone"),
        )
    }

    pub(in crate::resolve::query) fn wrong_arity<T>(
        &self,
        word: &ast::Word,
        signature: &Signature,
        given: usize,
        span: Span,
    ) -> Settled<T> {
        self.say(
            Diagnostic::new(
                code::WRONG_ARGUMENTS,
                format!(
                    "`{}` takes {}, not {given}",
                    word.text,
                    counted(signature.parameters.len(), "argument")
                ),
                span,
                "another number of arguments than the rule has parameters",
            )
            .help(format!("write `{}({})`", word.text, signature.names.join(", "))),
        )
    }
}

/// Tells a cycle through a negation or a fold, rule by rule.
pub(super) fn through_negation(cycle: &Cycle, at: Span) -> Diagnostic {
    let mut shown = String::new();
    for (name, sign) in cycle {
        let arrow = match sign {
            Sign::Positive => " → ",
            Sign::Negative => " → not ",
            Sign::Whole => " → all of ",
        };
        shown.push_str(&format!("`{name}`{arrow}"));
    }
    let first = cycle.first().map_or("", |(name, _)| name.as_str());
    let is_negated = cycle.iter().any(|(_, sign)| *sign == Sign::Negative);
    let diagnostic = match is_negated {
        true => Diagnostic::new(
            code::NEGATION_CYCLE,
            format!("`{first}` depends on its own negation"),
            at,
            "holds only if it does not hold",
        )
        .help("break the cycle: let the negated condition rest on facts, or on a rule that does not lead back"),
        false => Diagnostic::new(
            code::NEGATION_CYCLE,
            format!("`{first}` depends on all that it derives itself"),
            at,
            "must be known before it is derived",
        )
        .help("break the cycle: fold or limit facts, or a rule that does not lead back"),
    };
    diagnostic.note(format!("the cycle is {shown}`{first}`"))
}

/// Tells that nothing can follow from a rule, since it leads back to itself whichever way it is derived.
pub(super) fn never_derived(cycle: &[String], at: Span) -> Diagnostic {
    let name = cycle.first().map_or("", String::as_str);
    let begins = Diagnostic::new(
        code::EMPTY_RULE,
        format!("`{name}` can never be derived"),
        at,
        "every way to derive it begins with itself",
    );
    let shown: String = cycle.iter().map(|each| format!("`{each}` → ")).collect();
    begins
        .note(format!("the cycle is {shown}`{name}`"))
        .help("add an `if` that does not lead back, where the derivation begins")
}
