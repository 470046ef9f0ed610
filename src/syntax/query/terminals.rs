//! The one table of the query language's words and signs; parser, grammar test and formatter read it.

use super::ast::{Comparator, Fold};

/// Words that end a value of several bare words, since something else of the query begins there.
pub const STOPS: &[&str] = &["and", "or", "not", "sort", "group", "limit", "show", "count"];

/// Pairs of words that end a value of several bare words.
pub const STOP_PAIRS: &[(&str, &str)] = &[("as", "of"), ("all", "claims"), ("according", "to")];

/// Words that a path cannot begin with.
pub const STRUCTURE: &[&str] = &[
    "and",
    "or",
    "where",
    "sort",
    "group",
    "limit",
    "show",
    "by",
    "find",
    "from",
    "in",
    "is",
    "asc",
    "desc",
    "as",
    "according",
    "all",
];

/// Signs that compare, the longer before its beginning.
pub const SIGNS: &[(&str, Comparator)] = &[
    ("!=", Comparator::NotEqual),
    ("<=", Comparator::AtMost),
    (">=", Comparator::AtLeast),
    ("=", Comparator::Equal),
    ("<", Comparator::Less),
    (">", Comparator::Greater),
    ("~", Comparator::Matches),
];

/// Words that compare.
pub const COMPARING_WORDS: &[(&str, Comparator)] = &[
    ("before", Comparator::Before),
    ("after", Comparator::After),
    ("during", Comparator::During),
    ("contains", Comparator::Contains),
    ("overlaps", Comparator::Overlaps),
    ("meets", Comparator::Meets),
    ("mentions", Comparator::Mentions),
];

/// Words that fold many values to one.
pub const FOLDS: &[(&str, Fold)] = &[
    ("count", Fold::Count),
    ("min", Fold::Min),
    ("max", Fold::Max),
    ("sum", Fold::Sum),
    ("avg", Fold::Avg),
];

/// Signs of other languages, and what stands for them here.
pub const FOREIGN_SIGNS: &[(&str, &str)] =
    &[("==", "="), ("<>", "!="), ("=<", "<="), ("=>", ">="), ("=~", "~"), ("!~", "not … ~")];

/// Finds the row whose word is `word`, ignoring case.
pub fn named<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, found)| *found)
}

/// Finds the row whose sign `text` begins with, and how long the sign is.
pub fn leading<T: Copy>(table: &[(&str, T)], text: &str) -> Option<(usize, T)> {
    let row = table.iter().find(|(sign, _)| text.starts_with(sign));
    row.map(|(sign, found)| (sign.len(), *found))
}
