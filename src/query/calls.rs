//! Which rules a formula asks, also those within the conditions on one variable: in brackets, and in questions there.

use super::among::Member;
use super::computed::{ComputedAgainst, ComputedTest};
use super::expression::{
    Comparison, Condition, Path, Query, Rows, Step, Test, TimeAgainst, TimeTest, Way,
};
use super::formula::{Call, Formula, Scope, Sign};
use super::operators::Quantifier;
use super::statement_rows::{StatementCondition, ToldAgainst, ToldSide};
use super::terms::{Folded, Rooted, Term, Values};

/// Takes a call, and whether it stands under a negation.
type See<'s, 'f> = &'s mut dyn FnMut(&'f Call, Sign);

/// Hands every call in a formula to `see`.
pub fn calls_within<'f>(formula: &'f Formula, sign: Sign, see: See<'_, 'f>) {
    match formula {
        Formula::And(parts) | Formula::Or(parts) => {
            parts.iter().for_each(|part| calls_within(part, sign, see));
        }
        Formula::Not(inner) => calls_within(inner, Sign::Negative, see),
        Formula::Certainly(inner) | Formula::Possibly(inner) => calls_within(inner, sign, see),
        Formula::One { condition, .. } => of_condition(condition, sign, see),
        Formula::Two(link) => {
            let sign = sign_of(link.quantifier, sign);
            of_path(&link.left_path, sign, see);
            of_path(&link.right_path, sign, see);
        }
        Formula::Computed(test) => of_computed(test, see),
        Formula::Call(call) => see(call, sign),
        Formula::Exists(scope) => of_scope(scope, sign, see),
    }
}

/// Hands the calls to `see` that stand in conditions on one variable or in brackets, where no search puts them off.
pub fn hidden_calls<'f>(formula: &'f Formula, see: See<'_, 'f>) {
    match formula {
        Formula::And(parts) | Formula::Or(parts) => {
            parts.iter().for_each(|part| hidden_calls(part, see));
        }
        Formula::Not(inner) | Formula::Certainly(inner) | Formula::Possibly(inner) => {
            hidden_calls(inner, see);
        }
        Formula::One { .. } | Formula::Two(_) | Formula::Computed(_) => {
            calls_within(formula, Sign::Positive, see);
        }
        Formula::Call(_) => {}
        Formula::Exists(scope) => {
            scope.conjuncts.iter().for_each(|each| hidden_calls(&each.formula, see));
        }
    }
}

fn of_scope<'f>(scope: &'f Scope, sign: Sign, see: See<'_, 'f>) {
    scope.conjuncts.iter().for_each(|each| calls_within(&each.formula, sign, see));
}

/// What must hold of every value, or of none, is overthrown by one more value.
fn sign_of(quantifier: Quantifier, sign: Sign) -> Sign {
    if quantifier == Quantifier::Some { sign } else { Sign::Negative }
}

fn of_condition<'f>(condition: &'f Condition, sign: Sign, see: See<'_, 'f>) {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => {
            parts.iter().for_each(|part| of_condition(part, sign, see));
        }
        Condition::Not(inner) => of_condition(inner, Sign::Negative, see),
        Condition::Certainly(inner) | Condition::Possibly(inner) => of_condition(inner, sign, see),
        Condition::Has(path) => of_path(path, sign, see),
        Condition::Lacks(path) => of_path(path, Sign::Negative, see),
        Condition::Compare(Comparison { quantifier, path, test }) => {
            let sign = sign_of(*quantifier, sign);
            of_path(path, sign, see);
            of_test(test, sign, see);
        }
        Condition::Computed(test) => of_computed(test, see),
        Condition::Joined(scope) => of_scope(scope, sign, see),
        Condition::Always | Condition::Never => {}
    }
}

fn of_test<'f>(test: &'f Test, sign: Sign, see: See<'_, 'f>) {
    match test {
        Test::Records(rows) => of_rows(rows, sign, see),
        Test::Path { right, .. } => of_path(right, sign, see),
        Test::Time(time) => of_times(time, sign, see),
        Test::Among(members) => of_members(members, see),
        _ => {}
    }
}

fn of_members<'f>(members: &'f [Member], see: See<'_, 'f>) {
    members.iter().flat_map(Member::terms).for_each(|term| of_term(term, see));
}

fn of_times<'f>(time: &'f TimeTest, sign: Sign, see: See<'_, 'f>) {
    if let TimeAgainst::Values { rows, path } = &time.against {
        of_rows(rows, sign, see);
        of_path(path, sign, see);
    }
}

/// What is computed may grow or shrink with one more value.
fn of_computed<'f, P: Rooted>(test: &'f ComputedTest<P>, see: See<'_, 'f>) {
    if let ComputedAgainst::Time(time) = &test.against {
        of_times(time, Sign::Whole, see);
    }
    test.terms().for_each(|term| of_term(term, see));
}

fn of_term<'f, P: Rooted>(term: &'f Term<P>, see: See<'_, 'f>) {
    match term {
        Term::Values(values) | Term::Fold(Folded { over: values, .. }) => {
            if let Values::Elsewhere { rows, .. } = values {
                of_rows(rows, Sign::Whole, see);
            }
            of_path(values.path(), Sign::Whole, see);
        }
        Term::Difference { left, right, .. } => {
            of_term(left, see);
            of_term(right, see);
        }
    }
}

fn of_rows<'f>(rows: &'f Rows, sign: Sign, see: See<'_, 'f>) {
    match rows {
        Rows::Query(query) => of_query(query, sign, see),
        Rows::Along { rows, path } => {
            of_rows(rows, sign, see);
            of_path(path, sign, see);
        }
        Rows::Bindings(bindings) => {
            bindings.ways.iter().for_each(|way| of_scope(way, sign, see));
        }
        Rows::Statements(rows) => of_told(&rows.condition, see),
        Rows::Relations(_) | Rows::Records(_) => {}
    }
}

/// What is asked of a statement is asked by the way, outside a fixpoint.
fn of_told<'f>(condition: &'f StatementCondition, see: See<'_, 'f>) {
    match condition {
        StatementCondition::And(parts) | StatementCondition::Or(parts) => {
            parts.iter().for_each(|part| of_told(part, see));
        }
        StatementCondition::Not(inner)
        | StatementCondition::Certainly(inner)
        | StatementCondition::Possibly(inner) => of_told(inner, see),
        StatementCondition::Of { condition, .. }
        | StatementCondition::Value { condition, .. }
        | StatementCondition::Source(condition) => {
            of_condition(condition, Sign::Negative, see);
        }
        StatementCondition::ValueIn(rows) => of_rows(rows, Sign::Negative, see),
        StatementCondition::Compare(comparison) => {
            let sides = match &comparison.against {
                ToldAgainst::OneOf { sides, .. } => sides.iter().collect(),
                ToldAgainst::Between { from, to, .. } => vec![from.as_ref(), to.as_ref()],
            };
            for side in sides {
                if let ToldSide::Found(term) = side {
                    of_term(term, see);
                }
            }
        }
        StatementCondition::Always
        | StatementCondition::Has(_)
        | StatementCondition::HasValues(_)
        | StatementCondition::Status(_)
        | StatementCondition::Period(_)
        | StatementCondition::Words(..) => {}
    }
}

/// A limit takes other rows where there are more, and other claims are judged apart: both stand outside a fixpoint.
fn of_query<'f>(query: &'f Query, sign: Sign, see: See<'_, 'f>) {
    let is_apart = query.limit.is_some() || !query.claims.is_plain();
    let sign = if is_apart { Sign::Whole } else { sign };
    of_rows(&query.rows, sign, see);
    of_condition(&query.condition, sign, see);
}

fn of_path<'f>(path: &'f Path, sign: Sign, see: See<'_, 'f>) {
    of_steps(&path.steps, sign, see);
}

fn of_steps<'f>(steps: &'f [Step], sign: Sign, see: See<'_, 'f>) {
    for step in steps {
        of_condition(&step.filter, sign, see);
        if let Way::Group(inner) = &step.way {
            of_steps(inner, sign, see);
        }
    }
}
