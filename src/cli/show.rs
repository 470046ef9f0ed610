//! `regesta show`: everything known about a record.

use super::args::{GlobalArguments, Page, ShowArguments};
use super::console::Console;
use super::query::{faults_outcome, open};
use super::{Outcome, Stop};
use crate::pipeline::{self, Shown};
use crate::render::{write_record, write_record_json};

pub(super) fn run(
    global: &GlobalArguments,
    arguments: &ShowArguments,
    console: &mut Console,
) -> Result<Outcome, Stop> {
    let index = open(global, arguments.index.as_deref())?;
    let ending = faults_outcome(&index, arguments.strict, console)?;
    let name = arguments.words.join(" ");
    match pipeline::show(&index, &name, arguments.as_of.as_deref())? {
        Shown::Record(page) => {
            let (out, style) = console.out();
            match arguments.format {
                Page::Text => write_record(out, &page, style)?,
                Page::Json => write_record_json(out, &page)?,
            }
            Ok(ending)
        }
        Shown::Unknown { message } => Err(Stop::Request(message)),
    }
}
