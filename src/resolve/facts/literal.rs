//! Values that are not names: dates, periods, numbers, quantities, addresses.

use crate::diagnostic::{Diagnostic, code, meant, one_of, shown};
use crate::source::Span;
use crate::suggest::nearest;

/// A number or quantity as its parts, before its strings have numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedNumber<'t> {
    /// The least value that it may have.
    pub least: f64,
    /// The greatest value that it may have.
    pub greatest: f64,
    /// The unit.
    pub unit: Option<&'t str>,
}

/// Most significant digits of a number: more than these cannot be told apart.
const MOST_DIGITS: usize = 15;

/// By how much `~` widens a number on both sides: a tenth of it.
const ABOUT: f64 = 0.1;

/// Reads `number = [ "~" ], digits | digits, "..", [ digits ] | "..", digits | "unknown"`, and a unit behind it.
///
/// # Errors
/// What is wrong, as a finding at `span`.
pub fn number<'t>(
    text: &'t str,
    units: Option<&[String]>,
    is_whole: bool,
    span: Span,
) -> Result<ParsedNumber<'t>, Box<Diagnostic>> {
    let (amount, unit) = split_unit(text);
    let bounds = bounds(amount);
    let Some((least, greatest)) = bounds else {
        return Err(Box::new(not_a_number(text, units, span)));
    };
    let whole = |value: f64| value.is_infinite() || value.fract() == 0.0;
    if is_whole && !(whole(least) && whole(greatest)) && !amount.starts_with('~') {
        let message = format!("`{}` is not a whole number", shown(text));
        let found = Diagnostic::new(code::NOT_A_NUMBER, message, span, "has a fraction");
        return Err(Box::new(found.help("round it, or declare the field as `decimal`")));
    }
    if amount.chars().filter(char::is_ascii_digit).count() > MOST_DIGITS && !amount.contains("..") {
        let message = format!("`{}` has more than {MOST_DIGITS} digits", shown(text));
        let found = Diagnostic::new(code::NOT_A_NUMBER, message, span, "too many digits");
        return Err(Box::new(
            found.help("give fewer digits, or keep the number in a `text` field"),
        ));
    }
    let unit = check_unit(text, amount, unit, units, span)?;
    Ok(ParsedNumber { least, greatest, unit })
}

fn check_unit<'t>(
    text: &str,
    amount: &str,
    unit: Option<&'t str>,
    units: Option<&[String]>,
    span: Span,
) -> Result<Option<&'t str>, Box<Diagnostic>> {
    match (unit, units) {
        (None, None) => Ok(None),
        (Some(unit), None) => {
            let unit = shown(unit);
            let message = format!("`{}` has a unit, and this field is a bare number", shown(text));
            let found = Diagnostic::new(code::NOT_A_NUMBER, message, span, "has a unit");
            Err(Box::new(
                found.help(format!("take `{unit}` out, or declare the field as `quantity {unit}`")),
            ))
        }
        (None, Some(units)) => {
            let message = format!("`{}` has no unit", shown(text));
            let found = Diagnostic::new(code::NOT_A_QUANTITY, message, span, "the unit is missing");
            let amount = shown(amount);
            let offers: Vec<String> = units.iter().map(|unit| format!("{amount} {unit}")).collect();
            Err(Box::new(found.help(format!("write {}", one_of(&offers)))))
        }
        (Some(unit), Some(units)) if units.iter().any(|known| known == unit) => Ok(Some(unit)),
        (Some(unit), Some(units)) => {
            let span = Span::new(span.file, span.end - unit.len() as u32, span.end);
            let message = format!("`{}` is not a unit of this field", shown(unit));
            let found = Diagnostic::new(code::UNKNOWN_UNIT, message, span, "unknown unit");
            let near = nearest(unit, units.iter().map(String::as_str));
            let found = match near.is_empty() {
                true => found.help(format!("give it in {}", one_of(units))),
                false => found.help(meant(&near)),
            };
            Err(Box::new(found))
        }
    }
}

fn split_unit(text: &str) -> (&str, Option<&str>) {
    match text.split_once(|letter: char| letter.is_whitespace()) {
        Some((amount, unit)) if !unit.trim().is_empty() => (amount, Some(unit.trim())),
        _ => (text, None),
    }
}

fn bounds(amount: &str) -> Option<(f64, f64)> {
    if amount == "unknown" {
        return Some((f64::NEG_INFINITY, f64::INFINITY));
    }
    if let Some(about) = amount.strip_prefix('~') {
        let value = plain(about)?;
        let by = value.abs() * ABOUT;
        return Some((value - by, value + by));
    }
    let Some((least, greatest)) = amount.split_once("..") else {
        let value = plain(amount)?;
        return Some((value, value));
    };
    let least = if least.is_empty() { f64::NEG_INFINITY } else { plain(least)? };
    let greatest = if greatest.is_empty() { f64::INFINITY } else { plain(greatest)? };
    (least <= greatest && least.is_finite() | greatest.is_finite()).then_some((least, greatest))
}

/// Reads `[ "-" ], digit, { digit | "_" }, [ ".", digits ]`.
fn plain(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_run = |run: &str| {
        run.starts_with(|letter: char| letter.is_ascii_digit())
            && run.ends_with(|letter: char| letter.is_ascii_digit())
            && run.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    if !is_run(whole) || !is_run(fraction) {
        return None;
    }
    text.replace('_', "").parse().ok().filter(|value: &f64| value.is_finite())
}

fn not_a_number(text: &str, units: Option<&[String]>, span: Span) -> Diagnostic {
    let (code, what) = match units {
        Some(_) => (code::NOT_A_QUANTITY, "a number with a unit"),
        None => (code::NOT_A_NUMBER, "a number"),
    };
    let message = format!("`{}` is not {what}", shown(text));
    let found = Diagnostic::new(code, message, span, format!("expected {what}"));
    let plain_digits: String =
        text.chars().filter(|letter| !matches!(letter, ' ' | '\'' | '\u{a0}')).collect();
    let offer = match units.and_then(<[String]>::first) {
        Some(unit) => format!("1_500 {unit}"),
        None => String::from("1_500"),
    };
    match plain(&plain_digits) {
        Some(_) if plain_digits != text => {
            found.help(format!("write `{}`; digits are parted by `_`", shown(&plain_digits)))
        }
        _ => found.help(format!(
            "write it like `{offer}`: digits parted by `_`, a point before the fraction"
        )),
    }
}

/// Tells whether a text is an address of the web: a scheme, a colon, something behind it, no blank.
pub fn is_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_fits = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    let needs_host = matches!(scheme, "http" | "https" | "ftp");
    let rest_fits = match rest.strip_prefix("//") {
        Some(host) => !host.is_empty() && !host.starts_with('/'),
        None => !needs_host && !rest.is_empty(),
    };
    scheme_fits && rest_fits && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn bounds_of(text: &str) -> Option<(f64, f64)> {
        let span = Span::new(FileId(0), 0, 0);
        let units = ["day".to_string()];
        let parsed = number(text, Some(&units), false, span).ok()?;
        Some((parsed.least, parsed.greatest))
    }

    #[test]
    fn quantities_may_be_vague() {
        assert_eq!(bounds_of("1_500 day"), Some((1500.0, 1500.0)));
        assert_eq!(bounds_of("-0.5 day"), Some((-0.5, -0.5)));
        assert_eq!(bounds_of("10..14 day"), Some((10.0, 14.0)));
        assert_eq!(bounds_of("..14 day"), Some((f64::NEG_INFINITY, 14.0)));
        assert_eq!(bounds_of("~10 day"), Some((9.0, 11.0)));
        assert_eq!(bounds_of("unknown day"), Some((f64::NEG_INFINITY, f64::INFINITY)));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in
            ["14", "1,5 day", "14..10 day", ".. day", "1e5 day", "_1 day", "1. day", "inf day"]
        {
            assert_eq!(bounds_of(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_have_a_scheme_and_no_blank() {
        assert!(is_address("https://example.org/a"));
        assert!(is_address("doi:10.1000/182"));
        assert!(!is_address("example.org"));
        assert!(!is_address("https://"));
        assert!(!is_address("http:a b"));
    }
}
