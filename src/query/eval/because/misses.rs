//! What is missing where a condition fails, and how nearly it holds.

use crate::diagnostic::counted;
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::eval::Evaluator;
use crate::query::eval::found::FoundValue;
use crate::query::eval::trails::Trail;
use crate::query::expression::{End, Path, Rows, Test, TimeTest};
use crate::query::operators::{NumberTest, TextTest};
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
            because.remarks.extend(nothing_counts(path, test, trails));
            return Ok(());
        }
        match test {
            Some(Test::Time(time)) => {
                because.remarks.extend(self.nearest_time(path, time, &counting)?);
            }
            Some(Test::Numbers(numbers)) => {
                because.remarks.extend(self.nearest_number(path, numbers, &counting)?);
            }
            Some(Test::Text(text)) => self.note_near_words(text, &counting, because)?,
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

    /// Says how far the nearest date lies from those that are asked for: `it lies 3 days before 1922`.
    fn nearest_time(
        &self,
        path: &Path,
        test: &TimeTest,
        counting: &[&Trail<'_>],
    ) -> Result<Option<String>, IndexError> {
        let mut nearest: Option<(i64, &str)> = None;
        let others = self.compared_times(test)?;
        for trail in counting {
            for value in self.times(&trail.found, path.part())? {
                let own = value.bounds().reach();
                let apart = others.iter().filter_map(|other| apart(own, other.bounds().reach()));
                for (days, side) in apart {
                    if nearest.is_none_or(|(least, _)| days < least) {
                        nearest = Some((days, side));
                    }
                }
            }
        }
        let Some((days, side)) = nearest else { return Ok(None) };
        let (far, asked) = (distance_words(days), against_words(self.index, test)?);
        let which = if counting.len() == 1 { "it" } else { "the nearest" };
        Ok(Some(format!("{which} lies {}", format!("{far} {side} {asked}").trim_start())))
    }

    /// Says how far the nearest number is from those that are asked for: `it is 3 percent off`.
    fn nearest_number(
        &self,
        path: &Path,
        tests: &[NumberTest],
        counting: &[&Trail<'_>],
    ) -> Result<Option<String>, IndexError> {
        let mut nearest: Option<f64> = None;
        for trail in counting {
            let Some((least, greatest, unit)) = self.number(&trail.found, path.part())? else {
                continue;
            };
            for test in tests.iter().filter(|test| test.unit.as_deref() == unit) {
                let gap = (least - test.greatest).max(test.least - greatest).max(0.0);
                nearest = Some(nearest.map_or(gap, |before| before.min(gap)));
            }
        }
        let unit = tests.first().and_then(|test| test.unit.as_ref());
        let unit = unit.map_or_else(String::new, |unit| format!(" {unit}"));
        let gap = nearest.filter(|gap| *gap > 0.0 && gap.is_finite());
        Ok(gap.map(|gap| format!("it is {gap}{unit} off")))
    }

    /// Says which words come closest to those that are asked for.
    fn note_near_words(
        &self,
        test: &TextTest,
        counting: &[&Trail<'_>],
        because: &mut Because,
    ) -> Result<(), IndexError> {
        let mut texts: Vec<String> = Vec::new();
        for trail in counting {
            texts.extend(self.text_of(&trail.found)?);
        }
        let singles = texts.iter().flat_map(|text| text.split_whitespace());
        let known = texts.iter().map(String::as_str).chain(singles);
        for wanted in test.needles() {
            if let Some(near) = suggest::nearest(wanted, known.clone()).first() {
                because.remarks.push(format!("`{near}` comes closest to `{wanted}`"));
            }
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

/// Says why no statement counts; nothing where the conditions in brackets say it.
fn nothing_counts(path: &Path, test: Option<&Test>, trails: &[Trail<'_>]) -> Option<String> {
    let path = &path.written;
    if trails.is_empty() {
        return Some(match test {
            Some(_) => format!("`{path}` is not recorded; `or no {path}` takes such records in"),
            None => format!("`{path}` is not recorded"),
        });
    }
    let is_ignored = |trail: &&Trail<'_>| trail.places.iter().any(|place| place.ignored.is_some());
    let ignored = trails.iter().filter(is_ignored).count();
    let (only, do_not) = (counted(ignored, "statement"), if ignored == 1 { "does" } else { "do" });
    (ignored > 0).then(|| format!("`{path}` has only {only} that {do_not} not count"))
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
