//! The index says what the facts say, whatever is asked.

use crate::index_facts::{Random, random, sample};
use regesta::index::{Index, IndexError, Needle, Standing, build};
use regesta::model::*;
use regesta::suggest::fold;
use std::fmt::Debug;
use std::sync::Arc;

const NEEDLES: &[&str] = &[
    "treaty",
    "brit",
    "Łódź",
    "lodz",
    "of the",
    "great brit",
    "-",
    "",
    "ччч",
    "чичер",
    "e",
    "n-a",
    "é",
];

/// Everything that an index answers, a line each.
pub fn dump(index: &Index) -> Result<Vec<String>, IndexError> {
    let mut lines = vec![format!("{:?} {:?}", index.schema(), index.files())];
    let mut say = |what: &str, said: &dyn Debug| lines.push(format!("{what} {said:?}"));
    for entity in (0..index.record_count()).map(EntityId) {
        say("relation", &index.relation_of(entity));
        let origin = index.origin_of(entity)?;
        say("origin", &(origin.file, origin.line));
        say("id", &index.id_of(entity)?);
        say("name", &index.name_of(entity)?);
        say("evidence", &(index.citation_of(entity)?, index.qualifier_of(entity)?));
    }
    for (relation, _) in index.schema().relations() {
        say("range", &index.records_of(relation));
    }
    for field in (0..index.schema().fields.len() as u32).map(FieldId) {
        let column = index.column(field)?;
        let loaded = column.load()?;
        for entity in column.records().map(EntityId) {
            let positions = column.statements_of(entity)?;
            assert_eq!(positions, loaded.statements_of(entity));
            assert_eq!(column.values_of(entity)?, loaded.values_of(entity));
            for position in positions {
                assert_eq!(column.entity_of(position)?, entity);
                assert_eq!(column.standing(position)?, loaded.standing(position));
                assert_eq!(column.value(position)?, loaded.value(position));
                let place = (column.value(position)?, column.line(position)?);
                say("statement", &(place, column.qualifier(position)?, column.standing(position)?));
            }
        }
        say("values", &column.values()?);
        say("total", &column.is_total());
        let recorded = column.recorded()?;
        say("recorded", &column.records().filter(|id| recorded.contains(EntityId(*id))).count());
        say("recorded", &recorded.len());
        for code in [ValueCode::NONE, ValueCode::UNKNOWN] {
            say("special", &column.postings(code)?);
        }
        if column.has_postings() {
            for code in column.keys()? {
                let postings = column.postings(code)?;
                assert_eq!(column.posting_count(code)? as usize, postings.len());
                say("posting", &(code, postings));
            }
            for range in [0..u32::MAX, 1..2, 2..7, 7..7] {
                let between = column.postings_between(range)?;
                let lists: Vec<_> = between.lists()?.collect();
                let counts: Vec<_> =
                    lists.iter().map(|(code, list)| (*code, list.len() as u32)).collect();
                assert_eq!(between.counts().collect::<Vec<_>>(), counts);
                let run: Vec<EntityId> = lists.iter().flat_map(|(_, list)| list.to_vec()).collect();
                assert_eq!(between.run()?, run);
                assert_eq!(between.total() as usize, run.len());
                say("between", &lists);
            }
        }
        if matches!(index.schema().field(field).value_type, Type::Text | Type::Url) {
            for needle in NEEDLES {
                say(needle, &index.containing(field, needle)?);
            }
        }
    }
    say("dates", &(index.dates()?, index.periods()?));
    for rank in 0..index.dates()?.len() as u32 {
        say("date", &index.date_text(TimeRank(rank))?);
    }
    for rank in 0..index.periods()?.len() as u32 {
        say("period", &index.period_text(TimeRank(rank))?);
    }
    for row in index.numbers()? {
        let text = index.string(row.text())?;
        say("number", &(row.least, row.greatest, row.unit(), text));
    }
    for id in 0..index.qualifier_count() {
        say("qualifier", &index.qualifier(QualifierId(id))?);
    }
    for id in 0..index.citation_count() {
        say("citation", &index.citation(CitationId(id))?);
    }
    for entity in (0..index.record_count()).map(EntityId) {
        if let Some(id) = index.written_id_of(entity)? {
            say("found", &index.find_id(id)?);
            say("found", &index.find_ids_ignoring_case(&id.to_uppercase())?);
        }
        if let Some(name) = index.name_of(entity)? {
            let found = index.find_names(&name.to_uppercase())?;
            let found: Vec<_> = found.iter().map(|entry| (entry.entity, entry.text)).collect();
            say("named", &found);
        }
    }
    Ok(lines)
}

/// The same from the facts, without any index.
fn expected(facts: &Facts) -> Vec<String> {
    let mut lines = vec![format!("{:?} {:?}", facts.schema, facts.files)];
    let mut say = |what: &str, said: &dyn Debug| lines.push(format!("{what} {said:?}"));
    let records = || (0..).map(EntityId).zip(&facts.records);
    for (_, record) in records() {
        say("relation", &Some(record.relation));
        let file = &facts.files[record.file as usize].path;
        say("origin", &(file, record.line));
        let relation = &facts.schema.relation(record.relation).name;
        let anonymous = format!("{relation}@{file}:{}", record.line);
        say("id", &record.id.map_or(anonymous.as_str(), |id| facts.strings.get(id)));
        say("name", &record.name.map(|name| facts.strings.get(name)));
        say("evidence", &(record.citation, record.qualifier));
    }
    for (relation, _) in facts.schema.relations() {
        say("range", &facts.records_of(relation));
    }
    let status = |statement: &Statement| facts.qualifiers[statement.qualifier.index()].status;
    for (number, field) in facts.schema.fields.iter().enumerate() {
        let column = facts.column(FieldId(number as u32));
        let statements: Vec<Statement> = column.iter().collect();
        let of = |entity: EntityId| statements.iter().filter(move |each| each.entity == entity);
        let mut recorded = 0;
        for entity in facts.records_of(field.relation).map(EntityId) {
            let accepted =
                |each: &Statement| matches!(status(each), Status::Accepted | Status::Preferred);
            let hides = field.cardinality.is_single() && of(entity).any(accepted);
            for each in of(entity) {
                let standing = match status(each) {
                    Status::Disputed if hides => Standing::Never,
                    other => Standing::of(other),
                };
                let place = (each.value, facts.line_of(each));
                say("statement", &(place, each.qualifier, standing));
            }
            recorded += usize::from(of(entity).any(|each| status(each).counts()));
        }
        say("values", &statements.iter().map(|each| each.value).collect::<Vec<_>>());
        say("total", &(recorded == facts.records_of(field.relation).len()));
        say("recorded", &recorded);
        say("recorded", &recorded);
        let posting = |code: ValueCode| {
            let stating = statements.iter().filter(|each| each.value == code);
            let mut entities: Vec<EntityId> = stating.map(|each| each.entity).collect();
            entities.dedup();
            entities
        };
        for code in [ValueCode::NONE, ValueCode::UNKNOWN] {
            say("special", &posting(code));
        }
        let mut keys: Vec<ValueCode> = statements.iter().map(|each| each.value).collect();
        keys.sort();
        keys.dedup();
        if !matches!(field.value_type, Type::Text | Type::Url) {
            for code in &keys {
                say("posting", &(code, posting(*code)));
            }
            for range in [0..u32::MAX, 1..2, 2..7, 7..7] {
                let within = keys.iter().filter(|key| key.is_known() && range.contains(&key.0));
                say("between", &within.map(|key| (key, posting(*key))).collect::<Vec<_>>());
            }
        } else {
            for needle in NEEDLES {
                let wanted = Needle::new(needle);
                let text = |each: &&Statement| {
                    each.value.is_known() && wanted.is_in(facts.strings.get(StringId(each.value.0)))
                };
                let mut found: Vec<_> =
                    statements.iter().filter(text).map(|each| each.entity).collect();
                found.dedup();
                say(needle, &found);
            }
        }
    }
    let all = |times: &[DatedText]| times.iter().map(|time| time.bounds).collect::<Vec<_>>();
    say("dates", &(all(&facts.dates), all(&facts.periods)));
    for time in &facts.dates {
        say("date", &facts.strings.get(time.text));
    }
    for time in &facts.periods {
        say("period", &facts.strings.get(time.text));
    }
    for row in &facts.numbers {
        say("number", &(row.least, row.greatest, row.unit, facts.strings.get(row.text)));
    }
    for qualifier in &facts.qualifiers {
        say("qualifier", qualifier);
    }
    for citation in &facts.citations {
        say("citation", citation);
    }
    let lower = |text: &str| text.to_uppercase().to_lowercase();
    let naming = |role| move |field: &&Field| field.role == role;
    for (_, record) in records() {
        if let Some(id) = record.id {
            let id = facts.strings.get(id);
            let exact = |other: &Record| other.id.map(|other| facts.strings.get(other)) == Some(id);
            say("found", &records().find(|(_, other)| exact(other)).map(|(entity, _)| entity));
            let alike = |other: &Record| {
                other.id.is_some_and(|other| lower(facts.strings.get(other)) == lower(id))
            };
            let found = records().filter(|(_, other)| alike(other)).map(|(entity, _)| entity);
            say("found", &found.collect::<Vec<_>>());
        }
        if let Some(name) = record.name {
            let name = facts.strings.get(name);
            let mut found = Vec::new();
            for (entity, other) in records() {
                for role in [FieldRole::Name, FieldRole::Also] {
                    let of =
                        facts.schema.fields.iter().position(|field| {
                            field.relation == other.relation && naming(role)(&field)
                        });
                    let stated = facts.column(FieldId(of.unwrap() as u32));
                    for each in stated.iter().filter(|each| each.entity == entity) {
                        let text = facts.strings.get(StringId(each.value.0));
                        if lower(text) == lower(name) {
                            found.push((entity, text));
                        }
                    }
                }
            }
            say("named", &found);
        }
    }
    lines
}

fn check_all(facts: &Facts) {
    let index = Index::in_memory(build(facts).unwrap()).unwrap();
    let (found, expected) = (dump(&index).unwrap(), expected(facts));
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn an_empty_base_is_an_index() {
    check_all(&Facts::default());
}

#[test]
fn the_sample_is_read_back() {
    check_all(&sample());
}

#[test]
fn random_bases_are_read_back() {
    for seed in 0..40 {
        check_all(&random(seed, 1 + Random::new(seed).below(120)));
    }
}

#[test]
fn names_carry_where_they_were_in_use() {
    let index = Index::in_memory(build(&sample()).unwrap()).unwrap();
    let found = index.find_names("soviet russia").unwrap();
    assert_eq!(found.len(), 1);
    assert!(!found[0].is_header);
    assert_eq!(index.period_of(found[0].qualifier).unwrap(), Some(TimeRank(0)));
    let found = index.find_names("RUSSIA").unwrap();
    assert_eq!(found.iter().map(|entry| entry.is_header).collect::<Vec<_>>(), [true]);
    assert_eq!(index.find_names("СОВЕТСКАЯ россия").unwrap().len(), 1);
}

#[test]
fn near_names_are_offered_best_first() {
    let index = Index::in_memory(build(&sample()).unwrap()).unwrap();
    let near = |written: &str, relations: Option<&[RelationId]>| {
        let near = index.near_names(written, relations).unwrap();
        near.into_iter().map(|name| name.text.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(near("Germny", None), ["germany"]);
    assert_eq!(near("polnad", None), ["poland"]);
    assert_eq!(near("Reich", None), ["Deutsches Reich"]);
    assert_eq!(near("rapallo 1922", None), ["rapallo-1922"]);
    assert_eq!(near("Rusia", None), ["russia"]);
    assert_eq!(near("Germny", Some(&[RelationId(2)])), Vec::<String>::new());
    assert_eq!(near("", None), Vec::<String>::new());
}

#[test]
fn completions_begin_as_asked() {
    let index = Index::in_memory(build(&sample()).unwrap()).unwrap();
    let texts = |prefix: &str, most: usize| {
        let found = index.starting_with(prefix, None, most).unwrap();
        found.into_iter().map(|found| found.text).collect::<Vec<_>>()
    };
    assert_eq!(texts("ger", 9), ["Germany", "germany"]);
    assert_eq!(texts("DEUTSCHES R", 9), ["Deutsches Reich"]);
    assert_eq!(texts("rus", 1), ["Russia"]);
    assert_eq!(texts("совет", 9), ["Советская Россия"]);
    assert_eq!(texts("x", 9), Vec::<&str>::new());
}

#[test]
fn an_index_is_shared_between_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Index>();
}

#[test]
fn near_names_are_those_of_suggest() {
    for seed in 0..20 {
        let facts = random(seed, 80);
        let index = Index::in_memory(build(&facts).unwrap()).unwrap();
        for written in ["tretay of rapallo", "lodz-1", "Id 20", "peace treaty", "pakt"] {
            let mut labels: Vec<&str> = Vec::new();
            for record in &facts.records {
                labels.extend(record.id.map(|id| facts.strings.get(id)));
            }
            for (field, number) in facts.schema.fields.iter().zip(0..) {
                if matches!(field.role, FieldRole::Name | FieldRole::Also) {
                    let column = facts.column(FieldId(number));
                    let texts = column.iter().map(|each| StringId(each.value.0));
                    labels.extend(texts.map(|text| facts.strings.get(text)));
                }
            }
            let best = regesta::suggest::nearest(written, labels);
            let found = index.near_names(written, None).unwrap();
            let spelled = |text: &str| strsim::osa_distance(&fold(written), &fold(text));
            let distance = best.first().map(|text| spelled(text));
            let found = found.iter().find(|name| name.nearness != regesta::index::Nearness::Part);
            assert_eq!(found.map(|name| spelled(name.text)), distance, "{written} {best:?}");
        }
    }
}

#[test]
fn the_same_facts_give_the_same_bytes_on_any_number_of_cores() {
    let facts = random(5, 40_000);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| build(&facts).unwrap())
    };
    let one = with(1);
    assert!(one.bytes() == with(7).bytes());
    assert!(one.bytes() == build(&facts.clone()).unwrap().bytes());
    let index = Index::in_memory(one).unwrap();
    index.verify().unwrap();
    assert_eq!(index.record_count(), 40_000);
}

fn change_party(facts: &mut Facts, change: impl FnOnce(&mut Vec<Statement>)) {
    let fields = &facts.schema.fields;
    let party = fields.iter().position(|field| field.name == "party").unwrap();
    let mut columns: Vec<Vec<Statement>> = (0..fields.len())
        .map(|field| facts.column(FieldId(field as u32)).iter().collect())
        .collect();
    change(&mut columns[party]);
    facts.columns = Some(Arc::new(columns));
}

#[test]
fn facts_that_do_not_fit_together_are_refused() {
    let broken = |change: fn(&mut Facts)| {
        let mut facts = sample();
        change(&mut facts);
        build(&facts).unwrap_err().to_string()
    };
    insta::assert_snapshot!(
        broken(|facts| facts.records.reverse()),
        @"the records are not sorted by relation: this is a fault of regesta, please report it"
    );
    insta::assert_snapshot!(
        broken(|facts| {
            change_party(facts, |statements| statements.reverse());
        }),
        @"field `party`: its statements are not sorted by record: this is a fault of regesta, please report it"
    );
    insta::assert_snapshot!(
        broken(|facts| {
            change_party(facts, |statements| statements[0].value = ValueCode(1000));
        }),
        @"field `party`: a value has no place in its table: this is a fault of regesta, please report it"
    );
}

#[test]
fn the_facts_of_an_index_give_the_same_index() {
    let bases = (0..8).map(|seed| random(seed, 400)).chain([sample(), random(3, 0)]);
    for facts in bases {
        let index = Arc::new(Index::in_memory(build(&facts).unwrap()).unwrap());
        let again = build(&index.facts().unwrap()).unwrap();
        assert!(Index::in_memory(again).unwrap().identity() == index.identity());
    }
}
