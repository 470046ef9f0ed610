//! Which values of some tables a statement or record has: an index holds no others.
//!
//! A line's parenthesis that every value of the line overrides leaves a qualifier that nothing has, and so on. What
//! is left out makes the facts the same, whichever way they were put together.

use crate::model::{Field, Qualifier, Statement, Type};
use crate::time::Role;

/// By number: whether it is used. Number 0 of qualifiers and of citations is nothing.
#[derive(Clone, Debug)]
pub(super) struct Used {
    pub dates: Vec<bool>,
    pub periods: Vec<bool>,
    pub numbers: Vec<bool>,
    pub qualifiers: Vec<bool>,
    pub citations: Vec<bool>,
}

impl Used {
    /// Tells whether the statements of a field have to be looked at; most have no parentheses.
    pub(super) fn needs(&self, field: &Field, may_be_qualified: bool) -> bool {
        let is_number =
            matches!(field.value_type, Type::Integer | Type::Decimal | Type::Quantity(_));
        is_number || field.value_type.is_time() || (may_be_qualified && self.qualifiers.len() > 1)
    }

    /// Marks what the statements of a field have.
    pub(super) fn statements(
        &mut self,
        field: &Field,
        statements: impl IntoIterator<Item = Statement>,
    ) {
        let mut others = Vec::new();
        let values = match field.value_type {
            Type::Date => &mut self.dates,
            Type::Period => &mut self.periods,
            Type::Integer | Type::Decimal | Type::Quantity(_) => &mut self.numbers,
            _ => &mut others,
        };
        for statement in statements {
            mark(values, statement.value.0);
            mark(&mut self.qualifiers, statement.qualifier.0);
        }
    }

    /// Marks what a record has.
    pub(super) fn record(&mut self, qualifier: u32, citation: u32) {
        mark(&mut self.qualifiers, qualifier);
        mark(&mut self.citations, citation);
    }

    /// Marks what the qualifiers have that are used; `all` are those from number `first` on.
    pub(super) fn of_qualifiers(&mut self, first: usize, all: &[Qualifier]) {
        for (qualifier, is_used) in all.iter().zip(self.qualifiers.iter().skip(first)) {
            if *is_used {
                let (period, citation) = (qualifier.period, qualifier.citation);
                period.into_iter().for_each(|period| mark(&mut self.periods, period.0));
                citation.into_iter().for_each(|citation| mark(&mut self.citations, citation.0));
            }
        }
    }

    /// Returns which dates or periods are used.
    pub(super) fn times(&self, role: Role) -> &[bool] {
        match role {
            Role::Moment => &self.dates,
            Role::Period => &self.periods,
        }
    }
}

fn mark(used: &mut [bool], number: u32) {
    if let Some(slot) = used.get_mut(number as usize) {
        *slot = true;
    }
}
