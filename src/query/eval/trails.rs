//! Paths walked forwards with every statement on the way, for reasons.
//!
//! Slower than the walk that columns use, and bounded: it is done for one record.

use super::Evaluator;
use super::found::{Found, FoundValue};
use super::lens::Column;
use crate::index::{IndexError, Standing};
use crate::model::{EntityId, FieldId, Status, ValueCode};
use crate::query::expression::{Condition, End, Path, Step, Way};
use crate::query::operators::Repeats;
use crate::query::statement_rows::StatementCondition;
use crate::time::Truth;
use hashbrown::HashSet;

/// Most ways that are followed from one record.
const MOST_TRAILS: usize = 1000;

/// A statement on the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Whose it is.
    pub owner: EntityId,
    /// Its field.
    pub field: FieldId,
    /// Its place in the column.
    pub position: u32,
    /// Why it does not count, where it does not.
    pub ignored: Option<&'static str>,
}

/// A way to a value.
#[derive(Clone, Debug)]
pub(super) struct Trail<'q> {
    /// The value, and how far the statements on the way hold.
    pub found: Found,
    /// The statements on the way.
    pub places: Vec<Place>,
    /// Conditions in brackets, with the records of which they were asked.
    pub filters: Vec<(&'q Condition, EntityId)>,
}

#[derive(Clone, Debug)]
struct Walker<'q> {
    at: EntityId,
    truth: Truth,
    places: Vec<Place>,
    filters: Vec<(&'q Condition, EntityId)>,
}

impl<'q> Walker<'q> {
    fn ends_at(&self, value: FoundValue, truth: Truth) -> Trail<'q> {
        Trail {
            found: Found { value, truth: truth.min(self.truth) },
            places: self.places.clone(),
            filters: self.filters.clone(),
        }
    }

    fn through(&self, place: Place, truth: Truth) -> Walker<'q> {
        let mut next = self.clone();
        next.places.push(place);
        next.truth = next.truth.min(truth);
        next
    }
}

impl Evaluator<'_> {
    /// Returns every way that a path leads from a record to a value, also those by statements that do not count.
    pub(super) fn trails<'q>(
        &self,
        path: &'q Path,
        from: EntityId,
    ) -> Result<Vec<Trail<'q>>, IndexError> {
        let mut found = Vec::new();
        let start =
            Walker { at: from, truth: Truth::Certain, places: Vec::new(), filters: Vec::new() };
        let reached = self.follow_all(&path.steps, vec![start], &mut found)?;
        for walker in reached.iter().take(MOST_TRAILS) {
            match &path.end {
                End::Records(_) => {
                    found.push(walker.ends_at(FoundValue::Entity(walker.at), Truth::Certain));
                }
                End::Identifiers => {
                    found.push(walker.ends_at(FoundValue::Identifier(walker.at), Truth::Certain));
                }
                End::Values { fields, .. } | End::Text(fields) => {
                    for field in fields {
                        self.end_at_values(walker, *field, path.end.statement(), &mut found)?;
                    }
                }
            }
        }
        Ok(found)
    }

    fn end_at_values<'q>(
        &self,
        walker: &Walker<'q>,
        field: FieldId,
        statement: &StatementCondition,
        found: &mut Vec<Trail<'q>>,
    ) -> Result<(), IndexError> {
        let column = self.lens.column(field)?;
        for position in column.reader.statements_of(walker.at)? {
            let (truth, ignored) = self.counting(&column, position, statement)?;
            let place = Place { owner: walker.at, field, position, ignored };
            let value = FoundValue::of(field, column.reader.value(position)?);
            found.push(walker.through(place, truth).ends_at(value, truth));
        }
        Ok(())
    }

    /// Returns how far a statement holds and is what its brackets ask for, and why it does not count.
    fn counting(
        &self,
        column: &Column<'_>,
        position: u32,
        statement: &StatementCondition,
    ) -> Result<(Truth, Option<&'static str>), IndexError> {
        let truth = self.statement_truth(column, position, statement)?;
        if truth > Truth::No || statement.asks_status() {
            return Ok((truth, None));
        }
        let status = self.index.status(column.reader.qualifier(position)?)?;
        let ignored = match self.lens.standing(column, position)? {
            Standing::Certain | Standing::Possible => None,
            Standing::Denied => Some("denied"),
            Standing::Never => Some(match status {
                Status::Rejected => "rejected",
                Status::Disputed if self.lens.claims().is_plain() => "hidden by a better one",
                _ => "not taken by the query's clauses",
            }),
        };
        Ok((truth, ignored))
    }

    fn follow_all<'q>(
        &self,
        steps: &'q [Step],
        from: Vec<Walker<'q>>,
        ended: &mut Vec<Trail<'q>>,
    ) -> Result<Vec<Walker<'q>>, IndexError> {
        let mut reached = from;
        for step in steps {
            let mut next = self.hop(step, &reached, ended)?;
            if step.repeats == Repeats::OnceOrMore {
                next = self.hop_on(step, next, ended)?;
            }
            if step.filter != Condition::Always {
                let filter = self.filter(&step.filter)?;
                let mut fitting = Vec::new();
                for mut walker in next {
                    walker.filters.push((&step.filter, walker.at));
                    match filter.truth_of(walker.at.0) {
                        Truth::No => {
                            ended.push(walker.ends_at(FoundValue::Entity(walker.at), Truth::No));
                        }
                        truth => {
                            walker.truth = walker.truth.min(truth);
                            fitting.push(walker);
                        }
                    }
                }
                next = fitting;
            }
            reached = next;
        }
        Ok(reached)
    }

    /// Goes on along a step until nothing new is met; each record is reached by a shortest way.
    fn hop_on<'q>(
        &self,
        step: &'q Step,
        first: Vec<Walker<'q>>,
        ended: &mut Vec<Trail<'q>>,
    ) -> Result<Vec<Walker<'q>>, IndexError> {
        let mut known: HashSet<(EntityId, Truth), super::Hasher> = HashSet::default();
        let mut reached = Vec::new();
        let mut frontier = first;
        while !frontier.is_empty() && reached.len() < MOST_TRAILS {
            frontier.retain(|walker| known.insert((walker.at, walker.truth)));
            reached.extend(frontier.iter().cloned());
            frontier = self.hop(step, &frontier, ended)?;
        }
        Ok(reached)
    }

    fn hop<'q>(
        &self,
        step: &'q Step,
        from: &[Walker<'q>],
        ended: &mut Vec<Trail<'q>>,
    ) -> Result<Vec<Walker<'q>>, IndexError> {
        let (forward, backward) = match &step.way {
            Way::Group(steps) => return self.follow_all(steps, from.to_vec(), ended),
            Way::Fields { forward, backward } => (forward, backward),
        };
        let mut reached = Vec::new();
        for walker in from.iter().take(MOST_TRAILS) {
            for field in forward {
                let column = self.lens.column(*field)?;
                for position in column.reader.statements_of(walker.at)? {
                    let (truth, ignored) = self.counting(&column, position, &step.statement)?;
                    let place = Place { owner: walker.at, field: *field, position, ignored };
                    let mut next = walker.through(place, truth);
                    match column.reader.value(position)? {
                        ValueCode::UNKNOWN => {
                            ended.push(next.ends_at(FoundValue::Unknown, truth));
                        }
                        ValueCode::NONE => ended.push(next.ends_at(FoundValue::None, truth)),
                        code => {
                            next.at = EntityId(code.0);
                            self.arrive(next, &mut reached, ended)?;
                        }
                    }
                }
            }
            for field in backward {
                let column = self.lens.column(*field)?;
                let code = ValueCode(walker.at.0);
                for other in column.reader.postings(code)?.iter().take(MOST_TRAILS) {
                    for position in column.reader.statements_of(*other)? {
                        if column.reader.value(position)? != code {
                            continue;
                        }
                        let (truth, ignored) = self.counting(&column, position, &step.statement)?;
                        let place = Place { owner: *other, field: *field, position, ignored };
                        let mut next = walker.through(place, truth);
                        next.at = *other;
                        self.arrive(next, &mut reached, ended)?;
                    }
                }
            }
        }
        Ok(reached)
    }

    /// Keeps a walker going where its statements and the record hold, as far as they do.
    fn arrive<'q>(
        &self,
        mut walker: Walker<'q>,
        reached: &mut Vec<Walker<'q>>,
        ended: &mut Vec<Trail<'q>>,
    ) -> Result<(), IndexError> {
        if let Some(relation) = self.index.relation_of(walker.at) {
            walker.truth = walker.truth.min(self.lens.targets(relation)?.truth_of(walker.at.0));
        }
        if walker.truth == Truth::No {
            ended.push(walker.ends_at(FoundValue::Entity(walker.at), Truth::No));
        } else {
            reached.push(walker);
        }
        Ok(())
    }
}
