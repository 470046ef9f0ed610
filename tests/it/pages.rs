//! The pages of the documentation as something that runs.
//!
//! What a page writes (`# file: kb/schema.kb` in the first line of an example) goes into a project of its own,
//! empty at first; a page that writes nothing looks at a copy of `kb/`. Its commands are run there, in order.
//! With `REGESTA_PAGES=update` in the environment a page is given the output that the commands have now.

use crate::markdown::{Fence, fences, files};
use regesta::diagnostic::Diagnostic;
use regesta::pipeline::{self, Project};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Languages of examples, so that a slip in one does not leave an example unread.
const LANGUAGES: [&str; 9] =
    ["kb", "console", "query", "toml", "yaml", "json", "sh", "text", "ebnf"];

/// The folder of this crate.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The README and the pages in `docs/`, not those of the codes.
pub fn pages() -> Vec<PathBuf> {
    let all = files(&root().join("docs"), "md").into_iter();
    let mut pages: Vec<_> =
        all.filter(|path| !path.starts_with(root().join("docs/errors"))).collect();
    pages.push(root().join("README.md"));
    pages
}

/// A folder of facts that lasts as long as the example.
pub struct Folder {
    folder: tempfile::TempDir,
    status: i32,
}

impl Folder {
    /// Makes an empty one.
    pub fn empty() -> Folder {
        Folder { folder: tempfile::tempdir().expect("a folder can be made"), status: 0 }
    }

    /// Makes one with a copy of `kb/`.
    pub fn of_kb() -> Folder {
        Folder::of_files(|_| true)
    }

    /// Makes one with the facts of `kb/` alone: a fragment may change what they answer.
    pub fn beside_kb() -> Folder {
        Folder::of_files(|name| name != "kb/checks.kb" && name != "kb/expectations.kb")
    }

    fn of_files(is_wanted: fn(&str) -> bool) -> Folder {
        let folder = Folder::empty();
        for file in files(&root().join("kb"), "kb") {
            let shown = file.strip_prefix(root()).expect("it lies in this crate");
            let shown = shown.to_string_lossy().replace('\\', "/");
            if is_wanted(&shown) {
                folder.write(&shown, &fs::read_to_string(&file).expect("facts are a text"));
            }
        }
        folder
    }

    /// Makes one with a single file of facts.
    pub fn of(text: &str) -> Folder {
        let folder = Folder::empty();
        folder.write("kb/example.kb", text);
        folder
    }

    /// Writes a file; an older one of the same name is replaced.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder");
        fs::write(&path, text).expect("a file can be written");
    }

    /// Opens the project.
    pub fn project(&self) -> Project {
        Project::locate(Some(self.folder.path()), self.folder.path()).expect("a project")
    }

    /// Reports what is wrong with the facts, a line a finding.
    pub fn check(&self) -> Vec<String> {
        let checked = pipeline::check(&self.project()).expect("facts can be read");
        checked.findings.iter().map(told).collect()
    }

    /// Runs a line of a terminal and returns what it prints, both streams as they come.
    pub fn run(&mut self, line: &str) -> String {
        if line == "echo $?" {
            return format!("{}\n", self.status);
        }
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let arguments = match words.as_slice() {
            ["regesta", arguments @ ..] => arguments,
            ["cargo", "run", "--release", "--", arguments @ ..] => arguments,
            _ => panic!("`{line}` is no command that can be tried; put it into a fence `sh`"),
        };
        let (out, err) = self.both_streams();
        let status = Command::new(env!("CARGO_BIN_EXE_regesta"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .status()
            .expect("regesta can be run");
        self.status = status.code().unwrap_or(-1);
        fs::read_to_string(self.output()).expect("what is printed is a text")
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join(".output")
    }

    fn both_streams(&self) -> (fs::File, fs::File) {
        let _ = fs::remove_file(self.output());
        let open = || fs::OpenOptions::new().create(true).append(true).open(self.output());
        (open().expect("a file"), open().expect("a file"))
    }
}

/// Returns a finding as a line.
pub fn told(found: &Diagnostic) -> String {
    format!("{} {}", found.code.number, found.message)
}

/// Parts a line at its blanks, as a shell does; both quotation marks hold a word together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut open = None;
    for letter in line.chars() {
        match (open, letter) {
            (Some(mark), _) if letter == mark => open = None,
            (None, '\'' | '"') => open = Some(letter),
            (None, ' ') => words.push(String::new()),
            _ => words.last_mut().expect("there is one").push(letter),
        }
    }
    assert_eq!(open, None, "a quotation mark in `{line}` is never closed");
    words.retain(|word| !word.is_empty());
    words
}

/// Tells whether a line of a terminal asks a question.
pub fn is_question(line: &str) -> bool {
    line.contains("regesta query ") || line.contains("-- query ")
}

/// Tells whether what is printed is what a page says; a line of the page that ends with `…` gives its beginning.
fn fits(printed: &str, expected: &str) -> bool {
    let is_as_said = |(printed, said): (&str, &str)| match said.strip_suffix('…') {
        Some(beginning) => printed.starts_with(beginning.trim_end()),
        None => printed == said,
    };
    printed.lines().count() == expected.lines().count()
        && printed.lines().zip(expected.lines()).all(is_as_said)
}

/// The file that an example says it is.
fn file_of(fence: &Fence) -> Option<&str> {
    fence.text.lines().next()?.strip_prefix("# file: ").map(str::trim)
}

/// What is tried of a page.
pub struct Page {
    path: PathBuf,
    text: String,
    /// The project that its commands are run in.
    pub folder: Folder,
    wrong: Vec<String>,
}

impl Page {
    /// Reads a page.
    pub fn read(path: &Path) -> Page {
        let text = fs::read_to_string(path).expect("a page is a text");
        let writes = fences(&text).any(|fence| file_of(&fence).is_some());
        let folder = if writes { Folder::empty() } else { Folder::of_kb() };
        Page { path: path.to_owned(), text, folder, wrong: Vec::new() }
    }

    /// Goes through the page in order: its files are written, and each example is given to `look`; then the
    /// commands among `is_tried` are run.
    pub fn run(&mut self, is_tried: fn(&str) -> bool, mut look: impl FnMut(&mut Page, &Fence)) {
        let mut written = false;
        let mut lines: Vec<String> = self.text.lines().map(str::to_owned).collect();
        for fence in fences(&self.text.clone()) {
            let place = self.place(&fence);
            assert!(LANGUAGES.contains(&fence.language()), "{place}: `{}` is unknown", fence.info);
            match (file_of(&fence), fence.language()) {
                (Some(file), _) => {
                    self.folder.write(file, &fence.text);
                    written = true;
                }
                (None, "console") => self.console(&fence, is_tried, &mut lines),
                _ => look(self, &fence),
            }
        }
        if written {
            let found = self.folder.check();
            assert_eq!(found, [""; 0], "{}: what the page writes", self.path.display());
        }
        if !self.wrong.is_empty()
            && std::env::var_os("REGESTA_PAGES").is_some_and(|it| it == "update")
        {
            lines.retain(|line| line != GONE);
            let text = lines.join("\n") + "\n";
            fs::write(&self.path, text).expect("the page can be written");
        }
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
    }

    /// Returns the page and line of an example.
    pub fn place(&self, fence: &Fence) -> String {
        format!("{}:{}", self.path.display(), fence.line)
    }

    fn console(&mut self, fence: &Fence, is_tried: fn(&str) -> bool, lines: &mut [String]) {
        let mut block = String::new();
        let mut rest = fence.text.lines().peekable();
        while let Some(line) = rest.next() {
            let command = line.strip_prefix("$ ");
            let command = command.unwrap_or_else(|| panic!("{}: no `$ `", self.place(fence)));
            let mut expected = String::new();
            while let Some(line) = rest.next_if(|line| !line.starts_with("$ ")) {
                expected += line;
                expected.push('\n');
            }
            let printed = match is_tried(command) {
                true => self.folder.run(command),
                false => expected.clone(),
            };
            let printed: String =
                printed.lines().map(|line| format!("{}\n", line.trim_end())).collect();
            let fits = fits(&printed, &expected);
            let printed = if fits { expected.clone() } else { printed };
            if !fits {
                let place = self.place(fence);
                self.wrong.push(format!(
                    "{place}: $ {command}\n{printed}--- but the page says\n{expected}"
                ));
            }
            block += &format!("{line}\n{printed}");
        }
        // The new block stands in its first line, the others of the old one are taken away.
        let count = fence.text.lines().count();
        lines[fence.line - 1] = block.trim_end_matches('\n').to_owned();
        lines[fence.line..fence.line - 1 + count].iter_mut().for_each(|line| *line = GONE.into());
    }
}

/// Stands for a line that is taken away.
const GONE: &str = "\0";
