//! A base of which little has changed since it was checked: only that is read.
//!
//! In: the ledger of the last check, and which files differ from it; for the facts, an index as well. Out: the findings
//! and the facts that reading everything would give, or nothing where these cannot be told without reading everything.

mod dates;
mod links;
mod names;
mod values;

use super::assemble::{self, Pieces};
use super::base::{Base, declared_at, look_for_declarations};
use super::declare::Declared;
use super::placed::Placed;
use super::reading::{AllRead, Holding, read_batches};
use super::remember::{
    identifiers, references, restore_unknown, restored, schema_hash, stands_alone,
};
use super::renew::Renewal;
use super::statements::Context;
use super::ties::{self, unique_values};
use super::unit::Unit;
use super::unresolved::{Unresolved, Whole};
use super::{Extent, Resolved, schema};
use crate::diagnostic;
use crate::index::{Index, Ledger, LedgerFile};
use crate::model::{Facts, FileRecord, Schema};
use crate::source::{FileId, Progress, SourceError, Sources};
use crate::syntax::ast::File;
use dates::Then;
use names::Linking;
use std::collections::HashSet;
use std::sync::Arc;

/// How the files of a base differ from those of its ledger.
pub struct Changes<'l> {
    /// Those that are as they were.
    pub same: Vec<(FileId, &'l LedgerFile)>,
    /// Those that are new or were changed.
    pub changed: Vec<FileId>,
    /// What is known of those that were changed or taken away.
    pub gone: Vec<&'l LedgerFile>,
    /// So many files may be read; where it would have to be more, everything is.
    pub most: usize,
}

impl Changes<'_> {
    /// Finds a file that is as it was.
    pub fn find(&self, path: &str) -> Option<FileId> {
        // Files are numbered in the order of their paths.
        let found = self.same.binary_search_by(|(_, known)| known.path.as_str().cmp(path)).ok()?;
        self.same.get(found).map(|(file, _)| *file)
    }

    /// Has some files read as well that are as they were.
    fn take_in(&mut self, files: &[FileId]) {
        let files: HashSet<FileId> = files.iter().copied().collect();
        let taken = self.same.extract_if(.., |(file, _)| files.contains(file));
        for (file, known) in taken {
            self.changed.push(file);
            self.gone.push(known);
        }
        self.changed.sort();
    }
}

/// Checks a base by its ledger; nothing if everything has to be read. `before` is an index of which every file that
/// differs from it is among the changed ones; without one the facts are those of the files that were read, and only if
/// names have to be looked for in their texts.
///
/// # Errors
/// A file that has changed cannot be read.
pub fn again(
    sources: &Sources,
    ledger: &Ledger,
    changes: &mut Changes<'_>,
    before: Option<&Arc<Index>>,
    extent: Extent,
    progress: &Progress,
) -> Result<Option<Base>, SourceError> {
    let declaring_before =
        changes.same.iter().filter(|(_, known)| known.declares).map(|(file, _)| *file);
    let mut look_at: Vec<FileId> =
        declaring_before.chain(changes.changed.iter().copied()).collect();
    look_at.sort();
    let declaring = look_for_declarations(sources, &look_at);
    let mut findings = Vec::new();
    let (schema, names) = schema::declare(sources, &declaring, &mut findings);
    if schema_hash(&schema, &names) != Some(ledger.head.schema) {
        return Ok(None);
    }
    let definitions = super::definitions(sources, &declaring);
    // Definitions ask the facts.
    if before.is_none() && (extent == Extent::Facts || !definitions.is_empty()) {
        return Ok(None);
    }
    let again = Again {
        sources,
        ledger,
        context: Context { schema: &schema, names: &names, declared: None },
        declaring: &declaring,
        before,
        progress,
    };
    let Some((all, facts_before)) = again.read_all(changes)? else { return Ok(None) };
    let AllRead { findings: found, placed, units, files: files_read, .. } = all;
    findings.extend(found);
    let mut unresolved = Unresolved::default();
    let mut written_records = 0;
    let mut read = Vec::with_capacity(units.len());
    for (mut unit, placed) in units.into_iter().zip(&placed) {
        written_records += unit.declared.records.len();
        findings.append(&mut unit.findings);
        unresolved.extend(std::mem::take(&mut unit.unresolved));
        read.push((placed.file, unit));
    }
    for (file, known) in &changes.same {
        written_records += known.records as usize;
        restore_unknown(&mut unresolved, known, *file);
        // With all facts at hand names are looked for in all texts.
        let remarks = known.remarks.iter().filter(|_| before.is_none());
        for kept in known.findings.iter().chain(remarks) {
            let Some(found) = restored(kept, *file, |path| changes.find(path)) else {
                return Ok(None);
            };
            findings.push(found);
        }
    }
    // No record is asked for: every name of one was right.
    let (declared, _) = Declared::new(Vec::new(), &schema, &names);
    let whole = Whole { sources, schema: &schema, names: &names, declared: &declared, pieces: &[] };
    findings.extend(unresolved.diagnose(&whole));
    drop(declared);
    diagnostic::sort(&mut findings);
    let (files, changed) = (files_now(changes, files_read), &changes.changed);
    let facts = match (before, facts_before) {
        (Some(index), Some(facts)) => {
            let renewal =
                Renewal { schema: &schema, names: &names, files, changed, definitions, read };
            renewal.facts(index, facts)
        }
        _ if ledger.head.names.given.is_empty() => Some(Facts { schema, ..Facts::default() }),
        _ => Some(facts_of(schema, files, read)),
    };
    let Some(facts) = facts else { return Ok(None) };
    // Of what is changed only now, nothing may be told.
    if !changes.same.iter().all(|(file, known)| sources.file(*file).is_known_by(known.hash)) {
        return Ok(None);
    }
    let resolved = Resolved { facts, written_records };
    Ok(Some(Base { resolved, findings, declaring, remembering: None }))
}

/// Puts together what the pieces say that were read; what refers to records is left out.
fn facts_of(schema: Schema, files: Vec<FileRecord>, read: Vec<(FileId, Unit)>) -> Facts {
    let mut pieces = Pieces { declared: Vec::new(), parts: Vec::new() };
    let mut first_record = 0;
    for (_, mut unit) in read {
        unit.facts.first_record = first_record;
        first_record += unit.declared.records.len() as u32;
        pieces.declared.push(unit.declared);
        pieces.parts.push(unit.facts);
    }
    assemble::facts(schema, files, pieces).facts
}

/// What the files that have changed are read by.
struct Again<'a> {
    sources: &'a Sources,
    ledger: &'a Ledger,
    context: Context<'a>,
    /// The pieces that declare something, as far as a quick look has told.
    declaring: &'a [File],
    before: Option<&'a Arc<Index>>,
    progress: &'a Progress,
}

impl Again<'_> {
    /// Reads the changed files, and those that are as they were and have to be read for the sake of their dates; returns
    /// the facts of the index as well, if there is one. Nothing where the rest has to be read as well.
    fn read_all(
        &self,
        changes: &mut Changes<'_>,
    ) -> Result<Option<(AllRead, Option<Facts>)>, SourceError> {
        let mut facts = None;
        while changes.changed.len() <= changes.most {
            let Some(mut all) = self.read(changes)? else { return Ok(None) };
            if self.holds_together(changes, &all.units).is_none() {
                return Ok(None);
            }
            if let (Some(index), None) = (self.before, &facts) {
                let Ok(of_index) = index.facts() else { return Ok(None) };
                facts = Some(of_index);
            }
            let then = match &facts {
                Some(facts) => Then::Facts(facts),
                None if self.ledger.head.names.given.is_empty() => Then::Whatever,
                None => Then::Ledger,
            };
            let Context { schema, .. } = self.context;
            let narrowed = dates::narrow(self.ledger, changes, schema, &mut all.units, &then);
            match narrowed.as_deref() {
                None => return Ok(None),
                Some([]) => return Ok(Some((all, facts))),
                Some(further) => changes.take_in(further),
            }
        }
        Ok(None)
    }

    /// Reads the changed files; nothing where they cannot be judged by themselves.
    fn read(&self, changes: &Changes<'_>) -> Result<Option<AllRead>, SourceError> {
        let Context { schema, .. } = self.context;
        let all = read_batches(
            self.sources,
            self.context,
            &changes.changed,
            Holding::Apart,
            None,
            self.progress,
        )?;
        let mut pieces = all.kept.iter().flat_map(|file| &file.pieces);
        let has_unread = pieces.any(|piece| !piece.unread().is_empty());
        let mut foreseen = declared_at(self.declaring);
        foreseen.retain(|(file, _)| changes.changed.binary_search(file).is_ok());
        // Without facts no name can be looked for of which the ledger has none.
        let knows_names = self.before.is_some() || !self.ledger.head.names.given.is_empty();
        let can_be_told = |(unit, placed): (&Unit, &Placed<'_>)| {
            stands_alone(unit, schema)
                && unit.unresolved.stored(placed.file).is_some()
                && (knows_names || !unit.facts.has_dated_names(schema))
        };
        let is_whole = !has_unread && foreseen == declared_at(&all.kept);
        Ok((is_whole && all.units.iter().zip(&all.placed).all(can_be_told)).then_some(all))
    }

    /// Returns nothing where something between the files may be wrong, be it a name or a value.
    fn holds_together(&self, changes: &Changes<'_>, read: &[Unit]) -> Option<()> {
        let Context { schema, .. } = self.context;
        let linking = Linking { ledger: self.ledger, schema, changes };
        linking.holds(identifiers(read), references(read))?;
        values::are_unique(self.ledger, changes, &unique_values(read, schema)?)?;
        links::lead_on(self.ledger, changes, &ties::links(read, schema))
    }
}

/// Returns all files as they are now; `read` are those that have changed.
fn files_now(changes: &Changes<'_>, read: Vec<FileRecord>) -> Vec<FileRecord> {
    let same = changes.same.iter().map(|(file, known)| {
        let LedgerFile { path, bytes, hash, .. } = known;
        (*file, FileRecord { path: path.clone(), bytes: *bytes, hash: *hash })
    });
    let read = changes.changed.iter().copied().zip(read);
    let mut all: Vec<(FileId, FileRecord)> = same.chain(read).collect();
    all.sort_by_key(|(file, _)| *file);
    all.into_iter().map(|(_, record)| record).collect()
}
