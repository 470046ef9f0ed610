//! Questions that SQL can ask as well: as trees, as Regesta's text, and as SQL.
//!
//! A condition has two translations, one for where it holds and one for where its negation does: what is not
//! recorded is neither.

use std::fmt::Write;

/// A condition on one record.
#[derive(Clone, Debug)]
pub enum Condition {
    Compare(Quantifier, Path, Test),
    Paths(Path, &'static str, Path),
    Has(Path),
    Lacks(Path),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
}

#[derive(Clone, Copy, Debug)]
pub enum Quantifier {
    Some,
    Every,
    No,
}

/// What a value is compared with.
#[derive(Clone, Debug)]
pub enum Test {
    Date(&'static str, &'static str),
    Between(&'static str, &'static str),
    Number(&'static str, i64),
    /// A record or a word.
    Is(String),
    IsNot(String),
    OneOf(Vec<String>),
    /// Text that contains this.
    Contains(&'static str),
    /// The polities that fulfil a condition.
    Polities(Box<Condition>),
}

/// Steps to records, and a field of the last, or the last themselves.
#[derive(Clone, Debug)]
pub struct Path {
    pub steps: Vec<Step>,
    pub end: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub name: &'static str,
    pub filter: Option<Box<Condition>>,
}

impl Path {
    fn text(&self) -> String {
        let steps = self.steps.iter().map(|step| match &step.filter {
            Some(filter) => format!("{}[{}]", step.name, filter.text()),
            None => step.name.to_owned(),
        });
        let parts: Vec<String> = steps.chain(self.end.map(str::to_owned)).collect();
        parts.join(".")
    }

    /// Returns a table expression with the columns `of` and `value`.
    fn table(name: &str) -> String {
        let inverse = |table: &str| format!("(SELECT value AS of, of AS value FROM {table})");
        match name {
            "treaties" => inverse("party"),
            "extended-by" => inverse("extends"),
            "allied" => "(SELECT of, value FROM allied UNION SELECT value, of FROM allied)".into(),
            "extends+" | "succeeds+" => {
                let table = name.trim_end_matches('+');
                format!(
                    "(WITH RECURSIVE c(of, value) AS (SELECT of, value FROM {table} UNION \
                     SELECT c.of, e.value FROM c JOIN {table} e ON e.of = c.value) SELECT of, value FROM c)"
                )
            }
            "year" => "signed".into(),
            other => other.into(),
        }
    }

    /// Returns a query for the values from a row, in the column `v`; `fresh` numbers the tables.
    fn sql(&self, row: &str, filtered: Filtered, fresh: &mut u32) -> String {
        let names = self.steps.iter().map(|step| (step.name, step.filter.as_deref()));
        let names = names.chain(self.end.map(|end| (end, None)));
        let (mut from, mut conditions) = (String::new(), vec!["1".to_owned()]);
        let mut at = row.to_owned();
        for (number, (name, filter)) in names.enumerate() {
            *fresh += 1;
            let alias = format!("x{fresh}");
            let comma = if number == 0 { "" } else { ", " };
            write!(from, "{comma}{} {alias}", Path::table(name)).unwrap();
            conditions.push(format!("{alias}.of = {at}"));
            at = format!("{alias}.value");
            if let (Some(filter), Filtered::Yes) = (filter, filtered) {
                conditions.push(filter.holds(&at, fresh));
            }
        }
        format!("SELECT {at} AS v FROM {from} WHERE {}", conditions.join(" AND "))
    }
}

#[derive(Clone, Copy)]
enum Filtered {
    Yes,
    No,
}

/// Returns the first and the last day of a year, a month or a day.
fn days(date: &str) -> (String, String) {
    match date.len() {
        4 => (format!("{date}-01-01"), format!("{date}-12-31")),
        // No generated month has a day after the 28th.
        7 => (format!("{date}-01"), format!("{date}-31")),
        _ => (date.to_owned(), date.to_owned()),
    }
}

impl Test {
    fn text(&self) -> String {
        match self {
            Test::Date(operator, date) => format!("{operator} {date}"),
            Test::Between(first, last) => format!("in {first}..{last}"),
            Test::Number(operator, number) => format!("{operator} {number}"),
            Test::Is(value) => format!("= {value}"),
            Test::IsNot(value) => format!("!= {value}"),
            Test::OneOf(values) => format!("in ({})", values.join(", ")),
            Test::Contains(text) => format!("~ \"{text}\""),
            Test::Polities(condition) => format!("in (polities where {})", condition.text()),
        }
    }

    fn sql(&self, value: &str, fresh: &mut u32) -> String {
        match self {
            Test::Date(operator, date) => {
                let (first, last) = days(date);
                match *operator {
                    "=" => format!("{value} BETWEEN '{first}' AND '{last}'"),
                    "<" | "before" => format!("{value} < '{first}'"),
                    ">" | "after" => format!("{value} > '{last}'"),
                    "<=" => format!("{value} <= '{last}'"),
                    ">=" => format!("{value} >= '{first}'"),
                    other => panic!("{other}"),
                }
            }
            Test::Between(first, last) => {
                format!("{value} BETWEEN '{}' AND '{}'", days(first).0, days(last).1)
            }
            Test::Number(operator, number) => format!("{value} {operator} {number}"),
            Test::Is(wanted) | Test::IsNot(wanted) => format!("{value} = '{wanted}'"),
            Test::OneOf(values) => format!("{value} IN ('{}')", values.join("', '")),
            Test::Contains(text) => format!("instr(lower({value}), '{}') > 0", text.to_lowercase()),
            Test::Polities(condition) => {
                *fresh += 1;
                let alias = format!("x{fresh}");
                let holds = condition.holds(&format!("{alias}.id"), fresh);
                format!("{value} IN (SELECT {alias}.id FROM polity {alias} WHERE {holds})")
            }
        }
    }

    /// `party != p0` is exactly `not party = p0`.
    fn is_negated(&self) -> bool {
        matches!(self, Test::IsNot(_))
    }
}

impl Condition {
    /// Returns the condition in Regesta's language.
    pub fn text(&self) -> String {
        match self {
            Condition::Compare(quantifier, path, test) => {
                let quantifier = match quantifier {
                    Quantifier::Some => "",
                    Quantifier::Every => "every ",
                    Quantifier::No => "no ",
                };
                format!("{quantifier}{} {}", path.text(), test.text())
            }
            Condition::Paths(left, operator, right) => {
                format!("{} {operator} {}", left.text(), right.text())
            }
            Condition::Has(path) => format!("has {}", path.text()),
            Condition::Lacks(path) => format!("no {}", path.text()),
            Condition::And(one, other) => format!("({}) and ({})", one.text(), other.text()),
            Condition::Or(one, other) => format!("({}) or ({})", one.text(), other.text()),
            Condition::Not(inner) => format!("not ({})", inner.text()),
        }
    }

    /// Returns SQL for where it holds of the record `row`.
    pub fn holds(&self, row: &str, fresh: &mut u32) -> String {
        match self {
            Condition::Compare(Quantifier::Some, path, test) if test.is_negated() => {
                none(path, test, row, fresh)
            }
            Condition::Compare(Quantifier::Some, path, test) => some(path, test, row, fresh),
            Condition::Compare(Quantifier::Every, path, test) => {
                let any = exists(&path.sql(row, Filtered::Yes, fresh));
                format!("({any} AND NOT {})", failing(path, test, row, fresh))
            }
            Condition::Compare(Quantifier::No, path, test) => {
                format!("NOT {}", some(path, test, row, fresh))
            }
            Condition::Paths(left, operator, right) => pairs(left, operator, right, row, fresh),
            Condition::Has(path) => exists(&path.sql(row, Filtered::Yes, fresh)),
            Condition::Lacks(path) => {
                format!("NOT {}", exists(&path.sql(row, Filtered::Yes, fresh)))
            }
            Condition::And(one, other) => {
                format!("({} AND {})", one.holds(row, fresh), other.holds(row, fresh))
            }
            Condition::Or(one, other) => {
                format!("({} OR {})", one.holds(row, fresh), other.holds(row, fresh))
            }
            Condition::Not(inner) => inner.fails(row, fresh),
        }
    }

    /// Returns SQL for where its negation holds.
    fn fails(&self, row: &str, fresh: &mut u32) -> String {
        match self {
            Condition::Compare(Quantifier::Some, path, test) if test.is_negated() => {
                some(path, test, row, fresh)
            }
            Condition::Compare(Quantifier::Some, path, test) => none(path, test, row, fresh),
            Condition::Compare(Quantifier::Every, path, test) => failing(path, test, row, fresh),
            Condition::Compare(Quantifier::No, path, test) => some(path, test, row, fresh),
            Condition::Paths(left, operator, right) => {
                let both = [left, right].map(|path| exists(&path.sql(row, Filtered::Yes, fresh)));
                let holds = pairs(left, operator, right, row, fresh);
                format!("({} AND {} AND NOT {holds})", both[0], both[1])
            }
            Condition::Has(_) | Condition::Lacks(_) => {
                format!("NOT {}", self.holds(row, fresh))
            }
            Condition::And(one, other) => {
                format!("({} OR {})", one.fails(row, fresh), other.fails(row, fresh))
            }
            Condition::Or(one, other) => {
                format!("({} AND {})", one.fails(row, fresh), other.fails(row, fresh))
            }
            Condition::Not(inner) => inner.holds(row, fresh),
        }
    }
}

fn exists(query: &str) -> String {
    format!("EXISTS ({query})")
}

/// Some value fulfils the test.
fn some(path: &Path, test: &Test, row: &str, fresh: &mut u32) -> String {
    let values = path.sql(row, Filtered::Yes, fresh);
    format!("EXISTS (SELECT 1 FROM ({values}) WHERE {})", test.sql("v", fresh))
}

/// Some value does not fulfil the test.
fn failing(path: &Path, test: &Test, row: &str, fresh: &mut u32) -> String {
    let values = path.sql(row, Filtered::Yes, fresh);
    format!("EXISTS (SELECT 1 FROM ({values}) WHERE NOT ({}))", test.sql("v", fresh))
}

/// There is a value, be it behind brackets that do not hold of it, and none fulfils the test.
fn none(path: &Path, test: &Test, row: &str, fresh: &mut u32) -> String {
    let any = exists(&path.sql(row, Filtered::No, fresh));
    format!("({any} AND NOT {})", some(path, test, row, fresh))
}

fn pairs(left: &Path, operator: &str, right: &Path, row: &str, fresh: &mut u32) -> String {
    let (lefts, rights) =
        (left.sql(row, Filtered::Yes, fresh), right.sql(row, Filtered::Yes, fresh));
    format!("EXISTS (SELECT 1 FROM ({lefts}) l, ({rights}) r WHERE l.v {operator} r.v)")
}
