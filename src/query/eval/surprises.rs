//! What an answer should say of itself: why it is empty, what can never hold, what a hidden claim would have matched.
//!
//! In: the question as written and what it found. Out: sentences. Nothing here changes the answer.

use super::{Evaluator, Polarity};
use crate::diagnostic::counted;
use crate::index::IndexError;
use crate::model::{EntityId, FieldId, Status};
use crate::query::expression::{
    Claims, Comparison, Condition, End, Path, Query, Rows, Step, Test, TimeAgainst, Way,
};
use crate::query::ids::Ids;
use crate::query::operators::Quantifier;
use crate::query::truth_set::TruthSet;
use crate::query::wording::condition_words;
use crate::time::{DayNumber, Operator, Role, Stretch, Truth};

/// Most records that a note names.
const MOST_NAMED: usize = 3;
/// Most records that are looked at for a hidden claim.
const MOST_EXAMINED: usize = 500;

/// Sentences beside an answer.
#[derive(Debug, Default)]
pub(super) struct Surprises {
    pub notes: Vec<String>,
    pub warnings: Vec<String>,
}

impl Evaluator<'_> {
    /// Collects what has to be said of an answer.
    pub(super) fn surprises(
        &self,
        query: &Query,
        found: &TruthSet,
    ) -> Result<Surprises, IndexError> {
        let mut surprises = Surprises::default();
        let rows = self.rows(&query.rows)?;
        self.warn_of_constants(&query.condition, &rows.possible, &mut surprises.warnings)?;
        // What can never hold together needs no further reason.
        if found.possible.is_empty() && surprises.warnings.is_empty() {
            surprises.notes.extend(self.why_empty(query, &rows)?);
        }
        surprises.notes.extend(self.hidden_matches(query, found)?);
        Ok(surprises)
    }

    /// Names the condition that removed the last rows.
    fn why_empty(&self, query: &Query, rows: &TruthSet) -> Result<Option<String>, IndexError> {
        let Condition::And(parts) = &query.condition else { return Ok(None) };
        let mut left = rows.clone();
        for (place, part) in parts.iter().enumerate() {
            let words = condition_words(self.index, part)?;
            let alone = rows.and(&self.truth(part, Polarity::Plain, &rows.possible)?);
            if alone.possible.is_empty() {
                let all = counted(rows.possible.len(), "record");
                return Ok(Some(format!("`{words}` holds of none of {all}")));
            }
            let before = left.possible.len();
            left = left.and(&alone);
            if left.possible.is_empty() {
                let earlier: Result<Vec<String>, IndexError> = parts
                    .iter()
                    .take(place)
                    .map(|part| condition_words(self.index, part))
                    .collect();
                let none =
                    if before == 1 { "does not hold of it" } else { "holds of none of them" };
                return Ok(Some(format!(
                    "`{}` leaves {}, and `{words}` {none}",
                    earlier?.join(" and "),
                    counted(before, "record"),
                )));
            }
        }
        Ok(None)
    }

    /// Warns of parts that exclude each other, or that leave nothing out.
    fn warn_of_constants(
        &self,
        condition: &Condition,
        rows: &Ids,
        warnings: &mut Vec<String>,
    ) -> Result<(), IndexError> {
        let (parts, is_and) = match condition {
            Condition::And(parts) => (parts, true),
            Condition::Or(parts) => (parts, false),
            Condition::Not(inner) | Condition::Certainly(inner) | Condition::Possibly(inner) => {
                return self.warn_of_constants(inner, rows, warnings);
            }
            _ => return Ok(()),
        };
        for (place, one) in parts.iter().enumerate() {
            for other in parts.iter().skip(place + 1) {
                let warning = match is_and {
                    true => self.exclusion(one, other, rows)?,
                    false => self.tautology(one, other)?,
                };
                warnings.extend(warning);
            }
            self.warn_of_constants(one, rows, warnings)?;
        }
        Ok(())
    }

    fn exclusion(
        &self,
        one: &Condition,
        other: &Condition,
        rows: &Ids,
    ) -> Result<Option<String>, IndexError> {
        let words = || -> Result<String, IndexError> {
            let (one, other) =
                (condition_words(self.index, one)?, condition_words(self.index, other)?);
            Ok(format!("`{one}` and `{other}` can never hold together"))
        };
        if is_negation(one, other) {
            return Ok(Some(words()?));
        }
        let (Some(left), Some(right)) = (single_test(one), single_test(other)) else {
            return Ok(None);
        };
        if !are_same_values(&left.path, &right.path) || self.may_be_many(&left.path) {
            return Ok(None);
        }
        let (is_apart, offer) = match (&left.test, &right.test) {
            (Test::Words(one), Test::Words(two)) => {
                let shares = one.iter().any(|(field, places)| {
                    two.iter().any(|(other, others)| {
                        field == other && places.iter().any(|place| others.contains(place))
                    })
                });
                (!shares, true)
            }
            (Test::Records(Rows::Records(one)), Test::Records(Rows::Records(two))) => {
                (!one.iter().any(|id| two.contains(id)), true)
            }
            _ => match (self.allowed(left), self.allowed(right)) {
                (Some(one), Some(two)) => (one.intersection(two).is_none(), false),
                _ => (false, false),
            },
        };
        if !is_apart {
            return Ok(None);
        }
        // A single-valued field may have one value after another, or rival ones: then it can hold.
        let both = self.truth(one, Polarity::Plain, rows)?.and(&self.truth(
            other,
            Polarity::Plain,
            rows,
        )?);
        if !both.possible.and(rows).is_empty() {
            return Ok(None);
        }
        let path = &left.path.written;
        let advice = match offer {
            true => format!("; `{path} in (…, …)` takes either"),
            false => String::new(),
        };
        Ok(Some(format!("{}: `{path}` has one value{advice}", words()?)))
    }

    fn tautology(&self, one: &Condition, other: &Condition) -> Result<Option<String>, IndexError> {
        let is_all = is_negation(one, other)
            || match (single_test(one), single_test(other)) {
                (Some(left), Some(right)) if are_same_values(&left.path, &right.path) => {
                    match (self.allowed(left), self.allowed(right)) {
                        (Some(one), Some(two)) => cover_all_time(one, two),
                        _ => false,
                    }
                }
                _ => false,
            };
        if !is_all {
            return Ok(None);
        }
        let (one, other) = (condition_words(self.index, one)?, condition_words(self.index, other)?);
        Ok(Some(format!(
            "`{one} or {other}` leaves nothing out but what is not recorded; `has …` says that plainly"
        )))
    }

    /// Returns within which days a date must lie to fulfil a test; nothing for periods and other values.
    fn allowed(&self, comparison: &Comparison) -> Option<Stretch> {
        let Test::Time(time) = &comparison.test else { return None };
        let TimeAgainst::Literal(values) = &time.against else { return None };
        let End::Values { fields, .. } = &comparison.path.end else { return None };
        if fields.iter().any(|field| self.role_of(*field) != Some(Role::Moment)) {
            return None;
        }
        let literal =
            values.iter().map(|value| value.bounds().reach()).reduce(|one, two| one.hull(two))?;
        let (past, future) = (DayNumber::OPEN_PAST, DayNumber::OPEN_FUTURE);
        match time.operator {
            Operator::Equal | Operator::During | Operator::Overlaps | Operator::Contains => {
                Some(literal)
            }
            Operator::Less | Operator::Before => Stretch::new(past, literal.first().plus_days(-1)),
            Operator::LessOrEqual => Stretch::new(past, literal.last()),
            Operator::Greater | Operator::After => {
                Stretch::new(literal.last().plus_days(1), future)
            }
            Operator::GreaterOrEqual => Stretch::new(literal.first(), future),
            Operator::NotEqual | Operator::Meets => None,
        }
    }

    /// Names the records that would match by a claim that is rejected, or hidden by a better one.
    fn hidden_matches(
        &self,
        query: &Query,
        found: &TruthSet,
    ) -> Result<Option<String>, IndexError> {
        if !self.lens.claims().is_plain() {
            return Ok(None);
        }
        let mut fields = Vec::new();
        fields_of(&query.condition, &mut fields);
        let mut has_standings = self.index.has_record_qualifiers();
        for field in &fields {
            has_standings = has_standings || self.index.column(*field)?.has_standings();
        }
        if !has_standings {
            return Ok(None);
        }
        let claims = Claims { all: true, ..Claims::default() };
        let query = Query { claims, ..query.clone() };
        let all = self.inside(&query, |asked| asked.matched(&query))?;
        let mut names = Vec::new();
        let mut count = 0;
        for id in all.possible.without(&found.possible).iter().take(MOST_EXAMINED) {
            if self.has_hidden_match(&query.condition, EntityId(id))? {
                count += 1;
                if names.len() < MOST_NAMED {
                    names.push(format!("`{}`", self.index.id_of(EntityId(id))?));
                }
            }
        }
        if count == 0 {
            return Ok(None);
        }
        if count > MOST_NAMED {
            names.push("…".to_owned());
        }
        Ok(Some(format!(
            "{} would match by a claim that is rejected or hidden by a better one: {}; `all claims` takes such claims in",
            counted(count, "record"),
            names.join(", ")
        )))
    }

    fn has_hidden_match(&self, condition: &Condition, row: EntityId) -> Result<bool, IndexError> {
        let status = self.index.status(self.index.qualifier_of(row)?)?;
        if status == Status::Rejected {
            return Ok(true);
        }
        match condition {
            Condition::And(parts) | Condition::Or(parts) => {
                for part in parts {
                    if self.has_hidden_match(part, row)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Condition::Certainly(inner) | Condition::Possibly(inner) => {
                self.has_hidden_match(inner, row)
            }
            Condition::Compare(Comparison { path, test, .. }) => {
                for trail in self.trails(path, row)? {
                    let is_hidden = trail.places.iter().any(|place| {
                        matches!(place.ignored, Some("rejected" | "hidden by a better one"))
                    });
                    if is_hidden
                        && self.verdict_of(path, Some(test), &trail.found)?.holds > Truth::No
                    {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Condition::Always
            | Condition::Never
            | Condition::Not(_)
            | Condition::Has(_)
            | Condition::Lacks(_)
            | Condition::Computed(_)
            | Condition::Joined(_) => Ok(false),
        }
    }
}

fn is_negation(one: &Condition, other: &Condition) -> bool {
    let negates = |one: &Condition, other: &Condition| matches!(one, Condition::Not(inner) if inner.as_ref() == other);
    negates(one, other) || negates(other, one)
}

fn single_test(condition: &Condition) -> Option<&Comparison> {
    match condition {
        Condition::Compare(comparison) if comparison.quantifier == Quantifier::Some => {
            Some(comparison)
        }
        _ => None,
    }
}

/// Tells whether two paths read the same values, perhaps by different units of the calendar.
fn are_same_values(one: &Path, other: &Path) -> bool {
    let is_same_end = match (&one.end, &other.end) {
        (End::Values { fields, .. }, End::Values { fields: others, .. }) => {
            fields == others && one.part().of_time() == other.part().of_time()
        }
        (one, other) => one == other,
    };
    is_same_end && one.steps == other.steps && one.end.statement() == other.end.statement()
}

fn cover_all_time(one: Stretch, other: Stretch) -> bool {
    let (early, late) = if one.first() <= other.first() { (one, other) } else { (other, one) };
    early.first() == DayNumber::OPEN_PAST
        && late.last() == DayNumber::OPEN_FUTURE
        && late.first() <= early.last().plus_days(1)
}

fn fields_of(condition: &Condition, fields: &mut Vec<FieldId>) {
    match condition {
        Condition::Always | Condition::Never | Condition::Computed(_) | Condition::Joined(_) => {}
        Condition::And(parts) | Condition::Or(parts) => {
            parts.iter().for_each(|part| fields_of(part, fields));
        }
        Condition::Not(inner) | Condition::Certainly(inner) | Condition::Possibly(inner) => {
            fields_of(inner, fields);
        }
        Condition::Has(path) | Condition::Lacks(path) => fields_of_path(path, fields),
        Condition::Compare(Comparison { path, .. }) => fields_of_path(path, fields),
    }
}

fn fields_of_path(path: &Path, fields: &mut Vec<FieldId>) {
    fields_of_steps(&path.steps, fields);
    if let End::Values { fields: read, .. } | End::Text(read) = &path.end {
        fields.extend(read);
    }
}

fn fields_of_steps(steps: &[Step], fields: &mut Vec<FieldId>) {
    for step in steps {
        match &step.way {
            Way::Fields { forward, backward } => {
                fields.extend(forward);
                fields.extend(backward);
            }
            Way::Group(inner) => fields_of_steps(inner, fields),
        }
        fields_of(&step.filter, fields);
    }
}
