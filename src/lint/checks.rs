//! Checks that can find nothing: in any base, or in this one.

use crate::diagnostic::{Diagnostic, code};
use crate::index::{Index, IndexError};
use crate::query::{Idle, Query, idle};
use crate::source::Span;

/// Tells why a check can find nothing: `warnings` are those of its answer, about conditions that contradict each
/// other or leave nothing out; else there may be no record that it could look at.
///
/// # Errors
///
/// The index is damaged.
pub fn idle_check(
    index: &Index,
    (name, at): &(String, Span),
    query: &Query,
    warnings: &[String],
) -> Result<Vec<Diagnostic>, IndexError> {
    let doubtful = warnings.iter().map(|warning| {
        let message = format!("the check `{name}` asks for what cannot be: {warning}");
        Diagnostic::new(code::DOUBTFUL_CHECK, message, *at, "of this check")
            .help("correct the conditions: a check that never finds anything guards nothing")
    });
    let doubtful: Vec<Diagnostic> = doubtful.collect();
    if !doubtful.is_empty() {
        return Ok(doubtful);
    }
    let reason = match idle(index, query)? {
        None => return Ok(Vec::new()),
        Some(Idle::NoRecords) => String::from("there are no records of its relation"),
        Some(Idle::NotRecorded(path)) => format!("`{path}` is recorded nowhere"),
    };
    let message = format!("the check `{name}` has nothing to look at: {reason}");
    let found = Diagnostic::new(code::IDLE_CHECK, message, *at, "finds nothing in any case");
    Ok(vec![found.help("record what it looks at, or take the check out")])
}
