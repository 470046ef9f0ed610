//! What stands behind an item up to the next one: comments and empty lines.

use super::layout::INDENTATION;
use super::page::Page;
use super::tokens::{Kind, Token};

/// What stands before comments and empty lines, which decides on those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Above {
    /// The start of the file: empty lines fall away.
    Start,
    /// An item in one line: the author may put several of them below each other.
    OneLine,
    /// An item over several lines: an empty line parts it from the next.
    ManyLines,
}

/// What comes after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Below {
    /// The end of the file: empty lines fall away.
    End,
    /// An item.
    Item,
    /// An item with a fault, which may be that it belongs to the one above: it is not moved away.
    FaultyItem,
}

/// Returns how many tokens belong to the item itself, the comment behind its last line included.
pub fn start_of_tail(tokens: &[Token]) -> usize {
    let last = tokens.iter().rposition(|token| token.kind.is_content());
    let behind = last.map_or(0, |last| last + 1);
    let next = tokens.get(behind).map(|token| token.kind);
    match (last, next) {
        (Some(_), Some(Kind::Comment { .. })) => behind + 1,
        _ => behind,
    }
}

/// Writes comments and empty lines, and ends the line; groups stay, several empty lines become one.
pub fn write(page: &mut Page, text: &str, tokens: &[Token], above: Above, below: Below) {
    let is_blank = |token: &Token| token.kind == Kind::Break { blank: true };
    let has_blank = tokens.iter().any(is_blank);
    let must_part = above == Above::ManyLines && below == Below::Item && !has_blank;
    // Comments at the margin directly above an item are about that item.
    let parting = must_part.then(|| start_of_last_group(tokens));
    let mut pending = above != Above::Start;
    let mut blank = false;
    for (place, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Comment { at_margin } => {
                if pending {
                    page.end_line();
                }
                let is_indented = !at_margin && above != Above::Start;
                if blank || parting == Some(place) {
                    page.end_line();
                }
                page.spaces(if is_indented { INDENTATION } else { 0 });
                page.push(text_of(text, *token));
                pending = true;
                blank = false;
            }
            // Empty lines before the first thing of a file fall away.
            _ => blank = is_blank(token) && pending,
        }
    }
    if pending {
        page.end_line();
    }
    if below != Below::End && (blank || parting == Some(tokens.len())) {
        page.end_line();
    }
}

/// Returns where the comments at the margin begin that no indented one follows; the end if there are none.
fn start_of_last_group(tokens: &[Token]) -> usize {
    let is_indented = |token: &Token| token.kind == Kind::Comment { at_margin: false };
    let start = tokens.iter().rposition(is_indented).map_or(0, |last| last + 1);
    let group = tokens.get(start..).unwrap_or_default();
    let first = group.iter().position(|token| matches!(token.kind, Kind::Comment { .. }));
    first.map_or(tokens.len(), |first| start + first)
}

fn text_of(text: &str, token: Token) -> &str {
    text.get(token.at.start as usize..token.at.end as usize).unwrap_or_default()
}
