//! The schema: declarations of relations and unions, checked and numbered.

use crate::diagnostic::{Diagnostic, code, one_of};
use crate::model::{
    Cardinality, Field, FieldId, FieldRole, Relation, RelationId, SOURCE_RELATION, Schema, Type,
    Union, is_field_name, is_reserved,
};
use crate::source::{FileId, Sources, Span};
use crate::suggest::nearest;
use crate::syntax::ast::{
    FieldDeclaration, File, RelationDeclaration, TextRange, TypeExpression, UnionDeclaration,
};
use crate::syntax::decode_string;
use std::collections::HashMap;

/// What a name of the common namespace stands for, and where it was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A relation.
    Relation(RelationId),
    /// A union, by its place in the schema.
    Union(u32),
    /// A rule, check, expectation or saved query.
    Definition,
}

/// The names that relations, unions and definitions have taken.
#[derive(Debug, Default)]
pub struct Names {
    taken: HashMap<String, (Meaning, Option<Span>)>,
}

impl Names {
    /// Returns what a name stands for, and where it was declared; built-in ones are declared nowhere.
    pub fn get(&self, name: &str) -> Option<(Meaning, Option<Span>)> {
        self.taken.get(name).copied()
    }

    /// Returns every name.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.taken.keys().map(String::as_str)
    }
}

const BUILTIN_TYPES: [&str; 6] = ["text", "integer", "decimal", "url", "date", "period"];

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
    let mut declaring = Declaring { sources, schema, names, diagnostics };
    declaring.builtin_source();
    let all_pieces =
        || files.iter().flat_map(|file| file.pieces.iter().map(move |piece| (file.file, piece)));
    let mut relations = Vec::new();
    let mut unions = Vec::new();
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

    /// Declares the unions; members may be unions, in any order, but not in a circle.
    fn unions(&mut self, declared: &[(FileId, &UnionDeclaration)]) {
        let mut taken = Vec::new();
        for (file, declaration) in declared {
            let number = self.schema.unions.len() as u32;
            if !self.take(*file, declaration.name, Meaning::Union(number)) {
                continue;
            }
            let name = self.text(*file, declaration.name);
            let plural = match declaration.plural {
                Some(at) if self.take(*file, at, Meaning::Union(number)) => self.text(*file, at),
                _ => name.clone(),
            };
            self.schema.unions.push(Union { name, plural, members: Vec::new() });
            taken.push((*file, *declaration));
        }
        let mut direct = Vec::new();
        for (file, declaration) in &taken {
            let members = declaration.members.iter().filter_map(|at| self.union_member(*file, *at));
            direct.push(members.collect::<Vec<_>>());
        }
        for (number, (file, declaration)) in taken.iter().enumerate() {
            let mut reached = Vec::new();
            let comes_back = expand(&direct, number, &mut reached, &mut vec![false; direct.len()]);
            if comes_back {
                let name = self.text(*file, declaration.name);
                let message = format!("the union `{name}` contains itself");
                let span = declaration.name.in_file(*file);
                let found = Diagnostic::new(code::BAD_UNION, message, span, "comes back to itself");
                self.diagnostics.push(found.help("take out the member that leads back"));
            }
            reached.sort();
            reached.dedup();
            if let Some(union) = self.schema.unions.get_mut(number) {
                union.members = reached;
            }
        }
    }

    fn union_member(&mut self, file: FileId, at: TextRange) -> Option<Meaning> {
        let name = self.text(file, at);
        match self.names.get(&name) {
            Some((meaning @ (Meaning::Relation(_) | Meaning::Union(_)), _)) => Some(meaning),
            _ => {
                let message = format!("`{name}` is neither a relation nor a union");
                let found = Diagnostic::new(code::BAD_UNION, message, at.in_file(file), "unknown");
                let near = nearest(&name, self.names.all());
                let found = match near.is_empty() {
                    true => found.help(format!("declare it with `relation {name}`")),
                    false => found.help(format!("did somebody mean {}?", one_of(&near))),
                };
                self.diagnostics.push(found);
                None
            }
        }
    }

    fn fields(&mut self, file: FileId, declaration: &RelationDeclaration, relation: RelationId) {
        let first = self.schema.fields.len();
        for field in &declaration.fields {
            let name = self.text(file, field.name);
            let span = field.name.in_file(file);
            if !is_field_name(&name) {
                self.diagnostics.push(reserved(&name, span));
                continue;
            }
            let declared = self.schema.fields.get(first..).unwrap_or_default();
            if let Some(earlier) = declared.iter().position(|each| each.name == name) {
                let other =
                    declaration.fields.iter().find(|other| self.text(file, other.name) == name);
                let other = other.map(|other| other.name.in_file(file));
                self.diagnostics.push(clash(&name, span, other));
                let _ = earlier;
                continue;
            }
            let Some(value_type) = self.value_type(file, field, &name) else { continue };
            let cardinality = self.cardinality(file, field);
            let id = self.push_field(relation, name, FieldRole::Declared, value_type, cardinality);
            self.properties(file, field, id);
        }
        self.schema.relations[relation.index()].fields = first as u32..first as u32;
        self.finish_fields(relation);
    }

    fn value_type(&mut self, file: FileId, field: &FieldDeclaration, name: &str) -> Option<Type> {
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
        for (place, (at, text)) in ranges.iter().zip(texts).enumerate() {
            let earlier = texts.iter().take(place).position(|other| other == text);
            if let Some(first) = earlier.and_then(|earlier| ranges.get(earlier)) {
                self.diagnostics.push(clash(text, at.in_file(file), Some(first.in_file(file))));
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
        for at in names {
            let name = self.text(file, *at);
            match self.names.get(&name) {
                Some((Meaning::Relation(id), _)) => relations.push(id),
                Some((Meaning::Union(number), _)) => {
                    let union = self.schema.unions.get(number as usize);
                    relations.extend(union.map_or(&[][..], |union| &union.members));
                }
                _ => {
                    self.report_unknown_type(&name, at.in_file(file), field, names.len() > 1);
                    return None;
                }
            }
            written.push(name);
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
        let message = format!("`{name}` is not a type");
        let found = Diagnostic::new(code::UNKNOWN_TYPE, message, span, "unknown type");
        let found = if is_one_of_several && BUILTIN_TYPES.contains(&name) {
            found.help("only relations and unions can stand side by side with `|`")
        } else {
            let known = BUILTIN_TYPES.iter().copied().chain(self.names.all());
            let near = nearest(name, known);
            match near.is_empty() {
                true => found.help(format!(
                    "declare it with `relation {name}`; for a choice of words write `{field}: words a | b`"
                )),
                false => found.help(format!("did somebody mean {}?", one_of(&near))),
            }
        };
        self.diagnostics.push(found.note(
            "the types are `text`, `integer`, `decimal`, `url`, `date`, `period`, `quantity UNIT`, `words a | b`, and the relations and unions",
        ));
    }

    fn cardinality(&mut self, file: FileId, field: &FieldDeclaration) -> Cardinality {
        let Some((at, least, greatest)) = field.cardinality else { return Cardinality::ONE };
        if greatest.is_some_and(|greatest| greatest < least || greatest == 0) {
            let message = "no number of values fits this cardinality";
            let found = Diagnostic::new(
                code::BAD_CARDINALITY,
                message,
                at.in_file(file),
                "the end lies before the start",
            );
            self.diagnostics.push(
                found.help("write the smaller number first, and let the greater be at least 1"),
            );
            return Cardinality::ANY;
        }
        Cardinality { least, greatest }
    }

    fn properties(&mut self, file: FileId, field: &FieldDeclaration, id: FieldId) {
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
        let target = &mut self.schema.fields[id.index()];
        target.inverse = inverse;
        target.unique = field.unique.is_some();
        target.acyclic = field.acyclic.is_some() && is_reference;
        target.dated = field.dated.is_some();
        target.description = description;
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
        let start = self.schema.relations[relation.index()].fields.start;
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
        let relation = &mut self.schema.relations[relation.index()];
        relation.fields = start..end;
        relation.own_date = own_date;
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
                    self.schema.fields[id.index()].inverse = None;
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
                        self.schema.fields[id.index()].inverse = None;
                        break;
                    }
                    ways_back.insert((target, inverse.clone()), (id, span));
                }
            }
        }
    }
}

/// Follows the members of a union; returns whether it comes back to itself.
fn expand(
    direct: &[Vec<Meaning>],
    from: usize,
    reached: &mut Vec<RelationId>,
    seen: &mut [bool],
) -> bool {
    let mut comes_back = false;
    let mut open = vec![from];
    while let Some(union) = open.pop() {
        for member in direct.get(union).map_or(&[][..], Vec::as_slice) {
            match member {
                Meaning::Relation(id) => reached.push(*id),
                Meaning::Union(number) => {
                    let number = *number as usize;
                    comes_back |= number == from;
                    if let Some(seen) = seen.get_mut(number).filter(|seen| !**seen) {
                        *seen = true;
                        open.push(number);
                    }
                }
                Meaning::Definition => {}
            }
        }
    }
    comes_back
}

fn reserved(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{name}` is a word of the language and cannot be declared");
    Diagnostic::new(code::RESERVED_NAME, message, span, "kept by the language")
        .help("choose another name")
        .note("the keywords, the built-in fields, `unknown` and `none` are kept")
}

/// Reports a name that is taken already.
pub fn clash(name: &str, span: Span, earlier: Option<Span>) -> Diagnostic {
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
