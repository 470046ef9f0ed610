//! The integration tests: one binary, a module for each thing that is promised.

mod architecture;
mod definitions;
mod docs;
mod docs_queries;
mod ebnf;
mod edtf;
mod grammar;
mod index;
mod index_facts;
mod index_files;
mod markdown;
mod pages;
mod query;
mod query_docs;
mod query_grammar;
mod query_naive;
mod render_answers;
mod render_findings;
mod render_record;
mod time_constraint;
mod time_describe;
mod time_docs;
mod time_slips;
mod time_truth;
mod time_worlds;
