//! Work that ends before it is done: too long, too much, or interrupted.

use crate::cli_folder::Folder;
use std::fmt::Write;

/// So many that three of them have 3.4 thousand million combinations.
const POLITIES: usize = 1500;

/// A question that compares all combinations of three records and never finds one.
const LONG: &str = "find a, b, c where a is polity and b is polity and c is polity \
    and a.founded < b.founded and b.founded < c.founded and c.founded < a.founded";

fn many(polities: usize) -> Folder {
    let folder = Folder::new();
    let mut text = String::from("cite notes\n");
    for at in 0..polities {
        let year = 1000 + at % 1000;
        writeln!(text, "polity polity-{at} \"Number {at}\"\n  founded: {year}\n  area: {at} km2")
            .expect("a text takes all");
    }
    folder.write("kb/many.kb", &text);
    folder
}

#[test]
fn a_question_that_takes_too_long_is_given_up() {
    let said = many(POLITIES).run(&["query", LONG, "--timeout", "0.2"], "");
    insta::assert_snapshot!(said, @"
    --- stderr
    error: there is no answer after 0.2 seconds: ask for less, or allow more time with `--timeout`
    --- status 2
    ");
}

#[test]
fn time_that_is_none_is_refused() {
    for wrong in ["0", "-1", "soon", "inf"] {
        let said = Folder::new().run(&["query", "treaties", &format!("--timeout={wrong}")], "");
        assert!(said.contains("a number of seconds is wanted"), "{said}");
        assert!(said.ends_with("--- status 2\n"), "{said}");
    }
    let said = Folder::new().run(&["query", "treaties count", "--timeout", "1e18"], "");
    assert!(said.starts_with("2\n"), "{said}");
}

#[test]
fn no_more_rows_are_printed_than_are_wanted() {
    let folder = Folder::new();
    let ask = |query: &str, most: &str| folder.run(&["query", query, "--max-rows", most], "");
    insta::assert_snapshot!(ask("treaties where signed < 1925 show name", "1"), @"
    name
    ─────────────────
    Treaty of Rapallo

    1 (+1 possible), of which 1 shown
    --- stderr
    note: 1 row is printed and 1 more left out: `--max-rows`
    --- status 0
    ");
    insta::assert_snapshot!(ask("polities show name sort by name limit 2", "1"), @"
    name
    ───────
    Germany

    3, of which 1 shown
    --- stderr
    note: 1 row is printed and 1 more left out: `--max-rows`
    --- status 0
    ");
    insta::assert_snapshot!(ask("polities show name", "3"), @"
    name
    ──────────────
    Germany
    Russian Empire
    Russia

    3
    --- stderr
    --- status 0
    ");
    insta::assert_snapshot!(ask("treaties count by kind", "1"), @"
    kind   count
    ─────  ─────
    trade      1

    2
    --- stderr
    note: 1 row is printed and 1 more left out: `--max-rows`
    --- status 0
    ");
    insta::assert_snapshot!(ask("statements where of = russia show field", "2"), @"
    field
    ────────
    succeeds
    name

    3, of which 2 shown
    --- stderr
    note: 2 rows are printed and 1 more left out: `--max-rows`
    --- status 0
    ");
    insta::assert_snapshot!(ask("find p where p is polity show p.name", "2"), @"
    p.name
    ──────────────
    Germany
    Russian Empire

    3, of which 2 shown
    --- stderr
    note: 2 rows are printed and 1 more left out: `--max-rows`
    --- status 0
    ");
    let counted = folder.run(&["query", "polities", "--max-rows", "1", "--format", "count"], "");
    assert_eq!(counted, "3\n--- stderr\n--- status 0\n");
}

#[cfg(unix)]
mod interrupted {
    use super::{LONG, POLITIES, many};
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use std::ffi::OsStr;
    use std::fs::{self, File, OpenOptions};
    use std::io::{Read, Write};
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::process::ExitStatusExt;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::sync::mpsc::{Receiver, channel};
    use std::time::{Duration, Instant};

    const PATIENCE: Duration = Duration::from_secs(60);

    /// Presses Ctrl-C for a process.
    fn interrupt(child: &Child) {
        // One that has ended already gets none.
        let _ = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .stderr(Stdio::null())
            .status();
    }

    fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            assert!(begun.elapsed() < PATIENCE, "it takes too long: {what}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn unfinished(folder: &Path) -> Vec<String> {
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        let names = entries.map(|entry| entry.expect("a folder").file_name().into_string());
        let names = names.map(|name| name.expect("a plain name"));
        names.filter(|name| name.starts_with(".unfinished")).collect()
    }

    #[test]
    fn a_question_ends_at_once() {
        let folder = many(POLITIES);
        assert!(folder.run(&["build"], "").ends_with("--- status 0\n"));
        let mut child = folder.command(&["query", LONG]).spawn().expect("regesta can be run");
        // It is asked and answers nothing, long after everything else is done.
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(child.try_wait().expect("a child"), None);
        let begun = Instant::now();
        interrupt(&child);
        let output = child.wait_with_output().expect("it ends");
        // Where there was nothing to clear away, the signal has its way, which a shell calls 130 as well.
        let status = output.status;
        assert!(status.code() == Some(130) || status.signal() == Some(2), "{status}");
        assert_eq!((output.stdout.len(), output.stderr.len()), (0, 0));
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        let said = folder.run(&["query", "polities count"], "");
        assert!(said.starts_with("1503\n"), "{said}");
    }

    /// Interrupts a command while it writes `name` into a folder; again where it was done before the signal came, as
    /// it may be on a busy machine.
    fn interrupt_while_writing(into: &Path, name: &str, run: impl Fn() -> Child) {
        for _ in 0..20 {
            let mut child = run();
            wait_until("a file is begun", || !unfinished(into).is_empty() || has_ended(&mut child));
            interrupt(&child);
            match child.wait().expect("it ends").code() {
                Some(130) => return,
                Some(0) => fs::remove_file(into.join(name)).expect("it was written"),
                other => panic!("it ended with {other:?}"),
            }
        }
        panic!("nothing was interrupted");
    }

    fn has_ended(child: &mut Child) -> bool {
        child.try_wait().expect("a child").is_some()
    }

    #[test]
    fn an_index_that_is_not_finished_is_removed() {
        let folder = many(30_000);
        let own = folder.path().join(".regesta");
        let build = || folder.command(&["build"]).spawn().expect("regesta can be run");
        interrupt_while_writing(&own, "index", build);
        assert_eq!(unfinished(&own), [""; 0]);
        assert!(!own.join("index").exists());
        assert!(folder.run(&["query", "polities count"], "").starts_with("30003\n"));
    }

    #[test]
    fn an_index_elsewhere_is_removed_too() {
        let folder = many(30_000);
        let elsewhere = folder.path().join("out");
        fs::create_dir(&elsewhere).expect("a folder can be made");
        let arguments = ["build", "--index", "out/index"];
        let build = || folder.command(&arguments).spawn().expect("regesta can be run");
        interrupt_while_writing(&elsewhere, "index", build);
        assert_eq!(fs::read_dir(&elsewhere).expect("a folder").count(), 0);
    }

    #[test]
    fn what_a_check_was_keeping_is_removed() {
        let folder = many(30_000);
        let own = folder.path().join(".regesta");
        let check = || folder.command(&["check"]).spawn().expect("regesta can be run");
        interrupt_while_writing(&own, "checked", check);
        assert_eq!(unfinished(&own), [""; 0]);
        assert!(!own.join("checked").exists());
    }

    /// A terminal with a session in it.
    struct Session {
        terminal: File,
        child: Child,
        reading: Receiver<Vec<u8>>,
        shown: String,
    }

    impl Session {
        fn begin(mut command: Command) -> Session {
            let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
            grantpt(&terminal).expect("it may be used");
            unlockpt(&terminal).expect("it may be opened");
            let name = ptsname(&terminal, Vec::new()).expect("it has a name");
            let mut options = OpenOptions::new();
            options.read(true).write(true);
            let other = options.open(OsStr::from_bytes(name.as_bytes())).expect("a terminal");
            let end = || Stdio::from(other.try_clone().expect("a file"));
            command.stdin(end()).stdout(end()).stderr(end()).env("TERM", "xterm");
            let child = command.spawn().expect("regesta can be run");
            let terminal = File::from(terminal);
            let mut shown = terminal.try_clone().expect("a file");
            let (sender, reading) = channel();
            std::thread::spawn(move || {
                let mut bytes = [0; 4096];
                while let Ok(read) = shown.read(&mut bytes)
                    && sender.send(bytes[..read].to_vec()).is_ok()
                {}
            });
            Session { terminal, child, reading, shown: String::new() }
        }

        fn types(&mut self, text: &str) {
            self.terminal.write_all(text.as_bytes()).expect("it listens");
        }

        /// Reads until something is shown that was not shown before.
        fn shows(&mut self, wanted: &str) {
            while !self.shown.contains(wanted) {
                let Ok(bytes) = self.reading.recv_timeout(PATIENCE) else {
                    let _ = self.child.kill();
                    panic!("{wanted:?} is not shown: {}", self.shown);
                };
                self.shown.push_str(&String::from_utf8_lossy(&bytes));
            }
            self.shown.clear();
        }
    }

    #[test]
    fn a_session_goes_on() {
        let folder = many(POLITIES);
        let mut session = Session::begin(folder.command(&["repl"]));
        session.shows("regesta>");
        session.types(&format!("{LONG}\r"));
        session.shows("c.founded < a.founded");
        std::thread::sleep(Duration::from_millis(500));
        interrupt(&session.child);
        session.shows("error: interrupted");
        session.types("polities where founded = 1871 count\r");
        session.shows("\n2\r\n");
        session.types(".quit\r");
        assert_eq!(session.child.wait().expect("it ends").code(), Some(0));
    }
}
