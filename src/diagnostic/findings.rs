//! Many findings: their order, and how many of one kind are kept.
//!
//! A file of a foreign format, or a base without a single source, may give millions of findings. Of one code in one
//! file the first [`MOST_OF_A_KIND`] are kept, and the last of these says how many more there are: the totals
//! stay right, and memory does not grow with the faults.

use super::{Code, Diagnostic, code, counted};
use crate::source::Span;
use std::collections::HashMap;

/// Most findings of one code that are kept of one file; those behind them are counted.
pub const MOST_OF_A_KIND: usize = 1000;

/// The findings about a part of one file, in the order of its places.
#[derive(Debug, Default)]
pub struct Findings {
    kept: Vec<Diagnostic>,
    /// By the code's number: how many are kept, and where the last one lies.
    kinds: HashMap<&'static str, (usize, usize)>,
    count: usize,
}

impl Findings {
    /// Adds a finding; if enough of its code are kept, it is only counted.
    pub fn push(&mut self, found: Diagnostic) {
        self.count += found.weight();
        let kind = self.kinds.entry(found.code.number).or_insert((0, 0));
        if kind.0 == MOST_OF_A_KIND
            && let Some(last) = self.kept.get_mut(kind.1)
        {
            last.more += found.weight();
            return;
        }
        *kind = (kind.0 + 1, self.kept.len());
        self.kept.push(found);
    }

    /// Counts a finding of a code of which enough are kept.
    pub fn count_more(&mut self, code: &Code) {
        self.count += 1;
        let last = self.kinds.get(code.number).and_then(|kind| self.kept.get_mut(kind.1));
        if let Some(last) = last {
            last.more += 1;
        }
    }

    /// Tells whether enough findings of a code are kept, so that another one is only counted.
    pub fn is_full_of(&self, code: &Code) -> bool {
        // Nothing is looked up while there are few.
        self.kept.len() >= MOST_OF_A_KIND
            && self.kinds.get(code.number).is_some_and(|kind| kind.0 >= MOST_OF_A_KIND)
    }

    /// Drops all but the first finding of a code; tells whether there is one.
    pub fn keep_first(&mut self, code: &Code) -> bool {
        let place = self.kept.iter().position(|found| found.code == code);
        let Some(place) = place else { return false };
        let first = self.kept.swap_remove(place);
        *self = Findings::default();
        self.push(Diagnostic { more: 0, ..first });
        true
    }

    /// Adds a sentence to every finding.
    pub fn note_all(&mut self, note: &str) {
        self.kept.iter_mut().for_each(|found| found.notes.push(note.to_string()));
    }

    /// Moves all findings to another collection.
    pub fn move_to(&mut self, other: &mut Findings) {
        if !self.kept.is_empty() {
            std::mem::take(self).kept.into_iter().for_each(|found| other.push(found));
        }
    }

    /// Returns how many findings were added.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Returns those that are kept.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.kept
    }
}

/// Puts findings into the order of their places, each once.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|one, other| {
        (one.primary.span, one.code.number, &one.message).cmp(&(
            other.primary.span,
            other.code.number,
            &other.message,
        ))
    });
    diagnostics.dedup();
}

/// Drops faults of syntax inside a text that stands without quotation marks, from sorted findings: the commas and
/// parentheses of a sentence are not meant as such.
pub fn drop_covered(diagnostics: &mut Vec<Diagnostic>) {
    let mut covered: Option<Span> = None;
    diagnostics.retain(|found| {
        let span = found.primary.span;
        if found.code == code::NEEDS_QUOTES {
            covered = Some(span);
            return true;
        }
        let is_inside = covered.is_some_and(|covered| {
            covered.file == span.file && covered.start <= span.start && span.end <= covered.end
        });
        !(is_inside && found.code.number.starts_with("KB00"))
    });
}

/// Keeps of sorted findings the first [`MOST_OF_A_KIND`] of each code and file; the last one says how many more.
pub fn fold(diagnostics: &mut Vec<Diagnostic>) {
    let mut kinds: HashMap<(u32, &'static str), (usize, usize)> = HashMap::new();
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    for mut found in diagnostics.drain(..) {
        let key = (found.primary.span.file.0, found.code.number);
        let kind = kinds.entry(key).or_insert((0, 0));
        let more = std::mem::take(&mut found.more);
        if kind.0 == MOST_OF_A_KIND {
            if let Some(last) = kept.get_mut(kind.1) {
                last.more += 1 + more;
            }
            continue;
        }
        *kind = (kind.0 + 1, kept.len());
        kept.push(found);
        if let (Some(last), true) = (kept.last_mut(), more > 0) {
            last.more = more;
        }
    }
    for found in kept.iter_mut().filter(|found| found.more > 0) {
        found.message += &format!(" ({} of this kind in this file)", more(found.more));
    }
    *diagnostics = kept;
}

fn more(count: usize) -> String {
    format!("and {}", counted(count, "finding").replacen(' ', " more ", 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn found(file: u32, at: usize) -> Diagnostic {
        Diagnostic::new(code::NO_SOURCE, "m", Span::new(FileId(file), at as u32, at as u32 + 1), "")
    }

    #[test]
    fn what_is_not_kept_is_counted() {
        let mut findings = Findings::default();
        (0..2500).for_each(|at| findings.push(found(0, at)));
        assert_eq!(findings.count(), 2500);
        let mut all = findings.into_vec();
        assert_eq!(all.len(), MOST_OF_A_KIND);
        all.extend((0..3).map(|at| found(1, at)));
        all.extend((3000..3002).map(|at| found(0, at)));
        sort(&mut all);
        fold(&mut all);
        assert_eq!(all.len(), MOST_OF_A_KIND + 3);
        assert_eq!(all.iter().map(Diagnostic::weight).sum::<usize>(), 2505);
        let said: Vec<_> = all.iter().map(|each| each.message.as_str()).collect();
        assert_eq!(said[999], "m (and 1502 more findings of this kind in this file)");
        assert_eq!(said[998], "m");
    }
}
