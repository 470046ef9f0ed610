//! What may be typed next: relations, rules, saved queries, fields, words, names.
//!
//! In: an index, a text and a place in it. Out: candidates, and where the word begins that they replace. Nothing
//! is read from a terminal here.

mod definitions;
mod ends;
mod offers;
mod place;
mod tokens;
mod walk;

pub use tokens::{Kind, is_open, tokens};

use crate::index::{Index, IndexError};
use offers::Offers;
use place::{Frame, Place};
use walk::frame_behind;

/// At most so many candidates are gathered.
pub const MOST: usize = 100;

/// What is read from a record's own date; all but `date` itself from any date.
const OWN_DATE: &[&str] = &["date", "year", "month", "decade", "century", "start", "end", "length"];

/// Something that may be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is put into the text.
    pub text: String,
    /// What is listed.
    pub shown: String,
}

impl Candidate {
    /// Makes a candidate that is listed as it is typed.
    pub fn plain(text: impl Into<String>) -> Candidate {
        let text = text.into();
        Candidate { shown: text.clone(), text }
    }
}

/// Candidates for a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// The byte from which on the text is replaced, up to the place.
    pub start: usize,
    /// The candidates, the likeliest first.
    pub candidates: Vec<Candidate>,
}

impl Completions {
    /// Leaves out what would steer a terminal: a name may hold anything.
    pub fn harmless(mut self) -> Completions {
        self.candidates.retain(|candidate| candidate.text.chars().all(is_harmless));
        for candidate in &mut self.candidates {
            if !candidate.shown.chars().all(is_harmless) {
                candidate.shown.clone_from(&candidate.text);
            }
        }
        self
    }
}

fn is_harmless(letter: char) -> bool {
    !letter.is_control()
        && !matches!(letter, '\u{feff}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns what may be typed at byte `position` of a query.
pub fn complete(index: &Index, text: &str, position: usize) -> Result<Completions, IndexError> {
    let before = text.get(..position).unwrap_or(text);
    let mut pieces = tokens(before);
    let typed = pieces.pop_if(|last| {
        last.end() == before.len() && matches!(last.kind, Kind::Word | Kind::OpenText)
    });
    if pieces.last().is_some_and(|last| {
        last.end() == before.len()
            && matches!(last.kind, Kind::Literal | Kind::Comment | Kind::Text)
    }) {
        return Ok(Completions::default());
    }
    let frame = frame_behind(index, &pieces)?;
    let start = typed.map_or(before.len(), |token| token.start);
    let word = typed.map_or("", |token| token.text);
    if typed.is_some_and(|token| token.kind == Kind::OpenText) {
        let mut offers = Offers::new(index, word.get(1..).unwrap_or(""));
        if frame.place == Place::Value {
            offers.quoted_names(&frame)?;
        }
        return Ok(Completions { start, candidates: offers.candidates });
    }
    let mut offers = Offers::new(index, word);
    offers.at(&frame)?;
    match frame.place {
        Place::InValue { from } => going_on(index, &frame, before, from, start, offers),
        _ => Ok(Completions { start, candidates: offers.candidates }),
    }
}

/// Several bare words may be the beginning of one name: it replaces them all, and so does what may follow them.
fn going_on(
    index: &Index,
    frame: &Frame,
    before: &str,
    from: usize,
    start: usize,
    following: Offers<'_>,
) -> Result<Completions, IndexError> {
    let mut names = Offers::new(index, before.get(from..).unwrap_or(""));
    names.values(frame)?;
    if names.candidates.is_empty() {
        return Ok(Completions { start, candidates: following.candidates });
    }
    let kept = before.get(from..start).unwrap_or("");
    let following = following.candidates.into_iter().map(|candidate| Candidate {
        text: format!("{kept}{}", candidate.text),
        shown: candidate.shown,
    });
    let mut candidates = names.candidates;
    candidates.extend(following);
    Ok(Completions { start: from, candidates })
}

#[cfg(test)]
mod tests;
