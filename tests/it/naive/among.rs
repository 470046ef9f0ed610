//! Lists and ranges in which paths stand: each value with each choice of what it is compared with.

use super::World;
use super::formulas::{compare_values, said};
use super::judge::{exact, times};
use super::paths::Leaf;
use regesta::model::{EntityId, NumberRank, StringId, Type};
use regesta::query::among::{Limit, Member, Named, NamedValues};
use regesta::query::expression::*;
use regesta::query::operators::*;
use regesta::query::terms::{Term, Values};
use regesta::time::{Operator, Stretch, Truth, Value, Verdict};

pub fn among(
    world: &World<'_>,
    quantifier: Quantifier,
    path: &Path,
    members: &[Member],
    row: EntityId,
) -> Verdict {
    let lefts = said(world, path, row);
    let verdicts = lefts.iter().map(|(left, truth)| {
        let each = members.iter().map(|member| one(world, (path, left), member, row));
        doubted(each.reduce(Verdict::or).unwrap(), *truth)
    });
    match quantifier {
        Quantifier::Some => Verdict::some(verdicts),
        Quantifier::Every => Verdict::every(verdicts),
        Quantifier::No => Verdict::some(verdicts).negated(),
    }
}

fn doubted(verdict: Verdict, truth: Truth) -> Verdict {
    if truth < Truth::Certain { verdict.doubted() } else { verdict }
}

fn one(world: &World<'_>, (path, left): (&Path, &Leaf), member: &Member, row: EntityId) -> Verdict {
    match member {
        Member::Named(named) => is_named(world, (path, left), named),
        Member::Found { operator, right } => {
            let rights = found(world, right, row);
            Verdict::some(rights.iter().map(|(leaf, right_path, truth)| {
                let sides = ((path, left), (right_path, leaf));
                doubted(compare_values(world, *operator, sides.0, sides.1), *truth)
            }))
        }
        Member::Range { grain, from, to } => {
            let (starts, ends) = (ends(world, from, row), ends(world, to, row));
            let mut verdicts = Vec::new();
            for (start, one) in &starts {
                for (end, other) in &ends {
                    let value = known(world, path, left);
                    let anywhere = match value {
                        Known::Times(_) => Known::Times(vec![Value::moment(Stretch::ALWAYS)]),
                        _ => Known::Number((f64::NEG_INFINITY, f64::INFINITY)),
                    };
                    let place = |end| match end {
                        &Known::Unknown => &anywhere,
                        end => end,
                    };
                    let (start, end) = (place(start), place(end));
                    let verdict = match (&value, start, end) {
                        (Known::None, _, _) | (_, Known::None, _) | (_, _, Known::None) => {
                            Verdict::NO
                        }
                        (Known::Times(value), Known::Times(start), Known::Times(end)) => {
                            let ([value], [start], [end]) =
                                (value.as_slice(), start.as_slice(), end.as_slice())
                            else {
                                panic!("no set of dates is generated")
                            };
                            match grain {
                                Some(grain) => value.lies_between_units(*grain, start, end),
                                None => value.lies_between(start, end),
                            }
                        }
                        (Known::Number(value), Known::Number(start), Known::Number(end)) => {
                            let holds = value.0 <= end.1 && value.1 >= start.0 && start.0 <= end.1;
                            let fails = value.0 < start.1 || value.1 > end.0 || start.1 > end.0;
                            Verdict::from_worlds(holds, fails)
                        }
                        _ => Verdict::UNKNOWN,
                    };
                    verdicts.push(doubted(verdict, (*one).min(*other)));
                }
            }
            Verdict::some(verdicts)
        }
    }
}

#[derive(Clone, Debug)]
enum Known {
    Times(Vec<Value>),
    /// The least and the greatest.
    Number((f64, f64)),
    Unknown,
    None,
}

fn known(world: &World<'_>, path: &Path, leaf: &Leaf) -> Known {
    let part = match &path.end {
        End::Values { part, .. } => *part,
        _ => ValuePart::Whole,
    };
    match leaf {
        Leaf::Unknown | Leaf::Beyond => Known::Unknown,
        Leaf::None => Known::None,
        Leaf::Code(field, code) if world.index.schema().field(*field).value_type.is_time() => {
            let all = times(world, *field, *code);
            if part == ValuePart::Length {
                let [only] = all.as_slice() else { panic!("no set of dates is generated") };
                let days = only.length();
                let side = |days: Option<i64>, open: f64| days.map_or(open, |days| days as f64);
                let least = side(days.least(), f64::NEG_INFINITY);
                return Known::Number((least, side(days.greatest(), f64::INFINITY)));
            }
            Known::Times(all.iter().map(|value| value.part(part.of_time()).into_owned()).collect())
        }
        Leaf::Code(_, code) => {
            let row = world.index.number(NumberRank(code.0)).unwrap();
            assert_eq!(row.least, row.greatest);
            Known::Number((row.least, row.least))
        }
        other => panic!("neither a date nor a number: {other:?}"),
    }
}

fn ends(world: &World<'_>, limit: &Limit, row: EntityId) -> Vec<(Known, Truth)> {
    match limit {
        Limit::Named(Named { values: NamedValues::Times(values), .. }) => {
            vec![(Known::Times(values.clone()), Truth::Certain)]
        }
        Limit::Named(Named { values: NamedValues::Number(number, _), .. }) => {
            vec![(Known::Number((*number, *number)), Truth::Certain)]
        }
        Limit::Named(other) => panic!("not generated: {other:?}"),
        Limit::Found(term) => {
            let found = found(world, term, row).into_iter();
            let found = found.map(|(leaf, path, truth)| match leaf {
                // Of a record that nobody knows it is not known either that it has such values.
                Leaf::Beyond => (Known::Unknown, truth.min(Truth::Possible)),
                leaf => (known(world, &path, &leaf), truth),
            });
            found.collect()
        }
    }
}

/// What is found of a record, or of others, with the path that led there.
fn found(world: &World<'_>, term: &Term, row: EntityId) -> Vec<(Leaf, Path, Truth)> {
    let from = |path: &Path, row, least: Truth| {
        let all = said(world, path, row).into_iter();
        all.map(|(leaf, truth)| (leaf, path.clone(), truth.min(least))).collect::<Vec<_>>()
    };
    match term {
        Term::Values(Values::OfRow(path)) => from(path, row, Truth::Certain),
        Term::Values(Values::Elsewhere { rows, path }) => {
            world.rows(rows).iter().flat_map(|(row, truth)| from(path, row, truth)).collect()
        }
        other => panic!("not generated: {other:?}"),
    }
}

fn is_named(world: &World<'_>, (path, left): (&Path, &Leaf), named: &Named) -> Verdict {
    match (left, &named.values) {
        (Leaf::Unknown | Leaf::Beyond, _) => Verdict::UNKNOWN,
        (Leaf::None, _) => Verdict::NO,
        (Leaf::Entity(record), NamedValues::Records(records)) => exact(records.contains(record)),
        (Leaf::Code(field, code), NamedValues::Texts(texts)) => {
            let text = match &world.index.schema().field(*field).value_type {
                Type::Words(words) => words[code.0 as usize].clone(),
                _ => world.index.string(StringId(code.0)).unwrap().to_owned(),
            };
            exact(texts.contains(&text))
        }
        (Leaf::Code(..), NamedValues::Times(values)) => {
            let Known::Times(own) = known(world, path, left) else { panic!("no date") };
            Verdict::some(own.iter().map(|own| {
                let each = values.iter().map(|value| own.compare(Operator::Equal, value));
                each.reduce(Verdict::or).unwrap()
            }))
        }
        (Leaf::Code(..), NamedValues::Number(number, _)) => {
            let Known::Number(own) = known(world, path, left) else { panic!("no number") };
            let may_hold = own.0 <= *number && *number <= own.1;
            Verdict::from_worlds(may_hold, own != (*number, *number))
        }
        other => panic!("not generated: {other:?}"),
    }
}
