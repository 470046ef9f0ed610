//! A seeded generator of bases: polities, persons, offices, tenures, treaties, events.
//!
//! In: how many records, and a seed. Out: `.kb` text of some 150 bytes a record. The same seed gives the same
//! bytes everywhere. Frequencies are skewed as in real collections: a few polities sign most treaties.

use std::fmt::Write;

/// The schema of a generated base, with its one source.
pub const SCHEMA: &str = "\
relation polity, polities \"A state\"
  founded: date ?

relation person, persons \"A person\"
  served: polity ? inverse people
  born: date ?

relation office, offices \"A post\"
  polity: polity inverse offices

relation tenure, tenures \"A person holds an office\"
  person: person inverse tenures
  office: office inverse holders
  period: period

relation treaty, treaties \"An agreement\"
  party: polity 2.. inverse treaties
  signed: date
  kind: words peace | trade | non-aggression | neutrality | mutual-assistance | military +

relation event, events \"Something that happened\"
  date: date
  participant: person | polity * inverse deeds
  led-to: event * inverse caused-by

source archive \"State archive\"
  kind: archival
";

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

/// Pseudo-random numbers: SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    /// Returns the next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `bound`, each as likely.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// Returns a number below `bound`, small ones more likely: their logarithms are evenly spread.
    pub fn skewed(&mut self, bound: u64) -> u64 {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        (((bound as f64 + 1.0).powf(share) - 1.0) as u64).min(bound - 1)
    }
}

/// How many records of each relation a base of a given size has.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub polities: u64,
    pub persons: u64,
    pub offices: u64,
    pub tenures: u64,
    pub treaties: u64,
    pub events: u64,
}

impl Shape {
    /// Divides about `records` records.
    pub fn of(records: u64) -> Shape {
        let polities = (records / 500).clamp(20, 2_000);
        let offices = (records / 200).clamp(20, 20_000);
        let rest = records.saturating_sub(polities + offices).max(20);
        let persons = rest / 5;
        let tenures = rest / 5;
        let events = rest / 5;
        Shape {
            polities,
            persons,
            offices,
            tenures,
            treaties: rest - persons - tenures - events,
            events,
        }
    }
}

/// Writes the base of `shape` as `files` texts of about the same size; the first holds the schema.
pub fn base(shape: Shape, seed: u64, files: usize) -> Vec<String> {
    let mut texts = vec![String::new(); files.max(1)];
    texts[0].push_str(SCHEMA);
    for (number, text) in texts.iter_mut().enumerate() {
        let mut random = Random(seed ^ (number as u64) << 32);
        text.push_str("\ncite archive\n\n");
        let share = |total: u64| {
            let (number, files) = (number as u64, files.max(1) as u64);
            total * number / files..total * (number + 1) / files
        };
        share(shape.polities).for_each(|at| polity(text, &mut random, at));
        share(shape.persons).for_each(|at| person(text, &mut random, at, &shape));
        share(shape.offices).for_each(|at| office(text, &mut random, at, &shape));
        share(shape.tenures).for_each(|_| tenure(text, &mut random, &shape));
        share(shape.treaties).for_each(|at| treaty(text, &mut random, at, &shape));
        share(shape.events).for_each(|at| event(text, &mut random, at, &shape));
    }
    texts
}

fn put(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(arguments);
}

fn word(random: &mut Random) -> &'static str {
    WORDS[random.below(WORDS.len() as u64) as usize]
}

fn date(random: &mut Random) -> String {
    let year = 1800 + random.below(200);
    match random.below(10) {
        0 => format!("{year}"),
        1 => format!("{}X", year / 10),
        2 => format!("{year}-{:02}", 1 + random.below(12)),
        _ => format!("{year}-{:02}-{:02}", 1 + random.below(12), 1 + random.below(28)),
    }
}

fn polity(text: &mut String, random: &mut Random, at: u64) {
    put(
        text,
        format_args!(
            "polity polity-{at} \"Republic of {} {at}\"\n  founded: {}\n\n",
            word(random),
            date(random)
        ),
    );
}

fn person(text: &mut String, random: &mut Random, at: u64, shape: &Shape) {
    let served = random.skewed(shape.polities);
    let born = 1750 + random.below(230);
    put(
        text,
        format_args!(
            "person person-{at} \"{} of {} {at}\"\n  also: \"P. {at}\"\n  served: polity-{served}\n  born: {born}\n  source: archive \"roll {}\"\n\n",
            word(random),
            word(random),
            at % 1000
        ),
    );
}

fn office(text: &mut String, random: &mut Random, at: u64, shape: &Shape) {
    let polity = random.skewed(shape.polities);
    put(
        text,
        format_args!(
            "office office-{at} \"Commissioner for {} {at}\"\n  polity: polity-{polity}\n\n",
            word(random)
        ),
    );
}

fn tenure(text: &mut String, random: &mut Random, shape: &Shape) {
    let (person, office) = (random.below(shape.persons), random.skewed(shape.offices));
    let start = 1800 + random.below(190);
    let end = start + random.below(10);
    let month = 1 + random.below(12);
    put(
        text,
        format_args!(
            "tenure\n  person: person-{person}\n  office: office-{office}\n  period: {start}-{month:02}/{end}\n  note: \"appointed after the {} affair\"\n\n",
            word(random)
        ),
    );
}

fn treaty(text: &mut String, random: &mut Random, at: u64, shape: &Shape) {
    let parties = 2 + random.below(3);
    let mut chosen: Vec<u64> = Vec::new();
    while (chosen.len() as u64) < parties {
        let polity = random.skewed(shape.polities);
        if !chosen.contains(&polity) {
            chosen.push(polity);
        }
    }
    let chosen: Vec<String> = chosen.iter().map(|polity| format!("polity-{polity}")).collect();
    let kind = KINDS[random.skewed(KINDS.len() as u64) as usize];
    put(
        text,
        format_args!(
            "treaty treaty-{at} \"{} convention of the {} {at}\"\n  party: {}\n  signed: {}\n  kind: {kind}\n  source: archive \"fol. {}\"\n\n",
            word(random),
            word(random),
            chosen.join(", "),
            date(random),
            at % 500
        ),
    );
}

fn event(text: &mut String, random: &mut Random, at: u64, shape: &Shape) {
    let participant = random.below(shape.persons);
    let polity = random.skewed(shape.polities);
    put(
        text,
        format_args!(
            "event event-{at} \"The {} incident {at}\"\n  date: {}\n  participant: person-{participant}, polity-{polity}\n",
            word(random),
            date(random)
        ),
    );
    // Chains of a thousand events each, so that reachability has somewhere to go.
    if at + 1 < shape.events && at % 1000 != 999 {
        put(text, format_args!("  led-to: event-{}\n", at + 1));
    }
    text.push('\n');
}
