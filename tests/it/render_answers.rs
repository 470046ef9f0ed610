//! Answers in each format.

use regesta::query::{Answers, Cell, CellValue, Match, Row, RowsOf};
use regesta::render::{AnswerFormat, Style, write_answers};

const QUERY: &str = "treaties where party = \"Soviet Union\"";

fn rendered(answers: &Answers, format: AnswerFormat) -> String {
    styled(answers, format, Style::PLAIN)
}

fn styled(answers: &Answers, format: AnswerFormat, style: Style) -> String {
    let mut bytes = Vec::new();
    write_answers(&mut bytes, QUERY, answers, format, style).expect("a Vec takes all");
    String::from_utf8(bytes).expect("only UTF-8 is written")
}

fn on_terminal(answers: &Answers, width: usize) -> String {
    styled(answers, AnswerFormat::Table, Style { color: false, width: Some(width) })
}

fn one(value: CellValue) -> Cell {
    Cell { values: vec![value], is_list: false }
}

fn many(values: Vec<CellValue>) -> Cell {
    Cell { values, is_list: true }
}

fn text(words: &str) -> CellValue {
    CellValue::Text(words.to_owned())
}

fn date(edtf: &str) -> CellValue {
    CellValue::Time { edtf: edtf.to_owned(), shown: edtf.to_owned() }
}

fn record(id: &str, name: &str) -> CellValue {
    CellValue::Entity { id: id.to_owned(), name: Some(name.to_owned()) }
}

fn row(id: &str, cells: Vec<Cell>) -> Row {
    Row {
        id: id.to_owned(),
        matched: Match::Certain,
        reason: String::new(),
        order_is_uncertain: false,
        cells,
    }
}

fn possible(row: Row, reason: &str) -> Row {
    Row { matched: Match::Possible, reason: reason.to_owned(), ..row }
}

fn answers(columns: &[&str], rows: Vec<Row>) -> Answers {
    let certain = rows.iter().filter(|row| row.matched == Match::Certain).count() as u64;
    Answers {
        rows_of: RowsOf::Records,
        columns: columns.iter().map(|column| column.to_string()).collect(),
        possible: rows.len() as u64 - certain,
        certain,
        rows,
        rows_left: 0,
        reasons: Default::default(),
        notes: Vec::new(),
        warnings: Vec::new(),
    }
}

fn example() -> Answers {
    let russia = record("russia", "USSR");
    let julian = CellValue::Time {
        edtf: "1918-02-18 julian".into(),
        shown: "1918-02-18 julian (1918-03-03)".into(),
    };
    answers(
        &["id", "name", "signed", "party", "ended"],
        vec![
            row(
                "brest-litovsk",
                vec![
                    one(text("brest-litovsk")),
                    one(text("Treaty of Brest-Litovsk")),
                    one(julian),
                    many(vec![record("germany", "Germany"), russia.clone()]),
                    one(CellValue::None),
                ],
            ),
            Row {
                order_is_uncertain: true,
                ..row(
                    "amity",
                    vec![
                        one(text("amity")),
                        one(text("Amity | 友好条約")),
                        one(date("192X")),
                        many(vec![russia.clone(), CellValue::Unknown]),
                        Cell::default(),
                    ],
                )
            },
            possible(
                row(
                    "secret",
                    vec![
                        one(text("secret")),
                        one(text("A line\nand a \x1b[31mred one")),
                        one(CellValue::Unknown),
                        many(vec![]),
                        one(CellValue::Unknown),
                    ],
                ),
                "disputed",
            ),
        ],
    )
}

#[test]
fn a_table_in_a_pipe_is_whole() {
    insta::assert_snapshot!(rendered(&example(), AnswerFormat::Table), @r#"
      id             name                       signed                          party          ended
      ─────────────  ─────────────────────────  ──────────────────────────────  ─────────────  ───────
      brest-litovsk  Treaty of Brest-Litovsk    1918-02-18 julian (1918-03-03)  Germany, USSR  none
    ≈ amity          Amity | 友好条約           192X                            USSR, unknown

    possible                                                                                            why
      secret         A line␊and a ␛[31mred one  unknown                                        unknown  disputed

    2 (+1 possible)
    "#);
}

#[test]
fn a_table_on_a_terminal_fits_and_says_what_it_cut() {
    let table = on_terminal(&example(), 70);
    assert!(table.lines().take(7).all(|line| line.chars().count() <= 70));
    insta::assert_snapshot!(table, @r#"
      id             name         signed
      ─────────────  ───────────  ──────────────────────────────
      brest-litovsk  Treaty of…   1918-02-18 julian (1918-03-03)
    ≈ amity          Amity | 友…  192X

    possible                                                      why
      secret         A line␊and…  unknown                         disputed

    2 (+1 possible)
    to fit 70 columns: cut: name; left out: party, ended (`show` picks
    columns, `--format csv` cuts nothing)
    "#);
}

#[test]
fn columns_are_left_out_where_there_is_no_room() {
    insta::assert_snapshot!(on_terminal(&example(), 40), @r#"
      id             name
      ─────────────  ─────────────
      brest-litovsk  Treaty of Br…
    ≈ amity          Amity | 友好…

    possible                        why
      secret         A line␊and a…  disputed

    2 (+1 possible)
    to fit 40 columns: cut: name; left out:
    signed, party, ended (`show` picks
    columns, `--format csv` cuts nothing)
    "#);
}

#[test]
fn no_width_is_too_small() {
    for width in 0..200 {
        on_terminal(&example(), width);
    }
}

#[test]
fn csv_and_tsv() {
    let csv = rendered(&example(), AnswerFormat::Csv).replace('\x1b', "<escape>");
    insta::assert_snapshot!(csv, @r#"
    id,name,signed,party,ended,match
    brest-litovsk,Treaty of Brest-Litovsk,1918-02-18 julian,germany; russia,none,certain
    amity,Amity | 友好条約,192X,russia; unknown,,certain
    secret,"A line
    and a <escape>[31mred one",unknown,,unknown,possible
    "#);
    let tabs = answers(&["id"], vec![row("a", vec![one(text("a\tb \"c\""))])]);
    insta::assert_snapshot!(rendered(&tabs, AnswerFormat::Tsv), @r#"
    id	match
    "a	b ""c"""	certain
    "#);
}

#[test]
fn a_terminal_gets_no_escapes_from_csv() {
    let style = Style { color: false, width: Some(80) };
    assert!(!styled(&example(), AnswerFormat::Csv, style).contains('\x1b'));
}

#[test]
fn json_and_jsonl() {
    insta::assert_snapshot!(rendered(&example(), AnswerFormat::Json), @r#"
    {"query":"treaties where party = \"Soviet Union\"","columns":["id","name","signed","party","ended"],"rows":[
    {"id":"brest-litovsk","match":"certain","name":"Treaty of Brest-Litovsk","signed":"1918-02-18 julian","party":["germany","russia"],"ended":{"none":true}},
    {"id":"amity","match":"certain","name":"Amity | 友好条約","signed":"192X","party":["russia",{"unknown":true}],"ended":null},
    {"id":"secret","match":"possible","name":"A line\nand a \u001b[31mred one","signed":{"unknown":true},"party":[],"ended":{"unknown":true}}
    ],"certain":2,"possible":1}
    "#);
    insta::assert_snapshot!(rendered(&example(), AnswerFormat::Jsonl), @r#"
    {"id":"brest-litovsk","match":"certain","name":"Treaty of Brest-Litovsk","signed":"1918-02-18 julian","party":["germany","russia"],"ended":{"none":true}}
    {"id":"amity","match":"certain","name":"Amity | 友好条約","signed":"192X","party":["russia",{"unknown":true}],"ended":null}
    {"id":"secret","match":"possible","name":"A line\nand a \u001b[31mred one","signed":{"unknown":true},"party":[],"ended":{"unknown":true}}
    "#);
}

#[test]
fn json_can_be_read_by_programs() {
    let json = rendered(&example(), AnswerFormat::Json);
    let object: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(object["query"], QUERY);
    assert_eq!(object["rows"][2]["name"], "A line\nand a \x1b[31mred one");
    assert_eq!(object["rows"][1]["party"], serde_json::json!(["russia", {"unknown": true}]));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(rendered(&example(), AnswerFormat::Markdown), @r#"
    | id | name | signed | party | ended |
    | --- | --- | --- | --- | --- |
    | brest-litovsk | Treaty of Brest-Litovsk | 1918-02-18 julian (1918-03-03) | Germany, USSR | none |
    | ≈ amity | Amity \| 友好条約 | 192X | USSR, unknown |  |

    **Possible**

    | id | name | signed | party | ended | why |
    | --- | --- | --- | --- | --- | --- |
    | secret | A line<br>and a ␛\[31mred one | unknown |  | unknown | disputed |

    2 (+1 possible)
    "#);
}

#[test]
fn ids_and_count() {
    insta::assert_snapshot!(rendered(&example(), AnswerFormat::Ids), @r#"
    brest-litovsk
    amity
    secret	possible
    "#);
    insta::assert_snapshot!(rendered(&example(), AnswerFormat::Count), @"2 (+1 possible)");
}

#[test]
fn an_empty_answer() {
    let empty = answers(&["id", "name"], vec![]);
    insta::assert_snapshot!(rendered(&empty, AnswerFormat::Table), @"0");
    insta::assert_snapshot!(rendered(&empty, AnswerFormat::Csv), @"id,name,match");
    insta::assert_snapshot!(rendered(&empty, AnswerFormat::Json), @r#"
    {"query":"treaties where party = \"Soviet Union\"","columns":["id","name"],"rows":[],"certain":0,"possible":0}
    "#);
    insta::assert_snapshot!(rendered(&empty, AnswerFormat::Ids), @"");
}

#[test]
fn a_limit_is_said() {
    let limited = Answers { certain: 12, possible: 4, ..example() };
    let table = rendered(&limited, AnswerFormat::Table);
    insta::assert_snapshot!(table.lines().last().unwrap_or(""), @"12 (+4 possible), of which 2 (+1 possible) shown");
}

#[test]
fn numbers_stand_right_and_are_numbers_in_json() {
    let number = |text: &str, value| CellValue::Number { text: text.into(), value };
    let numbers = answers(
        &["id", "share"],
        vec![
            row("a", vec![one(text("a")), one(number("1_500", Some(1500.0)))]),
            row("b", vec![one(text("b")), one(number("0.47", Some(0.47)))]),
            row("c", vec![one(text("c")), one(number("47 percent", None))]),
        ],
    );
    insta::assert_snapshot!(rendered(&numbers, AnswerFormat::Table), @r#"
    id       share
    ──  ──────────
    a        1_500
    b         0.47
    c   47 percent

    3
    "#);
    insta::assert_snapshot!(rendered(&numbers, AnswerFormat::Jsonl), @r#"
    {"id":"a","match":"certain","share":1500}
    {"id":"b","match":"certain","share":0.47}
    {"id":"c","match":"certain","share":"47 percent"}
    "#);
}

fn groups() -> Answers {
    let group = |kind: &str, certain, possible| {
        let cells =
            vec![one(CellValue::Word(kind.into())), one(CellValue::Count { certain, possible })];
        row("", cells)
    };
    let mut groups = answers(&["kind", "count"], vec![group("trade", 12, 2), group("peace", 3, 0)]);
    groups.rows_of = RowsOf::Groups;
    groups.rows.push(possible(group("military", 0, 1), "date"));
    Answers { certain: 15, possible: 3, ..groups }
}

#[test]
fn groups_have_counts() {
    insta::assert_snapshot!(rendered(&groups(), AnswerFormat::Table), @r#"
    kind                 count
    ────────  ────────────────
    trade     12 (+2 possible)
    peace                    3

    possible                    why
    military   0 (+1 possible)  date

    15 (+3 possible)
    "#);
    insta::assert_snapshot!(rendered(&groups(), AnswerFormat::Csv), @r#"
    kind,count,count_possible,match
    trade,12,2,certain
    peace,3,0,certain
    military,0,1,possible
    "#);
    insta::assert_snapshot!(rendered(&groups(), AnswerFormat::Jsonl), @r#"
    {"match":"certain","kind":"trade","count":{"certain":12,"possible":2}}
    {"match":"certain","kind":"peace","count":{"certain":3,"possible":0}}
    {"match":"possible","kind":"military","count":{"certain":0,"possible":1}}
    "#);
    assert!(AnswerFormat::Ids.refusal(RowsOf::Groups).is_some());
}

#[test]
fn a_query_that_only_counts() {
    let count = Answers { rows_of: RowsOf::Nothing, columns: vec![], ..example() };
    let count = Answers { rows: vec![], certain: 12, possible: 2, ..count };
    insta::assert_snapshot!(rendered(&count, AnswerFormat::Table), @"12 (+2 possible)");
    insta::assert_snapshot!(rendered(&count, AnswerFormat::Csv), @r#"
    certain,possible
    12,2
    "#);
    insta::assert_snapshot!(rendered(&count, AnswerFormat::Json), @r#"
    {"query":"treaties where party = \"Soviet Union\"","columns":[],"rows":[],"certain":12,"possible":2}
    "#);
    insta::assert_snapshot!(rendered(&count, AnswerFormat::Jsonl), @r#"
    {"certain":12,"possible":2}
    "#);
}

#[test]
fn columns_of_one_name_have_keys_of_their_own() {
    let cells = vec![one(text("x")), one(text("y")), one(text("z"))];
    let twice = answers(&["name", "name", "match"], vec![row("a", cells)]);
    insta::assert_snapshot!(rendered(&twice, AnswerFormat::Jsonl), @r#"
    {"id":"a","match":"certain","name":"x","name_2":"y","match_2":"z"}
    "#);
}
