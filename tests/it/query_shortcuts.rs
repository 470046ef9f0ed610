//! What is counted from postings, or judged for few rows alone, is what going from record to record gives.

use crate::pages::Folder;
use crate::query::index_of;
use regesta::index::Index;
use regesta::model::Type;
use regesta::pipeline;
use regesta::query::{Allowance, Answers, Cell, Match};

fn ask(index: &Index, query: &str) -> Answers {
    let asked = pipeline::ask(index, query, &Allowance::default()).expect("the index is sound");
    asked.answers.unwrap_or_else(|| panic!("{query}: {:?}", asked.findings))
}

/// The groups with their sizes, whatever other columns there are.
fn groups(answers: &Answers) -> Vec<(Match, Vec<Cell>)> {
    answers.rows.iter().map(|row| (row.matched, row.cells[..2].to_vec())).collect()
}

#[test]
fn groups_are_counted_as_their_records_are() {
    let folder = Folder::of_kb();
    let index = pipeline::open(&folder.project(), || ()).expect("the index can be built");
    let mut compared = 0;
    for (id, relation) in index.schema().relations() {
        for (_, field) in index.schema().fields_of(id) {
            let mut paths = vec![field.name.clone()];
            if matches!(field.value_type, Type::Date | Type::Period) {
                paths.extend(["year", "decade"].map(|grain| format!("{}.{grain}", field.name)));
            }
            let own = relation.own_date.map_or("name ~ \"a\"", |_| "year < 1930");
            let few = "name ~ \"an\" and possibly source = notes";
            let conditions = [String::new(), format!("where {own}"), format!("where {few}")];
            for (path, condition) in
                paths.iter().flat_map(|path| conditions.iter().map(move |one| (path, one)))
            {
                let source = format!("{} {condition}", relation.name);
                let counted = ask(&index, &format!("{source} count by {path}"));
                let query = format!("{source} group by {path} show {path}, count(), count({path})");
                assert_eq!(groups(&counted), groups(&ask(&index, &query)), "{query}");
                compared += counted.rows.len();
            }
        }
    }
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn few_rows_are_judged_as_all_are() {
    let folder = Folder::of_kb();
    let index = pipeline::open(&folder.project(), || ()).expect("the index can be built");
    let ids = |query: &str| -> Vec<(String, Match)> {
        let answers = ask(&index, query);
        answers.rows.into_iter().map(|row| (row.id, row.matched)).collect()
    };
    let mut compared = 0;
    for (relation, date) in [
        ("treaties", "signed"),
        ("treaties", "year"),
        ("treaties", "ratified"),
        ("tenures", "period"),
        ("tenures", "period.start"),
        ("events", "date"),
        ("events", "decade"),
        ("polities", "ended"),
    ] {
        for test in ["< 1922", ">= 1922-04", "in 1918..1930", "!= 1922", "= 1917", "during 1920s"] {
            let condition = format!("{date} {test}");
            let all = ids(&format!("{relation} where {condition} show id"));
            for letter in ["a", "e", "th", "r"] {
                let some = ids(&format!("{relation} where name ~ \"{letter}\" show id"));
                let both = format!("{relation} where {condition} and name ~ \"{letter}\" show id");
                let in_some = |(id, _): &(String, Match)| some.iter().any(|(one, _)| one == id);
                let wanted: Vec<_> = all.iter().filter(|row| in_some(row)).cloned().collect();
                assert_eq!(ids(&both), wanted, "{both}");
                compared += wanted.len();
            }
        }
    }
    assert!(compared > 500, "{compared}");
}

#[test]
fn rows_made_on_all_cores_are_those_made_on_one() {
    let mut text = String::from("relation polity, polities \"A state\"\n  founded: date ?\n");
    text += "source notes \"Notes\"\ncite notes\n";
    for at in 0..6_000 {
        let year = 1000 + at % 700;
        let doubt = if at % 5 == 0 { "?" } else { "" };
        text += &format!("polity p{at} \"Number {at}\"\n  founded: {year}{doubt}\n");
    }
    let index = index_of(&text);
    let rows = |query: &str| ask(&index, query).rows;
    let all = rows("polities where founded < 2000 show id, name, founded");
    assert_eq!(all.len(), 6_000);
    // None of these is so many that it is shared.
    let certain = |row: &&regesta::query::Row| row.matched == Match::Certain;
    for matched in [Match::Certain, Match::Possible] {
        let mut parts = Vec::new();
        for century in 10..17 {
            let query = format!(
                "polities where founded < 2000 and founded in {century}00..{century}99 show id, name, founded"
            );
            parts.extend(rows(&query).into_iter().filter(|row| row.matched == matched));
        }
        let whole: Vec<_> = all.iter().filter(|row| row.matched == matched).collect();
        let cells = |row: &regesta::query::Row| (row.id.clone(), row.cells.clone());
        assert_eq!(
            whole.iter().map(|row| cells(row)).collect::<Vec<_>>(),
            parts.iter().map(cells).collect::<Vec<_>>()
        );
    }
    assert_eq!(all.iter().filter(certain).count(), 4_800);
}
