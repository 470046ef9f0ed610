//! Folds and differences of variables, compared: on one variable a condition, on several a formula of their own.

use super::Names;
use super::negated;
use crate::model::RelationId;
use crate::query::expression::{Comparison, Condition, Path, Test};
use crate::query::formula::{Formula, Link};
use crate::query::operators::{PathOperator, Quantifier};
use crate::query::terms::{BoundPath, Slot};
use crate::resolve::query::anchors::Anchored;
use crate::resolve::query::find::VariableColumns;
use crate::resolve::query::names::Written;
use crate::resolve::query::paths::Kind;
use crate::resolve::query::terms::Beginnings;
use crate::resolve::query::{Resolver, Settled, settled};
use crate::source::Span;
use crate::syntax::query::ast::{self, Comparator, Operand, Predicate};

impl Beginnings for VariableColumns<'_> {
    fn relations(&self) -> &[RelationId] {
        &[]
    }

    fn anchored(&self, resolver: &Resolver<'_>, path: &ast::Path) -> Settled<Anchored> {
        match self.0.root(path) {
            Some(_) => Ok(None),
            None => resolver.anchored(&[], path),
        }
    }

    fn at_variable(
        &self,
        resolver: &Resolver<'_>,
        right: &Operand,
    ) -> Settled<Option<(BoundPath, Kind)>> {
        let column = settled!(resolver.right_column(self.0, right));
        if column.is_none() {
            settled!(resolver.begins_somewhere(self.0, right));
        }
        Ok(Some(column))
    }

    fn of_row(&self, _: Path) -> Option<BoundPath> {
        None
    }
}

impl Resolver<'_> {
    /// Settles a comparison with a fold or a difference on one of its sides.
    pub(super) fn computed_formula(
        &self,
        names: &Names,
        quantifier: Quantifier,
        left: &Operand,
        predicate: &Predicate,
    ) -> Settled<Formula> {
        let rows = VariableColumns(names);
        let (test, is_negated) = settled!(self.computed_of(&rows, quantifier, left, predicate));
        let formula = match test.slots().as_slice() {
            [slot] => {
                let test = settled!(Ok(test.rooted(&|bound: BoundPath| Some(bound.path))));
                let condition = Condition::Computed(Box::new(test));
                Formula::One { slot: *slot, relations: names.relations(*slot), condition }
            }
            _ => Formula::Computed(Box::new(test)),
        };
        Ok(Some(if is_negated { negated(formula) } else { formula }))
    }

    /// Settles `A - B OPERATOR days` where both sides begin at variables: judged pair by pair of their values.
    pub(super) fn difference_formula(
        &self,
        names: &Names,
        quantifier: Quantifier,
        (one, other): (&Operand, &Operand),
        against: (Comparator, Span, Written<'_>),
    ) -> Settled<Formula> {
        let (operator, is_negated) = settled!(self.apart(against));
        let rows = VariableColumns(names);
        let left = settled!(self.date_of(&rows, one));
        let right = settled!(self.date_of(&rows, other));
        let formula = apart(names, quantifier, left, operator, right);
        Ok(Some(if is_negated { negated(formula) } else { formula }))
    }

    /// Tells whether both sides of a difference begin at variables.
    pub(super) fn are_of_variables(&self, names: &Names, one: &Operand, other: &Operand) -> bool {
        [one, other]
            .into_iter()
            .all(|side| matches!(side, Operand::Path(path) if names.root(path).is_some()))
    }
}

fn apart(
    names: &Names,
    quantifier: Quantifier,
    left: BoundPath,
    operator: PathOperator,
    right: BoundPath,
) -> Formula {
    let slot: Slot = left.slot;
    if slot != right.slot {
        return Formula::Two(Link {
            quantifier,
            left: slot,
            left_path: left.path,
            operator,
            right: right.slot,
            right_path: right.path,
        });
    }
    let test = Test::Path { operator, right: right.path };
    let condition = Condition::Compare(Comparison { quantifier, path: left.path, test });
    Formula::One { slot, relations: names.relations(slot), condition }
}
