//! Rules, checks, expectations and saved queries: the head is read here, the body kept as text for the query parser.

use super::builder::Builder;
use super::faults::SyntaxFault;
use crate::syntax::ast::{Definition, Item, TextRange};
use crate::syntax::terminals::{Input, blanks, identifier, line_end};

impl<'t> Builder<'t> {
    /// Parses `definition = keyword, identifier, head, { indented line }`.
    pub(super) fn definition(&mut self, keyword: TextRange, input: Input<'t>) -> Input<'t> {
        let rest = blanks(input);
        let Ok((behind, _)) = identifier(rest) else {
            let at = self.to_line_end(rest);
            match at.is_empty() {
                true => self.report(SyntaxFault::NoName, keyword),
                false => self.report(SyntaxFault::BadDefinition, at),
            }
            self.leave_unread(at);
            return self.skip_item(rest);
        };
        let name = self.range(rest, behind);
        let end = line_end(behind);
        let head = self.trimmed(behind, end);
        let (body, is_indented) = self.next_line(end);
        let (body, behind) = match is_indented {
            true => {
                let behind = self.skip_item(body);
                (self.trimmed(body, behind), behind)
            }
            false => (TextRange::new(head.end, head.end), body),
        };
        self.piece.items.push(Item::Definition(self.piece.definitions.len() as u32));
        self.piece.definitions.push(Definition { keyword, name, head, body });
        behind
    }
}
