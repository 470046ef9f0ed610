//! `from A to B`: one value between two others, judged over all worlds of the three.
//!
//! In: a value, and those where the range begins and ends. Out: a verdict. What the three have in common is not
//! tracked.

use super::Grain;
use super::compare::Operator;
use super::day::DayNumber;
use super::stretch::Stretch;
use super::truth::{Truth, Verdict};
use super::value::Value;

impl Value {
    /// Judges whether the value shares a day with the range from the first day of `from` to the last of `to`; for a
    /// moment: lies within. A range that ends before it begins holds nothing.
    pub fn lies_between(&self, from: &Value, to: &Value) -> Verdict {
        let range = (from.bounds().starts(), to.bounds().ends());
        self.within_range(range).resting_on(from.truth().min(to.truth()))
    }

    /// Judges the same of the units of the calendar in which three moments fall, as `a.year from b.year to c.year`
    /// does.
    pub fn lies_between_units(&self, grain: Grain, from: &Value, to: &Value) -> Verdict {
        let first = |day: DayNumber| if day.is_a_day() { grain.around(day).first() } else { day };
        let last = |day: DayNumber| if day.is_a_day() { grain.around(day).last() } else { day };
        let (starts, ends) = (from.bounds().starts(), to.bounds().ends());
        let range = (
            Stretch::between(first(starts.first()), first(starts.last())),
            Stretch::between(last(ends.first()), last(ends.last())),
        );
        self.within_range(range).resting_on(from.truth().min(to.truth()))
    }

    fn within_range(&self, (starts, ends): (Stretch, Stretch)) -> Verdict {
        let own = self.bounds();
        // If it lies in any range it lies in the widest one.
        let may_hold = Stretch::new(starts.first(), ends.last()).is_some_and(|widest| {
            self.compare(Operator::Equal, &Value::exact(widest)).holds > Truth::No
        });
        let may_fail = own.latest_start > ends.first()
            || own.earliest_end < starts.last()
            || starts.last() > ends.first();
        Verdict::from_worlds(may_hold, may_fail).resting_on(self.truth())
    }
}
