//! Paths walked backwards: from the records at their end to the rows that lead there.

use super::Evaluator;
use super::lens::Column;
use crate::index::IndexError;
use crate::model::{EntityId, FieldId, ValueCode};
use crate::query::expression::{Condition, Step, Way};
use crate::query::ids::Ids;
use crate::query::operators::Repeats;
use crate::query::statement_rows::StatementCondition;
use crate::query::truth_set::{Collected, TruthSet};
use crate::time::Truth;

/// What a closure has reached so far: a round costs as much as it adds, however much there is already.
struct Reached {
    certain: Vec<u64>,
    possible: Vec<u64>,
    found: Collected,
}

impl Reached {
    fn among(records: u32) -> Reached {
        let bits = || vec![0; (records as usize).div_ceil(64)];
        Reached { certain: bits(), possible: bits(), found: Collected::default() }
    }

    /// Adds what is new, or surer than it was, and returns that.
    fn add(&mut self, found: &TruthSet) -> TruthSet {
        let mut added = Collected::default();
        for (ids, truth) in [(&found.certain, Truth::Certain), (&found.possible, Truth::Possible)] {
            let known =
                if truth == Truth::Certain { &mut self.certain } else { &mut self.possible };
            for id in ids.iter() {
                let bit = 1_u64 << (id % 64);
                if let Some(word) = known.get_mut((id / 64) as usize)
                    && *word & bit == 0
                {
                    *word |= bit;
                    added.add(id, truth);
                    self.found.add(id, truth);
                }
            }
        }
        added.into_truth()
    }
}

/// Whether filters of a path are heeded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Filters {
    Heeded,
    Ignored,
}

impl Evaluator<'_> {
    /// Returns the records from which `steps` lead to one of `targets`.
    pub(super) fn back(
        &self,
        steps: &[Step],
        targets: TruthSet,
        filters: Filters,
    ) -> Result<TruthSet, IndexError> {
        let mut targets = targets;
        for step in steps.iter().rev() {
            targets = self.step_back(step, targets, filters)?;
        }
        Ok(targets)
    }

    fn step_back(
        &self,
        step: &Step,
        targets: TruthSet,
        filters: Filters,
    ) -> Result<TruthSet, IndexError> {
        let mut targets = self.alive(targets)?;
        if filters == Filters::Heeded && step.filter != Condition::Always {
            let filter = self.truth(&step.filter, super::Polarity::Plain, &targets.possible)?;
            targets = targets.and(&filter);
        }
        let statement = match filters {
            Filters::Heeded => &step.statement,
            Filters::Ignored => &StatementCondition::Always,
        };
        let first = self.way_back(&step.way, &targets, statement, filters)?;
        if step.repeats == Repeats::Once {
            return Ok(first);
        }
        let mut reached = Reached::among(self.index.record_count());
        let mut frontier = reached.add(&first);
        while !frontier.possible.is_empty() {
            self.step()?;
            let further = self.way_back(&step.way, &self.alive(frontier)?, statement, filters)?;
            frontier = reached.add(&further);
        }
        Ok(reached.found.into_truth())
    }

    fn way_back(
        &self,
        way: &Way,
        targets: &TruthSet,
        statement: &StatementCondition,
        filters: Filters,
    ) -> Result<TruthSet, IndexError> {
        match way {
            Way::Group(steps) => self.back(steps, targets.clone(), filters),
            Way::Fields { forward, backward } => {
                let mut found = TruthSet::default();
                for field in forward {
                    found = found.or(&self.referring(*field, targets, statement)?);
                }
                for field in backward {
                    found = found.or(&self.referred(*field, targets, statement)?);
                }
                Ok(found)
            }
        }
    }

    /// Returns what of `targets` the query's clauses let be there.
    fn alive(&self, targets: TruthSet) -> Result<TruthSet, IndexError> {
        if self.lens.claims().is_plain() && !self.index.has_record_qualifiers() {
            return Ok(targets);
        }
        let mut alive = TruthSet::default();
        for (relation, _) in self.index.schema().relations() {
            let range = Ids::Range(self.index.records_of(relation));
            if !targets.possible.and(&range).is_empty() {
                alive = alive.or(&self.lens.targets(relation)?.and(&targets));
            }
        }
        Ok(alive)
    }

    /// Returns the records of which a value of `field` is one of `targets`.
    fn referring(
        &self,
        field: FieldId,
        targets: &TruthSet,
        statement: &StatementCondition,
    ) -> Result<TruthSet, IndexError> {
        let column = self.lens.column(field)?;
        let judge = |code: ValueCode| truth_in(targets, code);
        if targets.possible.len() > column.reader.len() as usize / 4 {
            return self.scan(&column, &judge, statement);
        }
        let mut found = Collected::default();
        if column.is_simple && statement.is_always() {
            for id in targets.possible.iter() {
                self.step()?;
                let truth = truth_in(targets, ValueCode(id));
                found.add_all(column.reader.postings(ValueCode(id))?, truth);
            }
            found.add_all(column.reader.postings(ValueCode::UNKNOWN)?, Truth::Possible);
            return Ok(found.into_truth());
        }
        let mut candidates = Vec::new();
        for id in targets.possible.iter() {
            candidates.extend(column.reader.postings(ValueCode(id))?);
        }
        candidates.extend(column.reader.postings(ValueCode::UNKNOWN)?);
        self.examine(&column, candidates, &judge, statement)
    }

    /// Judges the statements of some records.
    pub(super) fn examine(
        &self,
        column: &Column<'_>,
        mut candidates: Vec<EntityId>,
        judge: &dyn Fn(ValueCode) -> Truth,
        statement: &StatementCondition,
    ) -> Result<TruthSet, IndexError> {
        candidates.sort_unstable();
        candidates.dedup();
        let mut found = Collected::default();
        for entity in candidates {
            self.step()?;
            let mut best = Truth::No;
            for position in column.reader.statements_of(entity)? {
                let truth = judge(column.reader.value(position)?);
                if truth > best {
                    let holds = self.statement_truth(column, position, statement)?;
                    best = best.max(truth.min(holds));
                }
            }
            found.add(entity.0, best);
        }
        Ok(found.into_truth())
    }

    /// Judges all statements of a field.
    pub(super) fn scan(
        &self,
        column: &Column<'_>,
        judge: &dyn Fn(ValueCode) -> Truth,
        statement: &StatementCondition,
    ) -> Result<TruthSet, IndexError> {
        let loaded = column.reader.load()?;
        let mut found = Collected::default();
        for (entity, positions) in loaded.groups() {
            self.step()?;
            let mut best = Truth::No;
            for position in positions {
                let truth = judge(loaded.value(position));
                if truth <= best {
                    continue;
                }
                let holds = match column.is_simple && statement.is_always() {
                    true => Truth::Certain,
                    false => self.statement_truth(column, position, statement)?,
                };
                best = best.max(truth.min(holds));
            }
            found.add(entity.0, best);
        }
        Ok(found.into_truth())
    }

    /// Returns the records that are values of `field` in one of `targets`.
    fn referred(
        &self,
        field: FieldId,
        targets: &TruthSet,
        statement: &StatementCondition,
    ) -> Result<TruthSet, IndexError> {
        let column = self.lens.column(field)?;
        let range = Ids::Range(column.reader.records());
        let (certain, possible) = (targets.certain.and(&range), targets.possible.and(&range));
        let mut found = Collected::default();
        if column.is_simple && statement.is_always() && certain.len() == range.len() {
            let keys = column.reader.keys()?;
            let keys = keys.into_iter().filter(|code| code.is_known()).map(|code| EntityId(code.0));
            found.add_all(&keys.collect::<Vec<_>>(), Truth::Certain);
            return Ok(found.into_truth());
        }
        for id in possible.iter() {
            self.step()?;
            let truth = targets.truth_of(id);
            for position in column.reader.statements_of(EntityId(id))? {
                let code = column.reader.value(position)?;
                if code.is_known() {
                    let holds = self.statement_truth(&column, position, statement)?;
                    found.add(code.0, truth.min(holds));
                }
            }
        }
        Ok(found.into_truth())
    }
}

/// Judges whether a value is one of the targets: `unknown` may be, if there is one.
fn truth_in(targets: &TruthSet, code: ValueCode) -> Truth {
    match code {
        // Also where no target is known: what is unknown may be a record that nobody wrote down.
        ValueCode::UNKNOWN => Truth::Possible,
        ValueCode::NONE => Truth::No,
        known => targets.truth_of(known.0),
    }
}
