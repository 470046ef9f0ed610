//! What is missing where a condition fails, and how nearly it holds.

use crate::diagnostic::counted;
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::eval::Evaluator;
use crate::query::eval::found::FoundValue;
use crate::query::eval::trails::Trail;
use crate::query::expression::{End, Path, Rows, Test};
use crate::query::why::Because;
use crate::query::wording::against_words;
use crate::suggest;
use crate::time::{DayNumber, Stretch, Truth};

impl Evaluator<'_> {
    /// Says what is missing where a condition fails, or how nearly it holds.
    pub(super) fn note_miss(
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
                let literals = self.compared_times(time)?;
                for trail in &counting {
                    for value in self.times(&trail.found, path.part())? {
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
            Some(Test::Numbers(numbers)) => {
                let mut nearest: Option<f64> = None;
                let trails = counting.iter();
                let pairs = trails.flat_map(|trail| numbers.iter().map(move |each| (trail, each)));
                for (trail, number) in pairs {
                    if let Some((least, greatest, unit)) = self.number(&trail.found, path.part())?
                        && unit == number.unit.as_deref()
                    {
                        let gap = (least - number.greatest).max(number.least - greatest).max(0.0);
                        nearest = Some(nearest.map_or(gap, |before| before.min(gap)));
                    }
                }
                if let Some(gap) = nearest.filter(|gap| *gap > 0.0 && gap.is_finite()) {
                    let unit = numbers.first().and_then(|number| number.unit.as_ref());
                    let unit = unit.map(|unit| format!(" {unit}"));
                    because.remarks.push(format!("it is {gap}{} off", unit.unwrap_or_default()));
                }
            }
            Some(Test::Text(test)) => {
                let mut words: Vec<String> = Vec::new();
                for trail in &counting {
                    words.extend(self.text_of(&trail.found)?);
                }
                let singles = words.iter().flat_map(|text| text.split_whitespace());
                let known = words.iter().map(String::as_str).chain(singles);
                for wanted in test.needles() {
                    if let Some(near) = suggest::nearest(wanted, known.clone()).first() {
                        because.remarks.push(format!("`{near}` comes closest to `{wanted}`"));
                    }
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

/// Returns how many days lie between two stretches, and on which side the first one is; nothing where they meet.
pub(super) fn apart(own: Stretch, literal: Stretch) -> Option<(i64, &'static str)> {
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
pub(super) fn distance_words(days: i64) -> String {
    let count = |number: i64, unit: &str| counted(usize::try_from(number).unwrap_or(0), unit);
    match days {
        0 => String::new(),
        1..=60 => count(days, "day"),
        61..=730 => format!("about {}", count(days / 30, "month")),
        _ => format!("about {}", count(days * 100 / 36_525, "year")),
    }
}
