//! Resolves the facts of all files: schema, identifiers, values, evidence, order.
//!
//! Two passes: declare all identifiers, then read all statements, piece by piece on all cores; then everything
//! is put into the order of answers.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod assemble;
mod cardinality;
mod chronology;
mod declare;
mod evidence;
mod global;
mod intern;
mod literal;
mod qualifier;
mod schema;
mod statements;
mod times;
mod unresolved;
mod values;

use crate::diagnostic::{self, Diagnostic};
use crate::model::{DefinitionRecord, Facts};
use crate::source::Sources;
use crate::syntax::ast::{File, Piece, TextRange};

/// The facts that are sound, and how many records there were in all.
#[derive(Debug, Default)]
pub struct Resolved {
    /// What can be built upon.
    pub facts: Facts,
    /// Records written, faulty ones included.
    pub written_records: usize,
}

/// A piece with the file it belongs to.
#[derive(Clone, Copy)]
struct Placed<'a> {
    file: &'a File,
    piece: &'a Piece,
    /// The number that the piece's first fact has among all.
    first_record: u32,
    /// Its place among all pieces.
    number: u32,
    /// The line at which it starts, counted from 1.
    first_line: u32,
}

/// Resolves the facts of all files; the findings come in the order of their places.
pub fn facts(sources: &Sources, files: &[File]) -> (Resolved, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let pieces = number_pieces(sources, files);
    let (schema, names) = schema::declare(sources, files, &mut diagnostics);
    let declared = declare::records(sources, &pieces, &schema, &names, &mut diagnostics);
    let context = statements::Context {
        sources,
        schema: &schema,
        names: &names,
        declared: &declared,
        pieces: &pieces,
    };
    let read = statements::read(&context);
    let mut unresolved = unresolved::Unresolved::default();
    let mut parts = Vec::with_capacity(read.len());
    for (part, found, unknown) in read {
        parts.push(part);
        diagnostics.extend(found);
        unresolved.extend(unknown);
    }
    diagnostics.extend(unresolved.diagnose(&context));
    let written_records = declared.records.len();
    let mut assembled =
        assemble::facts(sources, schema.clone(), &declared, parts, &mut diagnostics);
    assembled.facts.definitions = definitions(sources, files);
    diagnostics.extend(global::check(sources, &pieces, &assembled));
    diagnostic::sort(&mut diagnostics);
    (Resolved { facts: assembled.facts, written_records }, diagnostics)
}

/// Takes rules, checks, expectations and saved queries as they are written.
fn definitions(sources: &Sources, files: &[File]) -> Vec<DefinitionRecord> {
    let mut all = Vec::new();
    for (number, file) in (0u32..).zip(files) {
        let text = sources.file(file.file).text();
        let slice = |at: TextRange| text.get(at.start as usize..at.end as usize).unwrap_or("");
        for definition in file.pieces.iter().flat_map(|piece| piece.definitions()) {
            let start = definition.keyword.start;
            all.push(DefinitionRecord {
                kind: slice(definition.keyword).to_owned(),
                name: slice(definition.name).to_owned(),
                text: slice(TextRange::new(start, definition.body.end.max(definition.head.end)))
                    .to_owned(),
                file: number,
                line: sources.file(file.file).line(start),
            });
        }
    }
    all
}

fn number_pieces<'a>(sources: &Sources, files: &'a [File]) -> Vec<Placed<'a>> {
    let mut placed = Vec::new();
    let mut first_record = 0;
    for file in files {
        let text = sources.file(file.file).text().as_bytes();
        let mut first_line = 1;
        for piece in &file.pieces {
            placed.push(Placed {
                file,
                piece,
                first_record,
                number: placed.len() as u32,
                first_line,
            });
            first_record += piece.facts().len() as u32;
            let at = piece.at();
            let bytes = text.get(at.start as usize..at.end as usize).unwrap_or_default();
            first_line += memchr::memchr_iter(b'\n', bytes).count() as u32;
        }
    }
    placed
}
