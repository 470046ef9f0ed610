//! A place in a query that is still being typed.

use super::ends::End;
use crate::model::RelationId;

/// What may stand next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// What is asked for: a relation, a union.
    Source,
    /// The variables of `find`.
    Variables,
    /// `where`, or a clause.
    AfterSource,
    /// A condition.
    Condition,
    /// A path.
    Path,
    /// What an operator or a comma follows.
    AfterPath,
    /// The next step of a path, behind a dot.
    Step,
    /// A value.
    Value,
    /// A value of bare words, which may go on.
    InValue {
        /// Where it begins.
        from: usize,
    },
    /// `and`, `or`, a clause.
    AfterValue,
    /// What `is` may ask.
    Is,
    /// This word, and no other.
    Word(&'static str),
    /// `by`, or another clause.
    AfterCount,
    /// Nothing that could be offered.
    Nothing,
}

/// What opened a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// The query begins.
    Query,
    /// A parenthesis around a condition, a path, or a query.
    Parenthesis,
    /// A filter's bracket.
    Filter,
    /// The parenthesis of a call or an aggregate.
    Call,
    /// The parenthesis of a list of values, or of a query in its place.
    Values,
    /// The bracket of a set of dates.
    Set,
}

/// Which part of a query a place belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The conditions.
    Conditions,
    /// `sort by`.
    Sort,
    /// `show`.
    Show,
    /// Another clause.
    Other,
}

/// The innermost bracket that is open where the cursor stands.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What opened it.
    pub opened: Opened,
    /// What may stand next.
    pub place: Place,
    /// The relations of the rows.
    pub rows: Vec<RelationId>,
    /// The part of the query.
    pub part: Part,
    /// Where the last path leads.
    pub end: End,
    /// What a value is compared with.
    pub left: End,
    /// The condition may end behind its path, as `has PATH` does.
    pub may_end: bool,
    /// It is a query of its own.
    pub is_query: bool,
    /// `to` is still to come.
    pub awaits_to: bool,
    /// The path stands where a value does.
    pub in_value: bool,
}

impl Frame {
    /// Begins one whose rows are of these relations.
    pub fn new(opened: Opened, place: Place, rows: &[RelationId]) -> Frame {
        Frame {
            opened,
            place,
            rows: rows.to_vec(),
            part: Part::Conditions,
            end: End::Unknown,
            left: End::Unknown,
            may_end: false,
            is_query: matches!(place, Place::Source),
            awaits_to: false,
            in_value: false,
        }
    }
}
