//! What is said beside the product, on standard error.

use super::console::Console;
use crate::diagnostic::counted;
use crate::model::FaultCounts;
use crate::pipeline::Cache;
use std::io;

/// Says why the job could not be done.
pub fn error(console: &mut Console, message: &str) -> io::Result<()> {
    writeln!(console.err().0, "error: {message}")
}

/// Says what is most likely a slip.
pub fn warning(console: &mut Console, message: &str) -> io::Result<()> {
    writeln!(console.err().0, "warning: {message}")
}

/// Says something that has to be known beside an answer.
pub fn note(console: &mut Console, message: &str) -> io::Result<()> {
    writeln!(console.err().0, "note: {message}")
}

/// Says that fewer rows are printed than there are, since no more were wanted.
pub fn rows_left(console: &mut Console, printed: usize, left: u64) -> io::Result<()> {
    let (rows, verb) = (counted(printed, "row"), if printed == 1 { "is" } else { "are" });
    note(console, &format!("{rows} {verb} printed and {left} more left out: `--max-rows`"))
}

/// Says that faulty items were not formatted.
pub fn left_alone(console: &mut Console, items: usize) -> io::Result<()> {
    let items = counted(items, "faulty item");
    note(console, &format!("left {items} as written; `regesta check` tells what is wrong"))
}

/// Says that files are not in canonical form.
pub fn not_canonical(console: &mut Console, count: usize, of_files: &str) -> io::Result<()> {
    let message =
        format!("{count} of {of_files} not in canonical form; `regesta fmt` puts that right");
    note(console, &message)
}

/// Says that an answer was given over faulty facts.
pub fn faulty_base(console: &mut Console, faults: FaultCounts) -> io::Result<()> {
    let errors = counted(faults.errors as usize, "error");
    note(
        console,
        &format!(
            "the facts have {errors}, and what is faulty is left out; `regesta check` lists them"
        ),
    )
}

/// Says that checks and expectations were left alone.
pub fn not_run(console: &mut Console, definitions: usize) -> io::Result<()> {
    let definitions = counted(definitions, "definition");
    note(
        console,
        &format!(
            "the facts have errors, so that no check or expectation was run ({definitions}): mend these first"
        ),
    )
}

/// Says that what was kept of the last check could not be used.
pub fn damaged_cache(console: &mut Console, cache: Cache) -> io::Result<()> {
    match cache {
        Cache::Unused | Cache::Used => Ok(()),
        Cache::Damaged => note(
            console,
            "`.regesta/checked`, which is kept of the last check, was damaged: everything was read, and it is made again",
        ),
    }
}
