//! `regesta why`: why a record is in an answer, or not.

use super::args::{GlobalArguments, Page, WhyArguments};
use super::console::Console;
use super::interrupt::Interrupt;
use super::query::{faults_outcome, open};
use super::{Outcome, Stop};
use crate::pipeline;
use crate::render::{write_query_findings, write_why, write_why_json};

pub(super) fn run(
    global: &GlobalArguments,
    arguments: &WhyArguments,
    interrupt: &Interrupt,
    console: &mut Console,
) -> Result<Outcome, Stop> {
    let index = open(global, arguments.index.as_deref(), interrupt)?;
    let ending = faults_outcome(&index, arguments.strict, console)?;
    let name = arguments.name.join(" ");
    let reasoned = pipeline::why(&index, &arguments.query, &name)?;
    if !reasoned.findings.is_empty() {
        let (err, style) = console.err();
        write_query_findings(err, &reasoned.sources, &reasoned.findings, style)?;
    }
    match reasoned.why {
        Some(Ok(why)) => {
            let (out, style) = console.out();
            match arguments.format {
                Page::Text => write_why(out, &why, style)?,
                Page::Json => write_why_json(out, &arguments.query, &why)?,
            }
            Ok(ending)
        }
        Some(Err(message)) => Err(Stop::Request(message)),
        None => Ok(Outcome::Failed),
    }
}
