//! Why a test of a fold or a difference holds or not: what each side comes to, and the statements that go into it.

use super::evidence::MOST_EVIDENCE;
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::computed::ComputedTest;
use crate::query::eval::solve::{Frame, bound};
use crate::query::eval::{Evaluator, Polarity};
use crate::query::expression::Path;
use crate::query::operators::PathOperator;
use crate::query::terms::{BoundPath, Rooted, Slot, Term, Values};
use crate::query::why::Because;
use crate::time::Truth;

impl Evaluator<'_> {
    /// Adds what the terms of a test come to in a row, and the statements that they are computed of.
    pub(super) fn add_computed_test<P: Rooted>(
        &self,
        test: &ComputedTest<P>,
        row: &Frame,
        depth: usize,
        because: &mut Because,
    ) -> Result<(), IndexError> {
        because.remarks.extend(self.computed_words(test, row)?);
        let mut paths: Vec<&P> = Vec::new();
        for term in test.terms() {
            term.see_paths(&mut |path| {
                let is_same = |known: &&P| {
                    known.slot() == path.slot() && known.path().is_same_way(path.path())
                };
                if !paths.iter().any(is_same) {
                    paths.push(path);
                }
            });
        }
        for path in paths {
            if let Some(record) = bound(row, path.slot()) {
                self.add_statements(path.path(), EntityId(record), depth, because)?;
            }
        }
        Ok(())
    }

    /// Says how many days lie between the dates of two paths, where these are compared with a number.
    pub(super) fn note_days(
        &self,
        (left, left_path): (Slot, &Path),
        operator: PathOperator,
        (right, right_path): (Slot, &Path),
        row: &Frame,
        because: &mut Because,
    ) -> Result<(), IndexError> {
        if !matches!(operator, PathOperator::Apart(..)) {
            return Ok(());
        }
        let values = |slot, path: &Path| {
            Box::new(Term::Values(Values::OfRow(BoundPath { slot, path: path.clone() })))
        };
        let difference = Term::Difference {
            left: values(left, left_path),
            right: values(right, right_path),
            written: format!("{} - {}", left_path.written, right_path.written),
        };
        because.remarks.extend(self.term_words(&difference, row)?);
        Ok(())
    }

    /// Adds the statements that a path leads over and that count.
    fn add_statements(
        &self,
        path: &Path,
        record: EntityId,
        depth: usize,
        because: &mut Because,
    ) -> Result<(), IndexError> {
        let trails = self.trails(path, record)?;
        let counting: Vec<_> =
            trails.iter().filter(|trail| trail.found.truth > Truth::No).collect();
        because.more += counting.len().saturating_sub(MOST_EVIDENCE) as u64;
        for trail in counting.into_iter().take(MOST_EVIDENCE) {
            let truth = trail.found.truth;
            let evidence = self.evidence_on(path, None, Polarity::Plain, trail, truth, depth)?;
            if !evidence.statements.is_empty() || !evidence.inner.is_empty() {
                because.evidence.push(evidence);
            }
        }
        Ok(())
    }
}
