//! What one date says of days, without its text.
//!
//! In: what reckoning found. Out: the worlds it allows. A world picks one day for a moment, and
//! for a period a first and a last day, within one alternative. Judging is done elsewhere.

use std::borrow::Cow;

use super::bounds::{Bounds, Flags, PackedDate};
use super::day::DayNumber;
use super::days::DaySet;
use super::mask::MaskedDays;
use super::stretch::Stretch;
use super::truth::Truth;

/// What a field takes a date for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A field of the type `date`: one day somewhere within what the text names.
    Moment,
    /// A field of the type `period`: every day from a first to a last; `1927` is some stretch
    /// within 1927.
    Period,
}

/// One end of a value, or the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The value itself.
    Whole,
    /// Its first day, a moment.
    Start,
    /// Its last day, a moment.
    End,
}

/// One moment or period, however vaguely known.
///
/// Parsing the commonest forms makes one without allocating; it does not keep the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub(super) worlds: Worlds,
    pub(super) flags: Flags,
}

/// The possible days, or pairs of first and last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Worlds {
    /// One of these days.
    Moment(DaySet),
    /// Any pair that the bounds allow.
    Period(Bounds),
    /// Any pair that one of several bounds allows, in order.
    Periods(Box<[Bounds]>),
    /// Any pair within one run of a mask's days.
    WithinRun(MaskedDays),
    /// First day from one set and last day, no earlier, from another.
    Between(Box<(DaySet, DaySet)>),
}

impl Value {
    pub(super) fn new(worlds: Worlds, flags: Flags) -> Value {
        let moment = matches!(worlds, Worlds::Moment(_));
        let alternatives = match &worlds {
            Worlds::Moment(days) => days.has_gaps(),
            Worlds::Period(_) => false,
            Worlds::Periods(_) | Worlds::WithinRun(_) | Worlds::Between(_) => true,
        };
        let mut flags = flags;
        if moment {
            flags = flags.with(Flags::MOMENT);
        }
        if alternatives {
            flags = flags.with(Flags::ALTERNATIVES);
        }
        Value { worlds, flags }
    }

    /// Makes a moment of which only the stretch is known in which it lies.
    pub fn moment(within: Stretch) -> Value {
        Value::new(Worlds::Moment(DaySet::Stretch(within)), Flags::default())
    }

    /// Makes a period with these bounds.
    pub fn period(bounds: Bounds) -> Value {
        Value::new(Worlds::Period(bounds), Flags::default())
    }

    /// Makes exactly a stretch, first day to last, as the literal of a query.
    pub fn exact(stretch: Stretch) -> Value {
        Value::period(Bounds::exactly(stretch))
    }

    /// Makes the value of a column's cell; `None` if the cell holds only the hull of alternatives
    /// or of several values.
    pub fn from_packed(packed: &PackedDate) -> Option<Value> {
        let flags = packed.flags();
        if flags.has(Flags::ALTERNATIVES) || flags.has(Flags::SEVERAL) {
            return None;
        }
        let bounds = packed.bounds();
        let worlds = if flags.has(Flags::MOMENT) {
            Worlds::Moment(DaySet::Stretch(bounds.reach()))
        } else {
            Worlds::Period(bounds)
        };
        Some(Value { worlds, flags })
    }

    /// Returns bounds and flags as a column holds them.
    pub fn packed(&self) -> PackedDate {
        PackedDate::new(self.bounds(), self.flags)
    }

    /// Tells whether this is a moment or a period.
    pub fn role(&self) -> Role {
        if self.flags.has(Flags::MOMENT) { Role::Moment } else { Role::Period }
    }

    /// Returns what else is to be known of it.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// Tells whether the date is doubted: `?` or `%`.
    pub fn is_doubted(&self) -> bool {
        self.flags.has(Flags::DOUBTED)
    }

    /// Returns how surely the value is there: a doubted one is so only in some worlds.
    pub fn truth(&self) -> Truth {
        if self.is_doubted() { Truth::Possible } else { Truth::Certain }
    }

    /// Tells whether the date is approximate: `~` or `%`.
    pub fn is_approximate(&self) -> bool {
        self.flags.has(Flags::APPROXIMATE)
    }

    /// Returns the same value, doubted: a disputed statement.
    #[must_use]
    pub fn doubted(mut self) -> Value {
        self.flags = self.flags.with(Flags::DOUBTED);
        self
    }

    /// Returns the four bounds; of several alternatives, their hull.
    pub fn bounds(&self) -> Bounds {
        match &self.worlds {
            Worlds::Moment(days) => Bounds::within(days.hull()),
            Worlds::Period(bounds) => *bounds,
            Worlds::Periods(all) => {
                let hull = all.iter().copied().reduce(|one, other| one.hull(&other));
                hull.unwrap_or(Bounds::UNKNOWN)
            }
            Worlds::WithinRun(masked) => {
                let days = DaySet::Masked(*masked);
                Bounds::within(days.hull())
            }
            Worlds::Between(sides) => {
                let (starts, ends) = sides.as_ref();
                let (first, last) = (starts.first(), ends.last());
                Bounds {
                    earliest_start: first,
                    latest_start: starts.previous(last).unwrap_or(last),
                    earliest_end: ends.next(first).unwrap_or(first),
                    latest_end: last,
                }
            }
        }
    }

    /// Returns the key by which values are sorted: earliest start, latest start, earliest end,
    /// latest end.
    pub fn order_key(&self) -> Bounds {
        self.bounds()
    }

    /// Returns the alternatives, found one after another: `156X-12-25` has ten.
    pub fn alternatives(&self) -> Box<dyn Iterator<Item = Bounds> + '_> {
        match &self.worlds {
            Worlds::Moment(days) => Box::new(days.stretches().map(Bounds::within)),
            Worlds::Period(bounds) => Box::new(std::iter::once(*bounds)),
            Worlds::Periods(all) => Box::new(all.iter().copied()),
            Worlds::WithinRun(masked) => Box::new(masked.runs().map(Bounds::within)),
            Worlds::Between(sides) => Box::new(sides.0.stretches().flat_map(|starts| {
                sides.1.stretches().filter_map(move |ends| Bounds::from_to(starts, ends))
            })),
        }
    }

    /// Returns the value, or one of its ends as a moment of its own.
    pub fn part(&self, part: Part) -> Cow<'_, Value> {
        let days = match (part, &self.worlds) {
            (Part::Whole, _) | (_, Worlds::Moment(_)) => return Cow::Borrowed(self),
            (Part::Start, Worlds::Period(bounds)) => Some(DaySet::Stretch(bounds.starts())),
            (Part::End, Worlds::Period(bounds)) => Some(DaySet::Stretch(bounds.ends())),
            (Part::Start, Worlds::Periods(all)) => {
                DaySet::from_stretches(all.iter().map(Bounds::starts).collect())
            }
            (Part::End, Worlds::Periods(all)) => {
                DaySet::from_stretches(all.iter().map(Bounds::ends).collect())
            }
            (_, Worlds::WithinRun(masked)) => Some(DaySet::Masked(*masked)),
            (Part::Start, Worlds::Between(sides)) => {
                sides.0.clip(Stretch::between(DayNumber::OPEN_PAST, sides.1.last()))
            }
            (Part::End, Worlds::Between(sides)) => {
                sides.1.clip(Stretch::between(sides.0.first(), DayNumber::OPEN_FUTURE))
            }
        };
        // Every value has a world, so every part has a day.
        let days = days.unwrap_or(DaySet::Stretch(Stretch::ALWAYS));
        let kept = self.flags.bits() & Flags::DOUBTED.with(Flags::APPROXIMATE).bits();
        Cow::Owned(Value::new(Worlds::Moment(days), Flags::from_bits(kept)))
    }

    /// Returns what is left of the value within narrower bounds, as relative dates give them;
    /// `None` if nothing is.
    pub fn narrowed(&self, bounds: &Bounds) -> Option<Value> {
        let both = || bounds.starts().intersection(bounds.ends());
        let worlds = match &self.worlds {
            Worlds::Moment(days) => Worlds::Moment(days.clip(both()?)?),
            Worlds::Period(own) => Worlds::Period(own.intersection(bounds)?),
            Worlds::Periods(all) => {
                let left: Vec<Bounds> =
                    all.iter().filter_map(|own| own.intersection(bounds)).collect();
                match left.as_slice() {
                    [] => return None,
                    [only] => Worlds::Period(*only),
                    _ => Worlds::Periods(left.into()),
                }
            }
            Worlds::WithinRun(masked) => {
                // Start and end are clipped together; what is lost is only that one of them may
                // be narrowed more than the other, which keeps every world that is left possible.
                let days = DaySet::Masked(*masked);
                let reach = Stretch::new(bounds.earliest_start, bounds.latest_end)?;
                days.clip(reach)?;
                Worlds::WithinRun(masked.clip(reach)?)
            }
            Worlds::Between(sides) => {
                let starts = sides.0.clip(bounds.starts())?;
                let ends = sides.1.clip(bounds.ends())?;
                if starts.first() > ends.last() {
                    return None;
                }
                Worlds::Between(Box::new((starts, ends)))
            }
        };
        let kept = self.flags.bits() & !Flags::ALTERNATIVES.bits();
        Some(Value::new(worlds, Flags::from_bits(kept)))
    }
}
