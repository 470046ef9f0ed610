//! Streams, environment and terminal; nothing else in Regesta looks at them.
//!
//! In: what `--color` says. Out: two writers, each with the [`Style`] that its reader can show. A reader that
//! goes away (`regesta query … | head`) is no fault: [`Console::end`] makes a quiet end of it.

use crate::render::Style;
use anstream::AutoStream;
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Write};

/// The width of a terminal that does not tell its own.
const USUAL_WIDTH: usize = 80;

/// When colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always, into a pipe too.
    Always,
    /// Never.
    Never,
}

/// What the environment says about colours.
#[derive(Clone, Debug, Default)]
pub struct ColorEnvironment {
    /// `NO_COLOR`: no colours, if it is not empty.
    pub no_color: Option<OsString>,
    /// `CLICOLOR_FORCE`: colours even into a pipe, if it is neither empty nor `0`.
    pub clicolor_force: Option<OsString>,
    /// `CLICOLOR`: no colours, if it is `0`.
    pub clicolor: Option<OsString>,
    /// `TERM`: no colours, if it is `dumb`.
    pub term: Option<OsString>,
}

impl ColorEnvironment {
    /// Reads the environment of the process.
    pub fn of_process() -> ColorEnvironment {
        ColorEnvironment {
            no_color: std::env::var_os("NO_COLOR"),
            clicolor_force: std::env::var_os("CLICOLOR_FORCE"),
            clicolor: std::env::var_os("CLICOLOR"),
            term: std::env::var_os("TERM"),
        }
    }
}

/// Decides on colours: the option first, then `NO_COLOR`, then `CLICOLOR_FORCE`, then the terminal.
pub fn wants_color(choice: ColorChoice, environment: &ColorEnvironment, is_terminal: bool) -> bool {
    let is_set = |value: &Option<OsString>| value.as_ref().is_some_and(|value| !value.is_empty());
    let equals = |value: &Option<OsString>, word: &str| {
        value.as_ref().is_some_and(|value| value.as_os_str() == word)
    };
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if is_set(&environment.no_color) => false,
        ColorChoice::Auto
            if is_set(&environment.clicolor_force) && !equals(&environment.clicolor_force, "0") =>
        {
            true
        }
        ColorChoice::Auto => {
            is_terminal && !equals(&environment.clicolor, "0") && !equals(&environment.term, "dumb")
        }
    }
}

/// Tells whether somebody sits at a terminal and types, and whether he sees there what is printed.
pub fn is_typed_at() -> (bool, bool) {
    (io::stdin().is_terminal(), io::stdout().is_terminal())
}

/// How a command's writing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All was written.
    Written,
    /// The reader has gone; whatever is left to say, nobody is there.
    ReaderGone,
}

/// The two streams of a run.
pub struct Console {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    out_style: Style,
    err_style: Style,
}

impl Console {
    /// Takes the process's own streams.
    pub fn of_process(choice: ColorChoice) -> Console {
        let environment = ColorEnvironment::of_process();
        let (stdout, stderr) = (io::stdout(), io::stderr());
        let out_style = Style {
            color: wants_color(choice, &environment, stdout.is_terminal()),
            width: stdout.is_terminal().then(|| width_of(terminal_size::terminal_size_of(&stdout))),
        };
        let err_style = Style {
            color: wants_color(choice, &environment, stderr.is_terminal()),
            width: stderr.is_terminal().then(|| width_of(terminal_size::terminal_size_of(&stderr))),
        };
        // Where a terminal does not know colour codes, anstream translates them; without colours the
        // bytes go straight through.
        let out: Box<dyn Write> = match out_style.color {
            true => Box::new(BufWriter::new(AutoStream::always(stdout))),
            false => Box::new(BufWriter::new(stdout)),
        };
        let err: Box<dyn Write> = match err_style.color {
            true => Box::new(BufWriter::new(AutoStream::always(stderr))),
            false => Box::new(BufWriter::new(stderr)),
        };
        Console { out, err, out_style, err_style }
    }

    /// Takes any two writers, each with its style.
    pub fn new(
        out: Box<dyn Write>,
        out_style: Style,
        err: Box<dyn Write>,
        err_style: Style,
    ) -> Console {
        Console { out, err, out_style, err_style }
    }

    /// Returns the writer of answers, and what its reader can show.
    pub fn out(&mut self) -> (&mut dyn Write, Style) {
        (&mut *self.out, self.out_style)
    }

    /// Returns the writer of findings and remarks, and what its reader can show.
    ///
    /// What was written to the other one before is sent first, so that both come in order on one terminal.
    pub fn err(&mut self) -> (&mut dyn Write, Style) {
        // A reader that has gone is noticed at the end; remarks may still be read by another.
        let _ = self.out.flush();
        (&mut *self.err, self.err_style)
    }

    /// Sends what is still held back, before somebody is asked to type.
    pub fn send(&mut self) -> io::Result<()> {
        self.out.flush()?;
        self.err.flush()
    }

    /// Looks again how wide the terminal is: a session outlasts its window's size.
    pub fn measure_again(&mut self) {
        if self.out_style.width.is_some() {
            self.out_style.width = Some(width_of(terminal_size::terminal_size_of(io::stdout())));
        }
        if self.err_style.width.is_some() {
            self.err_style.width = Some(width_of(terminal_size::terminal_size_of(io::stderr())));
        }
    }

    /// Sends what is still held back, and turns a reader's going into a quiet end.
    pub fn end(&mut self, written: io::Result<()>) -> io::Result<Ending> {
        let flushed = written.and_then(|()| self.out.flush());
        let ended = ending(flushed);
        let flushed = ending(self.err.flush());
        match (ended?, flushed?) {
            (Ending::Written, Ending::Written) => Ok(Ending::Written),
            _ => Ok(Ending::ReaderGone),
        }
    }
}

fn ending(result: io::Result<()>) -> io::Result<Ending> {
    match result {
        Ok(()) => Ok(Ending::Written),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Ending::ReaderGone),
        Err(error) => Err(error),
    }
}

fn width_of(size: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    match size {
        Some((terminal_size::Width(columns), _)) if columns > 0 => usize::from(columns),
        _ => USUAL_WIDTH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(no_color: &str, force: &str) -> ColorEnvironment {
        let value = |text: &str| (!text.is_empty()).then(|| OsString::from(text));
        ColorEnvironment {
            no_color: value(no_color),
            clicolor_force: value(force),
            ..ColorEnvironment::default()
        }
    }

    #[test]
    fn the_option_beats_the_environment_and_that_the_terminal() {
        let quiet = environment("1", "1");
        assert!(wants_color(ColorChoice::Always, &quiet, false));
        assert!(!wants_color(ColorChoice::Never, &environment("", "1"), true));
        assert!(!wants_color(ColorChoice::Auto, &quiet, true));
        assert!(wants_color(ColorChoice::Auto, &environment("", "1"), false));
        assert!(!wants_color(ColorChoice::Auto, &environment("", "0"), false));
        assert!(wants_color(ColorChoice::Auto, &environment("", ""), true));
        assert!(!wants_color(ColorChoice::Auto, &environment("", ""), false));
    }

    #[test]
    fn a_dumb_terminal_has_no_colours() {
        let dumb = ColorEnvironment { term: Some("dumb".into()), ..ColorEnvironment::default() };
        assert!(!wants_color(ColorChoice::Auto, &dumb, true));
    }

    /// A reader that went away before anything was sent.
    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_goes_away_ends_the_run_quietly() -> io::Result<()> {
        let writer = Box::new(BufWriter::new(Gone));
        let mut console = Console::new(writer, Style::PLAIN, Box::new(Vec::new()), Style::PLAIN);
        let written = writeln!(console.out().0, "an answer");
        assert_eq!(console.end(written)?, Ending::ReaderGone);
        Ok(())
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let mut console =
            Console::new(Box::new(Vec::new()), Style::PLAIN, Box::new(Vec::new()), Style::PLAIN);
        assert!(console.end(Err(io::ErrorKind::StorageFull.into())).is_err());
    }
}
