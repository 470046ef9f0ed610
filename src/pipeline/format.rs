//! Putting files into canonical form.

use super::{Error, Project};
use crate::format::{Formatted, format_file};
use crate::source::{self, Encoding, FoundFile, Sources};
use crate::syntax;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// A file that was looked at.
pub struct FormattedFile {
    /// How many of its items were left as they stand, because of a fault of syntax.
    pub left_alone: usize,
    /// What it is changed to; none if it is in canonical form.
    pub change: Option<Change>,
    file: FoundFile,
}

/// A text that is not in canonical form.
pub struct Change {
    /// As it stands.
    pub before: String,
    /// In canonical form.
    pub after: String,
}

impl FormattedFile {
    /// Returns the file's path as it is shown.
    pub fn path(&self) -> &str {
        &self.file.path
    }

    /// Writes the change, if there is one.
    pub fn write(&self) -> Result<(), Error> {
        match &self.change {
            Some(change) => Ok(source::replace(&self.file, &change.after)?),
            None => Ok(()),
        }
    }
}

/// Formats the files and folders that somebody named from `from`; without names all facts of the project there.
///
/// Each file is answered for itself: one that cannot be read keeps no other from being formatted.
pub fn format(
    root: Option<&Path>,
    from: &Path,
    named: &[PathBuf],
) -> Result<Vec<Result<FormattedFile, Error>>, Error> {
    let found = match named {
        [] => Project::locate(root, from)?.find_files()?,
        named => files_named(from, named)?,
    };
    Ok(found.into_par_iter().map(format_found).collect())
}

/// Formatting needs no project: any file of facts will do.
fn files_named(from: &Path, named: &[PathBuf]) -> Result<Vec<FoundFile>, Error> {
    let mut all = Vec::new();
    for path in named {
        let place = from.join(path);
        if !place.exists() {
            return Err(source::SourceError::Missing(path.display().to_string()).into());
        }
        let found = source::find_files(from, &place)?;
        if found.is_empty() {
            return Err(match place.is_dir() {
                true => Error::NoFacts(path.display().to_string()),
                false => Error::NotFacts(path.display().to_string()),
            });
        }
        all.extend(found);
    }
    all.sort_by(|one, other| one.path.cmp(&other.path));
    all.dedup_by(|one, other| one.path == other.path);
    Ok(all)
}

fn format_found(file: FoundFile) -> Result<FormattedFile, Error> {
    let bytes = source::read_bytes(&file)?;
    let (left_alone, change) = format_bytes(&file.path, bytes)?;
    Ok(FormattedFile { left_alone, change, file })
}

/// Formats a text that is called `name`; returns how many items were left alone, and the change.
pub fn format_bytes(name: &str, bytes: Vec<u8>) -> Result<(usize, Option<Change>), Error> {
    let mut sources = Sources::new();
    let file = sources.add(name, bytes);
    // What was read is not what was written, then, and must not be put in its place.
    if sources.file(file).encoding() != Encoding::Sound {
        return Err(Error::NotText(name.to_string()));
    }
    let (tree, faults) = syntax::parse_file(&sources, file);
    let Formatted { text, left_alone } = format_file(&sources, &tree, &faults);
    let before = sources.file(file).text();
    let is_changed = before != text;
    let change = is_changed.then(|| Change { before: before.to_string(), after: text });
    Ok((left_alone, change))
}
