//! How a question was evaluated, ready to be rendered.

use super::truth_set::TruthSet;

/// A plan with what each step found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The rewrites that changed the question, in the order applied.
    pub rewrites: Vec<&'static str>,
    /// The steps in the order of evaluation.
    pub steps: Vec<PlanStep>,
}

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanStep {
    /// How deep it stands inside others.
    pub depth: usize,
    /// Rows or the condition, in words.
    pub what: String,
    /// The way into the index; empty for a heading.
    pub access: String,
    /// How many rows were expected, where that can be told from the index.
    pub estimated: Option<u64>,
    /// How many rows are certain, and how many more possible, within what earlier steps left; none for a heading.
    pub actual: Option<(u64, u64)>,
}

impl PlanStep {
    /// Makes a line that only says what the steps below it are.
    pub(super) fn heading(depth: usize, what: &str) -> PlanStep {
        PlanStep { depth, what: what.to_owned(), ..PlanStep::default() }
    }

    /// Makes a step with what it found.
    pub(super) fn found(
        depth: usize,
        what: String,
        access: impl Into<String>,
        estimated: Option<u64>,
        found: &TruthSet,
    ) -> PlanStep {
        let certain = found.certain.len() as u64;
        let possible = found.possible.len() as u64;
        PlanStep {
            depth,
            what,
            access: access.into(),
            estimated,
            actual: Some((certain, possible.saturating_sub(certain))),
        }
    }
}
