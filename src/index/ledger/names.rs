//! Names with the time of their use, as far as they are needed to look for them in texts.

use crate::time::{DayNumber, Stretch};
use serde::{Deserialize, Serialize};

/// All names with the time of their use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamesInUse {
    /// All that are given somewhere with the time of their use, sorted.
    pub given: Vec<String>,
    /// Those that are only ever given so, sorted by text.
    pub dated: Vec<DatedName>,
    /// Longer names in which one of these stands, sorted.
    pub longer: Vec<String>,
}

/// A name that is only ever given with the time of its use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatedName {
    /// The name.
    pub text: String,
    /// When it was in use, each time it is given.
    pub in_use: Vec<Days>,
    /// The time with which it is given first, as written.
    pub period: String,
    /// The paths of the files in which it is given, sorted.
    pub files: Vec<String>,
    /// The path of the file in which it is given first, and the line.
    pub place: (String, u32),
    /// The names of its record that have a time, in their order.
    pub others: Vec<NameOfTime>,
    /// The name of its record that has none.
    pub plain: Option<String>,
}

impl DatedName {
    /// Tells whether the same is said of the name, wherever that stands.
    pub fn says_the_same(&self, other: &DatedName) -> bool {
        let elsewhere =
            DatedName { files: other.files.clone(), place: other.place.clone(), ..self.clone() };
        elsewhere == *other
    }
}

/// A name, and when it was in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameOfTime {
    /// The name.
    pub text: String,
    /// When.
    pub in_use: Days,
}

/// Days one after another: the first and the last, as Rata Die numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days(i64, i64);

impl From<Stretch> for Days {
    fn from(stretch: Stretch) -> Days {
        Days(stretch.first().rata_die(), stretch.last().rata_die())
    }
}

impl Days {
    /// Tells whether no day is one of others as well.
    pub fn is_apart(self, others: Stretch) -> bool {
        let Days(first, last) = self;
        let own = Stretch::between(DayNumber::from_rata_die(first), DayNumber::from_rata_die(last));
        own.intersection(others).is_none()
    }
}
