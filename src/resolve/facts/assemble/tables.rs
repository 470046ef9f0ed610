//! Distinct values of all pieces: dates, periods and numbers get their ranks, qualifiers and citations their numbers.

use super::{Places, Renumbering, entity_of};
use crate::model::{
    CitationId, CitationList, DatedText, Facts, Number, Qualifier, StringId, Strings, TimeRank,
};
use crate::resolve::facts::intern::Interner;
use crate::resolve::facts::literal::ParsedNumber;
use crate::resolve::facts::unit::{PieceFacts, WrittenTime};
use crate::time::PackedDate;
use rayon::prelude::*;
use std::collections::HashMap;

/// Ranks the distinct dates, or periods, of all pieces: by their bounds, then by their text.
pub(super) fn times(
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
pub(super) fn numbers(facts: &mut Facts, parts: &[PieceFacts], renumberings: &mut [Renumbering]) {
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

pub(super) fn citations(
    all: &mut Vec<CitationList>,
    parts: &[PieceFacts],
    renumberings: &mut [Renumbering],
    places: &Places,
) {
    let mut interner: Interner<CitationList> = Interner::default();
    interner.number(Vec::new());
    for (part, renumbering) in parts.iter().zip(renumberings) {
        let mut numbers = vec![0];
        for list in &part.citations {
            let mapped = list.iter().filter_map(|citation| {
                let source = entity_of(&places.new, part.link(citation.source.0)?)?;
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

pub(super) fn qualifiers(
    all: &mut Vec<Qualifier>,
    parts: &[PieceFacts],
    renumberings: &mut [Renumbering],
    places: &Places,
) {
    let mut interner: Interner<Qualifier> = Interner::default();
    interner.number(Qualifier::default());
    for (part, renumbering) in parts.iter().zip(renumberings) {
        let mut numbers = vec![0];
        for qualifier in &part.qualifiers {
            let string = |id: Option<StringId>| {
                let id = id?;
                places.string(part, part.record_of_string(id), id)
            };
            let relatives = qualifier.relatives.iter().filter_map(|relative| {
                let anchor = entity_of(&places.new, part.link(relative.anchor.0)?)?;
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
