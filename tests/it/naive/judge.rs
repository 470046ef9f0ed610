//! Verdicts of conditions on one record.

use super::World;
use super::among::among;
use super::computed::computed_verdict;
use super::formulas::{compare_paths, holds_of_first};
use super::paths::{Leaf, Reached, reach, statements, step};
use regesta::model::{EntityId, FieldId, NumberRank, StringId, TimeRank, Type, ValueCode};
use regesta::query::expression::*;
use regesta::query::operators::*;
use regesta::time::{Date, Operator, Role, Stretch, Truth, Value, Verdict};

pub fn times(world: &World<'_>, field: FieldId, code: ValueCode) -> Vec<Value> {
    let (text, role) = match world.index.schema().field(field).value_type {
        Type::Period => (world.index.period_text(TimeRank(code.0)).unwrap(), Role::Period),
        _ => (world.index.date_text(TimeRank(code.0)).unwrap(), Role::Moment),
    };
    Date::parse(text, role).unwrap().values().to_vec()
}

/// What a time is compared with, and whether it is sure to be there.
pub fn literals(world: &World<'_>, against: &TimeAgainst) -> Vec<(Value, Truth)> {
    let (rows, path) = match against {
        TimeAgainst::Literal(values) => {
            return values.iter().map(|value| (value.clone(), Truth::Certain)).collect();
        }
        TimeAgainst::Values { rows, path } => (rows, path),
    };
    let mut values = Vec::new();
    for (row, truth) in world.rows(rows).iter() {
        for found in reach(world, path, row) {
            if matches!(found.leaf, Leaf::Unknown | Leaf::Beyond) {
                // All that is asked of dates here is asked of single days as well.
                values.push((Value::moment(Stretch::ALWAYS), Truth::Possible));
                continue;
            }
            let Leaf::Code(field, code) = found.leaf else { continue };
            let truth = truth.min(found.way).min(found.filters);
            values.extend(times(world, field, code).into_iter().map(|value| (value, truth)));
        }
    }
    values
}

/// Compares a time with what may not be there: where it is not, the comparison fails.
pub fn compare(value: &Value, operator: Operator, (other, there): &(Value, Truth)) -> Verdict {
    let verdict = value.compare(operator, other);
    if *there == Truth::Certain && !other.is_doubted() {
        return verdict;
    }
    let fails = match verdict.holds {
        Truth::No if !value.is_doubted() => Truth::Certain,
        _ => Truth::Possible,
    };
    Verdict { holds: verdict.holds.min(Truth::Possible), fails }
}

pub fn exact(holds: bool) -> Verdict {
    if holds { Verdict::CERTAIN } else { Verdict::NO }
}

fn test_verdict(world: &World<'_>, path: &Path, test: &Test, leaf: &Leaf) -> Verdict {
    match (leaf, test) {
        (Leaf::Beyond, _) => Verdict::UNKNOWN,
        (Leaf::Unknown, Test::IsUnknown) | (Leaf::None, Test::IsNone) => Verdict::CERTAIN,
        (_, Test::IsUnknown | Test::IsNone) => Verdict::NO,
        (Leaf::Unknown, _) => Verdict::UNKNOWN,
        (Leaf::None, _) => Verdict::NO,
        (Leaf::Entity(entity), Test::Records(rows)) => both(world.rows(rows).of(*entity)),
        (Leaf::Code(field, code), Test::Words(words)) => {
            exact(words.iter().any(|(each, places)| each == field && places.contains(&code.0)))
        }
        (Leaf::Code(_, code), Test::Text(TextTest::Contains(needle))) => {
            let text = world.index.string(StringId(code.0)).unwrap();
            exact(text.to_lowercase().contains(&needle.to_lowercase()))
        }
        (Leaf::Code(_, code), Test::Numbers(numbers)) => {
            let [number] = numbers.as_slice() else { panic!("no list is asked") };
            let row = world.index.number(NumberRank(code.0)).unwrap();
            assert_eq!(row.least, row.greatest);
            exact(match number.operator {
                Operator::Less => row.least < number.least,
                Operator::Greater => row.least > number.least,
                _ => row.least == number.least,
            })
        }
        (Leaf::Code(field, code), Test::Time(time)) => {
            let End::Values { part, .. } = &path.end else { panic!("dates are values") };
            let others = literals(world, &time.against);
            Verdict::some(times(world, *field, *code).iter().map(|value| {
                let value = value.part(part.of_time());
                let verdicts = others.iter().map(|other| compare(&value, time.operator, other));
                verdicts.reduce(Verdict::or).unwrap_or(Verdict::NO)
            }))
        }
        (Leaf::Code(field, code), Test::Days { operator, days }) => {
            let all = times(world, *field, *code);
            Verdict::some(all.iter().map(|value| value.test_length(*operator, *days)))
        }
        (leaf, test) => panic!("not generated: {leaf:?} {test:?}"),
    }
}

/// A verdict, and how surely there is anything to judge.
#[derive(Clone, Copy, Debug)]
struct Judged {
    verdict: Verdict,
    recorded: Truth,
}

impl Judged {
    fn doubted_if(self, doubt: bool) -> Judged {
        match doubt {
            true => Judged {
                verdict: self.verdict.doubted(),
                recorded: self.recorded.min(Truth::Possible),
            },
            false => self,
        }
    }

    fn some(all: Vec<Judged>) -> Judged {
        Judged {
            verdict: Verdict::some(all.iter().map(|each| each.verdict)),
            recorded: all.iter().map(|each| each.recorded).max().unwrap_or(Truth::No),
        }
    }

    /// Judges what stands behind a filter: what does not pass is recorded, and does not fulfil the test.
    fn filtered(self, filter: Truth) -> Judged {
        let holds = self.verdict.holds.min(filter);
        let fails = match holds {
            _ if filter == Truth::Certain => self.verdict.fails,
            Truth::No => self.recorded,
            _ => self.recorded.min(Truth::Possible),
        };
        Judged { verdict: Verdict { holds, fails }, ..self }
    }
}

/// Judges a comparison from a record, step by step: what hangs on one statement hangs together.
fn judge(
    world: &World<'_>,
    comparison: &Comparison,
    steps: &[Step],
    at: EntityId,
    turned: bool,
) -> Judged {
    let Comparison { path, test, .. } = comparison;
    let of_leaf = |leaf: &Leaf| {
        let verdict = test_verdict(world, path, test, leaf);
        Judged {
            verdict: if turned { verdict.negated() } else { verdict },
            recorded: Truth::Certain,
        }
    };
    let mut all = Vec::new();
    let (reached, rest) = match steps.split_first() {
        Some((first, rest)) => {
            let from =
                Reached { leaf: Leaf::Entity(at), way: Truth::Certain, filters: Truth::Certain };
            (step(world, first, &from), rest)
        }
        None => match &path.end {
            End::Values { fields, .. } => {
                let fields = fields.iter().filter(|field| {
                    world.index.schema().field(**field).relation
                        == world.index.relation_of(at).unwrap()
                });
                let leaves = fields.flat_map(|field| statements(world, *field, at));
                let reached =
                    leaves.map(|(leaf, way)| Reached { leaf, way, filters: Truth::Certain });
                (reached.collect(), steps)
            }
            _ => return of_leaf(&Leaf::Entity(at)),
        },
    };
    let is_end = steps.is_empty() || (rest.is_empty() && matches!(path.end, End::Records(_)));
    for Reached { leaf, way, filters } in reached {
        let judged = match &leaf {
            Leaf::Denied(denied) => {
                let is_value = !matches!(**denied, Leaf::Unknown | Leaf::None);
                let asked = || test_verdict(world, path, test, denied).holds == Truth::Certain;
                if is_end && is_value && asked() {
                    // Denied what is asked: it is recorded that it was not so, as far as the way there holds.
                    all.push(Judged { verdict: Verdict::NO, recorded: way });
                }
                continue;
            }
            Leaf::Entity(target) if !is_end => {
                judge(world, comparison, rest, *target, turned).filtered(filters)
            }
            Leaf::Unknown if !is_end => {
                let judged = Judged { verdict: Verdict::UNKNOWN, recorded: Truth::Certain };
                judged.filtered(filters)
            }
            // Where there is no record, its values are not there either.
            Leaf::None if !is_end => Judged { verdict: Verdict::NO, recorded: Truth::Certain },
            Leaf::Code(field, code) if world.index.schema().field(*field).value_type.is_time() => {
                let is_doubted = times(world, *field, *code).iter().all(Value::is_doubted);
                of_leaf(&leaf).doubted_if(is_doubted)
            }
            leaf => of_leaf(leaf).filtered(filters),
        };
        all.push(judged.doubted_if(way < Truth::Certain));
    }
    Judged::some(all)
}

pub fn has(world: &World<'_>, path: &Path, row: EntityId) -> Truth {
    let found = reach(world, path, row).into_iter();
    let values = found.filter(|found| !matches!(found.leaf, Leaf::None | Leaf::Denied(_)));
    let truths = values.map(|found| match found.leaf {
        Leaf::Beyond => Truth::Possible.min(found.way),
        _ => found.way.min(found.filters),
    });
    truths.max().unwrap_or(Truth::No)
}

pub fn complement(truth: Truth) -> Truth {
    match truth {
        Truth::Certain => Truth::No,
        Truth::Possible => Truth::Possible,
        Truth::No => Truth::Certain,
    }
}

pub fn both(holds: Truth) -> Verdict {
    Verdict { holds, fails: complement(holds) }
}

pub fn verdict(world: &World<'_>, condition: &Condition, row: EntityId) -> Verdict {
    match condition {
        Condition::Always => Verdict::CERTAIN,
        Condition::Never => Verdict::NO,
        Condition::And(parts) => parts
            .iter()
            .map(|part| verdict(world, part, row))
            .reduce(Verdict::and)
            .unwrap_or(Verdict::CERTAIN),
        Condition::Or(parts) => parts
            .iter()
            .map(|part| verdict(world, part, row))
            .reduce(Verdict::or)
            .unwrap_or(Verdict::NO),
        Condition::Not(inner) => verdict(world, inner, row).negated(),
        Condition::Certainly(inner) => exact(verdict(world, inner, row).holds == Truth::Certain),
        Condition::Possibly(inner) => exact(verdict(world, inner, row).holds > Truth::No),
        Condition::Computed(test) => computed_verdict(world, test, &[Some(row.0)]),
        Condition::Joined(scope) => both(holds_of_first(world, scope, row)),
        Condition::Has(path) => both(has(world, path, row)),
        Condition::Lacks(path) => both(complement(has(world, path, row))),
        Condition::Compare(Comparison {
            quantifier,
            path,
            test: Test::Path { operator, right },
        }) => compare_paths(world, *quantifier, (path, row), *operator, (right, row)),
        Condition::Compare(Comparison { quantifier, path, test: Test::Among(members) }) => {
            among(world, *quantifier, path, members, row)
        }
        Condition::Compare(comparison) => match comparison.quantifier {
            Quantifier::Some => {
                judge(world, comparison, &comparison.path.steps, row, false).verdict
            }
            Quantifier::No => {
                let holds =
                    judge(world, comparison, &comparison.path.steps, row, false).verdict.holds;
                both(complement(holds))
            }
            Quantifier::Every => {
                let fails =
                    judge(world, comparison, &comparison.path.steps, row, true).verdict.holds;
                Verdict { holds: has(world, &comparison.path, row).min(complement(fails)), fails }
            }
        },
    }
}
