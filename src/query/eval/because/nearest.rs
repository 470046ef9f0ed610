//! What comes nearest to fulfilling conditions that fail together: records that fulfil all of them but one.

use super::rules::Setting;
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::eval::Evaluator;
use crate::query::eval::solve::{Frame, Mode, bound, frame_for};
use crate::query::formula::{Conjunct, Scope};
use crate::query::terms::Slot;
use crate::query::why::Because;
use std::cell::Cell;
use std::rc::Rc;

/// How many records are tried for one set of conditions.
const MOST_TRIED: u32 = 20_000;

impl Evaluator<'_> {
    /// Tells the conditions of a scope that cannot hold for its known variables, with the other records that fulfil
    /// most of them.
    pub(super) fn nearest(
        &self,
        scope: &Scope,
        known: &Frame,
        depth: usize,
        remarks: &mut Vec<String>,
    ) -> Result<Vec<Because>, IndexError> {
        if let Some(remark) = self.misfit(scope, known)? {
            remarks.push(remark);
            return Ok(Vec::new());
        }
        let frame = self.nearest_frame(scope, known)?;
        let mut named = Vec::new();
        for variable in &scope.variables {
            if bound(known, variable.slot).is_none()
                && let Some(id) = bound(&frame, variable.slot)
            {
                let id = self.index.id_of(EntityId(id))?;
                named.push(format!("`{}` = {id}", variable.name));
            }
        }
        if !named.is_empty() {
            remarks.push(format!("nearest with {}", named.join(", ")));
        }
        self.conditions_of(Setting { scope, proofs: None, depth: depth + 1 }, &frame)
    }

    /// Says which known record is none that its variable may stand for.
    fn misfit(&self, scope: &Scope, known: &Frame) -> Result<Option<String>, IndexError> {
        for variable in &scope.variables {
            let Some(id) = bound(known, variable.slot) else { continue };
            let relation = self.index.relation_of(EntityId(id));
            if relation.is_some_and(|own| variable.relations.contains(&own)) {
                continue;
            }
            let schema = self.index.schema();
            let plurals: Vec<&str> = variable
                .relations
                .iter()
                .take(3)
                .filter_map(|id| schema.relations.get(id.index()))
                .map(|relation| relation.plural.as_str())
                .collect();
            let name = self.index.id_of(EntityId(id))?;
            return Ok(Some(format!(
                "`{}` stands for {}, and `{name}` is none of them",
                variable.name,
                plurals.join(" or ")
            )));
        }
        Ok(None)
    }

    /// Returns the records that fulfil all conditions but one, or else as many as go together in their order.
    fn nearest_frame(&self, scope: &Scope, known: &Frame) -> Result<Vec<Option<u32>>, IndexError> {
        let count = scope.conjuncts.len();
        for skipped in 0..count {
            let rest = scope.conjuncts.iter().enumerate().filter(|(place, _)| *place != skipped);
            if let Some(frame) =
                self.first_solution(scope, rest.map(|(_, conjunct)| conjunct), known)?
            {
                return Ok(frame);
            }
        }
        for length in (1..count.saturating_sub(1)).rev() {
            let first = scope.conjuncts.iter().take(length);
            if let Some(frame) = self.first_solution(scope, first, known)? {
                return Ok(frame);
            }
        }
        Ok(frame_for(scope.slots, known))
    }

    /// Returns some records that fulfil a part of the conditions; only variables that these speak of are bound.
    fn first_solution<'c>(
        &self,
        scope: &Scope,
        conjuncts: impl Iterator<Item = &'c Conjunct>,
        known: &Frame,
    ) -> Result<Option<Vec<Option<u32>>>, IndexError> {
        let conjuncts: Vec<Conjunct> = conjuncts.cloned().collect();
        let speaks_of = |slot: Slot| conjuncts.iter().any(|each| each.free.contains(&slot));
        let variables = scope
            .variables
            .iter()
            .filter(|each| bound(known, each.slot).is_some() || speaks_of(each.slot))
            .cloned()
            .collect();
        let part = Rc::new(Scope { variables, conjuncts, slots: scope.slots });
        self.derived.kept.borrow_mut().push(Rc::clone(&part));
        let left = Cell::new(MOST_TRIED);
        let found = self.surest(&part, known, Mode::AtMost(&left))?;
        Ok(found.map(|(frame, _)| frame))
    }
}
