//! The schema: declarations of relations and unions, checked and numbered.

use crate::diagnostic::{Diagnostic, code, meant, shown};
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
use std::collections::{HashMap, HashSet};

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
    // It is asked for every identifier.
    taken: HashMap<String, (Meaning, Option<Span>), foldhash::fast::FixedState>,
    /// Names whose declarations are faulty, and the words of lines that could not be read.
    excused: HashSet<String>,
    /// Fields whose declarations are faulty.
    excused_fields: HashSet<(RelationId, String)>,
    /// Fields whose type is not wholly known.
    loose_fields: HashSet<FieldId>,
}

impl Names {
    /// Tells whether a name may have been meant by a declaration that is faulty, which was reported there; whoever
    /// uses it is not blamed.
    pub fn is_excused(&self, name: &str) -> bool {
        self.excused.contains(name)
    }

    /// The same for a field of a relation.
    pub fn is_excused_field(&self, relation: RelationId, name: &str) -> bool {
        // Nothing is looked up in the usual case, in which the schema is sound.
        !self.excused_fields.is_empty()
            && self.excused_fields.contains(&(relation, name.to_string()))
    }

    /// Tells whether a relation has a field whose declaration is faulty.
    pub fn has_excused_field(&self, relation: RelationId) -> bool {
        self.excused_fields.iter().any(|(owner, _)| *owner == relation)
    }

    /// Tells whether a field may lead to records of relations that its type does not name, because a union in it is
    /// faulty.
    pub fn is_loose(&self, field: FieldId) -> bool {
        self.loose_fields.contains(&field)
    }

    /// Returns what all names stand for, in their order; nothing where some declaration is faulty.
    pub fn outline(&self) -> Option<Vec<(&str, Meaning)>> {
        let is_sound = self.excused.is_empty()
            && self.excused_fields.is_empty()
            && self.loose_fields.is_empty();
        let mut names: Vec<_> =
            self.taken.iter().map(|(name, (meaning, _))| (name.as_str(), *meaning)).collect();
        names.sort_by_key(|(name, _)| *name);
        is_sound.then_some(names)
    }

    /// Returns the relation whose singular or plural a name is.
    pub fn relation(&self, name: &str) -> Option<RelationId> {
        match self.taken.get(name) {
            Some((Meaning::Relation(id), _)) => Some(*id),
            _ => None,
        }
    }

    /// Returns what a name stands for, and where it was declared; built-in ones are declared nowhere.
    pub fn get(&self, name: &str) -> Option<(Meaning, Option<Span>)> {
        self.taken.get(name).copied()
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
        let mut faulty = Vec::new();
        for (file, declaration) in &taken {
            let written = declaration.members.iter();
            let members: Vec<_> = written.filter_map(|at| self.union_member(*file, *at)).collect();
            faulty.push(declaration.is_faulty || members.len() < declaration.members.len());
            direct.push(members);
        }
        // A circle is reported once, at the first of its unions.
        let mut circles: Vec<(usize, Vec<bool>)> = Vec::new();
        for (number, (file, declaration)) in taken.iter().enumerate() {
            let mut reached = Vec::new();
            let mut seen = vec![false; direct.len()];
            let comes_back = expand(&direct, number, &mut reached, &mut seen);
            let is_faulty = faulty.iter().zip(&seen).any(|(faulty, seen)| *faulty && *seen);
            self.faulty_unions.push(is_faulty || faulty.get(number) == Some(&true));
            let lies_on = |(other, others): &(usize, Vec<bool>)| {
                seen.get(*other) == Some(&true) && others.get(number) == Some(&true)
            };
            if comes_back && !circles.iter().any(lies_on) {
                circles.push((number, seen));
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
                if self.names.is_excused(&name) {
                    return None;
                }
                let message = format!("`{}` is neither a relation nor a union", shown(&name));
                let found = Diagnostic::new(code::BAD_UNION, message, at.in_file(file), "unknown");
                let near = nearest(&name, self.singulars());
                let found = match near.is_empty() {
                    true => found.help(format!("declare it with `relation {}`", shown(&name))),
                    false => found.help(meant(&near)),
                };
                self.diagnostics.push(found);
                None
            }
        }
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

    /// Tells whether a field's type names a union that may lack members.
    fn is_loose(&self, file: FileId, field: &FieldDeclaration) -> bool {
        let Some(TypeExpression::Named(names)) = &field.value_type else { return false };
        let meanings = names.iter().filter_map(|at| self.names.get(&self.text(file, *at)));
        let unions = meanings.filter_map(|(meaning, _)| match meaning {
            Meaning::Union(number) => Some(number as usize),
            _ => None,
        });
        unions.into_iter().any(|number| self.faulty_unions.get(number) == Some(&true))
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

    fn cardinality(&mut self, file: FileId, field: &FieldDeclaration) -> Cardinality {
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
        let Some(target) = self.schema.fields.get_mut(id.index()) else { return };
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
