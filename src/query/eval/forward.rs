//! Paths walked forwards: the values that one record has, for columns, keys and comparisons of two paths.

use super::Evaluator;
use crate::index::IndexError;
use crate::model::{EntityId, FieldId, NumberRank, StringId, TimeRank, Type, ValueCode};
use crate::query::expression::{Condition, End, Path, Repeats, Step, ValuePart, Way};
use crate::query::statement_rows::StatementCondition;
use crate::time::{Role, Truth, Value};
use hashbrown::HashMap;

/// A value that a path leads to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// What.
    pub value: FoundValue,
    /// How far the statements that lead there hold.
    pub truth: Truth,
}

/// What a path may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum FoundValue {
    /// A record.
    Entity(EntityId),
    /// The identifier of a record.
    Identifier(EntityId),
    /// A known value of a field.
    Code(FieldId, ValueCode),
    /// The period in which a statement held.
    Period(TimeRank),
    /// `unknown`.
    Unknown,
    /// `none`.
    None,
}

/// The least, the greatest and the unit of a number.
pub(super) type Measure<'i> = (f64, f64, Option<&'i str>);

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
            let value = match column.reader.value(position)? {
                ValueCode::UNKNOWN => FoundValue::Unknown,
                ValueCode::NONE => FoundValue::None,
                code => FoundValue::Code(field, code),
            };
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

    /// Returns the dates or periods that a found value stands for.
    pub(super) fn times(&self, found: &Found, part: ValuePart) -> Result<Vec<Value>, IndexError> {
        let (role, rank) = match found.value {
            FoundValue::Period(rank) => (Role::Period, rank),
            FoundValue::Code(field, code) => match self.role_of(field) {
                Some(role) => (role, TimeRank(code.0)),
                None => return Ok(Vec::new()),
            },
            _ => return Ok(Vec::new()),
        };
        let values = super::times::stored(self.index, role, rank)?;
        Ok(values.iter().map(|value| super::times::part_of(value, part).into_owned()).collect())
    }

    /// Returns whether a field holds dates or periods; nothing where it holds neither.
    pub(super) fn role_of(&self, field: FieldId) -> Option<Role> {
        match self.index.schema().fields.get(field.index())?.value_type {
            Type::Date => Some(Role::Moment),
            Type::Period => Some(Role::Period),
            _ => None,
        }
    }

    /// Returns the least, the greatest and the unit of a found number, or of a length in days.
    pub(super) fn number(
        &self,
        found: &Found,
        part: ValuePart,
    ) -> Result<Option<Measure<'_>>, IndexError> {
        if part == ValuePart::Length {
            let values = self.times(found, ValuePart::Whole)?;
            let Some(length) = values.first().map(Value::length) else { return Ok(None) };
            let least = length.least().map_or(f64::NEG_INFINITY, |days| days as f64);
            let greatest = length.greatest().map_or(f64::INFINITY, |days| days as f64);
            return Ok(Some((least, greatest, Some("day"))));
        }
        let FoundValue::Code(field, code) = found.value else { return Ok(None) };
        let is_number = self
            .index
            .schema()
            .fields
            .get(field.index())
            .is_some_and(|field| field.value_type.is_number());
        if !is_number {
            return Ok(None);
        }
        let row = self.index.number(NumberRank(code.0))?;
        let unit = row.unit().map(|unit| self.index.string(unit)).transpose()?;
        Ok(Some((row.least, row.greatest, unit)))
    }

    /// Returns the words of a found text, word of an enumeration or identifier.
    pub(super) fn text_of(&self, found: &Found) -> Result<Option<String>, IndexError> {
        match found.value {
            FoundValue::Identifier(entity) => Ok(Some(self.index.id_of(entity)?.into_owned())),
            FoundValue::Code(field, code) => {
                match self.index.schema().fields.get(field.index()).map(|field| &field.value_type) {
                    Some(Type::Text | Type::Url) => {
                        Ok(Some(self.index.string(StringId(code.0))?.to_owned()))
                    }
                    Some(Type::Words(words)) => Ok(words.get(code.0 as usize).cloned()),
                    _ => Ok(None),
                }
            }
            FoundValue::Entity(_)
            | FoundValue::Period(_)
            | FoundValue::Unknown
            | FoundValue::None => Ok(None),
        }
    }
}
