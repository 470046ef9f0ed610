//! `regesta build`: check the facts and write the index.

use super::args::{BuildArguments, GlobalArguments};
use super::check::{outcome, write_beside};
use super::console::Console;
use super::interrupt::Interrupt;
use super::progress::watch;
use super::{Outcome, Stop, remarks};
use crate::diagnostic::counted;
use crate::pipeline::{self, Project};

pub(super) fn run(
    global: &GlobalArguments,
    arguments: &BuildArguments,
    interrupt: &Interrupt,
    console: &mut Console,
) -> Result<Outcome, Stop> {
    let here = std::env::current_dir()?;
    let project = Project::locate(global.root.as_deref(), &here)?;
    interrupt.watch_under(project.root());
    if let Some(path) = &arguments.index {
        interrupt.watch_beside(path);
    }
    // A thread less has memory of its own that it keeps, where this one works with the others. Where they are at work
    // already, they go on as they are.
    let _ = rayon::ThreadPoolBuilder::new().use_current_thread().build_global();
    let path = arguments.index.as_deref();
    let (checked, index) =
        watch(console, |progress| pipeline::build_watched(&project, path, progress))?;
    remarks::damaged_cache(console, checked.cache)?;
    if !checked.findings.is_empty() {
        write_beside(console, &checked, &checked.findings, &arguments.findings)?;
    }
    let kept = index.record_count() as usize;
    let left_out = checked.written_records - kept;
    let files = counted(checked.sources.files().len(), "file");
    let records = counted(kept, "record");
    let (out, _) = console.out();
    match left_out {
        0 => writeln!(out, "indexed {records} of {files}")?,
        _ => writeln!(
            out,
            "indexed {records} of {files}; {} left out",
            counted(left_out, "faulty record")
        )?,
    }
    Ok(outcome(checked.faults(), &arguments.findings))
}
