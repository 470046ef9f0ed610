//! Certain answers against SQLite: the same facts as tables, the same question as SQL, compared row by row.

use crate::query::index_of;
use crate::sqlite::generate::{base, of_polities, of_treaties};
use crate::sqlite::questions::Condition;
use proptest::prelude::*;
use regesta::index::Index;
use regesta::query::{Answers, Cell, CellValue, answer};
use regesta::resolve;
use regesta::source::Sources;
use rusqlite::Connection;
use rusqlite::types::Value;

fn ask(index: &Index, text: &str) -> Answers {
    let mut sources = Sources::new();
    let file = sources.add("query", text);
    let (query, said) = resolve::query(index, &sources, file).unwrap();
    let Some(query) = query else { panic!("{text}: {said:#?}") };
    let answers = answer(index, &query).unwrap();
    assert_eq!(answers.possible, 0, "all is certain: {text}");
    answers
}

/// Returns the rows of a query, each cell as text.
fn select(tables: &Connection, sql: &str) -> Vec<Vec<String>> {
    let mut statement = tables.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let width = statement.column_count();
    let rows = statement.query_map([], |row| {
        (0..width)
            .map(|column| {
                Ok(match row.get::<_, Value>(column)? {
                    Value::Null => String::new(),
                    Value::Integer(number) => number.to_string(),
                    Value::Real(number) => number.to_string(),
                    Value::Text(text) => text,
                    Value::Blob(_) => panic!("no blobs"),
                })
            })
            .collect()
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn shown(cell: &Cell) -> String {
    match cell.values.as_slice() {
        [] => String::new(),
        [CellValue::Word(text) | CellValue::Text(text)] => text.clone(),
        [CellValue::Entity { id, .. }] => id.clone(),
        [CellValue::Time { edtf, .. }] => edtf.clone(),
        [CellValue::Number { value: Some(number), .. }] => number.to_string(),
        [CellValue::Count { certain, possible: 0 }] => certain.to_string(),
        other => panic!("not one certain value: {other:?}"),
    }
}

fn rows(answers: &Answers) -> Vec<Vec<String>> {
    answers.rows.iter().map(|row| row.cells.iter().map(shown).collect()).collect()
}

/// Treaties with their date, in the order of answers.
fn in_order(condition: &Condition, keys: &str) -> String {
    format!(
        "SELECT r.id, d.value FROM treaty r LEFT JOIN signed d ON d.of = r.id WHERE {} \
         ORDER BY {keys}d.value IS NULL, d.value, r.id",
        condition.holds("r.id", &mut 0)
    )
}

/// An order in Regesta's words and the same in SQL.
const ORDERS: &[(&str, &str)] = &[
    ("", ""),
    (" sort by id desc", "r.id DESC, "),
    (" sort by signed desc, id", "d.value IS NULL, d.value DESC, r.id, "),
    (
        " sort by cost",
        "(SELECT min(value) FROM cost WHERE of = r.id) IS NULL, (SELECT min(value) FROM cost WHERE of = r.id), ",
    ),
    (
        " sort by cost desc",
        "(SELECT max(value) FROM cost WHERE of = r.id) IS NULL, (SELECT max(value) FROM cost WHERE of = r.id) DESC, ",
    ),
];

/// What is grouped by, and the order of its groups in SQL; the schema's for words.
const GROUPS: &[(&str, &str, &str)] = &[
    ("kind", "LEFT JOIN kind g ON g.of = r.id", "g.value"),
    ("party", "LEFT JOIN party g ON g.of = r.id", "g.value"),
    ("cost", "LEFT JOIN cost g ON g.of = r.id", "g.value"),
    (
        "extends.kind",
        "LEFT JOIN (SELECT DISTINCT e.of AS of, k.value AS value FROM extends e, kind k WHERE k.of = e.value) g \
         ON g.of = r.id",
        "g.value",
    ),
    (
        "decade",
        "LEFT JOIN (SELECT of, substr(value, 1, 3) || 'X' AS value FROM signed) g ON g.of = r.id",
        "g.value",
    ),
];

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
    fn sqlite_finds_the_same_rows_in_the_same_order(
        base in base(),
        conditions in prop::collection::vec((of_treaties(2), 0..ORDERS.len(), 0..9usize), 8),
    ) {
        let (index, tables) = (index_of(&base.facts()), base.tables());
        for (condition, order, limit) in conditions {
            let (order, keys) = ORDERS[order];
            let (limit, most) = match limit {
                0..5 => (format!(" limit {limit}"), limit),
                _ => (String::new(), usize::MAX),
            };
            let text = format!("treaties where {}{order}{limit} show id, signed", condition.text());
            let sql = in_order(&condition, keys);
            let answers = ask(&index, &text);
            let mut wanted = select(&tables, &sql);
            prop_assert_eq!(answers.certain, wanted.len() as u64, "{}\n{}\n{}", text, sql, base.facts());
            wanted.truncate(most);
            prop_assert_eq!(rows(&answers), wanted, "{}\n{}\n{}", text, sql, base.facts());
        }
    }

    #[test]
    fn sqlite_finds_the_same_polities(
        base in base(),
        conditions in prop::collection::vec(of_polities(2), 8),
    ) {
        let (index, tables) = (index_of(&base.facts()), base.tables());
        for condition in conditions {
            let text = format!("polities where {} sort by id show id", condition.text());
            let sql = format!(
                "SELECT r.id FROM polity r WHERE {} ORDER BY r.id",
                condition.holds("r.id", &mut 0)
            );
            let wanted = select(&tables, &sql);
            prop_assert_eq!(rows(&ask(&index, &text)), wanted, "{}\n{}\n{}", text, sql, base.facts());
        }
    }

    #[test]
    fn sqlite_makes_the_same_groups(
        base in base(),
        questions in prop::collection::vec((of_treaties(1), 0..GROUPS.len()), 6),
    ) {
        let (index, tables) = (index_of(&base.facts()), base.tables());
        for (condition, group) in questions {
            let (by, join, key) = GROUPS[group];
            let holds = condition.holds("r.id", &mut 0);
            let condition = condition.text();
            let text = format!(
                "treaties where {condition} group by {by} show {by}, count(), min(cost), max(cost), sum(cost), avg(cost)"
            );
            let sql = format!(
                "SELECT {key}, count(DISTINCT r.id), min(c.value), max(c.value), sum(c.value), avg(c.value) \
                 FROM treaty r {join} LEFT JOIN cost c ON c.of = r.id WHERE {holds} \
                 GROUP BY {key} ORDER BY {key} IS NULL, {key}"
            );
            let wanted = select(&tables, &sql);
            prop_assert_eq!(rows(&ask(&index, &text)), wanted, "{}\n{}\n{}", text, sql, base.facts());
            let text = format!("treaties where {condition} count by {by}");
            let wanted: Vec<_> =
                select(&tables, &sql).into_iter().map(|row| row[..2].to_vec()).collect();
            prop_assert_eq!(rows(&ask(&index, &text)), wanted, "{}\n{}\n{}", text, sql, base.facts());
            let sql = format!("SELECT count(*) FROM treaty r WHERE {holds}");
            let text = format!("treaties where {condition} count");
            let counted = ask(&index, &text).certain.to_string();
            prop_assert_eq!(vec![vec![counted]], select(&tables, &sql), "{}\n{}", text, base.facts());
        }
    }
}
