//! The four bounds of a value, and their fixed-width form for columns.

use bytemuck::{Pod, Zeroable};

use super::day::DayNumber;
use super::stretch::Stretch;

/// When something may have begun and ended: four days, in order.
///
/// Historians know them in pairs: the earliest start is a *terminus post quem*, the latest end a
/// *terminus ante quem*. Always `earliest_start <= latest_start <= latest_end` and
/// `earliest_start <= earliest_end <= latest_end`. For a moment, start and end are one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bounds {
    /// It cannot have begun before this day.
    pub earliest_start: DayNumber,
    /// It had begun by the end of this day.
    pub latest_start: DayNumber,
    /// It had not ended before this day.
    pub earliest_end: DayNumber,
    /// It cannot have lasted beyond this day.
    pub latest_end: DayNumber,
}

impl Bounds {
    /// Nothing is known.
    pub const UNKNOWN: Bounds = Bounds {
        earliest_start: DayNumber::OPEN_PAST,
        latest_start: DayNumber::OPEN_FUTURE,
        earliest_end: DayNumber::OPEN_PAST,
        latest_end: DayNumber::OPEN_FUTURE,
    };

    /// Makes the bounds of what begins within one stretch and ends, no earlier, within another.
    ///
    /// The later start and the earlier end are drawn in to what the other side allows. `None` if
    /// it could only end before it begins.
    pub fn from_to(starts: Stretch, ends: Stretch) -> Option<Bounds> {
        (starts.first() <= ends.last()).then(|| Bounds {
            earliest_start: starts.first(),
            latest_start: starts.last().min(ends.last()),
            earliest_end: ends.first().max(starts.first()),
            latest_end: ends.last(),
        })
    }

    /// Makes the bounds of something within a stretch, however short.
    pub fn within(stretch: Stretch) -> Bounds {
        Bounds {
            earliest_start: stretch.first(),
            latest_start: stretch.last(),
            earliest_end: stretch.first(),
            latest_end: stretch.last(),
        }
    }

    /// Makes the bounds of exactly a stretch, from its first day to its last.
    pub fn exactly(stretch: Stretch) -> Bounds {
        Bounds {
            earliest_start: stretch.first(),
            latest_start: stretch.first(),
            earliest_end: stretch.last(),
            latest_end: stretch.last(),
        }
    }

    /// Returns the days on which it may begin.
    pub fn starts(&self) -> Stretch {
        Stretch::between(self.earliest_start, self.latest_start)
    }

    /// Returns the days on which it may end.
    pub fn ends(&self) -> Stretch {
        Stretch::between(self.earliest_end, self.latest_end)
    }

    /// Returns every day that it may touch.
    pub fn reach(&self) -> Stretch {
        Stretch::between(self.earliest_start, self.latest_end)
    }

    /// Tells whether it is at least as fine as the other: start and end lie within the other's.
    pub fn is_within(&self, other: &Bounds) -> bool {
        other.earliest_start <= self.earliest_start
            && self.latest_start <= other.latest_start
            && other.earliest_end <= self.earliest_end
            && self.latest_end <= other.latest_end
    }

    /// Returns the bounds that hold whichever of the two is meant.
    pub fn hull(&self, other: &Bounds) -> Bounds {
        Bounds {
            earliest_start: self.earliest_start.min(other.earliest_start),
            latest_start: self.latest_start.max(other.latest_start),
            earliest_end: self.earliest_end.min(other.earliest_end),
            latest_end: self.latest_end.max(other.latest_end),
        }
    }

    /// Returns what both allow; `None` if nothing is left.
    pub fn intersection(&self, other: &Bounds) -> Option<Bounds> {
        let starts = self.starts().intersection(other.starts())?;
        let ends = self.ends().intersection(other.ends())?;
        let both = Bounds::from_to(starts, ends)?;
        let in_order =
            both.earliest_start <= both.latest_start && both.earliest_end <= both.latest_end;
        in_order.then_some(both)
    }

    /// Tells whether two values surely stand in the order of their keys: the one starts before
    /// the other whatever the days, or both start on one known day and so it is with their ends.
    pub fn order_is_certain(&self, other: &Bounds) -> bool {
        let apart =
            |one: Stretch, other: Stretch| one.last() < other.first() || other.last() < one.first();
        let same = |one: Stretch, other: Stretch| one == other && one.first() == one.last();
        let (starts, other_starts) = (self.starts(), other.starts());
        let (ends, other_ends) = (self.ends(), other.ends());
        apart(starts, other_starts)
            || (same(starts, other_starts) && (apart(ends, other_ends) || same(ends, other_ends)))
    }

    /// Tells whether start and end are known to the day.
    pub fn is_exact(&self) -> bool {
        self.earliest_start == self.latest_start && self.earliest_end == self.latest_end
    }
}

/// Bounds and what else a column must know of a value, in 40 bytes read in place.
///
/// Layout: four little-endian Rata Die numbers of 64 bits in the order of the fields of
/// [`Bounds`], 32 bits of flags, 32 bits reserved and 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Pod, Zeroable)]
#[repr(C)]
pub struct PackedDate {
    /// The earliest start, as a Rata Die number.
    pub earliest_start: i64,
    /// The latest start.
    pub latest_start: i64,
    /// The earliest end.
    pub earliest_end: i64,
    /// The latest end.
    pub latest_end: i64,
    /// The bits of [`Flags`].
    pub flags: u32,
    /// Nothing; 0.
    pub reserved: u32,
}

impl PackedDate {
    /// Packs bounds and flags.
    pub fn new(bounds: Bounds, flags: Flags) -> PackedDate {
        PackedDate {
            earliest_start: bounds.earliest_start.rata_die(),
            latest_start: bounds.latest_start.rata_die(),
            earliest_end: bounds.earliest_end.rata_die(),
            latest_end: bounds.latest_end.rata_die(),
            flags: flags.bits(),
            reserved: 0,
        }
    }

    /// Returns the bounds; of a value with alternatives, their hull.
    pub fn bounds(&self) -> Bounds {
        Bounds {
            earliest_start: DayNumber::from_rata_die(self.earliest_start),
            latest_start: DayNumber::from_rata_die(self.latest_start),
            earliest_end: DayNumber::from_rata_die(self.earliest_end),
            latest_end: DayNumber::from_rata_die(self.latest_end),
        }
    }

    /// Returns the flags.
    pub fn flags(&self) -> Flags {
        Flags::from_bits(self.flags)
    }
}

/// What is to be known of a value beside its bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u32);

impl Flags {
    /// It is a moment: its start and its end are the same day.
    pub const MOMENT: Flags = Flags(1);
    /// It is doubted (`?` or `%`).
    pub const DOUBTED: Flags = Flags(1 << 1);
    /// It is approximate (`~` or `%`).
    pub const APPROXIMATE: Flags = Flags(1 << 2);
    /// The bounds are only the hull of alternatives: the text must be read to judge exactly.
    pub const ALTERNATIVES: Flags = Flags(1 << 3);
    /// It is written in the Julian calendar, in part at least.
    pub const JULIAN: Flags = Flags(1 << 4);
    /// The text names several values, an all-of set, of which these are the hull.
    pub const SEVERAL: Flags = Flags(1 << 5);

    /// Returns the flags as they are stored.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Takes flags as they are stored; bits that mean nothing are kept.
    pub const fn from_bits(bits: u32) -> Flags {
        Flags(bits)
    }

    /// Tells whether all of the flags are set.
    pub const fn has(self, flags: Flags) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// Returns both.
    #[must_use]
    pub const fn with(self, flags: Flags) -> Flags {
        Flags(self.0 | flags.0)
    }
}
