//! Finds the one record that somebody names outside a query, as in `regesta show`.

use crate::diagnostic::{meant, one_of};
use crate::index::{Index, IndexError, NameKind};
use crate::model::EntityId;

/// Most records that a message lists.
const MOST_LISTED: usize = 10;

/// Finds a record by its identifier, its name or an alias, in this order, ignoring case; `relation@file:line` finds
/// one without identifier. Where there is none, or several of one rank, the message says what to ask instead.
pub fn record_named(index: &Index, name: &str) -> Result<Result<EntityId, String>, IndexError> {
    let name = name.trim();
    if let Some(entity) = index.find_id(name)? {
        return Ok(Ok(entity));
    }
    if let Some(entity) = placed_at(index, name)? {
        return Ok(Ok(entity));
    }
    let by_id = index.find_ids_ignoring_case(name)?;
    let names = index.find_names(name)?;
    let of_kind = |kind| {
        let mut found: Vec<EntityId> =
            names.iter().filter(|entry| entry.kind == kind).map(|entry| entry.entity).collect();
        found.dedup();
        found
    };
    for found in [by_id, of_kind(NameKind::Name), of_kind(NameKind::Also)] {
        match found.as_slice() {
            [] => {}
            [only] => return Ok(Ok(*only)),
            several => return ambiguous(index, name, several).map(Err),
        }
    }
    let near = index.near_names(name, None)?;
    let mut offers = Vec::new();
    for each in near.iter().take(3) {
        offers.push(index.id_of(each.entity)?);
    }
    let offer = match offers.is_empty() {
        true => String::from("`regesta query 'everything where text ~ \"…\"'` searches all words"),
        false => meant(&offers),
    };
    Ok(Err(format!("there is no record `{name}`; {offer}")))
}

fn ambiguous(index: &Index, name: &str, several: &[EntityId]) -> Result<String, IndexError> {
    let mut ids = Vec::new();
    for entity in several.iter().take(MOST_LISTED) {
        ids.push(index.id_of(*entity)?);
    }
    let more = match several.len() > MOST_LISTED {
        true => format!(" ({} in all)", several.len()),
        false => String::new(),
    };
    Ok(format!("`{name}` fits several records{more}: ask for {}", one_of(&ids)))
}

/// Finds the record without identifier that `relation@file:line` stands for.
fn placed_at(index: &Index, name: &str) -> Result<Option<EntityId>, IndexError> {
    let Some((relation, _)) = name.split_once('@') else { return Ok(None) };
    let Some(relation) = index.schema().relation_named(relation) else { return Ok(None) };
    for record in index.records_of(relation) {
        let entity = EntityId(record);
        if index.written_id_of(entity)?.is_none() && index.id_of(entity)? == name {
            return Ok(Some(entity));
        }
    }
    Ok(None)
}
