//! Every identifier its record: the records that the pieces declare, put together.

use super::intern::ShortHash;
use super::schema::Meaning;
use super::schema::{Names, clash};
use super::unit::DeclaredPiece;
use crate::diagnostic::{Diagnostic, Findings, code, counted, meant, shown};
use crate::model::{RelationId, Schema};
use crate::source::{FileId, Span};
use crate::suggest::nearest;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

/// So many tables, each filled by one core: the highest bits of a hash say which.
const TABLES: usize = 16;

/// Returns the hash by which an identifier is found: fixed, so that the same input is treated alike in every run.
pub fn id_hash(id: &str) -> u64 {
    FixedState::with_seed(0).hash_one(id)
}

/// A piece's records among all.
pub struct PieceOfAll<'u> {
    /// Its records.
    pub declared: &'u DeclaredPiece,
    /// Its file.
    pub file: FileId,
    /// The number of its first record among all.
    pub first: u32,
}

/// A record by its piece and its number there.
#[derive(Clone, Copy, Debug)]
struct Local {
    piece: u32,
    number: u32,
}

/// An identifier that is looked for, and the record that has it most likely; without one, none has it.
pub struct Sought<'i> {
    id: &'i str,
    hash: u64,
    likely: Option<Local>,
}

/// All records in the order in which they are written, with a way to find them.
pub struct Declared<'u> {
    pieces: Vec<PieceOfAll<'u>>,
    count: u32,
    tables: Vec<HashTable<Local>>,
    /// Records whose identifier another one has too, which stands behind them.
    shared: HashSet<u32, FixedState>,
    /// Records whose header is faulty, so that they are left out as a whole.
    faulty: HashSet<u32, FixedState>,
    /// Records whose identifier was taken already: they have none.
    nameless: HashSet<u32, FixedState>,
}

impl<'u> Declared<'u> {
    /// Puts the records of all pieces together; the findings are about identifiers.
    pub fn new(
        pieces: Vec<PieceOfAll<'u>>,
        schema: &Schema,
        names: &Names,
    ) -> (Declared<'u>, Vec<Diagnostic>) {
        let count = pieces.last().map_or(0, |last| last.first + last.declared.records.len() as u32);
        let mut declared = Declared {
            pieces,
            count,
            tables: Vec::new(),
            shared: HashSet::default(),
            faulty: HashSet::default(),
            nameless: HashSet::default(),
        };
        let by_table: Vec<ByTable> =
            declared.pieces.par_iter().map(|piece| ByTable::of(piece.declared)).collect();
        let filled: Vec<_> =
            (0..TABLES).into_par_iter().map(|table| declared.fill(table, &by_table)).collect();
        let mut twice = Vec::new();
        for (table, again) in filled {
            declared.tables.push(table);
            twice.extend(again);
        }
        twice.sort_unstable();
        let diagnostics = declared.diagnose(&twice, schema, names);
        (declared, diagnostics)
    }

    /// Fills one table in the order of writing, and returns the records whose identifier was taken, with those that
    /// have it.
    fn fill(&self, table: usize, by_table: &[ByTable]) -> (HashTable<Local>, Vec<(u32, u32)>) {
        // Hashes are spread evenly, so that few tables have to grow.
        let mut ids: HashTable<Local> =
            HashTable::with_capacity(self.count as usize / TABLES * 17 / 16 + 8);
        let mut twice = Vec::new();
        for ((place, piece), by_table) in (0u32..).zip(&self.pieces).zip(by_table) {
            for (hash, number) in by_table.records(table).iter().copied() {
                let is_same = |other: &Local| self.local_id(*other) == piece.declared.id(number);
                match ids
                    .entry(hash.spread(), is_same, |other| within_table(self.hash(*other)).spread())
                {
                    Entry::Occupied(earlier) => {
                        twice.push((piece.first + number, self.number(*earlier.get())));
                    }
                    Entry::Vacant(vacant) => {
                        vacant.insert(Local { piece: place, number });
                    }
                }
            }
        }
        (ids, twice)
    }

    fn local_id(&self, local: Local) -> &'u str {
        self.pieces.get(local.piece as usize).map_or("", |piece| piece.declared.id(local.number))
    }

    fn number(&self, local: Local) -> u32 {
        self.pieces.get(local.piece as usize).map_or(0, |piece| piece.first + local.number)
    }

    fn hash(&self, local: Local) -> u64 {
        let piece = self.pieces.get(local.piece as usize);
        let hash = piece.and_then(|piece| piece.declared.records.get(local.number as usize));
        hash.map_or(0, |record| record.hash)
    }

    fn piece_of(&self, number: u32) -> Option<(&PieceOfAll<'u>, u32)> {
        let behind = self.pieces.partition_point(|piece| piece.first <= number);
        let piece = self.pieces.get(behind.checked_sub(1)?)?;
        Some((piece, number - piece.first))
    }

    /// Returns the identifier that a record was given, whether it may have it or not.
    fn written_id(&self, number: u32) -> &'u str {
        self.piece_of(number).map_or("", |(piece, local)| piece.declared.id(local))
    }

    /// Returns how many records there are.
    pub fn len(&self) -> u32 {
        self.count
    }

    /// Returns the identifier of a record; empty if it has none.
    pub fn id(&self, number: u32) -> &'u str {
        match self.nameless.contains(&number) {
            true => "",
            false => self.written_id(number),
        }
    }

    /// Returns the relation of a record; none where that is unknown.
    pub fn relation(&self, number: u32) -> Option<RelationId> {
        let (piece, local) = self.piece_of(number)?;
        piece.declared.records.get(local as usize)?.relation()
    }

    /// Tells whether a record is left out as a whole.
    pub fn is_faulty(&self, number: u32) -> bool {
        self.relation(number).is_none() || self.faulty.contains(&number)
    }

    /// Finds the record that an identifier names.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.find_hashed(id, id_hash(id)).map(|local| self.number(local))
    }

    fn find_hashed(&self, id: &str, hash: u64) -> Option<Local> {
        self.table(hash)?
            .find(within_table(hash).spread(), |local| self.local_id(*local) == id)
            .copied()
    }

    fn table(&self, hash: u64) -> Option<&HashTable<Local>> {
        self.tables.get(table_of(hash))
    }

    /// Begins to look for the record that an identifier names, which has this [hash](id_hash).
    ///
    /// Records lie scattered in memory, and most of the time is spent waiting for them. Whoever begins to look for many
    /// before he [finds](Declared::find_sound) the first waits for several at once.
    #[inline]
    pub fn begin_to_find<'i>(&self, id: &'i str, hash: u64) -> Sought<'i> {
        let likely =
            self.table(hash).and_then(|table| table.iter_hash(within_table(hash).spread()).next());
        Sought { id, hash, likely: likely.copied() }
    }

    /// Finds the record that an identifier names, if it is not left out and its relation is allowed.
    pub fn find_sound(
        &self,
        sought: &Sought<'_>,
        allows: impl Fn(RelationId) -> bool,
    ) -> Option<u32> {
        let local = match sought.likely {
            Some(likely) if self.local_id(likely) == sought.id => likely,
            Some(_) => self.find_hashed(sought.id, sought.hash)?,
            None => return None,
        };
        let piece = self.pieces.get(local.piece as usize)?;
        let relation = piece.declared.records.get(local.number as usize)?.relation()?;
        let number = piece.first + local.number;
        (allows(relation) && !self.faulty.contains(&number)).then_some(number)
    }

    /// Tells whether another record has the same identifier, which was reported there: whoever refers to the one
    /// may mean the other.
    pub fn is_shared(&self, number: u32) -> bool {
        self.shared.contains(&number)
    }

    /// Tells whether every record of a piece has an identifier of its own.
    pub fn is_own(&self, first: u32, count: u32) -> bool {
        self.nameless.is_empty()
            || (first..first + count).all(|number| !self.nameless.contains(&number))
    }

    /// Returns where a record's header stands, by its identifier.
    pub fn header(&self, number: u32) -> Option<Span> {
        let (piece, local) = self.piece_of(number)?;
        Some(piece.declared.place(local).in_file(piece.file))
    }

    /// Reports the identifiers that clash. `twice` is sorted.
    fn diagnose(
        &mut self,
        twice: &[(u32, u32)],
        schema: &Schema,
        names: &Names,
    ) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let mut unknown = UnknownRelations::default();
        let mut twice = twice.iter().copied().peekable();
        for piece in &self.pieces {
            for (word, at, count) in &piece.declared.unknown {
                if !names.is_excused(word) {
                    unknown.add(word, at.in_file(piece.file), *count);
                }
            }
        }
        for place in 0..self.pieces.len() {
            let Some(piece) = self.pieces.get(place) else { continue };
            let end = piece.first + piece.declared.records.len() as u32;
            let mut clashing =
                piece.declared.clashing.iter().map(|local| piece.first + local).peekable();
            let mut faulty: Vec<(u32, Option<u32>)> = Vec::new();
            loop {
                let next_twice = twice.peek().map(|(number, _)| *number).filter(|next| *next < end);
                match (clashing.peek().copied(), next_twice) {
                    (None, None) => break,
                    (Some(clash), again) if again.is_none_or(|again| clash <= again) => {
                        faulty.push((clash, None));
                        clashing.next();
                        // That a name of the schema is taken twice as an identifier is no further fault.
                        twice.next_if(|(number, _)| *number == clash);
                    }
                    _ => faulty.extend(twice.next().map(|(number, first)| (number, Some(first)))),
                }
            }
            let mut findings = Findings::default();
            for (number, earlier) in faulty {
                self.faulty.insert(number);
                if let Some(earlier) = earlier {
                    self.nameless.insert(number);
                    self.shared.insert(earlier);
                }
                findings.push(self.clash(number, earlier, schema, names));
            }
            diagnostics.extend(findings.into_vec());
        }
        diagnostics.extend(unknown.diagnose(schema, names));
        diagnostics
    }

    fn clash(
        &self,
        number: u32,
        earlier: Option<u32>,
        schema: &Schema,
        names: &Names,
    ) -> Diagnostic {
        let id = self.written_id(number);
        let span = self.header(number).unwrap_or(Span::new(FileId(0), 0, 0));
        if let Some(earlier) = earlier {
            let id = shown(id);
            let message = format!("the identifier `{id}` is used twice");
            let found = Diagnostic::new(code::DUPLICATE_ID, message, span, "used again");
            let found = match self.header(earlier) {
                Some(first) => found.and_at(first, "used here first"),
                None => found,
            };
            let relation =
                self.relation(number).map_or("record", |relation| &schema.relation(relation).name);
            return found.help(format!(
                "give this {relation} another identifier, or move its fields to the first one if both are the same"
            ));
        }
        if let Some((_, earlier)) = names.get(id) {
            return clash(id, span, earlier);
        }
        let message = format!("`{id}` is a word of the language, and no record can be called so");
        let found = Diagnostic::new(code::RESERVED_NAME, message, span, "kept by the language");
        found.help(format!("choose another one, such as `{id}-1`"))
    }
}

/// Returns which table has the records whose identifiers have a hash.
fn table_of(hash: u64) -> usize {
    (hash >> 32) as usize % TABLES
}

/// Returns the half of a hash that does not say which table it is.
fn within_table(hash: u64) -> ShortHash {
    ShortHash(hash as u32)
}

/// The records of a piece that have an identifier, by the table that they are to be found in.
struct ByTable {
    /// The hash of each within its table, and its number: those of one table after those of another, each in the order
    /// written.
    records: Vec<(ShortHash, u32)>,
    /// By table: where its records end.
    ends: [u32; TABLES],
}

impl ByTable {
    fn of(piece: &DeclaredPiece) -> ByTable {
        let named = || {
            (0u32..).zip(piece.records.iter()).filter_map(|(number, record)| {
                // What has no identifier has the hash 0; and no identifier is looked at that need not be.
                let is_named = record.hash != 0 || !piece.id(number).is_empty();
                is_named.then_some((number, record.hash))
            })
        };
        let mut ends = [0; TABLES];
        for table in named().map(|(_, hash)| table_of(hash)) {
            ends.iter_mut().skip(table + 1).take(1).for_each(|count| *count += 1);
        }
        let mut total = 0;
        for end in &mut ends {
            total += *end;
            *end = total;
        }
        // Each is where the records of its table go next, and at last where they end.
        let mut records = vec![(ShortHash::default(), 0); piece.records.len()];
        for (number, hash) in named() {
            let Some(next) = ends.get_mut(table_of(hash)) else { continue };
            if let Some(slot) = records.get_mut(*next as usize) {
                *slot = (within_table(hash), number);
            }
            *next += 1;
        }
        ByTable { records, ends }
    }

    /// Returns the records of one table.
    fn records(&self, table: usize) -> &[(ShortHash, u32)] {
        let end = |table: usize| self.ends.get(table).map_or(0, |end| *end as usize);
        let start = table.checked_sub(1).map_or(0, end);
        self.records.get(start..end(table)).unwrap_or_default()
    }
}

/// Words that begin items and are no relation, each told once with all its places.
#[derive(Default)]
struct UnknownRelations {
    places: HashMap<String, (Span, usize)>,
}

impl UnknownRelations {
    fn add(&mut self, word: &str, span: Span, count: usize) {
        let place = self.places.entry(word.to_string()).or_insert((span, 0));
        place.1 += count;
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
