//! The long text of a code, for a terminal.
//!
//! In: a code, whose page in `docs/errors/` is Markdown. Out: plain text, its paragraphs broken at the width,
//! its examples indented and left as they are.

use super::words::wrap;
use super::{Style, painted};
use crate::diagnostic::Code;

/// A page wider than this is tiring to read, whatever the terminal's width.
const WIDEST: usize = 90;

/// How far an example is indented.
const EXAMPLE_INDENT: &str = "    ";

/// Returns the page of `code` as plain text.
pub fn explain(code: &Code, style: Style) -> String {
    let columns = style.width.map_or(WIDEST, |width| width.min(WIDEST));
    let mut page = Page { text: String::new(), paragraph: String::new(), columns };
    let mut is_example = false;
    for line in code.explanation.lines() {
        if line.starts_with("```") {
            page.end_paragraph();
            is_example = !is_example;
        } else if is_example {
            page.line(&format!("{EXAMPLE_INDENT}{line}"));
        } else if let Some(title) = line.strip_prefix("# ") {
            let title = painted(title, anstyle::Style::new().bold(), style);
            page.line(&title);
        } else if let Some(heading) = line.strip_prefix("## ") {
            page.end_paragraph();
            page.line(heading);
        } else if line.trim().is_empty() {
            page.end_paragraph();
            page.line("");
        } else {
            if line.starts_with("- ") {
                page.end_paragraph();
            }
            page.add(line);
        }
    }
    page.end_paragraph();
    let mut text = page.text.trim_end().to_owned();
    text.push('\n');
    text
}

/// What is written so far, and the paragraph that goes on.
struct Page {
    text: String,
    paragraph: String,
    columns: usize,
}

impl Page {
    fn add(&mut self, line: &str) {
        if !self.paragraph.is_empty() {
            self.paragraph.push(' ');
        }
        self.paragraph.push_str(line.trim());
    }

    fn end_paragraph(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph).replace("**", "");
        let hanging = if paragraph.starts_with("- ") { "  " } else { "" };
        let columns = self.columns.saturating_sub(hanging.len());
        for (number, line) in wrap(&paragraph, Some(columns)).iter().enumerate() {
            let indent = if number == 0 { "" } else { hanging };
            self.line(&format!("{indent}{line}"));
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}
