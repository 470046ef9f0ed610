//! Questions whose rows are statements: what is asked of each, and what is shown.

use super::expression::{Condition, Groups, Path, Rows, TimeTest};
use super::operators::{Direction, Quantifier, TextTest, ValuePart};
use super::terms::Term;
use crate::model::{EntityId, RelationId, Status};
use crate::time::{Grain, Operator, Value};

/// Rows that are statements.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementRows {
    /// What a statement must fulfil.
    pub condition: StatementCondition,
    /// What is shown.
    pub columns: Vec<ToldPath>,
    /// The keys of the order.
    pub order: Vec<(ToldPath, Direction)>,
    /// How statements are grouped, where they are.
    pub groups: Option<Groups<ToldPath>>,
}

/// A way from a statement to values.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldPath {
    /// Where it begins.
    pub column: StatementColumn,
    /// How it goes on.
    pub beyond: Beyond,
    /// As written.
    pub written: String,
}

/// How a path goes on from a part of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Beyond {
    /// It ends there.
    Nothing,
    /// With a part of a date or period.
    Part(ValuePart),
    /// From the records there.
    Path(Box<Path>),
}

impl ToldPath {
    /// Returns what the path takes of its values.
    pub fn part(&self) -> ValuePart {
        match &self.beyond {
            Beyond::Nothing => ValuePart::Whole,
            Beyond::Part(part) => *part,
            Beyond::Path(path) => path.part(),
        }
    }

    /// Makes the path that ends at a part of the statement itself.
    pub fn of(column: StatementColumn) -> ToldPath {
        ToldPath { column, beyond: Beyond::Nothing, written: column.name().to_owned() }
    }

    /// Tells whether another path leads to the same, however it is written.
    pub fn is_same_way(&self, other: &ToldPath) -> bool {
        let is_same = match (&self.beyond, &other.beyond) {
            (Beyond::Path(one), Beyond::Path(two)) => one.is_same_way(two),
            (one, two) => one == two,
        };
        self.column == other.column && is_same
    }
}

/// A comparison of what a statement says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldComparison {
    /// How many of the values must fulfil it.
    pub quantifier: Quantifier,
    /// The values.
    pub left: ToldPath,
    /// What they are compared with.
    pub against: ToldAgainst,
}

/// What values of a statement are compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum ToldAgainst {
    /// One of these is enough. Values of two kinds are never equal; in no order either they stand.
    OneOf {
        /// How they are compared, each kind in its own way.
        operator: Operator,
        /// The unit of the calendar by which moments are compared.
        grain: Option<Grain>,
        /// The right sides.
        sides: Vec<ToldSide>,
    },
    /// What lies from the one to the other.
    Between {
        /// The unit of the calendar by which moments are compared.
        grain: Option<Grain>,
        /// Where it begins.
        from: Box<ToldSide>,
        /// Where it ends.
        to: Box<ToldSide>,
    },
}

/// A right side.
#[derive(Clone, Debug, PartialEq)]
pub enum ToldSide {
    /// What the question names, read as each kind of value that it can be.
    Named(ToldNamed),
    /// What the statement itself leads to.
    Told(ToldPath),
    /// What is found elsewhere, the same for all statements.
    Found(Term),
}

/// What a question names where any kind of value may stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToldNamed {
    /// As dates.
    pub times: Vec<Value>,
    /// As a number, of this unit or of any.
    pub number: Option<(f64, Option<String>)>,
    /// As records.
    pub records: Vec<EntityId>,
    /// As texts and words.
    pub texts: Vec<String>,
}

/// What a statement shows of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementColumn {
    /// The record that it is about.
    Of,
    /// The field.
    Field,
    /// The value.
    Value,
    /// How far it is held to be true.
    Status,
    /// When it held.
    Period,
    /// Its sources.
    Source,
    /// The places in them.
    Locator,
    /// The editor's note.
    Note,
    /// The source's own words.
    Quote,
}

impl StatementColumn {
    /// All of them, in the order of the language.
    pub const ALL: [StatementColumn; 9] = [
        StatementColumn::Of,
        StatementColumn::Field,
        StatementColumn::Value,
        StatementColumn::Status,
        StatementColumn::Period,
        StatementColumn::Source,
        StatementColumn::Locator,
        StatementColumn::Note,
        StatementColumn::Quote,
    ];

    /// Returns its name in queries.
    pub fn name(self) -> &'static str {
        match self {
            StatementColumn::Of => "of",
            StatementColumn::Field => "field",
            StatementColumn::Value => "value",
            StatementColumn::Status => "status",
            StatementColumn::Period => "period",
            StatementColumn::Source => "source",
            StatementColumn::Locator => "locator",
            StatementColumn::Note => "note",
            StatementColumn::Quote => "quote",
        }
    }
}

/// A condition on a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementCondition {
    /// Holds of every statement.
    Always,
    /// All hold.
    And(Vec<StatementCondition>),
    /// Some holds.
    Or(Vec<StatementCondition>),
    /// The inner one does not hold.
    Not(Box<StatementCondition>),
    /// What is certain of the inner one.
    Certainly(Box<StatementCondition>),
    /// What is certain or possible of the inner one, as certain.
    Possibly(Box<StatementCondition>),
    /// Something is recorded.
    Has(StatementColumn),
    /// A path from it leads to something.
    HasValues(ToldPath),
    /// A condition on the record that it is about.
    Of {
        /// The relations of these records.
        relations: Vec<RelationId>,
        /// What must hold.
        condition: Condition,
    },
    /// A condition on some source of it.
    Source(Condition),
    /// Its status is one of these.
    Status(Vec<Status>),
    /// Its period.
    Period(TimeTest),
    /// Its value is one of these records.
    ValueIn(Rows),
    /// A condition on the record that is its value.
    Value {
        /// The relations of these records.
        relations: Vec<RelationId>,
        /// What must hold.
        condition: Condition,
    },
    /// What it says of itself, or leads to, is compared.
    Compare(Box<ToldComparison>),
    /// The words of its field, value, note, quotation or of some locator.
    Words(StatementColumn, TextTest),
}

impl std::ops::Not for StatementCondition {
    type Output = StatementCondition;

    fn not(self) -> StatementCondition {
        StatementCondition::Not(Box::new(self))
    }
}

impl StatementCondition {
    /// Asks for all of some conditions.
    pub fn all(mut parts: Vec<StatementCondition>) -> StatementCondition {
        parts.retain(|part| !part.is_always());
        match parts.len() {
            0 => StatementCondition::Always,
            1 => parts.pop().unwrap_or(StatementCondition::Always),
            _ => StatementCondition::And(parts),
        }
    }

    /// Tells whether nothing is asked.
    pub fn is_always(&self) -> bool {
        *self == StatementCondition::Always
    }

    /// Tells whether a status is asked for: who asks for rejected statements means them, though they do not hold.
    pub fn asks_status(&self) -> bool {
        match self {
            StatementCondition::Status(_) => true,
            StatementCondition::And(parts) | StatementCondition::Or(parts) => {
                parts.iter().any(StatementCondition::asks_status)
            }
            StatementCondition::Not(inner)
            | StatementCondition::Certainly(inner)
            | StatementCondition::Possibly(inner) => inner.asks_status(),
            StatementCondition::Always
            | StatementCondition::Has(_)
            | StatementCondition::HasValues(_)
            | StatementCondition::Of { .. }
            | StatementCondition::Source(_)
            | StatementCondition::Period(_)
            | StatementCondition::ValueIn(_)
            | StatementCondition::Value { .. }
            | StatementCondition::Words(..) => false,
            StatementCondition::Compare(comparison) => {
                comparison.left.column == StatementColumn::Status
            }
        }
    }
}
