//! Gathers everything known about one record.
//!
//! In: the index and a record. Out: its page. Nothing is judged here: rejected and denied statements stand on the
//! page with their status.

use super::CellValue;
use super::naming::name_in_use;
use super::record::{
    CitedSource, Qualifiers, RecordField, RecordPage, RecordStatement, References, Referrer,
};
use crate::index::{ColumnReader, Index, IndexError};
use crate::model::{
    CalendarUnit, CitationId, EntityId, FieldId, FieldRole, NumberRank, QualifierId, Relative,
    RelativeKind, Status, StringId, TimeRank, Type, ValueCode,
};
use crate::time::{Date, Operator, Role, Stretch, Truth, Value};

/// Most referring records that are listed a field; the rest is counted.
const MOST_REFERRERS: usize = 50;
/// Most links of relative dates that are followed.
const MOST_LINKS: usize = 20;

/// Gathers the page of a record; `as_of` leaves out the statements that surely do not hold then.
pub fn record_page(
    index: &Index,
    entity: EntityId,
    as_of: Option<Stretch>,
) -> Result<RecordPage, IndexError> {
    let Some(relation) = index.relation_of(entity) else { return Ok(RecordPage::default()) };
    let schema = index.schema();
    let origin = index.origin_of(entity)?;
    let mut fields = Vec::new();
    for (id, field) in schema.fields_of(relation) {
        if field.role == FieldRole::Source {
            continue;
        }
        let statements = statements(index, id, entity, as_of)?;
        if !statements.is_empty() {
            fields.push(RecordField { name: field.name.clone(), statements });
        }
    }
    Ok(RecordPage {
        id: index.id_of(entity)?.into_owned(),
        name: name_in_use(index, entity, as_of.map(Value::exact).as_ref())?.map(str::to_string),
        relation: schema.relation(relation).name.clone(),
        file: origin.file.to_string(),
        line: origin.line,
        qualifiers: Qualifiers {
            sources: Vec::new(),
            ..qualifiers(index, index.qualifier_of(entity)?)?
        },
        fields,
        references: references(index, entity)?,
        sources: cited(index, index.citation_of(entity)?)?,
    })
}

fn statements(
    index: &Index,
    field: FieldId,
    entity: EntityId,
    as_of: Option<Stretch>,
) -> Result<Vec<RecordStatement>, IndexError> {
    let column = index.column(field)?;
    let mut statements = Vec::new();
    for position in column.statements_of(entity)? {
        if !holds_at(index, column.qualifier(position)?, as_of)? {
            continue;
        }
        let value = cell_value(index, field, column.value(position)?)?;
        let mut qualifiers = qualifiers(index, column.qualifier(position)?)?;
        // The record's own sources stand at its end, once.
        if qualifiers.sources == cited(index, index.citation_of(entity)?)? {
            qualifiers.sources.clear();
        }
        statements.push(RecordStatement { value, qualifiers, line: column.line(position)? });
    }
    Ok(statements)
}

/// Tells whether a statement may hold on some day of a time; one without a period always does.
fn holds_at(
    index: &Index,
    qualifier: QualifierId,
    as_of: Option<Stretch>,
) -> Result<bool, IndexError> {
    let Some(time) = as_of.filter(|_| qualifier != QualifierId(0)) else { return Ok(true) };
    let Some(rank) = index.period_of(qualifier)? else { return Ok(true) };
    let packed = index.period(rank)?;
    let period = Value::from_packed(&packed).unwrap_or_else(|| Value::period(packed.bounds()));
    Ok(period.test(Operator::Equal, time).holds != Truth::No)
}

/// Decodes a value of a field.
pub fn cell_value(index: &Index, field: FieldId, code: ValueCode) -> Result<CellValue, IndexError> {
    match code {
        ValueCode::UNKNOWN => return Ok(CellValue::Unknown),
        ValueCode::NONE => return Ok(CellValue::None),
        _ => {}
    }
    Ok(match &index.schema().field(field).value_type {
        Type::Text | Type::Url => CellValue::Text(index.string(StringId(code.0))?.to_string()),
        Type::Integer | Type::Decimal | Type::Quantity(_) => {
            let row = index.number(NumberRank(code.0))?;
            let is_plain = row.least == row.greatest && row.unit().is_none();
            let text = index.string(row.text())?.to_string();
            CellValue::Number { text, value: is_plain.then_some(row.least) }
        }
        Type::Date => time(index.date_text(TimeRank(code.0))?, Role::Moment),
        Type::Period => time(index.period_text(TimeRank(code.0))?, Role::Period),
        Type::Words(words) => {
            CellValue::Word(words.get(code.0 as usize).cloned().unwrap_or_default())
        }
        Type::Reference { .. } => entity_value(index, EntityId(code.0))?,
    })
}

fn entity_value(index: &Index, entity: EntityId) -> Result<CellValue, IndexError> {
    let name = index.name_of(entity)?.map(str::to_string);
    Ok(CellValue::Entity { id: index.id_of(entity)?.into_owned(), name })
}

/// Shows a date or period as written; an Old Style one both ways.
pub fn time(text: &str, role: Role) -> CellValue {
    let shown = match text.contains("julian") {
        true => Date::parse(text, role).map_or_else(|_| text.to_string(), |date| date.display()),
        false => text.to_string(),
    };
    CellValue::Time { edtf: text.to_string(), shown }
}

/// Returns what stands in parentheses.
pub(super) fn qualifiers(index: &Index, id: QualifierId) -> Result<Qualifiers, IndexError> {
    if id == QualifierId(0) {
        return Ok(Qualifiers::default());
    }
    let qualifier = index.qualifier(id)?;
    let string =
        |id: Option<StringId>| id.map(|id| index.string(id).map(str::to_string)).transpose();
    let period = qualifier.period.map(|rank| index.period_text(rank)).transpose()?;
    let mut relatives = Vec::new();
    for relative in &qualifier.relatives {
        relatives.push(relative_text(index, relative)?);
    }
    Ok(Qualifiers {
        status: qualifier.status,
        period: period.map(|text| time(text, Role::Period)),
        language: string(qualifier.language)?,
        relatives,
        note: string(qualifier.note)?,
        quote: string(qualifier.quote)?,
        sources: qualifier.citation.map_or(Ok(Vec::new()), |citation| cited(index, citation))?,
    })
}

fn relative_text(index: &Index, relative: &Relative) -> Result<String, IndexError> {
    let side = match relative.kind {
        RelativeKind::After => "after",
        RelativeKind::Before => "before",
    };
    let anchor = index.id_of(relative.anchor)?;
    let Some(distance) = relative.distance else { return Ok(format!("{side}: {anchor}")) };
    let unit = match distance.unit {
        CalendarUnit::Day => "day",
        CalendarUnit::Week => "week",
        CalendarUnit::Month => "month",
        CalendarUnit::Year => "year",
    };
    let plural = if distance.count == 1 { "" } else { "s" };
    Ok(format!("{} {unit}{plural} {side}: {anchor}", distance.count))
}

/// Returns the dates that a statement's relative dates go by, link by link: `after: berlin-1926 (signed 1926-04-24)`.
pub(super) fn relative_links(
    index: &Index,
    qualifier: QualifierId,
) -> Result<Vec<String>, IndexError> {
    let mut links = Vec::new();
    let mut known: Vec<EntityId> = Vec::new();
    let mut open = vec![qualifier];
    while let Some(next) = open.pop() {
        if next == QualifierId(0) {
            continue;
        }
        for relative in &index.qualifier(next)?.relatives {
            let mut link = relative_text(index, relative)?;
            let relation = index.relation_of(relative.anchor);
            let own = relation.and_then(|id| index.schema().relation(id).own_date);
            if let Some(field) = own {
                let column = index.column(field)?;
                for position in column.statements_of(relative.anchor)? {
                    let value = match cell_value(index, field, column.value(position)?)? {
                        CellValue::Time { shown, .. } => shown,
                        _ => "unknown".to_owned(),
                    };
                    let name = &index.schema().field(field).name;
                    link.push_str(&format!(
                        ", {name} {value} ({}:{})",
                        index.origin_of(relative.anchor)?.file,
                        column.line(position)?
                    ));
                    if !known.contains(&relative.anchor) && known.len() < MOST_LINKS {
                        open.push(column.qualifier(position)?);
                    }
                }
            }
            known.push(relative.anchor);
            links.push(link);
        }
    }
    Ok(links)
}

/// Returns the sources of a list.
pub(super) fn cited(index: &Index, id: CitationId) -> Result<Vec<CitedSource>, IndexError> {
    if id == CitationId(0) {
        return Ok(Vec::new());
    }
    let mut sources = Vec::new();
    for citation in index.citation(id)? {
        sources.push(CitedSource {
            id: index.id_of(citation.source)?.into_owned(),
            name: index.name_of(citation.source)?.map(str::to_string),
            locator: citation.locator.map(|id| index.string(id).map(str::to_string)).transpose()?,
        });
    }
    Ok(sources)
}

fn references(index: &Index, entity: EntityId) -> Result<Vec<References>, IndexError> {
    let schema = index.schema();
    let Some(relation) = index.relation_of(entity) else { return Ok(Vec::new()) };
    let mut references = Vec::new();
    for (place, field) in schema.fields.iter().enumerate() {
        let leads_here = field.value_type.targets().contains(&relation);
        if !leads_here || field.role == FieldRole::Source {
            continue;
        }
        let column = index.column(FieldId(place as u32))?;
        let referring = column.postings(ValueCode(entity.0))?;
        if referring.is_empty() {
            continue;
        }
        let mut records = Vec::new();
        for record in referring.iter().take(MOST_REFERRERS) {
            records.push(referrer(index, column, *record, entity)?);
        }
        references.push(References {
            relation: schema.relation(field.relation).plural.clone(),
            field: field.name.clone(),
            records,
            total: referring.len() as u64,
        });
    }
    Ok(references)
}

fn referrer(
    index: &Index,
    column: ColumnReader<'_>,
    record: EntityId,
    entity: EntityId,
) -> Result<Referrer, IndexError> {
    let mut status = Status::Accepted;
    for position in column.statements_of(record)? {
        if column.value(position)? == ValueCode(entity.0) {
            status = index.status(column.qualifier(position)?)?;
        }
    }
    let own_date =
        index.relation_of(record).and_then(|relation| index.schema().relation(relation).own_date);
    let date = match own_date {
        Some(field) => match index.column(field)?.values_of(record)? {
            [first, ..] => Some(cell_value(index, field, *first)?),
            [] => None,
        },
        None => None,
    };
    Ok(Referrer {
        id: index.id_of(record)?.into_owned(),
        name: index.name_of(record)?.map(str::to_string),
        date,
        status,
    })
}
