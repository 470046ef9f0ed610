//! The way in: a question's answer, with its rows, counts and notes.

use super::Evaluator;
use super::groups::Records;
use super::order::cut_between;
use crate::diagnostic::counted;
use crate::index::{Index, IndexError};
use crate::model::EntityId;
use crate::query::expression::{Output, Query, Rows};
use crate::query::ids::Ids;
use crate::query::passes;
use crate::query::terms::Term;
use crate::query::truth_set::TruthSet;
use crate::query::{Allowance, Answers, Match, Readers, Row, RowsOf};
use rayon::prelude::*;

/// So many rows are made on all cores.
const ROWS_WORTH_SHARING: usize = 4096;

/// Most paths that a note about missing records names.
const MOST_PATHS: usize = 4;

/// Answers a question.
pub fn answer(index: &Index, query: &Query) -> Result<Answers, IndexError> {
    answer_with(index, query, &Allowance::default())
}

/// Answers a question within what is allowed.
pub fn answer_with(
    index: &Index,
    query: &Query,
    allowance: &Allowance,
) -> Result<Answers, IndexError> {
    let (rewritten, _) = passes::rewrite(query);
    let (mut answers, matched) = answer_as_written(index, &rewritten, allowance)?;
    // Only records surprise: of bindings and statements nothing is known beside the rows.
    let Some(matched) = matched else { return Ok(answers) };
    // What is said of the question is said of it as written.
    let evaluator = Evaluator::of(index, query, allowance);
    let surprises = evaluator.surprises(query, &matched)?;
    answers.notes.extend(surprises.notes);
    answers.warnings.extend(surprises.warnings);
    Ok(answers)
}

/// Answers a question without rewriting it.
pub(super) fn answer_as_written(
    index: &Index,
    query: &Query,
    allowance: &Allowance,
) -> Result<(Answers, Option<TruthSet>), IndexError> {
    allowance.cancellation.check().map_err(IndexError::Cancelled)?;
    let evaluator = Evaluator::of(index, query, allowance);
    match &query.rows {
        Rows::Bindings(bindings) => return Ok((evaluator.bindings(query, bindings)?, None)),
        Rows::Statements(rows) => return Ok((evaluator.statements(query, rows)?, None)),
        Rows::Relations(_) | Rows::Records(_) | Rows::Query(_) | Rows::Along { .. } => {}
    }
    let matched = evaluator.matched(query)?;
    let doubtful = matched.possible.without(&matched.certain);
    let counts = (matched.certain.len() as u64, doubtful.len() as u64);
    let mut answers = evaluator.counted(query, counts);
    answers.notes.extend(evaluator.absence_notes(&matched.possible));
    match &query.output {
        Output::Count => {}
        Output::Groups(groups) => {
            let headings = evaluator.group_headings(&Records(&evaluator), groups);
            let rows = evaluator.record_groups(groups, &matched)?;
            evaluator.answer_groups(query, &mut answers, headings, rows)?;
        }
        Output::Records(columns) => {
            answers.rows_of = RowsOf::Records;
            answers.columns = columns.iter().map(|column| column.written().to_owned()).collect();
            let wanted = evaluator.rows_wanted(query, matched.certain.len(), doubtful.len())?;
            answers.rows_left = wanted.left;
            let certain = (&matched.certain, wanted.certain, Match::Certain);
            let possible = (&doubtful, wanted.possible, Match::Possible);
            for (ids, wanted, matched) in [certain, possible] {
                let notes = &mut answers.notes;
                let rows = evaluator.rows_of(query, columns, ids, matched, wanted, notes)?;
                answers.rows.extend(rows);
            }
        }
    }
    Ok((answers, Some(matched)))
}

/// How many rows are made.
pub(super) struct RowsWanted {
    pub certain: usize,
    pub possible: usize,
    /// How many are not made, beside those that `limit` leaves out.
    pub left: u64,
}

impl Evaluator<'_> {
    /// Begins an answer: how many rows there are, certain and possible, and what is said of the question itself.
    pub(super) fn counted(&self, query: &Query, (certain, possible): (u64, u64)) -> Answers {
        Answers {
            rows_of: RowsOf::Nothing,
            columns: Vec::new(),
            rows: Vec::new(),
            rows_left: 0,
            reasons: self.allowance.reasons,
            certain,
            possible,
            notes: query.notes.clone(),
            warnings: Vec::new(),
        }
    }

    /// Decides how many rows are made where so many were found; more than memory may hold are an error.
    pub(super) fn rows_wanted(
        &self,
        query: &Query,
        certain: usize,
        possible: usize,
    ) -> Result<RowsWanted, IndexError> {
        let most =
            query.limit.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
        let (certain, possible) = (certain.min(most), possible.min(most));
        let (all, bound) = (certain.saturating_add(possible), self.allowance.bounds.rows);
        let made = self.allowance.rows_wanted.map_or(all, |wanted| wanted.min(all));
        if made > bound {
            let what = format!("the answer has {all} rows, and {bound} are the most");
            return Err(IndexError::TooMany { what });
        }
        let certain = certain.min(made);
        Ok(RowsWanted { certain, possible: made - certain, left: (all - made) as u64 })
    }

    /// Makes groups the rows of an answer, as many as are wanted.
    pub(super) fn answer_groups(
        &self,
        query: &Query,
        answers: &mut Answers,
        headings: Vec<String>,
        mut rows: Vec<Row>,
    ) -> Result<(), IndexError> {
        let wanted = self.rows_wanted(query, rows.len(), 0)?;
        rows.truncate(wanted.certain);
        answers.rows_of = RowsOf::Groups;
        answers.columns = headings;
        answers.rows = rows;
        answers.rows_left = wanted.left;
        Ok(())
    }

    /// Tells whether anybody sees which rows may stand in another order: a reader, or whoever limits them.
    pub(super) fn is_order_shown(&self, query: &Query) -> bool {
        self.allowance.readers == Readers::People || query.limit.is_some()
    }

    fn rows_of(
        &self,
        query: &Query,
        columns: &[Term],
        ids: &Ids,
        matched: Match,
        wanted: usize,
        notes: &mut Vec<String>,
    ) -> Result<Vec<Row>, IndexError> {
        if wanted == 0 {
            return Ok(Vec::new());
        }
        let ordered = self.in_order(query, ids)?;
        let uncertain = match self.is_order_shown(query) {
            true => self.uncertain_places(query, &ordered)?,
            false => Vec::new(),
        };
        notes.extend(cut_between(query, &uncertain, matched));
        let is_uncertain = |place: usize| uncertain.get(place).copied().unwrap_or(false);
        let ordered = ordered.get(..wanted).unwrap_or(&ordered);
        let row = |evaluator: &Evaluator<'_>, place: usize, id: u32| {
            evaluator.row(query, columns, (EntityId(id), matched), is_uncertain(place))
        };
        if wanted < ROWS_WORTH_SHARING {
            return (0..).zip(ordered).map(|(place, id)| row(self, place, *id)).collect();
        }
        // As few shares as there are cores: what an evaluator has found out is not shared.
        let share = wanted.div_ceil(rayon::current_num_threads());
        let (index, allowance) = (self.index, self.allowance.clone());
        let shares = ordered.par_chunks(share).enumerate().map(|(number, ids)| {
            let own = Evaluator::of(index, query, &allowance);
            let places = number * share..;
            places.zip(ids).map(|(place, id)| row(&own, place, *id)).collect()
        });
        let shares: Result<Vec<Vec<Row>>, IndexError> = shares.collect();
        Ok(shares?.into_iter().flatten().collect())
    }

    fn row(
        &self,
        query: &Query,
        columns: &[Term],
        (row, matched): (EntityId, Match),
        order_is_uncertain: bool,
    ) -> Result<Row, IndexError> {
        self.step()?;
        let cells: Result<Vec<_>, IndexError> =
            columns.iter().map(|term| self.term_cell(term, &[Some(row.0)])).collect();
        Ok(Row {
            id: self.index.id_of(row)?.into_owned(),
            matched,
            reason: match matched {
                Match::Certain => String::new(),
                Match::Possible => self.reason(query, row)?,
            },
            order_is_uncertain,
            cells: cells?,
        })
    }

    /// Says how many records were left out since a field of a negated comparison is not recorded.
    fn absence_notes(&self, matched: &Ids) -> Vec<String> {
        let mut notes: Vec<String> = Vec::new();
        let claims = self.lens.claims();
        let when = match (&claims.as_of, &claims.according_to) {
            (None, None) => "",
            (Some(_), None) => " for that time",
            (None, Some(_)) => " in that source",
            (Some(_), Some(_)) => " in that source for that time",
        };
        for (path, absent) in self.absent.borrow().iter() {
            // What another part of the condition took in was not left out.
            let absent = absent.without(matched);
            if absent.is_empty() || notes.len() == MOST_PATHS {
                continue;
            }
            let (verb, that) = if absent.len() == 1 { ("is", "it") } else { ("are", "them") };
            notes.push(format!(
                "{} {verb} left out: `{path}` is not recorded{when}; add `or no {path}` to take {that} in",
                counted(absent.len(), "record"),
            ));
        }
        notes.dedup();
        notes
    }
}
