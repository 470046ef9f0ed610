//! The schema as aligned text.

use super::super::words::{visible, width, wrap};
use super::super::{Style, painted};
use crate::diagnostic::counted;
use crate::index::{FieldEntry, Overview, RelationEntry, RelationPage, UnionPage};
use std::io::{self, Write};

/// What stands between two columns.
const GAP: &str = "  ";
/// The last column is never narrower, whatever the terminal's width.
const NARROWEST: usize = 20;

/// Which end of a column its cells stand at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// A table whose last column is broken between words and may have several paragraphs.
struct Table<const COLUMNS: usize> {
    header: [&'static str; COLUMNS],
    sides: [Side; COLUMNS],
    last: String,
    rows: Vec<([String; COLUMNS], Vec<String>)>,
}

/// Writes all relations and unions.
pub fn write_overview(out: &mut dyn Write, overview: &Overview, style: Style) -> io::Result<()> {
    relations_table("relation", &overview.relations).write(out, style)?;
    if overview.unions.is_empty() {
        return Ok(());
    }
    let mut unions = Table::new(
        ["union", "plural", "records"],
        [Side::Left, Side::Left, Side::Right],
        "members",
    );
    for union in &overview.unions {
        let cells = [visible(&union.name), visible(&union.plural), union.records.to_string()];
        unions.add(cells, vec![union.members.join(" | ")]);
    }
    writeln!(out)?;
    unions.write(out, style)
}

/// Writes a relation with its fields and the ways back.
pub fn write_relation(out: &mut dyn Write, page: &RelationPage, style: Style) -> io::Result<()> {
    let relation = &page.relation;
    write_title(out, &relation.name, &relation.plural, relation.records, style)?;
    for line in wrap(&visible(&relation.description), style.width) {
        writeln!(out, "{line}")?;
    }
    if !page.unions.is_empty() {
        writeln!(out, "one of: {}", visible(&page.unions.join(", ")))?;
    }
    let mut fields = Table::new(
        ["field", "records", "statements"],
        [Side::Left, Side::Right, Side::Right],
        "values",
    );
    for field in &page.fields {
        let cells = [visible(&field.name), field.records.to_string(), field.statements.to_string()];
        fields.add(cells, vec![values_of(field), field.description.clone()]);
    }
    writeln!(out)?;
    fields.write(out, style)?;
    if page.ways_back.is_empty() {
        return Ok(());
    }
    let mut ways = Table::new(["way back", "references"], [Side::Left, Side::Right], "from");
    for way in &page.ways_back {
        let from = format!("{} by {}", way.relation, way.field);
        ways.add([visible(&way.name), way.references.to_string()], vec![from]);
    }
    writeln!(out)?;
    ways.write(out, style)
}

/// Writes a union with its members and their fields.
pub fn write_union(out: &mut dyn Write, page: &UnionPage, style: Style) -> io::Result<()> {
    let union = &page.union;
    write_title(out, &union.name, &union.plural, union.records, style)?;
    writeln!(out)?;
    relations_table("member", &page.members).write(out, style)?;
    if page.fields.is_empty() {
        return Ok(());
    }
    let mut fields = Table::new(["field"], [Side::Left], "of");
    for field in &page.fields {
        let members = match field.members.len() == page.members.len() {
            true => String::from("all"),
            false => field.members.join(", "),
        };
        fields.add([visible(&field.name)], vec![members]);
    }
    writeln!(out)?;
    fields.write(out, style)
}

fn write_title(
    out: &mut dyn Write,
    name: &str,
    plural: &str,
    records: u32,
    style: Style,
) -> io::Result<()> {
    let names = match name == plural {
        true => visible(name),
        false => format!("{}, {}", visible(name), visible(plural)),
    };
    writeln!(out, "{}: {}", heading(&names, style), counted(records as usize, "record"))
}

fn relations_table(title: &'static str, relations: &[RelationEntry]) -> Table<3> {
    let mut table = Table::new(
        [title, "plural", "records"],
        [Side::Left, Side::Left, Side::Right],
        "description",
    );
    for relation in relations {
        let cells =
            [visible(&relation.name), visible(&relation.plural), relation.records.to_string()];
        table.add(cells, vec![relation.description.clone()]);
    }
    table
}

/// Returns `polity 2.., inverse treaties, acyclic`.
fn values_of(field: &FieldEntry) -> String {
    let cardinality = field.cardinality.to_string();
    let value_type = field.value_type.to_string();
    let mut parts = vec![match cardinality.is_empty() {
        true => value_type,
        false => format!("{value_type} {cardinality}"),
    }];
    parts.extend(field.inverse.as_ref().map(|inverse| format!("inverse {inverse}")));
    let marks = [
        ("unique", field.unique),
        ("acyclic", field.acyclic),
        ("dated", field.dated),
        ("own date", field.is_own_date),
    ];
    parts.extend(marks.iter().filter(|(_, holds)| *holds).map(|(word, _)| (*word).to_owned()));
    parts.join(", ")
}

fn heading(text: &str, style: Style) -> String {
    painted(text, anstyle::Style::new().bold(), style)
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    fn new(header: [&'static str; COLUMNS], sides: [Side; COLUMNS], last: &str) -> Self {
        Table { header, sides, last: last.to_owned(), rows: Vec::new() }
    }

    /// Adds a row; empty paragraphs of the last column are left out.
    fn add(&mut self, cells: [String; COLUMNS], last: Vec<String>) {
        let last = last.iter().filter(|text| !text.is_empty()).map(|text| visible(text));
        self.rows.push((cells, last.collect()));
    }

    fn write(&self, out: &mut dyn Write, style: Style) -> io::Result<()> {
        let mut widths = self.header.map(width);
        for (cells, _) in &self.rows {
            for (widest, cell) in widths.iter_mut().zip(cells) {
                *widest = (*widest).max(width(cell));
            }
        }
        let before = widths.iter().map(|widest| widest + GAP.len()).sum::<usize>();
        let room = style.width.map(|columns| columns.saturating_sub(before).max(NARROWEST));
        let header = self.line(&self.header.map(str::to_owned), &widths) + &self.last;
        writeln!(out, "{}", heading(header.trim_end(), style))?;
        let indent = " ".repeat(before);
        for (cells, last) in &self.rows {
            let mut lead = self.line(cells, &widths);
            for line in last.iter().flat_map(|text| wrap(text, room)) {
                writeln!(out, "{}", format!("{lead}{line}").trim_end())?;
                lead.clone_from(&indent);
            }
            if last.is_empty() {
                writeln!(out, "{}", lead.trim_end())?;
            }
        }
        Ok(())
    }

    fn line(&self, cells: &[String; COLUMNS], widths: &[usize; COLUMNS]) -> String {
        let mut line = String::new();
        for ((cell, widest), side) in cells.iter().zip(widths).zip(self.sides) {
            let blanks = " ".repeat(widest.saturating_sub(width(cell)));
            match side {
                Side::Left => line.extend([cell.as_str(), &blanks, GAP]),
                Side::Right => line.extend([&blanks, cell.as_str(), GAP]),
            }
        }
        line
    }
}
