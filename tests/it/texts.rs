//! What several tests need: facts from texts, and where their findings stand.

use regesta::diagnostic::Diagnostic;
use regesta::pipeline::check_texts;
use regesta::settings::Settings;
use regesta::source::Sources;

/// A finding's place and code, as tests compare them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    pub file: String,
    pub line: u32,
    pub code: &'static str,
}

/// Checks texts, each with its path.
pub fn check<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    for (path, bytes) in files {
        sources.add(path, bytes);
    }
    let checked = check_texts(&Settings::default(), &sources);
    let (findings, ..) = checked.expect("an index fits into memory");
    (sources, findings)
}

/// Returns where findings stand.
pub fn told(sources: &Sources, findings: &[Diagnostic]) -> Vec<Told> {
    let each = findings.iter().map(|found| Told {
        file: sources.file(found.primary.span.file).path.clone(),
        line: sources.start(found.primary.span).line,
        code: found.code.number,
    });
    let mut told: Vec<_> = each.collect();
    told.sort();
    told
}

/// Returns a finding as one line: place, code, message.
pub fn shown(sources: &Sources, found: &Diagnostic) -> String {
    let span = found.primary.span;
    let (start, end) = (sources.start(span), sources.file(span.file).place(span.end));
    format!(
        "{}:{}:{}..{}: {}: {} [{}] {:?} {:?}",
        sources.file(span.file).path,
        start.line,
        start.column,
        end.column,
        found.code.number,
        found.message,
        found.primary.text,
        found.help,
        found.notes,
    )
}
