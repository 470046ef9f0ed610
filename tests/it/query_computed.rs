//! Folds and differences in conditions, as columns and as keys, and lists of values.

use super::pages::Folder;
use super::query::ask_of;
use regesta::index::Index;
use regesta::model::{FieldRole, Type};
use regesta::pipeline::{ask, open};
use regesta::query::{Allowance, Answers};

const BASE: &str = r#"
relation polity, polities "A state"
relation treaty, treaties "An agreement"
  party:    polity + inverse treaties
  signed:   date ?
  ratified: date ?
  in-force: period ?
  articles: integer ?
  amount:   quantity GBP | USD *

source notes "Notes"
cite notes

polity germany "Germany"
polity russia "Russia"
polity france "France"
polity utopia "Utopia"

treaty a "A"
  party:    germany, russia
  signed:   1920-01-01
  ratified: 1920-01-31
  in-force: 1920-02-01/1922-12-31
  articles: 3
  amount:   100 GBP, 50 USD
treaty b "B"
  party:    germany, russia, france (disputed)
  signed:   1921
  ratified: 1921-12
  in-force: 1922/1923
  articles: 7
  amount:   10..20 GBP
treaty c "C"
  party:    russia
  signed:   [1921,1925]
  articles: 7
treaty d "D"
  party:    germany, unknown
  signed:   unknown
"#;

#[test]
fn folds_are_compared_shown_and_sorted_by() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        treaties where count(party) = 2 show id, count(party)
        treaties where count(party) > 2 show id
        treaties where not count(party) > 2 show id
        treaties where count(party) in (1, 3) show id
        treaties where count(party) in 2..3 show id
        treaties where count(ratified) = 0 show id
        polities where count(treaties) = 0 show id
        polities sort by count(treaties) desc, id show id, count(treaties)
        polities where min(treaties.signed) < 1921 show id, min(treaties.signed), max(treaties.signed)
        polities where max(treaties.articles) >= 7 show id, sum(treaties.articles), avg(treaties.articles)
        treaties where sum(amount) > 60 GBP show id, sum(amount)
        treaties where sum(amount) < 60 USD show id
        treaties where count(party) > count(amount) show id
        treaties where articles = count(party) show id
        treaties where signed = max((treaties where party = france).signed) show id
        treaties where articles = max((treaties).articles) show id
    "#), @"
    treaties where count(party) = 2 show id, count(party)
      a | 2
      d | 2
      b | 2 (+1)   (count(party) is 2 (+1 possible))
      = 2 (+1)
    treaties where count(party) > 2 show id
      b   (count(party) is 2 (+1 possible))
      = 0 (+1)
    treaties where not count(party) > 2 show id
      a
      c
      d
      b   (count(party) is 2 (+1 possible))
      = 3 (+1)
    treaties where count(party) in (1, 3) show id
      c
      b   (count(party) is 2 (+1 possible))
      = 1 (+1)
    treaties where count(party) in 2..3 show id
      a
      b
      d
      = 3
    treaties where count(ratified) = 0 show id
      c
      d
      = 2
    polities where count(treaties) = 0 show id
      utopia
      france   (count(treaties) is 0 (+1 possible))
      = 1 (+1)
    polities sort by count(treaties) desc, id show id, count(treaties)
      germany | 3
      russia | 3
      france | 0 (+1)
      utopia | 0
      = 4
    polities where min(treaties.signed) < 1921 show id, min(treaties.signed), max(treaties.signed)
      germany | 1920-01-01 | 1921
      russia | 1920-01-01 | [1921,1925]
      = 2
      note: 1 record is left out: `treaties.signed` is not recorded; add `or no treaties.signed` to take it in
    polities where max(treaties.articles) >= 7 show id, sum(treaties.articles), avg(treaties.articles)
      germany | 10 | 5
      russia | 17 | 5.667
      france | 7 | 7   (max(treaties.articles) is 7)
      = 2 (+1)
      note: 1 record is left out: `treaties.articles` is not recorded; add `or no treaties.articles` to take it in
    treaties where sum(amount) > 60 GBP show id, sum(amount)
      a | 100 GBP, 50 USD
      = 1
      note: 2 records are left out: `amount` is not recorded; add `or no amount` to take them in
    treaties where sum(amount) < 60 USD show id
      a
      = 1
      note: 3 records are left out: `amount` is not recorded; add `or no amount` to take them in
    treaties where count(party) > count(amount) show id
    ≈ b
    ≈ c
      d
      = 3
    treaties where articles = count(party) show id
      = 0
      note: 1 record is left out: `articles` is not recorded; add `or no articles` to take it in
    treaties where signed = max((treaties where party = france).signed) show id
      a   (signed is 1920-01-01, max((treaties where party = france).signed) is 1921, beside what is unknown)
    ≈ b   (signed is 1921, max((treaties where party = france).signed) is 1921, beside what is unknown)
    ≈ c   (signed is [1921,1925], max((treaties where party = france).signed) is 1921, beside what is unknown)
      d   (signed is unknown, max((treaties where party = france).signed) is 1921, beside what is unknown)
      = 0 (+4)
    treaties where articles = max((treaties).articles) show id
    ≈ b
    ≈ c
      = 2
      note: 1 record is left out: `articles` is not recorded; add `or no articles` to take it in
    ");
}

#[test]
fn differences_are_columns_and_keys() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        treaties where has ratified show id, ratified - signed
        treaties sort by ratified - signed desc show id, ratified - signed
        treaties where ratified - signed in 20..40 day show id
        treaties where ratified - signed > in-force.start - signed show id
        treaties where signed - a.signed > 700 day show id, signed - a.signed
        polities where max(treaties.signed) - min(treaties.signed) > 400 day show id, max(treaties.signed) - min(treaties.signed)
        polities where max(treaties.signed) - min(treaties.signed) < 0 day
    "#), @"
    treaties where has ratified show id, ratified - signed
      a | 30 day
      b | -30..364 day
      = 2
    treaties sort by ratified - signed desc show id, ratified - signed
      a | 30 day
      b | -30..364 day
      c | 
      d | 
      = 4
    treaties where ratified - signed in 20..40 day show id
      a
      b   (ratified - signed is -30..364 day)
      = 1 (+1)
      note: 2 records are left out: `ratified` is not recorded; add `or no ratified` to take them in
    treaties where ratified - signed > in-force.start - signed show id
      b   (ratified - signed is -30..364 day, in-force.start - signed is 1..729 day)
      = 0 (+1)
      note: 2 records are left out: `ratified` is not recorded; add `or no ratified` to take them in
    treaties where signed - a.signed > 700 day show id, signed - a.signed
    ≈ b | 366..730 day   (signed - a.signed is 366..730 day)
    ≈ c | 366..2191 day   (signed - a.signed is 366..2191 day)
      d | unknown   (signed - a.signed is unknown)
      = 0 (+3)
    polities where max(treaties.signed) - min(treaties.signed) > 400 day show id, max(treaties.signed) - min(treaties.signed)
      germany | 366.. day   (max(treaties.signed) - min(treaties.signed) is 366.. day)
      russia | 366..2191 day   (max(treaties.signed) - min(treaties.signed) is 366..2191 day)
      = 0 (+2)
      note: 1 record is left out: `treaties.signed` is not recorded; add `or no treaties.signed` to take it in
    polities where max(treaties.signed) - min(treaties.signed) < 0 day
      france | France   (max(treaties.signed) - min(treaties.signed) is -364..364 day)
      = 0 (+1)
      note: 1 record is left out: `treaties.signed` is not recorded; add `or no treaties.signed` to take it in
    ");
}

#[test]
fn groups_are_sorted_by_what_is_computed_of_them() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        treaties count by party sort by count desc
        treaties count by party sort by count() limit 2
        treaties group by party sort by party desc show party, count()
        treaties group by party sort by min(signed) desc show party, min(signed)
        treaties group by articles sort by count(party) desc, articles show articles, count(party)
        treaties count by signed.year sort by count desc
        treaties count by party sort by signed
    "#), @"
    treaties count by party sort by count desc
      germany | 3
      russia | 3
      unknown | 1
      france | 0 (+1)
    treaties count by party sort by count() limit 2
      unknown | 1
      germany | 3
    treaties group by party sort by party desc show party, count()
      russia | 3
      germany | 3
      unknown | 1
      france | 0 (+1)
    treaties group by party sort by min(signed) desc show party, min(signed)
      germany | 1920-01-01
      russia | 1920-01-01
      unknown | 
      france | 1921
    treaties group by articles sort by count(party) desc, articles show articles, count(party)
      7 | 2 (+1)
      3 | 2
       | 2
    treaties count by signed.year sort by count desc
      1921 | 1 (+1)
      1920 | 1
      unknown | 1
      1925 | 0 (+1)
    treaties count by party sort by signed
                                    ^^^^^^ KB1007
      `signed` is not the same for all records of a group
      help: take `party`, or a fold: `count()`, `count(…)`, `min(…)`, `max(…)`, `sum(…)`, `avg(…)`
    ");
}

#[test]
fn lists_have_texts_numbers_and_dates() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        treaties where name in ("a", "C") show id
        treaties where id in (a, b) show id
        treaties where articles in (3, 4) show id
        treaties where articles not in (3, 4) show id
        treaties where amount in (100 GBP, 50 USD) show id
        treaties where every articles in (3, 7) show id
        treaties where signed in (1920, 1925) show id
    "#), @r#"
    treaties where name in ("a", "C") show id
      a
      c
      = 2
    treaties where id in (a, b) show id
      a
      b
      = 2
    treaties where articles in (3, 4) show id
      a
      = 1
      note: 1 record is left out: `articles` is not recorded; add `or no articles` to take it in
    treaties where articles not in (3, 4) show id
    ≈ b
    ≈ c
      = 2
      note: 1 record is left out: `articles` is not recorded; add `or no articles` to take it in
    treaties where amount in (100 GBP, 50 USD) show id
      a
      = 1
      note: 2 records are left out: `amount` is not recorded; add `or no amount` to take them in
    treaties where every articles in (3, 7) show id
      a
    ≈ b
    ≈ c
      = 3
    treaties where signed in (1920, 1925) show id
      a
      c   (date: signed is [1921,1925])
      d   (unknown: signed)
      = 1 (+2)
    "#);
}

#[test]
fn years_of_two_dates_are_compared_as_years() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        treaties where signed.year = ratified.year show id
        treaties where signed.year = in-force.start.year show id
        treaties where signed.year < in-force.start.year show id
        treaties where not signed.year = in-force.start.year show id
        find x, y where x is treaty and y is treaty and x.signed.year = y.signed.year and x != y show x.id, y.id
        treaties where in-force.end.year = 1922 show id, in-force.end.year
        treaties where signed.year = in-force.year show id
        treaties where signed.year = ratified.month show id
    "#), @r"
    treaties where signed.year = ratified.year show id
      a
      b
      = 2
      note: 2 records are left out: `ratified.year` is not recorded; add `or no ratified.year` to take them in
    treaties where signed.year = in-force.start.year show id
      a
      = 1
      note: 2 records are left out: `in-force.start.year` is not recorded; add `or no in-force.start.year` to take them in
    treaties where signed.year < in-force.start.year show id
      b
      = 1
      note: 2 records are left out: `in-force.start.year` is not recorded; add `or no in-force.start.year` to take them in
    treaties where not signed.year = in-force.start.year show id
      b
      = 1
      note: 2 records are left out: `in-force.start.year` is not recorded; add `or no in-force.start.year` to take them in
    find x, y where x is treaty and y is treaty and x.signed.year = y.signed.year and x != y show x.id, y.id
      a | d   (unknown: y.signed.year)
    ≈ b | c   (date: x.signed.year is 1921; date: y.signed.year is [1921,1925])
    ≈ b | d   (date: x.signed.year is 1921; unknown: y.signed.year)
    ≈ c | b   (date: x.signed.year is [1921,1925]; date: y.signed.year is 1921)
    ≈ c | d   (date: x.signed.year is [1921,1925]; unknown: y.signed.year)
      d | a   (unknown: x.signed.year)
      d | b   (unknown: x.signed.year; date: y.signed.year is 1921)
      d | c   (unknown: x.signed.year; date: y.signed.year is [1921,1925])
      = 0 (+8)
    treaties where in-force.end.year = 1922 show id, in-force.end.year
      a | 1922
      = 1
      note: 2 records are left out: `in-force.end.year` is not recorded; add `or no in-force.end.year` to take them in
    treaties where signed.year = in-force.year show id
                                 ^^^^^^^^^^^^^ KB1007
      `in-force.year` may be several: a period lies in more than one
      help: name the same unit of one day on both sides, `a.signed.year = b.period.start.year`
    treaties where signed.year = ratified.month show id
                                 ^^^^^^^^^^^^^^ KB1007
      `signed.year` and `ratified.month` are not of one unit
      help: name the same unit of one day on both sides, `a.signed.year = b.period.start.year`
    ");
}

#[test]
fn what_cannot_be_computed_is_told() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        treaties where count() > 1
        treaties show count()
        treaties where min() > 1920
        treaties where sum(party) > 1
        treaties where max(party) = germany
        treaties where count(party) = many
        treaties where count(party) > 2 GBP
        treaties where min(signed) = count(party)
        treaties where sum(amount) > 5
        treaties where count(party) is none
        treaties where signed - articles > 1 day
        treaties where signed.year - ratified > 1 day
        treaties where ratified - signed ~ 5
    "#), @"
    treaties where count() > 1
                   ^^^^^^^ KB1007
      `count()` folds nothing
      help: name what is counted, `count(party)`; `count` alone and `group by … show count()` count records
    treaties show count()
                  ^^^^^^^ KB1007
      `count()` folds nothing
      help: name what is counted, `count(party)`; `count` alone and `group by … show count()` count records
    treaties where min() > 1920
                   ^^^^^ KB1007
      `min()` folds nothing
      help: name what is folded: `min(signed)`
    treaties where sum(party) > 1
                       ^^^^^ KB1007
      `party` holds records, which cannot be added
      help: count them, or take the least or the greatest: `count(…)`, `min(…)`, `max(…)`
    treaties where max(party) = germany
                              ^ KB1007
      `max(party)` comes to records
      help: compare a count, or fold a date or a number
    treaties where count(party) = many
                                  ^^^^ KB1008
      `many` is not a number
      help: numbers are written `1500`, `250_000_000`, `0.47`; quantities with their unit behind, `47 percent`
    treaties where count(party) > 2 GBP
                                  ^^^^^ KB1008
      the field has no unit, and `GBP` stands behind the number
      help: write `2`
    treaties where min(signed) = count(party)
                                 ^^^^^^^^^^^^ KB1007
      `min(signed)` holds dates, and the right side numbers
      help: compare like with like: go on with `.date`, `.name` or another field on the side that has records
    treaties where sum(amount) > 5
                                 ^ KB1008
      `5` needs a unit
      help: write it with `GBP` or `USD`
    treaties where count(party) is none
                                   ^^^^ KB1007
      `count(party)` is computed, and never `none`
      help: ask it of the field: `signed is unknown`; a count is compared, `count(party) = 0`
    treaties where signed - articles > 1 day
                            ^^^^^^^^ KB1007
      `articles` is no date
      help: `-` counts the days between two dates, as in `ratified - signed`
    treaties where signed.year - ratified > 1 day
                   ^^^^^^^^^^^ KB1007
      `signed.year` is no date
      help: `-` counts the days between two dates, as in `ratified - signed`
    treaties where ratified - signed ~ 5
                                     ^ KB1007
      `~` does not compare numbers of days
      help: write `=`, `!=`, `<`, `<=`, `>` or `>=`
    ");
}

fn answers(index: &Index, question: &str) -> Answers {
    let asked = ask(index, question, &Allowance::default()).expect("the index is sound");
    asked.answers.unwrap_or_else(|| panic!("{question} cannot be asked"))
}

/// Groups that are only counted are counted straight from the columns; with another fold beside, record by record.
#[test]
fn counting_by_columns_agrees_with_counting_by_records() {
    let folder = Folder::of_kb();
    let index = open(&folder.project(), || ()).expect("kb/ is sound");
    let mut compared = 0;
    for (relation, declared) in index.schema().relations() {
        let fields = index.schema().fields_of(relation).map(|(_, field)| field);
        for field in fields.filter(|field| field.role != FieldRole::Name) {
            let units: &[&str] = match field.value_type {
                Type::Date | Type::Period => &["", ".year", ".decade"],
                _ => &[""],
            };
            for (unit, condition) in units.iter().flat_map(|unit| {
                ["", " where year < 1930", " where name ~ \"a\""].map(|each| (unit, each))
            }) {
                if condition.contains("year") && declared.own_date.is_none() {
                    continue;
                }
                let plural = &declared.plural;
                let by = format!("{}{unit}", field.name);
                let counted = format!("{plural}{condition} group by {by} show {by}, count()");
                let folded = format!("{counted}, count(id)");
                let (counted, folded) = (answers(&index, &counted), answers(&index, &folded));
                let cells = |answers: &Answers| -> Vec<_> {
                    let rows = answers.rows.iter();
                    rows.map(|row| (row.matched, row.cells[..2].to_vec())).collect()
                };
                assert_eq!(cells(&counted), cells(&folded), "{plural}{condition} by {by}");
                compared += counted.rows.len();
            }
        }
    }
    assert!(compared > 500, "{compared} groups");
}

/// Two periods of which nobody knows how long they lasted need not have lasted equally long, although both may.
#[test]
fn vague_lengths_are_equal_for_certain_only_where_they_leave_no_choice() {
    let base = "source notes\ncite notes\nrelation war, wars\n  period: period\n  truce: period\n\
                war vague\n  period: 192X/1930\n  truce: 192X/1930\n\
                war exact\n  period: 1920-01-01/1920-01-03\n  truce: 1921-01-01/1921-01-03\n\
                war other\n  period: 1920-01-01/1920-01-03\n  truce: 1921-01-01/1921-01-04\n";
    insta::assert_snapshot!(ask_of(base, "wars where period.length = truce.length show id\nwars where period.length != truce.length show id"), @r"
    wars where period.length = truce.length show id
      exact
      vague   (number: period.length is 2..4018 day; number: truce.length is 2..4018 day)
      = 1 (+1)
    wars where period.length != truce.length show id
      other
      vague   (number: period.length is 2..4018 day; number: truce.length is 2..4018 day)
      = 1 (+1)
    ");
}

/// Where the day of opening is right, the congress lasted as long as one of the two says, and otherwise nobody says how
/// long: in no world did it last otherwise.
#[test]
fn what_hangs_on_a_doubted_left_value_hangs_together() {
    let base = "source notes\ncite notes\nrelation congress, congresses\n  opened: date\n  closed: date\n  \
                duration: quantity day *\n\
                congress a\n  opened: 1920-01-01 (disputed)\n  closed: 1920-01-04\n  duration: 3 day, 5 day\n";
    insta::assert_snapshot!(ask_of(base, "congresses where closed - opened = duration show id\ncongresses where not (closed - opened = duration) show id"), @r"
    congresses where closed - opened = duration show id
      a   (closed - opened is 3 day, duration is 3 day or 5 day)
      = 0 (+1)
    congresses where not (closed - opened = duration) show id
      = 0
    ");
}
