//! `regesta fmt`: put files of facts into canonical form.

use super::args::{FormatArguments, GlobalArguments};
use super::console::Console;
use super::interrupt::Interrupt;
use super::{Outcome, Stop, remarks};
use crate::diagnostic::counted;
use crate::pipeline::{self, Change, FormattedFile};
use crate::render::write_difference;
use std::io::{self, Read};
use std::path::Path;

/// How standard input is called.
const STANDARD_INPUT: &str = "standard input";

pub(super) fn run(
    global: &GlobalArguments,
    arguments: &FormatArguments,
    interrupt: &Interrupt,
    console: &mut Console,
) -> Result<Outcome, Stop> {
    let is_standard_input = |path: &Path| path == Path::new("-");
    match arguments.paths.as_slice() {
        [only] if is_standard_input(only) => return run_on_input(arguments, console),
        paths if paths.iter().any(|path| is_standard_input(path)) => {
            let message = "`-` stands for standard input and cannot be named beside files";
            return Err(Stop::Request(message.to_string()));
        }
        _ => {}
    }
    let here = std::env::current_dir()?;
    let mut tally = Tally::default();
    let files = pipeline::format(global.root.as_deref(), &here, &arguments.paths)?;
    // A file that is being written is written to its end; the others stay as they are.
    interrupt.only_asks();
    for file in files {
        if interrupt.cancellation().check().is_err() {
            return Err(Stop::Interrupted);
        }
        tally.files += 1;
        match file {
            Ok(file) => tally.add(&file, arguments, console)?,
            Err(error) => tally.add_failure(&error, console)?,
        }
    }
    tally.end(arguments, console)
}

/// What was done, and to how many files.
#[derive(Default)]
struct Tally {
    files: usize,
    changed: usize,
    failed: usize,
    left_alone: usize,
}

impl Tally {
    fn add(
        &mut self,
        file: &FormattedFile,
        arguments: &FormatArguments,
        console: &mut Console,
    ) -> io::Result<()> {
        self.left_alone += file.left_alone;
        let Some(change) = &file.change else { return Ok(()) };
        if arguments.diff {
            let (out, style) = console.out();
            write_difference(out, file.path(), &change.before, &change.after, style)?;
        } else if arguments.check {
            writeln!(console.out().0, "{}", file.path())?;
        } else if let Err(error) = file.write() {
            return self.add_failure(&error, console);
        }
        self.changed += 1;
        Ok(())
    }

    fn add_failure(&mut self, error: &pipeline::Error, console: &mut Console) -> io::Result<()> {
        self.failed += 1;
        remarks::error(console, &error.to_string())
    }

    fn end(&self, arguments: &FormatArguments, console: &mut Console) -> Result<Outcome, Stop> {
        let only_looks = arguments.check || arguments.diff;
        if self.left_alone > 0 {
            remarks::left_alone(console, self.left_alone)?;
        }
        let files = counted(self.files, "file");
        match (only_looks, self.changed) {
            (_, 0) if self.failed > 0 => {}
            (_, 0) => writeln!(console.out().0, "canonical form in {files}")?,
            (false, _) => writeln!(console.out().0, "formatted {} of {files}", self.changed)?,
            (true, _) => remarks::not_canonical(console, self.changed, &files)?,
        }
        Ok(match (self.failed, only_looks && self.changed > 0) {
            (0, false) => Outcome::Done,
            (0, true) => Outcome::Findings,
            _ => Outcome::Failed,
        })
    }
}

/// Formats standard input to standard output.
fn run_on_input(arguments: &FormatArguments, console: &mut Console) -> Result<Outcome, Stop> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|cause| Stop::Request(format!("cannot read {STANDARD_INPUT}: {cause}")))?;
    let only_looks = arguments.check || arguments.diff;
    let original = if only_looks { Vec::new() } else { bytes.clone() };
    let (left_alone, change) = pipeline::format_bytes(STANDARD_INPUT, bytes)?;
    let is_changed = change.is_some();
    let (out, style) = console.out();
    match change {
        Some(Change { before, after }) if arguments.diff => {
            write_difference(out, STANDARD_INPUT, &before, &after, style)?;
        }
        Some(_) if arguments.check => writeln!(out, "{STANDARD_INPUT}")?,
        Some(Change { after, .. }) => out.write_all(after.as_bytes())?,
        None => out.write_all(&original)?,
    }
    if left_alone > 0 {
        remarks::left_alone(console, left_alone)?;
    }
    Ok(if only_looks && is_changed { Outcome::Findings } else { Outcome::Done })
}
