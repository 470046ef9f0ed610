//! The order of rows: by own date and identifier, or by keys; and where it is not certain.

use super::Evaluator;
use super::found::{Found, FoundValue};
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::Match;
use crate::query::expression::{Claims, End, Path, Query, Rows};
use crate::query::ids::Ids;
use crate::query::operators::{Direction, ValuePart};
use crate::time::Bounds;
use std::cmp::Ordering;

/// What a row is sorted by; what is unknown or not recorded comes last in either direction.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Key {
    Time(Bounds),
    Number(f64, f64),
    Text(String),
    Missing,
}

impl Key {
    /// Compares with the least first.
    pub(super) fn ascending(&self, other: &Key) -> Ordering {
        self.compare(other, Direction::Ascending)
    }

    pub(super) fn compare(&self, other: &Key, direction: Direction) -> Ordering {
        let ordering = match (self, other) {
            (Key::Missing, Key::Missing) => return Ordering::Equal,
            (Key::Missing, _) => return Ordering::Greater,
            (_, Key::Missing) => return Ordering::Less,
            (Key::Time(one), Key::Time(two)) => one.cmp(two),
            (Key::Number(one, most), Key::Number(two, other)) => {
                one.total_cmp(two).then(most.total_cmp(other))
            }
            (Key::Text(one), Key::Text(two)) => one.cmp(two),
            // Keys of one path are of one kind.
            _ => Ordering::Equal,
        };
        match direction {
            Direction::Ascending => ordering,
            Direction::Descending => ordering.reverse(),
        }
    }
}

/// Compares two rows by the first of their keys that differ.
pub(super) fn by_keys(one: &[(Key, Direction)], two: &[(Key, Direction)]) -> Ordering {
    one.iter()
        .zip(two)
        .map(|((one, direction), (two, _))| one.compare(two, *direction))
        .find(|ordering| ordering.is_ne())
        .unwrap_or(Ordering::Equal)
}

impl Evaluator<'_> {
    /// Returns records in the order of the query.
    pub(super) fn in_order(&self, query: &Query, ids: &Ids) -> Result<Vec<u32>, IndexError> {
        // Records are numbered by the dates that hold; a clause may take others.
        if query.order.is_empty() && self.lens.claims().is_plain() {
            let is_one_relation =
                matches!(&query.rows, Rows::Relations(relations) if relations.len() < 2);
            if is_one_relation {
                return Ok(ids.iter().collect());
            }
        }
        // Rows whose own date a clause takes no notice of stand as they would without it.
        let is_plain = self.lens.claims().is_plain();
        let unclaimed = (!is_plain).then(|| Evaluator::new(self.index, Claims::default()));
        let mut keyed = Vec::with_capacity(ids.len());
        for id in ids.iter() {
            self.step()?;
            let mut keys = Vec::with_capacity(query.order.len() + 2);
            for key in &query.order {
                let found = self.term_key(&key.term, key.direction, &[Some(id)])?;
                keys.push((found, key.direction));
            }
            for evaluator in std::iter::once(self).chain(&unclaimed) {
                let own = evaluator.own_key(EntityId(id))?;
                keys.push((own, Direction::Ascending));
            }
            keyed.push((keys, id));
        }
        let relation = |id: Option<u32>| id.and_then(|id| self.index.relation_of(EntityId(id)));
        let is_one_relation = relation(ids.iter().min()) == relation(ids.iter().max());
        let mut failed = None;
        keyed.sort_by(|(one, left), (two, right)| {
            by_keys(one, two).then_with(|| match is_one_relation {
                // Within a relation numbers are given by own date, then identifier.
                true => left.cmp(right),
                false => self.by_identifier(*left, *right, &mut failed),
            })
        });
        match failed {
            Some(error) => Err(error),
            None => Ok(keyed.into_iter().map(|(_, id)| id).collect()),
        }
    }

    fn by_identifier(&self, left: u32, right: u32, failed: &mut Option<IndexError>) -> Ordering {
        match (self.index.id_of(EntityId(left)), self.index.id_of(EntityId(right))) {
            (Ok(one), Ok(two)) => one.cmp(&two).then(left.cmp(&right)),
            (Err(error), _) | (_, Err(error)) => {
                *failed = Some(error);
                Ordering::Equal
            }
        }
    }

    /// Returns what a record is sorted by: of several values the one that comes first.
    pub(super) fn path_key(
        &self,
        path: &Path,
        direction: Direction,
        row: EntityId,
    ) -> Result<Key, IndexError> {
        let part = path.part();
        let mut best = Key::Missing;
        for found in self.values(path, row)? {
            let next = self.key_of(&found, part)?;
            if next.compare(&best, direction) == Ordering::Less {
                best = next;
            }
        }
        Ok(best)
    }

    /// Returns the key that a value is sorted by.
    pub(super) fn key_of(&self, found: &Found, part: ValuePart) -> Result<Key, IndexError> {
        if let Some((least, greatest, _)) = self.number(found, part)? {
            return Ok(Key::Number(least, greatest));
        }
        let times = self.times(found, part)?;
        if let Some(bounds) =
            times.iter().map(|value| value.bounds()).reduce(|one, two| one.hull(&two))
        {
            return Ok(Key::Time(bounds));
        }
        Ok(match found.value {
            FoundValue::Unknown | FoundValue::None => Key::Missing,
            FoundValue::Entity(entity) => {
                let name = self.index.name_of(entity)?.map(str::to_owned);
                let shown = match name {
                    Some(name) => name,
                    None => self.index.id_of(entity)?.into_owned(),
                };
                Key::Text(crate::suggest::fold(&shown))
            }
            _ => self
                .text_of(found)?
                .map_or(Key::Missing, |text| Key::Text(crate::suggest::fold(&text))),
        })
    }

    /// Returns what a record is sorted by where nothing else is asked for.
    pub(super) fn own_key(&self, row: EntityId) -> Result<Key, IndexError> {
        let Some(field) = self.own_field(row) else { return Ok(Key::Missing) };
        let path = Path { steps: Vec::new(), end: End::whole(vec![field]), written: String::new() };
        let mut bounds: Option<Bounds> = None;
        for found in self.values(&path, row)? {
            for value in self.times(&found, ValuePart::Whole)? {
                let next = value.bounds();
                bounds = Some(bounds.map_or(next, |before| before.min(next)));
            }
        }
        Ok(bounds.map_or(Key::Missing, Key::Time))
    }

    /// Tells for each row whether its place among the others is uncertain: its date may come on either side of
    /// another's.
    pub(super) fn uncertain_places(
        &self,
        query: &Query,
        rows: &[u32],
    ) -> Result<Vec<bool>, IndexError> {
        let mut dated: Vec<(Bounds, usize)> = Vec::with_capacity(rows.len());
        for (place, id) in rows.iter().enumerate() {
            let key = match query.order.first() {
                Some(key) => self.term_key(&key.term, key.direction, &[Some(*id)])?,
                None => self.own_key(EntityId(*id))?,
            };
            if let Key::Time(bounds) = key {
                dated.push((bounds, place));
            }
        }
        Ok(uncertain_among(dated, rows.len()))
    }
}

/// Tells for each of some rows whether its date may come on either side of another's; dates with the places of their
/// rows.
pub(super) fn uncertain_among(mut dated: Vec<(Bounds, usize)>, rows: usize) -> Vec<bool> {
    dated.sort_unstable();
    let mut uncertain = vec![false; rows];
    let mut mark = |place: usize| {
        if let Some(mark) = uncertain.get_mut(place) {
            *mark = true;
        }
    };
    // Two rows can change places if their reaches touch, unless both are known to the day.
    let mut latest: Option<(Bounds, Option<Bounds>)> = None;
    for (bounds, place) in &dated {
        if let Some((any, vague)) = &latest {
            let reaches = |other: &Bounds| other.latest_end >= bounds.earliest_start;
            let against = if bounds.is_exact() { vague.as_ref() } else { Some(any) };
            if against.is_some_and(reaches) {
                mark(*place);
            }
        }
        let later =
            |one: Bounds, two: Bounds| if two.latest_end > one.latest_end { two } else { one };
        latest = Some(match latest {
            None => (*bounds, (!bounds.is_exact()).then_some(*bounds)),
            Some((any, vague)) => {
                let vague = match (vague, bounds.is_exact()) {
                    (vague, true) => vague,
                    (None, false) => Some(*bounds),
                    (Some(before), false) => Some(later(before, *bounds)),
                };
                (later(any, *bounds), vague)
            }
        });
    }
    let mut next_any: Option<Bounds> = None;
    let mut next_vague: Option<Bounds> = None;
    for (bounds, place) in dated.iter().rev() {
        let against = if bounds.is_exact() { &next_vague } else { &next_any };
        if against.is_some_and(|other| other.earliest_start <= bounds.latest_end) {
            mark(*place);
        }
        next_any = Some(*bounds);
        if !bounds.is_exact() {
            next_vague = Some(*bounds);
        }
    }
    uncertain
}

/// Says that a limit leaves out rows that might as well stand before the last, where it does: of each row is given
/// whether its place is uncertain.
pub(super) fn cut_between(query: &Query, uncertain: &[bool], matched: Match) -> Option<String> {
    let most = query.limit?;
    let last = usize::try_from(most).ok()?.checked_sub(1)?;
    let rows = matched.word();
    match uncertain.get(last..)? {
        [true, true, ..] => Some(format!(
            "`limit {most}` cuts between {rows} rows whose order is not certain (`≈`)"
        )),
        _ => None,
    }
}
