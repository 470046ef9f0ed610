//! Names that nothing bears: each told once, with a count and the nearest names.

use super::declare::Declared;
use super::placed::Placed;
use super::schema::Names;
use crate::diagnostic::{Diagnostic, all_of, code, counted, meant, one, one_of, shown};
use crate::index::LedgerName;
use crate::model::{BUILTIN_FIELDS, FieldId, RelationId, Schema, Type};
use crate::source::{FileId, Sources, Span};
use crate::suggest::{Known, fold, nearest};
use crate::syntax::ast::{TextRange, ValueKind};
use crate::syntax::decode_string;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// What comparing names may cost in all before suggestions are left out, see [`Known::nearest`]: a base of a million
/// records in which a thousand names are wrong is told about in seconds all the same.
const MOST_COMPARISONS: usize = 1_000_000_000;

/// Most further places that a finding lists.
const MOST_PLACES: usize = 3;

/// Most records that are offered for one name.
const MOST_OFFERED: usize = 5;

/// Most words side by side that are looked at for missing commas.
const MOST_WORDS: usize = 8;

/// What putting a finding into words may need.
pub struct Whole<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// The schema.
    pub schema: &'a Schema,
    /// The names of the schema, also the faulty ones.
    pub names: &'a Names,
    /// All records.
    pub declared: &'a Declared<'a>,
    /// All pieces.
    pub pieces: &'a [Placed<'a>],
}

/// What is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Unknown {
    /// An identifier, or a name in its place; and the relations whose records may stand there.
    Record(String, Vec<RelationId>),
    /// A field of a relation.
    Field(RelationId, String),
    /// A word of a field.
    Word(FieldId, String),
}

/// Unknown names with the places where they stand.
#[derive(Debug, Default)]
pub struct Unresolved {
    places: HashMap<Unknown, Places>,
    /// Those of the record that is being read.
    new: Vec<(Unknown, Span)>,
}

/// Where a name stands: the first places, and how many there are.
#[derive(Debug, Default)]
struct Places {
    first: Vec<Span>,
    count: usize,
}

impl Places {
    fn add(&mut self, at: Span) {
        // The cells of a table share the place of their column.
        if self.first.last() == Some(&at) {
            return;
        }
        self.count += 1;
        if self.first.len() <= MOST_PLACES {
            self.first.push(at);
        }
    }

    fn join(&mut self, other: Places) {
        self.count += other.count;
        self.first.extend(other.first);
        self.first.sort();
        self.first.truncate(MOST_PLACES + 1);
    }
}

impl Unresolved {
    /// Adds an identifier or a name that no record bears.
    pub fn unknown_record(&mut self, name: &str, at: Span, relations: &[RelationId]) {
        self.add(Unknown::Record(name.to_string(), relations.to_vec()), at);
    }

    /// Adds a field that the relation does not have.
    pub fn unknown_field(&mut self, relation: RelationId, name: &str, at: Span) {
        self.add(Unknown::Field(relation, name.to_string()), at);
    }

    /// Adds a word that the field does not have.
    pub fn unknown_word(&mut self, field: FieldId, word: &str, at: Span) {
        self.add(Unknown::Word(field, word.to_string()), at);
    }

    fn add(&mut self, unknown: Unknown, at: Span) {
        self.new.push((unknown, at));
    }

    /// Lets what was added since the last record stand.
    pub fn keep(&mut self) {
        for (unknown, at) in self.new.drain(..) {
            self.places.entry(unknown).or_default().add(at);
        }
    }

    /// Drops what was added since the last record.
    pub fn drop_new(&mut self) {
        self.new.clear();
    }

    /// Returns the names of fields and words as the ledger keeps them; nothing if one of another kind is among them, or
    /// stands in another file.
    pub fn stored(&self, file: FileId) -> Option<Vec<LedgerName>> {
        let each = self.places.iter().map(|(unknown, places)| {
            let (is_field, owner, name) = match unknown {
                Unknown::Record(..) => return None,
                Unknown::Field(relation, name) => (true, relation.0, name.clone()),
                Unknown::Word(field, name) => (false, field.0, name.clone()),
            };
            let first = places.first.iter();
            let first = first.map(|at| (at.file == file).then_some((at.start, at.end)));
            let first = first.collect::<Option<_>>()?;
            Some(LedgerName { is_field, owner, name, first, count: places.count as u64 })
        });
        let mut stored = each.collect::<Option<Vec<_>>>()?;
        stored.sort_by(|one, other| one.first.cmp(&other.first));
        Some(stored)
    }

    /// Takes in a name that was kept.
    pub fn restore(&mut self, kept: &LedgerName, file: FileId) {
        let name = kept.name.clone();
        let unknown = match kept.is_field {
            true => Unknown::Field(RelationId(kept.owner), name),
            false => Unknown::Word(FieldId(kept.owner), name),
        };
        let first = kept.first.iter().map(|(start, end)| Span::new(file, *start, *end)).collect();
        self.places.entry(unknown).or_default().join(Places { first, count: kept.count as usize });
    }

    /// Takes in what another piece did not know.
    pub fn extend(&mut self, other: Unresolved) {
        for (unknown, places) in other.places {
            self.places.entry(unknown).or_default().join(places);
        }
    }

    /// Makes one finding for each name.
    pub fn diagnose(self, context: &Whole<'_>) -> Vec<Diagnostic> {
        if self.places.is_empty() {
            return Vec::new();
        }
        let mut unknown: Vec<_> = self.places.into_iter().collect();
        unknown.retain(|(unknown, _)| match unknown {
            Unknown::Record(name, _) => !context.names.is_excused(name),
            _ => true,
        });
        unknown.sort_by(|one, other| (&one.1.first, &one.0).cmp(&(&other.1.first, &other.0)));
        // An identifier that is wrong in fields of different types is still one unknown name.
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut merged: Vec<(Unknown, Places)> = Vec::new();
        for (unknown, places) in unknown {
            if let Unknown::Record(name, _) = &unknown {
                if let Some(first) = seen.get(name).and_then(|first| merged.get_mut(*first)) {
                    first.1.join(places);
                    continue;
                }
                seen.insert(name.clone(), merged.len());
            }
            merged.push((unknown, places));
        }
        let names = merged.iter().any(|(each, _)| matches!(each, Unknown::Record(..)));
        let ids = (0..context.declared.len()).map(|number| context.declared.id(number));
        let known = Known::new(ids.filter(|_| names));
        let names = if names { record_names(context) } else { HashMap::new() };
        let names = (&names, &known);
        let mut budget = MOST_COMPARISONS;
        let diagnosed = merged.into_iter().filter_map(|(unknown, places)| {
            let found = match &unknown {
                Unknown::Record(name, relations) => diagnose_record(
                    context,
                    name,
                    relations,
                    *places.first.first()?,
                    names,
                    &mut budget,
                ),
                Unknown::Field(relation, name) => {
                    diagnose_field(context, *relation, name, *places.first.first()?)
                }
                Unknown::Word(field, word) => {
                    diagnose_word(context, *field, word, *places.first.first()?)
                }
            };
            Some(with_places(context, found, &places))
        });
        diagnosed.collect()
    }
}

fn with_places(context: &Whole<'_>, found: Diagnostic, places: &Places) -> Diagnostic {
    let [_, others @ ..] = places.first.as_slice() else { return found };
    if others.is_empty() {
        return found;
    }
    let shown = others.iter().take(MOST_PLACES).map(|span| {
        let file = context.sources.file(span.file);
        format!("{}:{}", file.path, file.line(span.start))
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    let more = match places.count > places.first.len() {
        true => ", …",
        false => "",
    };
    found.note(format!("it stands in {}: here, {shown}{more}", counted(places.count, "place")))
}

/// Names and aliases, folded, with the records that bear them.
fn record_names(context: &Whole<'_>) -> HashMap<String, Vec<u32>> {
    let mut names: HashMap<String, Vec<u32>> = HashMap::new();
    let is_text = |kind| matches!(kind, ValueKind::Text | ValueKind::EscapedText);
    for placed in context.pieces {
        let text = context.sources.file(placed.file).text();
        let between = |at: TextRange| {
            let whole = text.get(at.start as usize..at.end as usize).unwrap_or("");
            let behind = whole.strip_prefix('"').unwrap_or(whole);
            behind.strip_suffix('"').unwrap_or(behind)
        };
        placed.each_fact(context.sources, |number, fact| {
            if context.declared.id(number).is_empty() {
                return;
            }
            // A name that is never closed is one all the same.
            let header = fact.name().map(|name| name.at());
            let named = fact.lines().filter(|line| {
                let key = line.key();
                matches!(text.get(key.start as usize..key.end as usize), Some("name" | "also"))
            });
            let others = named.flat_map(|line| line.values());
            let others = others.filter(|value| is_text(value.kind())).map(|value| value.at());
            for at in header.into_iter().chain(others) {
                names.entry(fold(&decode_string(between(at)).0)).or_default().push(number);
            }
        });
    }
    names
}

fn diagnose_record(
    context: &Whole<'_>,
    name: &str,
    relations: &[RelationId],
    at: Span,
    (names, known): (&HashMap<String, Vec<u32>>, &Known<'_>),
    budget: &mut usize,
) -> Diagnostic {
    let declared = context.declared;
    let fits = |number: &u32| {
        let relation = declared.relation(*number);
        // A record whose relation is misspelt may be the one.
        relation.is_none_or(|relation| relations.contains(&relation))
    };
    let bearers = names.get(&fold(name)).map_or(&[][..], Vec::as_slice);
    let mut bearers: Vec<u32> = bearers.iter().copied().filter(fits).collect();
    bearers.dedup();
    if !bearers.is_empty() {
        let ids = bearers.iter().take(MOST_OFFERED).map(|number| declared.id(*number));
        let ids: Vec<&str> = ids.collect();
        let name = shown(name);
        let message = format!("`{name}` is a name, and a record is referred to by its identifier");
        let found = Diagnostic::new(code::NAME_AS_REFERENCE, message, at, "a name");
        return found.help(format!("write {}", one_of(&ids)));
    }
    let expected = expected(context, relations);
    let message = format!("there is no {expected} `{}`", shown(name));
    let found = Diagnostic::new(code::UNKNOWN_ENTITY, message, at, "unknown");
    let near = known.nearest(
        name,
        |place| !declared.id(place as u32).is_empty() && fits(&(place as u32)),
        budget,
    );
    if let Some(twin) = near.iter().find(|id| id.nfc().eq(name.nfc())) {
        return found.help(format!(
            "copy `{twin}` from its declaration: both look alike, and an accent is encoded in another way"
        ));
    }
    if !near.is_empty() {
        return found.help(meant(&near));
    }
    if let Some(parts) = several_records(declared, name) {
        return found.help(format!("write `{parts}`, with commas between several values"));
    }
    let is_identifier = name.starts_with(char::is_alphabetic)
        && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'));
    let relation = match relations {
        [only] => &context.schema.relation(*only).name,
        _ => "RELATION",
    };
    match is_identifier {
        true => found.help(format!(
            "declare it with `{relation} {} \"Name\"`, or correct the identifier",
            shown(name)
        )),
        false => {
            found.help("write the record's identifier: one word, with hyphens in place of blanks")
        }
    }
}

/// Returns the identifiers that somebody wrote side by side without a comma.
fn several_records(declared: &Declared<'_>, name: &str) -> Option<String> {
    let words: Vec<&str> = name.split_whitespace().take(MOST_WORDS + 1).collect();
    let are_records = words.iter().all(|word| declared.find(word).is_some());
    (are_records && (2..=MOST_WORDS).contains(&words.len())).then(|| words.join(", "))
}

fn expected(context: &Whole<'_>, relations: &[RelationId]) -> String {
    match relations {
        [only] => context.schema.relation(*only).name.clone(),
        _ => String::from("record"),
    }
}

fn diagnose_field(context: &Whole<'_>, relation: RelationId, name: &str, at: Span) -> Diagnostic {
    let schema = context.schema;
    let owner = &schema.relation(relation).name;
    if name == "id" {
        let message = "an identifier stands in a fact's first line, and is one word";
        let found = Diagnostic::new(code::UNKNOWN_FIELD, message, at, "no field");
        return found
            .help(format!("write `{owner} identifier \"Name\"`, with hyphens in place of blanks"));
    }
    let message = format!("{} has no field `{}`", one(owner), shown(name));
    let found = Diagnostic::new(code::UNKNOWN_FIELD, message, at, "unknown field");
    let fields: Vec<&str> =
        schema.fields_of(relation).map(|(_, field)| field.name.as_str()).collect();
    if BUILTIN_FIELDS.contains(&name) {
        return found.help(format!(
            "take it out: `{name}` is read from other fields; {} has the fields {}",
            one(owner),
            all_of(&fields)
        ));
    }
    let inverse =
        schema.inverses_of(relation).find(|(_, field)| field.inverse.as_deref() == Some(name));
    if let Some((_, field)) = inverse {
        let other = &schema.relation(field.relation).name;
        return found.help(format!(
            "write it as `{}` of {}: `{name}` is only the way back",
            field.name,
            one(other)
        ));
    }
    let near = nearest(name, fields.iter().copied());
    match near.is_empty() {
        true => {
            found.help(format!("declare it with the relation, or write one of {}", all_of(&fields)))
        }
        false => found.help(meant(&near)),
    }
}

fn diagnose_word(context: &Whole<'_>, field: FieldId, word: &str, at: Span) -> Diagnostic {
    let declared = context.schema.field(field);
    let Type::Words(words) = &declared.value_type else {
        return Diagnostic::new(
            code::UNKNOWN_WORD,
            format!("`{}` is unknown", shown(word)),
            at,
            "unknown word",
        );
    };
    let message = format!("`{}` is not one of the words of `{}`", shown(word), declared.name);
    let found = Diagnostic::new(code::UNKNOWN_WORD, message, at, "unknown word");
    let near = nearest(word, words.iter().map(String::as_str));
    match near.is_empty() {
        true => found.help(format!("write {}, or add the word to the schema", one_of(words))),
        false => found.help(meant(&near)),
    }
}
