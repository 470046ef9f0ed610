//! What is recorded: the records over which a negation is judged.

use super::Evaluator;
use super::backward::Filters;
use super::lens::Column;
use super::values::Sense;
use crate::index::{IndexError, Standing};
use crate::model::{FieldId, TimeRank, ValueCode};
use crate::query::expression::{Condition, End, Path, Step, Test, Way};
use crate::query::ids::Ids;
use crate::query::operators::Repeats;
use crate::query::statement_rows::StatementCondition;
use crate::query::truth_set::{Collected, TruthSet};
use crate::time::{Flags, Role, Truth};

/// The negation of a comparison.
pub(super) struct Negation {
    /// Where it holds.
    pub negated: TruthSet,
    /// Where the comparison's path is recorded at all.
    pub recorded: TruthSet,
}

/// What is known of a comparison at one step of its path.
struct Level {
    /// Where it holds from here.
    holds: TruthSet,
    /// Where the rest of the path is recorded.
    recorded: TruthSet,
    /// Where a value may be there that does not fulfil the test, and none that surely does.
    failing: Ids,
}

impl Level {
    fn new(holds: TruthSet, recorded: TruthSet, failing: Ids) -> Level {
        // A value that is surely there and does not surely fulfil the test may fail it; where one surely does,
        // the others do not matter.
        let failing = failing.or(&recorded.certain).without(&holds.certain);
        Level { holds, recorded, failing }
    }
}

impl Evaluator<'_> {
    /// Returns the rows in which a field of theirs is recorded, `none` and a denial of what is tested included.
    pub(super) fn recorded_in_row(&self, path: &Path, test: &Test) -> Result<Ids, IndexError> {
        let mut recorded = Ids::default();
        match (&path.end, path.steps.as_slice()) {
            (End::Values { fields, part, .. }, _) => {
                for field in fields {
                    let column = self.lens.column(*field)?;
                    // Whether a date is doubted does not matter here, and the dates need not be read for it.
                    if column.is_simple {
                        recorded = recorded.or(&Ids::from(column.reader.recorded()?));
                        continue;
                    }
                    let judge = |code| self.denies(*field, *part, test, code);
                    recorded = recorded.or(&self.recorded_in(&column, &judge)?.possible);
                }
            }
            (_, [only]) => {
                let targets = match test {
                    Test::Records(rows) => self.rows(rows)?,
                    _ => TruthSet::default(),
                };
                recorded = self.recorded_step(only, &targets)?.possible;
            }
            _ => recorded = self.everything(),
        }
        Ok(recorded)
    }

    /// Judges the negation of a comparison: certain where the path is surely recorded and no value can fulfil the
    /// test; possible where some value may be there that does not, and none surely does.
    pub(super) fn negation(&self, path: &Path, test: &Test) -> Result<Negation, IndexError> {
        let everything = || TruthSet::certainly(self.everything());
        let (steps, holds) = self.at_end(path, test, Sense::Plain)?;
        let mut level = match (&path.end, test) {
            (End::Values { fields, part, statement }, _) => {
                let mut recorded = TruthSet::default();
                for field in fields {
                    let column = self.lens.column(*field)?;
                    let judge = |code| self.denies(*field, *part, test, code);
                    recorded = recorded.or(&self.recorded_in(&column, &judge)?);
                }
                let mut failing = self.at_end(path, test, Sense::Inverse)?.1.possible;
                if !statement.is_always() {
                    failing = failing.or(&self.stating_otherwise(fields, statement)?);
                }
                Level::new(holds, recorded, failing)
            }
            (End::Records(_), Test::IsUnknown | Test::IsNone) => {
                let recorded = match path.steps.last() {
                    Some(last) => self.recorded_step(last, &TruthSet::default())?,
                    None => everything(),
                };
                let inverse = self.at_end(path, test, Sense::Inverse)?.1;
                Level::new(holds, recorded, inverse.possible)
            }
            _ => {
                let failing = self.everything().without(&holds.certain);
                Level::new(holds, everything(), failing)
            }
        };
        for (number, step) in steps.iter().enumerate().rev() {
            let is_last = number + 1 == path.steps.len() && matches!(path.end, End::Records(_));
            level = self.level_before(step, level, is_last.then_some(test))?;
        }
        let certain = level.recorded.certain.without(&level.holds.possible);
        Ok(Negation { negated: TruthSet::with(certain, level.failing), recorded: level.recorded })
    }

    /// Goes one step back with all that is known of a comparison; `ends_with` is its test where the step is the last.
    fn level_before(
        &self,
        step: &Step,
        level: Level,
        ends_with: Option<&Test>,
    ) -> Result<Level, IndexError> {
        let one = std::slice::from_ref(step);
        let holds = self.back(one, level.holds, Filters::Heeded)?;
        let recorded = match ends_with {
            Some(Test::Records(rows)) => self.recorded_step(step, &self.rows(rows)?)?,
            Some(_) => self.recorded_step(step, &TruthSet::default())?,
            None => self.recorded_before(one, level.recorded.clone())?,
        };
        if recorded.certain.len() == recorded.possible.len() {
            return Ok(Level::new(holds, recorded, Ids::default()));
        }
        let mut failing = level.failing;
        if !step.statement.is_always() && !matches!(step.way, Way::Fields { .. }) {
            failing = failing.or(&level.recorded.possible);
        }
        if step.filter != Condition::Always {
            let filter = self.filter(&step.filter)?;
            failing = failing.or(&level.recorded.possible.without(&filter.certain));
        }
        let failing = TruthSet::with(Ids::default(), failing);
        let failing = self.recorded_before(one, failing)?.possible;
        let failing = failing.or(&self.leading_otherwise(step, &level.recorded.possible)?);
        Ok(Level::new(holds, recorded, failing))
    }

    /// Returns the records with a statement that may hold and surely fulfils not all that is asked of it.
    fn stating_otherwise(
        &self,
        fields: &[FieldId],
        statement: &StatementCondition,
    ) -> Result<Ids, IndexError> {
        let mut found = Vec::new();
        for field in fields {
            let column = self.lens.column(*field)?;
            for position in 0..column.reader.len() {
                if self.may_be_otherwise(&column, position, statement)? {
                    found.push(column.reader.entity_of(position)?.0);
                }
            }
        }
        Ok(Ids::from_unsorted(found))
    }

    /// Tells whether a statement may hold and not be as it is asked for.
    fn may_be_otherwise(
        &self,
        column: &Column<'_>,
        position: u32,
        asked: &StatementCondition,
    ) -> Result<bool, IndexError> {
        let holds =
            matches!(self.lens.standing(column, position)?, Standing::Certain | Standing::Possible);
        Ok(holds && self.told_fulfils(&self.told(column, position)?, asked)? < Truth::Certain)
    }

    /// Returns from where a statement may lead to one of `targets` that surely fulfils not all that a step asks of
    /// statements.
    fn leading_otherwise(&self, step: &Step, targets: &Ids) -> Result<Ids, IndexError> {
        let Way::Fields { forward, backward } = &step.way else { return Ok(Ids::default()) };
        let mut found = Vec::new();
        if step.statement.is_always() {
            return Ok(Ids::default());
        }
        for (fields, is_forward) in [(forward, true), (backward, false)] {
            for field in fields {
                let column = self.lens.column(*field)?;
                for position in 0..column.reader.len() {
                    let (value, owner) =
                        (column.reader.value(position)?, column.reader.entity_of(position)?);
                    let (from, to) =
                        if is_forward { (owner.0, value.0) } else { (value.0, owner.0) };
                    let may_lead = match is_forward && value == ValueCode::UNKNOWN {
                        true => true,
                        false => value.is_known() && targets.contains(to),
                    };
                    if may_lead && self.may_be_otherwise(&column, position, &step.statement)? {
                        found.push(from);
                    }
                }
            }
        }
        Ok(Ids::from_unsorted(found))
    }

    fn denies(
        &self,
        field: FieldId,
        part: crate::query::operators::ValuePart,
        test: &Test,
        code: ValueCode,
    ) -> Result<Truth, IndexError> {
        match test {
            Test::Text(test) if code.is_known() => {
                let text = self.index.string(crate::model::StringId(code.0))?;
                Ok(Truth::certain_if(super::texts::fits(text, test)))
            }
            Test::Text(_) => Ok(Truth::No),
            test => self.code_truth(field, part, test, code),
        }
    }

    /// Returns from where the steps lead to what is recorded, `none` and `unknown` on the way included.
    fn recorded_before(&self, steps: &[Step], found: TruthSet) -> Result<TruthSet, IndexError> {
        let mut found = found;
        for step in steps.iter().rev() {
            let led = self.back(std::slice::from_ref(step), found, Filters::Ignored)?;
            let mut ended = TruthSet::default();
            match &step.way {
                Way::Group(steps) => ended = self.recorded_before(steps, TruthSet::default())?,
                Way::Fields { forward, .. } => {
                    for field in forward {
                        let column = self.lens.column(*field)?;
                        let judge = |code: ValueCode| Truth::certain_if(!code.is_known());
                        let mut candidates = column.reader.postings(ValueCode::NONE)?.to_vec();
                        candidates.extend(column.reader.postings(ValueCode::UNKNOWN)?);
                        ended = ended.or(&self.examine(
                            &column,
                            candidates,
                            &judge,
                            &StatementCondition::Always,
                        )?);
                    }
                }
            }
            found = led.or(&ended);
        }
        Ok(found)
    }

    /// Returns the records in which the field of a step is recorded at all, as it would be taken once.
    fn recorded_step(&self, step: &Step, targets: &TruthSet) -> Result<TruthSet, IndexError> {
        match &step.way {
            Way::Group(steps) => match steps.split_last() {
                Some((last, before)) => {
                    self.recorded_before(before, self.recorded_step(last, targets)?)
                }
                None => Ok(TruthSet::certainly(self.everything())),
            },
            Way::Fields { forward, backward } => {
                let mut found = TruthSet::default();
                for field in forward {
                    let column = self.lens.column(*field)?;
                    let judge = |code: ValueCode| {
                        Ok(Truth::certain_if(code.is_known() && targets.certain.contains(code.0)))
                    };
                    found = found.or(&self.recorded_in(&column, &judge)?);
                }
                if !backward.is_empty() {
                    let way = Way::Fields { forward: Vec::new(), backward: backward.clone() };
                    let back = Step {
                        way,
                        repeats: Repeats::Once,
                        filter: Condition::Always,
                        statement: StatementCondition::Always,
                    };
                    let everything = TruthSet::certainly(self.everything());
                    found = found.or(&self.back(&[back], everything, Filters::Ignored)?);
                }
                Ok(found)
            }
        }
    }

    /// Returns the records in which a field is recorded: for certain where some statement holds for certain, or
    /// where it is denied what the test asks.
    fn recorded_in(
        &self,
        column: &Column<'_>,
        denies: &dyn Fn(ValueCode) -> Result<Truth, IndexError>,
    ) -> Result<TruthSet, IndexError> {
        let times = match self.role_of(column.field) {
            Some(Role::Moment) => Some(self.index.dates()?),
            Some(Role::Period) => Some(self.index.periods()?),
            None => None,
        };
        let has_doubted =
            times.is_some_and(|all| all.iter().any(|each| each.flags().has(Flags::DOUBTED)));
        if column.is_simple && !has_doubted {
            return Ok(TruthSet::certainly(Ids::from(column.reader.recorded()?)));
        }
        let is_doubted = |code: ValueCode| {
            let packed =
                times.filter(|_| code.is_known()).and_then(|all| all.get(TimeRank(code.0).index()));
            // Of several values one may be sure: only the text tells, and the certain side is safe for a set.
            packed.is_some_and(|packed| {
                packed.flags().has(Flags::DOUBTED) && !packed.flags().has(Flags::SEVERAL)
            })
        };
        let loaded = column.reader.load()?;
        let mut found = Collected::default();
        for (entity, positions) in loaded.groups() {
            self.step()?;
            let mut best = Truth::No;
            for position in positions {
                let code = loaded.value(position);
                let truth = match self.lens.standing(column, position)? {
                    Standing::Certain if is_doubted(code) => Truth::Possible,
                    Standing::Certain => Truth::Certain,
                    Standing::Possible => Truth::Possible,
                    Standing::Never => Truth::No,
                    Standing::Denied => Truth::certain_if(denies(code)? == Truth::Certain),
                };
                best = best.max(truth);
            }
            found.add(entity.0, best);
        }
        Ok(found.into_truth())
    }
}
