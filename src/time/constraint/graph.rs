//! Variables, and the arcs that move one day to the least day of another.

use super::super::day::DayNumber;
use super::LinkId;

/// The start (even) or the end (odd) of a value; a moment uses the even one for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Variable(pub(super) u32);

impl Variable {
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}

/// Stands for an open end: further off than any date, and still a number that can be moved, so
/// that a circle among unknown dates shows itself by growing.
const FAR: i64 = 200_000_000_000_000_000;
/// Whatever lies beyond began at an open end.
const OPEN: i64 = FAR / 2;

pub(super) fn to_number(day: DayNumber) -> i64 {
    day.rata_die().clamp(-FAR, FAR)
}

pub(super) fn to_day(number: i64) -> DayNumber {
    match number {
        _ if number < -OPEN => DayNumber::OPEN_PAST,
        _ if number > OPEN => DayNumber::OPEN_FUTURE,
        _ => DayNumber::from_rata_die(number),
    }
}

pub(super) fn is_open(number: i64) -> bool {
    !(-OPEN..=OPEN).contains(&number)
}

/// How a day is moved. Each way is monotone: a later day is never moved to an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    Days(i64),
    /// By calendar months.
    Months(i64),
}

/// `to` is at least `from`, moved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    pub(super) from: Variable,
    pub(super) to: Variable,
    pub(super) shift: Shift,
    pub(super) link: Option<LinkId>,
}

impl Arc {
    pub(super) fn new(from: Variable, to: Variable, shift: Shift, link: Option<LinkId>) -> Arc {
        Arc { from, to, shift, link }
    }

    /// The least day of `to`, given that of `from`.
    pub(super) fn forward(&self, least: i64) -> i64 {
        match self.shift {
            Shift::Days(days) => least.saturating_add(days),
            Shift::Months(months) => plus_months(least, months),
        }
    }

    /// The greatest day of `from`, given that of `to`.
    pub(super) fn backward(&self, greatest: i64) -> i64 {
        match self.shift {
            Shift::Days(days) => greatest.saturating_sub(days),
            Shift::Months(months) => {
                // Months differ by three days at most: the day is close to the plain way back.
                let mut day = plus_months(greatest, -months).saturating_add(4);
                while plus_months(day, months) > greatest {
                    day = day.saturating_sub(1);
                }
                day
            }
        }
    }

    /// How many days `to` is later than `from`, at the least.
    pub(super) fn least_days(&self) -> i64 {
        // 400 years are 4800 months and 146097 days; no count of months strays four days from it.
        let days = |months: i64| months.saturating_mul(146_097).div_euclid(4800);
        match self.shift {
            Shift::Days(days) => days,
            Shift::Months(months) => days(months) - 4,
        }
    }
}

fn plus_months(number: i64, months: i64) -> i64 {
    if is_open(number) {
        // No calendar reaches there; any steady month will do.
        return number.saturating_add(months.saturating_mul(30));
    }
    DayNumber::from_rata_die(number).plus_months(months).rata_die()
}

/// The arcs, to be found by either end.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    arcs: Vec<Arc>,
    leaving: Index,
    entering: Index,
}

/// For each variable the numbers of some arcs, one after another in a single list.
#[derive(Clone, Debug)]
struct Index {
    starts: Vec<u32>,
    arcs: Vec<u32>,
}

impl Index {
    fn new(variables: usize, arcs: &[Arc], key: impl Fn(&Arc) -> Variable) -> Index {
        let mut order: Vec<u32> = (0..arcs.len() as u32).collect();
        let key_of = |arc: &u32| arcs.get(*arc as usize).map_or(0, |arc| key(arc).0);
        order.sort_by_key(key_of);
        let mut starts = Vec::with_capacity(variables + 1);
        let mut next = 0;
        for variable in 0..=variables as u32 {
            while order.get(next).is_some_and(|arc| key_of(arc) < variable) {
                next += 1;
            }
            starts.push(next as u32);
        }
        Index { starts, arcs: order }
    }

    fn of(&self, variable: Variable) -> &[u32] {
        let place = variable.place();
        match (self.starts.get(place), self.starts.get(place + 1)) {
            (Some(start), Some(end)) => {
                self.arcs.get(*start as usize..*end as usize).unwrap_or_default()
            }
            _ => &[],
        }
    }
}

impl Graph {
    pub(super) fn new(variables: usize, arcs: Vec<Arc>) -> Graph {
        let leaving = Index::new(variables, &arcs, |arc| arc.from);
        let entering = Index::new(variables, &arcs, |arc| arc.to);
        Graph { arcs, leaving, entering }
    }

    pub(super) fn arc(&self, number: u32) -> Option<&Arc> {
        self.arcs.get(number as usize)
    }

    pub(super) fn arcs(&self) -> &[Arc] {
        &self.arcs
    }

    pub(super) fn leaving(&self, variable: Variable) -> impl Iterator<Item = (u32, &Arc)> {
        self.pick(self.leaving.of(variable))
    }

    pub(super) fn entering(&self, variable: Variable) -> impl Iterator<Item = (u32, &Arc)> {
        self.pick(self.entering.of(variable))
    }

    /// The number of the arc that leaves a variable in the given place of its list.
    pub(super) fn leaving_at(&self, variable: Variable, place: usize) -> Option<(u32, &Arc)> {
        let number = *self.leaving.of(variable).get(place)?;
        Some((number, self.arc(number)?))
    }

    fn pick<'g>(&'g self, numbers: &'g [u32]) -> impl Iterator<Item = (u32, &'g Arc)> {
        numbers.iter().filter_map(|number| Some((*number, self.arc(*number)?)))
    }

    /// The strongly connected parts, each before those that its arcs lead to; within a part the
    /// variables stand in the order of a walk in depth. (Tarjan 1972, without recursion.)
    pub(super) fn parts(&self, variables: usize) -> Vec<Vec<Variable>> {
        const UNSEEN: u32 = u32::MAX;
        let mut seen = vec![UNSEEN; variables];
        let mut low = vec![0_u32; variables];
        let mut waiting = vec![false; variables];
        let mut stack: Vec<Variable> = Vec::new();
        let mut walk: Vec<(Variable, usize)> = Vec::new();
        let mut parts = Vec::new();
        let mut count = 0;
        for root in (0..variables as u32).map(Variable) {
            if seen.get(root.place()) != Some(&UNSEEN) {
                continue;
            }
            walk.push((root, 0));
            while let Some((variable, arc_place)) = walk.pop() {
                let here = variable.place();
                if arc_place == 0 {
                    set(&mut seen, here, count);
                    set(&mut low, here, count);
                    set(&mut waiting, here, true);
                    stack.push(variable);
                    count += 1;
                }
                if let Some((_, arc)) = self.leaving_at(variable, arc_place) {
                    walk.push((variable, arc_place + 1));
                    let there = arc.to.place();
                    if get(&seen, there) == UNSEEN {
                        walk.push((arc.to, 0));
                    } else if get(&waiting, there) {
                        let lowest = get(&low, here).min(get(&seen, there));
                        set(&mut low, here, lowest);
                    }
                    continue;
                }
                if let Some((parent, _)) = walk.last() {
                    let lowest = get(&low, parent.place()).min(get(&low, here));
                    set(&mut low, parent.place(), lowest);
                }
                if get(&low, here) == get(&seen, here) {
                    let start = stack.iter().rposition(|member| *member == variable).unwrap_or(0);
                    let part = stack.split_off(start);
                    for member in &part {
                        set(&mut waiting, member.place(), false);
                    }
                    parts.push(part);
                }
            }
        }
        parts.reverse();
        parts
    }
}

/// Reads a table that has an entry for each variable.
pub(super) fn get<T: Copy + Default>(table: &[T], place: usize) -> T {
    table.get(place).copied().unwrap_or_default()
}

/// Writes such a table.
pub(super) fn set<T>(table: &mut [T], place: usize, value: T) {
    if let Some(entry) = table.get_mut(place) {
        *entry = value;
    }
}
