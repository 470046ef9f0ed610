//! `statements`: one row a statement.

use super::query::ask_of;

const BASE: &str = r#"
relation body, bodies "An organisation"
relation person, persons "A person"
  faction:   words menshevik | bolshevik ?
  member-of: body *
  born:      date ?

source notes "Lecture notes"
  kind: secondary
source carr "Carr"

cite notes "1"

body politburo "Politburo"
person litvinov "Maxim Litvinov"
  faction:   menshevik (disputed; source: notes "L9"), bolshevik (preferred; source: carr "p. 4")
  member-of: politburo (denied; note: "asked and declined")
  born:      1876-07-17 (quote: "born at Bialystok")
person trotsky "Leon Trotsky"
  member-of: politburo (1919/1926)
  born:      unknown
"#;

#[test]
fn statements_are_asked_by_what_they_say() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        statements where status in (disputed, rejected)
        statements where source = carr show of, value, locator
        statements where of = litvinov count
        statements where of is person and field = member-of show of, value, status, note
        statements where value = politburo and not status = denied show of, period
        statements where period overlaps 1920 show of, value
        statements where quote ~ bialystok show of, field, quote
        statements where value is unknown show of, field
        statements where of.born < 1900 and field = faction sort by value desc show value, status
        statements where source.kind = secondary count
        statements where has note show of, note
        statements according to carr show value
        statements where field != born and of = litvinov limit 1 show value
    "#), @r#"
    statements where status in (disputed, rejected)
      litvinov | faction | menshevik | disputed |  | notes
      = 1
    statements where source = carr show of, value, locator
      litvinov | bolshevik | p. 4
      = 1
    statements where of = litvinov count
      = 5
    statements where of is person and field = member-of show of, value, status, note
      litvinov | politburo | denied | asked and declined
      trotsky | politburo | accepted | 
      = 2
    statements where value = politburo and not status = denied show of, period
      politburo | 
      trotsky | 1919/1926
      = 2
    statements where period overlaps 1920 show of, value
      trotsky | politburo
      = 1
    statements where quote ~ bialystok show of, field, quote
      litvinov | born | born at Bialystok
      = 1
    statements where value is unknown show of, field
      trotsky | born
      = 1
    statements where of.born < 1900 and field = faction sort by value desc show value, status
      menshevik | disputed
      bolshevik | preferred
      = 2
    statements where source.kind = secondary count
      = 8
    statements where has note show of, note
      litvinov | asked and declined
      = 1
    statements according to carr show value
      bolshevik
      = 1
    statements where field != born and of = litvinov limit 1 show value
      menshevik
      = 4
    "#);
}

#[test]
fn a_period_is_asked_for_by_what_it_is_not() {
    let base = r#"
relation body, bodies "An organisation"
relation person, persons "A person"
  member-of: body *

source notes "Lecture notes"
  kind: secondary

cite notes "1"

body politburo "Politburo"
body congress "Congress"
person trotsky "Leon Trotsky"
  member-of: politburo (1919/1926), congress (1905)
"#;
    insta::assert_snapshot!(ask_of(base, r#"
        statements where period = 1920 show value
        statements where period != 1920 show value
        statements where not period = 1920 show value
        statements where period not in (1905, 1906) show value
        statements where period not in 1904..1906 show value
    "#), @r#"
    statements where period = 1920 show value
      politburo
      = 1
    statements where period != 1920 show value
      congress
      = 1
    statements where not period = 1920 show value
      congress
      = 1
    statements where period not in (1905, 1906) show value
      politburo
      = 1
    statements where period not in 1904..1906 show value
      politburo
      = 1
    "#);
}

#[test]
fn faults_in_questions_for_statements_are_told() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        statements where stauts = disputed
        statements where status = contested
        statements where field = facton
        statements where of = nobody
        persons where id in (statements where status = denied)
    "#), @"
    statements where stauts = disputed
                     ^^^^^^ KB1004
      statements have no field `stauts`
      help: did somebody mean `status`?
    statements where status = contested
                              ^^^^^^^^^ KB1005
      `contested` is no status
      help: a status is `accepted`, `preferred`, `inferred`, `disputed`, `rejected` or `denied`
    statements where field = facton
                             ^^^^^^ KB1005
      no relation has a field `facton`
      help: did somebody mean `faction`?
    statements where of = nobody
                          ^^^^^^ KB1005
      there is no `nobody` among `sources`, `bodies` or `persons`
    persons where id in (statements where status = denied)
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ KB1021
      a statement is no record
      help: `(statements where …).of` are the records that they are about; `.source` are their sources, `.value` the records that they name
    ");
}

#[test]
fn brackets_ask_about_the_statement_that_leads_to_a_value() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        persons where faction[status = disputed]
        persons where faction[status = disputed] = bolshevik
        persons where faction[status != disputed] = bolshevik
        persons where faction[source = carr or source = notes] show id, faction[status = disputed]
        persons where faction[source.kind = secondary and status = disputed]
        persons where member-of[status = denied and note ~ declined] show member-of[status = denied]
        persons where member-of[period overlaps 1920]
        persons where member-of[no period]
        persons where born[quote ~ bialystok].year = 1876 show born.year[has quote]
        persons where year[locator = "1"]
        persons where no faction[status = preferred]
        persons where not faction[status = disputed] = menshevik
    "#), @r#"
    persons where faction[status = disputed]
      litvinov | Maxim Litvinov | 1876-07-17
      = 1
    persons where faction[status = disputed] = bolshevik
      = 0
    persons where faction[status != disputed] = bolshevik
      litvinov | Maxim Litvinov | 1876-07-17
      = 1
    persons where faction[source = carr or source = notes] show id, faction[status = disputed]
      litvinov | menshevik
      = 1
    persons where faction[source.kind = secondary and status = disputed]
      litvinov | Maxim Litvinov | 1876-07-17
      = 1
    persons where member-of[status = denied and note ~ declined] show member-of[status = denied]
      politburo
      = 1
    persons where member-of[period overlaps 1920]
      trotsky | Leon Trotsky | unknown
      = 1
    persons where member-of[no period]
      = 0
    persons where born[quote ~ bialystok].year = 1876 show born.year[has quote]
      1876
      = 1
    persons where year[locator = "1"]
      litvinov | Maxim Litvinov | 1876-07-17
      trotsky | Leon Trotsky | unknown
      = 2
    persons where no faction[status = preferred]
      trotsky | Leon Trotsky | unknown
      = 1
    persons where not faction[status = disputed] = menshevik
      = 0
      note: 1 record is left out: `faction[status = disputed]` is not recorded; add `or no faction[status = disputed]` to take it in
    "#);
}

#[test]
fn brackets_say_what_they_cannot_ask() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        persons where faction[year < 1920]
        persons where member-of[status = denied or name = "Politburo"]
        persons where faction[status = disputd]
    "#), @r#"
    persons where faction[year < 1920]
                          ^^^^^^^^^^^ KB1004
      brackets behind a value ask about its statement
      help: there are `status`, `period`, `source`, `locator`, `note` or `quote`
    persons where member-of[status = denied or name = "Politburo"]
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ KB1007
      alternatives in brackets speak either of the record or of the statement that leads to it
      help: write the path twice, `PATH[…] or PATH[…]`, with one of the alternatives in each
    persons where faction[status = disputd]
                                   ^^^^^^^ KB1005
      `disputd` is no status
      help: a status is `accepted`, `preferred`, `inferred`, `disputed`, `rejected` or `denied`
    "#);
}
