//! Distinct values of both sides: dates, periods, numbers, places in sources, citations, qualifiers.

use super::{Numbers, Sides};
use crate::model::{
    Citation, CitationId, CitationList, DatedText, Facts, Number, Qualifier, Relative, StringId,
    Strings, TimeRank,
};
use crate::time::{Bounds, PackedDate, Role};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

/// Puts distinct things of both sides in order and gives each side's own their numbers. `keys` has those of each
/// side that are used, with their numbers there, and `maps` what these become.
fn merge<K>(
    keys: [Vec<(u32, K)>; 2],
    maps: [&mut Vec<u32>; 2],
    compare: impl Fn(&K, &K) -> Ordering,
) -> Vec<K> {
    let mut all: Vec<(usize, u32, K)> = Vec::new();
    for (side, keys) in keys.into_iter().enumerate() {
        all.extend(keys.into_iter().map(|(number, key)| (side, number, key)));
    }
    // Mostly two runs that are in order: sorting merges them.
    all.sort_by(|one, other| compare(&one.2, &other.2));
    let mut maps = maps;
    let mut distinct: Vec<K> = Vec::new();
    for (side, number, key) in all {
        if distinct.last().is_none_or(|last| compare(last, &key).is_ne()) {
            distinct.push(key);
        }
        let slot = maps.get_mut(side).and_then(|map| map.get_mut(number as usize));
        if let Some(slot) = slot {
            *slot = distinct.len() as u32 - 1;
        }
    }
    distinct
}

/// Returns those of a table that are used, with their numbers.
fn used<'t, T>(table: &'t [T], map: &'t [u32]) -> impl Iterator<Item = (u32, &'t T)> {
    let is_used = |map: &&u32| **map != u32::MAX;
    (0..).zip(table).zip(map).filter(move |(_, map)| is_used(map)).map(|(numbered, _)| numbered)
}

/// Puts dates, periods and numbers of both sides in order, with their texts.
pub(super) fn times_and_numbers(facts: &mut Facts, sides: &mut Sides) {
    facts.dates = times(&mut facts.strings, sides, Role::Moment);
    facts.periods = times(&mut facts.strings, sides, Role::Period);
    numbers(facts, sides);
}

type TimeKey<'f> = (Bounds, &'f str, PackedDate);

fn times(strings: &mut Strings, sides: &mut Sides, role: Role) -> Vec<DatedText> {
    let [(before, before_numbers), (fresh, fresh_numbers)] = sides.both_mut();
    let map_of = |numbers: &'_ Numbers| match role {
        Role::Moment => numbers.dates.clone(),
        Role::Period => numbers.periods.clone(),
    };
    let mut maps = [map_of(before_numbers), map_of(fresh_numbers)];
    let [before_map, fresh_map] = &maps;
    let keys = [time_keys(before, before_map, role), time_keys(fresh, fresh_map, role)];
    let distinct =
        merge(keys, maps.each_mut(), |one, other| (one.0, one.1).cmp(&(other.0, other.1)));
    let dated = distinct.into_iter().map(|(_, text, bounds)| {
        let text = strings.add(text);
        DatedText { bounds, text }
    });
    let dated = dated.collect();
    for (numbers, map) in [before_numbers, fresh_numbers].into_iter().zip(maps) {
        match role {
            Role::Moment => numbers.dates = map,
            Role::Period => numbers.periods = map,
        }
    }
    dated
}

fn time_keys<'f>(facts: &'f Facts, map: &[u32], role: Role) -> Vec<(u32, TimeKey<'f>)> {
    let table = match role {
        Role::Moment => &facts.dates,
        Role::Period => &facts.periods,
    };
    let keyed = used(table, map).map(|(number, time)| {
        (number, (time.bounds.bounds(), facts.strings.get(time.text), time.bounds))
    });
    keyed.collect()
}

fn numbers(facts: &mut Facts, sides: &mut Sides) {
    let keys = sides.both().map(|(facts, numbers)| {
        let keyed = used(&facts.numbers, &numbers.numbers).map(|(place, number)| {
            let unit = number.unit.map(|unit| facts.strings.get(unit).to_owned());
            let text = facts.strings.get(number.text).to_owned();
            (place, (unit, number.least, number.greatest, text))
        });
        keyed.collect::<Vec<_>>()
    });
    let maps = sides.numbers_mut().map(|numbers| &mut numbers.numbers);
    let distinct = merge(keys, maps, |one, other| {
        let bounds = one.1.total_cmp(&other.1).then(one.2.total_cmp(&other.2));
        one.0.cmp(&other.0).then(bounds).then_with(|| one.3.cmp(&other.3))
    });
    let mut units: HashMap<String, StringId> = HashMap::new();
    for (unit, least, greatest, text) in distinct {
        let strings = &mut facts.strings;
        let unit = unit.map(|unit| match units.get(&unit) {
            Some(known) => *known,
            None => {
                let id = strings.add(&unit);
                units.insert(unit, id);
                id
            }
        });
        let text = strings.add(&text);
        facts.numbers.push(Number { least, greatest, unit, text });
    }
}

/// Adds the places in sources and the tags of languages of both sides, each once, sorted.
pub(super) fn common_texts(strings: &mut Strings, sides: &mut Sides) {
    let of_sides = sides.both().map(|(facts, numbers)| {
        let citations = used(&facts.citations, &numbers.citations);
        let locators = citations.flat_map(|(_, list)| list).filter_map(|each| each.locator);
        let qualifiers = used(&facts.qualifiers, &numbers.qualifiers);
        let languages = qualifiers.filter_map(|(_, qualifier)| qualifier.language);
        let with_text =
            locators.chain(languages).map(|id| (id.0, facts.strings.get(id).to_owned()));
        with_text.collect::<HashMap<u32, String>>()
    });
    let mut all: BTreeMap<String, u32> = BTreeMap::new();
    all.extend(of_sides.iter().flat_map(HashMap::values).map(|text| (text.clone(), 0)));
    for (text, number) in &mut all {
        *number = strings.add(text).0;
    }
    for (numbers, texts) in sides.numbers_mut().into_iter().zip(of_sides) {
        let numbered = texts.into_iter().filter_map(|(id, text)| Some((id, *all.get(&text)?)));
        numbers.common_texts = numbered.collect();
    }
}

/// Puts the lists of sources of both sides in order.
pub(super) fn citations(all: &mut Vec<CitationList>, sides: &mut Sides) {
    let keys = sides.both().map(|(facts, numbers)| {
        let keyed = used(&facts.citations, &numbers.citations).map(|(number, list)| {
            let now = list.iter().filter_map(|citation| {
                let locator = citation.locator.and_then(|id| numbers.common_text(id));
                Some(Citation { source: numbers.target(citation.source)?, locator })
            });
            (number, now.collect())
        });
        keyed.collect::<Vec<(u32, CitationList)>>()
    });
    let maps = sides.numbers_mut().map(|numbers| &mut numbers.citations);
    *all = merge(keys, maps, Ord::cmp);
}

/// Puts the qualifiers of both sides in order.
pub(super) fn qualifiers(all: &mut Vec<Qualifier>, sides: &mut Sides) {
    let keys = sides.both().map(|(facts, numbers)| {
        let keyed = used(&facts.qualifiers, &numbers.qualifiers)
            .map(|(number, qualifier)| (number, qualifier_now(qualifier, numbers)));
        keyed.collect::<Vec<(u32, Qualifier)>>()
    });
    let maps = sides.numbers_mut().map(|numbers| &mut numbers.qualifiers);
    *all = merge(keys, maps, Ord::cmp);
}

fn qualifier_now(qualifier: &Qualifier, numbers: &Numbers) -> Qualifier {
    let own = |id: StringId| numbers.strings.of_any_record(id);
    let relatives = qualifier.relatives.iter().filter_map(|relative| {
        Some(Relative { anchor: numbers.target(relative.anchor)?, ..*relative })
    });
    let period = qualifier.period.and_then(|period| Numbers::of(&numbers.periods, period.0));
    let citation = qualifier.citation.and_then(|id| Numbers::of(&numbers.citations, id.0));
    Qualifier {
        status: qualifier.status,
        period: period.map(TimeRank),
        citation: citation.map(CitationId),
        note: qualifier.note.and_then(own),
        quote: qualifier.quote.and_then(own),
        language: qualifier.language.and_then(|id| numbers.common_text(id)),
        relatives: relatives.collect(),
    }
}
