//! How a question is evaluated: rewrites, the access path of each condition, estimated and actual rows.
//!
//! In: a question. Out: its plan, after running it condition by condition in the order of evaluation. Estimates
//! come from the lengths of postings alone; no record is looked at for them.

mod several;

use super::{Evaluator, Polarity, times};
use crate::index::{Index, IndexError};
use crate::model::{FieldId, FieldRole, Type, ValueCode};
use crate::query::Allowance;
use crate::query::expression::{Comparison, Condition, End, Path, Query, Rows, Step, Test, Way};
use crate::query::operators::{Quantifier, Repeats};
use crate::query::passes;
use crate::query::plan::{Plan, PlanStep};
use crate::query::truth_set::TruthSet;
use crate::time::Role;

/// A text is expected in one of so many records.
const TEXT_SHARE: u64 = 20;

/// Returns how a question is evaluated.
pub fn plan(index: &Index, query: &Query, allowance: &Allowance) -> Result<Plan, IndexError> {
    let (query, rewrites) = passes::rewrite(query);
    let mut plan = Plan { rewrites, steps: Vec::new() };
    let evaluator = Evaluator::of(index, &query, allowance);
    evaluator.plan_query(&query, 0, &mut plan)?;
    Ok(plan)
}

impl Evaluator<'_> {
    fn plan_query(
        &self,
        query: &Query,
        depth: usize,
        plan: &mut Plan,
    ) -> Result<TruthSet, IndexError> {
        if let Rows::Bindings(bindings) = &query.rows {
            self.plan_bindings(bindings, depth, plan)?;
            return Ok(TruthSet::default());
        }
        let rows = match &query.rows {
            Rows::Query(inner) => {
                plan.steps.push(PlanStep::heading(depth, "rows of the query in parentheses"));
                self.inside(inner, |inside| inside.plan_query(inner, depth + 1, plan))?;
                self.rows(&query.rows)?
            }
            rows => {
                let found = self.rows(rows)?;
                let names: Vec<&str> = match rows {
                    Rows::Relations(ids) => {
                        let plural = |id: &crate::model::RelationId| {
                            self.index.schema().relations.get(id.index())
                        };
                        ids.iter().filter_map(plural).map(|each| each.plural.as_str()).collect()
                    }
                    Rows::Records(_) | Rows::Query(_) => vec!["records named"],
                    Rows::Along { .. } => vec!["records that a path leads to"],
                    Rows::Statements(_) => vec!["statements"],
                    Rows::Bindings(_) => Vec::new(),
                };
                let names = match names.len() {
                    0..=4 => names.join(", "),
                    several => format!("{several} relations"),
                };
                let estimated = Some(found.possible.len() as u64);
                plan.steps.push(PlanStep::found(depth, names, "all rows", estimated, &found));
                found
            }
        };
        let truth = self.plan_condition(&query.condition, &rows, depth, plan)?;
        Ok(rows.and(&truth))
    }

    /// Adds a condition and its parts; what a part finds is counted within what the parts before it left.
    fn plan_condition(
        &self,
        condition: &Condition,
        within: &TruthSet,
        depth: usize,
        plan: &mut Plan,
    ) -> Result<TruthSet, IndexError> {
        match condition {
            Condition::Always => Ok(within.clone()),
            Condition::And(parts) => {
                let mut left = within.clone();
                for part in parts {
                    left = left.and(&self.plan_condition(part, &left, depth, plan)?);
                }
                Ok(left)
            }
            Condition::Or(parts) => {
                plan.steps.push(PlanStep::heading(depth, "any of"));
                let mut any = TruthSet::default();
                for part in parts {
                    any = any.or(&self.plan_condition(part, within, depth + 1, plan)?);
                }
                Ok(any)
            }
            other => {
                let found = within.and(&self.truth(other, Polarity::Plain, &within.possible)?);
                let words = self.words_of(other)?;
                let (access, estimated) = self.access(other)?;
                let most = within.possible.len() as u64;
                let estimated = estimated.map(|rows| rows.min(most));
                plan.steps.push(PlanStep::found(depth, words, access, estimated, &found));
                Ok(found)
            }
        }
    }

    /// Returns by which way into the index a condition is judged, and how many rows that may give.
    fn access(&self, condition: &Condition) -> Result<(String, Option<u64>), IndexError> {
        match condition {
            Condition::Always | Condition::And(_) | Condition::Or(_) => Ok((String::new(), None)),
            Condition::Never => Ok(("nothing is looked up".to_owned(), Some(0))),
            Condition::Certainly(inner) | Condition::Possibly(inner) => self.access(inner),
            Condition::Not(inner) => {
                let (access, _) = self.access(inner)?;
                // A rule holds or not of every record.
                let all = match **inner {
                    Condition::Joined(_) => "all rows",
                    _ => "what is recorded",
                };
                Ok((format!("{all}, less {access}"), None))
            }
            Condition::Has(path) => {
                let rows = self.recorded_estimate(path)?;
                Ok((format!("records of the column {}", self.columns_of(path)), rows))
            }
            Condition::Lacks(path) => {
                Ok((format!("all rows, less the column {}", self.columns_of(path)), None))
            }
            Condition::Compare(comparison) => self.access_of(comparison),
            Condition::Computed(_) => Ok(("computed, row by row".to_owned(), None)),
            Condition::Joined(_) => Ok(("join over what the conditions bind".to_owned(), None)),
        }
    }

    fn access_of(&self, comparison: &Comparison) -> Result<(String, Option<u64>), IndexError> {
        let Comparison { quantifier, path, test } = comparison;
        if matches!(test, Test::Path { .. } | Test::Among(_)) {
            return Ok(("scan, row by row".to_owned(), None));
        }
        let columns = self.columns_of(path);
        let mut estimated = self.end_estimate(path, test)?;
        let mut access = match (&path.end, test) {
            (_, Test::IsUnknown | Test::IsNone) => format!("posting list of {columns}"),
            (End::Records(_), _) if path.steps.is_empty() => "records by number".to_owned(),
            (End::Records(_), _) => format!("posting list of {columns}"),
            (End::Identifiers, _) => "scan of identifiers".to_owned(),
            (End::Values { .. }, Test::Text(_)) | (End::Text(_), _) => {
                format!("words of {columns}, then each text")
            }
            (End::Values { fields, .. }, Test::Time(_) | Test::Days { .. }) => {
                match fields.as_slice() {
                    [field] if self.orders_records(&self.lens.column(*field)?) => {
                        format!("range of the sorted column {columns}")
                    }
                    _ => format!("distinct dates, then posting lists of {columns}"),
                }
            }
            (End::Values { .. }, Test::Numbers(_)) => {
                format!("distinct numbers, then posting lists of {columns}")
            }
            (End::Values { .. }, _) => format!("posting list of {columns}"),
        };
        if path.steps.iter().any(|step| step.repeats == Repeats::OnceOrMore) {
            access = format!("closure over {columns}");
            estimated = None;
        }
        match quantifier {
            Quantifier::Some => Ok((access, estimated)),
            Quantifier::Every => {
                Ok((format!("what is recorded, less what fails by {access}"), None))
            }
            Quantifier::No => Ok((format!("all rows, less {access}"), None)),
        }
    }

    /// Names the columns that a path reads: `treaty.party`.
    fn columns_of(&self, path: &Path) -> String {
        let mut fields = Vec::new();
        step_fields(&path.steps, &mut fields);
        if let End::Values { fields: read, .. } | End::Text(read) = &path.end {
            fields.extend(read);
        }
        let schema = self.index.schema();
        let name = |field: &FieldId| {
            let field = schema.fields.get(field.index())?;
            let relation = schema.relations.get(field.relation.index())?;
            Some(format!("{}.{}", relation.name, field.name))
        };
        let mut names: Vec<String> = fields.iter().filter_map(name).collect();
        names.dedup();
        match names.len() {
            0..=3 => names.join(", "),
            several => format!("{several} columns"),
        }
    }

    fn recorded_estimate(&self, path: &Path) -> Result<Option<u64>, IndexError> {
        let mut fields = Vec::new();
        step_fields(&path.steps, &mut fields);
        if let End::Values { fields: read, .. } = &path.end {
            fields.extend(read);
        }
        match fields.first() {
            Some(field) => Ok(Some(u64::from(self.index.column(*field)?.len()))),
            None => Ok(None),
        }
    }

    /// Estimates how many rows fulfil a test, from the lengths of postings.
    fn end_estimate(&self, path: &Path, test: &Test) -> Result<Option<u64>, IndexError> {
        let mut steps = path.steps.as_slice();
        let mut rows = match (&path.end, test) {
            (End::Records(_), Test::Records(Rows::Records(ids))) => {
                let Some((last, before)) = steps.split_last() else {
                    return Ok(Some(ids.len() as u64));
                };
                steps = before;
                let Way::Fields { forward, backward } = &last.way else { return Ok(None) };
                let mut count = 0;
                for field in forward {
                    let column = self.index.column(*field)?;
                    for id in ids {
                        count += u64::from(column.posting_count(ValueCode(id.0))?);
                    }
                }
                for field in backward {
                    for id in ids {
                        count += self.index.column(*field)?.statements_of(*id)?.len() as u64;
                    }
                }
                count
            }
            (End::Values { fields, part, .. }, test) => {
                let mut count = 0;
                for field in fields {
                    count += self.field_estimate(*field, *part, test)?;
                }
                count
            }
            (End::Text(fields), _) => {
                let mut count = 0;
                for field in fields {
                    count += u64::from(self.index.column(*field)?.len()) / TEXT_SHARE + 1;
                }
                count
            }
            _ => return Ok(None),
        };
        for step in steps.iter().rev() {
            rows = rows.saturating_mul(self.fan_in(step)?);
        }
        Ok(Some(rows))
    }

    fn field_estimate(
        &self,
        field: FieldId,
        part: crate::query::operators::ValuePart,
        test: &Test,
    ) -> Result<u64, IndexError> {
        let column = self.index.column(field)?;
        let all = u64::from(column.len());
        match test {
            Test::Words(by_field) => {
                let mut count = 0;
                for (each, places) in by_field.iter().filter(|(each, _)| *each == field) {
                    for place in places {
                        count +=
                            u64::from(self.index.column(*each)?.posting_count(ValueCode(*place))?);
                    }
                }
                Ok(count)
            }
            Test::Time(time) => {
                let role = self.role_of(field).unwrap_or(Role::Moment);
                let others = self.compared_times(time)?;
                let runs = times::runs(self.index, role, &|value| {
                    times::against(&times::part_of(value, part), time.operator, &others)
                })?;
                let mut count = 0;
                for (run, _) in runs {
                    count += column.postings_between(run)?.run()?.len() as u64;
                }
                Ok(count + u64::from(column.posting_count(ValueCode::UNKNOWN)?))
            }
            Test::IsUnknown => Ok(u64::from(column.posting_count(ValueCode::UNKNOWN)?)),
            Test::IsNone => Ok(u64::from(column.posting_count(ValueCode::NONE)?)),
            Test::Text(_) => Ok(all / TEXT_SHARE + 1),
            _ => Ok(all / 3 + 1),
        }
    }

    /// Returns how many records lead to one target along a step, on average.
    fn fan_in(&self, step: &Step) -> Result<u64, IndexError> {
        let Way::Fields { forward, .. } = &step.way else { return Ok(1) };
        let mut fan = 1;
        for field in forward {
            let statements = u64::from(self.index.column(*field)?.len());
            let schema = self.index.schema();
            let Some(field) = schema.fields.get(field.index()) else { continue };
            let targets: usize = match &field.value_type {
                Type::Reference { .. } if field.role != FieldRole::Source => {
                    let targets = field.value_type.targets().iter();
                    targets.map(|id| self.index.records_of(*id).len()).sum()
                }
                _ => 0,
            };
            fan = fan.max(statements.div_ceil((targets as u64).max(1)));
        }
        Ok(fan)
    }
}

fn step_fields(steps: &[Step], fields: &mut Vec<FieldId>) {
    for step in steps {
        match &step.way {
            Way::Fields { forward, backward } => {
                fields.extend(forward);
                fields.extend(backward);
            }
            Way::Group(inner) => step_fields(inner, fields),
        }
    }
}
