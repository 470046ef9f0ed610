//! A project: its root, its settings, its files.

use super::Error;
use crate::settings::Settings;
use crate::source::{self, FoundFile, SourceError};
use std::path::{Path, PathBuf};

/// A folder of facts with its settings.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
    facts_folder: PathBuf,
    settings_text: String,
    /// What the project settles.
    pub settings: Settings,
}

impl Project {
    /// Opens the project at `root`, or the one that `from` lies in.
    pub fn locate(root: Option<&Path>, from: &Path) -> Result<Project, Error> {
        let root = match root {
            Some(root) if root.is_dir() => root.to_path_buf(),
            Some(root) => return Err(SourceError::Missing(root.display().to_string()).into()),
            None => source::find_root(from)
                .ok_or_else(|| Error::NoProject(from.display().to_string()))?,
        };
        let settings_text = source::read_settings(&root)?;
        let settings = Settings::parse(&settings_text)?;
        let facts_folder = source::facts_folder(&root);
        Ok(Project { root, facts_folder, settings_text, settings })
    }

    /// Returns the folder that shown paths are relative to.
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn settings_text(&self) -> &str {
        &self.settings_text
    }

    /// Finds the files of facts; a project without any is an error.
    pub(super) fn find_files(&self) -> Result<Vec<FoundFile>, Error> {
        let found = source::find_files(&self.root, &self.facts_folder)?;
        match found.is_empty() {
            true => Err(Error::NoFacts(self.facts_folder.display().to_string())),
            false => Ok(found),
        }
    }

    /// Returns the shown paths of the facts in a file or under a folder that somebody named from `from`.
    pub fn files_under(&self, from: &Path, named: &Path) -> Result<Vec<String>, Error> {
        let absolute = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let place = from.join(named);
        if !place.exists() {
            return Err(SourceError::Missing(named.display().to_string()).into());
        }
        let place = absolute(&place);
        let all = self.find_files()?;
        let within = all.into_iter().filter(|file| absolute(&file.location).starts_with(&place));
        let within: Vec<String> = within.map(|file| file.path).collect();
        match within.is_empty() {
            true => Err(Error::NotInProject {
                path: named.display().to_string(),
                folder: self.facts_folder.display().to_string(),
            }),
            false => Ok(within),
        }
    }
}
