//! Facts for the tests of the index: a small base by hand, and random ones of any size.

use regesta::model::CalendarUnit;
use regesta::model::*;
use regesta::time::PackedDate;

pub fn bounds(start: i64, end: i64) -> PackedDate {
    bytemuck::cast([start, start, end, end, 0])
}

/// Puts facts together. Records are added relation by relation.
#[derive(Default)]
pub struct Builder {
    pub facts: Facts,
    /// By field.
    columns: Vec<Vec<Statement>>,
}

impl Builder {
    pub fn new() -> Builder {
        let mut builder = Builder::default();
        builder.facts.qualifiers.push(Qualifier::default());
        builder.facts.citations.push(CitationList::new());
        builder.relation("source", vec![("title", Type::Text, Cardinality::OPTIONAL)]);
        builder
    }

    pub fn relation(&mut self, name: &str, declared: Vec<(&str, Type, Cardinality)>) -> RelationId {
        let relation = RelationId(self.facts.schema.relations.len() as u32);
        let start = self.facts.schema.fields.len() as u32;
        let sources = Type::Reference { relations: vec![RelationId(0)], written: "source".into() };
        let built_in = [
            ("name", Type::Text, FieldRole::Name),
            ("also", Type::Text, FieldRole::Also),
            ("note", Type::Text, FieldRole::Note),
            ("source", sources, FieldRole::Source),
        ];
        let declared =
            declared.into_iter().map(|(name, of, many)| (name, of, FieldRole::Declared, many));
        let built_in =
            built_in.into_iter().map(|(name, of, role)| (name, of, role, Cardinality::ANY));
        let mut own_date = None;
        for (field, value_type, role, cardinality) in declared.chain(built_in) {
            let id = FieldId(self.facts.schema.fields.len() as u32);
            if value_type.is_time() && own_date.is_none() {
                own_date = Some(id);
            }
            self.facts.schema.fields.push(Field {
                relation,
                name: field.to_owned(),
                role,
                value_type,
                cardinality,
                inverse: None,
                unique: false,
                acyclic: false,
                dated: false,
                description: String::new(),
            });
            self.columns.push(Vec::new());
        }
        self.facts.schema.relations.push(Relation {
            name: name.to_owned(),
            plural: format!("{name}s"),
            description: String::new(),
            fields: start..self.facts.schema.fields.len() as u32,
            own_date,
        });
        relation
    }

    /// Returns what was put together.
    pub fn finish(self) -> Facts {
        Facts { columns: Some(std::sync::Arc::new(self.columns)), ..self.facts }
    }

    pub fn string(&mut self, text: &str) -> StringId {
        self.facts.strings.add(text)
    }

    /// Adds a record; its name in the header becomes its first `name`, as the resolver has it.
    pub fn record(
        &mut self,
        relation: RelationId,
        id: Option<&str>,
        name: Option<&str>,
    ) -> EntityId {
        let entity = EntityId(self.facts.records.len() as u32);
        let line = entity.0 * 7 + 3;
        let id = id.map(|id| self.string(id));
        let name = name.map(|name| self.string(name));
        let (citation, qualifier) = (CitationId(0), QualifierId(0));
        self.facts.records.push(Record { relation, id, name, file: 0, line, citation, qualifier });
        if let Some(name) = name {
            self.state(entity, "name", ValueCode(name.0), QualifierId(0));
        }
        entity
    }

    pub fn field(&self, entity: EntityId, name: &str) -> FieldId {
        let relation = self.facts.records[entity.index()].relation;
        self.facts.schema.field_named(relation, name).unwrap()
    }

    pub fn state(
        &mut self,
        entity: EntityId,
        field: &str,
        value: ValueCode,
        qualifier: QualifierId,
    ) {
        let field = self.field(entity, field);
        let statements = &mut self.columns[field.index()];
        let line = statements.len() as u32 % 5;
        statements.push(Statement { entity, value, line, qualifier });
    }

    pub fn text(&mut self, entity: EntityId, field: &str, text: &str) {
        let text = self.string(text);
        self.state(entity, field, ValueCode(text.0), QualifierId(0));
    }

    pub fn date(&mut self, day: i64, text: &str) -> TimeRank {
        let text = self.string(text);
        self.facts.dates.push(DatedText { bounds: bounds(day, day), text });
        TimeRank(self.facts.dates.len() as u32 - 1)
    }

    pub fn qualifier(&mut self, qualifier: Qualifier) -> QualifierId {
        self.facts.qualifiers.push(qualifier);
        QualifierId(self.facts.qualifiers.len() as u32 - 1)
    }

    pub fn file(&mut self, path: &str, hash: u64) {
        self.facts.files.push(FileRecord { path: path.to_owned(), bytes: 17, hash });
    }
}

pub fn reference(relations: &[u32]) -> Type {
    let relations = relations.iter().map(|id| RelationId(*id)).collect();
    Type::Reference { relations, written: "polity".into() }
}

pub fn words(words: &[&str]) -> Type {
    Type::Words(words.iter().map(|word| (*word).to_owned()).collect())
}

/// A small base by hand, with something of everything.
pub fn sample() -> Facts {
    let mut base = Builder::new();
    base.file("kb/polities.kb", 16_411_743_647_545_595_101);
    base.file("kb/treaties.kb", 17_405_309_837_857_385_275);
    let polity =
        base.relation("polity", vec![("succeeds", reference(&[1]), Cardinality::OPTIONAL)]);
    let kinds = words(&["peace", "trade", "military"]);
    let treaty = base.relation(
        "treaty",
        vec![
            ("signed", Type::Date, Cardinality::OPTIONAL),
            ("in-force", Type::Period, Cardinality::OPTIONAL),
            ("party", reference(&[1]), Cardinality { least: 2, greatest: None }),
            ("kind", kinds, Cardinality::ANY),
            ("cost", Type::Quantity(vec!["GBP".into()]), Cardinality::OPTIONAL),
            ("terms", Type::Text, Cardinality::ANY),
            ("web", Type::Url, Cardinality::OPTIONAL),
        ],
    );
    let notes = base.record(RelationId(0), Some("notes"), Some("Notes"));
    let germany = base.record(polity, Some("germany"), Some("Germany"));
    let poland = base.record(polity, Some("poland"), Some("Rzeczpospolita Polska"));
    let russia = base.record(polity, Some("russia"), Some("Russia"));
    base.text(germany, "also", "Deutsches Reich");
    base.text(poland, "also", "Poland");
    let old = base.string("1917/1922");
    base.facts.periods.push(DatedText { bounds: bounds(10, 20), text: old });
    let dated = Qualifier { period: Some(TimeRank(0)), ..Qualifier::default() };
    let dated = base.qualifier(dated);
    let name = base.string("Soviet Russia");
    base.state(russia, "name", ValueCode(name.0), dated);
    base.text(russia, "also", "USSR");
    base.text(russia, "also", "Советская Россия");
    let date = base.date(100, "1922-04-16");
    let later = base.date(200, "1935-05");
    let unit = base.string("GBP");
    let text = base.string("26_000 GBP");
    let cost = Number { least: 26_000.0, greatest: 26_000.0, unit: Some(unit), text };
    base.facts.numbers.push(cost);
    let rapallo = base.record(treaty, Some("rapallo-1922"), Some("Treaty of Rapallo"));
    let nameless = base.record(treaty, None, None);
    let locator = base.string("pp. 12-14");
    base.facts.citations.push(vec![
        Citation { source: notes, locator: Some(locator) },
        Citation { source: notes, locator: None },
    ]);
    let (note, quote) = (base.string("why not"), base.string("„so it was“"));
    let language = base.string("de");
    let distance = Some(RelativeDistance { count: 4, unit: CalendarUnit::Day });
    let disputed = base.qualifier(Qualifier {
        status: Status::Disputed,
        citation: Some(CitationId(1)),
        note: Some(note),
        quote: Some(quote),
        language: Some(language),
        relatives: vec![
            Relative { kind: RelativeKind::Before, distance, anchor: rapallo },
            Relative { kind: RelativeKind::After, distance: None, anchor: nameless },
        ],
        ..Qualifier::default()
    });
    let with_status = |status| Qualifier { status, ..Qualifier::default() };
    let denied = base.qualifier(with_status(Status::Denied));
    let rejected = base.qualifier(with_status(Status::Rejected));
    base.facts.records[rapallo.index()].file = 1;
    base.facts.records[rapallo.index()].citation = CitationId(1);
    base.facts.records[nameless.index()].file = 1;
    base.facts.records[nameless.index()].qualifier = disputed;
    let plain = QualifierId(0);
    base.state(rapallo, "signed", ValueCode(date.0), plain);
    base.state(rapallo, "signed", ValueCode(later.0), disputed);
    base.state(nameless, "signed", ValueCode(later.0), rejected);
    base.state(rapallo, "in-force", ValueCode(0), plain);
    base.state(nameless, "in-force", ValueCode::NONE, plain);
    base.state(rapallo, "party", ValueCode(germany.0), plain);
    base.state(rapallo, "party", ValueCode(russia.0), plain);
    base.state(nameless, "party", ValueCode(russia.0), disputed);
    base.state(nameless, "party", ValueCode::UNKNOWN, plain);
    base.state(nameless, "party", ValueCode(poland.0), denied);
    base.state(rapallo, "kind", ValueCode(1), plain);
    base.state(rapallo, "kind", ValueCode(1), dated);
    base.state(nameless, "kind", ValueCode(2), denied);
    base.state(rapallo, "cost", ValueCode(0), plain);
    base.text(rapallo, "terms", "Renunciation of claims — most-favoured nation");
    base.text(rapallo, "terms", "Diplomatische Beziehungen werden sofort aufgenommen");
    base.state(nameless, "terms", ValueCode::UNKNOWN, plain);
    base.text(rapallo, "web", "https://example.org/Rapallo");
    base.state(rapallo, "source", ValueCode(notes.0), plain);
    base.finish()
}

/// Numbers without rhyme or reason, but the same each time.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 32) % u64::from(end.max(1))) as u32
    }

    pub fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len() as u32) as usize]
    }
}

const WORDS: &[&str] = &[
    "Treaty",
    "of",
    "Łódź",
    "the",
    "Žižka",
    "peace",
    "Great",
    "Britain",
    "ÉTAT",
    "α-1",
    "Rapallo",
    "Чичерин",
    "non-aggression",
    "1922",
    "x",
    "pact",
];

fn phrase(random: &mut Random) -> String {
    let length = 1 + random.below(5);
    let words: Vec<&str> = (0..length).map(|_| random.pick(WORDS)).collect();
    words.join(random.pick(&[" ", "-", ", "]))
}

/// A random base: `records` records in three relations, with every status, `unknown`, `none`, and gaps.
pub fn random(seed: u64, records: u32) -> Facts {
    let mut random = Random::new(seed);
    let mut base = Builder::new();
    for file in 0..1 + random.below(400) {
        base.file(&format!("kb/{file}.kb"), file as u64);
    }
    for status in Status::ALL {
        base.qualifier(Qualifier { status, ..Qualifier::default() });
    }
    let single = if random.below(2) == 0 { Cardinality::OPTIONAL } else { Cardinality::ONE };
    let dates = 1 + random.below(records * 2);
    let mut fields: Vec<(&str, Type, u32)> = vec![
        ("when", Type::Date, dates),
        ("during", Type::Period, dates),
        ("target", reference(&[0, 1, 2]), records),
        ("rare", reference(&[0, 1, 2]), records),
        ("kind", words(&["a", "b", "c"]), 3),
        ("size", Type::Integer, dates),
    ];
    fields.push(("remark", Type::Text, 0));
    let declared = |cardinality: Cardinality| {
        let declare = |(name, of, _): &(&'static str, Type, u32)| (*name, of.clone(), cardinality);
        fields.iter().map(declare).collect::<Vec<_>>()
    };
    base.relation("one", declared(single));
    base.relation("two", declared(Cardinality::ANY));
    for rank in 0..dates {
        let text = base.string(&format!("d{rank}"));
        base.facts
            .dates
            .push(DatedText { bounds: bounds(i64::from(rank), i64::from(rank) + 1), text });
        base.facts.periods.push(DatedText { bounds: bounds(-i64::from(rank), 5), text });
        let (least, greatest) = (f64::from(rank), f64::INFINITY);
        base.facts.numbers.push(Number { least, greatest, unit: None, text });
    }
    let cuts = [records / 10, records / 2];
    for number in 0..records {
        let relation = RelationId(cuts.iter().filter(|cut| number >= **cut).count() as u32);
        let id = format!("{}-{number}", random.pick(&["Id", "łódź", "k"]));
        let id = (random.below(4) > 0).then_some(id);
        let name = (random.below(5) > 0).then(|| phrase(&mut random));
        let entity = base.record(relation, id.as_deref(), name.as_deref());
        let files = base.facts.files.len() as u32;
        let record = &mut base.facts.records[entity.index()];
        record.file = random.below(files);
        record.line = random.below(if number % 2 == 0 { 100 } else { 1_000_000 });
        record.qualifier = QualifierId(random.below(50).saturating_sub(43));
        if random.below(6) == 0 {
            base.text(entity, "also", &phrase(&mut random));
        }
        if relation.0 == 0 {
            continue;
        }
        for (field, of, codes) in &fields {
            let chance = if *field == "rare" { 40 } else { 1 + relation.0 };
            if random.below(chance) != 0 {
                continue;
            }
            for _ in 0..1 + random.below(3) * random.below(2) {
                let value = match random.below(20) {
                    0 => ValueCode::UNKNOWN,
                    1 => ValueCode::NONE,
                    _ if *of == Type::Text => ValueCode(base.string(&phrase(&mut random)).0),
                    _ => ValueCode(random.below(*codes)),
                };
                let qualifier = match seed % 2 {
                    0 => 0,
                    _ => random.below(30).saturating_sub(23),
                };
                base.state(entity, field, value, QualifierId(qualifier));
            }
        }
    }
    base.finish()
}
