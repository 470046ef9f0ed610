//! Answers as aligned columns: fitted to a terminal, whole in a pipe.
//!
//! In: answers. Out: the certain rows, the possible ones under a heading of their own with their reasons,
//! the counts, and what was cut.

use super::super::words::{cut, push_visible, visible, width, wrap};
use super::super::{Style, paint, painted};
use super::cells::{Form, cell, numeric_columns, parted, push_cell, uncuttable_columns};
use super::counts_and_limit;
use crate::query::{Answers, Reasons, Row, RowsOf};
use anstyle::AnsiColor;
use std::io::{self, Write};

/// What stands between two columns.
const GAP: usize = 2;

/// A column is not made narrower than this; the rightmost ones are left out instead.
const LEAST: usize = 8;

/// The mark of a row whose place in the order is not certain.
const UNCERTAIN_ORDER: &str = "≈ ";

/// The heading of the last column where rows are only possible.
const REASON: &str = "why";

/// How the columns are laid out.
struct Layout {
    /// The width of each column that is shown.
    widths: Vec<usize>,
    /// The width of the reason of possible rows; none where no row is only possible.
    reason: Option<usize>,
    /// Room for [`UNCERTAIN_ORDER`] before each row.
    has_marks: bool,
    is_numeric: Vec<bool>,
    /// The columns that are narrower than what stands in them.
    narrowed: Vec<usize>,
}

/// Writes the answer.
pub(super) fn write(out: &mut dyn Write, answers: &Answers, style: Style) -> io::Result<()> {
    if answers.rows_of == RowsOf::Nothing || answers.rows.is_empty() {
        return writeln!(out, "{}", counts_and_limit(answers));
    }
    let layout = lay_out(answers, style);
    let (certain, possible) = parted(answers);
    write_head(out, answers, &layout, style)?;
    for row in certain {
        write_row(out, row, &layout)?;
    }
    if !possible.is_empty() {
        write_possible_heading(out, &layout, style)?;
        for row in possible {
            write_row(out, row, &layout)?;
            if layout.reason.is_none() {
                write_reason(out, row, style)?;
            }
        }
    }
    writeln!(out, "\n{}", counts_and_limit(answers))?;
    write_what_was_cut(out, answers, &layout, style)
}

/// Writes the text of a cell into `text`, on one line.
fn fill(text: &mut String, raw: &mut String, row: &Row, column: usize) {
    raw.clear();
    text.clear();
    push_cell(raw, cell(row, column), Form::People, ", ");
    push_visible(text, raw);
}

fn lay_out(answers: &Answers, style: Style) -> Layout {
    let mut widths: Vec<usize> =
        answers.columns.iter().map(|column| width(&visible(column))).collect();
    let (mut text, mut raw) = (String::new(), String::new());
    let mut reason = None;
    for row in &answers.rows {
        for (column, widest) in widths.iter_mut().enumerate() {
            fill(&mut text, &mut raw, row, column);
            *widest = (*widest).max(width(&text));
        }
        if !row.reason.is_empty() && answers.reasons == Reasons::Short {
            let wide = width(&visible(&row.reason)).max(REASON.len());
            reason = Some(reason.unwrap_or(0).max(wide));
        }
    }
    let has_marks = answers.rows.iter().any(|row| row.order_is_uncertain);
    let is_numeric = numeric_columns(answers);
    let mut layout = Layout { widths, reason, has_marks, is_numeric, narrowed: Vec::new() };
    if let Some(room) = style.width {
        fit(&mut layout, &uncuttable_columns(answers), room);
    }
    layout
}

/// Makes the widest columns narrower until all fit; where that is not enough, leaves out the last ones.
///
/// The first column, most often the identifier, is what one goes on with: it is cut only where it stands
/// alone and is too wide for the terminal.
fn fit(layout: &mut Layout, is_uncuttable: &[bool], room: usize) {
    let marks = if layout.has_marks { 2 } else { 0 };
    let reason = layout.reason.map_or(0, |reason| reason + GAP);
    let room = room.saturating_sub(marks + reason);
    let is_fixed = |number: usize| number == 0 || is_uncuttable.get(number) == Some(&true);
    let mut count = 0;
    let mut least = 0;
    for (number, each) in layout.widths.iter().enumerate() {
        least += if is_fixed(number) { *each } else { (*each).min(LEAST) };
        if number > 0 && least + GAP * number > room {
            break;
        }
        count += 1;
    }
    layout.widths.truncate(count);
    let mut room = room.saturating_sub(GAP * count.saturating_sub(1));
    if let Some(first) = layout.widths.first_mut().filter(|first| **first > room) {
        *first = room.max(1);
        layout.narrowed.push(0);
    }
    let mut cuttable = Vec::new();
    for (number, each) in layout.widths.iter().enumerate() {
        match is_fixed(number) {
            true => room = room.saturating_sub(*each),
            false => cuttable.push(*each),
        }
    }
    let cap = widest_cap(&cuttable, room);
    for (number, each) in layout.widths.iter_mut().enumerate() {
        if !is_fixed(number) && *each > cap {
            *each = cap;
            layout.narrowed.push(number);
        }
    }
}

/// Returns the greatest width such that columns, each cut to it, fit into `room`.
fn widest_cap(widths: &[usize], room: usize) -> usize {
    let mut sorted = widths.to_vec();
    sorted.sort_unstable();
    let mut left = room;
    for (number, each) in sorted.iter().enumerate() {
        let share = left / (sorted.len() - number);
        if *each > share {
            return share;
        }
        left -= each;
    }
    usize::MAX
}

fn write_head(
    out: &mut dyn Write,
    answers: &Answers,
    layout: &Layout,
    style: Style,
) -> io::Result<()> {
    let mut head = Line::new(layout);
    let mut rule = Line::new(layout);
    for (number, (column, wide)) in answers.columns.iter().zip(&layout.widths).enumerate() {
        head.add(&cut(&visible(column), *wide), *wide, is_numeric(layout, number));
        rule.add(&"─".repeat(*wide), *wide, false);
    }
    writeln!(out, "{}", painted(head.end(), anstyle::Style::new().bold(), style))?;
    writeln!(out, "{}", painted(rule.end(), anstyle::Style::new().dimmed(), style))
}

fn write_possible_heading(out: &mut dyn Write, layout: &Layout, style: Style) -> io::Result<()> {
    let mut heading = String::from("possible");
    if layout.reason.is_some() {
        let gaps = GAP * layout.widths.len();
        let marks = if layout.has_marks { 2 } else { 0 };
        let before = layout.widths.iter().sum::<usize>() + gaps + marks;
        let blanks = before.saturating_sub(heading.len()).max(GAP);
        heading.extend(std::iter::repeat_n(' ', blanks));
        heading.push_str(REASON);
    }
    writeln!(out, "\n{}", paint(&heading, AnsiColor::Yellow, style))
}

fn write_row(out: &mut dyn Write, row: &Row, layout: &Layout) -> io::Result<()> {
    let mut line = Line::new(layout);
    if row.order_is_uncertain {
        line.mark();
    }
    let (mut text, mut raw) = (String::new(), String::new());
    for (column, wide) in layout.widths.iter().enumerate() {
        fill(&mut text, &mut raw, row, column);
        match width(&text) > *wide {
            true => line.add(&cut(&text, *wide), *wide, is_numeric(layout, column)),
            false => line.add(&text, *wide, is_numeric(layout, column)),
        }
    }
    if layout.reason.is_some() {
        line.add(&visible(&row.reason), 0, false);
    }
    writeln!(out, "{}", line.end())
}

/// Writes a plain reason below its row: it is a sentence, and too wide for a column.
fn write_reason(out: &mut dyn Write, row: &Row, style: Style) -> io::Result<()> {
    let room = style.width.map(|room| room.saturating_sub(4).max(20));
    for reason in row.reason.split("; ").filter(|reason| !reason.is_empty()) {
        for line in wrap(&visible(reason), room) {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}

fn is_numeric(layout: &Layout, column: usize) -> bool {
    layout.is_numeric.get(column).copied().unwrap_or(false)
}

/// Says on a line of its own what a terminal's width has cost.
fn write_what_was_cut(
    out: &mut dyn Write,
    answers: &Answers,
    layout: &Layout,
    style: Style,
) -> io::Result<()> {
    let name = |column: &usize| answers.columns.get(*column).map(|name| visible(name));
    let narrowed: Vec<String> = layout.narrowed.iter().filter_map(name).collect();
    let left_out: Vec<String> =
        answers.columns.iter().skip(layout.widths.len()).map(|column| visible(column)).collect();
    let mut parts = Vec::new();
    if !narrowed.is_empty() {
        parts.push(format!("cut: {}", narrowed.join(", ")));
    }
    if !left_out.is_empty() {
        parts.push(format!("left out: {}", left_out.join(", ")));
    }
    if parts.is_empty() {
        return Ok(());
    }
    let columns = style.width.unwrap_or(0);
    let sentence = format!(
        "to fit {columns} columns: {} (`show` picks columns, `--format csv` cuts nothing)",
        parts.join("; ")
    );
    for line in wrap(&sentence, style.width) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// A line that is being put together.
struct Line {
    text: String,
    /// Blanks that are written only if something follows, so that no line ends in blanks.
    pending: usize,
}

impl Line {
    fn new(layout: &Layout) -> Line {
        let pending = if layout.has_marks { 2 } else { 0 };
        Line { text: String::new(), pending }
    }

    fn mark(&mut self) {
        self.text.push_str(UNCERTAIN_ORDER);
        self.pending = 0;
    }

    fn add(&mut self, cell: &str, wide: usize, is_numeric: bool) {
        let missing = wide.saturating_sub(width(cell));
        if is_numeric {
            self.pending += missing;
        }
        if !cell.is_empty() {
            self.text.extend(std::iter::repeat_n(' ', self.pending));
            self.text.push_str(cell);
            self.pending = 0;
        }
        if !is_numeric || cell.is_empty() {
            self.pending += if is_numeric { 0 } else { missing };
        }
        self.pending += GAP;
    }

    fn end(self) -> String {
        self.text
    }
}
