//! Rules: in conditions, as sources and in `find`; their fixpoints against naive ones; their faults.

use super::query::{ask_of, index_of};
use proptest::prelude::*;
use regesta::index::Index;
use regesta::query::{Answers, CellValue, Match, answer};
use regesta::resolve;
use regesta::source::Sources;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

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
rule trader(p: polity)
  if t is treaty and t.kind = trade and t.party = p
rule lonely(p: polity)
  if p is polity and not (q is polity and ally(p, q))
  if p.founded > 3000
rule prolongs(a: treaty, b: treaty)
  if a.extends = b
  if prolongs(a, c) and c is treaty and c.extends = b
rule even(a: treaty, b: treaty)
  if c is treaty and odd(a, c) and c.extends = b
rule odd(a: treaty, b: treaty)
  if a.extends = b
  if c is treaty and even(a, c) and c.extends = b

query of-russia "Treaties of Russia"
  treaties where party = russia sort by signed desc show name
"#;

#[test]
fn arguments_are_variables_paths_records_and_questions() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        find t where t is treaty and prolongs(t, berlin.extends)
        find t where t is treaty and prolongs(t, (treaties where kind = trade))
        find t where t is treaty and prolongs(t, (treaties where signed = 1926).extends)
        find t where t is treaty and not prolongs(t, (treaties where kind = trade))
        treaties where prolongs(this, berlin.extends) show id
        treaties where prolongs(extends, (treaties where kind = trade)) show id
        treaties where not prolongs(this, (treaties where kind = trade)) show id
        find a, b where a is polity and b is polity and ally(a[name ~ rus], b)
        find a, b where a is polity and b is polity and not ally(a[name ~ fra], b) and a = france
        treaties where prolongs(this, "Rapallo") show id
        find t where t is treaty and prolongs(t, count(t.party))
        find t where t is treaty and prolongs(t, (polities where id = russia))
        treaties where party in (ally) show id
    "#), @r#"
    find t where t is treaty and prolongs(t, berlin.extends)
      berlin
      later
      = 2
    find t where t is treaty and prolongs(t, (treaties where kind = trade))
      berlin
      later
      = 2
    find t where t is treaty and prolongs(t, (treaties where signed = 1926).extends)
      berlin
      later
      = 2
    find t where t is treaty and not prolongs(t, (treaties where kind = trade))
      warsaw
      rapallo
      entente
      = 3
    treaties where prolongs(this, berlin.extends) show id
      berlin
      later
      = 2
    treaties where prolongs(extends, (treaties where kind = trade)) show id
      later
      = 1
    treaties where not prolongs(this, (treaties where kind = trade)) show id
      warsaw
      rapallo
      entente
      = 3
    find a, b where a is polity and b is polity and ally(a[name ~ rus], b)
      russia | france
      = 1
    find a, b where a is polity and b is polity and not ally(a[name ~ fra], b) and a = france
      france | france
      france | germany
      france | poland   (rule: ally)
      = 2 (+1)
    treaties where prolongs(this, "Rapallo") show id
      berlin
      later
      = 2
    find t where t is treaty and prolongs(t, count(t.party))
                                             ^^^^^^^^^^^^^^ KB1019
      the rule takes `treaties`, and `count(t.party)` comes to a number or a date
      help: name a variable, a path or a record of `treaties`
    find t where t is treaty and prolongs(t, (polities where id = russia))
                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ KB1019
      the rule takes `treaties`, and `(polities where id = russia)` holds `polities`
      help: name a variable, a path or a record of `treaties`
    treaties where party in (ally) show id
                             ^^^^ KB1019
      each row of `ally` is 2 records
      help: ask it as a condition, with `this` for the record that is meant: `ally(this, …)`
      help: for all records at its first place, write `(find a where ally(a, b))`
      note: its parameters are `a`, `b`
    "#);
}

/// What is counted is derived before, however it recurs, and a rule over the count may recur itself.
#[test]
fn rules_fold_what_other_rules_derive() {
    let base = format!(
        "{BASE}
rule renewed(p: polity)
  if count(p.treaties[prolongs(this, rapallo)]) > 1
rule friendly(p: polity, q: polity)
  if count(p.treaties[kind = mutual-assistance]) > count(q.treaties[kind = mutual-assistance])
rule rank(p: polity, q: polity)
  if friendly(p, q)
  if r is polity and friendly(p, r) and rank(r, q)
rule last(t: treaty)
  if t.signed = max((treaties where prolongs(this, rapallo)).signed)
rule soon(a: treaty, b: treaty)
  if prolongs(b, a) and b.signed - a.signed < 2000
"
    );
    insta::assert_snapshot!(ask_of(&base, r#"
        renewed show id
        polities where not renewed(this) show id
        find p, q where friendly(p, q)
        find p, q where rank(p, q) and q = germany
        last show id
        soon show a, b, b.signed - a.signed, count(a.party)
    "#), @r#"
    renewed show id
      germany
      russia
      = 2
    polities where not renewed(this) show id
      france
      poland
      = 2
    find p, q where friendly(p, q)
      france | germany
      france | poland
      france | russia
      russia | germany
      poland | germany   (rule: friendly)
      poland | poland   (rule: friendly)
      russia | poland   (rule: friendly)
      = 4 (+3)
    find p, q where rank(p, q) and q = germany
      france | germany
      russia | germany
      poland | germany   (rule: rank)
      = 2 (+1)
    last show id
      later   (date)
      = 0 (+1)
    soon show a, b, b.signed - a.signed, count(a.party)
      rapallo | berlin | 1097..1825 day | 2
      berlin | later | 1462..2190 day | 2   (rule: soon)
      = 1 (+1)
    "#);
}

#[test]
fn rules_are_asked_everywhere() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        polities where ally(this, france) show id
        ally where a = russia
        ally where b.name ~ pol show a.name
        trader show id
        trader where id = russia show id
        polities where id in (trader where name ~ rus) show id
        treaties where party in (trader) and signed > 1922 show id
        find a, b where bloc(a, b) and a != b
        polities where bloc(russia, this) show id
        polities where not bloc(this, russia) show id
        lonely show id
        find a, b where prolongs(a, b)
        treaties where prolongs(this, rapallo) show id
        treaties where prolongs(extends, rapallo) show id
        find a, b where even(a, b)
        find a, b where odd(a, b)
        of-russia where signed < 1930 show id
        of-russia count
        polities where certainly ally(this, france) show id
        polities where possibly ally(this, france) and trader(this) show id
    "#), @r#"
    polities where ally(this, france) show id
      russia
      poland   (rule: ally)
      = 1 (+1)
    ally where a = russia
      russia | france
      = 1
    ally where b.name ~ pol show a.name
      France   (rule: ally)
      = 0 (+1)
    trader show id
      germany
      russia
      = 2
    trader where id = russia show id
      russia
      = 1
    polities where id in (trader where name ~ rus) show id
                         ^^^^^^^^^^^^^^^^^^^^^^^^^ KB1007
      `id` holds identifiers, and the right side records
      help: compare like with like: go on with `.date`, `.name` or another field on the side that has records
    treaties where party in (trader) and signed > 1922 show id
      berlin
      later
      entente
      = 3
    find a, b where bloc(a, b) and a != b
      france | russia
      russia | france
      france | poland   (rule: bloc)
      poland | france   (rule: bloc)
      poland | russia   (rule: bloc)
      russia | poland   (rule: bloc)
      = 2 (+4)
    polities where bloc(russia, this) show id
      france
      russia
      poland   (rule: bloc)
      = 2 (+1)
    polities where not bloc(this, russia) show id
      germany
      poland   (rule: bloc)
      = 1 (+1)
    lonely show id
      germany
      poland   (date)
      = 1 (+1)
    find a, b where prolongs(a, b)
      berlin | rapallo
      later | rapallo
      later | berlin
      = 3
    treaties where prolongs(this, rapallo) show id
      berlin
      later
      = 2
    treaties where prolongs(extends, rapallo) show id
      later
      = 1
    find a, b where even(a, b)
      later | rapallo
      = 1
    find a, b where odd(a, b)
      berlin | rapallo
      later | berlin
      = 2
    of-russia where signed < 1930 show id
      rapallo
      berlin
      = 2
    of-russia count
      = 4
    polities where certainly ally(this, france) show id
      russia
      = 1
    polities where possibly ally(this, france) and trader(this) show id
      russia
      = 1
    "#);
}

#[test]
fn faults_of_calls_are_told() {
    insta::assert_snapshot!(ask_of(BASE, r#"
        polities where aly(this, france)
        polities where ally(this)
        treaties where ally(this, france)
        polities where ally(this, rapallo)
        find a where ally(a, x)
    "#), @"
    polities where aly(this, france)
                   ^^^ KB1018
      there is no rule `aly`
      help: did somebody mean `ally`?
    polities where ally(this)
                   ^^^^^^^^^^ KB1019
      `ally` takes 2 arguments, not 1
      help: write `ally(a, b)`
    treaties where ally(this, france)
                        ^^^^ KB1019
      the rule takes `polities`, and `this` holds `treaties`
      help: name a variable, a path or a record of `polities`
    polities where ally(this, rapallo)
                              ^^^^^^^ KB1005
      there is no `rapallo` among `polities`
      note: `rapallo` is of the relation `treaty`, which cannot stand here
    find a where ally(a, x)
                         ^ KB1005
      there is no `x` among `polities`
    ");
}

/// Tells what `check` says of a base's definitions.
fn faults(definitions: &str) -> String {
    use regesta::syntax;
    let relations = BASE.split("rule ally").next().expect("facts come first");
    let mut sources = Sources::new();
    let file = sources.add("base.kb", format!("{relations}{definitions}"));
    let (tree, _) = syntax::parse_file(&sources, file);
    let trees = [tree];
    let (resolved, _) = resolve::facts(&sources, &trees);
    let index = regesta::index::build(&resolved.facts).expect("the facts fit together");
    let index = Index::in_memory(index).expect("the index is sound");
    let (_, found) = resolve::definitions(&index, &sources, &trees).expect("the index is sound");
    let each = found.iter().map(|found| {
        let notes: String = found.notes.iter().map(|note| format!("\n  note: {note}")).collect();
        let help: String = found.help.iter().map(|help| format!("\n  help: {help}")).collect();
        format!(
            "{} `{}` {}{notes}{help}\n",
            found.code.number,
            sources.slice(found.primary.span),
            found.message
        )
    });
    each.collect()
}

#[test]
fn faults_of_rules_are_told_once() {
    insta::assert_snapshot!(faults(r#"
rule bound(a: polity, b: polity)
  if t is treaty and t.party = a
rule spare(a: polity)
  if t is treaty and a.founded < 1900
rule empty(a: treaty, b: treaty)
  if c is treaty and a.extends = c and empty(c, b)
rule first(a: polity)
  if a.founded < 1900 and not second(a)
rule second(a: polity)
  if a.founded < 1900 and third(a)
rule third(a: polity)
  if first(a)
rule wrong(a: polity)
  if a.fonded < 1900
rule uses-wrong(a: polity)
  if wrong(a)
check by-wrong error "{name}"
  polities where wrong(this)
rule typo(a: politty)
  if a.founded < 1900
"#), @"
    KB1015 `b` no way to derive `bound` speaks of `b`
      note: as it is, the rule would hold for every record there
      help: say in an `if` what must hold of `b`, or leave it out
    KB1014 `t` the variable `t` is bound and never used
      help: leave `t is …` out, or say what must hold of it
    KB1016 `empty` `empty` can never be derived
      note: the cycle is `empty` → `empty`
      help: add an `if` that does not lead back, where the derivation begins
    KB1017 `first` `first` depends on its own negation
      note: the cycle is `first` → not `second` → `third` → `first`
      help: break the cycle: let the negated condition rest on facts, or on a rule that does not lead back
    KB1004 `fonded` `polities` have no field `fonded`
      help: did somebody mean `founded`?
    KB1003 `politty` there is no relation `politty`
      help: did somebody mean `polity`?
    ");
}

#[test]
fn faults_of_variables_and_cycles_show_them() {
    insta::assert_snapshot!(faults(r#"
rule unsafe(a: polity)
  if t.party = a
rule never-bound(a: polity)
  if a.founded < other.founded
rule twice(a: polity, a: polity)
  if a.founded < 1900
rule negated(a: polity)
  if a.founded < 1900 and not (t.party = a)
rule ping(a: treaty, b: treaty)
  if c is treaty and a.extends = c and pong(c, b)
rule pong(a: treaty, b: treaty)
  if c is treaty and a.extends = c and ping(c, b)
rule user(a: treaty, b: treaty)
  if ping(a, b)
rule bracket(a: polity)
  if has a.treaties[no party or not within(extends)]
rule within(t: treaty)
  if bracket(t.party)
"#), @r#"
    KB1013 `t` there is no variable `t`
      help: bind it first: `t is treaty and …`
    KB1013 `other` there is no variable `other`
      help: bind it first: `other is treaty and …`
    KB1009 `a` `twice` names `a` twice
      help: name each parameter once
    KB1013 `t` there is no variable `t`
      help: bind it first: `t is treaty and …`
    KB1016 `ping` `ping` can never be derived
      note: the cycle is `ping` → `pong` → `ping`
      help: add an `if` that does not lead back, where the derivation begins
    KB1017 `bracket` `bracket` depends on its own negation
      note: the cycle is `bracket` → not `within` → `bracket`
      help: break the cycle: let the negated condition rest on facts, or on a rule that does not lead back
    "#);
}

#[test]
fn a_rule_may_ask_itself_in_brackets() {
    let base = format!(
        "{BASE}\nrule rests(a: treaty)\n  if a.kind = trade\n  if has a.extends[rests(this)]\n"
    );
    insta::assert_snapshot!(ask_of(&base, "rests show id"), @r#"
    rests show id
      rapallo
      berlin
      later
      = 3
    "#);
}

#[test]
fn a_question_does_not_run_over_a_cycle_through_negation() {
    let base =
        format!("{BASE}\nrule odd-one(a: polity)\n  if a.founded < 3000 and not odd-one(a)\n");
    insta::assert_snapshot!(ask_of(&base, "polities where odd-one(this)"), @r#"
    polities where odd-one(this)
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ KB1017
      `odd-one` depends on its own negation
      help: break the cycle: let the negated condition rest on facts, or on a rule that does not lead back
      note: the cycle is `odd-one` → not `odd-one`
    "#);
}

/// Pairs of nodes: 2 for certain, 1 for possible.
pub(super) type Pairs = BTreeMap<(usize, usize), u8>;

pub(super) fn base_of(nodes: usize, edges: &BTreeMap<(usize, usize), u8>, rules: &str) -> String {
    let mut text = String::from(
        "relation node, nodes \"N\"\n  leads: node *  inverse led-by\nsource notes \"N\"\ncite notes \"1\"\n",
    );
    for node in 0..nodes {
        text += &format!("node n{node} \"N\"\n");
        for ((_, to), truth) in edges.iter().filter(|((from, _), _)| *from == node) {
            text += &format!("  leads: n{to}{}\n", if *truth == 2 { "" } else { " (disputed)" });
        }
    }
    text + rules
}

fn answers_to(index: &Index, query: &str) -> Answers {
    let mut sources = Sources::new();
    let file = sources.add("query", query);
    let (settled, said) = resolve::query(index, &sources, file).expect("sound");
    assert!(said.is_empty(), "{query}: {said:?}");
    answer(index, &settled.expect("settled")).expect("sound")
}

/// How many rows are certain and possible.
pub(super) fn counted(index: &Index, query: &str) -> (u64, u64) {
    let answers = answers_to(index, query);
    (answers.certain, answers.possible)
}

/// The rows of a question with two columns of nodes.
pub(super) fn pairs(index: &Index, query: &str) -> Pairs {
    let answers = answers_to(index, query);
    let number = |cell: &regesta::query::Cell| match cell.values.first() {
        Some(CellValue::Entity { id, .. }) => id[1..].parse().expect("a number"),
        _ => 0,
    };
    let truth = |matched| if matched == Match::Certain { 2 } else { 1 };
    let rows = answers.rows.iter();
    rows.map(|row| ((number(&row.cells[0]), number(&row.cells[1])), truth(row.matched))).collect()
}

/// Reachability by breadth-first search, once for what is certain and once for what is possible.
pub(super) fn searched(nodes: usize, edges: &Pairs) -> Pairs {
    let mut found = Pairs::new();
    for least in [1, 2] {
        for start in 0..nodes {
            let mut seen = BTreeSet::new();
            let mut open = VecDeque::from([start]);
            while let Some(node) = open.pop_front() {
                for ((from, to), truth) in edges {
                    if *from == node && *truth >= least && seen.insert(*to) {
                        open.push_back(*to);
                    }
                }
            }
            found.extend(seen.into_iter().map(|end| ((start, end), least)));
        }
    }
    found
}

fn graph() -> impl Strategy<Value = (usize, Pairs)> {
    (2..7usize).prop_flat_map(|nodes| {
        let edge = ((0..nodes, 0..nodes), 1..3u8);
        (
            Just(nodes),
            prop::collection::btree_map(edge.clone().prop_map(|(pair, _)| pair), 1..3u8, 0..12),
        )
    })
}

const WAYS: &[&str] = &[
    "rule path(a: node, b: node)\n  if a.leads = b\n  if c is node and a.leads = c and path(c, b)\n",
    "rule path(a: node, b: node)\n  if a.leads = b\n  if c is node and path(a, c) and c.leads = b\n",
    "rule path(a: node, b: node)\n  if a.leads = b\n  if c is node and path(a, c) and path(c, b)\n",
    "rule path(a: node, b: node)\n  if a.leads = b\n  if c is node and b.led-by = c and other(a, c)\nrule other(a: node, b: node)\n  if path(a, b)\n",
    "rule path(a: node, b: node)\n  if b is node and (a.leads = b or (c is node and a.leads = c and path(c, b)))\n",
    "rule path(a: node, b: node)\n  if a.leads = b or (c is node and a.leads = c and path(c, b))\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_recurring_rule_reaches_what_a_search_reaches((nodes, edges) in graph(), start in 0..7usize) {
        let expected = searched(nodes, &edges);
        for way in WAYS {
            let index = index_of(&base_of(nodes, &edges, way));
            prop_assert_eq!(&pairs(&index, "find a, b where path(a, b)"), &expected, "{}", way);
            let start = start % nodes;
            for (query, is_wanted) in [
                (format!("find a, b where path(a, b) and a = n{start}"), 0),
                (format!("find a, b where path(a, b) and b = n{start}"), 1),
            ] {
                let some: Pairs = expected
                    .iter()
                    .filter(|((a, b), _)| [*a, *b][is_wanted] == start)
                    .map(|(pair, truth)| (*pair, *truth))
                    .collect();
                prop_assert_eq!(&pairs(&index, &query), &some, "{} {}", way, query);
            }
        }
    }

    /// Of the same generation: against a fixpoint that derives everything anew until nothing changes.
    #[test]
    fn a_fixpoint_is_that_of_deriving_everything_anew((nodes, edges) in graph()) {
        let base = base_of(
            nodes,
            &edges,
            "rule peer(a: node, b: node)\n  if c is node and c.leads = a and c.leads = b\n  if x is node and y is node and peer(x, y) and x.leads = a and y.leads = b\nrule apart(a: node, b: node)\n  if a.leads = b and not peer(a, b)\n",
        );
        let index = index_of(&base);
        let edge = |from: usize, to: usize| edges.get(&(from, to)).copied().unwrap_or(0);
        let mut peers = Pairs::new();
        loop {
            let before = peers.clone();
            for a in 0..nodes {
                for b in 0..nodes {
                    let mut best = before.get(&(a, b)).copied().unwrap_or(0);
                    for x in 0..nodes {
                        best = best.max(edge(x, a).min(edge(x, b)));
                        for y in 0..nodes {
                            let known = before.get(&(x, y)).copied().unwrap_or(0);
                            best = best.max(known.min(edge(x, a)).min(edge(y, b)));
                        }
                    }
                    if best > 0 {
                        peers.insert((a, b), best);
                    }
                }
            }
            if peers == before {
                break;
            }
        }
        prop_assert_eq!(pairs(&index, "find a, b where peer(a, b)"), peers.clone());
        let apart: Pairs = edges
            .iter()
            .map(|(pair, truth)| (*pair, (*truth).min(2 - peers.get(pair).copied().unwrap_or(0))))
            .filter(|(_, truth)| *truth > 0)
            .collect();
        prop_assert_eq!(pairs(&index, "apart"), apart);
    }
}

/// What would match by a rejected claim is looked for with the rules of the question.
#[test]
fn rules_are_asked_for_claims_that_are_hidden_too() {
    let base = "source notes\ncite notes\nrelation polity, polities\nrelation treaty, treaties\n  party: polity *\n  articles: integer ?\n\
                rule bound(t: treaty, p: polity)\n  if t.party = p\n\
                polity france\n\
                treaty pact\n  party: france\n  articles: 7\n\
                treaty protocol\n  party: france\n  articles: 7 (rejected)\n";
    insta::assert_snapshot!(ask_of(base, "treaties where bound(this, france) and articles = 7 show id"), @r"
    treaties where bound(this, france) and articles = 7 show id
      pact
      = 1
      note: 1 record would match by a claim that is rejected or hidden by a better one: `protocol`; `all claims` takes such claims in
    ");
}
