//! Puts the pieces' facts together: distinct values get their ranks, records their place in the order of answers.

use super::intern::Interner;
use super::literal::ParsedNumber;
use super::unit::{DeclaredPiece, PieceFacts, WrittenTime};
use crate::model::{
    CitationId, CitationList, Column, DatedText, EntityId, Facts, Field, FieldRole, FileRecord,
    Number, NumberRank, Qualifier, QualifierId, Record, Schema, Statement, StringId, Strings,
    TimeRank, Type, ValueCode,
};
use crate::time::PackedDate;
use rayon::prelude::*;
use std::collections::HashMap;
use std::ops::Range;

/// The facts, and where their records were written.
pub struct Assembled {
    /// All facts that are sound.
    pub facts: Facts,
    /// By [`EntityId`]: the number that the record has in the order of writing.
    pub written: Vec<u32>,
}

/// The numbers of a piece's values among all.
#[derive(Default)]
struct Renumbering {
    first_string: u32,
    /// By text that stands in a piece once: its number among all strings.
    texts: Vec<u32>,
    dates: Vec<u32>,
    periods: Vec<u32>,
    numbers: Vec<u32>,
    qualifiers: Vec<u32>,
    citations: Vec<u32>,
}

impl Renumbering {
    fn string(&self, id: StringId) -> StringId {
        StringId(self.first_string + id.0)
    }

    fn text(&self, id: StringId) -> StringId {
        StringId(self.texts.get(id.index()).copied().unwrap_or(0))
    }
}

/// The pieces that are put together: what they declare, and what they say.
pub struct Pieces {
    /// By piece.
    pub declared: Vec<DeclaredPiece>,
    /// By piece.
    pub parts: Vec<PieceFacts>,
}

/// Assembles the facts of all pieces.
pub fn facts(schema: Schema, files: Vec<FileRecord>, pieces: Pieces) -> Assembled {
    let Pieces { mut declared, mut parts } = pieces;
    let mut facts = Facts { schema, files, ..Facts::default() };
    let mut renumberings: Vec<Renumbering> = Vec::new();
    renumberings.resize_with(parts.len(), Renumbering::default);
    times(
        &mut facts.strings,
        &mut facts.dates,
        &parts,
        &mut renumberings,
        |part| &part.dates,
        |map| &mut map.dates,
    );
    times(
        &mut facts.strings,
        &mut facts.periods,
        &parts,
        &mut renumberings,
        |part| &part.periods,
        |map| &mut map.periods,
    );
    numbers(&mut facts, &parts, &mut renumberings);
    let places = order(&facts, &declared, &parts, &renumberings);
    common_texts(&mut facts.strings, &parts, &mut renumberings);
    let ids = strings(&mut facts.strings, &mut declared, &mut parts, &mut renumberings);
    drop(declared);
    citations(&mut facts.citations, &parts, &mut renumberings, &places.new);
    qualifiers(&mut facts.qualifiers, &parts, &mut renumberings, &places.new);
    facts.records = records(&parts, &renumberings, &places, &ids);
    drop(ids);
    facts.columns = columns(&facts, &mut parts, &renumberings, &places);
    Assembled { facts, written: places.written }
}

/// Joins the heaps, and gives back what the pieces held; a string's number grows by how many came before its
/// piece's. Returns the identifier of each record in the order of writing; the highest number for none.
fn strings(
    all: &mut Strings,
    declared: &mut [DeclaredPiece],
    parts: &mut [PieceFacts],
    renumberings: &mut [Renumbering],
) -> Vec<u32> {
    let bytes = |part: &PieceFacts| part.strings.heap.len();
    let id_bytes = |piece: &DeclaredPiece| piece.ids.heap.len();
    all.heap.reserve_exact(
        parts.iter().map(bytes).sum::<usize>() + declared.iter().map(id_bytes).sum::<usize>(),
    );
    let count = |part: &PieceFacts| part.strings.len() + part.records.len();
    all.ends.reserve_exact(parts.iter().map(count).sum());
    let mut ids = Vec::with_capacity(parts.iter().map(|part| part.records.len()).sum());
    for ((part, piece), renumbering) in parts.iter_mut().zip(declared).zip(renumberings) {
        renumbering.first_string = all.ends.len() as u32;
        let base = all.heap.len() as u32;
        let strings = std::mem::take(&mut part.strings);
        all.heap.push_str(&strings.heap);
        all.ends.extend(strings.ends.iter().map(|end| base + end));
        let piece = std::mem::take(piece);
        ids.extend((0u32..).zip(&part.records).map(|(number, record)| {
            match (record, piece.id(number)) {
                (None, _) | (_, "") => u32::MAX,
                (Some(_), id) => all.add(id).0,
            }
        }));
    }
    ids
}

/// Adds the places in sources and the tags of languages to all strings, equal ones once.
fn common_texts(all: &mut Strings, parts: &[PieceFacts], renumberings: &mut [Renumbering]) {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    for (part, renumbering) in parts.iter().zip(renumberings) {
        renumbering.texts = vec![u32::MAX; part.texts.len()];
        let locators = part.citations.iter().flatten().filter_map(|citation| citation.locator);
        let languages = part.qualifiers.iter().filter_map(|qualifier| qualifier.language);
        for id in locators.chain(languages) {
            let text = part.texts.get(id);
            if let Some(slot) = renumbering.texts.get_mut(id.index()) {
                *slot = *numbers.entry(text).or_insert_with(|| all.add(text).0);
            }
        }
    }
}

/// Ranks the distinct dates, or periods, of all pieces: by their bounds, then by their text.
fn times(
    strings: &mut Strings,
    table: &mut Vec<DatedText>,
    parts: &[PieceFacts],
    renumberings: &mut [Renumbering],
    of: impl Fn(&PieceFacts) -> &Vec<WrittenTime>,
    map: impl Fn(&mut Renumbering) -> &mut Vec<u32>,
) {
    // The same text may mean different days where other records place it.
    let mut interner: Interner<(&str, PackedDate)> = Interner::default();
    let mut local = Vec::with_capacity(parts.len());
    for part in parts {
        let written = of(part).iter();
        let numbers =
            written.map(|time| interner.number((part.texts.get(time.text), time.bounds)).0);
        local.push(numbers.collect::<Vec<_>>());
    }
    let times = interner.into_items();
    let ranks = ranks(times.len(), |one, other| {
        let key = |place: usize| times.get(place).map(|(text, packed)| (packed.bounds(), *text));
        key(one).cmp(&key(other))
    });
    let mut sorted: Vec<(u32, usize)> = ranks.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    for (_, place) in sorted {
        if let Some((text, bounds)) = times.get(place) {
            table.push(DatedText { bounds: *bounds, text: strings.add(text) });
        }
    }
    renumber(&ranks, local, renumberings, map);
}

fn renumber(
    ranks: &[u32],
    local: Vec<Vec<u32>>,
    renumberings: &mut [Renumbering],
    map: impl Fn(&mut Renumbering) -> &mut Vec<u32>,
) {
    for (numbers, renumbering) in local.into_iter().zip(renumberings) {
        let ranked =
            numbers.into_iter().map(|number| ranks.get(number as usize).copied().unwrap_or(0));
        *map(renumbering) = ranked.collect();
    }
}

/// Returns the rank of each of `count` things under an order of places.
fn ranks(count: usize, order: impl Fn(usize, usize) -> std::cmp::Ordering + Sync) -> Vec<u32> {
    let mut sorted: Vec<usize> = (0..count).collect();
    sorted.par_sort_unstable_by(|one, other| order(*one, *other).then(one.cmp(other)));
    let mut ranks = vec![0; count];
    for (rank, place) in sorted.into_iter().enumerate() {
        if let Some(slot) = ranks.get_mut(place) {
            *slot = rank as u32;
        }
    }
    ranks
}

/// Ranks the distinct numbers: by unit, least, greatest, text.
fn numbers(facts: &mut Facts, parts: &[PieceFacts], renumberings: &mut [Renumbering]) {
    let mut interner: Interner<&str> = Interner::default();
    let mut parsed = Vec::new();
    let mut local = Vec::with_capacity(parts.len());
    for part in parts {
        let numbers = part.numbers.iter().map(|number| {
            let (place, is_new) = interner.number(part.texts.get(number.text));
            if is_new {
                let unit = number.unit.map(|unit| part.texts.get(unit));
                parsed.push(ParsedNumber { least: number.least, greatest: number.greatest, unit });
            }
            place
        });
        local.push(numbers.collect::<Vec<_>>());
    }
    let texts = interner.into_items();
    let ranks = ranks(texts.len(), |one, other| {
        let (Some(first), Some(second)) = (parsed.get(one), parsed.get(other)) else {
            return one.cmp(&other);
        };
        let units = first.unit.cmp(&second.unit);
        let least = first.least.total_cmp(&second.least);
        let greatest = first.greatest.total_cmp(&second.greatest);
        units.then(least).then(greatest).then(texts.get(one).cmp(&texts.get(other)))
    });
    let mut sorted: Vec<(u32, usize)> = ranks.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    let mut units: HashMap<&str, StringId> = HashMap::new();
    for (_, place) in sorted {
        let (Some(number), Some(text)) = (parsed.get(place), texts.get(place)) else { continue };
        let strings = &mut facts.strings;
        let unit = number.unit.map(|unit| *units.entry(unit).or_insert_with(|| strings.add(unit)));
        let text = strings.add(text);
        facts.numbers.push(Number { least: number.least, greatest: number.greatest, unit, text });
    }
    renumber(&ranks, local, renumberings, |map| &mut map.numbers);
}

/// Where records go.
struct Places {
    /// By number in the order of writing: the entity; the highest number for a record that is left out.
    new: Vec<u32>,
    /// By entity: the number in the order of writing.
    written: Vec<u32>,
}

/// Returns the entity of a record.
fn entity_of(places: &[u32], number: u32) -> Option<EntityId> {
    places
        .get(number as usize)
        .filter(|entity| **entity != u32::MAX)
        .map(|entity| EntityId(*entity))
}

/// What records are sorted by: relation and own date, then the identifier's first bytes behind what all of its
/// relation have in common, then what the number in the order of writing leads to.
type SortKey = (u64, u64, u32);

/// Sorts the records by relation, own date, identifier; those without identifier by file and line behind.
fn order(
    facts: &Facts,
    declared: &[DeclaredPiece],
    parts: &[PieceFacts],
    renumberings: &[Renumbering],
) -> Places {
    let count: usize = parts.iter().map(|part| part.records.len()).sum();
    let own_dates = own_dates(facts, parts, renumberings);
    let common = common_beginnings(facts.schema.relations.len(), declared, parts);
    let mut sorted: Vec<SortKey> = Vec::with_capacity(count);
    for (part, piece) in parts.iter().zip(declared) {
        for (local, record) in (0u32..).zip(&part.records) {
            let Some(record) = record else { continue };
            let number = part.first_record + local;
            let own = own_dates.get(number as usize).copied().unwrap_or(u32::MAX);
            let common = common.get(record.relation.index()).map_or(0, |common| common.len());
            let beginning = beginning(piece.id(local), common);
            sorted.push((u64::from(record.relation.0) << 32 | u64::from(own), beginning, number));
        }
    }
    drop(own_dates);
    let id_of = |number: u32| {
        let behind = parts.partition_point(|part| part.first_record <= number);
        let place = behind.checked_sub(1)?;
        Some(declared.get(place)?.id(number - parts.get(place)?.first_record))
    };
    sorted.par_sort_unstable_by(|one, other| {
        (one.0, one.1).cmp(&(other.0, other.1)).then_with(|| {
            // Numbers grow in the order of files and lines.
            id_of(one.2).cmp(&id_of(other.2)).then(one.2.cmp(&other.2))
        })
    });
    let written: Vec<u32> = sorted.into_iter().map(|(_, _, number)| number).collect();
    let mut new = vec![u32::MAX; count];
    for (entity, number) in (0u32..).zip(&written) {
        if let Some(slot) = new.get_mut(*number as usize) {
            *slot = entity;
        }
    }
    Places { new, written }
}

/// Returns what the identifiers of each relation begin with, all of them.
fn common_beginnings<'d>(
    relations: usize,
    declared: &'d [DeclaredPiece],
    parts: &[PieceFacts],
) -> Vec<&'d [u8]> {
    let mut common: Vec<Option<&[u8]>> = vec![None; relations];
    for (part, piece) in parts.iter().zip(declared) {
        for (local, record) in (0u32..).zip(&part.records) {
            let id = piece.id(local).as_bytes();
            let slot = record.and_then(|record| common.get_mut(record.relation.index()));
            let Some(slot) = slot.filter(|_| !id.is_empty()) else { continue };
            let known = slot.unwrap_or(id);
            let alike = known.iter().zip(id).take_while(|(one, other)| one == other).count();
            *slot = known.get(..alike);
        }
    }
    common.into_iter().map(Option::unwrap_or_default).collect()
}

/// Returns the eight bytes of an identifier behind its first `from` as a number that compares as they do; the
/// highest one for no identifier, as which no text can be read.
fn beginning(id: &str, from: usize) -> u64 {
    if id.is_empty() {
        return u64::MAX;
    }
    let mut bytes = [0; 8];
    let behind = id.as_bytes().get(from..).unwrap_or_default();
    bytes.iter_mut().zip(behind).for_each(|(slot, byte)| *slot = *byte);
    u64::from_be_bytes(bytes)
}

/// Returns the rank of each record's own date: of its best statement, among equals the earliest.
fn own_dates(facts: &Facts, parts: &[PieceFacts], renumberings: &[Renumbering]) -> Vec<u32> {
    let mut own = vec![(u8::MAX, u32::MAX); parts.iter().map(|part| part.records.len()).sum()];
    let (alike_dates, alike_periods) = (first_alike(&facts.dates), first_alike(&facts.periods));
    for (part, renumbering) in parts.iter().zip(renumberings) {
        for relation in &facts.schema.relations {
            let Some(field) = relation.own_date else { continue };
            let declared_field = facts.schema.field(field);
            let ranks = time_ranks(declared_field, renumbering);
            let (first_alike, times) = match declared_field.value_type {
                Type::Date => (&alike_dates, &facts.dates),
                _ => (&alike_periods, &facts.periods),
            };
            for statement in part.columns.get(field.index()).map_or(&[][..], Vec::as_slice) {
                let status = part.status(statement.qualifier);
                let rank = ranks.get(statement.value.0 as usize).filter(|_| status.counts());
                let rank = rank.and_then(|rank| first_alike.get(*rank as usize));
                let Some(rank) = rank else { continue };
                let number = part.first_record + statement.entity.0;
                let Some(best) = own.get_mut(number as usize) else { continue };
                let (weight, other) = *best;
                let is_better = match status.weight().cmp(&weight) {
                    std::cmp::Ordering::Less => true,
                    std::cmp::Ordering::Greater => false,
                    // Of two that weigh the same, the finer is the value; else the earlier stands for both.
                    std::cmp::Ordering::Equal => {
                        is_finer(times, *rank, other)
                            || (*rank < other && !is_finer(times, other, *rank))
                    }
                };
                if is_better {
                    *best = (status.weight(), *rank);
                }
            }
        }
    }
    own.into_iter().map(|(_, rank)| rank).collect()
}

/// Returns for each rank the first one with the same bounds: what differs by its text alone stands at one place.
fn first_alike(times: &[DatedText]) -> Vec<u32> {
    let mut first = 0;
    let mut before: Option<&DatedText> = None;
    let alike = times.iter().zip(0..).map(|(time, rank)| {
        if before.is_none_or(|before| before.bounds.bounds() != time.bounds.bounds()) {
            first = rank;
        }
        before = Some(time);
        first
    });
    alike.collect()
}

/// Tells whether one date says more precisely what another says too.
fn is_finer(times: &[DatedText], one: u32, other: u32) -> bool {
    let bounds = |rank: u32| times.get(rank as usize).map(|time| time.bounds.bounds());
    match (bounds(one), bounds(other)) {
        (Some(one), Some(other)) => one != other && one.is_within(&other),
        _ => false,
    }
}

fn time_ranks<'r>(field: &Field, renumbering: &'r Renumbering) -> &'r [u32] {
    match field.value_type {
        Type::Date => &renumbering.dates,
        Type::Period => &renumbering.periods,
        _ => &[],
    }
}

fn citations(
    all: &mut Vec<CitationList>,
    parts: &[PieceFacts],
    renumberings: &mut [Renumbering],
    places: &[u32],
) {
    let mut interner: Interner<CitationList> = Interner::default();
    interner.number(Vec::new());
    for (part, renumbering) in parts.iter().zip(renumberings) {
        let mut numbers = vec![0];
        for list in &part.citations {
            let mapped = list.iter().filter_map(|citation| {
                let source = entity_of(places, part.link(citation.source.0)?)?;
                Some(crate::model::Citation {
                    source,
                    locator: citation.locator.map(|id| renumbering.text(id)),
                })
            });
            numbers.push(interner.number(mapped.collect()).0);
        }
        renumbering.citations = numbers;
    }
    *all = interner.into_items();
}

fn qualifiers(
    all: &mut Vec<Qualifier>,
    parts: &[PieceFacts],
    renumberings: &mut [Renumbering],
    places: &[u32],
) {
    let mut interner: Interner<Qualifier> = Interner::default();
    interner.number(Qualifier::default());
    for (part, renumbering) in parts.iter().zip(renumberings) {
        let mut numbers = vec![0];
        for qualifier in &part.qualifiers {
            let string = |id: Option<StringId>| id.map(|id| renumbering.string(id));
            let relatives = qualifier.relatives.iter().filter_map(|relative| {
                let anchor = entity_of(places, part.link(relative.anchor.0)?)?;
                Some(crate::model::Relative { anchor, ..*relative })
            });
            let mapped = Qualifier {
                status: qualifier.status,
                period: qualifier
                    .period
                    .and_then(|rank| renumbering.periods.get(rank.index()).copied().map(TimeRank)),
                citation: qualifier
                    .citation
                    .and_then(|id| renumbering.citations.get(id.index()).copied().map(CitationId)),
                note: string(qualifier.note),
                quote: string(qualifier.quote),
                language: qualifier.language.map(|id| renumbering.text(id)),
                relatives: relatives.collect(),
            };
            numbers.push(interner.number(mapped).0);
        }
        renumbering.qualifiers = numbers;
    }
    *all = interner.into_items();
}

fn records(
    parts: &[PieceFacts],
    renumberings: &[Renumbering],
    places: &Places,
    ids: &[u32],
) -> Vec<Record> {
    let renumbered = places.written.par_iter().filter_map(|number| {
        let place = parts.partition_point(|part| part.first_record <= *number).checked_sub(1)?;
        // Pieces without records share their start with the next one.
        let (part, renumbering) = (parts.get(place)?, renumberings.get(place)?);
        let record = (*part.records.get((number - part.first_record) as usize)?)?;
        Some(Record {
            relation: record.relation,
            id: ids.get(*number as usize).filter(|id| **id != u32::MAX).map(|id| StringId(*id)),
            name: record.name.map(|id| renumbering.string(id)),
            file: part.file,
            line: record.line,
            citation: CitationId(at(&renumbering.citations, record.citation)),
            qualifier: QualifierId(at(&renumbering.qualifiers, record.qualifier)),
        })
    });
    renumbered.collect()
}

fn at(map: &[u32], place: u32) -> u32 {
    map.get(place as usize).copied().unwrap_or(0)
}

/// Puts the statements of each field into the order of records, and gives back what the pieces held.
fn columns(
    facts: &Facts,
    parts: &mut [PieceFacts],
    renumberings: &[Renumbering],
    places: &Places,
) -> Vec<Column> {
    let fields = facts.schema.fields.iter().enumerate().map(|(field, declared)| {
        let of_part = |part: &mut PieceFacts| {
            part.columns.get_mut(field).map(std::mem::take).unwrap_or_default()
        };
        (declared, parts.iter_mut().map(of_part).collect())
    });
    let fields: Vec<(&Field, Vec<Vec<Statement>>)> = fields.collect();
    let (parts, renumberings) = (&*parts, renumberings);
    let each = fields.into_par_iter().map(|(field, written)| {
        let renumbering =
            ColumnRenumbering { field, places, range: facts.records_of(field.relation) };
        renumbering.column(written, parts, renumberings)
    });
    each.collect()
}

/// How the statements of a field get their places.
struct ColumnRenumbering<'a> {
    field: &'a Field,
    places: &'a Places,
    /// The records of the field's relation.
    range: Range<u32>,
}

impl ColumnRenumbering<'_> {
    fn column(
        &self,
        mut written: Vec<Vec<Statement>>,
        parts: &[PieceFacts],
        renumberings: &[Renumbering],
    ) -> Column {
        // By record: how many statements come before its own.
        let mut next = vec![0u32; self.range.len() + 1];
        for ((statements, part), renumbering) in written.iter_mut().zip(parts).zip(renumberings) {
            statements.retain_mut(|statement| {
                let Some(renumbered) = self.statement(statement, part, renumbering) else {
                    return false;
                };
                *statement = renumbered;
                let place = (renumbered.entity.0 - self.range.start) as usize + 1;
                next.get_mut(place).map(|count| *count += 1).is_some()
            });
        }
        let mut total = 0;
        for count in &mut next {
            total += *count;
            *count = total;
        }
        let nothing = Statement {
            entity: EntityId(0),
            value: ValueCode::UNKNOWN,
            line: 0,
            qualifier: QualifierId(0),
        };
        let mut statements = vec![nothing; total as usize];
        // Piece after piece, so that the values of a record stay in the order written.
        for statement in written.into_iter().flatten() {
            let next = next.get_mut((statement.entity.0 - self.range.start) as usize);
            if let Some(next) = next
                && let Some(slot) = statements.get_mut(*next as usize)
            {
                *slot = statement;
                *next += 1;
            }
        }
        if self.field.role == FieldRole::Source {
            // The sources that a record cites come in the order in which they are declared.
            let written = |statement: &Statement| {
                self.places.written.get(statement.value.0 as usize).copied()
            };
            statements
                .chunk_by_mut(|one, other| one.entity == other.entity)
                .filter(|group| group.len() > 1)
                .for_each(|group| group.sort_by_key(written));
        }
        Column { statements }
    }

    fn statement(
        &self,
        statement: &Statement,
        part: &PieceFacts,
        renumbering: &Renumbering,
    ) -> Option<Statement> {
        let entity = entity_of(&self.places.new, part.first_record + statement.entity.0)?;
        let value = self.value(statement.value, part, renumbering)?;
        let qualifier = QualifierId(at(&renumbering.qualifiers, statement.qualifier.0));
        Some(Statement { entity, value, line: statement.line, qualifier })
    }

    fn value(
        &self,
        value: ValueCode,
        part: &PieceFacts,
        renumbering: &Renumbering,
    ) -> Option<ValueCode> {
        if !value.is_known() {
            return Some(value);
        }
        let code = match &self.field.value_type {
            Type::Text | Type::Url => renumbering.string(StringId(value.0)).0,
            Type::Integer | Type::Decimal | Type::Quantity(_) => {
                NumberRank(*renumbering.numbers.get(value.0 as usize)?).0
            }
            Type::Date | Type::Period => {
                *time_ranks(self.field, renumbering).get(value.0 as usize)?
            }
            Type::Words(_) => value.0,
            Type::Reference { .. } => entity_of(&self.places.new, part.link(value.0)?)?.0,
        };
        Some(ValueCode(code))
    }
}
