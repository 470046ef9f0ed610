//! The commands as somebody sees them: standard output, standard error and exit status as one text.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A project in a folder of its own.
struct Project {
    folder: TempDir,
}

impl Project {
    fn new(files: &[(&str, &[u8])]) -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        for (path, bytes) in files {
            let path = project.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        project
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regesta"));
        command.args(arguments.split_whitespace()).current_dir(self.path());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command and returns all that it said.
    fn run(&self, arguments: &str) -> String {
        let output = self.command(arguments).output().unwrap();
        let (out, err) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let mut text = format!("$ regesta {arguments}\n{out}");
        if !err.is_empty() {
            text += &format!("--- standard error\n{err}");
        }
        text += &format!("--- exit {}", output.status.code().unwrap_or(-1));
        let folder = self.path().display().to_string();
        text.replace(&folder, "PROJECT").replace('\u{1b}', "␛")
    }
}

const SCHEMA: &str = "source notes \"Notes\"
relation polity, polities \"A state\"
  founded: date ?
relation treaty, treaties \"An agreement\"
  party: polity 2..
  signed: date
";

const FAULTY: &str = "cite notes
polity germany \"Germany\"
polity russia \"Soviet Russia\"
treaty rapallo \"Treaty of Rapallo\"
  party: germny, russia
  sgined: 1922-04-16
";

const UNSOURCED: &str = "polity poland \"Poland\"\n";

fn sound() -> Project {
    Project::new(&[
        ("kb/schema.kb", SCHEMA.as_bytes()),
        ("kb/polities.kb", b"cite notes\npolity germany \"Germany\"\n"),
    ])
}

fn faulty() -> Project {
    Project::new(&[
        ("kb/schema.kb", SCHEMA.as_bytes()),
        ("kb/faulty.kb", FAULTY.as_bytes()),
        ("kb/more/unsourced.kb", UNSOURCED.as_bytes()),
    ])
}

fn warned() -> Project {
    Project::new(&[("kb/schema.kb", SCHEMA.as_bytes()), ("kb/unsourced.kb", UNSOURCED.as_bytes())])
}

#[test]
fn check_finds_nothing_in_sound_facts() {
    insta::assert_snapshot!(sound().run("check"), @r#"
    $ regesta check
    no findings in 2 records of 2 files
    --- exit 0
    "#);
}

#[test]
fn check_for_people() {
    insta::assert_snapshot!(faulty().run("check"), @r#"
    $ regesta check
    error[KB0201 unknown-entity]: there is no polity `germny`
       ╭─[ kb/faulty.kb:5:10 ]
       │
     5 │   party: germny, russia
       │          ───┬──
       │             ╰──── unknown
       │
       │ Help: did somebody mean `germany`?
    ───╯

    error[KB0203 unknown-field]: a treaty has no field `sgined`
       ╭─[ kb/faulty.kb:6:3 ]
       │
     6 │   sgined: 1922-04-16
       │   ───┬──
       │      ╰──── unknown field
       │
       │ Help: did somebody mean `signed`?
    ───╯

    warning[KB0501 no-source]: `poland` cites no source
       ╭─[ kb/more/unsourced.kb:1:8 ]
       │
     1 │ polity poland "Poland"
       │        ───┬──
       │           ╰──── rests on nothing
       │
       │ Help: add a line `source: IDENTIFIER "page"`, or put `cite IDENTIFIER` at the margin above the facts that share one
    ───╯

    2 errors and 1 warning in 2 files
    --- exit 1
    "#);
}

#[test]
fn check_for_grep() {
    insta::assert_snapshot!(faulty().run("check --message-format short"), @r#"
    $ regesta check --message-format short
    kb/faulty.kb:5:10: error[KB0201]: there is no polity `germny`
    kb/faulty.kb:6:3: error[KB0203]: a treaty has no field `sgined`
    kb/more/unsourced.kb:1:8: warning[KB0501]: `poland` cites no source
    --- exit 1
    "#);
}

#[test]
fn check_for_programs() {
    insta::assert_snapshot!(faulty().run("check --message-format json"), @r#"
    $ regesta check --message-format json
    {"code":"KB0201","name":"unknown-entity","severity":"error","message":"there is no polity `germny`","file":"kb/faulty.kb","span":{"line":5,"column":10,"end_line":5,"end_column":16,"byte_start":110,"byte_end":116},"labels":[{"file":"kb/faulty.kb","span":{"line":5,"column":10,"end_line":5,"end_column":16,"byte_start":110,"byte_end":116},"text":"unknown"}],"help":["did somebody mean `germany`?"],"notes":[]}
    {"code":"KB0203","name":"unknown-field","severity":"error","message":"a treaty has no field `sgined`","file":"kb/faulty.kb","span":{"line":6,"column":3,"end_line":6,"end_column":9,"byte_start":127,"byte_end":133},"labels":[{"file":"kb/faulty.kb","span":{"line":6,"column":3,"end_line":6,"end_column":9,"byte_start":127,"byte_end":133},"text":"unknown field"}],"help":["did somebody mean `signed`?"],"notes":[]}
    {"code":"KB0501","name":"no-source","severity":"warning","message":"`poland` cites no source","file":"kb/more/unsourced.kb","span":{"line":1,"column":8,"end_line":1,"end_column":14,"byte_start":7,"byte_end":13},"labels":[{"file":"kb/more/unsourced.kb","span":{"line":1,"column":8,"end_line":1,"end_column":14,"byte_start":7,"byte_end":13},"text":"rests on nothing"}],"help":["add a line `source: IDENTIFIER \"page\"`, or put `cite IDENTIFIER` at the margin above the facts that share one"],"notes":[]}
    {"summary":{"errors":2,"warnings":1,"notes":0,"files":2}}
    --- exit 1
    "#);
}

#[test]
fn check_for_github() {
    insta::assert_snapshot!(faulty().run("check --message-format github"), @r#"
    $ regesta check --message-format github
    ::error file=kb/faulty.kb,line=5,endLine=5,col=10,endColumn=16,title=KB0201 unknown-entity::there is no polity `germny`%0Ahelp: did somebody mean `germany`?
    ::error file=kb/faulty.kb,line=6,endLine=6,col=3,endColumn=9,title=KB0203 unknown-field::a treaty has no field `sgined`%0Ahelp: did somebody mean `signed`?
    ::warning file=kb/more/unsourced.kb,line=1,endLine=1,col=8,endColumn=14,title=KB0501 no-source::`poland` cites no source%0Ahelp: add a line `source: IDENTIFIER "page"`, or put `cite IDENTIFIER` at the margin above the facts that share one
    --- exit 1
    "#);
}

#[test]
fn a_path_picks_what_is_reported() {
    let project = faulty();
    let said = [
        project.run("check --message-format short kb/more"),
        project.run("check kb/schema.kb"),
        project.run("check kb/nowhere.kb"),
        project.run("check --message-format short kb/more/unsourced.kb kb/faulty.kb"),
    ];
    insta::assert_snapshot!(said.join("\n\n"), @r#"
    $ regesta check --message-format short kb/more
    kb/more/unsourced.kb:1:8: warning[KB0501]: `poland` cites no source
    --- exit 0

    $ regesta check kb/schema.kb
    no findings in this file; 3 findings elsewhere
    --- exit 0

    $ regesta check kb/nowhere.kb
    --- standard error
    error: there is no file or folder `kb/nowhere.kb`
    --- exit 2

    $ regesta check --message-format short kb/more/unsourced.kb kb/faulty.kb
    kb/faulty.kb:5:10: error[KB0201]: there is no polity `germny`
    kb/faulty.kb:6:3: error[KB0203]: a treaty has no field `sgined`
    kb/more/unsourced.kb:1:8: warning[KB0501]: `poland` cites no source
    --- exit 1
    "#);
}

#[test]
fn warnings_may_be_denied() {
    let project = warned();
    let said = [
        project.run("check --message-format short"),
        project.run("check --message-format short --deny warnings"),
        project.run("build --message-format short --deny warnings"),
    ];
    insta::assert_snapshot!(said.join("\n\n"), @r#"
    $ regesta check --message-format short
    kb/unsourced.kb:1:8: warning[KB0501]: `poland` cites no source
    --- exit 0

    $ regesta check --message-format short --deny warnings
    kb/unsourced.kb:1:8: warning[KB0501]: `poland` cites no source
    --- exit 1

    $ regesta build --message-format short --deny warnings
    indexed 2 records of 2 files
    --- standard error
    kb/unsourced.kb:1:8: warning[KB0501]: `poland` cites no source
    --- exit 1
    "#);
}

#[test]
fn settings_make_a_missing_source_an_error() {
    let project = warned();
    fs::write(project.path().join("regesta.toml"), "[evidence]\nrequire-source = true\n").unwrap();
    insta::assert_snapshot!(project.run("check --message-format short"), @r#"
    $ regesta check --message-format short
    kb/unsourced.kb:1:8: error[KB0501]: `poland` cites no source
    --- exit 1
    "#);
}

#[test]
fn a_slip_in_the_settings_is_told() {
    let project = sound();
    fs::write(project.path().join("regesta.toml"), "[evidence]\nrequire-sources = true\n").unwrap();
    insta::assert_snapshot!(project.run("check"), @r#"
    $ regesta check
    --- standard error
    error: `regesta.toml` cannot be used: TOML parse error at line 2, column 1
      |
    2 | require-sources = true
      | ^^^^^^^^^^^^^^^
    unknown field `require-sources`, expected `require-source`
    --- exit 2
    "#);
}

#[test]
fn where_there_is_no_project() {
    let nothing = Project::new(&[]);
    let empty = Project::new(&[("kb/README.txt", b"no facts here")]);
    let said = [
        nothing.run("check"),
        nothing.run("check --root nowhere"),
        nothing.run("build"),
        empty.run("check"),
        Project::new(&[("kb/empty.kb", b"")]).run("check"),
        Project::new(&[("kb/empty.kb", b"")]).run("build"),
    ];
    insta::assert_snapshot!(said.join("\n\n"), @r#"
    $ regesta check
    --- standard error
    error: there is no project in `PROJECT` or above it: name its folder with `--root`, or make a folder `kb` for the facts
    --- exit 2

    $ regesta check --root nowhere
    --- standard error
    error: there is no file or folder `nowhere`
    --- exit 2

    $ regesta build
    --- standard error
    error: there is no project in `PROJECT` or above it: name its folder with `--root`, or make a folder `kb` for the facts
    --- exit 2

    $ regesta check
    --- standard error
    error: there are no `.kb` files under `PROJECT/kb`
    --- exit 2

    $ regesta check
    no findings in 0 records of 1 file
    --- exit 0

    $ regesta build
    indexed 0 records of 1 file
    --- exit 0
    "#);
}

#[test]
fn files_that_are_no_texts() {
    let mut latin = SCHEMA.as_bytes().to_vec();
    latin.extend_from_slice(b"polity wuerttemberg \"W\xfcrttemberg\" (source: notes)\n");
    let project = Project::new(&[
        ("kb/latin.kb", &latin),
        ("kb/picture.kb", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"),
        ("kb/utf-16.kb", b"\xff\xfe#\x00 \x00o\x00n\x00e\x00"),
    ]);
    insta::assert_snapshot!(project.run("check"), @r#"
    $ regesta check
    error[KB0002 not-utf8]: this file is not encoded in UTF-8
       ╭─[ kb/latin.kb:7:23 ]
       │
     7 │ polity wuerttemberg "W?rttemberg" (source: notes)
       │                       ┬
       │                       ╰── the first byte that does not fit
       │
       │ Help: open the file in a text editor and save it with the encoding UTF-8
       │
       │ Note: one byte of this file does not fit, and is read as `?`
    ───╯

    error[KB0001 not-text]: this file is not a text: its byte 9 is a NUL
       ╭─[ kb/picture.kb:1:1 ]
       │
     1 │
       │ ┬
       │ ╰── nothing of it was read
       │
       │ Help: move it out of the folder of facts, or give it another ending than `.kb`
    ───╯

    error[KB0002 not-utf8]: this file is encoded in UTF-16, not in UTF-8
       ╭─[ kb/utf-16.kb:1:1 ]
       │
     1 │ # one
       │ ┬
       │ ╰── every letter has two bytes
       │
       │ Help: open the file in a text editor and save it with the encoding UTF-8
    ───╯

    3 errors in 3 files
    --- exit 1
    "#);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read() {
    use std::os::unix::fs::symlink;
    let project = sound();
    symlink("nowhere.kb", project.path().join("kb/broken.kb")).unwrap();
    insta::assert_snapshot!(project.run("check"), @r#"
    $ regesta check
    --- standard error
    error: cannot read `PROJECT/kb/broken.kb`: No such file or directory (os error 2)
    --- exit 2
    "#);
}

#[test]
fn explain_by_number_by_name_and_not_at_all() {
    let project = Project::new(&[]);
    let by_number = project.run("explain kb0004");
    assert_eq!(
        by_number.split_once('\n').unwrap().1,
        project.run("explain orphan-line").split_once('\n').unwrap().1
    );
    let list = project.run("explain");
    let list: Vec<_> = list.lines().take(3).chain(list.lines().last()).collect();
    let said = [
        by_number,
        project.run("explain unknwon-entity"),
        project.run("explain KB9999"),
        list.join("\n"),
    ];
    insta::assert_snapshot!(said.join("\n\n"), @r#"
    $ regesta explain kb0004
    KB0004 orphan-line: an indented line has no item above it

    An indented line belongs to the item above it, and above this one there is none. It stands
    at the very top of the file, or the line that began the item was deleted or moved.

        # wrong
          founded: date ?

        relation polity, polities "A state"

        # right
        relation polity, polities "A state"
          founded: date ?

    A field without its fact says nothing about anybody. Put it under the line that it belongs
    to, or give it a first line of its own, as in `treaty rapallo-1922 "Treaty of Rapallo"`.
    --- exit 0

    $ regesta explain unknwon-entity
    --- standard error
    error: there is no code `unknwon-entity`; did somebody mean `unknown-entity`?
    --- exit 2

    $ regesta explain KB9999
    --- standard error
    error: there is no code `KB9999`; `regesta explain` lists all
    --- exit 2

    $ regesta explain
    KB0001  not-text               a file is not a text
    KB0002  not-utf8               a file is not encoded in UTF-8
    --- exit 0
    "#);
}

#[test]
fn build_writes_what_is_sound() {
    let said = [sound().run("build"), faulty().run("build --message-format short")];
    insta::assert_snapshot!(said.join("\n\n"), @r#"
    $ regesta build
    indexed 2 records of 2 files
    --- exit 0

    $ regesta build --message-format short
    indexed 5 records of 3 files
    --- standard error
    kb/faulty.kb:5:10: error[KB0201]: there is no polity `germny`
    kb/faulty.kb:6:3: error[KB0203]: a treaty has no field `sgined`
    kb/more/unsourced.kb:1:8: warning[KB0501]: `poland` cites no source
    --- exit 1
    "#);
    let project = sound();
    project.run("build");
    assert!(project.path().join(".regesta").is_dir());
}

#[test]
fn colours_only_where_they_are_asked_for() {
    let project = warned();
    assert!(!project.run("check").contains('␛'));
    assert!(!project.run("check --color never").contains('␛'));
    assert!(project.run("check --color always").contains('␛'));
    assert!(!project.run("check --color always --message-format json").contains('␛'));
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let facts: String = (0..20_000).map(|number| format!("polity p{number} \"P\"\n")).collect();
    let project =
        Project::new(&[("kb/schema.kb", SCHEMA.as_bytes()), ("kb/many.kb", facts.as_bytes())]);
    for format in ["human", "short", "json", "github"] {
        let mut child = project
            .command(&format!("check --message-format {format}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 64];
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut first).unwrap();
        drop(out);
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(said, "", "{format}");
        assert!(matches!(child.wait().unwrap().code(), Some(0)), "{format}");
    }
}

#[test]
fn more_findings_than_are_kept_are_counted() {
    let facts: String = (0..2_500).map(|number| format!("polity p{number} \"P\"\n")).collect();
    let project =
        Project::new(&[("kb/schema.kb", SCHEMA.as_bytes()), ("kb/many.kb", facts.as_bytes())]);
    let said = project.run("check");
    let last: Vec<_> = said.lines().rev().take(4).collect();
    insta::assert_snapshot!(last.into_iter().rev().collect::<Vec<_>>().join("\n"), @r#"
    2450 more findings: `--message-format short` lists them, one a line, up to 1000 of a kind in a file

    2500 warnings in 1 file
    --- exit 0
    "#);
    let said = project.run("check --message-format json");
    let last: Vec<_> = said.lines().rev().take(3).collect();
    insta::assert_snapshot!(last.into_iter().rev().collect::<Vec<_>>().join("\n"), @r#"
    {"code":"KB0501","name":"no-source","severity":"warning","message":"`p999` cites no source (and 1500 more findings of this kind in this file)","file":"kb/many.kb","span":{"line":1000,"column":8,"end_line":1000,"end_column":12,"byte_start":15881,"byte_end":15885},"labels":[{"file":"kb/many.kb","span":{"line":1000,"column":8,"end_line":1000,"end_column":12,"byte_start":15881,"byte_end":15885},"text":"rests on nothing"}],"help":["add a line `source: IDENTIFIER \"page\"`, or put `cite IDENTIFIER` at the margin above the facts that share one"],"notes":[]}
    {"summary":{"errors":0,"warnings":2500,"notes":0,"files":1}}
    --- exit 0
    "#);
}
