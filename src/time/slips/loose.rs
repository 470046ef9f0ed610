//! One date as people write it who do not know EDTF.

use super::super::error::{Fault, Offer};
use super::super::value::Role;
use super::{numbers, offer, parses};

/// A date read loosely.
pub(super) struct Loose {
    /// What is wrong with how it was written.
    pub(super) fault: Fault,
    /// The date in EDTF, the likeliest reading first.
    pub(super) readings: Vec<(String, &'static str)>,
}

impl Loose {
    pub(super) fn new(fault: Fault, reading: String) -> Option<Loose> {
        Some(Loose { fault, readings: vec![(reading, "")] })
    }

    /// The fault and what to offer: where no reading is a day that exists, the month alone.
    pub(super) fn offers(&self) -> (Fault, Vec<Offer>) {
        let offers = self.readings.iter().map(|(text, meaning)| offer(text.clone(), meaning));
        (self.fault, offers.collect())
    }

    /// Tells whether the date is understood, and is a day that does not exist.
    pub(super) fn is_impossible(&self) -> bool {
        matches!(self.fault, Fault::NoSuchDay { .. })
    }

    fn after(mut self, fault: Fault, change: impl Fn(&str) -> String) -> Option<Loose> {
        self.fault = fault;
        for (text, _) in &mut self.readings {
            *text = change(text);
        }
        Some(self)
    }
}

/// Reads a date in small letters.
pub(super) fn read(text: &str) -> Option<Loose> {
    read_to_depth(text, 3)
}

fn read_to_depth(text: &str, depth: u8) -> Option<Loose> {
    let text = text.trim();
    let upper = text.to_uppercase();
    if parses(&upper, Role::Moment) {
        return Loose::new(Fault::NotADate, upper);
    }
    let deeper = depth.checked_sub(1)?;
    calendar_word(text, deeper)
        .or_else(|| hedged(text, deeper))
        .or_else(|| era(text, deeper))
        .or_else(|| unspecified(text))
        .or_else(|| decade_or_century(text))
        .or_else(|| numbers::read(text))
}

/// `1917-10-25 O.S.`
fn calendar_word(text: &str, depth: u8) -> Option<Loose> {
    let old = [
        " julian",
        " (julian)",
        ", julian",
        " o.s.",
        " os",
        " (o.s.)",
        " (os)",
        " old style",
        " (old style)",
        " jul.",
        ", o.s.",
        " o. s.",
    ];
    let new = [
        " gregorian",
        " (gregorian)",
        " n.s.",
        " ns",
        " (n.s.)",
        " (ns)",
        " new style",
        " (new style)",
        ", n.s.",
        " n. s.",
    ];
    let strip = |endings: &[&str]| endings.iter().find_map(|ending| text.strip_suffix(ending));
    if let Some(rest) = strip(&old) {
        let read = read_to_depth(rest, depth)?;
        return read.after(Fault::CalendarInWords, |date| format!("{date} julian"));
    }
    read_to_depth(strip(&new)?, depth)?.after(Fault::CalendarInWords, str::to_owned)
}

/// `c. 1919`, `probably 1919`, `1919 (?)`
fn hedged(text: &str, depth: u8) -> Option<Loose> {
    let about = [
        "circa ",
        "ca. ",
        "ca.",
        "ca ",
        "c. ",
        "c.",
        "c ",
        "about ",
        "around ",
        "approximately ",
        "approx. ",
        "approx ",
        "roughly ",
        "ca",
        "c",
        "± ",
        "≈",
        "~ ",
        "~",
    ];
    let perhaps = ["probably ", "possibly ", "perhaps ", "maybe ", "presumably ", "? "];
    let strip = |starts: &[&str]| starts.iter().find_map(|start| text.strip_prefix(start));
    if let Some(rest) = strip(&perhaps).or_else(|| text.strip_suffix("(?)")) {
        return read_to_depth(rest, depth)?.after(Fault::DoubtInWords, |date| format!("{date}?"));
    }
    let rest = strip(&about)?;
    rest.starts_with(|sign: char| sign.is_alphanumeric() || sign == ' ').then_some(())?;
    read_to_depth(rest, depth)?.after(Fault::Circa, |date| format!("{date}~"))
}

/// `323 BC`, `AD 50`, and a year before 0 with a minus sign or too few digits.
fn era(text: &str, depth: u8) -> Option<Loose> {
    let before = [" b.c.e.", " bce", " b.c.", " bc", "bce", "bc", " v. chr.", " av. j.-c."];
    let common = [" a.d.", " ad", " c.e.", " ce"];
    let strip = |endings: &[&str]| endings.iter().find_map(|ending| text.strip_suffix(ending));
    if let Some(rest) = strip(&before) {
        let year: i64 = rest.trim().replace(',', "").parse().ok().filter(|year| *year > 0)?;
        // 1 BCE is the year 0.
        let sign = if year > 1 { "-" } else { "" };
        return Loose::new(Fault::Era, format!("{sign}{:04}", year - 1));
    }
    let starts = ["a.d. ", "ad ", "anno domini "];
    let start = starts.iter().find_map(|start| text.strip_prefix(start));
    if let Some(rest) = strip(&common).or(start) {
        let short: Option<u16> = rest.trim().parse().ok().filter(|year| *year <= 999);
        return match short {
            Some(year) => Loose::new(Fault::Era, format!("{year:04}")),
            None => read_to_depth(rest, depth)?.after(Fault::Era, str::to_owned),
        };
    }
    let digits = text.strip_prefix(['-', '−', '–'])?;
    let is_year = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let year: u16 = digits.parse().ok().filter(|year| is_year && *year > 0)?;
    Loose::new(Fault::ShortYear, format!("-{year:04}"))
}

/// `192?`, `19--`, `1922-??-??`, `192x`
fn unspecified(text: &str) -> Option<Loose> {
    let filler = |byte: &u8| matches!(byte, b'?' | b'-' | b'_' | b'*' | b'x' | b'.' | b'u');
    let (year, rest) = text.split_at_checked(4)?;
    let digits = year.bytes().take_while(u8::is_ascii_digit).count();
    let fills = year.as_bytes().get(digits..)?;
    if digits == 0 || !fills.iter().all(filler) {
        return None;
    }
    let mut date: String = year.chars().take(digits).collect();
    date.push_str(&"X".repeat(fills.len()));
    if !rest.is_empty() {
        for part in rest.strip_prefix('-')?.split('-') {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit() || filler(&byte));
            if part.len() != 2 || !digits {
                return None;
            }
            let digit = |sign: char| if sign.is_ascii_digit() { sign } else { 'X' };
            date.push('-');
            date.extend(part.chars().map(digit));
        }
    }
    date.contains('X').then_some(())?;
    Loose::new(Fault::WrongUnspecified, date)
}

/// `1930s`, `19th century`
fn decade_or_century(text: &str) -> Option<Loose> {
    let mut text = text;
    for word in ["the ", "early ", "late ", "mid-", "mid ", "early-", "late-"] {
        text = text.strip_prefix(word).unwrap_or(text);
    }
    let century = [" century", " cent.", " cent", "th c.", "th c"];
    if let Some(ordinal) = century.iter().find_map(|ending| text.strip_suffix(ending)) {
        let digits = ordinal.trim_end_matches(|sign: char| sign.is_alphabetic());
        let number: u8 = digits.parse().ok().filter(|number| (1..=30).contains(number))?;
        return Loose::new(Fault::CenturyInWords, format!("{:02}XX", number - 1));
    }
    let digits = text.strip_suffix("'s").or_else(|| text.strip_suffix('s'))?;
    let digits = digits.strip_suffix('’').unwrap_or(digits);
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let decade = format!("{}X", digits.get(..3)?);
    if !digits.ends_with('0') {
        return None;
    }
    let mut readings = vec![(decade, "the decade")];
    if digits.ends_with("00") {
        readings.push((format!("{}XX", digits.get(..2)?), "the century"));
    }
    Some(Loose { fault: Fault::DecadeInWords, readings })
}
