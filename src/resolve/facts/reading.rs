//! The reading of files, batch by batch: neither the texts nor the trees of all are ever in memory at once.

use super::placed::{Placed, Tree};
use super::remember::Remembering;
use super::statements::{self, Context, ToRead};
use super::unit::{self, Unit};
use crate::diagnostic::Diagnostic;
use crate::model::FileRecord;
use crate::source::{Encoding, FileId, Progress, SourceError, Sources, Text, content_hash};
use crate::syntax::ast::{File, Piece, TextRange};
use crate::syntax::{encoding_faults, parse_stretch, parse_stretch_into, stretches};
use rayon::prelude::*;
use std::sync::OnceLock;

/// So many pieces for each core are held as trees at once.
const PIECES_A_CORE: usize = 4;

/// Files are read together up to so many bytes, and a larger one alone.
const BATCH_BYTES: u64 = 16 << 20;

/// Reads files, some at a time.
pub(super) fn read_batches(
    sources: &Sources,
    context: Context<'_>,
    files: &[FileId],
    holding: Holding,
    mut remembering: Option<&mut Remembering>,
    progress: &Progress,
) -> Result<AllRead, SourceError> {
    let all = AllRead::default();
    let mut reading = Reading {
        sources,
        context,
        holding,
        all,
        together: 0,
        rooms: Vec::new(),
        spare: Vec::new(),
    };
    for batch in batches(sources, files) {
        let before = (reading.all.findings.len(), reading.all.placed.len());
        reading.batch(batch)?;
        let bytes = batch.iter().map(|file| sources.file(*file).expected_bytes()).sum();
        let units = reading.all.units.get(before.1..).unwrap_or_default();
        let records = units.iter().map(|unit| unit.declared.records.len() as u64).sum();
        progress.add(bytes, records);
        if let Some(remembering) = &mut remembering {
            reading.remember(batch, before, remembering);
        }
    }
    reading.hold_together();
    Ok(reading.all)
}

/// Parts the files into runs that are read together.
fn batches<'f>(sources: &Sources, files: &'f [FileId]) -> Vec<&'f [FileId]> {
    let mut batches = Vec::new();
    let mut rest = files;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = |file: &&FileId| {
            bytes += sources.file(**file).expected_bytes();
            bytes <= BATCH_BYTES
        };
        let count = rest.iter().take_while(fits).count().max(1);
        let (batch, after) = rest.split_at(count);
        batches.push(batch);
        rest = after;
    }
    batches
}

/// How memory holds what the pieces say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holding {
    /// Each piece for itself: it is looked through, and all of it let go at the end.
    Apart,
    /// That of many pieces together, since facts are put together from it, and it is let go bit by bit meanwhile.
    Together,
}

/// All that was read so far.
#[derive(Default)]
pub(super) struct AllRead {
    /// What is wrong with the syntax.
    pub(super) findings: Vec<Diagnostic>,
    /// By piece: where it stands.
    pub(super) placed: Vec<Placed<'static>>,
    /// By piece: what it says.
    pub(super) units: Vec<Unit>,
    /// By file.
    pub(super) files: Vec<FileRecord>,
    /// By file: the trees of pieces that declare something, or of which lines could not be read.
    pub(super) kept: Vec<File>,
}

/// The reading of a base. One run of files after another is read, parsed on all cores, and read on all cores: so
/// that neither more texts nor more trees are held than that takes.
struct Reading<'a> {
    sources: &'a Sources,
    context: Context<'a>,
    holding: Holding,
    all: AllRead,
    /// What so many of the pieces say is held together.
    together: usize,
    /// The room of the texts that were read last: asking the system for it anew for each file takes longer than
    /// looking through the file.
    rooms: Vec<Vec<u8>>,
    /// Trees that are no longer needed: others grow in their room.
    spare: Vec<Piece>,
}

/// A tree with its place among all pieces.
struct Numbered {
    number: u32,
    piece: Piece,
}

impl Reading<'_> {
    fn batch(&mut self, files: &[FileId]) -> Result<(), SourceError> {
        let mut rooms = std::mem::take(&mut self.rooms);
        rooms.resize_with(files.len(), Vec::new);
        let read = |(file, room): (&FileId, Vec<u8>)| {
            let read = self.sources.file(*file).read_into(room)?;
            let stretches = stretches(&read.text);
            Ok((*file, read, stretches))
        };
        let texts: Result<Vec<_>, SourceError> = files.par_iter().zip(rooms).map(read).collect();
        let read_texts = texts?;
        let mut stretches = Vec::new();
        for (place, (file, read, of_file)) in read_texts.iter().enumerate() {
            self.all.findings.extend(encoding_faults(*file, read.encoding));
            self.all.files.push(self.record(*file, read));
            self.all.kept.push(File { file: *file, pieces: Vec::new() });
            stretches.extend(of_file.iter().map(|at| (place, *at)));
        }
        let texts: Vec<(FileId, &str)> =
            read_texts.iter().map(|(file, read, _)| (*file, &*read.text)).collect();
        let mut cited_in: Option<Numbered> = None;
        for stretches in stretches.chunks(PIECES_A_CORE * rayon::current_num_threads()) {
            let of_stretch = |(place, at): &(usize, TextRange)| {
                texts.get(*place).map(|(file, text)| (*file, *text, *at))
            };
            let stretches: Vec<_> = stretches.iter().filter_map(of_stretch).collect();
            self.pieces(&stretches, &mut cited_in);
        }
        let rooms = read_texts.into_iter().map(|(_, read, _)| read.into_room());
        // A file that is read alone gives its room back, which hardly any other needs.
        self.rooms = rooms.filter(|room| room.capacity() as u64 <= BATCH_BYTES).collect();
        Ok(())
    }

    /// Keeps what was found in the files of a batch; `before` is how many findings and pieces came before it.
    fn remember(&self, files: &[FileId], before: (usize, usize), remembering: &mut Remembering) {
        let found = self.all.findings.get(before.0..).unwrap_or_default();
        let mut placed = self.all.placed.get(before.1..).unwrap_or_default();
        let mut units = self.all.units.get(before.1..).unwrap_or_default();
        for file in files {
            let count = placed.iter().take_while(|placed| placed.file == *file).count();
            let (of_file, rest) = units.split_at(count.min(units.len()));
            placed = placed.get(count..).unwrap_or_default();
            units = rest;
            let found = found.iter().filter(|found| found.primary.span.file == *file);
            remembering.add(self.sources, self.context.schema, *file, found, of_file);
        }
    }

    fn record(&self, file: FileId, read: &Text<'_>) -> FileRecord {
        let text = read.text.as_bytes();
        let hash = match read.encoding {
            Encoding::Sound => read.hash,
            _ => content_hash(text),
        };
        FileRecord { path: self.sources.file(file).path.clone(), bytes: text.len() as u64, hash }
    }

    /// Has what the last pieces say held together.
    fn hold_together(&mut self) {
        if self.holding == Holding::Apart {
            return;
        }
        let units = self.all.units.get_mut(self.together..).unwrap_or_default();
        unit::hold_together(units);
        self.together = self.all.units.len();
    }

    /// Parses and reads pieces; `cited_in` is the last one before them that has a `cite`.
    fn pieces(&mut self, stretches: &[(FileId, &str, TextRange)], cited_in: &mut Option<Numbered>) {
        let parse = |((file, text, at), room): (&(FileId, &str, TextRange), Piece)| {
            let bytes = text.as_bytes().get(at.start as usize..at.end as usize);
            let lines = memchr::memchr_iter(b'\n', bytes.unwrap_or_default()).count() as u32;
            (parse_stretch_into(*file, text, *at, room), lines)
        };
        let mut spare = std::mem::take(&mut self.spare);
        spare.resize_with(stretches.len(), Piece::default);
        let parsed: Vec<_> = stretches.par_iter().zip(spare).map(parse).collect();
        let first = self.all.placed.len() as u32;
        let mut trees: Vec<Numbered> = Vec::with_capacity(parsed.len());
        let last = self.all.placed.last();
        let (mut file, mut next_line) =
            last.map_or((FileId(u32::MAX), 1), |last| (last.file, last.next_line));
        let mut last_cite = cited_in.as_ref().map(|cited_in| cited_in.number);
        for (number, ((piece, found), lines)) in (first..).zip(parsed) {
            let of_file = stretches.get((number - first) as usize).map(|(file, ..)| *file);
            let of_file = of_file.unwrap_or(file);
            if of_file != file {
                (file, next_line, last_cite) = (of_file, 1, None);
            }
            self.all.findings.extend(found);
            let first_line = next_line;
            next_line += lines;
            self.all.placed.push(Placed {
                file,
                at: piece.at(),
                first_record: 0,
                first_line,
                next_line,
                cited_in: last_cite,
                tree: Tree::Again(OnceLock::new()),
            });
            if !piece.cites().is_empty() {
                last_cite = Some(number);
            }
            trees.push(Numbered { number, piece });
        }
        let tree = |number: u32| match number.checked_sub(first) {
            Some(place) => trees.get(place as usize).map(|tree| &tree.piece),
            None => cited_in.as_ref().map(|cited_in| &cited_in.piece),
        };
        let placed = self.all.placed.get(first as usize..).unwrap_or_default();
        let context = self.context;
        let to_read = trees.par_iter().zip(placed).zip(stretches);
        let read = to_read.map(|((numbered, placed), (file, text, _))| {
            let piece = ToRead {
                file: *file,
                text,
                piece: &numbered.piece,
                first_line: placed.first_line,
                first_record: 0,
                cited_in: placed.cited_in.and_then(tree),
            };
            statements::read(context, piece)
        });
        let units: Vec<Unit> = read.collect();
        self.all.units.extend(units);
        let apart = self.all.placed.get(self.together..).unwrap_or_default();
        let bytes: u64 =
            apart.iter().map(|placed| u64::from(placed.at.end - placed.at.start)).sum();
        if bytes >= BATCH_BYTES {
            self.hold_together();
        }
        if last_cite.is_none() {
            *cited_in = None;
        }
        // A tree is kept for what it declares, or goes on being cited, or is let go here.
        for (Numbered { number, piece }, (file, text, at)) in trees.into_iter().zip(stretches) {
            let is_kept = piece.declares() || !piece.unread().is_empty();
            let is_cited = last_cite == Some(number);
            if is_cited && is_kept {
                let piece = parse_stretch(*file, text, *at).0;
                *cited_in = Some(Numbered { number, piece });
            }
            if is_kept {
                let kept = self.all.kept.iter_mut().rev().find(|kept| kept.file == *file);
                if let Some(kept) = kept {
                    kept.pieces.push(piece);
                }
            } else if is_cited {
                *cited_in = Some(Numbered { number, piece });
            } else {
                self.spare.push(piece);
            }
        }
    }
}
