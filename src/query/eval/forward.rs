//! Paths walked forwards: the values that one record has, for columns, keys and comparisons of two paths.

use super::Evaluator;
use super::found::{Found, FoundValue};
use crate::index::IndexError;
use crate::model::{EntityId, FieldId, ValueCode};
use crate::query::expression::{Condition, End, Path, Step, Way};
use crate::query::operators::Repeats;
use crate::query::statement_rows::StatementCondition;
use crate::time::Truth;
use hashbrown::HashMap;

/// How surely a way ends at `unknown` or `none` before it comes to its end.
struct Ends {
    unknown: Truth,
    none: Truth,
}

/// So few records are compared with each other rather than looked up.
const FEW_REACHED: usize = 8;

/// Records with the truth of the way to them, in the order met.
type Reached = Vec<(EntityId, Truth)>;

impl Evaluator<'_> {
    /// Returns the values of a path from one record, in the order written.
    pub(super) fn values(&self, path: &Path, from: EntityId) -> Result<Vec<Found>, IndexError> {
        self.step()?;
        let mut found = Vec::new();
        let mut ends = Ends { unknown: Truth::No, none: Truth::No };
        match &path.end {
            End::Records(_) => {
                let Some((last, before)) = path.steps.split_last() else {
                    return Ok(vec![Found {
                        value: FoundValue::Entity(from),
                        truth: Truth::Certain,
                    }]);
                };
                let reached = self.walk(before, vec![(from, Truth::Certain)], &mut ends)?;
                for (entity, truth) in &reached {
                    self.special_values(last, *entity, *truth, &mut found)?;
                }
                let mut last_ends = Ends { unknown: Truth::No, none: Truth::No };
                for (entity, truth) in
                    self.walk(std::slice::from_ref(last), reached, &mut last_ends)?
                {
                    found.push(Found { value: FoundValue::Entity(entity), truth });
                }
                if !found.iter().any(|found| found.value == FoundValue::Unknown) {
                    // Behind a filter, or farther on, the unknown record may fit.
                    ends.unknown = ends.unknown.max(last_ends.unknown.min(Truth::Possible));
                }
            }
            End::Identifiers => {
                for (entity, truth) in
                    self.walk(&path.steps, vec![(from, Truth::Certain)], &mut ends)?
                {
                    found.push(Found { value: FoundValue::Identifier(entity), truth });
                }
            }
            End::Values { fields, .. } | End::Text(fields) => {
                let statement = path.end.statement();
                for (entity, truth) in
                    self.walk(&path.steps, vec![(from, Truth::Certain)], &mut ends)?
                {
                    for field in fields {
                        self.field_values(*field, statement, entity, truth, &mut found)?;
                    }
                }
            }
        }
        // Of a record that nobody knows it is not known either that it has such values.
        let beyond = ends.unknown.min(Truth::Possible);
        for (truth, value) in [(beyond, FoundValue::Unknown), (ends.none, FoundValue::None)] {
            if truth > Truth::No {
                found.push(Found { value, truth });
            }
        }
        Ok(found)
    }

    /// Adds the values of a field of one record.
    fn field_values(
        &self,
        field: FieldId,
        statement: &StatementCondition,
        entity: EntityId,
        truth: Truth,
        found: &mut Vec<Found>,
    ) -> Result<(), IndexError> {
        let column = self.lens.column(field)?;
        for position in column.reader.statements_of(entity)? {
            let holds = self.statement_truth(&column, position, statement)?;
            if holds == Truth::No {
                continue;
            }
            let value = FoundValue::of(field, column.reader.value(position)?);
            found.push(Found { value, truth: truth.min(holds) });
        }
        Ok(())
    }

    /// Adds `unknown` and `none` of the last step's fields.
    fn special_values(
        &self,
        step: &Step,
        entity: EntityId,
        truth: Truth,
        found: &mut Vec<Found>,
    ) -> Result<(), IndexError> {
        let Way::Fields { forward, .. } = &step.way else { return Ok(()) };
        if step.filter != Condition::Always || !step.statement.is_always() {
            return Ok(());
        }
        for field in forward {
            let mut values = Vec::new();
            let always = &StatementCondition::Always;
            self.field_values(*field, always, entity, truth, &mut values)?;
            let special =
                |found: &Found| matches!(found.value, FoundValue::Unknown | FoundValue::None);
            found.extend(values.into_iter().filter(special));
        }
        Ok(())
    }

    /// Walks steps from records to records; each is reached once, as surely as its surest way.
    fn walk(&self, steps: &[Step], from: Reached, ends: &mut Ends) -> Result<Reached, IndexError> {
        let mut reached = from;
        for step in steps {
            let mut next = self.step_from(step, &reached, ends)?;
            if step.repeats == Repeats::OnceOrMore {
                next = self.closure_from(step, next, ends)?;
            }
            if step.filter != Condition::Always {
                let filter = self.filter(&step.filter)?;
                next.retain_mut(|(entity, truth)| {
                    *truth = (*truth).min(filter.truth_of(entity.0));
                    *truth > Truth::No
                });
            }
            reached = next;
        }
        Ok(reached)
    }

    fn closure_from(
        &self,
        step: &Step,
        first: Reached,
        ends: &mut Ends,
    ) -> Result<Reached, IndexError> {
        let mut best: HashMap<EntityId, Truth, super::Hasher> = HashMap::default();
        let mut order = Vec::new();
        let mut frontier = first;
        while !frontier.is_empty() {
            let mut improved = Vec::new();
            for (entity, truth) in frontier {
                let known = best.get(&entity).copied().unwrap_or(Truth::No);
                if truth > known {
                    if known == Truth::No {
                        order.push(entity);
                    }
                    best.insert(entity, truth);
                    improved.push((entity, truth));
                }
            }
            frontier = self.step_from(step, &improved, ends)?;
        }
        Ok(order.into_iter().filter_map(|entity| Some((entity, *best.get(&entity)?))).collect())
    }

    fn step_from(
        &self,
        step: &Step,
        from: &Reached,
        ends: &mut Ends,
    ) -> Result<Reached, IndexError> {
        let mut reached = Reached::new();
        match &step.way {
            Way::Group(steps) => reached = self.walk(steps, from.clone(), ends)?,
            Way::Fields { forward, backward } => {
                for (entity, truth) in from {
                    for field in forward {
                        let column = self.lens.column(*field)?;
                        for position in column.reader.statements_of(*entity)? {
                            let code = column.reader.value(position)?;
                            let holds = self
                                .statement_truth(&column, position, &step.statement)?
                                .min(*truth);
                            match code {
                                ValueCode::UNKNOWN => ends.unknown = ends.unknown.max(holds),
                                ValueCode::NONE => ends.none = ends.none.max(holds),
                                known => reached.push((EntityId(known.0), holds)),
                            }
                        }
                    }
                    for field in backward {
                        let column = self.lens.column(*field)?;
                        let code = ValueCode(entity.0);
                        for other in column.reader.postings(code)? {
                            let judge = |found: ValueCode| Truth::certain_if(found == code);
                            let one =
                                self.examine(&column, vec![*other], &judge, &step.statement)?;
                            reached.push((*other, one.truth_of(other.0).min(*truth)));
                        }
                    }
                }
            }
        }
        self.settle(reached)
    }

    /// Keeps each record once, with its best truth, and what the query's clauses let be there.
    fn settle(&self, reached: Reached) -> Result<Reached, IndexError> {
        let is_plain = self.lens.claims().is_plain() && !self.index.has_record_qualifiers();
        let mut settled: Reached = Vec::with_capacity(reached.len());
        let is_short = reached.len() <= FEW_REACHED;
        let mut places: HashMap<EntityId, usize, super::Hasher> = HashMap::default();
        for (entity, mut truth) in reached {
            if !is_plain && let Some(relation) = self.index.relation_of(entity) {
                truth = truth.min(self.lens.targets(relation)?.truth_of(entity.0));
            }
            if truth == Truth::No {
                continue;
            }
            let known = match is_short {
                true => settled.iter().position(|(known, _)| *known == entity),
                false => places.get(&entity).copied(),
            };
            match known.and_then(|place| settled.get_mut(place)) {
                Some((_, before)) => *before = (*before).max(truth),
                None => {
                    if !is_short {
                        places.insert(entity, settled.len());
                    }
                    settled.push((entity, truth));
                }
            }
        }
        Ok(settled)
    }
}
