//! Conditions on several records at once: what `find` asks, and what rules derive.
//!
//! Made by `resolve::query`, solved by `eval::solve`. A scope introduces variables and holds if some choice of
//! records for them fulfils all its conjuncts; a rule's way and a `find` are scopes whose first variables are seen
//! from outside.

use super::computed::ComputedTest;
use super::expression::{Condition, Groups, Path};
use super::operators::{Direction, PathOperator, Quantifier};
use super::terms::{BoundPath, Slot, Term};
use crate::model::{EntityId, RelationId};

/// A rule of a program, by its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub u32);

impl RuleId {
    /// Returns its place in the program.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The rules that a question uses, and those that they use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// By [`RuleId`].
    pub rules: Vec<Rule>,
}

impl Program {
    /// Returns a rule.
    pub fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.rules.get(id.index())
    }
}

/// A derived relation.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// What each parameter ranges over.
    pub parameters: Vec<Vec<RelationId>>,
    /// The ways to derive it; the parameters are the first variables of each.
    pub ways: Vec<Scope>,
    /// The rules that depend on each other with this one, itself included; none where it does not recur.
    pub component: Vec<RuleId>,
    /// The parameters that every call of itself hands on unchanged.
    pub handed_on: Vec<Slot>,
}

/// Variables, and what must hold for some choice of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// What it introduces.
    pub variables: Vec<Variable>,
    /// All must hold.
    pub conjuncts: Vec<Conjunct>,
    /// How many slots a frame for it has, with those of the scopes around and inside.
    pub slots: u32,
}

/// A variable with what it ranges over.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its place.
    pub slot: Slot,
    /// As written.
    pub name: String,
    /// What it ranges over.
    pub relations: Vec<RelationId>,
}

/// One condition of a scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Conjunct {
    /// The condition.
    pub formula: Formula,
    /// The variables that it speaks of, without those that it introduces itself; sorted.
    pub free: Vec<Slot>,
}

/// A condition on several records.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// All hold.
    And(Vec<Formula>),
    /// Some holds.
    Or(Vec<Formula>),
    /// The inner one does not hold.
    Not(Box<Formula>),
    /// What is certain of the inner one.
    Certainly(Box<Formula>),
    /// What is certain or possible of the inner one, as certain.
    Possibly(Box<Formula>),
    /// A condition on one variable.
    One {
        /// Which.
        slot: Slot,
        /// What it ranges over.
        relations: Vec<RelationId>,
        /// What must hold of it.
        condition: Condition,
    },
    /// Values of two variables are compared.
    Two(Link),
    /// What is computed of variables fulfils a test.
    Computed(Box<ComputedTest<BoundPath>>),
    /// A rule derives it.
    Call(Call),
    /// Some choice of further variables fulfils a scope.
    Exists(Scope),
}

/// A comparison of values of two variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// How many of the left values must fulfil it.
    pub quantifier: Quantifier,
    /// The left variable.
    pub left: Slot,
    /// From there to the values.
    pub left_path: Path,
    /// How they are compared.
    pub operator: PathOperator,
    /// The right variable.
    pub right: Slot,
    /// From there to the values.
    pub right_path: Path,
}

/// A rule asked of records.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Which rule.
    pub rule: RuleId,
    /// Of what.
    pub arguments: Vec<Argument>,
}

/// What a rule is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A variable.
    Variable(Slot),
    /// A record.
    Record(EntityId),
}

/// Rows of several records each: the first variables of a scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Bindings {
    /// The ways to find a row, each with the row's variables first.
    pub ways: Vec<Scope>,
    /// How many variables a row has.
    pub width: usize,
    /// What is shown of them.
    pub columns: Vec<Term<BoundPath>>,
    /// The keys of the order.
    pub order: Vec<(Term<BoundPath>, Direction)>,
    /// How rows are grouped, where they are.
    pub groups: Option<Groups<BoundPath>>,
}

impl std::ops::Not for Formula {
    type Output = Formula;

    fn not(self) -> Formula {
        Formula::Not(Box::new(self))
    }
}

impl Formula {
    /// Returns the variables that a formula speaks of, without those that it introduces itself; sorted.
    pub fn free(&self) -> Vec<Slot> {
        let mut free = Vec::new();
        self.collect_free(&mut free);
        free.sort_unstable();
        free.dedup();
        free
    }

    fn collect_free(&self, free: &mut Vec<Slot>) {
        match self {
            Formula::And(parts) | Formula::Or(parts) => {
                parts.iter().for_each(|part| part.collect_free(free));
            }
            Formula::Not(inner) | Formula::Certainly(inner) | Formula::Possibly(inner) => {
                inner.collect_free(free);
            }
            Formula::One { slot, .. } => free.push(*slot),
            Formula::Two(link) => free.extend([link.left, link.right]),
            Formula::Computed(test) => free.extend(test.slots()),
            Formula::Call(call) => free.extend(call.variables()),
            Formula::Exists(scope) => {
                let inner = scope.conjuncts.iter().flat_map(|each| each.free.iter().copied());
                let is_own =
                    |slot: &Slot| scope.variables.iter().any(|variable| variable.slot == *slot);
                free.extend(inner.filter(|slot| !is_own(slot)));
            }
        }
    }
}

/// Whether more of what stands there gives more answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It does.
    Positive,
    /// It stands under a negation, be it a double one.
    Negative,
    /// It must be known as a whole: it is folded, or a limit takes some of it.
    Whole,
}

impl Call {
    /// Returns the variables among the arguments.
    pub fn variables(&self) -> impl Iterator<Item = Slot> + '_ {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::Variable(slot) => Some(*slot),
            Argument::Record(_) => None,
        })
    }
}

impl Scope {
    /// Returns the variable of a slot.
    pub fn variable(&self, slot: Slot) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.slot == slot)
    }
}
