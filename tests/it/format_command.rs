//! `regesta fmt`: what it changes, what it says, how it ends.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const UNTIDY: &str = "polity  a\n name:\"A\"\n";
const TIDY: &str = "polity a\n  name: \"A\"\n";
const FAULTY: &str = "polity  b\n  name:  \"B\n";

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("kb")).unwrap();
    for (name, text) in files {
        fs::write(folder.path().join("kb").join(name), text).unwrap();
    }
    folder
}

/// Runs a command and tells what it wrote and how it ended.
fn told(folder: &Path, arguments: &[&str], input: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_regesta"));
    command.current_dir(folder).args(arguments).env_remove("CLICOLOR_FORCE");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let code = output.status.code().unwrap();
    format!("{}--- stderr\n{}--- ended with {code}", text(&output.stdout), text(&output.stderr))
}

#[test]
fn files_are_rewritten_and_counted() {
    let folder = project(&[("a.kb", UNTIDY), ("b.kb", FAULTY), ("c.kb", TIDY)]);
    insta::assert_snapshot!(told(folder.path(), &["fmt"], ""), @r"
    formatted 1 of 3 files
    --- stderr
    note: left 1 faulty item as written; `regesta check` tells what is wrong
    --- ended with 0
    ");
    let read = |name| fs::read_to_string(folder.path().join("kb").join(name)).unwrap();
    assert_eq!([read("a.kb"), read("b.kb"), read("c.kb")], [TIDY, FAULTY, TIDY]);
    insta::assert_snapshot!(told(folder.path(), &["fmt", "kb/a.kb"], ""), @r"
    canonical form in 1 file
    --- stderr
    --- ended with 0
    ");
}

#[test]
fn check_lists_and_changes_nothing() {
    let folder = project(&[("a.kb", UNTIDY), ("c.kb", TIDY)]);
    insta::assert_snapshot!(told(folder.path(), &["fmt", "--check"], ""), @r"
    kb/a.kb
    --- stderr
    note: 1 of 2 files not in canonical form; `regesta fmt` puts that right
    --- ended with 1
    ");
    assert_eq!(fs::read_to_string(folder.path().join("kb/a.kb")).unwrap(), UNTIDY);
}

#[test]
fn diff_shows_what_would_change() {
    let folder = project(&[("a.kb", UNTIDY)]);
    insta::assert_snapshot!(told(folder.path(), &["fmt", "--diff", "kb"], ""), @r#"
    --- a/kb/a.kb
    +++ b/kb/a.kb
    @@ -1,2 +1,2 @@
    -polity  a
    - name:"A"
    +polity a
    +  name: "A"
    --- stderr
    note: 1 of 1 file not in canonical form; `regesta fmt` puts that right
    --- ended with 1
    "#);
    assert_eq!(fs::read_to_string(folder.path().join("kb/a.kb")).unwrap(), UNTIDY);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(told(folder.path(), &["fmt", "-"], UNTIDY), @r#"
    polity a
      name: "A"
    --- stderr
    --- ended with 0
    "#);
    insta::assert_snapshot!(told(folder.path(), &["fmt", "--check", "-"], UNTIDY), @r"
    standard input
    --- stderr
    --- ended with 1
    ");
    insta::assert_snapshot!(told(folder.path(), &["fmt", "-", "a.kb"], ""), @r"
    --- stderr
    error: `-` stands for standard input and cannot be named beside files
    --- ended with 2
    ");
}

#[test]
fn what_cannot_be_formatted_keeps_nothing_else_from_it() {
    let folder = project(&[("a.kb", UNTIDY)]);
    fs::write(folder.path().join("kb/b.kb"), b"polity  \xff\n").unwrap();
    fs::write(folder.path().join("notes.txt"), "notes").unwrap();
    insta::assert_snapshot!(told(folder.path(), &["fmt"], ""), @r"
    formatted 1 of 2 files
    --- stderr
    error: cannot format `kb/b.kb`: it is not a text in UTF-8; `regesta check` shows where
    --- ended with 2
    ");
    assert_eq!(fs::read(folder.path().join("kb/b.kb")).unwrap(), b"polity  \xff\n");
    insta::assert_snapshot!(told(folder.path(), &["fmt", "notes.txt"], ""), @r"
    --- stderr
    error: `notes.txt` is no file of facts: the name of one ends in `.kb`
    --- ended with 2
    ");
    insta::assert_snapshot!(told(folder.path(), &["fmt", "none"], ""), @r"
    --- stderr
    error: there is no file or folder `none`
    --- ended with 2
    ");
}
