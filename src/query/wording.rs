//! Questions in words again: for plans, reasons and notes, where the text as written is not at hand.

use super::among::Member;
use super::computed::{ComputedAgainst, ComputedTest};
use super::expression::{Comparison, Condition, Path, Rows, Test, TimeAgainst, TimeTest};
use super::operators::{NumberTest, PathOperator, Quantifier, TextTest};
use super::terms::Rooted;
use crate::index::{Index, IndexError};
use crate::model::Type;
use crate::time::{Grain, Operator, Stretch, Value};

/// Most members of a list that are named.
const MOST_NAMED: usize = 3;

/// Returns a condition in the words of the language.
pub fn condition_words(index: &Index, condition: &Condition) -> Result<String, IndexError> {
    let joined = |parts: &[Condition], word: &str| -> Result<String, IndexError> {
        let parts: Result<Vec<String>, IndexError> = parts
            .iter()
            .map(|part| {
                let words = condition_words(index, part)?;
                Ok(match part {
                    Condition::And(_) | Condition::Or(_) => format!("({words})"),
                    _ => words,
                })
            })
            .collect();
        Ok(parts?.join(word))
    };
    let prefixed = |prefix: &str, inner: &Condition| -> Result<String, IndexError> {
        let words = condition_words(index, inner)?;
        Ok(match inner {
            Condition::And(_) | Condition::Or(_) => format!("{prefix} ({words})"),
            _ => format!("{prefix} {words}"),
        })
    };
    match condition {
        Condition::Always => Ok("everything".to_owned()),
        Condition::Never => Ok("nothing".to_owned()),
        Condition::And(parts) => joined(parts, " and "),
        Condition::Or(parts) => joined(parts, " or "),
        Condition::Not(inner) => prefixed("not", inner),
        Condition::Certainly(inner) => prefixed("certainly", inner),
        Condition::Possibly(inner) => prefixed("possibly", inner),
        Condition::Joined(scope) => {
            let names: Vec<&str> =
                scope.variables.iter().skip(1).map(|each| each.name.as_str()).collect();
            Ok(match names.is_empty() {
                true => String::from("a rule holds"),
                false => format!("a rule holds with some {}", names.join(", ")),
            })
        }
        Condition::Computed(test) => computed_words(index, test),
        Condition::Has(path) => Ok(format!("has {}", path.written)),
        Condition::Lacks(path) => Ok(format!("no {}", path.written)),
        Condition::Compare(Comparison { quantifier, path, test }) => {
            let quantifier = match quantifier {
                Quantifier::Some => "",
                Quantifier::Every => "every ",
                Quantifier::No => "no ",
            };
            Ok(format!("{quantifier}{} {}", path.written, test_words(index, path, test)?))
        }
    }
}

/// Returns a test of what is computed in the words of the language.
pub fn computed_words<P: Rooted>(
    index: &Index,
    test: &ComputedTest<P>,
) -> Result<String, IndexError> {
    let right = match &test.against {
        ComputedAgainst::Numbers(numbers) => numbers_words(numbers),
        ComputedAgainst::Time(time) => {
            format!("{} {}", sign(time.operator), against_words(index, time)?)
        }
        ComputedAgainst::Term { operator, right } => {
            format!("{} {}", sign(operator.of_values()), right.written())
        }
        ComputedAgainst::Among(members) => members_words(members),
    };
    Ok(format!("{} {right}", test.left.written()))
}

/// Returns the operator and the right side of a comparison.
pub fn test_words(index: &Index, path: &Path, test: &Test) -> Result<String, IndexError> {
    Ok(match test {
        Test::IsUnknown => "is unknown".to_owned(),
        Test::IsNone => "is none".to_owned(),
        Test::Records(rows) if path.written.ends_with("mentions") => rows_words(index, rows)?,
        Test::Path { right, .. } if path.written.ends_with("mentions") => right.written.clone(),
        Test::Records(rows @ Rows::Records(ids)) if ids.len() == 1 => {
            format!("= {}", rows_words(index, rows)?)
        }
        Test::Records(rows) => format!("in ({})", rows_words(index, rows)?),
        Test::Text(TextTest::Is(texts)) => {
            let quoted: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
            match quoted.as_slice() {
                [only] => format!("= {only}"),
                several => format!("in ({})", several.join(", ")),
            }
        }
        Test::Text(TextTest::Contains(text)) => format!("~ \"{text}\""),
        Test::Words(by_field) => {
            let mut names: Vec<&str> = Vec::new();
            for (field, places) in by_field {
                let field = index.schema().fields.get(field.index());
                let Some(Type::Words(words)) = field.map(|field| &field.value_type) else {
                    continue;
                };
                for place in places {
                    let word = words.get(*place as usize).map(String::as_str);
                    names.extend(word.filter(|word| !names.contains(word)));
                }
            }
            match names.as_slice() {
                [only] => format!("= {only}"),
                several => format!("in ({})", several.join(", ")),
            }
        }
        Test::Numbers(numbers) => numbers_words(numbers),
        Test::Days { operator, days } => format!("{} {days}", sign(*operator)),
        Test::Time(time) => format!("{} {}", sign(time.operator), against_words(index, time)?),
        Test::Path { operator, right } => {
            if let PathOperator::Apart(operator, days) = operator {
                return Ok(format!("- {} {} {days} day", right.written, sign(*operator)));
            }
            format!("{} {}", sign(operator.of_values()), right.written)
        }
        Test::Among(members) => members_words(members),
    })
}

/// Returns the operator and the right side of a comparison with what is found record by record.
pub fn members_words<P: Rooted>(members: &[Member<P>]) -> String {
    if let [Member::Found { operator, right }] = members {
        return format!("{} {}", sign(operator.of_values()), right.written());
    }
    if let [Member::Range { from, to, .. }] = members {
        return format!("from {} to {}", from.written(), to.written());
    }
    let each = members.iter().map(|member| match member {
        Member::Named(named) => named.written.clone(),
        Member::Found { right, .. } => right.written().to_owned(),
        Member::Range { from, to, .. } => format!("{}..{}", from.written(), to.written()),
    });
    format!("in ({})", each.collect::<Vec<_>>().join(", "))
}

fn rows_words(index: &Index, rows: &Rows) -> Result<String, IndexError> {
    Ok(match rows {
        Rows::Relations(relations) => {
            let plural = |id: &crate::model::RelationId| {
                index.schema().relations.get(id.index()).map(|each| each.plural.clone())
            };
            relations.iter().filter_map(plural).collect::<Vec<_>>().join(", ")
        }
        Rows::Records(ids) => {
            let mut names = Vec::new();
            for id in ids.iter().take(MOST_NAMED) {
                names.push(index.id_of(*id)?.into_owned());
            }
            if ids.len() > MOST_NAMED {
                names.push("…".to_owned());
            }
            names.join(", ")
        }
        Rows::Along { rows, path } => format!("({}).{}", rows_words(index, rows)?, path.written),
        Rows::Statements(rows) => match rows.columns.as_slice() {
            [only] if rows.condition.is_always() => format!("statements show {}", only.written),
            [only] => format!("statements where … show {}", only.written),
            _ => String::from("statements"),
        },
        Rows::Bindings(bindings) if bindings.width == 1 => {
            let first = bindings.ways.first().and_then(|way| way.variables.first());
            format!("find {} where …", first.map_or("a record", |variable| &variable.name))
        }
        Rows::Bindings(_) => String::from("records that stand together"),
        Rows::Query(query) => {
            let source = rows_words(index, &query.rows)?;
            match &query.condition {
                Condition::Always => source,
                condition => format!("{source} where {}", condition_words(index, condition)?),
            }
        }
    })
}

/// Returns the operator and the right side of a comparison of numbers.
pub fn numbers_words(numbers: &[NumberTest]) -> String {
    if let [only] = numbers {
        return number_words(only);
    }
    let each = numbers.iter().map(|number| {
        let words = number_words(number);
        words.trim_start_matches("= ").trim_start_matches("in ").to_owned()
    });
    format!("in ({})", each.collect::<Vec<_>>().join(", "))
}

fn number_words(number: &NumberTest) -> String {
    let unit = number.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
    match number.least == number.greatest {
        true => format!("{} {}{unit}", sign(number.operator), number.least),
        false => format!("in {}..{}{unit}", number.least, number.greatest),
    }
}

/// Returns what a time is compared with, in words.
pub fn against_words(index: &Index, test: &TimeTest) -> Result<String, IndexError> {
    Ok(match &test.against {
        TimeAgainst::Literal(values) => {
            let names: Vec<String> = values.iter().take(MOST_NAMED).map(literal_words).collect();
            names.join(" or ")
        }
        TimeAgainst::Values { rows, path } => match rows.as_ref() {
            Rows::Records(_) => path.written.clone(),
            rows => format!("({}).{}", rows_words(index, rows)?, path.written),
        },
    })
}

/// Returns the stretch that a query names: a unit of the calendar where it is one, else both ends.
fn literal_words(value: &Value) -> String {
    stretch_words(value.bounds().reach())
}

/// Names a stretch of days as briefly as EDTF does.
pub fn stretch_words(stretch: Stretch) -> String {
    let (first, last) = (stretch.first(), stretch.last());
    let grains = [Grain::Day, Grain::Month, Grain::Year, Grain::Decade, Grain::Century];
    let unit = grains.into_iter().find(|grain| grain.around(first) == stretch);
    if let Some(grain) = unit.filter(|_| first.is_a_day()) {
        return grain.label(first);
    }
    // `1919..1930` begins and ends with a unit.
    let ends = grains
        .into_iter()
        .rev()
        .find(|grain| grain.around(first).first() == first && grain.around(last).last() == last);
    match (first.is_a_day(), last.is_a_day(), ends) {
        (true, true, Some(grain)) => format!("{}..{}", grain.label(first), grain.label(last)),
        (true, false, _) => format!("{first}.."),
        (false, true, _) => format!("..{last}"),
        _ => stretch.to_string(),
    }
}

/// Returns the sign or word of an operator.
pub fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "=",
        Operator::NotEqual => "!=",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
        Operator::Before => "before",
        Operator::After => "after",
        Operator::During => "during",
        Operator::Contains => "contains",
        Operator::Overlaps => "overlaps",
        Operator::Meets => "meets",
    }
}

/// Returns what a time may do: `fall in 1918`, `lie before 1930`.
pub fn deed(operator: Operator, literal: &str) -> String {
    match operator {
        Operator::Equal => format!("fall in {literal}"),
        Operator::NotEqual => format!("fall outside {literal}"),
        Operator::Less | Operator::Before => format!("lie before {literal}"),
        Operator::LessOrEqual => format!("lie not after {literal}"),
        Operator::Greater | Operator::After => format!("lie after {literal}"),
        Operator::GreaterOrEqual => format!("lie not before {literal}"),
        Operator::During => format!("lie within {literal}"),
        Operator::Contains => format!("contain {literal}"),
        Operator::Overlaps => format!("overlap {literal}"),
        Operator::Meets => format!("meet {literal}"),
    }
}
