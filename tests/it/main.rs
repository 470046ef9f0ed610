//! The integration tests, one binary.

mod query_grammar;
