//! What lies beyond the parts of a statement, and how it is compared: each kind in its own way.

use super::World;
use super::judge::exact;
use super::paths::Leaf;
use super::world::Stated;
use regesta::model::{EntityId, FieldId, NumberRank, StringId, Type};
use regesta::query::expression::{End, Path};
use regesta::query::operators::{Quantifier, ValuePart};
use regesta::query::statement_rows::{
    Beyond, StatementColumn, ToldAgainst, ToldComparison, ToldPath, ToldSide,
};
use regesta::query::terms::{Term, Values};
use regesta::time::{Grain, Operator, Stretch, Truth, Value, Verdict};

/// A value that a path from a statement leads to.
#[derive(Clone, Debug)]
pub enum Known {
    Times(Vec<Value>),
    Number((f64, f64)),
    Record(EntityId),
    Text(String),
    Unknown,
    None,
}

/// Returns what a path from a statement leads to.
pub fn given(
    world: &World<'_>,
    of: EntityId,
    stated: &Stated,
    path: &ToldPath,
) -> Vec<(Known, Truth)> {
    let sure = |known| vec![(known, Truth::Certain)];
    let records: Vec<EntityId> = match path.column {
        StatementColumn::Of => vec![of],
        StatementColumn::Source => {
            let cited = world.index.citation(stated.citation).unwrap();
            cited.iter().map(|cited| cited.source).collect()
        }
        StatementColumn::Value => match stated.leaf {
            Leaf::Entity(record) => vec![record],
            _ => vec![],
        },
        _ => vec![],
    };
    let part = |values: Vec<Value>, part: ValuePart| match part {
        ValuePart::Length => {
            let length = values[0].length();
            let least = length.least().map_or(f64::NEG_INFINITY, |days| days as f64);
            Known::Number((least, length.greatest().map_or(f64::INFINITY, |days| days as f64)))
        }
        part => {
            let each = values.iter().map(|value| value.part(part.of_time()).into_owned());
            Known::Times(each.collect())
        }
    };
    match (&path.beyond, path.column) {
        (Beyond::Path(beyond), _) => {
            let mut all = Vec::new();
            match stated.leaf {
                Leaf::Unknown | Leaf::None
                    if path.column == StatementColumn::Value && !refers(world, stated) =>
                {
                    return vec![];
                }
                Leaf::Unknown if path.column == StatementColumn::Value => {
                    return vec![(Known::Unknown, Truth::Possible)];
                }
                Leaf::None if path.column == StatementColumn::Value => return sure(Known::None),
                _ => {}
            }
            for record in records {
                for (leaf, truth) in super::outputs::values(world, beyond, record) {
                    all.push((known(world, &leaf, part_of(beyond)), truth));
                }
            }
            all
        }
        (Beyond::Part(of_time), StatementColumn::Period) => match stated.qualifier.period {
            Some(rank) => sure(part(world.period(rank), *of_time)),
            None => vec![],
        },
        (Beyond::Part(of_time), _) => match &stated.leaf {
            Leaf::Unknown => sure(Known::Unknown),
            Leaf::None => sure(Known::None),
            Leaf::Code(field, code) if world.index.schema().field(*field).value_type.is_time() => {
                sure(part(super::judge::times(world, *field, *code), *of_time))
            }
            _ => vec![],
        },
        (Beyond::Nothing, StatementColumn::Value) => {
            sure(known(world, &stated.leaf, ValuePart::Whole))
        }
        (Beyond::Nothing, StatementColumn::Period) => match stated.qualifier.period {
            Some(rank) => sure(Known::Times(world.period(rank))),
            None => vec![],
        },
        (Beyond::Nothing, StatementColumn::Field) => {
            sure(Known::Text(world.index.schema().field(stated.field).name.clone()))
        }
        (Beyond::Nothing, _) => {
            records.into_iter().map(|record| (Known::Record(record), Truth::Certain)).collect()
        }
    }
}

pub fn refers(world: &World<'_>, stated: &Stated) -> bool {
    !world.index.schema().field(stated.field).value_type.targets().is_empty()
}

fn part_of(path: &Path) -> ValuePart {
    match &path.end {
        End::Values { part, .. } => *part,
        _ => ValuePart::Whole,
    }
}

fn known(world: &World<'_>, leaf: &Leaf, part: ValuePart) -> Known {
    match leaf {
        Leaf::Unknown | Leaf::Beyond => Known::Unknown,
        Leaf::None => Known::None,
        Leaf::Entity(record) => Known::Record(*record),
        Leaf::Denied(_) => panic!("denied"),
        Leaf::Code(field, code) => match &world.index.schema().field(*field).value_type {
            Type::Date | Type::Period => {
                let all = super::judge::times(world, *field, *code);
                Known::Times(
                    all.iter().map(|value| value.part(part.of_time()).into_owned()).collect(),
                )
            }
            Type::Words(words) => Known::Text(words[code.0 as usize].clone()),
            Type::Integer => {
                let row = world.index.number(NumberRank(code.0)).unwrap();
                Known::Number((row.least, row.greatest))
            }
            Type::Text | Type::Url => {
                Known::Text(world.index.string(StringId(code.0)).unwrap().to_owned())
            }
            other => panic!("not generated: {other:?}"),
        },
    }
}

fn of_two_kinds(operator: Operator) -> Verdict {
    if operator == Operator::Equal { Verdict::NO } else { Verdict::NOT_RECORDED }
}

/// Compares two values, each kind in its own way.
fn pair(operator: Operator, grain: Option<Grain>, left: &Known, right: &Known) -> Verdict {
    match (left, right) {
        (Known::None, _) | (_, Known::None) => Verdict::NO,
        (Known::Unknown, _) | (_, Known::Unknown) => Verdict::UNKNOWN,
        (Known::Times(lefts), Known::Times(rights)) => Verdict::some(lefts.iter().map(|left| {
            Verdict::some(rights.iter().map(|right| match grain {
                Some(grain) => left.compare_units(grain, operator, right),
                None => left.compare(operator, right),
            }))
        })),
        (Known::Number(one), Known::Number(two)) => {
            let (holds, fails) = match operator {
                Operator::Less => (one.0 < two.1, one.1 >= two.0),
                Operator::Greater => (one.1 > two.0, one.0 <= two.1),
                Operator::Equal => (one.0 <= two.1 && two.0 <= one.1, one.0 != one.1 || one != two),
                other => panic!("not generated: {other:?}"),
            };
            Verdict::from_worlds(holds, fails)
        }
        (Known::Record(one), Known::Record(two)) if operator == Operator::Equal => {
            exact(one == two)
        }
        (Known::Text(one), Known::Text(two)) if operator == Operator::Equal => {
            exact(one.to_lowercase() == two.to_lowercase())
        }
        _ => of_two_kinds(operator),
    }
}

/// What a side is for a left value: a named one is read as that kind.
fn sides(
    world: &World<'_>,
    (of, stated): (EntityId, &Stated),
    side: &ToldSide,
    left: &Known,
) -> Option<Vec<(Known, Truth)>> {
    let sure = |known| Some(vec![(known, Truth::Certain)]);
    match side {
        ToldSide::Told(path) => Some(given(world, of, stated, path)),
        ToldSide::Found(Term::Values(Values::Elsewhere { rows, path })) => {
            let mut all = Vec::new();
            for (row, truth) in world.rows(rows).iter() {
                for (leaf, way) in super::outputs::values(world, path, row) {
                    all.push((known(world, &leaf, part_of(path)), truth.min(way)));
                }
            }
            Some(all)
        }
        ToldSide::Found(other) => panic!("not generated: {other:?}"),
        ToldSide::Named(named) => match left {
            Known::Unknown => sure(Known::Unknown),
            Known::Times(_) if !named.times.is_empty() => sure(Known::Times(named.times.clone())),
            Known::Number(_) => {
                named.number.as_ref().and_then(|number| sure(Known::Number((number.0, number.0))))
            }
            Known::Record(_) if !named.records.is_empty() => Some(
                named.records.iter().map(|each| (Known::Record(*each), Truth::Certain)).collect(),
            ),
            Known::Text(_) if !named.texts.is_empty() => Some(
                named
                    .texts
                    .iter()
                    .map(|each| (Known::Text(each.clone()), Truth::Certain))
                    .collect(),
            ),
            _ => None,
        },
    }
}

/// Tells whether a value of a field may be of the kind that it is compared with.
fn may_be(world: &World<'_>, stated: &Stated, against: &ToldAgainst) -> bool {
    let field = |field: FieldId| &world.index.schema().field(field).value_type;
    let kind = field(stated.field);
    let is_record = !kind.targets().is_empty();
    let at_end = |path: &Path| match &path.end {
        End::Records(_) => is_record,
        End::Values { part: ValuePart::Length, .. } => kind.is_number(),
        End::Values { fields, .. } => fields.iter().any(|each| {
            (field(*each).is_time() && kind.is_time())
                || (field(*each).is_number() && kind.is_number())
        }),
        other => panic!("not generated: {other:?}"),
    };
    let fits = |side: &ToldSide| match side {
        ToldSide::Named(named) => {
            (kind.is_time() && !named.times.is_empty())
                || (kind.is_number() && named.number.is_some())
                || (is_record && !named.records.is_empty())
                || (matches!(kind, Type::Text | Type::Words(_)) && !named.texts.is_empty())
        }
        ToldSide::Told(path) => match (&path.beyond, path.column) {
            (Beyond::Nothing, StatementColumn::Of | StatementColumn::Source) => is_record,
            (Beyond::Path(path), _) => at_end(path),
            (Beyond::Nothing, StatementColumn::Period) => kind.is_time(),
            other => panic!("not generated: {other:?}"),
        },
        ToldSide::Found(Term::Values(Values::Elsewhere { path, .. })) => at_end(path),
        ToldSide::Found(other) => panic!("not generated: {other:?}"),
    };
    match against {
        ToldAgainst::OneOf { sides, .. } => sides.iter().any(fits),
        ToldAgainst::Between { from, to, .. } => fits(from) && fits(to),
    }
}

pub fn compared(
    world: &World<'_>,
    of: EntityId,
    stated: &Stated,
    comparison: &ToldComparison,
) -> Verdict {
    let doubted = |verdict: Verdict, truth| match truth {
        Truth::Certain => verdict,
        _ => verdict.doubted(),
    };
    let is_value = comparison.left.column == StatementColumn::Value
        && comparison.left.beyond == Beyond::Nothing;
    let mut verdicts = Vec::new();
    for (left, truth) in given(world, of, stated, &comparison.left) {
        if is_value && !may_be(world, stated, &comparison.against) {
            let is_equality =
                matches!(&comparison.against, ToldAgainst::OneOf { operator: Operator::Equal, .. });
            if !is_equality || matches!(left, Known::Unknown) {
                continue;
            }
        }
        let verdict = match &comparison.against {
            ToldAgainst::OneOf { operator, grain, sides: all } => {
                let each = all.iter().map(|side| match (&left, side) {
                    (Known::Unknown, ToldSide::Named(_)) => Verdict::UNKNOWN,
                    (Known::None, ToldSide::Named(_)) => Verdict::NO,
                    (left, side) => match sides(world, (of, stated), side, left) {
                        // One of the values that are named is enough.
                        Some(rights) if matches!(side, ToldSide::Named(_)) => {
                            let each = rights
                                .iter()
                                .map(|(right, _)| pair(*operator, *grain, left, right));
                            each.reduce(Verdict::or).unwrap()
                        }
                        Some(rights) => Verdict::some(rights.iter().map(|(right, there)| {
                            doubted(pair(*operator, *grain, left, right), *there)
                        })),
                        None => of_two_kinds(*operator),
                    },
                });
                each.reduce(Verdict::or).unwrap()
            }
            ToldAgainst::Between { from, to, grain } => {
                assert!(grain.is_none(), "not generated");
                let starts = sides(world, (of, stated), from, &left).unwrap_or_default();
                let ends = sides(world, (of, stated), to, &left).unwrap_or_default();
                let mut pairs = Vec::new();
                for (start, one) in &starts {
                    for (end, other) in &ends {
                        let anywhere = match left {
                            Known::Times(_) => Known::Times(vec![Value::moment(Stretch::ALWAYS)]),
                            Known::Number(_) => Known::Number((f64::NEG_INFINITY, f64::INFINITY)),
                            _ => Known::Unknown,
                        };
                        let place = |end| match end {
                            &Known::Unknown => &anywhere,
                            end => end,
                        };
                        let (start, end) = (place(start), place(end));
                        let verdict = match (&left, start, end) {
                            (Known::None, _, _) | (_, Known::None, _) | (_, _, Known::None) => {
                                Verdict::NO
                            }
                            (Known::Unknown, _, _)
                            | (_, Known::Unknown, _)
                            | (_, _, Known::Unknown) => Verdict::UNKNOWN,
                            (Known::Times(values), Known::Times(starts), Known::Times(ends)) => {
                                values[0].lies_between(&starts[0], &ends[0])
                            }
                            (Known::Number(value), Known::Number(start), Known::Number(end)) => {
                                let holds =
                                    value.0 <= end.1 && value.1 >= start.0 && start.0 <= end.1;
                                let fails = value.0 < start.1 || value.1 > end.0 || start.1 > end.0;
                                Verdict::from_worlds(holds, fails)
                            }
                            _ => Verdict::NO,
                        };
                        pairs.push(doubted(verdict, (*one).min(*other)));
                    }
                }
                Verdict::some(pairs)
            }
        };
        if verdict != Verdict::NOT_RECORDED {
            verdicts.push(doubted(verdict, truth));
        }
    }
    match comparison.quantifier {
        Quantifier::Some => Verdict::some(verdicts),
        Quantifier::Every => Verdict::every(verdicts),
        Quantifier::No => Verdict::some(verdicts).negated(),
    }
}
