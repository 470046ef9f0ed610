//! All columns: made on all cores, and laid down one after another.
//!
//! Whoever has made a column lays down all that are next, unless somebody else does so already; nobody waits for
//! another.

use super::super::IndexError;
use super::super::image::{Sink, Writer};
use super::super::layout::ColumnEntry;
use super::column::{self, Context, Made};
use super::range_of;
use crate::model::{Facts, RelationId};
use rayon::ScopeFifo;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Columns are begun until the relations of those that are not laid down have so many records, or as many as there are
/// in all: what is made of them is held as long.
const RECORDS_TOGETHER: usize = 1 << 21;

/// The shapes of the names that a field gives, if it gives any.
type Shapes = Option<Vec<u32>>;

/// Lays down what stands before the columns, and these, of which the first are made meanwhile. `shapes` has those of
/// each field.
pub(super) fn write<S: Sink + Send, H: Send>(
    out: &mut Writer<S>,
    facts: &Facts,
    relation_ends: &[u32],
    shapes: Vec<Shapes>,
    heads: impl FnOnce(&mut Writer<S>) -> Result<H, IndexError> + Send,
) -> Result<(H, Vec<ColumnEntry>), IndexError> {
    let statuses = facts.qualifiers.iter().map(|qualifier| qualifier.status).collect();
    let range_of = |field: usize| {
        let relation = facts.schema.fields.get(field).map_or(RelationId(0), |field| field.relation);
        range_of(relation_ends, relation)
    };
    let making = Making {
        context: Context { facts, statuses },
        ranges: (0..shapes.len()).map(range_of).collect(),
        state: Mutex::new(State::of(shapes, facts.records.len())),
    };
    let heads = rayon::scope_fifo(|scope| {
        making.begin(scope);
        let heads = heads(out)?;
        making.lay_down(scope, |state| state.out = Some(out));
        Ok(heads)
    });
    let state = making.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    match state.failed {
        Some(error) => Err(error),
        None => Ok((heads?, state.entries)),
    }
}

/// Columns in the making.
struct Making<'f, 'w, S> {
    context: Context<'f>,
    /// By field: the records of its relation.
    ranges: Vec<Range<u32>>,
    state: Mutex<State<'w, S>>,
}

/// How far the columns are.
struct State<'w, S> {
    /// Where they are laid down; nothing until what stands before them is there, and while somebody lays one down.
    out: Option<&'w mut Writer<S>>,
    /// By field, taken where its column is begun.
    shapes: Vec<Shapes>,
    /// How many columns are begun.
    begun: usize,
    /// How many records the relations of those have that are begun and not yet laid down.
    records: usize,
    /// How many these may be before nothing more is begun.
    most_records: usize,
    /// By field: those that are made and not yet laid down.
    made: BTreeMap<usize, Made>,
    /// By field: those that are laid down.
    entries: Vec<ColumnEntry>,
    /// What went wrong first: nothing is begun after it.
    failed: Option<IndexError>,
}

impl<'w, S> State<'w, S> {
    fn of(shapes: Vec<Shapes>, records: usize) -> State<'w, S> {
        State {
            out: None,
            begun: 0,
            records: 0,
            most_records: records.max(RECORDS_TOGETHER),
            made: BTreeMap::new(),
            entries: Vec::with_capacity(shapes.len()),
            shapes,
            failed: None,
        }
    }

    /// Returns the column to be begun next, if there is one and room for it.
    fn next(&mut self, ranges: &[Range<u32>]) -> Option<(usize, Shapes)> {
        let field = self.begun;
        let held = field - self.entries.len();
        let has_room = held < rayon::current_num_threads() || self.records < self.most_records;
        if self.failed.is_some() || !has_room {
            return None;
        }
        let shapes = self.shapes.get_mut(field)?.take();
        self.begun += 1;
        self.records += ranges.get(field).map_or(0, Range::len);
        Some((field, shapes))
    }

    fn keep(&mut self, field: usize, made: Result<Made, IndexError>) {
        match made {
            Ok(made) => drop(self.made.insert(field, made)),
            Err(error) => self.fail(error),
        }
    }

    /// Returns the column to be laid down next and where, if it is made and nobody lays one down.
    fn next_made(&mut self) -> Option<(&'w mut Writer<S>, Made)> {
        if self.failed.is_some() || self.out.is_none() {
            return None;
        }
        let made = self.made.remove(&self.entries.len())?;
        Some((self.out.take()?, made))
    }

    fn laid_down(
        &mut self,
        out: &'w mut Writer<S>,
        written: Result<ColumnEntry, IndexError>,
        ranges: &[Range<u32>],
    ) {
        self.out = Some(out);
        self.records -= ranges.get(self.entries.len()).map_or(0, Range::len);
        match written {
            Ok(entry) => self.entries.push(entry),
            Err(error) => self.fail(error),
        }
    }

    fn fail(&mut self, error: IndexError) {
        self.failed.get_or_insert(error);
    }
}

impl<'w, S: Sink + Send> Making<'_, 'w, S> {
    fn state(&self) -> MutexGuard<'_, State<'w, S>> {
        // Whoever panics with it in hand ends the scope, and with it all.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has as many columns made as there is room for.
    fn begin<'s>(&'s self, scope: &ScopeFifo<'s>) {
        loop {
            let Some((field, shapes)) = self.state().next(&self.ranges) else { return };
            scope.spawn_fifo(move |scope| {
                let range = self.ranges.get(field).cloned().unwrap_or_default();
                let made = column::make(&self.context, field, &range, shapes);
                self.lay_down(scope, |state| state.keep(field, made));
            });
        }
    }

    /// Changes the state, and lays down the columns that are next, unless somebody else does.
    fn lay_down<'s>(&'s self, scope: &ScopeFifo<'s>, change: impl FnOnce(&mut State<'w, S>)) {
        let mut state = self.state();
        change(&mut state);
        while let Some((out, made)) = state.next_made() {
            drop(state);
            let written = column::write(out, &made);
            drop(made);
            state = self.state();
            state.laid_down(out, written, &self.ranges);
            drop(state);
            self.begin(scope);
            state = self.state();
        }
        drop(state);
        self.begin(scope);
    }
}
