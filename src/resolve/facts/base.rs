//! A whole base, read file by file: neither its texts nor its trees are ever all in memory.
//!
//! In: sources that need not be read yet. Out: what is resolved, every finding, and the trees of what declares
//! something. A quick look at all files comes first, for what all facts are read by.

use super::reading::{AllRead, Holding, read_batches};
use super::remember::{Remembering, schema_hash};
use super::statements::Context;
use super::{Extent, ReadPieces, Resolved, definitions, schema, spans_records};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Progress, SourceError, Sources, Stage};
use crate::syntax::ast::{File, Piece, TextRange};
use crate::syntax::{may_declare, parse_stretch, stretches};
use rayon::prelude::*;

/// A base that was read.
pub struct Base {
    /// What is sound.
    pub resolved: Resolved,
    /// What is wrong with it, by file, then by place.
    pub findings: Vec<Diagnostic>,
    /// The pieces that declare something, as trees.
    pub declaring: Vec<File>,
    /// The ledger of what was found, which is still to be finished.
    pub remembering: Option<Remembering>,
}

/// Reads all files of a base. Where nothing is wrong between the files, what was found is kept in `remembering` for
/// the next time.
///
/// # Errors
/// A file cannot be read.
pub fn base(
    sources: &Sources,
    extent: Extent,
    mut remembering: Option<Remembering>,
    progress: &Progress,
) -> Result<Base, SourceError> {
    progress.expect_bytes(sources.files().map(|(_, file)| file.expected_bytes()).sum());
    let files: Vec<FileId> = sources.files().map(|(file, _)| file).collect();
    let mut declaring = look_for_declarations(sources, &files);
    loop {
        let (schema, names) = schema::declare(sources, &declaring, &mut Vec::new());
        let context = Context { schema: &schema, names: &names, declared: None };
        let hash = schema_hash(&schema, &names);
        if hash.is_none() {
            remembering = None;
        }
        let mut pieces = declaring.iter().flat_map(|file| &file.pieces);
        let asks_facts = extent == Extent::Facts
            || spans_records(&schema)
            || pieces.any(|piece| !piece.definitions().is_empty());
        let holding = if asks_facts { Holding::Together } else { Holding::Apart };
        let AllRead { mut findings, placed, units, files: records, kept } =
            read_batches(sources, context, &files, holding, remembering.as_mut(), progress)?;
        let is_whole = declared_at(&kept) == declared_at(&declaring);
        declaring = kept;
        if !is_whole {
            // The quick look has missed something: now everything that declares is known.
            remembering = None;
            continue;
        }
        // Once more, with the lines that could not be read, for what is to be told.
        let (schema, names) = schema::declare(sources, &declaring, &mut findings);
        let definitions = definitions(sources, &declaring);
        progress.enter(Stage::Joining);
        let pieces = ReadPieces { sources, placed, units, files: records };
        let (resolved, anchors) =
            pieces.resolve(schema, &names, definitions, extent, &mut findings);
        let has_unread =
            declaring.iter().any(|file| file.pieces.iter().any(|piece| !piece.unread().is_empty()));
        let remembering = match (remembering, hash, anchors, has_unread) {
            (Some(remembering), Some(hash), Some(anchors), false) => {
                remembering.of_all(hash, anchors, &declaring)
            }
            _ => None,
        };
        return Ok(Base { resolved, findings, declaring, remembering });
    }
}

/// Parses the pieces that may declare what all facts are read by.
pub(super) fn look_for_declarations(sources: &Sources, files: &[FileId]) -> Vec<File> {
    let look = |file: &FileId| {
        let source = sources.file(*file);
        let pieces = match source.peek(may_declare) {
            false => Vec::new(),
            true => {
                let text = source.text();
                let stretches = stretches(text).into_iter().filter(|at| {
                    let bytes = text.as_bytes().get(at.start as usize..at.end as usize);
                    may_declare(bytes.unwrap_or_default())
                });
                let parsed = stretches.map(|at| parse_stretch(*file, text, at).0);
                parsed.filter(Piece::declares).collect()
            }
        };
        File { file: *file, pieces }
    };
    files.par_iter().map(look).collect()
}

pub(super) fn declared_at(files: &[File]) -> Vec<(FileId, TextRange)> {
    let of_file = |file: &File| {
        let declaring = file.pieces.iter().filter(|piece| piece.declares());
        declaring.map(|piece| (file.file, piece.at())).collect::<Vec<_>>()
    };
    files.iter().flat_map(of_file).collect()
}
