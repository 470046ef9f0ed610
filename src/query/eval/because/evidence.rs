//! The statements that decided a condition.

use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::Qualifiers;
use crate::query::eval::found::FoundValue;
use crate::query::eval::trails::{Place, Trail};
use crate::query::eval::{Evaluator, Polarity};
use crate::query::expression::{Condition, Path, Rows, Test};
use crate::query::record_page::{cell_value, cited, qualifiers, relative_links};
use crate::query::terms::{Term, Values};
use crate::query::why::{Because, Deciding, Evidence, Written};
use crate::time::Truth;

/// Most ways that are shown of one condition.
pub(super) const MOST_EVIDENCE: usize = 8;

impl Evaluator<'_> {
    pub(super) fn add_evidence(
        &self,
        path: &Path,
        test: Option<&Test>,
        polarity: Polarity,
        row: EntityId,
        depth: usize,
        because: &mut Because,
    ) -> Result<(), IndexError> {
        let trails = self.trails(path, row)?;
        let mut judged = Vec::with_capacity(trails.len());
        for trail in &trails {
            let truth = match (test, trail.found.value) {
                (Some(Test::IsUnknown), value) => Truth::certain_if(value == FoundValue::Unknown),
                (Some(Test::IsNone), value) => Truth::certain_if(value == FoundValue::None),
                (Some(Test::Path { .. }) | None, _) => trail.found.truth,
                (Some(Test::Among(members)), _) => {
                    self.found_among((path, &trail.found), members, row)?.holds
                }
                (test, _) => self.verdict_of(path, test, &trail.found)?.holds,
            };
            judged.push((truth.min(trail.found.truth), trail));
        }
        let does_hold = because.truth > Truth::No && polarity == Polarity::Plain;
        if does_hold && judged.iter().any(|(truth, _)| *truth == because.truth) {
            let least = because.truth;
            judged.retain(|(truth, _)| *truth >= least);
        }
        because.more += judged.len().saturating_sub(MOST_EVIDENCE) as u64;
        for (truth, trail) in judged.iter().take(MOST_EVIDENCE) {
            let evidence = self.evidence_on(path, test, polarity, trail, *truth, depth)?;
            // A record that is asked for itself has no statement.
            if !evidence.statements.is_empty() || !evidence.inner.is_empty() {
                because.evidence.push(evidence);
            }
        }
        if because.truth == Truth::No {
            self.note_miss(path, test, &trails, because)?;
        }
        Ok(())
    }

    /// Adds the statements of a right side, those of one other record as well.
    pub(super) fn add_term(
        &self,
        term: &Term,
        polarity: Polarity,
        row: EntityId,
        depth: usize,
        because: &mut Because,
    ) -> Result<(), IndexError> {
        match term {
            Term::Values(Values::OfRow(path)) => {
                self.add_evidence(path, None, polarity, row, depth, because)
            }
            Term::Values(Values::Elsewhere { rows: Rows::Records(records), path }) => {
                let from = records.iter().take(MOST_EVIDENCE);
                for record in from {
                    self.add_evidence(path, None, polarity, *record, depth, because)?;
                }
                Ok(())
            }
            Term::Values(Values::Elsewhere { .. }) | Term::Fold(_) | Term::Difference { .. } => {
                because.remarks.extend(self.term_words(term, &[Some(row.0)])?);
                Ok(())
            }
        }
    }

    pub(super) fn evidence_on(
        &self,
        path: &Path,
        test: Option<&Test>,
        polarity: Polarity,
        trail: &Trail<'_>,
        truth: Truth,
        depth: usize,
    ) -> Result<Evidence, IndexError> {
        let mut statements = Vec::with_capacity(trail.places.len());
        for place in &trail.places {
            statements.push(self.deciding(place)?);
        }
        let none = Written::default();
        let mut inner = Vec::new();
        for (filter, entity) in &trail.filters {
            inner.push(self.because(filter, &none, Polarity::Plain, *entity, depth + 1)?);
        }
        if let (Some(Test::Records(Rows::Query(query))), FoundValue::Entity(entity)) =
            (test, trail.found.value)
            && trail.found.truth > Truth::No
            && query.condition != Condition::Always
        {
            inner.push(self.inside(query, |inside| {
                inside.because(&query.condition, &none, Polarity::Plain, entity, depth + 1)
            })?);
        }
        let is_ignored = trail.places.iter().any(|place| place.ignored.is_some());
        let doubt = match truth {
            Truth::Possible if !is_ignored => {
                Some(self.plain_doubt(path, test, &trail.found, polarity)?)
            }
            _ => None,
        };
        Ok(Evidence { statements, truth, doubt, inner })
    }

    fn deciding(&self, place: &Place) -> Result<Deciding, IndexError> {
        let index = self.index;
        let column = index.column(place.field)?;
        let field = index.schema().fields.get(place.field.index());
        let qualifier = column.qualifier(place.position)?;
        let own = qualifiers(index, qualifier)?;
        let sources = match own.sources.is_empty() {
            true => cited(index, index.citation_of(place.owner)?)?,
            false => own.sources.clone(),
        };
        Ok(Deciding {
            record: index.id_of(place.owner)?.into_owned(),
            name: index.name_of(place.owner)?.map(str::to_owned),
            field: field.map(|field| field.name.clone()).unwrap_or_default(),
            value: cell_value(index, place.field, column.value(place.position)?)?,
            file: index.origin_of(place.owner)?.file.to_owned(),
            line: column.line(place.position)?,
            qualifiers: Qualifiers { sources: Vec::new(), ..own },
            sources,
            chain: relative_links(index, qualifier)?,
            ignored: place.ignored,
        })
    }
}
