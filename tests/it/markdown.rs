//! What a page holds between its fences, and the files of a folder.

use std::fs;
use std::path::{Path, PathBuf};

/// An example of a page.
#[derive(Debug)]
pub struct Fence {
    /// What stands behind the backticks: `kb`, `kb,fragment`, `console`.
    pub info: String,
    /// The line of the page on which the example begins, counted from 1.
    pub line: usize,
    /// The example, each line with its end.
    pub text: String,
}

impl Fence {
    /// Returns the first word of the info string.
    pub fn language(&self) -> &str {
        self.info.split(',').next().unwrap_or("")
    }

    /// Tells whether a word stands behind the language.
    pub fn is(&self, word: &str) -> bool {
        self.info.split(',').skip(1).any(|each| each == word)
    }
}

/// Returns the examples of a page in order.
pub fn fences(page: &str) -> impl Iterator<Item = Fence> {
    let mut fences = Vec::new();
    let mut open: Option<Fence> = None;
    for (number, line) in page.lines().enumerate() {
        match (open.take(), line.strip_prefix("```")) {
            (None, Some(info)) => {
                let info = info.trim().to_owned();
                open = Some(Fence { info, line: number + 2, text: String::new() });
            }
            (Some(fence), Some("")) => fences.push(fence),
            (Some(mut fence), _) => {
                fence.text.push_str(line);
                fence.text.push('\n');
                open = Some(fence);
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "an example is never closed: {open:?}");
    fences.into_iter()
}

/// Returns the files under a folder that have an ending, or the file itself, in the order of their paths.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    if folder.is_file() {
        return vec![folder.to_owned()];
    }
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|its| its == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}
