//! `as of` and `according to` with a path: its one date, or its sources, are looked up while the question is settled.

use super::paths::{Kind, TypedPath, written};
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code, counted};
use crate::model::EntityId;
use crate::query::expression::{Claims, Condition, Output};
use crate::query::terms::{Term, Values};
use crate::query::{CellValue, Match, Query, answer};
use crate::source::Span;
use crate::syntax::query::ast::Operand;
use crate::time::{Date, Role};
use std::sync::Arc;

impl Resolver<'_> {
    /// Settles the date of `as of`.
    pub(super) fn as_of(&self, value: &Operand) -> Settled<Date> {
        if let Some(words) = written(value) {
            return self.date(words);
        }
        let (found, kind, at) = settled!(self.looked_up(value));
        if kind != Kind::Time {
            return self.no_claim(at, "`as of` takes a date", kind.described());
        }
        let mut dates: Vec<&str> = Vec::new();
        for value in &found {
            if let CellValue::Time { edtf, .. } = value
                && !dates.contains(&edtf.as_str())
            {
                dates.push(edtf);
            }
        }
        let date = match dates.as_slice() {
            [only] => [Role::Moment, Role::Period]
                .into_iter()
                .find_map(|role| Date::parse(only, role).ok()),
            _ => None,
        };
        match date {
            Some(date) => Ok(Some(date)),
            None => self.no_claim(at, "`as of` takes one date", &counted(dates.len(), "date")),
        }
    }

    /// Settles the sources of `according to`.
    pub(super) fn according_to(&self, value: &Operand) -> Settled<Vec<EntityId>> {
        if let Some(words) = written(value) {
            return Ok(self.source_named(words)?.map(|source| vec![source]));
        }
        let (found, _, at) = settled!(self.looked_up(value));
        let mut sources = Vec::new();
        for value in &found {
            if let CellValue::Entity { id, .. } = value
                && let Some(source) = self.index.find_id(id)?
                && self.index.relation_of(source) == Some(crate::model::SOURCE_RELATION)
                && !sources.contains(&source)
            {
                sources.push(source);
            }
        }
        match sources.is_empty() {
            false => Ok(Some(sources)),
            true => self.no_claim(at, "`according to` takes sources", "none"),
        }
    }

    /// Returns what a path that begins at a record or a question surely leads to.
    fn looked_up(&self, value: &Operand) -> Settled<(Vec<CellValue>, Kind, Span)> {
        let at = value.span();
        let Operand::Path(path) = value else {
            return self.no_claim(at, "a clause takes a value", "something computed");
        };
        let before = self.said.borrow().len();
        let Some(anchored) = self.anchored(&[], path)? else {
            if self.said.borrow().len() == before {
                return self.no_claim(
                    at,
                    "a clause is the same for every row",
                    "a path of the row",
                );
            }
            return Ok(None);
        };
        let TypedPath { path, kind } = anchored.typed;
        let program = settled!(self.program(at));
        let query = Query {
            rows: anchored.rows,
            condition: Condition::Always,
            claims: Claims::default(),
            order: Vec::new(),
            limit: None,
            output: Output::Records(vec![Term::Values(Values::OfRow(path))]),
            notes: Vec::new(),
            program: Arc::new(program),
        };
        let answers = answer(self.index, &query)?;
        let rows = answers.rows.into_iter().filter(|row| row.matched == Match::Certain);
        let values = rows.flat_map(|row| row.cells).flat_map(|cell| cell.values);
        Ok(Some((values.collect(), kind, at)))
    }

    fn no_claim<T>(&self, at: Span, message: &str, found: &str) -> Settled<T> {
        self.say(
            Diagnostic::new(code::WRONG_COMPARISON, message, at, format!("this gives {found}"))
                .help("name it, or a path from one record: `as of locarno-1925.signed`, `according to rapallo-1922.source`"),
        )
    }
}
