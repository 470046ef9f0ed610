//! Rules and saved queries as completion sees them: their names, and what their rows are.
//!
//! They stand in the index as text. Only its beginning is looked at; what is faulty in it is told elsewhere.

use super::ends::relations_named;
use super::tokens::{Kind, tokens};
use crate::index::Index;
use crate::model::{DefinitionRecord, RelationId};

/// How many saved queries in a chain are followed.
const MOST_FOLLOWED: usize = 60;

/// Returns the definitions that begin with a word: `rule` or `query`.
pub fn of_kind<'i>(index: &'i Index, kind: &str) -> impl Iterator<Item = &'i DefinitionRecord> {
    index.definitions().iter().filter(move |definition| definition.kind == kind)
}

/// Returns the parameters of a rule as they are written: `a: polity, b: polity`.
pub fn parameters(rule: &DefinitionRecord) -> &str {
    let behind = rule.text.split_once('(').map_or("", |(_, behind)| behind);
    behind.split_once(')').map_or("", |(parameters, _)| parameters.trim())
}

/// Returns the relations of the rows that a source has: a relation, a union, a saved query, or a rule with one
/// parameter; nothing where the rows are no records, or there is no such source.
pub fn rows_named(index: &Index, name: &str) -> Option<Vec<RelationId>> {
    let mut name = name.to_lowercase();
    for _ in 0..MOST_FOLLOWED {
        if let Some(relations) = relations_named(index.schema(), &name) {
            return Some(relations);
        }
        if let Some(rule) = of_kind(index, "rule").find(|rule| rule.name == name) {
            return rows_of_rule(index, rule);
        }
        name = source_of(of_kind(index, "query").find(|saved| saved.name == name)?)?;
    }
    None
}

fn rows_of_rule(index: &Index, rule: &DefinitionRecord) -> Option<Vec<RelationId>> {
    let (_, types) = parameters(rule).split_once(':')?;
    let mut rows = Vec::new();
    for name in types.split('|') {
        // A second parameter has a comma before it, which is in no name.
        rows.extend(relations_named(index.schema(), name.trim())?);
    }
    Some(rows)
}

/// Returns the word that a saved query begins with, behind its head.
fn source_of(saved: &DefinitionRecord) -> Option<String> {
    let (_, body) = saved.text.split_once('\n')?;
    let first = tokens(body).into_iter().find(|token| token.kind != Kind::Comment)?;
    (first.kind == Kind::Word).then(|| first.text.to_lowercase())
}
