//! Which of a record's dates is its own, by which it has its place in the order of answers.

use crate::model::{DatedText, Status};

/// The own date of a record as far as its statements were looked at: of the best one, among equals the earliest.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnDate {
    weight: u8,
    /// Its rank; the highest number where there is none.
    pub rank: u32,
}

impl OwnDate {
    /// No statement was looked at.
    pub(super) const NONE: OwnDate = OwnDate { weight: u8::MAX, rank: u32::MAX };

    /// Looks at one statement that counts, of a date of `times`.
    pub(super) fn consider(&mut self, times: &[DatedText], status: Status, rank: u32) {
        let weight = status.weight();
        let is_better = match weight.cmp(&self.weight) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Greater => false,
            // Of two that weigh the same, the finer is the value; else the earlier stands for both.
            std::cmp::Ordering::Equal => {
                is_finer(times, rank, self.rank)
                    || (rank < self.rank && !is_finer(times, self.rank, rank))
            }
        };
        if is_better {
            *self = OwnDate { weight, rank };
        }
    }
}

/// Returns for each rank the first one with the same bounds: what differs by its text alone stands at one place.
pub(super) fn first_alike(times: &[DatedText]) -> Vec<u32> {
    let mut first = 0;
    let mut before: Option<&DatedText> = None;
    let alike = times.iter().zip(0..).map(|(time, rank)| {
        if before.is_none_or(|before| before.bounds.bounds() != time.bounds.bounds()) {
            first = rank;
        }
        before = Some(time);
        first
    });
    alike.collect()
}

/// Tells whether one date says more precisely what another says too.
fn is_finer(times: &[DatedText], one: u32, other: u32) -> bool {
    let bounds = |rank: u32| times.get(rank as usize).map(|time| time.bounds.bounds());
    match (bounds(one), bounds(other)) {
        (Some(one), Some(other)) => one != other && one.is_within(&other),
        _ => false,
    }
}
