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
fn folds_and_differences_of_several_records_are_compared_shown_and_sorted_by() {
    insta::assert_snapshot!(ask(r#"
        find a, b where a is treaty and b is treaty and count(a.signatory) > count(b.signatory)
        find a, b where a is treaty and b is treaty and not count(a.signatory) > count(b.signatory) and a != b
        find p, t where p is polity and t is treaty and t.party = p and t.signed - p.founded < 2000
        find p, t where p is polity and t is treaty and t.party = p and t.signed - p.founded != 2000 count
        find p, t where p is polity and t is treaty and t.party = p and t.signed - p.founded in 1..7000 show p, t.signed - p.founded, count(t.party) sort by t.signed - p.founded desc
        find a, b where a is polity and b is polity and a != b and min(a.treaties.signed) < min(b.treaties.signed)
        find x, y where x is tenure and y is tenure and x.end - x.start > y.end - y.start sort by x.end - x.start desc
        find p where p is polity and t is treaty and t.party = p and max(t.party.founded) > rapallo.signed
        find p where p is person and count(p.tenures) > count((treaties where kind = peace).party)
        find t where t is treaty and rapallo.signed - t.signed > 100
        find p, t where p is polity and t is treaty and t.party = p group by p show p, count(), min(t.signed) sort by min(t.signed)
    "#), @r"
    find a, b where a is treaty and b is treaty and count(a.signatory) > count(b.signatory)
    ≈ dark | entente
    ≈ rapallo | entente
      = 2
    find a, b where a is treaty and b is treaty and not count(a.signatory) > count(b.signatory) and a != b
    ≈ dark | rapallo
    ≈ rapallo | dark
      entente | dark
      entente | rapallo
      = 4
    find p, t where p is polity and t is treaty and t.party = p and t.signed - p.founded < 2000
      russia | rapallo
      russia | dark   (unknown: t.party; date: t.signed is 192X; date: p.founded is 1917)
      poland | dark   (date: t.signed is 192X; date: p.founded is 1918?)
      = 1 (+2)
    find p, t where p is polity and t is treaty and t.party = p and t.signed - p.founded != 2000 count
      = 2 (+4)
    find p, t where p is polity and t is treaty and t.party = p and t.signed - p.founded in 1..7000 show p, t.signed - p.founded, count(t.party) sort by t.signed - p.founded desc
      russia | 1567..1931 day | 2
      russia | 6210..6938 day | 1 (+1)   (disputed)
      russia | 731..4747 day | 2   (unknown: t.party)
      poland | 366..4382 day | 2   (t.signed - p.founded is 366..4382 day)
      = 1 (+3)
    find a, b where a is polity and b is polity and a != b and min(a.treaties.signed) < min(b.treaties.signed)
      germany | france
      russia | france
      poland | france
      germany | poland   (min(a.treaties.signed) is 1922-04-16, min(b.treaties.signed) is 192X)
      russia | poland   (min(a.treaties.signed) is 1922-04-16, min(b.treaties.signed) is 192X)
      poland | germany   (min(a.treaties.signed) is 192X, min(b.treaties.signed) is 1922-04-16)
      poland | russia   (min(a.treaties.signed) is 192X, min(b.treaties.signed) is 1922-04-16)
      = 3 (+4)
    find x, y where x is tenure and y is tenure and x.end - x.start > y.end - y.start sort by x.end - x.start desc
      two | one
      two | three
      two | two   (x.end - x.start is 4019..4747 day, y.end - y.start is 4019..4747 day)
      one | one   (x.end - x.start is 1..729 day, y.end - y.start is 1..729 day)
      one | three   (x.end - x.start is 1..729 day, y.end - y.start is 1..729 day)
      three | one   (x.end - x.start is 1..729 day, y.end - y.start is 1..729 day)
      three | three   (x.end - x.start is 1..729 day, y.end - y.start is 1..729 day)
      = 2 (+5)
    find p where p is polity and t is treaty and t.party = p and max(t.party.founded) > rapallo.signed
      germany   (max(t.party.founded) is 1918?, beside what is unknown; unknown: t.party)
      russia   (max(t.party.founded) is 1918?, beside what is unknown; unknown: t.party)
      poland   (max(t.party.founded) is 1918?, beside what is unknown)
      france   (max(t.party.founded) is 1918?, beside what is unknown; unknown: t.party)
      = 0 (+4)
    find p where p is person and count(p.tenures) > count((treaties where kind = peace).party)
      = 0
    find t where t is treaty and rapallo.signed - t.signed > 100
      dark   (rapallo.signed - t.signed is -2816..836 day)
      = 0 (+1)
    find p, t where p is polity and t is treaty and t.party = p group by p show p, count(), min(t.signed) sort by min(t.signed)
      germany | 1 (+1) | 1922-04-16, 192X
      russia | 1 (+2) | 1922-04-16, 192X
      poland | 1 | 192X
      france | 1 (+1) | 1935, 192X
    ");
}

#[test]
fn what_cannot_be_computed_of_variables_says_what_to_write() {
    insta::assert_snapshot!(ask(r#"
        find a, b where a is treaty and b is treaty and count(a.signatory) > b
        find a, b where a is treaty and b is treaty and count(a.signatory) > b.kind
        find a, b where a is treaty and b is treaty and count(c.signatory) > count(b.party)
        find a, b where a is treaty and b is treaty and a.signed - b.kind > 3
        find a, b where a is treaty and b is treaty and a.signed - b.signed < 3 years
        find a, b where a is treaty and b is treaty and a.signed.year > max(b.party.founded)
        find a, b where a is treaty and b is treaty and a.signed = b.signed show count(b)
        find a, b where a is treaty and b is treaty and a.signed = b.signed show count()
    "#), @r"
    find a, b where a is treaty and b is treaty and count(a.signatory) > b
                                                                         ^ KB1007
      `b` comes to records
      help: compare a count, or fold a date or a number
    find a, b where a is treaty and b is treaty and count(a.signatory) > b.kind
                                                                         ^^^^^^ KB1007
      `b.kind` comes to words of a list
      help: compare a count, or fold a date or a number
    find a, b where a is treaty and b is treaty and count(c.signatory) > count(b.party)
                                                          ^ KB1013
      there is no variable `c`
      help: bind it first: `c is treaty and …`
    find a, b where a is treaty and b is treaty and a.signed - b.kind > 3
                                                               ^^^^^^ KB1007
      `b.kind` is no date
      help: `-` counts the days between two dates, as in `ratified - signed`
    find a, b where a is treaty and b is treaty and a.signed - b.signed < 3 years
                                                                          ^^^^^^^ KB1008
      `3 years` is no number of days
      help: count days: write `1096 day`
      note: years and months are not all of one length
    find a, b where a is treaty and b is treaty and a.signed.year > max(b.party.founded)
                                                                    ^^^^^^^^^^^^^^^^^^^^ KB1007
      `a.signed.year` and `max(b.party.founded)` are not of one unit
      help: compare the dates themselves: write `a.signed`
    find a, b where a is treaty and b is treaty and a.signed = b.signed show count(b)
      1
    ≈ 1   (date: a.signed is 192X; date: b.signed is 192X)
    ≈ 1   (date: a.signed is 192X)
    ≈ 1   (date: b.signed is 192X)
      1   (date: a.signed is 1935; date: b.signed is 1935)
      = 1 (+4)
    find a, b where a is treaty and b is treaty and a.signed = b.signed show count()
                                                                             ^^^^^^^ KB1007
      `count()` folds nothing
      help: name what is counted, `count(party)`; `count` alone and `group by … show count()` count records
    ");
}

#[test]
fn variables_are_mentioned_filtered_and_listed() {
    insta::assert_snapshot!(ask(r#"
        find t, p where t is treaty and p is polity and t mentions p
        find t, p where t is treaty and p is person and not t mentions p count
        find x, p where x is tenure and p is polity and x mentions p
        find x, p where x is tenure and p is person and x.office mentions p
        find t, p where t is treaty and p is polity and t[kind = peace].party = p
        find t, p where t is treaty and p is polity and t[kind = peace].party != p
        find t where t is treaty and t[kind = peace and signed < 1930]
        find t where t is treaty and no t[kind = peace]
        find t, p where t is treaty and p is polity and p[founded < 1900] = t.party
        find a, b, c where a is polity and b is polity and c is polity and a in (b, russia) and b != c and a = germany and c = france
        find a, b where a is treaty and b is treaty and a.signed in (b.signed, 1935) and a != b
        find a, b where a is treaty and b is treaty and count(a.party) in (count(b.signatory), 3)
        find a, b where a is treaty and b is treaty and a.signed - b.signed not in (b.signed - a.signed, 3)
        find t where t is treaty and rapallo.signed < t.signed
    "#), @r"
    find t, p where t is treaty and p is polity and t mentions p
    ≈ dark | poland
    ≈ rapallo | germany
    ≈ rapallo | russia
      entente | france
      dark | germany   (unknown: t mentions)
      dark | russia   (unknown: t mentions)
      dark | france   (unknown: t mentions)
      entente | russia   (disputed)
      = 4 (+4)
    find t, p where t is treaty and p is person and not t mentions p count
      = 3 (+2)
    find x, p where x is tenure and p is polity and x mentions p
                                                               ^ KB1007
      `x mentions` no `polities`
      help: it may mention `persons` or `offices`
    find x, p where x is tenure and p is person and x.office mentions p
                                                                      ^ KB1007
      `x.office mentions` no `persons`
      help: leave it out: these records refer to no others
    find t, p where t is treaty and p is polity and t[kind = peace].party = p
      rapallo | germany
      rapallo | russia
      = 2
    find t, p where t is treaty and p is polity and t[kind = peace].party != p
      rapallo | poland
      rapallo | france
      entente | germany
      entente | russia
      entente | poland
      entente | france
      dark | germany   (unknown: t[kind = peace].party)
      dark | russia   (unknown: t[kind = peace].party)
      dark | france   (unknown: t[kind = peace].party)
      = 6 (+3)
    find t where t is treaty and t[kind = peace and signed < 1930]
      rapallo
      = 1
    find t where t is treaty and no t[kind = peace]
      entente
      = 1
    find t, p where t is treaty and p is polity and p[founded < 1900] = t.party
      rapallo | germany
      dark | germany   (unknown: t.party)
      = 1 (+1)
    find a, b, c where a is polity and b is polity and c is polity and a in (b, russia) and b != c and a = germany and c = france
      germany | germany | france
      = 1
    find a, b where a is treaty and b is treaty and a.signed in (b.signed, 1935) and a != b
      entente | dark
      entente | rapallo
    ≈ dark | rapallo   (date: a.signed is 192X)
    ≈ rapallo | dark   (date: b.signed is 192X)
      = 2 (+2)
    find a, b where a is treaty and b is treaty and count(a.party) in (count(b.signatory), 3)
      entente | dark   (count(a.party) is 1 (+1 possible), count(b.signatory) is 1)
      entente | rapallo   (count(a.party) is 1 (+1 possible), count(b.signatory) is 1)
      = 0 (+2)
    find a, b where a is treaty and b is treaty and a.signed - b.signed not in (b.signed - a.signed, 3)
    ≈ dark | entente
    ≈ rapallo | entente
      entente | dark
      entente | rapallo
    ≈ dark | dark   (a.signed - b.signed is -3652..3652 day, b.signed - a.signed is -3652..3652 day; date: a.signed is 192X; date: b.signed is 192X)
    ≈ dark | rapallo   (a.signed - b.signed is -836..2816 day, b.signed - a.signed is -2816..836 day; date: a.signed is 192X)
    ≈ rapallo | dark   (a.signed - b.signed is -2816..836 day, b.signed - a.signed is -836..2816 day; date: b.signed is 192X)
      entente | entente   (a.signed - b.signed is -364..364 day, b.signed - a.signed is -364..364 day; date: a.signed is 1935; date: b.signed is 1935)
      = 4 (+4)
    find t where t is treaty and rapallo.signed < t.signed
      entente
      dark   (rapallo.signed is 1922-04-16, t.signed is 192X)
      = 1 (+1)
    ");
}

#[test]
fn what_variables_cannot_stand_for_says_what_to_write() {
    insta::assert_snapshot!(ask(r#"
        find t, p where t is treaty and p is polity and t[status = disputed].party = p
        find t, p where t is treaty and p is polity and t.party = p show count(t[kind = peace].party)
        find a, b where a is treaty and b is tenure and a.signed in b.start..b.end
        find a, b where a is treaty and b is tenure and count(a.party) in 1..count(b.person)
        find a, b where a is treaty and b is polity and every a.party in (b, russia)
        find p, t where p is polity and t is treaty and count((treaties where party = p).party) > 3
        find p, t where p is polity and t is treaty and p.treaties[signed < t.signed] = t
        find p where p is polity and p.founded < 1900 as of p.founded
        find p where p is polity and p.founded < 1900 according to p.founded
        find p where p is polity and p.founded < 1900 and mentions russia
    "#), @r"
    find t, p where t is treaty and p is polity and t[status = disputed].party = p
                                                      ^^^^^^^^^^^^^^^^^ KB1007
      no statement leads to the variable `t`
      help: put the brackets behind the step that is meant: `t.party[status = disputed] = p`
    find t, p where t is treaty and p is polity and t.party = p show count(t[kind = peace].party)
                                                                           ^^^^^^^^^^^^^^^^^^^^^ KB1007
      brackets stand behind the variable `t` where a value is computed or shown
      help: write it as a condition of its own, `t[…]`, and the path without brackets
    find a, b where a is treaty and b is tenure and a.signed in b.start..b.end
                                                                ^^^^^^^^^^^^^^ KB1007
      a range ends at a variable
      help: write two comparisons: `a.signed >= b.start and a.signed <= b.end`
    find a, b where a is treaty and b is tenure and count(a.party) in 1..count(b.person)
                                                                      ^^^^^^^^^^^^^^^^^^ KB1007
      a range ends at a variable
      help: write two comparisons: `count(a.party) >= 1 and count(a.party) <= count(b.person)`
    find a, b where a is treaty and b is polity and every a.party in (b, russia)
                                                                      ^^^^^^^^^ KB1007
      `every` is asked of a list that differs from row to row
      help: say of one more variable that there is none: `not (x is … and a.party = x and x != … and …)`
    find p, t where p is polity and t is treaty and count((treaties where party = p).party) > 3
                                                                                  ^ KB1013
      `p` is a variable, which is not known here
      help: bind what is asked for here to a variable beside it: `x is treaty and x.party = p`
      note: a question in parentheses finds the same for all rows, and brackets speak of one record alone
    find p, t where p is polity and t is treaty and p.treaties[signed < t.signed] = t
                                                                        ^ KB1004
      `treaties` have no field `t`
      help: there are `also`, `century`, `date`, `decade`, `end`, `id`, `kind`, `length`, `month`, `name`, `note`, `party`, `signatory`, `signed`, `source`, `start`, `text` or `year`
      note: `t` is a variable, which brackets and questions in parentheses do not know
    find p where p is polity and p.founded < 1900 as of p.founded
                                                        ^^^^^^^^^ KB1007
      a clause is the same for every row
      help: name it, or a path from one record: `as of locarno-1925.signed`, `according to rapallo-1922.source`
    find p where p is polity and p.founded < 1900 according to p.founded
                                                               ^^^^^^^^^ KB1007
      a clause is the same for every row
      help: name it, or a path from one record: `as of locarno-1925.signed`, `according to rapallo-1922.source`
    find p where p is polity and p.founded < 1900 and mentions russia
                                                      ^^^^^^^^^^^^^^^ KB1007
      `mentions` does not say of which record
      help: begin with a variable: `a mentions turkey`
    ");
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
    "#), @r"
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
    ≈ trotsky | chicherin | commissar   (date: x.period is 1917/1918; date: y.period is 1918/1930)
    ≈ chicherin | trotsky | commissar   (date: x.period is 1918/1930; date: y.period is 1917/1918)
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
    ");
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
