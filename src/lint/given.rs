//! Which names are given with the time of their use.
//!
//! In: facts. Out: what has to be known to look for such names in texts, and which names of a file tell on it.

use super::columns::{KeptColumns, fields_with, period_of, text_of};
use super::names::automaton;
use crate::index::{DatedName, NameOfTime, NamesInUse};
use crate::model::{EntityId, Facts, FieldRole, Statement, TimeRank};
use crate::source::content_hash;
use std::collections::{BTreeMap, BTreeSet};

/// Where a name is given, and when it was in use.
struct Usage {
    statement: Statement,
    period: TimeRank,
}

/// By text: where the name is given with the time of its use.
type Usages<'f> = BTreeMap<&'f str, Vec<Usage>>;

fn usages<'f>(facts: &'f Facts, columns: &KeptColumns<'_>) -> Usages<'f> {
    let mut usages = Usages::new();
    if facts.qualifiers.iter().all(|qualifier| qualifier.period.is_none()) {
        return usages;
    }
    for statement in name_statements(facts, columns) {
        if let Some(period) = period_of(facts, statement) {
            let of_text = usages.entry(text_of(facts, statement)).or_default();
            of_text.push(Usage { statement: *statement, period });
        }
    }
    usages
}

/// Finds the names that are given with the time of their use.
pub fn names_in_use(facts: &Facts) -> NamesInUse {
    let columns = KeptColumns::new(facts);
    let mut usages = usages(facts, &columns);
    if usages.is_empty() {
        return NamesInUse::default();
    }
    let given: Vec<String> = usages.keys().map(|text| (*text).to_owned()).collect();
    let all = all_names(facts, &columns);
    let undated = name_statements(facts, &columns).filter(|each| period_of(facts, each).is_none());
    for text in undated.map(|each| text_of(facts, each)) {
        usages.remove(text);
    }
    for name in facts.records.iter().filter_map(|record| record.name) {
        usages.remove(facts.strings.get(name));
    }
    let texts: Vec<&str> = usages.keys().copied().collect();
    // Where there are too many to look for, none is looked for.
    let Some(dated) = automaton(&texts) else {
        return NamesInUse { given, ..NamesInUse::default() };
    };
    let longer: BTreeSet<&str> = all
        .map(|name| name.text)
        .filter(|text| !usages.contains_key(text) && dated.is_match(*text))
        .collect();
    let longer = longer.into_iter().map(str::to_owned).collect();
    let dated =
        usages.iter().filter_map(|(text, usages)| dated_name(facts, &columns, text, usages));
    NamesInUse { given, dated: dated.collect(), longer }
}

/// Returns what is known of such names once some files have changed, of which these are the facts; `known` is what was
/// known before. Nothing where that does not tell it: a name is given so that was not, or more is said of one than in
/// which line it stands, or it stands in other files as well.
pub fn names_still_in_use(
    facts: &Facts,
    known: &NamesInUse,
    is_changed: impl Fn(&str) -> bool,
) -> Option<NamesInUse> {
    let columns = KeptColumns::new(facts);
    let usages = usages(facts, &columns);
    let is_given =
        |text: &str| known.given.binary_search_by(|given| given.as_str().cmp(text)).is_ok();
    if !usages.keys().all(|text| is_given(text)) {
        return None;
    }
    let now = |name: &DatedName| {
        let usages = usages.get(name.text.as_str());
        let changed = name.files.iter().filter(|path| is_changed(path)).count();
        match usages {
            None => (changed == 0).then(|| name.clone()),
            Some(_) if changed != name.files.len() => None,
            Some(usages) => dated_name(facts, &columns, &name.text, usages)
                .filter(|now| now.says_the_same(name)),
        }
    };
    let dated = known.dated.iter().map(now).collect::<Option<_>>()?;
    Some(NamesInUse { dated, ..known.clone() })
}

fn dated_name(
    facts: &Facts,
    columns: &KeptColumns<'_>,
    text: &str,
    usages: &[Usage],
) -> Option<DatedName> {
    let reach = |period: TimeRank| {
        let period = facts.periods.get(period.index())?;
        Some(period.bounds.bounds().reach().into())
    };
    let first = usages.first()?;
    let record = facts.records.get(first.statement.entity.index())?;
    let path_of = |usage: &Usage| {
        let record = facts.records.get(usage.statement.entity.index())?;
        Some(facts.files.get(record.file as usize)?.path.clone())
    };
    let files: BTreeSet<String> = usages.iter().filter_map(path_of).collect();
    let roles = [FieldRole::Name, FieldRole::Also];
    let fields = roles.map(|role| facts.schema.field_with_role(record.relation, role));
    let of_record = |entity: EntityId| {
        let fields = fields.into_iter().flatten();
        fields.flat_map(move |field| columns.of_record(field, entity))
    };
    let others = of_record(first.statement.entity).filter(|each| each.value.is_known());
    let others = others.filter_map(|each| {
        let in_use = reach(period_of(facts, each)?)?;
        Some(NameOfTime { text: text_of(facts, each).to_owned(), in_use })
    });
    Some(DatedName {
        text: text.to_owned(),
        in_use: usages.iter().filter_map(|usage| reach(usage.period)).collect(),
        period: facts.strings.get(facts.periods.get(first.period.index())?.text).to_owned(),
        files: files.into_iter().collect(),
        place: (path_of(first)?, facts.line_of(&first.statement)),
        others: others.collect(),
        plain: record.name.map(|name| facts.strings.get(name).to_owned()),
    })
}

/// Returns the hashes of the names that are among some or in which one of them stands, each with its file, in order. A
/// name that has the time of its use is another one than without it. Nothing where there are too many to look for.
pub fn names_bearing(facts: &Facts, some: &[String]) -> Option<Vec<(u32, u64)>> {
    if some.is_empty() {
        return Some(Vec::new());
    }
    let some: Vec<&str> = some.iter().map(String::as_str).collect();
    let some = automaton(&some)?;
    let columns = KeptColumns::new(facts);
    let bearing = all_names(facts, &columns).filter(|name| some.is_match(name.text));
    let bearing = bearing.filter_map(|name| {
        let record = facts.records.get(name.of.index())?;
        let hash = content_hash(name.text.as_bytes());
        Some((record.file, if name.is_dated { !hash } else { hash }))
    });
    let bearing: BTreeSet<(u32, u64)> = bearing.collect();
    Some(bearing.into_iter().collect())
}

/// A name of a record.
struct Name<'f> {
    of: EntityId,
    text: &'f str,
    is_dated: bool,
}

fn all_names<'c>(facts: &'c Facts, columns: &'c KeptColumns<'_>) -> impl Iterator<Item = Name<'c>> {
    let said = name_statements(facts, columns);
    let said = said.map(|statement| Name {
        of: statement.entity,
        text: text_of(facts, statement),
        is_dated: period_of(facts, statement).is_some(),
    });
    let records = (0..).map(EntityId).zip(&facts.records);
    let headers = records.filter_map(|(of, record)| {
        Some(Name { of, text: facts.strings.get(record.name?), is_dated: false })
    });
    said.chain(headers)
}

fn name_statements<'c>(
    facts: &'c Facts,
    columns: &'c KeptColumns<'_>,
) -> impl Iterator<Item = &'c Statement> {
    fields_with(facts, |field| matches!(field.role, FieldRole::Name | FieldRole::Also))
        .flat_map(|(field, _)| columns.of(field))
        .filter(|statement| statement.value.is_known())
}
