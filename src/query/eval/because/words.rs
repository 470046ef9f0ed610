//! Conditions on several records in words, with the records that the variables stand for.

use crate::index::{Index, IndexError};
use crate::model::EntityId;
use crate::query::eval::solve::{Frame, bound};
use crate::query::expression::{Comparison, Condition, Test};
use crate::query::formula::{Argument, Call, Formula, Link, Program, Scope};
use crate::query::operators::Quantifier;
use crate::query::wording::{computed_words, condition_words};

/// What words are made of.
pub(in crate::query::eval) struct Words<'w> {
    pub index: &'w Index,
    pub program: &'w Program,
    /// The scope whose variables are named.
    pub scope: &'w Scope,
}

impl Words<'_> {
    /// Returns a formula in the words of the language.
    pub(in crate::query::eval) fn formula(
        &self,
        formula: &Formula,
        frame: &Frame,
    ) -> Result<String, IndexError> {
        Ok(match formula {
            Formula::And(parts) => self.joined(parts, " and ", frame)?,
            Formula::Or(parts) => self.joined(parts, " or ", frame)?,
            Formula::Not(inner) => format!("not {}", self.within(inner, frame)?),
            Formula::Certainly(inner) => format!("certainly {}", self.within(inner, frame)?),
            Formula::Possibly(inner) => format!("possibly {}", self.within(inner, frame)?),
            Formula::One { condition, .. } => condition_words(self.index, condition)?,
            Formula::Two(link) => self.link(link, frame)?,
            Formula::Computed(test) => computed_words(self.index, test)?,
            Formula::Call(call) => self.call(call, frame)?,
            Formula::Exists(scope) => {
                let inner = Words { scope, ..*self };
                let mut parts = Vec::new();
                for variable in &scope.variables {
                    parts.push(format!("some {}", variable.name));
                }
                for conjunct in &scope.conjuncts {
                    parts.push(inner.formula(&conjunct.formula, frame)?);
                }
                parts.join(" and ")
            }
        })
    }

    fn within(&self, formula: &Formula, frame: &Frame) -> Result<String, IndexError> {
        let words = self.formula(formula, frame)?;
        Ok(match formula {
            Formula::And(_) | Formula::Or(_) | Formula::Exists(_) => format!("({words})"),
            _ => words,
        })
    }

    fn joined(&self, parts: &[Formula], by: &str, frame: &Frame) -> Result<String, IndexError> {
        let parts: Result<Vec<String>, IndexError> =
            parts.iter().map(|part| self.within(part, frame)).collect();
        Ok(parts?.join(by))
    }

    fn link(&self, link: &Link, frame: &Frame) -> Result<String, IndexError> {
        let (left, right) = (&link.left_path, &link.right_path);
        // What stands for a path in a call bears its words: the record says more.
        if right.steps.is_empty()
            && left.written == right.written
            && let Some(id) = bound(frame, link.right)
        {
            return Ok(format!("{} = {}", left.written, self.index.id_of(EntityId(id))?));
        }
        let test = Test::Path { operator: link.operator, right: link.right_path.clone() };
        let quantifier: Quantifier = link.quantifier;
        let path = link.left_path.clone();
        condition_words(self.index, &Condition::Compare(Comparison { quantifier, path, test }))
    }

    /// Returns a call with the records that it is asked of, as far as they are known.
    pub(super) fn call(&self, call: &Call, frame: &Frame) -> Result<String, IndexError> {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            let record = match argument {
                Argument::Record(entity) => Some(*entity),
                Argument::Variable(slot) => bound(frame, *slot).map(EntityId),
            };
            arguments.push(match (record, argument) {
                (Some(entity), _) => self.index.id_of(entity)?.into_owned(),
                (None, Argument::Variable(slot)) => {
                    self.scope.variable(*slot).map_or("?", |each| each.name.as_str()).to_owned()
                }
                (None, Argument::Record(_)) => String::new(),
            });
        }
        let name = self.program.rule(call.rule).map_or("", |rule| rule.name.as_str());
        Ok(format!("{name}({})", arguments.join(", ")))
    }
}
