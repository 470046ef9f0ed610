//! The plan of a question for several records a row: what each variable may stand for, then what is judged of them
//! together. Which variable is bound next is chosen while it is solved, by what leaves the fewest records to try.

use crate::index::IndexError;
use crate::query::eval::because::Words;
use crate::query::eval::{Evaluator, Polarity};
use crate::query::expression::{Condition, Rows};
use crate::query::formula::{Bindings, Call, Formula, Scope, Variable};
use crate::query::operators::{PathOperator, Quantifier};
use crate::query::plan::{Plan, PlanStep};

impl Evaluator<'_> {
    /// Adds the ways to find rows, and how many rows they give.
    pub(super) fn plan_bindings(
        &self,
        bindings: &Bindings,
        depth: usize,
        plan: &mut Plan,
    ) -> Result<(), IndexError> {
        let is_one = bindings.ways.len() == 1;
        if !is_one {
            plan.steps.push(PlanStep::heading(depth, "any of"));
        }
        for way in &bindings.ways {
            if !is_one {
                plan.steps.push(PlanStep::heading(depth + 1, "all of"));
            }
            self.plan_scope(way, if is_one { depth } else { depth + 2 }, plan)?;
        }
        let first = bindings.ways.first().map(|way| way.variables.as_slice()).unwrap_or_default();
        let names: Vec<&str> =
            first.iter().take(bindings.width).map(|variable| variable.name.as_str()).collect();
        plan.steps.push(PlanStep {
            depth,
            what: format!("rows of {}", names.join(", ")),
            access: "each variable bound by what leaves the fewest records".to_owned(),
            estimated: None,
            actual: Some(self.count_tuples(&bindings.ways, bindings.width)?),
        });
        Ok(())
    }

    fn plan_scope(&self, scope: &Scope, depth: usize, plan: &mut Plan) -> Result<(), IndexError> {
        for variable in &scope.variables {
            self.plan_variable(scope, variable, depth, plan)?;
        }
        let words = Words { index: self.index, program: &self.program, scope };
        let frame = vec![None; scope.slots as usize];
        for conjunct in &scope.conjuncts {
            let is_of_one = matches!(&conjunct.formula, Formula::One { slot, .. } if scope.variable(*slot).is_some());
            if !is_of_one {
                plan.steps.push(PlanStep {
                    depth,
                    what: words.formula(&conjunct.formula, &frame)?,
                    access: self.access_of_formula(&conjunct.formula),
                    ..PlanStep::default()
                });
            }
        }
        Ok(())
    }

    /// Adds what a variable ranges over, and the conditions on it alone.
    fn plan_variable(
        &self,
        scope: &Scope,
        variable: &Variable,
        depth: usize,
        plan: &mut Plan,
    ) -> Result<(), IndexError> {
        let mut domain = self.rows(&Rows::Relations(variable.relations.clone()))?;
        let schema = self.index.schema();
        let relations = variable.relations.iter().filter_map(|id| schema.relations.get(id.index()));
        let plurals: Vec<&str> = relations.map(|relation| relation.plural.as_str()).collect();
        let plurals = match plurals.len() {
            0..=4 => plurals.join(", "),
            several => format!("{several} relations"),
        };
        let what = format!("{} of {plurals}", variable.name);
        let estimated = Some(domain.possible.len() as u64);
        plan.steps.push(PlanStep::found(depth, what, "all rows", estimated, &domain));
        let noted = self.absent.borrow().len();
        for conjunct in &scope.conjuncts {
            if let Formula::One { slot, condition, .. } = &conjunct.formula
                && *slot == variable.slot
            {
                let before = domain.possible.len() as u64;
                let truth = self.truth(condition, Polarity::Plain, &domain.possible)?;
                domain = domain.and(&truth);
                let (access, estimated) = self.access(condition)?;
                let estimated = estimated.map(|rows| rows.min(before));
                let what = self.words_of(condition)?;
                plan.steps.push(PlanStep::found(depth + 1, what, access, estimated, &domain));
            }
        }
        self.absent.borrow_mut().truncate(noted);
        Ok(())
    }

    /// Returns a condition in words; where a rule is asked, with its name.
    pub(super) fn words_of(&self, condition: &Condition) -> Result<String, IndexError> {
        match condition {
            Condition::Joined(scope) => {
                let words = Words { index: self.index, program: &self.program, scope };
                let frame = vec![None; scope.slots as usize];
                let parts: Result<Vec<String>, IndexError> = scope
                    .conjuncts
                    .iter()
                    .map(|conjunct| words.formula(&conjunct.formula, &frame))
                    .collect();
                Ok(parts?.join(" and "))
            }
            Condition::Not(inner) if matches!(**inner, Condition::Joined(_)) => {
                let words = self.words_of(inner)?;
                Ok(match words.contains(" and ") {
                    true => format!("not ({words})"),
                    false => format!("not {words}"),
                })
            }
            condition => crate::query::wording::condition_words(self.index, condition),
        }
    }

    /// Returns how a formula is judged.
    fn access_of_formula(&self, formula: &Formula) -> String {
        match formula {
            Formula::Two(link)
                if link.operator == PathOperator::Same && link.quantifier == Quantifier::Some =>
            {
                "from the record bound first to the other".to_owned()
            }
            Formula::Two(_) => "compared for each choice of records".to_owned(),
            Formula::Computed(_) => "computed for each choice of records".to_owned(),
            Formula::Call(call) => self.access_of_call(call).to_owned(),
            Formula::Exists(_) => "solved for each choice of records".to_owned(),
            Formula::One { .. }
            | Formula::And(_)
            | Formula::Or(_)
            | Formula::Not(_)
            | Formula::Certainly(_)
            | Formula::Possibly(_) => "judged for each choice of records".to_owned(),
        }
    }

    fn access_of_call(&self, call: &Call) -> &'static str {
        match self.program.rule(call.rule) {
            Some(rule) if !rule.component.is_empty() => "derived from what is known",
            _ => "solved from what is known",
        }
    }
}
