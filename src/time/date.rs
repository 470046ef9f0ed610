//! A date as a historian wrote it, with what it says of days.
//!
//! In: the text of a value and the role of its field. Out: a [`Date`], or a [`DateError`] that
//! says what to write instead.

use std::fmt;

use super::bounds::{Bounds, Flags, PackedDate};
use super::compare::Operator;
use super::edtf::{Expression, Level};
use super::error::{DateError, Fault};
use super::reckon::{Values, reckon};
use super::settings::Settings;
use super::stretch::Stretch;
use super::truth::Verdict;
use super::value::{Role, Value};
use super::{fast, parse, reading, slips, split};

/// A date with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date {
    text: Box<str>,
    role: Role,
    values: Values,
    settings: Settings,
}

impl Date {
    /// Parses a date of EDTF, levels 0 to 2, or of what Regesta adds to it.
    ///
    /// ```
    /// use regesta::time::{Date, Role};
    ///
    /// let rapallo = Date::parse("1922-04-16", Role::Moment)?;
    /// assert_eq!(rapallo.reading(), "16 April 1922");
    /// let slip = Date::parse("16.04.1922", Role::Moment).unwrap_err();
    /// assert_eq!(slip.help(), "a date is year-month-day: write `1922-04-16`");
    /// # Ok::<(), regesta::time::DateError>(())
    /// ```
    pub fn parse(text: &str, role: Role) -> Result<Date, DateError> {
        Date::parse_with(text, role, &Settings::DEFAULT)
    }

    /// Parses a date as a project's settings have it.
    pub fn parse_with(text: &str, role: Role, settings: &Settings) -> Result<Date, DateError> {
        let values = match fast::read(text, role) {
            Some(value) => Values::One(value),
            None => values(text, role, settings)?,
        };
        Ok(Date { text: text.into(), role, values, settings: *settings })
    }

    /// Returns the text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns what the field takes the date for.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Returns the values: one, but for an all-of set.
    pub fn values(&self) -> &[Value] {
        match &self.values {
            Values::One(value) => std::slice::from_ref(value),
            Values::Several(values) => values,
        }
    }

    /// Returns the dates of an all-of set, each with its own text; the date itself otherwise.
    pub fn split(&self) -> Vec<Date> {
        let Values::Several(values) = &self.values else { return vec![self.clone()] };
        let Some(Expression::Set(set)) = self.expression() else { return vec![self.clone()] };
        let members = split::members(&set);
        let dates = members.iter().zip(values).map(|(member, value)| Date {
            text: split::member_text(member, &self.text).into(),
            role: self.role,
            values: Values::One(value.clone()),
            settings: self.settings,
        });
        dates.collect()
    }

    /// Returns the four bounds of each alternative of each value, found one after another.
    pub fn alternatives(&self) -> impl Iterator<Item = Bounds> + '_ {
        self.values().iter().flat_map(Value::alternatives)
    }

    /// Returns the four bounds; of several alternatives or values, their hull.
    pub fn bounds(&self) -> Bounds {
        let all = self.values().iter().map(Value::bounds);
        all.reduce(|one, other| one.hull(&other)).unwrap_or(Bounds::UNKNOWN)
    }

    /// Returns the key by which dates are sorted.
    pub fn order_key(&self) -> Bounds {
        self.bounds()
    }

    /// Tells whether the date, or a part of it, is doubted: `?` or `%`.
    pub fn is_doubted(&self) -> bool {
        self.flags().has(Flags::DOUBTED)
    }

    /// Tells whether the date, or a part of it, is approximate: `~` or `%`.
    pub fn is_approximate(&self) -> bool {
        self.flags().has(Flags::APPROXIMATE)
    }

    /// Returns the level of EDTF that the date needs.
    pub fn level(&self) -> Level {
        self.expression().map_or(Level::Zero, |date| date.level())
    }

    /// Returns bounds and flags as a column holds them.
    pub fn packed(&self) -> PackedDate {
        PackedDate::new(self.bounds(), self.flags())
    }

    /// Returns what else is to be known of it.
    pub fn flags(&self) -> Flags {
        match self.values() {
            [only] => only.flags(),
            several => {
                let all = several.iter().map(Value::flags);
                // Of several values, one that is not doubted is enough for certainty: the flags
                // of the whole say only what is somewhere in it.
                all.fold(Flags::SEVERAL, Flags::with)
            }
        }
    }

    /// Returns the text as shown to a reader: an Old Style date both ways,
    /// `1917-10-25 julian (1917-11-07)`.
    pub fn display(&self) -> String {
        reading::display(&self.text, self.expression().as_ref())
    }

    /// Says in plain English what the date means.
    pub fn reading(&self) -> String {
        match self.expression() {
            Some(date) => reading::reading(&date, self.role, &self.settings),
            None => self.text.to_string(),
        }
    }

    /// Judges a comparison with an exact stretch; some value must satisfy it.
    pub fn test(&self, operator: Operator, literal: Stretch) -> Verdict {
        let literal = Value::exact(literal);
        Verdict::some(self.values().iter().map(|value| value.compare(operator, &literal)))
    }

    /// The tree is made again where it is needed, which is rarely: a date stays small.
    pub(super) fn expression(&self) -> Option<Expression> {
        parse::parse(&self.text).ok()
    }
}

/// Prints the text as written.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Value {
    /// Reads a date that names one value, without keeping its text.
    ///
    /// This is for the index: the commonest forms take some nanoseconds and no allocation. An
    /// all-of set gives its values from [`Value::read_all`] only; here it is the stretch that
    /// holds them all, marked as [`Flags::SEVERAL`].
    pub fn read(text: &str, role: Role, settings: &Settings) -> Result<Value, DateError> {
        if let Some(value) = fast::read(text, role) {
            return Ok(value);
        }
        match values(text, role, settings)? {
            Values::One(value) => Ok(value),
            Values::Several(all) => {
                let flags = all.iter().map(Value::flags).fold(Flags::SEVERAL, Flags::with);
                let hull = all.iter().map(Value::bounds).reduce(|one, other| one.hull(&other));
                let hull = hull.unwrap_or(Bounds::UNKNOWN);
                let mut value = match role {
                    Role::Moment => Value::moment(hull.reach()),
                    Role::Period => Value::period(hull),
                };
                value.flags = value.flags.with(flags);
                Ok(value)
            }
        }
    }

    /// Reads every value of a date, without keeping its text.
    pub fn read_all(text: &str, role: Role, settings: &Settings) -> Result<Vec<Value>, DateError> {
        if let Some(value) = fast::read(text, role) {
            return Ok(vec![value]);
        }
        match values(text, role, settings)? {
            Values::One(value) => Ok(vec![value]),
            Values::Several(values) => Ok(values),
        }
    }
}

fn values(text: &str, role: Role, settings: &Settings) -> Result<Values, DateError> {
    let date = match parse::parse(text) {
        Ok(date) => date,
        Err((fault, range)) => return Err(slips::explain(text, role, fault, range)),
    };
    if role == Role::Moment && matches!(date, Expression::Interval(..)) {
        return Err(slips::explain(text, role, Fault::SlashInMoment, 0..text.len()));
    }
    reckon(&date, role, settings).map_err(|(fault, range)| slips::explain(text, role, fault, range))
}

impl Stretch {
    /// Tells whether a text is an exact date, without making an error about it.
    pub(super) fn parse_quietly(text: &str) -> bool {
        let Ok(date) = parse::parse(text) else { return false };
        match reckon(&date, Role::Period, &Settings::STRICT) {
            Ok(Values::One(value)) => slips::is_exact(&date, &value),
            _ => false,
        }
    }

    /// Parses a date in a question: exact, from the first day that it names to the last.
    ///
    /// A doubt, an approximation or a choice is refused: it has no exact first and last day.
    pub fn parse(text: &str) -> Result<Stretch, DateError> {
        if let Some(value) = fast::read(text, Role::Period) {
            return Ok(value.bounds().reach());
        }
        match parse::parse(text) {
            Err((fault, range)) => Err(slips::explain(text, Role::Period, fault, range)),
            Ok(date) => match reckon(&date, Role::Period, &Settings::STRICT) {
                Err((fault, range)) => Err(slips::explain(text, Role::Period, fault, range)),
                Ok(Values::One(value)) if slips::is_exact(&date, &value) => {
                    Ok(value.bounds().reach())
                }
                Ok(_) => Err(slips::explain(text, Role::Period, Fault::NotExact, 0..text.len())),
            },
        }
    }
}
