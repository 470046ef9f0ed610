//! `regesta query`: answer a question.

use super::args::{Answer, GlobalArguments, QueryArguments};
use super::console::Console;
use super::interrupt::Interrupt;
use super::watched::{Watched, cancelled};
use super::{Outcome, Stop, remarks};
use crate::cancel::Cancellation;
use crate::index::{Index, IndexError};
use crate::pipeline::{self, Project};
use crate::query::{Allowance, Reasons};
use crate::render::{AnswerFormat, write_answers, write_plan, write_query_findings};
use std::io;
use std::path::Path;

pub(super) fn run(
    global: &GlobalArguments,
    arguments: &QueryArguments,
    interrupt: &Interrupt,
    console: &mut Console,
) -> Result<Outcome, Stop> {
    let text = match arguments.words.as_slice() {
        [only] => only,
        several => return Err(Stop::Request(unquoted(several))),
    };
    let index = open(global, arguments.index.as_deref(), interrupt)?;
    let ending = faults_outcome(&index, arguments.strict, console)?;
    let allowance = allowance(arguments, interrupt.cancellation());
    if arguments.explain {
        return explain(&index, text, &allowance, console).map(|failed| failed.unwrap_or(ending));
    }
    let answered = answer(&index, text, arguments.format, &allowance, console)?;
    Ok(answered.unwrap_or(ending))
}

/// Answers a query and prints what is to be said of it; an outcome where there is no answer.
pub(super) fn answer(
    index: &Index,
    text: &str,
    format: Answer,
    allowance: &Allowance,
    console: &mut Console,
) -> Result<Option<Outcome>, Stop> {
    let format = AnswerFormat::from(format);
    // Rows that are only counted need not be made.
    let rows_wanted = if format == AnswerFormat::Count { Some(0) } else { allowance.rows_wanted };
    let allowance = &Allowance { readers: format.readers(), rows_wanted, ..allowance.clone() };
    let asked = pipeline::ask(index, text, allowance)?;
    if !asked.findings.is_empty() {
        let (err, style) = console.err();
        write_query_findings(err, &asked.sources, &asked.findings, style)?;
    }
    let Some(answers) = asked.answers else { return Ok(Some(Outcome::Failed)) };
    if let Some(refusal) = format.refusal(answers.rows_of) {
        return Err(Stop::Request(refusal.to_string()));
    }
    let (out, style) = console.out();
    let mut watched = Watched::new(out, &allowance.cancellation);
    write_answers(&mut watched, text, &answers, format, style).map_err(stop_of)?;
    if answers.rows_left > 0 && format != AnswerFormat::Count {
        remarks::rows_left(console, answers.rows.len(), answers.rows_left)?;
    }
    for warning in &answers.warnings {
        remarks::warning(console, warning)?;
    }
    for note in &answers.notes {
        remarks::note(console, note)?;
    }
    Ok(None)
}

fn stop_of(error: io::Error) -> Stop {
    match cancelled(&error) {
        Some(cancelled) => Stop::Job(pipeline::Error::Index(IndexError::Cancelled(cancelled))),
        None => Stop::Write(error),
    }
}

/// Prints the plan in place of the answer; an outcome where there is none.
pub(super) fn explain(
    index: &Index,
    text: &str,
    allowance: &Allowance,
    console: &mut Console,
) -> Result<Option<Outcome>, Stop> {
    let planned = pipeline::plan(index, text, allowance)?;
    if !planned.findings.is_empty() {
        let (err, style) = console.err();
        write_query_findings(err, &planned.sources, &planned.findings, style)?;
    }
    let Some(plan) = planned.plan else { return Ok(Some(Outcome::Failed)) };
    let (out, style) = console.out();
    write_plan(out, &plan, style)?;
    Ok(None)
}

/// The time runs from when the index is open: bringing it up to date is not counted.
fn allowance(arguments: &QueryArguments, cancellation: &Cancellation) -> Allowance {
    Allowance {
        reasons: if arguments.explain_dates { Reasons::Plain } else { Reasons::Short },
        rows_wanted: arguments.max_rows,
        cancellation: match arguments.timeout {
            Some(time) => cancellation.within(time),
            None => cancellation.clone(),
        },
        ..Allowance::default()
    }
}

/// Opens the index that is asked.
pub(super) fn open(
    global: &GlobalArguments,
    index: Option<&Path>,
    interrupt: &Interrupt,
) -> Result<Index, Stop> {
    if let Some(path) = index {
        return Ok(Index::open(path).map_err(pipeline::Error::from)?);
    }
    let project = project(global)?;
    Ok(pipeline::open(&project, || interrupt.watch_under(project.root()))?)
}

/// Finds the project that is asked.
pub(super) fn project(global: &GlobalArguments) -> Result<Project, Stop> {
    let here = std::env::current_dir()?;
    Ok(Project::locate(global.root.as_deref(), &here)?)
}

/// Says that the facts have errors, if they have, and how a command over them ends.
pub(super) fn faults_outcome(
    index: &Index,
    strict: bool,
    console: &mut Console,
) -> Result<Outcome, Stop> {
    let faults = index.faults();
    if faults.errors == 0 {
        return Ok(Outcome::Done);
    }
    if strict {
        let count = crate::diagnostic::counted(faults.errors as usize, "error");
        return Err(Stop::Request(format!(
            "the facts have {count}, and `--strict` asks for none; `regesta check` lists them"
        )));
    }
    remarks::faulty_base(console, faults)?;
    Ok(Outcome::Findings)
}

/// Says how a query that came in several arguments should have been typed.
fn unquoted(words: &[String]) -> String {
    let text = words.join(" ");
    let quoted = text.replace('\'', "'\\''");
    format!(
        "a query is one argument, in single quotes, so that the shell leaves it alone:\n\n    regesta query '{quoted}'\n"
    )
}
