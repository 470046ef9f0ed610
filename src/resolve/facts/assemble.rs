//! Puts the pieces' facts together: distinct values get their ranks, records their place in the order of answers.

use super::chronology;
use super::declare::Declared;
use super::intern::Interner;
use super::statements::PieceFacts;
use crate::diagnostic::Diagnostic;
use crate::model::{
    CitationId, CitationList, Column, DatedText, EntityId, Facts, Field, FileRecord, Number,
    NumberRank, Qualifier, QualifierId, Record, Schema, Statement, StringId, Strings, TimeRank,
    Type, ValueCode,
};
use crate::source::Sources;
use crate::time::PackedDate;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;

/// The facts, and where their records were written.
pub struct Assembled {
    /// All facts that are sound.
    pub facts: Facts,
    /// By [`EntityId`]: the number that the record has in the order of writing.
    pub written: Vec<u32>,
}

/// The numbers of a piece's values among all.
struct Renumbering {
    first_string: u32,
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
}

/// Assembles the facts of all pieces.
pub fn facts(
    sources: &Sources,
    schema: Schema,
    declared: &Declared<'_>,
    mut parts: Vec<PieceFacts<'_>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Assembled {
    diagnostics.extend(chronology::narrow(sources, &schema, declared, &mut parts));
    let mut facts = Facts { schema, files: files(sources), ..Facts::default() };
    let mut renumberings = strings(&mut facts.strings, &parts);
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
    let places = order(&facts, declared, &parts, &renumberings);
    citations(&mut facts.citations, &parts, &mut renumberings, &places.new);
    qualifiers(&mut facts.qualifiers, &parts, &mut renumberings, &places.new);
    facts.records = records(&parts, &renumberings, &places);
    facts.columns = columns(&facts.schema, &parts, &renumberings, &places);
    Assembled { facts, written: places.written }
}

fn files(sources: &Sources) -> Vec<FileRecord> {
    let each = sources.files().map(|(_, file)| FileRecord {
        path: file.path.clone(),
        bytes: file.text().len() as u64,
        hash: crate::index::content_hash(file.text().as_bytes()),
    });
    each.collect()
}

/// Joins the heaps; a string's number grows by how many came before its piece's.
fn strings(all: &mut Strings, parts: &[PieceFacts<'_>]) -> Vec<Renumbering> {
    let mut renumberings = Vec::with_capacity(parts.len());
    for part in parts {
        let first_string = all.ends.len() as u32;
        let base = all.heap.len() as u32;
        all.heap.extend_from_slice(&part.strings.heap);
        all.ends.extend(part.strings.ends.iter().map(|end| base + end));
        renumberings.push(Renumbering {
            first_string,
            dates: Vec::new(),
            periods: Vec::new(),
            numbers: Vec::new(),
            qualifiers: Vec::new(),
            citations: Vec::new(),
        });
    }
    renumberings
}

/// Ranks the distinct dates, or periods, of all pieces: by their bounds, then by their text.
fn times<'t>(
    strings: &mut Strings,
    table: &mut Vec<DatedText>,
    parts: &[PieceFacts<'t>],
    renumberings: &mut [Renumbering],
    of: impl for<'p> Fn(&'p PieceFacts<'t>) -> &'p Vec<(Cow<'t, str>, PackedDate)>,
    map: impl Fn(&mut Renumbering) -> &mut Vec<u32>,
) {
    // The same text may mean different days where other records place it.
    let mut interner: Interner<(&str, PackedDate)> = Interner::default();
    let mut local = Vec::with_capacity(parts.len());
    for part in parts {
        let numbers =
            of(part).iter().map(|(text, packed)| interner.number((text.as_ref(), *packed)).0);
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
fn numbers(facts: &mut Facts, parts: &[PieceFacts<'_>], renumberings: &mut [Renumbering]) {
    let mut interner: Interner<&str> = Interner::default();
    let mut parsed = Vec::new();
    let mut local = Vec::with_capacity(parts.len());
    for part in parts {
        let numbers = part.numbers.iter().map(|number| {
            let (place, is_new) = interner.number(number.text);
            if is_new {
                parsed.push(&number.number);
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
    /// By number in the order of writing: the entity; none for a record that is left out.
    new: Vec<Option<EntityId>>,
    /// By entity: the number in the order of writing.
    written: Vec<u32>,
}

/// Sorts the records by relation, own date, identifier; those without identifier by file and line behind.
fn order(
    facts: &Facts,
    declared: &Declared<'_>,
    parts: &[PieceFacts<'_>],
    renumberings: &[Renumbering],
) -> Places {
    let own_dates = own_dates(facts, declared, parts, renumberings);
    let mut sorted: Vec<(u32, u32, u32)> = Vec::with_capacity(declared.records.len());
    for part in parts {
        let numbered = part.records.iter().zip(part.first_record..);
        sorted.extend(numbered.filter_map(|(record, number)| {
            let own = own_dates.get(number as usize).copied().unwrap_or(u32::MAX);
            record.map(|record| (record.relation.0, own, number))
        }));
    }
    sorted.par_sort_unstable_by(|one, other| {
        let dates = (one.0, one.1).cmp(&(other.0, other.1));
        dates.then_with(|| {
            let (id, other_id) = (declared.id(one.2), declared.id(other.2));
            (id.is_empty(), id, one.2).cmp(&(other_id.is_empty(), other_id, other.2))
        })
    });
    let written: Vec<u32> = sorted.into_iter().map(|(_, _, number)| number).collect();
    let mut new = vec![None; declared.records.len()];
    for (entity, number) in written.iter().enumerate() {
        if let Some(slot) = new.get_mut(*number as usize) {
            *slot = Some(EntityId(entity as u32));
        }
    }
    Places { new, written }
}

/// Returns the rank of each record's own date: of its best statement, among equals the earliest.
fn own_dates(
    facts: &Facts,
    declared: &Declared<'_>,
    parts: &[PieceFacts<'_>],
    renumberings: &[Renumbering],
) -> Vec<u32> {
    let mut own = vec![(u8::MAX, u32::MAX); declared.records.len()];
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
                let Some(best) = own.get_mut(statement.entity.index()) else { continue };
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
    parts: &[PieceFacts<'_>],
    renumberings: &mut [Renumbering],
    places: &[Option<EntityId>],
) {
    let mut interner: Interner<CitationList> = Interner::default();
    interner.number(Vec::new());
    for (part, renumbering) in parts.iter().zip(renumberings) {
        let mut numbers = vec![0];
        for list in &part.citations {
            let mapped = list.iter().filter_map(|citation| {
                let source = places.get(citation.source.index()).copied().flatten()?;
                Some(crate::model::Citation {
                    source,
                    locator: citation.locator.map(|id| renumbering.string(id)),
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
    parts: &[PieceFacts<'_>],
    renumberings: &mut [Renumbering],
    places: &[Option<EntityId>],
) {
    let mut interner: Interner<Qualifier> = Interner::default();
    interner.number(Qualifier::default());
    for (part, renumbering) in parts.iter().zip(renumberings) {
        let mut numbers = vec![0];
        for qualifier in &part.qualifiers {
            let string = |id: Option<StringId>| id.map(|id| renumbering.string(id));
            let relatives = qualifier.relatives.iter().filter_map(|relative| {
                let anchor = places.get(relative.anchor.index()).copied().flatten()?;
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
                language: string(qualifier.language),
                relatives: relatives.collect(),
            };
            numbers.push(interner.number(mapped).0);
        }
        renumbering.qualifiers = numbers;
    }
    *all = interner.into_items();
}

fn records(parts: &[PieceFacts<'_>], renumberings: &[Renumbering], places: &Places) -> Vec<Record> {
    let mut starts: Vec<u32> = parts.iter().map(|part| part.first_record).collect();
    starts.push(u32::MAX);
    let renumbered = places.written.par_iter().filter_map(|number| {
        let place = starts.partition_point(|start| start <= number).checked_sub(1)?;
        // Pieces without records share their start with the next one.
        let (part, renumbering) = (parts.get(place)?, renumberings.get(place)?);
        let record = (*part.records.get((number - part.first_record) as usize)?)?;
        Some(Record {
            id: record.id.map(|id| renumbering.string(id)),
            name: record.name.map(|id| renumbering.string(id)),
            citation: CitationId(at(&renumbering.citations, record.citation.0)),
            qualifier: QualifierId(at(&renumbering.qualifiers, record.qualifier.0)),
            ..record
        })
    });
    renumbered.collect()
}

fn at(map: &[u32], place: u32) -> u32 {
    map.get(place as usize).copied().unwrap_or(0)
}

fn columns(
    schema: &Schema,
    parts: &[PieceFacts<'_>],
    renumberings: &[Renumbering],
    places: &Places,
) -> Vec<Column> {
    let each = (0..schema.fields.len()).into_par_iter().map(|field| {
        let count = parts.iter().map(|part| part.columns.get(field).map_or(0, Vec::len)).sum();
        let mut statements = Vec::with_capacity(count);
        for (part, renumbering) in parts.iter().zip(renumberings) {
            let Some((column, declared)) = part.columns.get(field).zip(schema.fields.get(field))
            else {
                continue;
            };
            statements.extend(column.iter().filter_map(|statement| {
                let entity = places.new.get(statement.entity.index()).copied().flatten()?;
                let value = renumbered(statement.value, declared, renumbering, places)?;
                let qualifier = QualifierId(at(&renumbering.qualifiers, statement.qualifier.0));
                Some(Statement { entity, value, line: statement.line, qualifier })
            }));
        }
        // Stable, so that the values of a record stay in the order written.
        statements.sort_by_key(|statement| statement.entity);
        Column { statements }
    });
    each.collect()
}

fn renumbered(
    value: ValueCode,
    field: &Field,
    renumbering: &Renumbering,
    places: &Places,
) -> Option<ValueCode> {
    if !value.is_known() {
        return Some(value);
    }
    let code = match &field.value_type {
        Type::Text | Type::Url => renumbering.string(StringId(value.0)).0,
        Type::Integer | Type::Decimal | Type::Quantity(_) => {
            NumberRank(*renumbering.numbers.get(value.0 as usize)?).0
        }
        Type::Date | Type::Period => *time_ranks(field, renumbering).get(value.0 as usize)?,
        Type::Words(_) => value.0,
        Type::Reference { .. } => places.new.get(value.0 as usize).copied().flatten()?.0,
    };
    Some(ValueCode(code))
}
