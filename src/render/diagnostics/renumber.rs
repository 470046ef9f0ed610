//! Gives the lines of a report their numbers in the file.
//!
//! In: what ariadne prints of an excerpt. Out: the same with the file's line numbers, names and columns.
//! Ariadne counts the lines in the margin from the excerpt's start, whatever offset its source is given.

use std::fmt::Write;

/// Encloses the number of an excerpt where ariadne prints a file's name; no other text has this letter.
pub(super) const MARK: char = '\u{1}';

/// What stands at the head of an excerpt.
#[derive(Debug)]
pub(super) struct Heading {
    /// `kb/a.kb:12:5`.
    pub place: String,
    /// The number of the excerpt's first line, counted from 1.
    pub first_line: u32,
    /// The number of its last line.
    pub last_line: u32,
}

/// Returns the report with the numbers of `headings`, its lines trimmed at their ends.
pub(super) fn renumber(report: &str, headings: &[Heading]) -> String {
    let widest = headings.iter().map(|heading| heading.last_line).max().unwrap_or(1);
    let own_width = report.lines().find_map(width_of_numbers).unwrap_or(1);
    let number_width = own_width.max(widest.to_string().len());
    let extra = number_width - own_width;
    let mut first_line = 1;
    let mut result = String::with_capacity(report.len() + report.len() / 8);
    for line in report.lines() {
        let (margin, rest) = line.split_at(margin_end(line));
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let number = rest.get(..digits).and_then(|digits| digits.parse::<u32>().ok());
        if let Some(number) = number {
            let number = first_line + number.saturating_sub(1);
            let bare = margin.trim_end_matches(' ');
            let blank = if bare.is_empty() { " " } else { "" };
            let after = rest.get(digits..).unwrap_or("").trim_end();
            let _ = writeln!(result, "{bare}{blank}{number:>number_width$}{after}");
            continue;
        }
        result.push_str(margin);
        let filler = if rest.starts_with('─') { "─" } else { " " };
        (0..extra).for_each(|_| result.push_str(filler));
        match heading_of(rest, headings) {
            Some((before, heading, after)) => {
                first_line = heading.first_line;
                let _ = write!(result, "{before}{}{after}", heading.place);
            }
            None => result.push_str(rest.trim_end()),
        }
        while result.ends_with(' ') {
            result.pop();
        }
        result.push('\n');
    }
    result
}

/// Returns how wide ariadne made the numbers, which shows where an excerpt's heading begins.
fn width_of_numbers(line: &str) -> Option<usize> {
    let blanks = line.len() - line.trim_start_matches(' ').len();
    line.contains(MARK).then(|| blanks.saturating_sub(2))
}

/// Returns where the blanks and colours at the start of a line end.
fn margin_end(line: &str) -> usize {
    let mut end = 0;
    let mut is_in_escape = false;
    for letter in line.chars() {
        match letter {
            '\x1b' => is_in_escape = true,
            'm' if is_in_escape => is_in_escape = false,
            ' ' => {}
            _ if is_in_escape => {}
            _ => break,
        }
        end += letter.len_utf8();
    }
    end
}

/// Finds `MARK number MARK :line:column` and returns what stands before and behind it.
fn heading_of<'a, 'b>(
    rest: &'a str,
    headings: &'b [Heading],
) -> Option<(&'a str, &'b Heading, &'a str)> {
    let (before, marked) = rest.split_once(MARK)?;
    let (number, after) = marked.split_once(MARK)?;
    let heading = headings.get(number.parse::<usize>().ok()?)?;
    let is_place = |letter: char| letter.is_ascii_digit() || letter == ':' || letter == '?';
    Some((before, heading, after.trim_start_matches(is_place)))
}
