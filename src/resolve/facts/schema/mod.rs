//! The schema: declarations of relations and unions, checked and numbered.

mod names;
mod types;
mod unions;

pub use names::{Meaning, Names};

use crate::diagnostic::{Diagnostic, code, shown};
use crate::model::{
    Cardinality, Field, FieldId, FieldRole, Relation, RelationId, SOURCE_RELATION, Schema, Type,
    is_field_name, is_reserved,
};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::{File, RelationDeclaration, TextRange};
use crate::syntax::decode_string;
use std::collections::HashMap;

/// Kinds of source.
const SOURCE_KINDS: [&str; 9] = [
    "primary",
    "secondary",
    "tertiary",
    "reference",
    "archival",
    "press",
    "memoir",
    "map",
    "online",
];

struct Declaring<'a> {
    sources: &'a Sources,
    schema: Schema,
    names: Names,
    /// By the union's number: members may be missing.
    faulty_unions: Vec<bool>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// Reads every declaration of all files; what is faulty is reported and left out.
pub fn declare(
    sources: &Sources,
    files: &[File],
    diagnostics: &mut Vec<Diagnostic>,
) -> (Schema, Names) {
    let schema = Schema::default();
    let names = Names::default();
    let mut declaring =
        Declaring { sources, schema, names, faulty_unions: Vec::new(), diagnostics };
    declaring.builtin_source();
    let all_pieces =
        || files.iter().flat_map(|file| file.pieces.iter().map(move |piece| (file.file, piece)));
    let mut relations = Vec::new();
    let mut unions = Vec::new();
    for (file, piece) in all_pieces() {
        for line in piece.unread() {
            let text = declaring.text(file, *line);
            let is_inside = |letter: char| letter.is_alphanumeric() || "-_".contains(letter);
            let words = text.split(|letter| !is_inside(letter));
            let words =
                words.map(|word| word.trim_start_matches(|letter: char| !letter.is_alphabetic()));
            let words = words.filter(|word| !word.is_empty());
            declaring.names.excused.extend(words.map(String::from));
        }
    }
    for (file, piece) in all_pieces() {
        for declaration in piece.relations() {
            if let Some(id) = declaring.relation_name(file, declaration) {
                relations.push((file, declaration, id));
            }
        }
    }
    for (file, piece) in all_pieces() {
        unions.extend(piece.unions().iter().map(|declaration| (file, declaration)));
        for definition in piece.definitions() {
            declaring.take(file, definition.name, Meaning::Definition);
        }
    }
    declaring.unions(&unions);
    for (file, declaration, id) in &relations {
        declaring.fields(*file, declaration, *id);
    }
    declaring.check_inverses(&relations);
    (declaring.schema, declaring.names)
}

impl Declaring<'_> {
    fn text(&self, file: FileId, at: TextRange) -> String {
        self.sources.slice(at.in_file(file)).into_owned()
    }

    fn string(&self, file: FileId, at: Option<TextRange>) -> String {
        let Some(at) = at else { return String::new() };
        let between = self.text(file, TextRange::new(at.start + 1, at.end - 1));
        decode_string(&between).0.into_owned()
    }

    /// Returns the singulars of relations and unions, which are offered for misspelt ones.
    fn singulars(&self) -> impl Iterator<Item = &str> {
        let relations = self.schema.relations.iter().map(|each| each.name.as_str());
        relations.chain(self.schema.unions.iter().map(|each| each.name.as_str()))
    }

    /// The relation `source`, number 0.
    fn builtin_source(&mut self) {
        let name = String::from("source");
        self.names.taken.insert(name.clone(), (Meaning::Relation(SOURCE_RELATION), None));
        self.names.taken.insert("sources".into(), (Meaning::Relation(SOURCE_RELATION), None));
        self.schema.relations.push(Relation {
            name,
            plural: "sources".into(),
            description: "What facts rest on".into(),
            fields: 0..0,
            own_date: None,
        });
        let text = |name: &str, cardinality| (name.to_string(), Type::Text, cardinality);
        let kinds = SOURCE_KINDS.map(String::from).to_vec();
        let fields = [
            text("author", Cardinality::ANY),
            text("title", Cardinality::OPTIONAL),
            ("date".to_string(), Type::Date, Cardinality::OPTIONAL),
            ("url".to_string(), Type::Url, Cardinality::ANY),
            ("kind".to_string(), Type::Words(kinds), Cardinality::OPTIONAL),
        ];
        for (name, value_type, cardinality) in fields {
            self.push_field(SOURCE_RELATION, name, FieldRole::Declared, value_type, cardinality);
        }
        self.finish_fields(SOURCE_RELATION);
    }

    /// Takes a name of the common namespace; reports a kept one and a clash.
    fn take(&mut self, file: FileId, at: TextRange, meaning: Meaning) -> bool {
        let name = self.text(file, at);
        let span = at.in_file(file);
        if is_reserved(&name) && self.names.get(&name).is_none() {
            self.diagnostics.push(reserved(&name, span));
            self.names.excused.insert(name);
            return false;
        }
        if let Some((_, earlier)) = self.names.get(&name) {
            self.diagnostics.push(clash(&name, span, earlier));
            return false;
        }
        self.names.taken.insert(name, (meaning, Some(span)));
        true
    }

    fn relation_name(
        &mut self,
        file: FileId,
        declaration: &RelationDeclaration,
    ) -> Option<RelationId> {
        let id = RelationId(self.schema.relations.len() as u32);
        if !self.take(file, declaration.name, Meaning::Relation(id)) {
            return None;
        }
        let name = self.text(file, declaration.name);
        let plural = match declaration.plural {
            Some(at) if self.text(file, at) == name => name.clone(),
            Some(at) if self.take(file, at, Meaning::Relation(id)) => self.text(file, at),
            _ => name.clone(),
        };
        let description = self.string(file, declaration.description);
        self.schema.relations.push(Relation {
            name,
            plural,
            description,
            fields: 0..0,
            own_date: None,
        });
        Some(id)
    }

    fn fields(&mut self, file: FileId, declaration: &RelationDeclaration, relation: RelationId) {
        let first = self.schema.fields.len();
        let mut declared: HashMap<String, Span> = HashMap::new();
        for field in &declaration.fields {
            let name = self.text(file, field.name);
            let span = field.name.in_file(file);
            if !is_field_name(&name) {
                self.diagnostics.push(reserved(&name, span));
                self.names.excused_fields.insert((relation, name));
                continue;
            }
            if let Some(other) = declared.get(&name) {
                self.diagnostics.push(field_clash(&name, span, *other));
                continue;
            }
            declared.insert(name.clone(), span);
            let Some(value_type) = self.value_type(file, field, &name) else {
                self.names.excused_fields.insert((relation, name));
                continue;
            };
            let is_loose = self.is_loose(file, field);
            let cardinality = self.cardinality(file, field);
            let id = self.push_field(relation, name, FieldRole::Declared, value_type, cardinality);
            if is_loose {
                self.names.loose_fields.insert(id);
            }
            self.properties(file, field, id);
        }
        if let Some(owner) = self.schema.relations.get_mut(relation.index()) {
            owner.fields = first as u32..first as u32;
        }
        self.finish_fields(relation);
    }

    fn push_field(
        &mut self,
        relation: RelationId,
        name: String,
        role: FieldRole,
        value_type: Type,
        cardinality: Cardinality,
    ) -> FieldId {
        self.schema.fields.push(Field {
            relation,
            name,
            role,
            value_type,
            cardinality,
            inverse: None,
            unique: false,
            acyclic: false,
            dated: false,
            description: String::new(),
        });
        FieldId(self.schema.fields.len() as u32 - 1)
    }

    /// Adds the built-in fields behind the declared ones and finds the own date.
    fn finish_fields(&mut self, relation: RelationId) {
        let range = self.schema.relations.get(relation.index()).map(|each| each.fields.clone());
        let start = range.unwrap_or_default().start;
        let is_time = |field: &Field| field.value_type.is_time();
        let declared = self.schema.fields.get(start as usize..).unwrap_or_default();
        let own_date = declared.iter().position(is_time).map(|place| FieldId(start + place as u32));
        let source = Type::Reference { relations: vec![SOURCE_RELATION], written: "source".into() };
        for (name, role, value_type) in [
            ("name", FieldRole::Name, Type::Text),
            ("also", FieldRole::Also, Type::Text),
            ("note", FieldRole::Note, Type::Text),
            ("source", FieldRole::Source, source),
        ] {
            self.push_field(relation, name.into(), role, value_type, Cardinality::ANY);
        }
        let end = self.schema.fields.len() as u32;
        if let Some(relation) = self.schema.relations.get_mut(relation.index()) {
            relation.fields = start..end;
            relation.own_date = own_date;
        }
    }

    fn drop_inverse(&mut self, field: FieldId) {
        if let Some(field) = self.schema.fields.get_mut(field.index()) {
            field.inverse = None;
        }
    }

    /// Reports inverses that clash with a field or with another inverse of a relation they lead to.
    fn check_inverses(&mut self, relations: &[(FileId, &RelationDeclaration, RelationId)]) {
        let mut ways_back: HashMap<(RelationId, String), (FieldId, Span)> = HashMap::new();
        for (file, declaration, relation) in relations {
            for field in &declaration.fields {
                let Some(at) = field.inverse else { continue };
                let name = self.text(*file, field.name);
                let Some(id) = self.schema.field_named(*relation, &name) else { continue };
                let inverse = self.text(*file, at);
                let span = at.in_file(*file);
                if !is_field_name(&inverse) {
                    self.diagnostics.push(reserved(&inverse, span));
                    self.drop_inverse(id);
                    continue;
                }
                let is_symmetric = inverse == name;
                let targets = self.schema.field(id).value_type.targets().to_vec();
                for target in targets {
                    let owner = self.schema.relation(target).name.clone();
                    let field_there = self.schema.field_named(target, &inverse);
                    let other = ways_back.get(&(target, inverse.clone()));
                    let clashes_with_field =
                        field_there.is_some_and(|there| !(is_symmetric && there == id));
                    if clashes_with_field || other.is_some() {
                        let message = format!("`{owner}` has something called `{inverse}` already");
                        let found =
                            Diagnostic::new(code::NAME_CLASH, message, span, "the same name again");
                        let found = match other {
                            Some((_, other)) => found.and_at(*other, "the inverse of this field"),
                            None => found,
                        };
                        self.diagnostics.push(found.help("give the inverse another name"));
                        self.drop_inverse(id);
                        break;
                    }
                    ways_back.insert((target, inverse.clone()), (id, span));
                }
            }
        }
    }
}

fn reserved(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{name}` is a word of the language, and nothing else can be called so");
    Diagnostic::new(code::RESERVED_NAME, message, span, "kept by the language")
        .help("choose another name")
        .note("the keywords, the built-in fields, `unknown` and `none` are kept")
}

fn field_clash(name: &str, span: Span, earlier: Span) -> Diagnostic {
    let message = format!("the field `{}` is declared twice", shown(name));
    Diagnostic::new(code::NAME_CLASH, message, span, "declared again")
        .and_at(earlier, "declared here first")
        .help("give one of them another name, or take it out")
}

/// Reports a name that is taken already.
pub fn clash(name: &str, span: Span, earlier: Option<Span>) -> Diagnostic {
    let name = shown(name);
    let message = format!("the name `{name}` is taken already");
    let found = Diagnostic::new(code::NAME_CLASH, message, span, "declared again");
    let found = match earlier {
        Some(earlier) => found.and_at(earlier, "declared here first"),
        None => found.note(format!("`{name}` is built in")),
    };
    found
        .help("give one of them another name")
        .note("relations, their plurals, unions, rules, saved queries and identifiers share one namespace")
}
