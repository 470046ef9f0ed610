//! What a check has found in a file, as the ledger keeps it.
//!
//! Only what a file says by itself is kept, and only where all its names were right and nothing was found between files:
//! so it stays true while the file, the schema and the records that it refers to stay as they are. Beside it stands by
//! what the file hangs together with others.

use super::declare::id_hash;
use super::placings::placed_dates;
use super::schema::Names;
use super::ties::{Link, UniqueValue, links, unique_values};
use super::unit::{DeclaredRecord, Unit};
use super::unresolved::Unresolved;
use crate::diagnostic::{Diagnostic, Label, Severity, code_named};
use crate::index::{
    IndexError, LedgerAnchor, LedgerFile, LedgerFinding, LedgerHead, LedgerLabel, LedgerWriter,
    NamesInUse,
};
use crate::model::{Schema, StringId, Type};
use crate::source::{FileId, FoundFile, SourceFile, Sources, Span, content_hash};
use crate::syntax::ast::{File, Piece};
use rayon::prelude::*;

/// A ledger that is written while the files of a base are read.
pub struct Remembering {
    writer: LedgerWriter,
    head: LedgerHead,
    /// So far everything can be kept.
    is_whole: bool,
}

impl Remembering {
    /// Begins; `begun` is when the files were looked for.
    pub fn new(writer: LedgerWriter, begun: u64) -> Remembering {
        let program = env!("CARGO_PKG_VERSION").to_owned();
        let head = LedgerHead { program, begun, ..LedgerHead::default() };
        Remembering { writer, head, is_whole: true }
    }

    /// Adds files that were read. What is kept of each is put together on all cores, and written one after another.
    pub(super) fn add(&mut self, schema: &Schema, files: &[ReadFile<'_>]) {
        // What is not written yet of more files than there are cores would only take memory.
        for files in files.chunks(rayon::current_num_threads()) {
            if !self.is_whole {
                return;
            }
            let kept: Vec<Option<Kept>> = files.par_iter().map(|file| kept(file, schema)).collect();
            for kept in kept {
                match kept.map(|kept| self.write(kept)) {
                    Some(Ok(file)) => self.head.files.push(file),
                    // A ledger is only a shortcut for the next time: where it cannot be written, all is still well.
                    Some(Err(_)) | None => self.is_whole = false,
                }
            }
        }
    }

    fn write(&mut self, kept: Kept) -> Result<LedgerFile, IndexError> {
        let Kept { file, identifiers, references, unique, links } = kept;
        let mut part = |(hashes, numbers): Numbered| self.writer.part(&hashes, &numbers);
        Ok(LedgerFile {
            identifiers: part(identifiers)?,
            references: part(references)?,
            unique: part(unique)?,
            links: part(links)?,
            ..file
        })
    }

    /// Takes in what is known of the base as a whole; nothing where the ledger could not be kept whole. `anchors` are the
    /// records by which dates are placed.
    pub(super) fn of_all(
        mut self,
        schema: u64,
        anchors: Vec<LedgerAnchor>,
        declaring: &[File],
    ) -> Option<Remembering> {
        let pieces_of = |place: usize| declaring.get(place).map_or(&[][..], |file| &file.pieces);
        let declares = |place: usize| pieces_of(place).iter().any(Piece::declares);
        let defines = |piece: &Piece| !piece.definitions().is_empty();
        self.head.schema = schema;
        self.head.anchors = anchors;
        self.head.defines = declaring.iter().flat_map(|file| &file.pieces).any(defines);
        for (place, file) in self.head.files.iter_mut().enumerate() {
            file.declares = declares(place);
        }
        self.is_whole.then_some(self)
    }

    /// Puts the ledger into its place. `bearing` are the names in which one of `names` stands, with their files, and
    /// `remarks` what was noted about names in texts.
    pub fn finish(
        mut self,
        sources: &Sources,
        names: NamesInUse,
        bearing: &[(u32, u64)],
        remarks: &[Diagnostic],
    ) {
        self.head.names = names;
        for (file, name) in bearing {
            let file = self.head.files.get_mut(*file as usize);
            file.into_iter().for_each(|file| file.names.push(*name));
        }
        for remark in remarks {
            let at = remark.primary.span.file;
            let path_of = |file: FileId| Some(sources.file(file).path.clone());
            let file = self.head.files.get_mut(at.0 as usize);
            file.into_iter().for_each(|file| file.remarks.extend(stored(remark, at, path_of)));
        }
        let _ = self.writer.finish(&self.head);
    }
}

/// A file that was read.
pub(super) struct ReadFile<'a> {
    pub number: FileId,
    pub source: &'a SourceFile,
    /// What is wrong with its syntax.
    pub found: Vec<&'a Diagnostic>,
    /// What its pieces say.
    pub units: &'a [Unit],
}

/// Hashes with a number for each.
type Numbered = (Vec<u64>, Vec<u32>);

/// What is kept of a file, and not yet written.
struct Kept {
    /// All but the parts that follow.
    file: LedgerFile,
    identifiers: Numbered,
    references: Numbered,
    unique: Numbered,
    links: Numbered,
}

/// Puts together what is kept of a file; nothing where that does not tell all.
fn kept(file: &ReadFile<'_>, schema: &Schema) -> Option<Kept> {
    let ReadFile { number, source, ref found, units } = *file;
    let FoundFile { path, bytes, modified, .. } = source.found()?;
    if !units.iter().all(|unit| stands_alone(unit, schema)) {
        return None;
    }
    let found = found.iter().copied().chain(units.iter().flat_map(|unit| &unit.findings));
    let findings: Option<Vec<_>> = found.map(|each| stored(each, number, |_| None)).collect();
    let unknown: Option<Vec<_>> = units.iter().map(|unit| unit.unresolved.stored(number)).collect();
    let placed: Option<Vec<_>> = units.iter().map(|unit| placed_dates(unit, schema)).collect();
    let unique = unique_values(units, schema)?.into_iter();
    let links = links(units, schema);
    let ends = links.iter().flat_map(|Link { field, from, to }| [(*from, field.0), (*to, field.0)]);
    Some(Kept {
        file: LedgerFile {
            path: path.clone(),
            bytes: *bytes,
            modified: u64::try_from(*modified).unwrap_or(0),
            hash: source.hash(),
            records: units.iter().map(|unit| unit.declared.records.len() as u32).sum(),
            placed: placed?.into_iter().flatten().collect(),
            findings: findings?,
            unknown: unknown?.into_iter().flatten().collect(),
            ..LedgerFile::default()
        },
        identifiers: identifiers(units),
        references: references(units),
        unique: unique.map(|UniqueValue { field, hash }| (hash, field.0)).unzip(),
        links: ends.unzip(),
    })
}

/// Tells whether a piece can be judged without the others, but for what its names refer to and what it hangs together
/// with by its values.
pub(super) fn stands_alone(unit: &Unit, schema: &Schema) -> bool {
    let declared = &unit.declared;
    declared.clashing.is_empty() && declared.unknown.is_empty() && !has_loose_strings(unit, schema)
}

/// Tells whether there are strings that no statement has, such as a note that another one overrides, among records
/// without identifiers: whose they are can no longer be told from an index.
fn has_loose_strings(unit: &Unit, schema: &Schema) -> bool {
    let (declared, facts) = (&unit.declared, &unit.facts);
    if (0..declared.records.len() as u32).all(|record| !declared.id(record).is_empty()) {
        return false;
    }
    let mut is_had = vec![false; facts.strings.len()];
    let mut mark = |string: u32| {
        is_had.get_mut(string as usize).into_iter().for_each(|slot| *slot = true);
    };
    let named = facts.records.iter().flatten().filter_map(|record| record.name);
    named.for_each(|name| mark(name.0));
    for qualifier in &facts.qualifiers {
        let own = [qualifier.note, qualifier.quote].into_iter().flatten();
        own.for_each(|string| mark(string.0));
    }
    let texts = schema.fields.iter().zip(&facts.columns);
    let texts = texts.filter(|(field, _)| matches!(field.value_type, Type::Text | Type::Url));
    for statement in texts.flat_map(|(_, column)| column.iter()) {
        mark(statement.value.0);
    }
    is_had.contains(&false)
}

/// Returns the hashes of all identifiers of a file, and the relation of each.
pub(super) fn identifiers(units: &[Unit]) -> Numbered {
    let pieces = units.iter().map(|unit| &unit.declared);
    let records = pieces.flat_map(|piece| piece.records.iter());
    let named = records.filter(|record| record.hash != 0);
    let relation = |record: &DeclaredRecord| record.relation().map_or(u32::MAX, |found| found.0);
    named.map(|record| (record.hash, relation(record))).unzip()
}

/// Returns the hashes of all names that a file refers to, and what each is wanted for.
pub(super) fn references(units: &[Unit]) -> Numbered {
    let mut hashes = Vec::new();
    let mut codes = Vec::new();
    for unit in units {
        let references = &unit.facts.references;
        for (number, wanted) in (0u32..).zip(references.wanted.iter()) {
            hashes.push(id_hash(references.ids.get(StringId(number))));
            codes.push(wanted.0);
        }
    }
    (hashes, codes)
}

/// Returns what tells a schema from others; nothing where it has faults that change how facts are read.
pub(super) fn schema_hash(schema: &Schema, names: &Names) -> Option<u64> {
    let names = names.outline()?;
    Some(content_hash(format!("{schema:?} {names:?}").as_bytes()))
}

/// Stores a finding; `path_of` gives the path of another file in which it has a place. Nothing where this has none.
fn stored(
    found: &Diagnostic,
    file: FileId,
    path_of: impl Fn(FileId) -> Option<String>,
) -> Option<LedgerFinding> {
    let labels = std::iter::once(&found.primary).chain(&found.secondary);
    let labels = labels.map(|label| {
        let Span { start, end, .. } = label.span;
        let path = match label.span.file == file {
            true => None,
            false => Some(path_of(label.span.file)?),
        };
        Some(LedgerLabel { path, start, end, text: label.text.clone() })
    });
    Some(LedgerFinding {
        code: found.code.number.to_owned(),
        severity: match found.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        },
        message: found.message.clone(),
        labels: labels.collect::<Option<_>>()?,
        help: found.help.clone(),
        notes: found.notes.clone(),
        more: found.more as u64,
    })
}

/// Makes a finding again that was kept; `file_of` gives the number of a file that has not changed.
pub(super) fn restored(
    kept: &LedgerFinding,
    file: FileId,
    file_of: impl Fn(&str) -> Option<FileId>,
) -> Option<Diagnostic> {
    let labels = kept.labels.iter().map(|LedgerLabel { path, start, end, text }| {
        let file = path.as_ref().map_or(Some(file), |path| file_of(path))?;
        Some(Label { span: Span::new(file, *start, *end), text: text.clone() })
    });
    let mut labels = labels.collect::<Option<Vec<_>>>()?.into_iter();
    Some(Diagnostic {
        code: code_named(&kept.code)?,
        severity: match kept.severity {
            0 => Severity::Error,
            1 => Severity::Warning,
            _ => Severity::Note,
        },
        message: kept.message.clone(),
        primary: labels.next()?,
        secondary: labels.collect(),
        help: kept.help.clone(),
        notes: kept.notes.clone(),
        more: kept.more as usize,
    })
}

/// Takes in the unknown names of a file that was not read again.
pub(super) fn restore_unknown(unresolved: &mut Unresolved, kept: &LedgerFile, file: FileId) {
    kept.unknown.iter().for_each(|name| unresolved.restore(name, file));
}
