//! Evaluation: from a typed question to the records that answer it.
//!
//! In: an index and a [`Query`]. Out: [`Answers`], or the one error there can be, a damaged index. Truth is
//! carried as two sets, certain and possible; each condition is turned into sets through postings, from the
//! end of its path back to the rows, and only what compares two paths is judged row by row.

mod among;
mod answer;
mod backward;
mod because;
mod bindings;
mod cells;
mod comparand;
mod computed;
mod conditions;
mod fields;
mod forward;
mod found;
mod groups;
mod having;
mod idle;
mod lens;
mod memo;
mod numbers;
mod one_by_one;
mod order;
mod plan;
mod reasons;
mod recorded;
mod rules;
mod solve;
mod statements;
mod surprises;
mod table;
mod texts;
mod time_tests;
mod times;
mod trails;
mod two_paths;
mod values;

pub use answer::{answer, answer_with};
pub use because::why;
pub use idle::{Idle, idle};
pub use plan::plan;

use super::allowance::Allowance;
use super::expression::{Claims, Condition, Query, Rows};
use super::formula::Program;
use super::ids::Ids;
use super::truth_set::{Collected, TruthSet};
use crate::index::{Index, IndexError};
use crate::model::EntityId;
use crate::time::{Truth, Value, Verdict};
use lens::Lens;
use memo::{Memo, PartId};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// So often a long loop looks whether to go on: more rarely than it takes to read a clock, more often than anybody
/// notices.
const STEPS_BETWEEN_LOOKS: u32 = 1024;

type Hasher = foldhash::fast::FixedState;

/// Whether a condition or its negation is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Polarity {
    Plain,
    Negated,
}

impl Polarity {
    fn turned(self) -> Polarity {
        match self {
            Polarity::Plain => Polarity::Negated,
            Polarity::Negated => Polarity::Plain,
        }
    }

    /// Returns what is asked for of a comparison that was judged either way.
    fn of(self, verdict: Verdict) -> Truth {
        match self {
            Polarity::Plain => verdict.holds,
            Polarity::Negated => verdict.fails,
        }
    }

    /// Returns what is asked for of what in each world either is or is not.
    fn of_truth(self, truth: Truth) -> Truth {
        match self {
            Polarity::Plain => truth,
            Polarity::Negated => truth.negated(),
        }
    }
}

/// What is known while one query is evaluated.
struct Evaluator<'i> {
    index: &'i Index,
    lens: Lens<'i>,
    allowance: Allowance,
    /// How many steps long loops have taken.
    steps: Cell<u32>,
    /// Filters of paths over all records, by the condition.
    filters: Memo<PartId, TruthSet>,
    /// Questions inside this one.
    inner: Memo<PartId, TruthSet>,
    /// Records left out since a field is not recorded, by the path as written.
    absent: RefCell<Vec<(String, Ids)>>,
    /// The rules of the question.
    program: Arc<Program>,
    /// What recurring rules derive.
    derived: rules::Derived,
    /// What the variables of a scope may stand for.
    domains: Memo<PartId, Vec<TruthSet>>,
    /// For which rows a scope holds.
    scopes: Memo<PartId, TruthSet>,
    /// Records by the texts at the end of a path.
    texts: Memo<PartId, solve::Texts>,
    /// Terms that are the same for all records.
    computed: Memo<PartId, computed::ComputedValues>,
    /// Values of other records that rows are compared with, by the term.
    sides: Memo<PartId, among::Side>,
    /// Folds over the values of one of several records in a row, by the fold and the record.
    folded: Memo<(PartId, EntityId), computed::ComputedValues>,
    /// Dates that terms are compared with, by the test.
    times_against: Memo<PartId, Vec<Value>>,
    /// Of which records a condition on one variable holds.
    judged: Memo<(PartId, Polarity), TruthSet>,
}

impl<'i> Evaluator<'i> {
    /// Makes what evaluates a question, with its rules, within what is allowed.
    fn of(index: &'i Index, query: &Query, allowance: &Allowance) -> Evaluator<'i> {
        Evaluator {
            allowance: allowance.clone(),
            program: Arc::clone(&query.program),
            ..Evaluator::new(index, query.claims.clone())
        }
    }

    /// Makes what evaluates rows alone, without rules.
    fn new(index: &'i Index, claims: Claims) -> Evaluator<'i> {
        Evaluator {
            index,
            lens: Lens::new(index, claims),
            allowance: Allowance::default(),
            steps: Cell::default(),
            filters: Memo::default(),
            inner: Memo::default(),
            absent: RefCell::default(),
            program: Arc::default(),
            derived: rules::Derived::default(),
            domains: Memo::default(),
            scopes: Memo::default(),
            texts: Memo::default(),
            computed: Memo::default(),
            sides: Memo::default(),
            folded: Memo::default(),
            times_against: Memo::default(),
            judged: Memo::default(),
        }
    }

    /// Asks a question inside this one: it takes the same statements unless it says otherwise.
    fn inside<A>(&self, query: &Query, ask: impl FnOnce(&Evaluator<'i>) -> A) -> A {
        if query.claims.is_plain() {
            return ask(self);
        }
        ask(&Evaluator {
            allowance: self.allowance.clone(),
            program: Arc::clone(&self.program),
            ..Evaluator::new(self.index, query.claims.clone())
        })
    }

    /// Counts a step of a loop that may be long, and looks now and then whether to go on.
    #[inline]
    fn step(&self) -> Result<(), IndexError> {
        let steps = self.steps.get().wrapping_add(1);
        self.steps.set(steps);
        match steps % STEPS_BETWEEN_LOOKS {
            0 => self.allowance.cancellation.check().map_err(IndexError::Cancelled),
            _ => Ok(()),
        }
    }

    /// Returns every record there is, of whatever relation.
    fn everything(&self) -> Ids {
        Ids::Range(0..self.index.record_count())
    }

    /// Returns where rows come from.
    fn rows(&self, rows: &Rows) -> Result<TruthSet, IndexError> {
        match rows {
            Rows::Relations(relations) => {
                let mut all = TruthSet::default();
                for relation in relations {
                    all = all.or(self.lens.records(*relation)?.as_ref());
                }
                Ok(all)
            }
            Rows::Records(records) => {
                Ok(TruthSet::certainly(Ids::from_unsorted(records.iter().map(|id| id.0).collect())))
            }
            Rows::Query(query) => {
                let find = || self.inside(query, |inside| inside.within_limit(query));
                let found = self.inner.get_or(PartId::of(&**query), find)?;
                Ok(found.as_ref().clone())
            }
            Rows::Along { rows, path } => {
                let mut found = Collected::default();
                for (record, truth) in self.records_along(rows, path)? {
                    found.add(record.0, truth);
                }
                Ok(found.into_truth())
            }
            Rows::Statements(rows) => self.records_told(rows),
            Rows::Bindings(bindings) => {
                let tuples = self.tuples(&bindings.ways, bindings.width)?;
                let mut found = Collected::default();
                for (tuple, truth) in tuples.iter() {
                    if let [record] = tuple {
                        found.add(*record, truth);
                    }
                }
                Ok(found.into_truth())
            }
        }
    }

    /// Returns the records that a query finds, no more of the certain and of the possible ones than its limit says.
    fn within_limit(&self, query: &Query) -> Result<TruthSet, IndexError> {
        let matched = self.matched(query)?;
        let Some(limit) = query.limit else { return Ok(matched) };
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let first = |ids: &Ids| -> Result<Ids, IndexError> {
            let ordered = self.in_order(query, ids)?;
            Ok(Ids::from_unsorted(ordered.into_iter().take(most).collect()))
        };
        let doubtful = matched.possible.without(&matched.certain);
        Ok(TruthSet::with(first(&matched.certain)?, first(&doubtful)?))
    }

    /// Returns the records that a query finds, before order and limit.
    fn matched(&self, query: &Query) -> Result<TruthSet, IndexError> {
        let rows = self.rows(&query.rows)?;
        let truth = self.truth(&query.condition, Polarity::Plain, &rows.possible)?;
        Ok(rows.and(&truth))
    }

    /// Returns where a filter holds, over all records.
    fn filter(&self, condition: &Condition) -> Result<Rc<TruthSet>, IndexError> {
        self.filters.get_or(PartId::of(condition), || {
            self.truth(condition, Polarity::Plain, &self.everything())
        })
    }

    /// Forgets what was remembered of conditions, when the rules that they ask have derived more.
    fn forget_conditions(&self) {
        self.filters.clear();
        self.inner.clear();
        self.domains.clear();
        self.scopes.clear();
        self.texts.clear();
        self.judged.clear();
    }
}
