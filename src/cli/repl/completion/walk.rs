//! Goes through a half-typed query, up to the cursor.
//!
//! In: the pieces before the word being typed. Out: a [`Frame`]. A query that is half typed is seldom right, so that
//! nothing is reported here: what is not understood leads to a place where nothing is offered.

use super::definitions;
use super::ends::{End, step};
use super::place::{Frame, Opened, Part, Place};
use super::tokens::{Kind, Token};
use crate::index::{Index, IndexError};
use crate::model::{RelationId, SOURCE_RELATION, Schema};
use crate::syntax::query::terminals;

/// Goes through the pieces before the cursor.
pub fn frame_behind(index: &Index, tokens: &[Token<'_>]) -> Result<Frame, IndexError> {
    let mut walk = Walk { index, schema: index.schema(), outer: Vec::new() };
    let mut frame = Frame::new(Opened::Query, Place::Source, &[]);
    for (number, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Word => walk.word(&mut frame, token)?,
            Kind::Literal => literal(&mut frame, token),
            Kind::Text | Kind::OpenText => text(&mut frame),
            Kind::Sign => {
                let before = number.checked_sub(1).and_then(|number| tokens.get(number));
                walk.sign(&mut frame, token, before)?;
            }
            Kind::Opening => walk.open(&mut frame, token),
            Kind::Closing => walk.close(&mut frame),
            Kind::Comment => {}
        }
    }
    Ok(frame)
}

struct Walk<'i> {
    index: &'i Index,
    schema: &'i Schema,
    outer: Vec<Frame>,
}

impl Walk<'_> {
    fn word(&mut self, frame: &mut Frame, token: &Token<'_>) -> Result<(), IndexError> {
        let word = token.text.to_lowercase();
        match frame.place {
            Place::Source => self.source(frame, &word),
            Place::Variables if word == "where" => frame.place = Place::Condition,
            Place::Variables => {}
            Place::Condition | Place::Path => return self.begin(frame, token.text, &word),
            Place::Step => {
                frame.end = match &frame.end {
                    End::Records(relations) => step(self.schema, relations, &word),
                    End::Time => End::Time,
                    _ => End::Unknown,
                };
                frame.place = if frame.in_value { Place::AfterValue } else { Place::AfterPath };
            }
            Place::AfterPath if frame.part == Part::Conditions => operator(frame, &word),
            Place::AfterPath if matches!(word.as_str(), "asc" | "desc") => {
                frame.place = Place::AfterValue;
            }
            Place::AfterPath | Place::AfterSource | Place::AfterValue => follow(frame, &word),
            Place::Value => {
                let is_query = frame.opened == Opened::Values
                    && !matches!(&frame.left, End::Words(words) if words.contains(&word))
                    && definitions::rows_named(self.index, &word).is_some();
                match is_query {
                    true => self.source(frame, &word),
                    false => frame.place = Place::InValue { from: token.start },
                }
            }
            Place::InValue { .. } if frame.awaits_to && word == "to" => {
                frame.awaits_to = false;
                frame.place = Place::Value;
            }
            Place::InValue { .. } if ends_value(&word) => follow(frame, &word),
            Place::InValue { .. } => {}
            Place::Is if word == "not" => {}
            Place::Is => frame.place = Place::AfterValue,
            Place::AfterCount if word == "by" => frame.place = Place::Path,
            Place::AfterCount => follow(frame, &word),
            Place::Word(wanted) if word == wanted => self.behind_clause(frame, wanted),
            Place::Word(_) | Place::Nothing => frame.place = Place::Nothing,
        }
        Ok(())
    }

    fn source(&self, frame: &mut Frame, word: &str) {
        frame.is_query = true;
        frame.place = Place::AfterSource;
        match word {
            "find" => frame.place = Place::Variables,
            "everything" => frame.rows = self.all(),
            _ => frame.rows = definitions::rows_named(self.index, word).unwrap_or_default(),
        }
        frame.end = End::Records(frame.rows.clone());
    }

    fn all(&self) -> Vec<RelationId> {
        self.schema.relations().map(|(id, _)| id).collect()
    }

    /// A word where a condition or a path may begin.
    fn begin(&self, frame: &mut Frame, written: &str, word: &str) -> Result<(), IndexError> {
        if frame.place == Place::Condition {
            match word {
                "not" | "certainly" | "possibly" => return Ok(()),
                "has" | "no" | "some" | "every" => {
                    frame.may_end = matches!(word, "has" | "no");
                    frame.place = Place::Path;
                    return Ok(());
                }
                "mentions" => {
                    frame.left = End::Records(self.all());
                    frame.place = Place::Value;
                    return Ok(());
                }
                _ => {}
            }
        }
        let mut end = match word {
            "this" => End::Records(frame.rows.clone()),
            _ => step(self.schema, &frame.rows, word),
        };
        let may_be_query = end == End::Unknown && frame.opened == Opened::Parenthesis;
        if may_be_query && definitions::rows_named(self.index, word).is_some() {
            self.source(frame, word);
            return Ok(());
        }
        if end == End::Unknown {
            end = self.record(written)?;
        }
        frame.end = end;
        frame.place = Place::AfterPath;
        Ok(())
    }

    /// A path may begin at a record.
    fn record(&self, written: &str) -> Result<End, IndexError> {
        let found = self.index.find_id(written)?;
        let relation = found.and_then(|entity| self.index.relation_of(entity));
        Ok(relation.map_or(End::Unknown, |relation| End::Records(vec![relation])))
    }

    fn behind_clause(&self, frame: &mut Frame, word: &str) {
        frame.place = match word {
            "by" => Place::Path,
            "of" => {
                frame.left = End::Time;
                Place::Value
            }
            "to" => {
                frame.left = End::Records(vec![SOURCE_RELATION]);
                Place::Value
            }
            _ => Place::AfterValue,
        };
    }

    fn sign(
        &self,
        frame: &mut Frame,
        token: &Token<'_>,
        before: Option<&Token<'_>>,
    ) -> Result<(), IndexError> {
        match (token.text, frame.place) {
            (".", Place::AfterPath | Place::AfterValue) => frame.place = Place::Step,
            (".", Place::InValue { .. }) => {
                let written = before.map_or("", |token| token.text);
                let record = self.record(written)?;
                frame.end = match record {
                    End::Unknown => step(self.schema, &frame.rows, &written.to_lowercase()),
                    record => record,
                };
                frame.in_value = true;
                frame.place = Place::Step;
            }
            (",", _) => comma(frame),
            ("..", _) => frame.place = Place::Value,
            (sign, Place::AfterPath)
                if terminals::SIGNS.iter().any(|(known, _)| *known == sign) =>
            {
                compare(frame);
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, frame: &mut Frame, token: &Token<'_>) {
        let inner = match (token.text, frame.place) {
            ("(", Place::Source) => Frame::new(Opened::Parenthesis, Place::Source, &[]),
            ("(", Place::Condition | Place::Path) => {
                Frame::new(Opened::Parenthesis, Place::Condition, &frame.rows)
            }
            ("(", Place::Step) => {
                Frame::new(Opened::Parenthesis, Place::Condition, frame.end.relations())
            }
            ("(", Place::AfterPath) => Frame::new(Opened::Call, Place::Path, &frame.rows),
            ("(", Place::Value) => {
                let inner = Frame::new(Opened::Values, Place::Value, &frame.rows);
                Frame { left: frame.left.clone(), ..inner }
            }
            ("[", Place::AfterPath | Place::AfterValue) => {
                Frame::new(Opened::Filter, Place::Condition, frame.end.relations())
            }
            _ => Frame::new(Opened::Set, Place::Nothing, &[]),
        };
        self.outer.push(std::mem::replace(frame, inner));
    }

    fn close(&mut self, frame: &mut Frame) {
        let Some(outer) = self.outer.pop() else { return };
        let inner = std::mem::replace(frame, outer);
        match inner.opened {
            Opened::Filter | Opened::Query => {}
            Opened::Set => frame.place = Place::AfterValue,
            Opened::Values => {
                frame.place = Place::AfterValue;
                frame.in_value = true;
                frame.end = if inner.is_query { End::Records(inner.rows) } else { End::Unknown };
            }
            // In a condition it is a rule that is called.
            Opened::Call if frame.part == Part::Conditions => frame.place = Place::AfterValue,
            Opened::Call => {
                frame.place = Place::AfterPath;
                frame.end = End::Other;
            }
            Opened::Parenthesis if inner.is_query && frame.place == Place::Source => {
                frame.end = End::Records(inner.rows.clone());
                frame.rows = inner.rows;
                frame.place = Place::AfterSource;
            }
            Opened::Parenthesis if inner.is_query => {
                frame.end = End::Records(inner.rows);
                frame.place = Place::AfterPath;
            }
            // Steps in parentheses, or a condition.
            Opened::Parenthesis if inner.place == Place::AfterPath && !inner.may_end => {
                frame.end = inner.end;
                frame.place = Place::AfterPath;
            }
            Opened::Parenthesis => frame.place = Place::AfterValue,
        }
    }
}

fn literal(frame: &mut Frame, token: &Token<'_>) {
    match frame.place {
        Place::Value => frame.place = Place::InValue { from: token.start },
        Place::Nothing => frame.place = Place::AfterValue,
        _ => {}
    }
}

fn text(frame: &mut Frame) {
    if frame.place == Place::Value {
        frame.place = Place::AfterValue;
    }
}

fn compare(frame: &mut Frame) {
    frame.left = frame.end.clone();
    frame.in_value = false;
    frame.place = Place::Value;
}

fn comma(frame: &mut Frame) {
    frame.place = match (frame.opened, frame.part) {
        (Opened::Values, _) if !frame.is_query => Place::Value,
        (Opened::Call, _) => Place::Path,
        (_, Part::Show | Part::Sort) => Place::Path,
        _ => frame.place,
    };
}

/// A word behind the path of a condition.
fn operator(frame: &mut Frame, word: &str) {
    match word {
        "in" => compare(frame),
        "from" => {
            compare(frame);
            frame.awaits_to = true;
        }
        "is" => frame.place = Place::Is,
        "not" => {}
        _ if terminals::named(terminals::COMPARING_WORDS, word).is_some() => compare(frame),
        _ => follow(frame, word),
    }
}

/// A word where a condition or a clause has ended.
fn follow(frame: &mut Frame, word: &str) {
    let (part, place) = match word {
        "where" | "and" | "or" => (Part::Conditions, Place::Condition),
        "sort" => (Part::Sort, Place::Word("by")),
        "group" => (Part::Other, Place::Word("by")),
        "count" => (Part::Other, Place::AfterCount),
        "show" => (Part::Show, Place::Path),
        "as" => (Part::Other, Place::Word("of")),
        "according" => (Part::Other, Place::Word("to")),
        "all" => (Part::Other, Place::Word("claims")),
        // A number follows.
        "limit" => (Part::Other, Place::Nothing),
        _ => (frame.part, Place::Nothing),
    };
    (frame.part, frame.place) = (part, place);
    (frame.may_end, frame.in_value, frame.awaits_to) = (false, false, false);
}

fn ends_value(word: &str) -> bool {
    terminals::STOPS.contains(&word)
        || terminals::STOP_PAIRS.iter().any(|(first, _)| *first == word)
}
