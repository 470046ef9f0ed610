//! What begins with a dot: commands of the session.
//!
//! In: a line. Out: a [`Command`], or what is wrong with it; and completions of commands and their arguments.

use super::completion::{self, Candidate, Completions, MOST};
use crate::cli::args::Answer;
use crate::diagnostic::{CODES, code_named, meant, one_of};
use crate::index::{Index, IndexError};
use crate::suggest::{fold, nearest};
use clap::ValueEnum;

/// What `.help` prints.
pub const HELP: &str = "\
QUERY              answer a query, for example: treaties where year < 1930 count
.schema [RELATION] what may be said of a relation, or all relations
.show NAME         everything known about a record
.explain QUERY     how a query is evaluated, without its answer
.explain [CODE]    explain a code of a finding, or list all
.format [FORMAT]   how answers are printed, or which way that is now
.help              this list
.quit              end, as Ctrl-D does

A query goes on while a bracket or a quotation mark is open, or behind a line that ends with \\;
an empty line ends it all the same, and Ctrl-C drops it. Tab completes.
";

/// A command's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    /// `.schema`
    Schema,
    /// `.show`
    Show,
    /// `.explain`
    Explain,
    /// `.format`
    Format,
    /// `.help`
    Help,
    /// `.quit`
    Quit,
}

/// The commands by their words.
const COMMANDS: [(&str, Name); 6] = [
    (".schema", Name::Schema),
    (".show", Name::Show),
    (".explain", Name::Explain),
    (".format", Name::Format),
    (".help", Name::Help),
    (".quit", Name::Quit),
];

/// A command with its argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Describe a relation, or list all.
    Schema(Option<String>),
    /// Print a record.
    Show(String),
    /// Explain a code, or list all.
    Explain(Option<String>),
    /// Say how a query is evaluated.
    Plan(String),
    /// Print answers so from now on, or say how they are printed.
    Format(Option<Answer>),
    /// List the commands.
    Help,
    /// End the session.
    Quit,
}

/// Tells whether a text is a command, and no query.
pub fn is_command(text: &str) -> bool {
    // `..14` is the beginning of no query, but of no command either.
    let text = text.trim_start();
    text.starts_with('.') && !text.starts_with("..")
}

/// Reads a command; the message says what is wrong with it.
pub fn parse(text: &str) -> Result<Command, String> {
    let text = text.trim();
    let (word, argument) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let argument = Some(argument.trim()).filter(|argument| !argument.is_empty());
    let Some(name) = named(word) else {
        let near = nearest(word, COMMANDS.iter().map(|(known, _)| *known));
        let offer = match near.is_empty() {
            true => String::from("`.help` lists all"),
            false => meant(&near),
        };
        return Err(format!("there is no command `{word}`; {offer}"));
    };
    Ok(match (name, argument) {
        (Name::Schema, relation) => Command::Schema(relation.map(str::to_owned)),
        (Name::Show, Some(record)) => Command::Show(unquoted(record).to_owned()),
        (Name::Show, None) => {
            return Err(String::from("`.show` needs a record: its identifier, a name or an alias"));
        }
        (Name::Explain, Some(query)) if !is_code(query) => Command::Plan(query.to_owned()),
        (Name::Explain, code) => Command::Explain(code.map(str::to_owned)),
        (Name::Format, format) => Command::Format(format.map(format_named).transpose()?),
        (Name::Help, _) => Command::Help,
        (Name::Quit, _) => Command::Quit,
    })
}

/// Tells whether a text is a code of a finding, or was meant for one: no query begins like `KB0201`.
fn is_code(text: &str) -> bool {
    let is_number = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    let begins_so = text.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("kb"));
    code_named(text).is_some() || (begins_so && text.get(2..).is_some_and(is_number))
}

fn named(word: &str) -> Option<Name> {
    let row = COMMANDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
    row.map(|(_, name)| *name)
}

/// A name may be quoted here as it is in a query.
fn unquoted(text: &str) -> &str {
    let inner = |mark| text.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

fn format_named(written: &str) -> Result<Answer, String> {
    Answer::from_str(written, true)
        .map_err(|_| format!("there is no format `{written}`; there are {}", one_of(&formats())))
}

fn formats() -> Vec<String> {
    Answer::value_variants().iter().map(|format| format_word(*format)).collect()
}

/// Returns the word that names a format.
pub fn format_word(format: Answer) -> String {
    format.to_possible_value().map_or(String::new(), |value| value.get_name().to_owned())
}

/// Which part of a command is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typing {
    /// Its word.
    Word,
    /// The argument of this one.
    Argument(Name),
    /// The argument of one that does not exist.
    Nothing,
}

/// Returns what may be typed at byte `position` of a text, be it a command or a query.
pub fn complete(index: &Index, text: &str, position: usize) -> Result<Completions, IndexError> {
    let before = text.get(..position).unwrap_or(text);
    let found = match is_command(before) {
        true => complete_command(index, before)?,
        false => completion::complete(index, text, position)?,
    };
    Ok(found.harmless())
}

fn typing(before: &str) -> Typing {
    match before.trim_start().split_once(char::is_whitespace) {
        None => Typing::Word,
        Some((word, _)) => named(word).map_or(Typing::Nothing, Typing::Argument),
    }
}

fn complete_command(index: &Index, before: &str) -> Result<Completions, IndexError> {
    let text = before.trim_start();
    let argument = text.split_once(char::is_whitespace).map_or(text, |(_, rest)| rest.trim_start());
    let start = before.len() - argument.len();
    let wanted = fold(argument);
    let known: Vec<String> = match typing(before) {
        Typing::Word => COMMANDS.iter().map(|(word, _)| (*word).to_owned()).collect(),
        Typing::Argument(Name::Schema) => {
            let schema = index.schema();
            let relations = schema.relations.iter().map(|each| each.plural.clone());
            relations.chain(schema.unions.iter().map(|each| each.plural.clone())).collect()
        }
        Typing::Argument(Name::Explain) if is_beginning_of_code(argument) => {
            CODES.iter().map(|code| code.number.to_owned()).collect()
        }
        Typing::Argument(Name::Explain) => {
            let found = completion::complete(index, argument, argument.len())?;
            return Ok(Completions { start: start + found.start, ..found });
        }
        Typing::Argument(Name::Format) => formats(),
        Typing::Argument(Name::Show) => {
            return Ok(Completions { start, candidates: records(index, argument)? });
        }
        Typing::Argument(Name::Help | Name::Quit) | Typing::Nothing => Vec::new(),
    };
    let fits = known.into_iter().filter(|word| fold(word).starts_with(&wanted));
    Ok(Completions { start, candidates: fits.map(Candidate::plain).collect() })
}

fn is_beginning_of_code(text: &str) -> bool {
    CODES.iter().any(|code| fold(code.number).starts_with(&fold(text)))
}

fn records(index: &Index, typed: &str) -> Result<Vec<Candidate>, IndexError> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for found in index.starting_with(typed, None, MOST)? {
        let candidate = Candidate::plain(found.text);
        if !candidates.contains(&candidate) {
            candidates.push(candidate);
        }
    }
    Ok(candidates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_their_arguments() {
        assert_eq!(parse(".schema"), Ok(Command::Schema(None)));
        assert_eq!(parse(".Schema  treaty "), Ok(Command::Schema(Some("treaty".into()))));
        assert_eq!(parse(".show \"Soviet Union\""), Ok(Command::Show("Soviet Union".into())));
        assert_eq!(parse(".format CSV"), Ok(Command::Format(Some(Answer::Csv))));
        assert_eq!(parse(" .quit"), Ok(Command::Quit));
        assert_eq!(parse(".explain kb0201"), Ok(Command::Explain(Some("kb0201".into()))));
        assert_eq!(parse(".explain KB9"), Ok(Command::Explain(Some("KB9".into()))));
        assert_eq!(parse(".explain cycle"), Ok(Command::Explain(Some("cycle".into()))));
        assert_eq!(parse(".explain treaties count"), Ok(Command::Plan("treaties count".into())));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let said = |text: &str| parse(text).expect_err("it is wrong");
        assert_eq!(said(".shcema"), "there is no command `.shcema`; did somebody mean `.schema`?");
        assert_eq!(said(".tables"), "there is no command `.tables`; `.help` lists all");
        assert!(said(".show").starts_with("`.show` needs a record"));
        assert!(said(".format html").starts_with("there is no format `html`; there are `table`, "));
    }
}
