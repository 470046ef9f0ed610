//! Tests of texts and identifiers.

use super::Evaluator;
use super::lens::Column;
use super::values::Sense;
use crate::index::{IndexError, Needle};
use crate::model::{EntityId, StringId, ValueCode};
use crate::query::operators::TextTest;
use crate::query::statement_rows::StatementCondition;
use crate::query::truth_set::{Collected, TruthSet};
use crate::time::Truth;

impl Evaluator<'_> {
    /// Returns the records of which the identifier fulfils a test, or does not.
    pub(super) fn with_identifier(
        &self,
        test: &TextTest,
        sense: Sense,
    ) -> Result<TruthSet, IndexError> {
        let mut found = Collected::default();
        if let (TextTest::Is(written), Sense::Plain) = (test, sense)
            && !written.iter().any(|each| each.contains('@'))
        {
            // What is written as an identifier is looked up; only records without one need be tried.
            for each in written {
                found.add_all(&self.index.find_ids_ignoring_case(each)?, Truth::Certain);
            }
            return Ok(found.into_truth());
        }
        for id in 0..self.index.record_count() {
            self.step()?;
            let does_fit = fits(&self.index.id_of(EntityId(id))?, test);
            found.add(id, Truth::certain_if(does_fit == (sense == Sense::Plain)));
        }
        Ok(found.into_truth())
    }

    /// Returns the records of which a text in a column fulfils a test, or does not.
    pub(super) fn judge_texts(
        &self,
        column: &Column<'_>,
        test: &TextTest,
        sense: Sense,
        statement: &StatementCondition,
    ) -> Result<TruthSet, IndexError> {
        let mut candidates = column.reader.postings(ValueCode::UNKNOWN)?.to_vec();
        match sense {
            Sense::Plain => {
                for needle in test.needles() {
                    candidates.extend(self.index.containing(column.field, needle)?);
                }
            }
            Sense::Inverse => candidates.extend(column.reader.load()?.owners()),
        }
        let failed = std::cell::RefCell::new(None);
        let judge = |code: ValueCode| match code {
            ValueCode::UNKNOWN => Truth::Possible,
            ValueCode::NONE => Truth::No,
            known => match self.index.string(StringId(known.0)) {
                Ok(text) => Truth::certain_if(fits(text, test) == (sense == Sense::Plain)),
                Err(error) => {
                    *failed.borrow_mut() = Some(error);
                    Truth::No
                }
            },
        };
        let found = self.examine(column, candidates, &judge, statement)?;
        match failed.into_inner() {
            Some(error) => Err(error),
            None => Ok(found),
        }
    }
}

/// Tells whether a text fulfils a test.
pub(super) fn fits(text: &str, test: &TextTest) -> bool {
    match test {
        TextTest::Is(wanted) => {
            let text = text.to_lowercase();
            wanted.iter().any(|wanted| wanted.to_lowercase() == text)
        }
        TextTest::Contains(needle) => Needle::new(needle).is_in(text),
    }
}
