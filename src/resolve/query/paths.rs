//! Paths: each step found among fields, inverses and built-in parts, with the kind of value at the end.

use super::names::Written;
use super::{Resolver, Settled, settled};
use crate::diagnostic::{Diagnostic, code, meant, one_of};
use crate::model::{FieldId, FieldRole, RelationId, Type};
use crate::query::expression::{Condition, End, Path, Step, Way};
use crate::query::operators::{Repeats, ValuePart};
use crate::query::statement_rows::StatementCondition;
use crate::suggest;
use crate::syntax::query::ast;
use crate::time::{Grain, Part};

/// What stands at the end of a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Records of these relations.
    Records(Vec<RelationId>),
    /// Identifiers.
    Identifiers,
    /// Texts.
    Text,
    /// Words of an enumeration.
    Words,
    /// Numbers with one of these units.
    Number(Vec<String>),
    /// Dates or periods.
    Time,
    /// Numbers of days.
    Length,
}

impl Kind {
    /// Names the kind for a message.
    pub(super) fn described(&self) -> &'static str {
        match self {
            Kind::Records(_) => "records",
            Kind::Identifiers => "identifiers",
            Kind::Text => "texts",
            Kind::Words => "words of a list",
            Kind::Number(_) => "numbers",
            Kind::Time => "dates",
            Kind::Length => "numbers of days",
        }
    }

    pub(super) fn of(value_type: &Type) -> Kind {
        match value_type {
            Type::Text | Type::Url => Kind::Text,
            Type::Integer | Type::Decimal => Kind::Number(Vec::new()),
            Type::Quantity(units) => Kind::Number(units.clone()),
            Type::Date | Type::Period => Kind::Time,
            Type::Words(_) => Kind::Words,
            Type::Reference { relations, .. } => Kind::Records(relations.clone()),
        }
    }
}

/// A settled path with its kind.
#[derive(Clone, Debug)]
pub(super) struct TypedPath {
    /// The path.
    pub path: Path,
    /// What stands at its end.
    pub kind: Kind,
}

/// Where a path has come to.
struct Place {
    steps: Vec<Step>,
    relations: Vec<RelationId>,
    end: Option<(Vec<FieldId>, ValuePart, StatementCondition)>,
    kind: Kind,
}

impl Resolver<'_> {
    /// Settles a path that begins at records of `relations`.
    pub(super) fn path(&self, relations: &[RelationId], path: &ast::Path) -> Settled<TypedPath> {
        match &path.head {
            ast::Head::Row | ast::Head::This(_) => {}
            ast::Head::Query(inner) => {
                let message = "a path begins at the row here, not at a question of its own";
                let label = "the same for every row";
                let found = Diagnostic::new(code::WRONG_COMPARISON, message, inner.span, label);
                return self.say(found.help(
                    "turn it round: the row's field first, then the operator, then `(…)` with its path",
                ));
            }
        }
        self.steps(relations, &path.steps, self.slice(path.span))
    }

    /// Settles the steps of a path.
    pub(super) fn steps(
        &self,
        relations: &[RelationId],
        steps: &[ast::Step],
        written: &str,
    ) -> Settled<TypedPath> {
        let mut place = Place {
            steps: Vec::new(),
            relations: relations.to_vec(),
            end: None,
            kind: Kind::Records(relations.to_vec()),
        };
        let mut whole_text = None;
        for (number, step) in steps.iter().enumerate() {
            let is_last = number + 1 == steps.len();
            if let ast::Way::Name(word) = &step.way
                && let Kind::Records(_) = place.kind
                && is_last
                && step.closure.is_none()
                && step.filters.is_empty()
            {
                match word.text.as_str() {
                    "id" => {
                        place.kind = Kind::Identifiers;
                        continue;
                    }
                    "text" => {
                        whole_text = Some(self.text_fields(&place.relations));
                        place.kind = Kind::Text;
                        continue;
                    }
                    _ => {}
                }
            }
            place = settled!(self.step(place, step));
        }
        let end = match (&place.kind, place.end, whole_text) {
            (_, _, Some(fields)) => End::Text(fields),
            (Kind::Identifiers, _, _) => End::Identifiers,
            (_, Some((fields, part, statement)), _) => {
                End::Values { fields, part, statement: Box::new(statement) }
            }
            (_, None, _) => End::Records(place.relations),
        };
        let path = Path { steps: place.steps, end, written: written.to_owned() };
        Ok(Some(TypedPath { path, kind: place.kind }))
    }

    fn step(&self, place: Place, step: &ast::Step) -> Settled<Place> {
        let word = match &step.way {
            ast::Way::Name(word) => word,
            ast::Way::Group(inner) => return self.group(place, step, inner),
        };
        if place.end.is_some() || matches!(place.kind, Kind::Identifiers) {
            return self.part(place, word, step);
        }
        let mut forward: Vec<FieldId> = place
            .relations
            .iter()
            .filter_map(|id| self.schema.field_named(*id, &word.text))
            .collect();
        if word.text == "date" && !forward.is_empty() {
            // Where one relation has a field of this name, `date` is still the own date of the others.
            let own = place.relations.iter().filter_map(|id| self.schema.relation(*id).own_date);
            forward = own.collect();
        }
        let mut backward: Vec<FieldId> = place
            .relations
            .iter()
            .flat_map(|id| self.schema.inverses_named(*id, &word.text))
            .collect();
        backward.sort_unstable();
        backward.dedup();
        if forward.is_empty() && backward.is_empty() {
            return self.own_date(place, word, step);
        }
        let mut kinds: Vec<Kind> = Vec::new();
        for field in &forward {
            let kind = Kind::of(&self.schema.field(*field).value_type);
            let is_new = !kinds.contains(&kind);
            match (kinds.first_mut(), kind) {
                (Some(Kind::Records(all)), Kind::Records(more)) => all.extend(more),
                (Some(Kind::Number(all)), Kind::Number(more)) => all.extend(more),
                (_, kind) if is_new => kinds.push(kind),
                _ => {}
            }
        }
        if !backward.is_empty() {
            let back = backward.iter().map(|field| self.schema.field(*field).relation);
            match kinds.first_mut() {
                Some(Kind::Records(all)) => all.extend(back),
                Some(_) => kinds.push(Kind::Records(Vec::new())),
                None => kinds.push(Kind::Records(back.collect())),
            }
        }
        let mut kinds = kinds.into_iter();
        let (Some(kind), None) = (kinds.next(), kinds.next()) else {
            return self.say(
                Diagnostic::new(
                    code::UNKNOWN_STEP,
                    format!(
                        "`{}` is not of one kind in {}",
                        word.text,
                        self.named(&place.relations)
                    ),
                    word.span,
                    "its values differ from relation to relation",
                )
                .help("ask for one relation at a time"),
            );
        };
        match kind {
            Kind::Records(mut relations) => {
                relations.sort_unstable();
                relations.dedup();
                let way = Way::Fields { forward, backward };
                self.records_step(place, step, way, relations)
            }
            Kind::Number(mut units) => {
                units.sort_unstable();
                units.dedup();
                self.value_step(place, step, forward, Kind::Number(units))
            }
            kind => self.value_step(place, step, forward, kind),
        }
    }

    fn value_step(
        &self,
        place: Place,
        step: &ast::Step,
        fields: Vec<FieldId>,
        kind: Kind,
    ) -> Settled<Place> {
        if let Some(at) = step.closure {
            return self.say(
                Diagnostic::new(
                    code::UNKNOWN_STEP,
                    "`+` follows references only",
                    at,
                    "no record lies beyond this value",
                )
                .help("leave `+` out"),
            );
        }
        let statement = settled!(self.value_filters(&step.filters));
        Ok(Some(Place { end: Some((fields, ValuePart::Whole, statement)), kind, ..place }))
    }

    fn records_step(
        &self,
        mut place: Place,
        step: &ast::Step,
        way: Way,
        relations: Vec<RelationId>,
    ) -> Settled<Place> {
        let repeats = if step.closure.is_some() { Repeats::OnceOrMore } else { Repeats::Once };
        let mut filters = Vec::new();
        let mut asked = Vec::new();
        for filter in &step.filters {
            let (condition, statement) = settled!(self.filter(&relations, filter));
            filters.push(condition);
            asked.push(statement);
        }
        let filter = match filters.len() {
            0 => Condition::Always,
            1 => filters.pop().unwrap_or(Condition::Always),
            _ => Condition::And(filters),
        };
        let mut step = Step { way, repeats, filter, statement: StatementCondition::Always };
        ask_last(&mut step, StatementCondition::all(asked));
        place.steps.push(step);
        Ok(Some(Place { kind: Kind::Records(relations.clone()), relations, ..place }))
    }

    fn group(&self, place: Place, step: &ast::Step, inner: &ast::Path) -> Settled<Place> {
        let typed = settled!(self.path(&place.relations, inner));
        let Kind::Records(relations) = typed.kind else {
            return self.say(
                Diagnostic::new(
                    code::UNKNOWN_STEP,
                    "steps in parentheses must lead to records",
                    inner.span,
                    "this ends at values",
                )
                .help("take the last step out of the parentheses"),
            );
        };
        self.records_step(place, step, Way::Group(typed.path.steps), relations)
    }

    /// A part of a date behind a date: `signed.year`, `period.end`.
    fn part(&self, place: Place, word: &ast::Word, step: &ast::Step) -> Settled<Place> {
        let part = part_named(&word.text);
        match (part, place.end, &place.kind) {
            (
                Some(part),
                Some((
                    fields,
                    end_before @ (ValuePart::Whole | ValuePart::Start | ValuePart::End),
                    before,
                )),
                Kind::Time,
            ) if step.closure.is_none() => {
                let part = part.behind(end_before);
                let kind = if part == ValuePart::Length { Kind::Length } else { Kind::Time };
                let statement = settled!(self.value_filters(&step.filters));
                let statement = StatementCondition::all(vec![before, statement]);
                Ok(Some(Place { end: Some((fields, part, statement)), kind, ..place }))
            }
            (_, _, kind) => {
                let known: &[&str] = match kind {
                    Kind::Time => &["year", "month", "decade", "century", "start", "end", "length"],
                    _ => &[],
                };
                let diagnostic = Diagnostic::new(
                    code::UNKNOWN_STEP,
                    format!("`{}` leads nowhere: {} have no fields", word.text, kind.described()),
                    word.span,
                    "no such step",
                );
                self.say(match known {
                    [] => diagnostic.help("end the path before this step"),
                    known => diagnostic.help(format!("behind a date may stand {}", one_of(known))),
                })
            }
        }
    }

    /// A part of the record's own date, or a step that does not exist.
    fn own_date(&self, place: Place, word: &ast::Word, step: &ast::Step) -> Settled<Place> {
        let part =
            if word.text == "date" { Some(ValuePart::Whole) } else { part_named(&word.text) };
        let own: Vec<FieldId> =
            place.relations.iter().filter_map(|id| self.schema.relation(*id).own_date).collect();
        match part {
            Some(part) if !own.is_empty() && step.closure.is_none() => {
                let kind = if part == ValuePart::Length { Kind::Length } else { Kind::Time };
                let statement = settled!(self.value_filters(&step.filters));
                Ok(Some(Place { end: Some((own, part, statement)), kind, ..place }))
            }
            Some(_) if own.is_empty() => self.say(
                Diagnostic::new(
                    code::UNKNOWN_STEP,
                    format!("{} have no date of their own", self.named(&place.relations)),
                    word.span,
                    "read from the first date or period of a record",
                )
                .help("go on to a record that has one, or name another field"),
            ),
            _ => self.unknown_step(&place.relations, word),
        }
    }

    fn unknown_step<T>(&self, relations: &[RelationId], word: &ast::Word) -> Settled<T> {
        let mut known: Vec<&str> = Vec::new();
        for relation in relations {
            known.extend(self.schema.fields_of(*relation).map(|(_, field)| field.name.as_str()));
            let inverses = self.schema.inverses_of(*relation);
            known.extend(inverses.filter_map(|(_, field)| field.inverse.as_deref()));
        }
        known.extend([
            "id", "text", "year", "date", "month", "decade", "century", "start", "end", "length",
        ]);
        known.sort_unstable();
        known.dedup();
        let near = suggest::nearest(&word.text, known.iter().copied());
        let diagnostic = Diagnostic::new(
            code::UNKNOWN_STEP,
            format!("{} have no field `{}`", self.named(relations), word.text),
            word.span,
            "neither a field nor a way back",
        );
        let diagnostic = match near.is_empty() {
            false => diagnostic.help(meant(&near)),
            true => {
                let shown: Vec<&str> = known.iter().take(24).copied().collect();
                diagnostic.help(format!("there are {}", one_of(&shown)))
            }
        };
        let found = self.records_named(&word.text, None)?;
        let diagnostic = match found.first() {
            _ if self.around.borrow().contains(&word.text) => diagnostic.note(format!(
                "`{}` is a variable, which brackets and questions in parentheses do not know",
                word.text
            )),
            Some(entity) => {
                let id = self.index.id_of(*entity)?;
                diagnostic.note(format!(
                    "`{id}` is a record; a condition begins with a path: `FIELD = {id}`"
                ))
            }
            None => diagnostic,
        };
        self.say(diagnostic)
    }

    fn text_fields(&self, relations: &[RelationId]) -> Vec<FieldId> {
        let fields = relations.iter().flat_map(|id| self.schema.fields_of(*id));
        let texts = fields.filter(|(_, field)| matches!(field.value_type, Type::Text));
        texts.map(|(id, _)| id).collect()
    }

    /// Returns the fields of names and aliases, where a path ends at names.
    pub(super) fn with_aliases(&self, fields: &[FieldId]) -> Option<Vec<FieldId>> {
        let is_name = |field: &FieldId| self.schema.field(*field).role == FieldRole::Name;
        if !fields.iter().any(is_name) {
            return None;
        }
        let aliases = fields.iter().filter_map(|field| {
            self.schema.field_with_role(self.schema.field(*field).relation, FieldRole::Also)
        });
        Some(fields.iter().copied().chain(aliases).collect())
    }

    /// Settles a path that begins at one record, as `rapallo-1922.signed` does; nothing where the first step is
    /// no record.
    pub(super) fn record_head(
        &self,
        path: &ast::Path,
    ) -> Result<Option<crate::model::EntityId>, crate::index::IndexError> {
        let Some(ast::Step { way: ast::Way::Name(word), closure: None, filters }) =
            path.steps.first()
        else {
            return Ok(None);
        };
        if path.head != ast::Head::Row || !filters.is_empty() {
            return Ok(None);
        }
        let found = self.records_named(&word.text, None)?;
        Ok(if let [only] = found.as_slice() { Some(*only) } else { None })
    }
}

/// Asks of the statement by which a step ends; of several steps as one it is the last.
fn ask_last(step: &mut Step, asked: StatementCondition) {
    match &mut step.way {
        Way::Group(inner) => {
            if let Some(last) = inner.last_mut() {
                ask_last(last, asked);
            }
        }
        Way::Fields { .. } => {
            let before = std::mem::replace(&mut step.statement, StatementCondition::Always);
            step.statement = StatementCondition::all(vec![before, asked]);
        }
    }
}

/// Returns the part of a date that a step names.
pub(super) fn part_named(name: &str) -> Option<ValuePart> {
    Some(match name {
        "start" => ValuePart::Start,
        "end" => ValuePart::End,
        "length" => ValuePart::Length,
        "year" => ValuePart::Unit(Part::Whole, Grain::Year),
        "month" => ValuePart::Unit(Part::Whole, Grain::Month),
        "decade" => ValuePart::Unit(Part::Whole, Grain::Decade),
        "century" => ValuePart::Unit(Part::Whole, Grain::Century),
        _ => return None,
    })
}

/// Makes words out of a phrase or a quotation.
pub(super) fn written(operand: &ast::Operand) -> Option<Written<'_>> {
    match operand {
        ast::Operand::Quoted(word) => {
            Some(Written { text: &word.text, span: word.span, longer: None })
        }
        ast::Operand::Phrase(phrase) => {
            Some(Written { text: &phrase.text, span: phrase.span, longer: phrase.longer })
        }
        _ => None,
    }
}
