//! How fast the index is built, opened and asked. `REGESTA_BENCH_RECORDS` sets the size, 100,000 unless told.

#![allow(clippy::print_stdout, missing_docs, clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "../tests/it/index_facts.rs"]
mod index_facts;

use divan::{Bencher, black_box, counter::ItemsCount};
use index_facts::{Builder, Random, bounds, reference, words};
use regesta::index::{Index, build, build_file};
use regesta::model::*;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Instant;

const PLACES: &[&str] = &[
    "Rapallo", "Locarno", "Berlin", "Moscow", "Paris", "Riga", "Tartu", "Lausanne", "Genoa",
    "Sèvres", "Trianon", "Neuilly", "London", "Prague", "Warsaw", "Kaunas", "Ankara", "Kabul",
    "Tehran", "Rome",
];
const SUBJECTS: &[&str] =
    &["commerce", "neutrality", "non-aggression", "assistance", "borders", "extradition", "peace"];

/// Six treaties to three events to one tenure, a few polities and persons: as people have them.
fn facts(records: u32) -> Facts {
    let mut random = Random::new(42);
    let mut base = Builder::new();
    for file in 0..50 {
        base.file(&format!("kb/part-{file}.kb"), file);
    }
    let polity = base.relation("polity", vec![("founded", Type::Date, Cardinality::OPTIONAL)]);
    let person = base.relation("person", vec![("born", Type::Date, Cardinality::OPTIONAL)]);
    let kinds = words(&["peace", "trade", "non-aggression", "neutrality", "mutual-assistance"]);
    let treaty = base.relation(
        "treaty",
        vec![
            ("signed", Type::Date, Cardinality::ONE),
            ("party", reference(&[1]), Cardinality { least: 2, greatest: None }),
            ("kind", kinds, Cardinality { least: 1, greatest: None }),
            ("extends", reference(&[3]), Cardinality::OPTIONAL),
        ],
    );
    let event = base.relation(
        "event",
        vec![
            ("date", Type::Date, Cardinality::ONE),
            ("participant", reference(&[1]), Cardinality::ANY),
            ("led-to", reference(&[4]), Cardinality::ANY),
        ],
    );
    let tenure = base.relation(
        "tenure",
        vec![
            ("person", reference(&[2]), Cardinality::ONE),
            ("period", Type::Period, Cardinality::ONE),
        ],
    );
    let days = 36_000.min(records);
    for day in 0..days {
        let text =
            base.string(&format!("{}-{:02}-{:02}", 1850 + day / 365, day % 12 + 1, day % 28 + 1));
        base.facts.dates.push(DatedText { bounds: bounds(day.into(), day.into()), text });
        let end = i64::from(day) + i64::from(day % 2000);
        base.facts.periods.push(DatedText { bounds: bounds(day.into(), end), text });
    }
    let plain = QualifierId(0);
    let source = base.record(RelationId(0), Some("archive"), Some("The archive"));
    base.facts.citations.push(vec![Citation { source, locator: None }]);
    let add = |base: &mut Builder, relation, id: String, name: Option<String>, file: u32| {
        let entity = base.record(relation, Some(&id), name.as_deref());
        let record = &mut base.facts.records[entity.index()];
        record.file = file % 50;
        record.line = entity.0 / 50 * 6;
        record.citation = CitationId(1);
        base.state(entity, "source", ValueCode(source.0), plain);
        entity
    };
    let polities = 200;
    let first_polity = base.facts.records.len() as u32;
    for number in 0..polities {
        let name = format!("Republic of {} {number}", PLACES[number as usize % PLACES.len()]);
        let entity = add(&mut base, polity, format!("polity-{number}"), Some(name), number);
        base.text(entity, "also", &format!("P{number}"));
    }
    let persons = records / 50;
    let first_person = base.facts.records.len() as u32;
    for number in 0..persons {
        let name = format!("Person {} Number{number}", SUBJECTS[number as usize % SUBJECTS.len()]);
        add(&mut base, person, format!("person-{number}"), Some(name), number);
    }
    let treaties = records * 6 / 10;
    let first_treaty = base.facts.records.len() as u32;
    for number in 0..treaties {
        let place = PLACES[random.below(20) as usize];
        let name = format!("Treaty of {place} on {}", SUBJECTS[random.below(7) as usize]);
        let id = format!("{}-{number}", place.to_lowercase());
        let entity = add(&mut base, treaty, id, Some(name), random.below(50));
        let day = u64::from(number) * u64::from(days) / u64::from(treaties);
        base.state(entity, "signed", ValueCode(day as u32), plain);
        for _ in 0..2 + random.below(3) / 2 {
            // The lower numbers are the great powers.
            let party =
                random.below(polities).min(random.below(polities)).min(random.below(polities));
            base.state(entity, "party", ValueCode(first_polity + party), plain);
        }
        base.state(entity, "kind", ValueCode(random.below(5)), plain);
        if random.below(20) == 0 {
            let other = first_treaty + random.below(number + 1);
            base.state(entity, "extends", ValueCode(other), plain);
        }
    }
    let events = records * 3 / 10;
    let first_event = base.facts.records.len() as u32;
    for number in 0..events {
        let name = format!("Conference at {}", PLACES[random.below(20) as usize]);
        let entity = add(&mut base, event, format!("event-{number}"), Some(name), random.below(50));
        let day = u64::from(number) * u64::from(days) / u64::from(events);
        base.state(entity, "date", ValueCode(day as u32), plain);
        base.state(entity, "participant", ValueCode(first_polity + random.below(polities)), plain);
        if number + 10 < events && random.below(2) == 0 {
            let effect = first_event + number + 1 + random.below(9);
            base.state(entity, "led-to", ValueCode(effect), plain);
        }
    }
    for number in 0..records.saturating_sub(base.facts.records.len() as u32) {
        let entity = base.record(tenure, None, None);
        base.facts.records[entity.index()].file = number % 50;
        base.state(entity, "person", ValueCode(first_person + random.below(persons.max(1))), plain);
        base.state(entity, "period", ValueCode(random.below(days)), plain);
    }
    base.facts
}

struct Base {
    facts: Facts,
    _folder: tempfile::TempDir,
    path: PathBuf,
    index: Index,
}

static BASE: LazyLock<Base> = LazyLock::new(|| {
    let records = std::env::var("REGESTA_BENCH_RECORDS").ok().and_then(|text| text.parse().ok());
    let facts = facts(records.unwrap_or(100_000));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let start = Instant::now();
    let index = build_file(&path, &facts).unwrap().keep().unwrap();
    let seconds = start.elapsed().as_secs_f64();
    let (bytes, records) = (index.byte_count(), facts.records.len());
    println!(
        "{records} records, {} statements, {} bytes of text in names and identifiers: {bytes} bytes, \
         {:.1} a record; built, written and synced in {seconds:.2} s",
        facts
            .schema
            .fields
            .iter()
            .zip(0..)
            .map(|(_, field)| facts.column(FieldId(field)).len())
            .sum::<usize>(),
        facts.strings.heap.len(),
        bytes as f64 / records as f64,
    );
    Base { facts, _folder: folder, path, index }
});

fn main() {
    LazyLock::force(&BASE);
    divan::main();
}

fn field(relation: &str, name: &str) -> FieldId {
    let schema = BASE.index.schema();
    schema.field_named(schema.relation_named(relation).unwrap(), name).unwrap()
}

#[divan::bench(sample_count = 5)]
fn build_in_memory(bencher: Bencher) {
    bencher
        .counter(ItemsCount::new(BASE.facts.records.len()))
        .bench(|| build(&BASE.facts).unwrap());
}

#[divan::bench]
fn open() -> Index {
    Index::open(&BASE.path).unwrap()
}

#[divan::bench]
fn open_and_look_up(bencher: Bencher) {
    let middle = EntityId(BASE.facts.records.len() as u32 / 2);
    let id = BASE.index.id_of(middle).unwrap().into_owned();
    let (signed, party) = (field("treaty", "signed"), field("treaty", "party"));
    bencher.bench(|| {
        let index = Index::open(&BASE.path).unwrap();
        let entity = index.find_id(&id).unwrap().unwrap();
        let date = index.column(signed).unwrap().values_of(entity).unwrap()[0];
        black_box(index.date_text(TimeRank(date.0)).unwrap().len());
        black_box(index.column(party).unwrap().values_of(entity).unwrap().len());
        black_box(index.name_of(entity).unwrap().map(str::len))
    });
}

#[divan::bench]
fn open_and_find_name(bencher: Bencher) {
    bencher.bench(|| {
        let index = Index::open(&BASE.path).unwrap();
        let found = index.find_names("p150").unwrap();
        assert_eq!(found.len(), 1);
    });
}

#[divan::bench]
fn open_and_postings_of_a_rare_party(bencher: Bencher) {
    let party = field("treaty", "party");
    let polities = BASE.index.records_of(RelationId(1));
    bencher.bench(|| {
        let index = Index::open(&BASE.path).unwrap();
        index.column(party).unwrap().postings(ValueCode(polities.end - 3)).unwrap().len()
    });
}

#[divan::bench]
fn postings_of_a_decade(bencher: Bencher) {
    let signed = field("treaty", "signed");
    bencher.bench(|| {
        let column = BASE.index.column(signed).unwrap();
        let decade = column.postings_between(black_box(3650..7300)).unwrap();
        (decade.total(), decade.run().unwrap().len())
    });
}

#[divan::bench]
fn count_by_party(bencher: Bencher) {
    let party = field("treaty", "party");
    bencher.bench(|| {
        let column = BASE.index.column(party).unwrap();
        let all = column.postings_between(0..ValueCode::LAST.0).unwrap();
        all.counts().map(|(_, count)| u64::from(count)).sum::<u64>()
    });
}

#[divan::bench]
fn scan_values_of_loaded_column(bencher: Bencher) {
    let party = field("treaty", "party");
    let column = BASE.index.column(party).unwrap();
    bencher.counter(ItemsCount::new(column.len())).bench(|| {
        let loaded = column.load().unwrap();
        let with = |(_, range): &(EntityId, std::ops::Range<u32>)| range.len() > 2;
        loaded.groups().filter(with).count()
    });
}

#[divan::bench]
fn values_of_each_record(bencher: Bencher) {
    let party = field("treaty", "party");
    let column = BASE.index.column(party).unwrap();
    bencher.counter(ItemsCount::new(column.records().len())).bench(|| {
        let lengths = column.records().map(|id| column.values_of(EntityId(id)).unwrap().len());
        lengths.sum::<usize>()
    });
}

#[divan::bench]
fn open_and_names_containing(bencher: Bencher) {
    let name = field("treaty", "name");
    bencher.bench(|| {
        let index = Index::open(&BASE.path).unwrap();
        index.containing(name, "sevr").unwrap().len()
    });
}

#[divan::bench]
fn open_and_names_containing_two_words(bencher: Bencher) {
    let name = field("treaty", "name");
    bencher.bench(|| {
        let index = Index::open(&BASE.path).unwrap();
        index.containing(name, "Sèvres on neutr").unwrap().len()
    });
}

#[divan::bench(sample_count = 20)]
fn open_and_near_names_of_polities(bencher: Bencher) {
    bencher.bench(|| {
        let index = Index::open(&BASE.path).unwrap();
        index.near_names("polty-150", Some(&[RelationId(1)])).unwrap().len()
    });
}

#[divan::bench(sample_count = 10)]
fn open_and_near_names_of_all(bencher: Bencher) {
    bencher.bench(|| {
        let index = Index::open(&BASE.path).unwrap();
        index.near_names("rapalo-7777", None).unwrap().len()
    });
}
