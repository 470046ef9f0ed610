//! A build that is killed, that meets others, or that finds no room leaves the old index whole, or the new one.

#![cfg(unix)]

use crate::fuzz::base;
use regesta::index::Index;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SIGKILL: i32 = 9;
const QUESTION: &str = "treaties where party = germany count";

/// How many records the two states of the facts have; an index is of one or of the other.
const FEW: u32 = 16;
const MANY: u32 = FEW + 1500;

fn facts(records: u32) -> String {
    let mut text = base::TEXT.to_owned();
    for number in FEW..records {
        writeln!(text, "polity p{number} \"Polity {number}\"\n  founded: {number:04}").unwrap();
    }
    text
}

/// A project with few records and its index; the facts have many by now.
struct Project {
    folder: TempDir,
}

impl Project {
    fn new() -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(project.path("kb")).unwrap();
        project.put(FEW);
        assert_eq!(project.run(&["build"]).status.code(), Some(0));
        project.put(MANY);
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, records: u32) {
        fs::write(self.path("kb/base.kb"), facts(records)).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regesta"));
        command.args(arguments).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Returns how many records the index has, after reading every byte of it.
    fn whole(&self) -> u32 {
        let index = Index::open(&self.path(".regesta/index")).unwrap();
        index.verify().unwrap();
        index.record_count()
    }

    /// Tells whether a build has begun to write.
    fn is_writing(&self) -> bool {
        let entries = fs::read_dir(self.path(".regesta")).unwrap().flatten();
        entries
            .into_iter()
            .any(|entry| entry.file_name().to_string_lossy().starts_with(".unfinished-"))
    }

    fn clear(&self) {
        for entry in fs::read_dir(self.path(".regesta")).unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with(".unfinished-") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    }
}

#[test]
fn a_build_killed_at_any_moment_leaves_an_index_whole() {
    let project = Project::new();
    let old = fs::read(project.path(".regesta/index")).unwrap();
    let begun = Instant::now();
    assert_eq!(project.run(&["build"]).status.code(), Some(0));
    let whole_time = begun.elapsed();
    let mut killed = 0;
    let moments = 60;
    for moment in 0..moments {
        fs::write(project.path(".regesta/index"), &old).unwrap();
        let begun = Instant::now();
        let mut child = project.command(&["build"]).spawn().unwrap();
        // Half of them at moments of the whole way, half from the first byte written on.
        let wait = whole_time * (moment / 2) / (moments / 2);
        if moment % 2 == 0 {
            std::thread::sleep(wait);
        } else {
            while !project.is_writing() && begun.elapsed() < 3 * whole_time {
                std::thread::sleep(Duration::from_micros(50));
            }
            std::thread::sleep(wait / 20);
        }
        child.kill().unwrap();
        let status = child.wait().unwrap();
        killed += u32::from(status.signal() == Some(SIGKILL));
        assert!([FEW, MANY].contains(&project.whole()), "moment {moment}");
        // Whatever was left behind is in nobody's way.
        if moment % 10 == 0 {
            let output = project.run(&["query", "polities count"]);
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(said.starts_with(&format!("{}\n", MANY - FEW + 5)), "moment {moment}: {said}");
        }
        project.clear();
    }
    assert!(killed > moments / 3, "{killed} of {moments} were killed before they were done");
}

/// Runs a command that may write files of so many bytes each, as on a disk that is full then.
fn with_room(project: &Project, half_kib: u32, on_signal: &str, arguments: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_regesta");
    let script =
        format!("{on_signal}\nulimit -c 0\nulimit -f {half_kib}\nexec '{program}' {arguments}");
    let mut command = Command::new("sh");
    command.args(["-c", &script]).current_dir(project.folder.path());
    command.stdin(Stdio::null()).output().unwrap()
}

/// The system refuses to write on.
const REFUSED: &str = "trap '' XFSZ";
/// The system ends whoever writes on.
const ENDED: &str = "trap - XFSZ";

#[test]
fn a_full_disk_is_an_error_and_leaves_the_old_index() {
    let project = Project::new();
    let old = fs::read(project.path(".regesta/index")).unwrap();
    let mut refused = 0;
    for room in [0, 1, 2, 5, 10, 20, 40, 80, 120, 160, 200] {
        let output = with_room(&project, room, REFUSED, "build");
        let said = String::from_utf8(output.stderr).unwrap();
        if output.status.code() == Some(0) {
            break;
        }
        refused += 1;
        assert_eq!(output.status.code(), Some(2), "{room}: {said}");
        let path = project.path(".regesta/index");
        assert!(said.contains(&format!("cannot write `{}`", path.display())), "{said}");
        assert!(said.ends_with("what stood there before is unchanged\n"), "{said}");
        assert!(output.stdout.is_empty(), "{room}");
        assert!(fs::read(&path).unwrap() == old, "{room}");
        assert!(!project.is_writing(), "{room}: something was left behind");
        // The old one is asked by its name; what would have to build a new one says why it cannot.
        let asked = with_room(
            &project,
            room,
            REFUSED,
            &format!("query '{QUESTION}' --index .regesta/index"),
        );
        assert_eq!(asked.status.code(), Some(0), "{:?}", asked.stderr);
        let asked = with_room(&project, room, REFUSED, &format!("query '{QUESTION}'"));
        assert_eq!((asked.status.code(), asked.stdout.len()), (Some(2), 0));
    }
    assert!(refused > 5, "{refused}");
    assert_eq!(project.run(&["build"]).status.code(), Some(0));
    assert_eq!(project.whole(), MANY);
}

#[test]
fn a_build_ended_at_any_length_leaves_the_old_index() {
    let project = Project::new();
    let old = fs::read(project.path(".regesta/index")).unwrap();
    for room in 0..24 {
        let output = with_room(&project, room * 7, ENDED, "build");
        if output.status.code() == Some(0) {
            break;
        }
        assert!(output.status.signal().is_some(), "{room}: {:?}", output.status);
        assert!(fs::read(project.path(".regesta/index")).unwrap() == old, "{room}");
        assert!(room < 23 || !old.is_empty());
        project.clear();
    }
    assert_eq!(project.run(&["build"]).status.code(), Some(0));
    assert_eq!(project.whole(), MANY);
}

#[test]
fn builds_and_questions_at_once_are_safe() {
    let project = Project::new();
    let rounds = 6;
    let (few, many) = ("5\n", format!("{}\n", MANY - FEW + 5));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..rounds {
                    let output = project.run(&["build"]);
                    let said = String::from_utf8_lossy(&output.stderr).into_owned();
                    assert_eq!(output.status.code(), Some(0), "{said}");
                }
            });
        }
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..rounds {
                    // Of the facts, and of whatever index stands there.
                    let output = project.run(&["query", "polities count"]);
                    assert_eq!(output.status.code(), Some(0));
                    assert!(String::from_utf8_lossy(&output.stdout).starts_with(&many));
                    let output =
                        project.run(&["query", "polities count", "--index", ".regesta/index"]);
                    let said = String::from_utf8_lossy(&output.stdout).into_owned();
                    assert!(said.starts_with(&many) || said.starts_with(few), "{said}");
                }
            });
        }
    });
    assert_eq!(project.whole(), MANY);
    assert!(!project.is_writing());
    // The stamp fits: nothing is built again.
    let before = fs::metadata(project.path(".regesta/index")).unwrap().modified().unwrap();
    project.run(&["query", "polities count"]);
    let after = fs::metadata(project.path(".regesta/index")).unwrap().modified().unwrap();
    assert_eq!(before, after);
}

/// Whom a program is run as where the tests are run by root, whom no permission stops.
const NOBODY: u32 = 65_534;

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn may_write_anywhere(folder: &Path) -> bool {
    let probe = folder.join("probe");
    let written = fs::write(&probe, "x").is_ok();
    let _ = fs::remove_file(probe);
    written
}

#[test]
fn a_folder_that_may_not_be_written_is_an_error_and_leaves_the_old_index() {
    let project = Project::new();
    let folder = project.path(".regesta");
    let old = fs::read(folder.join("index")).unwrap();
    set_mode(project.folder.path(), 0o755);
    set_mode(&folder, 0o555);
    let is_root = may_write_anywhere(&folder);
    // Nobody must be able to run it, wherever the build's own folder lies.
    let elsewhere = tempfile::tempdir().unwrap();
    let program = elsewhere.path().join("regesta");
    if is_root {
        set_mode(elsewhere.path(), 0o755);
        // Copied by another process: what this one has open for writing, a program that is started just then in another
        // test has open as well, and no file that is open for writing can be run.
        let copied =
            Command::new("cp").arg(env!("CARGO_BIN_EXE_regesta")).arg(&program).status().unwrap();
        assert!(copied.success());
    }
    let run = |arguments: &[&str]| {
        if !is_root {
            return project.run(arguments);
        }
        let mut command = Command::new(&program);
        command.args(arguments).current_dir(project.folder.path()).uid(NOBODY).gid(NOBODY);
        command.output().unwrap()
    };
    for arguments in [&["build"][..], &["query", QUESTION]] {
        let output = run(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let path = folder.join("index");
        assert!(said.contains(&format!("cannot write `{}`", path.display())), "{said}");
        assert!(said.ends_with("what stood there before is unchanged\n"), "{said}");
    }
    let output = run(&["query", QUESTION, "--index", ".regesta/index"]);
    assert_eq!(output.status.code(), Some(0), "{:?}", output.stderr);
    assert!(fs::read(folder.join("index")).unwrap() == old);
    set_mode(&folder, 0o755);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 3, "index, stamp and .gitignore");
    // A fresh index in such a folder is asked without a word.
    assert_eq!(project.run(&["build"]).status.code(), Some(0));
    set_mode(&folder, 0o555);
    let output = run(&["query", QUESTION]);
    set_mode(&folder, 0o755);
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}
