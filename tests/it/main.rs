//! The integration tests, one binary.

mod edtf;
mod index;
mod index_facts;
mod index_files;
mod query;
mod query_grammar;
