//! Resolves the facts of all files: schema, identifiers, values, evidence, order.
//!
//! Each piece of a file is read by itself, with names of its own, and its tree let go; then all identifiers are
//! put together and the names linked to them; a piece of which a name is wrong is read again. Then everything is
//! put into the order of answers.

mod again;
mod assemble;
mod base;
mod cardinality;
mod chronology;
mod declare;
mod evidence;
mod global;
mod intern;
mod join;
mod keys;
mod literal;
mod own_date;
mod packed;
mod placed;
mod placings;
mod qualifier;
mod reading;
mod record;
mod refer;
mod remember;
mod renew;
mod schema;
mod statements;
mod ties;
mod time_table;
mod times;
mod unit;
mod unresolved;
mod used;
mod values;

pub use again::{Changes, again};
pub use base::{Base, base};
pub use remember::Remembering;

use crate::diagnostic::{self, Diagnostic};
use crate::index::LedgerAnchor;
use crate::model::{DefinitionRecord, Facts, FileRecord, Schema};
use crate::source::{Sources, content_hash};
use crate::syntax::ast::{File, TextRange};
use chronology::Chronology;
use declare::{Declared, PieceOfAll};
use packed::Together;
use placed::{Placed, Tree};
use rayon::prelude::*;
use statements::{Context, ToRead};
use unit::{DeclaredPiece, PieceFacts, Unit};
use unresolved::{Unresolved, Whole};

/// The facts that are sound, and how many records there were in all.
#[derive(Debug, Default)]
pub struct Resolved {
    /// What can be built upon.
    pub facts: Facts,
    /// Records written, faulty ones included.
    pub written_records: usize,
}

/// What is to be made of the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Findings; the facts are put together only where a finding or a definition needs them.
    Findings,
    /// The facts as well.
    Facts,
}

/// Resolves the facts of files that are parsed; the findings come in the order of their places.
pub fn facts(sources: &Sources, files: &[File]) -> (Resolved, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let (schema, names) = schema::declare(sources, files, &mut diagnostics);
    let placed = place(sources, files);
    let context = Context { schema: &schema, names: &names, declared: None };
    let read = |placed_piece: &Placed<'_>| {
        statements::read(context, to_read(sources, &placed, placed_piece))
    };
    let units = placed.par_iter().map(read).collect();
    let records = sources.files().map(|(_, file)| FileRecord {
        path: file.path.clone(),
        bytes: file.text().len() as u64,
        hash: content_hash(file.text().as_bytes()),
    });
    let pieces = ReadPieces { sources, placed, units, files: records.collect() };
    let definitions = definitions(sources, files);
    let (resolved, _) =
        pieces.resolve(schema, &names, definitions, Extent::Facts, &mut diagnostics);
    (resolved, diagnostics)
}

/// Finds out where the pieces of parsed files stand.
fn place<'a>(sources: &Sources, files: &'a [File]) -> Vec<Placed<'a>> {
    let mut placed = Vec::new();
    for file in files {
        let text = sources.file(file.file).text().as_bytes();
        let mut first_line = 1;
        let mut cited_in = None;
        for piece in &file.pieces {
            let at = piece.at();
            if !piece.cites().is_empty() {
                cited_in = Some(placed.len() as u32);
            }
            let bytes = text.get(at.start as usize..at.end as usize).unwrap_or_default();
            let next_line = first_line + memchr::memchr_iter(b'\n', bytes).count() as u32;
            placed.push(Placed {
                file: file.file,
                at,
                first_record: 0,
                first_line,
                next_line,
                cited_in: cited_in.filter(|last| *last as usize != placed.len()),
                tree: Tree::Given(piece),
            });
            first_line = next_line;
        }
    }
    placed
}

fn to_read<'p>(sources: &'p Sources, all: &'p [Placed<'_>], placed: &'p Placed<'_>) -> ToRead<'p> {
    let cited_in = placed.cited_in.and_then(|number| all.get(number as usize));
    ToRead {
        file: placed.file,
        text: sources.file(placed.file).text(),
        piece: placed.tree(sources),
        first_line: placed.first_line,
        first_record: placed.first_record,
        cited_in: cited_in.map(|cited_in| cited_in.tree(sources)),
    }
}

/// All pieces, each read by itself.
struct ReadPieces<'a> {
    sources: &'a Sources,
    placed: Vec<Placed<'a>>,
    /// By piece.
    units: Vec<Unit>,
    files: Vec<FileRecord>,
}

impl ReadPieces<'_> {
    /// Links the pieces and puts their facts together. Returns the records by which dates are placed as well if nothing
    /// was found between the pieces: every name was right at once, no date contradicts another, no value is had twice, no
    /// link leads back.
    fn resolve(
        self,
        schema: Schema,
        names: &schema::Names,
        definitions: Vec<DefinitionRecord>,
        extent: Extent,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Resolved, Option<Vec<LedgerAnchor>>) {
        let ReadPieces { sources, mut placed, units, files } = self;
        let mut declared_pieces: Vec<DeclaredPiece> = Vec::with_capacity(units.len());
        let mut parts: Vec<PieceFacts> = Vec::with_capacity(units.len());
        let mut rest = Vec::with_capacity(units.len());
        let mut first_record = 0;
        for (mut unit, placed) in units.into_iter().zip(&mut placed) {
            placed.first_record = first_record;
            unit.facts.first_record = first_record;
            first_record += unit.declared.records.len() as u32;
            declared_pieces.push(unit.declared);
            parts.push(unit.facts);
            rest.push((unit.findings, unit.unresolved));
        }
        let of_all = declared_pieces.iter().zip(&placed).map(|(declared, placed)| PieceOfAll {
            declared,
            file: placed.file,
            first: placed.first_record,
        });
        let (declared, found) = Declared::new(of_all.collect(), &schema, names);
        diagnostics.extend(found);
        let context = Context { schema: &schema, names, declared: Some(&declared) };
        let again = |(place, part): (usize, &mut PieceFacts)| {
            let placed_piece = placed.get(place)?;
            let count = part.records.len() as u32;
            if declared.is_own(part.first_record, count) && refer::link(part, &declared, &schema) {
                return None;
            }
            let Unit { facts, findings, unresolved, .. } =
                statements::read(context, to_read(sources, &placed, placed_piece));
            *part = facts;
            Some((place, (findings, unresolved)))
        };
        let again: Vec<_> = parts.par_iter_mut().enumerate().filter_map(again).collect();
        let is_linked = again.is_empty();
        Together::hold(parts.iter_mut().map(|part| &mut part.linked).collect());
        for (place, found) in again {
            if let Some(slot) = rest.get_mut(place) {
                *slot = found;
            }
        }
        let mut unresolved = Unresolved::default();
        for (found, unknown) in rest {
            diagnostics.extend(found);
            unresolved.extend(unknown);
        }
        let whole = Whole { sources, schema: &schema, names, declared: &declared, pieces: &placed };
        diagnostics.extend(unresolved.diagnose(&whole));
        let Chronology { findings, anchors } =
            chronology::narrow(sources, &schema, &declared, &mut parts);
        let anchors = (is_linked && findings.is_empty()).then_some(anchors);
        diagnostics.extend(findings);
        let written_records = declared.len() as usize;
        drop(declared);
        let needs_facts =
            spans_records(&schema) || parts.iter().any(|part| part.has_dated_names(&schema));
        if extent == Extent::Findings && !needs_facts && definitions.is_empty() {
            diagnostic::sort(diagnostics);
            let facts = Facts { schema, ..Facts::default() };
            return (Resolved { facts, written_records }, anchors);
        }
        for piece in &mut declared_pieces {
            piece.records = Together::default();
        }
        let pieces = assemble::Pieces { declared: declared_pieces, parts };
        let mut assembled = assemble::facts(schema, files, pieces);
        assembled.facts.definitions = definitions;
        let found = global::check(sources, &placed, &assembled);
        let anchors = anchors.filter(|_| found.is_empty());
        diagnostics.extend(found);
        diagnostic::sort(diagnostics);
        (Resolved { facts: assembled.facts, written_records }, anchors)
    }
}

/// Tells whether some field is checked over the facts of all records.
fn spans_records(schema: &Schema) -> bool {
    schema.fields.iter().any(|field| field.unique || field.acyclic)
}

/// Takes rules, checks, expectations and saved queries as they are written.
fn definitions(sources: &Sources, files: &[File]) -> Vec<DefinitionRecord> {
    let mut all = Vec::new();
    // Only what declares something is read once more.
    let is_defining =
        |file: &&File| file.pieces.iter().any(|piece| !piece.definitions().is_empty());
    for file in files.iter().filter(is_defining) {
        let text = sources.file(file.file).text();
        let slice = |at: TextRange| text.get(at.start as usize..at.end as usize).unwrap_or("");
        for definition in file.pieces.iter().flat_map(|piece| piece.definitions()) {
            let start = definition.keyword.start;
            all.push(DefinitionRecord {
                kind: slice(definition.keyword).to_owned(),
                name: slice(definition.name).to_owned(),
                text: slice(TextRange::new(start, definition.body.end.max(definition.head.end)))
                    .to_owned(),
                file: file.file.0,
                line: sources.file(file.file).line(start),
            });
        }
    }
    all
}
