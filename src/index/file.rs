//! The index on disk: mapped for reading, written beside and renamed into place.
//!
//! Whoever has an index open keeps the one he opened; whoever opens one sees the old or the new, whole.

use super::IndexError;
use super::build::build_into;
use super::image::{IndexImage, Sink};
use super::records::Index;
use super::store::{Bytes, Store};
use crate::mapping::Mapping;
use crate::model::{Facts, FaultCounts};
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tempfile::NamedTempFile;

/// The name of the index in its folder.
pub const INDEX_NAME: &str = "index";
/// The name of the stamp in its folder.
pub const STAMP_NAME: &str = "stamp";

/// What a file is called until it is complete, before the number of the process that writes it.
const UNFINISHED: &str = ".unfinished-";
/// What a killed process left is cleared away after this time, in which no build can still be running.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 60 * 60);

impl Index {
    /// Opens an index. That costs the same however large it is.
    pub fn open(path: &Path) -> Result<Index, IndexError> {
        let file = File::open(path).map_err(|cause| unreadable(path, cause))?;
        Index::of_file(&file, path)
    }

    fn of_file(file: &File, path: &Path) -> Result<Index, IndexError> {
        let metadata = file.metadata().map_err(|cause| unreadable(path, cause))?;
        if !metadata.is_file() {
            return Err(IndexError::Foreign { path: shown(path) });
        }
        let mapping = Mapping::of(file).map_err(|cause| unreadable(path, cause))?;
        Index::from_store(Store::open(Bytes::Mapped(mapping), shown(path))?)
    }
}

/// Writes an index in place of what stood there, in one step.
pub fn write(path: &Path, image: &IndexImage) -> Result<(), IndexError> {
    write_whole(path, image.bytes())
}

/// Writes a file in place of what stood there, in one step.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), IndexError> {
    let mut file = unfinished(path)?;
    file.write_all(bytes).map_err(|cause| unwritable(path, cause))?;
    finish(file, path).map(|_| ())
}

/// An index that is written but does not yet stand in its place.
///
/// It is dropped without a trace unless it is [kept](Draft::keep).
#[derive(Debug)]
pub struct Draft {
    index: Index,
    file: NamedTempFile,
    path: PathBuf,
}

/// Builds an index straight into a file beside `path`: a large one need not fit into memory twice.
pub fn build_file(path: &Path, facts: &Facts) -> Result<Draft, IndexError> {
    let sink = FileSink { file: unfinished(path)?, path: path.to_owned() };
    let FileSink { file, path } = build_into(facts, sink)?;
    let index = Index::of_file(file.as_file(), &path)?;
    Ok(Draft { index, file, path })
}

impl Draft {
    /// Returns the index, to be asked before it is kept.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Says how many findings there were, where that was not yet known when the index was written.
    pub fn with_faults(self, faults: FaultCounts) -> Result<Draft, IndexError> {
        let Draft { index, mut file, path } = self;
        let (start, bytes, header) = index.with_faults(faults)?;
        drop(index);
        let mut put = |at, bytes: &[u8]| {
            let put = file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(bytes));
            put.map_err(|cause| unwritable(&path, cause))
        };
        put(start, &bytes)?;
        put(0, &header)?;
        let index = Index::of_file(file.as_file(), &path)?;
        Ok(Draft { index, file, path })
    }

    /// Puts the index into its place and returns it, open.
    pub fn keep(self) -> Result<Index, IndexError> {
        // Not every system renames a file that is mapped.
        drop(self.index);
        // What stands at the path may be another's by now.
        Index::of_file(&finish(self.file, &self.path)?, &self.path)
    }
}

struct FileSink {
    file: NamedTempFile,
    path: PathBuf,
}

impl Sink for FileSink {
    fn append(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        self.file.write_all(bytes).map_err(|cause| unwritable(&self.path, cause))
    }

    fn put_header(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        let put = self.file.seek(SeekFrom::Start(0)).and_then(|_| self.file.write_all(bytes));
        put.map_err(|cause| unwritable(&self.path, cause))
    }
}

/// Returns the folder of the index under a project's root.
pub fn folder_under(root: &Path) -> PathBuf {
    root.join(".regesta")
}

/// Makes the folder of the index under a project's root, which keeps itself out of version control.
pub fn prepare_folder(root: &Path) -> Result<PathBuf, IndexError> {
    let folder = folder_under(root);
    fs::create_dir_all(&folder).map_err(|cause| unwritable(&folder, cause))?;
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        write_whole(&ignore, b"*\n")?;
    }
    Ok(folder)
}

pub(super) fn unfinished(path: &Path) -> Result<NamedTempFile, IndexError> {
    let folder = folder_of(path);
    clear_left_behind(folder);
    let mut builder = tempfile::Builder::new();
    let prefix = own_prefix();
    builder.prefix(&prefix);
    // As readable as any file that is made here; temporary files are private by default.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let _beginning = beginning();
    builder.tempfile_in(folder).map_err(|cause| unwritable(path, cause))
}

/// Held while a file is begun, so that whoever removes what is unfinished sees all of it.
static BEGINNING: Mutex<()> = Mutex::new(());

fn beginning() -> MutexGuard<'static, ()> {
    BEGINNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// As long as it is held, this process begins no file: for the end of the program.
#[must_use]
pub struct NothingBegun(
    #[expect(dead_code, reason = "it is held, and never looked at")] MutexGuard<'static, ()>,
);

fn finish(file: NamedTempFile, path: &Path) -> Result<File, IndexError> {
    // The bytes must be on disk before the name is: else a crash could leave a name with nothing behind it.
    file.as_file().sync_all().map_err(|cause| unwritable(path, cause))?;
    let file = persist(file, path)?;
    // The name itself is as safe as the system lets it be; not every one can sync a folder.
    #[cfg(unix)]
    let _ = File::open(folder_of(path)).and_then(|folder| folder.sync_all());
    Ok(file)
}

fn own_prefix() -> String {
    format!("{UNFINISHED}{}-", std::process::id())
}

/// Removes what this process has begun to write in some folders and has not finished. Whatever goes wrong is no harm.
pub fn remove_unfinished(folders: &[PathBuf]) -> NothingBegun {
    let nothing_begun = NothingBegun(beginning());
    let prefix = own_prefix();
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok());
    for entry in entries.flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            let _ = fs::remove_file(entry.path());
        }
    }
    nothing_begun
}

/// Renames a file that is complete into its place.
pub(super) fn persist(file: NamedTempFile, path: &Path) -> Result<File, IndexError> {
    file.persist(path).map_err(|error| unwritable(path, error.error))
}

/// Removes what killed processes left. Whatever goes wrong here is no harm.
fn clear_left_behind(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let age = modified.ok().and_then(|time| SystemTime::now().duration_since(time).ok());
        if is_ours && age.is_some_and(|age| age > LEFT_BEHIND) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn unreadable(path: &Path, cause: io::Error) -> IndexError {
    match cause.kind() {
        io::ErrorKind::NotFound => IndexError::Missing { path: shown(path) },
        _ => IndexError::Unreadable { path: shown(path), cause },
    }
}

pub(super) fn unwritable(path: &Path, cause: io::Error) -> IndexError {
    IndexError::Unwritable { path: shown(path), cause }
}
