//! Records by identifier, name or alias, and what is said where there is none or several.

use super::{Resolver, Settled};
use crate::diagnostic::{Diagnostic, code, meant_by};
use crate::index::{IndexError, NameKind};
use crate::model::{EntityId, RelationId};
use crate::source::Span;

/// Most records that a message lists.
const MOST_LISTED: usize = 6;

/// A value as a query names it.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    /// The words.
    pub text: &'a str,
    /// Their place.
    pub span: Span,
    /// How far they would reach without the keyword that stopped them.
    pub longer: Option<Span>,
}

impl Resolver<'_> {
    /// Finds the records that a name stands for: by identifier, then name, then alias; those of the first rank
    /// that has any.
    pub(super) fn records_named(
        &self,
        name: &str,
        relations: Option<&[RelationId]>,
    ) -> Result<Vec<EntityId>, IndexError> {
        let fits = |entity: EntityId| match relations {
            None => true,
            Some(relations) => {
                self.index.relation_of(entity).is_some_and(|each| relations.contains(&each))
            }
        };
        if let Some(entity) = self.index.find_id(name)?.filter(|entity| fits(*entity)) {
            return Ok(vec![entity]);
        }
        let mut found: Vec<EntityId> = self.index.find_ids_ignoring_case(name)?;
        found.retain(|entity| fits(*entity));
        if !found.is_empty() {
            return Ok(found);
        }
        let names = self.index.find_names(name)?;
        for kind in [NameKind::Name, NameKind::Also] {
            let of_kind = names.iter().filter(|entry| entry.kind == kind && fits(entry.entity));
            let mut found: Vec<EntityId> = of_kind.map(|entry| entry.entity).collect();
            found.sort_unstable();
            found.dedup();
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(found)
    }

    /// Finds the one record that a name stands for.
    pub(super) fn record(
        &self,
        written: Written<'_>,
        relations: &[RelationId],
    ) -> Settled<EntityId> {
        let found = self.records_named(written.text, Some(relations))?;
        match found.as_slice() {
            [] => self.unknown_record(written, relations),
            [only] => {
                self.note_dated_name(written.text, *only)?;
                Ok(Some(*only))
            }
            several => self.ambiguous(written, several),
        }
    }

    /// Says when a name was in use, where it was for a time only.
    fn note_dated_name(&self, name: &str, entity: EntityId) -> Result<(), IndexError> {
        let names = self.index.find_names(name)?;
        let own = names.iter().filter(|entry| entry.entity == entity);
        let mut periods = Vec::new();
        for entry in own {
            match self.index.period_of(entry.qualifier)? {
                Some(rank) => periods.push(self.index.period_text(rank)?),
                None => return Ok(()),
            }
        }
        if self.index.find_id(name)? == Some(entity) || periods.is_empty() {
            return Ok(());
        }
        let id = self.index.id_of(entity)?;
        self.note(format!(
            "`{name}` was a name of `{id}` in {}; the record is found at all dates",
            periods.join(" and ")
        ));
        Ok(())
    }

    fn unknown_record<T>(&self, written: Written<'_>, relations: &[RelationId]) -> Settled<T> {
        let Written { text, span, longer } = written;
        if self.around.borrow().iter().any(|name| name == text) {
            return self.variable_inside(text, span);
        }
        let wanted = self.named(relations);
        let mut diagnostic = Diagnostic::new(
            code::UNKNOWN_NAME,
            format!("there is no `{text}` among {wanted}"),
            span,
            "neither an identifier nor a name or alias",
        );
        if let Some(longer) = longer {
            let words = self.slice(longer).split_whitespace().collect::<Vec<_>>().join(" ");
            if !self.records_named(&words, Some(relations))?.is_empty() {
                return self.say(
                    diagnostic
                        .help(format!("put the whole name between quotation marks: \"{words}\"")),
                );
            }
        }
        // A word of the query that was swallowed by the value shows where `and` is missing.
        let first_words: Vec<&str> = text.split(' ').collect();
        for length in (1..first_words.len()).rev() {
            let shorter = first_words.get(..length).unwrap_or_default().join(" ");
            if !self.records_named(&shorter, Some(relations))?.is_empty() {
                let rest = first_words.get(length..).unwrap_or_default().join(" ");
                diagnostic = diagnostic.help(format!(
                    "if `{shorter}` is meant, join what follows: `{shorter} and {rest} …`"
                ));
                break;
            }
        }
        let elsewhere = self.records_named(text, None)?;
        if let Some(entity) = elsewhere.first() {
            let relation = self.index.relation_of(*entity);
            let name = relation.map_or("", |relation| &self.schema.relation(relation).name);
            let id = self.index.id_of(*entity)?;
            diagnostic = diagnostic
                .note(format!("`{id}` is of the relation `{name}`, which cannot stand here"));
        }
        let near = self.index.near_names(text, Some(relations))?;
        let mut offers = Vec::new();
        for each in near.iter().take(3) {
            let id = self.index.id_of(each.entity)?;
            offers.push(match each.kind {
                None => format!("`{id}`"),
                Some(_) => format!("`{id}` (\"{}\")", each.text),
            });
        }
        if !offers.is_empty() {
            diagnostic = diagnostic.help(meant_by(&offers.join(" or ")));
        }
        self.say(diagnostic)
    }

    fn ambiguous<T>(&self, written: Written<'_>, several: &[EntityId]) -> Settled<T> {
        let mut listed = Vec::new();
        for entity in several.iter().take(MOST_LISTED) {
            let name = self
                .index
                .name_of(*entity)?
                .map(|name| format!(" (\"{name}\")"))
                .unwrap_or_default();
            listed.push(format!("`{}`{name}", self.index.id_of(*entity)?));
        }
        let more = several.len().saturating_sub(MOST_LISTED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        self.say(
            Diagnostic::new(
                code::AMBIGUOUS_NAME,
                format!("`{}` fits {} records", written.text, several.len()),
                written.span,
                "several records bear this name",
            )
            .help(format!("name one by its identifier: {}{more}", listed.join(", "))),
        )
    }
}
