//! The command line: one file a command, the arguments, the streams.
//!
//! In: what somebody typed. Out: what is printed, and the exit code: 0 done, 1 findings in the facts, 2 could not
//! do the job, 130 interrupted. No logic of the language is here.

mod args;
mod build;
mod check;
pub mod console;
mod date;
mod explain;
mod fmt;
mod help;
mod interrupt;
mod progress;
mod query;
mod remarks;
mod repl;
mod schema;
mod show;
mod watched;
mod why;

use args::{Arguments, Command};
use clap::Parser;
use console::{Console, Ending};
use interrupt::{INTERRUPTED, Interrupt};
use std::io;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It did its job.
    Done,
    /// There are findings in the facts.
    Findings,
    /// It could not do its job.
    Failed,
    /// Somebody interrupted it.
    Interrupted,
}

impl Outcome {
    fn exit_code(self) -> ExitCode {
        match self {
            Outcome::Done => ExitCode::from(0),
            Outcome::Findings => ExitCode::from(1),
            Outcome::Failed => ExitCode::from(2),
            Outcome::Interrupted => ExitCode::from(INTERRUPTED),
        }
    }
}

/// Why a command ended before it was done.
#[derive(Debug, thiserror::Error)]
enum Stop {
    /// It could not do its job.
    #[error(transparent)]
    Job(#[from] crate::pipeline::Error),
    /// Nothing can be written.
    #[error(transparent)]
    Write(#[from] io::Error),
    /// What was asked for cannot be.
    #[error("{0}")]
    Request(String),
    /// Somebody interrupted it.
    #[error("interrupted")]
    Interrupted,
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut console = Console::of_process(arguments.global.color.into());
    let ran = run(&arguments, &mut console);
    let (outcome, written) = match ran {
        Ok(outcome) => (outcome, Ok(())),
        Err(Stop::Write(error)) => (Outcome::Failed, Err(error)),
        Err(Stop::Interrupted) => (Outcome::Interrupted, Ok(())),
        Err(stop) => (Outcome::Failed, remarks::error(&mut console, &stop.to_string())),
    };
    match console.end(written) {
        Ok(Ending::Written) => outcome.exit_code(),
        // A reader that has seen enough is no failure.
        Ok(Ending::ReaderGone) => ExitCode::from(0),
        Err(error) => {
            let _ = writeln!(console.err().0, "error: cannot write: {error}");
            let _ = console.end(Ok(()));
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Stop> {
    let global = &arguments.global;
    let interrupt = Interrupt::default();
    match &arguments.command {
        Command::Check(check) => check::run(global, check, &interrupt, console),
        Command::Build(build) => build::run(global, build, &interrupt, console),
        Command::Fmt(format) => fmt::run(global, format, &interrupt, console),
        Command::Query(query) => query::run(global, query, &interrupt, console),
        Command::Show(show) => show::run(global, show, &interrupt, console),
        Command::Why(why) => why::run(global, why, &interrupt, console),
        Command::Schema(schema) => schema::run(global, schema, &interrupt, console),
        Command::Repl(repl) => repl::run(global, repl, &interrupt, console),
        Command::Date(date) => date::run(date, console),
        Command::Help(help) => help::run(help, console),
        Command::Explain(explain) => explain::run(explain, console),
    }
}
