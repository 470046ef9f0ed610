//! `regesta schema`: what may be said of a relation, and how much of it is said.

use super::args::{GlobalArguments, Page, SchemaArguments};
use super::console::Console;
use super::interrupt::Interrupt;
use super::query::{faults_outcome, open};
use super::{Outcome, Stop};
use crate::index::Index;
use crate::pipeline::{self, Described};
use crate::render::{
    write_overview, write_overview_json, write_relation, write_relation_json, write_union,
    write_union_json,
};

pub(super) fn run(
    global: &GlobalArguments,
    arguments: &SchemaArguments,
    interrupt: &Interrupt,
    console: &mut Console,
) -> Result<Outcome, Stop> {
    let index = open(global, arguments.index.as_deref(), interrupt)?;
    let ending = faults_outcome(&index, false, console)?;
    print(&index, arguments.relation.as_deref(), arguments.format, console)?;
    Ok(ending)
}

/// Prints a relation or union, or all of them.
pub(super) fn print(
    index: &Index,
    name: Option<&str>,
    page: Page,
    console: &mut Console,
) -> Result<(), Stop> {
    let (out, style) = console.out();
    match (pipeline::describe(index, name)?, page) {
        (Described::Overview(overview), Page::Text) => write_overview(out, &overview, style)?,
        (Described::Overview(overview), Page::Json) => write_overview_json(out, &overview)?,
        (Described::Relation(relation), Page::Text) => write_relation(out, &relation, style)?,
        (Described::Relation(relation), Page::Json) => write_relation_json(out, &relation)?,
        (Described::Union(union), Page::Text) => write_union(out, &union, style)?,
        (Described::Union(union), Page::Json) => write_union_json(out, &union)?,
        (Described::Unknown { message }, _) => return Err(Stop::Request(message)),
    }
    Ok(())
}
