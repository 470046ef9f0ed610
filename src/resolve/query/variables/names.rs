//! The variables of a formula while it is settled: what each is called, where, and what it ranges over.

use crate::model::RelationId;
use crate::query::formula::Variable;
use crate::query::terms::Slot;
use crate::source::Span;
use crate::syntax::query::ast;

/// The variables of a formula while it is settled.
#[derive(Default)]
pub(in crate::resolve::query) struct Names {
    /// By slot.
    pub all: Vec<Variable>,
    /// Where each was written.
    pub(super) places: Vec<Option<Span>>,
    /// Those that can be named, the innermost last.
    pub(super) visible: Vec<Slot>,
    /// The first variable is the row of a query for one relation, where paths begin.
    pub is_row: bool,
}

impl Names {
    /// Adds a variable that can be named.
    pub fn declare(&mut self, word: &ast::Word, relations: Vec<RelationId>) -> Slot {
        let slot = self.add(&word.text, relations);
        if let Some(place) = self.places.get_mut(slot.index()) {
            *place = Some(word.span);
        }
        self.visible.push(slot);
        slot
    }

    /// Adds a variable that nothing names.
    pub fn add(&mut self, name: &str, relations: Vec<RelationId>) -> Slot {
        let slot = Slot(self.all.len() as u32);
        self.all.push(Variable { slot, name: name.to_owned(), relations });
        self.places.push(None);
        slot
    }

    pub fn find(&self, name: &str) -> Option<Slot> {
        let is_it = |slot: &&Slot| self.all.get(slot.index()).is_some_and(|each| each.name == name);
        self.visible.iter().rev().find(is_it).copied()
    }

    /// Returns what those are called that can be named.
    pub fn written(&self) -> Vec<String> {
        let all = self.visible.iter().filter_map(|slot| self.all.get(slot.index()));
        all.map(|each| each.name.clone()).collect()
    }

    /// Returns the variable at which a path begins; nothing where it begins at none.
    pub fn root(&self, path: &ast::Path) -> Option<Slot> {
        match path.steps.first().map(|step| &step.way) {
            Some(ast::Way::Name(word)) if path.head == ast::Head::Row => self.find(&word.text),
            _ => None,
        }
    }

    /// Tells whether an operand begins at a variable.
    pub fn begins(&self, operand: &ast::Operand) -> bool {
        match operand {
            ast::Operand::Path(path) => self.root(path).is_some(),
            ast::Operand::Phrase(phrase) => self.find(&phrase.text).is_some(),
            _ => false,
        }
    }

    pub fn relations(&self, slot: Slot) -> Vec<RelationId> {
        self.all.get(slot.index()).map(|each| each.relations.clone()).unwrap_or_default()
    }

    pub(super) fn is_untyped(&self, slot: Slot) -> bool {
        self.all.get(slot.index()).is_some_and(|each| each.relations.is_empty())
    }

    pub(super) fn set_type(&mut self, slot: Slot, relations: Vec<RelationId>) {
        if let Some(variable) = self.all.get_mut(slot.index()) {
            variable.relations = relations;
        }
    }
}
