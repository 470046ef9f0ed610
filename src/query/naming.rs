//! Which of a record's names is shown: the one in use then, else the one in its header.
//!
//! In: a record and a time. Out: a name. A dated name is taken only where it surely was in use all that time, and
//! an alias never.

use crate::index::{Index, IndexError, NameKind};
use crate::model::{EntityId, FieldRole, Status};
use crate::time::{Operator, Role, Truth, Value};

/// Returns the name that a record bore at a time; its usual name where no time is given.
pub fn name_in_use<'i>(
    index: &'i Index,
    entity: EntityId,
    at: Option<&Value>,
) -> Result<Option<&'i str>, IndexError> {
    let usual = || index.name_of(entity);
    let Some(at) = at else { return usual() };
    if !has_dated_names(index, entity)? {
        return usual();
    }
    for name in index.names_of(entity)? {
        let is_dated_name = name.kind == NameKind::Name && !name.is_header;
        let Some(rank) = index.period_of(name.qualifier)?.filter(|_| is_dated_name) else {
            continue;
        };
        let holds = matches!(
            index.status(name.qualifier)?,
            Status::Accepted | Status::Preferred | Status::Inferred
        );
        let packed = index.period(rank)?;
        let period = match Value::from_packed(&packed) {
            Some(period) => period,
            None => Value::period(packed.bounds()),
        };
        if holds && period.compare(Operator::Contains, at).holds == Truth::Certain {
            return Ok(Some(name.text));
        }
    }
    usual()
}

/// Tells whether any record of the same relation has a dated name, which most have not.
pub fn has_dated_names(index: &Index, entity: EntityId) -> Result<bool, IndexError> {
    let relation = index.relation_of(entity);
    let field = relation.and_then(|id| index.schema().field_with_role(id, FieldRole::Name));
    match field {
        Some(field) => Ok(index.column(field)?.has_qualifiers()),
        None => Ok(false),
    }
}

/// Returns the own date of a record, of its best statement; none where nothing is known.
pub fn own_date(index: &Index, entity: EntityId) -> Result<Option<Value>, IndexError> {
    let Some(relation) = index.relation_of(entity) else { return Ok(None) };
    let Some(field) = index.schema().relation(relation).own_date else { return Ok(None) };
    let role = match index.schema().field(field).value_type {
        crate::model::Type::Date => Role::Moment,
        _ => Role::Period,
    };
    let column = index.column(field)?;
    let mut best: Option<(u8, crate::time::PackedDate)> = None;
    for position in column.statements_of(entity)? {
        let code = column.value(position)?;
        let holds = matches!(column.standing(position)?, crate::index::Standing::Certain);
        if !code.is_known() || !holds {
            continue;
        }
        let rank = crate::model::TimeRank(code.0);
        let packed = match role {
            Role::Moment => index.date(rank)?,
            Role::Period => index.period(rank)?,
        };
        let weight = index.status(column.qualifier(position)?)?.weight();
        if best.as_ref().is_none_or(|(other, _)| weight < *other) {
            best = Some((weight, packed));
        }
    }
    let value = best.map(|(_, packed)| {
        Value::from_packed(&packed).unwrap_or_else(|| match role {
            Role::Moment => Value::moment(packed.bounds().reach()),
            Role::Period => Value::period(packed.bounds()),
        })
    });
    Ok(value)
}
