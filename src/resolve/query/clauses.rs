//! Clauses: which statements are taken, order, limit, and what is shown.

use super::groups::RecordColumns;
use super::{Resolver, Settled, settle_each, settled};
use crate::model::{FieldId, FieldRole, RelationId};
use crate::query::Query;
use crate::query::expression::{Claims, Condition, End, Output, Path, Rows};
use crate::query::statement_rows::StatementCondition;
use crate::query::terms::{Term, Values};
use crate::source::Span;
use crate::syntax::query::ast::{self, ClauseKind, Operand};

impl Resolver<'_> {
    /// Settles the clauses, and with them the whole query; a condition that was refused does not keep their
    /// faults from being found.
    pub(super) fn clauses(
        &self,
        rows: Rows,
        relations: &[RelationId],
        condition: Option<Condition>,
        tree: &ast::Query,
    ) -> Settled<Query> {
        let mut claims = Claims::default();
        let mut sorted: &[ast::SortKey] = &[];
        let mut limit = None;
        let mut shown: Option<(&[Operand], Span)> = None;
        let mut counted: Option<Option<&ast::Path>> = None;
        let mut grouped: Option<&ast::Path> = None;
        let mut is_whole = condition.is_some();
        for clause in &tree.clauses {
            match &clause.kind {
                ClauseKind::AsOf(value) => match self.as_of(value)? {
                    Some(date) => claims.as_of = Some(date),
                    None => is_whole = false,
                },
                ClauseKind::AccordingTo(value) => match self.according_to(value)? {
                    Some(sources) => claims.according_to = Some(sources),
                    None => is_whole = false,
                },
                ClauseKind::AllClaims => claims.all = true,
                ClauseKind::Limit(most) => limit = Some(*most),
                ClauseKind::Show(columns) => shown = Some((columns, clause.span)),
                ClauseKind::Count(by) => counted = Some(by.as_ref()),
                ClauseKind::Group(by) => grouped = Some(by),
                ClauseKind::Sort(keys) => sorted = keys,
            }
        }
        let by = grouped.or(counted.flatten());
        let output = match (by, counted) {
            (Some(by), _) => {
                let shown = shown.filter(|_| grouped.is_some()).map(|(operands, _)| operands);
                let columns = RecordColumns(relations);
                self.grouped(&columns, by, shown, sorted)?.map(Output::Groups)
            }
            (None, Some(_)) => Some(Output::Count),
            (None, None) => match shown {
                Some((columns, _)) => self.columns(relations, columns)?,
                None => Some(Output::Records(self.default_columns(relations))),
            },
        };
        if counted.is_some()
            && let Some((_, span)) = shown
        {
            return self.shown_count(span);
        }
        let mut order = Vec::new();
        for key in sorted.iter().filter(|_| by.is_none()) {
            match self.sort_key(relations, key)? {
                Some(key) => order.push(key),
                None => is_whole = false,
            }
        }
        let (Some(condition), Some(output), true) = (condition, output, is_whole) else {
            return Ok(None);
        };
        let (notes, program) = (Vec::new(), Default::default());
        Ok(Some(Query { rows, condition, claims, order, limit, output, notes, program }))
    }

    fn columns(&self, relations: &[RelationId], operands: &[Operand]) -> Settled<Output> {
        let typed = settled!(settle_each(operands, |operand| self.term(relations, operand)));
        Ok(Some(Output::Records(typed.into_iter().map(|typed| typed.term).collect())))
    }

    /// Returns the columns that are shown where none are named: identifier, name, own date, required fields.
    fn default_columns(&self, relations: &[RelationId]) -> Vec<Term> {
        let identifier =
            Path { steps: Vec::new(), end: End::Identifiers, written: "id".to_owned() };
        let mut columns = vec![identifier];
        let names =
            relations.iter().filter_map(|id| self.schema.field_with_role(*id, FieldRole::Name));
        let names: Vec<FieldId> = names.collect();
        if !names.is_empty() {
            columns.push(values("name", names));
        }
        let own: Vec<FieldId> =
            relations.iter().filter_map(|id| self.schema.relation(*id).own_date).collect();
        if let [relation] = relations {
            if let [own] = own.as_slice() {
                columns.push(values(&self.schema.field(*own).name, vec![*own]));
            }
            for (id, field) in self.schema.fields_of(*relation) {
                let is_shown = field.role == FieldRole::Declared
                    && field.cardinality.is_required()
                    && !own.contains(&id);
                if !is_shown {
                    continue;
                }
                columns.push(self.field_path(id));
            }
        } else if !own.is_empty() {
            columns.push(values("date", own));
        }
        columns.into_iter().map(|path| Term::Values(Values::OfRow(path))).collect()
    }

    fn field_path(&self, id: FieldId) -> Path {
        use crate::query::expression::{Step, Way};
        use crate::query::operators::Repeats;
        let field = self.schema.field(id);
        let targets = field.value_type.targets();
        if targets.is_empty() {
            return values(&field.name, vec![id]);
        }
        let way = Way::Fields { forward: vec![id], backward: Vec::new() };
        let step = Step {
            way,
            repeats: Repeats::Once,
            filter: Condition::Always,
            statement: StatementCondition::Always,
        };
        Path { steps: vec![step], end: End::Records(targets.to_vec()), written: field.name.clone() }
    }
}

fn values(written: &str, fields: Vec<FieldId>) -> Path {
    let end = End::whole(fields);
    Path { steps: Vec::new(), end, written: written.to_owned() }
}
