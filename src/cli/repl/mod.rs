//! `regesta repl`: one question after another.
//!
//! In: queries, and commands that begin with a dot. Out: what `regesta query`, `show`, `schema` and `explain` print.
//! A changed project is noticed before each question. Nothing that goes wrong with one ends the session.

mod commands;
mod completion;
mod input;

use super::args::{Answer, ExplainArguments, GlobalArguments, Page, ReplArguments};
use super::console::{Console, is_typed_at};
use super::interrupt::Interrupt;
use super::{Outcome, Stop, explain, query, remarks, schema, show};
use crate::diagnostic::counted;
use crate::index::{self, Index};
use crate::query::Allowance;
use commands::{Command, HELP, format_word};
use input::{HISTORY_NAME, Input, Terminal, Typed, asks_nothing};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What follows a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// Another one.
    Question,
    /// Nothing.
    End,
}

/// Words by which somebody may want to end or to be helped, with what does it.
const WORDS_OF_OTHERS: [(&str, &str); 3] =
    [("quit", ".quit"), ("exit", ".quit"), ("help", ".help")];

pub(super) fn run(
    global: &GlobalArguments,
    arguments: &ReplArguments,
    interrupt: &Interrupt,
    console: &mut Console,
) -> Result<Outcome, Stop> {
    let given = arguments.index.as_deref();
    let index = Rc::new(query::open(global, given, interrupt)?);
    let mut session = Session { global, given, interrupt, index, format: arguments.format };
    let mut input = session.input();
    if matches!(input, Input::Terminal(_)) {
        interrupt.only_asks();
        session.greet(console)?;
    }
    session.tell_faults(console)?;
    loop {
        console.send()?;
        let text = match input.read(&session.index)? {
            Typed::Text(text) => text,
            Typed::Dropped => continue,
            Typed::End => return Ok(Outcome::Done),
        };
        console.measure_again();
        interrupt.cancellation().forget();
        match session.answer(&text, console) {
            Ok(Next::Question) => {}
            Ok(Next::End) => return Ok(Outcome::Done),
            Err(Stop::Write(error)) => return Err(Stop::Write(error)),
            Err(stop) => remarks::error(console, &stop.to_string())?,
        }
    }
}

/// What lasts from one question to the next.
struct Session<'a> {
    global: &'a GlobalArguments,
    /// The index that is asked whatever the facts are.
    given: Option<&'a Path>,
    interrupt: &'a Interrupt,
    index: Rc<Index>,
    format: Answer,
}

impl Session<'_> {
    fn input(&self) -> Input {
        let (is_typed, is_shown) = is_typed_at();
        let terminal = match is_typed {
            true => Terminal::open(Rc::clone(&self.index), self.history(), is_shown),
            false => None,
        };
        match terminal {
            Some(terminal) => Input::Terminal(Box::new(terminal)),
            None => Input::Lines(Box::new(BufReader::new(std::io::stdin()))),
        }
    }

    /// Returns where the questions are remembered: with the project, since they are about its facts.
    fn history(&self) -> Option<PathBuf> {
        if self.given.is_some() {
            return None;
        }
        let project = query::project(self.global).ok()?;
        let folder = index::prepare_folder(project.root()).ok()?;
        Some(folder.join(HISTORY_NAME))
    }

    fn greet(&self, console: &mut Console) -> Result<(), Stop> {
        let records = counted(self.index.record_count() as usize, "record");
        let (out, _) = console.out();
        writeln!(out, "{records}; `.help` says what can be asked, Ctrl-D ends")?;
        Ok(())
    }

    fn tell_faults(&self, console: &mut Console) -> Result<(), Stop> {
        query::faults_outcome(&self.index, false, console).map(|_| ())
    }

    /// Looks whether the facts have changed, and takes the index over them as they are now.
    fn refresh(&mut self, console: &mut Console) -> Result<(), Stop> {
        if self.given.is_some() {
            return Ok(());
        }
        let index = query::open(self.global, None, self.interrupt)?;
        if index.identity() != self.index.identity() {
            self.index = Rc::new(index);
            let records = counted(self.index.record_count() as usize, "record");
            let note = format!("the facts have changed, and were indexed again: {records}");
            remarks::note(console, &note)?;
            self.tell_faults(console)?;
        }
        Ok(())
    }

    fn answer(&mut self, text: &str, console: &mut Console) -> Result<Next, Stop> {
        if commands::is_command(text) {
            let command = commands::parse(text).map_err(Stop::Request)?;
            return self.obey(command, console);
        }
        if asks_nothing(text) {
            return Ok(Next::Question);
        }
        self.refresh(console)?;
        let failed = query::answer(&self.index, text, self.format, &self.allowance(), console)?;
        let of_others = WORDS_OF_OTHERS.iter().find(|(word, _)| text.eq_ignore_ascii_case(word));
        if let (Some(_), Some((word, command))) = (failed, of_others) {
            remarks::note(
                console,
                &format!("a command begins with a dot: `{command}`, not `{word}`"),
            )?;
        }
        Ok(Next::Question)
    }

    fn obey(&mut self, command: Command, console: &mut Console) -> Result<Next, Stop> {
        match command {
            Command::Quit => return Ok(Next::End),
            Command::Help => write!(console.out().0, "{HELP}")?,
            Command::Format(Some(format)) => self.format = format,
            Command::Format(None) => writeln!(console.out().0, "{}", format_word(self.format))?,
            Command::Explain(code) => {
                explain::run(&ExplainArguments { code }, console)?;
            }
            Command::Plan(text) => {
                self.refresh(console)?;
                query::explain(&self.index, &text, &self.allowance(), console)?;
            }
            Command::Schema(relation) => {
                self.refresh(console)?;
                schema::print(&self.index, relation.as_deref(), self.page(), console)?;
            }
            Command::Show(name) => {
                self.refresh(console)?;
                show::print(&self.index, &name, None, self.page(), console)?;
            }
        }
        Ok(Next::Question)
    }

    fn allowance(&self) -> Allowance {
        Allowance { cancellation: self.interrupt.cancellation().clone(), ..Allowance::default() }
    }

    /// A page is printed as JSON where answers are.
    fn page(&self) -> Page {
        match self.format {
            Answer::Json | Answer::Jsonl => Page::Json,
            _ => Page::Text,
        }
    }
}
