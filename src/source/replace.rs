//! Puts a new text in place of a file of facts, in one step.

use super::disk::{FoundFile, SourceError};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::time::UNIX_EPOCH;

/// Writes `text` in place of a file as it was found: whoever reads it meanwhile sees the old text or the new
/// one, whole. A link stays a link, and the file keeps its permissions.
///
/// # Errors
/// The file may not be written, or somebody has changed it since it was found.
pub fn replace(file: &FoundFile, text: &str) -> Result<(), SourceError> {
    let unwritable = |cause| SourceError::Unwritable { path: file.path.clone(), cause };
    let location = fs::canonicalize(&file.location).map_err(unwritable)?;
    // A folder that may be written lets even a write-protected file be replaced; that is not what its owner meant.
    let opened = OpenOptions::new().write(true).open(&location).map_err(unwritable)?;
    let metadata = opened.metadata().map_err(unwritable)?;
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = modified.map_or(0, |duration| duration.as_nanos());
    if metadata.len() != file.bytes || modified != file.modified {
        return Err(SourceError::Changed(file.path.clone()));
    }
    drop(opened);
    let folder = location.parent().ok_or_else(|| unwritable(io::ErrorKind::NotFound.into()))?;
    let begun = tempfile::Builder::new().prefix(".unfinished-").tempfile_in(folder);
    let mut unfinished = begun.map_err(unwritable)?;
    unfinished.write_all(text.as_bytes()).map_err(unwritable)?;
    unfinished.as_file().set_permissions(metadata.permissions()).map_err(unwritable)?;
    // The bytes must be on disk before the name is: else a crash could leave a name with nothing behind it.
    unfinished.as_file().sync_all().map_err(unwritable)?;
    unfinished.persist(&location).map_err(|error| unwritable(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::find_files;

    #[test]
    fn a_file_is_replaced_unless_it_was_changed() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a.kb");
        fs::write(&path, "old")?;
        let found = find_files(folder.path(), folder.path())?;
        let file = found.first().ok_or("nothing was found")?;
        replace(file, "a new text")?;
        assert_eq!(fs::read_to_string(&path)?, "a new text");
        assert!(matches!(replace(file, "again"), Err(SourceError::Changed(_))));
        assert_eq!(fs::read_to_string(&path)?, "a new text");
        assert_eq!(fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() -> Result<(), Box<dyn std::error::Error>> {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a.text");
        fs::write(&path, "old")?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640))?;
        let link = folder.path().join("a.kb");
        std::os::unix::fs::symlink(&path, &link)?;
        let found = find_files(folder.path(), folder.path())?;
        replace(found.first().ok_or("nothing was found")?, "new")?;
        assert!(fs::symlink_metadata(&link)?.is_symlink());
        assert_eq!(fs::read_to_string(&path)?, "new");
        assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o777, 0o640);
        Ok(())
    }
}
