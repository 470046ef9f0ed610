//! The words of a question that hold no other part of it: how values are asked for, read, compared, folded and sorted.

use crate::time::{Grain, Operator, Part, Verdict};

/// How many of a path's values must fulfil a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one.
    Some,
    /// All, and there is one.
    Every,
    /// None.
    No,
}

impl Quantifier {
    /// Judges what is asked of values by the verdict on each of them.
    pub fn judge(self, verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
        match self {
            Quantifier::Some => Verdict::some(verdicts),
            Quantifier::Every => Verdict::every(verdicts),
            Quantifier::No => Verdict::some(verdicts).negated(),
        }
    }
}

/// How often a step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// Once.
    Once,
    /// Once or more.
    OnceOrMore,
}

/// What is taken of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuePart {
    /// All of it.
    Whole,
    /// The first day of a period.
    Start,
    /// The last day of a period.
    End,
    /// The number of days of a period.
    Length,
    /// The unit of the calendar that a date lies in, or one end of a period.
    Unit(Part, Grain),
}

impl ValuePart {
    /// Returns the part that stands behind another one: the year of a period's end.
    #[must_use]
    pub fn behind(self, before: ValuePart) -> ValuePart {
        match self {
            ValuePart::Unit(_, grain) => ValuePart::Unit(before.of_time(), grain),
            other => other,
        }
    }

    /// Returns the part of a date that is compared.
    pub fn of_time(self) -> Part {
        match self {
            ValuePart::Start => Part::Start,
            ValuePart::End => Part::End,
            ValuePart::Unit(part, _) => part,
            ValuePart::Whole | ValuePart::Length => Part::Whole,
        }
    }
}

/// How the values of two paths are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathOperator {
    /// In time.
    Time(Operator),
    /// As numbers.
    Number(Operator),
    /// Both are the same record, word or text.
    Same,
    /// By the units of the calendar in which two dates fall.
    Unit(Grain, Operator),
    /// The days from the right one to the left one, `A - B`, against a number of days.
    Apart(Operator, i64),
}

impl PathOperator {
    /// Returns how single values are compared; [`PathOperator::Apart`] compares what lies between them.
    pub fn of_values(self) -> Operator {
        match self {
            PathOperator::Time(operator)
            | PathOperator::Number(operator)
            | PathOperator::Unit(_, operator) => operator,
            PathOperator::Same | PathOperator::Apart(..) => Operator::Equal,
        }
    }

    /// Returns how the right side is compared with the left one.
    #[must_use]
    pub fn converse(self) -> PathOperator {
        match self {
            PathOperator::Time(operator) => PathOperator::Time(operator.converse()),
            PathOperator::Number(operator) => PathOperator::Number(operator.converse()),
            PathOperator::Same => PathOperator::Same,
            PathOperator::Unit(grain, operator) => PathOperator::Unit(grain, operator.converse()),
            PathOperator::Apart(operator, days) => {
                PathOperator::Apart(operator.converse(), days.saturating_neg())
            }
        }
    }
}

/// A test of text, ignoring case.
#[derive(Clone, Debug, PartialEq)]
pub enum TextTest {
    /// It is one of these.
    Is(Vec<String>),
    /// It contains this; diacritics are ignored where these words have none.
    Contains(String),
}

impl TextTest {
    /// Returns the words that are looked for.
    pub fn needles(&self) -> &[String] {
        match self {
            TextTest::Is(all) => all,
            TextTest::Contains(one) => std::slice::from_ref(one),
        }
    }
}

/// A test of numbers; both bounds are of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberTest {
    /// How they are compared; `Equal` means: lies between the bounds.
    pub operator: Operator,
    /// The least value.
    pub least: f64,
    /// The greatest value.
    pub greatest: f64,
    /// The unit, none for bare numbers.
    pub unit: Option<String>,
}

/// How many values become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// How many there are.
    Count,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// All together.
    Sum,
    /// The mean.
    Avg,
}

/// A direction of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The least first.
    Ascending,
    /// The greatest first.
    Descending,
}
