//! Reasons through rules: derivations down to base facts, rows of several records, and what came nearest.

use super::query::index_of;
use super::query_why::why_in;
use regesta::pipeline;
use regesta::render::write_why_json;

const BASE: &str = r#"
relation polity, polities "A state"
  founded: date ?
relation treaty, treaties "An agreement"
  party:   polity 2..  inverse treaties
  signed:  date
  kind:    words mutual-assistance | trade ?
  extends: treaty ?    inverse extended-by

source notes "Notes"
cite notes "1"

polity russia "Russia"
polity germany "Germany"
  founded: 1871
polity france "France"
polity poland "Poland"

treaty rapallo "Rapallo"
  party:  germany, russia
  signed: 1922
  kind:   trade
treaty entente "Entente"
  party:  france, russia
  signed: 1935
  kind:   mutual-assistance
treaty warsaw "Warsaw"
  party:  france, poland (disputed)
  signed: 1921
  kind:   mutual-assistance
treaty berlin "Berlin"
  party:   germany, russia
  signed:  1926
  extends: rapallo
treaty later "Later"
  party:   germany, russia
  signed:  1931
  extends: berlin

rule ally(a: polity, b: polity) "bound by a treaty of mutual assistance"
  if t is treaty and t.kind = mutual-assistance and t.party = a and t.party = b and a != b
rule bloc(a: polity, b: polity)
  if ally(a, b)
  if c is polity and ally(a, c) and bloc(c, b)
rule lonely(p: polity)
  if p.founded < 1900 and not (q is polity and ally(p, q))
rule prolongs(a: treaty, b: treaty)
  if a.extends = b
  if prolongs(a, c) and c is treaty and c.extends = b
rule earlier(a: treaty, b: treaty)
  if p is polity and a.party = p and b.party = p and a.signed < b.signed
"#;

fn why(query: &str, row: &str) -> String {
    why_in(BASE, query, row)
}

#[test]
fn folds_and_differences_are_told_with_the_statements_that_go_into_them() {
    let base = BASE.replace(
        "rule ally",
        "rule busier(a: polity, b: polity)\n  if count(a.treaties) > count(b.treaties)\nrule ally",
    );
    let told = |query, row| why_in(&base, query, row);
    let find = "find a, b where a is treaty and b is treaty and b.extends = a";
    insta::assert_snapshot!([
        told("treaties where count(party) > 1 and signed - extends.signed < 2000", "berlin"),
        told("busier", "russia, poland"),
        told("busier", "poland, france"),
        told(&format!("{find} and b.signed - a.signed < 1700"), "rapallo, berlin"),
        told(&format!("{find} and a[kind = trade].signed < b.signed and max(a.party.founded) < b.signed"), "rapallo, berlin"),
        told("find t, p where t is treaty and p is polity and t mentions p and not p in (russia, t.party)", "rapallo, russia"),
        told("find t where t is treaty and prolongs(t, (treaties where kind = trade))", "later"),
    ].join("\n"), @r#"
    Berlin [berlin] is in the answer
    treaty, base.kb:31

    holds: count(party) > 1 and signed - extends.signed < 2000
    ├─ holds: count(party) > 1
    │     berlin: party = Germany [germany], base.kb:32, Notes, 1 [notes]
    │     berlin: party = Russia [russia], base.kb:32, Notes, 1 [notes]
    │     `count(party)` is 2
    └─ holds: signed - extends.signed < 2000
          berlin: signed = 1926, base.kb:33, Notes, 1 [notes]
          berlin: extends = Rapallo [rapallo], base.kb:34, Notes, 1 [notes]
            rapallo: signed = 1922, base.kb:21, Notes, 1 [notes]
          `signed - extends.signed` is 1097..1825 day

    a = Russia [russia], b = Poland [poland] is in the answer
    polity, base.kb:13
    polity, base.kb:17

    holds: busier(russia, poland)
    │  by `busier`, base.kb:40: a = Russia [russia], b = Poland [poland]
    └─ holds: count(a.treaties) > count(b.treaties)
          rapallo: party = Russia [russia], base.kb:20, Notes, 1 [notes]
          berlin: party = Russia [russia], base.kb:32, Notes, 1 [notes]
          later: party = Russia [russia], base.kb:36, Notes, 1 [notes]
          entente: party = Russia [russia], base.kb:24, Notes, 1 [notes]
          warsaw: party = Poland [poland] (disputed), base.kb:28, Notes, 1 [notes]
            b.treaties is warsaw: this is disputed
          `count(a.treaties)` is 4
          `count(b.treaties)` is 0 (+1 possible)

    a = Poland [poland], b = France [france] is not in the answer
    polity, base.kb:17
    polity, base.kb:16

    fails: busier(poland, france)
    │  `busier`, base.kb:40, asked of a = Poland [poland], b = France [france]
    └─ fails: count(a.treaties) > count(b.treaties)
          warsaw: party = Poland [poland] (disputed), base.kb:28, Notes, 1 [notes]
            a.treaties is warsaw: this is disputed
          warsaw: party = France [france], base.kb:28, Notes, 1 [notes]
          entente: party = France [france], base.kb:24, Notes, 1 [notes]
          `count(a.treaties)` is 0 (+1 possible)
          `count(b.treaties)` is 2

    a = Rapallo [rapallo], b = Berlin [berlin] is possibly in the answer
    treaty, base.kb:19
    treaty, base.kb:31

    holds: b.extends = a
       berlin: extends = Rapallo [rapallo], base.kb:34, Notes, 1 [notes]
    possible: b.signed - a.signed < 1700 day
       berlin: signed = 1926, base.kb:33, Notes, 1 [notes]
         b.signed is 1926: the days since a.signed may be < 1700
       rapallo: signed = 1922, base.kb:21, Notes, 1 [notes]
         a.signed is 1922: the days since b.signed may be > -1700
       `b.signed - a.signed` is 1097..1825 day

    a = Rapallo [rapallo], b = Berlin [berlin] is in the answer
    treaty, base.kb:19
    treaty, base.kb:31

    holds: b.extends = a
       berlin: extends = Rapallo [rapallo], base.kb:34, Notes, 1 [notes]
    holds: kind = trade and a[kind = trade].signed < b.signed
    ├─ holds: kind = trade
    │     rapallo: kind = trade, base.kb:22, Notes, 1 [notes]
    └─ holds: a[kind = trade].signed < b.signed
          rapallo: signed = 1922, base.kb:21, Notes, 1 [notes]
          berlin: signed = 1926, base.kb:33, Notes, 1 [notes]
    holds: max(a.party.founded) < b.signed
       rapallo: party = Germany [germany], base.kb:20, Notes, 1 [notes]
         germany: founded = 1871, base.kb:15, Notes, 1 [notes]
       berlin: signed = 1926, base.kb:33, Notes, 1 [notes]
       `max(a.party.founded)` is 1871
       `b.signed` is 1926

    t = Rapallo [rapallo], p = Russia [russia] is not in the answer
    treaty, base.kb:19
    polity, base.kb:13

    holds: t mentions p
       rapallo: party = Russia [russia], base.kb:20, Notes, 1 [notes]
    fails: not (p = russia or p = t.party)
    └─ holds: p = russia or p = t.party
       ├─ holds: p = russia
       └─ holds: p = t.party
             rapallo: party = Russia [russia], base.kb:20, Notes, 1 [notes]

    t = Later [later] is in the answer
    treaty, base.kb:35
      with (treaties where kind = trade) = Rapallo [rapallo]

    holds: this in (treaties where kind = trade)
         holds: kind = trade
            rapallo: kind = trade, base.kb:22, Notes, 1 [notes]
    holds: prolongs(later, rapallo)
    │  by `if` 2 of `prolongs`, base.kb:49: a = Later [later], b = Rapallo [rapallo], c = Berlin [berlin]
    ├─ holds: c.extends = b
    │     berlin: extends = Rapallo [rapallo], base.kb:34, Notes, 1 [notes]
    └─ holds: prolongs(later, berlin)
       │  by `if` 1 of `prolongs`, base.kb:49: a = Later [later], b = Berlin [berlin]
       └─ holds: a.extends = b
             later: extends = Berlin [berlin], base.kb:38, Notes, 1 [notes]
    "#);
}

#[test]
fn a_rule_is_told_down_to_base_facts() {
    insta::assert_snapshot!(why("polities where bloc(this, russia)", "poland"), @r#"
    Poland [poland] is possibly in the answer
    polity, base.kb:17

    possible: bloc(this, russia)
    │  by `if` 2 of `bloc`, base.kb:42: a = Poland [poland], b = Russia [russia], c = France [france]
    ├─ possible: ally(poland, france)
    │  │  by `ally`, base.kb:40: a = Poland [poland], b = France [france], t = Warsaw [warsaw]
    │  ├─ holds: t.kind = mutual-assistance
    │  │     warsaw: kind = mutual-assistance, base.kb:30, Notes, 1 [notes]
    │  ├─ possible: t.party = a
    │  │     warsaw: party = Poland [poland] (disputed), base.kb:28, Notes, 1 [notes]
    │  │       t.party is poland: this is disputed
    │  ├─ holds: t.party = b
    │  │     warsaw: party = France [france], base.kb:28, Notes, 1 [notes]
    │  └─ holds: not a = b
    └─ holds: bloc(france, russia)
       │  by `if` 1 of `bloc`, base.kb:42: a = France [france], b = Russia [russia]
       └─ holds: ally(france, russia)
          │  by `ally`, base.kb:40: a = France [france], b = Russia [russia], t = Entente [entente]
          ├─ holds: t.kind = mutual-assistance
          │     entente: kind = mutual-assistance, base.kb:26, Notes, 1 [notes]
          ├─ holds: t.party = a
          │     entente: party = France [france], base.kb:24, Notes, 1 [notes]
          ├─ holds: t.party = b
          │     entente: party = Russia [russia], base.kb:24, Notes, 1 [notes]
          └─ holds: not a = b
    "#);
}

#[test]
fn a_rule_that_fails_is_told_with_what_comes_nearest() {
    insta::assert_snapshot!(why("polities where ally(this, russia)", "germany"), @r#"
    Germany [germany] is not in the answer
    polity, base.kb:14

    fails: ally(this, russia)
    │  `ally`, base.kb:40, asked of a = Germany [germany], b = Russia [russia]
    │  nearest with `t` = rapallo
    ├─ fails: t.kind = mutual-assistance
    │     rapallo: kind = trade, base.kb:22, Notes, 1 [notes]
    ├─ holds: t.party = a
    │     rapallo: party = Germany [germany], base.kb:20, Notes, 1 [notes]
    ├─ holds: t.party = b
    │     rapallo: party = Russia [russia], base.kb:20, Notes, 1 [notes]
    └─ holds: not a = b
    "#);
    insta::assert_snapshot!(why("treaties where prolongs(this, later)", "rapallo"), @r#"
    Rapallo [rapallo] is not in the answer
    treaty, base.kb:19

    fails: prolongs(this, later)
    ├─ fails: `prolongs` by its first `if`
    │  │  `prolongs`, base.kb:47, asked of a = Rapallo [rapallo], b = Later [later]
    │  └─ fails: a.extends = b
    │        `a.extends` is not recorded
    └─ fails: `prolongs` by its second `if`
       │  `prolongs`, base.kb:47, asked of a = Rapallo [rapallo], b = Later [later]
       ├─ fails: c.extends = b
       │     no `c` is left of which it could hold
       └─ fails: prolongs(rapallo, c)
             no `c` is left of which it could hold
    "#);
    insta::assert_snapshot!(why("find a, b where earlier(a, b)", "entente, rapallo"), @r#"
    a = Entente [entente], b = Rapallo [rapallo] is not in the answer
    treaty, base.kb:23
    treaty, base.kb:19

    fails: earlier(entente, rapallo)
    │  `earlier`, base.kb:50, asked of a = Entente [entente], b = Rapallo [rapallo]
    │  nearest with `p` = russia
    ├─ holds: a.party = p
    │     entente: party = Russia [russia], base.kb:24, Notes, 1 [notes]
    ├─ holds: b.party = p
    │     rapallo: party = Russia [russia], base.kb:20, Notes, 1 [notes]
    └─ fails: a.signed < b.signed
          entente: signed = 1935, base.kb:25, Notes, 1 [notes]
          rapallo: signed = 1922, base.kb:21, Notes, 1 [notes]
          `a.signed` lies about 12 years after `b.signed`
    "#);
}

#[test]
fn a_negated_rule_is_told_by_what_it_rests_on() {
    insta::assert_snapshot!(why("lonely", "germany"), @r#"
    Germany [germany] is in the answer
    polity, base.kb:14

    holds: lonely(germany)
    │  by `lonely`, base.kb:45: p = Germany [germany]
    ├─ holds: p.founded < 1900
    │     germany: founded = 1871, base.kb:15, Notes, 1 [notes]
    └─ holds: not (some q and ally(germany, q))
          nothing fulfils it
    "#);
    insta::assert_snapshot!(why("polities where not ally(this, france)", "poland"), @r#"
    Poland [poland] is possibly in the answer
    polity, base.kb:17

    possible: not ally(this, france)
    └─ possible: ally(this, france)
       │  by `ally`, base.kb:40: a = Poland [poland], b = France [france], t = Warsaw [warsaw]
       ├─ holds: t.kind = mutual-assistance
       │     warsaw: kind = mutual-assistance, base.kb:30, Notes, 1 [notes]
       ├─ possible: t.party = a
       │     warsaw: party = Poland [poland] (disputed), base.kb:28, Notes, 1 [notes]
       │       t.party is poland: this is disputed
       ├─ holds: t.party = b
       │     warsaw: party = France [france], base.kb:28, Notes, 1 [notes]
       └─ holds: not a = b
    "#);
}

#[test]
fn a_row_of_several_records_is_told() {
    insta::assert_snapshot!(why("prolongs where b.signed < 1925", "later, rapallo"), @r#"
    a = Later [later], b = Rapallo [rapallo] is in the answer
    treaty, base.kb:35
    treaty, base.kb:19

    holds: b.signed < 1925
       rapallo: signed = 1922, base.kb:21, Notes, 1 [notes]
    holds: prolongs(later, rapallo)
    │  by `if` 2 of `prolongs`, base.kb:47: a = Later [later], b = Rapallo [rapallo], c = Berlin [berlin]
    ├─ holds: c.extends = b
    │     berlin: extends = Rapallo [rapallo], base.kb:34, Notes, 1 [notes]
    └─ holds: prolongs(later, berlin)
       │  by `if` 1 of `prolongs`, base.kb:47: a = Later [later], b = Berlin [berlin]
       └─ holds: a.extends = b
             later: extends = Berlin [berlin], base.kb:38, Notes, 1 [notes]
    "#);
    insta::assert_snapshot!(why("find a, b where ally(a, b) and a.founded < 1900", "germany, france"), @r#"
    a = Germany [germany], b = France [france] is not in the answer
    polity, base.kb:14
    polity, base.kb:16

    holds: a.founded < 1900
       germany: founded = 1871, base.kb:15, Notes, 1 [notes]
    fails: ally(germany, france)
    │  `ally`, base.kb:40, asked of a = Germany [germany], b = France [france]
    │  nearest with `t` = warsaw
    ├─ holds: t.kind = mutual-assistance
    │     warsaw: kind = mutual-assistance, base.kb:30, Notes, 1 [notes]
    ├─ fails: t.party = a
    │     warsaw: party = France [france], base.kb:28, Notes, 1 [notes]
    │     warsaw: party = Poland [poland] (disputed), base.kb:28, Notes, 1 [notes]
    ├─ holds: t.party = b
    │     warsaw: party = France [france], base.kb:28, Notes, 1 [notes]
    └─ holds: not a = b
    "#);
    insta::assert_snapshot!(why("find p where p is polity and t is treaty and t.extends = rapallo and t.party = p", "russia"), @r#"
    p = Russia [russia] is in the answer
    polity, base.kb:13
      with t = Berlin [berlin]

    holds: t.extends = rapallo
       berlin: extends = Rapallo [rapallo], base.kb:34, Notes, 1 [notes]
    holds: t.party = p
       berlin: party = Russia [russia], base.kb:32, Notes, 1 [notes]
    "#);
}

#[test]
fn a_path_in_a_call_is_told_with_the_record_it_leads_to() {
    insta::assert_snapshot!(why("treaties where prolongs(extends, rapallo)", "later"), @r#"
    Later [later] is in the answer
    treaty, base.kb:35

    holds: prolongs(extends, rapallo)
    ├─ holds: extends = berlin
    │     later: extends = Berlin [berlin], base.kb:38, Notes, 1 [notes]
    └─ holds: prolongs(berlin, rapallo)
       │  by `if` 1 of `prolongs`, base.kb:47: a = Berlin [berlin], b = Rapallo [rapallo]
       └─ holds: a.extends = b
             berlin: extends = Rapallo [rapallo], base.kb:34, Notes, 1 [notes]
    "#);
    insta::assert_snapshot!(why("treaties where prolongs(extends, rapallo)", "entente"), @r#"
    Entente [entente] is not in the answer
    treaty, base.kb:23

    fails: prolongs(extends, rapallo)
    │  nearest with `extends` = berlin
    ├─ fails: extends = berlin
    │     `extends` is not recorded
    └─ holds: prolongs(berlin, rapallo)
       │  by `if` 1 of `prolongs`, base.kb:47: a = Berlin [berlin], b = Rapallo [rapallo]
       └─ holds: a.extends = b
             berlin: extends = Rapallo [rapallo], base.kb:34, Notes, 1 [notes]
    "#);
}

#[test]
fn a_row_that_is_not_named_in_full_is_refused() {
    insta::assert_snapshot!(why("ally", "russia"), @r#"a row of this query has 2 records; name them all, parted by commas: `a, b`"#);
    insta::assert_snapshot!(why("ally", "russia, nobody"), @r#"there is no record `nobody`; `regesta query 'everything where text ~ "…"'` searches all words"#);
    insta::assert_snapshot!(why("statements", "russia"), @r#"the rows of `statements` are no records; `regesta show NAME` prints the statements of a record with their sources"#);
    insta::assert_snapshot!(why("ally", "russia, rapallo"), @r#"
    a = Russia [russia], b = Rapallo [rapallo] is not in the answer
    polity, base.kb:13
    treaty, base.kb:19
      `b` stands for polities, and `rapallo` is none of them
    "#);
}

#[test]
fn a_row_of_several_records_is_an_object_with_all_of_them() {
    let index = index_of(BASE);
    let reasoned = pipeline::why(&index, "prolongs", "later, rapallo").expect("sound");
    let why = reasoned.why.expect("it is understood").expect("the records are known");
    let mut bytes = Vec::new();
    write_why_json(&mut bytes, "prolongs", &why).expect("memory can be written");
    insta::assert_snapshot!(String::from_utf8(bytes).expect("it is text"), @r#"{"query":"prolongs","records":[{"variable":"a","id":"later","name":"Later","relation":"treaty","file":"base.kb","line":35},{"variable":"b","id":"rapallo","name":"Rapallo","relation":"treaty","file":"base.kb","line":19}],"match":"certain","remarks":[],"conditions":[{"condition":"prolongs(later, rapallo)","match":"certain","derivation":{"rule":"prolongs","file":"base.kb","line":47,"way":2,"ways":2,"given":[{"variable":"a","id":"later","name":"Later"},{"variable":"b","id":"rapallo","name":"Rapallo"},{"variable":"c","id":"berlin","name":"Berlin"}]},"parts":[{"condition":"c.extends = b","match":"certain","evidence":[{"match":"certain","statements":[{"id":"berlin","name":"Berlin","field":"extends","value":"rapallo","file":"base.kb","line":34,"sources":[{"id":"notes","name":"Notes","locator":"1"}]}]}]},{"condition":"prolongs(later, berlin)","match":"certain","derivation":{"rule":"prolongs","file":"base.kb","line":47,"way":1,"ways":2,"given":[{"variable":"a","id":"later","name":"Later"},{"variable":"b","id":"berlin","name":"Berlin"}]},"parts":[{"condition":"a.extends = b","match":"certain","evidence":[{"match":"certain","statements":[{"id":"later","name":"Later","field":"extends","value":"berlin","file":"base.kb","line":38,"sources":[{"id":"notes","name":"Notes","locator":"1"}]}]}]}]}]}]}"#);
}

/// Nodes with edges between them, and reachability over these.
fn graph(edges: &[(usize, usize)]) -> String {
    let nodes = edges.iter().map(|(from, to)| from.max(to) + 1).max().unwrap_or(0);
    let rule = "rule path(a: node, b: node)\n  if a.leads = b\n  if m is node and path(a, m) and path(m, b)\n";
    super::query_rules::base_of(nodes, &edges.iter().map(|edge| (*edge, 2)).collect(), rule)
}

#[test]
fn the_shortest_derivation_is_told_and_never_a_circle() {
    // There is a way of four edges, one of two, and circles everywhere.
    let base = graph(&[(0, 1), (1, 2), (2, 3), (3, 4), (0, 5), (5, 4), (4, 0), (5, 5), (1, 0)]);
    insta::assert_snapshot!(why_in(&base, "nodes where path(this, n4)", "n0"), @r#"
    N [n0] is in the answer
    node, base.kb:5

    holds: path(this, n4)
    │  by `if` 2 of `path`, base.kb:20: a = N [n0], b = N [n4], m = N [n5]
    ├─ holds: path(n0, n5)
    │  │  by `if` 1 of `path`, base.kb:20: a = N [n0], b = N [n5]
    │  └─ holds: a.leads = b
    │        n0: leads = N [n5], base.kb:7, N, 1 [notes]
    └─ holds: path(n5, n4)
       │  by `if` 1 of `path`, base.kb:20: a = N [n5], b = N [n4]
       └─ holds: a.leads = b
             n5: leads = N [n4], base.kb:18, N, 1 [notes]
    "#);
}

#[test]
fn a_long_derivation_is_told_to_a_certain_depth() {
    let edges: Vec<(usize, usize)> = (0..40).map(|node| (node, node + 1)).collect();
    let base = graph(&edges).replace("path(a, m) and path(m, b)", "a.leads = m and path(m, b)");
    let told = why_in(&base, "find a, b where path(a, b)", "n0, n40");
    let cut = "28 applications of rules lie behind it; reasons go no deeper than 12 steps";
    assert!(told.contains(cut), "{told}");
    assert_eq!(told.matches("by `if`").count(), 12, "{told}");
}
