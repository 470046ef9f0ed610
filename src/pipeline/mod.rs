//! The way of the data from end to end: check, build, ask, show, format.
//!
//! In: a project. Out: what each command needs to print. This is the one room that names all stages; it writes
//! nothing to a stream.

mod ask;
mod format;
mod project;
mod verify;

pub use ask::{Asked, Described, Planned, Reasoned, Shown, ask, describe, plan, show, why};
pub use format::{Change, FormattedFile, format, format_bytes};
pub use project::Project;

use crate::diagnostic::{self, Diagnostic, Severity, code};
use crate::index::{self, Freshness, Index, IndexError, Stamp, content_hash};
use crate::lint;
use crate::model::FaultCounts;
use crate::resolve::{self, Base, Extent, Resolved};
use crate::settings::{Settings, SettingsError};
use crate::source::{self, FoundFile, SourceError, Sources};
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

/// Reads all facts of a project and reports everything that is wrong with them.
pub fn check(project: &Project) -> Result<Checked, Error> {
    let sources = sources_of(&project.find_files()?);
    let (findings, resolved, definitions_not_run) =
        read_and_verify(&project.settings, &sources, Extent::Findings)?;
    let written_records = resolved.written_records;
    Ok(Checked { sources, findings, written_records, definitions_not_run })
}

/// Reports everything that is wrong with texts that were read already, in the order of places; also what is sound,
/// and how many checks and expectations were not run because the facts have errors.
pub fn check_texts(
    settings: &Settings,
    sources: &Sources,
) -> Result<(Vec<Diagnostic>, Resolved, usize), Error> {
    read_and_verify(settings, sources, Extent::Facts)
}

fn sources_of(found: &[FoundFile]) -> Sources {
    let mut sources = Sources::new();
    for file in found {
        sources.add_found(file.clone());
    }
    sources
}

fn read_and_verify(
    settings: &Settings,
    sources: &Sources,
    extent: Extent,
) -> Result<(Vec<Diagnostic>, Resolved, usize), Error> {
    let Base { resolved, mut findings, declaring } = resolve::base(sources, extent)?;
    findings.extend(lint::names_out_of_time(sources, &resolved.facts));
    if settings.evidence.require_source {
        let unsourced = findings.iter_mut().filter(|found| found.code == code::NO_SOURCE);
        unsourced.for_each(|found| found.severity = Severity::Error);
    }
    let definitions_not_run = run_definitions(sources, &resolved, &declaring, &mut findings)?;
    put_in_order(&mut findings);
    Ok((findings, resolved, definitions_not_run))
}

/// Puts the findings of all stages into the order of places; what only follows from another is left out.
fn put_in_order(findings: &mut Vec<Diagnostic>) {
    diagnostic::sort(findings);
    diagnostic::drop_covered(findings);
    diagnostic::fold(findings);
}

/// Runs checks and expectations, and returns how many could not be run because the facts have errors.
fn run_definitions(
    sources: &Sources,
    resolved: &Resolved,
    trees: &[File],
    findings: &mut Vec<Diagnostic>,
) -> Result<usize, Error> {
    let has_errors = findings.iter().any(|found| found.severity == Severity::Error);
    let count = resolve::definition_count(trees);
    // Where a faulty record is left out, a question would be answered otherwise for that reason alone, and one
    // mistake told twice.
    if count == 0 || has_errors {
        return Ok(count);
    }
    // They are asked of an index in memory, before anything is written.
    let index = Index::in_memory(index::build(&resolved.facts)?)?;
    let (definitions, found) = resolve::definitions(&index, sources, trees)?;
    findings.extend(found);
    findings.extend(verify::verify(&index, sources, &definitions)?);
    Ok(0)
}

/// Checks a project and writes its index to `path`, or to its place in `.regesta/`.
pub fn build(project: &Project, path: Option<&Path>) -> Result<(Checked, Index), Error> {
    let mut stamp = Stamp::begin(project.settings_text());
    let found = project.find_files()?;
    let sources = sources_of(&found);
    let (findings, mut resolved, definitions_not_run) =
        read_and_verify(&project.settings, &sources, Extent::Facts)?;
    resolved.facts.faults = fault_counts(&findings);
    let (index_path, stamp_path) = places(project, path)?;
    let draft = index::build_file(&index_path, &resolved.facts)?;
    let index = draft.keep()?;
    for (found, (_, source)) in found.iter().zip(sources.files()) {
        stamp.add(found, source.hash());
    }
    if let Some(stamp_path) = stamp_path {
        let stamp = Stamp { index: index.identity(), ..stamp };
        stamp.write(&stamp_path)?;
    }
    let written_records = resolved.written_records;
    Ok((Checked { sources, findings, written_records, definitions_not_run }, index))
}

/// Returns where the index lies, and its stamp if it is the project's own.
fn places(project: &Project, path: Option<&Path>) -> Result<(PathBuf, Option<PathBuf>), Error> {
    match path {
        Some(path) => Ok((path.to_path_buf(), None)),
        None => {
            let folder = index::prepare_folder(project.root())?;
            Ok((folder.join(index::INDEX_NAME), Some(folder.join(index::STAMP_NAME))))
        }
    }
}

/// Opens the index of a project; builds it first where it is missing, stale or damaged.
pub fn open(project: &Project) -> Result<Index, Error> {
    let (index_path, stamp_path) = places(project, None)?;
    let Some(stamp_path) = stamp_path else { return Ok(Index::open(&index_path)?) };
    if let (Some(stamp), Ok(index)) = (Stamp::read(&stamp_path), Index::open(&index_path)) {
        let now = Stamp::begin(project.settings_text());
        let found = project.find_files()?;
        let hash_of =
            |file: &FoundFile| source::read_bytes(file).ok().map(|bytes| content_hash(&bytes));
        match stamp.compare(now, &found, index.identity(), hash_of) {
            Freshness::Fresh => return Ok(index),
            Freshness::FreshAfterReading(renewed) => {
                // Only a shortcut for the next time: where it cannot be written, all is still well.
                let _ = renewed.write(&stamp_path);
                return Ok(index);
            }
            Freshness::Stale { .. } => {}
        }
    }
    build(project, None).map(|(_, index)| index)
}
