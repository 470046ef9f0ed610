//! What is computed of a row, by trying every choice of the values that may be there.

use super::World;
use super::judge::{compare, literals, times};
use super::outputs::{count_distinct, labels, values};
use super::paths::Leaf;
use regesta::model::{EntityId, NumberRank, Type};
use regesta::query::computed::{ComputedAgainst, ComputedTest};
use regesta::query::expression::*;
use regesta::query::operators::*;
use regesta::query::terms::{Folded, Rooted, Term, Values};
use regesta::time::{Operator, Stretch, Truth, Value, Verdict};
use std::collections::BTreeMap;

/// Something computed: numbers are somewhere between two.
#[derive(Clone, Debug)]
enum Outcome {
    Numbers(f64, f64),
    Time(Value),
    Unknown,
    Nothing,
}

/// Judges a test of a row of these records.
pub fn computed_verdict<P: Rooted>(
    world: &World<'_>,
    test: &ComputedTest<P>,
    row: &[Option<u32>],
) -> Verdict {
    let lefts = outcomes(world, &test.left, row);
    let doubted = |verdict: Verdict, truth: Truth| match truth {
        Truth::Certain => verdict,
        _ => verdict.doubted(),
    };
    let judged = lefts.iter().filter_map(|(left, truth)| {
        let verdict = match &test.against {
            ComputedAgainst::Numbers(numbers) => {
                let tests = numbers.iter().map(|number| {
                    let right = Outcome::Numbers(number.least, number.greatest);
                    let is_range = number.least < number.greatest;
                    pair(number.operator, left, &right, is_range)
                });
                tests.reduce(Verdict::or).unwrap()
            }
            ComputedAgainst::Time(time) => {
                let others = literals(world, &time.against);
                match left {
                    Outcome::Time(left) => {
                        let verdicts =
                            others.iter().map(|other| compare(left, time.operator, other));
                        verdicts.reduce(Verdict::or).unwrap_or(Verdict::NO)
                    }
                    Outcome::Unknown => Verdict::UNKNOWN,
                    _ => Verdict::NO,
                }
            }
            ComputedAgainst::Among(_) => panic!("not generated"),
            ComputedAgainst::Term { operator, right } => {
                let (PathOperator::Number(operator) | PathOperator::Time(operator)) = operator
                else {
                    panic!("not generated: {operator:?}")
                };
                let rights = outcomes(world, right, row);
                if rights.is_empty() {
                    return None;
                }
                Verdict::some(
                    rights
                        .iter()
                        .map(|(right, there)| doubted(pair(*operator, left, right, false), *there)),
                )
            }
        };
        Some(doubted(verdict, *truth))
    });
    Verdict::some(judged)
}

/// Returns what is shown of a term in a row, in words: a count, a fold of numbers, or the days between dates.
pub fn shown_term<P: Rooted>(
    world: &World<'_>,
    term: &Term<P>,
    row: &[Option<u32>],
) -> Vec<String> {
    match term {
        Term::Fold(folded) => {
            let Values::OfRow(path) = &folded.over else { panic!("not generated") };
            let members = (vec![EntityId(row[path.slot().index()].unwrap())], Vec::new());
            match folded.fold {
                Fold::Count => match count_distinct(world, path.path(), &members) {
                    (sure, all) if sure == all => vec![format!("{sure}")],
                    (sure, all) => vec![format!("{sure} (+{} possible)", all - sure)],
                },
                which => {
                    let folded = super::outputs::fold(world, which, path.path(), &members);
                    let rounded = |number: f64| (number * 1000.0).round() / 1000.0;
                    folded.into_iter().map(|number| format!("{}", rounded(number))).collect()
                }
            }
        }
        Term::Difference { .. } => outcomes(world, term, row)
            .into_iter()
            .map(|(outcome, _)| match outcome {
                Outcome::Numbers(least, greatest) if least == greatest => format!("{least} day"),
                Outcome::Numbers(least, greatest) => {
                    let side = |days: f64| {
                        if days.is_finite() { format!("{days}") } else { String::new() }
                    };
                    format!("{}..{} day", side(least), side(greatest))
                }
                _ => "unknown".to_owned(),
            })
            .collect(),
        Term::Values(_) => panic!("not generated"),
    }
}

/// Compares two outcomes; where the right one is a range that the question names, what lies within is equal to it.
fn pair(operator: Operator, left: &Outcome, right: &Outcome, is_range: bool) -> Verdict {
    match (left, right) {
        (Outcome::Nothing, _) | (_, Outcome::Nothing) => Verdict::NO,
        (Outcome::Unknown, _) | (_, Outcome::Unknown) => Verdict::UNKNOWN,
        (Outcome::Time(left), Outcome::Time(right)) => left.compare(operator, right),
        (Outcome::Numbers(least, greatest), Outcome::Numbers(from, to)) => {
            if is_range {
                let (inside, outside) =
                    (*least <= *to && greatest >= from, least < from || greatest > to);
                return Verdict::from_worlds(inside, outside);
            }
            // All that lies between two numbers is as good as one between them and its ends.
            let some = |from: f64, to: f64| match (from.is_finite(), to.is_finite()) {
                (true, true) => vec![from, (from + to) / 2.0, to],
                (false, true) => vec![from, to - 1e9, to],
                (true, false) => vec![from, from + 1e9, to],
                (false, false) => vec![from, 0.0, to],
            };
            let mut choices = Vec::new();
            for one in some(*least, *greatest).into_iter().chain([*from, *to]) {
                for other in some(*from, *to).into_iter().chain([*least, *greatest]) {
                    let is_there = (*least..=*greatest).contains(&one);
                    if is_there && (*from..=*to).contains(&other) {
                        choices.push(match operator {
                            Operator::Less => one < other,
                            Operator::LessOrEqual => one <= other,
                            Operator::Greater => one > other,
                            Operator::GreaterOrEqual => one >= other,
                            Operator::Equal => one == other,
                            other => panic!("not generated: {other:?}"),
                        });
                    }
                }
            }
            Verdict::from_worlds(choices.contains(&true), choices.contains(&false))
        }
        pair => panic!("never compared: {pair:?}"),
    }
}

fn outcomes<P: Rooted>(
    world: &World<'_>,
    term: &Term<P>,
    row: &[Option<u32>],
) -> Vec<(Outcome, Truth)> {
    match term {
        Term::Values(over) => {
            let leaves = leaves(world, over, row).into_iter();
            leaves
                .flat_map(|(leaf, truth)| {
                    let all = of_leaf(world, over.path(), &leaf).into_iter();
                    all.map(move |outcome| (outcome, truth))
                })
                .collect()
        }
        Term::Fold(folded) => folds(world, folded, row),
        Term::Difference { left, right, .. } => {
            let (lefts, rights) = (outcomes(world, left, row), outcomes(world, right, row));
            let pairs = lefts.iter().flat_map(|left| rights.iter().map(move |right| (left, right)));
            pairs
                .filter_map(|((left, one), (right, other))| {
                    let truth = *one.min(other);
                    match (left, right) {
                        (Outcome::Time(left), Outcome::Time(right)) => {
                            let days = left.minus(right);
                            let is_doubted = left.is_doubted() || right.is_doubted();
                            let truth = if is_doubted { Truth::Possible } else { truth };
                            let least = days.least().map_or(f64::NEG_INFINITY, |days| days as f64);
                            let greatest =
                                days.greatest().map_or(f64::INFINITY, |days| days as f64);
                            Some((Outcome::Numbers(least, greatest), truth))
                        }
                        (Outcome::Unknown, _) | (_, Outcome::Unknown) => {
                            Some((Outcome::Unknown, truth))
                        }
                        _ => None,
                    }
                })
                .collect()
        }
    }
}

/// Returns the values of a path, wherever it begins, and how surely each is there.
fn leaves<P: Rooted>(
    world: &World<'_>,
    over: &Values<P>,
    row: &[Option<u32>],
) -> Vec<(Leaf, Truth)> {
    match over {
        Values::OfRow(path) => {
            let record = row[path.slot().index()].unwrap();
            values(world, path.path(), EntityId(record))
        }
        Values::Elsewhere { rows, path } => {
            let mut all = Vec::new();
            for (record, of_record) in world.rows(rows).iter() {
                let found = values(world, path, record).into_iter();
                all.extend(found.map(|(leaf, truth)| (leaf, truth.min(of_record))));
            }
            all
        }
    }
}

fn of_leaf(world: &World<'_>, path: &Path, leaf: &Leaf) -> Vec<Outcome> {
    match leaf {
        Leaf::Unknown | Leaf::Beyond => vec![Outcome::Unknown],
        Leaf::Code(field, code) => match &world.index.schema().field(*field).value_type {
            Type::Integer => {
                let row = world.index.number(NumberRank(code.0)).unwrap();
                vec![Outcome::Numbers(row.least, row.greatest)]
            }
            Type::Date | Type::Period => {
                let End::Values { part, .. } = &path.end else { panic!("dates are values") };
                let all = times(world, *field, *code).into_iter();
                all.map(|value| Outcome::Time(value.part(part.of_time()).into_owned())).collect()
            }
            other => panic!("not generated: {other:?}"),
        },
        _ => vec![Outcome::Nothing],
    }
}

/// Returns all that a fold may come to, over every choice of the values that need not be there.
fn folds<P: Rooted>(
    world: &World<'_>,
    folded: &Folded<P>,
    row: &[Option<u32>],
) -> Vec<(Outcome, Truth)> {
    let leaves = leaves(world, &folded.over, row);
    if folded.fold == Fold::Count {
        let mut distinct: BTreeMap<String, Truth> = BTreeMap::new();
        for (leaf, truth) in leaves.iter().filter(|(leaf, _)| !matches!(leaf, Leaf::None)) {
            for (label, _) in labels(world, folded.over.path(), leaf) {
                let best = distinct.entry(label).or_insert(*truth);
                *best = (*best).max(*truth);
            }
        }
        let sure = distinct.values().filter(|truth| **truth == Truth::Certain).count();
        return vec![(Outcome::Numbers(sure as f64, distinct.len() as f64), Truth::Certain)];
    }
    let (mut sure, mut doubtful, mut unknown) = (Vec::new(), Vec::new(), Truth::No);
    for (leaf, truth) in &leaves {
        for outcome in of_leaf(world, folded.over.path(), leaf) {
            let is_doubted = matches!(&outcome, Outcome::Time(value) if value.is_doubted());
            match outcome {
                Outcome::Unknown => unknown = unknown.max(*truth),
                Outcome::Nothing => {}
                outcome if *truth == Truth::Certain && !is_doubted => sure.push(outcome),
                outcome => doubtful.push(outcome),
            }
        }
    }
    // What nobody knows may be lower than all, or higher.
    if unknown > Truth::No {
        let Some(first) = sure.first() else { return vec![(Outcome::Unknown, unknown)] };
        let extremes: [Outcome; 2] = match first {
            Outcome::Time(_) => {
                let day = |text| Outcome::Time(Value::moment(Stretch::parse(text).unwrap()));
                [day("-9998"), day("9998")]
            }
            _ => [-1e12, 1e12].map(|number| Outcome::Numbers(number, number)),
        };
        let with = |extreme: &Outcome| {
            fold(folded.fold, &sure.iter().chain([extreme]).collect::<Vec<_>>())
        };
        let [low, high] = extremes;
        let known = fold(folded.fold, &sure.iter().collect::<Vec<_>>());
        return vec![(hull(hull(with(&low), with(&high)), known), Truth::Certain)];
    }
    let truth = if sure.is_empty() { Truth::Possible } else { Truth::Certain };
    let choices = (0..1u32 << doubtful.len()).map(|chosen| {
        let chosen = doubtful.iter().enumerate().filter(|(place, _)| chosen >> place & 1 == 1);
        sure.iter().chain(chosen.map(|(_, outcome)| outcome)).collect::<Vec<_>>()
    });
    let choices = choices.filter(|chosen| !chosen.is_empty());
    let whole = choices.map(|chosen| fold(folded.fold, &chosen)).reduce(hull);
    whole.into_iter().map(|outcome| (outcome, truth)).collect()
}

fn fold(fold: Fold, chosen: &[&Outcome]) -> Outcome {
    if let Outcome::Time(_) = chosen[0] {
        let stretches = chosen.iter().map(|outcome| {
            let Outcome::Time(value) = outcome else { panic!("dates and others") };
            let bounds = value.bounds();
            if fold == Fold::Min { bounds.starts() } else { bounds.ends() }
        });
        let stretches: Vec<Stretch> = stretches.collect();
        let (first, last) =
            (stretches.iter().map(|each| each.first()), stretches.iter().map(|each| each.last()));
        let within = match fold {
            Fold::Min => Stretch::between(first.min().unwrap(), last.min().unwrap()),
            Fold::Max => Stretch::between(first.max().unwrap(), last.max().unwrap()),
            other => panic!("dates have no {other:?}"),
        };
        return Outcome::Time(Value::moment(within));
    }
    let numbers = chosen.iter().map(|outcome| match outcome {
        Outcome::Numbers(least, greatest) => (*least, *greatest),
        other => panic!("no number: {other:?}"),
    });
    let numbers: Vec<(f64, f64)> = numbers.collect();
    let of = |side: Vec<f64>| match fold {
        Fold::Min => side.into_iter().reduce(f64::min).unwrap(),
        Fold::Max => side.into_iter().reduce(f64::max).unwrap(),
        Fold::Sum => side.iter().sum(),
        Fold::Avg => side.iter().sum::<f64>() / side.len() as f64,
        Fold::Count => panic!("counted before"),
    };
    Outcome::Numbers(
        of(numbers.iter().map(|number| number.0).collect()),
        of(numbers.iter().map(|number| number.1).collect()),
    )
}

fn hull(one: Outcome, other: Outcome) -> Outcome {
    match (one, other) {
        (Outcome::Numbers(least, greatest), Outcome::Numbers(from, to)) => {
            Outcome::Numbers(least.min(from), greatest.max(to))
        }
        (Outcome::Time(one), Outcome::Time(other)) => {
            let (one, other) = (one.bounds().starts(), other.bounds().starts());
            Outcome::Time(Value::moment(one.hull(other)))
        }
        pair => panic!("never folded: {pair:?}"),
    }
}
