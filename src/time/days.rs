//! The days on which a moment may have been.
//!
//! A stretch, or stretches with gaps, or the days that fit a mask. All questions are answered
//! from "the next possible day on or after", so that no set is ever listed.

use super::day::DayNumber;
use super::mask::MaskedDays;
use super::stretch::Stretch;

/// Possible days; never none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DaySet {
    Stretch(Stretch),
    /// In order, with a gap between each two.
    Stretches(Box<[Stretch]>),
    Masked(MaskedDays),
}

impl DaySet {
    /// Joins stretches in any order; `None` if there are none.
    pub(super) fn from_stretches(mut stretches: Vec<Stretch>) -> Option<DaySet> {
        stretches.sort_unstable_by_key(|stretch| (stretch.first(), stretch.last()));
        let mut joined: Vec<Stretch> = Vec::with_capacity(stretches.len());
        for stretch in stretches {
            match joined.last_mut() {
                Some(last) if stretch.first() <= last.last().next() => *last = last.hull(stretch),
                _ => joined.push(stretch),
            }
        }
        match joined.as_slice() {
            [] => None,
            [only] => Some(DaySet::Stretch(*only)),
            _ => Some(DaySet::Stretches(joined.into())),
        }
    }

    pub(super) fn first(&self) -> DayNumber {
        self.next(DayNumber::OPEN_PAST).unwrap_or(DayNumber::OPEN_PAST)
    }

    pub(super) fn last(&self) -> DayNumber {
        self.previous(DayNumber::OPEN_FUTURE).unwrap_or(DayNumber::OPEN_FUTURE)
    }

    pub(super) fn hull(&self) -> Stretch {
        Stretch::between(self.first(), self.last())
    }

    /// The first possible day on or after a day.
    pub(super) fn next(&self, day: DayNumber) -> Option<DayNumber> {
        match self {
            DaySet::Stretch(stretch) => (day <= stretch.last()).then(|| day.max(stretch.first())),
            DaySet::Stretches(stretches) => {
                let place = stretches.partition_point(|stretch| stretch.last() < day);
                stretches.get(place).map(|stretch| day.max(stretch.first()))
            }
            DaySet::Masked(masked) => masked.next(day),
        }
    }

    /// The last possible day on or before a day.
    pub(super) fn previous(&self, day: DayNumber) -> Option<DayNumber> {
        match self {
            DaySet::Stretch(stretch) => (day >= stretch.first()).then(|| day.min(stretch.last())),
            DaySet::Stretches(stretches) => {
                let after = stretches.partition_point(|stretch| stretch.first() <= day);
                let stretch = stretches.get(after.checked_sub(1)?)?;
                Some(day.min(stretch.last()))
            }
            DaySet::Masked(masked) => masked.previous(day),
        }
    }

    /// Tells whether some possible day lies in a stretch.
    pub(super) fn meets(&self, stretch: Stretch) -> bool {
        self.next(stretch.first()).is_some_and(|day| day <= stretch.last())
    }

    /// Tells whether all these sets have a day in common.
    pub(super) fn share_a_day(sets: &[&DaySet]) -> bool {
        let mut day = DayNumber::OPEN_PAST;
        loop {
            let before = day;
            for set in sets {
                match set.next(day) {
                    None => return false,
                    Some(next) => day = next,
                }
            }
            // A whole round moved nothing: every set has this day.
            if day == before {
                return true;
            }
        }
    }

    /// Tells whether some possible day of `other` is the day after one of these.
    pub(super) fn is_followed_by(&self, other: &DaySet) -> bool {
        // The open ends are no days and have no neighbours.
        let mut day = DayNumber::EARLIEST;
        while let Some(one) = self.next(day)
            && let Some(next) = other.next(one.next())
            && next.is_a_day()
        {
            if next == one.next() {
                return true;
            }
            day = next.previous();
        }
        false
    }

    /// Only the days within a stretch; `None` if there are none.
    pub(super) fn clip(&self, window: Stretch) -> Option<DaySet> {
        match self {
            DaySet::Stretch(stretch) => stretch.intersection(window).map(DaySet::Stretch),
            DaySet::Stretches(stretches) => DaySet::from_stretches(
                stretches.iter().filter_map(|stretch| stretch.intersection(window)).collect(),
            ),
            DaySet::Masked(masked) => masked.clip(window).map(DaySet::Masked),
        }
    }

    /// The stretches without gaps, in order.
    pub(super) fn stretches(&self) -> Box<dyn Iterator<Item = Stretch> + '_> {
        match self {
            DaySet::Stretch(stretch) => Box::new(std::iter::once(*stretch)),
            DaySet::Stretches(stretches) => Box::new(stretches.iter().copied()),
            DaySet::Masked(masked) => Box::new(masked.runs()),
        }
    }

    pub(super) fn has_gaps(&self) -> bool {
        !matches!(self, DaySet::Stretch(_))
    }
}
