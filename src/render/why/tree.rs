//! Reasons as a tree of lines.

use super::super::answers::{Form, push_value};
use super::super::record::cited;
use super::super::words::{visible, write_lines};
use super::super::{Style, painted};
use crate::model::Status;
use crate::query::{Asked, Because, CellValue, Deciding, Derivation, Evidence, Why};
use crate::time::Truth;
use std::io::{self, Write};

/// Writes the reasons.
pub fn write_why(out: &mut dyn Write, why: &Why, style: Style) -> io::Result<()> {
    let verdict = match why.truth {
        Truth::Certain => "is in the answer",
        Truth::Possible => "is possibly in the answer",
        Truth::No => "is not in the answer",
    };
    let bold = anstyle::Style::new().bold();
    let heads: Vec<String> = why.records.iter().map(head).collect();
    writeln!(out, "{} {verdict}", painted(heads.join(", "), bold, style))?;
    for record in &why.records {
        let (relation, file) = (visible(&record.relation), visible(&record.file));
        writeln!(out, "{relation}, {file}:{}", record.line)?;
    }
    for remark in &why.remarks {
        write_lines(out, "  ", "    ", &visible(remark), style)?;
    }
    if !why.conditions.is_empty() {
        writeln!(out)?;
    }
    for because in &why.conditions {
        write_because(out, because, "", "", style)?;
    }
    Ok(())
}

/// Returns `Rapallo [rapallo]`, or `t = Rapallo [rapallo]` for a variable.
fn head(record: &Asked) -> String {
    let named = named(&record.id, record.name.as_deref());
    match &record.variable {
        Some(variable) => format!("{} = {named}", visible(variable)),
        None => named,
    }
}

fn named(id: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{} [{}]", visible(name), visible(id)),
        None => visible(id),
    }
}

/// Returns ``by `if` 2 of `ally`, rules.kb:3: a = Russia [russia]``.
fn derived(derivation: &Derivation, truth: Truth) -> String {
    let rule = visible(&derivation.rule);
    let place = format!("{}:{}", visible(&derivation.file), derivation.line);
    let given = derivation.given.iter().map(|given| {
        format!("{} = {}", visible(&given.variable), named(&given.id, given.name.as_deref()))
    });
    let given = given.collect::<Vec<String>>().join(", ");
    match (truth, derivation.ways) {
        (Truth::No, _) => format!("`{rule}`, {place}, asked of {given}"),
        (_, 1) => format!("by `{rule}`, {place}: {given}"),
        _ => format!("by `if` {} of `{rule}`, {place}: {given}", derivation.way),
    }
}

fn verdict(truth: Truth) -> &'static str {
    match truth {
        Truth::Certain => "holds",
        Truth::Possible => "possible",
        Truth::No => "fails",
    }
}

/// Writes a condition behind `first`, and what belongs to it behind `rest`.
fn write_because(
    out: &mut dyn Write,
    because: &Because,
    first: &str,
    rest: &str,
    style: Style,
) -> io::Result<()> {
    let head = format!("{}: {}", verdict(because.truth), visible(&because.text));
    write_lines(out, first, &format!("{rest}  "), &head, style)?;
    let is_last_part = |place: usize| place + 1 == because.parts.len();
    let stem = if because.parts.is_empty() { "   " } else { "│  " };
    if let Some(derivation) = &because.derivation {
        let lead = format!("{rest}{stem}");
        let words = derived(derivation, because.truth);
        write_lines(out, &lead, &format!("{lead}  "), &words, style)?;
    }
    for evidence in &because.evidence {
        write_evidence(out, evidence, &format!("{rest}{stem}"), style)?;
    }
    if because.more > 0 {
        writeln!(out, "{rest}{stem}and {} more", because.more)?;
    }
    for remark in &because.remarks {
        let lead = format!("{rest}{stem}");
        write_lines(out, &lead, &format!("{lead}  "), &visible(remark), style)?;
    }
    for (place, part) in because.parts.iter().enumerate() {
        let (branch, stem) =
            if is_last_part(place) { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        write_because(out, part, &format!("{rest}{branch}"), &format!("{rest}{stem}"), style)?;
    }
    Ok(())
}

fn write_evidence(
    out: &mut dyn Write,
    evidence: &Evidence,
    lead: &str,
    style: Style,
) -> io::Result<()> {
    let mut indent = lead.to_owned();
    for (place, statement) in evidence.statements.iter().enumerate() {
        if place > 0 {
            indent.push_str("  ");
        }
        write_statement(out, statement, &indent, style)?;
    }
    indent.push_str("  ");
    if let Some(doubt) = &evidence.doubt {
        write_lines(out, &indent, &format!("{indent}  "), &visible(doubt), style)?;
    }
    for inner in &evidence.inner {
        write_because(out, inner, &indent, &indent, style)?;
    }
    Ok(())
}

fn write_statement(
    out: &mut dyn Write,
    statement: &Deciding,
    indent: &str,
    style: Style,
) -> io::Result<()> {
    let mut value = String::new();
    push_value(&mut value, &statement.value, Form::People);
    let mut value = visible(&value);
    if let CellValue::Entity { id, name: Some(_) } = &statement.value {
        value.push_str(&format!(" [{}]", visible(id)));
    }
    let mut said: Vec<String> = Vec::new();
    if statement.qualifiers.status != Status::Accepted {
        said.push(statement.qualifiers.status.word().to_owned());
    }
    if let Some(CellValue::Time { shown, .. }) = &statement.qualifiers.period {
        said.push(visible(shown));
    }
    said.extend(statement.qualifiers.relatives.iter().map(|relative| visible(relative)));
    if !said.is_empty() {
        value.push_str(&format!(" ({})", said.join("; ")));
    }
    let place = format!("{}:{}", visible(&statement.file), statement.line);
    let sources: Vec<String> = statement.sources.iter().map(cited).collect();
    let sources = match sources.is_empty() {
        true => ", no source".to_owned(),
        false => format!(", {}", sources.join("; ")),
    };
    let line = format!(
        "{}: {} = {value}, {place}{sources}",
        visible(&statement.record),
        visible(&statement.field)
    );
    let deeper = format!("{indent}  ");
    write_lines(out, indent, &deeper, &line, style)?;
    if let Some(ignored) =
        statement.ignored.filter(|word| *word != statement.qualifiers.status.word())
    {
        write_lines(out, &deeper, &deeper, &format!("does not count: {ignored}"), style)?;
    } else if statement.ignored.is_some() {
        writeln!(out, "{deeper}does not count")?;
    }
    if let Some(note) = &statement.qualifiers.note {
        write_lines(out, &deeper, &deeper, &format!("note: {}", visible(note)), style)?;
    }
    for link in &statement.chain {
        write_lines(out, &deeper, &deeper, &visible(link), style)?;
    }
    Ok(())
}
