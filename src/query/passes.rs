//! Rewrites of a question that keep its answer. Each pass is named and returns nothing where it changes nothing.

use super::expression::{Comparison, Condition, Path, Query, Rows, Step, Test, Way};
use super::operators::Quantifier;

/// A rewrite: the changed query, or nothing.
pub type Pass = fn(Query) -> Option<Query>;

/// All passes in the order in which they are applied.
pub const PASSES: &[(&str, Pass)] = &[
    ("flatten_junctions", flatten_junctions),
    ("push_negation", push_negation),
    ("drop_constants", drop_constants),
    ("cheapest_first", cheapest_first),
];

/// Applies all passes; returns the result and the names of those that changed something.
pub fn rewrite(query: &Query) -> (Query, Vec<&'static str>) {
    let mut rewritten = query.clone();
    let mut applied = Vec::new();
    for (name, pass) in PASSES {
        if let Some(changed) = pass(rewritten.clone()) {
            rewritten = changed;
            applied.push(*name);
        }
    }
    (rewritten, applied)
}

/// Makes `(a and b) and c` one junction, and a junction of one its only part.
fn flatten_junctions(query: Query) -> Option<Query> {
    map(query, &|condition| match condition {
        Condition::And(parts) => join(parts, true),
        Condition::Or(parts) => join(parts, false),
        other => other,
    })
}

fn join(parts: Vec<Condition>, is_and: bool) -> Condition {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Condition::And(inner) if is_and => flat.extend(inner),
            Condition::Or(inner) if !is_and => flat.extend(inner),
            other => flat.push(other),
        }
    }
    match flat.len() {
        1 => flat.pop().unwrap_or(Condition::Always),
        _ if is_and => Condition::And(flat),
        _ => Condition::Or(flat),
    }
}

/// Pushes `not` down to single comparisons, where negation is judged.
fn push_negation(query: Query) -> Option<Query> {
    map(query, &|condition| match condition {
        Condition::Not(inner) => negate(*inner),
        other => other,
    })
}

fn negate(condition: Condition) -> Condition {
    match condition {
        Condition::Always => Condition::Never,
        Condition::Never => Condition::Always,
        Condition::And(parts) => Condition::Or(parts.into_iter().map(negate).collect()),
        Condition::Or(parts) => Condition::And(parts.into_iter().map(negate).collect()),
        Condition::Not(inner) => *inner,
        // What is not certain is what may fail, and the other way round.
        Condition::Certainly(inner) => Condition::Not(Box::new(Condition::Certainly(inner))),
        Condition::Possibly(inner) => Condition::Not(Box::new(Condition::Possibly(inner))),
        Condition::Has(path) => Condition::Lacks(path),
        Condition::Lacks(path) => Condition::Has(path),
        single @ (Condition::Compare(_) | Condition::Computed(_) | Condition::Joined(_)) => {
            Condition::Not(Box::new(single))
        }
    }
}

/// Takes out parts that hold always or never.
fn drop_constants(query: Query) -> Option<Query> {
    map(query, &|condition| match condition {
        Condition::And(parts) if parts.contains(&Condition::Never) => Condition::Never,
        Condition::Or(parts) if parts.contains(&Condition::Always) => Condition::Always,
        Condition::And(mut parts) => {
            parts.retain(|part| *part != Condition::Always);
            if parts.is_empty() { Condition::Always } else { join(parts, true) }
        }
        Condition::Or(mut parts) => {
            parts.retain(|part| *part != Condition::Never);
            if parts.is_empty() { Condition::Never } else { join(parts, false) }
        }
        other => other,
    })
}

/// Puts what is judged by postings before what is judged row by row, which then sees fewer rows.
fn cheapest_first(query: Query) -> Option<Query> {
    map(query, &|condition| match condition {
        Condition::And(mut parts) => {
            parts.sort_by_key(cost);
            Condition::And(parts)
        }
        other => other,
    })
}

fn cost(condition: &Condition) -> u32 {
    match condition {
        Condition::Always | Condition::Never => 0,
        Condition::And(parts) | Condition::Or(parts) => parts.iter().map(cost).max().unwrap_or(0),
        Condition::Not(inner) | Condition::Certainly(inner) | Condition::Possibly(inner) => {
            cost(inner)
        }
        Condition::Has(path) | Condition::Lacks(path) => 2 + path.steps.len() as u32,
        Condition::Compare(Comparison { test: Test::Path { .. } | Test::Among(_), .. }) => 100,
        Condition::Computed(_) => 150,
        // A few rows are judged one by one, many together: the fewer are left, the better.
        Condition::Joined(_) => 200,
        Condition::Compare(comparison) => {
            let every = u32::from(comparison.quantifier != Quantifier::Some) * 5;
            // Of few rows only their own dates are judged, else all there are.
            let dates = u32::from(matches!(comparison.test, Test::Time(_))) * 3;
            1 + every + dates + comparison.path.steps.len() as u32
        }
    }
}

/// Applies `change` to every condition of the query, inner ones first; nothing where none changed.
fn map(query: Query, change: &dyn Fn(Condition) -> Condition) -> Option<Query> {
    let before = query.clone();
    let after = map_query(query, change);
    (after != before).then_some(after)
}

fn map_query(mut query: Query, change: &dyn Fn(Condition) -> Condition) -> Query {
    query.rows = map_rows(query.rows, change);
    query.condition = map_condition(query.condition, change);
    query
}

fn map_rows(rows: Rows, change: &dyn Fn(Condition) -> Condition) -> Rows {
    match rows {
        Rows::Query(inner) => Rows::Query(Box::new(map_query(*inner, change))),
        Rows::Along { rows, path } => Rows::Along {
            rows: Box::new(map_rows(*rows, change)),
            path: Box::new(map_path(*path, change)),
        },
        other => other,
    }
}

fn map_condition(condition: Condition, change: &dyn Fn(Condition) -> Condition) -> Condition {
    let map_boxed = |inner: Box<Condition>| Box::new(map_condition(*inner, change));
    let map_all =
        |parts: Vec<Condition>| parts.into_iter().map(|part| map_condition(part, change)).collect();
    let mapped = match condition {
        Condition::And(parts) => Condition::And(map_all(parts)),
        Condition::Or(parts) => Condition::Or(map_all(parts)),
        // The negation goes in before what is inside is looked at, so that nothing is pushed twice.
        Condition::Not(inner) => match change(Condition::Not(inner)) {
            Condition::Not(inner) => return Condition::Not(map_boxed(inner)),
            other => return map_condition(other, change),
        },
        Condition::Certainly(inner) => Condition::Certainly(map_boxed(inner)),
        Condition::Possibly(inner) => Condition::Possibly(map_boxed(inner)),
        Condition::Has(path) => Condition::Has(map_path(path, change)),
        Condition::Lacks(path) => Condition::Lacks(map_path(path, change)),
        Condition::Compare(Comparison { quantifier, path, test }) => {
            let test = match test {
                Test::Records(rows) => Test::Records(map_rows(rows, change)),
                other => other,
            };
            Condition::Compare(Comparison { quantifier, path: map_path(path, change), test })
        }
        other => other,
    };
    change(mapped)
}

fn map_path(mut path: Path, change: &dyn Fn(Condition) -> Condition) -> Path {
    path.steps = map_steps(path.steps, change);
    path
}

fn map_steps(steps: Vec<Step>, change: &dyn Fn(Condition) -> Condition) -> Vec<Step> {
    let map_step = |mut step: Step| {
        step.filter = map_condition(step.filter, change);
        if let Way::Group(inner) = step.way {
            step.way = Way::Group(map_steps(inner, change));
        }
        step
    };
    steps.into_iter().map(map_step).collect()
}
