//! Conditions as sets of records.

use super::{Evaluator, Polarity};
use crate::index::IndexError;
use crate::query::expression::{Comparison, Condition, End, Path, Test, Way};
use crate::query::ids::Ids;
use crate::query::operators::Quantifier;
use crate::query::truth_set::TruthSet;

use super::values::Sense;

impl Evaluator<'_> {
    /// Returns of which records a condition, or its negation, holds. The sets may have records beyond `within`,
    /// which is what rows are looked for in: whoever asks takes what both have.
    pub(super) fn truth(
        &self,
        condition: &Condition,
        polarity: Polarity,
        within: &Ids,
    ) -> Result<TruthSet, IndexError> {
        let everywhere = || TruthSet::certainly(within.clone());
        match (condition, polarity) {
            (Condition::Always, Polarity::Plain) | (Condition::Never, Polarity::Negated) => {
                Ok(everywhere())
            }
            (Condition::Never, Polarity::Plain) | (Condition::Always, Polarity::Negated) => {
                Ok(TruthSet::default())
            }
            (Condition::And(parts), Polarity::Plain)
            | (Condition::Or(parts), Polarity::Negated) => self.all(parts, polarity, within),
            (Condition::Or(parts), Polarity::Plain)
            | (Condition::And(parts), Polarity::Negated) => {
                let mut any = TruthSet::default();
                for part in parts {
                    any = any.or(&self.truth(part, polarity, within)?);
                }
                Ok(any)
            }
            (Condition::Not(inner), polarity) => self.truth(inner, polarity.turned(), within),
            (Condition::Certainly(inner), polarity) => {
                let found = self.truth(inner, Polarity::Plain, within)?;
                Ok(settled(found.certain, polarity, within))
            }
            (Condition::Possibly(inner), polarity) => {
                let found = self.truth(inner, Polarity::Plain, within)?;
                Ok(settled(found.possible, polarity, within))
            }
            (Condition::Has(path), Polarity::Plain)
            | (Condition::Lacks(path), Polarity::Negated) => self.has(path),
            (Condition::Lacks(path), Polarity::Plain)
            | (Condition::Has(path), Polarity::Negated) => {
                Ok(everywhere().without(&self.has(path)?))
            }
            (Condition::Compare(comparison), polarity) => {
                self.compare(comparison, polarity, within)
            }
            (Condition::Computed(test), polarity) => self.computed(test, polarity, within),
            (Condition::Joined(scope), polarity) => self.joined(scope, polarity, within),
        }
    }

    fn all(
        &self,
        parts: &[Condition],
        polarity: Polarity,
        within: &Ids,
    ) -> Result<TruthSet, IndexError> {
        let mut all = TruthSet::certainly(within.clone());
        let from = self.absent.borrow().len();
        for part in parts {
            if all.possible.is_empty() {
                break;
            }
            let before = self.absent.borrow().len();
            let truth = self.truth(part, polarity, &all.possible)?;
            // What an earlier part left out is not missed if this one would not take it either.
            for (_, ids) in self.absent.borrow_mut().iter_mut().take(before).skip(from) {
                *ids = ids.and(&truth.possible);
            }
            all = all.and(&truth);
        }
        Ok(all)
    }

    fn compare(
        &self,
        comparison: &Comparison,
        polarity: Polarity,
        within: &Ids,
    ) -> Result<TruthSet, IndexError> {
        let Comparison { quantifier, path, test } = comparison;
        if let Test::Path { operator, right } = test {
            return self.row_by_row(comparison, *operator, right, polarity, within);
        }
        if let Test::Among(members) = test {
            return self.among(comparison, members, polarity, within);
        }
        match (quantifier, polarity) {
            (Quantifier::Some, Polarity::Plain) => {
                if let Test::Time(time) = test
                    && let Some(truth) = self.times_of_few(path, time, within)?
                {
                    return Ok(truth);
                }
                if self.is_of_row(path) && !matches!(test, Test::IsUnknown | Test::IsNone) {
                    self.note_absent(path, within, &self.recorded_in_row(path, test)?);
                }
                self.holds(path, test, Sense::Plain)
            }
            (Quantifier::Some, Polarity::Negated) => {
                let negation = self.negation(path, test)?;
                self.note_absent(path, within, &negation.recorded.possible);
                Ok(negation.negated)
            }
            (Quantifier::Every, Polarity::Plain) => {
                let fails = self.holds(path, test, Sense::Inverse)?;
                Ok(self.has(path)?.without(&fails))
            }
            (Quantifier::Every, Polarity::Negated) => self.holds(path, test, Sense::Inverse),
            (Quantifier::No, Polarity::Plain) => {
                let holds = self.holds(path, test, Sense::Plain)?;
                Ok(TruthSet::certainly(within.clone()).without(&holds))
            }
            (Quantifier::No, Polarity::Negated) => self.holds(path, test, Sense::Plain),
        }
    }

    /// Tells whether a path reads one field of the row, so that it is worth saying where that is not recorded.
    fn is_of_row(&self, path: &Path) -> bool {
        match (path.steps.as_slice(), &path.end) {
            ([], End::Values { statement, .. }) => statement.is_always(),
            ([only], End::Records(_)) => match &only.way {
                Way::Fields { forward, backward } => {
                    let mut names = forward
                        .iter()
                        .filter_map(|field| self.field(*field).map(|field| &field.name));
                    let first = names.next();
                    backward.is_empty()
                        && names.all(|name| Some(name) == first)
                        && only.filter == Condition::Always
                        && only.statement.is_always()
                }
                Way::Group(_) => false,
            },
            _ => false,
        }
    }

    /// Remembers the records of which neither a comparison nor its negation holds.
    fn note_absent(&self, path: &Path, within: &Ids, recorded: &Ids) {
        let absent = within.without(recorded);
        if !absent.is_empty() {
            self.absent.borrow_mut().push((path.written.clone(), absent));
        }
    }
}

/// `certainly` and `possibly` leave no doubt.
fn settled(ids: Ids, polarity: Polarity, within: &Ids) -> TruthSet {
    TruthSet::certainly(match polarity {
        Polarity::Plain => ids,
        Polarity::Negated => within.without(&ids),
    })
}
