//! Qualifiers and citations of an open index.

use super::IndexError;
use super::catalogue;
use super::layout::{EvidenceEntry, NO_NUMBER, QualifierRow, RelativeRow};
use super::records::Index;
use super::standing::Standing;
use crate::model::{
    Citation, CitationId, CitationList, EntityId, Qualifier, QualifierId, Relative,
    RelativeDistance, RelativeKind, Status, StringId, TimeRank,
};

impl Index {
    /// Returns what stands in parentheses.
    pub fn qualifier(&self, id: QualifierId) -> Result<Qualifier, IndexError> {
        if id.0 == 0 && self.catalogue.evidence.qualifiers.count == 0 {
            return Ok(Qualifier::default());
        }
        let row = self.qualifier_row(id)?;
        let before = match id.0.checked_sub(1) {
            None => 0,
            Some(before) => self.qualifier_row(QualifierId(before))?.relatives_end,
        };
        let relatives = self.store.lend(self.catalogue.evidence.relatives);
        let rows = relatives.slice(before as usize..row.relatives_end as usize)?;
        let number = |code: u32| (code != NO_NUMBER).then_some(code);
        Ok(Qualifier {
            status: self.status_of_code(row.status)?,
            period: number(row.period).map(TimeRank),
            citation: number(row.citation).map(CitationId),
            note: number(row.note).map(StringId),
            quote: number(row.quote).map(StringId),
            language: number(row.language).map(StringId),
            relatives: rows.iter().map(|row| self.relative(row)).collect::<Result<_, _>>()?,
        })
    }

    /// Returns how far what bears a qualifier is held to be true.
    pub fn status(&self, id: QualifierId) -> Result<Status, IndexError> {
        if id.0 == 0 {
            return Ok(Status::Accepted);
        }
        self.status_of_code(self.qualifier_row(id)?.status)
    }

    /// Returns the period of a qualifier, a rank among the periods.
    pub fn period_of(&self, id: QualifierId) -> Result<Option<TimeRank>, IndexError> {
        if id.0 == 0 {
            return Ok(None);
        }
        let period = self.qualifier_row(id)?.period;
        Ok((period != NO_NUMBER).then_some(TimeRank(period)))
    }

    /// Returns how far a record as a whole holds, by the status behind its header.
    pub fn standing_of(&self, entity: EntityId) -> Result<Standing, IndexError> {
        self.status(self.qualifier_of(entity)?).map(Standing::of)
    }

    /// Returns a list of sources; number 0 is none.
    pub fn citation(&self, id: CitationId) -> Result<CitationList, IndexError> {
        let EvidenceEntry { citation_ends, citations, .. } = self.catalogue.evidence;
        let ends = self.store.lend(citation_ends);
        if id.0 == 0 && ends.len() == 0 {
            return Ok(CitationList::new());
        }
        let start = match id.index().checked_sub(1) {
            None => 0,
            Some(before) => ends.get(before)?,
        };
        let rows =
            self.store.lend(citations).slice(start as usize..ends.get(id.index())? as usize)?;
        let citations = rows.iter().map(|row| Citation {
            source: EntityId(row.source),
            locator: (row.locator != NO_NUMBER).then_some(StringId(row.locator)),
        });
        Ok(citations.collect())
    }

    /// Returns how many qualifiers there are.
    pub fn qualifier_count(&self) -> u32 {
        self.catalogue.evidence.qualifiers.count as u32
    }

    /// Returns how many lists of sources there are.
    pub fn citation_count(&self) -> u32 {
        self.catalogue.evidence.citation_ends.count as u32
    }

    fn qualifier_row(&self, id: QualifierId) -> Result<QualifierRow, IndexError> {
        self.store.lend(self.catalogue.evidence.qualifiers).get(id.index())
    }

    fn status_of_code(&self, code: u32) -> Result<Status, IndexError> {
        let status = Status::ALL.get(code as usize).copied();
        status.ok_or_else(|| self.store.damaged("a status is unknown"))
    }

    fn relative(&self, row: &RelativeRow) -> Result<Relative, IndexError> {
        let kind = match row.kind {
            0 => RelativeKind::After,
            1 => RelativeKind::Before,
            _ => return Err(self.store.damaged("a relative date is neither before nor after")),
        };
        let distance = match row.unit {
            NO_NUMBER => None,
            code => {
                let unit = catalogue::unit_of(code);
                let unit = unit.ok_or_else(|| self.store.damaged("a calendar unit is unknown"))?;
                Some(RelativeDistance { count: row.count, unit })
            }
        };
        Ok(Relative { kind, distance, anchor: EntityId(row.anchor) })
    }
}
