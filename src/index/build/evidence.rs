//! Qualifiers, relative dates and citations as rows.

use super::super::IndexError;
use super::super::catalogue;
use super::super::image::{Sink, Writer};
use super::super::layout::{CitationRow, EvidenceEntry, NO_NUMBER, QualifierRow, RelativeRow};
use super::{count, inconsistent};
use crate::model::{Facts, Relative, RelativeKind, Status, StringId};

/// Lays the evidence down.
pub(super) fn write<S: Sink>(
    out: &mut Writer<S>,
    facts: &Facts,
) -> Result<EvidenceEntry, IndexError> {
    let string = |text: Option<StringId>| text.map_or(NO_NUMBER, |text| text.0);
    let mut rows = Vec::with_capacity(facts.qualifiers.len());
    let mut relatives = Vec::new();
    for qualifier in &facts.qualifiers {
        for relative in &qualifier.relatives {
            relatives.push(relative_row(relative)?);
        }
        let status = Status::ALL.iter().position(|status| *status == qualifier.status);
        rows.push(QualifierRow {
            status: status.unwrap_or(0) as u32,
            period: qualifier.period.map_or(NO_NUMBER, |period| period.0),
            citation: qualifier.citation.map_or(NO_NUMBER, |citation| citation.0),
            note: string(qualifier.note),
            quote: string(qualifier.quote),
            language: string(qualifier.language),
            relatives_end: count(relatives.len(), "relative dates")?,
        });
    }
    let mut citations = Vec::new();
    let mut citation_ends = Vec::with_capacity(facts.citations.len());
    for list in &facts.citations {
        for citation in list {
            if citation.source.index() >= facts.records.len() {
                return Err(inconsistent("a cited source is no record"));
            }
            let locator = string(citation.locator);
            citations.push(CitationRow { source: citation.source.0, locator });
        }
        citation_ends.push(count(citations.len(), "citations")?);
    }
    Ok(EvidenceEntry {
        qualifiers: out.section(&rows)?,
        relatives: out.section(&relatives)?,
        citation_ends: out.section(&citation_ends)?,
        citations: out.section(&citations)?,
    })
}

fn relative_row(relative: &Relative) -> Result<RelativeRow, IndexError> {
    let kind = match relative.kind {
        RelativeKind::After => 0,
        RelativeKind::Before => 1,
    };
    let (count, unit) = match relative.distance {
        None => (0, NO_NUMBER),
        Some(distance) => {
            (distance.count, catalogue::unit_code(distance.unit).map_err(inconsistent)?)
        }
    };
    Ok(RelativeRow { kind, count, unit, anchor: relative.anchor.0 })
}
