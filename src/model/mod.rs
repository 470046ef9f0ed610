//! What facts mean once they are resolved: the schema, identifiers, values, statements.
//!
//! Made by `resolve`, read by `index`, `query`, `render`. Nothing here holds an unresolved name.

mod builtin;
mod column;
mod facts;
mod ids;
mod schema;
mod status;
mod value;
mod words;

pub use builtin::{BUILTIN_FIELDS, SOURCE_RELATION, STATEMENT_FIELDS, is_field_name, is_reserved};
pub use column::StatementColumn;
pub use facts::{
    CalendarUnit, Citation, CitationList, Columns, DatedText, DefinitionRecord, Facts, FaultCounts,
    FileRecord, Qualifier, Record, Relative, RelativeDistance, RelativeKind, Statement, Strings,
};
pub use ids::{
    CitationId, EntityId, FieldId, NumberRank, QualifierId, RelationId, StringId, TimeRank, UnionId,
};
pub use schema::{Cardinality, Field, FieldRole, Relation, Schema, Type, Union};
pub use status::Status;
pub use value::{Number, Value, ValueCode};
pub use words::{KnownWords, WordLists};
