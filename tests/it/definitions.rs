//! Checks and expectations: what they find, how they say it.

use regesta::pipeline::{self, Project};
use regesta::render::{MessageFormat, Style, write_diagnostics};

const BASE: &str = r#"
relation polity, polities "A state"
  founded: date ?

relation treaty, treaties "An agreement"
  party: polity 2.. inverse treaties
  signed: date
  kind: words peace | trade *

source atlas "An atlas"
cite atlas

polity oldland "Oldland"
  founded: 1800
polity newland "Newland"
  founded: 1950
polity midland "Midland"
  founded: 192X

treaty first "First Treaty"
  party: oldland, newland
  signed: 1900
  kind: peace
treaty second "Second Treaty"
  party: oldland, midland
  signed: 1925
  kind: trade, peace
"#;

fn findings(definitions: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let kb = folder.path().join("kb");
    std::fs::create_dir(&kb).expect("a folder");
    std::fs::write(kb.join("a.kb"), BASE).expect("a file");
    std::fs::write(kb.join("b.kb"), definitions).expect("a file");
    let project = Project::locate(Some(folder.path()), folder.path()).expect("a project");
    let checked = pipeline::check(&project).expect("it can be checked");
    let mut out = Vec::new();
    write_diagnostics(
        &mut out,
        &checked.sources,
        &checked.findings,
        MessageFormat::Short,
        Style::PLAIN,
    )
    .expect("it can be written");
    for found in &checked.findings {
        for note in &found.notes {
            out.extend(format!("  note: {note}\n").bytes());
        }
    }
    String::from_utf8(out).expect("it is a text")
}

#[test]
fn a_check_names_only_what_made_it_hold_and_is_milder_where_it_only_may() {
    insta::assert_snapshot!(findings(
        "check party-existed error \"{name} was signed by {party} before it was founded\"\n  treaties where party.founded > signed\n"
    ), @r#"
    kb/a.kb:20:1: error[KB0406]: First Treaty was signed by Newland before it was founded
    kb/a.kb:24:1: warning[KB0406]: Second Treaty was signed by Midland before it was founded
    "#);
}

#[test]
fn an_expectation_tells_what_is_missing_and_what_is_too_many() {
    insta::assert_snapshot!(findings(
        "expect early \"Treaties before 1910\"\n  treaties where year < 1910\n  = second\n\
expect sound\n  treaties where party.founded > signed\n  = first, second (possible)\n\
expect counted\n  treaties count\n  = 3\n\
expect maybe\n  treaties where party.founded > signed count\n  = 1 (+1 possible)\n\
expect later\n  treaties where year > 1990\n  = nothing\n"
    ), @r#"
    kb/b.kb:3:3: error[KB0407]: `early` is answered otherwise than expected: Treaties before 1910
    kb/b.kb:9:3: error[KB0407]: `counted` is answered otherwise than expected
      note: missing: second
      note: not expected: first
      note: missing: 3
      note: not expected: 2
    "#);
}

#[test]
fn an_expectation_may_show_rows() {
    insta::assert_snapshot!(findings(
        "expect rows\n  treaties show name, party\n  =\n  First Treaty | oldland, newland\n  # a comment\n  Second Treaty | midland\n\
expect groups\n  treaties count by kind\n  =\n  peace | 2\n  trade | 1\n"
    ), @r#"
    kb/b.kb:3:3: error[KB0407]: `rows` is answered otherwise than expected
      note: missing: Second Treaty | midland
      note: not expected: Second Treaty | oldland, midland
    "#);
}

#[test]
fn a_faulty_definition_is_told_where_it_stands() {
    insta::assert_snapshot!(findings(
        "check a \"no severity\"\n  treaties\ncheck b error \"{nme}\"\n  treaties where year < 1910\n\
expect c \"no answer\"\n  treaties\nexpect d\n  treatise where year = 1\n  = nothing\nquery e \"fine\"\n  treaties\n\
check f error \"a { brace\"\n  treaties\nexpect g\n  treaties\n  = a b c\n"
    ), @r#"
    kb/b.kb:1:9: error[KB0013]: a check says how grave it is: `error`, `warning` or `note`
    kb/b.kb:3:17: error[KB1004]: `treaties` have no field `nme`
    kb/b.kb:5:8: error[KB0013]: this expectation has no answer
    kb/b.kb:8:3: error[KB1003]: there is no relation `treatise`
    kb/b.kb:12:18: error[KB0013]: this brace has no partner
    kb/b.kb:16:3: error[KB0013]: this answer cannot be read
    "#);
}
