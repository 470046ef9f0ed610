//! A plan as lines for people.

use super::words::{visible, width};
use super::{Style, painted};
use crate::query::Plan;
use std::io::{self, Write};

/// Writes the plan.
pub fn write_plan(out: &mut dyn Write, plan: &Plan, style: Style) -> io::Result<()> {
    let rewrites = match plan.rewrites.is_empty() {
        true => "none".to_owned(),
        false => plan.rewrites.join(", "),
    };
    writeln!(out, "rewrites: {rewrites}\n")?;
    let mut lines = vec![["step", "access", "estimated", "rows"].map(str::to_owned)];
    for step in &plan.steps {
        let rows = match step.actual {
            None => String::new(),
            Some((certain, 0)) => certain.to_string(),
            Some((certain, possible)) => format!("{certain} (+{possible} possible)"),
        };
        let estimated = match (step.estimated, step.actual) {
            (Some(estimated), _) => estimated.to_string(),
            (None, Some(_)) => "?".to_owned(),
            (None, None) => String::new(),
        };
        let what = format!("{}{}", "  ".repeat(step.depth), visible(&step.what));
        lines.push([what, visible(&step.access), estimated, rows]);
    }
    let mut widths = [0; 4];
    for line in &lines {
        for (widest, cell) in widths.iter_mut().zip(line) {
            *widest = (*widest).max(width(cell));
        }
    }
    for (number, line) in lines.iter().enumerate() {
        let mut text = String::new();
        for (cell, wide) in line.iter().zip(widths) {
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', wide.saturating_sub(width(cell)) + 2));
        }
        let text = text.trim_end();
        match number {
            0 => writeln!(out, "{}", painted(text, anstyle::Style::new().bold(), style))?,
            _ => writeln!(out, "{text}")?,
        }
    }
    Ok(())
}
