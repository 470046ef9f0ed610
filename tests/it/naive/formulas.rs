//! Rules and `find`: every choice of records is tried, and rules are derived until nothing is new.

use super::World;
use super::computed::computed_verdict;
use super::judge::{both, exact, times, verdict};
use super::paths::{Leaf, reach};
use regesta::model::{EntityId, NumberRank, StringId, Type, ValueCode};
use regesta::query::expression::{End, Path};
use regesta::query::formula::*;
use regesta::query::operators::{PathOperator, Quantifier};
use regesta::query::terms::Slot;
use regesta::time::{Operator, Truth, Value, Verdict};
use std::collections::BTreeMap;

/// What a rule derives, by rule: tuples with their truth.
pub type Derived = BTreeMap<usize, BTreeMap<Vec<u32>, Truth>>;

type Frame = Vec<Option<u32>>;

/// Hands every choice of records for the variables of a scope that are not yet bound to `see`.
fn choices(
    world: &World<'_>,
    scope: &Scope,
    frame: &mut Frame,
    see: &mut dyn FnMut(&Frame, Truth),
) {
    fn bind(
        world: &World<'_>,
        scope: &Scope,
        number: usize,
        truth: Truth,
        frame: &mut Frame,
        see: &mut dyn FnMut(&Frame, Truth),
    ) {
        let Some(variable) = scope.variables.get(number) else {
            let all = scope.conjuncts.iter().map(|each| judge(world, &each.formula, frame).holds);
            let truth = all.fold(truth, Truth::min);
            if truth > Truth::No {
                see(frame, truth);
            }
            return;
        };
        let place = variable.slot.index();
        let bound = frame[place];
        let all = variable.relations.iter().flat_map(|each| world.index.records_of(*each));
        for id in all.filter(|id| bound.is_none_or(|bound| bound == *id)) {
            let there = world.is_row(EntityId(id)).min(truth);
            if there > Truth::No {
                frame[place] = Some(id);
                bind(world, scope, number + 1, there, frame, see);
            }
        }
        frame[place] = bound;
    }
    bind(world, scope, 0, Truth::Certain, frame, see);
}

/// Tells how surely a scope holds whose first variable is a record.
pub fn holds_of_first(world: &World<'_>, scope: &Scope, row: EntityId) -> Truth {
    let mut frame = vec![None; scope.slots as usize];
    frame[0] = Some(row.0);
    best(world, scope, &mut frame)
}

fn best(world: &World<'_>, scope: &Scope, frame: &mut Frame) -> Truth {
    let mut best = Truth::No;
    choices(world, scope, frame, &mut |_, truth| best = best.max(truth));
    best
}

/// Returns every choice for the first variables that some of several scopes allow.
pub fn tuples(world: &World<'_>, ways: &[Scope], width: usize) -> BTreeMap<Vec<u32>, Truth> {
    let mut found = BTreeMap::new();
    for way in ways {
        let mut frame = vec![None; way.slots as usize];
        choices(world, way, &mut frame, &mut |frame, truth| {
            let tuple: Vec<u32> = frame[..width].iter().map(|id| id.unwrap()).collect();
            let best = found.entry(tuple).or_insert(Truth::No);
            *best = (*best).max(truth);
        });
    }
    found
}

fn judge(world: &World<'_>, formula: &Formula, frame: &mut Frame) -> Verdict {
    match formula {
        Formula::And(parts) => {
            let verdicts = parts.iter().map(|part| judge(world, part, frame));
            verdicts.reduce(Verdict::and).unwrap_or(Verdict::CERTAIN)
        }
        Formula::Or(parts) => {
            let verdicts = parts.iter().map(|part| judge(world, part, frame));
            verdicts.reduce(Verdict::or).unwrap_or(Verdict::NO)
        }
        Formula::Not(inner) => judge(world, inner, frame).negated(),
        Formula::Certainly(inner) => exact(judge(world, inner, frame).holds == Truth::Certain),
        Formula::Possibly(inner) => exact(judge(world, inner, frame).holds > Truth::No),
        Formula::One { slot, condition, .. } => {
            verdict(world, condition, EntityId(frame[slot.index()].unwrap()))
        }
        Formula::Two(link) => compare(world, link, frame),
        Formula::Computed(test) => computed_verdict(world, test, frame),
        Formula::Call(call) => both(derived(world, call, frame)),
        Formula::Exists(scope) => both(best(world, scope, &mut frame.clone())),
    }
}

/// What a value of a path is, for a comparison with another.
fn texts(world: &World<'_>, leaf: &Leaf) -> String {
    match leaf {
        Leaf::Entity(entity) => format!("record {}", entity.0),
        Leaf::Code(field, code) => match &world.index.schema().field(*field).value_type {
            Type::Words(words) => words[code.0 as usize].to_lowercase(),
            Type::Text => world.index.string(StringId(code.0)).unwrap().to_lowercase(),
            other => panic!("not generated: {other:?} {code:?} {:?}", ValueCode::NONE),
        },
        other => panic!("no value: {other:?}"),
    }
}

fn compare(world: &World<'_>, link: &Link, frame: &Frame) -> Verdict {
    let of = |slot: Slot| EntityId(frame[slot.index()].unwrap());
    let left = (&link.left_path, of(link.left));
    compare_paths(world, link.quantifier, left, link.operator, (&link.right_path, of(link.right)))
}

/// Returns what is said at the end of a path, and how surely.
pub fn said(world: &World<'_>, path: &Path, row: EntityId) -> Vec<(Leaf, Truth)> {
    let all = reach(world, path, row).into_iter();
    let all = all.filter(|found| !matches!(found.leaf, Leaf::Denied(_)));
    let all = all.map(|found| (found.leaf, found.way.min(found.filters)));
    all.filter(|(_, truth)| *truth > Truth::No).collect()
}

/// Compares the values of two paths, each from a record.
pub fn compare_paths(
    world: &World<'_>,
    quantifier: Quantifier,
    (left_path, left): (&Path, EntityId),
    operator: PathOperator,
    (right_path, right): (&Path, EntityId),
) -> Verdict {
    let (lefts, rights) = (said(world, left_path, left), said(world, right_path, right));
    if lefts.is_empty() || rights.is_empty() {
        return Verdict::NOT_RECORDED;
    }
    let verdicts = lefts.iter().map(|(left, way)| {
        let against = rights.iter().map(|(right, other)| {
            let verdict = compare_values(world, operator, (left_path, left), (right_path, right));
            if *other < Truth::Certain { verdict.doubted() } else { verdict }
        });
        let verdict = Verdict::some(against);
        if *way < Truth::Certain { verdict.doubted() } else { verdict }
    });
    match quantifier {
        Quantifier::Some => Verdict::some(verdicts),
        Quantifier::Every => Verdict::every(verdicts),
        Quantifier::No => Verdict::some(verdicts).negated(),
    }
}

/// Compares one value at the end of a path with one at the end of another.
pub fn compare_values(
    world: &World<'_>,
    operator: PathOperator,
    (left_path, left): (&Path, &Leaf),
    (right_path, right): (&Path, &Leaf),
) -> Verdict {
    let dates = |path: &Path, leaf: &Leaf| match (leaf, &path.end) {
        (Leaf::Code(field, code), End::Values { part, .. }) => {
            let all = times(world, *field, *code);
            all.iter().map(|value| value.part(part.of_time()).into_owned()).collect::<Vec<_>>()
        }
        other => panic!("no date: {other:?}"),
    };
    let number = |leaf: &Leaf| match leaf {
        Leaf::Code(_, code) => world.index.number(NumberRank(code.0)).unwrap().least,
        other => panic!("no number: {other:?}"),
    };
    let each = |judge: &dyn Fn(&Value, &Value) -> Verdict| {
        let (lefts, rights) = (dates(left_path, left), dates(right_path, right));
        Verdict::some(
            lefts.iter().map(|left| Verdict::some(rights.iter().map(|right| judge(left, right)))),
        )
    };
    match (left, right) {
        (Leaf::None, _) | (_, Leaf::None) => return Verdict::NO,
        (Leaf::Unknown | Leaf::Beyond, _) | (_, Leaf::Unknown | Leaf::Beyond) => {
            return Verdict::UNKNOWN;
        }
        _ => {}
    }
    match operator {
        PathOperator::Same => exact(texts(world, left) == texts(world, right)),
        PathOperator::Time(operator) => each(&|left, right| left.compare(operator, right)),
        PathOperator::Unit(grain, operator) => {
            each(&|left, right| left.compare_units(grain, operator, right))
        }
        PathOperator::Number(Operator::Equal) => exact(number(left) == number(right)),
        PathOperator::Number(Operator::Less) => exact(number(left) < number(right)),
        PathOperator::Number(Operator::GreaterOrEqual) => exact(number(left) >= number(right)),
        PathOperator::Apart(operator, days) => {
            each(&|left, right| left.days_after(operator, right, days))
        }
        other => panic!("not generated: {other:?}"),
    }
}

fn derived(world: &World<'_>, call: &Call, frame: &Frame) -> Truth {
    let known = |argument: &Argument| match argument {
        Argument::Variable(slot) => frame[slot.index()].unwrap(),
        Argument::Record(record) => record.0,
    };
    let tuple: Vec<u32> = call.arguments.iter().map(known).collect();
    derive(world, call.rule);
    let derived = world.derived.borrow();
    derived[&call.rule.index()].get(&tuple).copied().unwrap_or(Truth::No)
}

/// Derives all of a rule, and of those that it stands in a circle with: again and again, until nothing is new.
fn derive(world: &World<'_>, rule: RuleId) {
    let program = std::sync::Arc::clone(&world.program);
    if world.derived.borrow().contains_key(&rule.index()) {
        return;
    }
    let component = match program.rules[rule.index()].component.as_slice() {
        [] => vec![rule],
        circle => circle.to_vec(),
    };
    for member in &component {
        world.derived.borrow_mut().insert(member.index(), BTreeMap::new());
    }
    loop {
        let mut is_new = false;
        for member in &component {
            let rule = &program.rules[member.index()];
            let found = tuples(world, &rule.ways, rule.parameters.len());
            let mut derived = world.derived.borrow_mut();
            let known = derived.get_mut(&member.index()).unwrap();
            for (tuple, truth) in found {
                let best = known.entry(tuple).or_insert(Truth::No);
                is_new |= truth > *best;
                *best = (*best).max(truth);
            }
        }
        if !is_new {
            return;
        }
    }
}
