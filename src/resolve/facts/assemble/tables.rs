//! Distinct values of all pieces: numbers get their ranks, qualifiers and citations their own numbers.

use super::used::those;
use super::{Places, Renumbering};
use crate::model::{
    Citation, CitationId, CitationList, Facts, Number, Qualifier, Relative, StringId, TimeRank,
};
use crate::resolve::facts::intern::Interner;
use crate::resolve::facts::literal::ParsedNumber;
use crate::resolve::facts::unit::{PieceFacts, WrittenNumber};
use crate::resolve::facts::used::Used;
use rayon::prelude::*;
use std::collections::HashMap;

fn set(numbers: &mut [u32], place: u32, number: u32) {
    if let Some(slot) = numbers.get_mut(place as usize) {
        *slot = number;
    }
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

/// Returns the places of things in the order of their ranks.
pub(super) fn in_order(ranks: &[u32]) -> Vec<usize> {
    let mut places = vec![0; ranks.len()];
    for (place, rank) in ranks.iter().enumerate() {
        if let Some(slot) = places.get_mut(*rank as usize) {
            *slot = place;
        }
    }
    places
}

/// Returns the rank of each of `count` things under an order of places.
pub(super) fn ranks(
    count: usize,
    order: impl Fn(usize, usize) -> std::cmp::Ordering + Sync,
) -> Vec<u32> {
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
pub(super) fn numbers(
    facts: &mut Facts,
    parts: &[PieceFacts],
    used: &[Used],
    renumberings: &mut [Renumbering],
) {
    let mut interner: Interner<&str> = Interner::default();
    let mut parsed = Vec::new();
    let mut local = Vec::with_capacity(parts.len());
    for (part, used) in parts.iter().zip(used) {
        let mut numbers = vec![0; part.numbers.len()];
        for (number, written) in those(&part.numbers, &used.numbers) {
            let (place, is_new) = interner.number(part.texts.get(written.text));
            if is_new {
                let unit = written.unit.map(|unit| part.texts.get(unit));
                let WrittenNumber { least, greatest, .. } = *written;
                parsed.push(ParsedNumber { least, greatest, unit });
            }
            set(&mut numbers, number, place);
        }
        local.push(numbers);
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
    let mut units: HashMap<&str, StringId> = HashMap::new();
    for place in in_order(&ranks) {
        let (Some(number), Some(text)) = (parsed.get(place), texts.get(place)) else { continue };
        let strings = &mut facts.strings;
        let unit = number.unit.map(|unit| *units.entry(unit).or_insert_with(|| strings.add(unit)));
        let text = strings.add(text);
        facts.numbers.push(Number { least: number.least, greatest: number.greatest, unit, text });
    }
    renumber(&ranks, local, renumberings, |map| &mut map.numbers);
}

/// Numbers the distinct lists of sources of all pieces, the empty one first, and returns them.
pub(super) fn citations(
    parts: &[PieceFacts],
    used: &[Used],
    renumberings: &mut [Renumbering],
    places: &Places,
) -> Vec<CitationList> {
    let mut interner: Interner<CitationList> = Interner::default();
    interner.number(Vec::new());
    let mut local = Vec::with_capacity(parts.len());
    for ((part, used), renumbering) in parts.iter().zip(used).zip(&*renumberings) {
        let mut numbers = vec![0; part.citations.len() + 1];
        let used = used.citations.get(1..).unwrap_or_default();
        for (number, list) in those(&part.citations, used) {
            let mapped = list.iter().filter_map(|citation| {
                let source = places.entity(part.link(citation.source.0)?)?;
                let locator = citation.locator.map(|id| renumbering.text(id));
                Some(Citation { source, locator })
            });
            set(&mut numbers, number + 1, interner.number(mapped.collect()).0);
        }
        local.push(numbers);
    }
    sorted(interner.into_items(), local, renumberings, |map| &mut map.citations)
}

/// The same of what stands in parentheses.
pub(super) fn qualifiers(
    parts: &[PieceFacts],
    used: &[Used],
    renumberings: &mut [Renumbering],
    places: &Places,
) -> Vec<Qualifier> {
    let mut interner: Interner<Qualifier> = Interner::default();
    interner.number(Qualifier::default());
    let mut local = Vec::with_capacity(parts.len());
    for ((part, used), renumbering) in parts.iter().zip(used).zip(&*renumberings) {
        let mut numbers = vec![0; part.qualifiers.len() + 1];
        let used = used.qualifiers.get(1..).unwrap_or_default();
        for (number, qualifier) in those(&part.qualifiers, used) {
            let mapped = qualifier_among_all(qualifier, part, renumbering, places);
            set(&mut numbers, number + 1, interner.number(mapped).0);
        }
        local.push(numbers);
    }
    sorted(interner.into_items(), local, renumberings, |map| &mut map.qualifiers)
}

fn qualifier_among_all(
    qualifier: &Qualifier,
    part: &PieceFacts,
    renumbering: &Renumbering,
    places: &Places,
) -> Qualifier {
    let string = |id: Option<StringId>| {
        let id = id?;
        let local = part.record_of_string(id);
        let entity = places.entity(part.first_record + local)?;
        places.string(&part.string_ends, entity, local, id)
    };
    let relatives = qualifier.relatives.iter().filter_map(|relative| {
        let anchor = places.entity(part.link(relative.anchor.0)?)?;
        Some(Relative { anchor, ..*relative })
    });
    let period = qualifier.period.and_then(|rank| renumbering.periods.get(rank.index()));
    let citation = qualifier.citation.and_then(|id| renumbering.citations.get(id.index()));
    Qualifier {
        status: qualifier.status,
        period: period.copied().map(TimeRank),
        citation: citation.copied().map(CitationId),
        note: string(qualifier.note),
        quote: string(qualifier.quote),
        language: qualifier.language.map(|id| renumbering.text(id)),
        relatives: relatives.collect(),
    }
}

/// Puts distinct things in order, the empty one first, and gives the pieces' own their numbers.
fn sorted<T: Ord + Sync>(
    items: Vec<T>,
    local: Vec<Vec<u32>>,
    renumberings: &mut [Renumbering],
    map: impl Fn(&mut Renumbering) -> &mut Vec<u32>,
) -> Vec<T> {
    let ranks = ranks(items.len(), |one, other| items.get(one).cmp(&items.get(other)));
    renumber(&ranks, local, renumberings, map);
    let mut sorted: Vec<(u32, T)> = ranks.into_iter().zip(items).collect();
    sorted.sort_unstable_by_key(|(rank, _)| *rank);
    sorted.into_iter().map(|(_, item)| item).collect()
}
