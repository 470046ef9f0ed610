//! What becomes of the rows: their order, groups of them, and what is folded over groups.

use super::World;
use super::judge::times;
use super::paths::{Leaf, reach};
use super::world::Found;
use regesta::model::{EntityId, NumberRank, Type};
use regesta::query::Query;
use regesta::query::expression::*;
use regesta::query::operators::*;
use regesta::query::terms::{Term, Values};
use regesta::time::{Bounds, Grain, Operator, Stretch, Truth, Value};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// What a row is sorted by.
#[derive(Clone, Debug, PartialEq)]
enum Key {
    Time(Bounds),
    Number(f64),
    Text(String),
}

fn compare(one: &Option<Key>, other: &Option<Key>, direction: Direction) -> Ordering {
    let ordering = match (one, other) {
        (None, None) => return Ordering::Equal,
        // What is not known comes last in either direction.
        (None, _) => return Ordering::Greater,
        (_, None) => return Ordering::Less,
        (Some(Key::Time(one)), Some(Key::Time(other))) => one.cmp(other),
        (Some(Key::Number(one)), Some(Key::Number(other))) => one.total_cmp(other),
        (Some(Key::Text(one)), Some(Key::Text(other))) => one.cmp(other),
        keys => panic!("keys of two kinds: {keys:?}"),
    };
    if direction == Direction::Descending { ordering.reverse() } else { ordering }
}

fn key_of(world: &World<'_>, leaf: &Leaf) -> Option<Key> {
    let Leaf::Code(field, code) = leaf else {
        let Leaf::Entity(entity) = leaf else { return None };
        let name = world.index.name_of(*entity).unwrap().map(str::to_owned);
        let shown = name.unwrap_or_else(|| world.index.id_of(*entity).unwrap().into_owned());
        return Some(Key::Text(shown.to_lowercase()));
    };
    match &world.index.schema().field(*field).value_type {
        Type::Words(words) => Some(Key::Text(words[code.0 as usize].clone())),
        Type::Integer => Some(Key::Number(world.index.number(NumberRank(code.0)).unwrap().least)),
        Type::Date | Type::Period => {
            let bounds = times(world, *field, *code).into_iter().map(|value| value.bounds());
            bounds.reduce(|one, two| one.hull(&two)).map(Key::Time)
        }
        other => panic!("not generated: {other:?}"),
    }
}

/// Returns the values that a path surely or possibly leads to.
pub fn values(world: &World<'_>, path: &Path, row: EntityId) -> Vec<(Leaf, Truth)> {
    if matches!(path.end, End::Values { .. }) && !path.steps.is_empty() {
        return values_of_records(world, path, row);
    }
    let all = reach(world, path, row).into_iter();
    let all = all.filter(|found| !matches!(found.leaf, Leaf::Denied(_)));
    let all = all.map(|found| (found.leaf, found.way.min(found.filters)));
    let mut kept: Vec<(Leaf, Truth)> = Vec::new();
    for (leaf, truth) in all.filter(|(_, truth)| *truth > Truth::No) {
        let (leaf, truth) = match leaf {
            Leaf::Beyond => (Leaf::Unknown, truth.min(Truth::Possible)),
            leaf => (leaf, truth),
        };
        // A record is reached once, as surely as by its surest way.
        let known = kept.iter_mut().find(|(known, _)| {
            matches!((known, &leaf), (Leaf::Entity(one), Leaf::Entity(other)) if *one == *other)
        });
        match known {
            Some((_, best)) => *best = (*best).max(truth),
            None => kept.push((leaf, truth)),
        }
    }
    kept
}

/// Returns the values of the records at the end of the steps, each of which is asked once, by however many ways it is
/// reached.
fn values_of_records(world: &World<'_>, path: &Path, row: EntityId) -> Vec<(Leaf, Truth)> {
    let to_records = Path { end: End::Records(Vec::new()), ..path.clone() };
    let of_record = Path { steps: Vec::new(), ..path.clone() };
    let mut all = Vec::new();
    for (leaf, truth) in values(world, &to_records, row) {
        match leaf {
            Leaf::Entity(record) => {
                let found = values(world, &of_record, record).into_iter();
                all.extend(found.map(|(leaf, way)| (leaf, way.min(truth))));
            }
            Leaf::Unknown | Leaf::Beyond => all.push((Leaf::Unknown, Truth::Possible)),
            leaf => all.push((leaf, truth)),
        }
    }
    all
}

fn own_date(world: &World<'_>, row: EntityId) -> Option<Key> {
    let relation = world.index.relation_of(row).unwrap();
    let own = world.index.schema().relations[relation.index()].own_date?;
    let path = Path { steps: Vec::new(), end: End::whole(vec![own]), written: String::new() };
    let mut best: Option<Bounds> = None;
    for (leaf, _) in values(world, &path, row) {
        let Leaf::Code(field, code) = leaf else { continue };
        for value in times(world, field, code) {
            best = Some(best.map_or(value.bounds(), |best| best.min(value.bounds())));
        }
    }
    best.map(Key::Time)
}

/// Returns the certain or the possible rows in the order of a question: by its keys, own date, identifier. Rows
/// whose own date its clauses take no notice of stand as they would without the clauses.
pub fn in_order(world: &World<'_>, query: &Query, found: &Found, wanted: Truth) -> Vec<EntityId> {
    let plain = World {
        index: world.index,
        claims: Claims::default(),
        program: world.program.clone(),
        derived: Default::default(),
    };
    let mut keyed = Vec::new();
    for (row, _) in found.iter().filter(|(_, truth)| *truth == wanted) {
        let keys: Vec<_> = query.order.iter().map(|key| sort_key(world, key, row)).collect();
        let id = world.index.id_of(row).unwrap().into_owned();
        keyed.push((keys, [own_date(world, row), own_date(&plain, row)], id, row));
    }
    keyed.sort_by(|one, other| {
        let by_keys = query.order.iter().zip(one.0.iter().zip(&other.0));
        by_keys
            .map(|(key, (one, other))| compare(one, other, key.direction))
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
            .then_with(|| compare(&one.1[0], &other.1[0], Direction::Ascending))
            .then_with(|| compare(&one.1[1], &other.1[1], Direction::Ascending))
            .then_with(|| one.2.cmp(&other.2))
    });
    keyed.into_iter().map(|(.., row)| row).collect()
}

fn sort_key(world: &World<'_>, key: &SortKey, row: EntityId) -> Option<Key> {
    let Term::Values(Values::OfRow(path)) = &key.term else { panic!("not generated") };
    let keys = values(world, path, row).into_iter().map(|(leaf, _)| key_of(world, &leaf));
    keys.min_by(|one, other| compare(one, other, key.direction)).flatten()
}

/// A group: what its records share, as it is shown, and how many there are, certain and possible.
pub type Groups = BTreeMap<String, (Vec<EntityId>, Vec<EntityId>)>;

/// Returns the groups of what was found.
pub fn groups(world: &World<'_>, by: &Path, found: &Found) -> Groups {
    let mut groups = Groups::new();
    for (row, of_row) in found.iter() {
        let mut keys: BTreeMap<String, Truth> = BTreeMap::new();
        let found = values(world, by, row);
        if found.is_empty() {
            keys.insert("not recorded".to_owned(), Truth::Certain);
        }
        for (leaf, truth) in found {
            for (key, of_key) in labels(world, by, &leaf) {
                let best = keys.entry(key).or_insert(Truth::No);
                *best = (*best).max(of_key.min(truth));
            }
        }
        for (key, truth) in keys {
            let (certain, possible) = groups.entry(key).or_default();
            if truth.min(of_row) == Truth::Certain { certain.push(row) } else { possible.push(row) }
        }
    }
    groups
}

pub fn labels(world: &World<'_>, by: &Path, leaf: &Leaf) -> Vec<(String, Truth)> {
    let sure = |label: String| vec![(label, Truth::Certain)];
    match leaf {
        Leaf::Unknown | Leaf::Beyond => sure("unknown".to_owned()),
        Leaf::None => sure("none".to_owned()),
        Leaf::Entity(entity) => sure(world.index.id_of(*entity).unwrap().into_owned()),
        Leaf::Denied(_) => vec![],
        Leaf::Code(field, code) => {
            match (&by.end, &world.index.schema().field(*field).value_type) {
                (_, Type::Words(words)) => sure(words[code.0 as usize].clone()),
                (_, Type::Integer) => {
                    let rank = world.index.number(NumberRank(code.0)).unwrap();
                    sure(world.index.string(rank.text()).unwrap().to_owned())
                }
                (End::Values { part: ValuePart::Unit(_, Grain::Decade), .. }, _) => {
                    // Each decade that anything generated may touch is asked for.
                    let mut all = Vec::new();
                    for value in times(world, *field, *code) {
                        for decade in 180..200 {
                            let unit = Stretch::parse(&format!("{decade}X")).unwrap();
                            let truth = value.compare(Operator::Equal, &Value::exact(unit)).holds;
                            if truth > Truth::No {
                                all.push((format!("{decade}X"), truth));
                            }
                        }
                    }
                    all
                }
                other => panic!("not generated: {other:?}"),
            }
        }
    }
}

/// Returns a fold over the numbers of a path, of the sure ones and of all.
pub fn fold(
    world: &World<'_>,
    fold: Fold,
    path: &Path,
    (certain, possible): &(Vec<EntityId>, Vec<EntityId>),
) -> Vec<f64> {
    let (mut sure, mut all) = (Vec::new(), Vec::new());
    for (rows, of_rows) in [(certain, Truth::Certain), (possible, Truth::Possible)] {
        for row in rows {
            for (leaf, truth) in values(world, path, *row) {
                let Some(Key::Number(number)) = key_of(world, &leaf) else { continue };
                all.push(number);
                if truth.min(of_rows) == Truth::Certain {
                    sure.push(number);
                }
            }
        }
    }
    let folded = |numbers: &[f64]| match fold {
        _ if numbers.is_empty() => None,
        Fold::Min => numbers.iter().copied().reduce(f64::min),
        Fold::Max => numbers.iter().copied().reduce(f64::max),
        Fold::Sum => Some(numbers.iter().sum()),
        Fold::Avg => Some(numbers.iter().sum::<f64>() / numbers.len() as f64),
        Fold::Count => panic!("counted by `count_distinct`"),
    };
    let mut values: Vec<f64> = folded(&sure).into_iter().collect();
    values.extend(folded(&all).filter(|all| !values.contains(all)));
    values
}

/// Returns how many different values a path surely has in a group, and how many it has in all.
pub fn count_distinct(
    world: &World<'_>,
    path: &Path,
    (certain, possible): &(Vec<EntityId>, Vec<EntityId>),
) -> (usize, usize) {
    let (mut sure, mut all) = (BTreeSet::new(), BTreeSet::new());
    for (rows, of_rows) in [(certain, Truth::Certain), (possible, Truth::Possible)] {
        for row in rows {
            for (leaf, truth) in values(world, path, *row) {
                if matches!(leaf, Leaf::None) {
                    continue;
                }
                for (label, _) in labels(world, path, &leaf) {
                    if truth.min(of_rows) == Truth::Certain {
                        sure.insert(label.clone());
                    }
                    all.insert(label);
                }
            }
        }
    }
    (sure.len(), all.len())
}
