//! The way of the data from end to end: check, build, ask, show, format.
//!
//! In: a project. Out: what each command needs to print. This is the one room that names all stages; it writes
//! nothing to a stream.

mod again;
mod ask;
mod format;
mod project;
mod verify;

pub use again::Cache;
use again::ToRead;
pub use ask::{Asked, Described, Planned, Reasoned, Shown, ask, describe, plan, show, why};
pub use format::{Change, FormattedFile, format, format_bytes};
pub use project::Project;

use crate::diagnostic::{self, Diagnostic, Severity, code};
use crate::index::{self, Freshness, Index, IndexError, Stamp, content_hash};
use crate::model::FaultCounts;
use crate::resolve::{self, Base, Extent, Resolved};
use crate::settings::{Settings, SettingsError};
use crate::source::{self, FoundFile, Progress, SourceError, Sources, Stage};
use crate::syntax::ast::File;
use std::path::{Path, PathBuf};

/// Why a command could not do its job.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of facts cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The settings cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The index cannot be read or written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// No project was found.
    #[error(
        "there is no project in `{0}` or above it: name its folder with `--root`, or make a folder `kb` for the facts"
    )]
    NoProject(String),
    /// A project without facts.
    #[error("there are no `.kb` files under `{0}`")]
    NoFacts(String),
    /// A file that is none of facts.
    #[error("`{0}` is no file of facts: the name of one ends in `.kb`")]
    NotFacts(String),
    /// A file whose text cannot be changed, because it cannot be read.
    #[error("cannot format `{0}`: it is not a text in UTF-8; `regesta check` shows where")]
    NotText(String),
    /// A path that is no part of the project.
    #[error("`{path}` is not among the facts of this project, which are under `{folder}`")]
    NotInProject {
        /// What was named.
        path: String,
        /// Where the facts are.
        folder: String,
    },
}

/// A project's facts, read and checked.
pub struct Checked {
    /// The texts.
    pub sources: Sources,
    /// Every finding, in the order of places.
    pub findings: Vec<Diagnostic>,
    /// Records written, faulty ones included.
    pub written_records: usize,
    /// How many checks and expectations were not run because the facts have errors.
    pub definitions_not_run: usize,
    /// What became of what was kept of the last check.
    pub cache: Cache,
}

impl Checked {
    /// Counts the findings.
    pub fn faults(&self) -> FaultCounts {
        fault_counts(&self.findings)
    }
}

/// Counts findings by severity.
pub fn fault_counts(findings: &[Diagnostic]) -> FaultCounts {
    let count = |severity| {
        let of_severity = findings.iter().filter(|found| found.severity == severity);
        of_severity.map(Diagnostic::weight).sum::<usize>().try_into().unwrap_or(u32::MAX)
    };
    FaultCounts { errors: count(Severity::Error), warnings: count(Severity::Warning) }
}

/// Reads all facts of a project and reports everything that is wrong with them; where most of them are as they were
/// when they were checked last, only the others are read.
pub fn check(project: &Project) -> Result<Checked, Error> {
    check_watched(project, &Progress::default())
}

/// The same, telling how far it has come.
pub fn check_watched(project: &Project, progress: &Progress) -> Result<Checked, Error> {
    let begun = again::now();
    let found = project.find_files()?;
    let sources = sources_of(&found);
    let (index, _) = own_places(&index::folder_under(project.root()));
    let extent = Extent::Findings;
    let to_read =
        ToRead { project, sources: &sources, found: &found, begun, extent, index: &index };
    let (mut base, cache) = again::read(&to_read, progress)?;
    raise_severities(&project.settings, &mut base);
    let written_records = base.resolved.written_records;
    let (findings, _, definitions_not_run) = verify_in_memory(&sources, base)?;
    Ok(Checked { sources, findings, written_records, definitions_not_run, cache })
}

/// Reports everything that is wrong with texts that were read already, in the order of places; also what is sound,
/// and how many checks and expectations were not run because the facts have errors.
pub fn check_texts(
    settings: &Settings,
    sources: &Sources,
) -> Result<(Vec<Diagnostic>, Resolved, usize), Error> {
    let mut base = again::read_all(sources, Extent::Facts, None, &Progress::default())?;
    raise_severities(settings, &mut base);
    verify_in_memory(sources, base)
}

fn sources_of(found: &[FoundFile]) -> Sources {
    let mut sources = Sources::new();
    for file in found {
        sources.add_found(file.clone());
    }
    sources
}

/// Makes errors of the warnings that the settings take for such.
fn raise_severities(settings: &Settings, base: &mut Base) {
    if settings.evidence.require_source {
        let unsourced = base.findings.iter_mut().filter(|found| found.code == code::NO_SOURCE);
        unsourced.for_each(|found| found.severity = Severity::Error);
    }
}

/// Runs checks and expectations on an index in memory.
fn verify_in_memory(
    sources: &Sources,
    base: Base,
) -> Result<(Vec<Diagnostic>, Resolved, usize), Error> {
    let Base { resolved, mut findings, declaring, .. } = base;
    let count = resolve::definition_count(&declaring);
    let can_run = can_run(count, &findings);
    if can_run {
        let index = Index::in_memory(index::build(&resolved.facts)?)?;
        run_definitions(&index, sources, &declaring, &mut findings)?;
    }
    put_in_order(&mut findings);
    Ok((findings, resolved, if can_run { 0 } else { count }))
}

/// Puts the findings of all stages into the order of places; what only follows from another is left out.
fn put_in_order(findings: &mut Vec<Diagnostic>) {
    diagnostic::sort(findings);
    diagnostic::drop_covered(findings);
    diagnostic::fold(findings);
}

/// Tells whether there are definitions to run, and facts without errors to run them on.
fn can_run(count: usize, findings: &[Diagnostic]) -> bool {
    // Where a faulty record is left out, a question would be answered otherwise for that reason alone, and one
    // mistake told twice.
    count > 0 && findings.iter().all(|found| found.severity != Severity::Error)
}

/// Runs checks and expectations.
fn run_definitions(
    index: &Index,
    sources: &Sources,
    declaring: &[File],
    findings: &mut Vec<Diagnostic>,
) -> Result<(), Error> {
    let (definitions, found) = resolve::definitions(index, sources, declaring)?;
    findings.extend(found);
    findings.extend(verify::verify(index, sources, &definitions)?);
    Ok(())
}

/// Checks a project and writes its index to `path`, or to its place in `.regesta/`.
pub fn build(project: &Project, path: Option<&Path>) -> Result<(Checked, Index), Error> {
    build_watched(project, path, &Progress::default())
}

/// The same, telling how far it has come.
pub fn build_watched(
    project: &Project,
    path: Option<&Path>,
    progress: &Progress,
) -> Result<(Checked, Index), Error> {
    let mut stamp = Stamp::begin(project.settings_text());
    let found = project.find_files()?;
    let sources = sources_of(&found);
    let begun = again::now();
    let (index_path, stamp_path) = places(project, path)?;
    let extent = Extent::Facts;
    let to_read =
        ToRead { project, sources: &sources, found: &found, begun, extent, index: &index_path };
    let (mut base, cache) = again::read(&to_read, progress)?;
    raise_severities(&project.settings, &mut base);
    let Base { mut resolved, mut findings, declaring, .. } = base;
    let written_records = resolved.written_records;
    let count = resolve::definition_count(&declaring);
    let can_run = can_run(count, &findings);
    if !can_run {
        put_in_order(&mut findings);
    }
    resolved.facts.faults = fault_counts(&findings);
    progress.enter(Stage::Writing);
    let draft = index::build_file(&index_path, &resolved.facts)?;
    let keep = || -> Result<Index, Error> {
        if !can_run {
            return Ok(draft.keep()?);
        }
        // What is asked is the index as it will stand, before it stands there.
        run_definitions(draft.index(), &sources, &declaring, &mut findings)?;
        put_in_order(&mut findings);
        Ok(draft.with_faults(fault_counts(&findings))?.keep()?)
    };
    // So much memory takes a while to be given back.
    let (index, ()) = rayon::join(keep, || drop(resolved));
    let index = index?;
    for (found, (_, source)) in found.iter().zip(sources.files()) {
        stamp.add(found, source.hash());
    }
    if let Some(stamp_path) = stamp_path {
        let stamp = Stamp { index: index.identity(), ..stamp };
        stamp.write(&stamp_path)?;
    }
    let definitions_not_run = if can_run { 0 } else { count };
    Ok((Checked { sources, findings, written_records, definitions_not_run, cache }, index))
}

/// Returns where the index lies, and its stamp if it is the project's own.
fn places(project: &Project, path: Option<&Path>) -> Result<(PathBuf, Option<PathBuf>), Error> {
    match path {
        Some(path) => Ok((path.to_path_buf(), None)),
        None => {
            let (index, stamp) = own_places(&index::prepare_folder(project.root())?);
            Ok((index, Some(stamp)))
        }
    }
}

/// Returns where a project's own index lies, and its stamp.
fn own_places(folder: &Path) -> (PathBuf, PathBuf) {
    (folder.join(index::INDEX_NAME), folder.join(index::STAMP_NAME))
}

/// Opens the index of a project; builds it first where it is missing, stale or damaged. `before_writing` is called
/// before a file is begun, if one is.
pub fn open(project: &Project, before_writing: impl FnOnce()) -> Result<Index, Error> {
    let (index_path, stamp_path) = own_places(&index::folder_under(project.root()));
    if let (Some(stamp), Ok(index)) = (Stamp::read(&stamp_path), Index::open(&index_path)) {
        let now = Stamp::begin(project.settings_text());
        let found = project.find_files()?;
        let hash_of =
            |file: &FoundFile| source::read_bytes(file).ok().map(|bytes| content_hash(&bytes));
        match stamp.compare(now, &found, index.identity(), hash_of) {
            Freshness::Fresh => return Ok(index),
            Freshness::FreshAfterReading(renewed) => {
                before_writing();
                // Only a shortcut for the next time: where it cannot be written, all is still well.
                let _ = renewed.write(&stamp_path);
                return Ok(index);
            }
            Freshness::Stale { .. } => {}
        }
    }
    before_writing();
    build(project, None).map(|(_, index)| index)
}
