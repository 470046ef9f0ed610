//! The canonical form, by telling cases.

use regesta::format::format_file;
use regesta::source::Sources;
use regesta::syntax::parse_file;
use std::path::Path;

/// Formats a text; says below it how many items were left alone.
pub fn formatted(text: &str) -> String {
    let mut sources = Sources::new();
    let file = sources.add("a.kb", text);
    let (tree, faults) = parse_file(&sources, file);
    let formatted = format_file(&sources, &tree, &faults);
    formatted.text
}

/// Formats a text and makes sure that formatting it again changes nothing.
fn twice(text: &str) -> String {
    let once = formatted(text);
    assert_eq!(formatted(&once), once, "the form of the form is another");
    once
}

#[test]
fn values_stand_in_one_column() {
    let text = "treaty  rapallo-1922   \"Treaty of Rapallo\"(disputed)#c\n party : germany ,russia\n    in-force:1922-04-16/1932( inferred ;note :  \"a\" )\n\tsource:notes\"1922\",  cadmus  \"p. 1\",\"L40\"\n  share: 47\t percent\n  also: \"Рапалло\"@ru(source:notes)\n";
    insta::assert_snapshot!(twice(text), @r#"
    treaty rapallo-1922 "Treaty of Rapallo" (disputed)  #c
      party:    germany, russia
      in-force: 1922-04-16/1932 (inferred; note: "a")
      source:   notes "1922", cadmus "p. 1", "L40"
      share:    47 percent
      also:     "Рапалло"@ru (source: notes)
    "#);
}

#[test]
fn breaks_between_values_stay_where_they_were_made() {
    let text = "treaty a\n  party:\n    germany,\n    russia (1917/1991; inferred;\n      note: \"one\"\n    ), france\n      , italy\n  source: (\n     source: notes\n    )  \"L1\"\n";
    insta::assert_snapshot!(twice(text), @r#"
    treaty a
      party:  germany,
              russia (1917/1991; inferred;
                      note: "one"), france
              , italy
      source: (source: notes) "L1"
    "#);
}

#[test]
fn strings_keep_their_breaks() {
    let text = "treaty a \"A name\n over two lines\"\n  terms: \"one  \\n\n      two   \n\n\n# a comment in the string\n   # no comment\n   three  \", \"four\"\n  note: (note: \"five\n six\") \"seven\"\n";
    insta::assert_snapshot!(twice(text), @r#"
    treaty a "A name
       over two lines"
      terms: "one  \n
              two

    # a comment in the string
              # no comment
              three  ", "four"
      note:  (note: "five
               six") "seven"
    "#);
}

#[test]
fn comments_stay_where_they_are() {
    let text = "\n\n   # of the file\n\n\n# of the item\ntreaty a # behind the header\n      # before the fields\n  party: # behind the colon\n     # before the value\n     germany, # behind the comma\n# at the margin\n     russia ( # behind the parenthesis\n       disputed # behind a part\n     # before the end\n     ) # behind all\n      # of the next field\n  signed: 1922\n     # the last of the item\n# of the next item\ntreaty b\n\n# the last of the file\n\n";
    insta::assert_snapshot!(twice(text), @r"
    # of the file

    # of the item
    treaty a  # behind the header
      # before the fields
      party:  # behind the colon
              # before the value
              germany,  # behind the comma
    # at the margin
              russia (  # behind the parenthesis
                      disputed  # behind a part
                      # before the end
                      )  # behind all
      # of the next field
      signed: 1922
      # the last of the item

    # of the next item
    treaty b

    # the last of the file
    ");
}

#[test]
fn an_empty_line_parts_items_and_groups_stay() {
    let text = "cite notes\ncite   other  \"p. 1\"\n\n\n\npolity a\n\n\n  name: \"A\"\n\n  also: \"B\"\npolity b\npolity c\n  also: \"C\"\n  # about c\n\n# a group\n\n# about d\npolity d\n\n\n";
    insta::assert_snapshot!(twice(text), @r#"
    cite notes
    cite other "p. 1"

    polity a

      name: "A"

      also: "B"

    polity b
    polity c
      also: "C"
      # about c

    # a group

    # about d
    polity d
    "#);
}

#[test]
fn the_bars_of_a_table_stand_below_each_other() {
    let text = "table tenure:id|person |office| note # head\n a|trotsky|foreign-commissar (denied; note: \"x\")|\n  # the second\n | 日本 , b ||\"b\"  # last\n\n  a cell that is so wide that it does not count for the width of its column, b | c | d\n  only\n";
    insta::assert_snapshot!(twice(text), @r#"
    table tenure: id | person  | office                                | note  # head
      a              | trotsky | foreign-commissar (denied; note: "x") |
      # the second
                     | 日本, b |                                       | "b"  # last

      a cell that is so wide that it does not count for the width of its column, b | c | d
      only
    "#);
}

#[test]
fn the_parts_of_a_declaration_stand_in_columns() {
    let text = "relation  treaty ,treaties   \"A treaty\"\n party: polity 2.. inverse treaties \"Who\"\n  signed:date\n  kind : words peace|trade | non-aggression | neutrality | mutual-assistance+ \"What\"\n  extends: treaty? inverse extended-by acyclic unique\n  odd: text \"first\" inverse x ?\n  long: words a |\n b\n   | c * # or more\n   \"doc\" dated\n  # a comment\n  money: quantity GBP|USD ? dated \"How much\"\nunion happening ,happenings=event|treaty|\n war\n";
    insta::assert_snapshot!(twice(text), @r#"
    relation treaty, treaties "A treaty"
      party:   polity 2..            inverse treaties            "Who"
      signed:  date
      kind:    words peace | trade | non-aggression | neutrality | mutual-assistance +  "What"
      extends: treaty ?              inverse extended-by  acyclic unique
      odd:     text                                              "first" inverse x ?
      long:    words a |
               b
               | c *  # or more
               "doc" dated
      # a comment
      money:   quantity GBP | USD ?                       dated  "How much"

    union happening, happenings = event | treaty |
                                  war
    "#);
}

#[test]
fn definitions_keep_their_bodies() {
    let text = "rule  ally (a: polity,  b: polity) \"bound\"   # c\n\n\n      if a = b\n        and c\n# at the margin\n\n\n      # a comment\n      if d   \n     # behind\ncheck  x   error \"{name}\"\n\ttreaties  where a  =  b\nquery empty\n";
    insta::assert_snapshot!(twice(text), @r#"
    rule ally(a: polity,  b: polity) "bound"   # c

      if a = b
        and c
    # at the margin

      # a comment
      if d
      # behind

    check x error "{name}"
      treaties  where a  =  b

    query empty
    "#);
}

#[test]
fn faulty_items_are_left_as_they_stand() {
    let text = "\u{feff}polity a\r\n   name:\"A\"\r\n   also:  \"open\r\n\r\n\r\npolity  b\r\n   name:\"B\"\r\nsigned : 1922\r\n\r\n– dash\r\n\r\n\r\npolity  c";
    insta::assert_debug_snapshot!(twice(text), @r#""polity a\r\n   name:\"A\"\r\n   also:  \"open\r\n\r\n\r\npolity b\n  name: \"B\"\nsigned : 1922\r\n\r\n– dash\r\n\r\n\r\npolity c\n""#);
}

#[test]
fn what_cannot_be_told_for_certain_is_left_as_it_stands() {
    // A tag that the tree does not keep; a carriage return that ends no line; white space that is no blank.
    for text in [
        "treaty  a\n  source: b\"c\"@en\n",
        "polity  a\n   note: \"one\r two\n  three\"\n",
        "polity  a\n   note:  b \u{c} , c\n",
    ] {
        assert_eq!(twice(text), text);
    }
}

#[test]
fn every_file_of_the_project_is_in_canonical_form() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kb");
    let found = regesta::source::find_files(&folder, &folder).unwrap();
    assert!(!found.is_empty());
    for file in found {
        let text = String::from_utf8(regesta::source::read_bytes(&file).unwrap()).unwrap();
        assert!(formatted(&text) == text, "{} is not in canonical form", file.path);
    }
}

#[test]
fn the_examples_of_the_form_are_in_it() {
    let page = include_str!("../../docs/format.md");
    // The first one shows the commands.
    let examples: Vec<_> = page.split("```text\n").skip(2).collect();
    assert!(examples.len() >= 3);
    for example in examples {
        let (example, _) = example.split_once("```").unwrap();
        assert_eq!(formatted(example), example);
    }
}

#[test]
fn a_text_does_not_become_many_times_as_long() {
    let long = "x".repeat(10_000);
    let fields = format!("polity a\n  {long}: b\n{}", "  c: d\n".repeat(1_000));
    let members = format!("union {long} = a{}\n", " |\n  b".repeat(1_000));
    let cells = format!("table a: b | c\n  {long} | c\n{}", "  d | e\n".repeat(1_000));
    let parts = format!("polity a\n  b: \"{long}\" ({}\n    c)\n", "c;\n    ".repeat(1_000));
    for text in [fields, members, cells, parts] {
        assert!(twice(&text).len() < 3 * text.len());
    }
}
