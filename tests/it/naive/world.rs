//! What a question sees of a base: its clauses, its rules, and what questions inside it find.

use super::formulas::Derived;
use super::judge::verdict;
use super::paths::Leaf;
use regesta::index::{Index, Standing};
use regesta::model::{
    CitationId, EntityId, FieldId, FieldRole, Qualifier, QualifierId, Status, TimeRank, Type,
    ValueCode,
};
use regesta::query::Query;
use regesta::query::expression::{Claims, Rows};
use regesta::query::formula::Program;
use regesta::time::{Date, Operator, Role, Truth, Value};
use std::cell::RefCell;
use std::sync::Arc;

/// What a question is asked of, and how it looks at it.
pub struct World<'i> {
    pub index: &'i Index,
    pub claims: Claims,
    pub program: Arc<Program>,
    /// What rules derive, as far as somebody has asked.
    pub derived: RefCell<Derived>,
}

/// One statement as written.
#[derive(Clone, Debug)]
pub struct Stated {
    pub field: FieldId,
    pub leaf: Leaf,
    pub qualifier: Qualifier,
    /// Its own citation, or else its record's.
    pub citation: CitationId,
    /// Another statement of its field hides it.
    pub is_hidden: bool,
}

/// Records with their truth; others are not there.
#[derive(Clone, Debug, Default)]
pub struct Found(pub Vec<(EntityId, Truth)>);

impl Found {
    pub fn add(&mut self, record: EntityId, truth: Truth) {
        match self.0.iter_mut().find(|(known, _)| *known == record) {
            Some((_, best)) => *best = truth.max(*best),
            None => self.0.push((record, truth)),
        }
    }

    pub fn of(&self, entity: EntityId) -> Truth {
        let found = self.0.iter().filter(|(each, _)| *each == entity);
        found.map(|(_, truth)| *truth).max().unwrap_or(Truth::No)
    }

    pub fn iter(&self) -> impl Iterator<Item = (EntityId, Truth)> + '_ {
        self.0.iter().copied()
    }
}

impl<'i> World<'i> {
    pub fn of(index: &'i Index, query: &Query) -> World<'i> {
        World {
            index,
            claims: query.claims.clone(),
            program: Arc::clone(&query.program),
            derived: RefCell::default(),
        }
    }

    /// Returns the statements of a field of one record, whether they hold or not.
    pub fn stated(&self, field: FieldId, entity: EntityId) -> Vec<Stated> {
        let column = self.index.column(field).unwrap();
        let declared = self.index.schema().field(field);
        if self.index.relation_of(entity) != Some(declared.relation) {
            return Vec::new();
        }
        let is_reference = !declared.value_type.targets().is_empty();
        let mut all = Vec::new();
        for position in column.statements_of(entity).unwrap() {
            let leaf = match column.value(position).unwrap() {
                ValueCode::UNKNOWN => Leaf::Unknown,
                ValueCode::NONE => Leaf::None,
                code if is_reference => Leaf::Entity(EntityId(code.0)),
                code => Leaf::Code(field, code),
            };
            let qualifier = self.index.qualifier(column.qualifier(position).unwrap()).unwrap();
            let citation =
                qualifier.citation.unwrap_or_else(|| self.index.citation_of(entity).unwrap());
            all.push(Stated { field, leaf, qualifier, citation, is_hidden: false });
        }
        let is_single = declared.cardinality.greatest == Some(1);
        let is_settled = all.iter().any(|stated: &Stated| {
            matches!(stated.qualifier.status, Status::Accepted | Status::Preferred)
        });
        if is_single && is_settled {
            let disputed = |stated: &&mut Stated| stated.qualifier.status == Status::Disputed;
            all.iter_mut().filter(disputed).for_each(|stated| stated.is_hidden = true);
        }
        all
    }

    /// Tells how far a statement holds, as the question's clauses have it.
    pub fn standing(&self, stated: &Stated) -> Standing {
        let status = stated.qualifier.status;
        let by_status = match (&self.claims.according_to, self.claims.all) {
            (Some(sources), _) if !self.cites(stated.citation, sources) => return Standing::Never,
            (None, false) if stated.is_hidden => return Standing::Never,
            _ if status == Status::Denied => Standing::Denied,
            (Some(_), _) | (None, true) => Standing::Certain,
            (None, false) => match status {
                Status::Disputed => Standing::Possible,
                Status::Rejected => Standing::Never,
                _ => Standing::Certain,
            },
        };
        let Some(as_of) = &self.claims.as_of else { return by_status };
        let truth = match stated.qualifier.period {
            Some(rank) => self.touches(rank, as_of),
            None if self.index.schema().field(stated.field).dated => Truth::Possible,
            None => Truth::Certain,
        };
        match (truth, by_status) {
            (Truth::No, _) => Standing::Never,
            (Truth::Possible, Standing::Certain) => Standing::Possible,
            (_, by_status) => by_status,
        }
    }

    pub fn cites(&self, citation: CitationId, sources: &[EntityId]) -> bool {
        let cited = self.index.citation(citation).unwrap();
        citation != CitationId(0) && cited.iter().any(|cited| sources.contains(&cited.source))
    }

    /// Returns a stored period's values.
    pub fn period(&self, rank: TimeRank) -> Vec<Value> {
        let text = self.index.period_text(rank).unwrap();
        Date::parse(text, Role::Period).unwrap().values().to_vec()
    }

    /// Tells whether some day of a period is some day of a date.
    pub fn touches(&self, rank: TimeRank, date: &Date) -> Truth {
        let periods = self.period(rank);
        let pairs = periods.iter().flat_map(|period| {
            date.values().iter().map(|day| period.compare(Operator::Overlaps, day).holds)
        });
        pairs.max().unwrap_or(Truth::No)
    }

    /// Tells whether a record is there at the time that is asked about, for whoever comes upon it.
    pub fn is_there(&self, entity: EntityId) -> Truth {
        assert_eq!(self.index.qualifier_of(entity).unwrap(), QualifierId(0), "not generated");
        let Some(as_of) = &self.claims.as_of else { return Truth::Certain };
        let relation = self.index.relation_of(entity).unwrap();
        let Some(own) = self.index.schema().relations[relation.index()].own_date else {
            return Truth::Certain;
        };
        if self.index.schema().field(own).value_type != Type::Period {
            return Truth::Certain;
        }
        let truths = self.stated(own, entity).into_iter().map(|stated| match stated.leaf {
            Leaf::Code(_, code) => self.touches(TimeRank(code.0), as_of),
            _ => Truth::Possible,
        });
        truths.max().unwrap_or(Truth::Certain)
    }

    /// Tells whether a record is a row, where all of its relation are asked for.
    pub fn is_row(&self, entity: EntityId) -> Truth {
        if let Some(sources) = &self.claims.according_to {
            let relation = self.index.relation_of(entity).unwrap();
            let source = self.index.schema().field_with_role(relation, FieldRole::Source).unwrap();
            let cited = self.stated(source, entity).into_iter();
            let mut cited = cited.map(|stated| stated.leaf);
            if !cited.any(|leaf| matches!(leaf, Leaf::Entity(cited) if sources.contains(&cited))) {
                return Truth::No;
            }
        }
        self.is_there(entity)
    }

    /// Returns the rows that a question begins with.
    pub fn rows(&self, rows: &Rows) -> Found {
        match rows {
            Rows::Relations(relations) => {
                let ids = relations.iter().flat_map(|each| self.index.records_of(*each));
                let there = ids.map(|id| (EntityId(id), self.is_row(EntityId(id))));
                Found(there.filter(|(_, truth)| *truth > Truth::No).collect())
            }
            Rows::Records(records) => {
                Found(records.iter().map(|record| (*record, Truth::Certain)).collect())
            }
            Rows::Query(inner) if inner.claims.is_plain() => self.limited(inner),
            Rows::Query(inner) => {
                let own =
                    World { program: Arc::clone(&self.program), ..World::of(self.index, inner) };
                own.limited(inner)
            }
            Rows::Along { rows, path } => {
                let mut found = Found::default();
                for (row, truth) in self.rows(rows).iter() {
                    for (leaf, way) in super::formulas::said(self, path, row) {
                        if let Leaf::Entity(record) = leaf {
                            found.add(record, truth.min(way));
                        }
                    }
                }
                found
            }
            Rows::Statements(rows) => {
                let [column] = rows.columns.as_slice() else { panic!("one column") };
                super::told::records(self, &rows.condition, column.column)
            }
            Rows::Bindings(bindings) => {
                assert_eq!(bindings.width, 1);
                let mut found = Found::default();
                for (tuple, truth) in super::tuples(self, &bindings.ways, 1) {
                    found.add(EntityId(tuple[0]), truth);
                }
                found
            }
        }
    }

    /// Returns what a question finds, before its limit.
    pub fn matched(&self, query: &Query) -> Found {
        let rows = self.rows(&query.rows);
        let judged = rows
            .iter()
            .map(|(row, truth)| (row, truth.min(verdict(self, &query.condition, row).holds)));
        Found(judged.filter(|(_, truth)| *truth > Truth::No).collect())
    }

    fn limited(&self, query: &Query) -> Found {
        let matched = self.matched(query);
        let Some(limit) = query.limit else { return matched };
        let mut kept = Vec::new();
        for wanted in [Truth::Certain, Truth::Possible] {
            let rows = super::outputs::in_order(self, query, &matched, wanted);
            kept.extend(rows.into_iter().take(limit as usize).map(|row| (row, wanted)));
        }
        Found(kept)
    }
}
