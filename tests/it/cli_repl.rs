//! `regesta repl` over a pipe: what is asked is answered in order, and nothing ends it but the end.

use crate::cli_folder::Folder;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

fn repl(input: &str) -> String {
    Folder::new().run(&["repl"], input)
}

#[test]
fn one_question_after_another() {
    insta::assert_snapshot!(repl(
        "\
# A query may have several lines.
treaties where party = germany and (
  signed < 1925
) show name

polities \\
  count
.format csv
polities show id, founded
.format
"
    ), @"
    name
    ─────────────────
    Treaty of Rapallo

    possible           why
    A vague treaty     date: signed is 192X

    1 (+1 possible)
    3
    id,founded,match
    germany,1871,certain
    empire,,certain
    russia,,certain
    csv
    --- stderr
    --- status 0
    ");
}

#[test]
fn faults_do_not_end_it() {
    insta::assert_snapshot!(repl(
        "\
treatys
.shcema
.show atlantis
.explain KB9999
.format html
.format ids
treaties count by kind
quit
treaties where (party = germany
"
    ), @r#"
    --- stderr
    error[KB1003 unknown-query-source]: there is no relation `treatys`
       ╭─[ query:1:1 ]
       │
     1 │ treatys
       │ ───┬───
       │    ╰───── neither a relation nor a union
       │
       │ Help: did somebody mean `treaty` or `treaties`?
    ───╯
    error: there is no command `.shcema`; did somebody mean `.schema`?
    error: there is no record `atlantis`; `regesta query 'everything where text ~ "…"'` searches all words
    error: there is no code `KB9999`; `regesta explain` lists all
    error: there is no format `html`; there are `table`, `csv`, `tsv`, `json`, `jsonl`, `markdown`, `ids` or `count`
    error: the format `ids` needs one row a record, and this query makes groups
    error[KB1003 unknown-query-source]: there is no relation `quit`
       ╭─[ query:1:1 ]
       │
     1 │ quit
       │ ──┬─
       │   ╰─── neither a relation nor a union
       │
       │ Help: the relations are `offices`, `polities`, `sources`, `tenures` or `treaties`, and `everything`
    ───╯
    note: a command begins with a dot: `.quit`, not `quit`
    error[KB1001 query-syntax]: `(` is never closed
       ╭─[ query:1:16 ]
       │
     1 │ treaties where (party = germany
       │                ┬
       │                ╰── it opens here
       │
       │ Help: add `)` where it should end
    ───╯
    --- status 0
    "#);
}

#[test]
fn notes_stand_beside_the_answer() {
    insta::assert_snapshot!(repl("treaties where party = \"Soviet Union\" count\n"), @"
    2
    --- stderr
    note: `Soviet Union` was a name of `russia` in 1922/1991; the record is found at all dates
    --- status 0
    ");
}

#[test]
fn commands_print_what_their_namesakes_do() {
    let folder = Folder::new();
    let same = |command: &str, arguments: &[&str]| {
        let said = folder.run(&["repl"], &format!("{command}\n"));
        assert_eq!(said, folder.run(arguments, ""), "{command}");
    };
    same(".schema", &["schema"]);
    same(".schema treaty", &["schema", "treaty"]);
    same(".show \"Soviet Union\"", &["show", "Soviet Union"]);
    same(".format json\n.show rapallo", &["show", "rapallo", "--format", "json"]);
    same(".format json\n.schema office", &["schema", "office", "--format", "json"]);
    same(".explain KB0201", &["explain", "KB0201"]);
    same(".explain", &["explain"]);
    same(".explain treaties count", &["query", "--explain", "treaties count"]);
    same("treaties", &["query", "treaties"]);
    same(".format json\ntreaties", &["query", "treaties", "--format", "json"]);
}

#[test]
fn quitting_and_helping() {
    insta::assert_snapshot!(repl(".help\n.quit\ntreaties\n"), @r"
    QUERY              answer a query, for example: treaties where year < 1930 count
    .schema [RELATION] what may be said of a relation, or all relations
    .show NAME         everything known about a record
    .explain QUERY     how a query is evaluated, without its answer
    .explain [CODE]    explain a code of a finding, or list all
    .format [FORMAT]   how answers are printed, or which way that is now
    .help              this list
    .quit              end, as Ctrl-D does

    A query goes on while a bracket or a quotation mark is open, or behind a line that ends with \;
    an empty line ends it all the same, and Ctrl-C drops it. Tab completes.
    --- stderr
    --- status 0
    ");
}

#[test]
fn a_changed_project_is_noticed() {
    let folder = Folder::new();
    let mut child = folder.command(&["repl"]).spawn().expect("regesta can be run");
    let mut stdin = child.stdin.take().expect("it is a pipe");
    let mut stdout = BufReader::new(child.stdout.take().expect("it is a pipe"));
    let mut ask = |question: &str| {
        writeln!(stdin, "{question}").expect("it listens");
        let mut line = String::new();
        stdout.read_line(&mut line).expect("it answers");
        line
    };
    assert_eq!(ask("polities count"), "3\n");
    folder.write("kb/more.kb", "polity france \"France\"\n");
    assert_eq!(ask("polities count"), "4\n");
    folder.write("kb/more.kb", "polity france \"France\"\n  founded: once\n");
    assert_eq!(ask("polities count"), "4\n");
    assert_eq!(ask("polities count"), "4\n");
    for name in ["kb/facts.kb", "kb/more.kb"] {
        fs::remove_file(folder.path().join(name)).expect("it can be removed");
    }
    assert_eq!(ask("polities count\n.format"), "table\n");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let said = folder.masked(&String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(said, @"
    note: the facts have changed, and were indexed again: 9 records
    note: the facts have changed, and were indexed again: 9 records
    note: the facts have 1 error, and what is faulty is left out; `regesta check` lists them
    error: there are no `.kb` files under `FOLDER/kb`
    ");
}

#[test]
fn a_given_index_needs_no_facts() {
    let folder = Folder::new();
    folder.run(&["build", "--index", "base"], "");
    fs::remove_file(folder.path().join("kb/facts.kb")).expect("it can be removed");
    insta::assert_snapshot!(folder.run(&["repl", "--index", "base"], "polities count\n"), @"
    3
    --- stderr
    --- status 0
    ");
    insta::assert_snapshot!(folder.run(&["repl"], "polities count\n"), @"
    --- stderr
    error: there are no `.kb` files under `FOLDER/kb`
    --- status 2
    ");
}

#[test]
fn a_project_that_is_not_there() {
    let folder = Folder::new();
    insta::assert_snapshot!(folder.run(&["repl", "--root", "elsewhere"], "polities\n"), @"
    --- stderr
    error: there is no file or folder `elsewhere`
    --- status 2
    ");
}

#[test]
fn a_pipe_leaves_no_history() {
    let folder = Folder::new();
    folder.run(&["repl"], "polities\n");
    assert!(folder.path().join(".regesta/index").is_file());
    assert!(!folder.path().join(".regesta/history").exists());
}

/// Parts a session into what is typed and what is printed.
fn parted(session: &str) -> (String, String) {
    let (mut typed, mut printed) = (String::new(), String::new());
    let mut open = 0;
    for line in session.lines() {
        let asked = line.strip_prefix("regesta> ").or(Some(line).filter(|_| open > 0));
        let Some(asked) = asked else {
            printed += &format!("{line}\n");
            continue;
        };
        open += asked.matches('(').count();
        open -= asked.matches(')').count();
        typed += &format!("{asked}\n");
    }
    (typed, printed)
}

#[test]
fn the_page_says_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/repl.md")).expect("the page is there");
    let session = page.split("```text\n").nth(1).and_then(|rest| rest.split("```").next());
    let (typed, printed) = parted(session.expect("it shows a session"));
    assert_eq!(Folder::of_kb().run_on_one_stream(&["repl"], &typed), printed);
}
