//! The distinct dates and periods of all pieces get their ranks.

use super::tables::{in_order, ranks};
use super::used::those;
use super::{Renumbering, at};
use crate::model::{DatedText, Facts};
use crate::resolve::facts::intern::Interner;
use crate::resolve::facts::packed::Together;
use crate::resolve::facts::unit::PieceFacts;
use crate::resolve::facts::used::Used;
use crate::time::{PackedDate, Role, Settings, Value};
use bytemuck::Zeroable;
use rayon::prelude::*;

/// The distinct dates, or periods, of all pieces, ranked by their bounds, then by their text.
pub(super) struct RankedTimes<'t> {
    role: Role,
    /// So many pieces make up a share.
    share: usize,
    /// By share.
    shares: Vec<Written<'t>>,
    /// By share: the numbers of its own among all.
    maps: Vec<Maps>,
    times: Vec<(&'t str, PackedDate)>,
    /// By number of those that others place: the number among all.
    placed: Vec<u32>,
    /// By number among all.
    ranks: Vec<u32>,
}

impl<'t> RankedTimes<'t> {
    /// Ranks those that are used.
    pub(super) fn of(parts: &'t [PieceFacts], used: &[Used], role: Role) -> RankedTimes<'t> {
        // Most texts come in many pieces: each core finds the distinct ones of a share of the pieces.
        let share = parts.len().div_ceil(rayon::current_num_threads()).max(1);
        let shares = parts.par_chunks(share).zip(used.par_chunks(share));
        let shares = shares.map(|(parts, used)| Written::of(parts, used, role));
        let shares: Vec<Written<'_>> = shares.collect();
        let mut all = Distinct::default();
        let maps: Vec<Maps> = shares.iter().map(|share| all.add(&share.distinct)).collect();
        let (times, placed) = all.with_bounds(role);
        let ranks = ranks(times.len(), |one, other| {
            let key = |place: usize| times.get(place).map(|(text, time)| (time.bounds(), *text));
            key(one).cmp(&key(other))
        });
        RankedTimes { role, share, shares, maps, times, placed, ranks }
    }

    /// Adds them to all facts, and gives the pieces' own their ranks.
    pub(super) fn add_to(self, facts: &mut Facts, renumberings: &mut [Renumbering]) {
        let RankedTimes { role, share, shares, maps, times, placed, ranks } = self;
        let Facts { strings, dates, periods, .. } = facts;
        let table = match role {
            Role::Moment => dates,
            Role::Period => periods,
        };
        table.reserve_exact(times.len());
        for place in in_order(&ranks) {
            if let Some((text, bounds)) = times.get(place) {
                table.push(DatedText { bounds: *bounds, text: strings.add(text) });
            }
        }
        let renumberings = renumberings.par_chunks_mut(share);
        let shares = shares.into_par_iter().zip(maps).zip(renumberings);
        shares.for_each(|((mut share, maps), renumberings)| {
            let rank_of = |number: &u32| at(&ranks, *number);
            let plain_ranks: Vec<u32> = maps.texts.iter().map(rank_of).collect();
            let placed_ranks: Vec<u32> =
                maps.placed.iter().map(|number| rank_of(&at(&placed, *number))).collect();
            for number in &mut share.numbers {
                *number = match *number & PLACED {
                    0 => at(&plain_ranks, *number),
                    _ => at(&placed_ranks, *number & !PLACED),
                };
            }
            let of_parts = Together::cut(share.numbers, share.lengths.into_iter());
            for (renumbering, numbers) in renumberings.iter_mut().zip(of_parts) {
                *renumbering.times_mut(role) = numbers;
            }
        });
    }
}

/// The bit of a number that says that it is one of those that other records place.
const PLACED: u32 = 1 << 31;

/// Distinct dates or periods, numbered as they come.
#[derive(Default)]
struct Distinct<'t> {
    texts: Interner<&'t str>,
    /// What other records place may mean other days than its text does alone.
    placed: Interner<(&'t str, PackedDate)>,
}

/// The numbers that some have among all.
struct Maps {
    texts: Vec<u32>,
    placed: Vec<u32>,
}

impl<'t> Distinct<'t> {
    fn add(&mut self, others: &Distinct<'t>) -> Maps {
        let texts = others.texts.items().iter().map(|text| self.texts.number(*text).0);
        let placed = others.placed.items().iter().map(|placed| self.placed.number(*placed).0);
        Maps { texts: texts.collect(), placed: placed.collect() }
    }

    /// Returns all with what they mean; and for each of those that others place, where it stands among them.
    fn with_bounds(&self, role: Role) -> (Vec<(&'t str, PackedDate)>, Vec<u32>) {
        let read = |text: &&'t str| {
            let value = Value::read(text, role, &Settings::DEFAULT).ok();
            // Whatever stands here was read before.
            (*text, value.map_or_else(Zeroable::zeroed, |value| value.packed()))
        };
        let mut times: Vec<(&str, PackedDate)> = self.texts.items().par_iter().map(read).collect();
        let mut placed = Vec::with_capacity(self.placed.items().len());
        for (text, bounds) in self.placed.items() {
            // What is placed and not narrowed is no other than what is not placed.
            let alike = self.texts.find(*text).ok().filter(|number| {
                times.get(*number as usize).is_some_and(|(_, plain)| plain == bounds)
            });
            placed.push(alike.unwrap_or(times.len() as u32));
            if alike.is_none() {
                times.push((*text, *bounds));
            }
        }
        (times, placed)
    }
}

/// The distinct dates or periods of some pieces.
struct Written<'t> {
    distinct: Distinct<'t>,
    /// By piece, and by its own number: the number among the distinct ones, with [`PLACED`].
    numbers: Vec<u32>,
    /// By piece: how many there are.
    lengths: Vec<usize>,
}

impl<'t> Written<'t> {
    fn of(parts: &'t [PieceFacts], used: &[Used], role: Role) -> Written<'t> {
        let mut distinct = Distinct::default();
        let lengths: Vec<usize> = parts.iter().map(|part| part.times(role).len()).collect();
        let mut numbers = vec![0; lengths.iter().sum()];
        let mut rest = &mut *numbers;
        for (part, used) in parts.iter().zip(used) {
            let table = part.times(role);
            let numbers = rest.split_off_mut(..table.len()).unwrap_or_default();
            for (number, text) in those(table.texts(), used.times(role)) {
                let text = part.texts.get(*text);
                let place = match table.placed(number) {
                    None => distinct.texts.number(text).0,
                    Some(bounds) => distinct.placed.number((text, bounds)).0 | PLACED,
                };
                if let Some(slot) = numbers.get_mut(number as usize) {
                    *slot = place;
                }
            }
        }
        Written { distinct, numbers, lengths }
    }
}
