//! The types of fields, their cardinality and properties.

use super::Declaring;
use super::names::Meaning;
use crate::diagnostic::{Diagnostic, code, meant, shown};
use crate::model::{Cardinality, FieldId, Type};
use crate::source::{FileId, Span};
use crate::suggest::nearest;
use crate::syntax::ast::{FieldDeclaration, TextRange, TypeExpression};
use std::collections::HashMap;

const BUILTIN_TYPES: [&str; 6] = ["text", "integer", "decimal", "url", "date", "period"];

impl Declaring<'_> {
    /// Tells whether a field's type names a union that may lack members.
    pub(super) fn is_loose(&self, file: FileId, field: &FieldDeclaration) -> bool {
        let Some(TypeExpression::Named(names)) = &field.value_type else { return false };
        let meanings = names.iter().filter_map(|at| self.names.get(&self.text(file, *at)));
        let unions = meanings.filter_map(|(meaning, _)| match meaning {
            Meaning::Union(number) => Some(number as usize),
            _ => None,
        });
        unions.into_iter().any(|number| self.faulty_unions.get(number) == Some(&true))
    }

    pub(super) fn value_type(
        &mut self,
        file: FileId,
        field: &FieldDeclaration,
        name: &str,
    ) -> Option<Type> {
        let texts =
            |ranges: &[TextRange]| ranges.iter().map(|at| self.text(file, *at)).collect::<Vec<_>>();
        match field.value_type.as_ref()? {
            TypeExpression::Words(words) => {
                let texts = texts(words);
                self.report_repeated(file, words, &texts);
                Some(Type::Words(texts))
            }
            TypeExpression::Quantity(units) => {
                let texts = texts(units);
                self.report_repeated(file, units, &texts);
                Some(Type::Quantity(texts))
            }
            TypeExpression::Named(names) => self.named_type(file, names, name),
        }
    }

    fn report_repeated(&mut self, file: FileId, ranges: &[TextRange], texts: &[String]) {
        let mut known: HashMap<&str, TextRange> = HashMap::new();
        for (at, text) in ranges.iter().zip(texts) {
            let first = *known.entry(text).or_insert(*at);
            if first != *at {
                let message = format!("the list has `{}` twice", shown(text));
                let span = at.in_file(file);
                let found = Diagnostic::new(code::NAME_CLASH, message, span, "listed again");
                let found = found.and_at(first.in_file(file), "listed here first");
                self.diagnostics.push(found.help("take one of them out"));
            }
        }
    }

    fn named_type(&mut self, file: FileId, names: &[TextRange], field: &str) -> Option<Type> {
        if let [only] = names {
            match self.text(file, *only).as_str() {
                "text" => return Some(Type::Text),
                "integer" => return Some(Type::Integer),
                "decimal" => return Some(Type::Decimal),
                "url" => return Some(Type::Url),
                "date" => return Some(Type::Date),
                "period" => return Some(Type::Period),
                _ => {}
            }
        }
        let mut relations = Vec::new();
        let mut written = Vec::new();
        let mut is_whole = true;
        for at in names {
            let name = self.text(file, *at);
            match self.names.get(&name) {
                Some((Meaning::Relation(id), _)) => relations.push(id),
                Some((Meaning::Union(number), _)) => {
                    let union = self.schema.unions.get(number as usize);
                    relations.extend(union.map_or(&[][..], |union| &union.members));
                }
                _ => {
                    if !self.names.is_excused(&name) {
                        self.report_unknown_type(&name, at.in_file(file), field, names.len() > 1);
                    }
                    is_whole = false;
                }
            }
            written.push(name);
        }
        if !is_whole {
            return None;
        }
        relations.sort();
        relations.dedup();
        Some(Type::Reference { relations, written: written.join(" | ") })
    }

    fn report_unknown_type(
        &mut self,
        name: &str,
        span: Span,
        field: &str,
        is_one_of_several: bool,
    ) {
        let name = &shown(name);
        let is_misplaced = is_one_of_several && BUILTIN_TYPES.contains(&name.as_str());
        let (message, label) = match is_misplaced {
            true => (format!("`{name}` cannot stand beside another type"), "not with others"),
            false => (format!("`{name}` is not a type"), "unknown type"),
        };
        let found = Diagnostic::new(code::UNKNOWN_TYPE, message, span, label);
        let found = if is_misplaced {
            found.help("name relations and unions alone where several are parted by `|`")
        } else {
            let known = BUILTIN_TYPES.iter().copied().chain(self.singulars());
            let near = nearest(name, known);
            match near.is_empty() {
                true => found.help(format!(
                    "declare it with `relation {name}`; for a choice of words write `{field}: words a | b`"
                )),
                false => found.help(meant(&near)),
            }
        };
        self.diagnostics.push(found.note(
            "the types are `text`, `integer`, `decimal`, `url`, `date`, `period`, `quantity UNIT`, `words a | b`, and the relations and unions",
        ));
    }

    pub(super) fn cardinality(&mut self, file: FileId, field: &FieldDeclaration) -> Cardinality {
        let Some((at, least, greatest)) = field.cardinality else { return Cardinality::ONE };
        if greatest.is_some_and(|greatest| greatest < least || greatest == 0) {
            let message = "no number of values fits this cardinality";
            let found =
                Diagnostic::new(code::BAD_CARDINALITY, message, at.in_file(file), "nothing fits");
            self.diagnostics.push(
                found.help("write the smaller number first, and let the greater be at least 1"),
            );
            return Cardinality::ANY;
        }
        Cardinality { least, greatest }
    }

    pub(super) fn properties(&mut self, file: FileId, field: &FieldDeclaration, id: FieldId) {
        let is_reference = !self.schema.field(id).value_type.targets().is_empty();
        let wrong = [("inverse", field.inverse), ("acyclic", field.acyclic)];
        for (word, at) in wrong {
            let Some(at) = at.filter(|_| !is_reference) else { continue };
            let message = format!("`{word}` stands on a field that refers to no record");
            let found = Diagnostic::new(
                code::BAD_INVERSE,
                message,
                at.in_file(file),
                "has no meaning here",
            );
            self.diagnostics.push(found.help("take it out, or make the field's type a relation"));
        }
        let inverse = field.inverse.filter(|_| is_reference).map(|at| self.text(file, at));
        let description = self.string(file, field.description);
        let Some(target) = self.schema.fields.get_mut(id.index()) else { return };
        target.inverse = inverse;
        target.unique = field.unique.is_some();
        target.acyclic = field.acyclic.is_some() && is_reference;
        target.dated = field.dated.is_some();
        target.description = description;
    }
}
