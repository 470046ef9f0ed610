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

query doubted "Statements that are contested"
  statements where status = disputed
query signatories "Who signed what"
  find p, t where t is treaty and p is polity and t.party = p
query friends "Who stands beside Germany"
  find p where p is polity and t is treaty and t.party = p and t.party = germany and p != germany
query counted "How many"
  treaties count by kind
query latest "The latest treaty"
  find t, p where t is treaty and p is polity and t.party = p limit 1
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

#[test]
fn questions_inside_others_give_records() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        polities where this in (find p where p is polity and t is treaty and t.party = p and t.kind = trade) show id
        (find p where p is polity sort by p.name desc limit 2) show id
        treaties where party in (statements where status = disputed show value) show id
        treaties where this in (statements where status = disputed).of show id
        (statements where status = disputed show value) show id
        treaties where signed = max((treaties where kind = trade show signed)) show id
        friends where count(treaties) > 1 show id
        doubted where field = party show of, value
        signatories where p = france show p, t
        treaties where party in (friends) show id
    "#), @"
    polities where this in (find p where p is polity and t is treaty and t.party = p and t.kind = trade) show id
      germany
      russia
      france   (this is france: disputed)
      = 2 (+1)
    (find p where p is polity sort by p.name desc limit 2) show id
      germany
      russia
      = 2
    treaties where party in (statements where status = disputed show value) show id
      b   (disputed: party is france)
      = 0 (+1)
    treaties where this in (statements where status = disputed).of show id
      b
      = 1
    (statements where status = disputed show value) show id
      france
      = 1
    treaties where signed = max((treaties where kind = trade show signed)) show id
      b   (signed is 1921, max((treaties where kind = trade show signed)) is 1921)
      = 0 (+1)
      note: 1 record is left out: `kind` is not recorded; add `or no kind` to take it in
    friends where count(treaties) > 1 show id
      russia
      = 1
    doubted where field = party show of, value
      b | france
      = 1
    signatories where p = france show p, t
      france | b   (rule: signatories)
      = 0 (+1)
    treaties where party in (friends) show id
      a
      b
      c
      = 3
    ");
}

#[test]
fn what_gives_no_records_is_told() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        treaties where this in (statements)
        treaties where this in (statements limit 2).of
        treaties where party in (find p, t where p is polity and t is treaty and t.party = p)
        treaties where party in (polities show id, name)
        treaties where party in (treaties count)
        treaties where party in (treaties count by party)
        (treaties show signed) where year < 1930
        counted where kind = trade
        latest where p = france
        treaties where party in (signatories)
    "#), @"
    treaties where this in (statements)
                            ^^^^^^^^^^ KB1021
      a statement is no record
      help: `(statements where …).of` are the records that they are about; `.source` are their sources, `.value` the records that they name
    treaties where this in (statements limit 2).of
                                       ^^^^^^^ KB1021
      a limit stands among statements in parentheses
      help: limit the records: `(polities where this in (statements where …).of limit 3)`
    treaties where party in (find p, t where p is polity and t is treaty and t.party = p)
                                  ^^^^ KB1021
      each row of the question in parentheses is several records
      help: name one variable, `(find a where …)`; the others are bound by `NAME is RELATION` all the same
    treaties where party in (polities show id, name)
                                      ^^^^^^^^^^^^^ KB1021
      a question in parentheses shows more than one path
      help: show one path of the row, `(treaties where … show party)`
    treaties where party in (treaties count)
                                      ^^^^^ KB1021
      `count` in parentheses gives no records
      help: count them outside: `count((treaties))`
    treaties where party in (treaties count by party)
                                      ^^^^^^^^^^^^^^ KB1021
      `count` in parentheses gives no records
      help: a fold outside counts or adds: `count((treaties where …).party)`; groups are those of a whole question
    (treaties show signed) where year < 1930
     ^^^^^^^^^^^^^^^^^^^^ KB1021
      `treaties show signed` is no set of records
      help: leave `show` out; what is shown stands behind the parentheses
    counted where kind = trade
    ^^^^^^^ KB1021
      `counted` is no source: `count` in parentheses gives no records
      help: a fold outside counts or adds: `count((treaties where …).party)`; groups are those of a whole question
    latest where p = france
    ^^^^^^ KB1021
      `latest` has a clause of its own: `limit`
      help: save it without `limit`, and write that where it is used
    treaties where party in (signatories)
                             ^^^^^^^^^^^ KB1021
      `signatories` is no source: each row of the question in parentheses is several records
      help: name one variable, `(find a where …)`; the others are bound by `NAME is RELATION` all the same
    ");
}

#[test]
fn clauses_take_what_a_path_leads_to() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        treaties where in-force is unknown or has in-force[period overlaps 1920] as of a.signed show id
        treaties where party = germany as of (treaties where id = a).signed show id
        treaties where party = germany according to a.source show id
        treaties where mentions b.party show id
        treaties where mentions (polities where name = "France") show id
        treaties as of (treaties where party = germany).signed
        treaties as of a.party
        treaties as of signed.year
        treaties according to a.party
        treaties where (treaties where id = a).signed < signed
        treaties where mentions a.signed
    "#), @r#"
    treaties where in-force is unknown or has in-force[period overlaps 1920] as of a.signed show id
      = 0
    treaties where party = germany as of (treaties where id = a).signed show id
      a
      b
      = 2
    treaties where party = germany according to a.source show id
      a
      b
      = 2
    treaties where mentions b.party show id
      a
      b
      c
      = 3
    treaties where mentions (polities where name = "France") show id
      b   (disputed: mentions is france)
      = 0 (+1)
    treaties as of (treaties where party = germany).signed
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ KB1007
      `as of` takes one date
      help: name it, or a path from one record: `as of locarno-1925.signed`, `according to rapallo-1922.source`
    treaties as of a.party
                   ^^^^^^^ KB1007
      `as of` takes a date
      help: name it, or a path from one record: `as of locarno-1925.signed`, `according to rapallo-1922.source`
    treaties as of signed.year
                   ^^^^^^^^^^^ KB1007
      a clause is the same for every row
      help: name it, or a path from one record: `as of locarno-1925.signed`, `according to rapallo-1922.source`
    treaties according to a.party
                          ^^^^^^^ KB1007
      `according to` takes sources
      help: name it, or a path from one record: `as of locarno-1925.signed`, `according to rapallo-1922.source`
    treaties where (treaties where id = a).signed < signed
                    ^^^^^^^^^^^^^^^^^^^^^ KB1007
      a path begins at the row here, not at a question of its own
      help: turn it round: the row's field first, then the operator, then `(…)` with its path
    treaties where mentions a.signed
                            ^^^^^^^^ KB1007
      `mentions` holds records, and the right side dates
      help: compare like with like: go on with `.date`, `.name` or another field on the side that has records
    "#);
}

/// A date elsewhere that nobody knows may lie on either side.
#[test]
fn what_is_unknown_elsewhere_leaves_it_possible() {
    let base = format!("{BASE}treaty d \"D\"\n  party: france\n  signed: unknown\n");
    insta::assert_snapshot!(ask_of(&base, r#"
        treaties where id = a and signed > d.signed show id
        treaties where id = a and not signed > d.signed show id
        treaties where id = a and signed from d.signed to 1925 show id
        treaties where id = a and signed from d.signed to 1919 show id
    "#), @r#"
    treaties where id = a and signed > d.signed show id
      a   (date: signed is 1920-01-01)
      = 0 (+1)
    treaties where id = a and not signed > d.signed show id
      a   (date: signed is 1920-01-01)
      = 0 (+1)
    treaties where id = a and signed from d.signed to 1925 show id
      a   (date)
      = 0 (+1)
    treaties where id = a and signed from d.signed to 1919 show id
      = 0
      note: `id = "a"` leaves 1 record, and `signed from d.signed to 1919` does not hold of it
    "#);
}
