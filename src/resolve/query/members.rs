//! Members of lists and right sides that are found record by record.

use super::Resolver;
use crate::model::Type;
use crate::query::among::{Member, Named, NamedValues};
use crate::query::expression::{End, Path, Rows, Test, TimeAgainst};
use crate::query::operators::{PathOperator, TextTest};
use crate::query::terms::{Term, Values};
use crate::time::Operator;

impl Resolver<'_> {
    /// Makes members of a list out of one test of equality.
    pub(super) fn members(&self, test: Test, written: &str) -> Vec<Member> {
        let named = |values| vec![Member::Named(Named { values, written: written.to_owned() })];
        match test {
            Test::Among(members) => members,
            Test::Path { operator, right } => {
                vec![Member::Found { operator, right: Term::Values(Values::OfRow(right)) }]
            }
            Test::Records(Rows::Records(records)) => named(NamedValues::Records(records)),
            Test::Records(rows) => {
                let end = End::Records(super::relations_of(&rows));
                let path = Path { steps: Vec::new(), end, written: written.to_owned() };
                let right = Term::Values(Values::Elsewhere { rows, path });
                vec![Member::Found { operator: PathOperator::Same, right }]
            }
            Test::Words(by_field) => {
                let mut texts: Vec<String> = Vec::new();
                for (field, places) in by_field {
                    let Type::Words(words) = &self.schema.field(field).value_type else { continue };
                    let found = places.iter().filter_map(|place| words.get(*place as usize));
                    texts.extend(found.cloned());
                }
                named(NamedValues::Texts(texts))
            }
            Test::Text(TextTest::Is(texts)) => named(NamedValues::Texts(texts)),
            Test::Numbers(numbers) => {
                let each = numbers.into_iter();
                each.flat_map(|number| named(NamedValues::Number(number.least, number.unit)))
                    .collect()
            }
            Test::Days { days, .. } => {
                named(NamedValues::Number(days as f64, Some("day".to_owned())))
            }
            Test::Time(time) => match time.against {
                TimeAgainst::Literal(values) => named(NamedValues::Times(values)),
                TimeAgainst::Values { rows, path } => {
                    let operator = PathOperator::Time(Operator::Equal);
                    vec![Member::Found {
                        operator,
                        right: Term::Values(Values::Elsewhere { rows: *rows, path: *path }),
                    }]
                }
            },
            // Members of a list are compared by equality, and none of these is.
            Test::IsUnknown | Test::IsNone | Test::Text(TextTest::Contains(_)) => Vec::new(),
        }
    }
}
