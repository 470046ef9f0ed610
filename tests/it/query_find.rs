//! `find` with several variables, over a small base, and compared with trying every pair.

use super::query::{ask_of, index_of};
use proptest::prelude::*;
use regesta::query::answer;
use regesta::resolve;
use regesta::source::Sources;

const BASE: &str = r#"
relation polity, polities "A state"
  founded: date ?
relation person, persons "A person"
relation office, offices "A post"
relation tenure, tenures "A person holds an office"
  person: person  inverse tenures
  office: office  inverse holders
  period: period
relation treaty, treaties "An agreement"
  party:     polity 2..  inverse treaties
  signatory: person *
  signed:    date
  kind:      words peace | alliance ?

source notes "Notes"
cite notes "1"

polity russia "Russia"
  founded: 1917
polity germany "Germany"
  founded: 1871
polity france "France"
polity poland "Poland"
  founded: 1918?

person trotsky "Trotsky"
person chicherin "Chicherin"
office commissar "Commissar"
office envoy "Envoy"

tenure one
  person: trotsky
  office: commissar
  period: 1917/1918
tenure two
  person: chicherin
  office: commissar
  period: 1918/1930
tenure three
  person: chicherin
  office: envoy
  period: 1921/1922

treaty rapallo "Rapallo"
  party:     germany, russia
  signatory: chicherin
  signed:    1922-04-16
  kind:      peace
treaty entente "Entente"
  party:     france, russia (disputed)
  signed:    1935
  kind:      alliance
treaty dark "Dark"
  party:     poland, unknown
  signatory: unknown
  signed:    192X
"#;

fn ask(queries: &str) -> String {
    ask_of(BASE, queries)
}

#[test]
fn rows_are_distinct_and_each_variable_is_a_column() {
    insta::assert_snapshot!(ask(r#"
        find a, b where t is treaty and a is polity and b is polity and t.party = a and t.party = b and a != b
        find a where t is treaty and a is polity and t.party = a and t.signed < 1930
        find x, y where x is tenure and y is tenure and x.office = y.office and x != y and x.period overlaps y.period show x.person, y.person, x.office
        find x, y where x is tenure and y is tenure and x.office = y.office and x.start < y.start sort by y.start desc limit 1
        find p, t where p is person and t is treaty and t.signatory = p count
        find p where (p is polity and p.founded < 1900) or (p is person and p.name ~ trot)
        find p where p is polity and not (t is treaty and t.party = p)
        find p where p is polity and t is treaty and t.party = p and certainly p.founded < 1918
    "#), @r#"
    find a, b where t is treaty and a is polity and b is polity and t.party = a and t.party = b and a != b
      germany | russia
      russia | germany
      germany | poland   (unknown: t.party)
      germany | france   (unknown: t.party)
      russia | poland   (unknown: t.party)
      russia | france   (unknown: t.party)
      poland | germany   (unknown: t.party)
      poland | russia   (unknown: t.party)
      poland | france   (unknown: t.party)
      france | germany   (unknown: t.party)
      france | russia   (unknown: t.party)
      france | poland   (unknown: t.party)
      = 2 (+10)
    find a where t is treaty and a is polity and t.party = a and t.signed < 1930
      germany
      russia
      poland
      france   (unknown: t.party)
      = 3 (+1)
    find x, y where x is tenure and y is tenure and x.office = y.office and x != y and x.period overlaps y.period show x.person, y.person, x.office
      trotsky | chicherin | commissar   (date: x.period is 1917/1918; date: y.period is 1918/1930)
      chicherin | trotsky | commissar   (date: x.period is 1918/1930; date: y.period is 1917/1918)
      = 0 (+2)
    find x, y where x is tenure and y is tenure and x.office = y.office and x.start < y.start sort by y.start desc limit 1
      one | two
      three | three   (date: x.start is 1921; date: y.start is 1921)
      = 1 (+3)
    find p, t where p is person and t is treaty and t.signatory = p count
      = 1 (+2)
    find p where (p is polity and p.founded < 1900) or (p is person and p.name ~ trot)
      germany
      trotsky
      = 2
    find p where p is polity and not (t is treaty and t.party = p)
      = 0
    find p where p is polity and t is treaty and t.party = p and certainly p.founded < 1918
      germany
      russia
      = 2
    "#);
}

#[test]
fn faults_of_variables_are_told() {
    insta::assert_snapshot!(ask(r#"
        find a, b where a is treaty and a.party = b
        find a where a is treaty and b is polity
        find a where a is treaty and c.signed < 1930
        find a, a where a is treaty
        find a where a is treaty and mentions germany
        find a where a is treaty and a.signed = 1919?
        treaties where signed = 1919?
        treaties where id = RAPALLO show id
    "#), @r#"
    find a, b where a is treaty and a.party = b
            ^ KB1013
      nothing says what `b` ranges over
      help: bind it to a relation: `b is treaty and …`
      note: a variable may stand for any record only if a relation or a rule's parameter bounds it
    find a where a is treaty and b is polity
                                 ^ KB1014
      the variable `b` is bound and never used
      help: leave `b is …` out, or say what must hold of it
    find a where a is treaty and c.signed < 1930
                                 ^ KB1013
      there is no variable `c`
      help: bind it first: `c is treaty and …`
    find a, a where a is treaty
            ^ KB1009
      `find` names `a` twice
      help: name each variable once
    find a where a is treaty and mentions germany
                                 ^^^^^^^^^^^^^^^^ KB1007
      `mentions` does not say of which record
      help: begin with a variable: `a mentions turkey`
    find a where a is treaty and a.signed = 1919?
                                            ^^^^^ KB1008
      `1919?` does not name one exact stretch of time
      help: a question is asked about whole, exact dates: write `1919`
    treaties where signed = 1919?
                            ^^^^^ KB1008
      `1919?` does not name one exact stretch of time
      help: a question is asked about whole, exact dates: write `1919`
    treaties where id = RAPALLO show id
      rapallo
      = 1
    "#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Two treaties that share a party, found by links, are those that trying every pair finds.
    #[test]
    fn joins_are_those_of_every_pair(
        parties in prop::collection::vec(prop::collection::vec((0..4usize, 0..3usize), 1..4), 2..6)
    ) {
        let mut base = String::from(
            "relation polity, polities \"P\"\nrelation treaty, treaties \"T\"\n  party: polity *\nsource notes \"N\"\ncite notes \"1\"\n",
        );
        for number in 0..4 {
            base += &format!("polity p{number} \"P\"\n");
        }
        for (number, all) in parties.iter().enumerate() {
            let mut seen = Vec::new();
            let mut values = Vec::new();
            for (polity, status) in all {
                if !seen.contains(polity) {
                    seen.push(*polity);
                    values.push(format!("p{polity}{}", ["", " (disputed)", " (rejected)"][*status]));
                }
            }
            base += &format!("treaty t{number} \"T\"\n  party: {}\n", values.join(", "));
        }
        let index = index_of(&base);
        let run = |text: &str| {
            let mut sources = Sources::new();
            let file = sources.add("query", text);
            let (query, said) = resolve::query(&index, &sources, file).expect("sound");
            assert!(said.is_empty(), "{said:?}");
            answer(&index, &query.expect("settled")).expect("sound")
        };
        let found = run("find a, b where a is treaty and b is treaty and a.party = b.party");
        let (mut certain, mut possible) = (0, 0);
        let truth = |treaty: usize, polity: usize| {
            let value = parties[treaty].iter().find(|(each, _)| *each == polity);
            value.map_or(0, |(_, status)| [2, 1, 0][*status])
        };
        for a in 0..parties.len() {
            for b in 0..parties.len() {
                let best = (0..4).map(|polity| truth(a, polity).min(truth(b, polity))).max();
                match best {
                    Some(2) => certain += 1,
                    Some(1) => possible += 1,
                    _ => {}
                }
            }
        }
        prop_assert_eq!((found.certain, found.possible), (certain, possible));
    }
}
