//! Lists and ranges in which paths stand, and values of other records.

use super::query::ask_of;

const BASE: &str = r#"
relation polity, polities "A state"
relation treaty, treaties "An agreement"
  party:    polity + inverse treaties
  signed:   date ?
  ratified: date ?
  in-force: period *
  articles: integer ?
  paragraphs: integer ?
  amount:   quantity GBP | USD *
  kind:     words peace | trade *

source notes "Notes"
cite notes

polity germany "Germany"
polity russia "Russia"
polity france "France"

treaty a "A"
  party:    germany, russia
  signed:   1920-01-01
  ratified: 1920-01-31
  in-force: 1919-02-01/1922-12-31
  articles: 3
  paragraphs: 7
  amount:   100 GBP, 50 USD
  kind:     peace
treaty b "B"
  party:    germany, russia, france (disputed)
  signed:   1921
  ratified: 1921-12
  in-force: 1918/1919, 1923/1925
  articles: 7
  paragraphs: 4
  amount:   10..20 GBP
  kind:     peace, trade
treaty c "C"
  party:    russia
  signed:   1922
  articles: 9
"#;

/// Of two periods between which a date lies neither holds it.
#[test]
fn ranges_are_between_paths() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        treaties where signed from in-force.start to in-force.end show id
        treaties where signed from 1920 to ratified show id
        treaties where not signed from 1920 to ratified show id
        treaties where articles from 2 to paragraphs show id
        treaties where articles from 5 to a.paragraphs show id
        treaties where signed.year from ratified.year to 1923 show id
        treaties where count(party) from 3 to articles show id
        treaties where in-force.length in 300..500 show id
        treaties where in-force.length in (365 day, 1430 day) show id
    "#), @"
    treaties where signed from in-force.start to in-force.end show id
      a
      = 1
      note: 1 record is left out: `in-force` is not recorded; add `or no in-force` to take it in
    treaties where signed from 1920 to ratified show id
      a
      b   (date: signed is 1921; date: ratified is 1921-12)
      = 1 (+1)
      note: 1 record is left out: `ratified` is not recorded; add `or no ratified` to take it in
    treaties where not signed from 1920 to ratified show id
      b   (date: signed is 1921; date: ratified is 1921-12)
      = 0 (+1)
      note: 1 record is left out: `ratified` is not recorded; add `or no ratified` to take it in
    treaties where articles from 2 to paragraphs show id
      a
      = 1
      note: 1 record is left out: `paragraphs` is not recorded; add `or no paragraphs` to take it in
    treaties where articles from 5 to a.paragraphs show id
      b
      = 1
    treaties where signed.year from ratified.year to 1923 show id
      a
      b
      = 2
      note: 1 record is left out: `ratified.year` is not recorded; add `or no ratified.year` to take it in
    treaties where count(party) from 3 to articles show id
      b   (count(party) is 2 (+1 possible), articles is 7)
      = 0 (+1)
    treaties where in-force.length in 300..500 show id
      b   (number: in-force.length is 2..730 day; number: in-force.length is 368..1096 day)
      = 0 (+1)
      note: 1 record is left out: `in-force.length` is not recorded; add `or no in-force.length` to take it in
    treaties where in-force.length in (365 day, 1430 day) show id
      a
      b   (number: in-force.length is 2..730 day; number: in-force.length is 368..1096 day)
      = 1 (+1)
      note: 1 record is left out: `in-force.length` is not recorded; add `or no in-force.length` to take it in
    ");
}

#[test]
fn lists_have_paths() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        treaties where articles in (paragraphs, 9) show id
        treaties where not articles in (paragraphs, 9) show id
        treaties where party in (france, c.party) show id
        treaties where every party in (germany, (polities where count(treaties) = 3)) show id
        treaties where signed in (min(ratified), 1922) show id
        treaties where amount > a.amount show id
        treaties where kind = a.kind show id
        treaties where articles < max((treaties where kind = peace).articles) show id
        treaties where articles > (treaties where kind = peace).articles show id
    "#), @"
    treaties where articles in (paragraphs, 9) show id
      c
      = 1
    treaties where not articles in (paragraphs, 9) show id
      a
      b
      = 2
    treaties where party in (france, c.party) show id
      a
      b
      c
      = 3
    treaties where every party in (germany, (polities where count(treaties) = 3)) show id
      a
      c
      b   (disputed: party is france)
      = 2 (+1)
    treaties where signed in (min(ratified), 1922) show id
      c
      b   (date: signed is 1921)
      = 1 (+1)
    treaties where amount > a.amount show id
      = 0
      note: 1 record is left out: `amount` is not recorded; add `or no amount` to take it in
    treaties where kind = a.kind show id
      a
      b
      = 2
      note: 1 record is left out: `kind` is not recorded; add `or no kind` to take it in
    treaties where articles < max((treaties where kind = peace).articles) show id
      a
      = 1
      note: 1 record is left out: `kind` is not recorded; add `or no kind` to take it in
    treaties where articles > (treaties where kind = peace).articles show id
      b
      c
      = 2
    ");
}

#[test]
fn what_does_not_fit_a_range_is_told() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        treaties where signed from articles to ratified
        treaties where party from a.party to b.party
        treaties where signed.year from ratified to 1925
        treaties where signed in (ratified, party)
        treaties where kind < a.kind
        treaties where in-force.length from 500 to 300
    "#), @"
    treaties where signed from articles to ratified
                               ^^^^^^^^ KB1008
      `articles` is not a date
      help: write year-month-day as far as known, such as `1922-04-16`, `1922-04` or `1922`
    treaties where party from a.party to b.party
                              ^^^^^^^^^^^^^^^^^^ KB1007
      `party` holds records, which have no range
      help: list the values: `in (a, b, c)`
    treaties where signed.year from ratified to 1925
                                    ^^^^^^^^ KB1007
      `signed.year` and `ratified` are not of one unit
      help: name the same unit of one day on both sides, `a.signed.year = b.period.start.year`
    treaties where signed in (ratified, party)
                                        ^^^^^ KB1008
      `party` is neither a date nor a field with dates
      help: a date is written year-month-day: `1922`, `1922-04`, `1922-04-16`
    treaties where kind < a.kind
                        ^ KB1007
      `kind` holds words of a list, which `<` cannot compare
      help: fitting are `=` or `!=`
    treaties where in-force.length from 500 to 300
                                        ^^^^^^^^^^ KB1008
      a range ends before it begins
      help: write the earlier or lesser one first
    ");
}
