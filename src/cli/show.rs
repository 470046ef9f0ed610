//! `regesta show`: everything known about a record.

use super::args::{GlobalArguments, Page, ShowArguments};
use super::console::Console;
use super::interrupt::Interrupt;
use super::query::{faults_outcome, open};
use super::{Outcome, Stop};
use crate::index::Index;
use crate::pipeline::{self, Shown};
use crate::render::{write_record, write_record_json};

pub(super) fn run(
    global: &GlobalArguments,
    arguments: &ShowArguments,
    interrupt: &Interrupt,
    console: &mut Console,
) -> Result<Outcome, Stop> {
    let index = open(global, arguments.index.as_deref(), interrupt)?;
    let ending = faults_outcome(&index, arguments.strict, console)?;
    let name = arguments.words.join(" ");
    print(&index, &name, arguments.as_of.as_deref(), arguments.format, console)?;
    Ok(ending)
}

/// Prints a record's page.
pub(super) fn print(
    index: &Index,
    name: &str,
    as_of: Option<&str>,
    format: Page,
    console: &mut Console,
) -> Result<(), Stop> {
    match pipeline::show(index, name, as_of)? {
        Shown::Record(page) => {
            let (out, style) = console.out();
            match format {
                Page::Text => write_record(out, &page, style)?,
                Page::Json => write_record_json(out, &page)?,
            }
            Ok(())
        }
        Shown::Unknown { message } => Err(Stop::Request(message)),
    }
}
