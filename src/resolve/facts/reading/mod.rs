//! The reading of files, batch by batch: neither the texts nor the trees of all are ever in memory at once.

mod trees;

use super::placed::{Placed, Tree};
use super::remember::{ReadFile, Remembering};
use super::statements::{self, Context, ToRead};
use super::unit::{self, Unit};
use crate::diagnostic::Diagnostic;
use crate::model::FileRecord;
use crate::source::{Encoding, FileId, Progress, SourceError, Sources, Text, content_hash};
use crate::syntax::ast::{File, Piece};
use crate::syntax::{encoding_faults, parse_stretch, stretches};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::OnceLock;
use trees::{Citing, LetGo, Parsed, Spare, Stretch, Trees, is_kept};

/// So many pieces for each core are read together; where each has a `cite`, as many trees are held at once.
const PIECES_A_CORE: usize = 8;

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
        bytes_apart: 0,
        rooms: Vec::new(),
        spare: Spare::default(),
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

/// The reading of a base. Of one run of files after another the texts are held, and their pieces parsed and read on all
/// cores.
struct Reading<'a> {
    sources: &'a Sources,
    context: Context<'a>,
    holding: Holding,
    all: AllRead,
    /// What so many of the pieces say is held together.
    together: usize,
    /// How many bytes of text the others were read from.
    bytes_apart: u64,
    /// The room of the texts that were read last: asking the system for it anew for each file takes longer than
    /// looking through the file.
    rooms: Vec<Vec<u8>>,
    spare: Spare,
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
        let mut of_texts = Vec::new();
        for (file, read, of_file) in &read_texts {
            self.all.findings.extend(encoding_faults(*file, read.encoding));
            self.all.files.push(self.record(*file, read));
            self.all.kept.push(File { file: *file, pieces: Vec::new() });
            of_texts.extend(of_file.iter().map(|at| (*file, &*read.text, *at)));
        }
        let stretches =
            of_texts.into_par_iter().map(|(file, text, at)| Stretch::new(file, text, at));
        let stretches: Vec<Stretch<'_>> = stretches.collect();
        let mut citing = None;
        for stretches in stretches.chunks(PIECES_A_CORE * rayon::current_num_threads()) {
            self.pieces(stretches, &mut citing);
        }
        drop(stretches);
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
        let mut found_in: HashMap<FileId, Vec<&Diagnostic>> = HashMap::new();
        for found in found {
            found_in.entry(found.primary.span.file).or_default().push(found);
        }
        let mut read = Vec::with_capacity(files.len());
        for file in files {
            let count = placed.iter().take_while(|placed| placed.file == *file).count();
            let (of_file, rest) = units.split_at(count.min(units.len()));
            placed = placed.get(count..).unwrap_or_default();
            units = rest;
            let found = found_in.remove(file).unwrap_or_default();
            let source = self.sources.file(*file);
            read.push(ReadFile { number: *file, source, found, units: of_file });
        }
        remembering.add(self.context.schema, &read);
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
        self.bytes_apart = 0;
        if self.holding == Holding::Apart {
            return;
        }
        let units = self.all.units.get_mut(self.together..).unwrap_or_default();
        unit::hold_together(units);
        self.together = self.all.units.len();
    }

    /// Parses and reads pieces; `citing` is the last one before them that has a `cite`.
    fn pieces(&mut self, stretches: &[Stretch<'_>], citing: &mut Option<Citing>) {
        let first = self.all.placed.len();
        self.place(stretches);
        let trees = Trees::new(stretches, first as u32, citing.as_ref(), &self.spare);
        let placed = self.all.placed.get_mut(first..).unwrap_or_default();
        let (context, spare) = (self.context, &self.spare);
        let pieces = placed.par_iter_mut().zip(stretches).enumerate();
        let read = pieces.with_max_len(1).map(|(place, (placed, stretch))| {
            let own = trees.own(place);
            let cited_in = trees.cited_in(place);
            placed.cited_in = cited_in.map(|(number, _)| number);
            let piece = ToRead {
                file: stretch.file,
                text: stretch.text,
                piece: own.piece(),
                first_line: placed.first_line,
                first_record: 0,
                cited_in: cited_in.map(|(_, piece)| piece),
            };
            (statements::read(context, piece), own.let_go(spare))
        });
        let read: Vec<(Unit, LetGo)> = read.collect();
        let citing_on = trees.citing_on();
        let shared: Vec<Option<Parsed>> = trees.into_shared().collect();
        if citing_on.is_none() {
            *citing = None;
        }
        let numbered = (first as u32..).zip(stretches).zip(shared).zip(read);
        for (((number, stretch), shared), (unit, LetGo { kept, findings })) in numbered {
            self.all.units.push(unit);
            self.all.findings.extend(findings);
            kept.into_iter().for_each(|piece| self.keep(stretch.file, piece));
            let Some((piece, findings)) = shared else { continue };
            self.all.findings.extend(findings);
            if citing_on == Some(number) {
                let piece = if is_kept(&piece) {
                    self.keep(stretch.file, piece);
                    parse_stretch(stretch.file, stretch.text, stretch.at).0
                } else {
                    piece
                };
                *citing = Some(Citing { file: stretch.file, number, piece });
            } else if is_kept(&piece) {
                self.keep(stretch.file, piece);
            } else {
                self.spare.give(piece);
            }
        }
        let bytes = stretches.iter().map(|stretch| u64::from(stretch.at.end - stretch.at.start));
        self.bytes_apart += bytes.sum::<u64>();
        if self.bytes_apart >= BATCH_BYTES {
            self.hold_together();
        }
    }

    /// Gives stretches their places among all pieces.
    fn place(&mut self, stretches: &[Stretch<'_>]) {
        let last = self.all.placed.last();
        let (mut file, mut next_line) =
            last.map_or((FileId(u32::MAX), 1), |last| (last.file, last.next_line));
        for stretch in stretches {
            if stretch.file != file {
                (file, next_line) = (stretch.file, 1);
            }
            let first_line = next_line;
            next_line += stretch.lines;
            self.all.placed.push(Placed {
                file,
                at: stretch.at,
                first_record: 0,
                first_line,
                next_line,
                cited_in: None,
                tree: Tree::Again(OnceLock::new()),
            });
        }
    }

    /// Keeps a tree for what it declares, or for its lines that could not be read.
    fn keep(&mut self, file: FileId, piece: Piece) {
        let kept = self.all.kept.iter_mut().rev().find(|kept| kept.file == file);
        if let Some(kept) = kept {
            kept.pieces.push(piece);
        }
    }
}
