//! Questions whose rows are statements: what is asked of each, and what is shown.

use super::expression::{Condition, Direction, Groups, Rows, TextTest, TimeTest};
use crate::model::{RelationId, Status};

/// Rows that are statements.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementRows {
    /// What a statement must fulfil.
    pub condition: StatementCondition,
    /// What is shown.
    pub columns: Vec<StatementColumn>,
    /// The keys of the order.
    pub order: Vec<(StatementColumn, Direction)>,
    /// How statements are grouped, where they are.
    pub groups: Option<Groups<StatementColumn>>,
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
    /// The words of its field, value, note, quotation or of some locator.
    Words(StatementColumn, TextTest),
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
            | StatementCondition::Of { .. }
            | StatementCondition::Source(_)
            | StatementCondition::Period(_)
            | StatementCondition::ValueIn(_)
            | StatementCondition::Words(..) => false,
        }
    }
}
