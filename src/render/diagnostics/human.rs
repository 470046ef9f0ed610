//! Findings for people, drawn by ariadne over short excerpts.
//!
//! In: one finding. Out: its sentence, the lines it is about, what to do. Ariadne is used here alone; it is
//! given plain text, character offsets inside the excerpt, and no colour unless one was asked for.

use super::super::ruler::Ruler;
use super::super::words::{is_combining, visible, visible_lines, wrap};
use super::super::{Style, paint};
use super::excerpt::{Excerpt, Pointer, excerpts};
use super::renumber::{Heading, MARK, renumber};
use crate::diagnostic::{Diagnostic, Severity};
use anstyle::AnsiColor;
use ariadne::{Cache, Color, Config, IndexType, LabelAttach, Report, ReportKind, Source};
use std::fmt;
use std::io::{self, Write};

/// Below this width nothing is wrapped: it would only fall apart.
const LEAST_WIDTH: usize = 40;

/// Writes one finding.
pub(super) fn write_finding(
    out: &mut dyn Write,
    ruler: &mut Ruler<'_>,
    finding: &Diagnostic,
    style: Style,
) -> io::Result<()> {
    writeln!(out, "{}", headline(finding, style))?;
    let excerpts = excerpts(ruler, finding);
    let headings: Vec<Heading> = excerpts.iter().map(|each| heading(ruler, each)).collect();
    let number_width = headings.iter().map(|each| each.last_line).max().unwrap_or(1);
    let margin = number_width.to_string().len() + " │  Help 1: ".chars().count() + 1;
    let wrapped = |text: &String| wrap(&visible_lines(text), wrap_width(style, margin)).join("\n");

    let config = Config::new()
        .with_color(style.color)
        .with_index_type(IndexType::Char)
        .with_label_attach(attachment(&excerpts));
    let primary_span = (0, excerpts.first().map_or(0..1, primary_letters));
    let mut report = Report::build(ReportKind::Error, primary_span).with_config(config);
    for (number, excerpt) in excerpts.iter().enumerate() {
        for label in &excerpt.labels {
            let drawn = ariadne::Label::new((number, label.letters.clone()))
                .with_message(&label.text)
                .with_order(number as i32)
                .with_color(label_color(label, finding.severity));
            report.add_label(drawn);
        }
    }
    report.with_helps(finding.help.iter().map(wrapped));
    report.with_notes(finding.notes.iter().chain(&shortened(&excerpts)).map(wrapped));
    let mut drawn = Vec::new();
    report.finish().write(Excerpts::new(&excerpts), &mut drawn)?;
    let drawn = String::from_utf8_lossy(&drawn);
    // The first line is ariadne's own headline, which is not wanted.
    let body = drawn.split_once('\n').map_or("", |(_, body)| body);
    out.write_all(renumber(body, &headings).as_bytes())
}

/// Returns `error[KB0201 unknown-entity]: message`, on as many lines as it needs.
fn headline(finding: &Diagnostic, style: Style) -> String {
    let code = finding.code;
    let kind = format!("{}[{} {}]", finding.severity.word(), code.number, code.name);
    let sentence = format!("{kind}: {}", visible(&finding.message));
    let lines = wrap(&sentence, wrap_width(style, 2)).join("\n  ");
    // The code has no blank but the one inside the brackets, and a width of 40 always holds both parts.
    match lines.strip_prefix(&kind) {
        Some(rest) => format!("{}{rest}", paint(&kind, color_of(finding.severity), style)),
        None => lines,
    }
}

fn wrap_width(style: Style, margin: usize) -> Option<usize> {
    style.width.filter(|width| *width >= LEAST_WIDTH).map(|width| width.saturating_sub(margin))
}

fn color_of(severity: Severity) -> AnsiColor {
    match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::Blue,
    }
}

fn label_color(label: &Pointer, severity: Severity) -> Color {
    match severity {
        _ if !label.is_primary => Color::Cyan,
        Severity::Error => Color::Red,
        Severity::Warning => Color::Yellow,
        Severity::Note => Color::Blue,
    }
}

fn heading(ruler: &mut Ruler<'_>, excerpt: &Excerpt) -> Heading {
    let place = ruler.place(excerpt.file, excerpt.anchor);
    let lines_after = excerpt.text.lines().count().saturating_sub(1) as u32;
    Heading {
        place: format!("{}:{}:{}", shown_path(ruler, excerpt), place.line, place.column),
        first_line: excerpt.first_line,
        last_line: excerpt.first_line + lines_after,
    }
}

fn shown_path(ruler: &Ruler<'_>, excerpt: &Excerpt) -> String {
    match ruler.file(excerpt.file).path.as_str() {
        "" => "?".to_owned(),
        path => visible(path),
    }
}

/// Returns one sentence for each line that is not shown whole.
fn shortened(excerpts: &[Excerpt]) -> Vec<String> {
    let lines = excerpts.iter().flat_map(|excerpt| &excerpt.shortened);
    let mut sentences: Vec<String> = lines
        .map(|(line, bytes)| {
            format!("line {line} has {bytes} bytes, and only a part of it is shown")
        })
        .collect();
    sentences.dedup();
    sentences
}

fn primary_letters(excerpt: &Excerpt) -> std::ops::Range<usize> {
    let primary = excerpt.labels.iter().find(|label| label.is_primary);
    primary.map_or(0..1, |label| label.letters.clone())
}

/// Ariadne draws no arrow to a combining mark: where a label's middle is one, all arrows go to the starts.
fn attachment(excerpts: &[Excerpt]) -> LabelAttach {
    let is_on_mark = |excerpt: &Excerpt, label: &Pointer| {
        let middle = (label.letters.start + label.letters.end) / 2;
        excerpt.text.chars().nth(middle).is_some_and(is_combining)
    };
    let any_on_mark = excerpts
        .iter()
        .any(|excerpt| excerpt.labels.iter().any(|label| is_on_mark(excerpt, label)));
    if any_on_mark { LabelAttach::Start } else { LabelAttach::Middle }
}

/// The excerpts as ariadne asks for them: by number.
struct Excerpts<'a> {
    sources: Vec<Source<&'a str>>,
    none: Source<&'a str>,
}

impl<'a> Excerpts<'a> {
    fn new(excerpts: &'a [Excerpt]) -> Excerpts<'a> {
        let sources = excerpts.iter().map(|excerpt| Source::from(excerpt.text.as_str()));
        Excerpts { sources: sources.collect(), none: Source::from("\n") }
    }
}

impl<'a> Cache<usize> for Excerpts<'a> {
    type Storage = &'a str;

    fn fetch(&mut self, number: &usize) -> Result<&Source<&'a str>, impl fmt::Debug> {
        Ok::<_, fmt::Error>(self.sources.get(*number).unwrap_or(&self.none))
    }

    fn display<'b>(&self, number: &'b usize) -> Option<impl fmt::Display + 'b> {
        Some(format!("{MARK}{number}{MARK}"))
    }
}
