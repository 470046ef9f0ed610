//! The tables of `docs/time.md` are true.

use regesta::time::{Bounds, Date, Operator, Role, Stretch, Truth, describe};

const PAGE: &str = include_str!("../../docs/time.md");

/// The rows of the table that follows a heading, cell by cell, without the backticks.
fn table(heading: &str) -> Vec<Vec<String>> {
    let (_, after) = PAGE.split_once(heading).unwrap_or_else(|| panic!("no {heading}"));
    let lines = after.lines().skip_while(|line| !line.starts_with('|'));
    let rows: Vec<Vec<String>> = lines
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells = line.trim_matches('|').split(" | ");
            cells.map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
        })
        .collect();
    assert!(rows.len() > 2, "{heading} has no rows");
    rows[2..].to_vec()
}

/// `first/last` where start and end are one day, or four days.
fn bounds(bounds: Bounds, role: Role) -> String {
    match role {
        Role::Moment => bounds.reach().to_string(),
        Role::Period => format!("{} to {}", bounds.starts(), bounds.ends()),
    }
}

fn check_readings(heading: &str, role: Role) {
    for row in table(heading) {
        let [text, reading, days] = row.as_slice() else { panic!("{row:?}") };
        let date = Date::parse(text, role).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(&date.reading(), reading, "{text}");
        assert_eq!(&bounds(date.bounds(), role), days, "{text}");
    }
}

#[test]
fn readings_of_moments() {
    check_readings("## A moment", Role::Moment);
    check_readings("### Several dates", Role::Moment);
    check_readings("### Doubt", Role::Moment);
    check_readings("### Seasons", Role::Moment);
    check_readings("### Far-off years", Role::Moment);
    check_readings("### Old Style", Role::Moment);
}

#[test]
fn readings_of_periods() {
    check_readings("## A period", Role::Period);
}

#[test]
fn answers() {
    for row in table("## Certain and possible") {
        let [text, role, operator, literal, holds, fails] = row.as_slice() else {
            panic!("{row:?}")
        };
        let role = if role == "date" { Role::Moment } else { Role::Period };
        let operator = match operator.as_str() {
            "=" => Operator::Equal,
            "<" => Operator::Less,
            ">" => Operator::Greater,
            "before" => Operator::Before,
            "after" => Operator::After,
            "during" => Operator::During,
            "contains" => Operator::Contains,
            "meets" => Operator::Meets,
            other => panic!("{other}"),
        };
        let name = |truth: Truth| match truth {
            Truth::No => "no",
            Truth::Possible => "possible",
            Truth::Certain => "certain",
        };
        let literal = Stretch::parse(literal).unwrap();
        let verdict = Date::parse(text, role).unwrap().test(operator, literal);
        assert_eq!(
            (name(verdict.holds), name(verdict.fails)),
            (holds.as_str(), fails.as_str()),
            "{row:?}"
        );
    }
}

#[test]
fn slips() {
    for row in table("## What is not a date") {
        let [text, message, help] = row.as_slice() else { panic!("{row:?}") };
        let error = Date::parse(text, Role::Moment).unwrap_err();
        let bare = |text: &str| text.replace('`', "");
        assert_eq!(bare(&error.message()), bare(message), "{text}");
        assert_eq!(bare(&error.help()), bare(help), "{text}");
        assert!(describe("1922").is_ok());
    }
}
