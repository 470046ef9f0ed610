//! A seeded generator of bases: polities, persons, offices, tenures, treaties, events.
//!
//! In: how many records, and a seed. Out: `.kb` text of some 150 bytes a record, or the same records one by one. The
//! same seed gives the same bytes everywhere. Frequencies are skewed as in real collections: a few polities sign most
//! treaties.
#![allow(dead_code)]

pub mod records;
pub mod tables;

use records::Record;

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
    (0..files.max(1))
        .map(|number| {
            let mut text = opening(number);
            each_record(shape, seed, number, files, &mut |record| record.write_facts(&mut text));
            text
        })
        .collect()
}

/// Returns what the text of a file begins with.
pub fn opening(number: usize) -> String {
    let schema = if number == 0 { SCHEMA } else { "" };
    format!("{schema}\ncite archive\n\n")
}

/// Makes the records of one of `files` files, in order.
pub fn each_record(
    shape: Shape,
    seed: u64,
    number: usize,
    files: usize,
    take: &mut dyn FnMut(&Record),
) {
    let mut random = Random(seed ^ (number as u64) << 32);
    let share = |total: u64| {
        let (number, files) = (number as u64, files.max(1) as u64);
        total * number / files..total * (number + 1) / files
    };
    share(shape.polities).for_each(|at| take(&records::polity(&mut random, at)));
    share(shape.persons).for_each(|at| take(&records::person(&mut random, at, &shape)));
    share(shape.offices).for_each(|at| take(&records::office(&mut random, at, &shape)));
    share(shape.tenures).for_each(|_| take(&records::tenure(&mut random, &shape)));
    share(shape.treaties).for_each(|at| take(&records::treaty(&mut random, at, &shape)));
    share(shape.events).for_each(|at| take(&records::event(&mut random, at, &shape)));
}
