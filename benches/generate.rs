//! Writes a generated base into a folder: `cargo run --release --example generate -- 100000 FOLDER [FILES]`.
#![allow(clippy::print_stderr)]

mod generator;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [records, folder, rest @ ..] = arguments.as_slice() else {
        eprintln!("usage: generate RECORDS FOLDER [FILES]");
        return ExitCode::from(2);
    };
    let files = rest.first().and_then(|files| files.parse().ok()).unwrap_or(20);
    let Ok(records) = records.parse() else {
        eprintln!("`{records}` is not a number of records");
        return ExitCode::from(2);
    };
    match write(records, Path::new(folder), files) {
        Ok(bytes) => {
            eprintln!("{records} records, {bytes} bytes");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot write `{folder}`: {error}");
            ExitCode::from(2)
        }
    }
}

fn write(records: u64, folder: &Path, files: usize) -> std::io::Result<usize> {
    let folder = folder.join("kb");
    std::fs::create_dir_all(&folder)?;
    let mut bytes = 0;
    for (number, text) in
        generator::base(generator::Shape::of(records), 1, files).iter().enumerate()
    {
        bytes += text.len();
        std::fs::write(folder.join(format!("facts-{number:03}.kb")), text)?;
    }
    Ok(bytes)
}
