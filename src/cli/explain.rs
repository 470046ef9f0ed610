//! `regesta explain`: the long text of a code.

use super::args::ExplainArguments;
use super::console::Console;
use super::{Outcome, Stop};
use crate::diagnostic::{CODES, code_named, meant};
use crate::render::explain;
use crate::suggest::nearest;

pub(super) fn run(arguments: &ExplainArguments, console: &mut Console) -> Result<Outcome, Stop> {
    let (out, style) = console.out();
    let Some(written) = &arguments.code else {
        for code in CODES {
            writeln!(out, "{}  {:<22} {}", code.number, code.name, code.title)?;
        }
        return Ok(Outcome::Done);
    };
    match code_named(written) {
        Some(code) => {
            write!(out, "{}", explain(code, style))?;
            Ok(Outcome::Done)
        }
        None => {
            let known = CODES.iter().flat_map(|code| [code.number, code.name]);
            let near = nearest(written, known);
            let offer = match near.is_empty() {
                true => String::from("`regesta explain` lists all"),
                false => meant(&near),
            };
            Err(Stop::Request(format!("there is no code `{written}`; {offer}")))
        }
    }
}
