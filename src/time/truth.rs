//! Three-valued truth.
//!
//! In: how single comparisons are judged. Out: how they combine by Kleene's logic, and over the
//! several values of one record.

/// Whether something holds in no world, in some, or in every one. Ordered so that Kleene's
/// `and` is the lesser and `or` the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It holds in no world.
    No,
    /// It holds in some worlds.
    Possible,
    /// It holds in every world.
    Certain,
}

impl Truth {
    /// Returns the truth of what is known either way.
    pub fn certain_if(holds: bool) -> Truth {
        if holds { Truth::Certain } else { Truth::No }
    }

    /// Returns the truth of the negation, of what in each world either is or is not: what is certain is surely not
    /// otherwise, and the other way round. A comparison of values is judged by a [`Verdict`] instead.
    #[must_use]
    pub fn negated(self) -> Truth {
        match self {
            Truth::Certain => Truth::No,
            Truth::Possible => Truth::Possible,
            Truth::No => Truth::Certain,
        }
    }
}

/// The truth of a comparison and the truth of its negation, judged together.
///
/// The one does not follow from the other: a date `1919?` surely does not satisfy `year > 1930`,
/// but it is only possible that it satisfies `not year > 1930`, since it may not be so at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// The truth of the comparison.
    pub holds: Truth,
    /// The truth of its negation.
    pub fails: Truth,
}

impl Verdict {
    /// It holds in every world.
    pub const CERTAIN: Verdict = Verdict { holds: Truth::Certain, fails: Truth::No };
    /// It holds in no world: its negation is certain.
    pub const NO: Verdict = Verdict { holds: Truth::No, fails: Truth::Certain };
    /// What is asked of an `unknown` value: anything is possible.
    pub const UNKNOWN: Verdict = Verdict { holds: Truth::Possible, fails: Truth::Possible };
    /// What is asked of a field that is not recorded: both the comparison and its negation fail.
    pub const NOT_RECORDED: Verdict = Verdict { holds: Truth::No, fails: Truth::No };

    /// Judges from whether there is a world in which it holds and one in which it does not.
    pub fn from_worlds(may_hold: bool, may_fail: bool) -> Verdict {
        let truth = |possible: bool, opposite: bool| match (possible, opposite) {
            (false, _) => Truth::No,
            (true, true) => Truth::Possible,
            (true, false) => Truth::Certain,
        };
        Verdict { holds: truth(may_hold, may_fail), fails: truth(may_fail, may_hold) }
    }

    /// Judges what is left of a verdict on a value that is there as surely as `given`: its date may
    /// be doubted, its statement disputed, or one on the way to it.
    ///
    /// In a world without the value neither the comparison nor its negation holds of it. So what
    /// was judged of a value that is only possibly there is possible at most, either way.
    #[must_use]
    pub fn resting_on(self, given: Truth) -> Verdict {
        Verdict { holds: self.holds.min(given), fails: self.fails.min(given) }
    }

    /// Judges what is left of a verdict on a value that is only possibly there.
    #[must_use]
    pub fn doubted(self) -> Verdict {
        self.resting_on(Truth::Possible)
    }

    /// Tells whether it leaves a doubt: it is only possible that it holds, or that it does not.
    pub fn is_doubtful(self) -> bool {
        self.holds == Truth::Possible || self.fails == Truth::Possible
    }

    /// Judges the negation.
    #[must_use]
    pub fn negated(self) -> Verdict {
        Verdict { holds: self.fails, fails: self.holds }
    }

    /// Kleene's `and`.
    #[must_use]
    pub fn and(self, other: Verdict) -> Verdict {
        Verdict { holds: self.holds.min(other.holds), fails: self.fails.max(other.fails) }
    }

    /// Kleene's `or`.
    #[must_use]
    pub fn or(self, other: Verdict) -> Verdict {
        Verdict { holds: self.holds.max(other.holds), fails: self.fails.min(other.fails) }
    }

    /// Judges that some value of a record satisfies a comparison, from the verdicts of each.
    ///
    /// The negation is that there is a value and that none satisfies it. A doubted value is in
    /// some worlds not there; so it never makes the negation impossible beside another value
    /// that fails. Without any value both are `No`.
    pub fn some(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
        let mut holds = Truth::No;
        let mut most_failing = Truth::No;
        for verdict in verdicts {
            holds = holds.max(verdict.holds);
            most_failing = most_failing.max(verdict.fails);
        }
        let fails = match holds {
            // One value satisfies it in every world.
            Truth::Certain => Truth::No,
            // Some value does in some worlds, so the negation is not certain.
            Truth::Possible => most_failing.min(Truth::Possible),
            Truth::No => most_failing,
        };
        Verdict { holds, fails }
    }

    /// Judges that every value of a record satisfies a comparison, and that there is one.
    pub fn every(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
        Verdict::some(verdicts.into_iter().map(Verdict::negated)).negated()
    }
}
