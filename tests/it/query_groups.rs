//! Groups of rows that are several records or statements, and the order of groups.

use super::query::ask_of;

const BASE: &str = r#"
relation polity, polities "A state"
  founded: date ?
relation treaty, treaties "An agreement"
  party:  polity 2..  inverse treaties
  signed: date
  kind:   words peace | trade | alliance ?
  cost:   quantity GBP | USD ?

source notes "Notes"
source carr "Carr"
cite notes "1"

polity russia "Russia"
polity germany "Germany"
polity france "France"
polity poland "Poland"

treaty rapallo "Rapallo"
  party:  germany, russia
  signed: 1922
  kind:   trade
  cost:   10 GBP
treaty entente "Entente"
  party:  france, russia
  signed: 1935
  kind:   alliance
treaty warsaw "Warsaw"
  party:  france, poland (disputed; source: carr)
  signed: [1919,1921]
  kind:   alliance
  cost:   7 GBP
treaty berlin "Berlin"
  party:  germany, russia
  signed: 1926
  cost:   5 USD

rule signs(p: polity, t: treaty)
  if t.party = p
rule partner(a: polity, b: polity)
  if t is treaty and t.party = a and t.party = b and a != b
"#;

#[test]
fn rows_of_several_records_are_grouped() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        signs count by p
        signs count by t.kind
        signs group by p show p, count(), count(t.kind), min(t.signed), max(t.signed), sum(t.cost)
        find a, b where partner(a, b) count by a sort by count() desc
        find a, b where partner(a, b) and a.name ~ "an" count by b
        find p, t where p is polity and t is treaty and t.party = p group by t.decade show t.decade, count(p)
        find p, t where p is polity and t is treaty and t.party = p group by t.decade show count() sort by count(), t.decade desc limit 2
        signs group by p show t
        signs count by p show p
        signs group by p show sum(t.signed)
    "#), @r#"
    signs count by p
      france | 2
      germany | 2
      russia | 3
      poland | 0 (+1)
    signs count by t.kind
      trade | 2
      alliance | 3 (+1)
       | 2
    signs group by p show p, count(), count(t.kind), min(t.signed), max(t.signed), sum(t.cost)
      france | 2 | 1 | [1919,1921] | 1935 | 7 GBP
      germany | 2 | 1 | 1922 | 1926 | 10 GBP, 5 USD
      russia | 3 | 2 | 1922 | 1935 | 10 GBP, 5 USD
      poland | 0 (+1) | 0 (+1) | [1919,1921] | [1919,1921] | 7 GBP
    find a, b where partner(a, b) count by a sort by count() desc
      russia | 2
      france | 1 (+1)
      germany | 1
      poland | 0 (+1)
    find a, b where partner(a, b) and a.name ~ "an" count by b
      russia | 2
      france | 0 (+1)
      poland | 0 (+1)
    find p, t where p is polity and t is treaty and t.party = p group by t.decade show t.decade, count(p)
      192X | 2 (+2)
      193X | 2
      191X | 0 (+2)
    find p, t where p is polity and t is treaty and t.party = p group by t.decade show count() sort by count(), t.decade desc limit 2
      2
      4 (+2)
    signs group by p show t
                          ^ KB1007
      `t` is not the same for all records of a group
      help: take `p`, or a fold: `count()`, `count(…)`, `min(…)`, `max(…)`, `sum(…)`, `avg(…)`
    signs count by p show p
                     ^^^^^^ KB1009
      `show` stands beside `count`
      help: keep one of them; `group by … show …` shows columns of groups
    signs group by p show sum(t.signed)
                              ^^^^^^^^ KB1007
      `t.signed` holds dates, which cannot be added
      help: count them, or take the least or the greatest: `count(…)`, `min(…)`, `max(…)`
    "#);
}

#[test]
fn statements_are_grouped() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        statements where of = rapallo or of = warsaw count by field
        statements count by status
        statements where field = party group by of show of, count(), count(value) sort by of desc limit 2
        statements where field = party count by value sort by count() desc, value
        statements where field = cost count by source
        statements group by field show min(value)
        statements group by field show count(locator)
    "#), @"
    statements where of = rapallo or of = warsaw count by field
      cost | 2
      kind | 2
      name | 2
      party | 4
      signed | 2
    statements count by status
      accepted | 27
      disputed | 1
    statements where field = party group by of show of, count(), count(value) sort by of desc limit 2
      warsaw | 2 | 2
      rapallo | 2 | 2
    statements where field = party count by value sort by count() desc, value
      russia | 3
      france | 2
      germany | 2
      poland | 1
    statements where field = cost count by source
      notes | 3
    statements group by field show min(value)
      7 GBP, 5 USD
      alliance
      Berlin
      france
      [1919,1921]
    statements group by field show count(locator)
      1
      1
      1
      1
      1
    ");
}

#[test]
fn groups_of_records_have_an_order() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        treaties count by party sort by count() desc limit 3
        treaties count by kind sort by kind desc
        treaties group by decade show decade sort by min(signed) desc
        treaties count by kind sort by name
    "#), @"
    treaties count by party sort by count() desc limit 3
      russia | 3
      france | 2
      germany | 2
    treaties count by kind sort by kind desc
      alliance | 2
      trade | 1
       | 1
    treaties group by decade show decade sort by min(signed) desc
      193X
      192X
      191X
    treaties count by kind sort by name
                                   ^^^^ KB1007
      `name` is not the same for all records of a group
      help: take `kind`, or a fold: `count()`, `count(…)`, `min(…)`, `max(…)`, `sum(…)`, `avg(…)`
    ");
}
