//! Where paths lead: from one record, statement by statement.

use super::World;
use super::judge::verdict;
use super::told;
use super::world::Stated;
use regesta::index::Standing;
use regesta::model::{EntityId, FieldId, ValueCode};
use regesta::query::expression::*;
use regesta::query::operators::*;
use regesta::time::Truth;

/// What a path leads to in one record.
#[derive(Clone, Debug)]
pub enum Leaf {
    Entity(EntityId),
    Code(FieldId, ValueCode),
    Unknown,
    /// Behind a record that is unknown.
    Beyond,
    None,
    Denied(Box<Leaf>),
}

/// A leaf, how far the statements on the way hold, and how far the filters on the way do.
#[derive(Clone, Debug)]
pub struct Reached {
    pub leaf: Leaf,
    pub way: Truth,
    pub filters: Truth,
}

pub fn statements(world: &World<'_>, field: FieldId, entity: EntityId) -> Vec<(Leaf, Truth)> {
    let stated = world.stated(field, entity).into_iter();
    let counting = stated.filter_map(|stated| match world.standing(&stated) {
        Standing::Certain => Some((stated.leaf, Truth::Certain)),
        Standing::Possible => Some((stated.leaf, Truth::Possible)),
        Standing::Never => None,
        Standing::Denied => Some((Leaf::Denied(Box::new(stated.leaf)), Truth::Certain)),
    });
    counting.collect()
}

/// Takes a step's way once from a record: where it leads, how far the statements on the way hold, and how far what is
/// asked of them in brackets does.
fn go(world: &World<'_>, step: &Step, from: EntityId) -> Vec<(Leaf, Truth, Truth)> {
    let (forward, backward) = match &step.way {
        Way::Fields { forward, backward } => (forward, backward),
        Way::Group(steps) => return through(world, steps, from),
    };
    let mut all = Vec::new();
    for field in forward {
        for stated in world.stated(*field, from) {
            all.extend(led(world, step, from, &stated, stated.leaf.clone()));
        }
    }
    for field in backward {
        for id in world.index.records_of(world.index.schema().field(*field).relation) {
            for stated in world.stated(*field, EntityId(id)) {
                if matches!(stated.leaf, Leaf::Entity(target) if target == from) {
                    let back = led(world, step, EntityId(id), &stated, Leaf::Entity(EntityId(id)));
                    all.extend(
                        back.into_iter().filter(|(leaf, ..)| matches!(leaf, Leaf::Entity(_))),
                    );
                }
            }
        }
    }
    all
}

/// Takes several steps as one.
fn through(world: &World<'_>, steps: &[Step], from: EntityId) -> Vec<(Leaf, Truth, Truth)> {
    let path = Path { steps: steps.to_vec(), end: End::Records(vec![]), written: String::new() };
    let all = reach(world, &path, from).into_iter();
    all.map(|found| (found.leaf, found.way, found.filters)).collect()
}

/// Where a statement leads, if it holds or is asked for by its status.
fn led(
    world: &World<'_>,
    step: &Step,
    owner: EntityId,
    stated: &Stated,
    leaf: Leaf,
) -> Option<(Leaf, Truth, Truth)> {
    let tests = told::judge(world, owner, stated, &step.statement).holds;
    let truth = match world.standing(stated) {
        // Who asks for a status means whatever has it; what has another says nothing to him.
        Standing::Denied if tests == Truth::No => {
            return Some((Leaf::Denied(Box::new(leaf)), Truth::Certain, tests));
        }
        _ if step.statement.asks_status() => told::claimed(world, stated),
        Standing::Never => return None,
        Standing::Denied => return Some((Leaf::Denied(Box::new(leaf)), Truth::Certain, tests)),
        Standing::Certain => Truth::Certain,
        Standing::Possible => Truth::Possible,
    };
    let there = match leaf {
        Leaf::Entity(target) => world.is_there(target),
        _ => Truth::Certain,
    };
    let truth = truth.min(there);
    (truth > Truth::No).then_some((leaf, truth, tests))
}

pub fn step(world: &World<'_>, step: &Step, from: &Reached) -> Vec<Reached> {
    let Leaf::Entity(entity) = from.leaf else { return vec![] };
    let mut found = go(world, step, entity);
    if step.repeats == Repeats::OnceOrMore {
        // Once with all statements, once with the certain ones only: each as far as it goes.
        let mut best: Vec<(EntityId, Truth)> = Vec::new();
        for least in [Truth::Certain, Truth::Possible] {
            let mut open: Vec<EntityId> = vec![entity];
            let mut seen: Vec<EntityId> = Vec::new();
            while let Some(next) = open.pop() {
                for (leaf, truth, filters) in go(world, step, next) {
                    if let Leaf::Entity(target) = leaf
                        && truth.min(filters) >= least
                        && !seen.contains(&target)
                    {
                        seen.push(target);
                        open.push(target);
                    }
                }
            }
            for target in seen {
                if !best.iter().any(|(known, _)| *known == target) {
                    best.push((target, least));
                }
            }
        }
        // An unknown step somewhere on the way may lead anywhere.
        let mut special = Vec::new();
        for (from, way) in std::iter::once((entity, Truth::Certain)).chain(best.iter().copied()) {
            for (leaf, truth, filters) in go(world, step, from) {
                let is_first = from == entity;
                match leaf {
                    Leaf::Unknown | Leaf::Beyond => special.push((leaf, truth.min(way), filters)),
                    Leaf::None | Leaf::Denied(_) if is_first => {
                        special.push((leaf, truth, filters))
                    }
                    _ => {}
                }
            }
        }
        found = best
            .into_iter()
            .map(|(target, truth)| (Leaf::Entity(target), truth, Truth::Certain))
            .chain(special)
            .collect();
    }
    let mut all = Vec::new();
    for (leaf, truth, on_the_way) in found {
        let filters = match &leaf {
            Leaf::Entity(target) => verdict(world, &step.filter, *target).holds,
            _ if step.filter == Condition::Always => Truth::Certain,
            Leaf::Unknown => Truth::Possible,
            _ => Truth::Certain,
        };
        let filters = filters.min(on_the_way).min(from.filters);
        all.push(Reached { leaf, way: truth.min(from.way), filters });
    }
    all
}

pub fn reach(world: &World<'_>, path: &Path, row: EntityId) -> Vec<Reached> {
    let mut reached =
        vec![Reached { leaf: Leaf::Entity(row), way: Truth::Certain, filters: Truth::Certain }];
    for (place, each) in path.steps.iter().enumerate() {
        let is_last = place + 1 == path.steps.len() && matches!(path.end, End::Records(_));
        let mut next = Vec::new();
        for from in &reached {
            match &from.leaf {
                Leaf::Entity(_) => next.extend(step(world, each, from)),
                Leaf::Denied(_) => {}
                Leaf::Unknown => next.push(Reached { leaf: Leaf::Beyond, ..from.clone() }),
                _ => next.push(from.clone()),
            }
        }
        next.retain(|found| is_last || !matches!(found.leaf, Leaf::Denied(_)));
        reached = next;
    }
    let End::Values { fields, .. } = &path.end else { return reached };
    let mut values = Vec::new();
    for from in reached {
        let Leaf::Entity(entity) = from.leaf else {
            let leaf = if matches!(from.leaf, Leaf::Unknown) { Leaf::Beyond } else { from.leaf };
            values.push(Reached { leaf, ..from });
            continue;
        };
        for field in fields {
            for (leaf, truth) in statements(world, *field, entity) {
                if world.index.schema().field(*field).relation
                    == world.index.relation_of(entity).unwrap()
                {
                    values.push(Reached { leaf, way: truth.min(from.way), filters: from.filters });
                }
            }
        }
    }
    values
}
