//! `regesta date`: what a date means.

use super::args::{DateArguments, Page};
use super::console::Console;
use super::{Outcome, Stop};
use crate::time::{Description, Refusal, describe};
use std::io::{self, BufRead, Write};

pub(super) fn run(arguments: &DateArguments, console: &mut Console) -> Result<Outcome, Stop> {
    let text = arguments.text.trim();
    if text == "-" {
        return from_standard_input(console);
    }
    match (describe(text), arguments.format) {
        (Ok(description), Page::Text) => {
            write_description(console.out().0, &description)?;
            Ok(Outcome::Done)
        }
        (Ok(description), Page::Json) => {
            write_object(console.out().0, &description)?;
            Ok(Outcome::Done)
        }
        (Err(error), Page::Text) => {
            let (out, _) = console.err();
            writeln!(out, "error: {}\nhelp: {}", error.message(), error.help())?;
            Ok(Outcome::Findings)
        }
        (Err(error), Page::Json) => {
            write_object(console.out().0, &Refusal::from((text, &error)))?;
            Ok(Outcome::Findings)
        }
    }
}

/// Reads a date a line and prints an object a line; an empty line is no date.
fn from_standard_input(console: &mut Console) -> Result<Outcome, Stop> {
    let mut outcome = Outcome::Done;
    let (out, _) = console.out();
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\n', '\r']).trim();
        match describe(text) {
            Ok(description) => write_object(out, &description)?,
            Err(error) => {
                outcome = Outcome::Findings;
                write_object(out, &Refusal::from((text, &error)))?;
            }
        }
        line.clear();
    }
    Ok(outcome)
}

fn write_object(out: &mut dyn Write, object: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, object)?;
    writeln!(out)
}

fn write_description(out: &mut dyn Write, date: &Description) -> io::Result<()> {
    let day = |day: Option<crate::time::DayNumber>| {
        day.map_or_else(|| String::from("open or unknown"), |day| day.to_string())
    };
    writeln!(out, "{}", date.text)?;
    writeln!(out, "  means           {}", date.reading)?;
    writeln!(out, "  kind            {}", date.kind.name())?;
    writeln!(out, "  level           {}", date.level.name())?;
    writeln!(out, "  calendar        {}", date.calendar.name())?;
    writeln!(out, "  earliest start  {}", day(date.earliest_start))?;
    writeln!(out, "  latest start    {}", day(date.latest_start))?;
    writeln!(out, "  earliest end    {}", day(date.earliest_end))?;
    writeln!(out, "  latest end      {}", day(date.latest_end))
}
