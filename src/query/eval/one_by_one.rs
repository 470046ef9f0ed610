//! Conditions judged row by row, where no posting finds those that fulfil them.

use super::{Evaluator, Polarity};
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::ids::Ids;
use crate::query::truth_set::TruthSet;
use crate::time::{Truth, Verdict};

impl Evaluator<'_> {
    /// Returns of which rows a condition, or its negation, holds. `lacking` says, of a row that cannot be judged, for want
    /// of which path, as written; such rows are noted by path, in the order in which the paths are first missed.
    pub(super) fn one_by_one<'t>(
        &self,
        within: &Ids,
        polarity: Polarity,
        mut verdict: impl FnMut(EntityId) -> Result<Verdict, IndexError>,
        mut lacking: impl FnMut(EntityId) -> Result<Option<&'t str>, IndexError>,
    ) -> Result<TruthSet, IndexError> {
        let (mut certain, mut possible) = (Vec::new(), Vec::new());
        let mut absent: Vec<(&str, Vec<u32>)> = Vec::new();
        for id in within.iter() {
            self.step()?;
            let judged = verdict(EntityId(id))?;
            if judged == Verdict::NOT_RECORDED
                && let Some(path) = lacking(EntityId(id))?
            {
                match absent.iter_mut().find(|(known, _)| *known == path) {
                    Some((_, ids)) => ids.push(id),
                    None => absent.push((path, vec![id])),
                }
            }
            match polarity.of(judged) {
                Truth::Certain => certain.push(id),
                Truth::Possible => possible.push(id),
                Truth::No => {}
            }
        }
        let absent = absent.into_iter().map(|(path, ids)| (path.to_owned(), Ids::from_sorted(ids)));
        self.absent.borrow_mut().extend(absent);
        Ok(TruthSet::with(Ids::from_sorted(certain), Ids::from_sorted(possible)))
    }
}
