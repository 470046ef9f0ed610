//! What every base has: the relation `source`, the built-in fields, the names that are kept.

use super::RelationId;
use foldhash::fast::FixedState;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The built-in relation `source`.
pub const SOURCE_RELATION: RelationId = RelationId(0);

/// The fields that every record has or that read its own date; none can be declared.
pub const BUILTIN_FIELDS: &[&str] = &[
    "id", "name", "also", "note", "source", "text", "year", "month", "date", "decade", "century",
    "start", "end", "length", "status",
];

/// The fields of `statements`, one row for each statement.
pub const STATEMENT_FIELDS: &[&str] =
    &["of", "field", "value", "status", "period", "source", "locator", "note", "quote"];

/// The words of the language itself.
const KEYWORDS: &[&str] = &[
    "relation",
    "union",
    "table",
    "cite",
    "rule",
    "check",
    "expect",
    "query",
    "if",
    "inverse",
    "unique",
    "acyclic",
    "dated",
    "julian",
    "words",
    "quantity",
    "integer",
    "decimal",
    "url",
    "period",
    "where",
    "and",
    "or",
    "not",
    "in",
    "is",
    "has",
    "no",
    "some",
    "every",
    "from",
    "to",
    "show",
    "sort",
    "by",
    "desc",
    "limit",
    "count",
    "group",
    "as",
    "all",
    "claims",
    "according",
    "before",
    "after",
    "during",
    "contains",
    "overlaps",
    "meets",
    "mentions",
    "certainly",
    "possibly",
    "find",
    "everything",
    "statement",
    "statements",
    "this",
    "min",
    "max",
    "sum",
    "avg",
    "unknown",
    "none",
    "preferred",
    "inferred",
    "disputed",
    "rejected",
    "denied",
];

/// Names that a field may have all the same, since nothing else can be meant where a field stands.
const FIELDS_TOO: &[&str] = &["period", "words", "quantity", "check", "rule", "query", "table"];

/// All names that are kept. Each identifier is looked for among them.
static RESERVED: LazyLock<HashSet<&str, FixedState>> =
    LazyLock::new(|| KEYWORDS.iter().chain(BUILTIN_FIELDS).copied().collect());

/// Tells whether the language keeps `name` for itself, as a name of a relation, union, record, rule or query.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(name)
}

/// Tells whether a field or inverse may be called `name`; `date` is for the relation's own date.
pub fn is_field_name(name: &str) -> bool {
    name == "date" || FIELDS_TOO.contains(&name) || !is_reserved(name)
}
