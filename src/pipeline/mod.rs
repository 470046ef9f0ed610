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
use crate::resolve::{self, Resolved};
use crate::settings::{Settings, SettingsError};
use crate::source::{self, FoundFile, SourceError, Sources};
use crate::syntax::{self, ast::File};
use rayon::prelude::*;
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
    /// What is sound.
    pub resolved: Resolved,
    /// How many checks and expectations were not run because the facts have errors.
    pub definitions_not_run: usize,
    stamp: Stamp,
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
    let mut stamp = Stamp::begin(project.settings_text());
    let found = project.find_files()?;
    let texts: Vec<_> = found.par_iter().map(source::read_bytes).collect();
    let mut sources = Sources::new();
    for (file, text) in found.iter().zip(texts) {
        let text = text?;
        stamp.add(file, content_hash(&text));
        sources.add(file.path.as_str(), text);
    }
    let (findings, mut resolved, definitions_not_run) = check_texts(&project.settings, &sources)?;
    resolved.facts.faults = fault_counts(&findings);
    Ok(Checked { sources, findings, resolved, definitions_not_run, stamp })
}

/// Reports everything that is wrong with texts that were read already, in the order of places; also what is sound,
/// and how many checks and expectations were not run because the facts have errors.
pub fn check_texts(
    settings: &Settings,
    sources: &Sources,
) -> Result<(Vec<Diagnostic>, Resolved, usize), Error> {
    let (mut findings, resolved, trees) = read_texts(settings, sources);
    let definitions_not_run = run_definitions(sources, &resolved, &trees, &mut findings)?;
    put_in_order(&mut findings);
    Ok((findings, resolved, definitions_not_run))
}

/// Puts the findings of all stages into the order of places; what only follows from another is left out.
fn put_in_order(findings: &mut Vec<Diagnostic>) {
    diagnostic::sort(findings);
    diagnostic::drop_covered(findings);
    diagnostic::fold(findings);
}

fn read_texts(settings: &Settings, sources: &Sources) -> (Vec<Diagnostic>, Resolved, Vec<File>) {
    let files: Vec<_> = sources.files().map(|(file, _)| file).collect();
    let parsed: Vec<_> = files.par_iter().map(|file| syntax::parse_file(sources, *file)).collect();
    let mut findings = Vec::new();
    let mut trees = Vec::with_capacity(parsed.len());
    for (tree, found) in parsed {
        trees.push(tree);
        findings.extend(found);
    }
    let (resolved, found) = resolve::facts(sources, &trees);
    findings.extend(found);
    findings.extend(lint::names_out_of_time(sources, &resolved.facts));
    if settings.evidence.require_source {
        let unsourced = findings.iter_mut().filter(|found| found.code == code::NO_SOURCE);
        unsourced.for_each(|found| found.severity = Severity::Error);
    }
    (findings, resolved, trees)
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
    let checked = check(project)?;
    let (index_path, stamp_path) = places(project, path)?;
    let draft = index::build_file(&index_path, &checked.resolved.facts)?;
    let index = draft.keep()?;
    if let Some(stamp_path) = stamp_path {
        let stamp = Stamp { index: index.identity(), ..checked.stamp.clone() };
        stamp.write(&stamp_path)?;
    }
    Ok((checked, index))
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
