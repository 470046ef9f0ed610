//! Which statements and records are taken, and how far they hold: `as of`, `according to`, `all claims`.

use super::Hasher;
use super::memo::Memo;
use crate::index::{ColumnReader, Index, IndexError, Standing};
use crate::model::{
    CitationId, EntityId, FieldId, FieldRole, QualifierId, RelationId, TimeRank, Type,
};
use crate::query::expression::Claims;
use crate::query::ids::Ids;
use crate::query::truth_set::TruthSet;
use crate::time::{Operator, Role, Truth, Value};
use hashbrown::HashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// Looks at statements as a query's clauses say.
pub struct Lens<'i> {
    index: &'i Index,
    claims: Claims,
    standings: RefCell<HashMap<(QualifierId, bool), Standing, Hasher>>,
    alive: Memo<(RelationId, Met), TruthSet>,
}

/// How a question comes upon a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Met {
    /// As one of all of its relation.
    AsRow,
    /// Through a statement, which has been judged by itself.
    OnTheWay,
}

/// A field's statements as a query sees them.
#[derive(Clone, Copy)]
pub struct Column<'i> {
    /// The statements.
    pub reader: ColumnReader<'i>,
    /// The field.
    pub field: FieldId,
    /// Every statement holds for certain: no standing need be looked at.
    pub is_simple: bool,
    /// Its statements are expected to carry a period.
    pub is_dated: bool,
}

impl<'i> Lens<'i> {
    /// Makes the view of a query's claims.
    pub fn new(index: &'i Index, claims: Claims) -> Lens<'i> {
        Lens { index, claims, standings: RefCell::default(), alive: Memo::default() }
    }

    /// Returns what the view takes.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Opens a field.
    pub fn column(&self, field: FieldId) -> Result<Column<'i>, IndexError> {
        let reader = self.index.column(field)?;
        let is_dated =
            self.index.schema().fields.get(field.index()).is_some_and(|field| field.dated);
        let plain = !reader.has_standings() && self.claims.according_to.is_none();
        let timeless = self.claims.as_of.is_none() || (!reader.has_qualifiers() && !is_dated);
        Ok(Column { reader, field, is_simple: plain && timeless, is_dated })
    }

    /// Returns how far a statement holds.
    pub fn standing(&self, column: &Column<'i>, position: u32) -> Result<Standing, IndexError> {
        if column.is_simple {
            return Ok(Standing::Certain);
        }
        let written = column.reader.standing(position)?;
        if self.claims.is_plain() {
            return Ok(written);
        }
        let qualifier = column.reader.qualifier(position)?;
        let mut standing = self.by_status(column, position, qualifier, written)?;
        if let Some(as_of) = &self.claims.as_of {
            let key = (qualifier, column.is_dated);
            let cached = self.standings.borrow().get(&key).copied();
            let limit = match cached {
                Some(limit) => limit,
                None => {
                    let found = self.at_time(as_of.values(), qualifier, column.is_dated)?;
                    self.standings.borrow_mut().insert(key, found);
                    found
                }
            };
            standing = match (limit, standing) {
                (Standing::Never, _) => Standing::Never,
                (Standing::Possible, Standing::Certain) => Standing::Possible,
                (_, standing) => standing,
            };
        }
        Ok(standing)
    }

    fn by_status(
        &self,
        column: &Column<'i>,
        position: u32,
        qualifier: QualifierId,
        written: Standing,
    ) -> Result<Standing, IndexError> {
        let taken = match &self.claims.according_to {
            None if !self.claims.all => return Ok(written),
            None => true,
            Some(sources) => {
                let own =
                    if qualifier.0 == 0 { None } else { self.index.qualifier(qualifier)?.citation };
                let citation = match own {
                    Some(citation) => citation,
                    None => self.index.citation_of(column.reader.entity_of(position)?)?,
                };
                self.cites(citation, sources)?
            }
        };
        Ok(match (taken, written) {
            (false, _) => Standing::Never,
            (true, Standing::Denied) => Standing::Denied,
            (true, _) => Standing::Certain,
        })
    }

    /// Tells whether a list of sources has one of these.
    pub fn cites(&self, citation: CitationId, sources: &[EntityId]) -> Result<bool, IndexError> {
        if citation.0 == 0 {
            return Ok(false);
        }
        Ok(self.index.citation(citation)?.iter().any(|cited| sources.contains(&cited.source)))
    }

    /// Judges whether what stands in parentheses lets a statement hold at a time.
    fn at_time(
        &self,
        when: &[Value],
        qualifier: QualifierId,
        is_dated: bool,
    ) -> Result<Standing, IndexError> {
        let Some(rank) = self.index.period_of(qualifier)? else {
            return Ok(if is_dated { Standing::Possible } else { Standing::Certain });
        };
        Ok(standing_of(self.overlaps(when, rank)?))
    }

    /// Judges whether a stored period shares a day with one of some stretches.
    pub fn overlaps(&self, when: &[Value], rank: TimeRank) -> Result<Truth, IndexError> {
        let values = super::times::stored(self.index, Role::Period, rank)?;
        let truths = values.iter().flat_map(|value| {
            when.iter().map(|when| value.compare(Operator::Overlaps, when).holds)
        });
        Ok(truths.max().unwrap_or(Truth::No))
    }

    /// Returns which records of a relation there are, as the view takes them.
    pub fn records(&self, relation: RelationId) -> Result<Rc<TruthSet>, IndexError> {
        self.alive(relation, Met::AsRow)
    }

    /// Returns to which records of a relation a statement may lead that the view takes: a source that says with
    /// whom a treaty was signed need not say anything else of them.
    pub fn targets(&self, relation: RelationId) -> Result<Rc<TruthSet>, IndexError> {
        match self.claims.according_to {
            Some(_) => self.alive(relation, Met::OnTheWay),
            None => self.alive(relation, Met::AsRow),
        }
    }

    fn alive(&self, relation: RelationId, met: Met) -> Result<Rc<TruthSet>, IndexError> {
        self.alive.get_or((relation, met), || self.find_records(relation, met))
    }

    fn find_records(&self, relation: RelationId, met: Met) -> Result<TruthSet, IndexError> {
        let mut alive = TruthSet::certainly(Ids::Range(self.index.records_of(relation)));
        match &self.claims.according_to {
            Some(sources) if met == Met::AsRow => alive = self.citing(relation, sources)?,
            None if self.index.has_record_qualifiers() && !self.claims.all => {
                alive = self.where_standing(&alive, |entity| self.index.standing_of(entity))?;
            }
            _ => {}
        }
        if let Some(as_of) = &self.claims.as_of {
            let own =
                self.index.schema().relations.get(relation.index()).and_then(|each| each.own_date);
            let field =
                own.and_then(|field| Some((field, self.index.schema().fields.get(field.index())?)));
            if let Some((own, field)) = field
                && field.value_type == Type::Period
            {
                let column = self.index.column(own)?;
                alive = self.where_standing(&alive, |entity| {
                    let mut best = Truth::No;
                    let codes = column.values_of(entity)?;
                    for code in codes {
                        let truth = match code.is_known() {
                            true => self.overlaps(as_of.values(), TimeRank(code.0))?,
                            false => Truth::Possible,
                        };
                        best = best.max(truth);
                    }
                    Ok(if codes.is_empty() { Standing::Certain } else { standing_of(best) })
                })?;
            }
        }
        Ok(alive)
    }

    /// Returns the records of a relation of which some statement cites one of these.
    fn citing(&self, relation: RelationId, sources: &[EntityId]) -> Result<TruthSet, IndexError> {
        let Some(field) = self.index.schema().field_with_role(relation, FieldRole::Source) else {
            return Ok(TruthSet::default());
        };
        let column = self.index.column(field)?;
        let mut citing = Vec::new();
        for source in sources {
            let postings = column.postings(crate::model::ValueCode(source.0))?;
            citing.extend(postings.iter().map(|entity| entity.0));
        }
        Ok(TruthSet::certainly(Ids::from_unsorted(citing)))
    }

    fn where_standing(
        &self,
        alive: &TruthSet,
        standing: impl Fn(EntityId) -> Result<Standing, IndexError>,
    ) -> Result<TruthSet, IndexError> {
        let (mut certain, mut possible) = (Vec::new(), Vec::new());
        for id in alive.possible.iter() {
            match standing(EntityId(id))? {
                Standing::Certain if alive.certain.contains(id) => certain.push(id),
                Standing::Certain | Standing::Possible => possible.push(id),
                Standing::Never | Standing::Denied => {}
            }
        }
        Ok(TruthSet::with(Ids::from_sorted(certain), Ids::from_sorted(possible)))
    }
}

fn standing_of(truth: Truth) -> Standing {
    match truth {
        Truth::Certain => Standing::Certain,
        Truth::Possible => Standing::Possible,
        Truth::No => Standing::Never,
    }
}
