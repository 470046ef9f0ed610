//! The integration tests: one binary, a module for each thing that is promised.

mod render_answers;
mod render_findings;
mod render_record;
