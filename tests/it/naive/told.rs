//! Questions whose rows are statements, judged one by one.

use super::World;
use super::beyond::{Known, compared, given, refers};
use super::judge::{both, exact, verdict};
use super::paths::Leaf;
use super::world::{Found, Stated};
use regesta::model::{EntityId, FieldId, FieldRole, SOURCE_RELATION};
use regesta::query::expression::TimeAgainst;
use regesta::query::operators::TextTest;
use regesta::query::statement_rows::{StatementColumn, StatementCondition, ToldPath};
use regesta::time::{Truth, Verdict};

/// Hands each statement that may fulfil a condition to `see`.
fn each(
    world: &World<'_>,
    condition: &StatementCondition,
    see: &mut dyn FnMut(EntityId, &Stated, Truth),
) {
    for (field, number) in world.index.schema().fields.iter().zip(0..) {
        if field.role == FieldRole::Source {
            continue;
        }
        for id in world.index.records_of(field.relation) {
            for stated in world.stated(FieldId(number), EntityId(id)) {
                let truth = truth(world, EntityId(id), &stated, condition);
                if truth > Truth::No {
                    see(EntityId(id), &stated, truth);
                }
            }
        }
    }
}

/// Returns how many statements surely, and how many more possibly, fulfil a condition.
pub fn count(world: &World<'_>, condition: &StatementCondition) -> (u64, u64) {
    let (mut certain, mut possible) = (0, 0);
    each(world, condition, &mut |_, _, truth| match truth {
        Truth::Certain => certain += 1,
        _ => possible += 1,
    });
    (certain, possible)
}

/// Returns the records that statements are about, cite, or have as values.
pub fn records(
    world: &World<'_>,
    condition: &StatementCondition,
    column: StatementColumn,
) -> Found {
    let mut found = Found::default();
    each(world, condition, &mut |of, stated, truth| match (column, &stated.leaf) {
        (StatementColumn::Of, _) => found.add(of, truth),
        (StatementColumn::Source, _) => {
            for cited in world.index.citation(stated.citation).unwrap() {
                found.add(cited.source, truth);
            }
        }
        (StatementColumn::Value, Leaf::Entity(record)) => found.add(*record, truth),
        _ => {}
    });
    found
}

fn truth(
    world: &World<'_>,
    of: EntityId,
    stated: &Stated,
    condition: &StatementCondition,
) -> Truth {
    claimed(world, stated).min(judge(world, of, stated, condition).holds)
}

/// Judges whether a question's clauses take a statement, whatever its status.
pub fn claimed(world: &World<'_>, stated: &Stated) -> Truth {
    let sources = world.claims.according_to.iter();
    if sources.into_iter().any(|sources| !world.cites(stated.citation, sources)) {
        return Truth::No;
    }
    match (&world.claims.as_of, stated.qualifier.period) {
        (Some(as_of), Some(rank)) => world.touches(rank, as_of),
        (Some(_), None) if world.index.schema().field(stated.field).dated => Truth::Possible,
        _ => Truth::Certain,
    }
}

/// Judges a condition on a statement.
pub fn judge(
    world: &World<'_>,
    of: EntityId,
    stated: &Stated,
    condition: &StatementCondition,
) -> Verdict {
    let each = |part| judge(world, of, stated, part);
    let absent = Verdict::NOT_RECORDED;
    match condition {
        StatementCondition::Always => Verdict::CERTAIN,
        StatementCondition::And(parts) => parts.iter().map(each).reduce(Verdict::and).unwrap(),
        StatementCondition::Or(parts) => parts.iter().map(each).reduce(Verdict::or).unwrap(),
        StatementCondition::Not(inner) => each(inner).negated(),
        StatementCondition::Certainly(inner) => exact(each(inner).holds == Truth::Certain),
        StatementCondition::Possibly(inner) => exact(each(inner).holds > Truth::No),
        StatementCondition::Of { relations, condition } => {
            match relations.contains(&world.index.relation_of(of).unwrap()) {
                true => verdict(world, condition, of),
                false => absent,
            }
        }
        StatementCondition::Status(statuses) => exact(statuses.contains(&stated.qualifier.status)),
        StatementCondition::Has(StatementColumn::Period) => {
            exact(stated.qualifier.period.is_some())
        }
        StatementCondition::Has(StatementColumn::Source) => {
            exact(!given(world, of, stated, &ToldPath::of(StatementColumn::Source)).is_empty())
        }
        StatementCondition::Has(StatementColumn::Note) => exact(stated.qualifier.note.is_some()),
        StatementCondition::Period(test) => {
            let (Some(rank), TimeAgainst::Literal(others)) =
                (stated.qualifier.period, &test.against)
            else {
                return absent;
            };
            Verdict::some(world.period(rank).iter().map(|period| {
                let all = others.iter().map(|other| period.compare(test.operator, other));
                all.reduce(Verdict::or).unwrap()
            }))
        }
        StatementCondition::Source(condition) => {
            let cited = world.index.citation(stated.citation).unwrap();
            let each = cited.iter().map(|cited| {
                assert_eq!(world.index.relation_of(cited.source), Some(SOURCE_RELATION));
                verdict(world, condition, cited.source).holds
            });
            each.max().map_or(absent, both)
        }
        StatementCondition::HasValues(path) => exact(!given(world, of, stated, path).is_empty()),
        StatementCondition::Value { relations, condition } => match stated.leaf {
            Leaf::Unknown if refers(world, stated) => Verdict::UNKNOWN,
            Leaf::Entity(record)
                if relations.contains(&world.index.relation_of(record).unwrap()) =>
            {
                verdict(world, condition, record)
            }
            _ => absent,
        },
        StatementCondition::Compare(comparison) => compared(world, of, stated, comparison),
        StatementCondition::Words(column, TextTest::Is(names))
            if *column != StatementColumn::Field =>
        {
            let path = ToldPath::of(*column);
            let texts = given(world, of, stated, &path).into_iter().map(|(value, _)| match value {
                Known::Record(record) => vec![
                    world.index.id_of(record).unwrap().into_owned(),
                    world.index.name_of(record).unwrap().unwrap_or_default().to_owned(),
                ],
                Known::Text(text) => vec![text],
                Known::Unknown => vec!["unknown".to_owned()],
                Known::None => vec!["none".to_owned()],
                Known::Times(_) | Known::Number(_) => vec![],
            });
            let texts: Vec<String> = texts.flatten().collect();
            exact(
                texts.iter().any(|text| {
                    names.iter().any(|name| name.to_lowercase() == text.to_lowercase())
                }),
            )
        }
        StatementCondition::Words(StatementColumn::Field, TextTest::Is(names)) => {
            exact(names.contains(&world.index.schema().field(stated.field).name))
        }
        StatementCondition::ValueIn(rows) => exact(match stated.leaf {
            Leaf::Entity(entity) => world.rows(rows).of(entity) > Truth::No,
            _ => false,
        }),
        other => panic!("not generated: {other:?}"),
    }
}
