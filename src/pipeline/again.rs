//! Reading a project once more: what the last check has found is used where it still holds, and of an index what it holds
//! of files that are as they were.

use super::{Error, Project};
use crate::index::{self, Index, Ledger, LedgerFile, LedgerWriter, OpenedLedger, Stamp};
use crate::lint;
use crate::resolve::{self, Base, Changes, Extent, Remembering};
use crate::source::{FileId, FoundFile, Progress, Sources, content_hash, read_bytes};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// A base with fewer bytes is read as quickly as anything about it.
const LEAST_BYTES: u64 = 256 << 10;

/// One file in so many may have changed; where more have, everything is read and kept anew.
const CHANGED_SHARE: usize = 8;

/// File systems round times of change, by two seconds at worst, see [`crate::index::Stamp`].
const ROUNDING: u64 = 2_000_000_000;

/// What became of what was kept of the last check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    /// There was none, or it did not help; everything was read.
    Unused,
    /// Only what had changed was read.
    Used,
    /// Its checksums did not fit; everything was read, and it was made again.
    Damaged,
}

/// Returns the time, in nanoseconds since 1970.
pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.ok().and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or(0)
}

/// What is to be read.
pub(super) struct ToRead<'a> {
    pub project: &'a Project,
    pub sources: &'a Sources,
    pub found: &'a [FoundFile],
    /// A time before the files were looked for.
    pub begun: u64,
    pub extent: Extent,
    /// Where an index of an earlier time may lie.
    pub index: &'a Path,
}

/// Reads the files of a project, and looks for names in their texts.
pub(super) fn read(to_read: &ToRead<'_>, progress: &Progress) -> Result<(Base, Cache), Error> {
    let ToRead { project, sources, found, begun, extent, .. } = *to_read;
    let bytes: u64 = found.iter().map(|file| file.bytes).sum();
    if bytes < LEAST_BYTES {
        return Ok((read_all(sources, extent, None, progress)?, Cache::Unused));
    }
    // Who may not write there has to read everything every time.
    let Ok(folder) = index::prepare_folder(project.root()) else {
        return Ok((read_all(sources, extent, None, progress)?, Cache::Unused));
    };
    let mut cache = Cache::Unused;
    match Ledger::open(&folder) {
        OpenedLedger::Missing => {}
        OpenedLedger::Damaged => cache = Cache::Damaged,
        OpenedLedger::Sound(ledger) => {
            // Without definitions a check hardly ever needs the facts.
            if extent == Extent::Findings
                && !ledger.head.defines
                && let Some(base) = read_by(&ledger, None, to_read, progress)?
            {
                return Ok((base, Cache::Used));
            }
            if let Some(before) = trusted(to_read.index)
                && let Some(base) = read_by(&ledger, Some(&Arc::new(before)), to_read, progress)?
            {
                return Ok((base, Cache::Used));
            }
            if ledger.is_damaged() {
                cache = Cache::Damaged;
            }
        }
    }
    if cache == Cache::Damaged {
        Ledger::discard(&folder);
    }
    let writer = LedgerWriter::begin(&folder).ok();
    let remembering = writer.map(|writer| Remembering::new(writer, begun));
    Ok((read_all(sources, extent, remembering, progress)?, cache))
}

/// Reads everything.
pub(super) fn read_all(
    sources: &Sources,
    extent: Extent,
    remembering: Option<Remembering>,
    progress: &Progress,
) -> Result<Base, Error> {
    let mut base = resolve::base(sources, extent, remembering, progress)?;
    let facts = &base.resolved.facts;
    let names = lint::names_in_use(facts);
    let remarks = lint::names_out_of_time(sources, facts, &names);
    if let Some(remembering) = base.remembering.take()
        && let Some(bearing) = lint::names_bearing(facts, &names.given)
    {
        remembering.finish(sources, names, &bearing, &remarks);
    }
    base.findings.extend(remarks);
    Ok(base)
}

/// Reads what has changed since a ledger was written, and takes what is needed of the facts out of an index; nothing
/// where more has to be read.
fn read_by(
    ledger: &Ledger,
    before: Option<&Arc<Index>>,
    to_read: &ToRead<'_>,
    progress: &Progress,
) -> Result<Option<Base>, Error> {
    let ToRead { sources, found, extent, .. } = *to_read;
    let Some(mut changes) = compare(ledger, before.map(Arc::as_ref), found) else {
        return Ok(None);
    };
    let again = resolve::again(sources, ledger, &mut changes, before, extent, progress)?;
    let Some(mut base) = again else { return Ok(None) };
    let facts = &base.resolved.facts;
    let remarks = match before {
        Some(_) => lint::names_out_of_time(sources, facts, &lint::names_in_use(facts)),
        None => {
            let known = &ledger.head.names;
            let Some(bearing) = lint::names_bearing(facts, &known.given) else { return Ok(None) };
            let now: BTreeSet<u64> = bearing.into_iter().map(|(_, name)| name).collect();
            let then: BTreeSet<u64> =
                changes.gone.iter().flat_map(|file| &file.names).copied().collect();
            // Else other names may be in use, also in texts of other files.
            if now != then {
                return Ok(None);
            }
            let is_changed = |path: &str| changes.find(path).is_none();
            let Some(names) = lint::names_still_in_use(facts, known, is_changed) else {
                return Ok(None);
            };
            lint::names_out_of_time(sources, facts, &names)
        }
    };
    base.findings.extend(remarks);
    Ok(Some(base))
}

/// Opens an index of which the facts can be taken: it holds all that its files say, as this program reads them. Where
/// something is faulty, what other files say of it is left out as well.
fn trusted(path: &Path) -> Option<Index> {
    let index = Index::open(path).ok()?;
    let stamp = Stamp::read(&path.with_file_name(index::STAMP_NAME))?;
    let is_own = stamp.program == env!("CARGO_PKG_VERSION") && stamp.index == index.identity();
    (is_own && index.faults().errors == 0).then_some(index)
}

/// Finds out which files have changed; nothing if they are so many that everything should be read.
fn compare<'l>(
    ledger: &'l Ledger,
    before: Option<&Index>,
    found: &[FoundFile],
) -> Option<Changes<'l>> {
    if ledger.head.program != env!("CARGO_PKG_VERSION") {
        return None;
    }
    let held: Option<HashMap<&str, u64>> = before
        .map(|index| index.files().iter().map(|file| (file.path.as_str(), file.hash)).collect());
    // What the index holds of another time has to be read as well.
    let is_held = |known: &LedgerFile| {
        held.as_ref().is_none_or(|held| held.get(known.path.as_str()) == Some(&known.hash))
    };
    let mut known: HashMap<&str, &LedgerFile> =
        ledger.head.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let looked_at: Vec<(FileId, &FoundFile, Option<&LedgerFile>)> = (0u32..)
        .zip(found)
        .map(|(number, file)| (FileId(number), file, known.remove(file.path.as_str())))
        .collect();
    let gone: Vec<&LedgerFile> = known.into_values().collect();
    let is_same: Vec<bool> = looked_at
        .par_iter()
        .map(|(_, file, known)| {
            known.is_some_and(|known| is_held(known) && is_same(ledger, file, known))
        })
        .collect();
    let most = found.len() / CHANGED_SHARE;
    let mut changes = Changes { same: Vec::new(), changed: Vec::new(), gone, most };
    for ((file, _, known), is_same) in looked_at.into_iter().zip(is_same) {
        match (known, is_same) {
            (Some(known), true) => changes.same.push((file, known)),
            (known, _) => {
                changes.changed.push(file);
                changes.gone.extend(known);
            }
        }
    }
    let differing = changes.changed.len().max(changes.gone.len());
    (differing <= most).then_some(changes)
}

fn is_same(ledger: &Ledger, file: &FoundFile, known: &LedgerFile) -> bool {
    let modified = u64::try_from(file.modified).unwrap_or(0);
    let is_old = modified.saturating_add(ROUNDING) < ledger.head.begun;
    file.bytes == known.bytes
        && ((modified == known.modified && is_old)
            || read_bytes(file).is_ok_and(|bytes| content_hash(&bytes) == known.hash))
}
