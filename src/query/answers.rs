//! What a query answers, ready to be rendered: no identifiers of the index, no spans.

/// How surely a row belongs to the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// In every world.
    Certain,
    /// In some world.
    Possible,
}

impl Match {
    /// Returns the word that machine formats use.
    pub fn word(self) -> &'static str {
        match self {
            Match::Certain => "certain",
            Match::Possible => "possible",
        }
    }
}

/// One value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum CellValue {
    /// A string.
    Text(String),
    /// A word of an enumeration.
    Word(String),
    /// A number or quantity; `value` where it is exact and has no unit.
    Number {
        /// The text as written, with its unit.
        text: String,
        /// The number itself.
        value: Option<f64>,
    },
    /// A date or period.
    Time {
        /// The EDTF text as written.
        edtf: String,
        /// The text for people: both ways where it is Julian; empty in an answer that programs read.
        shown: String,
    },
    /// A record.
    Entity {
        /// Its identifier, or `relation@file:line`.
        id: String,
        /// Its name; the identifier is shown where there is none.
        name: Option<String>,
    },
    /// A count of certain and of further possible members.
    Count {
        /// The certain ones.
        certain: u64,
        /// Those that come on top in some world.
        possible: u64,
    },
    /// There is a value, and nobody knows it.
    Unknown,
    /// There is no value.
    None,
}

impl CellValue {
    /// Returns the value in plain words: a record by its name, a count with what may come on top.
    pub fn words(&self) -> String {
        match self {
            CellValue::Text(text) | CellValue::Word(text) | CellValue::Number { text, .. } => {
                text.clone()
            }
            CellValue::Time { shown, .. } => shown.clone(),
            CellValue::Entity { id, name } => name.clone().unwrap_or_else(|| id.clone()),
            CellValue::Count { certain, possible: 0 } => certain.to_string(),
            CellValue::Count { certain, possible } => format!("{certain} (+{possible} possible)"),
            CellValue::Unknown => String::from("unknown"),
            CellValue::None => String::from("none"),
        }
    }
}

/// The values of one column in one row; none where nothing is recorded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// In the order written.
    pub values: Vec<CellValue>,
    /// Tells whether the column may hold several values, so that machine formats always give a list.
    pub is_list: bool,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The record's identifier; empty in a row that stands for a group.
    pub id: String,
    /// How surely it belongs to the answer.
    pub matched: Match,
    /// Why it is only possible, a sentence fragment such as `date`, `disputed`, `unknown`; empty where certain.
    pub reason: String,
    /// Its place in the order is not certain.
    pub order_is_uncertain: bool,
    /// One cell a column.
    pub cells: Vec<Cell>,
}

/// What the rows stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowsOf {
    /// One row a record.
    Records,
    /// One row a group (`count by`, `group by`).
    Groups,
    /// No rows: the query only counts.
    Nothing,
}

/// How reasons of possible rows are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reasons {
    /// A word and the value: `date: signed is 1917/1918`.
    #[default]
    Short,
    /// What may be so: `signed is 1917/1918: may fall in 1918`.
    Plain,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// What the rows stand for.
    pub rows_of: RowsOf,
    /// The columns' names.
    pub columns: Vec<String>,
    /// Certain rows, then possible ones; cut by `limit`.
    pub rows: Vec<Row>,
    /// How many rows were not made since fewer were wanted; `limit` has nothing to do with it.
    pub rows_left: u64,
    /// How the reasons of possible rows are told; machine formats give them only where they are plain.
    pub reasons: Reasons,
    /// How many records are certain, before `limit`.
    pub certain: u64,
    /// How many more are possible, before `limit`.
    pub possible: u64,
    /// What has to be said beside the answer (on standard error), one sentence each.
    pub notes: Vec<String>,
    /// What is most likely a slip in the query, one sentence each.
    pub warnings: Vec<String>,
}
