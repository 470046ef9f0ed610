//! Reads what is asked next: from a terminal with an editor, or from a pipe line by line.
//!
//! Out: whole queries, which may be several lines long, or a command. The history of a project lies in its folder
//! `.regesta`; where it cannot be read or written the session goes on without.

use super::commands;
use super::completion::{is_open, tokens};
use crate::index::Index;
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Behavior, CompletionType, Config, Context, Editor, Helper};
use std::io::{self, BufRead};
use std::path::PathBuf;
use std::rc::Rc;

/// The name of the history in a project's folder `.regesta`.
pub const HISTORY_NAME: &str = "history";
/// So many entries are kept.
const MOST_REMEMBERED: usize = 1000;
const PROMPT: &str = "regesta> ";

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Asked something.
    Text(String),
    /// Dropped what he was typing.
    Dropped,
    /// Ended the session.
    End,
}

/// Where the questions come from.
pub enum Input {
    /// Somebody types them.
    Terminal(Box<Terminal>),
    /// They stand in a pipe or a file.
    Lines(Box<dyn BufRead>),
}

/// An editor of lines with its history.
pub struct Terminal {
    editor: Editor<Typist, FileHistory>,
    history: Option<PathBuf>,
}

impl Terminal {
    /// Takes over the terminal; nothing where it cannot be had, as when its settings cannot be changed.
    ///
    /// Where the answers go elsewhere, the prompt is still shown on the terminal.
    pub fn open(
        index: Rc<Index>,
        history: Option<PathBuf>,
        shows_output: bool,
    ) -> Option<Terminal> {
        let behavior = if shows_output { Behavior::Stdio } else { Behavior::PreferTerm };
        let config = Config::builder()
            .behavior(behavior)
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            .history_ignore_space(true);
        let config = config.max_history_size(MOST_REMEMBERED).ok()?.build();
        let remembered = FileHistory::with_config(&config);
        let mut editor = Editor::with_history(config, remembered).ok()?;
        editor.set_helper(Some(Typist { index }));
        if let Some(path) = &history {
            let _ = editor.load_history(path);
        }
        Some(Terminal { editor, history })
    }

    fn read(&mut self, index: &Rc<Index>) -> io::Result<Typed> {
        if let Some(typist) = self.editor.helper_mut() {
            typist.index = Rc::clone(index);
        }
        match self.editor.readline(PROMPT) {
            Ok(text) => {
                self.remember(&text);
                Ok(Typed::Text(joined(&text)))
            }
            Err(ReadlineError::Interrupted) => Ok(Typed::Dropped),
            Err(ReadlineError::Eof) => Ok(Typed::End),
            Err(ReadlineError::Io(error)) => Err(error),
            Err(error) => Err(io::Error::other(error)),
        }
    }

    fn remember(&mut self, text: &str) {
        let is_new = self.editor.add_history_entry(text.trim_end()).unwrap_or(false);
        if let Some(path) = self.history.as_ref().filter(|_| is_new) {
            let _ = self.editor.append_history(path);
        }
    }
}

impl Input {
    /// Waits for the next question; names are completed from `index`.
    pub fn read(&mut self, index: &Rc<Index>) -> io::Result<Typed> {
        match self {
            Input::Terminal(terminal) => terminal.read(index),
            Input::Lines(lines) => read_lines(lines.as_mut()),
        }
    }
}

/// Reads lines until what they ask is whole, or until the end.
fn read_lines(lines: &mut dyn BufRead) -> io::Result<Typed> {
    let mut text = String::new();
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        text.push_str(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
        if !goes_on(&text) {
            return Ok(Typed::Text(joined(&text)));
        }
        text.push('\n');
        line.clear();
    }
    match text.is_empty() {
        true => Ok(Typed::End),
        false => Ok(Typed::Text(joined(&text))),
    }
}

/// Tells whether more lines belong to a query: a bracket or a string is open, or the last line ends with `\`. An
/// empty line ends it all the same, so that nobody is caught in it.
pub fn goes_on(text: &str) -> bool {
    let last = text.rsplit_once('\n').map(|(_, last)| last);
    if commands::is_command(text) || last.is_some_and(|last| last.trim().is_empty()) {
        return false;
    }
    text.trim_end().ends_with('\\') || is_open(text)
}

/// Tells whether a text asks anything, and is not only blanks and comments.
pub fn asks_nothing(text: &str) -> bool {
    tokens(text).iter().all(|token| token.kind == super::completion::Kind::Comment)
}

/// Takes out the `\` by which lines go on.
fn joined(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = line.trim_end();
        line.strip_suffix('\\').unwrap_or(line)
    });
    lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// Completes, and tells when a query is whole.
struct Typist {
    index: Rc<Index>,
}

impl Helper for Typist {}

impl Highlighter for Typist {}

impl Hinter for Typist {
    type Hint = String;
}

impl Completer for Typist {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        // A damaged index is reported when it is asked, not while somebody types.
        let found = commands::complete(&self.index, line, position).unwrap_or_default();
        let pairs = found.candidates.into_iter();
        let pairs = pairs.map(|one| Pair { display: one.shown, replacement: one.text }).collect();
        Ok((found.start, pairs))
    }
}

impl Validator for Typist {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match goes_on(context.input()) {
            true => ValidationResult::Incomplete,
            false => ValidationResult::Valid(None),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut lines = text.as_bytes();
        let mut read = Vec::new();
        while let Typed::Text(text) = read_lines(&mut lines).expect("a slice can be read") {
            read.push(text);
        }
        read
    }

    #[test]
    fn a_query_may_have_several_lines() {
        assert_eq!(
            all("treaties\npolities where (\n  a = b\n)\r\nevents \\\n  count\n.help"),
            ["treaties", "polities where (\n  a = b\n)", "events \n  count", ".help"]
        );
    }

    #[test]
    fn an_empty_line_ends_what_is_open() {
        assert_eq!(all("treaties where (\n\ntreaties"), ["treaties where (", "treaties"]);
        assert_eq!(all("treaties where \"a"), ["treaties where \"a"]);
        assert_eq!(all(".show \"a\n.help ("), [".show \"a", ".help ("]);
    }

    #[test]
    fn comments_ask_nothing() {
        assert!(asks_nothing("  # only this\n"));
        assert!(!asks_nothing("treaties # and this"));
    }
}
