//! Values as cells of an answer.

use super::Evaluator;
use super::found::{Found, FoundValue};
use crate::index::IndexError;
use crate::model::{EntityId, FieldRole, TimeRank};
use crate::query::expression::{End, Path, Way};
use crate::query::naming::{has_dated_names, name_in_use, own_date};
use crate::query::operators::{Repeats, ValuePart};
use crate::query::{Cell, CellValue, Readers, cell_value};
use crate::time::{Days, Grain, Role, Stretch, Value};

/// Most units of the calendar that a vague date is shown by.
const MOST_UNITS: usize = 3;

impl Evaluator<'_> {
    /// Fills one cell.
    pub(super) fn cell(&self, path: &Path, row: EntityId) -> Result<Cell, IndexError> {
        let is_list = self.may_be_many(path);
        if path.steps.is_empty()
            && let End::Values { fields, .. } = &path.end
            && fields.iter().any(|field| self.has_role(*field, FieldRole::Name))
        {
            let name = self.name_beside(row, row)?.map(CellValue::Text);
            return Ok(Cell { values: name.into_iter().collect(), is_list: false });
        }
        let found = self.values(path, row)?;
        // Rows are many, and most cells hold one value: not a place more than is needed.
        let mut values = Vec::with_capacity(found.len());
        for found in found {
            values.push(match found.value {
                FoundValue::Entity(entity) => CellValue::Entity {
                    id: self.index.id_of(entity)?.into_owned(),
                    name: match self.allowance.readers {
                        Readers::People => self.name_beside(entity, row)?,
                        Readers::Programs => None,
                    },
                },
                _ => self.cell_value_of(&found, path.part())?,
            });
        }
        Ok(Cell { values, is_list })
    }

    /// Returns the name of a record as it was at the time of the query, or else of the row it is shown in.
    fn name_beside(&self, entity: EntityId, row: EntityId) -> Result<Option<String>, IndexError> {
        // Most relations have no dated names: then the row's date need not be looked up.
        let at = match (has_dated_names(self.index, entity)?, &self.lens.claims().as_of) {
            (false, _) => None,
            (true, Some(date)) => date.values().first().cloned(),
            (true, None) => own_date(self.index, row)?,
        };
        Ok(name_in_use(self.index, entity, at.as_ref())?.map(str::to_owned))
    }

    /// Shows one value.
    pub(super) fn cell_value_of(
        &self,
        found: &Found,
        part: ValuePart,
    ) -> Result<CellValue, IndexError> {
        match (found.value, part) {
            (FoundValue::Unknown, _) => Ok(CellValue::Unknown),
            (FoundValue::None, _) => Ok(CellValue::None),
            (FoundValue::Entity(entity), _) => {
                let name = self.index.name_of(entity)?.map(str::to_owned);
                Ok(CellValue::Entity { id: self.index.id_of(entity)?.into_owned(), name })
            }
            (FoundValue::Identifier(entity), _) => {
                Ok(CellValue::Text(self.index.id_of(entity)?.into_owned()))
            }
            (FoundValue::Code(field, code), ValuePart::Whole) => {
                match (self.allowance.readers, self.role_of(field)) {
                    (Readers::Programs, Some(role)) if code.is_known() => {
                        let edtf = match role {
                            Role::Moment => self.index.date_text(TimeRank(code.0))?.to_owned(),
                            Role::Period => self.index.period_text(TimeRank(code.0))?.to_owned(),
                        };
                        Ok(CellValue::Time { edtf, shown: String::new() })
                    }
                    _ => cell_value(self.index, field, code),
                }
            }
            (FoundValue::Period(rank), ValuePart::Whole) => {
                let edtf = self.index.period_text(rank)?.to_owned();
                Ok(CellValue::Time { shown: edtf.clone(), edtf })
            }
            (FoundValue::Code(..) | FoundValue::Period(_), ValuePart::Length) => {
                let values = self.times(found, ValuePart::Whole)?;
                Ok(values.first().map_or(CellValue::Unknown, |value| days(value.length())))
            }
            (FoundValue::Code(..) | FoundValue::Period(_), ValuePart::Unit(_, grain)) => {
                let values = self.times(found, part)?;
                Ok(values.first().map_or(CellValue::Unknown, |value| unit(value, grain)))
            }
            (FoundValue::Code(..) | FoundValue::Period(_), ValuePart::Start | ValuePart::End) => {
                let values = self.times(found, part)?;
                Ok(values.first().map_or(CellValue::Unknown, moment))
            }
        }
    }

    /// Tells whether a path may have several values in one row.
    pub(super) fn may_be_many(&self, path: &Path) -> bool {
        let is_many = |field: &crate::model::FieldId| {
            let field = self.field(*field);
            field.is_some_and(|field| !field.cardinality.is_single())
        };
        let steps = path.steps.iter().any(|step| match &step.way {
            Way::Group(_) => true,
            Way::Fields { forward, backward } => {
                step.repeats == Repeats::OnceOrMore
                    || !backward.is_empty()
                    || forward.iter().any(is_many)
            }
        });
        steps
            || match &path.end {
                End::Values { fields, .. } | End::Text(fields) => fields.iter().any(is_many),
                End::Records(_) | End::Identifiers => false,
            }
    }
}

/// Shows a number of days, with the least and the greatest where it is not certain.
pub(super) fn days(days: Days) -> CellValue {
    let (text, value) = match (days.least(), days.greatest()) {
        (Some(least), Some(greatest)) if least == greatest => {
            (format!("{least} day"), Some(least as f64))
        }
        (least, greatest) => {
            let side = |days: Option<i64>| days.map(|days| days.to_string()).unwrap_or_default();
            (format!("{}..{} day", side(least), side(greatest)), None)
        }
    };
    CellValue::Number { text, value }
}

/// Shows the unit of the calendar that a date lies in; all of them where there are few.
fn unit(value: &Value, grain: Grain) -> CellValue {
    let labels: Vec<String> = value
        .groups(grain, Stretch::ALWAYS)
        .take(MOST_UNITS + 1)
        .map(|(stretch, _)| grain.label(stretch.first()))
        .collect();
    let text = match labels.as_slice() {
        [] => return CellValue::Unknown,
        [only] => only.clone(),
        some if some.len() <= MOST_UNITS => format!("[{}]", some.join(",")),
        [first, ..] => {
            let last = value.bounds().latest_end;
            let last = if last.is_a_day() { grain.label(last) } else { String::new() };
            format!("[{first}..{last}]")
        }
    };
    CellValue::Time { edtf: text.clone(), shown: text }
}

/// Shows one end of a period.
fn moment(value: &Value) -> CellValue {
    let bounds = value.bounds();
    let (first, last) = (bounds.earliest_start, bounds.latest_end);
    let text = match (first.is_a_day(), last.is_a_day()) {
        _ if first == last && first.is_a_day() => first.to_string(),
        (true, true) => {
            let named = [Grain::Month, Grain::Year, Grain::Decade, Grain::Century]
                .into_iter()
                .find(|grain| grain.around(first) == Stretch::between(first, last));
            named.map_or_else(|| format!("[{first}..{last}]"), |grain| grain.label(first))
        }
        (true, false) => format!("[{first}..]"),
        (false, true) => format!("[..{last}]"),
        (false, false) => return CellValue::Unknown,
    };
    CellValue::Time { edtf: text.clone(), shown: text }
}
