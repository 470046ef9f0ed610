//! A record's page, and the long text of a code.

use regesta::diagnostic::{CODES, code};
use regesta::model::Status;
use regesta::query::{
    CellValue, CitedSource, Qualifiers, RecordField, RecordPage, RecordStatement, References,
    Referrer,
};
use regesta::render::{Style, explain, write_record, write_record_json};

fn date(edtf: &str) -> CellValue {
    CellValue::Time { edtf: edtf.to_owned(), shown: edtf.to_owned() }
}

fn record(id: &str, name: &str) -> CellValue {
    CellValue::Entity { id: id.to_owned(), name: Some(name.to_owned()) }
}

fn source(id: &str, name: Option<&str>, locator: Option<&str>) -> CitedSource {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    CitedSource { id: id.to_owned(), name: owned(name), locator: owned(locator) }
}

fn statement(value: CellValue, line: u32, qualifiers: Qualifiers) -> RecordStatement {
    RecordStatement { value, line, qualifiers }
}

fn litvinov() -> RecordPage {
    let plain = Qualifiers::default;
    let disputed = Qualifiers {
        status: Status::Disputed,
        period: Some(date("1903/1917")),
        note: Some(
            "He denied it in a letter of 1934, and the editors of his papers follow him.".into(),
        ),
        quote: Some("always of the majority".into()),
        sources: vec![source("carr-1950", None, Some("p. 31"))],
        ..plain()
    };
    RecordPage {
        id: "litvinov".into(),
        name: Some("Maxim Litvinov".into()),
        relation: "person".into(),
        file: "kb/people.kb".into(),
        line: 12,
        fields: vec![
            RecordField {
                name: "born".into(),
                statements: vec![statement(date("1876-07-17"), 13, plain())],
            },
            RecordField {
                name: "member-of".into(),
                statements: vec![
                    statement(record("mensheviks", "Mensheviks"), 14, disputed),
                    statement(CellValue::Unknown, 15, plain()),
                ],
            },
        ],
        references: vec![References {
            relation: "tenures".into(),
            field: "person".into(),
            records: vec![
                Referrer {
                    id: "tenure@kb/offices.kb:7".into(),
                    name: None,
                    date: Some(date("1930/1939")),
                    status: Status::Accepted,
                },
                Referrer {
                    id: "litvinov-envoy".into(),
                    name: Some("Envoy in London".into()),
                    date: None,
                    status: Status::Disputed,
                },
            ],
            total: 5,
        }],
        sources: vec![source("notes", Some("The editors' notes"), Some("Litvinov"))],
        ..RecordPage::default()
    }
}

fn page(record: &RecordPage, style: Style) -> String {
    let mut bytes = Vec::new();
    write_record(&mut bytes, record, style).expect("a Vec takes all");
    String::from_utf8(bytes).expect("only UTF-8 is written")
}

#[test]
fn a_record_with_all_that_is_known() {
    insta::assert_snapshot!(page(&litvinov(), Style::PLAIN), @r#"
    Maxim Litvinov [litvinov]
    person, kb/people.kb:12

    born       1876-07-17
    member-of  Mensheviks [mensheviks] (disputed; 1903/1917)
                 note: He denied it in a letter of 1934, and the editors of his papers follow him.
                 quote: “always of the majority”
                 source: carr-1950, p. 31
               unknown

    tenures by person (5)
      tenure@kb/offices.kb:7, 1930/1939
      Envoy in London [litvinov-envoy] (disputed)
      and 3 more

    sources
      The editors' notes, Litvinov [notes]
    "#);
}

#[test]
fn a_record_on_a_narrow_terminal() {
    let style = Style { color: false, width: Some(44) };
    insta::assert_snapshot!(page(&litvinov(), style), @r#"
    Maxim Litvinov [litvinov]
    person, kb/people.kb:12

    born       1876-07-17
    member-of  Mensheviks [mensheviks]
               (disputed; 1903/1917)
                 note: He denied it in a
                   letter of 1934, and the
                   editors of his papers follow
                   him.
                 quote: “always of the
                   majority”
                 source: carr-1950, p. 31
               unknown

    tenures by person (5)
      tenure@kb/offices.kb:7, 1930/1939
      Envoy in London [litvinov-envoy]
        (disputed)
      and 3 more

    sources
      The editors' notes, Litvinov [notes]
    "#);
}

#[test]
fn a_record_of_which_nothing_is_known() {
    let empty = RecordPage {
        id: "polity@kb/a.kb:1".into(),
        relation: "polity".into(),
        file: "kb/a.kb".into(),
        line: 1,
        ..RecordPage::default()
    };
    insta::assert_snapshot!(page(&empty, Style::PLAIN), @r#"
    polity@kb/a.kb:1
    polity, kb/a.kb:1
    "#);
}

#[test]
fn a_record_as_json() {
    let mut bytes = Vec::new();
    write_record_json(&mut bytes, &litvinov()).expect("a Vec takes all");
    let object: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let pretty = serde_json::to_string_pretty(&object).expect("JSON");
    insta::assert_snapshot!(pretty, @r#"
    {
      "id": "litvinov",
      "name": "Maxim Litvinov",
      "relation": "person",
      "file": "kb/people.kb",
      "line": 12,
      "fields": {
        "born": [
          {
            "value": "1876-07-17",
            "line": 13
          }
        ],
        "member-of": [
          {
            "value": "mensheviks",
            "status": "disputed",
            "period": "1903/1917",
            "note": "He denied it in a letter of 1934, and the editors of his papers follow him.",
            "quote": "always of the majority",
            "sources": [
              {
                "id": "carr-1950",
                "locator": "p. 31"
              }
            ],
            "line": 14
          },
          {
            "value": {
              "unknown": true
            },
            "line": 15
          }
        ]
      },
      "references": [
        {
          "relation": "tenures",
          "field": "person",
          "total": 5,
          "records": [
            {
              "id": "tenure@kb/offices.kb:7",
              "date": "1930/1939"
            },
            {
              "id": "litvinov-envoy",
              "name": "Envoy in London",
              "status": "disputed"
            }
          ]
        }
      ],
      "sources": [
        {
          "id": "notes",
          "name": "The editors' notes",
          "locator": "Litvinov"
        }
      ]
    }
    "#);
}

#[test]
fn a_code_explained() {
    let style = Style { color: false, width: Some(60) };
    insta::assert_snapshot!(explain(code::UNKNOWN_ENTITY, style), @r#"
    KB0201 unknown-entity: an identifier names no record

    A fact refers to another record by its identifier, and no
    record has this one. It may be misspelt, or the record is
    still to be written. Where a known identifier is near, it is
    offered.

        # wrong
        cite carr-1950
        source carr-1950 "A History of Soviet Russia"

        relation polity, polities "A state"
          succeeds: polity ?

        polity germany "Germany"

        polity saxony "Saxony"
          succeeds: germny

        # right
        cite carr-1950
        source carr-1950 "A History of Soviet Russia"

        relation polity, polities "A state"
          succeeds: polity ?

        polity germany "Germany"

        polity saxony "Saxony"
          succeeds: germany

    A reference that led nowhere would drop out of every answer
    without a word. The same unknown identifier in many places
    is reported once, with a count.
    "#);
}

#[test]
fn every_code_has_its_page_with_its_own_title() {
    for code in CODES {
        let title = format!("# {} {}: {}\n", code.number, code.name, code.title);
        assert!(code.explanation.starts_with(&title), "{}", code.number);
        if matches!(code.number, "KB0001" | "KB0002") {
            // What is wrong with bytes cannot be shown in a page that is itself a text.
            continue;
        }
        // What is wrong with a rule or a variable is shown in a definition, which stands among the facts.
        let is_of_queries = code.number.starts_with("KB10");
        let shows = |mark: &str| {
            code.explanation.contains(&format!("```kb\n# {mark}\n"))
                || (is_of_queries && code.explanation.contains(&format!("```query\n# {mark}\n")))
        };
        assert!(shows("wrong") && shows("right"), "{}", code.number);
        for line in explain(code, Style::PLAIN).lines() {
            assert!(line.chars().count() <= 100, "{}: {line}", code.number);
        }
    }
}
