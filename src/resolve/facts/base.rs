//! A whole base, read file by file: neither its texts nor its trees are ever all in memory.
//!
//! In: sources that need not be read yet. Out: what is resolved, every finding, and the trees of what declares
//! something. A quick look at all files comes first, for what all facts are read by.

use super::placed::{Placed, Tree};
use super::statements::{self, Context, ToRead};
use super::unit::Unit;
use super::{Extent, ReadPieces, Resolved, definitions, schema};
use crate::diagnostic::Diagnostic;
use crate::model::FileRecord;
use crate::source::{Encoding, FileId, SourceError, Sources, content_hash};
use crate::syntax::ast::{File, Piece, TextRange};
use crate::syntax::{encoding_faults, may_declare, parse_stretch, stretches};
use rayon::prelude::*;
use std::sync::OnceLock;

/// So many pieces of a file are held as trees at once.
const PIECES_AT_ONCE: usize = 16;

/// A base that was read.
pub struct Base {
    /// What is sound.
    pub resolved: Resolved,
    /// What is wrong with it, by file, then by place.
    pub findings: Vec<Diagnostic>,
    /// The pieces that declare something, as trees.
    pub declaring: Vec<File>,
}

/// Reads all files of a base.
///
/// # Errors
/// A file cannot be read.
pub fn base(sources: &Sources, extent: Extent) -> Result<Base, SourceError> {
    let mut declaring = look_for_declarations(sources);
    loop {
        let (schema, names) = schema::declare(sources, &declaring, &mut Vec::new());
        let context = Context { schema: &schema, names: &names, declared: None };
        let files: Vec<FileId> = sources.files().map(|(file, _)| file).collect();
        let read: Result<Vec<FileRead>, SourceError> =
            files.par_iter().map(|file| read_file(sources, *file, context)).collect();
        let mut findings = Vec::new();
        let mut placed = Vec::new();
        let mut units = Vec::new();
        let mut records = Vec::new();
        let mut kept = Vec::new();
        for file in read? {
            let first_piece = placed.len() as u32;
            findings.extend(file.findings);
            placed.extend(file.placed.into_iter().map(|piece| Placed {
                cited_in: piece.cited_in.map(|number| first_piece + number),
                ..piece
            }));
            units.extend(file.units);
            records.push(file.record);
            kept.push(file.kept);
        }
        let is_whole = declared_at(&kept) == declared_at(&declaring);
        declaring = kept;
        if !is_whole {
            // The quick look has missed something: now everything that declares is known.
            continue;
        }
        // Once more, with the lines that could not be read, for what is to be told.
        let (schema, names) = schema::declare(sources, &declaring, &mut findings);
        let definitions = definitions(sources, &declaring);
        let pieces = ReadPieces { sources, placed, units, files: records };
        let resolved = pieces.resolve(schema, &names, definitions, extent, &mut findings);
        return Ok(Base { resolved, findings, declaring });
    }
}

/// Parses the pieces that may declare what all facts are read by.
fn look_for_declarations(sources: &Sources) -> Vec<File> {
    let files: Vec<_> = sources.files().collect();
    let look = |(file, source): &(FileId, &crate::source::SourceFile)| {
        let pieces = match source.peek(may_declare) {
            false => Vec::new(),
            true => {
                let text = source.text();
                let stretches = stretches(text).into_iter().filter(|at| {
                    let bytes = text.as_bytes().get(at.start as usize..at.end as usize);
                    may_declare(bytes.unwrap_or_default())
                });
                let parsed = stretches.map(|at| parse_stretch(*file, text, at).0);
                parsed.filter(declares).collect()
            }
        };
        File { file: *file, pieces }
    };
    files.par_iter().map(look).collect()
}

/// Tells whether a piece declares something by which all facts are read.
fn declares(piece: &Piece) -> bool {
    !piece.relations().is_empty() || !piece.unions().is_empty() || !piece.definitions().is_empty()
}

fn declared_at(files: &[File]) -> Vec<(FileId, TextRange)> {
    let of_file = |file: &File| {
        let declaring = file.pieces.iter().filter(|piece| declares(piece));
        declaring.map(|piece| (file.file, piece.at())).collect::<Vec<_>>()
    };
    files.iter().flat_map(of_file).collect()
}

/// What was read of one file.
struct FileRead {
    placed: Vec<Placed<'static>>,
    units: Vec<Unit>,
    findings: Vec<Diagnostic>,
    record: FileRecord,
    kept: File,
}

fn read_file(
    sources: &Sources,
    file: FileId,
    context: Context<'_>,
) -> Result<FileRead, SourceError> {
    let source = sources.file(file);
    let read = source.read()?;
    let text = &*read.text;
    let hash = match read.encoding {
        Encoding::Sound => read.hash,
        _ => content_hash(text.as_bytes()),
    };
    let record = FileRecord { path: source.path.clone(), bytes: text.len() as u64, hash };
    let mut all = FileRead {
        placed: Vec::new(),
        units: Vec::new(),
        findings: encoding_faults(file, read.encoding),
        record,
        kept: File { file, pieces: Vec::new() },
    };
    let mut first_line = 1;
    let mut cited_in: Option<(u32, Piece)> = None;
    for stretches in stretches(text).chunks(PIECES_AT_ONCE) {
        let parse = |at: &TextRange| {
            let bytes = text.as_bytes().get(at.start as usize..at.end as usize);
            let lines = memchr::memchr_iter(b'\n', bytes.unwrap_or_default()).count() as u32;
            (parse_stretch(file, text, *at), lines)
        };
        let parsed: Vec<_> = stretches.par_iter().map(parse).collect();
        let first = all.placed.len() as u32;
        let mut trees = Vec::with_capacity(parsed.len());
        let mut last_cite = cited_in.as_ref().map(|(number, _)| *number);
        for (number, ((piece, found), lines)) in (first..).zip(parsed) {
            all.findings.extend(found);
            all.placed.push(Placed {
                file,
                at: piece.at(),
                first_record: 0,
                first_line,
                cited_in: last_cite,
                tree: Tree::Again(OnceLock::new()),
            });
            first_line += lines;
            if !piece.cites().is_empty() {
                last_cite = Some(number);
            }
            trees.push(piece);
        }
        let tree = |number: u32| match number.checked_sub(first) {
            Some(place) => trees.get(place as usize),
            None => cited_in.as_ref().map(|(_, piece)| piece),
        };
        let placed = all.placed.get(first as usize..).unwrap_or_default();
        let read = trees.par_iter().zip(placed).map(|(piece, placed)| {
            let cited_in = placed.cited_in.and_then(tree);
            let (first_line, first_record) = (placed.first_line, 0);
            let piece = ToRead { file, text, piece, first_line, first_record, cited_in };
            statements::read(context, piece)
        });
        all.units.extend(read.collect::<Vec<_>>());
        for (number, piece) in (first..).zip(trees) {
            let is_kept = declares(&piece) || !piece.unread().is_empty();
            // A tree is either kept for what it declares, or goes on being cited, or is let go here.
            match last_cite == Some(number) {
                true if is_kept => {
                    cited_in = Some((number, parse_stretch(file, text, piece.at()).0));
                    all.kept.pieces.push(piece);
                }
                true => cited_in = Some((number, piece)),
                false if is_kept => all.kept.pieces.push(piece),
                false => {}
            }
        }
    }
    Ok(all)
}
