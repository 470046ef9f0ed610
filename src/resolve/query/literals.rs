//! Dates, numbers and quantities that a query names.

use super::names::Written;
use super::{Resolver, Settled};
use crate::diagnostic::{Diagnostic, code, one_of};
use crate::query::operators::ValuePart;
use crate::time::{Date, Role, Stretch, Value};

/// Units of the calendar that differ in length, with how many days one has on average.
const UNEVEN: [(&str, f64); 2] = [("year", 365.2425), ("month", 30.436875)];

/// A number with its unit, as a query names it.
pub(super) struct Quantity {
    /// The least value.
    pub least: f64,
    /// The greatest value; the same, but for a range.
    pub greatest: f64,
    /// The unit, none for a bare number.
    pub unit: Option<String>,
}

impl Resolver<'_> {
    /// Reads a date as the stretches that it names.
    pub(super) fn stretches(&self, written: Written<'_>, part: ValuePart) -> Settled<Vec<Stretch>> {
        let Some(date) = self.date(written)? else { return Ok(None) };
        let widen = |stretch: Stretch| match part {
            ValuePart::Unit(_, grain) => grain.widen(stretch),
            _ => stretch,
        };
        Ok(Some(date.alternatives().map(|bounds| widen(bounds.reach())).collect()))
    }

    /// Reads a date; in a query a stretch stands for itself.
    pub(super) fn date(&self, written: Written<'_>) -> Settled<Date> {
        let text = decade(written.text).unwrap_or_else(|| written.text.to_owned());
        if has_doubt(&text)
            && let Err(error) = Stretch::parse(&text)
        {
            let said = Diagnostic::new(
                code::BAD_LITERAL,
                error.message(),
                written.span,
                "a question is asked of exact dates",
            );
            let help = error.help();
            return self.say(if help.is_empty() { said } else { said.help(help) });
        }
        let error = match Date::parse(&text, Role::Moment) {
            Ok(date) => return Ok(Some(date)),
            Err(error) => error,
        };
        match Date::parse(&text, Role::Period) {
            Ok(date) => Ok(Some(date)),
            Err(_) => {
                let mut diagnostic =
                    Diagnostic::new(code::BAD_LITERAL, error.message(), written.span, "not a date");
                let help = error.help();
                if !help.is_empty() {
                    diagnostic = diagnostic.help(help);
                }
                self.say(diagnostic)
            }
        }
    }

    /// Tells whether words are a date.
    pub(super) fn is_date(&self, text: &str) -> bool {
        decade(text).is_some() || Date::parse(text, Role::Period).is_ok()
    }

    /// Tells whether words may be meant as a date, so that a slip in them is told as one.
    pub(super) fn looks_like_date(&self, text: &str) -> bool {
        self.is_date(text) || text.contains(|letter: char| letter.is_ascii_digit())
    }

    /// Reads a number with its unit, which must be one of the field's.
    pub(super) fn quantity(
        &self,
        written: Written<'_>,
        units: Option<&[String]>,
    ) -> Settled<Quantity> {
        let (number, unit) = written.text.split_once(' ').unwrap_or((written.text, ""));
        let (number, glued) =
            match number.find(|letter: char| letter.is_alphabetic() || letter == '%') {
                Some(at) if at > 0 => number.split_at(at),
                _ => (number, ""),
            };
        let unit = if glued.is_empty() { unit.trim() } else { glued };
        let Ok(value) = number.replace('_', "").parse::<f64>() else {
            return self.say(
                Diagnostic::new(
                    code::BAD_LITERAL,
                    format!("`{}` is not a number", written.text),
                    written.span,
                    "a number is expected here",
                )
                .help("numbers are written `1500`, `250_000_000`, `0.47`; quantities with their unit behind, `47 percent`"),
            );
        };
        let known = units.unwrap_or_default();
        let wrong = |message: String| {
            Diagnostic::new(code::BAD_LITERAL, message, written.span, "the unit does not fit")
        };
        let unit = match (unit, known) {
            ("", []) => None,
            ("", [only]) => Some(only.clone()),
            ("", several) => {
                return self.say(
                    wrong(format!("`{number}` needs a unit"))
                        .help(format!("write it with {}", one_of(several))),
                );
            }
            (unit, known) => match known.iter().find(|each| same_unit(each, unit)) {
                Some(found) => Some(found.clone()),
                None if known.is_empty() => {
                    return self.say(
                        wrong(format!(
                            "the field has no unit, and `{unit}` stands behind the number"
                        ))
                        .help(format!("write `{number}`")),
                    );
                }
                None if known == ["day"]
                    && UNEVEN.iter().any(|(name, _)| same_unit(name, unit)) =>
                {
                    let each = UNEVEN.iter().find(|(name, _)| same_unit(name, unit));
                    let days = each.map_or(1.0, |(_, days)| *days) * value;
                    return self.say(
                        wrong(format!("`{}` is no number of days", written.text))
                            .help(format!("count days: write `{} day`", days.round()))
                            .note("years and months are not all of one length"),
                    );
                }
                None => {
                    return self.say(
                        wrong(format!("`{unit}` is not a unit of the field"))
                            .help(format!("its units are {}", one_of(known))),
                    );
                }
            },
        };
        Ok(Some(Quantity { least: value, greatest: value, unit }))
    }
}

/// Tells whether a date bears a sign of doubt or approximation.
fn has_doubt(text: &str) -> bool {
    text.contains(['?', '~', '%']) && Date::parse(text, Role::Period).is_ok()
}

/// Returns a value that is exactly a stretch.
pub(super) fn exactly(stretches: Vec<Stretch>) -> Vec<Value> {
    stretches.into_iter().map(Value::exact).collect()
}

/// Tells whether two names of a unit differ by a plural's `s` and case at most.
fn same_unit(known: &str, written: &str) -> bool {
    let plain = |unit: &str| unit.to_lowercase().trim_end_matches('s').to_owned();
    plain(known) == plain(written)
}

/// Reads `1920s` as the decade `192X`.
fn decade(text: &str) -> Option<String> {
    let digits = text.strip_suffix('s')?.strip_suffix('0')?;
    (digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| format!("{digits}X"))
}
