//! A question whose names, types and arities are settled: identifiers only, tests typed by kind of value.
//!
//! Made by `resolve::query`, rewritten by `passes`, answered by `eval`. Nothing here holds a name to look up.
//!
//! Conditions hold paths, whose brackets hold conditions, and terms, which hold rows of other questions: so what a
//! question is made of leans on this file and is leant on by it. Among themselves the others lean one way: `formula` and
//! `statement_rows` on `computed`, `among`, `terms`, each on those behind it, and all on `operators`.

use super::among::Member;
use super::computed::ComputedTest;
use super::formula::{Bindings, Program, Scope};
use super::operators::{
    Direction, Fold, NumberTest, PathOperator, Quantifier, Repeats, TextTest, ValuePart,
};
use super::statement_rows::{StatementCondition, StatementRows};
use super::terms::Term;
use crate::model::{EntityId, FieldId, RelationId};
use crate::time::{Date, Operator};
use std::sync::Arc;

/// A whole question.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Where rows come from.
    pub rows: Rows,
    /// What they must fulfil.
    pub condition: Condition,
    /// Which statements are taken.
    pub claims: Claims,
    /// In which order rows stand; the usual one where there is no key.
    pub order: Vec<SortKey>,
    /// How many rows are shown of the certain and of the possible ones each.
    pub limit: Option<u64>,
    /// What is shown.
    pub output: Output,
    /// What has to be said beside the answer, one sentence each.
    pub notes: Vec<String>,
    /// The rules that it uses; empty in a question inside another, which uses those of the whole.
    pub program: Arc<Program>,
}

impl Query {
    /// Makes a question of rows alone.
    pub fn of(rows: Rows) -> Query {
        Query {
            rows,
            condition: Condition::Always,
            claims: Claims::default(),
            order: Vec::new(),
            limit: None,
            output: Output::Records(Vec::new()),
            notes: Vec::new(),
            program: Arc::default(),
        }
    }

    /// Returns what the records of a row are called, where it has several.
    pub fn variables(&self) -> Vec<&str> {
        let Rows::Bindings(bindings) = &self.rows else { return Vec::new() };
        let first = bindings.ways.first().map(|way| way.variables.as_slice());
        let named = first.unwrap_or_default().iter().take(bindings.width);
        named.map(|variable| variable.name.as_str()).collect()
    }
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Rows {
    /// All records of these relations, sorted.
    Relations(Vec<RelationId>),
    /// These records, sorted.
    Records(Vec<EntityId>),
    /// What another question finds.
    Query(Box<Query>),
    /// Records that a path leads to from these.
    Along {
        /// Where it begins.
        rows: Box<Rows>,
        /// The path, which ends at records.
        path: Box<Path>,
    },
    /// Statements; inside another question the records of their one column.
    Statements(Box<StatementRows>),
    /// Several records a row; inside another question one.
    Bindings(Box<Bindings>),
}

/// Which statements are taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claims {
    /// Only those that hold at this time.
    pub as_of: Option<Date>,
    /// Only those that cite one of these sources, whatever their status.
    pub according_to: Option<Vec<EntityId>>,
    /// All of them, whatever their status.
    pub all: bool,
}

impl Claims {
    /// Tells whether statements are taken as they stand.
    pub fn is_plain(&self) -> bool {
        *self == Claims::default()
    }
}

/// A condition on a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Holds of every record.
    Always,
    /// Holds of none.
    Never,
    /// All hold.
    And(Vec<Condition>),
    /// Some holds.
    Or(Vec<Condition>),
    /// The inner one does not hold, as far as the field is recorded.
    Not(Box<Condition>),
    /// What is certain of the inner one.
    Certainly(Box<Condition>),
    /// What is certain or possible of the inner one, as certain.
    Possibly(Box<Condition>),
    /// A path has a value.
    Has(Path),
    /// A path has no value.
    Lacks(Path),
    /// Values of a path fulfil a test.
    Compare(Comparison),
    /// What is computed of the record fulfils a test.
    Computed(Box<ComputedTest>),
    /// Other records stand with this one as a scope says, of which it is the first variable.
    Joined(Box<Scope>),
}

impl std::ops::Not for Condition {
    type Output = Condition;

    fn not(self) -> Condition {
        Condition::Not(Box::new(self))
    }
}

/// A test of a path's values.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// How many of the values must fulfil it.
    pub quantifier: Quantifier,
    /// The values.
    pub path: Path,
    /// The test.
    pub test: Test,
}

/// A way from a record to values.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// From records to records.
    pub steps: Vec<Step>,
    /// What is read of the last ones.
    pub end: End,
    /// The path as written, for columns and messages.
    pub written: String,
}

impl Path {
    /// Returns what the path takes of its values.
    pub fn part(&self) -> ValuePart {
        match &self.end {
            End::Values { part, .. } => *part,
            End::Records(_) | End::Identifiers | End::Text(_) => ValuePart::Whole,
        }
    }

    /// Tells whether another path leads to the same values, however it is written.
    pub fn is_same_way(&self, other: &Path) -> bool {
        self.steps == other.steps && self.end == other.end
    }
}

/// A step from records to records.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Along what.
    pub way: Way,
    /// Once, or once and more.
    pub repeats: Repeats,
    /// What the record reached must fulfil.
    pub filter: Condition,
    /// What the statement that leads there must fulfil.
    pub statement: StatementCondition,
}

/// Along what a step goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    /// From a record along these fields, or back along these to the records that refer to it.
    Fields {
        /// Fields of the relations where the step begins.
        forward: Vec<FieldId>,
        /// Fields that refer to records of them.
        backward: Vec<FieldId>,
    },
    /// Several steps as one.
    Group(Vec<Step>),
}

/// What is read of the records at the end of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// The records themselves.
    Records(Vec<RelationId>),
    /// Their identifiers.
    Identifiers,
    /// Values of these fields, one at most of each relation, all of one kind.
    Values {
        /// The fields.
        fields: Vec<FieldId>,
        /// What is taken of each value.
        part: ValuePart,
        /// What the value's statement must fulfil.
        statement: Box<StatementCondition>,
    },
    /// All words of the records: names, notes and texts.
    Text(Vec<FieldId>),
}

impl End {
    /// Reads the values of these fields as they stand, whatever their statements say of themselves.
    pub fn whole(fields: Vec<FieldId>) -> End {
        End::Values {
            fields,
            part: ValuePart::Whole,
            statement: Box::new(StatementCondition::Always),
        }
    }

    /// Returns what the statement of each value must fulfil.
    pub fn statement(&self) -> &StatementCondition {
        match self {
            End::Values { statement, .. } => statement,
            End::Records(_) | End::Identifiers | End::Text(_) => &StatementCondition::Always,
        }
    }
}

/// What values must fulfil.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It is `unknown`.
    IsUnknown,
    /// It is `none`.
    IsNone,
    /// Records: one of these.
    Records(Rows),
    /// Identifiers or texts.
    Text(TextTest),
    /// Words of an enumeration, by their places in each field's list.
    Words(Vec<(FieldId, Vec<u32>)>),
    /// Numbers: one of these is fulfilled.
    Numbers(Vec<NumberTest>),
    /// Numbers of days.
    Days {
        /// How they are compared.
        operator: Operator,
        /// With how many.
        days: i64,
    },
    /// Dates and periods.
    Time(TimeTest),
    /// Values of another path of the same record.
    Path {
        /// How they are compared.
        operator: PathOperator,
        /// The other path.
        right: Path,
    },
    /// One of several values or ranges that are found record by record.
    Among(Vec<Member>),
}

/// A test of dates and periods.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeTest {
    /// How they are compared.
    pub operator: Operator,
    /// With what; one is enough.
    pub against: TimeAgainst,
}

/// What a time is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum TimeAgainst {
    /// Stretches that the query names, each exact.
    Literal(Vec<crate::time::Value>),
    /// Values of a path that begins at other records.
    Values {
        /// Where it begins.
        rows: Box<Rows>,
        /// The path.
        path: Box<Path>,
    },
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    /// What is compared.
    pub term: Term,
    /// In which direction.
    pub direction: Direction,
}

/// What is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// One row a record, with these columns.
    Records(Vec<Term>),
    /// How many there are.
    Count,
    /// One row a group.
    Groups(Groups<Path>),
}

/// How rows are grouped, by columns of whatever kind the rows have.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups<C> {
    /// By what.
    pub by: C,
    /// What is shown of each.
    pub columns: Vec<GroupColumn<C>>,
    /// The keys of the order; the group's key where there is none.
    pub order: Vec<(GroupColumn<C>, Direction)>,
}

/// What is shown of a group.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupColumn<C = Path> {
    /// What the group shares.
    Key,
    /// A fold over its rows.
    Fold {
        /// Which.
        fold: Fold,
        /// Over which values; nothing for the rows themselves.
        path: Option<C>,
        /// As written.
        written: String,
    },
}
