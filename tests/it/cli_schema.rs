//! `regesta schema`: what may be said of a relation, and how much of it is said.

use crate::cli_folder::Folder;
use regesta::index::{Overview, RelationEntry};
use regesta::render::{Style, write_overview};

fn schema(arguments: &[&str]) -> String {
    let arguments: Vec<&str> = ["schema"].iter().chain(arguments).copied().collect();
    Folder::new().run(&arguments, "")
}

#[test]
fn all_relations_and_unions() {
    insta::assert_snapshot!(schema(&[]), @"
    relation  plural    records  description
    polity    polities        3  A state
    office    offices         1  A post
    tenure    tenures         1  Somebody holds an office
    treaty    treaties        2  An agreement
    source    sources         1  What facts rest on

    union      plural      records  members
    happening  happenings        3  tenure | treaty
    --- stderr
    --- status 0
    ");
}

#[test]
fn a_relation_with_its_fields_and_the_ways_back() {
    insta::assert_snapshot!(schema(&["polities"]), @"
    polity, polities: 3 records
    A state

    field     records  statements  values
    founded         1           2  date ?, own date
    succeeds        1           1  polity ?, inverse succeeded-by, acyclic
                                   In whose place it came
    area            0           0  quantity km2 ?
    name            3           3  text *
    also            1           1  text *
    note            0           0  text *
    source          3           3  source *

    way back      references  from
    succeeded-by           1  polities by succeeds
    treaties               4  treaties by party
    --- stderr
    --- status 0
    ");
    insta::assert_snapshot!(schema(&["Treaty"]), @"
    treaty, treaties: 2 records
    An agreement
    one of: happening

    field   records  statements  values
    party         2           4  polity 2.., inverse treaties
                                 Who concluded it
    signed        2           2  date, unique, own date
    kind          1           1  words peace | trade *
    name          2           2  text *
    also          0           0  text *
    note          0           0  text *
    source        2           2  source *
    --- stderr
    --- status 0
    ");
}

#[test]
fn a_union_with_its_members() {
    insta::assert_snapshot!(schema(&["happening"]), @"
    happening, happenings: 3 records

    member  plural    records  description
    tenure  tenures         1  Somebody holds an office
    treaty  treaties        2  An agreement

    field   of
    kind    treaty
    office  tenure
    party   treaty
    period  tenure
    signed  treaty
    --- stderr
    --- status 0
    ");
}

#[test]
fn an_unknown_relation() {
    insta::assert_snapshot!(schema(&["treatys"]), @"
    --- stderr
    error: there is no relation `treatys`; did somebody mean `treaty` or `treaties`?
    --- status 2
    ");
    insta::assert_snapshot!(schema(&["signed"]), @"
    --- stderr
    error: there is no relation `signed`; `signed` is a field of `treaty`
    --- status 2
    ");
    insta::assert_snapshot!(schema(&["rapallo"]), @"
    --- stderr
    error: there is no relation `rapallo`; `rapallo` is a record, and `regesta show rapallo` prints it
    --- status 2
    ");
    insta::assert_snapshot!(schema(&["nothing-of-the-kind"]), @"
    --- stderr
    error: there is no relation `nothing-of-the-kind`; `regesta schema` lists all
    --- status 2
    ");
}

#[test]
fn as_json() {
    insta::assert_snapshot!(schema(&["--format", "json"]), @r#"
    {"relations":[{"name":"polity","plural":"polities","description":"A state","records":3},{"name":"office","plural":"offices","description":"A post","records":1},{"name":"tenure","plural":"tenures","description":"Somebody holds an office","records":1},{"name":"treaty","plural":"treaties","description":"An agreement","records":2},{"name":"source","plural":"sources","description":"What facts rest on","records":1}],"unions":[{"name":"happening","plural":"happenings","members":["tenure","treaty"],"records":3}]}
    --- stderr
    --- status 0
    "#);
    insta::assert_snapshot!(schema(&["treaty", "--format", "json"]), @r#"
    {"name":"treaty","plural":"treaties","description":"An agreement","records":2,"unions":["happening"],"fields":[{"name":"party","type":"reference","relations":["polity"],"least":2,"greatest":null,"inverse":"treaties","description":"Who concluded it","records":2,"statements":4},{"name":"signed","type":"date","least":1,"greatest":1,"own_date":true,"unique":true,"records":2,"statements":2},{"name":"kind","type":"words","words":["peace","trade"],"least":0,"greatest":null,"records":1,"statements":1},{"name":"name","type":"text","least":0,"greatest":null,"builtin":true,"records":2,"statements":2},{"name":"also","type":"text","least":0,"greatest":null,"builtin":true,"records":0,"statements":0},{"name":"note","type":"text","least":0,"greatest":null,"builtin":true,"records":0,"statements":0},{"name":"source","type":"reference","relations":["source"],"least":0,"greatest":null,"builtin":true,"records":2,"statements":2}],"inverses":[]}
    --- stderr
    --- status 0
    "#);
    insta::assert_snapshot!(schema(&["happenings", "--format", "json"]), @r#"
    {"name":"happening","plural":"happenings","members":["tenure","treaty"],"records":3,"fields":[{"name":"kind","relations":["treaty"]},{"name":"office","relations":["tenure"]},{"name":"party","relations":["treaty"]},{"name":"period","relations":["tenure"]},{"name":"signed","relations":["treaty"]}]}
    --- stderr
    --- status 0
    "#);
}

#[test]
fn faulty_facts_are_said_to_be_so() {
    let folder = Folder::new();
    folder.write("kb/more.kb", "polity atlantis \"Atlantis\"\n  founded: once\n  (");
    insta::assert_snapshot!(folder.run(&["schema", "office"], ""), @"
    office, offices: 1 record
    A post

    field   records  statements  values
    name          1           1  text *
    also          0           0  text *
    note          0           0  text *
    source        1           1  source *

    way back  references  from
    holders            1  tenures by office
    --- stderr
    note: the facts have 2 errors, and what is faulty is left out; `regesta check` lists them
    --- status 1
    ");
}

#[test]
fn a_given_index_is_enough() {
    let folder = Folder::new();
    folder.run(&["build", "--index", "base"], "");
    std::fs::remove_dir_all(folder.path().join("kb")).expect("it can be removed");
    let printed = folder.run(&["schema", "office", "--index", "base"], "");
    assert!(printed.starts_with("office, offices: 1 record\n"), "{printed}");
    insta::assert_snapshot!(folder.run(&["schema", "office", "--index", "none"], ""), @"
    --- stderr
    error: there is no index `none`: run `regesta build`
    --- status 2
    ");
}

#[test]
fn a_narrow_terminal_breaks_the_last_column_only() {
    let relation = RelationEntry {
        name: "trade-share".into(),
        plural: "trade-shares".into(),
        description: "One power's part in another's trade \u{1b}[31m".into(),
        records: 12,
    };
    let overview = Overview { relations: vec![relation], unions: Vec::new() };
    let mut bytes = Vec::new();
    let style = Style { color: false, width: Some(60) };
    write_overview(&mut bytes, &overview, style).expect("a Vec takes all");
    insta::assert_snapshot!(String::from_utf8_lossy(&bytes), @"
    relation     plural        records  description
    trade-share  trade-shares       12  One power's part in
                                        another's trade ␛[31m
    ");
}
