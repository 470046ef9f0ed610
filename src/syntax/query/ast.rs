//! The tree of a query as written: names are words still, values are text still, all with their places.

use crate::source::Span;

/// A word with its place: a name, a field, a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word as written.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// A whole query.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What it is about.
    pub body: Body,
    /// What follows the conditions, in the order written.
    pub clauses: Vec<Clause>,
    /// All of it.
    pub span: Span,
}

/// What a query is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// `treaties where …`: rows are records of a source.
    From {
        /// Where the rows come from.
        source: Source,
        /// What they must fulfil.
        condition: Option<Condition>,
    },
    /// `find a, b where …`: rows are distinct combinations.
    Find {
        /// The variables shown, in order.
        variables: Vec<Word>,
        /// What they must fulfil.
        condition: Condition,
    },
}

/// Where the rows come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A relation, a plural, a union, a rule or a saved query.
    Named(Word),
    /// Every record.
    Everything(Span),
    /// Every statement.
    Statements(Span),
    /// The rows of another query.
    Query(Box<Query>),
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All hold.
    And(Vec<Condition>),
    /// Some holds.
    Or(Vec<Condition>),
    /// A prefix before a condition.
    Prefixed {
        /// Which.
        prefix: Prefix,
        /// Before what.
        inner: Box<Condition>,
        /// Both.
        span: Span,
    },
    /// `has PATH`, `no PATH`, or a path in brackets alone.
    Exists {
        /// `no`: nothing is there.
        negated: bool,
        /// Where.
        path: Path,
        /// All of it.
        span: Span,
    },
    /// `[every] A OPERATOR B`.
    Compare {
        /// How many of the values must fulfil it.
        quantifier: Quantifier,
        /// The left side.
        left: Operand,
        /// What is asked of it.
        predicate: Predicate,
        /// All of it.
        span: Span,
    },
    /// `ally(a, b)`.
    Call {
        /// The rule.
        rule: Word,
        /// What it is asked of.
        arguments: Vec<Operand>,
        /// All of it.
        span: Span,
    },
    /// `mentions turkey`, of the row itself.
    Mentions {
        /// What is mentioned.
        value: Operand,
        /// All of it.
        span: Span,
    },
}

impl Condition {
    /// Returns the place of the whole condition, without parentheses around it.
    pub fn span(&self) -> Option<Span> {
        match self {
            Condition::And(parts) | Condition::Or(parts) => {
                let first = parts.first()?.span()?;
                Some(first.to(parts.last()?.span()?))
            }
            Condition::Prefixed { span, .. }
            | Condition::Exists { span, .. }
            | Condition::Compare { span, .. }
            | Condition::Call { span, .. }
            | Condition::Mentions { span, .. } => Some(*span),
        }
    }
}

/// What may stand before a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// `not`.
    Not,
    /// `certainly`.
    Certainly,
    /// `possibly`.
    Possibly,
}

/// How many of a path's values must fulfil a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one, as where nothing is written.
    Some,
    /// All, and there is one.
    Every,
    /// None.
    No,
}

/// What is asked of the left side.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// `= B`, `overlaps B`.
    Against {
        /// How.
        comparator: Comparator,
        /// Where the operator stands.
        at: Span,
        /// The right side.
        right: Operand,
    },
    /// `in (a, b, c)`.
    Among {
        /// The members.
        members: Vec<Operand>,
        /// `not in`.
        negated: bool,
    },
    /// `in a..b`, `from a to b`.
    Between {
        /// The first.
        from: Operand,
        /// The last; the first again for `in 1922`.
        to: Operand,
        /// `not in`.
        negated: bool,
    },
    /// `is unknown`, `is none`, `is treaty`.
    Is {
        /// What.
        kind: Word,
        /// `is not`.
        negated: bool,
    },
}

/// How two sides are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `~`
    Matches,
    /// `before`
    Before,
    /// `after`
    After,
    /// `during`
    During,
    /// `contains`
    Contains,
    /// `overlaps`
    Overlaps,
    /// `meets`
    Meets,
    /// `mentions`
    Mentions,
}

impl Comparator {
    /// Returns the sign or word.
    pub fn written(self) -> &'static str {
        let mut all = super::terminals::SIGNS.iter().chain(super::terminals::COMPARING_WORDS);
        all.find(|(_, each)| *each == self).map_or("", |(sign, _)| sign)
    }
}

/// One side of a comparison, a column, a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// `party.founded`.
    Path(Path),
    /// `count(party)`.
    Aggregate(Aggregate),
    /// `"Soviet Union"`.
    Quoted(Word),
    /// Bare words, which may be a name, a word, a literal or a path of one step.
    Phrase(Phrase),
    /// `A - B`.
    Difference(Box<Operand>, Box<Operand>),
}

impl Operand {
    /// Returns its place.
    pub fn span(&self) -> Span {
        match self {
            Operand::Path(path) => path.span,
            Operand::Aggregate(aggregate) => aggregate.span,
            Operand::Quoted(word) => word.span,
            Operand::Phrase(phrase) => phrase.span,
            Operand::Difference(left, right) => left.span().to(right.span()),
        }
    }
}

/// Bare words.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// The words, one blank between two.
    pub text: String,
    /// Their place.
    pub span: Span,
    /// How far they would reach if no keyword had stopped them.
    pub longer: Option<Span>,
}

/// A fold over many values.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Which.
    pub fold: Fold,
    /// Over what; nothing in `count()`.
    pub path: Option<Path>,
    /// All of it.
    pub span: Span,
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

/// A way from the row to values.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Where it begins.
    pub head: Head,
    /// The steps.
    pub steps: Vec<Step>,
    /// All of it.
    pub span: Span,
}

/// Where a path begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Head {
    /// With its first step: a field of the row, a variable or a record.
    Row,
    /// `this`: the row and nothing else.
    This(Span),
    /// The rows of a query.
    Query(Box<Query>),
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Along what.
    pub way: Way,
    /// `+`: once or more.
    pub closure: Option<Span>,
    /// `[…]`: only where these hold.
    pub filters: Vec<Condition>,
}

/// Along what a step goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    /// A field, an inverse, a part of a date.
    Name(Word),
    /// `(causes.effect)`: several steps as one.
    Group(Box<Path>),
}

/// What follows the conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// What it says.
    pub kind: ClauseKind,
    /// Its place.
    pub span: Span,
}

/// A clause.
#[derive(Clone, Debug, PartialEq)]
pub enum ClauseKind {
    /// `as of 1925`
    AsOf(Operand),
    /// `according to notes`
    AccordingTo(Operand),
    /// `all claims`
    AllClaims,
    /// `sort by signed desc, name`
    Sort(Vec<SortKey>),
    /// `limit 5`
    Limit(u64),
    /// `show name, party`
    Show(Vec<Operand>),
    /// `count`, `count by kind`
    Count(Option<Path>),
    /// `group by decade`
    Group(Path),
}

impl ClauseKind {
    /// Returns the words that begin it.
    pub fn words(&self) -> &'static str {
        match self {
            ClauseKind::AsOf(_) => "as of",
            ClauseKind::AccordingTo(_) => "according to",
            ClauseKind::AllClaims => "all claims",
            ClauseKind::Sort(_) => "sort by",
            ClauseKind::Limit(_) => "limit",
            ClauseKind::Show(_) => "show",
            ClauseKind::Count(_) => "count",
            ClauseKind::Group(_) => "group by",
        }
    }
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    /// What is compared.
    pub by: Operand,
    /// In which direction.
    pub direction: Direction,
}

/// A direction of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The least first.
    Ascending,
    /// The greatest first.
    Descending,
}
