//! Random bases, as facts and as tables, and random questions over them.

use super::questions::{Condition, Path, Quantifier, Step, Test};
use proptest::prelude::*;
use rusqlite::Connection;

const SCHEMA: &str = "\
relation polity, polities
  founded: date ?
  size: integer *
  succeeds: polity ?
  allied: polity *  inverse allied
relation treaty, treaties
  signed: date ?
  party: polity *  inverse treaties
  kind: words aa | bb | cc *
  extends: treaty ?  inverse extended-by
  cost: integer *
  terms: text *
source notes
cite notes
";

const TABLES: [&str; 10] = [
    "founded", "size", "succeeds", "allied", "signed", "party", "kind", "extends", "cost", "terms",
];
const DAYS: &[&str] =
    &["1919-01-01", "1919-12-31", "1924-02-28", "1925-03-01", "1925-03-28", "1926-07-15"];
const KINDS: &[&str] = &["aa", "bb", "cc"];
const TERMS: &[&str] = &["Peace for all", "a border", "ALL borders"];
pub const POLITIES: usize = 5;
pub const TREATIES: usize = 7;

/// All that is said: of which record, in which field, what.
#[derive(Clone, Debug)]
pub struct Base(Vec<(String, &'static str, String)>);

impl Base {
    /// Returns the facts as Regesta reads them.
    pub fn facts(&self) -> String {
        let mut text = SCHEMA.to_owned();
        let relations = [("polity", "p", POLITIES), ("treaty", "t", TREATIES)];
        for (relation, letter, count) in relations {
            for number in 0..count {
                let id = format!("{letter}{number}");
                text += &format!("{relation} {id}\n");
                for (_, field, value) in self.0.iter().filter(|(of, ..)| *of == id) {
                    let quote = if *field == "terms" { "\"" } else { "" };
                    text += &format!("  {field}: {quote}{value}{quote}\n");
                }
            }
        }
        text
    }

    /// Returns the same facts as tables, one a field.
    pub fn tables(&self) -> Connection {
        let tables = Connection::open_in_memory().unwrap();
        for (relation, letter, count) in [("polity", "p", POLITIES), ("treaty", "t", TREATIES)] {
            tables.execute(&format!("CREATE TABLE {relation} (id TEXT)"), []).unwrap();
            for number in 0..count {
                let insert = format!("INSERT INTO {relation} VALUES ('{letter}{number}')");
                tables.execute(&insert, []).unwrap();
            }
        }
        for table in TABLES {
            let of = if ["size", "cost"].contains(&table) { "INTEGER" } else { "TEXT" };
            tables.execute(&format!("CREATE TABLE {table} (of TEXT, value {of})"), []).unwrap();
        }
        for (of, field, value) in &self.0 {
            let insert = format!("INSERT INTO {field} VALUES (?1, ?2)");
            tables.execute(&insert, [of, value]).unwrap();
        }
        tables
    }
}

fn some_of(count: usize) -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..count, 0..3).prop_map(|mut chosen| {
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    })
}

/// Random facts, all of them certain.
pub fn base() -> impl Strategy<Value = Base> {
    let day = || 0..DAYS.len() + 2;
    let polity = (day(), some_of(6), 0..POLITIES + 2, some_of(POLITIES));
    let treaty =
        (day(), some_of(POLITIES), some_of(3), 0..TREATIES + 2, some_of(6), some_of(TERMS.len()));
    let parts = (prop::collection::vec(polity, POLITIES), prop::collection::vec(treaty, TREATIES));
    parts.prop_map(|(polities, treaties)| {
        let mut all = Vec::new();
        for (number, (founded, sizes, succeeds, allied)) in polities.into_iter().enumerate() {
            let mut say = |field, value: String| all.push((format!("p{number}"), field, value));
            DAYS.get(founded).iter().for_each(|day| say("founded", day.to_string()));
            sizes.iter().for_each(|size| say("size", size.to_string()));
            if succeeds < POLITIES {
                say("succeeds", format!("p{succeeds}"));
            }
            allied.iter().for_each(|other| say("allied", format!("p{other}")));
        }
        for (number, treaty) in treaties.into_iter().enumerate() {
            let (signed, parties, kinds, extends, costs, terms) = treaty;
            let mut say = |field, value: String| all.push((format!("t{number}"), field, value));
            DAYS.get(signed).iter().for_each(|day| say("signed", day.to_string()));
            parties.iter().for_each(|party| say("party", format!("p{party}")));
            kinds.iter().for_each(|kind| say("kind", KINDS[*kind].to_owned()));
            if extends < TREATIES {
                say("extends", format!("t{extends}"));
            }
            costs.iter().for_each(|cost| say("cost", (cost * 3).to_string()));
            terms.iter().for_each(|term| say("terms", TERMS[*term].to_owned()));
        }
        Base(all)
    })
}

fn path(steps: &[&'static str], end: Option<&'static str>) -> Path {
    let steps = steps.iter().map(|name| Step { name, filter: None });
    Path { steps: steps.collect(), end }
}

type Places = &'static [(&'static [&'static str], Option<&'static str>)];

fn one_of(places: Places) -> impl Strategy<Value = Path> {
    prop::sample::select(places).prop_map(|(steps, end)| path(steps, end))
}

fn date_test() -> impl Strategy<Value = Test> {
    let operator = prop::sample::select(vec!["=", "<", "<=", ">", ">=", "before", "after"]);
    let literal = || prop::sample::select(vec!["1919", "1925", "1925-03", "1925-03-01", "1924"]);
    prop_oneof![
        4 => (operator, literal()).prop_map(|(operator, date)| Test::Date(operator, date)),
        1 => prop::sample::select(vec![("1919", "1924"), ("1924", "1925-03"), ("1925-03-02", "1999")])
            .prop_map(|(first, last)| Test::Between(first, last)),
    ]
}

fn number_test() -> impl Strategy<Value = Test> {
    let operator = prop::sample::select(vec!["=", "<", "<=", ">", ">="]);
    (operator, 0..16i64).prop_map(|(operator, number)| Test::Number(operator, number))
}

fn same_test(all: Vec<String>) -> impl Strategy<Value = Test> {
    let one = prop::sample::select(all.clone());
    let several = prop::sample::subsequence(all, 1..3);
    prop_oneof![
        3 => one.clone().prop_map(Test::Is),
        2 => one.prop_map(Test::IsNot),
        1 => several.prop_map(Test::OneOf),
    ]
}

fn named(letter: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{letter}{number}")).collect()
}

fn quantifier() -> impl Strategy<Value = Quantifier> {
    prop_oneof![
        6 => Just(Quantifier::Some),
        1 => Just(Quantifier::Every),
        1 => Just(Quantifier::No),
    ]
}

fn compare(
    path: impl Strategy<Value = Path> + 'static,
    test: impl Strategy<Value = Test> + 'static,
) -> BoxedStrategy<Condition> {
    let parts = (quantifier(), path, test);
    parts
        .prop_map(|(quantifier, path, test)| match test {
            // A literal is as coarse as what it is compared with.
            Test::Date(operator, date) if path.end == Some("year") => {
                Condition::Compare(quantifier, path, Test::Date(operator, &date[..4]))
            }
            Test::Between(first, last) if path.end == Some("year") => {
                Condition::Compare(quantifier, path, Test::Between(&first[..4], &last[..4]))
            }
            // `every x != y` and `no x != y` are asked as they are written elsewhere.
            Test::IsNot(_) => Condition::Compare(Quantifier::Some, path, test),
            test => Condition::Compare(quantifier, path, test),
        })
        .boxed()
}

fn joined(leaf: BoxedStrategy<Condition>) -> BoxedStrategy<Condition> {
    leaf.prop_recursive(3, 8, 2, |inner| {
        let pair = || (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        prop_oneof![
            pair().prop_map(|(one, other)| Condition::And(one, other)),
            pair().prop_map(|(one, other)| Condition::Or(one, other)),
            inner.clone().prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
    .boxed()
}

/// Puts brackets behind one step of a path.
fn bracketed(
    places: Places,
    step: &'static str,
    filter: BoxedStrategy<Condition>,
) -> impl Strategy<Value = Path> {
    (one_of(places), filter).prop_map(move |(mut path, filter)| {
        let found = path.steps.iter_mut().find(|each| each.name == step).unwrap();
        found.filter = Some(Box::new(filter));
        path
    })
}

const TO_POLITIES: Places = &[
    (&["party"], None),
    (&["extends", "party"], None),
    (&["extends+", "party"], None),
    (&["party", "succeeds"], None),
    (&["party", "succeeds+"], None),
    (&["party", "allied"], None),
];

/// A condition on treaties, with so many levels of brackets and questions inside.
pub fn of_treaties(depth: u32) -> BoxedStrategy<Condition> {
    let dates = one_of(&[
        (&[], Some("signed")),
        (&[], Some("year")),
        (&["party"], Some("founded")),
        (&["extends"], Some("signed")),
        (&["extends+"], Some("signed")),
        (&["extended-by"], Some("signed")),
    ]);
    let numbers =
        one_of(&[(&[], Some("cost")), (&["party"], Some("size")), (&["extends"], Some("cost"))]);
    let kinds = one_of(&[
        (&[], Some("kind")),
        (&["extends"], Some("kind")),
        (&["party", "treaties"], Some("kind")),
    ]);
    let treaties = one_of(&[
        (&["extends"], None),
        (&["extends+"], None),
        (&["extended-by"], None),
        (&["party", "treaties"], None),
    ]);
    let any = || {
        one_of(&[
            (&[], Some("signed")),
            (&[], Some("cost")),
            (&["party"], None),
            (&["party"], Some("founded")),
            (&["extends"], None),
            (&["extended-by", "party"], None),
        ])
    };
    let terms =
        prop::sample::select(vec!["all", "Border", "peace f", "x"]).prop_map(Test::Contains);
    let operators = prop::sample::select(vec!["<", ">", "=", "<=", ">="]);
    let dated: (Places, Places) = (
        &[(&["party"], Some("founded")), (&["extends"], Some("signed"))],
        &[(&[], Some("signed"))],
    );
    let paths = (one_of(dated.0), operators, one_of(dated.1))
        .prop_map(|(left, operator, right)| Condition::Paths(left, operator, right));
    let mut leaves = vec![
        compare(dates, date_test()),
        compare(numbers, number_test()),
        compare(kinds, same_test(KINDS.iter().map(|kind| (*kind).to_owned()).collect())),
        compare(treaties, same_test(named("t", TREATIES))),
        compare(one_of(TO_POLITIES), same_test(named("p", POLITIES))),
        compare(Just(path(&[], Some("terms"))), terms),
        any().prop_map(Condition::Has).boxed(),
        any().prop_map(Condition::Lacks).boxed(),
        paths.boxed(),
    ];
    if depth > 0 {
        let inside = of_polities(depth - 1).prop_map(|inside| Test::Polities(Box::new(inside)));
        leaves.push(compare(one_of(TO_POLITIES), inside));
        let filter = || of_polities(depth - 1);
        let to_polity =
            bracketed(&[(&["party"], None), (&["extends", "party"], None)], "party", filter());
        let parts = (to_polity, same_test(named("p", POLITIES)));
        let some = |(path, test)| Condition::Compare(Quantifier::Some, path, test);
        leaves.push(parts.prop_map(some).boxed());
        let to_date = bracketed(&[(&["party"], Some("founded"))], "party", filter());
        leaves.push((to_date, date_test()).prop_map(some).boxed());
        leaves.push(
            bracketed(&[(&["party"], None)], "party", filter()).prop_map(Condition::Has).boxed(),
        );
    }
    joined(prop::strategy::Union::new(leaves).boxed())
}

/// A condition on polities.
pub fn of_polities(depth: u32) -> BoxedStrategy<Condition> {
    let mut leaves = vec![
        compare(Just(path(&[], Some("founded"))), date_test()),
        compare(Just(path(&["treaties"], Some("signed"))), date_test()),
        compare(one_of(&[(&[], Some("size")), (&["treaties"], Some("cost"))]), number_test()),
        compare(
            one_of(&[(&["succeeds"], None), (&["succeeds+"], None), (&["allied"], None)]),
            same_test(named("p", POLITIES)),
        ),
        compare(one_of(&[(&["treaties"], None)]), same_test(named("t", TREATIES))),
        one_of(&[(&["treaties"], None), (&["allied"], None), (&[], Some("size"))])
            .prop_map(Condition::Lacks)
            .boxed(),
    ];
    if depth > 0 {
        let places: Places = &[(&["treaties"], None)];
        let filtered = bracketed(places, "treaties", of_treaties(depth - 1));
        leaves.push(filtered.prop_map(Condition::Has).boxed());
    }
    joined(prop::strategy::Union::new(leaves).boxed())
}
