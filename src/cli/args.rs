//! The arguments, as clap reads them.

use super::console::ColorChoice;
use crate::render::{AnswerFormat, MessageFormat};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// A knowledge base for historians: facts in plain text, checked, and asked in plain words.
#[derive(Debug, Parser)]
#[command(name = "regesta", version, max_term_width = 100, arg_required_else_help = true)]
#[command(disable_help_subcommand = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 findings in the facts, 2 could not do the job, 130 interrupted."
)]
pub struct Arguments {
    #[command(flatten)]
    pub global: GlobalArguments,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command understands.
#[derive(Debug, Args)]
pub struct GlobalArguments {
    /// The project's folder [default: the nearest one with `regesta.toml` or a folder `kb`]
    #[arg(long, global = true, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Color {
    /// On a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<Color> for ColorChoice {
    fn from(color: Color) -> ColorChoice {
        match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

// Of a command that is not asked for, nothing is made but its name and what it does: making all of them took 0.05 ms of a
// look-up. A doc comment on its arguments would come before what is said here.
/// The commands.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Report every mistake in the facts
    Check(CheckArguments),
    /// Check the facts and write the index
    Build(BuildArguments),
    /// Put the facts into canonical form
    Fmt(FormatArguments),
    /// Answer a question, for example 'treaties where party = Germany and year < 1930'
    Query(QueryArguments),
    /// Print everything known about a record
    Show(ShowArguments),
    /// Say why a record is in an answer or not, for example 'treaties where year < 1930' rapallo-1922
    Why(WhyArguments),
    /// Print what the schema says of a relation, or list all relations
    Schema(SchemaArguments),
    /// Ask one question after another
    Repl(ReplArguments),
    /// Say what a date means, for example '1917-10-25 julian'
    Date(DateArguments),
    /// Explain a code of a finding, for example KB0201
    Explain(ExplainArguments),
    /// Print a page of the documentation, for example 'help query'
    Help(HelpArguments),
}

// How findings are printed and counted.
#[derive(Debug, Args)]
pub struct FindingArguments {
    /// How findings are printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub message_format: Messages,
    /// Let warnings count as findings for the exit code
    #[arg(long, value_name = "WHAT", value_enum)]
    pub deny: Option<Deny>,
}

/// What may be denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Warnings
    Warnings,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Messages {
    /// With the text they are about
    #[default]
    Human,
    /// One a line, for editors
    Short,
    /// One JSON object a line
    Json,
    /// Annotations for GitHub
    Github,
}

impl From<Messages> for MessageFormat {
    fn from(messages: Messages) -> MessageFormat {
        match messages {
            Messages::Human => MessageFormat::Human,
            Messages::Short => MessageFormat::Short,
            Messages::Json => MessageFormat::Json,
            Messages::Github => MessageFormat::Github,
        }
    }
}

// `regesta check`
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Files or folders whose findings are reported [default: all]; the whole project is read in any case
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub findings: FindingArguments,
}

// `regesta build`
#[derive(Debug, Args)]
pub struct BuildArguments {
    /// Where the index is written [default: `.regesta/` in the project's folder]
    #[arg(long, value_name = "FILE")]
    pub index: Option<PathBuf>,
    #[command(flatten)]
    pub findings: FindingArguments,
}

// `regesta fmt`
#[derive(Debug, Args)]
pub struct FormatArguments {
    /// Files or folders [default: all facts of the project]; `-` formats standard input to standard output
    pub paths: Vec<PathBuf>,
    /// Change nothing; list what is not in canonical form, and exit with 1 if there is any
    #[arg(long, conflicts_with = "diff")]
    pub check: bool,
    /// Change nothing; print what would be changed, and exit with 1 if there is any
    #[arg(long)]
    pub diff: bool,
}

// `regesta query`
#[derive(Debug, Args)]
pub struct QueryArguments {
    /// The question, as one argument in single quotes
    #[arg(required = true, value_name = "QUERY")]
    pub words: Vec<String>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Answer,
    /// Say of each possible row what may be so: 'signed is 1917/1918: may fall in 1918'
    #[arg(long)]
    pub explain_dates: bool,
    /// Print how the question is evaluated instead of the answer
    #[arg(long, conflicts_with_all = ["format", "explain_dates"])]
    pub explain: bool,
    /// Ask this index and look at no facts
    #[arg(long, value_name = "FILE")]
    pub index: Option<PathBuf>,
    /// Refuse to answer over facts that have errors
    #[arg(long)]
    pub strict: bool,
    /// Give up if there is no answer after so long
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<Duration>,
    /// Print so many rows at most, the certain ones first, and count the others
    #[arg(long, value_name = "N")]
    pub max_rows: Option<usize>,
}

/// Reads a time: seconds, also with a decimal point.
fn seconds(written: &str) -> Result<Duration, String> {
    let seconds =
        written.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let seconds = seconds.filter(|seconds| !seconds.is_zero());
    seconds.ok_or_else(|| String::from("a number of seconds is wanted, such as `10` or `0.5`"))
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Answer {
    /// For people
    #[default]
    Table,
    /// Comma-separated values
    Csv,
    /// Tab-separated values
    Tsv,
    /// One JSON object
    Json,
    /// One JSON object a row
    Jsonl,
    /// A Markdown table
    Markdown,
    /// One identifier a line
    Ids,
    /// How many there are
    Count,
}

impl From<Answer> for AnswerFormat {
    fn from(answer: Answer) -> AnswerFormat {
        match answer {
            Answer::Table => AnswerFormat::Table,
            Answer::Csv => AnswerFormat::Csv,
            Answer::Tsv => AnswerFormat::Tsv,
            Answer::Json => AnswerFormat::Json,
            Answer::Jsonl => AnswerFormat::Jsonl,
            Answer::Markdown => AnswerFormat::Markdown,
            Answer::Ids => AnswerFormat::Ids,
            Answer::Count => AnswerFormat::Count,
        }
    }
}

// `regesta show`
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// The record's identifier, name or alias
    #[arg(required = true, value_name = "NAME")]
    pub words: Vec<String>,
    /// How the record is printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Page,
    /// Leave out what did not hold then, for example 1925
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub as_of: Option<String>,
    /// Look into this index and at no facts
    #[arg(long, value_name = "FILE")]
    pub index: Option<PathBuf>,
    /// Refuse to answer over facts that have errors
    #[arg(long)]
    pub strict: bool,
}

/// How a record is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Page {
    /// For people
    #[default]
    Text,
    /// One JSON object
    Json,
}

// `regesta why`
#[derive(Debug, Args)]
pub struct WhyArguments {
    /// The question, as one argument in single quotes
    #[arg(value_name = "QUERY")]
    pub query: String,
    /// The record's identifier, name or alias; where a row has several records all of them, parted by commas
    #[arg(required = true, value_name = "NAME")]
    pub name: Vec<String>,
    /// How the reasons are printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Page,
    /// Ask this index and look at no facts
    #[arg(long, value_name = "FILE")]
    pub index: Option<PathBuf>,
    /// Refuse to answer over facts that have errors
    #[arg(long)]
    pub strict: bool,
}

// `regesta schema`
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// The relation or union, in the singular or plural [default: list all]
    pub relation: Option<String>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Page,
    /// Look into this index and at no facts
    #[arg(long, value_name = "FILE")]
    pub index: Option<PathBuf>,
}

// `regesta repl`
#[derive(Debug, Args)]
pub struct ReplArguments {
    /// How answers are printed at first
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Answer,
    /// Ask this index and look at no facts
    #[arg(long, value_name = "FILE")]
    pub index: Option<PathBuf>,
}

// `regesta date`
#[derive(Debug, Args)]
pub struct DateArguments {
    /// The date; `-` reads one a line from standard input and prints a JSON object a line
    #[arg(value_name = "DATE", allow_hyphen_values = true)]
    pub text: String,
    /// How the reading is printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Page,
}

// `regesta explain`
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The code or its name: `KB0201` or `unknown-entity` [default: list all]
    pub code: Option<String>,
}

// `regesta help`
#[derive(Debug, Args)]
pub struct HelpArguments {
    /// A topic, such as `query`, `language` or `time`, or a command [default: list all]
    pub topic: Option<String>,
}
