//! The parser and the checks of facts: any bytes are read, and every finding points into its text.

use super::base::TEXT;
use regesta::diagnostic::Diagnostic;
use regesta::index::{self, Index};
use regesta::pipeline::check_texts;
use regesta::render::{MessageFormat, Style, write_diagnostics};
use regesta::settings::Settings;
use regesta::source::{Sources, Span};

/// Reads bytes as a file of facts beside the base, tells what is wrong, and makes an index of the rest.
pub fn holds(bytes: &[u8]) {
    let mut sources = Sources::new();
    sources.add("kb/base.kb", TEXT);
    sources.add("kb/fuzz.kb", bytes);
    let (findings, resolved, _) =
        check_texts(&Settings::default(), &sources).expect("an index fits into memory");
    points_into_its_text(&sources, &findings);
    for format in [MessageFormat::Human, MessageFormat::Json] {
        let mut shown = Vec::new();
        write_diagnostics(&mut shown, &sources, &findings, format, Style::PLAIN)
            .expect("memory can be written");
        assert!(String::from_utf8(shown).is_ok());
    }
    let image = index::build(&resolved.facts).expect("what is sound is an index");
    let index = Index::in_memory(image).expect("what was just built is sound");
    index.verify().expect("what was just built is sound");
}

/// Makes sure that findings stand on whole letters of their text.
pub(crate) fn points_into_its_text(sources: &Sources, findings: &[Diagnostic]) {
    for found in findings {
        for label in std::iter::once(&found.primary).chain(&found.secondary) {
            let Span { file, start, end } = label.span;
            let text = sources.file(file).text();
            assert!(start <= end, "{found:?}");
            assert!(text.get(start as usize..end as usize).is_some(), "{found:?}");
        }
    }
}
