//! Gathers the candidates that begin with what was typed.

use super::definitions;
use super::ends::End;
use super::place::{Frame, Opened, Part, Place};
use super::{Candidate, MOST, OWN_DATE};
use crate::index::{Completion, Index, IndexError};
use crate::model::{EntityId, FieldRole, RelationId};
use crate::suggest::fold;
use crate::syntax::query::terminals;

/// What stands where a query begins, beside relations and unions.
const SOURCES: &[&str] = &["everything", "statements", "find"];
/// Words that begin a condition.
const PREFIXES: &[&str] =
    &["not", "has", "no", "some", "every", "mentions", "certainly", "possibly"];
/// The clauses, by the words that they begin with.
const CLAUSES: &[&str] =
    &["sort by", "limit", "show", "count", "group by", "as of", "according to", "all claims"];
/// Words that compare, beside those of the parser's table.
const COMPARING: &[&str] = &["in", "is", "not", "from"];

/// Candidates for one place.
pub struct Offers<'i> {
    index: &'i Index,
    typed: String,
    wanted: String,
    /// Those found so far.
    pub candidates: Vec<Candidate>,
}

impl<'i> Offers<'i> {
    /// Begins a list of what begins with `typed`, ignoring case and diacritics.
    pub fn new(index: &'i Index, typed: &str) -> Offers<'i> {
        let typed = typed.to_owned();
        Offers { index, wanted: fold(&typed), typed, candidates: Vec::new() }
    }

    /// Adds what may stand at a place; of a value that goes on only what may follow it.
    pub fn at(&mut self, frame: &Frame) -> Result<(), IndexError> {
        match frame.place {
            Place::Source => self.sources(),
            Place::Variables => self.words(&["where"]),
            Place::AfterSource => {
                self.words(&["where"]);
                self.clauses(frame);
            }
            Place::Condition => {
                self.fields(frame);
                self.words(PREFIXES);
                self.calls();
            }
            Place::Path => {
                self.fields(frame);
                if matches!(frame.part, Part::Show | Part::Sort) && frame.opened != Opened::Call {
                    terminals::FOLDS.iter().for_each(|(word, _)| self.word(word));
                }
            }
            Place::Step => match &frame.end {
                End::Records(relations) => self.fields_of(relations),
                End::Time => self.words(OWN_DATE.get(1..).unwrap_or_default()),
                _ => {}
            },
            Place::AfterPath => self.after_path(frame),
            Place::Value => {
                self.values(frame)?;
                if frame.opened == Opened::Values {
                    self.sources();
                }
            }
            Place::InValue { .. } | Place::AfterValue => self.connectors(frame),
            Place::Is => {
                self.words(&["unknown", "none", "not"]);
                if let End::Records(relations) = &frame.end {
                    for relation in relations {
                        self.word(&self.index.schema().relation(*relation).name);
                    }
                }
            }
            Place::Word(word) => self.words(&[word]),
            Place::AfterCount => {
                self.words(&["by"]);
                self.clauses(frame);
            }
            Place::Nothing => {}
        }
        Ok(())
    }

    /// Adds relations and unions: the plural, unless only the singular begins so.
    pub fn sources(&mut self) {
        let schema = self.index.schema();
        let relations = schema.relations.iter().map(|each| (&each.name, &each.plural));
        let unions = schema.unions.iter().map(|each| (&each.name, &each.plural));
        for (name, plural) in relations.chain(unions) {
            let chosen = if fold(plural).starts_with(&self.wanted) { plural } else { name };
            self.word(chosen);
        }
        self.words(SOURCES);
        for saved in definitions::of_kind(self.index, "query") {
            self.word(&saved.name);
        }
        for rule in definitions::of_kind(self.index, "rule") {
            self.word(&rule.name);
        }
    }

    /// Adds calls of rules, listed with their parameters.
    fn calls(&mut self) {
        for rule in definitions::of_kind(self.index, "rule") {
            if fold(&rule.name).starts_with(&self.wanted) {
                let parameters = definitions::parameters(rule);
                self.candidates.push(Candidate {
                    text: format!("{}(", rule.name),
                    shown: format!("{}({parameters})", rule.name),
                });
            }
        }
    }

    /// Adds the values that a path is compared with.
    pub fn values(&mut self, frame: &Frame) -> Result<(), IndexError> {
        match &frame.left {
            End::Words(words) => words.iter().for_each(|word| self.word(word)),
            End::Records(relations) => self.records(Some(relations))?,
            End::Identifiers(relations) => self.identifiers(relations)?,
            End::Names(_) => self.quoted_names(frame)?,
            End::Unknown if !self.wanted.is_empty() => self.records(None)?,
            End::Time | End::Other | End::Unknown => {}
        }
        Ok(())
    }

    /// Adds records: by identifier where that begins so, else by the name that does.
    pub fn records(&mut self, relations: Option<&[RelationId]>) -> Result<(), IndexError> {
        for (entity, names) in self.found(relations)? {
            let id = names.iter().find(|name| name.kind.is_none()).map(|name| name.text);
            self.record(entity, id, &names)?;
        }
        Ok(())
    }

    fn record(
        &mut self,
        entity: EntityId,
        id: Option<&str>,
        names: &[Completion<'_>],
    ) -> Result<(), IndexError> {
        let candidate = match (id, names.first()) {
            (Some(id), _) => {
                let name = self.index.name_of(entity)?;
                let name = name.map_or(String::new(), |name| format!(" (\"{name}\")"));
                Candidate { text: id.to_owned(), shown: format!("{id}{name}") }
            }
            (None, Some(name)) => self.named(entity, name.text)?,
            (None, None) => return Ok(()),
        };
        self.candidates.push(candidate);
        Ok(())
    }

    fn identifiers(&mut self, relations: &[RelationId]) -> Result<(), IndexError> {
        for (entity, names) in self.found(Some(relations))? {
            let id = names.iter().find(|name| name.kind.is_none()).map(|name| name.text);
            if id.is_some() {
                self.record(entity, id, &[])?;
            }
        }
        Ok(())
    }

    /// Adds the names of records, in quotation marks.
    pub fn quoted_names(&mut self, frame: &Frame) -> Result<(), IndexError> {
        let relations: Option<&[RelationId]> = match &frame.left {
            End::Records(relations) | End::Names(relations) => Some(relations),
            End::Unknown => None,
            _ => return Ok(()),
        };
        for (entity, names) in self.found(relations)? {
            for name in names.iter().filter(|name| name.kind.is_some()) {
                let candidate = self.named(entity, name.text)?;
                self.candidates.push(candidate);
            }
        }
        Ok(())
    }

    fn named(&self, entity: EntityId, name: &str) -> Result<Candidate, IndexError> {
        let text = format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
        let shown = match self.index.written_id_of(entity)? {
            Some(id) => format!("{text} ({id})"),
            None => text.clone(),
        };
        Ok(Candidate { text, shown })
    }

    /// Finds what begins so, a record at a time.
    fn found(
        &self,
        relations: Option<&[RelationId]>,
    ) -> Result<Vec<(EntityId, Vec<Completion<'i>>)>, IndexError> {
        let mut records: Vec<(EntityId, Vec<Completion<'i>>)> = Vec::new();
        for found in self.index.starting_with(&self.typed, relations, MOST)? {
            match records.iter_mut().find(|(entity, _)| *entity == found.entity) {
                Some((_, names)) => names.push(found),
                None => records.push((found.entity, vec![found])),
            }
        }
        Ok(records)
    }

    fn fields(&mut self, frame: &Frame) {
        self.fields_of(&frame.rows);
        if frame.opened == Opened::Filter {
            self.words(&["status", "period", "source", "note"]);
        }
    }

    /// Adds fields, ways back and what every record has.
    fn fields_of(&mut self, relations: &[RelationId]) {
        let schema = self.index.schema();
        let mut declared = Vec::new();
        let mut builtin = vec!["id"];
        let mut has_date = false;
        for relation in relations {
            for (_, field) in schema.fields_of(*relation) {
                match field.role {
                    FieldRole::Declared => declared.push(field.name.as_str()),
                    _ => builtin.push(&field.name),
                }
            }
            let inverses = schema.inverses_of(*relation);
            declared.extend(inverses.filter_map(|(_, field)| field.inverse.as_deref()));
            has_date |= schema.relation(*relation).own_date.is_some();
        }
        if relations.is_empty() {
            return;
        }
        builtin.push("text");
        self.words(&declared);
        self.words(&builtin);
        if has_date {
            self.words(OWN_DATE);
        }
    }

    fn after_path(&mut self, frame: &Frame) {
        match frame.part {
            Part::Conditions if frame.opened == Opened::Call => {}
            Part::Conditions => {
                self.words(COMPARING);
                for (word, _) in terminals::COMPARING_WORDS {
                    let is_of_time = !matches!(*word, "mentions");
                    let fits = match frame.end {
                        End::Time => is_of_time,
                        End::Records(_) => !is_of_time,
                        End::Unknown => true,
                        _ => false,
                    };
                    if fits {
                        self.word(word);
                    }
                }
                if frame.may_end {
                    self.connectors(frame);
                }
            }
            Part::Sort => {
                self.words(&["desc", "asc"]);
                self.clauses(frame);
            }
            Part::Show | Part::Other => self.clauses(frame),
        }
    }

    fn connectors(&mut self, frame: &Frame) {
        if frame.part == Part::Conditions && (frame.opened != Opened::Values || frame.is_query) {
            self.words(&["and", "or"]);
        }
        self.clauses(frame);
    }

    /// Adds clauses, where a query is open.
    fn clauses(&mut self, frame: &Frame) {
        if frame.is_query {
            self.words(CLAUSES);
        }
    }

    fn words(&mut self, words: &[&str]) {
        words.iter().for_each(|word| self.word(word));
    }

    /// Adds a word that begins as was typed, once.
    pub fn word(&mut self, word: &str) {
        let is_new = || self.candidates.iter().all(|known| known.text != word);
        if fold(word).starts_with(&self.wanted) && is_new() {
            self.candidates.push(Candidate::plain(word));
        }
    }
}
