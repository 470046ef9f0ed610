//! A base of which little has changed since it was checked: only that is read.
//!
//! In: the ledger of the last check, and which files differ from it; for the facts, an index as well. Out: the findings
//! and the facts that reading everything would give, or nothing where these cannot be told without reading everything.

mod names;

use super::base::{AllRead, Base, declared_at, look_for_declarations, read_batches};
use super::declare::Declared;
use super::placed::Placed;
use super::remember::{
    identifiers, references, restore_unknown, restored, schema_hash, stands_alone,
};
use super::renew::Renewal;
use super::statements::Context;
use super::unit::Unit;
use super::unresolved::{Unresolved, Whole};
use super::{Extent, Resolved, schema};
use crate::diagnostic;
use crate::index::{Index, Ledger, LedgerFile};
use crate::model::{Facts, FileRecord};
use crate::source::{FileId, Progress, SourceError, Sources};
use names::Linking;
use std::sync::Arc;

/// How the files of a base differ from those of its ledger.
pub struct Changes<'l> {
    /// Those that are as they were.
    pub same: Vec<(FileId, &'l LedgerFile)>,
    /// Those that are new or were changed.
    pub changed: Vec<FileId>,
    /// What is known of those that were changed or taken away.
    pub gone: Vec<&'l LedgerFile>,
}

/// Checks a base by its ledger; nothing if everything has to be read. `before` is an index of which every file that
/// differs from it is among the changed ones; without one there are no facts.
///
/// # Errors
/// A file that has changed cannot be read.
pub fn again(
    sources: &Sources,
    ledger: &Ledger,
    changes: &Changes<'_>,
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
    let before = match extent {
        Extent::Findings if definitions.is_empty() => None,
        _ => match before {
            None => return Ok(None),
            some => some,
        },
    };
    let context = Context { schema: &schema, names: &names, declared: None };
    let AllRead { findings: found, placed, units, files: files_read, kept } =
        read_batches(sources, context, &changes.changed, None, progress)?;
    let unread = kept.iter().flat_map(|file| &file.pieces).any(|piece| !piece.unread().is_empty());
    let of_changed = |(file, _): &(FileId, _)| changes.changed.contains(file);
    let mut foreseen = declared_at(&declaring);
    foreseen.retain(of_changed);
    let can_be_told = |(unit, placed): (&Unit, &Placed<'_>)| {
        stands_alone(unit, &schema) && unit.unresolved.stored(placed.file).is_some()
    };
    if unread || foreseen != declared_at(&kept) || !units.iter().zip(&placed).all(can_be_told) {
        return Ok(None);
    }
    let linking = Linking { ledger, schema: &schema, changes };
    let new = (identifiers(&units), references(&units));
    if linking.holds(new.0, new.1).is_none() {
        return Ok(None);
    }
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
        for kept in &known.findings {
            let Some(found) = restored(kept, *file) else { return Ok(None) };
            findings.push(found);
        }
    }
    // No record is asked for: every name of one was right.
    let (declared, _) = Declared::new(Vec::new(), &schema, &names);
    let whole = Whole { sources, schema: &schema, names: &names, declared: &declared, pieces: &[] };
    findings.extend(unresolved.diagnose(&whole));
    drop(declared);
    diagnostic::sort(&mut findings);
    let facts = match before {
        None => Some(Facts { schema, ..Facts::default() }),
        Some(before) => {
            let files = files_now(changes, files_read);
            Renewal { schema: &schema, names: &names, files, definitions, read }.facts(before)
        }
    };
    let Some(facts) = facts else { return Ok(None) };
    // Of what is changed only now, nothing may be told.
    if !changes.same.iter().all(|(file, known)| sources.file(*file).is_known_by(known.hash)) {
        return Ok(None);
    }
    let resolved = Resolved { facts, written_records };
    Ok(Some(Base { resolved, findings, declaring }))
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
