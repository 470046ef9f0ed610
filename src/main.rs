//! The command line of Regesta.

fn main() {}
