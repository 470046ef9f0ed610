//! Questions to an index: a query, a record's page, what its schema says.

use super::Error;
use crate::diagnostic::Diagnostic;
use crate::index::{self, Index, Overview, RelationPage, UnionPage};
use crate::model::EntityId;
use crate::query::expression::Rows;
use crate::query::{self, Allowance, Answers, Plan, Query, RecordPage, Why};
use crate::resolve::{self, SchemaName};
use crate::source::Sources;
use crate::syntax;
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

/// Answers a query within what is allowed.
pub fn ask(index: &Index, text: &str, allowance: &Allowance) -> Result<Asked, Error> {
    let mut sources = Sources::new();
    let file = sources.add("query", text);
    let (query, findings) = resolve::query(index, &sources, file)?;
    let answers = match query {
        Some(query) => Some(query::answer_with(index, &query, allowance)?),
        None => None,
    };
    Ok(Asked { sources, findings, answers })
}

/// What asking for a plan gave.
pub struct Planned {
    /// The query's text, for its findings.
    pub sources: Sources,
    /// What is wrong with the query.
    pub findings: Vec<Diagnostic>,
    /// The plan; none if the query could not be understood.
    pub plan: Option<Plan>,
}

/// Says how a query is evaluated, and runs it for that.
pub fn plan(index: &Index, text: &str, allowance: &Allowance) -> Result<Planned, Error> {
    let mut sources = Sources::new();
    let file = sources.add("query", text);
    let (query, findings) = resolve::query(index, &sources, file)?;
    let plan = match query {
        Some(query) => Some(query::plan(index, &query, allowance)?),
        None => None,
    };
    Ok(Planned { sources, findings, plan })
}

/// What asking for reasons gave.
pub struct Reasoned {
    /// The query's text, for its findings.
    pub sources: Sources,
    /// What is wrong with the query.
    pub findings: Vec<Diagnostic>,
    /// The reasons, or why no record is meant; none if the query could not be understood.
    pub why: Option<Result<Box<Why>, String>>,
}

/// Says why a row is in the answer of a query, or not: a record, or several parted by commas where a row has several.
pub fn why(index: &Index, text: &str, name: &str) -> Result<Reasoned, Error> {
    let mut sources = Sources::new();
    let file = sources.add("query", text);
    let (query, findings) = resolve::query(index, &sources, file)?;
    let tree = syntax::query::parse(text, file, 0).tree;
    let why = match (query, tree) {
        (Some(query), Some(tree)) => Some(match row_named(index, &query, name)? {
            Ok(row) => {
                let written = resolve::written(text, &tree);
                Ok(Box::new(query::why(index, &query, &written, &row)?))
            }
            Err(message) => Err(message),
        }),
        _ => None,
    };
    Ok(Reasoned { sources, findings, why })
}

/// Finds the records of a row by their names, or says what is wrong with these.
fn row_named(
    index: &Index,
    query: &Query,
    name: &str,
) -> Result<Result<Vec<EntityId>, String>, Error> {
    if matches!(query.rows, Rows::Statements(_)) {
        return Ok(Err("the rows of `statements` are no records; `regesta show NAME` prints the \
                       statements of a record with their sources"
            .to_owned()));
    }
    let variables = query.variables();
    if variables.len() < 2 {
        return Ok(resolve::record_named(index, name)?.map(|entity| vec![entity]));
    }
    let names: Vec<&str> = name.split(',').map(str::trim).collect();
    if names.len() != variables.len() {
        return Ok(Err(format!(
            "a row of this query has {} records; name them all, parted by commas: `{}`",
            variables.len(),
            variables.join(", ")
        )));
    }
    let mut row = Vec::with_capacity(names.len());
    for name in names {
        match resolve::record_named(index, name)? {
            Ok(entity) => row.push(entity),
            Err(message) => return Ok(Err(message)),
        }
    }
    Ok(Ok(row))
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

/// What asking for the schema gave.
pub enum Described {
    /// All relations and unions.
    Overview(Overview),
    /// One relation.
    Relation(Box<RelationPage>),
    /// One union.
    Union(UnionPage),
    /// No relation of that name.
    Unknown {
        /// What is wrong, and what to ask instead.
        message: String,
    },
}

/// Describes a relation or union by its name, or lists all.
pub fn describe(index: &Index, name: Option<&str>) -> Result<Described, Error> {
    let Some(name) = name else { return Ok(Described::Overview(index::overview(index))) };
    match resolve::schema_named(index, name)? {
        Ok(SchemaName::Relation(relation)) => {
            Ok(Described::Relation(Box::new(index::relation_page(index, relation)?)))
        }
        Ok(SchemaName::Union(union)) => Ok(match index::union_page(index, union) {
            Some(page) => Described::Union(page),
            None => Described::Overview(index::overview(index)),
        }),
        Err(message) => Ok(Described::Unknown { message }),
    }
}
