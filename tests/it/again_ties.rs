//! What ties records together across files, under random edits: values that must be unique, links that must not lead back,
//! names with the time of their use, dates that other records place. By ledger and index the same is found, and the same
//! index written, as by reading everything.

use crate::index_facts::Random;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use regesta::diagnostic::Diagnostic;
use regesta::index::INDEX_NAME;
use regesta::pipeline::{Cache, Project, build, check};
use regesta::render::{MessageFormat, Style, write_diagnostics};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

const SCHEMA: &str = "relation polity, polities\n  founded: date ?\n  code: text ? unique\n  \
seal: integer * unique\n  crest: words lion | eagle | bear | star | rose ? unique\n  succeeds: polity * acyclic\n\n\
relation event, events\n  date: date *\n  lasted: period ?\n  follows: event * acyclic\n  deed: url ? unique\n  \
at: polity * unique\n  terms: text *\n\nsource archive \"Archive\"\n\n";

const DEFINITIONS: &str =
    "check early warning \"`{id}` is too early\"\n  events where date < 1512\n\n";

const FILES: u32 = 32;
const POLITIES: u32 = 60;
const EVENTS: u32 = 120;
const ROUNDS: u32 = 8;

/// What a base has; bit by bit.
#[derive(Clone, Copy, Debug)]
struct Features(u8);

impl Features {
    fn unique(self) -> bool {
        self.0 & 1 != 0
    }
    fn acyclic(self) -> bool {
        self.0 & 2 != 0
    }
    fn dated_names(self) -> bool {
        self.0 & 4 != 0
    }
    fn relative(self) -> bool {
        self.0 & 8 != 0
    }
    fn defines(self) -> bool {
        self.0 & 16 != 0
    }
    /// Records by which others are placed stand nearby, so that few files hang together.
    fn near(self) -> bool {
        self.0 & 32 != 0
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Polity,
    Event,
    Loose,
}

/// A record: which it is, and in which of its forms.
type Item = (Kind, u32, u64);

/// Every so many forms of a record have flaws that only other files may show.
const FLAWED: u64 = 6;

/// A base as its files have it, with what each record says left to its number and form.
struct Base {
    features: Features,
    /// By the name of the file.
    files: BTreeMap<String, Vec<Item>>,
    /// A slip here and there that nothing else makes up for.
    slips: BTreeSet<u32>,
    random: Random,
}

impl Base {
    fn new(features: Features, seed: u64) -> Base {
        let mut files: BTreeMap<String, Vec<Item>> = BTreeMap::new();
        for (kind, count) in [(Kind::Polity, POLITIES), (Kind::Event, EVENTS)] {
            for number in 0..count {
                let file = format!("part-{:02}.kb", number * FILES / count);
                files.entry(file).or_default().push((kind, number, seed * FLAWED + 1));
            }
        }
        Base { features, files, slips: BTreeSet::new(), random: Random::new(seed) }
    }

    fn has(&self, kind: Kind, number: u32) -> bool {
        let is_it = |item: &Item| (item.0, item.1) == (kind, number);
        self.files.values().flatten().any(is_it)
    }

    /// Returns the texts of all files.
    fn texts(&self) -> BTreeMap<String, String> {
        let text = |items: &Vec<Item>| {
            let mut text = String::from("cite archive\n\n");
            items.iter().for_each(|item| text.push_str(&self.text(*item)));
            // So that a file has some length.
            let _ = writeln!(text, "# {}", "as long as others are ".repeat(400));
            text
        };
        self.files.iter().map(|(name, items)| (name.clone(), text(items))).collect()
    }

    fn text(&self, (kind, number, form): Item) -> String {
        let mut random = Random::new(form * 1009 + u64::from(number));
        let mut text = String::new();
        match kind {
            Kind::Polity => self.polity(&mut text, number, form, &mut random),
            Kind::Event => self.event(&mut text, number, form, &mut random),
            Kind::Loose => {
                let _ = writeln!(text, "event\n  date: {}", 1500 + number);
                self.terms(&mut text, &mut random);
            }
        }
        text.push('\n');
        text
    }

    fn polity(&self, text: &mut String, number: u32, form: u64, random: &mut Random) {
        let is_flawed = form.is_multiple_of(FLAWED);
        let _ = writeln!(text, "polity p-{number} \"Polity {}\"", random.below(3) * 100 + number);
        if random.below(2) == 0 {
            let _ = writeln!(text, "  founded: {}", 1480 + number);
        }
        if self.features.dated_names() && random.below(8) == 0 {
            let start = 1500 + random.below(60);
            let name = ["", "Great ", "Old "][random.below(3) as usize];
            let field = random.pick(&["also", "name"]);
            let period =
                if random.below(9) == 0 { "" } else { &format!(" ({start}/{})", start + 20) };
            let _ = writeln!(text, "  {field}: \"{name}Realm {}\"{period}", number % 12);
        }
        let (code, clash) = (random.below(4), is_flawed && random.below(3) == 0);
        if self.features.unique() {
            let code = if clash { random.below(POLITIES) } else { code * 1000 + number };
            let _ = writeln!(text, "  code: \"c{code}\"");
            if random.below(3) == 0 {
                let status = random.pick(&["", "", " (rejected)", " (disputed)"]);
                let _ = writeln!(text, "  seal: {number}{status}, {}", 1000 + number);
            }
            if number < 5 {
                let crest = ["lion", "eagle", "bear", "star", "rose"][number as usize];
                let _ = writeln!(text, "  crest: {crest}");
            }
        }
        let (one, back) = (random.below(number + 1), is_flawed && random.below(2) == 0);
        let other = if back { number + random.below(6) } else { one };
        if self.features.acyclic()
            && number > 0
            && (other != number || back)
            && self.has(Kind::Polity, other)
        {
            let status = random.pick(&["", "", "", " (denied)"]);
            let _ = writeln!(text, "  succeeds: p-{other}{status}");
        }
    }

    fn event(&self, text: &mut String, number: u32, form: u64, random: &mut Random) {
        let is_flawed = form.is_multiple_of(FLAWED);
        let reach = if self.features.near() { 3 } else { EVENTS };
        let earlier = number.saturating_sub(1 + random.below(reach));
        let later = number + 1 + random.below(reach);
        let [earlier, later] = [earlier, later]
            .map(|other| (other != number && self.has(Kind::Event, other)).then_some(other));
        let header = match (random.below(16), earlier) {
            (0, Some(earlier)) if self.features.relative() => format!(" (after: e-{earlier})"),
            (1, _) if self.features.dated_names() => String::from(" (1500/1520)"),
            _ => String::new(),
        };
        let _ = writeln!(text, "event e-{number} \"Event {number}\"{header}");
        let year = 1500 + number;
        let _ = match (random.below(12), earlier, later) {
            (0, Some(earlier), _) if self.features.relative() => {
                writeln!(text, "  date: unknown (after: e-{earlier})")
            }
            (1, _, Some(later)) if self.features.relative() => {
                writeln!(text, "  date: 15XX (before: e-{later})")
            }
            (2, Some(earlier), Some(later)) if self.features.relative() => {
                writeln!(text, "  date: unknown (after: e-{earlier}; before: e-{later})")
            }
            (3, ..)
                if self.features.relative() && number > 0 && self.has(Kind::Event, number - 1) =>
            {
                let earlier = number - 1;
                let distance = random.pick(&["4 days", "1 month", "2 years", "1 week"]);
                writeln!(
                    text,
                    "  date: 1XXX ({distance} after: e-{earlier}), [1900,1950] (rejected; after: e-{earlier})"
                )
            }
            (4, _, Some(later)) if self.features.relative() => {
                let status = random.pick(&["disputed; ", "", "inferred; note: \"so\"; "]);
                writeln!(text, "  date: unknown ({status}before: e-{later})")
            }
            (5, Some(earlier), _) if self.features.relative() && is_flawed => {
                writeln!(text, "  date: {} (after: e-{earlier})", year - 1)
            }
            (5, Some(earlier), _) if self.features.relative() => {
                writeln!(text, "  date: {{{year},{}}} (after: e-{earlier})", year + 2)
            }
            (6, ..) => writeln!(text, "  date: {}X", year / 10),
            (7, ..) => writeln!(text, "  date: {year}, {year}-04"),
            (8, ..) => Ok(()),
            _ => writeln!(text, "  date: {year}"),
        };
        if let Some(later) = later.filter(|_| self.features.relative() && random.below(6) == 0) {
            let _ = writeln!(text, "  lasted: 1XXX (before: e-{later})");
        }
        let (follows, back) = (random.below(3) == 0, is_flawed);
        if let Some(other) = if back { later } else { earlier }
            && self.features.acyclic()
            && follows
        {
            let _ = writeln!(text, "  follows: e-{other}");
        }
        if self.features.unique() && random.below(4) == 0 {
            let _ = writeln!(
                text,
                "  deed: \"https://example.org/{}\"",
                number / (1 + u32::from(is_flawed))
            );
            if number < POLITIES && self.has(Kind::Polity, number) {
                let _ = writeln!(text, "  at: p-{number}");
            }
        }
        if self.slips.contains(&number) {
            let slip = random.pick(&[
                "  follows: e-none\n",
                "  date: 15o0\n",
                "  dat: 1500\n",
                "  terms: \"open\n",
            ]);
            text.push_str(slip);
        }
        self.terms(text, random);
    }

    fn terms(&self, text: &mut String, random: &mut Random) {
        if random.below(3) == 0 {
            let name = random.pick(&["", "Great ", "New "]);
            let realm = random.below(12);
            let period = random.pick(&["", "", " (1510/1530)"]);
            let _ = writeln!(text, "  terms: \"Peace with {name}Realm {realm} is made\"{period}");
        }
    }

    fn file(&mut self) -> String {
        let place = self.random.below(self.files.len() as u32) as usize;
        self.files.keys().nth(place).cloned().unwrap_or_default()
    }

    /// Changes something.
    fn edit(&mut self) {
        let file = self.file();
        let form = u64::from(self.random.below(1 << 20));
        let count = self.files[&file].len() as u32;
        let place = self.random.below(count) as usize;
        match self.random.below(24) {
            0..=9 if count > 0 => self.files.get_mut(&file).unwrap()[place].2 = form,
            10 => self.files.get_mut(&file).unwrap().iter_mut().for_each(|item| item.2 = form),
            11..=13 if count > 0 => {
                let item = self.files.get_mut(&file).unwrap().remove(place);
                let other = self.file();
                self.files.get_mut(&other).unwrap().push(item);
            }
            14 | 15 if count > 0 => {
                self.files.get_mut(&file).unwrap().remove(place);
            }
            16 => {
                let items = self.files.remove(&file).unwrap();
                self.files.insert(format!("{}-{form}.kb", ["a", "q"][form as usize % 2]), items);
            }
            17 => {
                self.files.insert(format!("b-{form}.kb"), vec![(Kind::Loose, 7, form)]);
            }
            18 => self.files.get_mut(&file).unwrap().push((Kind::Loose, form as u32 % 90, form)),
            19 => self.files.get_mut(&file).unwrap().reverse(),
            20 => {
                self.slips.insert(self.random.below(EVENTS));
            }
            21 | 22 => {
                self.slips.clear();
                let flawed =
                    self.files.values_mut().flatten().filter(|item| item.2.is_multiple_of(FLAWED));
                flawed.for_each(|item| item.2 += 1);
            }
            _ => {
                let number = self.random.below(EVENTS);
                if !self.has(Kind::Event, number) {
                    self.files.get_mut(&file).unwrap().push((Kind::Event, number, form));
                }
            }
        }
    }
}

/// Writes the files of a base, and takes away what else there is.
fn write(root: &Path, features: Features, texts: &BTreeMap<String, String>) {
    let folder = root.join("kb");
    fs::create_dir_all(&folder).unwrap();
    let schema = format!("{SCHEMA}{}", if features.defines() { DEFINITIONS } else { "" });
    fs::write(folder.join("00-schema.kb"), schema).unwrap();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name != "00-schema.kb" && !texts.contains_key(name) {
            fs::remove_file(path).unwrap();
        }
    }
    for (name, text) in texts {
        let path = folder.join(name);
        if fs::read_to_string(&path).ok().as_ref() != Some(text) {
            fs::write(path, text).unwrap();
        }
    }
}

/// What a check or a build says: all findings, in words too, and how many records there are.
#[derive(Debug, PartialEq)]
pub struct Said {
    pub findings: Vec<Diagnostic>,
    pub printed: String,
    pub records: usize,
}

fn said(checked: &regesta::pipeline::Checked) -> Said {
    let mut out = Vec::new();
    let (sources, findings) = (&checked.sources, checked.findings.clone());
    write_diagnostics(&mut out, sources, &findings, MessageFormat::Human, Style::PLAIN).unwrap();
    Said { findings, printed: String::from_utf8(out).unwrap(), records: checked.written_records }
}

pub fn checked(root: &Path) -> (Said, Cache) {
    let checked = check(&Project::locate(Some(root), root).unwrap()).unwrap();
    (said(&checked), checked.cache)
}

pub fn built(root: &Path) -> (Said, Cache, Vec<u8>) {
    let (checked, _) = build(&Project::locate(Some(root), root).unwrap(), None).unwrap();
    let bytes = fs::read(root.join(".regesta").join(INDEX_NAME)).unwrap();
    (said(&checked), checked.cache, bytes)
}

/// Some bases, or as many as are asked for.
fn config() -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let cases = if asked { ProptestConfig::default().cases } else { 16 };
    ProptestConfig {
        cases,
        max_shrink_iters: 30,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

#[test]
fn what_ties_files_together_is_seen_by_ledger_and_index() {
    let mut runner = TestRunner::new(config());
    let (used_by_checks, used_by_builds) = (Cell::new(0), Cell::new(0));
    let rounds = Cell::new(0);
    let count = |cell: &Cell<u32>, cache| cell.set(cell.get() + u32::from(cache == Cache::Used));
    let result = runner.run(&(0..1u64 << 40, 0..64u8), |(seed, features)| {
        let folder = tempfile::tempdir().unwrap();
        let [only_checked, all, fresh] =
            ["checked", "all", "fresh"].map(|name| folder.path().join(name));
        let features = Features(features);
        let mut base = Base::new(features, seed);
        for round in 0..ROUNDS {
            let texts = base.texts();
            [&only_checked, &all, &fresh].iter().for_each(|root| write(root, features, &texts));
            fs::remove_dir_all(fresh.join(".regesta")).ok();
            let expected = built(&fresh);
            fs::remove_dir_all(fresh.join(".regesta")).ok();
            let fresh_check = checked(&fresh);
            prop_assert_eq!(&fresh_check.0, &expected.0);
            let by_ledger = checked(&only_checked);
            prop_assert!(
                by_ledger.0 == expected.0,
                "round {}: {}\nand not {}",
                round,
                by_ledger.0.printed,
                expected.0.printed
            );
            let way = base.random.below(4);
            if way != 0 {
                let checked = checked(&all);
                prop_assert!(
                    checked.0 == expected.0,
                    "round {}: {}\nand not {}",
                    round,
                    checked.0.printed,
                    expected.0.printed
                );
            }
            if way != 1 {
                let built = built(&all);
                prop_assert!(
                    built.0 == expected.0,
                    "round {}: {}\nand not {}",
                    round,
                    built.0.printed,
                    expected.0.printed
                );
                prop_assert!(built.2 == expected.2, "round {}: the indexes differ", round);
                count(&used_by_builds, built.1);
            }
            count(&used_by_checks, by_ledger.1);
            rounds.set(rounds.get() + 1);
            (0..=base.random.below(2)).for_each(|_| base.edit());
        }
        Ok(())
    });
    result.unwrap();
    let [rounds, checks, builds] = [rounds, used_by_checks, used_by_builds].map(Cell::into_inner);
    assert!(checks * 12 > rounds && builds * 6 > rounds, "{checks}, {builds} of {rounds}");
}
