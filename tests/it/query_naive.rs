//! Planned evaluation against a naive one: random bases, random questions of the whole language, both sets of each
//! answer.

use crate::naive::{
    Found, World, count_distinct, count_statements, fold, generate, generate_told, groups,
    in_order, shown_term, tuples,
};
use crate::query::index_of;
use proptest::prelude::*;
use regesta::index::Index;
use regesta::model::EntityId;
use regesta::query::expression::{GroupColumn, Groups, Output, Query, Rows};
use regesta::query::operators::Fold;
use regesta::query::{Answers, Cell, CellValue, Match, Row, answer};
use regesta::resolve;
use regesta::source::Sources;
use regesta::time::Truth;
use std::collections::BTreeMap;

/// Asks a question and returns it typed, with its answer.
fn asked(index: &Index, text: &str) -> (Query, Answers) {
    let mut sources = Sources::new();
    let file = sources.add("query", text);
    let (query, said) = resolve::query(index, &sources, file).unwrap();
    let Some(query) = query else { panic!("{text}: {said:#?}") };
    let answers = answer(index, &query).unwrap();
    (query, answers)
}

const BOTH: [(Match, Truth); 2] =
    [(Match::Certain, Truth::Certain), (Match::Possible, Truth::Possible)];

fn of_match(answers: &Answers, wanted: Match) -> impl Iterator<Item = &Row> {
    answers.rows.iter().filter(move |row| row.matched == wanted)
}

fn naive_rows(world: &World<'_>, query: &Query, found: &Found, wanted: Truth) -> Vec<String> {
    let rows = in_order(world, query, found, wanted).into_iter();
    rows.map(|row| world.index.id_of(row).unwrap().into_owned()).collect()
}

fn label(cell: &Cell) -> String {
    match cell.values.as_slice() {
        [] => "not recorded".to_owned(),
        [CellValue::Unknown] => "unknown".to_owned(),
        [CellValue::None] => "none".to_owned(),
        [CellValue::Word(text) | CellValue::Text(text) | CellValue::Number { text, .. }] => {
            text.clone()
        }
        [CellValue::Entity { id, .. }] => id.clone(),
        [CellValue::Time { edtf, .. }] => edtf.clone(),
        other => panic!("no label: {other:?}"),
    }
}

fn counts(cell: &Cell) -> (usize, usize) {
    match cell.values.as_slice() {
        [CellValue::Count { certain, possible }] => (*certain as usize, *possible as usize),
        other => panic!("no count: {other:?}"),
    }
}

fn numbers(cell: &Cell) -> Vec<f64> {
    let number = |value: &CellValue| match value {
        CellValue::Number { value: Some(number), .. } => *number,
        other => panic!("no number: {other:?}"),
    };
    cell.values.iter().map(number).collect()
}

/// Compares the rows of a question, their order and their counts.
fn same_rows(index: &Index, base: &str, text: &str) -> Result<(), TestCaseError> {
    let (query, answers) = asked(index, text);
    let world = World::of(index, &query);
    let found = world.matched(&query);
    let most = query.limit.map_or(usize::MAX, |limit| limit as usize);
    for (matched, truth) in BOTH {
        let naive = naive_rows(&world, &query, &found, truth);
        let count = if matched == Match::Certain { answers.certain } else { answers.possible };
        prop_assert_eq!(count, naive.len() as u64, "{:?}: {}\n{}", matched, text, base);
        let planned: Vec<_> = of_match(&answers, matched).map(|row| row.id.clone()).collect();
        let naive: Vec<_> = naive.into_iter().take(most).collect();
        prop_assert_eq!(planned, naive, "{:?}: {}\n{}", matched, text, base);
    }
    Ok(())
}

/// Compares groups and what is folded over them.
fn same_groups(index: &Index, base: &str, text: &str) -> Result<(), TestCaseError> {
    let (query, answers) = asked(index, text);
    let Output::Groups(Groups { by, columns, .. }) = &query.output else {
        panic!("{text}: no groups")
    };
    let world = World::of(index, &query);
    let naive = groups(&world, by, &world.matched(&query));
    let planned: BTreeMap<String, &Row> =
        answers.rows.iter().map(|row| (label(&row.cells[0]), row)).collect();
    let labels = |all: Vec<&String>| all.into_iter().cloned().collect::<Vec<_>>();
    prop_assert_eq!(
        labels(planned.keys().collect()),
        labels(naive.keys().collect()),
        "{}\n{}",
        text,
        base
    );
    for (key, members) in &naive {
        let row = planned[key];
        for (column, cell) in columns.iter().zip(&row.cells) {
            match column {
                GroupColumn::Key => {}
                GroupColumn::Fold { path: None, .. } => {
                    let naive = (members.0.len(), members.1.len());
                    prop_assert_eq!(counts(cell), naive, "{}: {}\n{}", key, text, base);
                }
                GroupColumn::Fold { fold: Fold::Count, path: Some(path), written } => {
                    let (sure, all) = count_distinct(&world, path, members);
                    let naive = (sure, all - sure);
                    prop_assert_eq!(
                        counts(cell),
                        naive,
                        "{} of {}: {}\n{}",
                        written,
                        key,
                        text,
                        base
                    );
                }
                GroupColumn::Fold { fold: which, path: Some(path), written } => {
                    let naive = fold(&world, *which, path, members);
                    prop_assert_eq!(
                        numbers(cell),
                        naive,
                        "{} of {}: {}\n{}",
                        written,
                        key,
                        text,
                        base
                    );
                }
            }
        }
    }
    Ok(())
}

/// Compares the rows of a question for several records.
fn same_tuples(index: &Index, base: &str, text: &str) -> Result<(), TestCaseError> {
    let (query, answers) = asked(index, text);
    let Rows::Bindings(bindings) = &query.rows else { panic!("{text}: no bindings") };
    let world = World::of(index, &query);
    let naive = tuples(&world, &bindings.ways, bindings.width);
    for (matched, truth) in BOTH {
        let wanted = naive.iter().filter(|(_, found)| **found == truth);
        let mut wanted: Vec<Vec<String>> = wanted
            .map(|(tuple, _)| {
                let ids = tuple.iter().map(|id| index.id_of(EntityId(*id)).unwrap().into_owned());
                ids.collect()
            })
            .collect();
        wanted.sort();
        let rows = of_match(&answers, matched);
        let mut planned: Vec<Vec<String>> =
            rows.map(|row| row.cells.iter().map(label).collect()).collect();
        planned.sort();
        prop_assert_eq!(planned, wanted, "{:?}: {}\n{}", matched, text, base);
    }
    Ok(())
}

/// Compares what is shown beside the records of a polity `a` and a treaty `b`: folds, and the days between dates.
fn same_columns(index: &Index, base: &str, question: &str) -> Result<(), TestCaseError> {
    let text = format!(
        "{question} show a.id, b.id, count(b.party), sum(b.party.size), avg(a.treaties.party.size), \
         b.signed - a.founded sort by count(b.party) desc, b.signed - a.founded"
    );
    let (query, answers) = asked(index, &text);
    let Rows::Bindings(bindings) = &query.rows else { panic!("{text}: no bindings") };
    let world = World::of(index, &query);
    let [_, _, columns @ ..] = bindings.columns.as_slice() else { panic!("{text}: two records") };
    let record = |cell: &Cell| index.find_id(&label(cell)).unwrap().unwrap();
    for row in &answers.rows {
        let pair = [record(&row.cells[0]), record(&row.cells[1])].map(|record| Some(record.0));
        for (column, cell) in columns.iter().zip(&row.cells[2..]) {
            let shown: Vec<String> = cell.values.iter().map(CellValue::words).collect();
            let naive = shown_term(&world, column, &pair);
            prop_assert_eq!(shown, naive, "{}: {}\n{}", column.written(), text, base);
        }
    }
    let sure = |row: &&Row| counts(&row.cells[2]).0;
    for (matched, _) in BOTH {
        let rows: Vec<&Row> = of_match(&answers, matched).collect();
        prop_assert!(
            rows.is_sorted_by_key(|row| std::cmp::Reverse(sure(row))),
            "{}\n{}",
            text,
            base
        );
    }
    Ok(())
}

fn same_statements(index: &Index, base: &str, text: &str) -> Result<(), TestCaseError> {
    let (query, answers) = asked(index, text);
    let Rows::Statements(rows) = &query.rows else { panic!("{text}: no statements") };
    let world = World::of(index, &query);
    let naive = count_statements(&world, &rows.condition);
    prop_assert_eq!((answers.certain, answers.possible), naive, "{}\n{}", text, base);
    Ok(())
}

fn config() -> ProptestConfig {
    ProptestConfig {
        max_shrink_iters: 4000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn naive_evaluation_finds_the_same_records(
        base in generate::base(),
        questions in prop::collection::vec((generate::records(), generate::claims()), 12),
    ) {
        let index = index_of(&base);
        for (question, claims) in questions {
            same_rows(&index, &base, &format!("{question}{claims} show id"))?;
        }
    }

    #[test]
    fn naive_evaluation_puts_them_in_the_same_order(
        base in generate::base(),
        questions in prop::collection::vec((generate::of_treaties(), generate::claims(), generate::order()), 6),
    ) {
        let index = index_of(&base);
        for (condition, claims, order) in questions {
            same_rows(&index, &base, &format!("treaties where {condition}{claims}{order} show id"))?;
        }
    }

    #[test]
    fn naive_evaluation_makes_the_same_groups(
        base in generate::base(),
        questions in prop::collection::vec((generate::of_treaties(), generate::claims(), generate::grouping()), 6),
    ) {
        let index = index_of(&base);
        for (condition, claims, by) in questions {
            let folds = "count(), count(party), min(party.size), max(party.size), sum(party.size), avg(party.size)";
            let text = format!("treaties where {condition}{claims} group by {by} show {by}, {folds}");
            same_groups(&index, &base, &text)?;
        }
    }

    #[test]
    fn naive_evaluation_finds_the_same_tuples(
        base in generate::base(),
        questions in prop::collection::vec((generate::several(), generate::claims()), 4),
    ) {
        let index = index_of(&base);
        for (question, claims) in questions {
            same_tuples(&index, &base, &format!("{question}{claims}"))?;
        }
    }

    #[test]
    fn naive_evaluation_shows_the_same_beside_tuples(
        base in generate::base(),
        questions in prop::collection::vec((generate::pairs(), generate::claims()), 3),
    ) {
        let index = index_of(&base);
        for (question, claims) in questions {
            same_columns(&index, &base, &format!("{question}{claims}"))?;
        }
    }

    #[test]
    fn naive_evaluation_counts_the_same_statements(
        base in generate::base(),
        questions in prop::collection::vec((generate_told::told(), generate::claims()), 6),
    ) {
        let index = index_of(&base);
        for (condition, claims) in questions {
            same_statements(&index, &base, &format!("statements where {condition}{claims} count"))?;
        }
    }
}

/// What random questions have found: facts below the schema, and a question that was answered wrongly over them.
const FOUND: &[(&str, &str)] = &[
    // A source that says with whom a treaty was signed need not say anything else of them.
    (
        "polity p0\ntreaty t0\n  signed: 1919\n  party: p0 (source: carr)\n",
        "treaties where party = p0 according to carr show id",
    ),
    // Rows stand by the dates that their source gives.
    (
        "treaty t0\n  signed: 1925 (source: carr; rejected)\n  signed: 1919\n\
         treaty t1\n  signed: 1922 (source: carr; rejected)\n  signed: 1924\n",
        "treaties according to carr show id",
    ),
    // A denial at the end of several repeated steps is recorded as it is at the end of one.
    (
        "polity p0\n  allied: p1 (denied)\npolity p1\ntreaty t0\n  signed: 1919\n  party: p0\n",
        "treaties where not (party.allied)+ = p1 show id",
    ),
];

/// Of a record that nobody knows it is not known either that it has allies.
#[test]
fn what_lies_behind_an_unknown_record_is_possible() {
    let base = format!("{}treaty t0\n  signed: 1919\n  party: unknown\n", generate::SCHEMA);
    let index = index_of(&base);
    let question = "treaties group by party.allied show party.allied, count()";
    let (_, answers) = asked(&index, question);
    assert_eq!(counts(&answers.rows[0].cells[1]), (0, 1));
    same_groups(&index, &base, question).unwrap();
}

/// If the disputed ally is one, it is a party; if not, nothing is recorded to compare.
#[test]
fn what_hangs_on_one_statement_hangs_together() {
    let base = format!(
        "{}polity p0\n  allied: p1 (disputed)\npolity p1\npolity p2\ntreaty t0\n  signed: 1919\n  party: p1, p2\n",
        generate::SCHEMA
    );
    let index = index_of(&base);
    let question = "find a, b where a is polity and b is treaty and not a.allied = b.party";
    let (_, answers) = asked(&index, question);
    let of_p0 = answers.rows.iter().filter(|row| label(&row.cells[0]) == "p0").count();
    assert_eq!(of_p0, 0);
    same_tuples(&index, &base, question).unwrap();
}

#[test]
fn what_was_found_before_is_answered_rightly() {
    for (facts, question) in FOUND {
        let base = format!("{}{facts}", generate::SCHEMA);
        let index = index_of(&base);
        assert!(!asked(&index, question).1.rows.is_empty(), "{question}");
        same_rows(&index, &base, question).unwrap();
    }
}

/// Whether the party was one by then or not: no other is said by that source.
#[test]
fn what_a_statement_surely_fulfils_cannot_fail_by_it() {
    let facts =
        "polity p0\ntreaty t0\n  signed: 1919\n  party: p0 (1924/[1926,1931]; source: carr)\n";
    let index = index_of(&format!("{}{facts}", generate::SCHEMA));
    let of = |question| asked(&index, question).1;
    let plain = of("treaties where party[source = carr] = p0 as of 1924 show id");
    assert_eq!((plain.certain, plain.possible), (0, 1));
    let negated = of("treaties where not party[source = carr] = p0 as of 1924 show id");
    assert_eq!((negated.certain, negated.possible), (0, 0));
}

/// Rows of several relations whose source dates none of them: their order is one order all the same.
#[test]
fn rows_of_several_relations_stand_in_one_order() {
    let mut base = generate::SCHEMA.to_owned();
    for number in 0..60 {
        let other = (number * 7) % 60;
        base += &format!(
            "polity x{number:02}\n  founded: {}\n  also: \"A\" (source: carr)\n",
            1960 - other
        );
        base += &format!(
            "treaty x{number:02}t\n  signed: {}\n  terms: \"A\" (source: carr)\n",
            1900 + other
        );
    }
    let base = base.replace("  terms: \"A\"", "  note: \"A\"");
    let index = index_of(&base);
    same_rows(&index, &base, "everything according to carr show id").unwrap();
}
