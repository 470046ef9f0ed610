//! Findings in each format, over texts as bad as texts can be.

use regesta::diagnostic::{Diagnostic, Severity, code};
use regesta::render::{MessageFormat, Style, write_diagnostics};
use regesta::source::{FileId, Sources, Span};

fn rendered(sources: &Sources, findings: &[Diagnostic], format: MessageFormat) -> String {
    styled(sources, findings, format, Style::PLAIN)
}

fn styled(
    sources: &Sources,
    findings: &[Diagnostic],
    format: MessageFormat,
    style: Style,
) -> String {
    let mut bytes = Vec::new();
    write_diagnostics(&mut bytes, sources, findings, format, style).expect("a Vec takes all");
    String::from_utf8(bytes).expect("only UTF-8 is written")
}

/// Returns a text in which `«` and `»` enclosed a label, and the label.
fn marked(sources: &mut Sources, path: &str, text: &str) -> Span {
    let start = text.find('«').expect("a start");
    let text = text.replacen('«', "", 1);
    let end = text.find('»').expect("an end");
    let file = sources.add(path, text.replacen('»', "", 1));
    Span::new(file, start as u32, end as u32)
}

/// Renders one finding for people, about the part of `text` between `«` and `»`.
fn human(text: &str) -> String {
    let mut sources = Sources::new();
    let span = marked(&mut sources, "kb/a.kb", text);
    let finding = Diagnostic::new(code::UNKNOWN_ENTITY, "no record is called so", span, "unknown");
    rendered(&sources, &[finding], MessageFormat::Human)
}

fn example() -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    let one = marked(
        &mut sources,
        "kb/treaties.kb",
        "treaty rapallo-1922 \"Treaty of Rapallo\"\n  party: «germny», russia\n",
    );
    let other = marked(&mut sources, "kb/a, b.kb", "polity «russia» \"Russia\"\n");
    let findings = vec![
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::new(
                code::NO_SOURCE,
                "100% of `russia` has no source",
                other,
                "this record",
            )
        },
        Diagnostic::new(code::UNKNOWN_ENTITY, "no polity is called `germny`", one, "unknown")
            .and_at(other, "the nearest one stands here")
            .help("write `germany`")
            .help("declare a polity `germny`")
            .note("it is named in 3 places"),
    ];
    (sources, findings)
}

#[test]
fn people_see_the_lines_it_is_about() {
    let (sources, findings) = example();
    insta::assert_snapshot!(rendered(&sources, &findings, MessageFormat::Human), @r#"
    warning[KB0501 no-source]: 100% of `russia` has no source
       ╭─[ kb/a, b.kb:1:8 ]
       │
     1 │ polity russia "Russia"
       │        ───┬──
       │           ╰──── this record
    ───╯

    error[KB0201 unknown-entity]: no polity is called `germny`
       ╭─[ kb/treaties.kb:2:10 ]
       │
     2 │   party: germny, russia
       │          ───┬──
       │             ╰──── unknown
       │
       ├─[ kb/a, b.kb:1:8 ]
       │
     1 │ polity russia "Russia"
       │        ───┬──
       │           ╰──── the nearest one stands here
       │
       │ Help 1: write `germany`
       │
       │ Help 2: declare a polity `germny`
       │
       │ Note: it is named in 3 places
    ───╯

    1 error and 1 warning in 2 files
    "#);
}

#[test]
fn short_is_one_line_a_finding() {
    let (sources, findings) = example();
    insta::assert_snapshot!(rendered(&sources, &findings, MessageFormat::Short), @r#"
    kb/a, b.kb:1:8: warning[KB0501]: 100% of `russia` has no source
    kb/treaties.kb:2:10: error[KB0201]: no polity is called `germny`
    "#);
}

#[test]
fn json_is_one_object_a_line_and_a_summary() {
    let (sources, findings) = example();
    insta::assert_snapshot!(rendered(&sources, &findings, MessageFormat::Json), @r#"
    {"code":"KB0501","name":"no-source","severity":"warning","message":"100% of `russia` has no source","file":"kb/a, b.kb","span":{"line":1,"column":8,"end_line":1,"end_column":14,"byte_start":7,"byte_end":13},"labels":[{"file":"kb/a, b.kb","span":{"line":1,"column":8,"end_line":1,"end_column":14,"byte_start":7,"byte_end":13},"text":"this record"}],"help":[],"notes":[]}
    {"code":"KB0201","name":"unknown-entity","severity":"error","message":"no polity is called `germny`","file":"kb/treaties.kb","span":{"line":2,"column":10,"end_line":2,"end_column":16,"byte_start":49,"byte_end":55},"labels":[{"file":"kb/treaties.kb","span":{"line":2,"column":10,"end_line":2,"end_column":16,"byte_start":49,"byte_end":55},"text":"unknown"},{"file":"kb/a, b.kb","span":{"line":1,"column":8,"end_line":1,"end_column":14,"byte_start":7,"byte_end":13},"text":"the nearest one stands here"}],"help":["write `germany`","declare a polity `germny`"],"notes":["it is named in 3 places"]}
    {"summary":{"errors":1,"warnings":1,"notes":0,"files":2}}
    "#);
}

#[test]
fn github_gets_errors_first_and_escaped() {
    let (sources, findings) = example();
    insta::assert_snapshot!(rendered(&sources, &findings, MessageFormat::Github), @r#"
    ::error file=kb/treaties.kb,line=2,endLine=2,col=10,endColumn=16,title=KB0201 unknown-entity::no polity is called `germny`%0Ahelp: write `germany`%0Ahelp: declare a polity `germny`%0Anote: it is named in 3 places
    ::warning file=kb/a%2C b.kb,line=1,endLine=1,col=8,endColumn=14,title=KB0501 no-source::100%25 of `russia` has no source
    "#);
}

#[test]
fn github_gets_no_columns_for_several_lines() {
    let mut sources = Sources::new();
    let span = marked(&mut sources, "a.kb", "treaty «x\r\n  party»: y\n");
    let finding = Diagnostic::new(code::BAD_DECLARATION, "one\ntwo", span, "here");
    insta::assert_snapshot!(rendered(&sources, &[finding], MessageFormat::Github), @"::error file=a.kb,line=1,endLine=2,title=KB0013 bad-declaration::one%0Atwo");
}

#[test]
fn no_findings_are_said_too() {
    insta::assert_snapshot!(rendered(&Sources::new(), &[], MessageFormat::Human), @"no errors");
}

#[test]
fn columns_are_characters_and_wide_letters_are_aligned() {
    insta::assert_snapshot!(human("treaty 条約 «条約» e\u{301}\n"), @r#"
    error[KB0201 unknown-entity]: no record is called so
       ╭─[ kb/a.kb:1:11 ]
       │
     1 │ treaty 条約 条約 é
       │             ──┬─
       │               ╰─── unknown
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn a_label_on_a_combining_mark_moves_to_its_letter() {
    insta::assert_snapshot!(human("a e«\u{301}» b\n"), @r#"
    error[KB0201 unknown-entity]: no record is called so
       ╭─[ kb/a.kb:1:4 ]
       │
     1 │ a é b
       │   ┬
       │   ╰── unknown
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn tabs_and_crlf() {
    insta::assert_snapshot!(human("x\r\n\tparty:\t«germny»\r\ny\r\n"), @r#"
    error[KB0201 unknown-entity]: no record is called so
       ╭─[ kb/a.kb:2:9 ]
       │
     2 │     party: germny
       │            ───┬──
       │               ╰──── unknown
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn a_bom_is_not_a_column() {
    insta::assert_snapshot!(human("\u{feff}«treaty» x\n"), @r#"
    error[KB0201 unknown-entity]: no record is called so
       ╭─[ kb/a.kb:1:1 ]
       │
     1 │ treaty x
       │ ───┬──
       │    ╰──── unknown
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(human("«»"), @r#"
    error[KB0201 unknown-entity]: no record is called so
       ╭─[ kb/a.kb:1:1 ]
       │
     1 │
       │ ┬
       │ ╰── unknown
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn the_end_of_a_file_without_a_line_end() {
    insta::assert_snapshot!(human("treaty x\n  party:«»"), @r#"
    error[KB0201 unknown-entity]: no record is called so
       ╭─[ kb/a.kb:2:9 ]
       │
     2 │   party:
       │         ┬
       │         ╰── unknown
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn the_end_of_a_file_with_a_line_end() {
    insta::assert_snapshot!(human("treaty x\n«»"), @r#"
    error[KB0201 unknown-entity]: no record is called so
       ╭─[ kb/a.kb:2:1 ]
       │
     2 │
       │ ┬
       │ ╰── unknown
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn nothing_between_two_words() {
    insta::assert_snapshot!(human("party: a «»b\n"), @r#"
    error[KB0201 unknown-entity]: no record is called so
       ╭─[ kb/a.kb:1:10 ]
       │
     1 │ party: a b
       │          ┬
       │          ╰── unknown
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn several_lines() {
    insta::assert_snapshot!(human("x\nterms: «\"one\n  two\n  three\"», y\n"), @r#"
    error[KB0201 unknown-entity]: no record is called so
       ╭─[ kb/a.kb:2:8 ]
       │
     2 │ ╭─▶ terms: "one
       ┆ ┆
     4 │ ├─▶   three", y
       │ │
       │ ╰───────────────── unknown
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn very_many_lines_are_shown_by_the_first() {
    let text = format!("x\nterms: «\"one\n{}\"», y\n", "  more\n".repeat(100_000));
    insta::assert_snapshot!(human(&text), @r#"
    error[KB0201 unknown-entity]: no record is called so
       ╭─[ kb/a.kb:2:8 ]
       │
     2 │ terms: "one
       │        ──┬──
       │          ╰──── unknown (up to line 100003)
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn what_a_terminal_would_obey_is_made_visible() {
    insta::assert_snapshot!(human("a \x1b[31m «b\u{202e}\x0b\rc\u{2028}d» \u{85}e\n"), @r#"
    error[KB0201 unknown-entity]: no record is called so
       ╭─[ kb/a.kb:1:9 ]
       │
     1 │ a ␛[31m b�␋␍c�d �e
       │         ───┬───
       │            ╰───── unknown
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn a_far_line_has_its_own_number() {
    let text = format!("{}party: «germny»\n", "\n".repeat(1_234_566));
    insta::assert_snapshot!(human(&text), @r#"
    error[KB0201 unknown-entity]: no record is called so
             ╭─[ kb/a.kb:1234567:8 ]
             │
     1234567 │ party: germny
             │        ───┬──
             │           ╰──── unknown
    ─────────╯

    1 error in 1 file
    "#);
}

#[test]
fn a_long_line_is_shown_in_part() {
    let text = format!("{}«germny»{}", "é, ".repeat(5_000), ", ы".repeat(500_000));
    insta::assert_snapshot!(human(&text), @r#"
    error[KB0201 unknown-entity]: no record is called so
       ╭─[ kb/a.kb:1:15001 ]
       │
     1 │ …é, é, é, é, é, é, é, é, é, é, é, é, é, é, é, germny, ы, ы, ы, ы, ы, ы, ы, ы, ы, ы, ы, ы, ы, ы, ы…
       │                                               ───┬──
       │                                                  ╰──── unknown
       │
       │ Note: line 1 has 2020006 bytes, and only a part of it is shown
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn a_long_label_on_a_long_line() {
    let text = format!("«\"{}\n", "abcdefghi ".repeat(500) + "»");
    insta::assert_snapshot!(human(&text), @r#"
    error[KB0201 unknown-entity]: no record is called so
       ╭─[ kb/a.kb:1:1 ]
       │
     1 │ "abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi…
       │ ───────────────────────────────────────────────────────────────────────┬──────────────────────────────────────────────────────────────────────
       │                                                                        ╰──────────────────────────────────────────────────────────────────────── unknown
       │
       │ Note: line 1 has 5001 bytes, and only a part of it is shown
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn near_labels_share_an_excerpt_and_far_ones_do_not() {
    let mut sources = Sources::new();
    let text = format!("polity a\npolity a\n{}polity a\n", "#\n".repeat(96));
    let file = sources.add("kb/a.kb", text);
    let finding =
        Diagnostic::new(code::DUPLICATE_ID, "`a` is twice", Span::new(file, 208, 209), "a")
            .and_at(Span::new(file, 16, 17), "and here")
            .and_at(Span::new(file, 7, 8), "first here");
    insta::assert_snapshot!(rendered(&sources, &[finding], MessageFormat::Human), @r#"
    error[KB0301 duplicate-id]: `a` is twice
        ╭─[ kb/a.kb:98:1 ]
        │
     98 │ #
        │ ┬
        │ ╰── a
        │
        ├─[ kb/a.kb:1:8 ]
        │
      1 │ polity a
        │        ┬
        │        ╰── first here
      2 │ polity a
        │        ┬
        │        ╰── and here
    ────╯

    1 error in 1 file
    "#);
}

#[test]
fn labels_far_apart_on_a_long_line() {
    let mut sources = Sources::new();
    let file = sources.add("kb/a.kb", format!("{}a{}b", "x ".repeat(1000), "y ".repeat(1000)));
    let finding =
        Diagnostic::new(code::DUPLICATE_ID, "`a` is twice", Span::new(file, 4001, 4002), "b")
            .and_at(Span::new(file, 2000, 2001), "a");
    insta::assert_snapshot!(rendered(&sources, &[finding], MessageFormat::Human), @r#"
    error[KB0301 duplicate-id]: `a` is twice
       ╭─[ kb/a.kb:1:4002 ]
       │
     1 │ …y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y b
       │                                                              ┬
       │                                                              ╰── b
       │
       ├─[ kb/a.kb:1:2001 ]
       │
     1 │ …x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x ay y y y y y y y y y y y y y y y y y y y y y y y y y y y y y…
       │                                                              ┬
       │                                                              ╰── a
       │
       │ Note: line 1 has 4002 bytes, and only a part of it is shown
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn two_labels_on_one_place() {
    let mut sources = Sources::new();
    let span = marked(&mut sources, "kb/a.kb", "a «b» c\n");
    let finding = Diagnostic::new(code::CYCLE, "a cycle", span, "begins").and_at(span, "ends");
    insta::assert_snapshot!(rendered(&sources, &[finding], MessageFormat::Human), @r#"
    error[KB0305 cycle]: a cycle
       ╭─[ kb/a.kb:1:3 ]
       │
     1 │ a b c
       │   ┬
       │   ╰── begins
       │   │
       │   ╰── ends
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn sentences_are_wrapped_on_a_terminal() {
    let mut sources = Sources::new();
    let span = marked(&mut sources, "kb/a.kb", "a «b» c\n");
    let finding =
        Diagnostic::new(code::CYCLE, "a long message that goes on for a while", span, "b")
            .help("take one of the two away, or say which of them is meant\n  as in `a: b`");
    let style = Style { color: false, width: Some(50) };
    insta::assert_snapshot!(styled(&sources, &[finding], MessageFormat::Human, style), @r#"
    error[KB0305 cycle]: a long message that goes on
      for a while
       ╭─[ kb/a.kb:1:3 ]
       │
     1 │ a b c
       │   ┬
       │   ╰── b
       │
       │ Help: take one of the two away, or say
       │       which of them is meant
       │         as in `a: b`
    ───╯

    1 error in 1 file
    "#);
}

#[test]
fn colours_only_if_asked_for() {
    let mut sources = Sources::new();
    let span = marked(&mut sources, "kb/a.kb", "\n\n\n\n\n\n\n\n\n\n\na «b» c\n");
    let finding = Diagnostic::new(code::CYCLE, "a cycle", span, "b").help("take one away");
    let findings = [finding];
    let style = Style { color: true, width: None };
    let colored = styled(&sources, &findings, MessageFormat::Human, style);
    assert!(colored.contains('\x1b'));
    let plain = rendered(&sources, &findings, MessageFormat::Human);
    assert!(!plain.contains('\x1b'));
    assert_eq!(without_colors(&colored), plain);
}

fn without_colors(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let mut plain = parts.next().unwrap_or("").to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn fifty_are_shown_errors_first_and_the_rest_counted() {
    let mut sources = Sources::new();
    let file = sources.add("kb/a.kb", "polity a\n");
    let span = Span::new(file, 7, 8);
    let warning = Diagnostic::new(code::NO_SOURCE, "`a` has no source", span, "this");
    let mut findings = vec![warning; 60];
    findings.push(Diagnostic::new(code::CYCLE, "the one error", span, "a"));
    let text = rendered(&sources, &findings, MessageFormat::Human);
    assert_eq!(text.matches("KB0501").count(), 49);
    assert!(text.starts_with("error[KB0305 cycle]: the one error\n"));
    let end: Vec<&str> = text.lines().rev().take(3).collect();
    insta::assert_snapshot!(end.join("\n"), @r#"
    1 error and 60 warnings in 1 file

    11 more findings: `--message-format short` lists them, one a line
    "#);
}

#[test]
fn no_span_makes_it_panic() {
    let mut sources = Sources::new();
    let texts =
        ["", "\n", "é", "\u{feff}", "\u{feff}\r\n", "a\u{301}\u{301}\n\n\tb\r\r\n条\u{2028}x"];
    let files: Vec<FileId> = texts.iter().map(|text| sources.add("a.kb", *text)).collect();
    let numbers = files.iter().copied().chain([FileId(99)]);
    for file in numbers {
        for start in (0..24).chain([u32::MAX]) {
            for end in (start..start.saturating_add(24)).chain([u32::MAX]) {
                let span = Span::new(file, start, end);
                let finding = Diagnostic::new(code::CYCLE, "", span, "")
                    .and_at(Span::new(file, start / 2, end), "x");
                for format in [MessageFormat::Human, MessageFormat::Json, MessageFormat::Github] {
                    rendered(&sources, std::slice::from_ref(&finding), format);
                }
            }
        }
    }
}

#[test]
fn ten_thousand_findings_on_one_line_of_megabytes() {
    let mut sources = Sources::new();
    let file = sources.add("a.kb", "é, ".repeat(5_000_000));
    let at = |number: u32| Span::new(file, number * 1_999, number * 1_999 + 2);
    let findings: Vec<Diagnostic> = (0..10_000)
        .map(|number| {
            Diagnostic::new(code::CYCLE, "a", at(number), "b").and_at(at(9_999 - number), "c")
        })
        .collect();
    // Counted from the line's start each time, it would take minutes; what is shown of the line stays small.
    let lines = |format| rendered(&sources, &findings, format).lines().count();
    assert_eq!(lines(MessageFormat::Short), 10_000);
    assert_eq!(lines(MessageFormat::Json), 10_001);
    assert!(rendered(&sources, &findings, MessageFormat::Human).len() < 1_000_000);
}
