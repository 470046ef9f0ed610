//! The first pass: every record gets a number, every identifier its record.

use super::Placed;
use super::schema::{Meaning, Names, clash};
use crate::diagnostic::{Diagnostic, Findings, code, counted, meant, shown};
use crate::model::{RelationId, Schema, is_reserved};
use crate::source::{FileId, Sources, Span};
use crate::suggest::nearest;
use crate::syntax::ast::{FactState, FactView, TextRange};
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

/// A record before it has its place in the order of answers.
#[derive(Clone, Copy, Debug)]
pub struct DeclaredRecord {
    /// Its relation; none where that is unknown, so that whoever refers to it is not blamed.
    pub relation: Option<RelationId>,
    /// Its file.
    pub file: FileId,
    /// Its identifier; empty if it has none, or if that is faulty.
    pub id: TextRange,
    /// Where findings about it are shown.
    pub header: TextRange,
    /// Its header is faulty, so that it is left out as a whole.
    pub is_faulty: bool,
}

/// All records in the order in which they are written, with a way to find them.
pub struct Declared<'a> {
    /// By number: in the order of files, then of places.
    pub records: Vec<DeclaredRecord>,
    by_id: HashTable<u32>,
    /// Records whose identifier another one has too.
    shared: HashSet<u32>,
    sources: &'a Sources,
}

// Fixed, so that the same input is treated alike in every run.
const HASHER: FixedState = FixedState::with_seed(0);

impl Declared<'_> {
    /// Returns the identifier of a record; empty if it has none.
    pub fn id(&self, number: u32) -> &str {
        let Some(record) = self.records.get(number as usize) else { return "" };
        let text = self.sources.file(record.file).text();
        text.get(record.id.start as usize..record.id.end as usize).unwrap_or("")
    }

    /// Finds the record that an identifier names.
    pub fn find(&self, id: &str) -> Option<u32> {
        let found = self.by_id.find(HASHER.hash_one(id), |number| self.id(*number) == id);
        found.copied()
    }

    /// Tells whether another record has the same identifier, which was reported there: whoever refers to the one
    /// may mean the other.
    pub fn is_shared(&self, number: u32) -> bool {
        self.shared.contains(&number)
    }

    /// Returns where a record's header stands.
    pub fn header(&self, number: u32) -> Option<Span> {
        self.records.get(number as usize).map(|record| record.header.in_file(record.file))
    }

    /// Takes an identifier for a record; returns the record that has it already, if there is one.
    fn take(&mut self, number: u32) -> Option<u32> {
        let hash = HASHER.hash_one(self.id(number));
        let id = self.id(number);
        if let Some(earlier) = self.by_id.find(hash, |other| self.id(*other) == id) {
            return Some(*earlier);
        }
        let Declared { records, by_id, sources, .. } = self;
        by_id.insert_unique(hash, number, |other| {
            let record = records.get(*other as usize);
            let text = record.map_or("", |record| {
                let text = sources.file(record.file).text();
                text.get(record.id.start as usize..record.id.end as usize).unwrap_or("")
            });
            HASHER.hash_one(text)
        });
        None
    }
}

/// Declares the records of all pieces.
pub fn records<'a>(
    sources: &'a Sources,
    pieces: &[Placed<'_>],
    schema: &Schema,
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) -> Declared<'a> {
    let count = pieces.iter().map(|placed| placed.piece.facts().len()).sum();
    let mut declared = Declared {
        records: Vec::with_capacity(count),
        by_id: HashTable::with_capacity(count),
        shared: HashSet::new(),
        sources,
    };
    let mut unknown = UnknownRelations::default();
    for placed in pieces {
        let file = placed.file.file;
        let text = sources.file(file).text();
        let mut findings = Findings::default();
        let mut last: Option<(TextRange, Option<RelationId>)> = None;
        for fact in placed.piece.facts() {
            let at = fact.relation();
            let word = text.get(at.start as usize..at.end as usize).unwrap_or("");
            let relation = match last {
                // Rows of a table share their relation's place.
                Some((known, relation)) if known == at => relation,
                _ => relation_named(names, word),
            };
            let is_told = fact.state() == FactState::FaultyHeader || names.is_excused(word);
            if relation.is_none() && !is_told && last.is_none_or(|(known, _)| known != at) {
                unknown.add(word, at.in_file(file));
            }
            last = Some((at, relation));
            declare(&mut declared, placed, fact, relation, (schema, names), &mut findings);
        }
        diagnostics.extend(findings.into_vec());
    }
    diagnostics.extend(unknown.diagnose(schema, names));
    declared
}

fn relation_named(names: &Names, word: &str) -> Option<RelationId> {
    match names.get(word) {
        Some((Meaning::Relation(id), _)) => Some(id),
        _ => None,
    }
}

fn declare(
    declared: &mut Declared<'_>,
    placed: &Placed<'_>,
    fact: FactView<'_>,
    relation: Option<RelationId>,
    (schema, names): (&Schema, &Names),
    diagnostics: &mut Findings,
) {
    let file = placed.file.file;
    let number = declared.records.len() as u32;
    declared.records.push(DeclaredRecord {
        relation,
        file,
        id: fact.id(),
        header: fact.header(),
        is_faulty: relation.is_none(),
    });
    if fact.id().is_empty() {
        return;
    }
    let span = fact.id().in_file(file);
    let id = declared.id(number);
    // A faulty identifier is found all the same, so that whoever refers to it is not blamed.
    let mut stays = true;
    let found = if let Some((_, earlier)) = names.get(id) {
        Some(clash(id, span, earlier))
    } else if is_reserved(id) {
        let message = format!("`{id}` is a word of the language, and no record can be called so");
        let found = Diagnostic::new(code::RESERVED_NAME, message, span, "kept by the language");
        Some(found.help(format!("choose another one, such as `{id}-1`")))
    } else {
        declared.take(number).map(|earlier| {
            stays = false;
            declared.shared.insert(earlier);
            let id = shown(declared.id(number));
            let message = format!("the identifier `{id}` is used twice");
            let found = Diagnostic::new(code::DUPLICATE_ID, message, span, "used again");
            let found = match declared.header(earlier) {
                Some(first) => found.and_at(first, "used here first"),
                None => found,
            };
            let relation = relation.map_or("record", |relation| &schema.relation(relation).name);
            found.help(format!(
                "give this {relation} another identifier, or move its fields to the first one if both are the same"
            ))
        })
    };
    let Some(found) = found else { return };
    diagnostics.push(found);
    if stays {
        declared.take(number);
    }
    if let Some(record) = declared.records.last_mut() {
        record.is_faulty = true;
        if !stays {
            record.id = TextRange::new(record.id.start, record.id.start);
        }
    }
}

/// Words that begin items and are no relation, each told once with all its places.
#[derive(Default)]
struct UnknownRelations {
    places: HashMap<String, (Span, usize)>,
}

impl UnknownRelations {
    fn add(&mut self, word: &str, span: Span) {
        let place = self.places.entry(word.to_string()).or_insert((span, 0));
        place.1 += 1;
    }

    fn diagnose(self, schema: &Schema, names: &Names) -> Vec<Diagnostic> {
        let singulars: Vec<&str> = schema.relations.iter().map(|each| each.name.as_str()).collect();
        let each = self.places.into_iter().map(|(word, (span, count))| {
            let meaning = names.get(&word).map(|(meaning, _)| meaning);
            let short = shown(&word);
            let message = match meaning {
                Some(Meaning::Union(_)) => format!("`{short}` is a union, and a fact belongs to one relation"),
                _ => format!("there is no relation `{short}`"),
            };
            let found = Diagnostic::new(code::UNKNOWN_RELATION, message, span, "unknown relation");
            let near = match meaning {
                Some(Meaning::Union(_)) => Vec::new(),
                _ => nearest(&word, singulars.iter().copied()),
            };
            let found = match (near.is_empty(), meaning) {
                (true, Some(Meaning::Union(_))) => found.help("write the relation to which the record belongs"),
                (true, _) => found.help(format!(
                    "declare it with `relation {short}`; a line that goes on with the one above is indented"
                )),
                (false, _) => found.help(meant(&near)),
            };
            match count {
                1 => found,
                _ => found.note(format!("it begins {}, of which this is the first", counted(count, "item"))),
            }
        });
        each.collect()
    }
}
