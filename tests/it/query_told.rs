//! Statements asked by what lies beyond their parts: paths, dates, other parts, rules and folds.

use super::query::ask_of;

const BASE: &str = r#"
relation polity, polities "A state"
  founded: date ?
relation treaty, treaties "An agreement"
  party:    polity + inverse treaties
  signed:   date
  ratified: date ?
  amount:   quantity GBP | USD ?
  kind:     words peace | trade *

source notes "Notes"
  kind: secondary
source carr "Carr"
  kind: primary
cite notes

rule bound(p: polity, t: treaty)
  if t.party = p

polity germany "Germany"
  founded: 1871
polity russia "Russia"
  founded: unknown
polity france "France"

treaty a "A"
  party:    germany (1920/1925), russia (source: carr)
  signed:   1920-01-01
  ratified: 1920-01-31
  amount:   100 GBP
treaty b "B"
  party:    russia (1921/1922; disputed), france
  signed:   1921 (source: notes, carr)
  amount:   20 USD
  kind:     peace
"#;

#[test]
fn statements_are_asked_by_what_lies_beyond() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        statements where field = party and value.founded < 1900 show of, value, value.founded
        statements where value = of.signed show of, field, value
        statements where field = signed and value from 1919 to of.ratified show of, value
        statements where value < 1900 show of, field, value
        statements where field = amount and value > 50 show of, value
        statements where field = signed and value.year = of.ratified.year show of, value.year
        statements where period.start = of.signed show of, value, period.start, period.length
        statements where mentions a.party show of, value
        statements where every source.kind = primary show of, value
        statements where no source.kind = primary and field = signed show of
        statements where bound(value, a) show of, value
        statements where period overlaps of.ratified show of, value
        statements where field = signed show of sort by of.ratified desc, value
        statements where field = party group by value.founded show value.founded, count(), min(period.start)
        statements where field = amount group by field show field, sum(value), max(value)
        statements where field = signed group by of.kind show of.kind, min(value), count(source)
    "#), @r"
    statements where field = party and value.founded < 1900 show of, value, value.founded
      a | germany | 1871
      a | russia | unknown   (unknown: value.founded)
      b | russia | unknown   (unknown: value.founded)
      = 1 (+2)
    statements where value = of.signed show of, field, value
      a | signed | 1920-01-01
      b | signed | 1921   (date: value is 1921)
      = 1 (+1)
    statements where field = signed and value from 1919 to of.ratified show of, value
      a | 1920-01-01
      = 1
    statements where value < 1900 show of, field, value
      germany | founded | 1871
      a | amount | 100 GBP
      b | amount | 20 USD
      russia | founded | unknown   (unknown: value)
      = 3 (+1)
    statements where field = amount and value > 50 show of, value
      a | 100 GBP
      = 1
    statements where field = signed and value.year = of.ratified.year show of, value.year
      a | 1920
      = 1
    statements where period.start = of.signed show of, value, period.start, period.length
      a | germany | 1920 | 1463..2192 day   (date: period.start is 1920)
      b | russia | 1921 | 2..730 day   (date: period.start is 1921)
      = 0 (+2)
    statements where mentions a.party show of, value
      a | germany
      a | russia
      b | russia
      = 3
    statements where every source.kind = primary show of, value
      a | russia
      = 1
    statements where no source.kind = primary and field = signed show of
      a
      = 1
    statements where bound(value, a) show of, value
      a | germany
      a | russia
      b | russia
      = 3
    statements where period overlaps of.ratified show of, value
      a | germany   (date: period is 1920/1925)
      = 0 (+1)
    statements where field = signed show of sort by of.ratified desc, value
      a
      b
      = 2
    statements where field = party group by value.founded show value.founded, count(), min(period.start)
      1871 | 1 | 1920
      unknown | 2 | 1921
       | 1 | 
    statements where field = amount group by field show field, sum(value), max(value)
      amount | 100 GBP, 20 USD | 100 GBP, 20 USD
    statements where field = signed group by of.kind show of.kind, min(value), count(source)
      peace | 1921 | 2
       | 1920-01-01 | 1
    ");
}

#[test]
fn what_cannot_be_asked_of_statements_is_told() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        statements where note.x = 1
        statements where period.x = 1920
        statements where period is unknown
        statements where of[kind = peace] = b
        statements where bound(of, value)
        statements where bound(germany, a)
        statements where every locator ~ "p. 2"
        statements where value < germany
        statements where quote < 3
        statements where value.year = of.signed
        statements where of.signed = of.party
        statements where field = party group by status show status, min(value)
        statements show count(value)
    "#), @r#"
    statements where note.x = 1
                     ^^^^^^ KB1004
      `note` of a statement leads no further
      help: a path goes on behind `of`, `source` and `value`
    statements where period.x = 1920
                     ^^^^^^^^ KB1004
      `period` of a statement leads no further
      help: behind a period may stand `start`, `end`, `length`, `year`, `month`, `decade` or `century`
    statements where period is unknown
                               ^^^^^^^ KB1007
      `period` of a statement is never `unknown`
      help: `has period` and `no period` ask whether there is one
    statements where of[kind = peace] = b
                        ^^^^^^^^^^^^ KB1004
      brackets stand behind a step to records or values
      help: ask it beside the others: `of = … and …`, or of the record: `of.FIELD = …`
    statements where bound(of, value)
                               ^^^^^ KB1019
      a rule is asked of two parts of a statement
      help: ask it of the records: `find a, b where …`, or of one part and a record that is named
    statements where bound(germany, a)
                     ^^^^^^^^^^^^^^^^^ KB1019
      `bound` is asked of nothing in a statement
      help: let an argument begin with `of`, `source` or `value`
    statements where every locator ~ "p. 2"
                           ^^^^^^^ KB1007
      `every` is asked of sources, not of the places in them
      help: ask for one, `locator ~ …`, or for none, `no locator ~ …`
    statements where value < germany
                             ^^^^^^^ KB1008
      `germany` is neither a date nor a number
      help: write `value < 1930`, `value > 100 GBP`; records and words are compared by `=`
    statements where quote < 3
                           ^ KB1007
      `quote` holds texts, which `<` cannot compare
      help: fitting are `=`, `!=` or `in (…)`
    statements where value.year = of.signed
                                  ^^^^^^^^^ KB1007
      `value.year` and `of.signed` are not of one unit
      help: name the same unit on both sides, `value.year = of.signed.year`
    statements where of.signed = of.party
                                 ^^^^^^^^ KB1007
      `of.signed` holds dates, and the right side records
      help: compare like with like: go on with `.date`, `.name` or another field on the side that has records
    statements where field = party group by status show status, min(value)
                                                                ^^^^^^^^^^ KB1007
      `value` is not of one kind in all statements
      help: ask for one field, `where field = signed`, or count: `count(value)`; a date of the record is `min(of.date)`
    statements show count(value)
                    ^^^^^^^^^^^^ KB1007
      `count(value)` is no part of a statement
      help: fold over groups: `group by field show field, count()`
    "#);
}

/// Statements of one record stand together; records whose dates are vague may change places.
#[test]
fn places_that_are_not_certain_are_marked() {
    insta::assert_snapshot!(ask_of(VAGUE, r#"
        statements where field = kind limit 1 show of, value
        statements where field = signed show of, value
        statements where field = kind sort by of.signed desc show of, value
    "#), @"
    statements where field = kind limit 1 show of, value
      early | peace
      = 4
    statements where field = signed show of, value
      early | 1918-11-11
    ≈ one | 192X
    ≈ other | 1925
      = 3
    statements where field = kind sort by of.signed desc show of, value
    ≈ other | trade
    ≈ one | peace
      early | peace
      early | trade
      = 4
    ");
}

/// A relation with a field of the name does not take `date` from the others.
#[test]
fn date_is_the_own_date_of_every_record() {
    let base = format!(
        "{VAGUE}relation event, events \"What happened\"\n  date: date\nevent flood \"Flood\"\n  date: 1930\n"
    );
    insta::assert_snapshot!(ask_of(&base, r#"
        everything where date > 1924 show id, date
        statements where of.date > 1924 and field in (kind, date) show of, value
    "#), @r"
    everything where date > 1924 show id, date
      other | 1925
      flood | 1930
      one | 192X   (date: date is 192X)
      = 2 (+1)
      note: 1 record is left out: `date` is not recorded; add `or no date` to take it in
    statements where of.date > 1924 and field in (kind, date) show of, value
      other | trade
      flood | 1930
      one | peace   (date: of.date is 192X)
      = 2 (+1)
    ");
}

const VAGUE: &str = r#"
relation treaty, treaties "An agreement"
  signed: date
  kind:   words peace | trade *

source notes "Notes"
cite notes

treaty early "Early"
  signed: 1918-11-11
  kind:   peace, trade
treaty one "One"
  signed: 192X
  kind:   peace
treaty other "Other"
  signed: 1925
  kind:   trade
"#;

/// What is grouped by a part of a date is shown as that part, and counted by it.
#[test]
fn groups_share_a_part_of_a_date() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        statements where has period count by period.start
        statements where has period count by period.length
        statements where field = signed count by value.year
    "#), @"
    statements where has period count by period.start
      1920 | 1
      1921 | 1
    statements where has period count by period.length
      2..730 day | 1
      1463..2192 day | 1
    statements where field = signed count by value.year
      1920 | 1
      1921 | 1
    ");
}
