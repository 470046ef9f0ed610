//! Findings in four formats: for people, for `grep` and editors, for programs, for GitHub.
//!
//! In: findings and the texts they are about. Out: bytes. Nothing is sorted here except where a format
//! needs it, and nothing decides on an exit code.

mod excerpt;
mod human;
mod machine;
mod renumber;

use super::ruler::Ruler;
use super::{Style, paint};
use crate::diagnostic::{Diagnostic, MOST_OF_A_KIND, Severity, counted};
use crate::source::Sources;
use anstyle::AnsiColor;
use std::collections::HashSet;
use std::io::{self, Write};

/// How many findings people are shown at once.
pub const MOST_FINDINGS: usize = 50;

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageFormat {
    /// Sentences with the lines they are about; at most [`MOST_FINDINGS`], then the totals.
    #[default]
    Human,
    /// One line a finding: `file:line:col: severity[KB0201]: message`.
    Short,
    /// One JSON object a line, the totals as the last.
    Json,
    /// Annotations of a GitHub workflow, errors first.
    Github,
}

/// How many findings there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// In how many files they stand.
    pub files: usize,
}

impl Totals {
    /// Counts findings.
    pub fn of(findings: &[Diagnostic]) -> Totals {
        let count = |severity| {
            let of_severity = findings.iter().filter(|each| each.severity == severity);
            of_severity.map(Diagnostic::weight).sum()
        };
        let files: HashSet<_> = findings.iter().map(|each| each.primary.span.file).collect();
        Totals {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
            files: files.len(),
        }
    }

    /// Returns `3 errors and 1 warning in 2 files`.
    pub fn sentence(self) -> String {
        let counts = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let counts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| counted(count, noun))
            .collect();
        let counts = match counts.as_slice() {
            [] => return "no errors".to_owned(),
            [only] => only.clone(),
            [firsts @ .., last] => format!("{} and {last}", firsts.join(", ")),
        };
        format!("{counts} in {}", counted(self.files, "file"))
    }
}

/// Writes `findings` in the order given, except that GitHub, and people who cannot be shown all, get errors first.
pub fn write_diagnostics(
    out: &mut dyn Write,
    sources: &Sources,
    findings: &[Diagnostic],
    format: MessageFormat,
    style: Style,
) -> io::Result<()> {
    let mut ruler = Ruler::new(sources);
    match format {
        MessageFormat::Human => write_human(out, &mut ruler, findings, style),
        MessageFormat::Short => machine::write_short(out, &mut ruler, findings),
        MessageFormat::Json => machine::write_json(out, &mut ruler, findings),
        MessageFormat::Github => machine::write_github(out, &mut ruler, findings),
    }
}

/// Writes the findings of one query, for people: no totals, for there is one text and it was typed just now.
pub fn write_query_findings(
    out: &mut dyn Write,
    sources: &Sources,
    findings: &[Diagnostic],
    style: Style,
) -> io::Result<()> {
    let mut ruler = Ruler::new(sources);
    for (place, finding) in findings.iter().take(MOST_FINDINGS).enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        human::write_finding(out, &mut ruler, finding, style)?;
    }
    Ok(())
}

fn write_human(
    out: &mut dyn Write,
    ruler: &mut Ruler<'_>,
    findings: &[Diagnostic],
    style: Style,
) -> io::Result<()> {
    let mut shown: Vec<&Diagnostic> = findings.iter().collect();
    if shown.len() > MOST_FINDINGS {
        // Fifty warnings must not hide the one error that stops the build.
        shown.sort_by_key(|finding| finding.severity);
        shown.truncate(MOST_FINDINGS);
    }
    for finding in &shown {
        human::write_finding(out, ruler, finding, style)?;
        writeln!(out)?;
    }
    let weight = |findings: &mut dyn Iterator<Item = &Diagnostic>| -> usize {
        findings.map(Diagnostic::weight).sum()
    };
    let more = weight(&mut findings.iter()) - weight(&mut shown.iter().copied());
    if more > 0 {
        let more = counted(more, "finding").replacen(' ', " more ", 1);
        let all = "`--message-format short` lists them, one a line";
        let most = match findings.iter().any(|found| found.more > 0) {
            true => format!(", up to {MOST_OF_A_KIND} of a kind in a file"),
            false => String::new(),
        };
        writeln!(out, "{more}: {all}{most}\n")?;
    }
    let totals = Totals::of(findings);
    let color = match totals {
        Totals { errors: 1.., .. } => AnsiColor::Red,
        Totals { warnings: 1.., .. } => AnsiColor::Yellow,
        _ => AnsiColor::Green,
    };
    writeln!(out, "{}", paint(&totals.sentence(), color, style))
}

/// Returns the findings with the gravest first, those of one severity in the order given.
fn gravest_first(findings: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut sorted: Vec<&Diagnostic> = findings.iter().collect();
    sorted.sort_by_key(|finding| finding.severity);
    sorted
}
