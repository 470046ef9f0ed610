//! `regesta check`: report every mistake in the facts.

use super::args::{CheckArguments, Deny, FindingArguments, GlobalArguments, Messages};
use super::console::Console;
use super::interrupt::Interrupt;
use super::progress::watch;
use super::{Outcome, Stop, remarks};
use crate::diagnostic::{Diagnostic, counted};
use crate::model::FaultCounts;
use crate::pipeline::{self, Checked, Project, fault_counts};
use crate::render::write_diagnostics;
use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

pub(super) fn run(
    global: &GlobalArguments,
    arguments: &CheckArguments,
    interrupt: &Interrupt,
    console: &mut Console,
) -> Result<Outcome, Stop> {
    let here = std::env::current_dir()?;
    let project = Project::locate(global.root.as_deref(), &here)?;
    let picked = picked(&project, &here, arguments)?;
    interrupt.watch_under(project.root());
    let mut checked = watch(console, |progress| pipeline::check_watched(&project, progress))?;
    remarks::damaged_cache(console, checked.cache)?;
    let mut findings = std::mem::take(&mut checked.findings);
    let all = fault_counts(&findings);
    if let Some(picked) = &picked {
        findings
            .retain(|found| picked.contains(&checked.sources.file(found.primary.span.file).path));
    }
    let (out, style) = console.out();
    let format = arguments.findings.message_format;
    if findings.is_empty() && matches!(format, Messages::Human) {
        match picked {
            Some(picked) => write_picked_well(out, picked.len(), all)?,
            None => write_all_well(out, &checked)?,
        }
    } else {
        write_diagnostics(out, &checked.sources, &findings, format.into(), style)?;
    }
    if checked.definitions_not_run > 0 {
        remarks::not_run(console, checked.definitions_not_run)?;
    }
    Ok(outcome(fault_counts(&findings), &arguments.findings))
}

fn picked(
    project: &Project,
    here: &Path,
    arguments: &CheckArguments,
) -> Result<Option<HashSet<String>>, Stop> {
    if arguments.paths.is_empty() {
        return Ok(None);
    }
    let mut picked = HashSet::new();
    for path in &arguments.paths {
        picked.extend(project.files_under(here, path)?);
    }
    Ok(Some(picked))
}

fn write_all_well(out: &mut dyn Write, checked: &Checked) -> io::Result<()> {
    let records = counted(checked.written_records, "record");
    let files = counted(checked.sources.files().len(), "file");
    writeln!(out, "no findings in {records} of {files}")
}

/// Says that there is nothing in the files that were picked, and not that there is nothing at all.
fn write_picked_well(out: &mut dyn Write, files: usize, all: FaultCounts) -> io::Result<()> {
    let files = match files {
        1 => String::from("this file"),
        _ => format!("these {files} files"),
    };
    let elsewhere = (all.errors + all.warnings) as usize;
    match elsewhere {
        0 => writeln!(out, "no findings in {files}, nor elsewhere"),
        _ => writeln!(out, "no findings in {files}; {} elsewhere", counted(elsewhere, "finding")),
    }
}

/// Decides on the exit code.
pub(super) fn outcome(faults: FaultCounts, arguments: &FindingArguments) -> Outcome {
    let denies_warnings = arguments.deny == Some(Deny::Warnings);
    match faults.errors > 0 || (denies_warnings && faults.warnings > 0) {
        true => Outcome::Findings,
        false => Outcome::Done,
    }
}

/// Prints findings where the product is something else.
pub(super) fn write_beside(
    console: &mut Console,
    checked: &Checked,
    findings: &[Diagnostic],
    arguments: &FindingArguments,
) -> io::Result<()> {
    let (err, style) = console.err();
    write_diagnostics(err, &checked.sources, findings, arguments.message_format.into(), style)
}
