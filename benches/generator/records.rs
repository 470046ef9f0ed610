//! The records of a generated base, and how each is written as facts.

use super::{Random, Shape};
use std::fmt::Write;

const KINDS: [&str; 6] =
    ["peace", "trade", "non-aggression", "neutrality", "mutual-assistance", "military"];
const WORDS: [&str; 24] = [
    "border",
    "harbour",
    "river",
    "customs",
    "railway",
    "fishery",
    "alliance",
    "armistice",
    "boundary",
    "commerce",
    "extradition",
    "frontier",
    "guarantee",
    "indemnity",
    "loan",
    "minority",
    "navigation",
    "partition",
    "postal",
    "recognition",
    "succession",
    "tariff",
    "transit",
    "truce",
];

/// A date as it is known: a year, a decade, a month or a day.
#[derive(Clone, Copy, Debug)]
pub enum Date {
    Year(u64),
    Decade(u64),
    Month(u64, u64),
    Day(u64, u64, u64),
}

impl Date {
    /// Returns it as EDTF.
    pub fn edtf(self) -> String {
        match self {
            Date::Year(year) => format!("{year}"),
            Date::Decade(year) => format!("{}X", year / 10),
            Date::Month(year, month) => format!("{year}-{month:02}"),
            Date::Day(year, month, day) => format!("{year}-{month:02}-{day:02}"),
        }
    }

    /// Returns the first and the last day that it may be, as numbers such as 19220416.
    pub fn bounds(self) -> (u64, u64) {
        match self {
            Date::Year(year) => (year * 10_000 + 101, year * 10_000 + 1231),
            Date::Decade(year) => {
                let first = year / 10 * 10;
                (first * 10_000 + 101, (first + 9) * 10_000 + 1231)
            }
            Date::Month(year, month) => {
                let month_of = year * 10_000 + month * 100;
                (month_of + 1, month_of + days_in(year, month))
            }
            Date::Day(year, month, day) => {
                let day = year * 10_000 + month * 100 + day;
                (day, day)
            }
        }
    }
}

fn days_in(year: u64, month: u64) -> u64 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// One record. What refers to another does so by its number.
#[derive(Debug)]
pub enum Record {
    Polity {
        at: u64,
        name: String,
        founded: Date,
    },
    Person {
        at: u64,
        name: String,
        served: u64,
        born: Date,
        locator: u64,
    },
    Office {
        at: u64,
        name: String,
        polity: u64,
    },
    Tenure {
        person: u64,
        office: u64,
        start: Date,
        end: Date,
        note: String,
    },
    Treaty {
        at: u64,
        name: String,
        parties: Vec<u64>,
        signed: Date,
        kind: &'static str,
        locator: u64,
    },
    Event {
        at: u64,
        name: String,
        date: Date,
        person: u64,
        polity: u64,
        led_to: Option<u64>,
    },
}

impl Record {
    /// Writes it as a fact.
    pub fn write_facts(&self, text: &mut String) {
        // Writing to a string cannot fail.
        let _ = match self {
            Record::Polity { at, name, founded } => {
                write!(text, "polity polity-{at} \"{name}\"\n  founded: {}\n\n", founded.edtf())
            }
            Record::Person { at, name, served, born, locator } => write!(
                text,
                "person person-{at} \"{name}\"\n  also: \"P. {at}\"\n  served: polity-{served}\n  born: {}\n  source: archive \"roll {locator}\"\n\n",
                born.edtf()
            ),
            Record::Office { at, name, polity } => {
                write!(text, "office office-{at} \"{name}\"\n  polity: polity-{polity}\n\n")
            }
            Record::Tenure { person, office, start, end, note } => write!(
                text,
                "tenure\n  person: person-{person}\n  office: office-{office}\n  period: {}/{}\n  note: \"{note}\"\n\n",
                start.edtf(),
                end.edtf()
            ),
            Record::Treaty { at, name, parties, signed, kind, locator } => {
                let parties: Vec<String> =
                    parties.iter().map(|polity| format!("polity-{polity}")).collect();
                write!(
                    text,
                    "treaty treaty-{at} \"{name}\"\n  party: {}\n  signed: {}\n  kind: {kind}\n  source: archive \"fol. {locator}\"\n\n",
                    parties.join(", "),
                    signed.edtf()
                )
            }
            Record::Event { at, name, date, person, polity, led_to } => {
                let led_to =
                    led_to.map_or(String::new(), |next| format!("  led-to: event-{next}\n"));
                write!(
                    text,
                    "event event-{at} \"{name}\"\n  date: {}\n  participant: person-{person}, polity-{polity}\n{led_to}\n",
                    date.edtf()
                )
            }
        };
    }
}

fn word(random: &mut Random) -> &'static str {
    WORDS[random.below(WORDS.len() as u64) as usize]
}

fn date(random: &mut Random) -> Date {
    let year = 1800 + random.below(200);
    match random.below(10) {
        0 => Date::Year(year),
        1 => Date::Decade(year),
        2 => Date::Month(year, 1 + random.below(12)),
        _ => {
            let month = 1 + random.below(12);
            Date::Day(year, month, 1 + random.below(28))
        }
    }
}

pub(super) fn polity(random: &mut Random, at: u64) -> Record {
    let name = format!("Republic of {} {at}", word(random));
    Record::Polity { at, name, founded: date(random) }
}

pub(super) fn person(random: &mut Random, at: u64, shape: &Shape) -> Record {
    let served = random.skewed(shape.polities);
    let born = Date::Year(1750 + random.below(230));
    let (first, second) = (word(random), word(random));
    let name = format!("{first} of {second} {at}");
    Record::Person { at, name, served, born, locator: at % 1000 }
}

pub(super) fn office(random: &mut Random, at: u64, shape: &Shape) -> Record {
    let polity = random.skewed(shape.polities);
    Record::Office { at, name: format!("Commissioner for {} {at}", word(random)), polity }
}

pub(super) fn tenure(random: &mut Random, shape: &Shape) -> Record {
    let (person, office) = (random.below(shape.persons), random.skewed(shape.offices));
    let start = 1800 + random.below(190);
    let end = start + random.below(10);
    let month = 1 + random.below(12);
    let note = format!("appointed after the {} affair", word(random));
    Record::Tenure { person, office, start: Date::Month(start, month), end: Date::Year(end), note }
}

pub(super) fn treaty(random: &mut Random, at: u64, shape: &Shape) -> Record {
    let count = 2 + random.below(3);
    let mut parties: Vec<u64> = Vec::new();
    while (parties.len() as u64) < count {
        let polity = random.skewed(shape.polities);
        if !parties.contains(&polity) {
            parties.push(polity);
        }
    }
    let kind = KINDS[random.skewed(KINDS.len() as u64) as usize];
    let (first, second) = (word(random), word(random));
    let name = format!("{first} convention of the {second} {at}");
    Record::Treaty { at, name, parties, signed: date(random), kind, locator: at % 500 }
}

pub(super) fn event(random: &mut Random, at: u64, shape: &Shape) -> Record {
    let person = random.below(shape.persons);
    let polity = random.skewed(shape.polities);
    let name = format!("The {} incident {at}", word(random));
    // Chains of a thousand events each, so that reachability has somewhere to go.
    let goes_on = at + 1 < shape.events && at % 1000 != 999;
    Record::Event {
        at,
        name,
        date: date(random),
        person,
        polity,
        led_to: goes_on.then_some(at + 1),
    }
}
