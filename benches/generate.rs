//! Writes a generated base into a folder: `cargo run --release --example generate -- 100000 FOLDER [FILES]`.
//!
//! With `csv` behind the number of files the same records stand in `FOLDER/csv/` as tables.
#![allow(clippy::print_stderr)]

mod generator;

use generator::{Shape, each_record, opening, tables::Tables};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

/// The seed of every base that this writes.
const SEED: u64 = 1;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [records, folder, rest @ ..] = arguments.as_slice() else {
        eprintln!("usage: generate RECORDS FOLDER [FILES [csv]]");
        return ExitCode::from(2);
    };
    let files = rest.first().and_then(|files| files.parse().ok()).unwrap_or(20);
    let Ok(records) = records.parse() else {
        eprintln!("`{records}` is not a number of records");
        return ExitCode::from(2);
    };
    let folder = Path::new(folder);
    let tables = rest.get(1).is_some_and(|word| word == "csv").then(|| folder.join("csv"));
    match write(records, folder, files, tables.as_deref()) {
        Ok(bytes) => {
            eprintln!("{records} records, {bytes} bytes");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot write `{}`: {error}", folder.display());
            ExitCode::from(2)
        }
    }
}

fn write(records: u64, folder: &Path, files: usize, csv: Option<&Path>) -> io::Result<usize> {
    let folder = folder.join("kb");
    std::fs::create_dir_all(&folder)?;
    let mut tables = csv.map(Tables::begin).transpose()?;
    let mut bytes = 0;
    for number in 0..files.max(1) {
        let mut file = BufWriter::new(File::create(folder.join(format!("facts-{number:03}.kb")))?);
        let mut text = opening(number);
        let mut failed = None;
        each_record(Shape::of(records), SEED, number, files, &mut |record| {
            record.write_facts(&mut text);
            bytes += text.len();
            let written = file.write_all(text.as_bytes());
            text.clear();
            let written = written.and_then(|()| match &mut tables {
                Some(tables) => tables.write(record),
                None => Ok(()),
            });
            failed = failed.take().or(written.err());
        });
        if let Some(error) = failed {
            return Err(error);
        }
        file.flush()?;
    }
    tables.map_or(Ok(()), Tables::end)?;
    Ok(bytes)
}
