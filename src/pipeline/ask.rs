//! Questions to an index: a query, a record's page.

use super::Error;
use crate::diagnostic::Diagnostic;
use crate::index::Index;
use crate::query::{self, Answers, RecordPage};
use crate::resolve;
use crate::source::Sources;
use crate::time::Stretch;

/// What a query gave.
pub struct Asked {
    /// The query's text, for its findings.
    pub sources: Sources,
    /// What is wrong with the query.
    pub findings: Vec<Diagnostic>,
    /// The answer; none if the query could not be understood.
    pub answers: Option<Answers>,
}

/// Answers a query.
pub fn ask(index: &Index, text: &str) -> Result<Asked, Error> {
    let mut sources = Sources::new();
    let file = sources.add("query", text);
    let (query, findings) = resolve::query(index, &sources, file)?;
    let answers = match query {
        Some(query) => Some(query::answer(index, &query)?),
        None => None,
    };
    Ok(Asked { sources, findings, answers })
}

/// What asking for a record gave.
pub enum Shown {
    /// Its page.
    Record(Box<RecordPage>),
    /// No record, or several.
    Unknown {
        /// What is wrong, and what to ask instead.
        message: String,
    },
}

/// Finds a record by identifier, name or alias, and gathers everything known about it, or known of a time.
pub fn show(index: &Index, name: &str, as_of: Option<&str>) -> Result<Shown, Error> {
    let as_of = match as_of.map(Stretch::parse).transpose() {
        Ok(as_of) => as_of,
        Err(error) => {
            return Ok(Shown::Unknown {
                message: format!("{}; {}", error.message(), error.help()),
            });
        }
    };
    match resolve::record_named(index, name)? {
        Ok(entity) => Ok(Shown::Record(Box::new(query::record_page(index, entity, as_of)?))),
        Err(message) => Ok(Shown::Unknown { message }),
    }
}
