//! The command line: arguments, streams, commands.

pub mod console;
