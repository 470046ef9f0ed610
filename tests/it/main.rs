//! The integration tests: one binary, a module for each thing that is promised.

mod render_answers;
mod render_findings;
mod render_record;
mod edtf;
mod time_constraint;
mod time_describe;
mod time_docs;
mod time_slips;
mod time_truth;
mod time_worlds;
