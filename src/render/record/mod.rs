//! Everything known about one record, for `regesta show`.
//!
//! In: a [`RecordPage`](crate::query::RecordPage). Out: aligned text, or one JSON object.

mod objects;
mod page;

pub use objects::write_record_json;
pub(super) use page::cited;
pub use page::write_record;
