//! What is recorded: the records over which a negation is judged, and those that have a value at all.

use super::Evaluator;
use super::lens::Column;
use super::steps::{Collected, Filters, certain_if};
use crate::index::{IndexError, Recorded, Standing};
use crate::model::{EntityId, FieldId, FieldRole, TimeRank, Type, ValueCode};
use crate::query::expression::{End, Path, Repeats, Step, Test, Way};
use crate::query::ids::{Ids, TruthSet};
use crate::time::{Flags, Truth};

impl Evaluator<'_> {
    /// Returns the records in which a path is recorded, `none` and a denial of what is tested included.
    pub(super) fn recorded(&self, path: &Path, test: &Test) -> Result<TruthSet, IndexError> {
        match &path.end {
            End::Values { fields, part } => {
                let mut found = TruthSet::default();
                for field in fields {
                    let column = self.lens.column(*field)?;
                    let judge = |code| self.denies(*field, *part, test, code);
                    found = found.or(&self.recorded_in(&column, &judge)?);
                }
                self.recorded_before(&path.steps, found)
            }
            End::Records(_) => {
                let Some((last, before)) = path.steps.split_last() else {
                    return Ok(TruthSet::certainly(self.everything()));
                };
                let targets = match test {
                    Test::Records(rows) => self.rows(rows)?,
                    _ => TruthSet::default(),
                };
                let found = self.recorded_step(last, &targets)?;
                self.recorded_before(before, found)
            }
            End::Identifiers | End::Text(_) => {
                self.recorded_before(&path.steps, TruthSet::certainly(self.everything()))
            }
        }
    }

    fn denies(
        &self,
        field: FieldId,
        part: crate::query::expression::ValuePart,
        test: &Test,
        code: ValueCode,
    ) -> Result<Truth, IndexError> {
        match test {
            Test::Text(test) if code.is_known() => {
                let text = self.index.string(crate::model::StringId(code.0))?;
                Ok(certain_if(super::values::fits(text, test)))
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
            if let Way::Fields { forward, .. } = &step.way {
                for field in forward {
                    let column = self.lens.column(*field)?;
                    let judge = |code: ValueCode| certain_if(!code.is_known());
                    let mut candidates = column.reader.postings(ValueCode::NONE)?.to_vec();
                    candidates.extend(column.reader.postings(ValueCode::UNKNOWN)?);
                    ended = ended.or(&self.examine(&column, candidates, &judge, &[])?);
                }
            }
            found = led.or(&ended);
        }
        Ok(found)
    }

    /// Returns the records in which the field of a step is recorded at all.
    fn recorded_step(&self, step: &Step, targets: &TruthSet) -> Result<TruthSet, IndexError> {
        match &step.way {
            Way::Group(steps) => {
                let everything = TruthSet::certainly(self.everything());
                self.back(steps, everything, Filters::Ignored)
            }
            Way::Fields { forward, backward } => {
                let mut found = TruthSet::default();
                for field in forward {
                    let column = self.lens.column(*field)?;
                    let judge = |code: ValueCode| {
                        Ok(certain_if(code.is_known() && targets.certain.contains(code.0)))
                    };
                    found = found.or(&self.recorded_in(&column, &judge)?);
                }
                if !backward.is_empty() {
                    let way = Way::Fields { forward: Vec::new(), backward: backward.clone() };
                    let back = Step {
                        way,
                        repeats: Repeats::Once,
                        filter: crate::query::expression::Condition::Always,
                        statement: Vec::new(),
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
        let role = self.index.schema().fields.get(column.field.index());
        let times = match role.map(|field| &field.value_type) {
            Some(Type::Date) => Some(self.index.dates()?),
            Some(Type::Period) => Some(self.index.periods()?),
            _ => None,
        };
        let has_doubted =
            times.is_some_and(|all| all.iter().any(|each| each.flags().has(Flags::DOUBTED)));
        if column.is_simple && !has_doubted {
            return Ok(TruthSet::certainly(match column.reader.recorded()? {
                Recorded::All(range) => Ids::Range(range),
                Recorded::Some(entities) => {
                    Ids::from_sorted(entities.iter().map(|entity| entity.0).collect())
                }
            }));
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
            let mut best = Truth::No;
            for position in positions {
                let code = loaded.value(position);
                let truth = match self.lens.standing(column, position)? {
                    Standing::Certain if is_doubted(code) => Truth::Possible,
                    Standing::Certain => Truth::Certain,
                    Standing::Possible => Truth::Possible,
                    Standing::Never => Truth::No,
                    Standing::Denied => certain_if(denies(code)? == Truth::Certain),
                };
                best = best.max(truth);
            }
            found.add(entity.0, best);
        }
        Ok(found.into_truth())
    }

    /// Returns the records at the end of a path that have a value there: `unknown` is one, `none` is not.
    pub(super) fn having_values(&self, path: &Path) -> Result<TruthSet, IndexError> {
        match &path.end {
            End::Records(relations) => {
                let mut all = TruthSet::default();
                for relation in relations {
                    all = all.or(self.lens.records(*relation)?.as_ref());
                }
                Ok(all)
            }
            End::Identifiers => Ok(TruthSet::certainly(self.everything())),
            End::Values { fields, .. } | End::Text(fields) => {
                let mut found = TruthSet::default();
                for field in fields {
                    found = found.or(&self.having_field(*field)?);
                }
                Ok(found)
            }
        }
    }

    fn having_field(&self, field: FieldId) -> Result<TruthSet, IndexError> {
        let column = self.lens.column(field)?;
        let is_simple = column.is_simple && column.reader.postings(ValueCode::NONE)?.is_empty();
        let found = if is_simple {
            TruthSet::certainly(match column.reader.recorded()? {
                Recorded::All(range) => Ids::Range(range),
                Recorded::Some(entities) => {
                    Ids::from_sorted(entities.iter().map(|entity| entity.0).collect())
                }
            })
        } else {
            self.scan(&column, &|code| certain_if(code != ValueCode::NONE), &[])?
        };
        let is_name = self.index.schema().fields.get(field.index()).map(|field| field.role)
            == Some(FieldRole::Name);
        if !is_name {
            return Ok(found);
        }
        // A header's name need be no statement of the field.
        let mut named = Collected::default();
        for id in column.reader.records() {
            if !found.certain.contains(id) && self.index.header_name_of(EntityId(id))?.is_some() {
                named.add(id, Truth::Certain);
            }
        }
        Ok(found.or(&named.into_truth()))
    }
}
