//! Why a record is in an answer or not: each condition judged for it alone, with the statements that decided it.

mod computed;
mod evidence;
mod links;
mod misses;
mod nearest;
mod proofs;
mod rules;
mod words;

pub(super) use words::Words;

use super::{Evaluator, Polarity};
use crate::index::{Index, IndexError};
use crate::model::EntityId;
use crate::query::Allowance;
use crate::query::among::Member;
use crate::query::expression::{Comparison, Condition, Query, Rows, Test};
use crate::query::ids::Ids;
use crate::query::operators::Quantifier;
use crate::query::terms::Slot;
use crate::query::why::{Asked, Because, Why, Written, WrittenQuery};
use crate::query::wording::condition_words;
use crate::time::Truth;

/// How deep conditions within conditions, and rules within rules, are looked into.
pub(super) const DEEPEST: usize = 12;

/// Says why a row is in the answer of a query, or not; it has a record for each variable of the query, or is one.
pub fn why(
    index: &Index,
    query: &Query,
    written: &WrittenQuery,
    row: &[EntityId],
) -> Result<Why, IndexError> {
    let evaluator = Evaluator::of(index, query, &Allowance::default());
    let variables = query.variables();
    let mut records = Vec::with_capacity(row.len());
    for (place, entity) in row.iter().enumerate() {
        let variable = variables.get(place).map(|name| (*name).to_owned());
        records.push(evaluator.asked(*entity, variable)?);
    }
    let mut why = Why { records, truth: Truth::No, remarks: Vec::new(), conditions: Vec::new() };
    match (&query.rows, row) {
        (Rows::Bindings(bindings), row) => {
            why.truth = evaluator.add_bindings(bindings, row, &mut why)?;
        }
        (_, [row]) => {
            why.truth = evaluator.add_query(query, written, *row, &mut why)?;
            if let Some(limit) = query.limit.filter(|_| why.truth > Truth::No) {
                evaluator.note_limit(query, *row, limit, &mut why)?;
            }
        }
        _ => {}
    }
    Ok(why)
}

impl Evaluator<'_> {
    fn asked(&self, row: EntityId, variable: Option<String>) -> Result<Asked, IndexError> {
        let origin = self.index.origin_of(row)?;
        let relation = self.index.relation_of(row);
        let relation = relation.map(|id| self.index.schema().relation(id).name.clone());
        Ok(Asked {
            variable,
            id: self.index.id_of(row)?.into_owned(),
            name: self.index.name_of(row)?.map(str::to_owned),
            relation: relation.unwrap_or_default(),
            file: origin.file.to_owned(),
            line: origin.line,
        })
    }

    fn add_query(
        &self,
        query: &Query,
        written: &WrittenQuery,
        row: EntityId,
        why: &mut Why,
    ) -> Result<Truth, IndexError> {
        let mut truth = match &query.rows {
            Rows::Query(inner) => {
                let none = WrittenQuery::default();
                let source = written.source.as_deref().unwrap_or(&none);
                let truth =
                    self.inside(inner, |inside| inside.add_query(inner, source, row, why))?;
                truth.min(self.rows(&query.rows)?.truth_of(row.0))
            }
            rows => {
                let truth = self.rows(rows)?.truth_of(row.0);
                self.note_rows(query, truth, row, why)?;
                let relation = self.index.relation_of(row);
                let is_other = matches!(rows, Rows::Relations(all)
                    if !relation.is_some_and(|own| all.contains(&own)));
                if is_other {
                    // Its fields are none that the conditions are about.
                    return Ok(Truth::No);
                }
                truth
            }
        };
        if query.condition != Condition::Always {
            let empty = Written::default();
            let label = written.condition.as_ref().unwrap_or(&empty);
            let because = self.because(&query.condition, label, Polarity::Plain, row, 0)?;
            truth = truth.min(because.truth);
            why.conditions.push(because);
        }
        Ok(truth)
    }

    /// Says why a record is no row of the query at all, or only a possible one.
    fn note_rows(
        &self,
        query: &Query,
        truth: Truth,
        row: EntityId,
        why: &mut Why,
    ) -> Result<(), IndexError> {
        if let Rows::Relations(relations) = &query.rows
            && !self.index.relation_of(row).is_some_and(|own| relations.contains(&own))
        {
            let plurals: Vec<&str> = relations
                .iter()
                .take(3)
                .map(|id| self.index.schema().relation(*id).plural.as_str())
                .collect();
            why.remarks.push(format!(
                "it is of the relation `{}`, and the query asks for {}",
                why.records.first().map_or("", |record| record.relation.as_str()),
                plurals.join(", ")
            ));
            return Ok(());
        }
        if truth == Truth::Certain {
            return Ok(());
        }
        let claims = self.lens.claims();
        let status = self.index.status(self.index.qualifier_of(row)?)?;
        let is = if truth == Truth::No { "is" } else { "may be" };
        if claims.according_to.is_some() && truth == Truth::No {
            why.remarks.push("the source of `according to` is not cited for it".to_owned());
        } else if let Some(date) = claims.as_of.as_ref().filter(|_| status.counts()) {
            let no = if truth == Truth::No { "does not hold" } else { "may not hold" };
            why.remarks.push(format!("its own period {no} in {} (`as of`)", date.text()));
        } else {
            why.remarks
                .push(format!("the record as a whole {is} left out: it is {}", status.word()));
        }
        Ok(())
    }

    fn note_limit(
        &self,
        query: &Query,
        row: EntityId,
        limit: u64,
        why: &mut Why,
    ) -> Result<(), IndexError> {
        let matched = self.matched(query)?;
        let (ids, word) = match why.truth {
            Truth::Certain => (matched.certain, "certain"),
            _ => (matched.possible.without(&matched.certain), "possible"),
        };
        let place = self.in_order(query, &ids)?.iter().position(|id| *id == row.0);
        if let Some(place) = place.filter(|place| *place as u64 >= limit) {
            why.remarks.push(format!(
                "`limit {limit}` does not show it: it is number {} of {} rows that are {word}",
                place + 1,
                ids.len()
            ));
        }
        Ok(())
    }

    pub(super) fn because(
        &self,
        condition: &Condition,
        label: &Written,
        polarity: Polarity,
        row: EntityId,
        depth: usize,
    ) -> Result<Because, IndexError> {
        let within = Ids::from_sorted(vec![row.0]);
        let truth = self.truth(condition, Polarity::Plain, &within)?.truth_of(row.0);
        let text = match (label.text.is_empty(), condition) {
            (false, _) => label.text.clone(),
            // Said where it is told which records stand with the row.
            (true, Condition::Joined(_)) => String::new(),
            (true, condition) => condition_words(self.index, condition)?,
        };
        let mut because = Because::new(text, truth);
        if depth > DEEPEST {
            because.remarks.push(format!("reasons go no deeper than {DEEPEST} steps"));
            return Ok(because);
        }
        let none = Written::default();
        let part = |place: usize| label.parts.get(place).unwrap_or(&none);
        match condition {
            Condition::Always | Condition::Never => {}
            Condition::Joined(scope) => self.add_joined(scope, row, depth, &mut because)?,
            Condition::Computed(test) => {
                self.add_computed_test(test, &[Some(row.0)], depth, &mut because)?;
            }
            Condition::And(parts) | Condition::Or(parts) => {
                for (place, each) in parts.iter().enumerate() {
                    because.parts.push(self.because(
                        each,
                        part(place),
                        polarity,
                        row,
                        depth + 1,
                    )?);
                }
            }
            // `not` and `!=` before one comparison: the comparison's own evidence says it best.
            Condition::Not(inner) => match inner.as_ref() {
                Condition::Compare(comparison) => {
                    self.add_comparison(comparison, polarity.turned(), row, depth, &mut because)?;
                }
                inner => {
                    let turned = polarity.turned();
                    because.parts.push(self.because(inner, part(0), turned, row, depth + 1)?);
                }
            },
            Condition::Certainly(inner) | Condition::Possibly(inner) => {
                because.parts.push(self.because(inner, part(0), polarity, row, depth + 1)?);
            }
            Condition::Has(path) | Condition::Lacks(path) => {
                self.add_evidence(path, None, polarity, row, depth, &mut because)?;
            }
            Condition::Compare(comparison) => {
                self.add_comparison(comparison, polarity, row, depth, &mut because)?;
            }
        }
        Ok(because)
    }

    fn add_comparison(
        &self,
        comparison: &Comparison,
        polarity: Polarity,
        row: EntityId,
        depth: usize,
        because: &mut Because,
    ) -> Result<(), IndexError> {
        let Comparison { quantifier, path, test } = comparison;
        let polarity = match quantifier {
            Quantifier::Some => polarity,
            Quantifier::Every | Quantifier::No => Polarity::Negated,
        };
        self.add_evidence(path, Some(test), polarity, row, depth, because)?;
        if let Test::Path { operator, right } = test {
            self.add_evidence(right, None, polarity, row, depth, because)?;
            let (left, right) = ((Slot(0), path), (Slot(0), right));
            self.note_days(left, *operator, right, &[Some(row.0)], because)?;
        }
        if let Test::Among(members) = test {
            for term in members.iter().flat_map(Member::terms) {
                self.add_term(term, polarity, row, depth, because)?;
            }
        }
        Ok(())
    }
}
