//! What has a value at all: the records from which a path leads to one, and those at its end that have it.

use super::Evaluator;
use super::backward::Filters;
use super::values::Sense;
use crate::index::IndexError;
use crate::model::{EntityId, FieldId, FieldRole, ValueCode};
use crate::query::expression::{Condition, End, Path, Test, Way};
use crate::query::ids::Ids;
use crate::query::statement_rows::StatementCondition;
use crate::query::truth_set::{Collected, TruthSet};
use crate::time::Truth;

impl Evaluator<'_> {
    /// Returns the records from which a path has a value.
    pub(super) fn has(&self, path: &Path) -> Result<TruthSet, IndexError> {
        let at_end = self.having_values(path)?;
        let (End::Records(_), Some((last, before))) = (&path.end, path.steps.split_last()) else {
            return self.back(&path.steps, at_end, Filters::Heeded);
        };
        let mut having = self.back(std::slice::from_ref(last), at_end, Filters::Heeded)?;
        if let Way::Fields { forward, .. } = &last.way
            && last.filter == Condition::Always
            && last.statement.is_always()
        {
            // That there is a value is recorded, although nobody knows which.
            having = having.or(&self.with_code(
                forward,
                &Test::IsUnknown,
                Sense::Plain,
                &last.statement,
            )?);
        }
        self.back(before, having, Filters::Heeded)
    }

    /// Returns the records at the end of a path that have a value there: `unknown` is one, `none` is not.
    fn having_values(&self, path: &Path) -> Result<TruthSet, IndexError> {
        match &path.end {
            End::Records(relations) => {
                let mut all = TruthSet::default();
                for relation in relations {
                    all = all.or(self.lens.targets(*relation)?.as_ref());
                }
                Ok(all)
            }
            End::Identifiers => Ok(TruthSet::certainly(self.everything())),
            End::Values { fields, statement, .. } => self.having_fields(fields, statement),
            End::Text(fields) => self.having_fields(fields, &StatementCondition::Always),
        }
    }

    fn having_fields(
        &self,
        fields: &[FieldId],
        statement: &StatementCondition,
    ) -> Result<TruthSet, IndexError> {
        let mut found = TruthSet::default();
        for field in fields {
            found = found.or(&self.having_field(*field, statement)?);
        }
        Ok(found)
    }

    fn having_field(
        &self,
        field: FieldId,
        statement: &StatementCondition,
    ) -> Result<TruthSet, IndexError> {
        let column = self.lens.column(field)?;
        let is_simple = column.is_simple
            && statement.is_always()
            && column.reader.postings(ValueCode::NONE)?.is_empty();
        let found = if is_simple {
            TruthSet::certainly(Ids::from(column.reader.recorded()?))
        } else {
            self.scan(&column, &|code| Truth::certain_if(code != ValueCode::NONE), statement)?
        };
        if !self.has_role(field, FieldRole::Name) || !statement.is_always() {
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
