//! Why a row is only possible: the statements that leave a doubt.

use super::found::{Found, FoundValue};
use super::numbers::judge_measure;
use super::{Evaluator, Polarity};
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::among::Member;
use crate::query::expression::{Comparison, Condition, Path, Query, Rows, Test};
use crate::query::operators::{PathOperator, Quantifier};
use crate::query::terms::{Term, Values};
use crate::query::wording::{against_words, deed, members_words, sign, test_words};
use crate::query::{CellValue, Reasons};
use crate::time::{Truth, Verdict};

/// Most reasons that are given for one row.
const MOST_REASONS: usize = 3;

impl Evaluator<'_> {
    /// Returns why a row is only possible, as a short list.
    pub(super) fn reason(&self, query: &Query, row: EntityId) -> Result<String, IndexError> {
        let mut reasons = Vec::new();
        self.collect(&query.condition, Polarity::Plain, row, &mut reasons)?;
        if reasons.is_empty() {
            let in_doubt = match self.index.relation_of(row) {
                Some(relation) => !self.lens.records(relation)?.certain.contains(row.0),
                None => false,
            };
            let word =
                if in_doubt && self.lens.claims().as_of.is_none() { "disputed" } else { "date" };
            reasons.push(word.to_owned());
        }
        reasons.dedup();
        reasons.truncate(MOST_REASONS);
        Ok(reasons.join("; "))
    }

    pub(super) fn collect(
        &self,
        condition: &Condition,
        polarity: Polarity,
        row: EntityId,
        reasons: &mut Vec<String>,
    ) -> Result<(), IndexError> {
        match condition {
            Condition::Always
            | Condition::Never
            | Condition::Certainly(_)
            | Condition::Possibly(_) => Ok(()),
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().try_for_each(|part| self.collect(part, polarity, row, reasons))
            }
            Condition::Not(inner) => self.collect(inner, polarity.turned(), row, reasons),
            Condition::Has(path) => self.doubts(path, None, polarity, row, reasons),
            Condition::Lacks(path) => self.doubts(path, None, polarity.turned(), row, reasons),
            Condition::Compare(Comparison { path, test, quantifier }) => {
                let polarity =
                    if *quantifier == Quantifier::Some { polarity } else { Polarity::Negated };
                self.doubts(path, Some(test), polarity, row, reasons)?;
                // In whole sentences it is the left side of which something may be so.
                let asked = Some(test).filter(|_| self.allowance.reasons == Reasons::Short);
                if let Test::Path { right, .. } = test {
                    self.doubts(right, asked, polarity, row, reasons)?;
                }
                if let Test::Among(members) = test {
                    for term in members.iter().flat_map(Member::terms) {
                        if let Term::Values(Values::OfRow(right)) = term {
                            self.doubts(right, asked, polarity, row, reasons)?;
                        }
                    }
                }
                Ok(())
            }
            Condition::Computed(test) => {
                reasons.extend(self.computed_doubt(test, &[Some(row.0)])?);
                Ok(())
            }
            Condition::Joined(scope) => self.doubts_of(scope, &[Some(row.0)], reasons),
        }
    }

    pub(super) fn doubts(
        &self,
        path: &Path,
        test: Option<&Test>,
        polarity: Polarity,
        row: EntityId,
        reasons: &mut Vec<String>,
    ) -> Result<(), IndexError> {
        let found = self.values(path, row)?;
        let mut doubts = Vec::new();
        for each in &found {
            let verdict = match test {
                Some(Test::Among(members)) if self.times(each, path.part())?.is_empty() => {
                    self.found_among((path, each), members, row)?
                }
                test => self.verdict_of(path, test, each)?,
            };
            let is_sure = verdict.holds == Truth::Certain && each.truth == Truth::Certain;
            if is_sure && polarity == Polarity::Plain {
                // One sure value settles the comparison.
                return Ok(());
            }
            if let Some(doubt) = self.doubt_within(path, test, each, verdict)? {
                doubts.push(doubt);
                continue;
            }
            let Some(word) = self.word_of_doubt(each, verdict, polarity) else { continue };
            doubts.push(match self.allowance.reasons {
                Reasons::Plain => self.plain_doubt(path, test, each, polarity)?,
                Reasons::Short => self.short_doubt(path, each, word)?,
            });
        }
        reasons.extend(doubts);
        Ok(())
    }

    /// Says what is in doubt of a record that another question may find: the reasons are those of that question.
    fn doubt_within(
        &self,
        path: &Path,
        test: Option<&Test>,
        found: &Found,
        verdict: Verdict,
    ) -> Result<Option<String>, IndexError> {
        let (Some(Test::Records(Rows::Query(inner))), FoundValue::Entity(record)) =
            (test, found.value)
        else {
            return Ok(None);
        };
        let is_of_it = found.truth == Truth::Certain && verdict == Verdict::UNKNOWN;
        if !is_of_it || !inner.claims.is_plain() || self.allowance.reasons != Reasons::Short {
            return Ok(None);
        }
        let reason = match &inner.rows {
            Rows::Bindings(bindings) => self.reason_of_tuple(bindings, &[record.0])?,
            _ => self.reason(inner, record)?,
        };
        Ok(Some(format!("{} is {}: {reason}", path.written, self.index.id_of(record)?)))
    }

    /// Returns in one word why a value leaves a doubt; nothing where it leaves none.
    fn word_of_doubt(
        &self,
        found: &Found,
        verdict: Verdict,
        polarity: Polarity,
    ) -> Option<&'static str> {
        if found.value == FoundValue::Unknown {
            return Some("unknown");
        }
        if found.truth == Truth::Possible {
            if self.lens.claims().as_of.is_some() {
                return Some("date");
            }
            // What must hold of every value may fail by one that is disputed.
            let may_fail = polarity == Polarity::Negated && verdict.fails > Truth::No;
            if verdict.holds > Truth::No || may_fail {
                return Some("disputed");
            }
        }
        verdict.is_doubtful().then_some("date")
    }

    /// Says in a word and by the value what leaves a doubt: `date: signed is 1917/1918`.
    fn short_doubt(&self, path: &Path, found: &Found, word: &str) -> Result<String, IndexError> {
        let written = &path.written;
        Ok(match self.cell_value_of(found, path.part())? {
            CellValue::Unknown => format!("unknown: {written}"),
            CellValue::Number { text, .. } => format!("number: {written} is {text}"),
            CellValue::Time { shown: text, .. }
            | CellValue::Entity { id: text, .. }
            | CellValue::Text(text)
            | CellValue::Word(text) => format!("{word}: {written} is {text}"),
            CellValue::Count { .. } | CellValue::None => word.to_owned(),
        })
    }

    /// Says what is not certain of a value: `signed is 1917/1918: may fall in 1918`.
    pub(super) fn plain_doubt(
        &self,
        path: &Path,
        test: Option<&Test>,
        found: &Found,
        polarity: Polarity,
    ) -> Result<String, IndexError> {
        let may = match polarity {
            Polarity::Plain => "may",
            Polarity::Negated => "may not",
        };
        let shown;
        let is = match self.cell_value_of(found, path.part())? {
            CellValue::Unknown => "unknown",
            CellValue::None => "none",
            CellValue::Time { shown: text, .. }
            | CellValue::Number { text, .. }
            | CellValue::Entity { id: text, .. }
            | CellValue::Text(text)
            | CellValue::Word(text) => {
                shown = text;
                shown.as_str()
            }
            CellValue::Count { .. } => "",
        };
        let verdict = self.verdict_of(path, test, found)?;
        let mut doubts = Vec::new();
        if found.truth == Truth::Possible && found.value != FoundValue::Unknown {
            doubts.push(match &self.lens.claims().as_of {
                Some(date) => format!("may not have held in {}", date.text()),
                None => "this is disputed".to_owned(),
            });
        }
        if verdict.is_doubtful() || found.value == FoundValue::Unknown {
            doubts.push(self.what_may_be(path, test, may)?);
        }
        doubts.dedup();
        Ok(match doubts.is_empty() {
            true => format!("{} is {is}", path.written),
            false => format!("{} is {is}: {}", path.written, doubts.join(", and ")),
        })
    }

    /// Says what may be so of a value that a test is asked of: `may fall in 1918`.
    fn what_may_be(
        &self,
        path: &Path,
        test: Option<&Test>,
        may: &str,
    ) -> Result<String, IndexError> {
        Ok(match test {
            Some(Test::Time(time)) => {
                let literal = against_words(self.index, time)?;
                format!("{may} {}", deed(time.operator, &literal))
            }
            Some(Test::Path { operator: PathOperator::Time(operator), right }) => {
                format!("{may} {}", deed(*operator, &right.written))
            }
            Some(Test::Path { operator: PathOperator::Apart(operator, days), right }) => {
                let days = format!("{} {days}", sign(*operator));
                format!(
                    "the days since {} {may} be {}",
                    right.written,
                    days.trim_start_matches("= ")
                )
            }
            Some(test @ (Test::Numbers(_) | Test::Days { .. } | Test::Path { .. })) => {
                let words = test_words(self.index, path, test)?;
                format!("{may} be {}", words.trim_start_matches("= "))
            }
            Some(Test::Among(members)) if matches!(members.as_slice(), [Member::Range { .. }]) => {
                format!("{may} lie {}", members_words(members))
            }
            Some(test) => {
                let words = test_words(self.index, path, test)?;
                match words.strip_prefix("= ") {
                    Some(value) => format!("{may} be {value}"),
                    None => format!("{may} be {words}"),
                }
            }
            None => format!("{may} be one that counts"),
        })
    }

    pub(super) fn verdict_of(
        &self,
        path: &Path,
        test: Option<&Test>,
        found: &Found,
    ) -> Result<Verdict, IndexError> {
        let part = path.part();
        match test {
            _ if found.value == FoundValue::Unknown => Ok(Verdict::UNKNOWN),
            Some(Test::Time(time)) => {
                let others = self.compared_times(time)?;
                let times = self.times(found, part)?;
                Ok(Verdict::some(
                    times.iter().map(|value| super::times::against(value, time.operator, &others)),
                ))
            }
            Some(Test::Days { operator, days }) => {
                let times = self.times(found, part)?;
                Ok(Verdict::some(times.iter().map(|value| value.test_length(*operator, *days))))
            }
            Some(Test::Numbers(tests)) => {
                let judged =
                    self.number(found, part)?.and_then(|number| judge_measure(tests, number));
                Ok(judged.unwrap_or(Verdict::NO))
            }
            Some(Test::Records(rows)) => {
                let rows = self.rows(rows)?;
                let FoundValue::Entity(entity) = found.value else { return Ok(Verdict::NO) };
                Ok(match rows.truth_of(entity.0) {
                    Truth::Certain => Verdict::CERTAIN,
                    Truth::Possible => Verdict::UNKNOWN,
                    Truth::No => Verdict::NO,
                })
            }
            Some(Test::Path { .. } | Test::Among(_)) => {
                let times = self.times(found, part)?;
                let is_vague =
                    times.iter().any(|value| !value.bounds().is_exact() || value.is_doubted());
                Ok(if is_vague { Verdict::UNKNOWN } else { Verdict::NO })
            }
            Some(Test::Words(words)) => Ok(match found.value {
                FoundValue::Code(field, code)
                    if words
                        .iter()
                        .any(|(each, places)| *each == field && places.contains(&code.0)) =>
                {
                    Verdict::CERTAIN
                }
                _ => Verdict::NO,
            }),
            Some(Test::Text(text)) => Ok(match self.text_of(found)? {
                Some(words) if super::texts::fits(&words, text) => Verdict::CERTAIN,
                _ => Verdict::NO,
            }),
            Some(Test::IsUnknown | Test::IsNone) => Ok(Verdict::NO),
            None => Ok(Verdict::CERTAIN),
        }
    }
}
