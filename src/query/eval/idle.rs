//! Questions that have nothing to look at in a base, whatever they ask.

use crate::index::{Index, IndexError};
use crate::model::FieldId;
use crate::query::expression::{Comparison, Condition, End, Path, Query, Rows, Step, Test, Way};
use crate::query::operators::Quantifier;

/// Why a question can find nothing in a base as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idle {
    /// There are no records of the relations that it asks for.
    NoRecords,
    /// A path that it needs is recorded nowhere; as written.
    NotRecorded(String),
}

/// Tells whether a question has nothing to look at; reads the lengths of columns only.
///
/// # Errors
///
/// The index is damaged.
pub fn idle(index: &Index, query: &Query) -> Result<Option<Idle>, IndexError> {
    let Rows::Relations(relations) = &query.rows else { return Ok(None) };
    if relations.iter().all(|relation| index.records_of(*relation).is_empty()) {
        return Ok(Some(Idle::NoRecords));
    }
    let conjuncts = match &query.condition {
        Condition::And(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    for path in conjuncts.iter().flat_map(needed) {
        if is_recorded_nowhere(index, path)? {
            return Ok(Some(Idle::NotRecorded(path.written.clone())));
        }
    }
    Ok(None)
}

/// Returns the paths without a value of which a condition cannot hold.
fn needed(condition: &Condition) -> Vec<&Path> {
    match condition {
        Condition::Has(path) => vec![path],
        Condition::Compare(Comparison { quantifier: Quantifier::No, .. }) => Vec::new(),
        Condition::Compare(Comparison { path, test: Test::Path { right, .. }, .. }) => {
            vec![path, right]
        }
        Condition::Compare(comparison) => vec![&comparison.path],
        _ => Vec::new(),
    }
}

fn is_recorded_nowhere(index: &Index, path: &Path) -> Result<bool, IndexError> {
    if let End::Values { fields, .. } = &path.end
        && are_empty(index, fields)?
    {
        return Ok(true);
    }
    for step in &path.steps {
        if leads_nowhere(index, step)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn leads_nowhere(index: &Index, step: &Step) -> Result<bool, IndexError> {
    match &step.way {
        Way::Fields { forward, backward } => {
            Ok(are_empty(index, forward)? && are_empty(index, backward)?)
        }
        Way::Group(inner) => {
            for step in inner {
                if leads_nowhere(index, step)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}

fn are_empty(index: &Index, fields: &[FieldId]) -> Result<bool, IndexError> {
    for field in fields {
        if !index.column(*field)?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}
