//! Groups that are only counted, straight from columns and postings: no list of members is made.

use super::{GroupKey, add_units};
use crate::index::{ColumnReader, IndexError};
use crate::model::{EntityId, FieldId, TimeRank, Type, ValueCode};
use crate::query::eval::Evaluator;
use crate::query::eval::found::FoundValue;
use crate::query::expression::{Condition, End, Path, Way};
use crate::query::ids::Ids;
use crate::query::operators::{Repeats, ValuePart};
use crate::query::truth_set::TruthSet;
use crate::query::{Cell, CellValue};
use crate::time::{Grain, Truth};
use hashbrown::HashMap;

/// How many records of a group are certain, and how many more are possible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::query::eval) struct Count {
    pub certain: u64,
    pub possible: u64,
}

impl Count {
    /// Shows it.
    pub(in crate::query::eval) fn cell(self) -> Cell {
        let Count { certain, possible } = self;
        Cell { values: vec![CellValue::Count { certain, possible }], is_list: false }
    }

    fn add(&mut self, more: u64, truth: Truth) {
        match truth {
            Truth::Certain => self.certain += more,
            Truth::Possible => self.possible += more,
            Truth::No => {}
        }
    }
}

type Counts = HashMap<GroupKey, Count, crate::query::eval::Hasher>;

/// Fields whose values are the groups.
struct Grouping<'q> {
    fields: &'q [FieldId],
    unit: Option<Grain>,
}

impl Evaluator<'_> {
    /// Counts the records of each group; nothing where the statements must be looked at one by one.
    pub(in crate::query::eval) fn tally(
        &self,
        by: &Path,
        matched: &TruthSet,
    ) -> Result<Option<Counts>, IndexError> {
        if !self.lens.claims().is_plain() || self.index.has_record_qualifiers() {
            return Ok(None);
        }
        let Some(grouping) = self.grouping(by) else { return Ok(None) };
        let doubtful = matched.possible.without(&matched.certain);
        let mut counts = Counts::default();
        let mut counted = 0;
        for field in grouping.fields {
            let column = self.lens.column(*field)?;
            let recorded = Ids::from(column.reader.recorded()?);
            // In one record two dates may fall into one year.
            let is_split =
                grouping.unit.is_some() && column.reader.len() as usize != recorded.len();
            if !column.is_simple || is_split {
                return Ok(None);
            }
            let records = Ids::Range(column.reader.records());
            for (ids, truth) in [(&matched.certain, Truth::Certain), (&doubtful, Truth::Possible)] {
                let ids = ids.and(&records);
                counted += ids.len();
                let values = self.count_values(column.reader, &ids)?;
                let with_value = ids.and(&recorded).len();
                let without = (ids.len() - with_value) as u64;
                if without > 0 {
                    counts.entry(GroupKey::NotRecorded).or_default().add(without, truth);
                }
                for (code, count) in values {
                    self.add_group(*field, grouping.unit, code, (count, truth), &mut counts)?;
                }
            }
        }
        // A relation without the field has no group but that of what is not recorded.
        let left = matched.possible.len() - counted;
        Ok((left == 0).then_some(counts))
    }

    /// Returns what a path groups by, where each value of one field is a group, or a part of one.
    fn grouping<'q>(&self, by: &'q Path) -> Option<Grouping<'q>> {
        match (by.steps.as_slice(), &by.end) {
            ([step], End::Records(_)) => match &step.way {
                Way::Fields { forward, backward }
                    if backward.is_empty()
                        && step.repeats == Repeats::Once
                        && step.filter == Condition::Always
                        && step.statement.is_always() =>
                {
                    Some(Grouping { fields: forward, unit: None })
                }
                _ => None,
            },
            ([], End::Values { fields, part, statement }) if statement.is_always() => {
                let types = fields.iter().filter_map(|field| Some(&self.field(*field)?.value_type));
                let is_text = |each: &Type| matches!(each, Type::Text | Type::Url);
                let mut types = types.peekable();
                let is_fitting = types.peek().is_some() && !types.any(is_text);
                match part {
                    ValuePart::Whole if is_fitting => Some(Grouping { fields, unit: None }),
                    ValuePart::Unit(crate::time::Part::Whole, grain) if is_fitting => {
                        Some(Grouping { fields, unit: Some(*grain) })
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Counts in how many of some records each value stands.
    fn count_values(
        &self,
        column: ColumnReader<'_>,
        ids: &Ids,
    ) -> Result<Vec<(ValueCode, u64)>, IndexError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        if ids.len() == column.records().len() && column.has_postings() {
            // Every record counts: postings know how many stand under each value.
            let known = column.postings_between(0..ValueCode::NONE.0)?;
            let mut counts: Vec<(ValueCode, u64)> =
                known.counts().map(|(code, count)| (code, u64::from(count))).collect();
            for code in [ValueCode::UNKNOWN, ValueCode::NONE] {
                counts.push((code, u64::from(column.posting_count(code)?)));
            }
            counts.retain(|(_, count)| *count > 0);
            return Ok(counts);
        }
        let loaded = column.load()?;
        let mut counts: HashMap<ValueCode, u64, crate::query::eval::Hasher> = HashMap::default();
        let codes = loaded.values().iter().filter(|code| code.is_known());
        let most = codes.map(|code| code.0).max().unwrap_or(0) as usize;
        // A table by code is read faster than a hashed one, as long as it is not much larger than the column.
        let mut dense: Vec<u64> = match most < loaded.values().len().saturating_mul(4) {
            true => vec![0; most + 1],
            false => Vec::new(),
        };
        for id in ids.iter() {
            self.step()?;
            let values = loaded.values_of(EntityId(id));
            for (place, code) in values.iter().enumerate() {
                if values.iter().take(place).any(|before| before == code) {
                    continue;
                }
                match dense.get_mut(code.0 as usize) {
                    Some(count) => *count += 1,
                    None => *counts.entry(*code).or_default() += 1,
                }
            }
        }
        let dense = (0u32..).map(ValueCode).zip(dense).filter(|(_, count)| *count > 0);
        Ok(counts.into_iter().chain(dense).collect())
    }

    fn add_group(
        &self,
        field: FieldId,
        unit: Option<Grain>,
        code: ValueCode,
        (count, truth): (u64, Truth),
        counts: &mut Counts,
    ) -> Result<(), IndexError> {
        let mut add =
            |key: GroupKey, truth: Truth| counts.entry(key).or_default().add(count, truth);
        match (code, unit) {
            (ValueCode::UNKNOWN, _) => add(GroupKey::Value(FoundValue::Unknown), truth),
            (ValueCode::NONE, _) => add(GroupKey::Value(FoundValue::None), truth),
            (code, None) => add(GroupKey::Value(self.value_of(field, code)), truth),
            (code, Some(grain)) => {
                let Some(role) = self.role_of(field) else { return Ok(()) };
                let values = crate::query::eval::times::stored(self.index, role, TimeRank(code.0))?;
                let mut units = Vec::new();
                for value in &values {
                    add_units(value, grain, Truth::Certain, &mut units);
                }
                // Of several dates in one unit the surest counts, once.
                for (place, (key, surest)) in units.iter().enumerate() {
                    if !units.iter().take(place).any(|(before, _)| before == key) {
                        let alike = units.iter().filter(|(other, _)| other == key);
                        let best = alike.map(|(_, truth)| *truth).max().unwrap_or(*surest);
                        add(key.clone(), best.min(truth));
                    }
                }
            }
        }
        Ok(())
    }
}
