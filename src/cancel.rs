//! Ending work before it is done: because somebody asked, or because its time is up.
//!
//! In: a [`Cancellation`], which whoever starts the work keeps a copy of. Out: [`Cancelled`], once the work has
//! looked. Nothing is stopped from outside: long loops look every few thousand steps.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Why work was ended before it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cancelled {
    /// Somebody asked for it.
    #[error("interrupted")]
    Interrupted,
    /// It took longer than it was given.
    #[error("there is no answer after {}: ask for less, or allow more time with `--timeout`", spelled(*.0))]
    TimeOut(Duration),
}

/// Whether work is to end before it is done. Copies of one are asked together.
#[derive(Clone, Debug, Default)]
pub struct Cancellation {
    asked: Arc<AtomicBool>,
    deadline: Option<Deadline>,
}

#[derive(Clone, Copy, Debug)]
struct Deadline {
    /// None where the clock does not reach so far.
    at: Option<Instant>,
    given: Duration,
}

impl Cancellation {
    /// Returns a copy whose work has `time` from now on.
    pub fn within(&self, time: Duration) -> Cancellation {
        let at = Instant::now().checked_add(time);
        Cancellation {
            asked: Arc::clone(&self.asked),
            deadline: Some(Deadline { at, given: time }),
        }
    }

    /// Asks the work to end; tells whether that had been asked before and not yet been heeded.
    pub fn ask(&self) -> bool {
        self.asked.swap(true, Ordering::Relaxed)
    }

    /// Forgets that somebody asked, before new work begins.
    pub fn forget(&self) {
        self.asked.store(false, Ordering::Relaxed);
    }

    /// Looks whether the work is to end. That costs as much as reading a clock.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.asked.load(Ordering::Relaxed) {
            return Err(Cancelled::Interrupted);
        }
        match self.deadline {
            Some(Deadline { at: Some(at), given }) if Instant::now() >= at => {
                Err(Cancelled::TimeOut(given))
            }
            _ => Ok(()),
        }
    }
}

fn spelled(time: Duration) -> String {
    match time.as_secs_f64() {
        1.0 => String::from("1 second"),
        seconds => format!("{seconds} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_asked_with_the_first() {
        let first = Cancellation::default();
        let copy = first.within(Duration::from_secs(3600));
        assert_eq!(copy.check(), Ok(()));
        assert!(!first.ask());
        assert!(copy.ask());
        assert_eq!(copy.check(), Err(Cancelled::Interrupted));
        first.forget();
        assert_eq!(copy.check(), Ok(()));
    }

    #[test]
    fn time_runs_out_for_the_copy_alone() {
        let first = Cancellation::default();
        let copy = first.within(Duration::ZERO);
        assert_eq!(copy.check(), Err(Cancelled::TimeOut(Duration::ZERO)));
        assert_eq!(first.check(), Ok(()));
        assert_eq!(first.within(Duration::MAX).check(), Ok(()));
    }

    #[test]
    fn the_time_given_is_told() {
        let said = |seconds| Cancelled::TimeOut(Duration::from_secs_f64(seconds)).to_string();
        assert!(said(1.0).starts_with("there is no answer after 1 second:"));
        assert!(said(0.5).starts_with("there is no answer after 0.5 seconds:"));
    }
}
