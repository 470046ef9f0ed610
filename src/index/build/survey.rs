//! One look at all statements of a field: whether they fit together, and what need not be looked for.

use super::super::IndexError;
use super::{count, inconsistent};
use crate::model::{Facts, Field, StatementColumn, Type};
use std::ops::Range;

/// What one look at all statements of a field tells of them: most are plain, and then little has to be looked for.
pub(super) struct Survey {
    /// How many records have statements.
    pub owners: usize,
    /// Some statement has a qualifier.
    pub is_qualified: bool,
    /// Some value is `unknown` or `none`.
    pub has_special: bool,
    /// Values are texts, of which each is another one.
    pub is_free_text: bool,
    /// The least and the greatest code that stand for values; nothing for free text.
    pub codes: Option<(u32, u32)>,
}

impl Survey {
    /// Looks at all statements of a field. `range` is the field's relation.
    ///
    /// # Errors
    /// They do not fit together.
    pub(super) fn of(
        facts: &Facts,
        field: &Field,
        statements: &StatementColumn,
        range: &Range<u32>,
    ) -> Result<Survey, IndexError> {
        count(statements.len(), "statements of a field")?;
        let wrong = |what: &str| inconsistent(format!("field `{}`: {what}", field.name));
        let is_free_text = matches!(field.value_type, Type::Text | Type::Url);
        let codes = match &field.value_type {
            Type::Text | Type::Url => facts.strings.len(),
            Type::Integer | Type::Decimal | Type::Quantity(_) => facts.numbers.len(),
            Type::Date => facts.dates.len(),
            Type::Period => facts.periods.len(),
            Type::Words(words) => words.len(),
            Type::Reference { .. } => facts.records.len(),
        };
        let qualifiers = facts.qualifiers.len().max(1);
        let mut survey = Survey {
            owners: 0,
            is_qualified: false,
            has_special: false,
            is_free_text,
            codes: None,
        };
        let (mut least, mut greatest) = (u32::MAX, 0);
        let (mut last, mut is_sorted, mut are_its_own) = (None, true, true);
        statements.for_each_value(|entity, value| {
            is_sorted &= last.is_none_or(|last| entity >= last);
            are_its_own &= range.contains(&entity.0);
            survey.owners += usize::from(last != Some(entity));
            last = Some(entity);
            if value.is_known() {
                (least, greatest) = (least.min(value.0), greatest.max(value.0));
            } else {
                survey.has_special = true;
            }
        });
        if !is_sorted {
            return Err(wrong("its statements are not sorted by record"));
        }
        if !are_its_own {
            return Err(wrong("a statement belongs to a record of another relation"));
        }
        if least <= greatest && greatest as usize >= codes {
            return Err(wrong("a value has no place in its table"));
        }
        let of_statements = statements.qualifiers().unwrap_or_default();
        if of_statements.iter().any(|qualifier| qualifier.index() >= qualifiers) {
            return Err(wrong("a qualifier is not there"));
        }
        survey.is_qualified = of_statements.iter().any(|qualifier| qualifier.0 != 0);
        survey.codes = (least <= greatest && !is_free_text).then_some((least, greatest));
        Ok(survey)
    }
}
