//! Rules, checks, expectations and saved queries: their bodies are kept as they are written, but for the
//! indentation of the whole.

use super::layout::INDENTATION;
use super::page::{Page, trim_end, trim_start};
use crate::syntax::ast::{Definition, TextRange};

/// Writes a definition that ends before `end`, and returns where what stands behind its last line begins.
pub fn write(page: &mut Page, text: &str, definition: &Definition, end: u32) -> u32 {
    let of = |at: TextRange| text.get(at.start as usize..at.end as usize).unwrap_or_default();
    page.push(of(definition.keyword));
    page.spaces(1);
    page.push(of(definition.name));
    let head = trim_start(of(definition.head));
    match head.bytes().next() {
        None | Some(b'(') => {}
        Some(b'#') => page.spaces(2),
        Some(_) => page.spaces(1),
    }
    page.push(head);
    let below = of(TextRange::new(definition.head.end, end));
    let body = body(below);
    write_body(page, body);
    definition.head.end + body.len() as u32
}

/// Returns what reaches up to the end of the last line that is neither empty nor a comment.
fn body(below: &str) -> &str {
    let mut start = 0;
    let mut behind = 0;
    for line in below.split_inclusive('\n') {
        let content = trim_start(line);
        start += line.len();
        if !content.is_empty() && !content.starts_with(['\n', '#']) {
            behind = start - line.len() + line.trim_end_matches('\n').len();
        }
    }
    below.get(..behind).unwrap_or_default()
}

/// Writes the lines of a body; what all of them are indented by becomes the usual indentation.
fn write_body(page: &mut Page, body: &str) {
    let indentation = common_indentation(body);
    let mut blank = false;
    // The first piece is the rest of the head's line, in which nothing is left.
    for line in body.split('\n').skip(1).map(trim_end) {
        if line.is_empty() {
            blank = true;
            continue;
        }
        let is_at_margin = line.starts_with('#');
        page.next_line(blank, if is_at_margin { 0 } else { INDENTATION });
        page.push(if is_at_margin { line } else { line.get(indentation..).unwrap_or(line) });
        blank = false;
    }
}

/// Returns how many bytes of white space all lines begin with, comments at the margin aside.
fn common_indentation(body: &str) -> usize {
    let lines = body.split('\n').skip(1);
    let of_lines = lines.filter(|line| !trim_end(line).is_empty() && !line.starts_with('#'));
    let blanks = of_lines.map(|line| {
        let length = line.len() - trim_start(line).len();
        line.get(..length).unwrap_or_default()
    });
    let common = blanks.reduce(|one, other| {
        let same = one.bytes().zip(other.bytes()).take_while(|(left, right)| left == right);
        one.get(..same.count()).unwrap_or_default()
    });
    common.map_or(0, str::len)
}
