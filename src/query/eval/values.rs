//! Tests of values: which records have a value that fulfils one.

use super::backward::Filters;
use super::times;
use super::{Evaluator, lens::Column};
use crate::index::IndexError;
use crate::model::{FieldId, Type, ValueCode};
use crate::query::expression::{End, Path, Step, Test, Way};
use crate::query::ids::Ids;
use crate::query::operators::ValuePart;
use crate::query::statement_rows::StatementCondition;
use crate::query::truth_set::{Collected, TruthSet};
use crate::time::{Role, Truth, Verdict};
use std::ops::Range;

/// Whether values that fulfil a test are looked for, or those that do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    Plain,
    Inverse,
}

impl Sense {
    pub(super) fn of(self, verdict: Verdict) -> Truth {
        match self {
            Sense::Plain => verdict.holds,
            Sense::Inverse => verdict.fails,
        }
    }
}

/// Runs of codes with the truth of each; other codes do not fulfil the test.
type Runs = Vec<(Range<u32>, Truth)>;

impl Evaluator<'_> {
    /// Returns the records of which some value of the path fulfils the test.
    pub(super) fn holds(
        &self,
        path: &Path,
        test: &Test,
        sense: Sense,
    ) -> Result<TruthSet, IndexError> {
        let (steps, at_end) = self.at_end(path, test, sense)?;
        self.back(steps, at_end, Filters::Heeded)
    }

    /// Returns the records at the end of a path that fulfil the test, and the steps that lead there.
    pub(super) fn at_end<'p>(
        &self,
        path: &'p Path,
        test: &Test,
        sense: Sense,
    ) -> Result<(&'p [Step], TruthSet), IndexError> {
        Ok(match (&path.end, test) {
            (End::Values { fields, statement, .. }, Test::IsUnknown | Test::IsNone) => {
                (path.steps.as_slice(), self.with_code(fields, test, sense, statement)?)
            }
            (_, Test::IsUnknown | Test::IsNone) => match path.steps.split_last() {
                Some((Step { way: Way::Fields { forward, .. }, statement, .. }, before)) => {
                    (before, self.with_code(forward, test, sense, statement)?)
                }
                _ => (path.steps.as_slice(), TruthSet::default()),
            },
            (End::Records(relations), Test::Records(rows)) => {
                let mut targets = self.rows(rows)?;
                if sense == Sense::Inverse {
                    let mut all = Ids::default();
                    for relation in relations {
                        all = all.or(&Ids::Range(self.index.records_of(*relation)));
                    }
                    targets = TruthSet::certainly(all).without(&targets);
                }
                (path.steps.as_slice(), targets)
            }
            (End::Identifiers, Test::Text(test)) => {
                (path.steps.as_slice(), self.with_identifier(test, sense)?)
            }
            (End::Values { fields, part, statement }, test) => {
                let mut found = TruthSet::default();
                for field in fields {
                    found = found.or(&self.judge_field(*field, *part, test, sense, statement)?);
                }
                (path.steps.as_slice(), found)
            }
            (End::Text(fields), test) => {
                let mut found = TruthSet::default();
                for field in fields {
                    let always = &StatementCondition::Always;
                    let truth = self.judge_field(*field, ValuePart::Whole, test, sense, always)?;
                    // A text that nobody knows is none of the words that are searched.
                    found = found.or(&TruthSet::certainly(truth.certain));
                }
                (path.steps.as_slice(), found)
            }
            // Resolution pairs no other ends and tests.
            _ => (path.steps.as_slice(), TruthSet::default()),
        })
    }

    /// Returns the records in which some of the fields is `unknown` or `none`.
    pub(super) fn with_code(
        &self,
        fields: &[FieldId],
        test: &Test,
        sense: Sense,
        statement: &StatementCondition,
    ) -> Result<TruthSet, IndexError> {
        let wanted = if *test == Test::IsNone { ValueCode::NONE } else { ValueCode::UNKNOWN };
        let mut found = TruthSet::default();
        for field in fields {
            let column = self.lens.column(*field)?;
            let judge =
                |code: ValueCode| Truth::certain_if((code == wanted) == (sense == Sense::Plain));
            let truth = match sense {
                Sense::Plain => {
                    let candidates = column.reader.postings(wanted)?.to_vec();
                    self.examine(&column, candidates, &judge, statement)?
                }
                Sense::Inverse => self.scan(&column, &judge, statement)?,
            };
            found = found.or(&truth);
        }
        Ok(found)
    }

    fn judge_field(
        &self,
        field: FieldId,
        part: ValuePart,
        test: &Test,
        sense: Sense,
        statement: &StatementCondition,
    ) -> Result<TruthSet, IndexError> {
        let column = self.lens.column(field)?;
        if let Test::Text(test) = test {
            return self.judge_texts(&column, test, sense, statement);
        }
        let runs = self.runs(field, part, test, sense)?;
        if !column.is_simple || !statement.is_always() {
            let judge = |code: ValueCode| judge_code(&runs, code);
            let mut candidates = Vec::new();
            for (run, _) in &runs {
                candidates.extend(column.reader.postings_between(run.clone())?.run()?);
            }
            candidates.extend(column.reader.postings(ValueCode::UNKNOWN)?);
            return self.examine(&column, candidates, &judge, statement);
        }
        if self.orders_records(&column)
            && let Some(found) = self.in_own_order(&column, &runs)?
        {
            return Ok(found);
        }
        let mut found = Collected::default();
        for (run, truth) in &runs {
            found.add_all(column.reader.postings_between(run.clone())?.run()?, *truth);
        }
        found.add_all(column.reader.postings(ValueCode::UNKNOWN)?, Truth::Possible);
        Ok(found.into_truth())
    }

    /// Records stand in the order of their own date: a run of dates is a range of records, found by bisection.
    ///
    /// Dates of the same bounds, such as `1919` and `1919?`, differ in rank and not in the order of records; where
    /// a run ends between two such, or a date is `none`, nothing is returned.
    fn in_own_order(
        &self,
        column: &Column<'_>,
        runs: &Runs,
    ) -> Result<Option<TruthSet>, IndexError> {
        let records = column.reader.records();
        let times = match self.role_of(column.field) {
            Some(Role::Period) => self.index.periods()?,
            _ => self.index.dates()?,
        };
        let bounds = |code: u32| times.get(code as usize).map(|packed| packed.bounds());
        let is_tied = |code: u32| {
            code.checked_sub(1)
                .is_some_and(|before| bounds(code).is_some() && bounds(before) == bounds(code))
        };
        let has_none = !column.reader.postings(ValueCode::NONE)?.is_empty();
        if has_none || runs.iter().any(|(run, _)| is_tied(run.start) || is_tied(run.end)) {
            return Ok(None);
        }
        let place = |code: u32| -> Result<u32, IndexError> {
            let wanted = bounds(code);
            let (mut low, mut high) = (0, column.reader.len());
            while low < high {
                let middle = low + (high - low) / 2;
                let found = bounds(column.reader.value(middle)?.0);
                let is_before = match (found, wanted) {
                    (Some(found), Some(wanted)) => found < wanted,
                    // What is unknown stands last.
                    (found, _) => found.is_some(),
                };
                if is_before {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            Ok(records.start + low)
        };
        let unknown = Ids::Range(place(ValueCode::UNKNOWN.0)?..records.end);
        let mut found = TruthSet::with(Ids::default(), unknown);
        let mut possible: Vec<Range<u32>> = Vec::new();
        let mut certain: Vec<Range<u32>> = Vec::new();
        for (run, truth) in runs {
            let range = place(run.start)?..place(run.end)?;
            let ranges = if *truth == Truth::Certain { &mut certain } else { &mut possible };
            match ranges.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => ranges.push(range),
            }
        }
        let union = |ranges: Vec<Range<u32>>| match ranges.as_slice() {
            [only] => Ids::Range(only.clone()),
            _ => Ids::from_sorted(ranges.into_iter().flatten().collect()),
        };
        found = found.or(&TruthSet::with(union(certain), union(possible)));
        Ok(Some(found))
    }

    /// Returns which codes of a field may fulfil a test.
    fn runs(
        &self,
        field: FieldId,
        part: ValuePart,
        test: &Test,
        sense: Sense,
    ) -> Result<Runs, IndexError> {
        let value_type = self.field(field).map(|field| &field.value_type);
        let role = if value_type == Some(&Type::Period) { Role::Period } else { Role::Moment };
        let of_sense = |verdict: Verdict| match sense {
            Sense::Plain => verdict,
            Sense::Inverse => verdict.negated(),
        };
        let runs = match test {
            Test::Time(time) => {
                let others = self.compared_times(time)?;
                times::runs(self.index, role, &|value| {
                    of_sense(times::against(&times::part_of(value, part), time.operator, &others))
                })?
            }
            Test::Days { operator, days } => times::runs(self.index, role, &|value| {
                of_sense(value.test_length(*operator, *days))
            })?,
            Test::Words(by_field) => {
                let wanted =
                    by_field.iter().find(|(each, _)| *each == field).map(|(_, words)| words);
                let known = match value_type {
                    Some(Type::Words(words)) => words.len() as u32,
                    _ => 0,
                };
                let fits = |code: u32| wanted.is_some_and(|wanted| wanted.contains(&code));
                let codes = (0..known).filter(|code| fits(*code) == (sense == Sense::Plain));
                codes.map(|code| (code..code + 1, Verdict::CERTAIN)).collect()
            }
            Test::Numbers(tests) => self.number_runs(tests, sense)?,
            Test::IsUnknown
            | Test::IsNone
            | Test::Records(_)
            | Test::Text(_)
            | Test::Path { .. }
            | Test::Among(_) => Vec::new(),
        };
        Ok(runs.into_iter().map(|(run, verdict)| (run, verdict.holds)).collect())
    }

    /// Judges one code of a field, for reasons.
    pub(super) fn code_truth(
        &self,
        field: FieldId,
        part: ValuePart,
        test: &Test,
        code: ValueCode,
    ) -> Result<Truth, IndexError> {
        Ok(judge_code(&self.runs(field, part, test, Sense::Plain)?, code))
    }
}

fn judge_code(runs: &Runs, code: ValueCode) -> Truth {
    match code {
        ValueCode::UNKNOWN => Truth::Possible,
        ValueCode::NONE => Truth::No,
        known => {
            let after = runs.partition_point(|(run, _)| run.start <= known.0);
            let run = after.checked_sub(1).and_then(|place| runs.get(place));
            run.filter(|(run, _)| run.contains(&known.0)).map_or(Truth::No, |(_, truth)| *truth)
        }
    }
}
