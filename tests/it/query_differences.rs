//! `A - B`: the days between two dates, with the least and the greatest.

use regesta::index::{Index, build};
use regesta::query::{Match, answer};
use regesta::source::Sources;
use regesta::{resolve, syntax};

const BASE: &str = r#"
relation treaty, treaties "An agreement"
  signed:   date
  ratified: date ?
  in-force: period ?

source notes "Notes"
cite notes

treaty exact "To the day"
  signed:   1922-04-16
  ratified: 1922-05-16
treaty vague "To the year"
  signed:   1922
  ratified: 1923
treaty doubted "Doubted"
  signed:   1922-04-16
  ratified: 1922-05-16?
treaty unknown-day "Unknown"
  signed:   1922-04-16
  ratified: unknown
treaty none-at-all "Never ratified"
  signed:   1922-04-16
  ratified: none
treaty unsaid "Nothing is said"
  signed:   1922-04-16
  in-force: 1922-05-01/1922-05-11
"#;

fn asked(text: &str) -> String {
    let mut sources = Sources::new();
    let file = sources.add("a.kb", BASE);
    let (tree, faults) = syntax::parse_file(&sources, file);
    assert!(faults.is_empty());
    let (resolved, faults) = resolve::facts(&sources, &[tree]);
    assert!(faults.is_empty());
    let index = Index::in_memory(build(&resolved.facts).expect("an index")).expect("an index");
    let query = sources.add("query", text);
    let (query, findings) = resolve::query(&index, &sources, query).expect("an index");
    let Some(query) = query else {
        let said = findings.iter().map(|found| format!("{}: {}", found.code.number, found.message));
        return said.collect::<Vec<_>>().join("; ");
    };
    let answers = answer(&index, &query).expect("an answer");
    let rows = answers.rows.iter().map(|row| match row.matched {
        Match::Certain => row.id.clone(),
        Match::Possible => format!("{} (possible)", row.id),
    });
    rows.collect::<Vec<_>>().join(", ")
}

#[test]
fn exact_dates_have_one_difference_and_vague_ones_many() {
    // From 1922 to 1923 lie 1 to 729 days.
    assert_eq!(
        asked("treaties where ratified - signed = 30"),
        "exact, vague (possible), doubted (possible), unknown-day (possible)"
    );
    assert_eq!(
        asked("treaties where ratified - signed >= 1"),
        "vague, exact, doubted (possible), unknown-day (possible)"
    );
    assert_eq!(asked("treaties where ratified - signed > 729 day"), "unknown-day (possible)");
    assert_eq!(
        asked("treaties where ratified - signed > 728 days"),
        "vague (possible), unknown-day (possible)"
    );
    assert_eq!(
        asked("treaties where signed - ratified = -30 and not id = vague"),
        "exact, doubted (possible), unknown-day (possible)"
    );
}

#[test]
fn a_difference_and_its_negation_leave_out_what_is_not_recorded() {
    // If the doubted date is so, the difference is 30; if it is not, nothing is known of it.
    assert_eq!(
        asked("treaties where not ratified - signed = 30"),
        "none-at-all, vague (possible), unknown-day (possible)"
    );
    assert_eq!(
        asked("treaties where ratified - signed != 30"),
        asked("treaties where not ratified - signed = 30")
    );
}

#[test]
fn ends_of_periods_are_dates_too() {
    assert_eq!(asked("treaties where in-force.end - in-force.start = 10"), "unsaid");
    assert_eq!(asked("treaties where in-force.start - signed = 15"), "unsaid");
}

#[test]
fn what_is_no_date_has_no_difference() {
    assert_eq!(asked("treaties where name - signed > 3"), "KB1007: `name` is no date");
    assert_eq!(
        asked("treaties where ratified - signed overlaps 3"),
        "KB1007: `overlaps` does not compare numbers of days"
    );
    assert_eq!(
        asked("treaties where ratified - signed > 3 years"),
        "KB1008: `3 years` is no number of days"
    );
}
