//! The command line of Regesta.

use std::process::ExitCode;

fn main() -> ExitCode {
    regesta::cli::main()
}
