//! What is said of a date as plain data.

use regesta::time::{Refusal, describe};

fn json(text: &str) -> String {
    match describe(text) {
        Ok(description) => serde_json::to_string_pretty(&description).unwrap(),
        Err(error) => serde_json::to_string_pretty(&Refusal::from((text, &error))).unwrap(),
    }
}

#[test]
fn an_old_style_day() {
    insta::assert_snapshot!(json("1917-10-25 julian"), @r#"
    {
      "text": "1917-10-25 julian",
      "level": "extended",
      "kind": "date",
      "earliest_start": "1917-11-07",
      "latest_start": "1917-11-07",
      "earliest_end": "1917-11-07",
      "latest_end": "1917-11-07",
      "calendar": "julian",
      "reading": "25 October 1917 Old Style (7 November 1917)"
    }
    "#);
}

#[test]
fn an_unknown_end_has_no_bounds() {
    insta::assert_snapshot!(json("1918/"), @r#"
    {
      "text": "1918/",
      "level": 1,
      "kind": "period",
      "earliest_start": "1918-01-01",
      "latest_start": "1918-12-31",
      "earliest_end": null,
      "latest_end": null,
      "calendar": "gregorian",
      "reading": "from some day in 1918 to an unknown day, if it has ended"
    }
    "#);
}

#[test]
fn bounds_are_strict() {
    insta::assert_snapshot!(json("1926~"), @r#"
    {
      "text": "1926~",
      "level": 1,
      "kind": "date",
      "earliest_start": "1926-01-01",
      "latest_start": "1926-12-31",
      "earliest_end": "1926-01-01",
      "latest_end": "1926-12-31",
      "calendar": "gregorian",
      "reading": "some day in about 1926 (taken as 1 January 1925 to 31 December 1927)"
    }
    "#);
}

#[test]
fn sets_have_kinds_of_their_own() {
    for (text, kind) in [
        ("[1919,1920]", "one-of"),
        ("{1919,1920}", "all-of"),
        ("1918/[1920,1921]", "period"),
        ("-0322", "date"),
    ] {
        let description = describe(text).unwrap();
        assert_eq!(description.kind.name(), kind, "{text}");
        assert!(json(text).contains(&format!("\"kind\": \"{kind}\"")));
    }
    assert!(json("Y-17E7").contains("\"-170000000-01-01\""));
    assert!(json("[..1984]").contains("\"earliest_start\": null"));
}

#[test]
fn what_is_no_date_has_an_error() {
    insta::assert_snapshot!(json("1922-16-04"), @r#"
    {
      "text": "1922-16-04",
      "error": "there is no month 16 (a date is year-month-day: write `1922-04-16`)"
    }
    "#);
}
