//! `regesta help`: pages of the documentation, and what a command takes.

use super::args::{Arguments, HelpArguments};
use super::console::Console;
use super::{Outcome, Stop};
use crate::diagnostic::meant;
use crate::suggest::nearest;
use clap::{Command, CommandFactory};
use std::io::{self, Write};

/// The pages by their topics, as they stand in `docs/`.
const PAGES: [(&str, &str, &str); 8] = [
    ("query", "how to ask questions", include_str!("../../docs/query.md")),
    ("language", "how to write facts", include_str!("../../docs/language.md")),
    ("time", "how to write dates, and what they mean", include_str!("../../docs/time.md")),
    ("output", "what a query prints", include_str!("../../docs/query-output.md")),
    ("repl", "asking one question after another", include_str!("../../docs/repl.md")),
    ("limits", "how much there may be", include_str!("../../docs/limits.md")),
    ("tutorial", "an afternoon with Regesta", include_str!("../../docs/tutorial.md")),
    ("encoding", "hard cases, and how to write them", include_str!("../../docs/encoding.md")),
];

pub(super) fn run(arguments: &HelpArguments, console: &mut Console) -> Result<Outcome, Stop> {
    let mut commands = Arguments::command();
    // Options of all commands are handed on to each.
    commands.build();
    let (out, _) = console.out();
    let Some(topic) = &arguments.topic else {
        write_help(out, &mut commands)?;
        writeln!(out, "\nPages, each by `regesta help TOPIC`:")?;
        for (topic, subject, _) in PAGES {
            writeln!(out, "  {topic:<9} {subject}")?;
        }
        return Ok(Outcome::Done);
    };
    let wanted = topic.to_lowercase();
    if let Some((_, _, page)) = PAGES.iter().find(|(topic, ..)| *topic == wanted) {
        out.write_all(page.as_bytes())?;
        if commands.find_subcommand(&wanted).is_some() {
            writeln!(out, "\n`regesta {wanted} --help` lists the options.")?;
        }
        return Ok(Outcome::Done);
    }
    match commands.find_subcommand_mut(&wanted) {
        Some(command) => {
            write_help(out, command)?;
            Ok(Outcome::Done)
        }
        None => Err(Stop::Request(unknown(topic, &commands))),
    }
}

fn write_help(out: &mut dyn Write, command: &mut Command) -> io::Result<()> {
    write!(out, "{}", command.render_long_help())
}

fn unknown(topic: &str, commands: &Command) -> String {
    let pages = PAGES.iter().map(|(topic, ..)| *topic);
    let commands = commands.get_subcommands().map(Command::get_name);
    let near = nearest(&topic.to_lowercase(), pages.chain(commands));
    match near.is_empty() {
        true => format!("there is no help on `{topic}`; `regesta help` lists what there is"),
        false => format!("there is no help on `{topic}`; {}", meant(&near)),
    }
}
