//! Why a record is in an answer or not: each condition judged for it alone, with the statements that decided it.

use super::conditions::part_of;
use super::forward::FoundValue;
use super::trails::{Place, Trail};
use super::{Evaluator, Polarity};
use crate::diagnostic::counted;
use crate::index::{Index, IndexError};
use crate::model::EntityId;
use crate::query::Qualifiers;
use crate::query::expression::{
    Comparison, Condition, End, Path, Quantifier, Query, Rows, Test, TextTest,
};
use crate::query::ids::{Ids, TruthSet};
use crate::query::record_page::{cell_value, cited, qualifiers, relative_links};
use crate::query::why::{Because, Deciding, Evidence, Why, Written, WrittenQuery};
use crate::query::wording::{against_words, condition_words};
use crate::suggest;
use crate::time::{DayNumber, Stretch, Truth};

/// Most ways that are shown of one condition.
const MOST_EVIDENCE: usize = 8;
/// How deep conditions within conditions are looked into.
const DEEPEST: usize = 6;

/// Says why a record is in the answer of a query, or not.
pub fn why(
    index: &Index,
    query: &Query,
    written: &WrittenQuery,
    row: EntityId,
) -> Result<Why, IndexError> {
    let origin = index.origin_of(row)?;
    let relation = index.relation_of(row).map(|id| index.schema().relation(id).name.clone());
    let mut why = Why {
        id: index.id_of(row)?.into_owned(),
        name: index.name_of(row)?.map(str::to_owned),
        relation: relation.unwrap_or_default(),
        file: origin.file.to_owned(),
        line: origin.line,
        truth: Truth::No,
        remarks: Vec::new(),
        conditions: Vec::new(),
    };
    let evaluator = Evaluator::new(index, query.claims.clone());
    why.truth = evaluator.add_query(query, written, row, &mut why)?;
    if let Some(limit) = query.limit.filter(|_| why.truth > Truth::No) {
        evaluator.note_limit(query, row, limit, &mut why)?;
    }
    Ok(why)
}

/// Returns how far a set of records has one.
fn truth_in(set: &TruthSet, row: EntityId) -> Truth {
    match () {
        () if set.certain.contains(row.0) => Truth::Certain,
        () if set.possible.contains(row.0) => Truth::Possible,
        () => Truth::No,
    }
}

impl Evaluator<'_> {
    fn add_query(
        &self,
        query: &Query,
        written: &WrittenQuery,
        row: EntityId,
        why: &mut Why,
    ) -> Result<Truth, IndexError> {
        let mut truth = match &query.rows {
            Rows::Query(inner) => {
                let none = WrittenQuery::default();
                let source = written.source.as_deref().unwrap_or(&none);
                let truth = match inner.claims.is_plain() {
                    true => self.add_query(inner, source, row, why)?,
                    false => Evaluator::new(self.index, inner.claims.clone())
                        .add_query(inner, source, row, why)?,
                };
                truth.min(truth_in(&self.rows(&query.rows)?, row))
            }
            rows => {
                let truth = truth_in(&self.rows(rows)?, row);
                self.note_rows(query, truth, row, why)?;
                let relation = self.index.relation_of(row);
                let is_other = matches!(rows, Rows::Relations(all)
                    if !relation.is_some_and(|own| all.contains(&own)));
                if is_other {
                    // Its fields are none that the conditions are about.
                    return Ok(Truth::No);
                }
                truth
            }
        };
        if query.condition != Condition::Always {
            let empty = Written::default();
            let label = written.condition.as_ref().unwrap_or(&empty);
            let because = self.because(&query.condition, label, Polarity::Plain, row, 0)?;
            truth = truth.min(because.truth);
            why.conditions.push(because);
        }
        Ok(truth)
    }

    /// Says why a record is no row of the query at all, or only a possible one.
    fn note_rows(
        &self,
        query: &Query,
        truth: Truth,
        row: EntityId,
        why: &mut Why,
    ) -> Result<(), IndexError> {
        if let Rows::Relations(relations) = &query.rows
            && !self.index.relation_of(row).is_some_and(|own| relations.contains(&own))
        {
            let plurals: Vec<&str> = relations
                .iter()
                .take(3)
                .map(|id| self.index.schema().relation(*id).plural.as_str())
                .collect();
            why.remarks.push(format!(
                "it is of the relation `{}`, and the query asks for {}",
                why.relation,
                plurals.join(", ")
            ));
            return Ok(());
        }
        if truth == Truth::Certain {
            return Ok(());
        }
        let claims = self.lens.claims();
        let status = self.index.status(self.index.qualifier_of(row)?)?;
        let is = if truth == Truth::No { "is" } else { "may be" };
        if claims.according_to.is_some() && truth == Truth::No {
            why.remarks.push("the source of `according to` is not cited for it".to_owned());
        } else if let Some(date) = claims.as_of.as_ref().filter(|_| status.counts()) {
            let no = if truth == Truth::No { "does not hold" } else { "may not hold" };
            why.remarks.push(format!("its own period {no} in {} (`as of`)", date.text()));
        } else {
            why.remarks
                .push(format!("the record as a whole {is} left out: it is {}", status.word()));
        }
        Ok(())
    }

    fn note_limit(
        &self,
        query: &Query,
        row: EntityId,
        limit: u64,
        why: &mut Why,
    ) -> Result<(), IndexError> {
        let matched = self.matched(query)?;
        let (ids, word) = match why.truth {
            Truth::Certain => (matched.certain, "certain"),
            _ => (matched.possible.without(&matched.certain), "possible"),
        };
        let place = self.in_order(query, &ids)?.iter().position(|id| *id == row.0);
        if let Some(place) = place.filter(|place| *place as u64 >= limit) {
            why.remarks.push(format!(
                "`limit {limit}` does not show it: it is number {} of {} rows that are {word}",
                place + 1,
                ids.len()
            ));
        }
        Ok(())
    }

    fn because(
        &self,
        condition: &Condition,
        label: &Written,
        polarity: Polarity,
        row: EntityId,
        depth: usize,
    ) -> Result<Because, IndexError> {
        let within = Ids::from_sorted(vec![row.0]);
        let truth = truth_in(&self.truth(condition, Polarity::Plain, &within)?, row);
        let text = match label.text.is_empty() {
            true => condition_words(self.index, condition)?,
            false => label.text.clone(),
        };
        let mut because = Because {
            text,
            truth,
            parts: Vec::new(),
            evidence: Vec::new(),
            more: 0,
            remarks: Vec::new(),
        };
        if depth > DEEPEST {
            return Ok(because);
        }
        let none = Written::default();
        let part = |place: usize| label.parts.get(place).unwrap_or(&none);
        match condition {
            // Which other records stand with the row is told where they are found.
            Condition::Always | Condition::Never | Condition::Joined(_) => {}
            Condition::And(parts) | Condition::Or(parts) => {
                for (place, each) in parts.iter().enumerate() {
                    because.parts.push(self.because(
                        each,
                        part(place),
                        polarity,
                        row,
                        depth + 1,
                    )?);
                }
            }
            // `not` and `!=` before one comparison: the comparison's own evidence says it best.
            Condition::Not(inner) => match inner.as_ref() {
                Condition::Compare(comparison) => {
                    self.add_comparison(comparison, polarity.turned(), row, depth, &mut because)?;
                }
                inner => {
                    let turned = polarity.turned();
                    because.parts.push(self.because(inner, part(0), turned, row, depth + 1)?);
                }
            },
            Condition::Certainly(inner) | Condition::Possibly(inner) => {
                because.parts.push(self.because(inner, part(0), polarity, row, depth + 1)?);
            }
            Condition::Has(path) | Condition::Lacks(path) => {
                self.add_evidence(path, None, polarity, row, depth, &mut because)?;
            }
            Condition::Compare(comparison) => {
                self.add_comparison(comparison, polarity, row, depth, &mut because)?;
            }
        }
        Ok(because)
    }

    fn add_comparison(
        &self,
        comparison: &Comparison,
        polarity: Polarity,
        row: EntityId,
        depth: usize,
        because: &mut Because,
    ) -> Result<(), IndexError> {
        let Comparison { quantifier, path, test } = comparison;
        let polarity = match quantifier {
            Quantifier::Some => polarity,
            Quantifier::Every | Quantifier::No => Polarity::Negated,
        };
        self.add_evidence(path, Some(test), polarity, row, depth, because)?;
        if let Test::Path { right, .. } = test {
            self.add_evidence(right, None, polarity, row, depth, because)?;
        }
        Ok(())
    }

    fn add_evidence(
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
                (Some(Test::IsUnknown), value) => certain_if(value == FoundValue::Unknown),
                (Some(Test::IsNone), value) => certain_if(value == FoundValue::None),
                (Some(Test::Path { .. }) | None, _) => trail.found.truth,
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

    fn evidence_on(
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
            let own;
            let asked = match query.claims.is_plain() {
                true => self,
                false => {
                    own = Evaluator::new(self.index, query.claims.clone());
                    &own
                }
            };
            inner.push(asked.because(
                &query.condition,
                &none,
                Polarity::Plain,
                entity,
                depth + 1,
            )?);
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

    /// Says what is missing where a condition fails, or how nearly it holds.
    fn note_miss(
        &self,
        path: &Path,
        test: Option<&Test>,
        trails: &[Trail<'_>],
        because: &mut Because,
    ) -> Result<(), IndexError> {
        let counting: Vec<&Trail<'_>> =
            trails.iter().filter(|trail| trail.found.truth > Truth::No).collect();
        if counting.is_empty() {
            let is_asked = test.is_some();
            let ignored =
                trails.iter().filter(|trail| trail.places.iter().any(|p| p.ignored.is_some()));
            let remark = match ignored.count() {
                0 if trails.is_empty() && is_asked => {
                    format!(
                        "`{0}` is not recorded; `or no {0}` takes such records in",
                        path.written
                    )
                }
                0 if trails.is_empty() => format!("`{}` is not recorded", path.written),
                // The conditions in brackets say it.
                0 => return Ok(()),
                count => format!(
                    "`{}` has only {} that {} not count",
                    path.written,
                    counted(count, "statement"),
                    if count == 1 { "does" } else { "do" }
                ),
            };
            because.remarks.push(remark);
            return Ok(());
        }
        match test {
            Some(Test::Time(time)) => {
                let mut nearest: Option<(i64, String)> = None;
                let literals = self.literals(time)?;
                for trail in &counting {
                    for value in self.times(&trail.found, part_of(path))? {
                        let own = value.bounds().reach();
                        for literal in &literals {
                            let Some((days, side)) = apart(own, literal.bounds().reach()) else {
                                continue;
                            };
                            if nearest.as_ref().is_none_or(|(least, _)| days < *least) {
                                let literal = against_words(self.index, time)?;
                                let far = distance_words(days);
                                nearest = Some((
                                    days,
                                    format!("{far} {side} {literal}").trim_start().to_owned(),
                                ));
                            }
                        }
                    }
                }
                because.remarks.extend(nearest.map(|(_, words)| match counting.len() {
                    1 => format!("it lies {words}"),
                    _ => format!("the nearest lies {words}"),
                }));
            }
            Some(Test::Number(number)) => {
                let mut nearest: Option<f64> = None;
                for trail in &counting {
                    if let Some((least, greatest, unit)) =
                        self.number(&trail.found, part_of(path))?
                        && unit == number.unit.as_deref()
                    {
                        let gap = (least - number.greatest).max(number.least - greatest).max(0.0);
                        nearest = Some(nearest.map_or(gap, |before| before.min(gap)));
                    }
                }
                if let Some(gap) = nearest.filter(|gap| *gap > 0.0 && gap.is_finite()) {
                    let unit = number.unit.as_ref().map(|unit| format!(" {unit}"));
                    because.remarks.push(format!("it is {gap}{} off", unit.unwrap_or_default()));
                }
            }
            Some(Test::Text(TextTest::Is(wanted) | TextTest::Contains(wanted))) => {
                let mut words: Vec<String> = Vec::new();
                for trail in &counting {
                    words.extend(self.text_of(&trail.found)?);
                }
                let singles = words.iter().flat_map(|text| text.split_whitespace());
                let known = words.iter().map(String::as_str).chain(singles);
                if let Some(near) = suggest::nearest(wanted, known).first() {
                    because.remarks.push(format!("`{near}` comes closest to `{wanted}`"));
                }
            }
            Some(Test::Records(Rows::Records(wanted))) => {
                self.note_near_records(wanted, &counting, because)?;
            }
            _ => {}
        }
        if matches!(path.end, End::Text(_)) && because.remarks.is_empty() {
            because.remarks.push("none of its words is the one sought".to_owned());
        }
        Ok(())
    }

    /// Says which record of a path bears nearly the name of one that is asked for.
    fn note_near_records(
        &self,
        wanted: &[EntityId],
        counting: &[&Trail<'_>],
        because: &mut Because,
    ) -> Result<(), IndexError> {
        let mut names = Vec::new();
        for trail in counting {
            if let FoundValue::Entity(entity) = trail.found.value {
                names.push(self.index.id_of(entity)?.into_owned());
                names.extend(self.index.names_of(entity)?.iter().map(|name| name.text.to_owned()));
            }
        }
        for entity in wanted {
            let name = match self.index.name_of(*entity)? {
                Some(name) => name.to_owned(),
                None => self.index.id_of(*entity)?.into_owned(),
            };
            if let Some(near) = suggest::nearest(&name, names.iter().map(String::as_str)).first() {
                because.remarks.push(format!("`{near}` comes closest to `{name}`"));
            }
        }
        Ok(())
    }
}

fn certain_if(holds: bool) -> Truth {
    if holds { Truth::Certain } else { Truth::No }
}

/// Returns how many days lie between two stretches, and on which side the first one is; nothing where they meet.
fn apart(own: Stretch, literal: Stretch) -> Option<(i64, &'static str)> {
    let days = |from: DayNumber, to: DayNumber| match (from.closed(), to.closed()) {
        (Some(from), Some(to)) => to.rata_die().checked_sub(from.rata_die()),
        _ => None,
    };
    match () {
        () if own.first() > literal.last() => {
            days(literal.last(), own.first()).map(|days| (days, "after"))
        }
        () if own.last() < literal.first() => {
            days(own.last(), literal.first()).map(|days| (days, "before"))
        }
        () if own.first() >= literal.first() && own.last() <= literal.last() => Some((0, "within")),
        () => None,
    }
}

/// Says a number of days roughly, as people would.
fn distance_words(days: i64) -> String {
    let count = |number: i64, unit: &str| counted(usize::try_from(number).unwrap_or(0), unit);
    match days {
        0 => String::new(),
        1..=60 => count(days, "day"),
        61..=730 => format!("about {}", count(days / 30, "month")),
        _ => format!("about {}", count(days * 100 / 36_525, "year")),
    }
}
