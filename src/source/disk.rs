//! Finding and reading: the project's root, its settings, its `.kb` files.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Largest file that is read, in bytes: offsets in a file are 32 bits wide.
pub const MAX_FILE_BYTES: u64 = u32::MAX as u64 - 1;

/// The file of a project's settings, in its root.
const SETTINGS_NAME: &str = "regesta.toml";

/// The folder of facts that marks a project's root.
const FACTS_NAME: &str = "kb";

/// Why a text could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The folder or file is not there.
    #[error("there is no file or folder `{0}`")]
    Missing(String),
    /// A file is larger than [`MAX_FILE_BYTES`].
    #[error("`{path}` has {bytes} bytes, and a file may have {MAX_FILE_BYTES} at most: part it")]
    TooLarge {
        /// The file.
        path: String,
        /// Its size.
        bytes: u64,
    },
    /// The system refused.
    #[error("cannot read `{path}`: {cause}")]
    Unreadable {
        /// The file or folder.
        path: String,
        /// The system's reason.
        cause: io::Error,
    },
    /// The system refused to let a file be written.
    #[error("cannot write `{path}`: {cause}")]
    Unwritable {
        /// The file.
        path: String,
        /// The system's reason.
        cause: io::Error,
    },
    /// Somebody changed a file between reading and writing.
    #[error("`{0}` was changed meanwhile and is left as it is: run the command again")]
    Changed(String),
}

/// A file that was found but not yet read, with what tells whether it has changed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// The path as it is shown: relative to the project's root, parted by `/`.
    pub path: String,
    /// Where it lies.
    pub location: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub modified: u128,
}

/// Finds the `.kb` files under `folder`, recursively and in the order of their paths.
///
/// Folders whose name begins with a dot are passed over. Shown paths are relative to `root`.
pub fn find_files(root: &Path, folder: &Path) -> Result<Vec<FoundFile>, SourceError> {
    if !folder.exists() {
        return Err(SourceError::Missing(folder.display().to_string()));
    }
    let mut found = Vec::new();
    let is_hidden = |entry: &walkdir::DirEntry| {
        entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.')
    };
    let walk = walkdir::WalkDir::new(folder).follow_links(true).sort_by_file_name();
    for entry in walk.into_iter().filter_entry(|entry| !is_hidden(entry)) {
        let entry = entry.map_err(|error| SourceError::Unreadable {
            path: error.path().unwrap_or(folder).display().to_string(),
            cause: plain_cause(error),
        })?;
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|end| end == "kb") {
            found.push(describe(root, entry.path())?);
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// Returns the system's reason alone: the path is named by whoever reports it.
fn plain_cause(error: walkdir::Error) -> io::Error {
    match error.io_error() {
        Some(cause) => match cause.raw_os_error() {
            Some(number) => io::Error::from_raw_os_error(number),
            None => cause.kind().into(),
        },
        None => error.into(),
    }
}

fn describe(root: &Path, location: &Path) -> Result<FoundFile, SourceError> {
    let metadata = fs::metadata(location).map_err(|cause| unreadable(location, cause))?;
    let modified = metadata.modified().ok();
    let since_1970 = modified.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let shown = location.strip_prefix(root).unwrap_or(location);
    Ok(FoundFile {
        path: shown.to_string_lossy().replace('\\', "/"),
        location: location.to_path_buf(),
        bytes: metadata.len(),
        modified: since_1970.map_or(0, |duration| duration.as_nanos()),
    })
}

fn unreadable(path: &Path, cause: io::Error) -> SourceError {
    SourceError::Unreadable { path: path.display().to_string(), cause }
}

/// Reads the bytes of a found file.
pub fn read_bytes(file: &FoundFile) -> Result<Vec<u8>, SourceError> {
    read_bytes_into(Vec::new(), file)
}

/// Reads the bytes of a found file into a place that was used before, of which nothing but its room is left.
pub(super) fn read_bytes_into(
    mut bytes: Vec<u8>,
    file: &FoundFile,
) -> Result<Vec<u8>, SourceError> {
    if file.bytes > MAX_FILE_BYTES {
        return Err(SourceError::TooLarge { path: file.path.clone(), bytes: file.bytes });
    }
    bytes.clear();
    // One byte more, so that the end is found without growing.
    bytes.reserve(file.bytes as usize + 1);
    let read = fs::File::open(&file.location).and_then(|mut from| from.read_to_end(&mut bytes));
    read.map_err(|cause| unreadable(&file.location, cause))?;
    Ok(bytes)
}

/// How many bytes of a file are looked at together: few enough to stay in a core's cache.
const STRETCH_BYTES: usize = 256 << 10;

/// Tells whether something is seen in some stretch of whole lines of a file; nothing is in one that is too large to be
/// read.
///
/// # Errors
/// The file cannot be read.
pub(super) fn any_lines(file: &FoundFile, sees: impl Fn(&[u8]) -> bool) -> io::Result<bool> {
    if file.bytes > MAX_FILE_BYTES {
        return Ok(false);
    }
    let mut from = fs::File::open(&file.location)?;
    let mut stretch = Vec::with_capacity(STRETCH_BYTES);
    loop {
        let begun = stretch.len();
        // A line that is longer than a stretch makes this one longer, by as much as there is at least: so that its bytes
        // are moved a few times, however long it is.
        let more = STRETCH_BYTES.saturating_sub(begun).max(STRETCH_BYTES / 2).max(begun) as u64;
        if from.by_ref().take(more).read_to_end(&mut stretch)? == 0 {
            return Ok(sees(&stretch));
        }
        // What was begun before has no end of a line.
        let new = stretch.get(begun..).unwrap_or_default();
        let Some(last) = memchr::memrchr(b'\n', new).map(|last| begun + last) else { continue };
        if sees(stretch.get(..last).unwrap_or_default()) {
            return Ok(true);
        }
        stretch.drain(..=last);
    }
}

/// Finds the root of the project that `from` lies in: the nearest folder upward that holds `regesta.toml` or a
/// folder `kb`.
pub fn find_root(from: &Path) -> Option<PathBuf> {
    let is_root =
        |folder: &&Path| folder.join(SETTINGS_NAME).is_file() || folder.join(FACTS_NAME).is_dir();
    from.ancestors().find(is_root).map(Path::to_path_buf)
}

/// Returns the folder of a project's facts: `kb` under the root if there is one, else the root itself.
pub fn facts_folder(root: &Path) -> PathBuf {
    let folder = root.join(FACTS_NAME);
    if folder.is_dir() { folder } else { root.to_path_buf() }
}

/// Reads the text of `regesta.toml` in a project's root; empty where there is none.
pub fn read_settings(root: &Path) -> Result<String, SourceError> {
    let path = root.join(SETTINGS_NAME);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(cause) => Err(unreadable(&path, cause)),
    }
}
