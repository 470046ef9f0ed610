//! A piece of a file, item by item.

use super::layout::Layout;
use super::page::Page;
use super::stretch::{BYTE_ORDER_MARK, Stretch, Stretches, next_margin};
use super::tail::{Above, Below};
use super::tokens::{Between, Token, Tokens};
use super::{Formatted, collect, definition, flow, layout, tail};
use crate::syntax::ast::{Item, Piece};

/// Formats a piece; `faulty` are the places of all faults of the file, in order.
pub fn format(text: &str, piece: &Piece, faulty: &[u32]) -> Formatted {
    let at = piece.at();
    let mut page = Page::with_capacity((at.end - at.start) as usize * 9 / 8);
    let mut tokens = Tokens::new(text);
    let mut items = piece.items().iter().copied().peekable();
    let mut left_alone = 0;
    for stretch in Stretches::of(text, piece) {
        let (start, end) = (stretch.start, stretch.end);
        let starts_here = |item: &Item| collect::position(piece, *item) < end;
        let item = items.next_if(starts_here);
        // A field at the margin belongs to no item of its own; several items cannot stand in one stretch.
        while items.next_if(starts_here).is_some() {}
        let below = match () {
            () if end as usize == text.len() => Below::End,
            () if faulty.is_empty() => Below::Item,
            () if is_faulty(text, end, next_margin(text, end), faulty) => Below::FaultyItem,
            () => Below::Item,
        };
        let is_sound = !is_faulty(text, start, end, faulty);
        let mut write = || write(&mut page, &mut tokens, text, piece, stretch, item, below);
        if !is_sound || write().is_none() {
            left_alone += 1;
            let written = text.get(start as usize..end as usize).unwrap_or_default();
            if page.length() == 0 && start > 0 && written.starts_with(BYTE_ORDER_MARK) {
                // At the very start it would be dropped, or seen as none of the text.
                page.end_line();
            }
            page.push_verbatim(written);
        }
    }
    Formatted { text: page.into_text(), left_alone }
}

/// Tells whether a fault lies between two margins; one at the text's end lies in the last item.
fn is_faulty(text: &str, start: u32, end: u32, faulty: &[u32]) -> bool {
    let first = faulty.partition_point(|place| *place < start);
    let is_last = end as usize == text.len();
    faulty.get(first).is_some_and(|place| *place < end || (is_last && *place == end))
}

/// Writes what lies between two margins; nothing if it is not understood.
fn write(
    page: &mut Page,
    tokens: &mut Tokens<'_>,
    text: &str,
    piece: &Piece,
    stretch: Stretch,
    item: Option<Item>,
    below: Below,
) -> Option<()> {
    let Stretch { start, end, is_item } = stretch;
    let from = page.length();
    match (is_item, item) {
        (true, Some(Item::Definition(number))) => {
            let definition = piece.definitions().get(number as usize)?;
            let behind = definition::write(page, text, definition, end);
            tokens.restart(behind, Between::Punctuation);
            tokens.gap(end);
            let rest = tokens.understood().unwrap_or_default();
            tail::write(page, text, rest, above(page, from), below);
        }
        (true, Some(item)) => {
            collect::item(tokens, piece, item, start, end)?;
            let found = tokens.understood()?;
            let (own, rest) = found.split_at_checked(tail::start_of_tail(found))?;
            flow::write(page, text, own, &layout_of(item, text, own));
            tail::write(page, text, rest, above(page, from), below);
        }
        (false, None) => {
            tokens.restart(start, Between::Punctuation);
            tokens.gap(end);
            tail::write(page, text, tokens.understood()?, Above::Start, below);
        }
        _ => return None,
    }
    Some(())
}

fn above(page: &Page, from: usize) -> Above {
    match page.has_break_behind(from) {
        true => Above::ManyLines,
        false => Above::OneLine,
    }
}

fn layout_of(item: Item, text: &str, tokens: &[Token]) -> Layout {
    match item {
        Item::Fact(_) => layout::fields(text, tokens),
        Item::Table(_) => layout::table(text, tokens),
        Item::Relation(_) => layout::relation(text, tokens),
        Item::Union(_) => layout::union(text, tokens),
        Item::Cite(_) | Item::Definition(_) => Layout::Plain { base: layout::INDENTATION },
    }
}
