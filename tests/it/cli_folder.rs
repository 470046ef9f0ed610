//! A small project in a folder of its own, and the program run in it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const FACTS: &str = r#"
relation polity, polities "A state"
  founded:  date ?
  succeeds: polity ?  inverse succeeded-by  acyclic  "In whose place it came"
  area:     quantity km2 ?
relation office, offices "A post"
relation tenure, tenures "Somebody holds an office"
  office: office  inverse holders
  period: period
relation treaty, treaties "An agreement"
  party:  polity 2..  inverse treaties  "Who concluded it"
  signed: date  unique
  kind:   words peace | trade *
union happening, happenings = treaty | tenure

source notes "Lecture notes"
cite notes "1"

polity russia "Russia"
  also: "Soviet Union" (1922/1991)
  succeeds: empire
polity empire "Russian Empire"
  founded: 1721 (rejected)
polity germany "Germany"
  founded: 1871
office commissar "Commissar"
tenure
  office: commissar
  period: 1918/1930
treaty rapallo "Treaty of Rapallo"
  party:  germany, russia
  signed: 1922-04-16
  kind:   trade
treaty vague "A vague treaty"
  party:  germany, russia
  signed: 192X
"#;

/// A folder with facts.
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// Makes one with a few facts.
    pub fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().expect("a folder can be made"));
        fs::create_dir(folder.path().join("kb")).expect("a folder can be made");
        folder.write("kb/facts.kb", FACTS);
        folder
    }

    /// Makes one with a copy of the facts in `kb/`, without its checks and expectations.
    pub fn of_kb() -> Folder {
        let folder = Folder(tempfile::tempdir().expect("a folder can be made"));
        let kb = Path::new(env!("CARGO_MANIFEST_DIR")).join("kb");
        copy(&kb, &folder.path().join("kb"));
        for name in ["kb/checks.kb", "kb/expectations.kb"] {
            fs::remove_file(folder.path().join(name)).expect("it was copied");
        }
        folder
    }

    /// Returns where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).expect("a file can be written");
    }

    /// Prepares the program to be run here.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regesta"));
        command.args(arguments).current_dir(self.path()).env("NO_COLOR", "1");
        command.env_remove("CLICOLOR_FORCE");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program with both its streams going to one place, and shows what comes there, in order.
    pub fn run_on_one_stream(&self, arguments: &[&str], input: &str) -> String {
        let path = self.path().join("printed");
        let open = || fs::OpenOptions::new().create(true).append(true).open(&path);
        let mut command = self.command(arguments);
        command.stdout(open().expect("a file")).stderr(open().expect("a file"));
        let mut child = command.spawn().expect("regesta can be run");
        let mut stdin = child.stdin.take().expect("it is a pipe");
        stdin.write_all(input.as_bytes()).expect("it listens");
        drop(stdin);
        child.wait().expect("it ends");
        fs::read_to_string(&path).expect("it is a text")
    }

    /// Runs the program and shows all that comes out of it as one text.
    pub fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut child = self.command(arguments).spawn().expect("regesta can be run");
        let mut stdin = child.stdin.take().expect("it is a pipe");
        // Who ends before all is read is no fault of the test.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is a text");
        let status = output.status.code().expect("it was not killed");
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        self.masked(&format!("{stdout}--- stderr\n{stderr}--- status {status}\n"))
    }

    /// Puts a word in place of the folder's path, which is another one each time.
    pub fn masked(&self, text: &str) -> String {
        let real = self.path().canonicalize().expect("it is there");
        text.replace(&real.display().to_string(), "FOLDER")
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let entry = entry.expect("a folder can be read");
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).expect("a file can be copied")),
        }
    }
}
