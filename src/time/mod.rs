//! Time as historians know it: dates of EDTF, two calendars, and three-valued truth.
//!
//! In: the texts of dates, and comparisons of them. Out: values with four bounds, verdicts that
//! are certain only if they hold in every world, and errors that say what to write instead.
//! This room knows neither files nor fields; `docs/time.md` teaches what it understands.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod bounds;
mod calendar;
mod compare;
pub mod constraint;
mod cursor;
mod date;
mod day;
mod days;
mod describe;
mod edtf;
mod error;
mod fast;
mod mask;
mod measure;
mod naming;
mod parse;
mod range;
mod reading;
mod reckon;
mod season;
mod settings;
mod sieve;
mod simple;
mod slips;
mod split;
mod stretch;
mod truth;
mod value;
mod words;

pub use bounds::{Bounds, Flags, PackedDate};
pub use calendar::Calendar;
pub use compare::Operator;
pub use date::Date;
pub use day::DayNumber;
pub use describe::{Description, Kind, Refusal, describe};
pub use edtf::Level;
pub use error::{DateError, Fault, Offer};
pub use measure::{Days, Groups};
pub use settings::{Hemisphere, Settings};
pub use sieve::{Clause, Column, Side, Sieve, Threshold};
pub use stretch::{Grain, Stretch};
pub use truth::{Truth, Verdict};
pub use value::{Part, Role, Value};
